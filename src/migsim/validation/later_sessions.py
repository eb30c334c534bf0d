"""Score later counts of who came, and whether processes met, that a user brings.

Two forms of CSV; processes by their names in the library::

    year,process,n_states      states that came to a session of the process in the year
    year,process,held          1 if the process met in the year, 0 if it did not

Counts are those of ranged worlds in which the process met, beside the mean of the counts on record up to 2010
where there are any. Whether it met is scored over all rows at once by the Brier score, beside a coin and the
share of rows with a meeting, which has seen the record. A row may stand in one file with both columns.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from migsim.errors import InputError, shown
from migsim.plots.sessions import known_counts
from migsim.scenario.load import load
from migsim.scenario.wording import did_you_mean
from migsim.validation.checks import Check, told, wins
from migsim.validation.governed import GFMD, HISTORY, Governed, govern

if TYPE_CHECKING:
    from migsim.world.corridors import Array

__all__ = ["COLUMNS", "Sitting", "has_sittings", "read_sittings", "session_checks"]

COLUMNS: Final = ("n_states", "held")
"""What a file says of a process and a year: one of these, or both."""
SECTION: Final = "Later sessions"
KNOWN_TO: Final = 2010
"""Counts of the Global Forum up to this year are in the project and are not read from files."""
COIN: Final = 0.5
MOST_SHOWN: Final = 25


@dataclass(frozen=True, slots=True)
class Sitting:
    """What a file says of a process in a year: how many states came, whether it met; None: not said."""

    process: str
    year: int
    file: str
    n_states: float | None = None
    held: float | None = None


def has_sittings(path: Path | str) -> bool:
    """Whether a file is one of sessions; what cannot be read is not, and others complain of it."""
    try:
        with Path(path).open(encoding="utf-8-sig", newline="") as file:
            header = _header(next(csv.reader(file), []))
    except (OSError, UnicodeDecodeError):
        return False
    return "process" in header and any(name in header for name in COLUMNS)


def _header(cells: Iterable[str]) -> list[str]:
    return [cell.strip().lower() for cell in cells]


def read_sittings(paths: Sequence[Path | str]) -> tuple[Sitting, ...]:
    """Read files of sessions.

    Raises
    ------
    InputError
        With one line per fault: where, what was found, what is allowed.
    """
    found: dict[tuple[str, int, str], Sitting] = {}
    faults: list[str] = []
    for path in map(Path, paths):
        rows = csv.reader(path.read_text(encoding="utf-8-sig").splitlines())
        header = _header(next(rows, []))
        if "year" not in header:
            faults.append(f"{path}:1: a file of sessions also needs year")
            continue
        for row in rows:
            if not any(cell.strip() for cell in row):
                continue
            cells = {name: cell.strip() for name, cell in zip(header, row, strict=False)}
            try:
                for sitting in _in_row(f"{path}:{rows.line_num}", path.name, cells):
                    _add(found, f"{path}:{rows.line_num}", sitting)
            except InputError as fault:
                faults.append(str(fault))
    if faults:
        raise InputError("\n".join(faults[:MOST_SHOWN]))
    return tuple(found.values())


def _add(found: dict[tuple[str, int, str], Sitting], where: str, sitting: Sitting) -> None:
    column = COLUMNS[0] if sitting.n_states is not None else COLUMNS[1]
    key = sitting.process, sitting.year, column
    if key in found:
        raise InputError(
            f"{where}: {column} of {sitting.process} in {sitting.year} stands twice; keep one of them"
        )
    found[key] = sitting


def _in_row(where: str, file: str, cells: dict[str, str]) -> Iterator[Sitting]:
    """What one row says; counts that are in the project are passed over."""
    years = load(HISTORY).spec.years
    text = cells.get("year", "")
    if not text.isdecimal() or not years.first <= int(text) <= years.last:
        raise InputError(f"{where}: year is {shown(text)}; it must be from {years.first} to {years.last}")
    year, process = int(text), _process(where, cells.get("process", ""))
    if count := cells.get("n_states", ""):
        if not count.isdecimal():
            raise InputError(f"{where}: n_states is {shown(count)}; it must be a whole number from 0 up")
        if process != GFMD or year > KNOWN_TO:
            yield Sitting(process, year, file, n_states=float(count))
    if said := cells.get("held", ""):
        if said not in ("0", "1"):
            raise InputError(f"{where}: held is {shown(said)}; it must be 0 or 1")
        yield Sitting(process, year, file, held=float(said))


def _process(where: str, said: str) -> str:
    known = tuple(load(HISTORY).spec.processes)
    name = said.lower().replace("_", "-")
    if name in known:
        return name
    meant = did_you_mean(name, known)
    raise InputError(f"{where}: process is {shown(said)}; {meant or 'it must be one of ' + ', '.join(known)}")


def session_checks(
    given: Sequence[Sitting],
    worlds: int,
    seen: Governed | None = None,
    on_year: Callable[[], object] | None = None,
) -> Iterator[Check]:
    """The scores of every session that was brought along.

    Parameters
    ----------
    given
    worlds
        Ranged worlds to run; 0: the central one alone.
    seen
        Worlds that have been run already.
    on_year
        Told each finished year.
    """
    if not given:
        return
    worlds_seen = seen or govern(worlds, on_year=on_year)
    counted = [sitting for sitting in given if sitting.n_states is not None]
    for process in dict.fromkeys(sitting.process for sitting in counted):
        yield from _counts(worlds_seen, [sitting for sitting in counted if sitting.process == process])
    dated = [sitting for sitting in given if sitting.held is not None]
    if dated:
        yield from _meetings(worlds_seen, dated)


def _counts(seen: Governed, sittings: Sequence[Sitting]) -> Iterator[Check]:
    """Counts of one process, year by year, and how far off they are on the whole."""
    process, file = sittings[0].process, ", ".join(dict.fromkeys(each.file for each in sittings))
    before = [float(n) for year, n in known_counts().items() if year <= KNOWN_TO] if process == GFMD else []
    forecast = {"mean up to 2010": float(np.mean(before))} if before else {}
    ours, theirs = [], []
    for sitting in sorted(sittings, key=lambda each: each.year):
        came = seen.attending(process, sitting.year)
        figure = float(sitting.n_states or 0.0)
        if not came.size:
            yield Check(
                SECTION, f"states at {process}", str(sitting.year), "states", float("nan"), figure=figure,
                source=file, remark="The model holds no such session in any world: nothing to score.",
            )  # fmt: skip
            continue
        low, middle, high = (float(value) for value in np.quantile(came, (0.05, 0.5, 0.95)))
        ours.append(abs(middle - figure))
        theirs += [abs(each - figure) for each in forecast.values()]
        is_inside = "inside" if low <= figure <= high else "outside"
        yield Check(
            SECTION, f"states at {process}", str(sitting.year), "states", middle, low, high, figure, forecast,
            source=file, remark=f"The figure is {is_inside} the interval.",
        )  # fmt: skip
    if ours and theirs:
        error, rival = float(np.mean(ours)), float(np.mean(theirs))
        yield Check(
            SECTION, f"mean absolute error of states at {process}", _span(sittings), "states", error,
            figure=0.0, forecasts={"mean up to 2010": rival}, passed=error < rival, source=file,
            remark=f"{'Nearer' if error < rival else 'No nearer'} than the mean of the counts up to 2010"
            f" ({told(rival)}).",
        )  # fmt: skip


def _meetings(seen: Governed, sittings: Sequence[Sitting]) -> Iterator[Check]:
    """Whether processes met: chance by chance, and the score of all."""
    file = ", ".join(dict.fromkeys(each.file for each in sittings))
    happened: Array = np.array([float(each.held or 0.0) for each in sittings])
    chances: Array = np.array(
        [float(seen.held[each.process][:, seen.at(each.year)].mean()) for each in sittings]
    )
    for each, chance in zip(sittings, chances, strict=True):
        yield Check(
            SECTION, f"{each.process} meets", str(each.year), "share of worlds", float(chance),
            figure=float(each.held or 0.0), source=file,
        )  # fmt: skip

    def brier(forecast: Array | float) -> float:
        return float(((forecast - happened) ** 2).mean())

    rivals = {"a coin": brier(COIN), "all alike": brier(float(happened.mean()))}
    won, best = wins(brier(chances), rivals, is_larger_better=False)
    yield Check(
        SECTION, "which processes meet (Brier score)", _span(sittings), "score", brier(chances), figure=0.0,
        forecasts=rivals, passed=won, source=file,
        remark=f"{len(sittings)} years of processes, {told(float(happened.sum()))} with a meeting;"
        f" {'better' if won else 'no better'} than {best} ({told(rivals[best])}).",
    )  # fmt: skip


def _span(sittings: Sequence[Sitting]) -> str:
    """The years that some rows cover."""
    years = sorted({each.year for each in sittings})
    return f"{years[0]}-{years[-1]}" if years[0] != years[-1] else str(years[0])
