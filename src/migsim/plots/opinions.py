"""Public opinion: the shares for, against and ambivalent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from migsim.plots.fan import fan, handles, label_ends, year_axis
from migsim.plots.intervals import Frames, Interval, gather, last_year, over_worlds
from migsim.plots.rows import dot_rows, rows_height
from migsim.plots.sheet import GivenAxes, open_sheet
from migsim.plots.style import (
    GREY,
    MOST_BANDS,
    MOST_LABELS,
    LineStyle,
    dashed,
    in_house_style,
    line_styles,
)
from migsim.plots.wins import CONDITION, EMPTY, added, has_pairs, rows_of
from migsim.plots.wording import UNDER, interval_words, least_and_most, number, ranged_words, worlds_words

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["opinion"]

SHARES = {
    "opinion_pro": "For migration",
    "opinion_ambivalent": "Ambivalent",
    "opinion_anti": "Against migration",
}

OF_LINES = "Scales differ and need not start at zero."
VISIBLE = 0.03
"""Part of a panel's height by which lines must part to be seen apart."""


@in_house_style
def opinion(
    frame: Frames,
    *,
    scenarios: Sequence[str] | None = None,
    labels: Mapping[str, str] | None = None,
    spread: str | None = None,
    is_apart: bool | None = None,
    by: str = "scenario",
    ax: GivenAxes = None,
) -> np.ndarray[Any, Any]:
    """Shares of the public for migration, ambivalent and against it, a panel each.

    Lines over the years; of many scenarios, which would lie on each other, what each adds by the last year.

    Parameters
    ----------
    frame : DataFrame or mapping of str to DataFrame
        Table ``world``, or table ``states`` (or some states of it), whose states then count alike. Where the
        frame has the
        world without a forum, its median is drawn in grey.
    scenarios, labels, spread
        As for `migsim.plots.triple_win`.
    is_apart : bool, optional
        Whether each scenario has a row of its own, with what it adds to the shares, instead of a line; by
        default from six scenarios on, where the frame has the worlds without a forum.
    by : {"scenario", "group"}
        What the frames are of.
    ax : three Axes, optional

    Returns
    -------
    array of Axes
        For, ambivalent, against.
    """
    table, order = gather(frame, scenarios)
    table = _percent(table)
    styles = line_styles(order, labels)
    if has_pairs(table, SHARES) and (len(styles) > MOST_LABELS if is_apart is None else is_apart):
        return _rows(table, list(styles.values()), spread, ax)
    sheet = open_sheet(ax, 1, 3, height=2.4)
    years = () if table.empty else table["year"].unique()
    is_one = is_named = len(styles) == 1
    is_parting = False
    has_baseline = f"baseline_{next(iter(SHARES))}" in table.columns and is_one
    for panel, (column, title) in zip(sheet.axes, SHARES.items(), strict=True):
        panel.set_title(title)
        panel.set_ylabel("% of the public,\nmean of states" if panel is sheet.axes[0] else "% of the public")
        year_axis(panel, years, most=3)
        ends = fan(panel, over_worlds(table, column), styles)
        if has_baseline and _baseline(panel, table, column):
            is_parting = True
        if not is_one and panel is sheet.axes[-1]:
            is_named = label_ends(panel, ends, height=1.8, wrap=16)
    if table.empty:
        return sheet.finish_empty("Public opinion on migration", EMPTY)
    caption = _caption(table, list(styles.values()), spread, by)
    if is_parting:
        caption += " Grey dots: median of the same worlds without a forum."
    sheet.finish(
        f"Public opinion on migration, {min(years)}–{max(years)}",
        caption,
        () if is_named else handles(styles.values()),
    )
    return sheet.array()


