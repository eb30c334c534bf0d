"""Where the numbers of each column come from: figures of the base year with their source, or the model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from migsim.facts.codes import BASE_YEAR
from migsim.facts.last_years import LAST_YEARS
from migsim.results.codebook import Column

__all__ = ["MODEL", "dates_of_figures", "source_of"]

MODEL: Final = "the model"
_STOCKS: Final = "UN DESA, International Migrant Stock 2019"
_FIGURES: Final[Mapping[str, str]] = {
    "population": "World Bank, World Development Indicators",
    "income": "World Bank, World Development Indicators",
    "unemployment": "ILO, ILOSTAT, by way of the World Bank",
    "immigrants": _STOCKS,
    "emigrants": _STOCKS,
    "migrants": _STOCKS,
    "stock": _STOCKS,
    "displaced": "UNHCR, Refugee Population Statistics Database",
    "remittances": "World Bank, World Development Indicators",
    "remittances_received": "World Bank, World Development Indicators",
    "remittances_paid": "World Bank, World Development Indicators, calibrated with what is received",
}
"""Columns that begin with figures of the base year."""
_NAMES: Final[Mapping[str, str]] = {
    "name": "United Nations",
    "region": "UN DESA, World Population Prospects 2019",
    "subregion": "UN DESA, World Population Prospects 2019",
    "development": "UN DESA, World Population Prospects 2019",
    "income_group": "World Bank, income classification of 2007",
}
_DATED: Final[Mapping[str, str]] = {
    "growth": "growth of income",
    "free_movement": "accession to free movement",
    "stocks": "migrant stocks",
    "refugees": "refugees",
    "ratifications": "ratifications",
    "remittances": "remittances",
}


def source_of(column: Column) -> str:
    """Whose numbers a column holds; empty for keys, names and summaries of other columns.

    Examples
    --------
    >>> from migsim.results.codebook import codebook
    >>> source_of(codebook()["states", "income"])
    '2005: World Bank, World Development Indicators; later: the model'
    """
    if column.table == "state_list":
        return _NAMES.get(column.name, "")
    if column.kind in ("state", "word") or column.name in ("replicate", "year"):
        return ""
    figure = _FIGURES.get(column.name.removeprefix("baseline_"))
    return f"{BASE_YEAR}: {figure}; later: {MODEL}" if figure else MODEL


def dates_of_figures() -> str:
    """Up to which year each series of figures goes that drives worlds or is held against them."""
    return ", ".join(f"{_DATED[name]} to {year}" for name, year in LAST_YEARS.items())
