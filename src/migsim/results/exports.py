"""The tables of a run for other programs: CSV, Stata and Parquet, with a codebook of every column.

Tables are written some worlds after the others, so that memory stays flat. Names of columns are fit for R and
Stata in every format; true and false are 1 and 0; there are no dates.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from migsim.ensemble.folders import on_disk
from migsim.ensemble.store import write_text, write_whole
from migsim.errors import InputError, shown
from migsim.results.codebook import codebook
from migsim.results.export_notes import HEAD, codebook_text, readme_text
from migsim.results.export_tables import Exported, chosen_tables
from migsim.results.groups import By
from migsim.results.projections import with_projection
from migsim.results.run import SUMMARIES, Run

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["CODEBOOK", "FORMATS", "README", "default_export", "export", "write_plain"]

FORMATS: Final[Mapping[str, str]] = {
    "csv": "CSV in UTF-8, for any program",
    "dta": "Stata 14 and later, with labels of variables and values",
    "parquet": "Apache Parquet, for R (arrow), Python and others",
}
CODEBOOK: Final = "codebook.csv"
README: Final = "README.txt"


def export(
    run: Run,
    out: str | os.PathLike[str] | None = None,
    *,
    fmt: str = "csv",
    tables: Iterable[str] | None = None,
    groups: By = None,
    missing: str = "",
) -> list[Path]:
    """Write the tables of a run for other programs, with a codebook and a note on how to read them.

    Parameters
    ----------
    run
    out
        Folder; by default beside the run, with ``-export`` behind its name.
    fmt
        ``csv``, ``dta`` (Stata) or ``parquet``.
    tables
        Which; by default all of the run, its summaries and, with groups, what is told by them.
    groups
        Groups of states, as for `Run.groups`; by default those that were given when the run was made, if any.
    missing
        What stands in CSV where there is no value; by default nothing.

    Returns
    -------
    list of Path
        The files, the note first.

    Raises
    ------
    InputError
        If there is no such format or table, or the folder holds something else.
    EnvironmentProblem
        If it cannot be written.
    """
    if fmt not in FORMATS:
        raise InputError(f"format {shown(fmt)}; allowed are {', '.join(FORMATS)}")
    _refuse_missing(missing, fmt)
    chosen = chosen_tables(run, tables, groups)
    target = default_export(run) if out is None else Path(out)
    _refuse_strange(target)
    with on_disk(target):
        _begin(target)
        words = {table.name: table.words() for table in chosen}
        n_rows = {}
        for table in chosen:
            write = partial(_write, table=table, fmt=fmt, words=words[table.name], missing=missing, run=run)
            n_rows[table.name] = _whole_file(target / f"{table.name}.{fmt}", write)
        notes = {
            CODEBOOK: codebook_text(chosen, words, fmt),
            README: readme_text(run, chosen, n_rows, fmt, missing, CODEBOOK),
        }
        for name, text in notes.items():
            write_text(target / name, text)
    return [target / README, target / CODEBOOK, *(target / f"{table.name}.{fmt}" for table in chosen)]


def write_plain(run: Run, folder: Path) -> list[Path]:
    """Write every table and summary of a run as CSV, named and worded as here; gives the files."""
    written: list[Path] = []
    with on_disk(folder):
        folder.mkdir(parents=True, exist_ok=True)
        for name in (*SUMMARIES, *run.tables):
            parts = [getattr(run, name)] if name in SUMMARIES else run.parts(name)
            written.append(folder / f"{name}.csv")
            for n, part in enumerate(parts):
                with_projection(part).to_csv(written[-1], mode="a" if n else "w", header=not n, index=False)
    return written


def default_export(run: Run) -> Path:
    """Where an export goes if the user does not say: beside the run."""
    if run.folder is None:
        raise InputError(f"{run.name}: is in memory only; say where its tables are to go")
    return run.folder.with_name(f"{run.folder.name}-export")


def _begin(target: Path) -> None:
    """Make the folder, and leave nothing of an earlier export in it."""
    target.mkdir(parents=True, exist_ok=True)
    (target / README).write_text(f"{HEAD}, not finished\n", encoding="utf-8")
    for name in dict.fromkeys(table for table, _ in codebook()):
        for suffix in FORMATS:
            (target / f"{name}.{suffix}").unlink(missing_ok=True)


def _whole_file(path: Path, write: partial[int]) -> int:
    """Write a file whole or not at all; gives its rows."""
    counted: list[int] = []
    write_whole(path, lambda part: counted.append(write(part)), is_lasting=False)
    return counted[0]


def _write(
    path: Path, table: Exported, fmt: str, words: Mapping[str, list[str]], missing: str, run: Run
) -> int:
    match fmt:
        case "csv":
            return _write_csv(path, table, missing)
        case "parquet":
            return _write_parquet(path, table)
    from migsim.results.stata import write_stata

    columns = {table.names[column.name]: column for column in table.columns}
    title = f"migsim: {run.title}, table {table.name}"
    made_at = datetime.fromisoformat(str(run.manifest["finished_at"])).replace(tzinfo=None)
    return write_stata(path, table.rows(), columns, words, title, made_at)


def _schema(table: Exported) -> pa.Schema:
    """Types of the columns, each with its label."""
    import pyarrow as pa

    kinds = {"number": pa.float64(), "whole": pa.int64(), "flag": pa.int8()}
    return pa.schema(
        [
            pa.field(
                table.names[each.name], kinds.get(each.kind, pa.string()), metadata={"label": each.title}
            )
            for each in table.columns
        ]
    )


def _arrow_parts(table: Exported, schema: pa.Schema) -> Iterable[pa.Table]:
    import pyarrow as pa

    for part in table.rows():
        yield pa.Table.from_pandas(part, schema=schema, preserve_index=False)


def _write_csv(path: Path, table: Exported, missing: str) -> int:
    """Write a table as CSV.

    Arrow writes ten times as fast as pandas, but can only leave empty what is missing.
    """
    from pyarrow.csv import WriteOptions, write_csv

    n = 0
    with path.open("wb") as file:
        file.write((",".join(table.names.values()) + "\n").encode("ascii"))
        if missing:
            for frame in table.rows():
                frame.to_csv(file, header=False, index=False, na_rep=missing, lineterminator="\n")
                n += len(frame)
            return n
        for part in _arrow_parts(table, _schema(table)):
            write_csv(part, file, WriteOptions(include_header=False))
            n += part.num_rows
    return n


def _write_parquet(path: Path, table: Exported) -> int:
    from pyarrow.parquet import ParquetWriter

    schema, n = _schema(table), 0
    with ParquetWriter(path, schema, compression="zstd") as writer:
        for part in _arrow_parts(table, schema):
            writer.write_table(part)
            n += part.num_rows
    return n


def _refuse_missing(missing: str, fmt: str) -> None:
    if not missing:
        return
    if fmt != "csv":
        raise InputError(f"missing: {fmt} has a value of its own for what is missing; leave it out")
    if not missing.isprintable() or len(missing) > 20 or set(missing) & set(',"'):
        raise InputError(
            f"missing: found {shown(missing)}; allowed is a short text without commas and quotes"
        )


def _refuse_strange(target: Path) -> None:
    """Refuse a folder that holds something else than an earlier export."""
    if not os.path.lexists(target):
        return
    with on_disk(target):
        if not target.is_dir():
            raise InputError(f"{target}: is not a folder; choose another name with --out")
        note = target / README
        is_ours = note.is_file() and note.read_bytes().startswith(HEAD.encode())
        if not is_ours and any(target.iterdir()):
            raise InputError(f"{target}: holds something else; choose another folder with --out")
