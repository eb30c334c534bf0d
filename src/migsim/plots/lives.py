"""Migrants' well-being: the index of each class and its aspects, over years and beside the paired world."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from migsim.errors import InputError, shown
from migsim.plots.fan import year_axis
from migsim.plots.intervals import Frames, Interval, gather, last_year, over_worlds
from migsim.plots.rows import dot_rows, rows_height
from migsim.plots.sheet import GivenAxes, open_sheet
from migsim.plots.style import (
    COLOURS,
    GREY,
    INK,
    MOST_BANDS,
    LineStyle,
    dashed,
    in_house_style,
    line_styles,
)
from migsim.plots.wins import CONDITION, EMPTY, added
from migsim.plots.wording import interval_words, least_and_most, number, ranged_words, worlds_words
from migsim.themes import MIGRANT_CLASSES

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["wellbeing"]

ASPECTS: Final[Mapping[str, tuple[str, str, tuple[float, ...], str]]] = {
    "work": ("Work", COLOURS[0], (), "o"),
    "status": ("Legal status", COLOURS[1], (5.0, 2.0), "s"),
    "services": ("Services", COLOURS[2], (1.0, 1.2), "^"),
    "participation": ("Participation", COLOURS[3], (6.0, 1.5, 1.0, 1.5), "D"),
}
"""Aspects: words, colour, dashes and marker."""
VISIBLE: Final = 0.015
"""Part of a panel's height by which lines must part to be seen apart."""


@in_house_style
def wellbeing(
    world: Frames,
    *,
    aspect: str | None = None,
    scenarios: Sequence[str] | None = None,
    labels: Mapping[str, str] | None = None,
    spread: str | None = None,
    ax: GivenAxes = None,
) -> np.ndarray[Any, Any]:
    """How migrants of each class live over the years, a panel a class.

    Of one scenario: the index with its band, the four aspects, and below what the forum adds to each by the
    last year. Of several: what each adds to the index, or to one aspect, by the last year.

    Parameters
    ----------
    world : DataFrame or mapping of str to DataFrame
        Table ``world``: ``replicate``, ``year``, ``wellbeing_<class>``, ``wellbeing_<class>_<aspect>`` and
        their ``baseline_``, points of 0-100, means over the migrants of the class.
    aspect : str, optional
        Of several scenarios, which aspect; by default the index.
    scenarios, labels, spread
        As for `migsim.plots.triple_win`.
    ax : eight Axes of one scenario, four of several, optional

    Returns
    -------
    array of Axes
        A panel a class; of one scenario, below them what the forum adds to each.

    Raises
    ------
    InputError
        If there is no such aspect.
    """
    if aspect is not None and aspect not in ASPECTS:
        raise InputError(f"no aspect {shown(aspect)}; there are {', '.join(ASPECTS)}")
    table, order = gather(world, scenarios)
    styles = line_styles(order, labels)
    is_one = len(styles) == 1
    height = 4.3 if is_one else rows_height(list(styles.values()))
    sheet = open_sheet(ax, 2 if is_one else 1, len(MIGRANT_CLASSES), height=height)
    if is_one and sheet.is_own:
        sheet.axes[0].get_gridspec().set_height_ratios([2.4, 1.6])  # type: ignore[union-attr]
    _headings(sheet.axes, is_one=is_one)
    what = f"well-being ({ASPECTS[aspect][0].lower()})" if aspect else "well-being"
    title = f"Migrants' {what} by class"
    if table.empty:
        return sheet.finish_empty(title, EMPTY)
    years = sorted({int(year) for year in table["year"]})
    title += f", {years[0]}–{years[-1]}" if len(years) > 1 else f", {years[0]}"
    suffix = f"_{aspect}" if aspect else ""
    if is_one:
        is_parting = _aspects(sheet.axes[: len(MIGRANT_CLASSES)], table, years)
        _added(sheet.axes[len(MIGRANT_CLASSES) :], table, last_year(table))
        caption = _caption(table, next(iter(styles.values())), spread, is_parting=is_parting)
        sheet.finish(title, caption, _marks(has_band=table["replicate"].nunique() > 1))
        return sheet.array()
    year = last_year(table)
    found = {name: added(table, styles, f"wellbeing_{name}{suffix}", year) for name in MIGRANT_CLASSES}
    for panel, name in zip(sheet.axes, MIGRANT_CLASSES, strict=True):
        dot_rows(panel, list(styles.values()), found[name], is_named=panel is sheet.axes[0])
    sheet.finish(
        f"What is added to migrants' {what} by {year}, against the same world in which nobody meets",
        _caption_of_several(found, styles, year, spread),
    )
    return sheet.array()


