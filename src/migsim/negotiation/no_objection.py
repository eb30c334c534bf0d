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
members.

Our own design; no outside reference.
"""

from __future__ import annotations

import numpy as np

from migsim.negotiation.text import BLOCKING, Array, Rules, Table, Text

__all__ = ["acceptable", "negotiate", "settle"]

CLOSE = 1e-9
EACH, SHARE, GROUPS = range(len(BLOCKING))


def acceptable(table: Table) -> tuple[Array, Array]:
    """Lowest and highest text that each delegation lets pass without ambiguity, ``(..., paragraph, state)``.

    A delegation that is absent, or to which the paragraph does not matter, lets everything pass.
    """
    cares = table.salience > 0.0
    bears = np.where(cares, table.tolerance / np.where(cares, table.salience, 1.0), np.inf)
    low, high = table.position - bears, table.position + bears
    low = np.where(table.objects > 0.0, np.inf, np.where(table.objects < 0.0, -np.inf, low))
    high = np.where(table.objects > 0.0, -np.inf, np.where(table.objects < 0.0, np.inf, high))
    here = table.seated[..., None] > 0.0
    low, high = np.where(here, low, -np.inf), np.where(here, high, np.inf)
    return np.ascontiguousarray(np.moveaxis(low, -2, -1)), np.ascontiguousarray(np.moveaxis(high, -2, -1))


def blocking_ends(low: Array, high: Array, table: Table, rules: Rules) -> tuple[Array, Array]:
    """The ends ``L`` and ``H`` set by those who can block, each ``(..., paragraph)``."""
    seated = table.seated.sum(axis=-1, keepdims=True)
    noted = np.where(rules.who_can_block == SHARE, np.floor(rules.blocking_share * seated), 0.0)
    left, right = _beyond(low, noted), -_beyond(-high, noted)
    if np.any(rules.who_can_block == GROUPS):
        grouped_left, grouped_right = _group_ends(low, high, table)
        by_group = rules.who_can_block == GROUPS
        left, right = np.where(by_group, grouped_left, left), np.where(by_group, grouped_right, right)
    return left, right


def _beyond(low: Array, noted: Array) -> Array:
    """Largest entry over states after leaving out the ``noted`` largest, ``(..., paragraph)``."""
    ordered = np.sort(low, axis=-1)
    at = (low.shape[-1] - 1 - noted).astype(np.intp)[..., None]
    at = np.broadcast_to(np.maximum(at, 0), (*low.shape[:-1], 1))
    return np.take_along_axis(ordered, at, axis=-1)[..., 0]


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


def settle(left: Array, right: Array, draft: Array, drafter_pull: Array) -> tuple[Array, Array]:
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
    reach = np.maximum(np.abs(distance) - 1.0 / np.maximum(drafter_pull, 1e-12), 0.0)
    position = np.where(blocked, draft, middle + np.sign(distance) * reach)
    ambiguity = np.maximum(np.maximum(finite_left - position, position - finite_right), 0.0)
    return position, np.where(blocked, np.inf, ambiguity)


def negotiate(table: Table, rules: Rules) -> Text:
    """Settle every paragraph; see the module's equations."""
    low, high = acceptable(table)
    left, right = blocking_ends(low, high, table, rules)
    position, ambiguity = settle(left, right, table.draft, rules.drafter_pull)
    adopted = ambiguity <= rules.max_ambiguity + 1e-12
    largest = np.where(rules.max_ambiguity > 0.0, rules.max_ambiguity, 1.0)
    strength = np.where(adopted, np.where(rules.max_ambiguity > 0.0, 1.0 - ambiguity / largest, 1.0), 0.0)
    offered = np.minimum(ambiguity, rules.max_ambiguity)
    against = (position[..., None] > high + offered[..., None] + CLOSE) | (
        position[..., None] < low - offered[..., None] - CLOSE
    )
    return Text(
        position=position,
        ambiguity=offered,
        adopted=adopted.astype(np.float64),
        strength=np.maximum(strength, 0.0),
        objections=against.sum(axis=-1).astype(np.float64),
    )
