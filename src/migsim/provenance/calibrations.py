"""The record of what was fitted to what, with which error and when: ``calibration.csv``."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from migsim.errors import InputError

__all__ = ["COLUMNS", "RECORD", "Calibrated", "Fitted", "calibrations", "read_calibrations"]

FOLDER: Final = Path(__file__).parent
RECORD: Final = "calibration.csv"
COLUMNS: Final = (
    "id", "path", "value", "standard_error", "low", "high", "target", "figures", "n", "error", "error_unit",
    "method", "date",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """One fitted parameter.

    Attributes
    ----------
    id
        What the registry calls it: ``calibration:id``.
    path
        Its row in the registry.
    value, standard_error
        The estimate; no standard error where the value solves an equation.
    low, high
        The range to be drawn from: the interval of 90 % unless ``method`` says otherwise.
    target
        What was fitted.
    figures
        Files and years that the fit has seen.
    n
        Observations.
    error, error_unit
        What is left unexplained, and in which unit.
    method
        Estimator and optimiser.
    """

    id: str
    path: str
    value: float
    standard_error: float | None
    low: float
    high: float
    target: str
    figures: str
    n: int
    error: float
    error_unit: str
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibrated(Fitted):
    """A fitted parameter as recorded, with the ``date`` of the fit."""

    date: str

    @property
    def citation(self) -> str:
        """What was fitted to what, how, how well and when, for a list of sources."""
        spread = f" (se {self.standard_error:g})" if self.standard_error is not None else ""
        return (
            f"fitted {self.date} by `migsim calibrate`: {self.value:g}{spread}, range {self.low:g} to"
            f" {self.high:g}; target: {self.target}; figures: {self.figures}; n {self.n}; error"
            f" {self.error:g} ({self.error_unit}); {self.method}"
        )


@cache
def calibrations() -> Mapping[str, Calibrated]:
    """The shipped record, by id.

    Examples
    --------
    >>> calibrations()["network"].path
    'world.flows.network'
    """
    return read_calibrations()


def read_calibrations(folder: Path = FOLDER) -> Mapping[str, Calibrated]:
    """The record of a folder, by id.

    Raises
    ------
    InputError
        If a row cannot be read or stands twice, with its line.
    """
    found: dict[str, Calibrated] = {}
    with (folder / RECORD).open(encoding="utf-8", newline="") as table:
        reader = csv.DictReader(table)
        if tuple(reader.fieldnames or ()) != COLUMNS:
            raise InputError(f"{RECORD}:1: columns must be {', '.join(COLUMNS)}")
        for row in reader:
            where = f"{RECORD}:{reader.line_num}"
            if None in row or None in row.values():
                raise InputError(f"{where}: the row has more or fewer cells than there are columns")
            if row["id"] in found:
                raise InputError(f"{where}: {row['id']} stands twice")
            found[row["id"]] = _calibrated(row, where)
    return MappingProxyType(found)


def _calibrated(row: Mapping[str, str], where: str) -> Calibrated:
    try:
        return Calibrated(
            id=row["id"],
            path=row["path"],
            value=float(row["value"]),
            standard_error=float(row["standard_error"]) if row["standard_error"] else None,
            low=float(row["low"]),
            high=float(row["high"]),
            target=row["target"],
            figures=row["figures"],
            n=int(row["n"]),
            error=float(row["error"]),
            error_unit=row["error_unit"],
            method=row["method"],
            date=row["date"],
        )
    except ValueError as error:
        raise InputError(f"{where}: {row['id']}: {error}") from error
