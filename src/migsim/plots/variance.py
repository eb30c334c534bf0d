"""Where the variance of the gains comes from: groups of settings, luck, structure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
from migsim.plots.intervals import Interval
from migsim.plots.sheet import GivenAxes, open_sheet
from migsim.plots.style import COLOURS, GREY, in_house_style
from migsim.plots.wording import NOTHING, percent, several_words

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["SMALL_SHARE", "apart", "indices", "summed_words"]

EMPTY: Final = "nothing was varied"
ALONE, IN_ALL = COLOURS[1], COLOURS[0]
SHIFT: Final = 0.16
SMALL_SHARE: Final = 0.02
"""Total share of the variance below which all of its interval lies if it is called small."""
LEAST_TOGETHER: Final = 0.05
"""Least share of the variance that shares alone must leave, at the upper end of their sum's interval."""
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
        ``outcome``, ``group``, ``S1`` and ``ST`` with their intervals (``S1_low``, ``S1_high``, ``ST_low``,
        ``ST_high``), ``n``.
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
        sentences=[_accounts(name, shares, names) for name, shares in found.items()],
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
        As for `indices`, with ``source`` (``luck``, ``parameters``, ``structure``) in place of ``group``, and
        the sum ``S1_sum`` of the first-order shares with its interval.
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
        sentences=[_shares(name, shares, names) for name, shares in found.items()],
        frame=frame,
        year=year,
        ax=ax,
        is_ranked=False,
    )


def _source(key: str) -> str:
    return _SOURCES.get(key.lower(), key.replace("_", " "))


@dataclass(frozen=True)
class Shares:
    """First-order and total shares of one outcome, the sum of the former, and base points behind them."""

    alone: Rows
    in_all: Rows
    summed: Interval
    n: int

    @property
    def known(self) -> list[Interval]:
        """All shares that there are."""
        return [cell for rows in (self.alone, self.in_all) for cell in rows.values() if cell.n]

    @property
    def are_none(self) -> bool:
        """Whether the outcome does not vary."""
        return all(abs(cell.median) <= NOTHING for cell in self.known) if self.known else self.n > 1


def _both(frame: pd.DataFrame, key: str, outcome: str | None) -> dict[str, Shares]:
    found: dict[str, Shares] = {}
    for name in outcomes_in(frame, outcome):
        part = of_outcome(frame, name)
        alone, in_all, sums = (
            cells(part, key, share, (f"{share}_low", f"{share}_high")) for share in ("S1", "ST", "S1_sum")
        )
        summed = next(iter(sums.values()), Interval.of(()))
        found[name] = Shares(alone, in_all, summed, most_behind(part))
    return found


def _keys(found: Mapping[str, Shares]) -> list[str]:
    return list(dict.fromkeys(key for shares in found.values() for key in shares.in_all))


def _draw(
    found: Mapping[str, Shares],
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
    for panel, shares in zip(sheet.axes, found.values(), strict=True):
        _dots(panel, shown, shares)
        label_rows(panel, [names[key] for key in shown], is_named=panel is sheet.axes[0])
    told = list(sentences)
    if rest := ranked[most:]:
        told.append(
            f"The other {len(rest)} parts account for at most {100 * _largest(found, rest[0]):.0f} % each."
        )
    sheet.finish(title, " ".join([*told, _reading(found, frame)]), _legend(), year=year)
    return sheet.array()


def _largest(found: Mapping[str, Shares], key: str) -> float:
    totals = [shares.in_all[key] for shares in found.values() if key in shares.in_all]
    return max((total.median for total in totals if total.n), default=0.0)


def _dots(ax: Axes, keys: Sequence[str], shares: Shares) -> None:
    ax.axvline(0.0, color=GREY, linewidth=0.8, zorder=1)
    for n, key in enumerate(keys):
        alone, total = shares.alone.get(key), shares.in_all.get(key)
        if alone is not None and alone.n:
            interval_bar(ax, n - SHIFT, alone, ALONE, scale=100.0)
            mark(ax, n - SHIFT, 100 * alone.median, ALONE, marker="D", is_open=alone.low <= 0.0)
        if total is None or total.n == 0:
            no_result(ax, n)
            continue
        interval_bar(ax, n + SHIFT, total, IN_ALL, scale=100.0)
        mark(ax, n + SHIFT, 100 * total.median, IN_ALL, is_open=total.high < SMALL_SHARE)


def _legend() -> list[Any]:
    return [
        mark_handle("alone (first order)", "D", ALONE),
        mark_handle("alone and combined with others (total)", "o", IN_ALL),
    ]


def _reading(found: Mapping[str, Shares], frame: pd.DataFrame) -> str:
    n = f", n = {most:,} base points" if (most := most_behind(frame)) else ""
    every = [cell for shares in found.values() for cell in shares.known]
    is_beyond = any(cell.low < -NOTHING or cell.high > 1.0 + NOTHING for cell in every)
    if not every:
        return "The shares hold for the ranges assumed, not for the world."
    return (
        f"Bars: 95 % sampling intervals{n}; open diamond: alone it may do nothing; open dot: with others,"
        f" too, it does less than {percent(SMALL_SHARE)}."
        + (" What lies below 0 or above 100 % is sampling error." if is_beyond else "")
        + " The shares hold for the ranges assumed, not for the world."
    )


def summed_words(summed: Interval) -> str:
    """What parts account for, each alone, and whether some must be done together; empty without a result.

    Examples
    --------
    >>> summed_words(Interval(0.14, -0.03, 0.59, 9))
    'Alone they add up to 14 % (−3 to 59, may be nothing); the rest is done together.'
    >>> summed_words(Interval(0.96, 0.7, 1.2, 9))
    'Alone they add up to 96 % (70 to 120), which leaves open how much is done together.'
    """
    if summed.n == 0:
        return ""
    is_less = summed.high <= 1.0 - LEAST_TOGETHER
    rest = "; the rest is done together" if is_less else ", which leaves open how much is done together"
    return f"Alone they add up to {share_words(summed)}{rest}."


def _accounts(outcome: str, shares: Shares, names: Mapping[str, str]) -> str:
    """Which group accounts for most of one outcome's variance, and which may do as much."""
    who, alone, in_all = owner(outcome), shares.alone, shares.in_all
    if shares.are_none:
        return f"{capital(who)} does not vary."
    known = sorted((key for key, cell in in_all.items() if cell.n), key=lambda key: -in_all[key].median)
    if not known:
        return f"No result for {who}."
    first = known[0]
    words = f"“{names[first]}” accounts for {share_words(in_all[first])} of the variance of {who}"
    if first in alone and alone[first].n:
        words += f", alone for {share_words(alone[first])}"
    if near := rivals(in_all, known):
        others = several_words([f"“{names[key]}”" for key in near], 2)
        words += f"; {others} may do as much, within sampling error"
    return f"{words}."


def _shares(outcome: str, shares: Shares, names: Mapping[str, str]) -> str:
    """What each source alone accounts for, and whether some only arises from their combination."""
    who, alone = owner(outcome), shares.alone
    if shares.are_none:
        return f"{capital(who)} does not vary."
    known = [key for key, cell in alone.items() if cell.n]
    if not known:
        return f"No result for {who}."
    first, *others = known
    verb = "account" if names[first].endswith("s") else "accounts"
    words = f"{names[first]} alone {verb} for {share_words(alone[first])} of the variance of {who}"
    told = [f"{names[key]} for {share_words(alone[key])}" for key in others]
    said = f"{capital(', '.join([words, several_words(told)] if told else [words]))}."
    return f"{said} {summed_words(shares.summed)}".rstrip() if told else said
