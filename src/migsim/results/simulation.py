"""Running a scenario from start to end: simulate, sum up, and put the folder in its place."""

from __future__ import annotations

import os
import time
import warnings
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from migsim.ensemble.batch import KEYS
from migsim.ensemble.defaults import DEFAULT_REPLICATES, DEFAULT_SEED, MOST_ADAPTIVE
from migsim.ensemble.designs import Design, Shard, design
from migsim.ensemble.executors import Executor, executor, n_workers
from migsim.ensemble.folders import (
    MANIFEST,
    beside,
    is_cut_short,
    on_disk,
    read_manifest,
    refuse_foreign,
    take_place,
    write_manifest,
)
from migsim.ensemble.ledger import forget_notes, ledger, write_ledger
from migsim.ensemble.runner import begin_in, keep_only, simulate, simulate_into
from migsim.ensemble.shards import joined
from migsim.ensemble.store import Outcome, write_whole
from migsim.ensemble.versions import decisive_versions, versions
from migsim.errors import EnvironmentProblem, InputError
from migsim.results.adaptive import (
    Precision,
    draws_of,
    first_draws,
    precisions,
    refuse_unknown,
    rounds,
    stop_record,
    targets,
)
from migsim.results.group_tables import BY_REGION, region_summary
from migsim.results.manifest import RUN_FORMAT, manifest_of, output_sha256, refuse_damaged, unaccounted
from migsim.results.points import SAMPLE, sample_text
from migsim.results.projections import with_projection
from migsim.results.recorded import changed_files
from migsim.results.run import OWN_FACTS, SCENARIO, SUMMARIES, Run
from migsim.results.summary import gain_table, over_lucks, summary_columns, triple_win_table
from migsim.results.tables import HeldTables, StoredTables
from migsim.scenario.definition import Scenario
from migsim.scenario.own_facts import facts_text
from migsim.world.parameters import Spread

__all__ = ["default_folder", "defined", "n_workers", "run", "run_design"]


def run(
    scenario: Scenario | str | os.PathLike[str],
    *,
    replicates: int | Iterable[int] | None = None,
    seed: int = DEFAULT_SEED,
    parameters: Spread = "ranged",
    inner: int = 1,
    until: Mapping[str, float] | None = None,
    workers: int | None = None,
    cluster: str | None = None,
    out: str | os.PathLike[str] | None = None,
    progress: bool | None = None,
) -> Run:
    """Run a scenario many times, each world beside the same world in which nobody meets.

    Parameters
    ----------
    scenario
        A scenario, the name of a shipped one, or a file.
    replicates
        How many worlds, or the numbers of some; by default 100. With ``until``, the most there may be, by
        default 10,000.
    seed
        Seed of the random numbers; compared scenarios share it.
    parameters
        ``ranged``: each replicate draws the parameters that have a range; ``central``: they keep defaults.
    inner
        How often each draw of the parameters is lived, each time with other luck. Summaries are then of
        draws, each with its mean over its lucks.
    until
        By outcome (a column of table ``world``) a tolerance: worlds are added until the 95 % confidence
        interval of the outcome's mean in the last year is at most so wide to either side.
    workers
        Processes; by default as many as there are cores. The results do not depend on it.
    cluster
        Address of a Dask scheduler, whose workers are used instead, or ``local``.
    out
        Folder for the results; by default they stay in memory. What an earlier run of the same scenario left
        there, finished or not, is not run again.
    progress
        Whether to show progress: always, never, or (None) on a terminal only.

    Raises
    ------
    InputError
        If an argument is not allowed, or ``out`` holds something else.
    EnvironmentProblem
        If the folder cannot be written.
    """
    wanted = targets(until or {})
    if replicates is None:
        replicates = MOST_ADAPTIVE if wanted else DEFAULT_REPLICATES
    plan = design(defined(scenario), replicates, seed, parameters, inner)
    with executor(workers, cluster) as executing:
        return run_design(plan, executing, None if out is None else Path(out), progress, wanted)


def run_design(
    plan: Design,
    executing: Executor,
    out: Path | None = None,
    progress: bool | None = None,
    until: Mapping[str, float] | None = None,
) -> Run:
    """Run a design with an executor that is already there.

    Parameters
    ----------
    plan
        What to run; with ``until``, at most.
    executing
        Who runs it.
    out, progress, until
        As for `run`.
    """
    started = time.perf_counter()
    refuse_unknown(plan, until or {})
    if out is None:
        return _in_memory(plan, executing, progress, until or {}, started)
    target = _place(out)
    refuse_foreign(target, _identity(plan), "a run of migsim")
    if not is_cut_short(target) and (earlier := _finished(plan, target, until or {})) is not None:
        return _as_it_is(plan, earlier, out)
    with beside(target) as partial_folder:
        # A run that was about to be replaced may just have come back.
        refuse_foreign(target, _identity(plan), "a run of migsim")
        if (earlier := _finished(plan, target, until or {})) is not None:
            return _as_it_is(plan, earlier, out)
        made, found = _made_in(partial_folder, target, plan, executing, progress, until or {})
        with on_disk(partial_folder):
            manifest = _summed_up(partial_folder, made, executing.workers, started, found)
        take_place(partial_folder, target)
    return Run(plan.definition, manifest, StoredTables(out), out, plan.sample)


