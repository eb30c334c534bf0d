"""What brings the gains about: Shapley values of the phases of the forum, or of its themes."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from migsim.errors import InputError, shown
from migsim.plots.factor_rows import frame_panels, interval_bar, label_rows, no_result, rows_height
from migsim.plots.factors import Rows, capital, cells, of_outcome, outcomes_in, owner, ranked, unit_of
from migsim.plots.intervals import Interval
from migsim.plots.sheet import GivenAxes, open_sheet
from migsim.plots.style import COLOURS, GREY, INK, in_house_style
from migsim.plots.wording import NOTHING, decimals, number, percent, several_words, theme_words
from migsim.themes import THEMES

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["REST", "TOTAL", "attribution", "signed"]

EMPTY: Final = "nothing was taken apart"
TOTAL: Final = "total"
"""The whole gain, to which the parts add up."""
REST: Final = "rest"
"""What there is without any theme: drawn, and not counted among the themes."""
WORTH: Final = 0.02
"""Part of the largest value below which a part is not worth a word."""
UP, DOWN = COLOURS[0], COLOURS[1]
WHOLE: Final = "#777777"
_TITLES: Final = {
    "phases": "Which part of the forum's work brings the gains about",
    "themes": "Which themes bring the gains about",
}


@in_house_style
def attribution(
    frame: pd.DataFrame,
    of: str | None = None,
    outcome: str | None = None,
    *,
    year: int | None = None,
    ax: GivenAxes = None,
) -> np.ndarray[Any, Any]:
    """How much of each gain is due to each part, so that the parts add up to the whole (Shapley values).

    Parameters
    ----------
    frame : DataFrame
        ``outcome``, ``of``, ``part``, ``title``, ``value``, ``low``, ``high``, ``n``, in the outcome's unit,
        and optionally ``value_conf``, half the 95 % interval of the value, and ``orders`` of adding the
        parts, how many were drawn; 0 if all are in it.
        A row of the part ``total`` is the whole; without one, the sum of the parts is drawn.
    of : {"phases", "themes"}, optional
        Of what; by default the first in the frame.
    outcome : str, optional
        One outcome; by default the three gains, a panel each.
    year : int, optional
        The year that is told, for the caption: whether it lies past the data.
    ax : Axes, one for each outcome, optional

    Returns
    -------
    array of Axes

    Raises
    ------
    InputError
        If the frame does not take the gains apart by this.
    """
    table, what = _chosen(frame, of)
    outcomes = outcomes_in(table, outcome)
    found = {name: _parts(table, name) for name in outcomes}
    halves = {name: _halves(of_outcome(table, name)) for name in outcomes}
    unsure = {name: _unsure(halves[name], found[name]) for name in outcomes}
    titles = _titles(table, found.values(), what)
    keys = list(titles)
    sheet = open_sheet(ax, 1, len(outcomes), height=rows_height([*titles.values(), "Together"]))
    frame_panels(sheet.axes, outcomes, "Theme" if what == "themes" else "Phase", "Gain")
    heading = _TITLES.get(what, "What brings the gains about")
    if not keys:
        return sheet.finish_empty(heading, EMPTY)
    for panel, name in zip(sheet.axes, outcomes, strict=True):
        _bars(panel, keys, found[name], unsure[name])
        label_rows(panel, [*titles.values(), "Together"], is_named=panel is sheet.axes[0])
    sentences = [_finding(name, found[name], titles, halves[name]) for name in outcomes]
    orders = int(table["orders"].max()) if "orders" in table.columns else 0
    sheet.finish(heading, " ".join([*sentences, _reading(found.values(), orders)]), year=year)
    return sheet.array()


def _chosen(frame: pd.DataFrame, of: str | None) -> tuple[pd.DataFrame, str]:
    known = list(dict.fromkeys(frame["of"].astype(str))) if "of" in frame.columns else []
    if of is not None and known and of not in known:
        raise InputError(f"attribution of {shown(of)}; this frame has that of {', '.join(known)}")
    what = of or (known[0] if known else "phases")
    return (frame[frame["of"].astype(str) == what] if known else frame), what


def _parts(table: pd.DataFrame, outcome: str) -> dict[str, Interval]:
    """The parts of one outcome, and their whole."""
    part = of_outcome(table, outcome)
    found = cells(part, "part", "value")
    if found and TOTAL not in found:
        whole = sum(cell.median for cell in found.values() if cell.n)
        found[TOTAL] = Interval(whole, whole, whole, max(cell.n for cell in found.values()))
    return found


def _titles(table: pd.DataFrame, found: Any, what: str) -> dict[str, str]:
    """The parts' names: phases in their order, themes by the size of what they bring."""
    if table.empty:
        return {}
    named = {
        str(part): _title(str(part), title)
        for part, title in zip(table["part"], table["title"], strict=True)
        if str(part) != TOTAL
    }
    if what != "themes":
        return named
    return {key: named[key] for key in ranked(found) if key in named}


def _title(part: str, title: object) -> str:
    """What a part is called: a theme as elsewhere, else as the frame says."""
    words = title if part not in THEMES and isinstance(title, str) and title else theme_words(part)
    return capital(words)


