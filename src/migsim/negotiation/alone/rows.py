"""The rows of an input, wherever they come from: a CSV file, a frame, or columns by name.

Only regular files of bounded size are read, as text in UTF-8; every row keeps the line it stands on.
"""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from migsim.errors import Fault, InputError
from migsim.scenario.files import KINDS_OF_PLACES, shown_path

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["MOST_BYTES", "Faults", "Rows", "Where", "read_rows"]

MOST_BYTES: Final = 20 << 20
_SHOWN: Final = 25
_FRAME: Final = "frame"


@dataclass(frozen=True, slots=True, order=True)
class Where:
    """A place in an input: the number of its line or row, zero for the whole, and how it is told."""

    number: int
    words: str


class Faults:
    """What is wrong with an input."""

    def __init__(self) -> None:
        self._found: list[tuple[Where, str]] = []

    def __bool__(self) -> bool:
        return bool(self._found)

    def add(self, where: Where, column: str, found: str, allowed: str = "", suggestion: str = "") -> None:
        """Note one fault, at a place and a column."""
        self._found.append((where, str(Fault(where.words, 0, 0, column, found, allowed, suggestion))))

    def refuse(self) -> None:
        """Raise what was found, if anything was.

        Raises
        ------
        InputError
            With a line for each fault, in the order of the input.
        """
        if self._found:
            lines = [said for _, said in sorted(self._found, key=lambda fault: fault[0].number)]
            more = len(lines) - _SHOWN
            last = [f"... and {more} more faults; mend these first"] if more > 0 else []
            raise InputError("\n".join([*lines[:_SHOWN], *last]))


@dataclass(frozen=True, eq=False)
class Rows:
    """Rows of cells under a header.

    ``name`` of the file or frame, its ``header``, the ``cells`` row by row, the ``numbers`` of the lines or
    rows, and whether it is a file.
    """

    name: str
    header: Sequence[str]
    cells: Sequence[Sequence[object]]
    numbers: Sequence[int]
    is_file: bool

    @property
    def head(self) -> Where:
        """Where the header stands."""
        return Where(1, f"{self.name}:1") if self.is_file else Where(0, self.name)

    def at(self, row: int) -> Where:
        """Where a row stands."""
        number = self.numbers[row]
        return Where(number, f"{self.name}:{number}" if self.is_file else f"{self.name} row {number}")


def read_rows(given: pd.DataFrame | Mapping[str, Any] | str | os.PathLike[str]) -> Rows:
    """The rows of a CSV file, a frame, or columns by name.

    Raises
    ------
    InputError
        If it cannot be read at all, or rows are shorter or longer than the header.
    """
    if isinstance(given, str | os.PathLike):
        return _of_file(Path(given))
    import pandas as pd

    if isinstance(given, Mapping):
        try:
            given = pd.DataFrame(dict(given))
        except ValueError as error:
            raise InputError(f"{_FRAME}: {error}; give columns of equal length, as lists") from None
    if not isinstance(given, pd.DataFrame):
        allowed = "a DataFrame, columns by name, or the path of a CSV file"
        raise InputError(f"{_FRAME}: found a {type(given).__name__}; allowed: {allowed}")
    header = [str(name) for name in given.columns]
    cells = list(zip(*(given.iloc[:, n].tolist() for n in range(len(header))), strict=True))
    return Rows(_FRAME, header, cells, range(1, len(cells) + 1), is_file=False)


def _of_file(path: Path) -> Rows:
    name = shown_path(path)
    lines = _lines(name, _text(path, name))
    number, header = next(lines, (1, []))
    if not any(cell.strip() for cell in header):
        raise InputError(
            f"{name}:{number}: nothing in it; write a line of column names, and a row for each actor"
        )
    faults, cells, numbers = Faults(), [], []
    for line, row in lines:
        if len(row) != len(header):
            said = f"found {len(row)} cells; allowed: {len(header)}, as in the first line"
            faults.add(
                Where(line, f"{name}:{line}"), "", said, suggestion="put text with commas in double quotes"
            )
        cells.append(row)
        numbers.append(line)
    faults.refuse()
    return Rows(name, header, cells, numbers, is_file=True)


def _lines(name: str, text: str) -> Iterator[tuple[int, list[str]]]:
    """Rows that are not blank, with the line on which each begins."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise InputError(f"{name}:{line}: no CSV ({error}); mend the quotes on this line") from None
        if any(cell.strip() for cell in row):
            yield line, row


def _text(path: Path, name: str) -> str:
    content = _bytes(path, name)
    if 0 in content:
        raise InputError(f"{name}: found a binary file; allowed: CSV text in UTF-8; export the table as CSV")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        found = f"byte {content[error.start]:#04x} is not UTF-8"
        raise InputError(f"{name}:{line}: {found}; allowed: CSV text in UTF-8; save it as UTF-8") from None


def _bytes(path: Path, name: str) -> bytes:
    try:
        # Without O_NONBLOCK, opening a named pipe would wait for a writer for ever.
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
        try:
            mode = os.fstat(handle).st_mode
            kind = next((kind for is_kind, kind in KINDS_OF_PLACES if is_kind(mode)), "")
            content = b"" if kind else _read(handle)
        finally:
            os.close(handle)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise InputError(f"{name}: cannot be read ({reason}); name a readable CSV file") from None
    if kind:
        raise InputError(f"{name}: is {kind}; allowed: a CSV file; name a file")
    if len(content) > MOST_BYTES:
        raise InputError(f"{name}: larger than {MOST_BYTES >> 20} MB; shorten it")
    return content


def _read(handle: int) -> bytes:
    """All of a file, or a little more than is allowed of it."""
    with open(handle, "rb", closefd=False) as file:
        return file.read(MOST_BYTES + 1)
