"""The figures as arrays: states on one axis in order of code, corridors and refugee pairs as edge lists."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from migsim.facts.checks import FIRST_YEAR, LAST_YEAR, check
from migsim.facts.own import Own
from migsim.facts.reading import REFUGEE_YEARS, STOCK_YEARS, Table, read_tables

__all__ = ["PANEL_YEARS", "REFUGEE_YEARS", "STOCK_YEARS", "Bools", "Facts", "Floats", "Indices", "load"]

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]
Bools = NDArray[np.bool_]

PANEL_YEARS: Final = tuple(range(FIRST_YEAR, LAST_YEAR + 1))
_FOUNDED: Final = 1945

# Upper ends of the World Bank's 2010 classes by income per head, in USD of the year.
_GROUP_LIMITS: Final = ((1_005.0, "L"), (3_975.0, "LM"), (12_275.0, "UM"), (float("inf"), "H"))


@dataclass(frozen=True, slots=True, eq=False)
class Facts:
    """What the statistics say of 193 states, with their gaps: a missing number is ``nan``.

    Every state axis is in order of ISO3 code. Arrays are read-only.

    Attributes
    ----------
    iso3, name
        Code and short name of each state.
    region, subregion
        United Nations region and sub-region of each state; ``region_index`` and ``subregion_index``
        number them into ``region_labels`` and ``subregion_labels``.
    is_developed, is_least_developed
        (state,) the United Nations' "more developed" group; the list of least developed countries.
    income_group, is_group_filled
        World Bank income group of 2007 (L, LM, UM, H); True where it was not classified in 2007 and
        the 2010 group, or income per head in 2010, stands in.
    latitude, longitude
        (state,) degrees of a central point.
    member_since
        (state,) year of United Nations membership where there was no such state in 2000, else 1945.
    gdp_per_head_usd_2010
        (state,) current USD at market exchange rates.
    years, population, income, growth, unemployment, remittances_received
        Years 2000..2017 and (state, year) arrays: persons; GDP per head in current international
        dollars; growth of real GDP in percent a year; percent of the labour force; million current USD.
    immigrants, emigrants
        (state, stock year) persons, for ``stock_years``. 2010 is for validation only.
    remittances_received_2005, remittances_paid_2005
        (state,) million current USD.
    refugees_hosted_2010, refugees_from_2010
        (state,) persons. For validation only.
    corridor_origin, corridor_destination, corridor_stock
        (corridor,), (corridor,) state numbers and (corridor, stock year) persons. 2010 is for
        validation only: nothing is fitted to it.
    refugee_origin, refugee_host, refugees
        (pair,), (pair,) state numbers and (pair, refugee year) persons for ``refugee_years``; 0 where a
        year has no record, which means fewer than 100.
    own
        Figures of a user's own that are laid over these; see `migsim.facts.laying`.
    """

    iso3: tuple[str, ...]
    name: tuple[str, ...] = field(repr=False)
    region: tuple[str, ...] = field(repr=False)
    subregion: tuple[str, ...] = field(repr=False)
    region_labels: tuple[str, ...] = field(repr=False)
    subregion_labels: tuple[str, ...] = field(repr=False)
    region_index: Indices = field(repr=False)
    subregion_index: Indices = field(repr=False)
    is_developed: Bools = field(repr=False)
    is_least_developed: Bools = field(repr=False)
    income_group: tuple[str, ...] = field(repr=False)
    is_group_filled: Bools = field(repr=False)
    latitude: Floats = field(repr=False)
    longitude: Floats = field(repr=False)
    member_since: Indices = field(repr=False)
    gdp_per_head_usd_2010: Floats = field(repr=False)
    years: Indices = field(repr=False)
    population: Floats = field(repr=False)
    income: Floats = field(repr=False)
    growth: Floats = field(repr=False)
    unemployment: Floats = field(repr=False)
    remittances_received: Floats = field(repr=False)
    stock_years: tuple[int, ...] = field(repr=False)
    immigrants: Floats = field(repr=False)
    emigrants: Floats = field(repr=False)
    remittances_received_2005: Floats = field(repr=False)
    remittances_paid_2005: Floats = field(repr=False)
    refugees_hosted_2010: Floats = field(repr=False)
    refugees_from_2010: Floats = field(repr=False)
    corridor_origin: Indices = field(repr=False)
    corridor_destination: Indices = field(repr=False)
    corridor_stock: Floats = field(repr=False)
    refugee_years: tuple[int, ...] = field(repr=False)
    refugee_origin: Indices = field(repr=False)
    refugee_host: Indices = field(repr=False)
    refugees: Floats = field(repr=False)
    own: tuple[Own, ...] = field(default=(), repr=False)

    def __repr__(self) -> str:
        return (
            f"<Facts: {self.n_states} states, {self.n_corridors} corridors,"
            f" {len(self.refugee_origin)} refugee pairs, {self.years[0]}-{self.years[-1]}>"
        )

    @property
    def n_states(self) -> int:
        """Number of states."""
        return len(self.iso3)

    @property
    def n_corridors(self) -> int:
        """Number of pairs of states with a recorded stock of migrants."""
        return len(self.corridor_origin)

    def index(self, code: str) -> int:
        """Number of a state on every state axis."""
        return self.iso3.index(code)

    def year(self, year: int) -> int:
        """Number of a year on the axis of the panel."""
        return int(year - self.years[0])


@cache
def load(folder: Path | None = None) -> Facts:
    """Read, check and arrange the figures; the same object at every call.

    Parameters
    ----------
    folder
        Where the tables are, if not the shipped ones.

    Raises
    ------
    migsim.errors.InputError
        If a table is missing or broken, with the place of every fault.

    Examples
    --------
    >>> load()
    <Facts: 193 states, 7116 corridors, 1186 refugee pairs, 2000-2017>
    """
    tables = read_tables(folder)
    check(tables)
    facts = _arranged(tables)
    for each in fields(facts):
        value = getattr(facts, each.name)
        if isinstance(value, np.ndarray):
            value.setflags(write=False)
    return facts


def _arranged(tables: dict[str, Table]) -> Facts:
    states, corridors = tables["states.csv"], tables["corridors.csv"]
    order = sorted(range(len(states)), key=states["iso3"].__getitem__)
    place = {states["iso3"][row]: number for number, row in enumerate(order)}

    def text(column: str) -> tuple[str, ...]:
        return tuple(states[column][row] for row in order)

    def number(column: str) -> Floats:
        return _numbers(text(column))

    panel = _panel(tables["panel.csv"], place)
    income_group, is_group_filled = _income_groups(text, number("gdp_per_head_usd_2010"))
    region_labels, region_index = _numbered(text("region"))
    subregion_labels, subregion_index = _numbered(text("subregion"))
    refugee_origin, refugee_host, refugees = _refugee_pairs(tables["refugees.csv"], place)
    return Facts(
        iso3=text("iso3"),
        name=text("name"),
        region=text("region"),
        subregion=text("subregion"),
        region_labels=region_labels,
        subregion_labels=subregion_labels,
        region_index=region_index,
        subregion_index=subregion_index,
        is_developed=np.array([group == "more" for group in text("development")]),
        is_least_developed=np.array([listed == "1" for listed in text("least_developed")]),
        income_group=income_group,
        is_group_filled=is_group_filled,
        latitude=number("latitude"),
        longitude=number("longitude"),
        member_since=_member_since(tables["membership.csv"], place),
        gdp_per_head_usd_2010=number("gdp_per_head_usd_2010"),
        years=np.array(PANEL_YEARS, dtype=np.intp),
        population=panel["population"],
        income=panel["income"],
        growth=panel["growth"],
        unemployment=panel["unemployment"],
        remittances_received=panel["remittances_received"],
        stock_years=STOCK_YEARS,
        immigrants=np.column_stack([number(f"immigrants_{year}") for year in STOCK_YEARS]),
        emigrants=np.column_stack([number(f"emigrants_{year}") for year in STOCK_YEARS]),
        remittances_received_2005=panel["remittances_received"][:, 2005 - FIRST_YEAR].copy(),
        remittances_paid_2005=number("remittances_paid_2005"),
        refugees_hosted_2010=number("refugees_hosted_2010"),
        refugees_from_2010=number("refugees_from_2010"),
        corridor_origin=_places(corridors["origin"], place),
        corridor_destination=_places(corridors["destination"], place),
        corridor_stock=np.column_stack([_numbers(corridors[f"stock_{year}"]) for year in STOCK_YEARS]),
        refugee_years=REFUGEE_YEARS,
        refugee_origin=refugee_origin,
        refugee_host=refugee_host,
        refugees=refugees,
    )


def _numbers(cells: Sequence[str]) -> Floats:
    return np.array([cell or "nan" for cell in cells]).astype(np.float64)


def _places(codes: Sequence[str], place: dict[str, int]) -> Indices:
    return np.array([place[code] for code in codes], dtype=np.intp)


def _numbered(labels: tuple[str, ...]) -> tuple[tuple[str, ...], Indices]:
    distinct = tuple(sorted(set(labels)))
    return distinct, np.array([distinct.index(label) for label in labels], dtype=np.intp)


def _panel(panel: Table, place: dict[str, int]) -> dict[str, Floats]:
    state = _places(panel["iso3"], place)
    year = np.array(panel["year"]).astype(np.intp) - FIRST_YEAR
    arranged = {}
    for column in ("population", "income", "growth", "unemployment", "remittances_received"):
        values = np.full((len(place), len(PANEL_YEARS)), np.nan)
        values[state, year] = _numbers(panel[column])
        arranged[column] = values
    return arranged


def _member_since(membership: Table, place: dict[str, int]) -> Indices:
    since = np.full(len(place), _FOUNDED, dtype=np.intp)
    since[_places(membership["iso3"], place)] = _numbers(membership["member_since"]).astype(np.intp)
    return since


def _income_groups(text: Callable[[str], tuple[str, ...]], usd: Floats) -> tuple[tuple[str, ...], Bools]:
    group_2007, group_2010 = text("income_group_2007"), text("income_group_2010")
    by_income = [next(group for limit, group in _GROUP_LIMITS if not value > limit) for value in usd]
    groups = tuple(
        early or late or fallback
        for early, late, fallback in zip(group_2007, group_2010, by_income, strict=True)
    )
    return groups, np.array([not early for early in group_2007])


def _refugee_pairs(refugees: Table, place: dict[str, int]) -> tuple[Indices, Indices, Floats]:
    origin, host = _places(refugees["origin"], place), _places(refugees["host"], place)
    pairs, row = np.unique(origin * len(place) + host, return_inverse=True)
    year = np.array([REFUGEE_YEARS.index(int(cell)) for cell in refugees["year"]], dtype=np.intp)
    persons = np.zeros((len(pairs), len(REFUGEE_YEARS)))
    persons[row, year] = _numbers(refugees["refugees"])
    return pairs // len(place), pairs % len(place), persons
