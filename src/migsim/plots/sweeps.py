"""What a sweep shows: an outcome over one setting, over two, or by the options of one.

Each figure takes the worlds of a sweep, a row a world: ``replicate``, ``draw``, ``luck``, a column for each
setting that differs, and one for each outcome.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from migsim.errors import InputError
from migsim.plots.factor_rows import interval_bar, mark, plain_number
from migsim.plots.factors import short
from migsim.plots.fan import zero_line
from migsim.plots.intervals import Interval
from migsim.plots.sheet import GivenAxes, open_sheet
from migsim.plots.style import COLOURS, GREY, INK, in_house_style
from migsim.plots.sweep_maps import heat_map
from migsim.plots.sweep_words import (
    Labels,
    boxes_caption,
    course_caption,
    outcome_axis,
    setting_axis,
    setting_words,
    title_words,
    value_words,
)
from migsim.plots.sweep_worlds import are_numbers, in_bins, is_share, options_of, outcomes_by, worlds

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["boxes", "course", "heat_map"]

EMPTY: Final = "no world was run"


@in_house_style
def course(
    frame: pd.DataFrame,
    x: str,
    outcome: str = "weakest",
    *,
    labels: Labels = None,
    year: int | None = None,
    ax: GivenAxes = None,
) -> Axes:
    """An outcome over one setting: the median of worlds and the range of nine in ten.

    Parameters
    ----------
    frame : DataFrame
        The worlds of a sweep.
    x : str
        Path of a setting that takes numbers.
    outcome : str
        Column of the outcome.
    labels : mapping of str to str, optional
        What settings and outcomes are called; by default as the registry does.
    year : int, optional
        The year that is told, for the caption: whether it lies past the data.
    ax : Axes, optional

    Returns
    -------
    Axes

    Raises
    ------
    InputError
        If the frame has no such setting or outcome, or the setting takes names.
    """
    rows = worlds(frame, (x,), outcome)
    sheet = open_sheet(ax, height=2.9)
    panel = sheet.axes[0]
    panel.set_xlabel(setting_axis(x, labels))
    panel.set_ylabel(outcome_axis(outcome, labels))
    title = f"{title_words(outcome, labels)}, by “{setting_words(x, labels)}”"
    if rows.empty:
        sheet.finish_empty(title, EMPTY)
        return panel
    if not are_numbers(rows[x]):
        raise InputError(f"{x} takes names, not numbers; draw it with boxes")
    placed = rows.assign(place=in_bins(rows[x]))
    found = outcomes_by(placed, outcome, ["place"])
    places = found["place"].to_numpy(float)
    if _spans_zero(found):
        zero_line(panel)
    if len(found) > 1:
        panel.fill_between(places, found["low"], found["high"], color=COLOURS[0], alpha=0.18, linewidth=0)
    else:
        panel.errorbar(places, found["median"], yerr=_arms(found), color=COLOURS[0], capsize=2)
    panel.plot(places, found["median"], color=COLOURS[0], marker="o", markersize=3.5)
    panel.grid(axis="y", color="#EEEEEE", linewidth=0.8)
    for axis in (panel.xaxis, panel.yaxis):
        axis.set_major_formatter(lambda value, _: plain_number(value))
    _mark_values(panel, rows[x], places)
    sheet.finish(title, course_caption(found, placed, x, outcome, labels), year=year)
    return panel


@in_house_style
def boxes(
    frame: pd.DataFrame,
    by: str,
    outcome: str = "weakest",
    *,
    labels: Labels = None,
    year: int | None = None,
    ax: GivenAxes = None,
) -> Axes:
    """An outcome by the options of one setting: median, the middle half of worlds, and nine in ten.

    Parameters
    ----------
    frame, outcome, labels, year, ax
        As for `course`.
    by : str
        Path of a setting; of more than a few numbers, bins are drawn.

    Returns
    -------
    Axes
    """
    rows = worlds(frame, (by,), outcome)
    placed = rows.assign(option=in_bins(rows[by])) if len(rows) else rows
    names = options_of(placed["option"]) if len(rows) else []
    sheet = open_sheet(ax, height=0.95 + 0.3 * max(len(names), 3))
    panel = sheet.axes[0]
    panel.set_xlabel(outcome_axis(outcome, labels).replace("\n", " "))
    panel.set_ylabel(short(setting_words(by, labels), 24, 3))
    title = f"{title_words(outcome, labels)}, by “{setting_words(by, labels)}”"
    if not names:
        sheet.finish_empty(title, EMPTY)
        return panel
    found = outcomes_by(placed, outcome, ["option"]).set_index("option").reindex(names)
    panel.axvline(0.0, color=GREY, linewidth=0.8, zorder=1)
    for n, (name, row) in enumerate(found.iterrows()):
        if is_share(rows[outcome]):
            interval_bar(
                panel, n, Interval(row["median"], row["low"], row["high"], int(row["n"])), COLOURS[0]
            )
            mark(panel, n, float(row["median"]), COLOURS[0])
        else:
            _box(panel, n, placed[placed["option"] == name][outcome])
    panel.set_ylim(len(names) - 0.4, -0.6)
    words = [f"{short(value_words(name), 34)}  (n = {int(n)})" for name, n in found["n"].items()]
    panel.set_yticks(range(len(names)), words)
    panel.tick_params(axis="y", length=0)
    panel.grid(axis="x", color="#EEEEEE", linewidth=0.8)
    panel.xaxis.set_major_formatter(lambda value, _: plain_number(value))
    sheet.finish(title, boxes_caption(placed, found.reset_index(), by, outcome, labels), year=year)
    return panel


def _mark_values(ax: Axes, setting: pd.Series, places: np.ndarray[Any, Any]) -> None:
    """Mark the only value along the axis, and of whole numbers none between them."""
    if len(places) == 1:
        ax.set_xticks(places, [value_words(places[0])])
    elif setting.dtype.kind in "iu":
        ax.locator_params(axis="x", integer=True)
        ax.xaxis.set_major_formatter(lambda value, _: value_words(value))


def _spans_zero(found: pd.DataFrame) -> bool:
    low, high = float(found["low"].min()), float(found["high"].max())
    return low <= 0.0 <= high or abs(low) < high - low


def _arms(found: pd.DataFrame) -> np.ndarray[Any, Any]:
    import numpy as np

    return np.array([found["median"] - found["low"], found["high"] - found["median"]])


def _box(ax: Axes, n: int, values: pd.Series) -> None:
    low, first, middle, last, high = values.quantile([0.05, 0.25, 0.5, 0.75, 0.95])
    is_open = low <= 0.0 <= high
    ax.plot([low, high], [n, n], color=COLOURS[0], linewidth=1.4, zorder=2)
    ax.barh(
        n, last - first, 0.5, left=first, color="white" if is_open else "#BFDCEC", edgecolor=COLOURS[0],
        linewidth=1.2, zorder=3,
    )  # fmt: skip
    ax.plot([middle, middle], [n - 0.25, n + 0.25], color=INK, linewidth=2.0, zorder=4)
