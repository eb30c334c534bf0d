"""Figures of a user's own: which there may be, in which unit and range, and what ours are beside them.

Light: nothing here needs numpy, so that a scenario file with own figures is checked at once. How they are
laid over ours is in `migsim.facts.laying`.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Final

from migsim.facts.codes import BASE_YEAR
from migsim.facts.reading import FOLDER

__all__ = ["QUANTITIES", "Own", "Quantity", "on_corridors", "recorded"]

_PANEL: Final = "panel.csv"
_STATES: Final = "states.csv"
_START: Final = 2000
_SURVEYED: Final = tuple(range(BASE_YEAR, 2015))


@dataclass(frozen=True, slots=True)
class Quantity:
    """A quantity of which a user may have own figures.

    Attributes
    ----------
    title, unit
        What it is.
    low, high
        What a figure may be; only a wrong unit breaks it.
    years
        The years that the base year uses; of ``is_one_year``, a state may have one of them.
    """

    title: str
    unit: str
    low: float
    high: float
    years: tuple[int, ...]
    is_one_year: bool = False

    @property
    def range_text(self) -> str:
        """What a figure may be, in words."""
        return f"{self.low:,.15g} to {self.high:,.15g}"

    @property
    def years_text(self) -> str:
        """The years, short."""
        first, last = self.years[0], self.years[-1]
        if len(self.years) == last - first + 1 and len(self.years) > 2:
            return f"one of {first} to {last}" if self.is_one_year else f"{first} to {last}"
        return " and ".join(map(str, self.years))


QUANTITIES: Final[Mapping[str, Quantity]] = {
    "population": Quantity("Population", "persons", 5_000, 2e9, (_START, BASE_YEAR)),
    "income": Quantity("Income: GDP per head", "international dollars of 2005", 100, 500_000, (BASE_YEAR,)),
    "growth": Quantity("Growth of real GDP", "percent a year", -60, 150, tuple(range(_START + 1, 2014))),
    "unemployment": Quantity(
        "Unemployment", "percent of the labour force", 0, 100, tuple(range(_START, BASE_YEAR + 1))
    ),
    "remittances_received": Quantity(
        "Remittances received", "million USD of the year", 0, 1e6, (_START, BASE_YEAR)
    ),
    "remittances_paid": Quantity("Remittances paid", "million USD of the year", 0, 1e6, (BASE_YEAR,)),
    "immigrants": Quantity("Immigrants, all origins", "persons", 0, 1e8, (_START, BASE_YEAR)),
    "emigrants": Quantity("Emigrants, all destinations", "persons", 0, 1e8, (_START, BASE_YEAR)),
    "wanting_less": Quantity("Adults who want less immigration", "share", 0, 1, _SURVEYED, True),
    "exit_5_years": Quantity(
        "New immigrants who have left again five years later", "share", 0, 1, _SURVEYED, True
    ),
}
"""The quantities by name, as in the tables of figures; all of them enter the base year."""


@dataclass(frozen=True, slots=True, order=True)
class Own:
    """One figure of a user's own."""

    state: str
    quantity: str
    year: int
    value: float


@cache
def recorded(state: str, quantity: str, year: int) -> float | None:
    """Our figure beside a user's own; none if there is none and a rule fills the gap.

    Examples
    --------
    >>> recorded("MEX", "remittances_received", 2005)
    22740.0
    """
    match quantity:
        case "population" | "income" | "growth" | "unemployment" | "remittances_received":
            cells = _rows(_PANEL).get((state, str(year)), {})
            cell = cells.get(quantity, "")
        case "immigrants" | "emigrants" | "remittances_paid":
            cell = _rows(_STATES).get((state, ""), {}).get(f"{quantity}_{year}", "")
        case "wanting_less":
            cell = _rows("wanting_less.csv").get((state, ""), {}).get("share", "")
        case _:
            cell = _rows("exit_rates.csv").get((state, ""), {}).get("exit_5_years", "")
    return float(cell) if cell else None


@cache
def on_corridors(state: str, quantity: str, year: int) -> float:
    """Immigrants or emigrants of a state that are on recorded corridors, persons."""
    end = "destination" if quantity == "immigrants" else "origin"
    return sum(float(row[f"stock_{year}"]) for row in _read("corridors.csv") if row[end] == state)


@cache
def _rows(file: str) -> Mapping[tuple[str, str], Mapping[str, str]]:
    """Rows of one of the tables by state and, where it has one, year."""
    found = {(row.get("iso3") or row["host"], row.get("year", "")): row for row in _read(file)}
    return MappingProxyType(found)


def _read(file: str) -> Iterator[dict[str, str]]:
    with (FOLDER / file).open(encoding="utf-8", newline="") as source:
        yield from csv.DictReader(source)
