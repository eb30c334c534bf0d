"""Sessions: how many states came, beside the counts that are known."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING

from migsim.plots.agendas import NO_SESSION
from migsim.plots.intervals import Frames, Interval, gather, over_worlds
from migsim.plots.projections import mark_projection
from migsim.plots.sheet import GivenAxes, open_sheet
from migsim.plots.style import INK, MOST_BANDS, MOST_LABELS, LineStyle, in_house_style, line_styles
from migsim.plots.wording import (
    UNDER,
    interval_words,
    least_and_most,
    ranged_words,
    several_words,
    worlds_words,
)

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

__all__ = ["attendance", "known_counts"]

FORUM = "GFMD"


@cache
def known_counts() -> Mapping[int, int]:
    """States counted at the sessions of the Global Forum, by year; where unknown, absent.

    Examples
    --------
    >>> known_counts()[2008]
    163
    """
    text = files("migsim.facts").joinpath("forum_history.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    counts = {
        int(r["year"]): int(r["n_states"])
        for r in rows
        if r["event_type"] == FORUM and r["year"] and r["n_states"]
    }
    return MappingProxyType(counts)


@in_house_style
def attendance(
    table: Frames,
    *,
    process: str | None = None,
    scenarios: Sequence[str] | None = None,
    labels: Mapping[str, str] | None = None,
    spread: str | None = None,
    titles: Mapping[str, str] | None = None,
    is_whole: bool = True,
    by: str = "scenario",
    ax: GivenAxes = None,
) -> Axes:
    """How many states attend each session, with the counts known of the Global Forum as marks.

    Parameters
    ----------
    table : DataFrame or mapping of str to DataFrame
        Table ``attendance``: ``replicate``, ``year``, ``process``, ``state``, ``attended``; or what
        `migsim.results.tallies.attending` makes of it.
    process : str, optional
        Which process; by default the Global Forum, or else the first in the table. The caption names the
        others.
    scenarios, labels, spread
        As for `migsim.plots.triple_win`.
    titles : mapping, optional
        What to call each process.
    is_whole : bool
        Whether all states are counted, as in the counts that are known; else these are not drawn.
    by : {"scenario", "group"}
        What the frames are of.
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    rows, order = gather(table, scenarios)
    styles = list(line_styles(order, labels).values())
    sheet = open_sheet(ax, height=2.6)
    panel = sheet.axes[0]
    panel.set_ylabel("States attending")
    panel.set_xlabel("Year of the session")
    if rows.empty:
        sheet.finish_empty("Attendance", NO_SESSION)
        return panel
    held = [str(name) for name in rows["process"].unique()]
    chosen = process or next((name for name in held if name == FORUM.lower()), held[0])
    called = {name: (titles or {}).get(name) or name for name in (chosen, *held)}
    others = [called[name] for name in held if name != chosen]
    counts = _counts(rows[rows["process"] == chosen])
    years = sorted(counts["year"].unique())
    known = {
        year: n
        for year, n in known_counts().items()
        if is_whole and year in years and chosen.startswith(FORUM.lower())
    }
    shown = _shown(styles, counts)
    _dots(panel, counts, shown, years, known)
    words = _caption(counts, styles, known, spread, called[chosen], by)
    if others:
        words += f" Not shown, one process a figure: {several_words(others)}."
    sheet.finish(
        f"States attending each session: {called[chosen]}",
        words,
        _marks(shown, known, counts["replicate"].nunique()),
    )
    return panel


def _shown(styles: Sequence[LineStyle], counts: pd.DataFrame) -> Sequence[LineStyle]:
    """The scenarios that get a place and a legend: of many, those that hold sessions of the process."""
    with_sessions = set(counts["scenario"].astype(str))
    is_many = len(styles) > MOST_LABELS
    return [style for style in styles if style.name in with_sessions] if is_many else styles


def _counts(rows: pd.DataFrame) -> pd.DataFrame:
    """States attending, one row per scenario, replicate and year."""
    attended = rows.assign(n_states=rows["attended"].astype(float))
    keys = ["scenario", "replicate", "year"]
    return attended.groupby(keys, observed=True)["n_states"].sum().reset_index()


