"""The fits as a record, and the record carried over to the registry of parameters.

Of ``parameters.csv`` only the cells default, low, high and source of calibrated rows change; every other byte
stays as it is.
"""

from __future__ import annotations

import csv
import io
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from migsim.calibration.fits import Fit, rounded
from migsim.errors import EnvironmentProblem, InputError
from migsim.provenance.calibrations import COLUMNS, RECORD, Fitted, read_calibrations
from migsim.provenance.parameters import COLUMNS as ROW
from migsim.provenance.parameters import FOLDER, read_registry
from migsim.quantities import plain

if TYPE_CHECKING:
    from migsim.calibration.calibrating import Calibration

__all__ = ["record", "write", "write_record"]

REGISTRY: Final = "parameters.csv"
# One cell as it stands in the file, quotes and all.
_CELL: Final = re.compile(r'("(?:[^"]|"")*"|[^,"]*)(,|$)')


def record(calibration: Calibration, before: Path | None = None) -> str:
    """The record as a table in CSV.

    Parameters
    ----------
    calibration
        The fits.
    before
        Folder of an earlier record, whose dates stay where a fit has come out the same.
    """
    earlier = read_calibrations(before) if before and (before / RECORD).is_file() else {}
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(COLUMNS)
    for fit in calibration.fits:
        cells = _cells(fit)
        last = earlier.get(fit.id)
        is_same = last is not None and _cells(last) == cells
        writer.writerow([*cells, last.date if last is not None and is_same else calibration.date])
    return table.getvalue()


def write_record(calibration: Calibration, path: Path) -> None:
    """Write the record to a file of its own.

    Raises
    ------
    EnvironmentProblem
        If the file cannot be written.
    """
    _save({path: record(calibration).encode()})


def write(calibration: Calibration, folder: Path = FOLDER) -> tuple[Path, Path]:
    """Write the record, and the values, ranges and sources of the calibrated rows of the registry.

    Nothing is written unless everything can be.

    Parameters
    ----------
    calibration
        The fits.
    folder
        Where ``calibration.csv`` and ``parameters.csv`` are, if not in the program.

    Returns
    -------
    tuple of Path
        The two files.

    Raises
    ------
    InputError
        With one line per fault: a row that is not there or stands twice, is no number, is fixed by another
        fit, or whose unit does not admit the fit.
    EnvironmentProblem
        If the files cannot be written.
    """
    file, table = folder / RECORD, folder / REGISTRY
    for path in (table, file if file.exists() else folder):
        if not os.access(path, os.W_OK):
            raise EnvironmentProblem(f"{path}: cannot be written; run this in a checkout of the source")
    lines = table.read_bytes().decode("utf-8").splitlines(keepends=True)
    faults: list[str] = []
    for fit in calibration.fits:
        found = [number for number, line in enumerate(lines) if line.startswith(f"{fit.path},")]
        if len(found) != 1:
            said = "stands more than once" if found else "no such row; add it first"
            faults.append(f"{table}: {fit.path}: {said}")
            continue
        (number,) = found
        try:
            lines[number] = _carried(lines[number], fit)
        except ValueError as error:
            faults.append(f"{table}:{number + 1}: {fit.path}: {error}")
    faults += [f"{table}:{_line(lines, path)}: {why}" for path, why in _refused(calibration, folder)]
    if faults:
        raise InputError("\n".join(faults))
    _save({file: record(calibration, folder).encode(), table: "".join(lines).encode()})
    return file, table


def _refused(calibration: Calibration, folder: Path) -> Iterator[tuple[str, str]]:
    """Rows of the registry that a fit may not change, and why."""
    rows = read_registry(folder)
    for fit in calibration.fits:
        row = rows.get(fit.path)
        if row is None:
            continue
        token = f"calibration:{fit.id}"
        others = [each for each in row.sources if each.startswith("calibration:") and each != token]
        if row.kind != "number":
            yield fit.path, f"{fit.path}: is {row.kind}, not a number"
        if others:
            yield fit.path, f"{fit.path}: is fixed by {', '.join(others)}"
        for number in (fit.low, fit.value, fit.high):
            if not row.quantity.admits(rounded(number)):
                said = f"{rounded(number):g} is outside the bounds of {row.unit}, {row.quantity.bounds}"
                yield fit.path, f"{fit.path}: {said}"


def _line(lines: list[str], path: str) -> int:
    return next(number for number, line in enumerate(lines, start=1) if line.startswith(f"{path},"))


def _carried(line: str, fit: Fit) -> str:
    """A row of the registry with a fit's value, range and source, all else as it was."""
    text = line.rstrip("\r\n")
    cells = [cell for cell, _ in _CELL.findall(text)][: len(ROW)]
    if ",".join(cells) != text:
        raise ValueError(f"the row does not have the {len(ROW)} cells of the registry")
    others = [
        token
        for token in cells[ROW.index("source")].split()
        if token not in ("assumption", f"calibration:{fit.id}")
    ]
    new = {
        "default": plain(rounded(fit.value)),
        "low": plain(rounded(fit.low)),
        "high": plain(rounded(fit.high)),
        "source": " ".join([f"calibration:{fit.id}", *others]),
    }
    for column, cell in new.items():
        cells[ROW.index(column)] = cell
    return ",".join(cells) + line[len(text) :]


def _cells(fit: Fitted) -> list[str]:
    """What the record holds of a fit, but for the date."""
    error = "" if fit.standard_error is None else plain(rounded(fit.standard_error))
    numbers = (plain(rounded(number)) for number in (fit.low, fit.high))
    start = [fit.id, fit.path, plain(rounded(fit.value)), error, *numbers, fit.target, fit.figures]
    return [*start, str(fit.n), plain(_small(fit.error)), fit.error_unit, fit.method]


def _small(error: float) -> float:
    """An error as recorded; what is left of an equation that a machine has solved is none."""
    return 0.0 if error < 1e-9 else rounded(error)


def _save(files: dict[Path, bytes]) -> None:
    for path, content in files.items():
        try:
            path.write_bytes(content)
        except OSError as error:
            raise EnvironmentProblem(f"{path}: cannot be written: {error.strerror}") from error
