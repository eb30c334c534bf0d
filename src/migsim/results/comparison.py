"""Comparing scenarios: each is run on the same draws, or taken from its run folder, and none is left out."""

from __future__ import annotations

import hashlib
import os
import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from migsim.ensemble.defaults import DEFAULT_REPLICATES, DEFAULT_SEED
from migsim.ensemble.designs import Design, design
from migsim.ensemble.executors import executor
from migsim.ensemble.folders import (
    MANIFEST,
    PATIENCE,
    beside,
    on_disk,
    read_as_known,
    read_manifest,
    write_manifest,
)
from migsim.ensemble.places import refuse_foreign
from migsim.ensemble.store import write_csv
from migsim.errors import InputError, shown
from migsim.results.adaptive import draws_of
from migsim.results.group_tables import MAIN
from migsim.results.manifest import STUDY_FORMAT, output_sha256
from migsim.results.projections import with_projection
from migsim.results.run import Run
from migsim.results.simulation import run_design
from migsim.results.study import Study, refuse_apart
from migsim.scenario.definition import Scenario
from migsim.scenario.files import is_folder
from migsim.world.parameters import Spread

__all__ = ["compare", "default_study", "opened", "refuse_idle", "save_study"]

RUNS: Final = "runs"

type Compared = Scenario | Run | str | os.PathLike[str]


def compare(
    scenarios: Iterable[Compared],
    *,
    replicates: int | Iterable[int] | None = None,
    seed: int | None = None,
    parameters: Spread | None = None,
    inner: int | None = None,
    workers: int | None = None,
    cluster: str | None = None,
    out: str | os.PathLike[str] | None = None,
    progress: bool | None = None,
) -> Study:
    """Run scenarios on the same draws and compare them with the first.

    Parameters
    ----------
    scenarios
        Scenarios, their names or files; runs or run folders, which are taken as they are.
    replicates, seed, parameters
        As for `migsim.run`. What is not given is taken from the first run among the scenarios, so that worlds
        can be compared with each other, or else is the default.
    inner
        How often each draw is lived, with other luck each time; by default as in the first run, or once.
    workers, cluster
        As for `migsim.run`.
    out
        Folder for the runs and the tables of the study; by default they stay in memory.
    progress
        Whether to show progress: always, never, or (None) on a terminal only.

    Raises
    ------
    InputError
        If a scenario or an argument is not allowed, or ``out`` holds something else.
    """
    if isinstance(scenarios, str) or not isinstance(scenarios, Iterable):
        raise InputError(f"compare: found {shown(scenarios)}; allowed is a list, such as [first, second]")
    given = [opened(each) for each in scenarios]
    refuse_idle(given, seed=seed, parameters=parameters, replicates=replicates, inner=inner)
    if given:
        refuse_apart(each.scenario if isinstance(each, Run) else each for each in given)
    done = [each for each in given if isinstance(each, Run)]
    if seed is None:
        seed = done[0].seed if done else DEFAULT_SEED
    if parameters is None:
        parameters = done[0].parameters if done else "ranged"
    replicates, inner = _worlds_as_in(done, replicates, inner)
    numbers = tuple(replicates) if isinstance(replicates, Iterable) else replicates
    plans = [
        each if isinstance(each, Run) else design(each, numbers, seed, parameters, inner or 1)
        for each in given
    ]
    if out is not None:
        _refuse_taken(Path(out), plans)  # before a cluster is waited for
    with executor(workers, cluster) as executing:
        folders = [None] * len(plans) if out is None else _claimed(Path(out), plans)
        study = Study(
            each if isinstance(each, Run) else run_design(each, executing, folder, progress)
            for each, folder in zip(plans, folders, strict=True)
        )
    if study.why_last_year:
        when = f"{study.last_year}{study.why_last_year}"
        warnings.warn(f"the scenarios end in different years and are compared in {when}", stacklevel=2)
    if out is not None:
        save_study(study, Path(out))
    return study


def _worlds_as_in(
    done: list[Run], replicates: int | Iterable[int] | None, inner: int | None
) -> tuple[int | Iterable[int], int | None]:
    """How many worlds, or which, and how many lucks: where that is not given, those of the first run."""
    if not done:
        return DEFAULT_REPLICATES if replicates is None else replicates, inner
    draws = draws_of(done[0].replicates)
    if replicates is None:
        return done[0].replicates if inner is None else draws, inner
    return replicates, len(done[0].replicates) // len(draws) if inner is None else inner


