"""Running one shard: as a batch, or, if the batch fails, replicate by replicate."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable
from pathlib import Path

import numpy as np

from migsim.ensemble.batch import Tables, run_batch
from migsim.ensemble.designs import Design, Shard
from migsim.ensemble.fingerprints import fingerprints
from migsim.ensemble.store import Failure, Outcome, write_shard
from migsim.ensemble.versions import decisive_versions
from migsim.errors import EnvironmentProblem, InputError

__all__ = ["joined", "run_shard"]

type Tick = Callable[[int], None]
"""Told how many world-years have been lived since it was last told."""


def run_shard(design: Design, shard: Shard, folder: Path | None, tick: Tick) -> Outcome:
    """Run a shard, and write it to a folder if one is given.

    A replicate that fails is left out and named in the outcome; a fault of the user's own input ends the run.

    Raises
    ------
    InputError
        If a user's behaviour answers what is not allowed.
    EnvironmentProblem
        If memory or the disk is full.
    """
    started = time.perf_counter()
    failures: list[Failure] = []
    tables = _tried(design, shard.replicates, tick, [])
    if tables is None:
        singles = [_tried(design, (replicate,), tick, failures) for replicate in shard.replicates]
        tables = joined([single for single in singles if single is not None])
    failed = {failure.replicate for failure in failures}
    done = tuple(replicate for replicate in shard.replicates if replicate not in failed)
    marks = fingerprints(tables, done)
    seconds = time.perf_counter() - started
    outcome = Outcome(shard.number, done, marks, tuple(failures), seconds, tables)
    if folder is None:
        return outcome
    key = design.key(shard, decisive_versions())
    try:
        write_shard(folder, outcome, key)
    except OSError as error:
        raise EnvironmentProblem(f"{folder}: cannot be written ({error.strerror or error})") from None
    return Outcome(shard.number, done, marks, tuple(failures), seconds)


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


def _tried(design: Design, replicates: tuple[int, ...], tick: Tick, failures: list[Failure]) -> Tables | None:
    """The tables of a batch; none if it failed, which is added to the failures of its replicates."""
    try:
        return run_batch(
            design.definition, replicates, design.seed, design.spread, lambda _: tick(len(replicates))
        )
    except (InputError, EnvironmentProblem):
        raise
    except MemoryError:
        raise EnvironmentProblem("the memory is full; use fewer workers (--workers 1)") from None
    except Exception as error:
        said = f"{type(error).__name__}: {error}".splitlines()[0]
        failures += [Failure(replicate, said, traceback.format_exc()) for replicate in replicates]
        return None