def _rows(
    table: pd.DataFrame, styles: Sequence[LineStyle], spread: str | None, ax: GivenAxes
) -> np.ndarray[Any, Any]:
    """What each scenario adds to the shares by the last year, a row each."""
    sheet, year = open_sheet(ax, 1, 3, height=rows_height(styles) + 0.1), last_year(table)
    for panel, (column, title) in zip(sheet.axes, SHARES.items(), strict=True):
        panel.set_title(title)
        panel.set_xlabel("Percentage points")
        panel.set_ylabel("Scenario" if panel is sheet.axes[0] else "")
        found = added(table, [style.name for style in styles], column, year)
        dot_rows(panel, styles, found, is_named=panel is sheet.axes[0])
    changes = {style.label: found[style.name] for style in styles}
    most = least_and_most(f"Added to those against by {year}", changes, "points", of_difference=True)
    caption = _caption(table, styles, spread, "scenario")
    sheet.finish(
        f"What is added to public opinion by {year}, against the same world in which nobody meets",
        f"{most} {caption.removesuffix(OF_LINES)}Scales differ; open dot: zero included. {CONDITION}",
        year=year,
    )
    return sheet.array()


def _percent(table: pd.DataFrame) -> pd.DataFrame:
    """Shares in percent, one row per scenario, replicate and year."""
    if table.empty:
        return table
    keys = ["scenario", "replicate", "year"]
    columns = [c for c in table.columns if c.removeprefix("baseline_") in SHARES]
    shares = 100.0 * table.groupby(keys, observed=True)[columns].mean()
    paired, others = "baseline_opinion_ambivalent", ["baseline_opinion_pro", "baseline_opinion_anti"]
    if paired not in shares and set(others) <= set(shares.columns):  # a run keeps two of the three
        shares[paired] = 100.0 - shares[others].sum(axis=1)
    return shares.reset_index()


def _baseline(ax: Axes, table: pd.DataFrame, column: str) -> bool:
    """Draw the median of the worlds without a forum, and say whether it was: only where it can be seen."""
    summary, own = over_worlds(table, f"baseline_{column}"), over_worlds(table, column)
    bottom, top = ax.get_ylim()
    if summary.empty or (summary["median"] - own["median"]).abs().max() < VISIBLE * (top - bottom):
        return False
    ax.plot(
        summary["year"], summary["median"], color=GREY, linestyle=dashed((1.5, 1.5)), linewidth=1.2, zorder=2
    )
    return True


def _caption(table: pd.DataFrame, styles: Sequence[LineStyle], spread: str | None, by: str) -> str:
    year, first = last_year(table), int(table["year"].min())
    against = {s: Interval.of(rows_of(table, s.name, year)["opinion_anti"]) for s in styles}
    known = [style for style in styles if against[style].n]
    sentences = []
    if len(known) > MOST_BANDS:
        by_label = {style.label: against[style] for style in known}
        sentences.append(
            least_and_most(f"Against migration in {year}", by_label, "% of the public", under=UNDER[by])
        )
    for style in known if len(known) <= MOST_BANDS else ():
        start = Interval.of(rows_of(table, style.name, first)["opinion_anti"])
        who = f"{style.label}: " if style.name else ""
        sentences.append(
            f"{who}{interval_words(against[style], '% of the public', 1)} are against migration in {year}, "
            f"after a median of {number(start.median, 1)} % in {first}."
        )
        if has_pairs(table, ["opinion_anti"]):
            rows = rows_of(table, style.name, year)
            change = rows["opinion_anti"] - rows["baseline_opinion_anti"]
            if change.any():  # else nobody has met
                added = interval_words(Interval.of(change), "percentage points", of_difference=True)
                sentences.append(f"The forum adds {added}.")
    if missing := [style.label for style in styles if style not in known]:
        sentences.append(f"No result: {', '.join(missing)}.")
    counts = [against[style].n for style in known]
    worlds = f"Median and 5–95 % of {worlds_words(*counts)}{ranged_words(spread)}."
    sentences.append("n = 1: no band." if max(counts, default=0) == 1 else worlds)
    return " ".join([*sentences, OF_LINES])
