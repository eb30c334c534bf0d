"""The triple win and the gains of a run, summed up over its replicates.

A median comes with the range that holds nine of ten replicates (the 5th to the 95th percentile), the share of
replicates that gain, and how many replicates there are. Where each draw of the parameters was lived with
several lucks, a replicate here is a draw, with its mean over these.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from migsim.triple_win import GROUPS
from migsim.world.worlds import DRAWS

if TYPE_CHECKING:
    import pandas as pd

    from migsim.scenario.definition import Scenario
    from migsim.world.corridors import Array

__all__ = [
    "GAIN_UNITS",
    "TRIPLE_WIN_GROUPS",
    "by_year",
    "gain_table",
    "gains_in_spreads",
    "over_lucks",
    "share_positive",
    "spread",
    "summary_columns",
    "triple_win_table",
]

TRIPLE_WIN_GROUPS: Final = (*GROUPS, "weakest")
TRIPLE_WIN_COLUMNS: Final = (
    "scenario", "year", "group", "level_median", "baseline_median", "difference_median", "difference_p05",
    "difference_p95", "share_positive", "n",
)  # fmt: skip
GAIN_COLUMNS: Final = ("scenario", "year", "quantity", "unit", "median", "p05", "p95", "n")

_WELLBEING: Final = "points of well-being per migrant of 2005"
_INCOME: Final = "percent of income"
GAIN_UNITS: Final = {
    "gain_migrants": _WELLBEING,
    "gain_migrants_intensive": _WELLBEING,
    "gain_migrants_extensive": _WELLBEING,
    "gain_hosts": _INCOME,
    "gain_hosts_population": _INCOME,
    "gain_output": _INCOME,
    "gain_fiscal": _INCOME,
    "gain_order": _INCOME,
    "gain_integration": _INCOME,
    "gain_departures": _INCOME,
    "gain_departures_population": _INCOME,
    "gain_money": _INCOME,
    "gain_skills": _INCOME,
    "gain_development": _INCOME,
}
DIFFERENCE_UNITS: Final = {
    "migrants": "persons",
    "irregular": "persons",
    "displaced": "persons",
    "remittances": "million USD a year",
    "trust": "share",
    "policy": "share",
    "opinion_pro": "share",
    "opinion_anti": "share",
}
"""Columns whose difference from the paired world stands beside the gains, as ``difference_<column>``."""


def gains_in_spreads(world: pd.DataFrame, group: str) -> Array:
    """Gains of a group in standard deviations of the base year, or the weakest of the three."""
    return _column(world, "weakest" if group == "weakest" else f"gain_sd_{group}")


def share_positive(gains: Array, margin: float) -> float:
    """Share of replicates that gain more than a margin; ``nan`` without replicates."""
    return float((gains > margin).mean()) if gains.size else float("nan")


def over_lucks(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of table ``world``, or of ``states``, one for each draw: the mean over its lucks.

    So what differs between rows is what is not known, and not chance, and worlds with other luck do not pass
    for further draws. Not for sweeps, whose worlds are none of them lucks of each other: see
    `migsim.results.run.Run.over_lucks`.
    """
    keys = rows[["replicate"]] % DRAWS
    keys = keys.assign(**{name: rows[name] for name in ("year", "state") if name in rows})
    if not keys.duplicated().any():
        return rows
    by = [keys[name] for name in keys]
    return rows.drop(columns=[*keys]).groupby(by, sort=True).mean(numeric_only=True).reset_index()


def summary_columns() -> list[str]:
    """The columns of table ``world`` that `triple_win_table` and `gain_table` look at."""
    levels = [f"{kind}_sd_{group}" for group in GROUPS for kind in ("gain", "level", "baseline")]
    differences = [name for column in DIFFERENCE_UNITS for name in (column, f"baseline_{column}")]
    return ["replicate", "year", *levels, "weakest", *GAIN_UNITS, *differences]


def by_year(world: pd.DataFrame, definition: Scenario) -> Iterator[tuple[int, pd.DataFrame]]:
    """The rows of each year, also of years in which no replicate was finished."""
    years = definition.spec.years
    for year in range(years.first - 1, years.last + 1):
        yield year, world[world["year"] == year]


def triple_win_table(world: pd.DataFrame, definition: Scenario) -> pd.DataFrame:
    """The triple win by year and group, in standard deviations of the base year.

    Parameters
    ----------
    world
        Table ``world`` of a run, one row a draw and year; without rows, the summary has ``n`` 0 and no
        numbers.
    definition
        The scenario, which names the rows and gives the margin that a gain must exceed.
    """
    import pandas as pd

    margin = float(definition.value("triple_win.margin"))
    rows = [
        (
            definition.name,
            year,
            group,
            *_levels(part, group),
            *spread(gains),
            share_positive(gains, margin),
            len(part),
        )
        for year, part in by_year(world, definition)
        for group in TRIPLE_WIN_GROUPS
        for gains in [gains_in_spreads(part, group)]
    ]
    return pd.DataFrame(rows, columns=list(TRIPLE_WIN_COLUMNS))


def gain_table(world: pd.DataFrame, definition: Scenario) -> pd.DataFrame:
    """Gains and their components in natural units, and differences from the paired world, by year.

    Parameters
    ----------
    world
        Table ``world`` of a run, one row a draw and year.
    definition
        The scenario, which names the rows.
    """
    import pandas as pd

    rows: list[tuple[Any, ...]] = []
    for year, part in by_year(world, definition):
        for quantity, unit, values in _quantities(part):
            rows.append((definition.name, year, quantity, unit, *spread(values), len(part)))
    return pd.DataFrame(rows, columns=list(GAIN_COLUMNS))


def _quantities(part: pd.DataFrame) -> Iterator[tuple[str, str, Array]]:
    for name, unit in GAIN_UNITS.items():
        yield name, unit, _column(part, name)
    for name, unit in DIFFERENCE_UNITS.items():
        yield f"difference_{name}", unit, _column(part, name) - _column(part, f"baseline_{name}")


def _column(world: pd.DataFrame, name: str) -> Array:
    """A column; without values where no replicate was finished and so there is no table."""
    return np.asarray(world[name], dtype=np.float64) if len(world) else np.zeros(0)


def _levels(part: pd.DataFrame, group: str) -> tuple[float, float]:
    if group == "weakest" or part.empty:
        return float("nan"), float("nan")
    return float(part[f"level_sd_{group}"].median()), float(part[f"baseline_sd_{group}"].median())


def spread(values: Array) -> tuple[float, float, float]:
    """Median, 5th and 95th percentile; ``nan`` without values."""
    if not values.size:
        return float("nan"), float("nan"), float("nan")
    low, middle, high = np.quantile(values, [0.05, 0.5, 0.95])
    return float(middle), float(low), float(high)
