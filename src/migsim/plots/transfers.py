"""Remittances: recorded transfers of the world, beside what the documents say."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from migsim.plots.fan import fan, handles, label_ends, year_axis
from migsim.plots.intervals import Frames, Interval, gather, last_year, over_worlds
from migsim.plots.rows import dot_rows, rows_height
from migsim.plots.sheet import GivenAxes, open_sheet
from migsim.plots.style import (
    GREY,
    INK,
    MOST_BANDS,
    MOST_LABELS,
    SMALL,
    LineStyle,
    in_house_style,
    line_styles,
)
from migsim.plots.wins import CONDITION, EMPTY, added, has_pairs, rows_of
from migsim.plots.wording import UNDER, interval_words, least_and_most, number, ranged_words, worlds_words
from migsim.provenance.claims import claim, documents

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["remittances"]

REMITTANCES: Final = "remittances"
CLAIMS: Final = ("remittances-2003", "remittances-2015")
"""Claims of the documents that give the world's remittances."""
LOW: Final = 0.5
"""Part of a panel's height below which there is no room for a claim under its mark."""


@in_house_style
def remittances(
    world: Frames,
    *,
    scenarios: Sequence[str] | None = None,
    labels: Mapping[str, str] | None = None,
    spread: str | None = None,
    is_whole: bool = True,
    is_apart: bool | None = None,
    by: str = "scenario",
    ax: GivenAxes = None,
) -> Axes:
    """The world's remittances over the years in billion USD of 2005, with the documents' figures as marks.

    Parameters
    ----------
    world : DataFrame or mapping of str to DataFrame
        Table ``world``: ``replicate``, ``year``, ``remittances`` and, for the caption,
        ``baseline_remittances`` (million USD).
    scenarios, labels, spread
        As for `migsim.plots.triple_win`.
    is_whole
        Whether the table is of all states, as the documents' figures are; else these are not drawn.
    is_apart
        Whether each scenario has a row with what it adds by the last year, instead of a line over the years;
        by default from six scenarios on, whose lines would lie on each other, where the table has the
        worlds without a forum.
    by : {"scenario", "group"}
        What the frames are of.
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    table, order = gather(world, scenarios)
    styles = line_styles(order, labels)
    if has_pairs(table, [REMITTANCES]) and (len(styles) > MOST_LABELS if is_apart is None else is_apart):
        return _rows(table, list(styles.values()), spread, ax)
    sheet = open_sheet(ax, height=2.7)
    panel = sheet.axes[0]
    panel.set_ylabel("Remittances,\nbillion USD of 2005 a year")
    panel.set_xlabel("Year")
    if table.empty:
        sheet.finish_empty("Remittances", EMPTY)
        return panel
    billions = table.assign(remittances=table["remittances"] / 1000.0)
    ends = fan(panel, over_worlds(billions, "remittances"), styles)
    years = table["year"].unique()
    marked = _documents_say(panel, years) if is_whole else []
    year_axis(panel, years, most=8)
    panel.set_ylim(bottom=0.0)
    is_named = len(styles) == 1 or label_ends(panel, ends, height=2.1)
    sheet.finish(
        f"Remittances {'in the world' if is_whole else 'received'}, {table['year'].min()}–{last_year(table)}",
        _caption(table, list(styles.values()), spread, bool(marked), by),
        () if is_named else handles(styles.values()),
    )
    return panel


def _rows(table: pd.DataFrame, styles: Sequence[LineStyle], spread: str | None, ax: GivenAxes) -> Axes:
    """What each scenario adds to the world's remittances by the last year, a row each."""
    sheet, year = open_sheet(ax, height=rows_height(styles)), last_year(table)
    panel = sheet.axes[0]
    panel.set_xlabel("Billion USD of 2005 a year")
    panel.set_ylabel("Scenario")
    names = [REMITTANCES, f"baseline_{REMITTANCES}"]
    billions = table.assign(**{name: table[name] / 1000.0 for name in names})
    found = added(billions, [style.name for style in styles], REMITTANCES, year)
    dot_rows(panel, styles, found, is_named=True)
    panel.locator_params(axis="x", nbins=6)
    changes = {style.label: found[style.name] for style in styles}
    told = _caption(table, styles, spread, is_marked=False, by="scenario")
    most = least_and_most(f"Added by {year}", changes, "billion USD", of_difference=True)
    sheet.finish(
        f"What is added to the world's remittances by {year}, against the same world in which nobody meets",
        f"{most} {told} Open dot: zero included. {CONDITION}",
        year=year,
    )
    return panel


def _documents_say(ax: Axes, within: Collection[int]) -> list[int]:
    """Mark the documents' figures of some years, each with its source, and return their years."""
    years: list[int] = []
    for key in CLAIMS:
        said = claim(key)
        year, value = int(said.year), float(said.value)
        if year not in within:
            continue
        ax.plot(
            year, value, marker="x", markersize=6, markeredgewidth=1.6, color=INK, linestyle="none", zorder=5
        )
        author = documents()[said.document].author.split(",")[0].split(" (")[0]
        is_first = year == min(within)
        is_low = value < LOW * ax.get_ylim()[1]
        ax.annotate(
            f"{author}\n(document {said.document}): {number(value, 0)}",
            xy=(year, value),
            xytext=(9, 0) if is_first else (66, -18) if is_low else (-20, -46),
            textcoords="offset points",
            ha="left" if is_first else "center",
            va="center",
            size=SMALL,
            arrowprops=None
            if is_first
            else {"arrowstyle": "-", "linewidth": 0.6, "color": GREY, "shrinkB": 4},
        )
        years.append(year)
    return years


def _caption(
    table: pd.DataFrame, styles: Sequence[LineStyle], spread: str | None, is_marked: bool, by: str
) -> str:
    year = last_year(table)
    totals = {s: Interval.of(rows_of(table, s.name, year)["remittances"] / 1000.0) for s in styles}
    known = [style for style in styles if totals[style].n]
    sentences = []
    if len(known) > MOST_BANDS:
        by_label = {style.label: totals[style] for style in known}
        sentences.append(least_and_most(f"Remittances in {year}", by_label, "billion USD", under=UNDER[by]))
    for style in known if len(known) <= MOST_BANDS else ():
        who = f"{style.label}: remittances" if style.name else "Remittances"
        sentences.append(f"{who} reach {interval_words(totals[style], 'billion USD')} in {year}.")
        rows = rows_of(table, style.name, year)
        if "baseline_remittances" in rows:
            change = (rows["remittances"] - rows["baseline_remittances"]) / 1000.0
            if change.any():  # else nobody has met
                added = interval_words(Interval.of(change), "billion", of_difference=True)
                sentences.append(f"The forum adds {added}.")
    if missing := [style.label for style in styles if style not in known]:
        sentences.append(f"No result: {', '.join(missing)}.")
    counts = [totals[style].n for style in known]
    worlds = f"Median and 5–95 % of {worlds_words(*counts)}{ranged_words(spread)}."
    sentences.append("n = 1: no band." if max(counts, default=0) == 1 else worlds)
    if is_marked:
        sentences.append(
            "Cross: the documents' figure, in its own prices and perhaps not of the same series."
        )
    return " ".join(sentences)
