"""The triple win over the years: what each group gains against the same world without a forum."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from migsim.plots.factors import short
from migsim.plots.fan import fan, handles, label_ends, year_axis, zero_line
from migsim.plots.intervals import Frames, Interval, gather, last_year, over_worlds
from migsim.plots.sheet import GivenAxes, open_sheet, text_width
from migsim.plots.style import (
    GREY,
    MOST_BANDS,
    MOST_LABELS,
    SMALL,
    LineStyle,
    in_house_style,
    line_styles,
    readable,
)
from migsim.plots.wins import CONDITION, EMPTY, gains, rows_of, share_positive
from migsim.plots.wording import (
    GAIN_UNITS,
    GROUPS,
    decimals,
    gain_sentence,
    least_and_most,
    number,
    percent,
    ranged_words,
    worlds_words,
)

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["three_words", "triple_win"]

ROW = 0.62
"""Inches of a row of panels where scenarios stand apart."""
_UNITS = {"migrants": "points per base migrant", "hosts": "% of income", "departures": "% of income"}
_AXES = {
    "migrants": "Gain, points of well-being\nper base migrant",
    "hosts": "Gain, % of income",
    "departures": "Gain, % of income",
}


@in_house_style
def triple_win(
    world: Frames,
    *,
    scenarios: Sequence[str] | None = None,
    labels: Mapping[str, str] | None = None,
    spread: str | None = None,
    margin: float = 0.0,
    is_apart: bool | None = None,
    ax: GivenAxes = None,
) -> np.ndarray[Any, Any]:
    """What migrants, host countries and departure countries gain over the years, a panel each.

    Parameters
    ----------
    world : DataFrame or mapping of str to DataFrame
        Table ``world`` of one or several scenarios: ``replicate``, ``year``, ``gain_<group>``,
        ``gain_sd_<group>``.
    scenarios : sequence of str, optional
        Order of the scenarios, which fixes their colours; by default the order in which they come.
    labels : mapping, optional
        What to call each scenario.
    spread : {"ranged", "central"}, optional
        What the worlds differ in, for the caption.
    margin : float
        What a gain must exceed to be a win, in standard deviations of the base year (``triple_win.margin``).
    is_apart : bool, optional
        Whether each scenario has a row of panels of its own, alike in scale, instead of a line in common
        ones; by default from six scenarios on, which could not be told apart.
    ax : three Axes, or three for each scenario, optional

    Returns
    -------
    array of Axes
        Migrants, host countries, departure countries; scenario by scenario if they are apart.
    """
    table, order = gather(world, scenarios)
    styles = line_styles(order, labels)
    if is_apart if is_apart is not None else ax is None and len(styles) > MOST_LABELS and len(table):
        return _multiples(table, styles, spread, margin, ax)
    sheet = open_sheet(ax, 1, 3, height=2.55)
    is_named = len(styles) == 1
    years = () if table.empty else table["year"].unique()
    for panel, (group, title) in zip(sheet.axes, GROUPS.items(), strict=True):
        panel.set_ylabel(_AXES[group])
        year_axis(panel, years, most=3)
        if table.empty:
            panel.set_title(title)
            continue
        zero_line(panel)
        ends = fan(panel, over_worlds(table, f"gain_{group}"), styles)
        shares = {name: share_positive(table, name, group, last_year(table), margin) for name in order}
        is_one = table["replicate"].nunique() == 1
        _note_shares(panel, title, shares, styles, is_one=is_one)
        if len(styles) > 1 and panel is sheet.axes[-1]:
            is_named = label_ends(panel, ends, height=1.9, wrap=16)
    span = f", {min(years)}–{max(years)}" if len(years) else ""
    title = f"What the forum adds{span}: gains against the same world without it"
    if len(styles) > MOST_LABELS:  # not all of so many have a forum
        title = f"Gains{span}, against the same world in which nobody meets"
    if table.empty:
        return sheet.finish_empty(title, EMPTY)
    caption = _gain_caption(table, styles, spread, margin)
    sheet.finish(title, caption, () if is_named else handles(styles.values()))
    return sheet.array()


def _multiples(
    table: pd.DataFrame,
    styles: Mapping[str, LineStyle],
    spread: str | None,
    margin: float,
    ax: GivenAxes,
) -> np.ndarray[Any, Any]:
    """A row of three panels for each scenario, its band before the medians of all others in grey."""
    rows = list(styles.values())
    sheet = open_sheet(ax, len(rows), 3, height=0.55 + ROW * len(rows))
    years, grid = table["year"].unique(), sheet.array().reshape(len(rows), 3)
    for column, (group, title) in enumerate(GROUPS.items()):
        summary = over_worlds(table, f"gain_{group}")
        ends = _scale(summary)
        for style, panel in zip(rows, grid[:, column], strict=True):
            _one_row(panel, summary, style, ends)
            year_axis(panel, years, most=3)
            panel.tick_params(labelbottom=style is rows[-1])
            panel.set_xlabel("Year" if style is rows[-1] else "")
            share = share_positive(table, style.name, group, last_year(table), margin)
            is_one = len(rows_of(table, style.name, last_year(table))) == 1
            words = _often(share, is_one=is_one) if share == share else "no result"
            panel.annotate(
                words, xy=(0, 1), xycoords="axes fraction", xytext=(3, -2), textcoords="offset points",
                size=SMALL, color=GREY, va="top",
            )  # fmt: skip
            if column == 0:
                _name_row(panel, style)
        grid[0, column].set_title(f"{title},\n{_UNITS[group]}")
    span = f"{min(years)}–{max(years)}"
    title = f"Gains, {span}, against the same world in which nobody meets"
    sheet.finish(title, _gain_caption(table, styles, spread, margin, is_apart=True))
    return sheet.array()


def _scale(summary: pd.DataFrame) -> tuple[float, float]:
    """Ends of an axis that holds every median and most of every band; zero is in it."""
    if summary.empty:
        return -1.0, 1.0
    low, high = float(summary["low"].min()), float(summary["high"].max())
    low, high = min(low, 0.0), max(high, 0.0)
    width = high - low
    return (low - 0.08 * width, high + 0.5 * width) if width > 0.0 else (-1.0, 1.0)


def _one_row(panel: Axes, summary: pd.DataFrame, style: LineStyle, ends: tuple[float, float]) -> None:
    """One scenario's band and median, with the others' medians behind them."""
    for name, others in summary.groupby("scenario", sort=False):
        if str(name) != style.name:
            panel.plot(others["year"], others["median"], color="#C8C8C8", linewidth=0.7, zorder=1)
    zero_line(panel)
    fan(panel, summary, {style.name: style})
    panel.set_ylim(*ends)
    panel.locator_params(axis="y", nbins=3)


def _name_row(panel: Axes, style: LineStyle) -> None:
    """The scenario's name at the left of its row, in its colour."""
    panel.set_ylabel(short(style.label, 24, 3), rotation=0, ha="right", va="center")
    panel.yaxis.label.set_color(readable(style.colour))
    panel.yaxis.label.set_fontsize(SMALL)


