"""The outcomes that are explained: the three gains and the weakest of them, world by world, at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from migsim.plots.intervals import Interval, wilson
from migsim.results.points import GAINS
from migsim.results.summary import GAIN_UNITS
from migsim.triple_win import GROUPS

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from migsim.results.run import Run
    from migsim.world.corridors import Array

__all__ = [
    "COMPONENTS", "GAINS", "LEVEL", "N_RESAMPLES", "OUTCOMES", "SPREADS", "UNITS", "WEAKEST", "are_wins",
    "ends_of", "last_year", "share_of", "whole",
]  # fmt: skip

SPREADS: Final = {f"gain_{group}": f"sd_{group}" for group in GROUPS}
"""By gain the column that holds its standard deviation of 2005."""
WEAKEST: Final = "weakest"
OUTCOMES: Final = (*GAINS, WEAKEST)
UNITS: Final = {**{name: GAIN_UNITS[name] for name in GAINS}, WEAKEST: "standard deviations of 2005"}
COMPONENTS: Final = {
    "gain_hosts": ("gain_output", "gain_fiscal", "gain_order", "gain_integration"),
    "gain_departures": ("gain_money", "gain_skills", "gain_development"),
}
"""What the indices of hosts and departure countries are made of."""

LEVEL: Final = 0.95
"""Of the sampling interval of every share that an analysis gives."""

N_RESAMPLES: Final = 1000
"""Of rows or walks, behind a percentile interval."""


def last_year(run: Run, n_points: int) -> pd.DataFrame:
    """What came out in the last year, a row a point; missing where the world failed.

    Parameters
    ----------
    run
        A run of which each point was lived once.
    n_points
        How many points there were.
    """
    import pandas as pd

    columns = [*OUTCOMES, *(name for part in COMPONENTS.values() for name in part), *SPREADS.values()]
    points = pd.RangeIndex(n_points, name="point")
    if "world" not in run.tables:
        return pd.DataFrame(np.nan, index=points, columns=columns)
    world = run.table("world", ["replicate", "year", *columns])
    last = world[world["year"] == run.scenario.spec.years.last]
    return last.set_index("replicate")[columns].reindex(points)


def whole(values: Array, block: int) -> NDArray[np.bool_]:
    """Points of blocks in which no world failed, ``(point,)``.

    Parameters
    ----------
    values
        By point; ``nan`` where the world failed.
    block
        Points that only mean something together, such as those of one walk.
    """
    complete = np.isfinite(values.reshape(-1, block)).all(axis=1)
    return np.repeat(complete, block)


def ends_of(resamples: Array) -> Array:
    """Ends of percentile intervals, ``(2, measure)``, of ``(resample, measure)``.

    For means of squares or of sizes, never below zero: an interval as wide to either side would be.
    """
    beyond = 0.5 * (1.0 - LEVEL)
    ends: Array = np.quantile(resamples, (beyond, 1.0 - beyond), axis=0)
    return ends


def are_wins(found: pd.DataFrame, outcome: str, margin: float) -> NDArray[np.bool_]:
    """Whether an outcome exceeds a margin in standard deviations of 2005, ``(world,)``."""
    bar = margin if outcome == WEAKEST else margin * found[SPREADS[outcome]]
    return (found[outcome] > bar).to_numpy()


def share_of(wins: int, n: int) -> Interval:
    """The share of worlds with its 95 % sampling interval (Wilson 1927).

    Examples
    --------
    >>> round(share_of(5, 10).low, 3), round(share_of(5, 10).high, 3)
    (0.237, 0.763)
    """
    return wilson(wins, n, LEVEL)
