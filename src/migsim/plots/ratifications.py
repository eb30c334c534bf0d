"""Binding instruments: breadth against depth, and the depth at which a binding text equals the forum."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from migsim.plots.intervals import Interval
from migsim.plots.sheet import GivenAxes, open_sheet
from migsim.plots.style import COLOURS, GREY, dashed, in_house_style
from migsim.plots.wording import worlds_words
from migsim.results.break_even import FORUM, IMPOSED, MEASURES, RATIFIED, break_even_depths, whole_worlds

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

__all__ = ["breadth", "break_even"]

EMPTY: Final = "nothing was counted"
WEIGHTS: Final = (
    (0.0, "without equality clauses", COLOURS[0], ()),
    (1.0, "with equality clauses", COLOURS[1], (5.0, 2.0)),
)
REGIMES: Final = ((RATIFIED, COLOURS[1], (5.0, 2.0)), (IMPOSED, COLOURS[2], (1.0, 1.2)))
LABELS: Final = {
    "policy": "Policy gained,\nmean of paragraphs and states",
    "weakest": "Gain of whoever gains least,\nstandard deviations of the base year",
    "gain_sd_migrants": "Gain of migrants,\nstandard deviations of the base year",
    "gain_sd_hosts": "Gain of hosts,\nstandard deviations of the base year",
    "gain_sd_departures": "Gain of departure countries,\nstandard deviations of the base year",
}


@in_house_style
def breadth(table: pd.DataFrame, *, years: int = 10, ax: GivenAxes = None) -> np.ndarray:
    """Expected parties some years after the opening against the depth of a text.

    Parameters
    ----------
    table : DataFrame
        As `migsim.results.breadth.breadth` gives it: ``world`` (0 the central one), ``depth``, ``equality``,
        ``parties``, ``developed``, ``members``, ``developed_members``.
    years
        Years from the opening to the count.
    ax : two Axes, optional

    Returns
    -------
    array of Axes
        All parties; developed ones.
    """
    sheet = open_sheet(ax, 1, 2, height=2.8)
    title = f"Breadth against depth: parties {years} years after the opening"
    if table.empty:
        return sheet.finish_empty(title, EMPTY)
    lines: list[Artist] = []
    for panel, column, words in zip(
        sheet.axes, ("parties", "developed"), ("All states", "Developed states"), strict=True
    ):
        lines = [
            _by_depth(panel, table[table["equality"] == weight], column, *look) for weight, *look in WEIGHTS
        ]
        panel.set_title(words)
        panel.set_xlabel("Depth: how far the text asks states to go")
        panel.set_ylabel("Expected parties")
        panel.set_xlim(0.0, 1.0)
        panel.set_ylim(bottom=0.0)
    sheet.finish(title, _breadth_caption(table, years), lines)
    return sheet.array()


def _by_depth(
    panel: Axes, rows: pd.DataFrame, column: str, label: str, colour: str, dashes: tuple[float, ...]
) -> Artist:
    """The central course, and the 5-95 % of ranged worlds."""
    ranged = rows[rows["world"] > 0].groupby("depth")[column]
    if ranged.ngroups:
        low, high = ranged.quantile(0.05), ranged.quantile(0.95)
        panel.fill_between(low.index, low, high, color=colour, alpha=0.15, linewidth=0)
    central = rows[rows["world"] == 0].set_index("depth")[column].sort_index()
    (line,) = panel.plot(central.index, central, color=colour, linestyle=dashed(dashes), label=label)
    return line


def _breadth_caption(table: pd.DataFrame, years: int) -> str:
    central = table[table["world"] == 0]
    sentences = []
    for weight, words, *_ in WEIGHTS:
        rows = central[central["equality"] == weight].sort_values("depth")
        if rows.empty:
            continue
        most, last = rows.iloc[int(rows["parties"].to_numpy().argmax())], rows.iloc[-1]
        sentences.append(
            f"{words.capitalize()} the number of parties is largest at depth {most['depth']:g}:"
            f" {most['parties']:.1f} of {most['members']:g}, {most['developed']:.1f} of them developed;"
            f" at depth {last['depth']:g}, {last['parties']:.1f} and {last['developed']:.1f}."
        )
    n = int(table["world"].max())
    band = f" Bands: 5–95 % of {n} worlds with parameters drawn from their ranges." if n else ""
    return " ".join(sentences) + (
        f" Lines: expected numbers within {years} years at central parameters; no reservations, on the"
        f" paragraphs given.{band} Deeper texts give states of departure more and ask hosts for more."
    )


@in_house_style
def break_even(runs: pd.DataFrame, *, measure: str = "policy", ax: GivenAxes = None) -> np.ndarray:
    """Gain of a binding text against its depth, with the voluntary forum's band, and how many states join.

    Parameters
    ----------
    runs : DataFrame
        As `migsim.results.break_even.break_even` gives them: ``regime``, ``depth``, ``replicate``,
        ``parties`` and the measure.
    measure
        One of `migsim.results.break_even.MEASURES`.
    ax : two Axes, optional

    Returns
    -------
    array of Axes
        Gain; parties.
    """
    sheet = open_sheet(ax, 1, 2, height=2.8, ratios=(1.6, 1.0))
    title = "How deep a binding text must be to do as well as the voluntary forum"
    if runs.empty:
        return sheet.finish_empty(title, EMPTY)
    gains, parties = sheet.axes
    forum = Interval.of(runs.loc[runs["regime"] == FORUM, measure])
    gains.axhspan(forum.low, forum.high, color=COLOURS[0], alpha=0.12, linewidth=0)
    lines: list[Artist] = [gains.axhline(forum.median, color=COLOURS[0], label=FORUM)]
    for regime, colour, dashes in REGIMES:
        rows = runs[runs["regime"] == regime]
        lines.append(_band(gains, rows, measure, regime, colour, dashes))
    _band(parties, runs[runs["regime"] == RATIFIED], "parties", RATIFIED, *REGIMES[0][1:])
    cut = _zoomed(gains, runs, measure, forum)
    gains.axhline(0.0, color=GREY, linewidth=0.6, zorder=1)
    gains.set_ylabel(LABELS[measure])
    parties.set_ylabel("Parties at the end, if ratified")
    parties.set_ylim(bottom=0.0)
    for panel in sheet.axes:
        panel.set_xlabel("Depth of the text")
    sheet.finish(title, f"{_break_even_caption(runs, measure, forum)}{cut}", lines)
    return sheet.array()


def _zoomed(panel: Axes, runs: pd.DataFrame, measure: str, forum: Interval) -> str:
    """Show where the forum and what is ratified are, and tell how far the benchmark goes beyond."""
    asked = runs[runs["regime"] == RATIFIED].groupby("depth")[measure]
    ends = [0.0, forum.low, forum.high, asked.quantile(0.05).min(), asked.quantile(0.95).max()]
    low, high = min(ends), max(ends)
    if high <= low:
        return ""
    panel.set_ylim(low - 0.4 * (high - low), high + 0.6 * (high - low))
    laid = runs[runs["regime"] == IMPOSED].groupby("depth")[measure].median()
    beyond = laid[(laid > panel.get_ylim()[1]) | (laid < panel.get_ylim()[0])]
    if beyond.empty:
        return ""
    return f" Laid on all it leaves the panel: {float(laid.iloc[-1]):.3g} at depth {float(laid.index[-1]):g}."


def _band(
    panel: Axes, rows: pd.DataFrame, column: str, label: str, colour: str, dashes: tuple[float, ...]
) -> Artist:
    by_depth = rows.groupby("depth")[column]
    middle, low, high = by_depth.median(), by_depth.quantile(0.05), by_depth.quantile(0.95)
    panel.fill_between(middle.index, low, high, color=colour, alpha=0.15, linewidth=0)
    (line,) = panel.plot(
        middle.index, middle, color=colour, linestyle=dashed(dashes), marker="o", markersize=3, label=label
    )
    return line


def _break_even_caption(runs: pd.DataFrame, measure: str, forum: Interval) -> str:
    n = runs["replicate"].nunique()
    whole = whole_worlds(runs)
    n_failed = n - whole["replicate"].nunique()
    sentences = [_depth_words(whole, measure, regime) for regime, *_ in REGIMES if n_failed < n]
    if n_failed:
        sentences.append(f"Not counted here: {n_failed} of {worlds_words(n)} that failed at some depth.")
    if forum.median <= 0.0:
        sentences.append(
            "By this measure the forum itself does not gain, so a text that does nothing does as well."
        )
    reading = f"Median and 5–95 % of {worlds_words(n)}" if n > 1 else "One world: no bands"
    sentences.append(
        f"{reading}, each against the same world in which nobody meets; {MEASURES[measure]}. Laid on all is a"
        " benchmark: nobody is asked."
    )
    return " ".join(sentences)


def _at_full(runs: pd.DataFrame, measure: str, regime: str) -> str:
    """In how many worlds the deepest text does as well as the forum."""
    aims = runs[runs["regime"] == FORUM].set_index("replicate")[measure]
    rows = runs[runs["regime"] == regime]
    deepest = float(rows["depth"].max())
    reached = rows[rows["depth"] == deepest].set_index("replicate")[measure]
    n = int((reached >= aims.reindex(reached.index)).sum())
    return f" at depth {deepest:g} it does in {n} of {len(reached)}."


def _depth_words(runs: pd.DataFrame, measure: str, regime: str) -> str:
    """The break-even depth of one regime, and in how many worlds there is one."""
    import numpy as np

    found = break_even_depths(runs, measure, regime)
    n = int(np.isfinite(found).sum())
    who = "Ratified by whoever will" if regime == RATIFIED else "Laid on all"
    if not n:
        return f"{who}, the text does as well at no depth in any of {worlds_words(found.size)}."
    least = float(runs.loc[runs["regime"] == regime, "depth"].min())
    middle = float(np.median(found))
    if not np.isfinite(middle):
        return f"{who}, the text does as well at some depth in {n} of {worlds_words(found.size)} only."
    below = "at most " if middle <= least else ""
    at_full = _at_full(runs, measure, regime)
    return f"{who}, the text first does as well at depth {below}{middle:.2f} in the median world;{at_full}"
