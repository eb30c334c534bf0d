"""The points of a run: which draw, luck and settings each world has, and what came out beside them."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from migsim.ensemble.samples import Sample
from migsim.errors import InputError
from migsim.triple_win import GROUPS
from migsim.world.worlds import DRAWS

if TYPE_CHECKING:
    import pandas as pd

    from migsim.results.run import Run

__all__ = ["GAINS", "SAMPLE", "last_years", "outcome_table", "point_table", "read_sample", "sample_text"]

SAMPLE: Final = "sample.json"
MARGIN: Final = "triple_win.margin"
LAST_YEAR: Final = "years.last"
GAINS: Final = tuple(f"gain_{group}" for group in GROUPS)
"""Columns of table ``world``: the three gains, in the order of their groups."""


def point_table(replicates: tuple[int, ...], sample: Sample | None) -> pd.DataFrame:
    """Which draw and luck each world has, and the settings of its point.

    Parameters
    ----------
    replicates
        Numbers of the worlds.
    sample
        The points; without one, worlds differ in draw and luck alone.

    Returns
    -------
    DataFrame
        ``replicate``, ``draw`` (with a sample ``point``), ``luck``, and a column a path.
    """
    import pandas as pd

    draws, lucks = [number % DRAWS for number in replicates], [number // DRAWS for number in replicates]
    frame = pd.DataFrame({"replicate": replicates, "draw": draws, "luck": lucks})
    if sample is None:
        return frame
    frame = frame.rename(columns={"draw": "point"})
    for n, path in enumerate(sample.paths):
        frame[path] = [sample.points[point][n] for point in draws]
    return frame


def last_years(run: Run) -> tuple[int, ...]:
    """The years in which worlds end, in their order: one, unless a sweep varies it."""
    sample = run.sample
    if sample is None or LAST_YEAR not in sample.paths:
        return (run.scenario.spec.years.last,)
    place = sample.paths.index(LAST_YEAR)
    return tuple(sorted({int(point[place]) for point in sample.points}))


def outcome_table(run: Run, year: int | None = None) -> pd.DataFrame:
    """What came out of each world in one year, beside its settings.

    Parameters
    ----------
    run
    year
        By default the last of each world.

    Returns
    -------
    DataFrame
        The columns of `point_table`, then the three gains in their units, ``weakest`` in standard deviations
        of 2005, and ``triple_win``, whether all three exceed the scenario's margin.
    """
    import pandas as pd

    world = run.table("world", ["replicate", "year", *GAINS, "weakest"], reduce=partial(_of_year, year=year))
    if world.empty and year is not None:
        years = run.table("world", ["year"], reduce=pd.DataFrame.drop_duplicates)["year"]
        raise InputError(f"year {year}: not in this run; allowed are {years.min()} to {years.max()}")
    rows = run.points.merge(world.drop(columns="year"), on="replicate")
    margin = rows[MARGIN] if MARGIN in rows else float(run.scenario.value(MARGIN))
    return rows.assign(triple_win=rows["weakest"] > margin)


def _of_year(world: pd.DataFrame, year: int | None) -> pd.DataFrame:
    """The rows of one year, or of each world's last."""
    when = world.groupby("replicate")["year"].transform("max") if year is None else year
    return world[world["year"] == when]


def sample_text(sample: Sample) -> str:
    """A sample as the file that `read_sample` reads."""
    return f"{json.dumps(sample.plain(), indent=1)}\n"


def read_sample(folder: Path) -> Sample | None:
    """The sample of a run folder; none if its worlds are of no design.

    Raises
    ------
    InputError
        If it is damaged.
    """
    path = folder / SAMPLE
    try:
        return Sample.restored(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"{path}: is damaged ({error}); delete it and run the sweep again") from None
