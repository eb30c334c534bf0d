"""The worlds of a sweep: those with a result, their settings in bins, and what came out in each bin."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from migsim.errors import InputError, shown
from migsim.plots.intervals import Interval, over_worlds, wilson
from migsim.plots.wording import several_words

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "BINS",
    "are_numbers",
    "at_point",
    "differences",
    "in_bins",
    "independent",
    "is_binned",
    "is_share",
    "options_of",
    "outcomes_by",
    "paired",
    "signs_by",
    "worlds",
]

MOST_VALUES: Final = 25
"""With more different numbers of a setting than this, they are put into bins."""
BINS: Final = 8
SURE: Final = 0.95
"""Share of worlds of one sign from which a sign is told of all."""
NOT_VARIED: Final = ("replicate", "point", "draw", "year")


def worlds(frame: pd.DataFrame, paths: tuple[str, ...], outcome: str) -> pd.DataFrame:
    """The worlds with a finite outcome, in the last year if there are several."""
    import pandas as pd

    if frame.empty:
        return frame
    for what, column in (*(("setting", path) for path in paths), ("outcome", outcome)):
        if column not in frame.columns:
            known = several_words([str(c) for c in frame.columns if c not in NOT_VARIED], 12)
            raise InputError(f"no {what} {shown(column)} in this sweep; it has {known}")
    last = frame[frame["year"] == frame["year"].max()] if "year" in frame.columns else frame
    if is_share(last[outcome]):
        return last.dropna(subset=list(paths))
    values = pd.to_numeric(last[outcome]).astype(float).replace([np.inf, -np.inf], np.nan)
    return last.assign(**{outcome: values}).dropna(subset=[outcome, *paths])


def are_numbers(column: pd.Series) -> bool:
    """Whether a setting takes numbers rather than names, or yes and no."""
    import pandas as pd

    return pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)


def is_share(column: pd.Series) -> bool:
    """Whether an outcome is yes or no, so that its share of worlds is shown."""
    import pandas as pd

    return pd.api.types.is_bool_dtype(column)


def in_bins(column: pd.Series) -> pd.Series:
    """The values, or the middles of bins of equal width if they are many, or hardly any comes twice."""
    if not is_binned(column):
        return column
    low, high = float(column.min()), float(column.max())
    width = (high - low) / BINS
    places = ((column.astype(float) - low) / width).clip(upper=BINS - 1).astype(int)
    return low + (places + 0.5) * width


def is_binned(column: pd.Series) -> bool:
    """Whether `in_bins` puts a setting into bins."""
    if not are_numbers(column):
        return False
    n_values = column.nunique()
    return n_values > MOST_VALUES or (n_values > BINS and len(column) < 2 * n_values)


def options_of(column: pd.Series) -> list[Any]:
    """Options in the order of the sweep; numbers by size."""
    found = list(column.drop_duplicates())
    return sorted(found) if are_numbers(column) else found


def outcomes_by(rows: pd.DataFrame, outcome: str, by: Sequence[str]) -> pd.DataFrame:
    """Median and 5-95 % of worlds of each group; of yes and no, the share in percent with its interval.

    Returns
    -------
    DataFrame
        The columns of ``by``, then ``median``, ``low``, ``high`` and ``n``: worlds, of a share those that are
        `independent`.
    """
    import pandas as pd

    keys = list(by)
    if not is_share(rows[outcome]):
        return over_worlds(rows[keys].assign(value=rows[outcome]), "value", by=keys)
    told = []
    for key, group in rows.groupby(keys, observed=True):
        n = independent(group)
        share = wilson(float(group[outcome].mean()) * n, n)
        told.append((*key, 100 * share.median, 100 * share.low, 100 * share.high, n))
    return pd.DataFrame(told, columns=[*keys, "median", "low", "high", "n"])


def independent(rows: pd.DataFrame) -> int:
    """How many worlds count by themselves: the same luck at further points is no further world.

    Nor is the same point with further luck: as many as there are lucks, or points, if these are fewer. Of a
    single luck the points count, and at a single point the lucks.
    """
    counts = [int(rows[name].nunique()) for name in ("luck", "point") if name in rows]
    return min((n for n in counts if n > 1), default=len(rows))


def signs_by(rows: pd.DataFrame, outcome: str, by: Sequence[str]) -> pd.Series[int]:
    """1 or -1 where nearly all worlds of a group gain or lose, 0 elsewhere, by group."""
    groups = [rows[key] for key in by]
    above, below = (
        told.groupby(groups, observed=True).mean() >= SURE
        for told in (rows[outcome] > 0.0, rows[outcome] < 0.0)
    )
    return above.astype(int) - below.astype(int)


def paired(
    rows: pd.DataFrame, outcome: str, paths: Sequence[str], first: Sequence[Any], second: Sequence[Any]
) -> Interval | None:
    """How an outcome differs, world by world, between two points that differ in some settings alone.

    Parameters
    ----------
    rows, outcome
    paths, first, second
        The settings, and their values at either point.

    Returns
    -------
    Interval or None
        Of the second less the first; none if no two worlds share luck, draw and all other settings.
    """
    found = differences(at_point(rows, paths, first), at_point(rows, paths, second), outcome, paths)
    return Interval.of(found) if found is not None and len(found) else None


def differences(
    first: pd.DataFrame, second: pd.DataFrame, outcome: str, paths: Sequence[str]
) -> pd.Series[float] | None:
    """The second less the first by luck and all other settings than ``paths``, of worlds that are in both.

    None if luck is not told, or several worlds share luck and settings.
    """
    if "luck" not in first.columns or "luck" in paths:
        return None
    keys = ["luck", *(name for name in map(str, first.columns) if "." in name and name not in paths)]
    there = [rows.set_index(keys)[outcome].astype(float) for rows in (first, second)]
    if not all(values.index.is_unique for values in there):
        return None
    return (there[1] - there[0]).dropna()


def at_point(rows: pd.DataFrame, paths: Sequence[str], values: Sequence[Any]) -> pd.DataFrame:
    """The worlds in which settings have these values."""
    for path, value in zip(paths, values, strict=True):
        rows = rows[rows[path] == value]
    return rows
