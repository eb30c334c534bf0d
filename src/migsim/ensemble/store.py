"""Shards on disk: one Parquet file a table and shard, and a note that says when a shard is finished.

A file is written under another name, flushed to the disk and then renamed, and the note is written last: what
has a note is whole, whenever the power went.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from migsim.ensemble.batch import KEYS, Columns, Tables
from migsim.ensemble.fingerprints import Fingerprints

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["Failure", "Outcome", "arrow_table", "file_sha256", "finished", "write_shard", "write_whole"]

NOTES: Final = "shards"
"""Folder of the notes; it leaves the run folder once the manifest holds what they say."""


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
    tables
        Its tables, unless they were written to disk.
    """

    number: int
    replicates: tuple[int, ...]
    fingerprints: Fingerprints
    failures: tuple[Failure, ...]
    seconds: float
    tables: Tables | None = None


def write_shard(folder: Path, outcome: Outcome, key: str) -> None:
    """Write the tables of a shard, and then its note."""
    import pyarrow.parquet as pq

    files = {}
    for name, columns in (outcome.tables or {}).items():
        path = folder / name / f"part-{outcome.number:05}.parquet"
        path.parent.mkdir(exist_ok=True)
        measures = [column for column, values in columns.items() if values.dtype.kind == "f"]
        labels = [column for column in columns if column not in measures]
        # Numbers of neighbouring rows resemble each other in their leading bytes only, so bytes stand apart.
        options = {"compression": "zstd", "use_dictionary": labels, "use_byte_stream_split": measures}
        write_whole(path, partial(pq.write_table, arrow_table(columns), **options))
        files[f"{name}/{path.name}"] = file_sha256(path)
    note = {
        "key": key,
        "number": outcome.number,
        "replicates": outcome.replicates,
        "fingerprints": outcome.fingerprints,
        "failures": [[each.replicate, each.error, each.traceback] for each in outcome.failures],
        "seconds": outcome.seconds,
        "files": files,
    }
    (folder / NOTES).mkdir(exist_ok=True)
    write_whole(
        _note(folder, outcome.number), lambda part: part.write_text(json.dumps(note), encoding="utf-8")
    )


def finished(folder: Path, number: int, key: str) -> Outcome | None:
    """What an interrupted run left of a shard, if it is whole, without failures, and the one wanted."""
    try:
        note: dict[str, Any] = json.loads(_note(folder, number).read_text(encoding="utf-8"))
        if note["key"] != key or note["failures"]:
            return None
        if any(file_sha256(folder / name) != sha256 for name, sha256 in note["files"].items()):
            return None
        marks = {
            name: {int(replicate): sha256 for replicate, sha256 in table.items()}
            for name, table in note["fingerprints"].items()
        }
        return Outcome(number, tuple(note["replicates"]), marks, (), float(note["seconds"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def clear(folder: Path, kept: Iterable[int]) -> None:
    """Remove every shard but those that are kept."""
    numbers = {f"{number:05}" for number in kept}
    for name in (*KEYS, NOTES):
        for path in (folder / name).glob("*"):
            if path.stem.removeprefix("part-") not in numbers or path.suffix not in (".parquet", ".json"):
                path.unlink()


def write_whole(path: Path, write: Callable[[Path], object]) -> None:
    """Write a file so that it is there whole or not at all."""
    part = path.with_name(f"{path.name}.writing")
    write(part)
    handle = os.open(part, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
    part.replace(path)


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


def _note(folder: Path, number: int) -> Path:
    return folder / NOTES / f"{number:05}.json"