def _headings(axes: Sequence[Axes], *, is_one: bool) -> None:
    for n, panel in enumerate(axes):
        panel.set_xlabel("Year" if is_one and n < len(MIGRANT_CLASSES) else "Points")
        if n < len(MIGRANT_CLASSES):
            panel.set_title(MIGRANT_CLASSES[n].capitalize())
    axes[0].set_ylabel("Points, 0–100" if is_one else "Scenario")
    if is_one:
        axes[len(MIGRANT_CLASSES)].set_ylabel("Added by the forum")


def _aspects(axes: Sequence[Axes], table: pd.DataFrame, years: Sequence[int]) -> bool:
    """Index and aspects of each class, medians; the index with its band, and the paired world's in grey."""
    is_parting = False
    for panel, name in zip(axes, MIGRANT_CLASSES, strict=True):
        own = over_worlds(table, f"wellbeing_{name}")
        for key, (_, colour, dashes, marker) in ASPECTS.items():
            rows = over_worlds(table, f"wellbeing_{name}_{key}")
            panel.plot(rows["year"], rows["median"], color=colour, linestyle=dashed(dashes), linewidth=1.2)
            if len(rows):
                end = rows.iloc[-1]
                panel.plot(end["year"], end["median"], marker=marker, markersize=3.5, color=colour)
        panel.plot(own["year"], own["median"], color=INK, linewidth=2.0, zorder=3)
        if len(own) == 1:
            panel.plot(own["year"], own["median"], marker="o", markersize=4, color=INK, zorder=3)
        if len(own) > 1 and own["n"].max() > 1:
            panel.fill_between(own["year"], own["low"], own["high"], color=INK, alpha=0.15, linewidth=0)
        panel.set_ylim(0.0, 100.0)
        paired = over_worlds(table, f"baseline_wellbeing_{name}")
        if len(paired) and (paired["median"] - own["median"]).abs().max() > 100.0 * VISIBLE:
            panel.plot(paired["year"], paired["median"], color=GREY, linestyle=dashed((1.5, 1.5)), zorder=4)
            is_parting = True
        if panel is not axes[0]:
            panel.set_yticklabels([])
        year_axis(panel, years, most=2)
    return is_parting


def _added(axes: Sequence[Axes], table: pd.DataFrame, year: int) -> None:
    """What the forum adds to the index and to each aspect by the last year, a row each, on one scale."""
    rows = table[table["year"] == year]
    lines = [("", "Index", INK, "o"), *((f"_{key}", w, c, m) for key, (w, c, _, m) in ASPECTS.items())]
    for panel, name in zip(axes, MIGRANT_CLASSES, strict=True):
        panel.axvline(0.0, color=GREY, linewidth=0.8, zorder=1)
        for y, (suffix, _, colour, marker) in enumerate(lines):
            column = f"wellbeing_{name}{suffix}"
            change = Interval.of(rows[column] - rows[f"baseline_{column}"])
            if not change.n:
                continue
            if change.n > 1:
                panel.plot([change.low, change.high], [y, y], color=colour, linewidth=1.8)
            is_open = change.n > 1 and change.spans_zero
            panel.plot(
                change.median, y, marker=marker, markersize=5, color=colour, linestyle="none",
                markerfacecolor="white" if is_open else colour,
            )  # fmt: skip
        panel.set_ylim(len(lines) - 0.5, -0.5)
        words = [each[1] for each in lines]
        panel.set_yticks(range(len(lines)), words if panel is axes[0] else [""] * len(lines))
        panel.tick_params(axis="y", length=0)
        panel.grid(axis="y", color="#EEEEEE", linewidth=0.8)
    ends = [end for panel in axes for end in panel.get_xlim()]
    for panel in axes:
        panel.set_xlim(min(ends), max(ends))
        panel.locator_params(axis="x", nbins=3)
        panel.xaxis.set_major_formatter(lambda value, _: f"{value + 0.0:g}".replace("-", "−"))


