"""Read CSV files of later figures, whoever has them, and say what is wrong with them.

A file has one row per corridor, or per state, and one or more columns of figures; further columns are left
alone. Figures stand either in a column ``year`` and one per quantity, or in columns such as ``stock_2015``::

    origin,destination,year,stock      migrants from the origin living in the destination, persons; those of
                                       2010 are in the project and are not read from here
    origin,host,year,refugees          refugees from the origin in the host, persons
    state,year,immigrants              persons, or shares of the population from 0 to 1
    state,year,remittances             received, million current USD
    year,instrument,iso3               a state that ratified in the year; instruments by their names in the
                                       library. Those of the migrant workers' convention to 2010 are in the
                                       project and are not read from here
    year,instrument,iso3,vote          how a state voted, see `migsim.validation.later_votes`
    year,process,n_states              states at a session, see `migsim.validation.later_sessions`
    year,process,held                  1 if a process met in the year, 0 if not

``iso3`` may stand for ``state``, ``host`` for ``destination``, ``remittances_received`` for ``remittances``.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from migsim.errors import InputError, shown
from migsim.facts.codes import iso3_codes
from migsim.scenario.wording import did_you_mean
from migsim.validation.later_sessions import Sitting, has_sittings, read_sittings
from migsim.validation.later_votes import VoteOnRecord, has_votes, read_votes
from migsim.validation.ratifications import INSTRUMENTS, LAST, MIGRANT_WORKERS
from migsim.validation.runs import LAST_YEAR
from migsim.world.vocabulary import BASE_YEAR

__all__ = ["QUANTITIES", "Figure", "Later", "read_later"]

QUANTITIES: Final[Mapping[str, tuple[str, ...]]] = {
    "stock": ("origin", "destination"),
    "refugees": ("origin", "host"),
    "immigrants": ("state",),
    "remittances": ("state",),
    "ratification": ("instrument", "state"),
}
"""What can be scored, and the columns that say of whom."""
_ALIASES: Final = {"iso3": "state", "remittances_received": "remittances"}
_TWINS: Final = {"host": "destination", "destination": "host"}
KNOWN_TO: Final = {MIGRANT_WORKERS: LAST}
"""The last year of ratifications that are in the project."""
_SHOWN: Final = 25
_FORMS: Final = (
    "origin,destination,year,stock | origin,host,year,refugees | state,year,immigrants"
    " | state,year,remittances | year,instrument,iso3 | year,process,n_states | year,process,held"
)
_WIDE: Final = re.compile(r"(?P<name>[a-z_]+)_(?P<year>\d{4})")


@dataclass(frozen=True, slots=True)
class Figure:
    """One later figure: a quantity of one or two states in a year."""

    quantity: str
    states: tuple[str, ...]
    year: int
    value: float


@dataclass(frozen=True)
class Later:
    """The figures of all files, by quantity and year: states to value.

    ``files`` by quantity, for the source of a check; ``votes`` on record, which are words and no figures;
    ``sittings``, sessions of processes, whose names are no states.
    """

    figures: Mapping[str, Mapping[int, Mapping[tuple[str, ...], float]]]
    files: Mapping[str, tuple[str, ...]]
    votes: tuple[VoteOnRecord, ...] = ()
    sittings: tuple[Sitting, ...] = ()

    @property
    def last(self) -> int:
        """The last year of any figure, the base year if there is none."""
        return max((year for years in self.figures.values() for year in years), default=BASE_YEAR)

    def source(self, quantity: str) -> str:
        """The files a quantity comes from."""
        return ", ".join(self.files.get(quantity, ()))


@dataclass(frozen=True, slots=True)
class _Column:
    place: int
    quantity: str
    year: int | None


def read_later(paths: Sequence[Path | str]) -> Later:
    """Read files of later figures.

    Parameters
    ----------
    paths
        CSV files in the forms of this module; figures may be spread over several, but no figure may stand
        twice.

    Raises
    ------
    InputError
        With one line per fault: where, what was found, what is allowed.
    """
    figures: dict[str, dict[int, dict[tuple[str, ...], float]]] = {}
    files: dict[str, list[str]] = {}
    faults: list[str] = []
    of_votes = [path for path in map(Path, paths) if has_votes(path)]
    of_sittings = [path for path in map(Path, paths) if has_sittings(path)]
    votes = _read_by(read_votes, of_votes, faults)
    sittings = _read_by(read_sittings, of_sittings, faults)
    for path in (path for path in map(Path, paths) if path not in (*of_votes, *of_sittings)):
        found = list(_in_file(path, faults))
        faults += _odd_immigrants(path, found)
        for where, figure in found:
            years = figures.setdefault(figure.quantity, {}).setdefault(figure.year, {})
            if figure.states in years:
                faults.append(
                    f"{where}: {figure.quantity} of {'-'.join(figure.states)} in {figure.year} stands twice;"
                    " keep one of them"
                )
            years[figure.states] = figure.value
            named = files.setdefault(figure.quantity, [])
            if path.name not in named:
                named.append(path.name)
        if not found and not faults:
            faults.append(f"{path}: no figure in it; fill at least one cell")
    if faults:
        more = [f"and {len(faults) - _SHOWN} more"] if len(faults) > _SHOWN else []
        raise InputError("\n".join([*faults[:_SHOWN], *more]))
    named_files = {quantity: tuple(names) for quantity, names in files.items()}
    return Later(figures, named_files, votes, sittings)


def _read_by[T](
    reader: Callable[[Sequence[Path]], tuple[T, ...]], paths: Sequence[Path], faults: list[str]
) -> tuple[T, ...]:
    """What some files of their own kind say; what is wrong is added to ``faults``."""
    try:
        return reader(paths)
    except InputError as fault:
        faults.extend(str(fault).splitlines())
        return ()


def _in_file(path: Path, faults: list[str]) -> Iterator[tuple[str, Figure]]:
    """The figures of one file with their places; what is wrong is added to ``faults``."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        faults.append(f"{path}: cannot be read: {error.strerror or error}")
        return
    except UnicodeDecodeError:
        faults.append(f"{path}: is no text in UTF-8; save it as CSV in UTF-8")
        return
    reader = csv.reader(text.splitlines())
    header = [_ALIASES.get(cell.strip().lower(), cell.strip().lower()) for cell in next(reader, [])]
    if is_of_ratifications(header):
        yield from _ratifications(path, reader, header, faults)
        return
    columns = list(_columns(header))
    if problem := _header_problem(header, columns):
        faults.append(f"{path}:1: {problem}")
        return
    for row in reader:
        where = f"{path}:{reader.line_num}"
        if not any(cell.strip() for cell in row):
            continue
        if len(row) != len(header):
            faults.append(f"{where}: {len(row)} cells; the first line has {len(header)}")
            continue
        try:
            yield from _in_row(where, [cell.strip() for cell in row], header, columns)
        except InputError as fault:
            faults.append(str(fault))


