"""A world map of any state variable: a circle a state, at its place, coloured by the median world."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from migsim.errors import InputError, shown
from migsim.facts.codes import state_names
from migsim.plots.cartogram import SizedBy, draw_globe, layout
from migsim.plots.intervals import Interval, one_scenario, over_worlds
from migsim.plots.labels import place_labels
from migsim.plots.sheet import MARGIN, GivenAxes, Sheet, open_sheet
from migsim.plots.state_columns import Measure, measure_of
from migsim.plots.style import GREY, INK, SMALL, in_house_style, loss_to_gain
from migsim.plots.wins import CONDITION, EMPTY
from migsim.plots.wording import decimals, number, ranged_words, several_words

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.colors import Colormap, Normalize

__all__ = ["world_map"]

MOST_NAMED, FEW_NAMED = 8, 3
"""States that are named, the largest values or changes of either sign; and on a narrow map."""
SIZES: Final[Mapping[SizedBy, str]] = {"population": "larger for more people, ", "equal": ""}
NARROW: Final = 4.5
"""Inches up to which a map is narrow."""
TAIL: Final = 0.03
"""Share of states at either end whose colour is that of the end, so that one state does not pale the rest."""
HEIGHT: Final = 3.35
LONG: Final = 9
"""Letters of a number from which the scale of colours has room for a few only."""


@in_house_style
def world_map(
    states: pd.DataFrame,
    column: str,
    *,
    year: int | None = None,
    paired: pd.DataFrame | None = None,
    since: int | None = None,
    against: str = "the same world without a forum",
    sized_by: SizedBy = "population",
    scenario: str | None = None,
    called: str = "",
    spread: str | None = None,
    ax: GivenAxes = None,
) -> Axes:
    """A variable of every state at the end of a year, or its difference to other worlds or an earlier year.

    States are circles on an Equal Earth projection, near their places and clear of each other; no border is
    drawn. Colour is the median over worlds; around zero, for differences, two hues, and circles below zero
    have a dark rim, so that sign reads in grey.

    Parameters
    ----------
    states : DataFrame
        Table ``states``: ``replicate``, ``year``, ``state`` and the column.
    column : str
        Any number of that table, such as ``gain``, ``immigrants`` or ``policy_legal_mobility``.
    year : int, optional
        By default the last.
    paired : DataFrame, optional
        The same table of other worlds, to draw the difference to: those with the same replicates.
    since : int, optional
        An earlier year, to draw the change since.
    against : str
        What ``paired`` is, for the caption.
    sized_by : {"population", "equal"}
        Whether circles grow with the population of 2005, or are alike.
    scenario, called, spread
        As for `migsim.plots.corridors`.
    ax : Axes, optional

    Raises
    ------
    InputError
        If the table lacks the column or the year, or both ``paired`` and ``since`` are given.
    """
    rows = one_scenario(states, scenario)
    measure = measure_of(column)
    sheet = open_sheet(ax, height=HEIGHT)
    panel = sheet.axes[0]
    panel.set(xlabel="East", ylabel="North")
    if rows.empty or (paired is not None and paired.empty):
        sheet.finish_empty(measure.words, EMPTY)
        return panel
    shown_year = _check(rows, column, year, paired, since)
    values = _values(rows, column, shown_year, paired, since) * measure.times
    found = _by_state(values, rows)
    is_signed = paired is not None or since is not None or measure.is_difference
    width = _width(sheet)
    named = _largest(found["median"], MOST_NAMED if width > NARROW else FEW_NAMED, is_signed=is_signed)
    _draw(panel, found, named, measure, sized_by, width, is_signed=is_signed)
    heading = f"{measure.words} in {shown_year}"
    heading += _compared(measure, since, against, has_pair=paired is not None)
    caption = _caption(found, named, measure, shown_year, is_signed=is_signed, spread=spread)
    how = f"A circle is a state, {SIZES[sized_by]}as near to its place as its neighbours allow."
    words = f"{caption} {how} {CONDITION}"
    words = f"{called}. {words}" if called else words
    sheet.finish(heading, words, _marks(found, is_signed=is_signed), year=shown_year)
    return panel


def _by_state(values: pd.Series[Any], rows: pd.DataFrame) -> pd.DataFrame:
    """Median and interval over worlds of every state, with gaps where a state has no figure."""
    found = over_worlds(values.reset_index(name="value"), "value", ["state"]).set_index("state")
    return found.reindex(sorted(map(str, rows["state"].unique())))


def _width(sheet: Sheet) -> float:
    """Width of the map in inches."""
    part = 1.0 if sheet.is_own else float(sheet.axes[0].get_position().width)
    return part * float(sheet.figure.get_size_inches()[0]) - 2 * MARGIN


def _compared(measure: Measure, since: int | None, against: str, *, has_pair: bool) -> str:
    """What a title says of the comparison; empty if there is none."""
    if has_pair:
        return f", difference to {against}"
    change = f", change since {since}" if since is not None else ""
    return f"{change} against {against}" if measure.is_difference else change


def _draw(
    ax: Axes,
    found: pd.DataFrame,
    named: Sequence[str],
    measure: Measure,
    sized_by: SizedBy,
    inches: float,
    *,
    is_signed: bool,
) -> None:
    """The globe, the circles, the names of some, and the scale of colours."""
    codes = tuple(str(code) for code in found.index)
    circles = layout(codes, sized_by)
    draw_globe(ax)
    colours, norm = _scale(found["median"], is_signed=is_signed)
    _draw_circles(ax, found, circles, colours, norm)
    places = decimals(*found["median"].dropna())
    words = [f"{_short(code)} {number(_told(float(found['median'][code])), places)}" for code in named]
    place_labels(ax, words, [codes.index(code) for code in named], circles, inches)
    unit = measure.unit_of_difference if is_signed else measure.unit
    _colour_scale(ax, colours, norm, f"{measure.words}, {unit}".rstrip(", "))


def _check(
    rows: pd.DataFrame, column: str, year: int | None, paired: pd.DataFrame | None, since: int | None
) -> int:
    """The year to draw; refuses what cannot be drawn."""
    if column not in rows.columns or rows[column].dtype.kind not in "fiub" or column in ("replicate", "year"):
        numbers = [name for name in rows.columns if rows[name].dtype.kind in "fiub"]
        known = [name for name in numbers if name not in ("replicate", "year")]
        raise InputError(f"no numbers {shown(column)} of states here; there are {', '.join(known)}")
    if paired is not None and since is not None:
        raise InputError("a map shows the difference to other worlds or to an earlier year, not both")
    years = sorted({int(each) for each in rows["year"]})
    wanted = years[-1] if year is None else year
    for each in (wanted, since):
        if each is not None and each not in years:
            raise InputError(f"no year {each} in this run; it has {years[0]} to {years[-1]}")
    return wanted


def _values(
    rows: pd.DataFrame, column: str, year: int, paired: pd.DataFrame | None, since: int | None
) -> pd.Series[Any]:
    """The variable, or its difference, by replicate and state."""

    def of(table: pd.DataFrame, when: int) -> pd.Series[Any]:
        there = table[table["year"] == when]
        keyed = there.assign(state=there["state"].astype(str)).set_index(["replicate", "state"])[column]
        return keyed.astype(float)

    values = of(rows, year)
    if since is not None:
        values = values - of(rows, since)
    if paired is not None:
        other = of(paired, year)
        values = values - other.reindex(values.index)
    return values


def _scale(median: pd.Series[Any], *, is_signed: bool) -> tuple[Colormap, Normalize]:
    """Colours: two hues around zero for differences, else one scale from dark to light."""
    import matplotlib as mpl
    import numpy as np
    from matplotlib.colors import Normalize

    known = median.dropna().to_numpy(float)
    if is_signed:
        end = float(np.quantile(np.abs(known), 1.0 - 2.0 * TAIL)) if known.size else 1.0
        end = end or (float(np.abs(known).max()) if known.size else 1.0) or 1.0
        return loss_to_gain(), Normalize(-end, end, clip=True)
    low, high = (float(q) for q in np.quantile(known, (TAIL, 1.0 - TAIL))) if known.size else (0.0, 1.0)
    return mpl.colormaps["cividis"], Normalize(low, high if high > low else low + 1.0, clip=True)


def _draw_circles(
    ax: Axes,
    found: pd.DataFrame,
    places: tuple[Any, Any, Any],
    colours: Colormap,
    norm: Normalize,
) -> None:
    """A circle a state: hollow without data, a dark rim below zero, a dot where the sign is open."""
    from matplotlib.patches import Circle

    # As artists, not patches: the limits are those of the globe, and need not be found anew 193 times.
    is_signed = norm.vmin is not None and norm.vmax is not None and norm.vmin == -norm.vmax
    for row, x, y, radius in zip(found.to_dict("records"), *places, strict=True):
        value = row["median"]
        if value != value:
            ax.add_artist(
                Circle((x, y), radius * 0.92, facecolor="white", edgecolor=GREY, linewidth=0.7, linestyle=":")
            )
            continue
        is_below = is_signed and value < 0.0
        edge, width = (INK, 0.9) if is_below else ("#999999", 0.3)
        ax.add_artist(
            Circle((x, y), radius * 0.94, facecolor=colours(norm(value)), edgecolor=edge, linewidth=width)
        )
        if is_signed and row["n"] > 1 and row["low"] <= 0.0 <= row["high"] and row["low"] < row["high"]:
            ax.add_artist(Circle((x, y), 0.009, facecolor=INK, edgecolor="white", linewidth=0.3))


def _largest(median: pd.Series[Any], most: int, *, is_signed: bool) -> list[str]:
    """The states to name: with the largest values, or for differences with the largest of either sign."""
    known = median.dropna()
    ranked = (known.abs() if is_signed else known).sort_values(ascending=False, kind="stable")
    return [str(code) for code, size in ranked.head(most).items() if size > 0.0]


def _told(value: float) -> float:
    """A number with three digits, as a label beside a circle tells it."""
    from math import floor, log10

    return round(value, 2 - floor(log10(abs(value)))) if abs(value) >= 1000.0 else value


def _short(code: str) -> str:
    """A state's name, or its code where the name is long."""
    name = state_names().get(code, code)
    return name if len(name) <= 15 else code


