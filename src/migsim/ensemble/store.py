"""Shards on disk: one Parquet file a table and shard, and a note that says when a shard is finished.

All files of a shard are written under other names and flushed to the disk before the first of them takes its
own name, and the note takes its own last: what fits its note is whole, whenever the power went or the disk
was full. A shard to which worlds are added stays whole until then; after a kill in the moment in which its
files take their names it does not fit its note, and its worlds are run again.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from migsim.ensemble.batch import KEYS, Columns, Tables
from migsim.ensemble.fingerprints import Fingerprints

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

__all__ = [
    "NOTES",
    "WRITING",
    "Failure",
    "Note",
    "Outcome",
    "arrow_table",
    "clear",
    "clear_half_written",
    "file_sha256",
    "note_path",
    "noted",
    "notes",
    "number_of",
    "read_columns",
    "table_path",
    "whole",
    "write_csv",
    "write_shard",
    "write_text",
    "write_whole",
]

NOTES: Final = "shards"
"""Folder of the notes; it leaves the run folder once the ledger holds what they say."""
WRITING: Final = ".writing"
_HERE: Final = platform.node()[:40]


@dataclass(frozen=True, slots=True)
class Failure:
    """A replicate that could not be run, and why."""

    replicate: int
    error: str
    traceback: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one shard.

    Attributes
    ----------
    replicates
        Numbers of its finished worlds.
    fingerprints
        By table and replicate; none if they are in the note of the shard.
    seconds
        How long it took.
    tables
        Its tables, unless they were written to disk.
    n_run
        How many worlds were run for it just now, failed ones among them; the others were there.
    """

    number: int
    replicates: tuple[int, ...]
    fingerprints: Fingerprints
    failures: tuple[Failure, ...]
    seconds: float
    tables: Tables | None = None
    n_run: int = 0

    @property
    def asked(self) -> Iterator[int]:
        """Numbers of its worlds, finished or failed."""
        yield from self.replicates
        yield from (failure.replicate for failure in self.failures)


@dataclass(frozen=True, slots=True)
class Note:
    """What is written down of a shard on disk.

    Attributes
    ----------
    key
        The design that it belongs to, as `migsim.ensemble.designs.Design.key` says.
    outcome
        What became of it.
    files
        SHA-256 of its files, by their names from the run folder.
    """

    key: str
    outcome: Outcome
    files: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> str:
        """The note on one line."""
        said = {
            "number": self.outcome.number,
            "key": self.key,
            "replicates": self.outcome.replicates,
            "failures": [[each.replicate, each.error, each.traceback] for each in self.outcome.failures],
            "seconds": round(self.outcome.seconds, 3),
            "files": dict(self.files),
            "fingerprints": self.outcome.fingerprints,
        }
        return json.dumps(said, separators=(",", ":"))

    @classmethod
    def of_json(cls, line: str) -> Note | None:
        """The note that a line holds; None if it is damaged."""
        try:
            said: dict[str, Any] = json.loads(line)
            marks = {
                str(name): {int(replicate): str(sha256) for replicate, sha256 in table.items()}
                for name, table in said["fingerprints"].items()
            }
            failures = tuple(
                Failure(int(replicate), str(error), str(trace))
                for replicate, error, trace in said["failures"]
            )
            replicates = tuple(int(replicate) for replicate in said["replicates"])
            files = {str(name): str(sha256) for name, sha256 in said["files"].items()}
            outcome = Outcome(int(said["number"]), replicates, marks, failures, float(said["seconds"]))
            return cls(str(said["key"]), outcome, files)
        except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
            return None


def write_shard(folder: Path, outcome: Outcome, key: str) -> None:
    """Write the tables of a shard and its note, all of them or none; tables that it no longer has go.

    Only a kill while they take their names, which is a few renames, leaves some of them; such a shard does
    not fit its note and is run again.
    """
    import pyarrow.parquet as pq

    staged: dict[Path, Path] = {}
    try:
        files = {}
        for name, columns in (outcome.tables or {}).items():
            path = table_path(folder, name, outcome.number)
            path.parent.mkdir(exist_ok=True)
            measures = [column for column, values in columns.items() if values.dtype.kind == "f"]
            labels = [column for column in columns if column not in measures]
            # Numbers of neighbouring rows resemble each other in their leading bytes, so bytes stand apart.
            options: dict[str, Any] = {"compression": "lz4", "write_page_checksum": True}
            options |= {"use_dictionary": labels, "use_byte_stream_split": measures}
            options |= {"write_statistics": labels}
            staged[path] = _stage(path, partial(pq.write_table, arrow_table(columns), **options))
            files[f"{name}/{path.name}"] = file_sha256(staged[path])
        said = Note(key, outcome, files).as_json()
        path = note_path(folder, outcome.number)
        path.parent.mkdir(exist_ok=True)
        staged[path] = _stage(path, lambda part: part.write_text(said, encoding="utf-8"))
        for name in KEYS:
            if name not in (outcome.tables or {}):
                table_path(folder, name, outcome.number).unlink(missing_ok=True)
        for path, part in staged.items():
            part.replace(path)
        # The note's folder alone: a note whose tables are lost with the power is seen not to fit them.
        _flush(folder / NOTES)
    except BaseException:
        for part in staged.values():
            with suppress(OSError):
                part.unlink(missing_ok=True)
        raise