def _in_memory(
    plan: Design, executing: Executor, progress: bool | None, until: Mapping[str, float], started: float
) -> Run:
    shards: dict[Shard, Outcome] = {}
    found: tuple[Precision, ...] = ()
    part = plan
    for part in _parts(plan, until):
        left = tuple(shard for shard in part.shards if shard not in shards)
        done = simulate(part, executing, progress, left)
        shards |= zip(left, done, strict=True)
        shards = {shard: shards[shard] for shard in part.shards}
        found = precisions(_held(shards.values(), ("world",)), until, part.replicates) if until else ()
        if _is_enough(found):
            break
    held = _held(shards.values())
    manifest = manifest_of(part, shards.values(), executing.workers, time.perf_counter() - started)
    return Run(plan.definition, manifest | _stop(found), held, sample=plan.sample)


def _held(outcomes: Iterable[Outcome], names: Collection[str] = tuple(KEYS)) -> HeldTables:
    """Some tables of what was run in memory."""
    parts = [each.tables for each in outcomes if each.tables]
    return HeldTables(joined([{name: part[name] for name in part if name in names} for part in parts]))


def _made_in(
    folder: Path,
    target: Path,
    plan: Design,
    executing: Executor,
    progress: bool | None,
    until: Mapping[str, float],
) -> tuple[Design, tuple[Precision, ...]]:
    """Run a design into a folder, round by round if it is to end when outcomes are known closely enough.

    Worlds that are there already are kept: where some had failed, there may be more than are enough now.

    Returns
    -------
    What was run in the end, and how closely the outcomes are known.
    """
    held = begin_in(folder, plan, (target,))
    shards: frozenset[Shard] = frozenset()
    found: tuple[Precision, ...] = ()
    part = plan
    for part in _parts(plan, until):
        simulate_into(folder, part, executing, progress, shards)
        shards = frozenset(part.shards) if until else shards
        found = precisions(StoredTables(folder), until, part.replicates)
        if _is_enough(found) and held <= set(part.replicates):
            break
    keep_only(folder, part)
    return part, found


def _parts(plan: Design, until: Mapping[str, float]) -> Iterable[Design]:
    """The design, or more and more of it."""
    if not until:
        return (plan,)
    if plan.sample is not None:
        raise InputError("until: a sweep has the worlds of its design; leave it out")
    return (first_draws(plan, n) for n in rounds(len(draws_of(plan.replicates))))


def _is_enough(found: tuple[Precision, ...]) -> bool:
    """Whether to stop: all is known closely enough or, without finished worlds, nothing ever will be."""
    return all(each.is_reached for each in found) or max(each.n for each in found) < 2


def _stop(found: tuple[Precision, ...]) -> dict[str, Any]:
    return {"until": stop_record(found)} if found else {}


def _summed_up(
    folder: Path, made: Design, workers: int, started: float, found: tuple[Precision, ...]
) -> dict[str, Any]:
    """Write what stands beside the tables of a run, its manifest last."""
    text = made.definition.to_yaml()
    write_whole(folder / SCENARIO, lambda part: part.write_text(text, encoding="utf-8"))
    (folder / OWN_FACTS).unlink(missing_ok=True)
    if own := facts_text(made.definition):
        write_whole(folder / OWN_FACTS, lambda part: part.write_text(own, encoding="utf-8"))
    (folder / SAMPLE).unlink(missing_ok=True)
    if made.sample is not None:
        points = sample_text(made.sample)
        write_whole(folder / SAMPLE, lambda part: part.write_text(points, encoding="utf-8"))
    if made.sample is None:  # over the points of a sample nothing is summed up
        _sum_up(made.definition, folder)
    write_ledger(folder)
    forget_notes(folder)
    outcomes = (line.outcome for line in ledger(folder))
    manifest = manifest_of(made, outcomes, workers, time.perf_counter() - started) | _stop(found)
    manifest["outputs"] = output_sha256(folder)
    if strange := _strange(folder, made, manifest):
        raise EnvironmentProblem(f"{strange}, so something else writes here; run the same command again")
    write_manifest(folder, manifest)
    return manifest