def is_of_ratifications(header: Sequence[str]) -> bool:
    """Whether a table has a row for each ratification."""
    return {"year", "instrument", "state"} <= set(header)


def _ratifications(
    path: Path, rows: Iterator[list[str]], header: Sequence[str], faults: list[str]
) -> Iterator[tuple[str, Figure]]:
    known = INSTRUMENTS
    for number, row in enumerate(rows, start=2):
        where = f"{path}:{number}"
        if not any(cell.strip() for cell in row):
            continue
        if len(row) != len(header):
            faults.append(f"{where}: {len(row)} cells; the first line has {len(header)}")
            continue
        year, name, code = (row[header.index(key)].strip() for key in ("year", "instrument", "state"))
        try:
            if name not in known:
                raise InputError(
                    f"{where}: instrument is {shown(name)}; it must be one of {', '.join(known)}"
                )
            states = (name, _state(where, "iso3", code))
            if year.isdigit() and 1900 <= int(year) <= KNOWN_TO.get(name, BASE_YEAR):
                continue  # whole histories carry along what is on record or lies before the world's start
            yield where, Figure("ratification", states, _year(where, year), 1.0)
        except InputError as fault:
            faults.append(str(fault))


def _columns(header: Sequence[str]) -> Iterator[_Column]:
    """The columns that hold figures."""
    for place, name in enumerate(header):
        if name in QUANTITIES and name != "ratification":
            yield _Column(place, name, None)
        elif wide := _WIDE.fullmatch(name):
            quantity = _ALIASES.get(wide["name"], wide["name"])
            if quantity in QUANTITIES:
                yield _Column(place, quantity, int(wide["year"]))