def _marks(*, has_band: bool) -> list[Any]:
    from matplotlib.lines import Line2D

    words = "Index, 5–95 %" if has_band else "Index"
    marks = [Line2D([], [], color=INK, linewidth=2.0, marker="o", markersize=4, label=words)]
    return marks + [
        Line2D([], [], color=colour, linestyle=dashed(dashes), marker=marker, markersize=4, label=words)
        for words, colour, dashes, marker in ASPECTS.values()
    ]


def _caption(table: pd.DataFrame, style: LineStyle, spread: str | None, *, is_parting: bool) -> str:
    """What the forum adds to each class's index, and how to read the lines."""
    year, first = last_year(table), int(table["year"].min())
    rows, start = table[table["year"] == year], table[table["year"] == first]
    sentences = [f"{style.label}."] if style.name else []
    told = []
    for name in MIGRANT_CLASSES:
        column = f"wellbeing_{name}"
        change = Interval.of(rows[column] - rows[f"baseline_{column}"])
        if change.n:
            told.append(f"{name} {interval_words(change, of_difference=True)}")
    sentences.append(f"The forum adds by {year}, in points: {'; '.join(told)}." if told else "")
    middles = [
        f"{name} {number(Interval.of(start[f'wellbeing_{name}']).median, 0)} to "
        f"{number(Interval.of(rows[f'wellbeing_{name}']).median, 0)}"
        for name in MIGRANT_CLASSES
        if Interval.of(rows[f"wellbeing_{name}"]).n
    ]
    sentences.append(f"Index, {first} to {year}: {', '.join(middles)}.")
    n = int(rows["replicate"].nunique())
    if n == 1:
        sentences.append("n = 1: no band.")
    else:
        sentences.append(f"Lines: medians; band and bars: 5–95 % of {worlds_words(n)}{ranged_words(spread)}.")
        sentences.append("An open mark: the interval includes zero.")
    if is_parting:
        sentences.append("Grey dots: index without a forum.")
    sentences.append("Means over the migrants of a class: who lives where counts too.")
    return " ".join([*(each for each in sentences if each), CONDITION])


def _caption_of_several(
    found: Mapping[str, Mapping[str, Interval]],
    styles: Mapping[str, LineStyle],
    year: int,
    spread: str | None,
) -> str:
    """What each class gains under each scenario, or under which least and most."""
    sentences = []
    for name, changes in found.items():
        known = {styles[each].label: change for each, change in changes.items() if change.n}
        words = f"{name.capitalize()} by {year}"
        if len(known) > MOST_BANDS:
            sentences.append(least_and_most(words, known, "points", of_difference=True))
        else:
            told = [
                f"{label} {interval_words(change, 'points', of_difference=True)}"
                for label, change in known.items()
            ]
            sentences.append(f"{words}: {'; '.join(told) or 'no result'}.")
    every = [change for changes in found.values() for change in changes.values()]
    silent = [name for name in styles if not any(changes[name].n for changes in found.values())]
    if silent:
        sentences.append(f"No result: {', '.join(styles[name].label for name in silent)}.")
    counts = [change.n for change in every]
    worlds = f"Median and 5–95 % of {worlds_words(*counts)}{ranged_words(spread)}; open: zero included."
    sentences.append("n = 1: no interval." if max(counts, default=0) == 1 else worlds)
    return " ".join([*sentences, "Scales differ.", CONDITION])
