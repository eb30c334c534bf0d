"""The commands that run and compare scenarios and show the evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from migsim.command_parts import (
    Cluster,
    DryRun,
    Groups,
    Inner,
    Out,
    ParametersOption,
    Quiet,
    Replicates,
    Seed,
    Until,
    Workers,
    finish,
    interruptible,
    keep_by_group,
    leave,
    notes,
    refuse_groups,
    run_kept,
    tell_precision,
    tell_results,
)
from migsim.commands import ScenarioFile, Settings, app
from migsim.ensemble.defaults import (
    DEFAULT_REPLICATES,
    DEFAULT_SEED,
    MOST_ADAPTIVE,
    SpreadOfParameters,
)
from migsim.errors import InputError

if TYPE_CHECKING:
    from migsim.results.run import Run
    from migsim.results.study import Study
    from migsim.scenario.definition import Scenario

__all__ = ["app"]


@app.command()
def run(
    file: ScenarioFile,
    out: Out = None,
    replicates: Replicates = None,
    seed: Seed = None,
    inner: Inner = 1,
    workers: Workers = None,
    cluster: Cluster = None,
    settings: Settings = None,
    parameters: ParametersOption = None,
    until: Until = None,
    groups: Groups = None,
    dry_run: DryRun = False,
    quiet: Quiet = False,
) -> None:
    """Run a scenario many times, beside the same worlds without the forum."""
    from migsim.ensemble.designs import design
    from migsim.ensemble.executors import n_workers
    from migsim.ensemble.folders import on_disk
    from migsim.ensemble.pilot import pilot
    from migsim.results.adaptive import read_targets, refuse_unknown
    from migsim.results.manifest import add_outputs
    from migsim.results.simulation import default_folder
    from migsim.results.wording import group_words, triple_win_words
    from migsim.scenario.load import load

    wanted = read_targets(until or ())
    plan = design(
        load(file, settings or ()),
        replicates or (MOST_ADAPTIVE if wanted else DEFAULT_REPLICATES),
        DEFAULT_SEED if seed is None else seed,
        (parameters or SpreadOfParameters.RANGED).value,
        inner,
    )
    refuse_groups(groups, plan.definition)
    if dry_run:
        refuse_unknown(plan, wanted)
        typer.echo(f"{'at most ' if wanted else ''}{pilot(plan, n_workers(workers))}")
        return
    folder = out or default_folder(plan, is_changed=bool(settings))
    done = run_kept(plan, folder, workers, cluster, quiet, wanted)

    def draw() -> None:
        with on_disk(folder / "figures"):
            figures = done.plot.save_all(folder / "figures", by=groups, workers=n_workers(workers))
        add_outputs(folder, done.manifest, figures)
        keep_by_group(done, groups, folder)

    if done.n_replicates:
        finish(draw, folder)
    if not quiet:
        typer.echo(f"{triple_win_words(done)}\n")
        if groups is not None and (told := group_words(done, groups)):
            typer.echo(f"{told}\n")
    if wanted:
        tell_precision(done)
    tell_results(folder, quiet)
    leave([done])


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
    inner: Inner = 1,
    workers: Workers = None,
    cluster: Cluster = None,
    settings: Settings = None,
    parameters: ParametersOption = None,
    groups: Groups = None,
    quiet: Quiet = False,
) -> None:
    """Compare scenarios, or finished runs, with the first one, world by world."""
    from migsim.ensemble.executors import n_workers
    from migsim.ensemble.folders import on_disk
    from migsim.results.comparison import compare as compared
    from migsim.results.comparison import default_study, opened, refuse_idle
    from migsim.results.manifest import add_outputs
    from migsim.results.run import Run
    from migsim.results.wording import difference_words, gain_words, text_words

    given = [opened(each, settings or ()) for each in scenarios]
    if protocols is not None:
        given = [each for one in given for each in _under(one, protocols)]
    if len(given) < 2:
        raise InputError("name at least two scenarios or run folders to compare, or --protocols all")
    refuse_idle(given, set=settings or None)
    for each in given:
        refuse_groups(groups, each.scenario if isinstance(each, Run) else each)
    folder = out or default_study(given, seed, parameters)

    def work() -> Study:
        return compared(
            given,
            replicates=replicates,
            seed=seed,
            parameters=parameters.value if parameters else None,
            inner=inner if inner > 1 else None,
            workers=workers,
            cluster=cluster,
            out=folder,
            progress=not quiet,
        )

    def save() -> None:
        with on_disk(folder / "figures"):
            figures = study.plot.save_all(folder / "figures", workers=n_workers(workers))
        add_outputs(folder, {}, figures)
        keep_by_group(study, groups, folder)

    with notes():
        study = interruptible(work, f"runs are kept in {folder / 'runs'}, and the same command goes on")
        interruptible(save, "all runs are finished, and the same command draws figures and writes tables")
        tables = (difference_words(study), gain_words(study), text_words(study))
        told = "\n\n".join(words for words in tables if words)
    if not quiet:
        typer.echo(f"{told}\n")
    tell_results(folder, quiet)
    leave(list(study.runs.values()))


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