def _colour_scale(ax: Axes, colours: Colormap, norm: Normalize, words: str) -> None:
    from matplotlib.cm import ScalarMappable

    bar = ax.figure.colorbar(
        ScalarMappable(norm, colours), ax=ax, orientation="horizontal", fraction=0.045, pad=0.01, aspect=45,
        extend="both", shrink=0.8,
    )  # fmt: skip
    bar.set_label(words)
    bar.ax.tick_params(labelsize=SMALL, length=2)
    bar.ax.xaxis.set_major_formatter(lambda value, _: number(value, decimals(*bar.get_ticks())))
    if max(len(number(float(tick), decimals(*bar.get_ticks()))) for tick in bar.get_ticks()) > LONG:
        bar.ax.locator_params(axis="x", nbins=3)
    bar.outline.set_linewidth(0.5)


def _marks(found: pd.DataFrame, *, is_signed: bool) -> Sequence[Artist]:
    from matplotlib.lines import Line2D

    def mark(words: str, fill: str, edge: str, width: float, size: float = 7.0) -> Line2D:
        return Line2D(
            [], [], linestyle="None", marker="o", markersize=size, markerfacecolor=fill, markeredgecolor=edge,
            markeredgewidth=width, label=words,
        )  # fmt: skip

    marks = []
    if is_signed and (found["median"] < 0.0).any():
        marks += [mark("above zero", "#DDDDDD", "#999999", 0.3), mark("below zero", "#DDDDDD", INK, 0.9)]
    is_open = (found["low"] <= 0.0) & (found["high"] >= 0.0) & (found["low"] < found["high"])
    if is_signed and is_open.any():
        marks.append(mark("sign open (5–95 %)", INK, "white", 0.3, 3.5))
    if found["median"].isna().any():
        marks.append(mark("no data", "white", GREY, 0.7))
    return marks


