"""Where the worlds of an analysis are run: each design in a folder of its own, which survives a kill."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from migsim.analysis.outcomes import last_year
from migsim.ensemble.designs import Design
from migsim.ensemble.executors import Executor
from migsim.ensemble.progress import meter
from migsim.results.simulation import run_design

if TYPE_CHECKING:
    import pandas as pd

    from migsim.results.run import Run

__all__ = ["Bench"]


class Bench:
    """Runs designs and gives the outcomes of their last year.

    Parameters
    ----------
    executing
        Who runs the worlds.
    folder
        Below which each design has a run folder; None to keep everything in memory.
    progress
        Whether to show progress: always, never, or (None) on a terminal only.

    Attributes
    ----------
    worlds
        By design how many worlds were run, or found finished.
    failures
        By design how many of them failed; its manifest holds their errors.
    """

    def __init__(self, executing: Executor, folder: Path | None, progress: bool | None = None) -> None:
        self._executing, self._folder, self._progress = executing, folder, progress
        self.worlds: dict[str, int] = {}
        self.failures: dict[str, int] = {}

    def run(self, name: str, plan: Design) -> pd.DataFrame:
        """The outcomes of a design, a row a point, missing where the world failed."""
        self._tell(name, len(plan.replicates))
        return self._outcomes(name, name, plan, self._progress)

    def run_each(self, name: str, plans: Mapping[int, Design]) -> dict[int, pd.DataFrame]:
        """The outcomes of several designs that make one part, each in a folder below the part's own."""
        total = sum(len(plan.replicates) for plan in plans.values())
        self._tell(name, total)
        found = {}
        with meter(name, total, self._progress) as shown:
            for key, plan in plans.items():
                found[key] = self._outcomes(name, f"{name}/{key}", plan, False)
                shown.advance(len(plan.replicates))
        return found

    def _outcomes(self, name: str, place: str, plan: Design, progress: bool | None) -> pd.DataFrame:
        out = None if self._folder is None else self._folder / place
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message=".*holds this very run.*")
            done: Run = run_design(plan, self._executing, out, progress)
        self.worlds[name] = self.worlds.get(name, 0) + len(plan.replicates)
        self.failures[name] = self.failures.get(name, 0) + len(done.failures)
        return last_year(done, len(plan.replicates))

    def _tell(self, name: str, n_worlds: int) -> None:
        if self._progress:
            print(f"{name}: {n_worlds:,} worlds", file=sys.stderr, flush=True)
