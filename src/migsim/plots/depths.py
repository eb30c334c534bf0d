"""Breadth against depth in a run: how many states pledged, ratified or took part, and how far that goes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from migsim.plots.factors import short
from migsim.plots.intervals import Interval, one_scenario
from migsim.plots.rows import dot_rows, rows_height
from migsim.plots.sheet import GivenAxes, open_sheet
from migsim.plots.style import COLOURS, GREY, SMALL, LineStyle, in_house_style, line_styles
from migsim.plots.wins import CONDITION
from migsim.plots.wording import interval_words, ranged_words, several_words, theme_words
from migsim.results.depths import INSTRUMENT

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

__all__ = ["breadth_depth"]

TITLE: Final = "Breadth against depth: how many stand behind how much"
LEAST: Final = "the least that is asked, 0 nothing to 1 full cooperation"
LETTERS: Final = 46
EMPTY: Final = "no text was made and no instrument is open"
MOST_APART: Final = 2
"""Processes whose texts are shown theme by theme; of more each is one mark."""
FEWEST: Final = 4
"""Marks below which nothing is said of how breadth and depth go together."""
MOST_MARKS: Final = 14
"""Marks that one panel holds; more stand in rows, depth beside breadth."""
SIDE: Final = 3.4
PLEDGED, PRESENT, PARTIES = "states pledged", "states that took part, none pledged", "parties"
SHAPES: Final = ("o", "s", "^", "v", "P", "X", "<", ">", "p", "*", "h", "d")
"""Marks of texts, each of its own: there are more of them than colours, and colours are few in grey."""
LOOKS: Final = {PLEDGED: (COLOURS[0], "o"), PRESENT: (GREY, "s"), PARTIES: (COLOURS[1], "D")}


@dataclass(frozen=True, slots=True)
class Item:
    """A text or an instrument over worlds; ``is_pledged`` says whether its breadth binds anybody."""

    style: LineStyle
    depth: Interval
    breadth: Interval
    is_pledged: bool
    is_instrument: bool

    @property
    def kind(self) -> str:
        """What its breadth counts."""
        return PARTIES if self.is_instrument else PLEDGED if self.is_pledged else PRESENT


@in_house_style
def breadth_depth(
    table: pd.DataFrame,
    *,
    titles: Mapping[str, str] | None = None,
    scenario: str | None = None,
    spread: str | None = None,
    n_states: int | None = None,
    year: int | None = None,
    ax: GivenAxes = None,
) -> np.ndarray[Any, Any]:
    """How many states stand behind the texts and instruments of a run, against how deep these are.

    Parameters
    ----------
    table : DataFrame
        As `migsim.results.depths.depths` gives it: ``replicate``, ``kind``, ``process``, ``theme``,
        ``depth`` (0 to 1), ``breadth`` and ``took_part`` (numbers of states).
    titles : mapping, optional
        What to call each process.
    scenario : str, optional
        Which scenario, if the frame holds several.
    spread : {"ranged", "central"}, optional
        What the worlds differ in, for the caption.
    n_states : int, optional
        How many states there are, which ends the axis.
    year : int, optional
        The last year of the texts, for the caption: whether it lies past the data.
    ax : Axes, optional
        One; without it, what would be too many marks for one panel stands in rows in two.

    Returns
    -------
    array of Axes
        One, breadth against depth; or two, depth and breadth, in rows.
    """
    rows = one_scenario(table, scenario)
    keyed = rows if rows.empty else _keyed(rows, titles or {})
    items = [] if rows.empty else _items(keyed)
    if ax is None and len(items) > MOST_MARKS:
        return _in_rows(keyed, items, spread, n_states, year)
    sheet = open_sheet(ax, height=SIDE)
    panel = sheet.axes[0]
    panel.set_xlabel(f"Depth: {LEAST}")
    panel.set_ylabel("Breadth: states")
    if not items:
        return sheet.finish_empty(TITLE, EMPTY)
    for item in items:
        _mark(panel, item)
    panel.set_xlim(0.0, 1.0)
    highest = max(item.breadth.high for item in items)
    panel.set_ylim(0.0, 1.05 * (n_states or highest or 1.0))
    if n_states:
        panel.axhline(n_states, color=GREY, linewidth=0.8, zorder=1)
    sheet.finish(TITLE, _caption(keyed, items, spread, n_states), _legend(items), year=year)
    return sheet.array()


def _in_rows(
    keyed: pd.DataFrame, items: Sequence[Item], spread: str | None, n_states: int | None, year: int | None
) -> np.ndarray[Any, Any]:
    """A row for each, the deepest first: depth at the left, breadth at the right."""
    from matplotlib.lines import Line2D

    ranked = sorted(items, key=lambda item: -item.depth.median)
    sheet = open_sheet(None, 1, 2, height=rows_height(len(ranked)) + 0.3)
    styles = [replace(item.style, colour=LOOKS[item.kind][0], marker=LOOKS[item.kind][1]) for item in ranked]
    shown = {"Depth": [item.depth for item in ranked], "Breadth": [item.breadth for item in ranked]}
    for panel, (words, found) in zip(sheet.axes, shown.items(), strict=True):
        panel.set_title(words)
        panel.set_xlabel("Least that is asked, 0 to 1" if words == "Depth" else "States")
        panel.set_ylabel("Process or instrument" if words == "Depth" else "")
        intervals = {style.name: interval for style, interval in zip(styles, found, strict=True)}
        dot_rows(panel, styles, intervals, is_named=False, zero=False)
        panel.locator_params(axis="x", nbins=4)
    names = [short(style.label, LETTERS, 1) for style in styles]
    sheet.axes[0].set_yticks(range(len(names)), names, size=SMALL)
    sheet.axes[0].set_xlim(0.0, 1.0)
    sheet.axes[1].set_xlim(left=0.0, right=1.03 * n_states if n_states else None)
    handles = [
        Line2D([], [], linestyle="none", marker=marker, markersize=5.5, color=colour, label=kind)
        for kind, (colour, marker) in LOOKS.items()
        if any(item.kind == kind for item in items)
    ]
    sheet.finish(TITLE, _caption(keyed, items, spread, n_states), handles, year=year)
    return sheet.array()


def _keyed(rows: pd.DataFrame, titles: Mapping[str, str]) -> pd.DataFrame:
    """The frame with a column ``item``, what each row is a mark of: a theme, a process or an instrument."""
    is_instrument = rows["kind"] == INSTRUMENT
    named = rows["process"].astype(str).map(lambda name: titles.get(name, name.replace("_", " ")))
    n_processes = rows.loc[~is_instrument, "process"].nunique()
    themes = rows["theme"].astype(str).map(theme_words)
    texts = named if n_processes > MOST_APART else themes
    if 1 < n_processes <= MOST_APART:
        texts = themes + " (" + named + ")"
    keyed = rows.assign(item=texts.where(~is_instrument, named + ", instrument"))
    means = keyed.groupby(["item", "kind", "replicate"], sort=False)[["depth", "breadth", "took_part"]].mean()
    return means.reset_index()


def _items(keyed: pd.DataFrame) -> list[Item]:
    """A mark an item: its medians and intervals over worlds."""
    styles = line_styles(dict.fromkeys(map(str, keyed["item"])))
    found: list[Item] = []
    for name, part in keyed.groupby("item", sort=False):
        pledged = Interval.of(part["breadth"])
        breadth = pledged if pledged.n else Interval.of(part["took_part"])
        depth = Interval.of(part["depth"])
        if depth.n and breadth.n:
            is_instrument = bool((part["kind"] == INSTRUMENT).all())
            style = replace(styles[str(name)], marker=SHAPES[len(found) % len(SHAPES)])
            found.append(Item(style, depth, breadth, bool(pledged.n), is_instrument))
    return found


def _mark(ax: Axes, item: Item) -> None:
    """Medians and, in either direction, 5 to 95 % of worlds."""
    style, depth, breadth = item.style, item.depth, item.breadth
    line: dict[str, Any] = {"color": style.colour, "linewidth": 1.2, "alpha": 0.6, "zorder": 2}
    ax.plot([depth.low, depth.high], [breadth.median] * 2, **line)
    ax.plot([depth.median] * 2, [breadth.low, breadth.high], **line)
    ax.plot(depth.median, breadth.median, **_look(item), zorder=3)


def _look(item: Item) -> dict[str, Any]:
    """Diamonds are instruments; open marks pledge nobody."""
    return {
        "linestyle": "none", "marker": "D" if item.is_instrument else item.style.marker,
        "markersize": 6.5, "color": item.style.colour, "markeredgewidth": 1.3,
        "markerfacecolor": item.style.colour if item.is_pledged else "white", "clip_on": False,
    }  # fmt: skip


def _legend(items: Sequence[Item]) -> list[Artist]:
    from matplotlib.lines import Line2D

    return [Line2D([], [], **_look(item), label=short(item.style.label, 34, 2)) for item in items]


def _caption(keyed: pd.DataFrame, items: Sequence[Item], spread: str | None, n_states: int | None) -> str:
    bound = [item for item in items if item.is_pledged]
    free = [item for item in items if not item.is_pledged]
    sentences = []
    if bound:
        deepest = max(bound, key=lambda item: item.depth.median)
        broadest = max(bound, key=lambda item: item.breadth.median)
        sentences.append(f"Deepest: {_told(deepest)}.")
        if broadest is not deepest:
            sentences.append(f"Broadest: {_told(broadest)}.")
        sentences.append(_together(keyed, bound))
    if not bound:
        sentences.append("No text pledges anybody: marks show who took part.")
    elif free and len(items) <= MOST_MARKS:
        names = several_words([item.style.label for item in free])
        sentences.append(f"Open marks pledge nobody, and show who took part: {names}.")
    n = keyed["replicate"].nunique()
    bars = (
        f"Marks: medians; bars: 5–95 % of {n:,} worlds{ranged_words(spread)}" if n > 1 else "n = 1: no bars"
    )
    instruments = "; diamonds: instruments" if any(item.is_instrument for item in items) else ""
    sentences.append(f"{bars}. A text asks at least its position less its ambiguity{instruments}.")
    if len(items) > MOST_MARKS:
        sentences.append("Who may take part differs between processes.")
    if n_states:
        sentences.append(f"Line: all {n_states} states.")
    return " ".join([*(words for words in sentences if words), CONDITION])


def _told(item: Item) -> str:
    joined = "parties" if item.is_instrument else "states pledged"
    is_fixed = item.depth.low == item.depth.high
    depth = f"{item.depth.median:.2g}" if is_fixed else interval_words(item.depth)
    breadth = interval_words(item.breadth, joined)
    return f"{item.style.label}, depth {depth}, {breadth}"


def _together(keyed: pd.DataFrame, bound: Sequence[Item]) -> str:
    """Whether what is deeper holds fewer states, ranked in each world."""
    names = {item.style.name for item in bound}
    held = keyed[keyed["item"].isin(names)].dropna(subset=["depth", "breadth"])
    found = []
    for _, part in held.groupby("replicate"):
        if len(part) >= FEWEST and part["depth"].nunique() > 1 and part["breadth"].nunique() > 1:
            found.append(float(part["depth"].rank().corr(part["breadth"].rank())))
    interval = Interval.of(found)
    if not interval.n:
        return ""
    words = f"rank correlation {interval_words(interval)}"
    if interval.n > 1 and interval.spans_zero:
        return f"Whether what is deeper holds fewer states is open: {words}."
    return f"What is deeper holds {'fewer' if interval.median < 0.0 else 'more'} states: {words}."
