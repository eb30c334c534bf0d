"""The asymmetric Nash point: what is best for all who would lose if nothing were agreed.

The text ``z`` of a paragraph maximises the product of what each gains over disagreement, to the power of its
capability::

    sum_i c_i ln(D - s_i (z - x_i)^2)

``D`` is what disagreement costs each, in units of the greatest loss that a text can bring (1, to an actor to
whom it matters fully, at the other end of the scale). It must exceed 1, so that everybody prefers any text to
none. The sum is strictly concave, so its maximum is one point, where::

    sum_i k_i (x_i - z) = 0,   k_i = c_i s_i / (D - s_i (z - x_i)^2)

It lies between the lowest and the highest position and is found there by halving, a fixed number of times, so
that one table's text is the same alone and among many. As ``D`` grows, nobody's distance makes it count for
more than its weight, and ``z`` tends to the compromise mean; as ``D`` falls to 1, the text avoids being far
from anybody who cares. The default ``D = 2`` lies between: an actor to whom the paragraph matters fully
counts twice as much from the other end of the scale as from nearby.

Edge cases: the indifferent and the absent do not count; where the paragraph matters to nobody, the compromise
mean; equal positions, that position. Nobody can block.

Reference: the weighted Nash solution, Nash, "The bargaining problem", Econometrica 18 (1950); Kalai,
"Nonsymmetric Nash solutions and replications of 2-person bargaining", International Journal of Game Theory 6
(1977). This is not what the exchange literature calls the Nash bargaining solution, which is the compromise
mean.

Examples
--------
>>> from migsim.negotiation.alone import negotiate as ask
>>> rows = {"actor": ["A", "B", "C"], "position": [0, 0, 90], "salience": [1, 1, 1]}
>>> ask(rows, protocol="compromise").text["position"].round(3).tolist()
[30.0]
>>> ask(rows, protocol="nash").text["position"].round(3).tolist()
[32.566]
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from migsim.negotiation.chance import Chance
from migsim.negotiation.compromise import compromise
from migsim.negotiation.options import number
from migsim.negotiation.protocol import Protocol
from migsim.negotiation.table import Array, Table
from migsim.negotiation.text import Course, unblocked

__all__ = ["PROTOCOL", "Options", "nash_point", "negotiate"]

HALVINGS: Final = 60
"""Halvings of the range of positions: enough for the last digit of a number below 1."""


@dataclass(frozen=True)
class Options:
    """Options of the protocol."""

    disagreement: float = number(
        2.0,
        1.001,
        1e12,
        "what disagreement costs each, in units of the greatest loss a text can bring",
        "D",
    )


def nash_point(table: Table, disagreement: float) -> Array:
    """The Nash point of each paragraph, ``(..., paragraph)`` in [0, 1]."""
    cares = (table.weight * table.seated)[..., None] * table.salience
    position, salience, cares = (
        np.ascontiguousarray(np.swapaxes(each, -2, -1)) for each in (table.position, table.salience, cares)
    )
    counts = cares > 0.0
    low = np.where(counts, position, np.inf).min(axis=-1, initial=np.inf)
    high = np.where(counts, position, -np.inf).max(axis=-1, initial=-np.inf)
    nobody = low > high
    low, high = np.where(nobody, 0.0, low), np.where(nobody, 0.0, high)
    for _ in range(HALVINGS):
        middle = low + 0.5 * (high - low)
        away = position - middle[..., None]
        rises = (cares * away / (1.0 - salience * away**2 / disagreement)).sum(axis=-1) > 0.0
        low, high = np.where(rises, middle, low), np.where(rises, high, middle)
    return np.where(nobody, compromise(table), low + 0.5 * (high - low))


def negotiate(table: Table, options: Options, chance: Chance) -> Course:
    """Write the Nash point into the text."""
    del chance
    return Course(unblocked(table, nash_point(table, options.disagreement)), table.position[None])


PROTOCOL: Final = Protocol(
    name="nash",
    title="Asymmetric Nash point",
    reference="Nash 1950; Kalai 1977",
    summary="The text that maximises the product of all gains over disagreement, each to its capability.",
    negotiate=negotiate,
    options=Options,
    themes="one by one",
    needs_salience=False,
    who_may_block="nobody",
)
