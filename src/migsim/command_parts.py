"""What the commands that run worlds share: their options, and how they tell what came of it."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from migsim.ensemble.defaults import (
    DEFAULT_REPLICATES,
    DEFAULT_SEED,
    MOST_ADAPTIVE,
    SpreadOfParameters,
)
from migsim.errors import FINE, SOME_RUNS_FAILED
from migsim.interrupts import hush

if TYPE_CHECKING:
    from migsim.ensemble.designs import Design
    from migsim.results.run import Run
    from migsim.results.study import Study
    from migsim.scenario.definition import Scenario

__all__ = [
    "Cluster",
    "DryRun",
    "Groups",
    "Inner",
    "Out",
    "ParametersOption",
    "Quiet",
    "Replicates",
    "Seed",
    "Until",
    "Workers",
    "finish",
    "interruptible",
    "keep_by_group",
    "leave",
    "notes",
    "refuse_groups",
    "run_kept",
    "tell_precision",
    "tell_results",
]

INTERRUPTED = 130
RESULTS: Final = {
    "triple_win.csv": "triple_win.csv",
    "gains.csv": "gains.csv",
    "by_region.csv": "by_region.csv",
    "by_group.csv": "by_group.csv",
    "facts.csv": "facts.csv",
    "ranking.csv": "ranking.csv",
    "differences.csv": "differences.csv",
    "additionality.csv": "additionality.csv",
    "texts.csv": "texts.csv",
    "objectors.csv": "objectors.csv",
    "outcomes.csv": "outcomes.csv",
    "points.csv": "points.csv",
    "screening.csv": "screening.csv",
    "indices.csv": "indices.csv",
    "world": "tables in Parquet",
    "ledger.jsonl": "ledger.jsonl",
    "figures": "figures/",
    "runs": "runs in runs/",
    "manifest.json": "manifest.json",
}
"""What may be in a folder of results, and how it is told."""

Out = Annotated[
    Path | None, typer.Option("--out", metavar="DIR", help="Folder for the results; by default in runs/.")
]
Replicates = Annotated[
    int | None,
    typer.Option("--replicates", metavar="N", min=1, help=f"Worlds to run; by default {DEFAULT_REPLICATES}."),
]
Seed = Annotated[
    int | None,
    typer.Option(
        "--seed", metavar="S", min=0, help=f"Seed of the random numbers; by default {DEFAULT_SEED}."
    ),
]
Workers = Annotated[
    int | None, typer.Option("--workers", metavar="W", min=1, help="Processes; by default one for each core.")
]
Cluster = Annotated[
    str | None,
    typer.Option(
        "--cluster",
        metavar="ADDRESS",
        help="Run on a Dask cluster: the address of its scheduler, as tcp://127.0.0.1:8786, or `local`.",
    ),
]
Inner = Annotated[
    int,
    typer.Option(
        "--inner", metavar="N", min=1, help="Live each draw of the parameters N times, each with other luck."
    ),
]
Until = Annotated[
    list[str] | None,
    typer.Option(
        "--until",
        metavar="OUTCOME=TOLERANCE",
        help="Add worlds until the 95 % interval of the outcome's mean in the last year is at most so wide "
        f"to either side, as gain_hosts=0.002; at most --replicates, by default {MOST_ADAPTIVE}. Repeatable.",
    ),
]
ParametersOption = Annotated[
    SpreadOfParameters | None,
    typer.Option(
        "--parameters", help="Draw parameters from their ranges (the default), or keep their central values."
    ),
]
DryRun = Annotated[
    bool,
    typer.Option("--dry-run", help="Only say what would be run and, from a pilot of three, what it costs."),
]
Groups = Annotated[
    str | None,
    typer.Option(
        "--groups",
        metavar="FILE",
        help="Tell states by groups as well (by_group.csv): a CSV file with columns state, group and perhaps "
        "weight, or region, subregion, income_group, development or role.",
    ),
]
Quiet = Annotated[bool, typer.Option("--quiet", help="Show no progress and no table.")]


def interruptible[T](work: Callable[[], T], kept: str | Callable[[], str]) -> T:
    """Do the work; if the user interrupts it, say what is kept (words, or who finds them then), and end."""
    try:
        return work()
    except KeyboardInterrupt:
        hush()
        typer.echo(f"interrupted; {kept if isinstance(kept, str) else kept()}", err=True)
        raise typer.Exit(INTERRUPTED) from None


def finish[T](draw: Callable[[], T], folder: Path) -> T:
    """Draw figures and write tables of a finished run; if the user interrupts, say how to have them."""
    return interruptible(draw, f"the run is finished in {folder}, and the same command draws its figures")


def run_kept(
    plan: Design,
    folder: Path,
    workers: int | None,
    cluster: str | None,
    quiet: bool,
    until: Mapping[str, float] | None = None,
) -> Run:
    """Run a design into a folder; if the user interrupts it, say that it can go on, and end."""
    from migsim.ensemble.executors import executor
    from migsim.ensemble.folders import MANIFEST, PARTIAL
    from migsim.results.simulation import run_design

    before = _mark(folder / MANIFEST)

    def work() -> Run:
        with executor(workers, cluster) as executing:
            return run_design(plan, executing, folder, not quiet, until)

    def kept() -> str:
        if Path(f"{os.path.realpath(folder)}{PARTIAL}").is_dir():
            return f"what is finished is kept in {folder}{PARTIAL}, and the same command goes on from there"
        if _mark(folder / MANIFEST) != before:
            return f"the run is finished in {folder}, and the same command goes on from there"
        return "nothing new was finished"

    with notes():
        return interruptible(work, kept)


def _mark(path: Path) -> tuple[int, int] | None:
    """What tells a file from the one that takes its place; none if there is no file."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns


def tell_precision(done: Run) -> None:
    """How closely the outcomes are known that decided how many worlds there are, if any did."""
    from migsim.results.adaptive import told_precision

    if said := told_precision(done.manifest):
        typer.echo(f"{said}\n")


def refuse_groups(by: str | None, scenario: Scenario) -> None:
    """Refuse groups that cannot be read, before anything is run."""
    if by is not None and by != "role":  # which is found from what was run
        from migsim.results.groups import grouping_of

        grouping_of(by, scenario)


def keep_by_group(done: Run | Study, by: str | None, folder: Path) -> None:
    """Write what came out by groups of states into the folder, and say which states are in none."""
    if by is None:
        return
    from migsim.results.group_tables import keep_groups, told_groups
    from migsim.results.groups import states_of, whole_grouping
    from migsim.results.run import Run

    runs = [done] if isinstance(done, Run) else [each for each in done.runs.values() if each.n_replicates]
    if not runs:
        return
    largest = max(runs, key=lambda run: len(states_of(run.scenario)))
    whole = whole_grouping(largest.groups(by) if by == "role" else by)
    states = dict.fromkeys(state for run in runs for state in states_of(run.scenario))
    known = done.manifest if isinstance(done, Run) else {}
    keep_groups(folder, whole, states, done.summary_by_group(by), known)
    typer.echo(f"Note: {told_groups(whole.among(states))}", err=True)


def tell_results(folder: Path, is_quiet: bool) -> None:
    """Where the results are and, of what may be there, what is."""
    typer.echo(f"Results: {folder}")
    if not is_quiet:
        typer.echo(f"  {', '.join(words for name, words in RESULTS.items() if (folder / name).exists())}")


@contextmanager
def notes() -> Iterator[None]:
    """Tell warnings as notes."""
    with warnings.catch_warnings():
        warnings.simplefilter("default", UserWarning)
        warnings.showwarning = _told
        yield


def _told(message: Warning | str, *_: Any, **__: Any) -> None:
    """A warning as one line for the user of a command."""
    print(f"Note: {message}", file=sys.stderr)


def leave(runs: list[Run]) -> None:
    """End with the code that says whether every replicate was finished."""
    failed = [each for each in runs if len(each.failures)]
    for each in failed:
        said = f"{len(each.failures)} of {len(each.replicates)} replicates failed"
        remedy = "their errors are in manifest.json of the run, and the same command runs them alone again"
        typer.echo(f"{each.name}: {said}; {remedy}", err=True)
    raise typer.Exit(SOME_RUNS_FAILED if failed else FINE)
