"""One setting at a time from the lower to the upper end of its range: a tornado."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from migsim.plots.factor_rows import LINE, ROW_LETTERS, frame_panels, label_rows, most_behind
from migsim.plots.factors import (
    Rows,
    cells,
    of_outcome,
    outcomes_in,
    owner,
    ranked,
    short,
    titles_of,
    unit_of,
)
from migsim.plots.intervals import Interval
from migsim.plots.sheet import GivenAxes, open_sheet
from migsim.plots.style import COLOURS, GREY, SMALL, in_house_style
from migsim.plots.wording import NOTHING, decimals, number, several_words
from migsim.quantities import UNITS

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["THREE", "reach", "tornado", "turns_sign"]

EMPTY: Final = "nothing was varied"
MOST_SWINGS: Final = 12
THREE: Final = ["at_low", "central", "at_high"]
"""Columns of an outcome at either end of a setting's range, and between them."""
RANGE: Final = 40
"""Letters of the ends of a range; a unit that does not fit is left out."""


@in_house_style
def tornado(
    frame: pd.DataFrame,
    outcome: str | None = None,
    *,
    most: int = MOST_SWINGS,
    year: int | None = None,
    ax: GivenAxes = None,
) -> np.ndarray[Any, Any]:
    """Settings moved one at a time from the lower to the upper end of their ranges, all others central.

    Parameters
    ----------
    frame : DataFrame
        ``outcome``, ``path``, ``title``, ``at_low`` and ``at_high`` (the outcome there), ``central``,
        ``low``, ``high`` and ``unit`` (the ends, and their unit).
    outcome, most
        As for `screening`.
    year : int, optional
        The year that is told, for the caption: whether it lies past the data.
    ax : Axes, one for each outcome, optional

    Returns
    -------
    array of Axes
    """
    outcomes = outcomes_in(frame, outcome)
    swings = {name: _swings(of_outcome(frame, name)) for name in outcomes}
    keys = ranked(swings.values())
    shown = keys[:most]
    titles = titles_of(frame, keys)
    whole = titles_of(frame, shown, ROW_LETTERS)
    ranges = _ranges(frame)
    names = [f"{short(whole[path])}\n{ranges[path]}" if ranges[path] else whole[path] for path in shown]
    sheet = open_sheet(ax, 1, len(outcomes), height=_height(names))
    frame_panels(sheet.axes, outcomes, "Setting, and the ends of its range", "Gain")
    title = "One setting at a time, from one end of its range to the other"
    if not shown:
        return sheet.finish_empty(title, EMPTY)
    for panel, name in zip(sheet.axes, outcomes, strict=True):
        _bars(panel, shown, of_outcome(frame, name))
        label_rows(panel, names, is_named=panel is sheet.axes[0])
    sentences = [_swings_most(name, swings[name], titles, of_outcome(frame, name)) for name in outcomes]
    if len(keys) > len(shown):
        sentences.append(f"Shown are {len(shown)} of {len(keys)} settings.")
    sheet.finish(title, " ".join([*sentences, *_reading(frame, shown, outcomes)]), _ends(), year=year)
    return sheet.array()


def _reading(frame: pd.DataFrame, shown: Sequence[str], outcomes: Sequence[str]) -> list[str]:
    n = f", means over n = {most} lucks" if (most := most_behind(frame)) else ""
    held = {name: set(of_outcome(frame, name)["path"].astype(str)) for name in outcomes}
    is_blank = any(path not in held[name] for name in outcomes for path in shown)
    small = " “Small”: not among the settings that move that gain most." if is_blank else ""
    return [
        f"Bars run from the gain at central values (line){n}. One setting at a time shows no combinations of"
        f" them; the screening does.{small}",
        *(["Scales differ."] if len(outcomes) > 1 else []),
    ]


def _height(names: Sequence[str]) -> float:
    """Height in inches of rows that all take as many lines as the longest name."""
    lines = max((name.count("\n") + 1 for name in names), default=1)
    return 1.0 + LINE * max(lines, 2) * max(len(names), 2)


