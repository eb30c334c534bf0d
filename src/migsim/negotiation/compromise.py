"""The compromise mean: every delegation weighs as much as it is able and cares.

``O = sum_i w_i x_i / sum_i w_i`` with ``w_i = c_i s_i``; if no one cares, capabilities weigh; if no one is
capable either, all weigh alike. One actor alone gets its position. Nobody can block; ambiguity is the
weighted mean distance of the delegations from the text. Shown beside every text of every protocol.

Reference: the benchmark of Bueno de Mesquita and Stokman, *European Community Decision Making* (1994), and
the "Nash bargaining solution" of the exchange literature.

Examples
--------
>>> from migsim.negotiation.alone import negotiate as ask
>>> rows = {"actor": ["A", "B"], "position": [0, 90], "salience": [1, 0.5]}
>>> ask(rows, protocol="compromise").text["position"].tolist()
[30.0]
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from migsim.negotiation.chance import Chance
from migsim.negotiation.protocol import Protocol
from migsim.negotiation.table import Array, Table, weighted_mean, weights
from migsim.negotiation.text import Course, unblocked

__all__ = ["PROTOCOL", "Options", "compromise", "negotiate"]


@dataclass(frozen=True)
class Options:
    """The compromise has no options."""


def compromise(table: Table) -> Array:
    """The compromise position of each paragraph, ``(..., paragraph)`` in [0, 1]."""
    return weighted_mean(table.position, weights(table))


def negotiate(table: Table, options: Options, chance: Chance) -> Course:
    """Write the compromise into the text."""
    del options, chance
    return Course(unblocked(table, compromise(table)), table.position[None])


PROTOCOL: Final = Protocol(
    name="compromise",
    title="Compromise mean",
    reference="Bueno de Mesquita and Stokman 1994",
    summary="The mean of all positions, weighted by capability and salience.",
    negotiate=negotiate,
    options=Options,
    themes="one by one",
    needs_salience=False,
    who_may_block="nobody",
)
