"""Groups of states side by side: a row a region or other group, a panel for each thing that is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from textwrap import fill
from typing import TYPE_CHECKING, Any, Final

from migsim.errors import InputError, shown
from migsim.plots.intervals import Interval, last_year, one_scenario
from migsim.plots.rows import dot_rows, rows_height
from migsim.plots.sheet import GivenAxes, open_sheet, say
from migsim.plots.state_columns import Measure, measure_of
from migsim.plots.style import COLOURS, GREY, INK, MARKERS, SMALL, LineStyle, in_house_style
from migsim.plots.wins import CONDITION, EMPTY
from migsim.plots.wording import (
    NOTHING,
    interval_words,
    percent,
    ranged_words,
    several_words,
    worlds_words,
)

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["GAINS", "by_group"]

GAINS: Final = ("gain_host", "gain_departure", "gain")
"""What is told if nothing else is asked for."""
MOST: Final = 4
"""Panels side by side."""
EDGE: Final = 1.03
LETTERS: Final = 22
"""Letters of a line over or under a panel."""


@dataclass(frozen=True, slots=True)
class Panel:
    """What one panel tells: its measure, whether that is a difference, and by group interval and share."""

    measure: Measure
    is_signed: bool
    found: Mapping[str, Interval]
    shares: Mapping[str, float]

    @property
    def unit(self) -> str:
        """The unit of its numbers."""
        is_change = self.is_signed and not self.measure.is_difference
        return self.measure.unit_of_difference if is_change else self.measure.unit


@in_house_style
def by_group(
    table: pd.DataFrame,
    columns: Sequence[str] = GAINS,
    *,
    year: int | None = None,
    since: int | None = None,
    paired: pd.DataFrame | None = None,
    against: str = "the paired world",
    called: str = "",
    scenario: str | None = None,
    spread: str | None = None,
    ax: GivenAxes = None,
) -> np.ndarray[Any, Any]:
    """What regions or other groups of states gain, or any other column of table ``states`` taken over them.

    Parameters
    ----------
    table : DataFrame
        As `migsim.results.run.Run.by_group` gives it: ``replicate``, ``year``, ``group``, ``n_states``, and
        the columns.
    columns : sequence of str
        One to four columns of table ``states``, a panel each.
    year : int, optional
        By default the last.
    since : int, optional
        An earlier year, to draw the change since.
    paired : DataFrame, optional
        The same table of other worlds, to draw the difference to: those with the same replicates.
    against : str
        What ``paired`` is, or what gains are against, for the title.
    called, scenario, spread
        As for `migsim.plots.corridors`.
    ax : as many Axes as there are columns, optional

    Returns
    -------
    array of Axes

    Raises
    ------
    InputError
        If there are more columns than panels, the table lacks one or the year, or both ``paired`` and
        ``since`` are given.
    """
    rows = one_scenario(table, scenario)
    _check(rows, columns, year, since, paired)
    names = list(dict.fromkeys(rows["group"].astype(str))) if len(rows) else []
    sheet = open_sheet(ax, 1, len(columns), height=rows_height(len(names)) + 0.45)
    if not names or (paired is not None and paired.empty):
        return sheet.finish_empty("Groups of states", EMPTY)
    shown_year = last_year(rows) if year is None else year
    styles = _styles(rows, names)
    panels = [_panel(rows, column, shown_year, since, paired) for column in columns]
    for n, (axes, panel) in enumerate(zip(sheet.axes, panels, strict=True)):
        _draw(axes, panel, styles, is_first=n == 0)
    when = f"by {shown_year}" if all(panel.is_signed for panel in panels) else f"in {shown_year}"
    named = [panel.measure.words for panel in panels]
    what = several_words([named[0], *(f"{name[0].lower()}{name[1:]}" for name in named[1:])], MOST)
    title = f"{what} {when}, by groups of states" + _compared(since, against, paired is not None)
    sheet.finish(title, _caption(panels, styles, called, spread), year=shown_year)
    return sheet.array()


def _check(
    rows: pd.DataFrame,
    columns: Sequence[str],
    year: int | None,
    since: int | None,
    paired: pd.DataFrame | None,
) -> None:
    if isinstance(columns, str) or not 1 <= len(columns) <= MOST:
        raise InputError(f"columns: found {shown(columns)}; allowed is a list of one to {MOST} columns")
    if paired is not None and since is not None:
        raise InputError("both against= and since= are given; choose one comparison")
    missing = [column for column in columns if column not in rows.columns]
    if missing:
        raise InputError(f"no column {shown(missing[0])} in this table; it has {', '.join(rows.columns)}")
    for each in (year, since):
        if each is not None and len(rows) and each not in set(rows["year"]):
            first, last = int(rows["year"].min()), last_year(rows)
            raise InputError(f"no year {each} in this table; it has {first} to {last}")


def _styles(rows: pd.DataFrame, names: Sequence[str]) -> list[LineStyle]:
    """A row for each group, with its number of states."""
    sizes = rows.groupby("group", observed=True)["n_states"].max()
    return [LineStyle(name, f"{name} ({int(sizes[name])})", COLOURS[0], (), MARKERS[0]) for name in names]


def _panel(
    rows: pd.DataFrame, column: str, year: int, since: int | None, paired: pd.DataFrame | None
) -> Panel:
    measure = measure_of(column)
    keys = ["replicate", "group"]
    values = rows[rows["year"] == year].set_index(keys)[column]
    if since is not None:
        values = values - rows[rows["year"] == since].set_index(keys)[column]
    if paired is not None:
        values = (values - paired[paired["year"] == year].set_index(keys)[column]).dropna()
    by = (values.astype(float) * measure.times).groupby(level="group", observed=True)
    found = {str(name): Interval.of(part) for name, part in by}
    shares = {str(name): float((part.dropna() > 0.0).mean()) for name, part in by}
    return Panel(measure, measure.is_difference or since is not None or paired is not None, found, shares)


def _draw(ax: Axes, panel: Panel, styles: Sequence[LineStyle], *, is_first: bool) -> None:
    ax.set_title(fill(panel.measure.words, LETTERS), pad=16 if panel.is_signed else 6)
    ax.set_xlabel(fill(panel.unit, LETTERS))
    ax.set_ylabel("Group (states)" if is_first else "")
    if not any(interval.n for interval in panel.found.values()):
        say(ax, EMPTY)
        return
    dot_rows(ax, styles, panel.found, is_named=is_first, zero=panel.is_signed)
    if not panel.is_signed or max(interval.n for interval in panel.found.values()) == 1:
        return
    word = "better off in" if panel.measure.is_difference else "above zero in"
    ax.annotate(
        word, xy=(1.0, 1.0), xycoords="axes fraction", xytext=(0, 4), textcoords="offset points",
        ha="center", size=SMALL, color=GREY,
    )  # fmt: skip
    for n, style in enumerate(styles):
        gain = panel.found.get(style.name)
        if gain is None or not gain.n or max(abs(gain.low), abs(gain.high)) <= NOTHING:
            continue
        place = ax.get_yaxis_transform()
        words = percent(panel.shares[style.name])
        ax.text(EDGE, n, words, transform=place, ha="left", va="center", size=SMALL, color=INK)


def _compared(since: int | None, against: str, has_pair: bool) -> str:
    if has_pair:
        return f", difference to {against}"
    return f", change since {since}" if since is not None else ""


def _caption(panels: Sequence[Panel], styles: Sequence[LineStyle], called: str, spread: str | None) -> str:
    sentences = [f"{called}."] if called else []
    for panel in panels:
        known = {style.label: panel.found[style.name] for style in styles if style.name in panel.found}
        known = {label: interval for label, interval in known.items() if interval.n}
        if known:
            sentences.append(_finding(panel, known))
    n = max((interval.n for panel in panels for interval in panel.found.values()), default=0)
    reading = f"Dot: median; bar: 5–95 % of {worlds_words(n)}{ranged_words(spread)}"
    is_signed = any(panel.is_signed for panel in panels)
    sentences.append("n = 1: no interval." if n == 1 else reading + "; open dot: zero included." * is_signed)
    sentences[-1] = sentences[-1] if sentences[-1].endswith(".") else f"{sentences[-1]}."
    return " ".join([*sentences, "In brackets how many states. Scales differ.", CONDITION])


def _finding(panel: Panel, known: Mapping[str, Interval]) -> str:
    """The two ends, and, of differences, how many signs are sure."""
    first = max(known, key=lambda label: known[label].median)
    last = min(known, key=lambda label: known[label].median)
    words = panel.measure.words
    ends = {name: interval_words(known[name], of_difference=panel.is_signed) for name in (first, last)}
    told = f"{words}, {panel.unit}: most {first}, {ends[first]}"
    if len(known) > 1:
        told += f"; least {last}, {ends[last]}"
    if panel.is_signed and next(iter(known.values())).n > 1 and len(known) > 2:
        up = sum(interval.low > 0.0 for interval in known.values())
        down = sum(interval.high < 0.0 for interval in known.values())
        told += f"; above zero in nearly every world in {up} of {len(known)} groups, below in {down}"
    return f"{told}."