def _swings(part: pd.DataFrame) -> dict[str, Interval]:
    """How far apart the ends and the middle of each setting's range lie in the outcome."""
    if part.empty:
        return {}
    return cells(part.assign(width=reach(part)), "path", "width", ("width", "width"))


def reach(frame: pd.DataFrame) -> pd.Series[float]:
    """How far each setting alone moves the outcome: ends that are alike may differ from the middle."""
    three = frame[THREE].astype(float)
    return three.max(axis=1) - three.min(axis=1)


def turns_sign(frame: pd.DataFrame) -> pd.Series[bool]:
    """Whether each setting alone turns the sign of the outcome."""
    three = frame[THREE].astype(float)
    return (three.min(axis=1) < -NOTHING) & (three.max(axis=1) > NOTHING)


def _ranges(frame: pd.DataFrame) -> dict[str, str]:
    """The ends of each setting's range in words, by path."""
    found = {}
    for row in frame.to_dict("records"):
        low, high, unit = row.get("low"), row.get("high"), row.get("unit")
        ends = f"{_end(low)} to {_end(high)}"
        words = f"{ends} ({_unit_words(unit)})"
        words = words if _unit_words(unit) and len(words) <= RANGE else ends
        found[str(row["path"])] = short(words, RANGE, 1) if low == low and low is not None else ""
    return found


def _unit_words(unit: object) -> str:
    if not isinstance(unit, str):
        return ""
    return UNITS[unit].text if unit in UNITS else unit


def _end(value: object) -> str:
    if isinstance(value, int | float):
        return f"{value:.3g}".replace("-", "−")
    return str(value).replace("_", " ")


def _bars(ax: Axes, paths: Sequence[str], part: pd.DataFrame) -> None:
    rows = {str(row["path"]): row for row in part.to_dict("records")}
    for n, path in enumerate(paths):
        row = rows.get(path)
        if row is None:
            ax.text(
                0.98, n, "small", transform=ax.get_yaxis_transform(), ha="right", va="center", size=SMALL,
                color=GREY, style="italic",
            )  # fmt: skip
            continue
        start = float(row["central"])
        for shift, end, face in ((-0.18, "at_low", "white"), (0.18, "at_high", COLOURS[0])):
            width = float(row[end]) - start
            if width == width:
                ax.barh(
                    n + shift,
                    width,
                    0.34,
                    left=start,
                    color=face,
                    edgecolor=COLOURS[0],
                    linewidth=0.8,
                    zorder=2,
                )
    centre = part["central"].astype(float).dropna()
    if len(centre):
        ax.axvline(float(centre.iloc[0]), color=GREY, linewidth=0.8, zorder=3)
    low, high = ax.get_xlim()
    if low < 0.0 < high:
        ax.axvline(0.0, color=GREY, linewidth=0.8, linestyle=(0.0, (4.0, 2.0)), zorder=1)


def _ends() -> list[Any]:
    from matplotlib.patches import Patch

    return [
        Patch(facecolor="white", edgecolor=COLOURS[0], label="at the lower end"),
        Patch(facecolor=COLOURS[0], edgecolor=COLOURS[0], label="at the upper end"),
    ]


def _swings_most(outcome: str, swings: Rows, titles: Mapping[str, str], part: pd.DataFrame) -> str:
    """What swings one outcome most, and which settings turn its sign."""
    known = sorted((p for p, c in swings.items() if c.n), key=lambda path: -swings[path].median)
    who = owner(outcome)
    if not known or swings[known[0]].median <= NOTHING:
        return f"No setting alone moves {who}."
    row = part[part["path"].astype(str) == known[0]].iloc[0]
    ends = [float(row["at_low"]), float(row["at_high"])]
    places = decimals(*ends)
    size = f"from {number(ends[0], places)} to {number(ends[1], places)} {unit_of(outcome)}".rstrip()
    turning = part[turns_sign(part)]["path"].astype(str)
    turns = [f"“{titles[path]}”" for path in known if path in set(turning)]
    words = f"“{titles[known[0]]}” alone takes {who} {size}"
    verb = "turns" if len(turns) == 1 else "turn"
    return (
        f"{words}; {several_words(turns, 2)} alone {verb} its sign."
        if turns
        else f"{words}; none turns its sign."
    )
