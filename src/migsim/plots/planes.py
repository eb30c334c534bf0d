"""The plane of the triple win: hosts against departure countries, world by world, migrants as colour."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil
from typing import TYPE_CHECKING, Any, Final

from migsim.plots.clouds import FEWEST, Cloud, cloud_of, region_of_most, who_loses
from migsim.plots.factor_rows import plain_number
from migsim.plots.factors import short
from migsim.plots.gain_fans import three_words
from migsim.plots.intervals import Frames, gather, last_year
from migsim.plots.sheet import GivenAxes, open_sheet, say
from migsim.plots.style import (
    GREY,
    INK,
    MOST_BANDS,
    SMALL,
    TICKS,
    LineStyle,
    in_house_style,
    line_styles,
    readable,
)
from migsim.plots.wins import CONDITION, EMPTY, all_gain, gains, rows_of
from migsim.plots.wording import (
    GAIN_UNITS,
    GROUPS,
    NOTHING,
    percent,
    ranged_words,
    several_words,
    worlds_words,
)

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

__all__ = ["plane"]

NO_RESULT: Final = "no result"
FEWEST_SHADED: Final = 5
"""Worlds below which large and small gains of migrants are not told apart."""
MOST_COLUMNS: Final = 4
COLUMNS: Final = {1: 1, 2: 2, 3: 3, 4: 2, 5: 3, 6: 3, 9: 3}
"""Panels side by side, by how many there are."""
CROWD: Final = 6
OUTER: Final = 0.02
"""Share of the worlds of more than so many scenarios that may lie beyond an end of an axis, at its edge."""
WIN: Final = "#E3EFE6"
LEAST: Final = 0.2
"""Part of an axis's longer side that the other takes at least, so that the winners' corner is seen."""
LOSSES: Final = (("#B34700", "lose more than {0}"), ("#EFA56B", "lose up to {0}"))
GAINS: Final = (("#6FAEDB", "gain up to {0}"), ("#004B7D", "gain more than {0}"))
UNCHANGED: Final = "neither gain nor lose"


@in_house_style
def plane(
    world: Frames,
    *,
    scenarios: Sequence[str] | None = None,
    labels: Mapping[str, str] | None = None,
    spread: str | None = None,
    margin: float = 0.0,
    ax: GivenAxes = None,
) -> np.ndarray[Any, Any]:
    """Each world a dot: what hosts gain, what departure countries gain, and by its colour what migrants do.

    Parameters
    ----------
    world : DataFrame or mapping of str to DataFrame or None
        Table ``world`` of one or several scenarios: ``replicate``, ``year``, ``gain_<group>`` and, for who
        wins, ``gain_sd_<group>`` and ``weakest``.
    scenarios, labels, spread, margin
        As for `migsim.plots.triple_win`.
    ax : Axes, one for each scenario, optional

    Returns
    -------
    array of Axes
        One a scenario, in their order, alike in scale.
    """
    table, order = gather(world, scenarios)
    styles = list(line_styles(order, labels).values()) or [*line_styles([""]).values()]
    n_columns = COLUMNS.get(len(styles), MOST_COLUMNS)
    n_rows = ceil(len(styles) / n_columns)
    sheet = open_sheet(ax, *_grid(len(styles), n_rows, n_columns, ax), height=_height(n_rows, n_columns))
    panels = sheet.axes[: len(styles)]
    for panel in sheet.axes[len(styles) :]:
        panel.set_axis_off()
    for n, panel in enumerate(panels):
        is_lowest = n + n_columns >= len(styles)
        panel.set_xlabel("Host countries,\n% of income" if is_lowest else "")
        panel.set_ylabel("Departure countries,\n% of income" if n % n_columns == 0 else "")
    if table.empty:
        for panel in panels:
            say(panel, EMPTY)
        sheet.finish("Who gains beside whom", f"Nothing to show: {EMPTY}.")
        return sheet.array()[: len(styles)]
    year = last_year(table)
    clouds = {style.name: cloud_of(rows_of(table, style.name, year), margin) for style in styles}
    bound = _bound(clouds)
    limits = [
        _limits([getattr(cloud, axis) for cloud in clouds.values()]) for axis in ("hosts", "departures")
    ]
    for panel, style in zip(panels, styles, strict=True):
        _panel(panel, style, clouds[style.name], limits, bound, is_one=len(styles) == 1)
    for n, panel in enumerate(panels):
        panel.tick_params(labelleft=n % n_columns == 0, labelbottom=n + n_columns >= len(styles))
    title = f"Where all three gain by {year}: host and departure countries, world by world"
    n_beyond = sum(_beyond(cloud, limits) for cloud in clouds.values())
    sheet.finish(
        title,
        _caption(table, styles, clouds, year, spread, margin, n_beyond),
        _legend(clouds, bound),
        year=year,
    )
    return sheet.array()[: len(styles)]


def _grid(n: int, n_rows: int, n_columns: int, ax: GivenAxes) -> tuple[int, int]:
    """Rows and columns of panels; of Axes given as many as scenarios."""
    return (n_rows, n_columns) if ax is None else (1, n)


def _height(n_rows: int, n_columns: int) -> float:
    each = {1: 3.6, 2: 3.0, 3: 2.35}.get(n_columns, 1.9) if n_rows * n_columns != 4 else 2.3
    return each * n_rows + 0.35


def _bound(clouds: Mapping[str, Cloud]) -> float:
    """The gain of migrants, to one digit, that tells small from large ones: half of what most stay below."""
    import numpy as np

    sizes = np.abs(np.concatenate([cloud.migrants for cloud in clouds.values()]))
    sizes = sizes[sizes > NOTHING]
    return float(f"{np.quantile(sizes, 0.8) / 2:.1g}") if len(sizes) >= FEWEST_SHADED else 0.0


def _limits(parts: Sequence[np.ndarray[Any, Any]]) -> tuple[float, float]:
    """Ends of an axis that all panels share: zero, every median, and all worlds but the outermost of many."""
    import numpy as np

    known = [part for part in parts if len(part)]
    if not known:
        return -1.0, 1.0
    medians, pooled = [float(np.median(part)) for part in known], np.concatenate(known)
    outer = OUTER if len(known) > CROWD else 0.0
    low = min(0.0, float(np.quantile(pooled, outer)), *medians)
    high = max(0.0, float(np.quantile(pooled, 1.0 - outer)), *medians)
    width = high - low
    if width <= NOTHING:
        return -1.0, 1.0
    low, high = low - 0.08 * width, high + 0.08 * width
    return min(low, -LEAST * high), max(high, -LEAST * low)


def _beyond(cloud: Cloud, limits: Sequence[tuple[float, float]]) -> int:
    (left, right), (bottom, top) = limits
    outside = (cloud.hosts < left) | (cloud.hosts > right)
    return int((outside | (cloud.departures < bottom) | (cloud.departures > top)).sum())


def _panel(
    ax: Axes,
    style: LineStyle,
    cloud: Cloud,
    limits: Sequence[tuple[float, float]],
    bound: float,
    *,
    is_one: bool,
) -> None:
    """One scenario: the region in which all win, its worlds, what most of them do, and the middle one."""
    (left, right), (bottom, top) = limits
    ax.set_xlim(left, right)
    ax.set_ylim(bottom, top)
    ax.fill_between([0.0, right], 0.0, top, color=WIN, linewidth=0, zorder=0)
    ax.axhline(0.0, color=GREY, linewidth=0.8, zorder=1)
    ax.axvline(0.0, color=GREY, linewidth=0.8, zorder=1)
    if not is_one:
        ax.set_title(short(style.label, 22, 3), color=readable(style.colour), size=TICKS, pad=14)
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_formatter(lambda value, _: plain_number(value))
    ax.locator_params(nbins=5 if is_one else 4)
    if not cloud.n:
        ax.text(
            0.5, 0.5, NO_RESULT, transform=ax.transAxes, ha="center", va="center", color=GREY, style="italic"
        )
        return
    _dots(ax, cloud, limits, bound)
    _middle(ax, cloud, style)
    _note(ax, cloud)


def _note(ax: Axes, cloud: Cloud) -> None:
    """Above the panel, in how many worlds all gain."""
    words = f"all three gain in {percent(float(cloud.wins.mean()))}"
    if cloud.n == 1:
        words = "all three gain" if cloud.wins[0] else "not all three gain"
    ax.annotate(
        words, xy=(0, 1), xycoords="axes fraction", xytext=(0, 4), textcoords="offset points", size=SMALL,
        color=INK,
    )  # fmt: skip


def _dots(ax: Axes, cloud: Cloud, limits: Sequence[tuple[float, float]], bound: float) -> None:
    """A dot a world, filled where migrants gain; worlds beyond an axis stand at its edge."""
    import numpy as np

    (left, right), (bottom, top) = limits
    x, y = np.clip(cloud.hosts, left, right), np.clip(cloud.departures, bottom, top)
    size = 16.0 if cloud.n <= 30 else 10.0 if cloud.n <= 200 else 5.0
    for mask, colour, is_filled, _ in _classes(cloud.migrants, bound):
        ax.scatter(
            x[mask], y[mask], s=size, facecolors=colour if is_filled else "white", edgecolors=colour,
            linewidths=0.9, alpha=0.9 if cloud.n <= 200 else 0.7, zorder=3, clip_on=False,
        )  # fmt: skip


def _classes(
    migrants: np.ndarray[Any, Any], bound: float
) -> list[tuple[np.ndarray[Any, Any], str, bool, str]]:
    """Which worlds have which colour, whether it fills the dot, and what it means."""
    import numpy as np

    size, told = np.abs(migrants), f"{bound:g} points"
    large = ("lose", "gain") if bound == 0.0 else (LOSSES[0][1].format(told), GAINS[1][1].format(told))
    is_still, is_large = size <= NOTHING, size > bound
    up, down = (migrants > 0.0) & ~is_still, (migrants < 0.0) & ~is_still
    return [
        (down & is_large, LOSSES[0][0], False, large[0]),
        (down & ~is_large, LOSSES[1][0], False, LOSSES[1][1].format(told)),
        (is_still, GREY, False, UNCHANGED),
        (up & ~is_large, GAINS[0][0], True, GAINS[0][1].format(told)),
        (up & is_large, GAINS[1][0], True, large[1]),
    ]


def _middle(ax: Axes, cloud: Cloud, style: LineStyle) -> None:
    """The medians as a cross, and the line around most worlds."""
    import numpy as np

    if cloud.n == 1:
        return
    corners = region_of_most(cloud.hosts, cloud.departures)
    if len(corners):
        ax.fill(*corners.T, facecolor="none", edgecolor=style.colour, linewidth=1.3, zorder=2)
    x, y = float(np.median(cloud.hosts)), float(np.median(cloud.departures))
    ax.plot(x, y, marker="P", markersize=7, color="white", markeredgecolor=INK, markeredgewidth=1.0, zorder=5)


def _legend(clouds: Mapping[str, Cloud], bound: float) -> list[Artist]:
    """The colours there are, and what the cross and the line are."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    def handle(colour: str, face: str, words: str, marker: str = "o") -> Artist:
        return Line2D(
            [],
            [],
            linestyle="None",
            marker=marker,
            markersize=5,
            color=colour,
            markerfacecolor=face,
            label=words,
        )

    seen: dict[str, Artist] = {}
    for cloud in clouds.values():
        for mask, colour, is_filled, words in _classes(cloud.migrants, bound):
            if mask.any():
                seen.setdefault(words, handle(colour, colour if is_filled else "white", f"migrants {words}"))
    order = [words for _, _, _, words in _classes(next(iter(clouds.values())).migrants, bound)]
    handles = [seen[words] for words in order if words in seen]
    handles.append(
        Patch(facecolor=WIN, edgecolor=GREY, linewidth=0.5, label="hosts and departure countries gain")
    )
    if any(cloud.n > 1 for cloud in clouds.values()):
        handles.append(handle(INK, "white", "medians", "P"))
    return handles