def _strange(folder: Path, made: Design, manifest: Mapping[str, Any]) -> str:
    """What is in a folder that this run did not write, or is not there though it did; empty if all is well.

    The ledger must be of this design alone, tell of every world that was asked for, and of every file of a
    table. What is strange is left: the same command finds it again, removes it and runs what is missing.
    """
    if odd := unaccounted(manifest):
        return f"{folder}: {len(odd)} worlds are missing or were not asked for"
    key = made.key(decisive_versions())
    tables = {name for name in manifest["outputs"] if name.partition("/")[0] in KEYS}
    for line in ledger(folder):
        if line.key != key:
            return f"{folder}: holds worlds of another run, or of another version of migsim"
        for name, sha256 in line.files.items():
            if manifest["outputs"].get(name) != sha256:
                return f"{folder / name}: is not as it was written"
            tables.discard(name)
    return f"{folder / min(tables)}: is of no world of this run" if tables else ""


def default_folder(plan: Design, is_changed: bool = False) -> Path:
    """Where a run goes if the user does not say: by name and seed, and by what else tells it from others."""
    parts = [plan.definition.name, str(plan.seed)]
    if plan.spread == "central":
        parts.append("central")
    if is_changed:
        parts.append(plan.definition.hash[:8])
    return Path("runs") / "-".join(parts)


def defined(scenario: Scenario | str | os.PathLike[str]) -> Scenario:
    """A scenario as it is, or loaded by name or file."""
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


def _finished(plan: Design, target: Path, until: Mapping[str, float]) -> dict[str, Any] | None:
    """The manifest of the same run if it is there already and whole.

    Raises
    ------
    InputError
        If a run of a changed scenario is there, or one of more worlds, which would be lost.
    """
    if not (target / MANIFEST).is_file():
        return None
    held = read_manifest(target)
    refuse_damaged(target, held)
    remedy = "choose another folder with --out, or delete this one if it is not needed"
    points = None if plan.sample is None else plan.sample.hash
    if (
        any(held.get(name) != value for name, value in _identity(plan).items())
        or held.get("scenario_hash") != plan.definition.hash
        or (held.get("sample") or {}).get("sha256") != points
        or held.get("kept_tables") != (None if plan.tables is None else list(plan.tables))
    ):
        raise InputError(f"{target}: holds a run of {plan.definition.name} as it was set before; {remedy}")
    numbers = set(Run(plan.definition, held, StoredTables(target)).replicates)
    if lost := numbers - set(plan.replicates):
        raise InputError(
            f"{target}: holds a run of {len(numbers)} worlds, {len(lost)} more than asked for; {remedy}"
        )
    if held.get("versions") != versions() or held["failures"] or unaccounted(held):
        return None
    first = next(iter(_parts(plan, until)))
    if not set(first.replicates) <= numbers or changed_files(target, held):
        return None
    part, found = _walked(plan, StoredTables(target), numbers, until)
    if part is None:
        return None
    ended_by = {outcome: each["tolerance"] for outcome, each in held.get("until", {}).items()}
    if (more := len(numbers - set(part.replicates))) and ended_by != until:
        said = f"holds a run of {len(numbers)} worlds, {more} more than are enough"
        raise InputError(f"{target}: {said}; use it as it is, or choose another folder with --out")
    return held if more else held | _stop(found)


def _walked(
    plan: Design, held: StoredTables, numbers: Collection[int], until: Mapping[str, float]
) -> tuple[Design | None, tuple[Precision, ...]]:
    """Where a run would end whose worlds are all there; none if it would go on beyond them."""
    found: tuple[Precision, ...] = ()
    part = None
    for part in _parts(plan, until):
        if not set(part.replicates) <= set(numbers):
            return None, ()
        found = precisions(held, until, part.replicates)
        if _is_enough(found):
            break
    return part, found


def _as_it_is(plan: Design, manifest: dict[str, Any], out: Path) -> Run:
    from migsim.scenario.load import load

    warnings.warn(f"{out}: holds this very run, finished before; it is used as it is", stacklevel=3)
    # Also with the title that it had: what a scenario is called makes no other run.
    definition = replace(load(out / SCENARIO), behaviours=plan.definition.behaviours)
    return Run(definition, manifest, StoredTables(out), out, plan.sample)


def _place(out: Path) -> Path:
    with on_disk(out):
        return Path(os.path.realpath(out))


def _sum_up(definition: Scenario, folder: Path) -> None:
    import pandas as pd

    tables = StoredTables(folder)
    wanted = summary_columns()
    world = tables.read("world", wanted) if "world" in tables.names else pd.DataFrame(columns=wanted)
    world = over_lucks(world)
    summaries = {"triple_win": triple_win_table, "gains": gain_table}
    for name, make in summaries.items():
        frame = make(world, definition)
        write_whole(folder / SUMMARIES[name], partial(with_projection(frame).to_csv, index=False))
    regions = region_summary(tables, definition)
    write_whole(folder / BY_REGION, partial(with_projection(regions).to_csv, index=False))
