"""Running a scenario from start to end: simulate, sum up, and put the folder in its place."""

from __future__ import annotations

import os
import time
import warnings
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from migsim.ensemble.defaults import DEFAULT_REPLICATES, DEFAULT_SEED
from migsim.ensemble.designs import Design, design
from migsim.ensemble.executors import Executor, n_cores
from migsim.ensemble.folders import (
    MANIFEST,
    beside,
    on_disk,
    read_manifest,
    refuse_foreign,
    take_place,
    write_manifest,
)
from migsim.ensemble.runner import simulate
from migsim.ensemble.shards import joined
from migsim.ensemble.store import NOTES, write_whole
from migsim.ensemble.versions import versions
from migsim.errors import InputError, shown
from migsim.results.manifest import RUN_FORMAT, manifest_of, output_sha256
from migsim.results.run import SCENARIO, SUMMARIES, Run
from migsim.results.summary import gain_table, triple_win_table
from migsim.results.tables import HeldTables, StoredTables
from migsim.scenario.definition import Scenario
from migsim.world.parameters import Spread

if TYPE_CHECKING:
    pass

__all__ = ["add_outputs", "default_folder", "run", "run_design"]


def run(
    scenario: Scenario | str | os.PathLike[str],
    *,
    replicates: int | Iterable[int] = DEFAULT_REPLICATES,
    seed: int = DEFAULT_SEED,
    parameters: Spread = "ranged",
    workers: int | None = None,
    out: str | os.PathLike[str] | None = None,
    progress: bool | None = None,
) -> Run:
    """Run a scenario many times, each world beside the same world in which nobody meets.

    Parameters
    ----------
    scenario
        A scenario, the name of a shipped one, or a file.
    replicates
        How many worlds, or the numbers of some.
    seed
        Seed of the random numbers; compared scenarios share it.
    parameters
        ``ranged``: each replicate draws the parameters that have a range; ``central``: they keep defaults.
    workers
        Processes; by default as many as there are cores. The results do not depend on it.
    out
        Folder for the results; by default they stay in memory.
    progress
        Whether to show progress: always, never, or (None) on a terminal only.

    Raises
    ------
    InputError
        If an argument is not allowed, or ``out`` holds something else.
    EnvironmentProblem
        If the folder cannot be written.
    """
    plan = design(_defined(scenario), replicates, seed, parameters)
    with Executor(n_workers(workers)) as executor:
        return run_design(plan, executor, None if out is None else Path(out), progress)


def run_design(
    plan: Design, executor: Executor, out: Path | None = None, progress: bool | None = None
) -> Run:
    """Run a design with an executor that is already there."""
    started = time.perf_counter()
    if out is None:
        outcomes = simulate(plan, executor, None, progress)
        manifest = manifest_of(plan, outcomes, executor.workers, time.perf_counter() - started)
        held = HeldTables(joined([each.tables for each in outcomes if each.tables]))
        return Run(plan.definition, manifest, held)
    target = _place(out)
    refuse_foreign(target, _identity(plan), "a run of migsim")
    if earlier := _finished(plan, target):
        warnings.warn(f"{out}: holds this very run, finished before; it is used as it is", stacklevel=2)
        return Run(plan.definition, earlier, StoredTables(out), out)
    with beside(target) as partial:
        outcomes = simulate(plan, executor, partial, progress)
        with on_disk(partial):
            write_whole(
                partial / SCENARIO, lambda part: part.write_text(plan.definition.to_yaml(), encoding="utf-8")
            )
            _sum_up(Run(plan.definition, {}, StoredTables(partial)), partial)
            for note in (partial / NOTES).glob("*"):
                note.unlink()
            (partial / NOTES).rmdir()
            manifest = manifest_of(plan, outcomes, executor.workers, time.perf_counter() - started)
            manifest["outputs"] = output_sha256(partial)
            write_manifest(partial, manifest)
        take_place(partial, target)
    return Run(plan.definition, manifest, StoredTables(out), out)


def add_outputs(folder: Path, manifest: dict[str, Any]) -> None:
    """Enter files that were made after the run, such as figures, into its manifest."""
    with on_disk(folder / MANIFEST):
        write_manifest(folder, {**manifest, "outputs": output_sha256(folder)})


def default_folder(plan: Design, is_changed: bool = False) -> Path:
    """Where a run goes if the user does not say: by name and seed, and by what else tells it from others."""
    parts = [plan.definition.name, str(plan.seed)]
    if plan.spread == "central":
        parts.append("central")
    if is_changed:
        parts.append(plan.definition.hash[:8])
    return Path("runs") / "-".join(parts)


def n_workers(workers: int | None) -> int:
    """The number of processes asked for, or one for each core."""
    if workers is None:
        return n_cores()
    if isinstance(workers, bool) or not isinstance(workers, int) or not 1 <= workers <= 1024:
        raise InputError(f"workers {shown(workers)}; allowed are 1 to 1024")
    return workers


def _defined(scenario: Scenario | str | os.PathLike[str]) -> Scenario:
    from migsim.scenario.load import load

    return scenario if isinstance(scenario, Scenario) else load(scenario)


def _identity(plan: Design) -> dict[str, Any]:
    """What an earlier run in the same place must have in common with this one to be replaced by it."""
    return {
        "format": RUN_FORMAT,
        "name": plan.definition.name,
        "seed": plan.seed,
        "parameters": plan.spread,
    }


def _finished(plan: Design, target: Path) -> dict[str, Any] | None:
    """The manifest of the same run if it is there already and whole.

    Raises
    ------
    InputError
        If a run of a changed scenario is there, or one of more worlds, which would be lost.
    """
    if not (target / MANIFEST).is_file():
        return None
    held = read_manifest(target)
    remedy = "choose another folder with --out, or delete this one if it is not needed"
    if held.get("scenario_hash") != plan.definition.hash:
        raise InputError(f"{target}: holds a run of {plan.definition.name} as it was set before; {remedy}")
    numbers = set(Run(plan.definition, held, StoredTables(target)).replicates)
    if lost := numbers - set(plan.replicates):
        raise InputError(
            f"{target}: holds a run of {len(numbers)} worlds, {len(lost)} more than asked for; {remedy}"
        )
    is_same = numbers == set(plan.replicates) and held.get("versions") == versions()
    return held if is_same and not held["failures"] and _is_whole(held, target) else None


def _is_whole(manifest: dict[str, Any], folder: Path) -> bool:
    """Whether every file of a run is there as it was written."""
    with on_disk(folder):
        return dict(manifest["outputs"]).items() <= output_sha256(folder).items()


def _place(out: Path) -> Path:
    with on_disk(out):
        return Path(os.path.realpath(out))


def _sum_up(done: Run, folder: Path) -> None:
    summaries = {"triple_win": triple_win_table, "gains": gain_table}
    for name, make in summaries.items():
        frame = make(done.world, done.scenario)
        write_whole(folder / SUMMARIES[name], partial(frame.to_csv, index=False))
