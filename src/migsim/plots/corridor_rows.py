"""Corridors: where most migrants live and move, then and now, and what the forum changes of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from migsim.errors import InputError
from migsim.facts.codes import state_names
from migsim.plots.intervals import Interval, one_scenario
from migsim.plots.rows import rows_height
from migsim.plots.sheet import GivenAxes, open_sheet, say
from migsim.plots.style import COLOURS, GREY, INK, in_house_style
from migsim.plots.wins import CONDITION, EMPTY
from migsim.plots.wording import interval_words, number, ranged_words, worlds_words

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

__all__ = ["corridors"]

TITLE: Final = "The largest corridors"
MOST: Final = 12
"""Corridors that are shown unless told."""
NO_PAIR: Final = "this table has\nno paired world"
LONGEST: Final = 15
"""Letters of a state's name; of longer ones, the code stands."""


@in_house_style
def corridors(
    rows: pd.DataFrame,
    *,
    year: int | None = None,
    most: int = MOST,
    scenario: str | None = None,
    called: str = "",
    spread: str | None = None,
    ax: GivenAxes = None,
) -> np.ndarray[Any, Any]:
    """The corridors with most people, a row each: stock then and now, flow, and what the forum adds.

    Parameters
    ----------
    rows : DataFrame
        Table ``main_corridors``, or ``corridors`` of a scenario that records it (which has no paired world):
        ``replicate``, ``year``, ``origin``, ``destination``, ``stock``, ``flow``.
    year : int, optional
        By default the last.
    most : int
        How many corridors to show.
    scenario : str, optional
        Which scenario, if the frame holds several.
    called : str
        What to call the scenario, for the caption.
    spread : {"ranged", "central"}, optional
        What the worlds differ in, for the caption.
    ax : three Axes, optional

    Returns
    -------
    array of Axes
        Stocks, flows of the year, stock that the forum adds.

    Raises
    ------
    InputError
        If the table has no such year.
    """
    table = _by_corridor(one_scenario(rows, scenario))
    first, last = (int(table["year"].min()), int(table["year"].max())) if len(table) else (0, 0)
    shown_year = last if year is None else year
    now = _in_year(table, shown_year)
    names = _largest(now, most)
    sheet = open_sheet(ax, 1, 3, height=rows_height(max(len(names), 4)) + 0.2)
    stock, flow, added = sheet.axes
    stock.set(xlabel="People, million", ylabel="Corridor")
    flow.set_xlabel("Moves in the year,\nthousand")
    added.set_xlabel("Stock added by the\nforum, thousand")
    if not names:
        return sheet.finish_empty(TITLE, EMPTY)
    start = table[table["year"] == first]
    _rows(stock, now, names, "stock", 1e-6, COLOURS[0])
    if first < shown_year:
        _starts(stock, start, names)
    _rows(flow, now, names, "flow", 1e-3, COLOURS[1])
    _added(added, now, names)
    stock.set_yticks(range(len(names)), [_words(name) for name in names])
    for panel in (stock, flow):
        panel.set_xlim(left=0.0)
    span = f"{first} and {shown_year}" if first < shown_year else f"{shown_year}"
    sheet.finish(
        f"{TITLE}: people and moves, {span}",
        _caption(now, start, names, (first, shown_year), called, spread),
        _marks(first, shown_year),
        year=shown_year,
    )
    return sheet.array()


def _added(ax: Axes, now: pd.DataFrame, names: Sequence[tuple[str, str]]) -> None:
    """What the forum adds to each corridor's stock, where the table has the paired world."""
    if "baseline_stock" in now.columns:
        change = now.assign(added=now["stock"] - now["baseline_stock"])
        _rows(ax, change, names, "added", 1e-3, INK, is_difference=True)
    else:
        say(ax, NO_PAIR)
        ax.set_ylim(len(names) - 0.4, -0.6)


def _in_year(table: pd.DataFrame, year: int) -> pd.DataFrame:
    """The rows of a year, which the table must have."""
    if len(table) and year not in set(table["year"]):
        years = ", ".join(str(int(each)) for each in sorted(table["year"].unique()))
        raise InputError(f"no year {year} in this table; it has {years}")
    return table[table["year"] == year] if len(table) else table


def _by_corridor(rows: pd.DataFrame) -> pd.DataFrame:
    """A row a replicate, year and corridor: classes taken together."""
    if rows.empty:
        return rows
    keys = ["replicate", "year", "origin", "destination"]
    plain = rows.assign(origin=rows["origin"].astype(str), destination=rows["destination"].astype(str))
    if "class" in rows.columns:
        measures = [name for name in rows.columns if name not in (*keys, "class", "scenario")]
        plain = plain.groupby(keys)[measures].sum().reset_index()
    return plain


def _largest(now: pd.DataFrame, most: int) -> list[tuple[str, str]]:
    """The corridors with most people in the median world."""
    if now.empty:
        return []
    medians = now.groupby(["origin", "destination"])["stock"].median()
    ranked = medians.sort_values(ascending=False, kind="stable").head(most)
    return [(str(origin), str(destination)) for origin, destination in ranked.index]


