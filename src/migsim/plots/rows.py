"""Rows: one scenario a line, a dot and its interval, for figures that compare the last year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from migsim.plots.factors import short
from migsim.plots.intervals import Interval
from migsim.plots.style import GREY, SMALL, LineStyle

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["ROW", "dot_rows", "row_names", "rows_height"]

ROW, LINE = 0.24, 0.145
"""Inches a row takes, and a line of its name where it has several."""
LETTERS, LINES = 28, 3
"""Letters in a line of a name, and lines; what is longer is cut off."""
LABEL_LETTERS = 66
"""Letters that the labels of all axes side by side have room for."""
PARTS = ((1e-5, 1e-6, "millionths"), (1e-2, 1e-3, "thousandths"))
"""On an axis that ends below the first, numbers are parts of its unit: of which size, and called what."""


def rows_height(rows: int | Sequence[LineStyle]) -> float:
    """Height in inches of a panel with so many rows, or with a row for each of some scenarios."""
    if isinstance(rows, int):
        return 0.85 + ROW * max(rows, 2)
    lines = max((name.count("\n") + 1 for name in row_names(rows)), default=1)
    return 0.85 + max(ROW, LINE * lines) * max(len(rows), 2)


def row_names(styles: Sequence[LineStyle]) -> list[str]:
    """The scenarios' names as they stand beside their rows."""
    return [short(style.label, LETTERS, LINES) for style in styles]


def dot_rows(
    ax: Axes,
    styles: Sequence[LineStyle],
    intervals: Mapping[str, Interval | None],
    *,
    is_named: bool,
    zero: bool = True,
    absent: Mapping[str, str] | None = None,
) -> None:
    """Draw a dot and an interval per scenario, top to bottom; a dot is filled if its interval excludes zero.

    Parameters
    ----------
    intervals : mapping
        By scenario; one that is missing or has no worlds is marked with its word in ``absent``, or "no
        result".
    is_named : bool
        Whether the names stand at the left of this panel.
    zero : bool
        Whether zero means no difference: draws its line, and leaves dots open where the sign is.
    """
    if zero:
        ax.axvline(0.0, color=GREY, linewidth=0.8, zorder=1)
    for n, style in enumerate(styles):
        interval = intervals.get(style.name)
        if interval is None or interval.n == 0:
            _word(ax, n, (absent or {}).get(style.name, "no result"))
        else:
            _dot(ax, n, style, interval, is_open=zero and interval.n > 1 and interval.spans_zero)
    ax.set_ylim(len(styles) - 0.4, -0.6)
    ax.set_yticks(range(len(styles)), row_names(styles) if is_named else [])
    ax.tick_params(axis="y", length=0)
    ax.grid(axis="y", color="#EEEEEE", linewidth=0.8)
    ax.locator_params(axis="x", nbins=2)
    _short_ticks(ax)


def _short_ticks(ax: Axes) -> None:
    """Number the axis so that neighbours do not run into each other, small numbers in parts of its unit."""
    largest = max(abs(end) for end in ax.get_xlim())
    scale, words = next(((scale, words) for end, scale, words in PARTS if largest < end), (1.0, ""))
    ax.xaxis.set_major_formatter(lambda value, _: f"{value / scale + 0.0:g}".replace("-", "−"))
    if words:
        label = ax.get_xlabel()
        is_long = len(f"{label.splitlines()[-1]}, {words}") > LABEL_LETTERS / len(ax.figure.axes)
        ax.set_xlabel(f"{label},{'\n' if is_long else ' '}{words}")


def _word(ax: Axes, n: int, word: str) -> None:
    """Why a row is empty."""
    ground = {"facecolor": "white", "edgecolor": "none", "pad": 1.0}
    place = ax.get_yaxis_transform()
    ax.text(
        0.5,
        n,
        word,
        transform=place,
        ha="center",
        va="center",
        size=SMALL,
        color=GREY,
        style="italic",
        bbox=ground,
    )


def _dot(ax: Axes, n: int, style: LineStyle, interval: Interval, *, is_open: bool) -> None:
    """A row's median and, over more than one world, its interval."""
    if interval.n > 1:
        ends = [interval.low, interval.high]
        ax.plot(ends, [n, n], color=style.colour, linewidth=2.2, solid_capstyle="butt")
    ax.plot(
        interval.median,
        n,
        marker=style.marker,
        markersize=5.5,
        markeredgewidth=1.4,
        color=style.colour,
        markerfacecolor="white" if is_open else style.colour,
        linestyle="none",
        zorder=3,
    )
