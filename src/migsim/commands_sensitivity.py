"""The command that asks of a scenario what its gains depend on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from migsim.command_parts import Cluster, DryRun, Out, Quiet, Seed, Workers, interruptible, notes
from migsim.commands import ScenarioFile, Settings, app
from migsim.ensemble.defaults import DEFAULT_SEED
from migsim.errors import FINE, SOME_RUNS_FAILED

if TYPE_CHECKING:
    from migsim.analysis.plans import Plans
    from migsim.analysis.sensitivity import Sensitivity

__all__ = ["app"]

SizeOption = Annotated[
    str,
    typer.Option("--size", metavar="quick|default|large", help="How many worlds; large is for publication."),
]
Only = Annotated[
    str | None,
    typer.Option(
        "--only",
        metavar="A,B",
        help="Only some of screening, indices, apart, attribution, identifiability, discovery, tornado (which"
        " runs the screening too) and weights.",
    ),
]


@app.command()
def sensitivity(
    file: ScenarioFile,
    size: SizeOption = "default",
    only: Only = None,
    out: Out = None,
    seed: Seed = None,
    workers: Workers = None,
    cluster: Cluster = None,
    settings: Settings = None,
    dry_run: DryRun = False,
    quiet: Quiet = False,
) -> None:
    """Ask of a scenario what its gains depend on: parameters, structure, luck, phases and themes."""
    from migsim.analysis.cost import told_cost
    from migsim.analysis.plans import Plans, parts_asked
    from migsim.analysis.sensitivity import sensitivity as analysed
    from migsim.analysis.sizes import size_of
    from migsim.ensemble.executors import n_workers
    from migsim.scenario.load import load

    definition = load(file, settings or ())
    number = DEFAULT_SEED if seed is None else seed
    asked = None if only is None else [name.strip() for name in only.split(",")]
    plans = Plans(definition, size_of(size), number)
    if dry_run or not quiet:
        typer.echo(told_cost(plans, parts_asked(asked), n_workers(workers)), err=not dry_run)
    if dry_run:
        return
    folder = out or _default_folder(plans, size, is_changed=bool(settings))

    def work() -> Sensitivity:
        return analysed(
            definition,
            size=size,
            only=asked,
            seed=number,
            workers=workers,
            cluster=cluster,
            out=folder,
            progress=not quiet,
        )

    with notes():
        done = interruptible(
            work, f"what is finished is in {folder}, and the same command goes on from there"
        )
    if not quiet:
        typer.echo(done.findings)
    typer.echo(f"Results: {folder}")
    _leave(done)


def _default_folder(plans: Plans, size: str, *, is_changed: bool) -> Path:
    """Where an analysis goes if the user does not say."""
    parts = ["sensitivity", plans.definition.name, str(plans.seed)]
    parts += [size] if size != "default" else []
    parts += [plans.definition.hash[:8]] if is_changed else []
    return Path("runs") / "-".join(parts)


def _leave(done: Sensitivity) -> None:
    failed = sum(done.failures.values())
    if failed:
        said = f"{failed:,} of {sum(done.worlds.values()):,} worlds failed"
        typer.echo(f"{said}; their errors are in the manifests below runs/", err=True)
    raise typer.Exit(SOME_RUNS_FAILED if failed else FINE)
