"""Running an ensemble: shard by shard, through an executor, into memory or into a folder.

Of a run into a folder nothing is kept in memory but the numbers of what is still to be run.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from migsim.ensemble.designs import Design, Shard
from migsim.ensemble.executors import Executor
from migsim.ensemble.folders import on_disk
from migsim.ensemble.ledger import take_up
from migsim.ensemble.progress import meter
from migsim.ensemble.store import Outcome, clear, notes, whole
from migsim.ensemble.versions import decisive_versions

__all__ = ["begin_in", "keep_only", "simulate", "simulate_into"]


def simulate(
    design: Design,
    executor: Executor,
    is_shown: bool | None = None,
    shards: tuple[Shard, ...] | None = None,
) -> list[Outcome]:
    """Run shards of a design, and give what became of each, with its tables, in the order of their numbers.

    Parameters
    ----------
    design
        What to run.
    executor
        Who runs it.
    is_shown
        Whether to show progress: always, never, or (None) on a terminal only.
    shards
        By default all.
    """
    chosen = design.shards if shards is None else shards
    total = sum(len(shard.replicates) for shard in chosen) * design.n_years
    outcomes = []
    with meter(design.definition.name, total, is_shown) as shown:
        for outcome in executor.outcomes(design, chosen, None, shown.advance):
            shown.fail(len(outcome.failures))
            outcomes.append(outcome)
    return sorted(outcomes, key=lambda outcome: outcome.number)


def begin_in(folder: Path, design: Design, sources: Collection[Path] = ()) -> None:
    """Make a folder ready for a design: shards that it or an earlier run holds of it are kept.

    Parameters
    ----------
    folder
        Where the run is made.
    design
        What is to be run; shards of another are removed.
    sources
        Folders of finished runs, whose worlds need not be run again.
    """
    key = design.key(decisive_versions())
    with on_disk(folder):
        for source in (folder, *sources):
            take_up(source, folder, key)
        clear(folder, {note.outcome.number for note in notes(folder) if note.key == key})


def simulate_into(
    folder: Path,
    design: Design,
    executor: Executor,
    is_shown: bool | None = None,
    known: Collection[Shard] = (),
) -> None:
    """Run what a folder does not hold of a design, and write it there.

    Parameters
    ----------
    folder
        Made ready by `begin_in`.
    design, executor, is_shown
        As for `simulate`.
    known
        Shards that were run just before, and need not be looked at again.
    """
    key = design.key(decisive_versions())
    left: list[Shard] = []
    n_left = 0
    with on_disk(folder):
        for shard in design.shards:
            if shard in known:
                continue
            note = whole(folder, shard.number, key)
            there = set() if note is None else set(note.outcome.replicates)
            if there != set(shard.replicates):
                left.append(shard)
                n_left += len(set(shard.replicates) - there)
    n_all = len(design.replicates)
    with meter(design.definition.name, n_all * design.n_years, is_shown) as shown:
        shown.advance((n_all - n_left) * design.n_years)
        for outcome in executor.outcomes(design, tuple(left), folder, shown.advance):
            shown.fail(len(outcome.failures))


def keep_only(folder: Path, design: Design) -> None:
    """Remove shards of worlds that the design, as it came to be, does not ask for."""
    with on_disk(folder):
        clear(folder, {shard.number for shard in design.shards})