def _of(rows: pd.DataFrame, name: tuple[str, str], column: str) -> Interval:
    here = rows[(rows["origin"] == name[0]) & (rows["destination"] == name[1])]
    return Interval.of(here[column])


def _rows(
    ax: Axes,
    rows: pd.DataFrame,
    names: Sequence[tuple[str, str]],
    column: str,
    times: float,
    colour: str,
    *,
    is_difference: bool = False,
) -> None:
    """A dot and an interval for each corridor."""
    if is_difference:
        ax.axvline(0.0, color=GREY, linewidth=0.8, zorder=1)
    for y, name in enumerate(names):
        found = _of(rows, name, column)
        if not found.n:
            continue
        if found.n > 1:
            ends = [times * found.low, times * found.high]
            ax.plot(ends, [y, y], color=colour, linewidth=2.0, solid_capstyle="butt", zorder=2)
        is_open = is_difference and found.n > 1 and found.spans_zero
        ax.plot(
            times * found.median, y, marker="o", markersize=5, color=colour, linestyle="none", zorder=3,
            markerfacecolor="white" if is_open else colour,
        )  # fmt: skip
    ax.set_ylim(len(names) - 0.4, -0.6)
    ax.set_yticks(range(len(names)), [""] * len(names))
    ax.tick_params(axis="y", length=0)
    ax.grid(axis="y", color="#EEEEEE", linewidth=0.8)
    ax.locator_params(axis="x", nbins=4)
    ax.xaxis.set_major_formatter(lambda value, _: f"{value + 0.0:g}".replace("-", "−"))


def _starts(ax: Axes, start: pd.DataFrame, names: Sequence[tuple[str, str]]) -> None:
    """Where each corridor began: a bar across its row."""
    for y, name in enumerate(names):
        found = _of(start, name, "stock")
        if found.n:
            ax.plot(1e-6 * found.median, y, marker="|", markersize=10, markeredgewidth=1.6, color=INK)


def _words(name: tuple[str, str]) -> str:
    """A corridor in words: from – to."""
    return " – ".join(_short(code) for code in name)


def _short(code: str) -> str:
    name = state_names().get(code, code)
    return name if len(name) <= LONGEST else code


def _marks(first: int, year: int) -> list[Artist]:
    from matplotlib.lines import Line2D

    def mark(shape: str, colour: str, words: str, size: float = 5.0, fill: str | None = None) -> Line2D:
        return Line2D(
            [], [], linestyle="None", marker=shape, color=colour, markersize=size, label=words,
            markeredgewidth=1.4, markerfacecolor=fill or colour,
        )  # fmt: skip

    marks: list[Artist] = [mark("|", INK, f"people in {first}", 9.0)] if first < year else []
    marks += [mark("o", COLOURS[0], f"people in {year}"), mark("o", COLOURS[1], f"moves in {year}")]
    return [*marks, mark("o", INK, "added by the forum (open: sign open)", fill="white")]


def _caption(
    now: pd.DataFrame,
    start: pd.DataFrame,
    names: Sequence[tuple[str, str]],
    years: tuple[int, int],
    called: str,
    spread: str | None,
) -> str:
    """The largest corridor, the one that grew most, what the forum changes, and which corridors these are."""
    first, year = years
    sentences = [f"{called}."] if called else []
    top = _of(now, names[0], "stock")
    words = interval_words(
        Interval(top.median / 1e6, top.low / 1e6, top.high / 1e6, top.n), "million people", 1
    )
    sentences.append(f"Largest in {year}: {_words(names[0])}, {words}.")
    if first < year:
        grown = {name: _of(now, name, "stock").median - _of(start, name, "stock").median for name in names}
        most = max(grown, key=lambda name: grown[name])
        sentences.append(
            f"Grown most since {first}: {_words(most)}, by {number(grown[most] / 1e6, 1)} million."
        )
    if "baseline_stock" in now.columns:
        here = [_of(now.assign(a=now["stock"] - now["baseline_stock"]), name, "a") for name in names]
        sure = [each for each in here if each.n > 1 and not each.spans_zero]
        if any(each.n > 1 for each in here):
            sentences.append(
                f"The forum changes the stock beyond chance on {len(sure)} of these {len(names)}."
            )
        sentences.append(
            "Followed are the corridors that were largest or growing most in 2005, and those over the "
            "borders of states whose displacement the scenario declares."
        )
    n = int(now["replicate"].nunique())
    worlds = f"Dot and bar: median and 5–95 % of {worlds_words(n)}{ranged_words(spread)}."
    sentences.append("n = 1: no interval." if n == 1 else worlds)
    named = {code: state_names().get(code, code) for corridor in names for code in corridor}
    sentences += [f"{code}: {name}." for code, name in named.items() if len(name) > LONGEST]
    return " ".join([*sentences, CONDITION])
