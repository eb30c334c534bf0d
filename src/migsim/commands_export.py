"""The command that writes the tables of a run for other programs."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from migsim.command_parts import Groups, notes
from migsim.commands import app

__all__ = ["app"]


class Format(StrEnum):
    """What files an export consists of."""

    CSV = "csv"
    DTA = "dta"
    PARQUET = "parquet"


@app.command()
def export(
    run: Annotated[str, typer.Argument(metavar="RUN", help="A run folder.")],
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="Folder for the files; by default beside the run."),
    ] = None,
    kind: Annotated[
        Format, typer.Option("--format", help="CSV, Stata (14 and later) or Parquet.")
    ] = Format.CSV,
    tables: Annotated[
        list[str] | None,
        typer.Option("--table", metavar="NAME", help="Only this table. Repeatable; by default all."),
    ] = None,
    groups: Groups = None,
    missing: Annotated[
        str, typer.Option("--missing", metavar="TEXT", help="What stands in CSV for no value, such as NA.")
    ] = "",
) -> None:
    """Write the tables of a run for R, Stata and other programs, with a codebook."""
    from migsim.results.exports import export as exported
    from migsim.results.group_tables import told_groups
    from migsim.results.run import Run

    done = Run.open(run)
    with notes():
        written = exported(done, out, fmt=kind.value, tables=tables or None, groups=groups, missing=missing)
    if groups is not None:
        typer.echo(f"Note: {told_groups(done.groups(groups))}", err=True)
    typer.echo(f"Results: {written[0].parent}\n  {', '.join(path.name for path in written)}")
