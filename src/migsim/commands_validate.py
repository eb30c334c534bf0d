"""The command that holds the world against figures."""

from __future__ import annotations

from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from migsim.command_parts import Quiet
from migsim.commands import app
from migsim.errors import EnvironmentProblem, InputError
from migsim.validation import DEFAULT_WORLDS

if TYPE_CHECKING:
    from rich.table import Table

    from migsim.validation.checks import Check
    from migsim.validation.validating import Validation

__all__ = ["app"]

FOLDER: Final = Path("validation")


@app.command()
def validate(
    later: Annotated[
        list[str] | None,
        typer.Option(
            "--later",
            metavar="FILE",
            help="A CSV file of later figures to score: origin,destination,year,stock;"
            " origin,host,year,refugees; state,year,immigrants; state,year,remittances; or"
            " year,instrument,iso3 for ratifications, with vote for votes;"
            " year,process,n_states and year,process,held for sessions."
            " May be given more than once.",
        ),
    ] = None,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder for the report.")] = FOLDER,
    worlds: Annotated[
        int,
        typer.Option("--worlds", metavar="N", min=0, help="Ranged worlds behind the intervals; 0 for none."),
    ] = DEFAULT_WORLDS,
    quiet: Quiet = False,
) -> None:
    """Hold the world against figures that nothing was fitted to, with simple forecasts beside it.

    Checks that fall short are findings: the exit code is 0.
    """
    from migsim.validation.later import read_later
    from migsim.validation.report import write
    from migsim.validation.validating import validate as validated

    given = read_later(later or ())  # a bad file is told before anything is made
    if out.exists() and not out.is_dir():
        raise InputError(f"{out}: is not a folder; choose another name with --out")
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise EnvironmentProblem(
            f"{out}: cannot be made ({error.strerror}); choose another with --out"
        ) from None
    done = validated(given, worlds, progress=not quiet)
    for line in done.unscored:
        typer.echo(f"Not scored: {line}", err=True)
    written = write(done, out)
    if not quiet:
        _show(done)
    typer.echo(f"Results: {out}")
    if not quiet:
        typer.echo(f"  {', '.join(str(path.relative_to(out)) for path in written)}")


def _show(validation: Validation) -> None:
    """The checks that pass or fall short, a table a section; what is only shown is in the report."""
    from rich.console import Console

    console = Console(highlight=False)
    for section, checks in validation.sections.items():
        judged = [check for check in checks if check.passed is not None]
        if judged:
            console.print(f"\n[bold]{section}[/bold]")
            console.print(_table(judged))
    n = [sum(check.passed is state for check in validation.checks) for state in (True, False)]
    console.print(f"\n{len(validation.checks)} checks: {n[0]} pass, {n[1]} fall short.\n")


def _table(checks: list[Check]) -> Table:
    from rich.table import Table

    from migsim.validation.checks import told

    table = Table(box=None, pad_edge=False, header_style="dim", expand=True)
    table.add_column("", ratio=3, overflow="fold")
    for name, width in (("model", 7), ("5-95 %", 16), ("figure", 7)):
        table.add_column(name, justify="right", min_width=width)
    table.add_column("best rival", ratio=2, overflow="fold")
    table.add_column("", min_width=11)
    for check in checks:
        interval = f"{told(check.low)} to {told(check.high)}" if told(check.low) else ""
        colour = {True: "green", False: "red", None: "dim"}[check.passed]
        table.add_row(
            f"{check.what}, {check.year} ({check.unit})",
            told(check.model), interval, told(check.figure), _rival(check),
            f"[{colour}]{check.verdict}[/{colour}]",
        )  # fmt: skip
    return table


def _rival(check: Check) -> str:
    """The forecast nearest to the figure, if there are both."""
    from migsim.validation.checks import told

    if not check.forecasts or not isfinite(check.figure):
        return ""
    best = min(check.forecasts, key=lambda name: abs(check.forecasts[name] - check.figure))
    return f"{told(check.forecasts[best])} ({best})"
