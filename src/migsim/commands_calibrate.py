"""The command that refits what is calibrated, and sets it beside the registry."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from migsim.commands import app

if TYPE_CHECKING:
    from rich.console import Console

    from migsim.calibration import Calibration

__all__ = ["app"]

WIDTH: Final = 150
"""Columns of the tables where there is no terminal to measure."""

RecordFile = Annotated[
    Path | None, typer.Option("--out", metavar="FILE", help="Write the record to this file too.")
]
Write = Annotated[
    bool,
    typer.Option(
        "--write", help="Carry the fits over to the record and the registry of a checkout of the source."
    ),
]


@app.command()
def calibrate(out: RecordFile = None, write: Write = False) -> None:
    """Refit what is calibrated to figures up to 2007, and compare with the registry."""
    from rich.console import Console

    from migsim.calibration import calibrate as fitted
    from migsim.calibration.record import write as carry_over
    from migsim.calibration.record import write_record

    found = fitted()
    console = Console(width=None if Console().is_terminal else WIDTH, highlight=False, soft_wrap=False)
    _tell_fits(found, console)
    _tell_origins(found, console)
    _tell_identities(found, console)
    if out is not None:
        write_record(found, out)
        typer.echo(f"Record: {out}")
    if write:
        for path in carry_over(found):
            typer.echo(f"Written: {path}")


def _tell_fits(found: Calibration, console: Console) -> None:
    from rich.table import Table

    from migsim.calibration.fits import rounded
    from migsim.provenance.calibrations import calibrations
    from migsim.provenance.parameters import registry

    table = Table(title="Fits, and the registry", title_justify="left")
    for column in ("parameter", "registry", "fit", "range"):
        table.add_column(column, no_wrap=True)
    for column in ("target", "error", "recorded"):
        table.add_column(column)
    for fit in found.fits:
        row, last = registry().get(fit.path), calibrations().get(fit.id)
        held = "no row" if row is None else f"{float(row.default):g}"
        table.add_row(
            fit.path,
            f"{held} {'agrees' if found.agrees(fit) else 'differs'}",
            f"{rounded(fit.value):g}" + (f" ± {rounded(fit.standard_error):g}" if fit.standard_error else ""),
            f"{rounded(fit.low):g} to {rounded(fit.high):g}",
            f"{fit.target}; n {fit.n}",
            f"{rounded(fit.error):g} (before {rounded(fit.error_before):g}) {fit.error_unit}",
            last.date if last else "never",
        )
    console.print(table)
    for fit in found.fits:
        for note in fit.notes:
            console.print(f"{fit.path}: {note}.", markup=False)
    agreeing = sum(found.agrees(fit) for fit in found.fits)
    console.print(
        f"The registry agrees with {agreeing} of {len(found.fits)} fits of {found.date}, to three digits."
    )


def _tell_origins(found: Calibration, console: Console) -> None:
    from rich.table import Table

    table = Table(
        title="\nShare of the newly displaced 2005-07 placed with a wrong host", title_justify="left"
    )
    for column in ("origin", "persons", "published values", "fit", "fit without this origin"):
        table.add_column(column, justify="left" if column == "origin" else "right")
    for each in sorted(found.flight.origins, key=lambda origin: -origin.arrivals):
        errors = (f"{error:.2f}" for error in (each.before, each.after, each.left_out))
        table.add_row(each.origin, f"{each.arrivals:,.0f}", *errors)
    console.print(table)


def _tell_identities(found: Calibration, console: Console) -> None:
    console.print("Not fitted:")
    for each in found.identities:
        console.print(
            f"  {each.quantity}: figures {each.figure:,.0f}, model {each.model:,.0f} {each.unit}"
            f" ({each.difference:+.1%})"
        )