def _dots(
    ax: Axes,
    counts: pd.DataFrame,
    styles: Sequence[LineStyle],
    years: Sequence[int],
    known: Mapping[int, int],
) -> None:
    step = 0.6 / (len(styles) + 1)
    summary = over_worlds(counts, "n_states")
    for n, style in enumerate(styles):
        for row in summary[summary["scenario"].astype(str) == style.name].to_dict("records"):
            x = years.index(row["year"]) + step * (n - (len(styles) - 1) / 2)
            if row["n"] > 1:
                ax.plot(
                    [x, x],
                    [row["low"], row["high"]],
                    color=style.colour,
                    linewidth=2.0,
                    solid_capstyle="butt",
                )
            ax.plot(x, row["median"], marker=style.marker, markersize=4, color=style.colour, linestyle="none")
    for year, n_states in known.items():
        x = years.index(year) - (0.32 if len(styles) > 1 else 0.16)
        ax.plot(
            x, n_states, marker="x", markersize=6, markeredgewidth=1.6, color=INK, linestyle="none", zorder=4
        )
    ax.set_xlim(-0.6, len(years) - 0.4)
    mark_projection(ax, years, places=range(len(years)), word=True)
    ax.set_xticks(range(len(years)), [str(year) for year in years])
    ax.set_ylim(bottom=0.0)


def _marks(styles: Sequence[LineStyle], known: Mapping[int, int], n: int) -> list[Artist]:
    from matplotlib.lines import Line2D

    def mark(shape: str, colour: str, words: str) -> Line2D:
        return Line2D([], [], marker=shape, linestyle="none", color=colour, markersize=5, label=words)

    alone = "model: median, 5–95 %" if n > 1 else "model"
    marks: list[Artist] = [mark(s.marker, s.colour, s.label if len(styles) > 1 else alone) for s in styles]
    return [*marks, mark("x", INK, "counted (gfmd.org; 2007 IISD)")] if known else marks


def _caption(
    counts: pd.DataFrame,
    styles: Sequence[LineStyle],
    known: Mapping[int, int],
    spread: str | None,
    called: str,
    by: str,
) -> str:
    means = {}
    for style in styles:
        rows = counts[counts["scenario"].astype(str) == style.name]
        means[style] = Interval.of(rows.groupby("replicate")["n_states"].mean())
    seen = [style for style in styles if means[style].n]
    counts_of = [means[style].n for style in seen]
    n = max(counts_of, default=0)
    sentences = []
    if len(seen) > MOST_BANDS:
        by_label = {style.label: means[style] for style in seen}
        sentences.append(least_and_most("Mean attendance", by_label, "states", under=UNDER[by]))
    for style in seen if len(seen) <= MOST_BANDS else ():
        who = f"{style.label}: a session" if style.name else "A session"
        sentences.append(f"{who} draws {interval_words(means[style], 'states', 0)} on average.")
    if silent := [style.label for style in styles if style not in seen]:
        sentences.append(f"No session of {called}: {several_words(silent)}.")
    if known and n > 1:
        rows = counts[counts["year"].isin(list(known)) & (counts["scenario"].astype(str) == seen[0].name)]
        inside = sum(
            found.low <= known[year] <= found.high
            for year in known
            for found in [Interval.of(rows.loc[rows["year"] == year, "n_states"])]
            if found.n > 1
        )
        of = f" of {seen[0].label}" if len(seen) > 1 else ""
        sentences.append(
            f"{inside} of the {len(known)} known counts lie inside the interval{of}; "
            "they include observers in some years, so they may be upper bounds."
        )
    worlds = worlds_words(*counts_of, is_paired=False)
    if len(seen) > MOST_BANDS:
        sentences.append("Within a year from left to right as in the legend.")
    return " ".join([*sentences, f"n = {worlds}{ranged_words(spread) if n > 1 else ''}."])
