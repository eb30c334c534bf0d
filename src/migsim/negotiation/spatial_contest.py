"""What delegations in a space of issues expect of a challenge: distance, taste for risk, and contests.

Delegation ``i`` sees ``j`` at the distance ``d_ij = sqrt(sum_d (s_id (x_id - x_jd))^2 / sum_d s_id^2)``, by
its own saliences, and gets from it the utility ``U(d, R) = (1 - d)(1 + d R)``, or ``(1 - d)(1 + R)`` where
``d > 1``. ``R`` in [-1, 1] is its taste for risk: high where the position it holds would win an election
among all positions with probability ``p``, voters weighing by capability::

    Min  R = (p - p_min) / (p_max - p_min)
    Mid  R = (3 p - p_max - 2 p_min) / (2 (p_max - p_min))
    Max  R = (2 p - p_max - p_min) / (p_max - p_min)

Seen by ``h``, others are a little like ``h``: ``R^h_i = a R_h + b R_i``, with ``a = 1, 2/3, 1/2, 1/3, 0``
under None, OneThird, Half, TwoThirds and Full, and ``b = 1 - a``.

A contest of ``i`` against ``j``, seen by ``h`` (``u`` for ``u^h``, ``S_k = sum_d s_kd``, ``W_k = c_k S_k``)::

    v_i = vote(W_i; u_ii, u_ij)     A0 = 1e-10 + max(v_i, 0) + max(v_j, 0)
    v_j = vote(W_j; u_ji, u_jj)     B0 = 1e-10 + max(-v_i, 0) + max(-v_j, 0)

Each third party ``k`` foresees that ``i`` wins with ``p = A / (A + B)``, where its own vote
``vote(W_k; u_ki, u_kj)`` has been added to ``A0`` or ``B0``, ``q = 1 - p``, and casts
``vote(W_k; p X1 + q Y1, p X2 + q Y2)``, what joining ``i`` and joining ``j`` are worth; half committed::

    X1 = 2 u_ki + u_kk    Y1 = 3 u_kj    X2 = 3 u_ki    Y2 = 2 u_kj + u_kk

Fully committed, and not committed, ``X1 = X2`` and ``Y1 = Y2``: it makes no difference whom they join, and
they abstain. All votes together give ``P = A / (A + B)``, and ``i`` expects to gain::

    G = (1 - S_j) 2 u_ii + S_j (P 2 u_ii + (1 - P) 2 u_ij) - (u_ii + u_ij)

Reference: the KAPSARC Toolkit for the Analysis of Behavior (KTAB), after Bueno de Mesquita (1997).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from migsim.negotiation.table import Array
from migsim.negotiation.voting import Election, in_order, vote

__all__ = [
    "BIG_R_ADJUST",
    "BIG_R_RANGE",
    "THIRD_PARTY_COMMIT",
    "Contestants",
    "distances",
    "risks",
    "targets",
    "utility",
]

type Places = NDArray[np.intp]

BIG_R_ADJUST: Final = {
    "None": (1.0, 0.0),
    "OneThird": (2.0 / 3.0, 1.0 / 3.0),
    "Half": (0.5, 0.5),
    "TwoThirds": (1.0 / 3.0, 2.0 / 3.0),
    "Full": (0.0, 1.0),
}
"""How much of its own taste for risk, and how much of theirs, a delegation sees in others."""

BIG_R_RANGE: Final = ("Min", "Mid", "Max")
"""Whether tastes for risk run from 0, -1/2 or -1 to 1."""

THIRD_PARTY_COMMIT: Final = ("NoCommit", "SemiCommit", "FullCommit")

FEWEST: Final = 1e-10
"""Strength of a side for which nobody votes."""

ALIKE: Final = 1e-13
"""Relative difference of probabilities that is nothing but rounding."""

WORTHWHILE: Final = 1e-5
"""Gain above which a challenge is made."""


def distances(salience: Array, ideal: Array, points: Array) -> Array:
    """How far each actor finds each point, ``(actor, point)``.

    Parameters
    ----------
    salience, ideal : array, shape ``(actor, issue)``
    points : array, shape ``(point, issue)``
    """
    apart = salience[:, None, :] * (ideal[:, None, :] - points[None, :, :])
    norms = (salience * salience).sum(axis=-1)
    return np.asarray(np.sqrt((apart * apart).sum(axis=-1) / norms[:, None]))


def utility(distance: Array, risk: Array | float) -> Array:
    """What a point at a distance is worth to one with that taste for risk.

    Examples
    --------
    >>> utility(np.array([0.0, 0.25, 1.0]), 0.5).tolist()
    [1.0, 0.84375, 0.0]
    """
    return np.asarray((1.0 - distance) * (1.0 + np.minimum(distance, 1.0) * risk))


def risks(election: Election, capability: Array, distance: Array, big_r_range: str) -> Array | None:
    """Each actor's taste for risk; None where all positions fare alike, so that nobody has one."""
    p = election.probabilities(capability, 1.0 - distance)
    most, least = p.max(), p.min()
    if not most - least > ALIKE * most:
        return None
    match big_r_range:
        case "Min":
            return np.asarray((p - least) / (most - least))
        case "Max":
            return np.asarray((2.0 * p - most - least) / (most - least))
    return np.asarray((3.0 * p - most - 2.0 * least) / (2.0 * (most - least)))