def noted(folder: Path, number: int, key: str) -> Note | None:
    """The note of a shard, if there is one that belongs to the design."""
    try:
        note = Note.of_json(note_path(folder, number).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return note if note is not None and note.key == key and note.outcome.number == number else None


def whole(folder: Path, number: int, key: str) -> Note | None:
    """The note of a shard, if it belongs to the design and the shard has its files alone, as written."""
    note = noted(folder, number, key)
    if note is None:
        return None
    paths = [table_path(folder, name, number) for name in KEYS]
    try:
        is_whole = all(file_sha256(folder / name) == mark for name, mark in note.files.items()) and all(
            path.relative_to(folder).as_posix() in note.files for path in paths if path.exists()
        )
    except OSError:
        return None
    return note if is_whole else None


def notes(folder: Path) -> Iterator[Note]:
    """The notes of a folder, in the order of their shards."""
    for path in sorted((folder / NOTES).glob("*.json"), key=number_of):
        note = Note.of_json(path.read_text(encoding="utf-8", errors="replace"))
        if note is not None:
            yield note


def read_columns(folder: Path, number: int, replicates: Collection[int]) -> Tables:
    """The rows of some worlds, as they were before they were written."""
    import numpy as np
    import pyarrow.parquet as pq

    tables: Tables = {}
    for name in KEYS:
        path = table_path(folder, name, number)
        if path.is_file():
            read = pq.read_table(path, partitioning=None)
            columns = {column: read[column].to_numpy() for column in read.column_names}
            rows = np.isin(columns["replicate"], list(replicates))
            tables[name] = {column: values[rows] for column, values in columns.items()}
    return tables


def clear(folder: Path, kept: Collection[int]) -> None:
    """Remove every shard but those that are kept, and what was left half written."""
    for name in (*KEYS, NOTES):
        for path in (folder / name).glob("*"):
            if path.suffix not in (".parquet", ".json") or number_of(path) not in kept:
                path.unlink(missing_ok=True)
        with suppress(OSError):
            (folder / name).rmdir()
    for path in folder.glob(f"*{WRITING}"):
        path.unlink(missing_ok=True)


def number_of(path: Path) -> int:
    """Number of the shard that a file belongs to; -1 for a file of something else."""
    digits = path.stem.removeprefix("part-")
    return int(digits) if digits.isascii() and digits.isdigit() else -1


def table_path(folder: Path, name: str, number: int) -> Path:
    """Where the rows of a shard stand in a table."""
    return folder / name / f"part-{number:05}.parquet"


def note_path(folder: Path, number: int) -> Path:
    """Where the note of a shard stands."""
    return folder / NOTES / f"{number:05}.json"


def write_whole(path: Path, write: Callable[[Path], object], *, is_lasting: bool = True) -> None:
    """Write a file so that it is there whole or not at all.

    Parameters
    ----------
    path
    write
        Writes to the path that it is given.
    is_lasting
        Whether to wait until it is on the disk.
    """
    part = _stage(path, write, is_lasting=is_lasting)
    part.replace(path)
    if is_lasting:
        _flush(path.parent)


def write_text(path: Path, text: str, *, is_lasting: bool = True) -> None:
    """Write a text in UTF-8, as `write_whole` does."""
    write_whole(path, lambda part: part.write_text(text, encoding="utf-8"), is_lasting=is_lasting)


def write_csv(path: Path, frame: pd.DataFrame) -> None:
    """Write a table as CSV without its index, as `write_whole` does."""
    write_whole(path, lambda part: frame.to_csv(part, index=False))


def clear_half_written(folder: Path) -> None:
    """Remove what processes of this machine left half written in a folder, and are no more."""
    for path in folder.glob(f"*{WRITING}"):
        name, _, writer = path.name.removesuffix(WRITING).rpartition("-")
        if name.endswith(f".{_HERE}") and writer.isdecimal() and not _is_alive(int(writer)):
            path.unlink(missing_ok=True)


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        pass
    return True


def file_sha256(path: Path) -> str:
    """SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def arrow_table(columns: Columns) -> pa.Table:
    """Columns as an Arrow table; a frame made of it is the same whether it went to disk or not."""
    import pyarrow as pa

    return pa.table(
        {
            name: pa.array(values, pa.string() if values.dtype.kind in "UO" else None)
            for name, values in columns.items()
        }
    )


def _stage(path: Path, write: Callable[[Path], object], *, is_lasting: bool = True) -> Path:
    """A file's content under a name that no other process uses."""
    part = path.with_name(f"{path.name}.{_HERE}-{os.getpid()}{WRITING}")
    try:
        write(part)
        if is_lasting:
            _flush(part)
    except BaseException:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise
    return part


def _flush(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
