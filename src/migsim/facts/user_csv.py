"""Read a CSV file that a user wrote, and say where each row stands and what is wrong with it."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from math import isfinite
from typing import Final

from migsim.errors import Fault, shown

__all__ = ["Row", "number_in", "rows_of"]

MOST_ROWS: Final = 20_000
_ALIASES: Final = {"iso3": "state", "country": "state"}
_SEPARATORS: Final = {";": "semicolons", "\t": "tabs"}


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the line it ends on, counted from one, and the text of each column that is asked for."""

    line: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]


def rows_of(
    content: bytes, file: str, required: Sequence[str], optional: Sequence[str] = ()
) -> tuple[list[Row], list[Fault]]:
    """The rows of a CSV file with a header, and what is wrong with them.

    Columns may stand in any order, ``iso3`` or ``country`` may stand for ``state``, and further columns are
    left alone. Empty lines are left out, spaces around cells too.

    Parameters
    ----------
    content
        Bytes of the file: UTF-8, with or without a byte-order mark.
    file
        How the file is called in messages.
    required, optional
        Columns.
    """
    allowed = f"columns {', '.join(required)}" + (f" and perhaps {', '.join(optional)}" if optional else "")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        said = f"a byte that is not UTF-8 ({content[error.start]:#04x})"
        return [], [Fault(file, line, 1, "", said, "text in UTF-8", "save it as CSV UTF-8")]
    header, _, _ = text.partition("\n")
    if said := next((name for mark, name in _SEPARATORS.items() if mark in header and "," not in header), ""):
        return [], [Fault(file, 1, 1, "", f"columns separated by {said}", "commas", "save it with commas")]
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        lines = [(reader.line_num, cells) for cells in reader]
    except csv.Error as error:
        return [], [Fault(file, reader.line_num, 1, "", str(error), "CSV", "mend the quotes")]
    lines = [(line, [cell.strip() for cell in cells]) for line, cells in lines if any(map(str.strip, cells))]
    if not lines:
        return [], [Fault(file, 1, 1, "", "nothing in it", allowed, "write a header and rows")]
    place, faults = _columns(lines[0], file, required, optional, allowed)
    if len(lines) > MOST_ROWS + 1:
        faults.append(
            Fault(file, 0, 0, "", f"{len(lines) - 1:,} rows", f"at most {MOST_ROWS:,}", "divide it")
        )
    if faults:
        return [], faults
    rows = []
    for line, cells in lines[1:]:
        if len(cells) != len(lines[0][1]):
            found, wanted = f"{len(cells)} cells", f"{len(lines[0][1])}, as in the header"
            faults.append(Fault(file, line, 1, "", found, wanted, "quote cells that hold commas"))
            continue
        rows.append(Row(line, {name: cells[at] for name, at in place.items()}))
    return rows, faults


def _columns(
    header: tuple[int, list[str]], file: str, required: Sequence[str], optional: Sequence[str], allowed: str
) -> tuple[dict[str, int], list[Fault]]:
    """Where each column stands."""
    line, cells = header
    faults, place = [], {}
    for at, cell in enumerate(cells):
        name = cell.lower()
        name = _ALIASES.get(name, name) if "state" in required else name
        if name in place:
            faults.append(Fault(file, line, 1, "", f"column {name} twice", allowed, "delete or rename one"))
        elif name in required or name in optional:
            place[name] = at
    for name in required:
        if name not in place:
            near = get_close_matches(name, [cell for cell in cells if cell.lower() not in place], n=1)
            hint = f"rename {near[0]}" if near else "add it to the first line"
            faults.append(Fault(file, line, 1, "", f"no column {name}", allowed, hint))
    return place, faults


def number_in(cell: str) -> tuple[float | None, str]:
    """The number that a cell holds, or what to write instead of what it holds.

    Examples
    --------
    >>> number_in("12.5"), number_in("1,200")
    ((12.5, ''), (None, 'write a point for decimals, and thousands without a mark'))
    """
    plain = cell.isascii() and "_" not in cell
    try:
        number = float(cell) if plain else float("nan")
    except ValueError:
        number = float("nan")
    if isfinite(number):
        return number, ""
    if not cell:
        return None, "write a number, or delete the row"
    if any(letter.isdigit() for letter in cell) and set(cell) <= set("0123456789.,'’ \u00a0\u202f-+"):
        return None, "write a point for decimals, and thousands without a mark"
    return None, f"write a number in place of {shown(cell)}"
