"""Bargains that two delegations may strike in a space of issues.

On each issue, with saliences ``s_i`` and ``s_j`` and the probabilities ``p_i`` and ``p_j = 1 - p_i`` of
winning a contest, the two meet at::

    b_i = r(((a + e) x_i + b x_j) / (a + e + b))     a = s_i^k p_i^k     e = 1e-6
    b_j = r((a x_i + (b + e) x_j) / (a + e + b))     b = s_j^k p_j^k

with ``k = 1`` (S1P1) or ``k = 2`` (S2P2) and ``r`` rounding to a hundredth of a point. Under S2PMax, not
rounded, with ``D_i = max(0, p_j - p_i)`` and ``D_j = max(0, p_i - p_j)``, only the loser moves::

    b_i = x_i + (x_j - x_i) D_i s_j^2 / (D_i s_j^2 + e + (1 - D_i) s_i^2)
    b_j = x_j + (x_i - x_j) D_j s_i^2 / (D_j s_i^2 + e + (1 - D_j) s_j^2)

Who proposes: the initiator alone (InitOnlyInterp); both, each from its own view (InitRcvrInterp); or both,
but only the mean of the two is on the table, not rounded, weighted ``c_i S_i`` to ``c_i S_j`` (PWCompInterp).

Two oddities of the program are kept: that mean takes the initiator's capability on both sides, and "the
receiver's view" takes for ``p_i`` not a probability but the *gain* that the receiver believes the initiator
expects. It may be negative, so that under S1P1 and S2PMax a bargain may lie beyond both positions, and even
outside the scale.

Reference: the KAPSARC Toolkit for the Analysis of Behavior (KTAB).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from migsim.negotiation.spatial_contest import Contestants, targets
from migsim.negotiation.table import Array

__all__ = ["BARGAIN_MODELS", "INTER_VEC_BARGAIN", "Bargains", "meet", "proposed"]

INTER_VEC_BARGAIN: Final = ("S1P1", "S2P2", "S2PMax")
BARGAIN_MODELS: Final = ("InitOnlyInterp", "InitRcvrInterp", "PWCompInterp")

LEAST: Final = 1e-6
"""Keeps a delegation where it is on an issue to which neither side attaches weight."""

STEPS: Final = 1e4
"""Rounded positions are whole multiples of one in so many."""


@dataclass(frozen=True, eq=False)
class Bargains:
    """Bargains on the table in one turn: who made them, to whom, and where the two would then stand.

    ``initiator`` and ``receiver`` are places of actors, ``(bargain,)``; the positions ``(bargain, issue)``.
    """

    initiator: NDArray[np.intp]
    receiver: NDArray[np.intp]
    of_initiator: Array
    of_receiver: Array


def meet(kind: str, x: tuple[Array, Array], s: tuple[Array, Array], p_i: Array) -> tuple[Array, Array]:
    """Where initiator and receiver would stand, each of the shape of the positions.

    Parameters
    ----------
    kind : one of `INTER_VEC_BARGAIN`
    x, s : pairs of arrays, shape ``(..., issue)``
        Positions and saliences of initiator and receiver.
    p_i : array, shape ``(..., 1)``
        Probability that the initiator wins.

    Examples
    --------
    >>> one = lambda number: np.array([number])
    >>> b_i, b_j = meet("S1P1", (one(0.2), one(0.8)), (one(0.5), one(0.5)), one(0.6))
    >>> round(float(b_i[0]), 4), round(float(b_j[0]), 4)
    (0.44, 0.44)
    """
    (x_i, x_j), (s_i, s_j) = x, s
    p_j = 1.0 - p_i
    if kind == "S2PMax":
        moves_i, moves_j = np.maximum(p_j - p_i, 0.0), np.maximum(p_i - p_j, 0.0)
        own, other = s_i * s_i, s_j * s_j
        part_i = moves_i * other / (moves_i * other + LEAST + (1.0 - moves_i) * own)
        part_j = moves_j * own / (moves_j * own + LEAST + (1.0 - moves_j) * other)
        return x_i + (x_j - x_i) * part_i, x_j + (x_i - x_j) * part_j
    a, b = s_i * p_i, s_j * p_j
    if kind == "S2P2":
        a, b = s_i * s_i * (p_i * p_i), s_j * s_j * (p_j * p_j)
    total = a + LEAST + b
    return _rounded(((a + LEAST) * x_i + b * x_j) / total), _rounded((a * x_i + (b + LEAST) * x_j) / total)


def _rounded(positions: Array) -> Array:
    return np.asarray(np.trunc(positions * STEPS + 0.5) / STEPS)


def proposed(
    contestants: Contestants, position: Array, salience: Array, bargain_model: str, inter_vec_bargain: str
) -> Bargains:
    """The bargains of one turn, in the order of initiators, the initiator's view before the receiver's."""
    i, j, p = targets(contestants)
    x, s = (position[i], position[j]), (salience[i], salience[j])
    b_i, b_j = meet(inter_vec_bargain, x, s, p[:, None])
    if bargain_model == "InitOnlyInterp":
        return Bargains(i, j, b_i, b_j)
    _, believed = contestants.contest(i, j, j)
    r_i, r_j = meet(inter_vec_bargain, x, s, believed[:, None])
    if bargain_model == "InitRcvrInterp":
        both = (np.stack(views, axis=1).reshape(-1, b_i.shape[-1]) for views in ((b_i, r_i), (b_j, r_j)))
        return Bargains(np.repeat(i, 2), np.repeat(j, 2), *both)
    # The initiator's capability weighs on both sides: an oddity of the program.
    w_i, w_j = (contestants.capability[i] * contestants.care[side] for side in (i, j))
    w_i, w_j = w_i[:, None], w_j[:, None]
    return Bargains(i, j, (w_i * b_i + w_j * r_i) / (w_i + w_j), (w_i * b_j + w_j * r_j) / (w_i + w_j))
