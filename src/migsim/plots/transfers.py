"""Remittances: recorded transfers of the world, beside what the documents say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from migsim.plots.fan import fan, handles, label_ends, year_axis
from migsim.plots.intervals import Frames, Interval, gather, last_year, over_worlds
from migsim.plots.sheet import GivenAxes, open_sheet, say
from migsim.plots.style import INK, MOST_BANDS, MOST_LABELS, SMALL, LineStyle, in_house_style, line_styles
from migsim.plots.wins import EMPTY, rows_of
from migsim.plots.wording import interval_words, number, ranged_words, worlds_words
from migsim.provenance.claims import claim

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["remittances"]

CLAIMS: Final = ("remittances-2003", "remittances-2015")
"""Claims of the documents that give the world's remittances."""


@in_house_style
def remittances(
    world: Frames,
    *,
    scenarios: Sequence[str] | None = None,
    labels: Mapping[str, str] | None = None,
    spread: str | None = None,
    ax: GivenAxes = None,
) -> Axes:
    """The world's remittances over the years in billion USD of 2005, with the documents' figures as marks.

    Parameters
    ----------
    world : DataFrame or mapping of str to DataFrame
        Table ``world``: ``replicate``, ``year``, ``remittances`` and, for the caption, ``baseline_remittances`` (million USD).
    scenarios, labels, spread
        As for `migsim.plots.triple_win`.
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    table, order = gather(world, scenarios)
    styles = line_styles(order, labels)
    sheet = open_sheet(ax, height=2.7)
    panel = sheet.axes[0]
    panel.set_ylabel("Remittances,\nbillion USD of 2005 a year")
    panel.set_xlabel("Year")
    if table.empty:
        say(panel, EMPTY)
        sheet.finish("Remittances", f"Nothing to show: {EMPTY}.")
        return panel
    billions = table.assign(remittances=table["remittances"] / 1000.0)
    ends = fan(panel, over_worlds(billions, "remittances"), styles)
    marked = _documents_say(panel)
    year_axis(panel, [*marked, *table["year"].unique()], most=8)
    panel.set_ylim(bottom=0.0)
    if len(styles) > 1:
        label_ends(panel, ends, height=2.1)
    sheet.finish(
        f"Remittances in the world, {table['year'].min()}–{last_year(table)}",
        _caption(table, list(styles.values()), spread),
        handles(styles.values()) if len(styles) > MOST_LABELS else (),
    )
    return panel


def _documents_say(ax: Axes) -> list[int]:
    """Mark the documents' figures, each with its source, and return their years."""
    years = []
    for key in CLAIMS:
        said = claim(key)
        year, value = int(said.year), float(said.value)
        ax.plot(year, value, marker="x", markersize=6, markeredgewidth=1.6, color=INK, linestyle="none", zorder=5)
        is_early = not years
        ax.annotate(
            f"document {said.document}: {number(value, 0)}",
            xy=(year, value),
            xytext=(7 if is_early else 0, 0 if is_early else -8),
            textcoords="offset points",
            ha="left" if is_early else "right",
            va="center" if is_early else "top",
            size=SMALL,
        )
        years.append(year)
    return years


def _caption(table: pd.DataFrame, styles: Sequence[LineStyle], spread: str | None) -> str:
    year = last_year(table)
    sentences, n = [], 0
    for style in styles:
        rows = rows_of(table, style.name, year)
        total = Interval.of(rows["remittances"] / 1000.0)
        n = max(n, total.n)
        who = "Remittances" if len(styles) == 1 else f"{style.label}: remittances"
        if total.n == 0:
            sentences.append(f"{style.label}: no result.")
            continue
        if len(styles) > MOST_BANDS:
            continue
        sentences.append(f"{who} reach {interval_words(total)} billion USD in {year}.")
        if "baseline_remittances" in rows:
            added = Interval.of((rows["remittances"] - rows["baseline_remittances"]) / 1000.0)
            open_ = ", zero included" if added.n > 1 and added.spans_zero else ""
            sentences.append(f"The forum adds {interval_words(added)} billion{open_}.")
    reading = "n = 1: no band." if n == 1 else f"Median and 5–95 % of {worlds_words(n)}{ranged_words(spread)}."
    return " ".join(
        [*sentences, reading, "Crosses: the documents' figures, in their own prices and perhaps not of one series."]
    )
