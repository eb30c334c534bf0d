"""Fill the gaps of the figures by declared rules, and say which numbers were filled.

Each rule is an *assumption* in the sense of the registries: it stands on no source beyond the figures it
uses. Whoever doubts one can leave the filled states out by the masks ``imputed_*``.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache
from typing import Final

import numpy as np

from migsim.facts.codes import BASE_YEAR
from migsim.facts.tables import Bools, Facts, Floats, Indices

__all__ = ["BASE_YEAR", "GROWTH_YEARS", "Completed", "complete"]

GROWTH_YEARS: Final = tuple(range(2001, 2014))
_UNEMPLOYMENT_YEARS: Final = (2003, 2009)
_REMITTANCE_YEARS: Final = (2000, 2007)
_USD_YEAR: Final = 2010


@dataclass(frozen=True, slots=True, eq=False)
class Completed:
    """What the model needs of the figures, without gaps. Arrays are read-only.

    Attributes
    ----------
    income_2005
        (state,) GDP per head in current international dollars of 2005.
    growth_years, growth_per_head
        2001..2013 and (state, year): growth of real GDP per head, as a share a year.
    price_change
        (year,) over ``growth_years``: change of the price level of international dollars, as a share a
        year; ``income / prod(1 + price_change)`` compares incomes of two years.
    unemployment_2005
        (state,) percent of the labour force.
    remittances_received_2005
        (state,) million current USD.
    population
        (state, stock year) persons in 2000, 2005 and 2010. No gaps in the source.
    immigrants, emigrants
        (state, year) persons in 2000 and 2005.
    imputed_income, imputed_growth, imputed_unemployment, imputed_remittances, imputed_immigrants
        True where the number of the same shape was filled.
    """

    income_2005: Floats
    growth_years: Indices
    growth_per_head: Floats
    price_change: Floats
    unemployment_2005: Floats
    remittances_received_2005: Floats
    population: Floats
    immigrants: Floats
    emigrants: Floats
    imputed_income: Bools
    imputed_growth: Bools
    imputed_unemployment: Bools
    imputed_remittances: Bools
    imputed_immigrants: Bools

    def __repr__(self) -> str:
        filled = ", ".join(
            f"{name} {int(getattr(self, f'imputed_{name}').sum())}"
            for name in ("income", "growth", "unemployment", "remittances", "immigrants")
        )
        return f"<Completed: {len(self.income_2005)} states in {BASE_YEAR}; filled: {filled}>"


@cache
def complete(facts: Facts) -> Completed:
    """Fill every gap of the base year by the rules of this module; the same object at every call.

    Examples
    --------
    >>> from migsim.facts import load
    >>> bool(np.isfinite(complete(load()).income_2005).all())
    True
    """
    growth, imputed_growth = _growth_per_head(facts)
    prices = _price_change(facts, growth)
    income, imputed_income = _income(facts, growth, prices)
    unemployment, imputed_unemployment = _unemployment(facts)
    remittances, imputed_remittances = _remittances(facts)
    immigrants, imputed_immigrants = _immigrants(facts)
    completed = Completed(
        income_2005=income,
        growth_years=np.array(GROWTH_YEARS, dtype=np.intp),
        growth_per_head=growth,
        price_change=prices,
        unemployment_2005=unemployment,
        remittances_received_2005=remittances,
        population=facts.population[:, [facts.year(year) for year in facts.stock_years]],
        immigrants=immigrants,
        emigrants=facts.emigrants[:, :2].copy(),
        imputed_income=imputed_income,
        imputed_growth=imputed_growth,
        imputed_unemployment=imputed_unemployment,
        imputed_remittances=imputed_remittances,
        imputed_immigrants=imputed_immigrants,
    )
    for each in fields(completed):
        getattr(completed, each.name).setflags(write=False)
    return completed


def _growth_per_head(facts: Facts) -> tuple[Floats, Bools]:
    """Growth of real GDP per head: ``(1 + g) / (1 + n) - 1``, g of real GDP, n of population.

    Where g is missing: the median growth per head of the sub-region in that year, then of the region.
    """
    years = [facts.year(year) for year in GROWTH_YEARS]
    people = facts.population[:, years] / facts.population[:, [year - 1 for year in years]]
    per_head = (1 + facts.growth[:, years] / 100) / people - 1
    missing = np.isnan(per_head)
    filled = np.column_stack([_by_region(facts, per_head[:, year]) for year in range(len(years))])
    return filled, missing


def _price_change(facts: Facts, growth: Floats) -> Floats:
    """Price change of the international dollar: that of the United States, whose prices define it.

    ``(1 + growth of current GDP per head) / (1 + growth of real GDP per head) - 1``.
    """
    usa = facts.index("USA")
    years = [facts.year(year) for year in GROWTH_YEARS]
    current = facts.income[usa, years] / facts.income[usa, [year - 1 for year in years]]
    change: Floats = current / (1 + growth[usa]) - 1
    return change


def _income(facts: Facts, growth: Floats, prices: Floats) -> tuple[Floats, Bools]:
    """Income of 2005, for a state without one by the first of three rules that can be used.

    1. the state's income of the nearest other panel year, carried to 2005 by its growth per head and
       the price change; 2. its GDP per head of 2010 in USD times the median ratio of international to
       market dollars of its income group, carried back to 2005 likewise; 3. the median income of the
       low-income states.
    """
    current = np.log1p(growth) + np.log1p(prices)
    since_2000 = np.column_stack([np.zeros(facts.n_states), np.cumsum(current, axis=1)])
    from_base = np.exp(since_2000 - since_2000[:, [BASE_YEAR - GROWTH_YEARS[0] + 1]])
    known = facts.income[:, facts.year(BASE_YEAR)]
    other_years = _nearest(facts.income[:, : from_base.shape[1]] / from_base, facts.year(BASE_YEAR))

    usd_year = facts.year(_USD_YEAR)
    ratio = _group_median(facts, facts.income[:, usd_year] / facts.gdp_per_head_usd_2010)
    from_usd = facts.gdp_per_head_usd_2010 * ratio / from_base[:, usd_year]

    income = _first_known(known, other_years, from_usd)
    low_income = np.array([group == "L" for group in facts.income_group])
    return _first_known(income, np.full_like(income, np.nanmedian(known[low_income]))), np.isnan(known)


def _unemployment(facts: Facts) -> tuple[Floats, Bools]:
    """Unemployment of 2005: else of the nearest year of 2003-2009, else a median.

    The median is over the sub-region's states that have a figure, then the region's, then the world's.
    """
    first, last = (facts.year(year) for year in _UNEMPLOYMENT_YEARS)
    base = facts.year(BASE_YEAR)
    own = _nearest(facts.unemployment[:, first : last + 1], base - first)
    return _by_region(facts, own), np.isnan(facts.unemployment[:, base])


def _remittances(facts: Facts) -> tuple[Floats, Bools]:
    """Remittances received in 2005: else of the nearest year of 2000-2007, else by emigrants.

    The last is the emigrants of 2005 times the median receipts per emigrant of the income group.
    """
    first, last = (facts.year(year) for year in _REMITTANCE_YEARS)
    own = _nearest(facts.remittances_received[:, first : last + 1], facts.year(BASE_YEAR) - first)
    emigrants = facts.emigrants[:, facts.stock_years.index(BASE_YEAR)]
    by_emigrants = emigrants * _group_median(facts, own / emigrants)
    return _first_known(own, by_emigrants), np.isnan(facts.remittances_received_2005)


def _immigrants(facts: Facts) -> tuple[Floats, Bools]:
    """Immigrants of 2000 and 2005: where there is no total, the sum over the corridors.

    Montenegro and South Sudan have neither before 2010, and so begin at nought, as their corridors do.
    """
    total = facts.immigrants[:, :2]
    missing = np.isnan(total)
    corridors = np.column_stack([
        np.bincount(facts.corridor_destination, facts.corridor_stock[:, year], facts.n_states)
        for year in range(2)
    ])  # fmt: skip
    return np.where(missing, corridors, total), missing


def _first_known(*choices: Floats) -> Floats:
    """The first of several arrays that has a number, state by state."""
    known = choices[0]
    for choice in choices[1:]:
        known = np.where(np.isnan(known), choice, known)
    return known


def _nearest(values: Floats, base: int) -> Floats:
    """(state, year) -> (state,): the value nearest in time to column ``base``; of two, the later."""
    years = sorted(range(values.shape[1]), key=lambda year: (abs(year - base), -year))
    return _first_known(*(values[:, year] for year in years))


def _median(values: Floats) -> float:
    known = values[~np.isnan(values)]
    return float(np.median(known)) if known.size else np.nan


def _group_median(facts: Facts, values: Floats) -> Floats:
    groups = np.array(facts.income_group)
    medians = {group: _median(values[groups == group]) for group in set(facts.income_group)}
    return np.array([medians[group] for group in facts.income_group])


def _by_region(facts: Facts, values: Floats) -> Floats:
    """Fill by the median of the sub-region, then of the region, then of the world."""
    if not np.isnan(values).any():
        return values
    filled = [values]
    for index in (facts.subregion_index, facts.region_index):
        medians = np.array([_median(values[index == each]) for each in range(index.max() + 1)])
        filled.append(medians[index])
    return _first_known(*filled, np.full_like(values, _median(values)))