def _bars(ax: Axes, keys: Sequence[str], found: Rows, unsure: Collection[str]) -> None:
    ax.axvline(0.0, color=GREY, linewidth=0.8, zorder=3)
    for n, key in enumerate([*keys, TOTAL]):
        cell = found.get(key)
        if cell is None or cell.n == 0:
            no_result(ax, n)
            continue
        colour = WHOLE if key == TOTAL else UP if cell.median >= 0.0 else DOWN
        face = "white" if key in unsure else colour
        ax.barh(n, cell.median, 0.6, color=face, edgecolor=colour, linewidth=1.0, zorder=1)
        interval_bar(ax, n, cell, INK)
    ax.axhline(len(keys) - 0.5, color=GREY, linewidth=0.8, linestyle=(0.0, (4.0, 2.0)), zorder=1)


def _halves(part: pd.DataFrame) -> dict[str, float]:
    """Half the interval of each value, where the frame tells it."""
    if "value_conf" not in part.columns:
        return {}
    return dict(zip(part["part"].astype(str), part["value_conf"].astype(float), strict=True))


def _unsure(halves: Mapping[str, float], found: Rows) -> set[str]:
    """Parts whose value is no more than sampling error; not told that, those whose worlds include zero."""
    if not halves:
        return {key for key, cell in found.items() if _is_open(cell)}
    sure = {key for key, cell in found.items() if abs(cell.median) > halves.get(key, 0.0)}
    return {key for key, cell in found.items() if cell.n and key not in sure}


def _is_open(cell: Interval) -> bool:
    return cell.low < cell.high and cell.spans_zero


def _finding(outcome: str, found: Rows, titles: Mapping[str, str], halves: Mapping[str, float]) -> str:
    """What brings most of one gain, what takes most from it, and of how many the sign is open."""
    who, unsure = owner(outcome), _unsure(halves, found)
    known = [key for key in titles if key in found and found[key].n]
    if not known:
        return f"No result for {who}."
    whole = found[TOTAL]
    if max(abs(found[key].median) for key in known) <= NOTHING:
        return f"No part moves {who}."
    sure = [key for key in known if key not in unsure and abs(found[key].median) > NOTHING]
    places = decimals(whole.median, *(found[key].median for key in known))
    words = f"{capital(who)}, {signed(whole.median, places)}{_half_words(halves, places)} {unit_of(outcome)}"
    words = words.rstrip() + (", zero included" if _is_open(whole) else "")
    if halves and TOTAL in unsure:
        words += ", no more than sampling error"
    largest = max(abs(found[key].median) for key in known)
    sure = [key for key in sure if abs(found[key].median) >= WORTH * largest]
    ups = sorted((k for k in sure if found[k].median > 0), key=lambda k: -found[k].median)
    downs = sorted((k for k in sure if found[k].median < 0), key=lambda k: found[k].median)
    told = []
    for keys, verb in ((ups, "adds"), (downs, "takes")):
        if keys:
            told.append(f"“{titles[keys[0]]}” {verb} {_most(keys[0], known, found, halves, places)}")
    counted = [key for key in known if key != REST]
    n_open = sum(key in unsure for key in counted)
    if n_open:
        told.append(f"{n_open} of {len(counted)} add or take no more than sampling error")
    return f"{words}: {several_words(told)}."


def _half_words(halves: Mapping[str, float], places: int) -> str:
    half = halves.get(TOTAL, math.nan)
    return f" ± {number(half, places)}" if half >= 0.0 else ""


def _most(first: str, known: Sequence[str], found: Rows, halves: Mapping[str, float], places: int) -> str:
    """How much the largest part adds or takes that can be told from nothing, and how many may do as much."""
    sign = 1.0 if found[first].median > 0.0 else -1.0
    sizes = {key: sign * found[key].median for key in known}
    least = sizes[first] - halves.get(first, 0.0)
    near = [key for key in known if key != first and sizes[key] + halves.get(key, 0.0) >= least]
    is_largest = sizes[first] >= max(sizes.values())
    size = f"{signed(found[first].median, places)}{_part_of(found[first], found[TOTAL])}"
    rivals = f"; {len(near)} {'other' if len(near) == 1 else 'others'} may do as much" if near else ""
    return f"most{'' if is_largest else ' of those told from nothing'} ({size}{rivals})"


def signed(value: float, places: int) -> str:
    """A number with its sign, which is never lost in rounding."""
    return f"+{number(value, places)}" if value > NOTHING else number(value, places)


def _part_of(cell: Interval, whole: Interval) -> str:
    """A part's share of the whole, where that means something: same sign, and no more than it."""
    if _is_open(whole) or abs(whole.median) <= NOTHING or not 0.0 < cell.median / whole.median <= 1.0:
        return ""
    return f", {percent(cell.median / whole.median)} of it"


def _reading(found: Any, orders: int) -> str:
    n = max((cell.n for rows in found for cell in rows.values()), default=0)
    worlds = f" of n = {n:,} paired worlds" if n > 1 else ""
    over = (
        f"{orders} orders of adding the parts, drawn from all" if orders else "all orders of adding the parts"
    )
    return (
        f"Each bar is what a part brings in the mean of worlds and over {over}"
        f" (Shapley); they add up to the last row. Lines: 5–95 %{worlds};"
        " open bar: no more than sampling error. Scales differ."
    )
