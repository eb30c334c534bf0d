"""Worlds put side by side: scenarios gathered in order, medians, 5-95 % intervals, and shares of worlds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from migsim.errors import InputError, shown
from migsim.results.shares import wilson_ends

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Frames", "Interval", "gather", "last_year", "one_scenario", "over_worlds", "wilson"]

type Frames = pd.DataFrame | Mapping[str, pd.DataFrame | None]
"""A table of one scenario, of several told apart by a ``scenario`` column, or a mapping of scenario to
table."""

LOW, HIGH = 0.05, 0.95
LEVEL = 0.9
"""Of a sampling interval where nothing else is said: 5 % lie beyond either end."""


@dataclass(frozen=True, slots=True)
class Interval:
    """Median and 5-95 % range over ``n`` worlds.

    Examples
    --------
    >>> Interval.of([1.0, 2.0, 3.0]).median
    2.0
    """

    median: float
    low: float
    high: float
    n: int

    @classmethod
    def of(cls, values: Iterable[float]) -> Interval:
        """The interval of some values, one per world; missing ones are left out."""
        import numpy as np

        numbers = np.fromiter(values, dtype=float)
        finite = numbers[np.isfinite(numbers)]
        if not len(finite):
            return cls(np.nan, np.nan, np.nan, 0)
        low, median, high = np.quantile(finite, (LOW, 0.5, HIGH))
        return cls(float(median), float(low), float(high), len(finite))

    @property
    def spans_zero(self) -> bool:
        """Whether the sign is open."""
        return not (self.low > 0.0 or self.high < 0.0)


def wilson(n_positive: float, n: int, level: float = LEVEL) -> Interval:
    """A share of worlds with its sampling interval (Wilson's), of 90 % unless told.

    Examples
    --------
    >>> round(wilson(5, 10).low, 2)
    0.27
    """
    return Interval(n_positive / n if n else float("nan"), *wilson_ends(n_positive, n, level), n)


def gather(frames: Frames, scenarios: Sequence[str] | None = None) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """One table with a ``scenario`` column, and all scenarios in the caller's order, with or without rows."""
    import pandas as pd

    if isinstance(frames, pd.DataFrame):
        table = frames if "scenario" in frames.columns else frames.assign(scenario="")
        found = list(dict.fromkeys(table["scenario"].astype(str)))
    else:
        parts = {name: part for name, part in frames.items() if part is not None and not part.empty}
        table = (
            pd.concat([part.assign(scenario=name) for name, part in parts.items()])
            if parts
            else pd.DataFrame()
        )
        found = list(frames)
    if scenarios is not None and len(scenarios) == 1 and found == [""]:
        table, found = table.assign(scenario=scenarios[0]), []
    order = tuple(dict.fromkeys([*(scenarios or ()), *found]))
    return table, order


def one_scenario(frame: pd.DataFrame, scenario: str | None) -> pd.DataFrame:
    """The rows of the one scenario a figure can show."""
    if "scenario" not in frame.columns or frame.empty:
        return frame
    names = list(dict.fromkeys(frame["scenario"].astype(str)))
    if scenario is None and len(names) == 1:
        return frame
    if scenario in names:
        return frame[frame["scenario"].astype(str) == scenario]
    wanted = "several scenarios" if scenario is None else f"scenario {shown(scenario)}"
    raise InputError(f"{wanted} in a figure of one: say scenario= with one of {', '.join(names)}")


def over_worlds(frame: pd.DataFrame, column: str, by: Sequence[str] = ("scenario", "year")) -> pd.DataFrame:
    """Median, 5th and 95th percentile and count of ``column`` over the worlds of each group.

    Returns
    -------
    pandas.DataFrame
        The columns of ``by``, then ``median``, ``low``, ``high`` and ``n``; groups of missing values are left
        out.
    """
    import numpy as np
    import pandas as pd

    keys = list(by)
    if frame.empty or column not in frame.columns:
        return pd.DataFrame(columns=[*keys, "median", "low", "high", "n"])
    values = frame[keys].copy()
    values["value"] = pd.to_numeric(frame[column]).astype(float).replace([np.inf, -np.inf], np.nan)
    grouped = values.dropna(subset=["value"]).groupby(keys, observed=True)["value"]
    table = pd.DataFrame(
        {
            "median": grouped.median(),
            "low": grouped.quantile(LOW),
            "high": grouped.quantile(HIGH),
            "n": grouped.count(),
        }
    )
    return table.reset_index()


def last_year(frame: pd.DataFrame) -> int:
    """The last year any scenario reached."""
    return int(frame["year"].max())
