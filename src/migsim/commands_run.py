"""The commands that run and compare scenarios and show the evidence."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from migsim.commands import ScenarioFile, Settings, app
from migsim.ensemble.defaults import DEFAULT_REPLICATES, DEFAULT_SEED, SpreadOfParameters
from migsim.errors import FINE, SOME_RUNS_FAILED, InputError

if TYPE_CHECKING:
    from migsim.results.run import Run
    from migsim.results.study import Study
    from migsim.scenario.definition import Scenario

__all__ = ["app"]

INTERRUPTED = 130
RESULTS: Final = {
    "triple_win.csv": "triple_win.csv",
    "gains.csv": "gains.csv",
    "differences.csv": "differences.csv",
    "additionality.csv": "additionality.csv",
    "texts.csv": "texts.csv",
    "objectors.csv": "objectors.csv",
    "world": "tables in Parquet",
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
ParametersOption = Annotated[
    SpreadOfParameters | None,
    typer.Option(
        "--parameters", help="Draw parameters from their ranges (the default), or keep their central values."
    ),
]
Quiet = Annotated[bool, typer.Option("--quiet", help="Show no progress and no table.")]


@app.command()
def run(
    file: ScenarioFile,
    out: Out = None,
    replicates: Replicates = None,
    seed: Seed = None,
    workers: Workers = None,
    settings: Settings = None,
    parameters: ParametersOption = None,
    quiet: Quiet = False,
) -> None:
    """Run a scenario many times, beside the same worlds without the forum."""
    from migsim.ensemble.designs import design
    from migsim.ensemble.executors import Executor
    from migsim.results.simulation import add_outputs, default_folder, n_workers, run_design
    from migsim.results.wording import triple_win_words
    from migsim.scenario.load import load

    plan = design(
        load(file, settings or ()),
        replicates or DEFAULT_REPLICATES,
        DEFAULT_SEED if seed is None else seed,
        (parameters or SpreadOfParameters.RANGED).value,
    )
    folder = out or default_folder(plan, is_changed=bool(settings))

    def work() -> Run:
        with Executor(n_workers(workers)) as executor:
            return run_design(plan, executor, folder, not quiet)

    with _notes():
        done = _interruptible(
            work, f"what is finished is kept in {folder}.partial, and the same command goes on from there"
        )
    if done.n_replicates:
        done.plot.save_all(folder / "figures")
        add_outputs(folder, dict(done.manifest))
    if not quiet:
        typer.echo(f"{triple_win_words(done)}\n")
    _tell_results(folder, quiet)
    _leave([done])


@app.command()
def compare(
    scenarios: Annotated[
        list[str], typer.Argument(metavar="A B ...", help="Scenario files, shipped scenarios or run folders.")
    ],
    protocols: Annotated[
        str | None,
        typer.Option(
            "--protocols",
            metavar="all|A,B",
            help="Run each scenario under these negotiation protocols, as `migsim protocols` lists them.",
        ),
    ] = None,
    out: Out = None,
    replicates: Replicates = None,
    seed: Seed = None,
    workers: Workers = None,
    settings: Settings = None,
    parameters: ParametersOption = None,
    quiet: Quiet = False,
) -> None:
    """Compare scenarios, or finished runs, with the first one, world by world."""
    from migsim.results.comparison import compare as compared
    from migsim.results.comparison import default_study, opened, refuse_idle, save_study
    from migsim.results.wording import difference_words, gain_words, text_words

    given = [opened(each, settings or ()) for each in scenarios]
    if protocols is not None:
        given = [each for one in given for each in _under(one, protocols)]
    if len(given) < 2:
        raise InputError("name at least two scenarios or run folders to compare, or --protocols all")
    refuse_idle(given, set=settings or None)
    folder = out or default_study(given, seed, parameters)

    def work() -> Study:
        return compared(
            given,
            replicates=replicates,
            seed=seed,
            parameters=parameters.value if parameters else None,
            workers=workers,
            out=folder,
            progress=not quiet,
        )

    with _notes():
        study = _interruptible(work, f"runs that were finished are in {folder / 'runs'}")
        study.plot.save_all(folder / "figures")
        save_study(study, folder)
        tables = (difference_words(study), gain_words(study), text_words(study))
        told = "\n\n".join(words for words in tables if words)
    if not quiet:
        typer.echo(f"{told}\n")
    _tell_results(folder, quiet)
    _leave(list(study.runs.values()))


def _under(given: Scenario | Run, protocols: str) -> list[Scenario | Run]:
    """A scenario under each of the protocols named."""
    from migsim.results.run import Run
    from migsim.results.texts import under_each_protocol

    if isinstance(given, Run):
        raise InputError(f"--protocols: {given.name} is a finished run; name its scenario instead")
    names = dict.fromkeys(name.strip() for name in protocols.split(","))
    return [*under_each_protocol(given, None if protocols == "all" else names)]


@app.command()
def evidence(
    identifier: Annotated[
        str | None, typer.Argument(metavar="[ID]", help="One claim of the documents.")
    ] = None,
    of: Annotated[
        str | None,
        typer.Option("--of", metavar="PATH", help="What a parameter, or a group of them, rests on."),
    ] = None,
    coverage: Annotated[
        bool, typer.Option("--coverage", help="How many claims the model uses, leaves out, or leaves open.")
    ] = False,
    kind: Annotated[str | None, typer.Option("--kind", metavar="K", help="Only claims of this kind.")] = None,
    text: Annotated[
        str | None, typer.Option("--find", metavar="TEXT", help="Only claims with all these words.")
    ] = None,
) -> None:
    """Show the claims of the documents, and what rests on them."""
    from migsim.provenance.show import coverage_text, evidence_list, evidence_of, evidence_text

    is_listed = kind is not None or text is not None
    if sum([identifier is not None, of is not None, coverage, is_listed]) > 1:
        raise InputError(
            "ask for one thing: a claim's ID, --of PATH, --coverage, or a list by --kind and --find"
        )
    if identifier is not None:
        said = evidence_text(identifier)
    elif of is not None:
        said = evidence_of(of)
    elif coverage:
        said = coverage_text()
    else:
        said = evidence_list(kind, text or "")
    typer.echo(said or "no claim has all these words")


def _interruptible[T](work: Callable[[], T], kept: str) -> T:
    try:
        return work()
    except KeyboardInterrupt:
        typer.echo(f"interrupted; {kept}", err=True)
        raise typer.Exit(INTERRUPTED) from None


def _tell_results(folder: Path, is_quiet: bool) -> None:
    """Where the results are and, of what may be there, what is."""
    typer.echo(f"Results: {folder}")
    if not is_quiet:
        typer.echo(f"  {', '.join(words for name, words in RESULTS.items() if (folder / name).exists())}")


@contextmanager
def _notes() -> Iterator[None]:
    """Tell warnings as notes."""
    with warnings.catch_warnings():
        warnings.simplefilter("default", UserWarning)
        warnings.showwarning = _told
        yield


def _told(message: Warning | str, *_: Any, **__: Any) -> None:
    """A warning as one line for the user of a command."""
    print(f"Note: {message}", file=sys.stderr)


def _leave(runs: list[Run]) -> None:
    """End with the code that says whether every replicate was finished."""
    failed = [each for each in runs if len(each.failures)]
    for each in failed:
        said = f"{len(each.failures)} of {len(each.replicates)} replicates failed"
        typer.echo(f"{each.name}: {said}; their errors are in manifest.json of the run", err=True)
    raise typer.Exit(SOME_RUNS_FAILED if failed else FINE)
