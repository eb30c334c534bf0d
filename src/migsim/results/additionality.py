"""Additionality: how much policy moves beyond what states would have done alone.

States change their policies in every world, also where nobody meets. Counting what they did after a session,
or how many comply with a text, gives the forum credit for that too. So it is counted apart:

    drift = b(t) - b(2005)        added = p(t) - b(t)        ratio = added / |drift|

with ``p`` the mean policy over states and paragraphs, all alike, and ``b`` that of the same world in which
nobody meets. The ratio is told in percent; where the drift is nothing there is none.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

import numpy as np

from migsim.facts.codes import BASE_YEAR
from migsim.results.rounding import NOTHING
from migsim.results.summary import by_year, share_positive, spread

if TYPE_CHECKING:
    import pandas as pd

    from migsim.results.run import Run
    from migsim.world.corridors import Array

__all__ = ["ADDITIONALITY_COLUMNS", "additionality_table", "policy_movements"]

ADDITIONALITY_COLUMNS: Final = (
    "scenario", "year", "quantity", "unit", "median", "p05", "p95", "share_positive", "n",
)  # fmt: skip
UNITS: Final = {
    "drift": "mean policy, 0 to 1",
    "added": "mean policy, 0 to 1",
    "ratio": "percent of the drift",
}


def policy_movements(world: pd.DataFrame) -> pd.DataFrame:
    """What each world's mean policy did since 2005, and what of it would have been without a process.

    Parameters
    ----------
    world
        Table ``world`` of a run.

    Returns
    -------
    DataFrame
        Columns ``replicate``, ``year``, ``drift``, ``added`` (mean policy, 0 to 1) and ``ratio`` (percent).

    Examples
    --------
    >>> import pandas as pd
    >>> two = pd.DataFrame({"replicate": [0, 0], "year": [2005, 2015]})
    >>> two = two.assign(policy=[0.50, 0.59], baseline_policy=[0.50, 0.56])
    >>> round(float(policy_movements(two)["ratio"].iloc[-1]), 6)
    50.0
    """
    start = world[world["year"] == BASE_YEAR].set_index("replicate")["baseline_policy"]
    moved = world[["replicate", "year"]].copy()
    moved["drift"] = world["baseline_policy"] - world["replicate"].map(start)
    moved["added"] = world["policy"] - world["baseline_policy"]
    size = moved["drift"].abs()
    moved["ratio"] = 100.0 * moved["added"] / size.where(size > NOTHING)
    return moved


def additionality_table(run: Run) -> pd.DataFrame:
    """What a run adds to unilateral drift, by year from the base year on.

    Parameters
    ----------
    run

    Returns
    -------
    DataFrame
        With the columns of `ADDITIONALITY_COLUMNS`: three rows a year, ``drift``, ``added`` and ``ratio``,
        each with median, 5th and 95th percentile over worlds, and the share of worlds in which it is above
        zero.
        ``n`` 0 and no numbers where no world was finished, or where there is no ratio.
    """
    import pandas as pd

    world = run.columns_of_world(["replicate", "year", "policy", "baseline_policy"])
    moved = run.over_lucks(policy_movements(world)) if run.n_replicates else world
    rows = [
        (run.scenario.name, year, quantity, UNITS[quantity], *spread(values), share, values.size)
        for year, part in by_year(moved, run.scenario)
        if year >= BASE_YEAR
        for quantity, values in _quantities(part)
        for share in [share_positive(values, 0.0)]
    ]
    return pd.DataFrame(rows, columns=list(ADDITIONALITY_COLUMNS))


def _quantities(part: pd.DataFrame) -> Iterator[tuple[str, Array]]:
    for quantity in UNITS:
        known = part[quantity].dropna() if len(part) else ()
        yield quantity, np.asarray(known, dtype=np.float64)
