"""Agreement when nobody objects: the default protocol of an informal forum.

State ``i`` objects to a text ``z`` of ambiguity ``a`` iff ``s_i max(0, |z - x_i| - a) > tau_i``, that is iff
``|z - x_i| > h_i + a`` with ``h_i = tau_i / s_i``. With ``L = max_i (x_i - h_i)`` and ``H = min_i (x_i +
h_i)`` over those who can block, nobody objects iff ``L - a <= z <= H + a``. The drafter minimises ``a(z) +
(phi / 2) (z - draft)^2``::

    m  = (L + H) / 2 if L > H, else clip(draft, L, H)
    z* = m + sign(draft - m) max(0, |draft - m| - 1 / phi)
    a* = max(0, L - z*, z* - H)

A paragraph is adopted iff ``a* <= a_max``, with strength ``1 - a* / a_max``. As ``phi -> 0`` this is the
plain rule: the draft, moved no further than needed, or the middle of what divides the two ends.

Who can block: every delegation; or only more than a share ``q`` of the delegations at either end (``L`` and
``H`` leave out the ``floor(q n)`` most extreme); or regional groups, each objecting by the mean of its
members. Those who are not states advise through the draft and never block.

With *readings*, chance decides who takes the floor: see `migsim.negotiation.readings`.

Our own design; no outside reference.

Examples
--------
Two states far apart are reconciled by an ambiguity of half of what divides them:

>>> from migsim.negotiation.alone import negotiate as ask
>>> rows = {"actor": ["A", "B"], "position": [0, 100], "salience": [1, 1]}
>>> course = ask(rows, protocol="no_objection", tolerance=0.2, max_ambiguity=0.5)
>>> course.text[["position", "ambiguity", "adopted"]].round(6).values.tolist()
[[50.0, 30.0, True]]
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from migsim.negotiation.chance import Chance
from migsim.negotiation.options import choice, number, whole
from migsim.negotiation.protocol import Protocol
from migsim.negotiation.readings import Reading, read
from migsim.negotiation.table import Array, Number, Table, acceptable
from migsim.negotiation.text import ROUNDING, Course, Text, objectors, strength

__all__ = ["BLOCKING", "PROTOCOL", "Options", "negotiate", "settle"]

BLOCKING: Final = ("each_delegation", "share", "regional_groups")
"""Who can block a paragraph, in the order of the registry's options."""

EACH, SHARE, GROUPS = range(len(BLOCKING))
LEAST_PULL: Final = 1e-12
"""A pull weaker than this is none."""
STARTS: Final = ("settled", "draft")


@dataclass(frozen=True, eq=False)
class Options:
    """Options of the protocol; in a forum, arrays ``(..., 1)`` from the process's parameters."""

    who_can_block: str | Array = choice("each_delegation", BLOCKING, "whose objection blocks a paragraph")
    blocking_share: Number = number(
        0.0, 0.0, 0.5, "share of the delegations at either end whose objection is only noted", "q"
    )
    drafter_pull: Number = number(
        0.0, 0.0, 1e9, "worth of staying near the draft relative to clarity; 0 is the plain rule", "phi"
    )
    readings: int = whole(
        0, 0, 1000, "readings at which chance decides who objects; 0 is the closed form", "T"
    )
    hesitation: Number = number(
        0.02, 1e-9, 1.0, "how far chance blurs the threshold at which a delegation objects", "kappa"
    )
    concession: Number = number(
        0.02, 1e-9, 1.0, "how far the facilitator moves or blurs the text after a reading", "eta"
    )
    start: str = choice("settled", STARTS, "where the readings begin: at the closed form or at the draft")


def who_blocks(options: Options) -> Array:
    """Who can block, as positions in `BLOCKING`, ``(..., 1)``."""
    who = options.who_can_block
    return np.array([float(BLOCKING.index(who))]) if isinstance(who, str) else who


def n_noted(table: Table, options: Options) -> Array:
    """Number of delegations at either end whose objection is only noted, ``(..., 1)``."""
    states = (table.seated * table.may_block).sum(axis=-1, keepdims=True)
    return np.where(who_blocks(options) == SHARE, np.floor(options.blocking_share * states), 0.0)


def blocking_ends(low: Array, high: Array, table: Table, options: Options) -> tuple[Array, Array]:
    """The ends ``L`` and ``H`` set by those who can block, each ``(..., paragraph)``."""
    who, noted = who_blocks(options), n_noted(table, options)
    left, right = _beyond(low, noted, 1), _beyond(high, noted, -1)
    if np.any(who == GROUPS):
        grouped_left, grouped_right = _group_ends(low, high, table)
        left, right = (
            np.where(who == GROUPS, grouped_left, left),
            np.where(who == GROUPS, grouped_right, right),
        )
    return left, right


