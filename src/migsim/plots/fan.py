"""A fan: the median of each scenario over the years, its 5-95 % band, and its name beside the line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from migsim.plots.projections import mark_projection
from migsim.plots.style import GREY, MOST_BANDS, MOST_LABELS, SMALL, LineStyle, readable

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

__all__ = ["EndLabel", "fan", "handles", "label_ends", "year_axis", "zero_line"]

CROWD = 7
"""With more scenarios than this, lines, bars and marks are drawn thinner."""
FARTHEST = 0.15
"""Part of a panel's height by which a name may stand off the end of its line."""


@dataclass(frozen=True, slots=True)
class EndLabel:
    """The name of a line, to stand at the right beside its end ``(x, y)``."""

    x: float
    y: float
    words: str
    colour: str


def fan(
    ax: Axes, summary: pd.DataFrame, styles: Mapping[str, LineStyle], *, n_drawn: int | None = None
) -> list[EndLabel]:
    """Draw each scenario's median and band, and return where the lines end.

    Parameters
    ----------
    summary : pandas.DataFrame
        ``scenario``, ``year``, ``median``, ``low``, ``high``, ``n`` (see
        `migsim.plots.intervals.over_worlds`).
    n_drawn : int, optional
        Scenarios in the whole figure, if more than on this panel: bands are drawn up to three.
    """
    has_bands = (n_drawn or len(styles)) <= MOST_BANDS
    ends: list[EndLabel] = []
    thin = 0.6 if len(styles) > CROWD else 1.0
    edge = float(summary["year"].max()) if len(summary) else 0.0
    step = (
        min(0.45, 0.35 * max(edge - float(summary["year"].min()), 1.0) / max(len(styles), 1))
        if len(summary)
        else 0.0
    )
    for style in styles.values():
        rows = summary[summary["scenario"].astype(str) == style.name].sort_values("year")
        if rows.empty:
            continue
        years, median = rows["year"].to_numpy(float), rows["median"].to_numpy(float)
        low, high = rows["low"].to_numpy(float), rows["high"].to_numpy(float)
        last = (years[-1], median[-1])
        ax.plot(years, median, color=style.colour, linestyle=style.linestyle, linewidth=1.6 * thin, zorder=3)
        if len(rows) == 1:
            ax.plot(*last, marker=style.marker, markersize=4, color=style.colour, zorder=3)
        if rows["n"].max() > 1:
            if has_bands and len(rows) > 1:
                ax.fill_between(years, low, high, color=style.colour, alpha=0.18, linewidth=0, zorder=1)
            else:
                place = edge + step * (len(ends) + 1)
                ends_of_bar = [low[-1], high[-1]]
                ax.plot([place, place], ends_of_bar, color=style.colour, linewidth=1.6 * thin, zorder=2)
                ax.plot(
                    place, median[-1], marker=style.marker, markersize=3 * thin, color=style.colour, zorder=3
                )
                last = (place, median[-1])
        ends.append(EndLabel(*last, style.label, style.colour))
    return ends


def zero_line(ax: Axes) -> None:
    """No difference."""
    ax.axhline(0.0, color=GREY, linewidth=0.8, zorder=2)


def year_axis(ax: Axes, years: Iterable[int], most: int = 5) -> None:
    """Whole years on the horizontal axis, at most ``most`` of them named; those past the data are shaded."""
    known = sorted({int(year) for year in years})
    ax.set_xlabel("Year")
    if not known:
        return
    mark_projection(ax, known, word=most > 5)
    step = max(1, -(-(known[-1] - known[0]) // (most - 1)))
    ax.set_xticks(range(known[-1], known[0] - 1, -step))


def label_ends(ax: Axes, ends: Sequence[EndLabel], height: float, wrap: int = 20) -> bool:
    """Name up to five lines at the right of a panel about ``height`` inches high, apart from each other.

    Returns
    -------
    bool
        Whether the lines are named: not where there are more, or where they end too close together to tell
        whose name
        is whose. A legend is then needed.
    """
    from textwrap import fill

    if not ends or len(ends) > MOST_LABELS:
        return False
    words = [fill(end.words, wrap) for end in ends]
    ax.autoscale_view()
    bottom, top = ax.get_ylim()
    ax.set_ylim(bottom, top)
    line = SMALL * 1.3 / 72 / height
    heights = [line * (text.count("\n") + 1) for text in words]
    wanted = [(end.y - bottom) / (top - bottom) for end in ends]
    places = _apart(wanted, heights)
    if any(abs(place - at) > FARTHEST for place, at in zip(places, wanted, strict=True)):
        return False
    for end, text, place in zip(ends, words, places, strict=True):
        ax.annotate(
            text,
            xy=(end.x, end.y),
            xytext=(1.04, place),
            textcoords="axes fraction",
            va="center",
            ha="left",
            size=SMALL,
            color=readable(end.colour),
            linespacing=1.05,
            arrowprops={
                "arrowstyle": "-",
                "linewidth": 0.5,
                "color": end.colour,
                "shrinkA": 1,
                "shrinkB": 1,
                "relpos": (0.0, 0.5),
            },
            annotation_clip=False,
        )
    return True


def _apart(wanted: Sequence[float], heights: Sequence[float]) -> list[float]:
    """Places near the wanted ones, that keep their order and leave each its height within [0, 1]."""
    order = sorted(range(len(wanted)), key=lambda n: (wanted[n], n))
    places = list(wanted)
    floor = 0.0
    for n in order:
        places[n] = max(wanted[n], floor + heights[n] / 2)
        floor = places[n] + heights[n] / 2
    ceiling = 1.0
    for n in reversed(order):
        places[n] = min(places[n], ceiling - heights[n] / 2)
        ceiling = places[n] - heights[n] / 2
    return places


def handles(styles: Iterable[LineStyle]) -> list[Artist]:
    """Legend entries of lines, with the marks at their ends if there are too many lines for bands."""
    from matplotlib.lines import Line2D

    drawn = list(styles)
    marked = len(drawn) > MOST_BANDS
    return [
        Line2D(
            [],
            [],
            color=s.colour,
            linestyle=s.linestyle,
            label=s.label,
            marker=s.marker if marked else "None",
            markersize=3,
        )
        for s in drawn
    ]
