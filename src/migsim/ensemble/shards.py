"""Running one shard: as a batch, or, if the batch fails, replicate by replicate; what is there stays."""

from __future__ import annotations

import os
import time
import traceback
from collections.abc import Callable
from pathlib import Path

import numpy as np

from migsim.ensemble.batch import Tables, run_batch
from migsim.ensemble.designs import Design, Shard
from migsim.ensemble.fingerprints import fingerprints
from migsim.ensemble.store import Failure, Note, Outcome, read_columns, whole, write_shard
from migsim.ensemble.versions import decisive_versions
from migsim.errors import EnvironmentProblem, InputError

__all__ = ["joined", "run_shard"]

type Tick = Callable[[int], None]
"""Told how many world-years have been lived since it was last told; fewer than none if they were in vain."""


def run_shard(
    design: Design,
    shard: Shard,
    folder: Path | None,
    tick: Tick,
    check: Callable[[], None] | None = None,
) -> Outcome:
    """Run a shard, and write it to a folder if one is given.

    Worlds that the folder holds already are not run again: the new ones are joined to them, in the order of
    their numbers, so that the files are those of a run of all at once. A replicate that fails is left out and
    named in the outcome; a fault of the user's own input ends the run.

    Parameters
    ----------
    design, shard, folder, tick
        As for `Executor.outcomes`.
    check
        Called just before the shard is written; raises if it may no longer be.

    Returns
    -------
    Outcome
        With tables and fingerprints only if nothing is written.

    Raises
    ------
    InputError
        If a user's behaviour answers what is not allowed.
    EnvironmentProblem
        If memory or the disk is full.
    """
    try:
        return _run(design, shard, folder, tick, check)
    except MemoryError:
        raise EnvironmentProblem("the memory is full; use fewer workers (--workers 1)") from None


def _run(
    design: Design, shard: Shard, folder: Path | None, tick: Tick, check: Callable[[], None] | None
) -> Outcome:
    started = time.perf_counter()
    key = "" if folder is None else design.key(decisive_versions())
    note = None if folder is None else whole(folder, shard.number, key)
    there = () if note is None else tuple(sorted(set(note.outcome.replicates) & set(shard.replicates)))
    missing = tuple(replicate for replicate in shard.replicates if replicate not in set(there))
    if note is not None and not missing and len(there) == len(note.outcome.replicates):
        return Outcome(shard.number, there, {}, (), note.outcome.seconds)
    failures: list[Failure] = []
    tables = _lived(design, missing, tick, failures)
    if folder is not None and there:
        tables = _in_order(joined([_read(folder, shard.number, there), tables]))
    failed = {failure.replicate for failure in failures}
    done = tuple(replicate for replicate in shard.replicates if replicate not in failed)
    marks = fingerprints(tables, done)
    seconds = time.perf_counter() - started + _seconds_before(note, there)
    outcome = Outcome(shard.number, done, marks, tuple(failures), seconds, tables, len(missing))
    if folder is None:
        return outcome
    if check is not None:
        check()
    try:
        write_shard(folder, outcome, key)
    except OSError as error:
        said = f"{folder}: cannot be written ({os.strerror(error.errno) if error.errno else error})"
        raise EnvironmentProblem(f"{said}; make room or choose another folder with --out") from None
    return Outcome(shard.number, done, {}, tuple(failures), seconds, n_run=len(missing))


def joined(parts: list[Tables]) -> Tables:
    """The tables of several batches as one, in the order given."""
    names = dict.fromkeys(name for part in parts for name in part)
    return {
        name: {
            column: np.concatenate([part[name][column] for part in parts if name in part])
            for column in next(part[name] for part in parts if name in part)
        }
        for name in names
    }


def _in_order(tables: Tables) -> Tables:
    """Rows by replicate; within each they are in order."""
    ordered: Tables = {}
    for name, columns in tables.items():
        order = np.argsort(columns["replicate"], kind="stable")
        ordered[name] = {column: values[order] for column, values in columns.items()}
    return ordered


def _read(folder: Path, number: int, replicates: tuple[int, ...]) -> Tables:
    try:
        return read_columns(folder, number, replicates)
    except OSError as error:
        raise EnvironmentProblem(f"{folder}: cannot be read ({error.strerror or error})") from None


def _seconds_before(note: Note | None, there: tuple[int, ...]) -> float:
    return note.outcome.seconds if note is not None and there else 0.0


def _lived(design: Design, replicates: tuple[int, ...], tick: Tick, failures: list[Failure]) -> Tables:
    """The tables of the worlds that can be run; the others are added to the failures."""
    if not replicates:
        return {}
    tables = _tried(design, replicates, tick, [])
    if tables is None:
        singles = [_tried(design, (replicate,), tick, failures) for replicate in replicates]
        tables = joined([single for single in singles if single is not None])
    return tables


def _tried(design: Design, replicates: tuple[int, ...], tick: Tick, failures: list[Failure]) -> Tables | None:
    """The tables of a batch; none if it failed, which is added to the failures of its replicates."""
    lived = 0

    def on_year(_: int) -> None:
        nonlocal lived
        lived += len(replicates)
        tick(len(replicates))

    try:
        definition, worlds = design.batch(replicates)
        return run_batch(definition, worlds, design.seed, design.spread, on_year, design.tables)
    except (InputError, EnvironmentProblem, MemoryError):
        raise
    except Exception as error:
        tick((len(replicates) * design.n_years if len(replicates) == 1 else 0) - lived)
        said = f"{type(error).__name__}: {error}".splitlines()[0]
        failures += [Failure(replicate, said, traceback.format_exc()) for replicate in replicates]
        return None
