"""Stata files (release 118, Stata 14 and later) of any length, written some rows after the others.

pandas writes the whole of a frame at once. Here it writes each part as a file of its own in memory; of these
only the rows are kept, behind the head of a first one, whose number of rows and places of sections are then
set right.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from migsim.results.codebook import Column

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["write_stata"]

RELEASE: Final = 118
_COUNT: Final = b"<N>"
_MAP: Final = b"<map>"
_DATA: Final = b"<data>"
_END_OF_DATA: Final = b"</data>"
_SECTIONS: Final = 14
_DATA_AT, _AFTER_DATA = 9, 10
_LONGEST_LABEL: Final = 80


def write_stata(
    path: Path,
    parts: Iterable[pd.DataFrame],
    columns: Mapping[str, Column],
    words: Mapping[str, Sequence[str]],
    title: str,
    made_at: datetime,
) -> int:
    """Write a table as a Stata file.

    Parameters
    ----------
    path
    parts
        The rows, some after the others, with the columns under their names in the file.
    columns
        What each column is, by its name in the file: at most 32 letters, digits and underscores.
    words
        The words of each column of words, which become labels of values; their places are the values.
    title, made_at
        Stand in the head of the file.

    Returns
    -------
    int
        Rows written.
    """
    head = _bytes_of(_one_row(columns, words), columns, words, title, made_at)
    begin, end = _rows_of(head)
    width = end - begin
    n = 0
    with path.open("wb") as file:
        file.write(head[:begin])
        for part in parts:
            if part.empty:
                continue
            made = _bytes_of(part, columns, words, title, made_at)
            first, last = _rows_of(made)
            if last - first != width * len(part):
                raise ValueError(f"rows of {(last - first) / len(part)} bytes, where {width} are expected")
            file.write(made[first:last])
            n += len(part)
        file.write(head[end:])
        counted = head.index(_COUNT) + len(_COUNT)
        file.seek(counted)
        file.write(struct.pack("<Q", n))
        places = _places(head)
        moved = [at + (n - 1) * width if number >= _AFTER_DATA else at for number, at in enumerate(places)]
        file.seek(head.index(_MAP) + len(_MAP))
        file.write(struct.pack(f"<{_SECTIONS}Q", *moved))
    return n


def _one_row(columns: Mapping[str, Column], words: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    """A row that has every column in the width that all rows have."""
    import pandas as pd

    usual: dict[str, object] = {"number": 0.5, "whole": 0, "flag": False, "state": "AAA"}
    row = {
        name: words[name][0] if column.kind == "word" and words[name] else usual.get(column.kind)
        for name, column in columns.items()
    }
    return pd.DataFrame([row])


def _bytes_of(
    part: pd.DataFrame,
    columns: Mapping[str, Column],
    words: Mapping[str, Sequence[str]],
    title: str,
    made_at: datetime,
) -> bytes:
    """Some rows as a Stata file of their own."""
    import pandas as pd

    kinds: dict[str, Any] = {"number": "float64", "whole": "int32", "flag": "int8"}
    frame = pd.DataFrame(
        {
            name: pd.Categorical(part[name], categories=list(words[name]))
            if column.kind == "word"
            else part[name].astype(kinds.get(column.kind, "object"))
            for name, column in columns.items()
        }
    )
    file = io.BytesIO()
    frame.to_stata(
        file,
        write_index=False,
        version=RELEASE,
        byteorder="little",
        time_stamp=made_at,
        data_label=title[:_LONGEST_LABEL],
        variable_labels={name: column.title[:_LONGEST_LABEL] for name, column in columns.items()},
    )
    return file.getvalue()


def _places(made: bytes) -> tuple[int, ...]:
    """Where the sections of a file begin, as its map says."""
    return struct.unpack_from(f"<{_SECTIONS}Q", made, made.index(_MAP) + len(_MAP))


def _rows_of(made: bytes) -> tuple[int, int]:
    """Where the rows of a file begin and end."""
    places = _places(made)
    return places[_DATA_AT] + len(_DATA), places[_AFTER_DATA] - len(_END_OF_DATA)
