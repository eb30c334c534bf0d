"""The figures as the fits see them: nothing after 2007 is there."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from migsim.calibration.fits import Array
from migsim.facts.codes import BASE_YEAR

if TYPE_CHECKING:
    from migsim.facts import Facts

__all__ = ["LAST_YEAR_SEEN", "incomes", "pairs", "seen"]

LAST_YEAR_SEEN: Final = 2007


def seen(facts: Facts) -> Facts:
    """The same figures with every number of a year after 2007 removed (``nan``)."""
    panel = facts.years <= LAST_YEAR_SEEN

    def until(values: Array, is_seen: NDArray[np.bool_]) -> Array:
        return np.where(is_seen, values, np.nan)

    stocks = np.array(facts.stock_years) <= LAST_YEAR_SEEN
    counts = np.array(facts.refugee_years) <= LAST_YEAR_SEEN
    nothing = np.full(facts.n_states, np.nan)
    return replace(
        facts,
        population=until(facts.population, panel),
        income=until(facts.income, panel),
        growth=until(facts.growth, panel),
        unemployment=until(facts.unemployment, panel),
        remittances_received=until(facts.remittances_received, panel),
        immigrants=until(facts.immigrants, stocks),
        emigrants=until(facts.emigrants, stocks),
        corridor_stock=until(facts.corridor_stock, stocks),
        refugees=until(facts.refugees, counts),
        gdp_per_head_usd_2010=nothing,
        refugees_hosted_2010=nothing,
        refugees_from_2010=nothing,
    )


def pairs(facts: Facts, first: NDArray[np.intp], second: NDArray[np.intp], values: Array) -> Array:
    """Values of pairs of states as a table, ``(state, state)``, zero where there is no pair."""
    table = np.zeros((facts.n_states, facts.n_states))
    table[first, second] = values
    return table


def incomes(facts: Facts) -> Array:
    """Income per head in 2005, current international dollars, ``(state,)``.

    Where there is none: of the nearest year seen, and then the median of the sub-region's states.
    """
    base = facts.year(BASE_YEAR)
    known = facts.income[:, base].copy()
    for year in sorted(range(facts.year(LAST_YEAR_SEEN) + 1), key=lambda each: (abs(each - base), -each)):
        known = np.where(np.isnan(known), facts.income[:, year], known)
    filled = known.copy()
    for place in np.flatnonzero(np.isnan(known)):
        near = known[facts.subregion_index == facts.subregion_index[place]]
        filled[place] = np.nanmedian(near if np.isfinite(near).any() else known)
    return filled