@dataclass(frozen=True, eq=False)
class Contestants:
    """The actors as they face each other in one turn.

    Parameters
    ----------
    capability, care, risk : array, shape ``(actor,)``
        ``care`` is the sum of saliences.
    distance : array, shape ``(actor, actor)``
    voting_rule, third_party_commit, big_r_adjust : str
    """

    capability: Array
    care: Array
    risk: Array
    distance: Array
    voting_rule: str
    third_party_commit: str
    big_r_adjust: str

    def contest(self, i: Places, j: Places, seen_by: Places) -> tuple[Array, Array]:
        """Probability that ``i`` beats ``j`` and gain of ``i``, as an observer sees them, ``(contest,)``."""
        own, other = BIG_R_ADJUST[self.big_r_adjust]
        risk = own * self.risk[seen_by] + other * self.risk[:, None]
        to_i, to_j = utility(self.distance[:, i], risk), utility(self.distance[:, j], risk)
        each = np.arange(i.size)
        wins, loses = self._first_votes(to_j[i, each], to_i[j, each], i, j)
        if self.third_party_commit == "SemiCommit":
            votes = self._third_votes(to_i, to_j, wins, loses)
            votes[i, each] = votes[j, each] = 0.0
            wins, loses = in_order(np.maximum(votes, 0.0), wins), in_order(np.maximum(-votes, 0.0), loses)
        p = wins / (wins + loses)
        cares, worth = self.care[j], to_j[i, each]
        gain = (1.0 - cares) * 2.0 + cares * (p * 2.0 + (1.0 - p) * 2.0 * worth) - (1.0 + worth)
        return p, gain

    def _first_votes(self, worth_to_i: Array, worth_to_j: Array, i: Places, j: Places) -> tuple[Array, Array]:
        """Strength behind ``i`` and behind ``j`` before anybody else has a say.

        To everybody its own position is worth exactly one.
        """
        weight = self.capability * self.care
        first = vote(self.voting_rule, weight[i], 1.0 - worth_to_i)
        second = vote(self.voting_rule, weight[j], worth_to_j - 1.0)
        wins = FEWEST + np.maximum(first, 0.0) + np.maximum(second, 0.0)
        loses = FEWEST + np.maximum(-first, 0.0) + np.maximum(-second, 0.0)
        return wins, loses

    def _third_votes(self, to_i: Array, to_j: Array, wins: Array, loses: Array) -> Array:
        """Votes of half committed third parties, ``(actor, contest)``."""
        weight = (self.capability * self.care)[:, None]
        alone = vote(self.voting_rule, weight, to_i - to_j)
        with_i, with_j = wins + np.maximum(alone, 0.0), loses + np.maximum(-alone, 0.0)
        p = with_i / (with_i + with_j)
        q = 1.0 - p
        joins_i = p * (2.0 * to_i + 1.0) + q * (3.0 * to_j)
        joins_j = p * (3.0 * to_i) + q * (2.0 * to_j + 1.0)
        return vote(self.voting_rule, weight, joins_i - joins_j)


def targets(contestants: Contestants) -> tuple[Places, Places, Array]:
    """Who challenges whom, and with what probability of winning in its own eyes, each ``(challenge,)``.

    Each picks the one from whom it expects most, the first on ties, if that is worth while.
    """
    n = contestants.capability.size
    every = np.arange(n)
    i, j = np.repeat(every, n), np.tile(every, n)
    p, gain = (each.reshape(n, n) for each in contestants.contest(i, j, i))
    gain[every, every] = -np.inf
    target = gain.argmax(axis=1)
    challenges = np.flatnonzero(gain[every, target] > WORTHWHILE)
    return challenges, target[challenges], p[challenges, target[challenges]]
