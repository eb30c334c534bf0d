"""Read the data files as columns of text that remember the line they came from."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from migsim.errors import InputError

__all__ = [
    "COLUMNS",
    "FOLDER",
    "REFUGEE_YEARS",
    "SMALL_COLUMNS",
    "STOCK_YEARS",
    "Table",
    "read_small",
    "read_table",
    "read_tables",
]

FOLDER: Final = Path(__file__).parent
STOCK_YEARS: Final = (2000, 2005, 2010)
REFUGEE_YEARS: Final = (2005, 2007, 2010)

COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "states.csv": (
        "iso3", "name", "region", "subregion", "development", "least_developed",
        "income_group_2007", "income_group_2010", "gdp_per_head_usd_2010",
        "immigrants_2000", "immigrants_2005", "immigrants_2010",
        "emigrants_2000", "emigrants_2005", "emigrants_2010",
        "remittances_paid_2005", "refugees_hosted_2010", "refugees_from_2010", "latitude", "longitude",
    ),
    "membership.csv": ("iso3", "member_since", "source"),
    "corridors.csv": ("origin", "destination", "stock_2000", "stock_2005", "stock_2010"),
    "panel.csv": ("iso3", "year", "population", "income", "growth", "unemployment", "remittances_received"),
    "refugees.csv": ("year", "origin", "host", "refugees"),
}  # fmt: skip
"""The tables that make up the figures; all of them are needed at once."""

SMALL_COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "borders.csv": ("a", "b", "kind", "closed", "note"),
    "exit_rates.csv": ("host", "exit_5_years", "source"),
    "wanting_less.csv": ("iso3", "share", "source"),
    "free_movement.csv": ("iso3", "since", "group", "source"),
    "prices.csv": ("year", "usa_gdp_deflator"),
    "ratifications.csv": ("iso3", "instrument", "date", "source"),
}
"""The small tables, each read on its own when first asked for."""


@dataclass(frozen=True, slots=True)
class Table:
    """One data file: its columns as text, and the line of each row."""

    path: Path
    columns: Mapping[str, tuple[str, ...]]
    lines: tuple[int, ...]

    def __getitem__(self, column: str) -> tuple[str, ...]:
        return self.columns[column]

    def __len__(self) -> int:
        return len(self.lines)

    def at(self, row: int) -> str:
        """Where a row stands, as ``file:line``."""
        return f"{self.path}:{self.lines[row]}"

    def located(self, column: str) -> Iterator[tuple[int, str]]:
        """Row number and text of each cell of a column."""
        return enumerate(self.columns[column])


def read_table(path: Path, columns: tuple[str, ...]) -> Table:
    """Read one file and see that it has the columns it should have.

    Raises
    ------
    InputError
        If the file is missing, has other columns, or a row with too few or too many cells.
    """
    if not path.is_file():
        raise InputError(f"{path}: no such data file; its columns must be {', '.join(columns)}")
    with path.open(encoding="utf-8", newline="") as source:
        reader = csv.reader(source)
        header = tuple(next(reader, ()))
        if header != columns:
            raise InputError(f"{path}:1: columns are {', '.join(header)}; they must be {', '.join(columns)}")
        rows: list[list[str]] = []
        lines: list[int] = []
        for row in reader:
            if len(row) != len(columns):
                raise InputError(f"{path}:{reader.line_num}: {len(row)} cells; there must be {len(columns)}")
            rows.append(row)
            lines.append(reader.line_num)
    cells = zip(*rows, strict=True) if rows else ((),) * len(columns)
    return Table(path, dict(zip(columns, map(tuple, cells), strict=True)), tuple(lines))


def read_tables(folder: Path | None = None) -> dict[str, Table]:
    """Read the five tables of figures from a folder (the shipped one unless told otherwise)."""
    return {file: read_table((folder or FOLDER) / file, columns) for file, columns in COLUMNS.items()}


def read_small(file: str, folder: Path | None = None) -> Table:
    """Read one of the small tables from a folder (the shipped one unless told otherwise)."""
    return read_table((folder or FOLDER) / file, SMALL_COLUMNS[file])
