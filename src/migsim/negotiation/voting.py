"""Votes, coalitions, and the probabilistic election by which a group may be said to choose among options.

Everybody votes on every pair of options. With ``w`` the weight of a voter, ``d = u_a - u_b`` what it gains by
``a`` over ``b``, and ``b(d) = clip(d / 1e-8, -1, 1)``, its vote for ``a`` is, by rule::

    Binary  w b(d)      PropBin  w (.8 d + .2 b(d))     Prop       w d
    Cubic   w d^3       PropCbc  w (.5 d + .5 d^3)      ASymProsp  w d if d < 0, else 2 w d / 3

The coalition of ``i`` against ``j`` is ``C_ij = 1e-8 + sum_k max(v_k(i, j), 0)``, that of ``j`` against ``i``
``1e-8 + sum_k max(-v_k(i, j), 0)``, for ``i > j``; so under ASymProsp the order of the options matters. ``i``
beats ``j`` with ``P_ij = f(C_ij) / (f(C_ij) + f(C_ji))``, ``f`` being the first, second, fourth or eighth
power (Linear, Square, Quartic, Octic); under Binary, a coalition larger by a tenth wins but for one in a
million, and in between ``P_ij = (2.1 C_ij / (C_ij + C_ji) - 1) / .1``. ``P_ii = 1 / 2``.

The probabilistic Condorcet election gives each option a probability ``p``:

- Conditional: ``p_i`` proportional to ``prod_j P_ij``, the chance of beating every other.
- MarkovUniform: challengers come at random, ``q_i = (1 / M) sum_j P_ij (p_i + p_j)``.
- MarkovIncentive: challengers come by the strength behind them; ``g_ij = C_ij P_ij + 1e-10 [i = j]``,
  ``h_ij = g_ij / sum_k g_kj``, ``t_ij = p_i h_ji``, ``q_i = sum_j P_ij (t_ij + t_ji)``.

Both chains begin with equal ``p`` and halve the way to ``q`` until no entry differs by more than 1e-6
(uniform) or 1e-8 (incentive), or a thousand times. One option alone has probability one.

Reference: the KAPSARC Toolkit for the Analysis of Behavior (KTAB), whose words the options are.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from migsim.negotiation.table import Array

__all__ = [
    "PCE_MODELS",
    "VICTORY_PROB_MODELS",
    "VOTING_RULES",
    "Election",
    "coalitions",
    "in_order",
    "victory_probability",
    "vote",
]

VOTING_RULES: Final = ("Binary", "PropBin", "Prop", "PropCbc", "Cubic", "ASymProsp")
VICTORY_PROB_MODELS: Final = ("Linear", "Square", "Quartic", "Octic", "Binary")
PCE_MODELS: Final = ("Conditional", "MarkovIncentive", "MarkovUniform")

INDIFFERENT: Final = 1e-8
"""Gain from which on a binary vote is cast in full."""

FEWEST: Final = 1e-8
"""Strength of a coalition that nobody joins."""

OUTRIGHT: Final = 1.1
"""How much larger a coalition wins outright under Binary."""

UPSET: Final = 1e-6
"""Odds of the smaller coalition then."""

STAYS: Final = 1e-10
"""Strength with which an option challenges itself (MarkovIncentive)."""

UNIFORM_CLOSE: Final = 1e-6
INCENTIVE_CLOSE: Final = 1e-8
MOST_STEPS: Final = 1000


def in_order(terms: Array, start: Array | float = 0.0) -> Array:
    """Sum over the first axis, one after the other: the same terms give the same sum wherever they stand."""
    total = np.zeros(terms.shape[1:]) + start
    for term in terms:
        total += term
    return total


def vote(rule: str, weight: Array | float, gain: Array | float) -> Array:
    """The vote that a weight casts for an option by which it gains; negative: against.

    Examples
    --------
    >>> float(vote("Cubic", 2.0, 0.5))
    0.25
    """
    gains = np.asarray(gain, dtype=float)
    match rule:
        case "Binary":
            return np.asarray(weight * _sign(gains))
        case "PropBin":
            return np.asarray(weight * (0.8 * gains + 0.2 * _sign(gains)))
        case "PropCbc":
            return np.asarray(weight * (0.5 * gains + 0.5 * gains * gains * gains))
        case "Cubic":
            return np.asarray(weight * (gains * gains * gains))
        case "ASymProsp":
            return np.asarray(weight * np.where(gains > 0.0, 2.0 * gains / 3.0, gains))
    return np.asarray(weight * gains)


def _sign(gains: Array) -> Array:
    return np.clip(gains / INDIFFERENT, -1.0, 1.0)


def coalitions(rule: str, weights: Array, utilities: Array) -> Array:
    """Strength behind each option against each other, ``(..., option, option)``.

    Parameters
    ----------
    rule : one of `VOTING_RULES`
    weights : array, shape ``(..., voter)``
    utilities : array, shape ``(..., voter, option)``
    """
    n_options = utilities.shape[-1]
    over, under = np.tril_indices(n_options, -1)
    by_voter = np.moveaxis(utilities, -2, 0)
    of_voters = np.moveaxis(np.broadcast_to(weights, utilities.shape[:-1]), -1, 0)[..., None]
    votes = vote(rule, of_voters, by_voter[..., over] - by_voter[..., under])
    strengths = np.full((*utilities.shape[:-2], n_options, n_options), FEWEST)
    strengths[..., over, under] += in_order(np.maximum(votes, 0.0))
    strengths[..., under, over] += in_order(np.maximum(-votes, 0.0))
    return strengths


def victory_probability(model: str, strength: Array | float, other: Array | float) -> Array:
    """Probability that a coalition beats another.

    Examples
    --------
    >>> round(float(victory_probability("Square", 3.0, 1.0)), 12)
    0.9
    """
    a, b = np.asarray(strength, dtype=float), np.asarray(other, dtype=float)
    if model == "Binary":
        between = ((1.0 + OUTRIGHT) * a / (a + b) - 1.0) / (OUTRIGHT - 1.0)
        surely = 1.0 / (1.0 + UPSET)
        return np.where(a >= OUTRIGHT * b, surely, np.where(b >= OUTRIGHT * a, UPSET * surely, between))
    for _ in range(("Linear", "Square", "Quartic", "Octic").index(model)):
        a, b = a * a, b * b
    return np.asarray(a / (a + b))


@dataclass(frozen=True)
class Election:
    """A probabilistic Condorcet election: how votes are cast, coalitions meet, and a choice comes about."""

    voting_rule: str = "Prop"
    victory_prob_model: str = "Linear"
    pce_model: str = "Conditional"

    def probabilities(
        self, weights: Array, utilities: Array, stands: NDArray[np.bool_] | None = None
    ) -> Array:
        """Probability of each option, ``(..., option)``; they sum to one.

        Parameters
        ----------
        weights : array, shape ``(..., voter)``
        utilities : array, shape ``(..., voter, option)``
        stands : array of bool, shape ``(..., option)``, optional
            Options that stand for election, at least one in each place; by default all.
        """
        here = np.ones((*utilities.shape[:-2], utilities.shape[-1]), dtype=bool) if stands is None else stands
        strengths = coalitions(self.voting_rule, weights, utilities)
        wins = victory_probability(self.victory_prob_model, strengths, np.swapaxes(strengths, -1, -2))
        every = np.arange(utilities.shape[-1])
        wins[..., every, every] = 0.5
        match self.pce_model:
            case "MarkovUniform":
                return _settled(_uniform_step(wins, here), here, UNIFORM_CLOSE)
            case "MarkovIncentive":
                return _settled(_incentive_step(wins, strengths, here), here, INCENTIVE_CLOSE)
        return _conditional(wins, here)


def _conditional(wins: Array, here: NDArray[np.bool_]) -> Array:
    beats = np.where(here[..., None, :], wins, 1.0)
    every = np.where(here, beats.prod(axis=-1), 0.0)
    total = every.sum(axis=-1, keepdims=True)
    if np.all(total > 0.0):
        return every / total
    # Among very many options the products may be too small to write down; their ratios are not.
    logs = np.where(here, np.log(beats).sum(axis=-1), -np.inf)
    ratios = np.exp(logs - logs.max(axis=-1, keepdims=True))
    return np.where(
        total > 0.0, every / np.where(total > 0.0, total, 1.0), ratios / ratios.sum(-1, keepdims=True)
    )


def _uniform_step(wins: Array, here: NDArray[np.bool_]) -> Callable[[Array], Array]:
    among = np.where(here[..., :, None] & here[..., None, :], wins, 0.0)
    count = here.sum(axis=-1, keepdims=True)

    def step(p: Array) -> Array:
        return np.asarray((among * (p[..., :, None] + p[..., None, :])).sum(axis=-1) / count)

    return step


def _incentive_step(wins: Array, strengths: Array, here: NDArray[np.bool_]) -> Callable[[Array], Array]:
    both = here[..., :, None] & here[..., None, :]
    among = np.where(both, wins, 0.0)
    effort = np.where(both, strengths * wins, 0.0) + STAYS * np.eye(wins.shape[-1])
    share = effort / effort.sum(axis=-2, keepdims=True)

    def step(p: Array) -> Array:
        meet = p[..., :, None] * np.swapaxes(share, -1, -2)
        return np.asarray((among * (meet + np.swapaxes(meet, -1, -2))).sum(axis=-1))

    return step


def _settled(step: Callable[[Array], Array], here: NDArray[np.bool_], close: float) -> Array:
    """Where a chain comes to rest, each place by itself."""
    p = here / here.sum(axis=-1, keepdims=True)
    runs = np.ones((*p.shape[:-1], 1), dtype=bool)
    for _ in range(MOST_STEPS):
        q = step(p)
        gap = np.abs(q - p).max(axis=-1, keepdims=True)
        p = np.where(runs, (p + q) / 2.0, p)
        runs &= gap > close
        if not runs.any():
            break
    return p
