"""Public opinion: the shares for, against and ambivalent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from migsim.plots.fan import fan, handles, label_ends, year_axis
from migsim.plots.intervals import Frames, Interval, gather, last_year, over_worlds
from migsim.plots.sheet import GivenAxes, open_sheet, say
from migsim.plots.style import GREY, MOST_BANDS, LineStyle, dashed, in_house_style, line_styles
from migsim.plots.wins import EMPTY, rows_of
from migsim.plots.wording import interval_words, least_and_most, number, ranged_words, worlds_words

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

VISIBLE = 0.01
"""Part of a panel's height by which lines must part to be seen apart."""


@in_house_style
def opinion(
    frame: Frames,
    *,
    scenarios: Sequence[str] | None = None,
    labels: Mapping[str, str] | None = None,
    spread: str | None = None,
    ax: GivenAxes = None,
) -> np.ndarray[Any, Any]:
    """Shares of the public for migration, ambivalent and against it, a panel each.

    Parameters
    ----------
    frame : DataFrame or mapping of str to DataFrame
        Table ``world``, or table ``states`` (or some states of it), whose states then count alike. Where the
        frame has the
        world without a forum, its median is drawn in grey.
    scenarios, labels, spread
        As for `migsim.plots.triple_win`.
    ax : three Axes, optional

    Returns
    -------
    array of Axes
        For, ambivalent, against.
    """
    table, order = gather(frame, scenarios)
    table = _percent(table)
    styles = line_styles(order, labels)
    sheet = open_sheet(ax, 1, 3, height=2.4)
    years = () if table.empty else table["year"].unique()
    is_one = is_named = len(styles) == 1
    is_parting = False
    has_baseline = f"baseline_{next(iter(SHARES))}" in table.columns and is_one
    for panel, (column, title) in zip(sheet.axes, SHARES.items(), strict=True):
        panel.set_title(title)
        panel.set_ylabel("% of the public,\nmean of states" if panel is sheet.axes[0] else "% of the public")
        year_axis(panel, years, most=3)
        if table.empty:
            say(panel, EMPTY)
            continue
        ends = fan(panel, over_worlds(table, column), styles)
        if has_baseline and _baseline(panel, table, column):
            is_parting = True
        if not is_one and panel is sheet.axes[-1]:
            is_named = label_ends(panel, ends, height=1.8, wrap=16)
    if table.empty:
        sheet.finish("Public opinion on migration", f"Nothing to show: {EMPTY}.")
        return sheet.array()
    caption = _caption(table, list(styles.values()), spread, has_baseline)
    if is_parting:
        caption += " Grey dots: median of the same worlds without a forum."
    sheet.finish(
        f"Public opinion on migration, {min(years)}–{max(years)}",
        caption,
        () if is_named else handles(styles.values()),
    )
    return sheet.array()


def _percent(table: pd.DataFrame) -> pd.DataFrame:
    """Shares in percent, one row per scenario, replicate and year."""
    if table.empty:
        return table
    keys = ["scenario", "replicate", "year"]
    columns = [c for c in table.columns if c.removeprefix("baseline_") in SHARES]
    return (100.0 * table.groupby(keys, observed=True)[columns].mean()).reset_index()


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


def _caption(table: pd.DataFrame, styles: Sequence[LineStyle], spread: str | None, has_baseline: bool) -> str:
    year, first = last_year(table), int(table["year"].min())
    against = {s: Interval.of(rows_of(table, s.name, year)["opinion_anti"]) for s in styles}
    known = [style for style in styles if against[style].n]
    sentences = []
    if len(known) > MOST_BANDS:
        by_label = {style.label: against[style] for style in known}
        sentences.append(least_and_most(f"Against migration in {year}", by_label, "% of the public"))
    for style in known if len(known) <= MOST_BANDS else ():
        start = Interval.of(rows_of(table, style.name, first)["opinion_anti"])
        who = f"{style.label}: " if style.name else ""
        sentences.append(
            f"{who}{interval_words(against[style], '% of the public', 1)} are against migration in {year}, "
            f"after a median of {number(start.median, 1)} % in {first}."
        )
        if has_baseline:
            rows = rows_of(table, style.name, year)
            change = rows["opinion_anti"] - rows["baseline_opinion_anti"]
            if change.any():  # else nobody has met
                added = interval_words(Interval.of(change), "percentage points", of_difference=True)
                sentences.append(f"The forum adds {added}.")
    if missing := [style.label for style in styles if style not in known]:
        sentences.append(f"No result: {', '.join(missing)}.")
    n = max((against[style].n for style in known), default=0)
    sentences.append(
        "n = 1: no band." if n == 1 else f"Median and 5–95 % of {worlds_words(n)}{ranged_words(spread)}."
    )
    return " ".join([*sentences, "Scales differ and need not start at zero."])
