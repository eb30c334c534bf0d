"""How far unemployment rises when growth is lost: Okun's relation within states, 2001-07."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from migsim.calibration.fits import Array, Fit, interval, jackknife
from migsim.calibration.seen import LAST_YEAR_SEEN

if TYPE_CHECKING:
    from migsim.facts import Facts

__all__ = ["changes", "fit_okun", "slope"]

FIRST_YEAR: Final = 2001
# A state with fewer years says little about its own mean.
LEAST_YEARS: Final = 4
# Residuals beyond half a point, their median, count by their size rather than its square.
USUAL_CHANGE: Final = 0.005


def changes(facts: Facts) -> tuple[Array, Array, NDArray[np.intp]]:
    """Changes of unemployment and growth per head, each less the state's mean, and the states.

    Returns
    -------
    rise : array, shape ``(observation,)``
        Change of unemployment in a year, share of the labour force.
    growth : array, shape ``(observation,)``
        Log growth of real income per head.
    state : array, shape ``(observation,)``
    """
    years = np.arange(facts.year(FIRST_YEAR), facts.year(LAST_YEAR_SEEN) + 1)
    rise = (facts.unemployment[:, years] - facts.unemployment[:, years - 1]) / 100.0
    growth = np.log1p(facts.growth[:, years] / 100.0)
    growth = growth - np.log(facts.population[:, years] / facts.population[:, years - 1])
    known = np.isfinite(rise) & np.isfinite(growth)
    known &= known.sum(axis=1, keepdims=True) >= LEAST_YEARS
    state = np.nonzero(known)[0]

    def within(values: Array) -> Array:
        found = values[known]
        means = np.bincount(state, found, facts.n_states) / np.maximum(
            np.bincount(state, None, facts.n_states), 1
        )
        less: Array = found - means[state]
        return less

    return within(rise), within(growth), state


def slope(rise: Array, growth: Array) -> float:
    """Rise of unemployment per unit of lost growth, robust to outliers (soft l1 loss)."""
    from scipy import optimize

    def unexplained(b: Array) -> Array:
        left: Array = rise + b[0] * growth
        return left

    found = optimize.least_squares(
        unexplained, np.zeros(1), loss="soft_l1", f_scale=USUAL_CHANGE, xtol=1e-12, ftol=1e-12
    )
    return float(found.x[0])


def fit_okun(facts: Facts) -> Fit:
    """The rise of unemployment per unit of lost growth where no figure is known."""
    rise, growth, state = changes(facts)
    value = slope(rise, growth)
    labels = np.unique(state)

    def from_some(kept: NDArray[np.bool_]) -> Array:
        chosen = np.isin(state, labels[kept])
        return np.array([slope(rise[chosen], growth[chosen])])

    error = float(jackknife(from_some, len(labels))[1][0])
    low, high = interval(value, error)
    rich = np.array(facts.income_group)[state] == "H"
    return Fit(
        id="okun",
        path="world.shocks.okun",
        value=value,
        standard_error=error,
        low=low,
        high=high,
        target="yearly change of unemployment within states, 2001-07",
        figures="panel.csv 2000-2007",
        n=len(rise),
        error_before=100.0 * float(np.median(np.abs(rise))),
        error=100.0 * float(np.median(np.abs(rise + value * growth))),
        error_unit="percentage points, median",
        method=(
            "least squares with soft l1 loss (scipy), state effects; standard error: jackknife over states"
        ),
        notes=(
            f"{len(labels)} states; in high-income states alone {slope(rise[rich], growth[rich]):.2f},"
            f" elsewhere {slope(rise[~rich], growth[~rich]):.2f}",
            "part of the series are estimates, which move less than unemployment: rather a lower bound",
        ),
    )
