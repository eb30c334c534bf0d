"""The commands that write pages for readers: a report on runs, and a brief on one state."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from migsim.command_parts import Quiet, notes
from migsim.commands import app

__all__ = ["app"]

Page = Annotated[
    Path | None, typer.Option("--out", metavar="FILE", help="The file; by default beside the run.")
]
Force = Annotated[bool, typer.Option("--force", help="Replace a file that is no such page.")]


@app.command()
def report(
    runs: Annotated[
        list[str],
        typer.Argument(
            metavar="RUN...",
            help="Run folders, the folder of a comparison, or scenarios whose finished runs are in runs/.",
        ),
    ],
    out: Page = None,
    figures: Annotated[
        str | None,
        typer.Option(
            "--figures",
            metavar="NAME,...",
            help="Which figures, as `plane,winners,world_map`; by default the six that say most.",
        ),
    ] = None,
    force: Force = False,
    quiet: Quiet = False,
) -> None:
    """Write what was found as one HTML file: findings, figures, assumptions, sources, commands."""
    from migsim.report.opening import default_page, opened_runs
    from migsim.report.reporting import report as written

    opened = opened_runs(runs)
    page = out or default_page(opened, runs, "report.html")
    chosen = None if figures is None else [name.strip() for name in figures.split(",") if name.strip()]
    with notes():
        written(opened, page, figures=chosen, force=force, progress=not quiet)
    typer.echo(f"Report: {page}")


@app.command()
def brief(
    state: Annotated[
        str, typer.Argument(metavar="STATE", help="A state by ISO 3166 code or by name, as MEX or Mexico.")
    ],
    run: Annotated[
        str,
        typer.Argument(metavar="RUN", help="A run folder, or a scenario whose finished run is in runs/."),
    ],
    out: Page = None,
    form: Annotated[
        str,
        typer.Option("--format", metavar="html|md", help="A page for A4, or Markdown without figure."),
    ] = "html",
    groups: Annotated[
        str | None,
        typer.Option(
            "--groups",
            metavar="FILE",
            help="Tell the state beside the others of its group: a CSV file with columns state and group, or "
            "subregion, income_group, development or role. By default the groups of the run, or its region.",
        ),
    ] = None,
    force: Force = False,
    quiet: Quiet = False,
) -> None:
    """Write one page on a state: its facts, interests, what it said, and what it gained and why."""
    from migsim.report.briefing import brief as written
    from migsim.report.identity import state_named
    from migsim.report.opening import default_page, opened_run

    iso3, opened = state_named(state), opened_run(run)
    page = out or default_page([opened], [run], f"brief-{iso3}.{form}")
    with notes():
        written(opened, iso3, page, form=form, groups=groups, force=force, progress=not quiet)
    typer.echo(f"Brief: {page}")
