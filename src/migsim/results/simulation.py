"""Running a scenario from start to end: simulate, sum up, and put the folder in its place."""

from __future__ import annotations

import os
import time
import warnings
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

from migsim.ensemble.batch import KEYS
from migsim.ensemble.defaults import DEFAULT_REPLICATES, DEFAULT_SEED, MOST_ADAPTIVE
from migsim.ensemble.designs import Design, Shard, design
from migsim.ensemble.executors import Executor, executor, n_workers
from migsim.ensemble.folders import beside, is_cut_short, on_disk, take_place, write_manifest
from migsim.ensemble.ledger import forget_notes, ledger, write_ledger
from migsim.ensemble.places import refuse_foreign
from migsim.ensemble.runner import begin_in, keep_only, simulate, simulate_into
from migsim.ensemble.shards import joined
from migsim.ensemble.store import Outcome, write_csv, write_text
from migsim.ensemble.versions import decisive_versions
from migsim.errors import EnvironmentProblem
from migsim.results.adaptive import (
    Precision,
    is_enough,
    parts,
    precisions,
    refuse_unknown,
    stop_record,
    targets,
)
from migsim.results.earlier import as_it_is, finished, identity, on_request
from migsim.results.group_tables import BY_REGION, region_summary
from migsim.results.manifest import manifest_of, output_sha256, unaccounted
from migsim.results.points import SAMPLE, sample_text
from migsim.results.projections import with_projection
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
    refuse_foreign(target, identity(plan), "a run of migsim")
    if not is_cut_short(target) and (earlier := finished(plan, target, until or {})) is not None:
        return as_it_is(plan, earlier, out)
    with beside(target) as partial_folder:
        # A run that was about to be replaced may just have come back.
        refuse_foreign(target, identity(plan), "a run of migsim")
        if (earlier := finished(plan, target, until or {})) is not None:
            return as_it_is(plan, earlier, out)
        made, found = _made_in(partial_folder, target, plan, executing, progress, until or {})
        with on_disk(partial_folder):
            manifest = _completed(partial_folder, made, executing.workers, started, found)
        gone = on_request(target)
        take_place(partial_folder, target)
    if gone:
        warnings.warn(
            f"{out}: {', '.join(gone)} told of the run before: what is not asked for again is gone",
            stacklevel=3,
        )
    return Run(plan.definition, manifest, StoredTables(out), out, plan.sample)


def _in_memory(
    plan: Design, executing: Executor, progress: bool | None, until: Mapping[str, float], started: float
) -> Run:
    shards: dict[Shard, Outcome] = {}
    found: tuple[Precision, ...] = ()
    part = plan
    for part in parts(plan, until):
        left = tuple(shard for shard in part.shards if shard not in shards)
        done = simulate(part, executing, progress, left)
        shards |= zip(left, done, strict=True)
        shards = {shard: shards[shard] for shard in part.shards}
        found = precisions(_held(shards.values(), ("world",)), until, part.replicates) if until else ()
        if is_enough(found):
            break
    held = _held(shards.values())
    manifest = manifest_of(part, shards.values(), executing.workers, time.perf_counter() - started)
    return Run(plan.definition, manifest | stop_record(found), held, sample=plan.sample)


def _held(outcomes: Iterable[Outcome], names: Collection[str] = tuple(KEYS)) -> HeldTables:
    """Some tables of what was run in memory."""
    held = [each.tables for each in outcomes if each.tables]
    return HeldTables(joined([{name: part[name] for name in part if name in names} for part in held]))


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
    for part in parts(plan, until):
        simulate_into(folder, part, executing, progress, shards)
        shards = frozenset(part.shards) if until else shards
        found = precisions(StoredTables(folder), until, part.replicates)
        if is_enough(found) and held <= set(part.replicates):
            break
    keep_only(folder, part)
    return part, found


def _completed(
    folder: Path, made: Design, workers: int, started: float, found: tuple[Precision, ...]
) -> dict[str, Any]:
    """Write what stands beside the tables of a run, its manifest last."""
    write_text(folder / SCENARIO, made.definition.to_yaml())
    (folder / OWN_FACTS).unlink(missing_ok=True)
    if own := facts_text(made.definition):
        write_text(folder / OWN_FACTS, own)
    (folder / SAMPLE).unlink(missing_ok=True)
    if made.sample is not None:  # over the points of a sample nothing is summed up
        write_text(folder / SAMPLE, sample_text(made.sample))
    else:
        _write_summaries(made.definition, folder)
    write_ledger(folder)
    forget_notes(folder)
    outcomes = (line.outcome for line in ledger(folder))
    manifest = manifest_of(made, outcomes, workers, time.perf_counter() - started) | stop_record(found)
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
    words = [plan.definition.name, str(plan.seed)]
    if plan.spread == "central":
        words.append("central")
    if is_changed:
        words.append(plan.definition.hash[:8])
    return Path("runs") / "-".join(words)


def defined(scenario: Scenario | str | os.PathLike[str]) -> Scenario:
    """A scenario as it is, or loaded by name or file."""
    from migsim.scenario.load import load

    return scenario if isinstance(scenario, Scenario) else load(scenario)


def _place(out: Path) -> Path:
    with on_disk(out):
        return Path(os.path.realpath(out))


def _write_summaries(definition: Scenario, folder: Path) -> None:
    import pandas as pd

    tables = StoredTables(folder)
    wanted = summary_columns()
    world = tables.read("world", wanted) if "world" in tables.names else pd.DataFrame(columns=wanted)
    world = over_lucks(world)
    summaries = {"triple_win": triple_win_table, "gains": gain_table}
    for name, make in summaries.items():
        write_csv(folder / SUMMARIES[name], with_projection(make(world, definition)))
    write_csv(folder / BY_REGION, with_projection(region_summary(tables, definition)))
