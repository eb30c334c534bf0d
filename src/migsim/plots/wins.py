"""The triple win: what each group gains against the same world without a forum, and how often all three do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from migsim.plots.fan import fan, handles, label_ends, year_axis, zero_line
from migsim.plots.intervals import Frames, Interval, gather, last_year, over_worlds, wilson
from migsim.plots.rows import dot_rows, rows_height
from migsim.plots.sheet import GivenAxes, open_sheet, say
from migsim.plots.style import GREY, MOST_BANDS, MOST_LABELS, SMALL, LineStyle, in_house_style, line_styles
from migsim.plots.wording import (
    GROUPS,
    decimals,
    gain_sentence,
    interval_words,
    number,
    percent,
    ranged_words,
    worlds_words,
)

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["all_gain", "gains", "share_positive", "triple_win", "weakest"]

EMPTY = "no world was run"
CONDITION = "Conditional on the model's assumptions."
_AXES = {
    "migrants": "Gain, points of well-being\nper base migrant",
    "hosts": "Gain, % of income",
    "departures": "Gain, % of income",
}


def rows_of(world: pd.DataFrame, scenario: str, year: int) -> pd.DataFrame:
    """One scenario's worlds in one year."""
    if world.empty:
        return world
    return world[(world["scenario"].astype(str) == scenario) & (world["year"] == year)]


def gains(world: pd.DataFrame, scenario: str, group: str, year: int) -> Interval:
    """A group's gain in its own unit."""
    rows = rows_of(world, scenario, year)
    return Interval.of(rows[f"gain_{group}"] if len(rows) else ())


def share_positive(world: pd.DataFrame, scenario: str, group: str, year: int, margin: float = 0.0) -> float:
    """Share of worlds in which a group gains more than ``margin``, in standard deviations of the base year."""
    rows = rows_of(world, scenario, year)
    column = f"gain_sd_{group}" if f"gain_sd_{group}" in rows.columns else f"gain_{group}"
    values = rows[column].dropna() if len(rows) else ()
    return float((values > margin).mean()) if len(values) else float("nan")


def all_gain(world: pd.DataFrame, scenario: str, year: int, margin: float = 0.0) -> Interval:
    """Share of worlds whose weakest win exceeds ``margin``, with its sampling interval."""
    rows = rows_of(world, scenario, year)
    values = rows["weakest"].dropna() if len(rows) else ()
    return wilson(int((values > margin).sum()) if len(values) else 0, len(values))


@in_house_style
def triple_win(
    world: Frames,
    *,
    scenarios: Sequence[str] | None = None,
    labels: Mapping[str, str] | None = None,
    spread: str | None = None,
    margin: float = 0.0,
    ax: GivenAxes = None,
) -> np.ndarray[Any, Any]:
    """What migrants, host countries and departure countries gain over the years, a panel each.

    Parameters
    ----------
    world : DataFrame or mapping of str to DataFrame
        Table ``world`` of one or several scenarios: ``replicate``, ``year``, ``gain_<group>``, ``gain_sd_<group>``.
    scenarios : sequence of str, optional
        Order of the scenarios, which fixes their colours; by default the order in which they come.
    labels : mapping, optional
        What to call each scenario.
    spread : {"ranged", "central"}, optional
        What the worlds differ in, for the caption.
    margin : float
        What a gain must exceed to be a win, in standard deviations of the base year (``triple_win.margin``).
    ax : three Axes, optional

    Returns
    -------
    array of Axes
        Migrants, host countries, departure countries.
    """
    table, order = gather(world, scenarios)
    styles = line_styles(order, labels)
    sheet = open_sheet(ax, 1, 3, height=2.55)
    years = () if table.empty else table["year"].unique()
    for panel, (group, title) in zip(sheet.axes, GROUPS.items(), strict=True):
        panel.set_ylabel(_AXES[group])
        year_axis(panel, years, most=3)
        if table.empty:
            panel.set_title(title)
            say(panel, EMPTY)
            continue
        zero_line(panel)
        ends = fan(panel, over_worlds(table, f"gain_{group}"), styles)
        shares = {name: share_positive(table, name, group, last_year(table), margin) for name in order}
        _note_shares(panel, title, shares, styles)
        if len(styles) > 1 and panel is sheet.axes[-1]:
            label_ends(panel, ends, height=1.9, wrap=16)
    span = f", {min(years)}–{max(years)}" if len(years) else ""
    title = f"What the forum adds{span}: gains against the same world without it"
    if table.empty:
        sheet.finish(title, f"Nothing to show: {EMPTY}.")
        return sheet.array()
    caption = _gain_caption(table, styles, spread, margin)
    sheet.finish(title, caption, handles(styles.values()) if len(styles) > MOST_LABELS else ())
    return sheet.array()


def _note_shares(ax: Axes, title: str, shares: Mapping[str, float], styles: Mapping[str, LineStyle]) -> None:
    """The panel's title and, under it, in how many worlds the group gains, in each scenario's colour."""
    known = {name: share for name, share in shares.items() if share == share}
    ax.set_title(title, pad=16)
    if len(known) > MOST_BANDS:
        low, high = percent(min(known.values())), percent(max(known.values()))
        notes = [(f"gain in {low if low == high else f'{low[:-2]} to {high}'} of worlds", GREY)]
    elif len(shares) == 1:
        notes = [(f"gain in {percent(share)} of worlds", GREY) for share in known.values()]
    else:
        notes = [("gain in ", GREY), *((percent(share), styles[name].colour) for name, share in known.items())]
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
        place += SMALL * 0.55 * (len(words) + 1.2)