def _caption(
    table: pd.DataFrame,
    styles: Sequence[LineStyle],
    clouds: Mapping[str, Cloud],
    year: int,
    spread: str | None,
    margin: float,
    n_beyond: int,
) -> str:
    known = [style for style in styles if clouds[style.name].n]
    told = sorted(known, key=lambda style: -float(clouds[style.name].wins.mean()))
    if len(told) > MOST_BANDS:
        is_alike = len({float(clouds[style.name].wins.mean()) for style in told}) == 1
        told = told[:1] if is_alike else [told[0], told[-1]]
    sentences = []
    for style in told:
        cloud = clouds[style.name]
        who = f"{style.label}: all" if style.name and len(styles) > 1 else "All"
        share = all_gain(table, style.name, year, margin)
        ends = f" (90 %: {100 * share.low:.0f} to {100 * share.high:.0f})" if share.n > 1 else ""
        often = f"in {percent(share.median)} of {worlds_words(cloud.n)}{ends}"
        if cloud.n == 1:
            often = "in the one world run" if cloud.wins[0] else "in no world (one was run)"
        sentences.append(f"{who} three gain by {year} {often}{who_loses(cloud)}.")
        if cloud.n > 1:
            middle = {g: gains(table, style.name, g, year) for g in GROUPS}
            sentences.append(f"Medians, and 5–95 %: {three_words(middle)}.")
    if len(known) > len(told):
        others = f"the other {len(known) - len(told)}"
        sentences.append(f"{others.capitalize()} lie between." if len(told) > 1 else f"So it is in {others}.")
    if missing := [style.label for style in styles if not clouds[style.name].n]:
        sentences.append(f"No result: {several_words(missing, 12)}.")
    n = max(cloud.n for cloud in clouds.values())
    worlds = f"Dots are worlds{ranged_words(spread)}" if n > 1 else "The dot is the world"
    sentences.append(
        f"{worlds}: filled where migrants gain ({GAIN_UNITS['migrants']}), so filled ones on green ground"
        " win."
    )
    if any(len(region_of_most(cloud.hosts, cloud.departures)) for cloud in clouds.values()):
        sentences.append("The line is drawn around the nine worlds in ten nearest the medians.")
    elif n > 1:
        why = f"n = {n} is too few" if n < FEWEST else "they are too alike"
        sentences.append(f"No line is drawn around nine worlds in ten: {why}.")
    if n_beyond:
        sentences.append(f"{n_beyond} outermost worlds stand at the edge.")
    if margin > 0:
        sentences.append(f"A win exceeds {margin:g} standard deviations of the base year.")
    return " ".join([*sentences, CONDITION])
