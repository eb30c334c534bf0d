"""What anybody could forecast from two counts of migrants, five years apart, without a model.

These are the rivals. They know the stocks of 2000 and 2005, which is what the model's base flows are made of;
`scaled` knows more than the model, the world's total in the year forecast.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from migsim.validation.scores import FEWEST
from migsim.world.corridors import Array

__all__ = ["BETWEEN", "SIMPLE", "damped", "linear", "scaled", "simple_forecasts"]

BETWEEN: Final = 5.0
"""Years between the two counts; a horizon of as many years takes their growth once."""
DAMPING: Final = 0.5
LARGEST_LOG_GROWTH: Final = 1.0
LEAST, MOST = 0.5, 2.0
"""The linear trend is clipped to half and double the last count."""

SIMPLE: Final = ("no change", "scaled to the total", "damped trend", "linear trend")


def scaled(last: Array, total: float) -> Array:
    """Every corridor grows as their sum did: the total of the year forecast is taken as known."""
    return last * (total / last.sum())


def damped(before: Array, last: Array, years: float) -> Array:
    """Half of each log growth between the counts goes on, the growth clipped to [-1, 1] first.

    Examples
    --------
    >>> damped(np.array([100.0]), np.array([400.0]), 5).round(1)
    array([659.5])
    """
    growth = np.log(np.maximum(last, FEWEST) / np.maximum(before, FEWEST))
    clipped = np.clip(growth, -LARGEST_LOG_GROWTH, LARGEST_LOG_GROWTH)
    forecast: Array = last * np.exp(DAMPING * clipped * years / BETWEEN)
    return forecast


def linear(before: Array, last: Array, years: float) -> Array:
    """The change between the counts goes on, within half and double the last count.

    Examples
    --------
    >>> linear(np.array([100.0, 300.0]), np.array([150.0, 100.0]), 5)
    array([200.,  50.])
    """
    forecast: Array = np.clip(last + (last - before) * years / BETWEEN, LEAST * last, MOST * last)
    return forecast


def simple_forecasts(before: Array, last: Array, years: float, total: float) -> dict[str, Array]:
    """All four simple forecasts of stocks, by the names in `SIMPLE`; the first is the last count itself.

    Parameters
    ----------
    before, last : array
        Stocks of 2000 and 2005, persons.
    years
        From 2005 to the year forecast.
    total
        Sum of the stocks in the year forecast, for `scaled`.
    """
    made = (last, scaled(last, total), damped(before, last, years), linear(before, last, years))
    return dict(zip(SIMPLE, made, strict=True))
