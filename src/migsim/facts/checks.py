"""See that the data files are whole before anything is built on them.

Every fault is collected and reported at once, each with the file and line it stands on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from migsim.errors import InputError
from migsim.facts.reading import REFUGEE_YEARS, STOCK_YEARS, Table

__all__ = ["FIRST_YEAR", "LAST_YEAR", "check", "check_small"]

FIRST_YEAR: Final = 2000
LAST_YEAR: Final = 2017

# A destination's corridors may exceed its total of immigrants by rounding and late revisions, no more.
CORRIDOR_SLACK: Final = 1.05
# Faults shown in one message; the rest are counted.
SHOWN: Final = 25

INCOME_GROUPS: Final = ("", "L", "LM", "UM", "H")

# Bounds that only a wrong unit breaks: thousands for persons, shares for percent, dollars for millions.
_BOUNDS: Final[Mapping[str, Mapping[str, tuple[float, float]]]] = {
    "states.csv": {
        "gdp_per_head_usd_2010": (50, 500_000),
        **{f"{side}_{year}": (0, 1e8) for side in ("immigrants", "emigrants") for year in STOCK_YEARS},
        "remittances_paid_2005": (0, 1e6),
        "refugees_hosted_2010": (0, 1e7),
        "refugees_from_2010": (0, 1e7),
        "latitude": (-90, 90),
        "longitude": (-180, 180),
    },
    "membership.csv": {"member_since": (1945, 2017)},
    "corridors.csv": {f"stock_{year}": (0, 5e7) for year in STOCK_YEARS},
    "panel.csv": {
        "year": (FIRST_YEAR, LAST_YEAR),
        "population": (5_000, 2e9),
        "income": (100, 500_000),
        "growth": (-100, 200),
        "unemployment": (0, 100),
        "remittances_received": (0, 1e6),
    },
    "refugees.csv": {"year": (2005, 2010), "refugees": (0, 1e7)},
    "exit_rates.csv": {"exit_5_years": (0, 1)},
    "wanting_less.csv": {"share": (0, 1)},
    "free_movement.csv": {"since": (1945, 2050)},
    "prices.csv": {"year": (1900, 2100), "usa_gdp_deflator": (10, 1_000)},
}
_MAY_BE_EMPTY: Final = frozenset({
    "gdp_per_head_usd_2010", "immigrants_2000", "immigrants_2005", "remittances_paid_2005",
    "refugees_hosted_2010", "refugees_from_2010", "income", "growth", "unemployment",
    "remittances_received",
})  # fmt: skip
_KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    "states.csv": ("iso3",),
    "membership.csv": ("iso3",),
    "corridors.csv": ("origin", "destination"),
    "panel.csv": ("iso3", "year"),
    "refugees.csv": ("year", "origin", "host"),
    "borders.csv": ("a", "b"),
    "exit_rates.csv": ("host",),
    "wanting_less.csv": ("iso3",),
    "free_movement.csv": ("iso3",),
    "prices.csv": ("year",),
    "ratifications.csv": ("iso3", "instrument"),
}
_CODES: Final[Mapping[str, tuple[str, ...]]] = {
    "membership.csv": ("iso3",),
    "corridors.csv": ("origin", "destination"),
    "panel.csv": ("iso3",),
    "refugees.csv": ("origin", "host"),
    "borders.csv": ("a", "b"),
    "exit_rates.csv": ("host",),
    "wanting_less.csv": ("iso3",),
    "free_movement.csv": ("iso3",),
    "ratifications.csv": ("iso3",),
}
_WORDS: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "states.csv": {
        "development": ("less", "more"),
        "least_developed": ("0", "1"),
        "income_group_2007": INCOME_GROUPS,
        "income_group_2010": INCOME_GROUPS,
    },
    "borders.csv": {"kind": ("land", "sea"), "closed": ("0", "1")},
    "free_movement.csv": {"group": ("EU",)},
}
_WHOLE: Final[Mapping[str, str]] = {"free_movement.csv": "since", "prices.csv": "year"}
_SOURCED: Final = ("exit_rates.csv", "wanting_less.csv", "free_movement.csv", "ratifications.csv")


def check(tables: Mapping[str, Table]) -> None:
    """Refuse tables that are broken, saying where and how.

    Raises
    ------
    InputError
        With one line per fault: an unknown state, a number out of its bounds or missing, the same row
        twice, a pair of a state with itself, a missing year, corridors above a state's total.
    """
    faults = list(_one_by_one(tables))
    if not faults:  # sums are meaningful only once every cell is a number of a known state
        faults = [
            *_years(tables["panel.csv"]),
            *_refugee_years(tables["refugees.csv"]),
            *_totals(tables["states.csv"], tables["corridors.csv"]),
        ]
    _refuse(faults)


def check_small(
    table: Table, known: Iterable[str], whole: Callable[[Table], Iterable[str]] = lambda _: ()
) -> None:
    """Refuse a small table that is broken, saying where and how.

    Parameters
    ----------
    table
        The table; its file name says what is asked of it.
    known
        Codes of the states there are.
    whole
        Further faults of the table, looked for once each cell is in order.

    Raises
    ------
    InputError
        With one line per fault.
    """
    _refuse(list(_in_table(table, frozenset(known))) or list(whole(table)))


def _refuse(faults: list[str]) -> None:
    if faults:
        more = [f"and {len(faults) - SHOWN} more"] if len(faults) > SHOWN else []
        raise InputError("\n".join([*faults[:SHOWN], *more]))


def _one_by_one(tables: Mapping[str, Table]) -> Iterator[str]:
    known = frozenset(tables["states.csv"]["iso3"])
    yield from _forms(tables["states.csv"])
    for table in tables.values():
        yield from _in_table(table, known)
    yield from _with_itself(tables["corridors.csv"], "origin", "destination")
    yield from _with_itself(tables["refugees.csv"], "origin", "host")


def _in_table(table: Table, known: frozenset[str]) -> Iterator[str]:
    file = table.path.name
    yield from _duplicates(table, _KEYS[file])
    for column in _CODES.get(file, ()):
        yield from _unknown(table, column, known)
    for column, values in _WORDS.get(file, {}).items():
        yield from _other_words(table, column, values)
    for column, bounds in _BOUNDS.get(file, {}).items():
        yield from _out_of_bounds(table, column, bounds)
    if file in _WHOLE:
        yield from _not_whole(table, _WHOLE[file])
    if file in _SOURCED:
        yield from _unsourced(table)


def _other_words(table: Table, column: str, values: tuple[str, ...]) -> Iterator[str]:
    for row, text in table.located(column):
        if text not in values:
            yield f"{table.at(row)}: {column} is {text!r}; it must be one of {_listed(values)}"


def _not_whole(table: Table, column: str) -> Iterator[str]:
    for row, text in table.located(column):
        if not (text.isascii() and text.isdigit()):
            yield f"{table.at(row)}: {column} is {text!r}; it must be a whole year, as 2005"


def _unsourced(table: Table) -> Iterator[str]:
    for row, text in table.located("source"):
        if not text.strip():
            yield f"{table.at(row)}: source is empty; say where the number comes from"


def _forms(states: Table) -> Iterator[str]:
    for row, code in states.located("iso3"):
        if not (len(code) == 3 and code.isascii() and code.isupper()):
            yield f"{states.at(row)}: iso3 is {code!r}; it must be three capital letters"


def _duplicates(table: Table, key: tuple[str, ...]) -> Iterator[str]:
    seen: dict[tuple[str, ...], int] = {}
    for row, found in enumerate(zip(*(table[column] for column in key), strict=True)):
        if found in seen:
            first = table.lines[seen[found]]
            yield f"{table.at(row)}: {', '.join(found)} stands already on line {first}; keep one of them"
        seen.setdefault(found, row)


def _unknown(table: Table, column: str, known: frozenset[str]) -> Iterator[str]:
    for row, code in table.located(column):
        if code not in known:
            yield f"{table.at(row)}: {column} is {code!r}, which is no state of states.csv"


def _out_of_bounds(table: Table, column: str, bounds: tuple[float, float]) -> Iterator[str]:
    low, high = bounds
    for row, text in table.located(column):
        if not text:
            if column not in _MAY_BE_EMPTY:
                yield f"{table.at(row)}: {column} is empty; a number is needed"
            continue
        try:
            value = float(text)
        except ValueError:
            yield f"{table.at(row)}: {column} is {text!r}, which is not a number"
            continue
        if not low <= value <= high:
            yield f"{table.at(row)}: {column} is {text}; it must lie in {low:g} to {high:g}"


def _with_itself(table: Table, one: str, other: str) -> Iterator[str]:
    for row, (first, second) in enumerate(zip(table[one], table[other], strict=True)):
        if first == second:
            yield f"{table.at(row)}: {first} is both {one} and {other}; a pair needs two states"


def _years(panel: Table) -> Iterator[str]:
    due = frozenset(str(year) for year in range(FIRST_YEAR, LAST_YEAR + 1))
    found: dict[str, set[str]] = {}
    first: dict[str, int] = {}
    for row, (code, year) in enumerate(zip(panel["iso3"], panel["year"], strict=True)):
        found.setdefault(code, set()).add(year)
        first.setdefault(code, row)
    for code, years in found.items():
        if missing := due - years:
            yield f"{panel.at(first[code])}: {code} has no row for {_listed(sorted(missing))}"


def _refugee_years(refugees: Table) -> Iterator[str]:
    due = tuple(str(year) for year in REFUGEE_YEARS)
    for row, year in refugees.located("year"):
        if year not in due:
            yield f"{refugees.at(row)}: year is {year}; refugees are counted in {_listed(due)}"


def _totals(states: Table, corridors: Table) -> Iterator[str]:
    for year in STOCK_YEARS:
        sums: Counter[str] = Counter()
        for destination, stock in zip(corridors["destination"], corridors[f"stock_{year}"], strict=True):
            sums[destination] += int(float(stock))
        for row, total in states.located(f"immigrants_{year}"):
            code = states["iso3"][row]
            if total and sums[code] > CORRIDOR_SLACK * float(total):
                yield (
                    f"{states.at(row)}: the corridors to {code} add up to {sums[code]} in {year}, more than"
                    f" 5 % above its immigrants_{year}, {total}; see that both are in persons"
                )


def _listed(values: Iterable[str]) -> str:
    return ", ".join(value or "(empty)" for value in values)