def _often(share: float, *, is_one: bool) -> str:
    """In how many worlds a group gains, or whether it does in the only one."""
    if is_one:
        return "gain" if share else "no gain"
    return f"gain in {percent(share)}"


def _note_shares(
    ax: Axes, title: str, shares: Mapping[str, float], styles: Mapping[str, LineStyle], *, is_one: bool
) -> None:
    """The panel's title and, under it, in how many worlds the group gains, in each scenario's colour."""
    known = {name: share for name, share in shares.items() if share == share}
    ax.set_title(title, pad=16)
    if len(known) > MOST_BANDS:
        low, high = percent(min(known.values())), percent(max(known.values()))
        notes = [(f"gain in {low if low == high else f'{low[:-2]} to {high}'}", GREY)]
        if is_one:
            notes = [(f"gain in {sum(share > 0 for share in known.values())} of {len(known)}", GREY)]
    elif is_one:
        notes = [(_often(share, is_one=True), readable(styles[name].colour)) for name, share in known.items()]
    elif len(shares) == 1:
        notes = [(f"{_often(share, is_one=False)} of worlds", GREY) for share in known.values()]
    else:
        # One sign for all: with three in full, the last would stand beyond the edge.
        told = [percent(share).removesuffix(" %") for share in known.values()]
        told[-1:] = [f"{last} %" for last in told[-1:]]
        colours = (readable(styles[name].colour) for name in known)
        notes = [("gain in", GREY), *zip(told, colours, strict=True)]
    place = 0.0
    for words, colour in notes:
        ax.annotate(
            words,
            xy=(0, 1),
            xycoords="axes fraction",
            xytext=(place, 4),
            textcoords="offset points",
            size=SMALL,
            color=colour,
        )
        place += 72 * text_width(words, SMALL) + 6


def _gain_caption(
    table: pd.DataFrame,
    styles: Mapping[str, LineStyle],
    spread: str | None,
    margin: float,
    *,
    is_apart: bool = False,
) -> str:
    year = last_year(table)
    found = {name: {g: gains(table, name, g, year) for g in GROUPS} for name in styles}
    known = [name for name in styles if any(gain.n for gain in found[name].values())]
    missing = [styles[name].label for name in styles if name not in known]
    if len(known) == 1:
        sentences = [f"{styles[known[0]].label}."] if known[0] else []
        sentences += [
            gain_sentence(group, gain, share_positive(table, known[0], group, year, margin), year)
            for group, gain in found[known[0]].items()
        ]
    elif len(known) <= MOST_BANDS:
        sentences = [f"{styles[name].label} by {year}: {three_words(found[name])}." for name in known]
    else:
        sentences = [
            least_and_most(
                f"{who} by {year}",
                {styles[name].label: found[name][group] for name in known},
                GAIN_UNITS[group],
                of_difference=True,
            )
            for group, who in GROUPS.items()
        ]
    counts = [max(gain.n for gain in found[name].values()) for name in known]
    if missing:
        sentences.append(f"No result: {', '.join(missing)}.")
    if margin > 0:
        sentences.append(f"A win exceeds {margin:g} standard deviations of the base year.")
    return " ".join(
        [*sentences, _reading(counts, 1 if is_apart else len(styles), spread, is_apart), CONDITION]
    )


def three_words(found: Mapping[str, Interval]) -> str:
    """The gains of the three groups in a few words, their intervals in brackets."""
    units = {"migrants": "points", "hosts": "%", "departures": "%"}
    parts = []
    for group, gain in found.items():
        places = decimals(gain.median, gain.low, gain.high)
        ends = f" ({number(gain.low, places)} to {number(gain.high, places)})" if gain.n > 1 else ""
        open_ = ", sign open" if gain.n > 1 and gain.spans_zero else ""
        parts.append(f"{GROUPS[group].lower()} {number(gain.median, places)} {units[group]}{ends}{open_}")
    return "; ".join(parts)


def _reading(counts: Sequence[int], n_scenarios: int, spread: str | None, is_apart: bool) -> str:
    """How to read the lines."""
    if max(counts, default=0) <= 1:
        return "n = 1: a single world, so no band."
    band = "band" if n_scenarios <= MOST_BANDS else "bar at the right edge, last year"
    scales = "Grey: medians of the others. Scales differ between groups" if is_apart else "Scales differ"
    return f"Line: median; {band}: 5–95 % of {worlds_words(*counts)}{ranged_words(spread)}. {scales}."
