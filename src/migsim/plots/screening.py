"""Which single settings move the gains, wherever the others stand: Morris screening."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from migsim.plots.factor_rows import (
    ROW_LETTERS,
    column_of_words,
    frame_panels,
    group_colours,
    interval_bar,
    label_rows,
    mark,
    mark_handle,
    most_behind,
    rows_height,
)
from migsim.plots.factors import (
    MOST_ROWS,
    Rows,
    cells,
    of_outcome,
    outcomes_in,
    owner,
    ranked,
    rivals,
    source_words,
    titles_of,
    unit_of,
)
from migsim.plots.intervals import Interval
from migsim.plots.sheet import GivenAxes, open_sheet
from migsim.plots.style import GREY, in_house_style
from migsim.plots.wording import NOTHING, decimals, number

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["FEWEST_WALKS", "screening"]

EMPTY: Final = "nothing was varied, or no walk was finished"
FEWEST_WALKS: Final = 5
"""Walks below which resampling them says nothing of how far a setting moves a gain."""
DIRECTIONS: Final[Mapping[str, str]] = {
    ">": "raises the gain",
    "<": "lowers it",
    "o": "either, depending on the other settings",
}
NEVER: Final = "x"
"""Mark of a setting that never moves the gain."""
ONE_WAY: Final = 0.5
"""Part of the mean size of effects that their mean must reach for them to have a direction."""


@in_house_style
def screening(
    frame: pd.DataFrame,
    outcome: str | None = None,
    *,
    most: int = MOST_ROWS,
    year: int | None = None,
    ax: GivenAxes = None,
) -> np.ndarray[Any, Any]:
    """Settings by how far each moves an outcome, whatever the other settings are.

    Parameters
    ----------
    frame : DataFrame
        ``outcome``, ``path``, ``title``, ``group``, ``mu_star`` with its interval (``mu_star_low``,
        ``mu_star_high``), ``mu``; of fewer than `FEWEST_WALKS` walks (``n``) there is none.
    outcome : str, optional
        One outcome; by default the three gains, a panel each.
    most : int
        Settings shown: those that move any panel's outcome most, relative to its largest effect.
    year : int, optional
        The year that is told, for the caption: whether it lies past the data.
    ax : Axes, one for each outcome, optional

    Returns
    -------
    array of Axes

    Raises
    ------
    InputError
        If the frame does not have the outcome.
    """
    outcomes = outcomes_in(frame, outcome)
    parts = {name: of_outcome(frame, name) for name in outcomes}
    found = {
        name: cells(part, "path", "mu_star", ("mu_star_low", "mu_star_high")) for name, part in parts.items()
    }
    keys = ranked(found.values())
    shown = keys[:most]
    titles = titles_of(frame, shown, ROW_LETTERS)
    sheet = open_sheet(ax, 1, len(outcomes), height=rows_height(titles.values()))
    frame_panels(sheet.axes, outcomes, "Setting", "Mean change", pad=16.0)
    title = "Which settings move the gains most"
    if not shown:
        return sheet.finish_empty(title, EMPTY)
    groups = dict(zip(frame["path"].astype(str), frame["group"], strict=True))
    colours = group_colours(groups[path] for path in shown)
    directions = {name: _directions(part) for name, part in parts.items()}
    for panel, name in zip(sheet.axes, outcomes, strict=True):
        _effects(panel, shown, found[name], directions[name], [colours[str(groups[p])] for p in shown])
        label_rows(panel, list(titles.values()), is_named=panel is sheet.axes[0])
    column_of_words(sheet.axes[-1], [source_words(str(groups[path])) for path in shown], "part of the model")
    sentences = [_moves_most(name, found[name], titles_of(frame, keys)) for name in outcomes]
    if len(keys) > len(shown):
        sentences.append(f"Shown are {len(shown)} of {len(keys)} settings.")
    has_never = any(directions[name].get(path) == NEVER for name in outcomes for path in shown)
    sheet.finish(title, " ".join([*sentences, *_reading(found, frame)]), _legend(has_never), year=year)
    return sheet.array()


def _reading(found: Mapping[str, Rows], frame: pd.DataFrame) -> list[str]:
    n = most_behind(frame)
    return [
        "Dot: how far the gain moves, on average, when the setting alone goes from one end of its range to"
        " the other, wherever the others stand (Morris); bar: its 95 % sampling interval; open mark: too"
        " few walks to say how far.",
        *([f"n = {n:,} {'walk' if n == 1 else 'walks'}."] if n else []),
        *(["Scales differ."] if len(found) > 1 else []),
    ]


def _legend(has_never: bool) -> list[Any]:
    never = {NEVER: "never moves it"} if has_never else {}
    return [mark_handle(words, marker) for marker, words in {**DIRECTIONS, **never}.items()]


def _directions(part: pd.DataFrame) -> dict[str, str]:
    """Which way a setting moves the outcome, if it does, as a marker."""
    found = {}
    for path, mean, size in zip(part["path"].astype(str), part["mu"], part["mu_star"], strict=True):
        if size <= NOTHING:
            found[path] = NEVER
        elif abs(mean) >= ONE_WAY * size:
            found[path] = ">" if mean > 0 else "<"
        else:
            found[path] = "o"
    return found


def _effects(
    ax: Axes, paths: Sequence[str], found: Rows, directions: Mapping[str, str], colours: Sequence[str]
) -> None:
    ax.axvline(0.0, color=GREY, linewidth=0.8, zorder=1)
    ax.margins(x=0.1)
    for n, (path, colour) in enumerate(zip(paths, colours, strict=True)):
        cell = found.get(path)
        if cell is None or cell.n == 0:
            continue
        interval_bar(ax, n, cell, colour)
        mark(ax, n, cell.median, colour, marker=directions.get(path, "o"), is_open=_is_open(cell))


def _is_open(cell: Interval) -> bool:
    """Whether a setting moves the outcome in so few walks that they do not tell how far."""
    return cell.n < FEWEST_WALKS or cell.low <= NOTHING


def _moves_most(outcome: str, found: Rows, titles: Mapping[str, str]) -> str:
    """What moves one outcome most, whether that is sure, and how many settings never move it."""
    known = sorted((p for p, c in found.items() if c.n), key=lambda path: -found[path].median)
    moving = [path for path in known if found[path].median > NOTHING]
    who = owner(outcome)
    if not known:
        return f"No result for {who}."
    if not moving:
        return f"No setting moves {who}."
    first = found[moving[0]]
    places = decimals(first.median, first.low, first.high)
    size = f"{number(first.median, places)} {unit_of(outcome)}".rstrip()
    near = rivals(found, moving)
    if first.n < FEWEST_WALKS:
        walks = "one walk tells" if first.n == 1 else f"{first.n} walks tell"
        sure = f"; {walks} neither how far nor which is first"
    else:
        size += f" ({number(first.low, places)} to {number(first.high, places)})"
        others = f"“{titles[near[0]]}”" if len(near) == 1 else f"{len(near)} others"
        sure = f"; which is first, the sample leaves open ({others} may move it as far)" if near else ""
    told = [f"“{titles[moving[0]]}” moves {who} most, by {size} over its range{sure}."]
    if n_never := len(known) - len(moving):
        told.append(f"{n_never} of {len(known)} settings never {_move(n_never)} it.")
    if first.n >= FEWEST_WALKS and (n_open := sum(_is_open(found[path]) for path in moving)):
        told.append(f"{n_open} {_move(n_open)} it in too few walks to say how far.")
    return " ".join(told)


def _move(n: int) -> str:
    return "moves" if n == 1 else "move"
