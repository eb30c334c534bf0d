"""Wins in the last year: how much each group gains, how often all three do, and the weakest win."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from migsim.plots.intervals import Frames, Interval, gather, last_year, wilson
from migsim.plots.rows import dot_rows, rows_height
from migsim.plots.sheet import GivenAxes, open_sheet
from migsim.plots.style import MOST_BANDS, LineStyle, in_house_style, line_styles
from migsim.plots.wording import interval_words, percent, ranged_words, worlds_words

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

__all__ = [
    "CONDITION",
    "EMPTY",
    "added",
    "all_gain",
    "gains",
    "has_pairs",
    "rows_of",
    "share_positive",
    "weakest",
]

EMPTY = "no world was run"
CONDITION = "Conditional on the model's assumptions."


def rows_of(world: pd.DataFrame, scenario: str, year: int) -> pd.DataFrame:
    """One scenario's worlds in one year."""
    if world.empty:
        return world
    return world[(world["scenario"].astype(str) == scenario) & (world["year"] == year)]


def gains(world: pd.DataFrame, scenario: str, group: str, year: int) -> Interval:
    """A group's gain in its own unit."""
    rows = rows_of(world, scenario, year)
    return Interval.of(rows[f"gain_{group}"] if len(rows) else ())


def has_pairs(world: pd.DataFrame, columns: Iterable[str]) -> bool:
    """Whether a table has the same columns of the worlds in which nobody meets."""
    return all(f"baseline_{column}" in world.columns for column in columns)


def added(world: pd.DataFrame, scenarios: Iterable[str], column: str, year: int) -> dict[str, Interval]:
    """By scenario, what it adds to a column: world by world, against the same world in which nobody meets."""
    rows = {name: rows_of(world, name, year) for name in scenarios}
    return {
        name: Interval.of(here[column] - here[f"baseline_{column}"] if len(here) else ())
        for name, here in rows.items()
    }


def share_positive(world: pd.DataFrame, scenario: str, group: str, year: int, margin: float = 0.0) -> float:
    """Share of worlds in which a group gains more than ``margin`` standard deviations of the base year."""
    rows = rows_of(world, scenario, year)
    column = f"gain_sd_{group}" if f"gain_sd_{group}" in rows.columns else f"gain_{group}"
    if rows.empty:
        return float("nan")
    values = rows[column].dropna()
    return float((values > margin).mean()) if len(values) else float("nan")


def all_gain(world: pd.DataFrame, scenario: str, year: int, margin: float = 0.0) -> Interval:
    """Share of worlds whose weakest win exceeds ``margin``, with its sampling interval."""
    rows = rows_of(world, scenario, year)
    if rows.empty:
        return wilson(0, 0)
    values = rows["weakest"].dropna()
    return wilson(int((values > margin).sum()), len(values))


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
    sheet = open_sheet(ax, 1, 2, height=rows_height(styles) + 0.1)
    share_panel, size_panel = sheet.axes
    share_panel.set_xlabel("All three gain, % of paired worlds")
    size_panel.set_xlabel("Gain of whoever gains least,\nstandard deviations\nof the base year")
    for panel in sheet.axes:
        panel.set_ylabel("Scenario" if panel is share_panel else "")
    if table.empty:
        return sheet.finish_empty("How often all three gain", EMPTY)
    year = last_year(table)
    shares = {name: all_gain(table, name, year, margin) for name in order}
    sizes = {name: Interval.of(rows_of(table, name, year)["weakest"]) for name in order}
    scaled = {n: Interval(100 * s.median, 100 * s.low, 100 * s.high, s.n) for n, s in shares.items()}
    dot_rows(share_panel, styles, scaled, is_named=True, zero=False)
    share_panel.set_xlim(-4, 104)
    dot_rows(size_panel, styles, sizes, is_named=False)
    sheet.finish(
        f"How often all three groups gain, and the gain of whoever gains least, {year}",
        _weakest_caption(styles, shares, sizes, year, spread),
        year=year,
    )
    return sheet.array()


def _weakest_caption(
    styles: Sequence[LineStyle],
    shares: Mapping[str, Interval],
    sizes: Mapping[str, Interval],
    year: int,
    spread: str | None,
) -> str:
    known = [s for s in styles if shares[s.name].n]
    told = known
    if len(known) > MOST_BANDS:
        ranked = sorted(known, key=lambda s: sizes[s.name].median)
        surest = max(known, key=lambda s: shares[s.name].median)
        told = list(dict.fromkeys((ranked[-1], surest, ranked[0])))
    sentences = [_win_sentence(s, shares[s.name], sizes[s.name], year) for s in told]
    if missing := [s.label for s in styles if s not in known]:
        sentences.append(f"No result: {', '.join(missing)}.")
    reading = (
        "Left: bars show the 90 % sampling interval of the share. Right: median and 5–95 % of "
        f"worlds{ranged_words(spread)}; an open dot means that the interval includes zero."
    )
    is_one = all(shares[s.name].n == 1 for s in known)
    return " ".join([*sentences, "n = 1: no interval." if is_one else reading, CONDITION])


def _win_sentence(style: LineStyle, share: Interval, size: Interval, year: int) -> str:
    """How often all three gain in one scenario, and how much whoever gains least does."""
    who = f"{style.label}: all" if style.name else "All"
    often = f"in {percent(share.median)} of {worlds_words(share.n)}"
    if share.n == 1:
        often = "in the one world run" if share.median else "in no world (one was run)"
    return (
        f"{who} three gain by {year} {often}; gain of whoever gains least "
        f"{interval_words(size, of_difference=True)}."
    )
