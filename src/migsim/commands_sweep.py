"""The command that runs one scenario at many points of its settings."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

import typer

from migsim.command_parts import (
    Cluster,
    DryRun,
    Out,
    ParametersOption,
    Quiet,
    Seed,
    Workers,
    finish,
    leave,
    run_kept,
    tell_results,
)
from migsim.commands import ScenarioFile, Settings, app
from migsim.ensemble.defaults import DEFAULT_REPLICATES, DEFAULT_SEED, SpreadOfParameters
from migsim.errors import InputError, ScenarioError, shown
from migsim.quantities import plain

if TYPE_CHECKING:
    from migsim.ensemble.designs import Design
    from migsim.scenario.definition import Scenario

__all__ = ["app"]

LISTED: Final = 12
Over = Annotated[
    list[str] | None,
    typer.Option(
        "--over",
        metavar="PATH=VALUES",
        help="Vary a setting: PATH=1,2,3 (values), PATH=0.1..0.9 (a range), or PATH alone (its plausible"
        " range, or all options); luck stands for whose luck a world has.",
    ),
]


@app.command()
def sweep(
    file: ScenarioFile,
    over: Over = None,
    kind: Annotated[
        Literal["grid", "latin_hypercube", "morris", "sobol"] | None,
        typer.Option("--kind", help="How points are chosen; by default all combinations."),
    ] = None,
    points: Annotated[
        str | None,
        typer.Option(
            "--points",
            metavar="N|FILE",
            help="How many points, walks or base points; or a CSV file of points.",
        ),
    ] = None,
    steps: Annotated[
        int | None, typer.Option("--steps", metavar="N", min=2, help="Values that a grid takes of a range.")
    ] = None,
    replicates: Annotated[
        int | None,
        typer.Option(
            "--replicates", metavar="N", min=1, help="Worlds at each point: in a grid or a file 20, else 1."
        ),
    ] = None,
    tables: Annotated[
        str | None,
        typer.Option("--tables", metavar="A,B|all", help="Tables that are kept, by default world."),
    ] = None,
    dry_run: DryRun = False,
    out: Out = None,
    seed: Seed = None,
    workers: Workers = None,
    cluster: Cluster = None,
    settings: Settings = None,
    parameters: ParametersOption = None,
    quiet: Quiet = False,
) -> None:
    """Run a scenario at many points of its settings, as its file or the command line says."""
    from migsim.commands_run import compare
    from migsim.scenario.experiment import compared_with
    from migsim.scenario.load import load

    definition = load(file, settings or ())
    design = definition.spec.design
    many = None if points is None else _points(points)
    if design is not None and design.kind == "scenarios" and over is None and not isinstance(many, Path):
        _refuse_idle(definition, {"--kind": kind, "--points": points, "--steps": steps, "--tables": tables})
        beside = [file, *compared_with(file, definition.tree)]
        own = SpreadOfParameters(design.parameters) if design.parameters else None
        how: dict[str, Any] = {"seed": seed, "workers": workers, "settings": settings}
        how |= {"replicates": replicates or design.replicates, "parameters": parameters or own}
        if dry_run:
            _tell_costs(beside, **how)
        else:
            compare(beside, out=out, cluster=cluster, quiet=quiet, **how)
        return
    chosen = {
        "kind": kind,
        "points": many,
        "steps": steps,
        "replicates": replicates,
        "parameters": parameters.value if parameters else None,
    }
    kept = ("world",) if tables is None else _tables(tables)
    plan = _plan(definition, over, DEFAULT_SEED if seed is None else seed, kept, chosen)
    _refuse_set_and_varied(plan)
    if dry_run:
        _tell_cost(plan, workers)
    else:
        _run(plan, out, workers, cluster, quiet)


def _run(plan: Design, out: Path | None, workers: int | None, cluster: str | None, quiet: bool) -> None:
    from migsim.results.sweep_results import save_sweep, sweep_words

    folder = out or Path("runs") / f"sweep-{plan.definition.name}-{plan.seed}-{plan.mark}"
    done = run_kept(plan, folder, workers, cluster, quiet)

    def draw() -> list[str]:
        save_sweep(done, folder)
        told = [sweep_words(done)]
        if plan.sample is not None and plan.sample.kind in ("morris", "sobol"):
            from migsim.analysis.swept import save_effects

            told.append(save_effects(done, folder))
        return told

    if done.n_replicates:
        told = finish(draw, folder)
        if not quiet:
            typer.echo("\n\n".join(told) + "\n")
    tell_results(folder, quiet)
    leave([done])


def _plan(
    definition: Scenario,
    over: list[str] | None,
    seed: int,
    tables: tuple[str, ...] | None,
    chosen: dict[str, Any],
) -> Design:
    """The design that the file holds, or the one of the command line, which goes before it."""
    from migsim.results.sweep import experiment_of, sweep_design

    given = {name: value for name, value in chosen.items() if value is not None} | {"tables": tables}
    if over is None and not isinstance(chosen["points"], Path):
        return experiment_of(definition, seed, **given)
    varied: dict[str, object] = {}
    for path, values in map(_over, over or ()):
        if path in varied:
            raise InputError(f"--over: {path} twice; name all its values at once")
        varied[path] = values
    return sweep_design(definition, varied, seed=seed, **given)


def _refuse_idle(definition: Scenario, options: Mapping[str, object]) -> None:
    """Refuse options of a design of settings where scenarios are compared."""
    from migsim.scenario.tree import fault_at

    idle = [name for name, value in options.items() if value is not None]
    kind = definition.tree.find("design.kind")
    if idle and kind is not None:
        found = f"{' and '.join(idle)} beside kind: scenarios"
        allowed, remedy = "where settings are varied", "leave that out, or name settings to vary (--over)"
        raise ScenarioError([fault_at(kind.place, "design.kind", found, allowed, remedy)])


def _refuse_set_and_varied(plan: Design) -> None:
    """Refuse a setting of which ``--set`` says one thing and the points another."""
    from migsim.scenario.load import OPTION

    for path in plan.sample.paths if plan.sample else ():
        node = plan.definition.tree.find(path)
        if node is not None and node.place.file == OPTION:
            raise InputError(f"{path}: is set by {OPTION} and varied as well; leave out one of the two")


def _over(text: str) -> tuple[str, object]:
    """Path and values of one ``--over``."""
    from migsim.scenario.yaml_reader import read_yaml

    path, equals, written = (part.strip() for part in text.partition("="))
    if not path or (equals and not written):
        allowed = "PATH=1,2,3 (values), PATH=0.1..0.9 (a range), or PATH alone"
        raise InputError(f"--over: found {text!r}; allowed is {allowed}")
    if not equals:
        return path, None
    low, dots, high = written.partition("..")
    ends = [part.strip() for part in ((low, high) if dots else written.split(","))]
    values = [read_yaml(end, "--over").plain() if end else None for end in ends]
    if None in values or (dots and not all(isinstance(value, int | float) for value in values)):
        raise InputError(f"--over: {path}: found {written!r}; allowed is {path}=1,2,3 or {path}=0.1..0.9")
    return path, tuple(values) if dots else values


def _points(text: str) -> int | Path:
    if text.isdecimal() and int(text):
        return int(text)
    if text.lstrip("+-").replace("e", "", 1).replace(".", "", 1).isdecimal():
        raise InputError(f"--points: found {text}; allowed is a whole number from 1, or a CSV file")
    return Path(text)


def _tables(text: str) -> tuple[str, ...] | None:
    from migsim.ensemble.batch import KEYS

    if text == "all":
        return None
    names = tuple(dict.fromkeys(name.strip() for name in text.split(",")))
    if strange := [name for name in names if name not in KEYS]:
        allowed = f"all by itself, or some of {', '.join(KEYS)}"
        raise InputError(f"--tables: found {strange[0]!r}; allowed are {allowed}")
    return tuple(dict.fromkeys(("world", *names)))


def _tell_costs(
    scenarios: list[str],
    seed: int | None,
    workers: int | None,
    settings: list[str] | None,
    replicates: int | None,
    parameters: SpreadOfParameters | None,
) -> None:
    """The scenarios of a comparison, and what each will cost."""
    from migsim.ensemble.designs import design
    from migsim.ensemble.executors import n_workers
    from migsim.ensemble.pilot import pilot
    from migsim.scenario.load import load

    for each in scenarios:
        plan = design(
            load(each, settings or ()),
            replicates or DEFAULT_REPLICATES,
            DEFAULT_SEED if seed is None else seed,
            (parameters or SpreadOfParameters.RANGED).value,
        )
        cost = pilot(plan, n_workers(workers))
        typer.echo(f"{plan.definition.name}: {cost}")


def _tell_cost(plan: Design, workers: int | None) -> None:
    """The runs of a design, the first of them one by one, and what they will cost."""
    from migsim.ensemble.executors import n_workers
    from migsim.ensemble.pilot import pilot

    sample = plan.sample
    assert sample is not None
    n, m = len(sample), len(sample.paths)
    sizes = f"{n:,} point{'s' * (n != 1)} of {m} setting{'s' * (m != 1)}"
    lines = [f"{sample.kind.replace('_', ' ')}: {sizes}"]
    for point in range(min(len(sample), LISTED)):
        told = list(sample.told(point).items())[:6]
        settings = ", ".join(
            f"{path} {plain(value) if isinstance(value, float) else shown(value)}" for path, value in told
        )
        more = ", ..." if len(sample.paths) > 6 else ""
        lines.append(f"  {point:>5}  {settings}{more}")
    if len(sample) > LISTED:
        lines.append(f"    ... and {len(sample) - LISTED:,} more")
    typer.echo("\n".join(lines))
    typer.echo(str(pilot(plan, n_workers(workers))))
