"""Where the variance of the gains comes from: groups of settings, luck, structure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from migsim.plots.factor_rows import (
    interval_bar,
    label_rows,
    mark,
    mark_handle,
    most_behind,
    no_result,
    rows_height,
)
from migsim.plots.factors import (
    MOST_ROWS,
    Rows,
    capital,
    cells,
    of_outcome,
    outcomes_in,
    owner,
    panel_title,
    rivals,
    share_words,
    source_words,
)
from migsim.plots.sheet import GivenAxes, open_sheet
from migsim.plots.style import COLOURS, GREY, in_house_style
from migsim.plots.wording import NOTHING, several_words

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["apart", "indices"]

EMPTY: Final = "nothing was varied"
ALONE, IN_ALL = COLOURS[1], COLOURS[0]
SHIFT: Final = 0.16
_SOURCES: Final[Mapping[str, str]] = {
    "luck": "luck",
    "noise": "luck",
    "parameters": "the parameters",
    "structure": "the model's structure",
}


@in_house_style
def indices(
    frame: pd.DataFrame,
    outcome: str | None = None,
    *,
    most: int = MOST_ROWS,
    year: int | None = None,
    ax: GivenAxes = None,
) -> np.ndarray[Any, Any]:
    """Shares of the variance of the gains that groups of settings account for, alone and in all (Sobol).

    Parameters
    ----------
    frame : DataFrame
        ``outcome``, ``group``, ``S1``, ``S1_conf``, ``ST``, ``ST_conf`` (half the width of an interval),
        ``n``.
    outcome : str, optional
        One outcome; by default the three gains, a panel each.
    most : int
        Groups shown, those with the largest shares.
    year : int, optional
        The year that is told, for the caption: whether it lies past the data.
    ax : Axes, one for each outcome, optional

    Returns
    -------
    array of Axes
    """
    found = _both(frame, "group", outcome)
    names = {key: source_words(key) for key in _keys(found)}
    return _draw(
        found,
        names,
        title="Which parts of the model make the gains differ",
        rows="Part of the model",
        most=most,
        sentences=[_accounts(name, *of_outcome, names) for name, of_outcome in found.items()],
        frame=frame,
        year=year,
        ax=ax,
    )


@in_house_style
def apart(
    frame: pd.DataFrame, outcome: str | None = None, *, year: int | None = None, ax: GivenAxes = None
) -> np.ndarray[Any, Any]:
    """Shares of the variance of the gains due to luck, to parameters, and to the structure of the model.

    Parameters
    ----------
    frame : DataFrame
        As for `indices`, with ``source`` (``luck``, ``parameters``, ``structure``) in place of ``group``.
    outcome, year, ax
        As for `indices`.

    Returns
    -------
    array of Axes
    """
    found = _both(frame, "source", outcome)
    names = {key: _source(key) for key in _keys(found)}
    return _draw(
        found,
        {key: capital(words) for key, words in names.items()},
        title="Luck, parameters and structure: which makes the gains differ",
        rows="Source",
        most=MOST_ROWS,
        sentences=[_shares(name, *of_outcome, names) for name, of_outcome in found.items()],
        frame=frame,
        year=year,
        ax=ax,
        is_ranked=False,
    )


def _source(key: str) -> str:
    return _SOURCES.get(key.lower(), key.replace("_", " "))


type Both = tuple[Rows, Rows]
"""First-order and total shares of one outcome."""


def _both(frame: pd.DataFrame, key: str, outcome: str | None) -> dict[str, Both]:
    found: dict[str, Both] = {}
    for name in outcomes_in(frame, outcome):
        part = of_outcome(frame, name)
        found[name] = (cells(part, key, "S1", "S1_conf"), cells(part, key, "ST", "ST_conf"))
    return found


def _keys(found: Mapping[str, Both]) -> list[str]:
    return list(dict.fromkeys(key for _, total in found.values() for key in total))


def _draw(
    found: Mapping[str, Both],
    names: Mapping[str, str],
    *,
    title: str,
    rows: str,
    most: int,
    sentences: Sequence[str],
    frame: pd.DataFrame,
    year: int | None,
    ax: GivenAxes,
    is_ranked: bool = True,
) -> np.ndarray[Any, Any]:
    """Two dots a row and a panel an outcome."""
    ranked = sorted(names, key=lambda key: -_largest(found, key)) if is_ranked else list(names)
    shown = ranked[:most]
    sheet = open_sheet(ax, 1, len(found), height=rows_height([names[k] for k in shown]) + 0.06 * len(shown))
    for panel, name in zip(sheet.axes, found, strict=True):
        panel.set_title(panel_title(name))
        panel.set_xlabel("% of the variance\nof the gain")
        panel.set_ylabel(rows if panel is sheet.axes[0] else "")
    if not shown:
        return sheet.finish_empty(title, EMPTY)
    for panel, (alone, in_all) in zip(sheet.axes, found.values(), strict=True):
        _dots(panel, shown, alone, in_all)
        label_rows(panel, [names[key] for key in shown], is_named=panel is sheet.axes[0])
    told = list(sentences)
    if rest := ranked[most:]:
        told.append(
            f"The other {len(rest)} parts account for at most {100 * _largest(found, rest[0]):.0f} % each."
        )
    sheet.finish(title, " ".join([*told, _reading(found, frame)]), _legend(), year=year)
    return sheet.array()


def _largest(found: Mapping[str, Both], key: str) -> float:
    return max(
        (total[key].median for _, total in found.values() if key in total and total[key].n), default=0.0
    )


def _dots(ax: Axes, keys: Sequence[str], alone: Rows, in_all: Rows) -> None:
    ax.axvline(0.0, color=GREY, linewidth=0.8, zorder=1)
    for n, key in enumerate(keys):
        for cell, shift, colour, marker in (
            (alone.get(key), -SHIFT, ALONE, "D"),
            (in_all.get(key), SHIFT, IN_ALL, "o"),
        ):
            if cell is None or cell.n == 0:
                continue
            interval_bar(ax, n + shift, cell, colour, scale=100.0)
            mark(ax, n + shift, 100 * cell.median, colour, marker=marker, is_open=cell.low <= 0.0)
        if (total := in_all.get(key)) is None or total.n == 0:
            no_result(ax, n)


def _legend() -> list[Any]:
    return [
        mark_handle("alone (first order)", "D", ALONE),
        mark_handle("alone and combined with others (total)", "o", IN_ALL),
    ]


def _reading(found: Mapping[str, Both], frame: pd.DataFrame) -> str:
    n = f", n = {most:,} base points" if (most := most_behind(frame)) else ""
    every = [cell for pair in found.values() for rows in pair for cell in rows.values() if cell.n]
    below = " A share below zero is sampling error." if any(cell.median < -NOTHING for cell in every) else ""
    return (
        f"Bars: 95 % sampling intervals{n}; open mark: no more than sampling error.{below}"
        " The shares hold for the ranges assumed, not for the world."
    )


def _varies(in_all: Rows) -> bool:
    return any(abs(cell.median) > NOTHING for cell in in_all.values() if cell.n)


def _accounts(outcome: str, alone: Rows, in_all: Rows, names: Mapping[str, str]) -> str:
    """Which group accounts for most of one outcome's variance, and what lies within sampling error."""
    who = owner(outcome)
    known = sorted((key for key, cell in in_all.items() if cell.n), key=lambda key: -in_all[key].median)
    if not known:
        return f"No result for {who}."
    if not _varies(in_all):
        return f"{capital(who)} does not vary."
    first = known[0]
    words = f"“{names[first]}” accounts for {share_words(in_all[first])} of the variance of {who}"
    if first in alone and alone[first].n:
        words += f", alone for {share_words(alone[first])}"
    if in_all[first].low > 0.0 and (near := rivals(in_all, known)):
        words += f"; {several_words([names[key] for key in near], 2)} may do as much, within sampling error"
    return f"{words}."


def _shares(outcome: str, alone: Rows, in_all: Rows, names: Mapping[str, str]) -> str:
    """What each source alone accounts for, and what only arises from their combination."""
    who = owner(outcome)
    known = [key for key, cell in alone.items() if cell.n]
    if not known:
        return f"No result for {who}."
    if not _varies(in_all) and not _varies(alone):
        return f"{capital(who)} does not vary."
    first, *others = known
    verb = "account" if names[first].endswith("s") else "accounts"
    words = f"{names[first]} {verb} for {share_words(alone[first])} of the variance of {who}"
    told = [f"{names[key]} for {share_words(alone[key])}" for key in others]
    rest = 1.0 - sum(alone[key].median for key in known)
    slack = sum((alone[key].high - alone[key].median) ** 2 for key in known) ** 0.5
    if rest > slack and len(known) > 1:
        told.append(f"their combinations for {100 * rest:.0f} %")
    return f"{capital(', '.join([words, several_words(told)] if told else [words]))}."