def _gain_caption(table: pd.DataFrame, styles: Mapping[str, LineStyle], spread: str | None, margin: float) -> str:
    year = last_year(table)
    found = {name: {g: gains(table, name, g, year) for g in GROUPS} for name in styles}
    known = [name for name in styles if any(gain.n for gain in found[name].values())]
    missing = [styles[name].label for name in styles if name not in known]
    if len(known) == 1:
        sentences = [
            gain_sentence(group, gain, share_positive(table, known[0], group, year, margin), year)
            for group, gain in found[known[0]].items()
        ]
    elif len(known) <= MOST_BANDS:
        sentences = [f"{styles[name].label} by {year}: {_three(found[name])}." for name in known]
    else:
        sentences = [_extremes(group, {name: found[name][group] for name in known}, styles, year) for group in GROUPS]
    n = max((gain.n for name in known for gain in found[name].values()), default=0)
    if missing:
        sentences.append(f"No result: {', '.join(missing)}.")
    if margin > 0:
        sentences.append(f"A win exceeds {margin:g} standard deviations of the base year.")
    return " ".join([*sentences, _reading(n, len(styles), spread), CONDITION])


def _three(found: Mapping[str, Interval]) -> str:
    units = {"migrants": "points", "hosts": "%", "departures": "%"}
    parts = []
    for group, gain in found.items():
        places = decimals(gain.median, gain.low, gain.high)
        ends = f" ({number(gain.low, places)} to {number(gain.high, places)})" if gain.n > 1 else ""
        open_ = ", sign open" if gain.n > 1 and gain.spans_zero else ""
        parts.append(f"{GROUPS[group].lower()} {number(gain.median, places)} {units[group]}{ends}{open_}")
    return "; ".join(parts)


def _extremes(group: str, found: Mapping[str, Interval], styles: Mapping[str, LineStyle], year: int) -> str:
    known = {name: gain for name, gain in found.items() if gain.n}
    if not known:
        return f"{GROUPS[group]}: no result."
    most, least = max(known, key=lambda n: known[n].median), min(known, key=lambda n: known[n].median)
    return (
        f"{GROUPS[group]} by {year}: from {interval_words(known[least])} under {styles[least].label} "
        f"to {interval_words(known[most])} under {styles[most].label}."
    )


def _reading(n: int, n_scenarios: int, spread: str | None) -> str:
    """How to read the lines."""
    if n <= 1:
        return "n = 1: a single world, so no band."
    band = "band" if n_scenarios <= MOST_BANDS else "bar at the right edge, last year"
    return f"Line: median; {band}: 5–95 % of {worlds_words(n)}{ranged_words(spread)}. Scales differ between panels."


@in_house_style
def weakest(
    world: Frames,
    *,
    scenarios: Sequence[str] | None = None,
    labels: Mapping[str, str] | None = None,
    spread: str | None = None,
    margin: float = 0.0,
    ax: GivenAxes = None,
) -> np.ndarray[Any, Any]:
    """How often all three groups gain, and by how much the one that gains least does, in the last year.

    Parameters
    ----------
    world : DataFrame or mapping of str to DataFrame
        Table ``world``: ``replicate``, ``year``, ``weakest`` (standard deviations of the base year).
    scenarios, labels, spread, margin
        As for `triple_win`.
    ax : two Axes, optional

    Returns
    -------
    array of Axes
        Share of worlds in which all three gain; weakest win.
    """
    table, order = gather(world, scenarios)
    styles = list(line_styles(order, labels).values())
    sheet = open_sheet(ax, 1, 2, height=rows_height(len(styles)))
    share_panel, size_panel = sheet.axes
    share_panel.set_xlabel("All three gain, % of paired worlds")
    size_panel.set_xlabel("Weakest win, standard deviations\nof the base year")
    for panel in sheet.axes:
        panel.set_ylabel("Scenario" if panel is share_panel else "")
    if table.empty:
        for panel in sheet.axes:
            say(panel, EMPTY)
        sheet.finish("How often all three gain", f"Nothing to show: {EMPTY}.")
        return sheet.array()
    year = last_year(table)
    shares = {name: all_gain(table, name, year, margin) for name in order}
    sizes = {name: Interval.of(rows_of(table, name, year)["weakest"]) for name in order}
    scaled = {n: Interval(100 * s.median, 100 * s.low, 100 * s.high, s.n) for n, s in shares.items()}
    dot_rows(share_panel, styles, scaled, is_named=True, zero=False)
    share_panel.set_xlim(-4, 104)
    dot_rows(size_panel, styles, sizes, is_named=False)
    sheet.finish(
        f"How often all three groups gain, and the weakest win, {year}",
        _weakest_caption(styles, shares, sizes, spread),
    )
    return sheet.array()


def _weakest_caption(
    styles: Sequence[LineStyle], shares: Mapping[str, Interval], sizes: Mapping[str, Interval], spread: str | None
) -> str:
    known = [s for s in styles if shares[s.name].n]
    told = known
    if len(known) > MOST_BANDS:
        ranked = sorted(known, key=lambda s: sizes[s.name].median)
        told = [ranked[-1], ranked[0]]
    sentences = []
    for s in told:
        share, size = shares[s.name], sizes[s.name]
        open_ = ", zero included" if size.n > 1 and size.spans_zero else ""
        sentences.append(
            f"{s.label}: all three gain in {percent(share.median)} of {worlds_words(share.n)}; "
            f"weakest win {interval_words(size)}{open_}."
        )
    if missing := [s.label for s in styles if s not in known]:
        sentences.append(f"No result: {', '.join(missing)}.")
    worlds = ranged_words(spread)
    sentences.append(
        "Left: bars show the 90 % sampling interval of the share. Right: median and 5–95 % "
        f"of worlds{worlds}; an open dot means that the interval includes zero. {CONDITION}"
    )
    return " ".join(sentences)
