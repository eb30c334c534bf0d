"""What is known of some states only: who leaves again, what adults want, free movement; and the dollar."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Final

import numpy as np

from migsim.errors import InputError
from migsim.facts.checks import check_small
from migsim.facts.codes import BASE_YEAR, iso3_codes
from migsim.facts.reading import Table, read_small
from migsim.facts.tables import Facts, Floats, Indices

__all__ = ["NEVER", "dollar_of", "exit_rates", "free_movement_since", "wanting_less"]

NEVER: Final = 9999
"""The year in which a state joins that does not join."""


@cache
def exit_rates(facts: Facts, folder: Path | None = None) -> Floats:
    """Of the immigrants who arrive in a host state, those who have left it five years later.

    Parameters
    ----------
    facts
        The states.
    folder
        Where ``exit_rates.csv`` is, if not the shipped one.

    Returns
    -------
    (state,), share in [0, 1]
        Of arrivals 2010-19; ``nan`` where unknown. Read-only.

    Raises
    ------
    migsim.errors.InputError
        If the table is missing or broken, with the place of every fault.

    Examples
    --------
    >>> from migsim.facts import load
    >>> facts = load()
    >>> float(exit_rates(facts)[facts.index("CAN")])
    0.21
    """
    return _by_state(facts, _checked("exit_rates.csv", facts.iso3, folder), "host", "exit_5_years")


@cache
def wanting_less(facts: Facts, folder: Path | None = None) -> Floats:
    """Adults who want less immigration to their country.

    Parameters
    ----------
    facts
        The states.
    folder
        Where ``wanting_less.csv`` is, if not the shipped one.

    Returns
    -------
    (state,), share in [0, 1]
        Of all adults, those without an answer included, 2012-14; ``nan`` where unknown. Read-only.

    Raises
    ------
    migsim.errors.InputError
        If the table is missing or broken, with the place of every fault.

    Examples
    --------
    >>> from migsim.facts import load
    >>> facts = load()
    >>> float(wanting_less(facts)[facts.index("GRC")])
    0.84
    """
    return _by_state(facts, _checked("wanting_less.csv", facts.iso3, folder), "iso3", "share", "wanting_less")


@cache
def free_movement_since(facts: Facts, folder: Path | None = None) -> Indices:
    """Year in which a state joined the European Union or its forerunners.

    Parameters
    ----------
    facts
        The states.
    folder
        Where ``free_movement.csv`` is, if not the shipped one.

    Returns
    -------
    (state,), year
        ``NEVER`` (9999) where a state is no member. Read-only.

    Raises
    ------
    migsim.errors.InputError
        If the table is missing or broken, with the place of every fault.

    Examples
    --------
    >>> from migsim.facts import load
    >>> facts = load()
    >>> [int(free_movement_since(facts)[facts.index(code)]) for code in ("POL", "CHE")]
    [2004, 9999]
    """
    years = _by_state(facts, _checked("free_movement.csv", facts.iso3, folder), "iso3", "since")
    since = np.where(np.isnan(years), NEVER, years).astype(np.intp)
    since.setflags(write=False)
    return since


def dollar_of(year: int, folder: Path | None = None) -> float:
    """Price level of the United States in a year, where that of 2005 is 1.

    An amount in dollars of the year, divided by it, is an amount in dollars of 2005.

    Parameters
    ----------
    year
        2000..2020.
    folder
        Where ``prices.csv`` is, if not the shipped one.

    Returns
    -------
    float, ratio
        Dollars of the year that buy what one dollar of 2005 buys: the deflator of GDP / 100.

    Raises
    ------
    migsim.errors.InputError
        If there is no deflator of the year, or the table is missing or broken.

    Examples
    --------
    >>> round(1896 / dollar_of(2010))
    1725
    """
    levels = _price_levels(folder)
    if year not in levels:
        raise InputError(f"no price level of {year}; prices.csv has {min(levels)} to {max(levels)}")
    return levels[year]


@cache
def _price_levels(folder: Path | None) -> Mapping[int, float]:
    prices = read_small("prices.csv", folder)
    check_small(prices, iso3_codes(), _odd_prices)
    pairs = zip(prices["year"], prices["usa_gdp_deflator"], strict=True)
    return MappingProxyType({int(year): float(index) / 100 for year, index in pairs})


def _odd_prices(prices: Table) -> Iterator[str]:
    years = [int(year) for year in prices["year"]]
    for row, (before, year) in enumerate(pairwise(years), start=1):
        if year != before + 1:
            yield f"{prices.at(row)}: {year} follows {before}; the years must follow each other without a gap"
    if BASE_YEAR not in years:
        yield f"{prices.path}: no row for {BASE_YEAR}, the year to which prices are brought"
    elif float(prices["usa_gdp_deflator"][years.index(BASE_YEAR)]) != 100:
        yield f"{prices.at(years.index(BASE_YEAR))}: the deflator of {BASE_YEAR} must be 100"


def _checked(file: str, known: tuple[str, ...], folder: Path | None) -> Table:
    table = read_small(file, folder)
    check_small(table, known)
    return table


def _by_state(facts: Facts, table: Table, state: str, column: str, quantity: str | None = None) -> Floats:
    """A column of a small table by state, a user's own figures of the quantity laid over it."""
    values = np.full(facts.n_states, np.nan)
    values[[facts.index(code) for code in table[state]]] = [float(cell) for cell in table[column]]
    for each in facts.own:
        if each.quantity == (quantity or column):
            values[facts.index(each.state)] = each.value
    values.setflags(write=False)
    return values