def opened(given: Compared, overrides: Iterable[str] = ()) -> Scenario | Run:
    """What a user means: a run or a scenario as it is, a run folder, or a scenario by name or file.

    Parameters
    ----------
    given
    overrides
        Texts such as ``"processes.gfmd.max_themes=3"``, for scenarios that are yet to be loaded.
    """
    from migsim.scenario.load import load

    if isinstance(given, Scenario | Run):
        return given
    if not is_folder(given):
        return load(given, overrides)
    path = Path(given)
    run = Run.open(path)
    for name in run.manifest.get("outputs", {}):
        if name.endswith(".parquet") and not (path / name).is_file():
            raise InputError(f"{path / name}: is missing; run the scenario again into the same folder")
    return run


def refuse_idle(given: Iterable[Scenario | Run], **options: object) -> None:
    """Refuse options for runs that are yet to be made where all are there already.

    Raises
    ------
    InputError
        If an option is given and no scenario that it could apply to.
    """
    idle = [name for name, value in options.items() if value is not None]
    if idle and all(isinstance(each, Run) for each in given):
        said = f"{', '.join(idle)}: cannot apply, because all that is compared are finished runs"
        raise InputError(f"{said}; leave it out, or name a scenario instead of a run folder")


def default_study(given: Iterable[Scenario | Run], *settings: object) -> Path:
    """Where a study goes if the user does not say: by its first scenario, and a mark of what is compared."""
    compared = list(given)
    told = [*(f"{each.name} {_hash_of(each)}" for each in compared), *map(str, settings)]
    mark = hashlib.sha256("\n".join(told).encode()).hexdigest()[:8]
    return Path("runs") / f"compare-{compared[0].name}-{mark}"


def _hash_of(given: Scenario | Run) -> str:
    return f"{given.manifest['scenario_hash']} {given.folder}" if isinstance(given, Run) else given.hash


def save_study(study: Study, folder: Path) -> None:
    """Write the tables of a study, and a manifest that says where its runs are.

    Raises
    ------
    InputError
        If another process is writing this study.
    EnvironmentProblem
        If another run stands in the place of one of them by now, or the folder cannot be written.
    """
    with on_disk(folder):
        folder.mkdir(parents=True, exist_ok=True)
    with beside(Path(os.path.realpath(folder)), PATIENCE), on_disk(folder):
        frames = {
            "triple_win": study.triple_win,
            "gains": study.gains,
            "ranking": study.ranking(),
            "differences": study.difference(),
            "additionality": study.additionality(),
            "texts": study.texts,
            "objectors": study.objectors,
            "by_region": study.summary_by_group("region", MAIN),
        }
        for run in study.runs.values():
            if run.folder is not None:
                read_as_known(run.folder, run.manifest)
        for name, frame in frames.items():
            write_csv(folder / f"{name}.csv", with_projection(frame))
        outputs = output_sha256(folder, without=f"{RUNS}/")
        write_manifest(folder, {**_identity(study, folder), "outputs": outputs})


def _names(plans: list[Design | Run]) -> list[str]:
    return [plan.name if isinstance(plan, Run) else plan.definition.name for plan in plans]


def _refuse_taken(out: Path, plans: list[Design | Run]) -> None:
    """Refuse a folder that holds something else than a study of these scenarios."""
    target, names = Path(os.path.realpath(out)), _names(plans)
    refuse_foreign(target, {"format": STUDY_FORMAT}, "a study of migsim")
    if (target / MANIFEST).exists():
        held = read_manifest(target).get("scenarios", [])
        if held != names:
            said = f"{out}: holds a study of {', '.join(map(str, held))}"
            raise InputError(f"{said}; choose another folder with --out, or remove this one")


def _claimed(out: Path, plans: list[Design | Run]) -> list[Path | None]:
    """Where each scenario's run goes, below a folder that is this study's own from here on.

    Runs that are there already stay where they are.
    """
    _refuse_taken(out, plans)  # another process may have claimed it meanwhile
    target, names = Path(os.path.realpath(out)), _names(plans)
    with on_disk(target):
        target.mkdir(parents=True, exist_ok=True)
        if not (target / MANIFEST).exists():
            write_manifest(target, {"format": STUDY_FORMAT, "scenarios": names})
    twice = {name for name in names if names.count(name) > 1}
    own = [f"{name}-{n + 1}" if name in twice else name for n, name in enumerate(names)]
    return [
        None if isinstance(plan, Run) else out / RUNS / name for plan, name in zip(plans, own, strict=True)
    ]


def _identity(study: Study, folder: Path) -> dict[str, Any]:
    return {
        "format": STUDY_FORMAT,
        "scenarios": [run.name for run in study.runs.values()],
        "runs": {
            label: {
                "folder": None if run.folder is None else os.path.relpath(run.folder, folder),
                "scenario_hash": run.manifest["scenario_hash"],
                "seed": run.seed,
                "parameters": run.parameters,
                "n_finished": run.n_replicates,
                "tables_sha256": run.manifest["tables_sha256"],
            }
            for label, run in study.runs.items()
        },
    }