def _caption(
    found: pd.DataFrame,
    named: Sequence[str],
    measure: Measure,
    year: int,
    *,
    is_signed: bool,
    spread: str | None,
) -> str:
    """What the map shows: how many states rise and fall, or where the middle lies, and the ends."""
    known = found.dropna(subset=["median"])
    if known.empty:
        return f"No state has a figure in {year}."
    n, places = int(known["n"].max()), decimals(*known["median"])
    unit = measure.unit_of_difference if is_signed else measure.unit
    if is_signed:
        rises, falls = int((known["median"] > 0.0).sum()), int((known["median"] < 0.0).sum())
        sure = known[(known["low"] > 0.0) | (known["high"] < 0.0)]
        said = f"{measure.words}: up in {rises} and down in {falls} of {len(known)} states"
        if measure.is_difference:
            said = f"{rises} of {len(known)} states gain, {falls} lose"
        said += f" in the median world by {year}" if n > 1 else f" by {year}"
        said += f"; 5–95 % of worlds exclude zero in {len(sure)}." if n > 1 else "."
        if not known[["low", "high"]].any(axis=None):
            said = "No state differs in any world."
    else:
        middle = Interval.of(known["median"])
        low, half, high = (number(_told(v), places) for v in (middle.low, middle.median, middle.high))
        said = f"The median state has {half} {unit}".rstrip()
        said += f" in {year}; nine in ten lie between {low} and {high} (5–95 % of states)."
    if named:
        size = number(_told(float(known["median"][named[0]])), places)
        top = f"{_short(named[0])} ({size} {unit}".rstrip() + ")"
        said += f" {'Farthest from zero' if is_signed else 'Highest'}: {top}."
    if missing := [_short(str(code)) for code in found.index[found["median"].isna()]]:
        said += f" No data: {several_words(missing)}."
    worlds = "n = 1 world: no interval." if n == 1 else f"Colour: median of n = {n:,} worlds"
    return f"{said} {worlds if n == 1 else worlds + ranged_words(spread) + '.'}"
