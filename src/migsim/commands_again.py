"""The commands that look at what is there again: differences, replays, second runs and research objects."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from migsim.command_parts import Workers
from migsim.commands import app
from migsim.errors import FINE, SOME_RUNS_FAILED, InputError

if TYPE_CHECKING:
    from migsim.results.outcome_differences import Diff
    from migsim.scenario.diff import Differences

__all__ = ["app"]

DIFF_FORMAT: Final = "migsim diff"
DIFF: Final = "a diff of migsim"

RunFolder = Annotated[str, typer.Argument(metavar="RUN", help="A run folder.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="Show no progress.")]


@app.command()
def diff(
    a: Annotated[
        str, typer.Argument(metavar="A", help="A scenario file, a shipped scenario or a run folder.")
    ],
    b: Annotated[str, typer.Argument(metavar="B", help="The one it is held against.")],
    outcomes: Annotated[
        bool,
        typer.Option(
            "--outcomes", help="Compare outcomes as well: of scenarios, their largest run in runs/."
        ),
    ] = False,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Folder for the same as CSV.")
    ] = None,
) -> None:
    """Show what two scenarios set differently and, of two runs, what came out differently."""
    from migsim.scenario.diff import differences
    from migsim.scenario.files import is_folder
    from migsim.scenario.load import load

    identity = {"format": DIFF_FORMAT, "A": a, "B": b}
    if out is not None:
        from migsim.ensemble.places import refuse_foreign

        refuse_foreign(Path(os.path.realpath(out)), identity, DIFF)
    are_runs = [is_folder(each) for each in (a, b)]
    if outcomes or any(are_runs):
        found = _with_outcomes(a, b, outcomes)
        typer.echo(repr(found))
        settings = found.settings
    else:
        found, settings = None, differences(load(a), load(b))
        typer.echo(repr(settings))
    if out is not None:
        _save_diff(settings, found, out, identity)
        typer.echo(f"Results: {out}")


def _save_diff(settings: Differences, found: Diff | None, out: Path, identity: dict[str, Any]) -> None:
    """Write differences as CSV; an earlier diff of the same two is replaced."""
    from migsim.ensemble.folders import write_manifest
    from migsim.ensemble.places import made_at_once
    from migsim.ensemble.store import write_csv, write_text
    from migsim.results.manifest import output_sha256

    frames = {} if found is None else {"outcomes": found.outcomes, "texts": found.texts}
    with made_at_once(Path(os.path.realpath(out)), identity, DIFF) as folder:
        write_text(folder / "settings.csv", settings.to_csv())
        for name, frame in frames.items():
            if frame is not None:
                write_csv(folder / f"{name}.csv", frame)
        write_manifest(folder, {**identity, "outputs": output_sha256(folder)})


def _with_outcomes(a: str, b: str, is_asked: bool) -> Diff:
    """The differences of two runs; of scenarios, of their runs in runs/ if that is asked."""
    from migsim.results.comparison import opened
    from migsim.results.outcome_differences import diff as differing
    from migsim.results.outcome_differences import found_run
    from migsim.results.run import Run

    given = [opened(a), opened(b)]
    if is_asked:
        given = [each if isinstance(each, Run) else found_run(each) for each in given]
    return differing(*given)


@app.command()
def replay(
    run: RunFolder,
    replicate: Annotated[int, typer.Argument(metavar="REPLICATE", help="Number of the world.")],
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", metavar="DIR", help="Folder for the story and its tables; by default beside the run."
        ),
    ] = None,
    quiet: Quiet = False,
) -> None:
    """Live one world of a run again, check that it comes out as recorded, and tell its story."""
    from migsim.results.replay import default_replay
    from migsim.results.replay import replay as replayed
    from migsim.results.run import Run

    recorded = Run.open(run)
    folder = out or default_replay(recorded, replicate)
    done = replayed(recorded, replicate, out=folder, progress=not quiet)
    typer.echo(f"{done.verdict[0].upper()}{done.verdict[1:]}.")
    typer.echo(f"Results: {folder}\n  trace.md, {', '.join(f'{name}.csv' for name in done.frames)}")


@app.command()
def rerun(
    run: Annotated[str, typer.Argument(metavar="RUN", help="A run folder, or the folder of a comparison.")],
    workers: Workers = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", metavar="DIR", help="New folder in which the second run is kept; else it is thrown away."
        ),
    ] = None,
    quiet: Quiet = False,
) -> None:
    """Run a run again from its own folder, and compare every table and file with what was recorded."""
    from migsim.results.rerun import rerun as done_again
    from migsim.results.rerun import runs_of

    folders = runs_of(run)
    if out is not None and len(folders) > 1 and out.exists():
        raise InputError(f"{out}: is there already; name a new folder")
    is_same = True
    names = [folder.name for folder in folders]
    for n, folder in enumerate(folders):
        own = folder.name if names.count(folder.name) == 1 else f"{folder.name}-{n + 1}"
        place = out / own if out is not None and len(folders) > 1 else out
        done = done_again(folder, workers=workers, out=place, progress=not quiet)
        typer.echo(f"{done!r}\n")
        is_same = is_same and done.is_same
    raise typer.Exit(FINE if is_same else SOME_RUNS_FAILED)


@app.command()
def crate(run: RunFolder) -> None:
    """Describe a run folder as an RO-Crate, for archives and whoever is to cite it."""
    from migsim.results.crate import crate as described

    typer.echo(f"Results: {described(run)}")
