"""The outcomes that are explained: the three gains and the weakest of them, world by world, at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from migsim.results.summary import GAIN_UNITS

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from migsim.results.run import Run
    from migsim.world.corridors import Array

__all__ = ["COMPONENTS", "GAINS", "OUTCOMES", "UNITS", "WEAKEST", "interval_of_share", "last_year", "whole"]

GAINS: Final = ("gain_migrants", "gain_hosts", "gain_departures")
WEAKEST: Final = "weakest"
OUTCOMES: Final = (*GAINS, WEAKEST)
UNITS: Final = {**{name: GAIN_UNITS[name] for name in GAINS}, WEAKEST: "standard deviations of 2005"}
COMPONENTS: Final = {
    "gain_hosts": ("gain_output", "gain_fiscal", "gain_order", "gain_integration"),
    "gain_departures": ("gain_money", "gain_skills", "gain_development"),
}
"""What the indices of hosts and departure countries are made of."""

_SPREADS: Final = ("sd_migrants", "sd_hosts", "sd_departures")


def last_year(run: Run, n_points: int) -> pd.DataFrame:
    """What came out in the last year, a row a point; missing where the world failed.

    Parameters
    ----------
    run
        A run of which each point was lived once.
    n_points
        How many points there were.
    """
    columns = [*OUTCOMES, *(name for part in COMPONENTS.values() for name in part), *_SPREADS]
    world = run.table("world", ["replicate", "year", *columns])
    last = world[world["year"] == run.scenario.spec.years.last]
    return last.set_index("replicate")[columns].reindex(range(n_points)).rename_axis("point")


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


def interval_of_share(wins: int, n: int, z: float = 1.96) -> tuple[float, float]:
    """Where a share lies that was found in some worlds, with 95 % confidence (Wilson 1927).

    Examples
    --------
    >>> [round(end, 3) for end in interval_of_share(5, 10)]
    [0.237, 0.763]
    """
    if n == 0:
        return float("nan"), float("nan")
    share, weight = wins / n, z * z / n
    middle = (share + weight / 2.0) / (1.0 + weight)
    half = z / (1.0 + weight) * float(np.sqrt(share * (1.0 - share) / n + weight / (4.0 * n)))
    return max(middle - half, 0.0), min(middle + half, 1.0)
