"""How near a prediction came: scores of stocks, of shares and of changes.

Every score takes the prediction with any leading axes, the figures on the last axis alone, and gives one
number for each leading row; so one world and many ranged worlds are scored alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from migsim.world.corridors import Array

__all__ = [
    "SCORES",
    "Score",
    "median_error",
    "rank_correlation",
    "ranking",
    "right_signs",
    "stock_scores",
    "variation_distance",
]

FEWEST: Final = 1.0
"""Persons: a smaller stock counts as this many in a logarithm, so that an empty corridor has one."""


@dataclass(frozen=True, slots=True)
class Score:
    """A score of predicted stocks: its name, and whether a larger one is better."""

    name: str
    is_larger_better: bool


SCORES: Final[Mapping[str, Score]] = {
    "median_log_error": Score("median absolute log error", is_larger_better=False),
    "r2_of_logs": Score("R2 of logs", is_larger_better=True),
    "error_share": Score("sum of absolute error over end stock", is_larger_better=False),
}
"""The three scores of corridor stocks, in their order everywhere."""


def stock_scores(predicted: Array, actual: Array) -> dict[str, Array]:
    """The three scores of predicted stocks, by the names of `SCORES`.

    With ``e`` the error of the logs: median of ``|e|``; ``1 - sum e^2 / sum (log a - mean log a)^2``, the
    share of the variance of the figures that is explained; ``sum |p - a| / sum a``.

    Examples
    --------
    >>> actual = np.array([1000.0, 2000.0, 8000.0])
    >>> {name: float(value) for name, value in stock_scores(actual, actual).items()}
    {'median_log_error': 0.0, 'r2_of_logs': 1.0, 'error_share': 0.0}
    """
    logs = np.log(np.maximum(actual, FEWEST))
    errors = np.log(np.maximum(predicted, FEWEST)) - logs
    spread = ((logs - logs.mean()) ** 2).sum()
    return {
        "median_log_error": np.median(np.abs(errors), axis=-1),
        "r2_of_logs": 1.0 - (errors**2).sum(axis=-1) / spread,
        "error_share": np.abs(predicted - actual).sum(axis=-1) / actual.sum(),
    }


def median_error(predicted: Array, actual: Array) -> Array:
    """Median absolute error, in the unit of the figures."""
    error: Array = np.median(np.abs(predicted - actual), axis=-1)
    return error


def variation_distance(predicted: Array, actual: Array) -> Array:
    """Total variation distance of two splits: the share that would have to move to make them equal.

    Both are brought to shares first. 0: the same split; 1: no host in common.

    Examples
    --------
    >>> float(variation_distance(np.array([3.0, 1.0, 0.0]), np.array([1.0, 1.0, 0.0])))
    0.25
    """
    shares = predicted / predicted.sum(axis=-1, keepdims=True)
    distance: Array = 0.5 * np.abs(shares - actual / actual.sum()).sum(axis=-1)
    return distance


def rank_correlation(predicted: Array, actual: Array) -> Array:
    """Spearman's rank correlation; 0 where either side does not vary, for then it ranks nothing.

    Examples
    --------
    >>> float(rank_correlation(np.array([1.0, 5.0, 3.0]), np.array([10.0, 30.0, 20.0])))
    1.0
    """
    from scipy.stats import rankdata

    ours = rankdata(predicted, axis=-1)
    theirs = rankdata(actual)
    ours = ours - ours.mean(axis=-1, keepdims=True)
    theirs = theirs - theirs.mean()
    size = np.sqrt((ours**2).sum(axis=-1) * (theirs**2).sum())
    correlation: Array = np.where(
        size > 0.0, (ours * theirs).sum(axis=-1) / np.where(size > 0.0, size, 1.0), 0.0
    )
    return correlation


def ranking(score: Array, happened: Array) -> Array:
    """Chance that one to whom it happened has a higher score than one to whom it did not (area under ROC).

    ½ is a coin's; ties count half.

    Examples
    --------
    >>> float(ranking(np.array([0.9, 0.2, 0.4, 0.1]), np.array([1.0, 0.0, 1.0, 0.0])))
    1.0
    """
    from scipy.stats import rankdata

    n = happened.sum()
    ranks = rankdata(score, axis=-1)
    area: Array = ((ranks * happened).sum(axis=-1) - n * (n + 1.0) / 2.0) / (n * (happened.size - n))
    return area


def right_signs(predicted: Array, actual: Array) -> Array:
    """Share of changes whose direction is right, of those figures that changed at all.

    Examples
    --------
    >>> float(right_signs(np.array([0.1, -0.2, 0.3, 0.4]), np.array([0.2, -0.1, -0.3, 0.0])))
    0.6666666666666666
    """
    moved = actual != 0.0
    share: Array = (np.sign(predicted[..., moved]) == np.sign(actual[moved])).mean(axis=-1)
    return share