def _beyond(ends: Array, noted: Array, side: int) -> Array:
    """Outermost entry over actors after leaving out as many as are ``noted``, ``(..., paragraph)``.

    The largest (``side`` 1) or the smallest (-1).
    """
    if not noted.any():
        return ends.max(axis=-1) if side > 0 else ends.min(axis=-1)
    last = ends.shape[-1] - 1
    at = np.minimum(noted, last).astype(np.intp)
    at = np.broadcast_to((last - at if side > 0 else at)[..., None], (*ends.shape[:-1], 1))
    return np.take_along_axis(np.sort(ends, axis=-1), at, axis=-1)[..., 0]


def _group_ends(low: Array, high: Array, table: Table) -> tuple[Array, Array]:
    """Ends when groups speak: the mean of each group's members' ends.

    Members that let everything pass do not constrain.
    """
    lefts, rights = [], []
    for group in np.unique(table.group):
        members = table.group == group
        lefts.append(_mean_constraining(low[..., members], -np.inf))
        rights.append(_mean_constraining(high[..., members], np.inf))
    return np.maximum.reduce(lefts), np.minimum.reduce(rights)


def _mean_constraining(ends: Array, unconstrained: float) -> Array:
    constrains = ends != unconstrained
    count = constrains.sum(axis=-1)
    mean = np.where(constrains, ends, 0.0).sum(axis=-1) / np.maximum(count, 1)
    return np.where(count > 0, mean, unconstrained)


def settle(left: Array, right: Array, draft: Array, drafter_pull: Number) -> tuple[Array, Array]:
    """Text ``z*`` and ambiguity ``a*`` between the ends, each ``(..., paragraph)``.

    Examples
    --------
    >>> import numpy as np
    >>> one = lambda number: np.array([[number]])
    >>> z, a = settle(one(0.6), one(0.4), one(0.9), one(1e-9))
    >>> float(z[0, 0]), round(float(a[0, 0]), 12)
    (0.5, 0.1)
    """
    blocked = np.isinf(left) & (left > 0.0) | np.isinf(right) & (right < 0.0)
    finite_left, finite_right = np.where(np.isinf(left), 0.0, left), np.where(np.isinf(right), 1.0, right)
    divided = left > right
    between = np.minimum(np.maximum(draft, finite_left), finite_right)
    middle = np.where(divided, 0.5 * (finite_left + finite_right), between)
    distance = draft - middle
    reach = np.maximum(np.abs(distance) - 1.0 / np.maximum(drafter_pull, LEAST_PULL), 0.0)
    position = np.where(blocked, draft, middle + np.sign(distance) * reach)
    ambiguity = np.maximum(np.maximum(finite_left - position, position - finite_right), 0.0)
    return position, np.where(blocked, np.inf, ambiguity)


def negotiate(table: Table, options: Options, chance: Chance) -> Course:
    """Settle every paragraph; see the module's equations."""
    ends = acceptable(table)
    left, right = blocking_ends(*ends, table, options)
    position, ambiguity = settle(left, right, table.draft, options.drafter_pull)
    if options.readings:
        begin = Reading(position, ambiguity) if options.start == "settled" else Reading.of_draft(table)
        position, ambiguity = read(
            table, begin, options, n_noted(table, options), who_blocks(options) == GROUPS, chance
        )
    adopted = (ambiguity <= table.max_ambiguity + ROUNDING).astype(np.float64)
    offered = np.minimum(ambiguity, table.max_ambiguity)
    text = Text(
        position=position,
        ambiguity=offered,
        adopted=adopted,
        strength=strength(table, offered) * adopted,
        against=objectors(table, position, offered, ends),
        joined=np.broadcast_to(table.seated[..., None], table.position.shape),
    )
    return Course(text, table.position[None])


PROTOCOL: Final = Protocol(
    name="no_objection",
    title="No objection",
    reference="Design of this project (docs/odd.md)",
    summary="The draft is moved and blurred until no delegation that can block objects, or dropped.",
    negotiate=negotiate,
    options=Options,
    themes="one by one",
    needs_salience=False,
    asks_states=True,
    who_may_block="each delegation, more than a share of them, or regional groups",
    is_random=lambda options: options.readings > 0,
)
