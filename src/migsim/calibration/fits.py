"""A fit: which parameter, fitted to what, how, with which error; and how uncertain it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from migsim.provenance.calibrations import Fitted

__all__ = ["INTERVAL", "Array", "Fit", "interval", "jackknife", "rounded"]

type Array = NDArray[np.float64]

INTERVAL: Final = 1.645
"""Standard errors to either side that hold nine cases in ten of a normal distribution."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit(Fitted):
    """A fit, as recorded and with what the record leaves out.

    Attributes
    ----------
    error_before
        What was unexplained before the fit, in the unit of the error after it.
    notes
        What a reader should know before believing it.
    """

    error_before: float
    notes: tuple[str, ...] = ()


def rounded(number: float) -> float:
    """A number as the record and the registry hold it: three significant digits.

    Examples
    --------
    >>> rounded(0.66648), rounded(-1234.5)
    (0.666, -1230.0)
    """
    return float(f"{number:.3g}")


def interval(value: float, standard_error: float) -> tuple[float, float]:
    """The interval that holds the true value in nine cases of ten."""
    return value - INTERVAL * standard_error, value + INTERVAL * standard_error


def jackknife(estimate: Callable[[NDArray[np.bool_]], Array], n: int) -> tuple[Array, Array]:
    """Estimates with each of ``n`` groups left out, and the standard errors that follow.

    ``se² = (n − 1)/n Σ (b₍ᵢ₎ − b̄)²``, with ``b₍ᵢ₎`` the estimate without group i.

    Parameters
    ----------
    estimate
        From the groups that are kept, ``(group,)`` bool, to ``(coefficient,)``.
    n
        Number of groups.

    Returns
    -------
    estimates : array, shape ``(group, coefficient)``
    standard_errors : array, shape ``(coefficient,)``
    """
    each = np.arange(n)
    estimates = np.array([estimate(each != left_out) for left_out in range(n)])
    spread = ((estimates - estimates.mean(axis=0)) ** 2).sum(axis=0)
    return estimates, np.sqrt((n - 1) / n * spread)
