"""Figures as files: those of one run or study are drawn in several processes at once, to the same bytes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import TYPE_CHECKING, Final

from migsim.ensemble.executors.processes import FreshProcesses, leave_with_parent
from migsim.interrupts import heed, held

if TYPE_CHECKING:
    from migsim.results.groups import By
    from migsim.results.run import Run

__all__ = ["save_figures"]

FEWEST: Final = 4
"""Figures for which it is worth starting a process."""
BY_GROUPS: Final = ("winners", "by_group")
"""Figures of states that are told by groups."""
MOST: Final = 4
"""Processes that draw, with this one."""


def save_figures(
    runs: Mapping[str, Run],
    last_year: int | None,
    names: Sequence[str],
    folder: Path,
    workers: int,
    by: By = None,
) -> list[Path]:
    """Draw figures of runs into a folder, and give the files in the order of ``names``.

    Parameters
    ----------
    runs, last_year
        As `migsim.results.figures.Figures` takes them. Runs that are in memory are drawn in this process.
    names
        Methods of it.
    workers
        In how many processes, this one included; where none can be started, all is drawn here.
    by
        Groups of states for the figures of `BY_GROUPS`.
    """
    places = {label: run.folder for label, run in runs.items() if run.folder is not None}
    n = min(workers, MOST, len(names) // FEWEST)
    if n < 2 or len(places) < len(runs):
        return _draw(runs, last_year, names, folder, by)
    parts = [names[first::n] for first in range(n)]
    processes = FreshProcesses()
    try:
        with ProcessPoolExecutor(n - 1, processes, leave_with_parent) as pool:
            try:
                with held():
                    others = [
                        pool.submit(_draw_there, places, last_year, part, folder, by) for part in parts[1:]
                    ]
                written = _draw(runs, last_year, parts[0], folder, by)
                written += [path for other in others for path in other.result()]
            except BaseException:
                processes.kill()
                raise
    except (OSError, BrokenProcessPool):
        return _draw(runs, last_year, names, folder, by)
    return sorted(written, key=lambda path: names.index(path.stem))


def _draw(
    runs: Mapping[str, Run], last_year: int | None, names: Sequence[str], folder: Path, by: By
) -> list[Path]:
    from migsim.results.figures import Figures
    from migsim.results.figures_of_world import draws

    figures, save = Figures(runs, last_year), draws("save")
    written = []
    for name in names:
        heed()
        options = {"by": by} if name in BY_GROUPS else {}
        written += save(getattr(figures, name)(**options), folder / f"{name}.png")
    return written


def _draw_there(
    places: Mapping[str, Path], last_year: int | None, names: Sequence[str], folder: Path, by: By
) -> list[Path]:
    """The same in another process, which opens the runs anew."""
    from migsim.results.run import Run

    return _draw({label: Run.open(place) for label, place in places.items()}, last_year, names, folder, by)