def _header_problem(header: Sequence[str], columns: Sequence[_Column]) -> str:
    found = f"columns are {shown(','.join(header))}"
    if not columns:
        return f"{found}; they must be one of: {_FORMS}; or, without year, stock_2015 and the like"
    for column in columns:
        missing = [key for key in QUANTITIES[column.quantity] if _key(header, key) is None]
        if missing:
            return f"{found}; {column.quantity} also needs {' and '.join(missing)}"
        if column.year is None and "year" not in header:
            return f"{found}; {column.quantity} needs a column year, or a name such as {column.quantity}_2015"
    wide = [column.year for column in columns if column.year is not None]
    if wide and "year" in header:
        return f"{found}; either a column year or years in the names, not both"
    if wide and not (BASE_YEAR < max(wide) <= LAST_YEAR):
        return f"{found}; years must be {BASE_YEAR + 1} to {LAST_YEAR}"
    return ""


def _key(header: Sequence[str], key: str) -> int | None:
    for name in (key, _TWINS.get(key, key)):
        if name in header:
            return header.index(name)
    return None


def _in_row(
    where: str, row: Sequence[str], header: Sequence[str], columns: Sequence[_Column]
) -> Iterator[tuple[str, Figure]]:
    year = _year(where, row[header.index("year")]) if "year" in header else None
    for column in columns:
        if column.year is not None and column.year <= BASE_YEAR:
            # Wide tables as the project's own carry the base years along.
            continue
        text = row[column.place]
        if not text:
            continue
        keys = QUANTITIES[column.quantity]
        states = tuple(_state(where, key, row[_key(header, key) or 0]) for key in keys)
        if len(set(states)) < len(states):
            raise InputError(f"{where}: {states[0]} is both {' and '.join(keys)}; a pair needs two states")
        value = _number(where, header[column.place], text)
        when = column.year if column.year is not None else year
        assert when is not None, "the header was checked"
        yield where, Figure(column.quantity, states, when, value)


def _state(where: str, key: str, code: str) -> str:
    known = iso3_codes()
    if code in known:
        return code
    meant = did_you_mean(code.upper(), known)
    raise InputError(
        f"{where}: {key} is {shown(code)}; it must be the ISO3 code of one of {len(known)} states"
        f"{meant and f'; {meant}'}"
    )


def _year(where: str, text: str) -> int:
    if not (text.isascii() and text.isdigit()) or not BASE_YEAR < int(text) <= LAST_YEAR:
        raise InputError(f"{where}: year is {shown(text)}; it must be from {BASE_YEAR + 1} to {LAST_YEAR}")
    return int(text)


def _number(where: str, column: str, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not 0.0 <= value < float("inf"):
        raise InputError(f"{where}: {column} is {shown(text)}; it must be a number from 0 up")
    return value


def _odd_immigrants(path: Path, found: Sequence[tuple[str, Figure]]) -> Iterator[str]:
    """Percentages are neither persons nor shares from 0 to 1."""
    values = [(where, figure.value) for where, figure in found if figure.quantity == "immigrants"]
    if values and 1.0 < max(value for _, value in values) <= 100.0:
        where, value = max(values, key=lambda each: each[1])
        yield f"{where}: immigrants is {value:g} at most; it must be persons, or shares from 0 to 1"
