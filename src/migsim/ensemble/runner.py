"""Running an ensemble: shard by shard, through an executor, into memory or into a folder."""

from __future__ import annotations

from pathlib import Path

from migsim.ensemble.designs import Design
from migsim.ensemble.executors import Executor
from migsim.ensemble.progress import meter
from migsim.ensemble.store import Outcome, clear, finished
from migsim.ensemble.versions import decisive_versions

__all__ = ["simulate"]


def simulate(
    design: Design, executor: Executor, folder: Path | None = None, is_shown: bool | None = None
) -> list[Outcome]:
    """Run every shard of a design, and give what became of each, in their order.

    Parameters
    ----------
    design
        What to run.
    executor
        Who runs it.
    folder
        Where shards are written; shards that an interrupted run finished there are kept. Without one, the
        outcomes hold the tables.
    is_shown
        Whether to show progress: always, never, or (None) on a terminal only.
    """
    left = list(design.shards)
    outcomes: list[Outcome] = []
    if folder is not None:
        versions = decisive_versions()
        found = [finished(folder, shard.number, design.key(shard, versions)) for shard in left]
        outcomes = [outcome for outcome in found if outcome is not None]
        numbers = {outcome.number for outcome in outcomes}
        left = [shard for shard in left if shard.number not in numbers]
        clear(folder, numbers)
    total = len(design.replicates) * design.n_years
    with meter(design.definition.name, total, is_shown) as shown:
        shown.advance(total - sum(len(shard.replicates) for shard in left) * design.n_years)
        for outcome in executor.outcomes(design, tuple(left), folder, shown.advance):
            outcomes.append(outcome)
    return sorted(outcomes, key=lambda outcome: outcome.number)
