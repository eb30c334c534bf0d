"""How figures of sensitivity draw: a row a factor, a panel an outcome, marks with intervals."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from migsim.plots.factors import panel_title, short, unit_of
from migsim.plots.intervals import Interval
from migsim.plots.style import COLOURS, GREY, SMALL

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

__all__ = [
    "LINE",
    "ROW_LETTERS",
    "column_of_words",
    "frame_panels",
    "group_colours",
    "interval_bar",
    "label_rows",
    "mark",
    "mark_handle",
    "measured",
    "most_behind",
    "no_result",
    "plain_number",
    "rows_height",
]

LINE: Final = 0.14
"""Inches a line of a row's name takes."""
ROW_LETTERS: Final = 200
"""Letters of a row's name, which is broken into lines."""
BESIDE: Final = 1.04
"""Where words beside a panel begin, as a part of its width."""


def frame_panels(
    panels: Sequence[Axes], outcomes: Sequence[str], rows: str, measure: str, pad: float = 6.0
) -> None:
    """Titles and axis labels of one panel an outcome."""
    for panel, name in zip(panels, outcomes, strict=True):
        panel.set_title(panel_title(name), pad=pad)
        panel.set_xlabel(measured(measure, name))
        panel.set_ylabel(rows if panel is panels[0] else "")


def measured(what: str, outcome: str) -> str:
    r"""What an axis shows of an outcome and in which unit, for a narrow panel.

    Examples
    --------
    >>> measured("Gain", "gain_hosts")
    'Gain,\n% of income'
    """
    return f"{what},\n{short(unit_of(outcome) or 'in its unit', 16, 3)}"


def rows_height(names: Iterable[str]) -> float:
    """Height in inches of a panel with these rows, which need more room if names take two lines."""
    told = [short(name) for name in names]
    lines = max((name.count("\n") + 1 for name in told), default=1)
    return 1.0 + max(0.24, LINE * lines + 0.03) * max(len(told), 2)


def label_rows(ax: Axes, names: Sequence[str], *, is_named: bool) -> None:
    """One row a name, top to bottom."""
    ax.set_ylim(len(names) - 0.4, -0.6)
    ax.set_yticks(
        range(len(names)), [name if "\n" in name else short(name) for name in names] if is_named else []
    )
    ax.tick_params(axis="y", length=0)
    for label in ax.get_yticklabels():
        label.set_fontsize(SMALL)
        label.set_linespacing(1.0)
    ax.grid(axis="y", color="#EEEEEE", linewidth=0.8)
    ax.locator_params(axis="x", nbins=2)
    ax.xaxis.set_major_formatter(lambda value, _: plain_number(value))


def interval_bar(ax: Axes, place: float, found: Interval, colour: str, *, scale: float = 1.0) -> None:
    """The interval of a row."""
    if found.high > found.low:
        ends = [scale * found.low, scale * found.high]
        ax.plot(ends, [place, place], color=colour, linewidth=2.0, solid_capstyle="butt", zorder=2)


def mark(
    ax: Axes, place: float, value: float, colour: str, *, marker: str = "o", is_open: bool = False
) -> None:
    """The dot of a row, open where it may as well be nothing."""
    ax.plot(
        value,
        place,
        marker=marker,
        markersize=5.5,
        markeredgewidth=1.2,
        color=colour,
        markerfacecolor="white" if is_open else colour,
        linestyle="none",
        zorder=3,
    )


def column_of_words(ax: Axes, words: Sequence[str], heading: str = "", wrap: int = 22) -> None:
    """Words at the right of a panel, one a row, under a heading."""
    for n, word in enumerate(words):
        ax.text(
            BESIDE, n, short(word, wrap), transform=ax.get_yaxis_transform(), ha="left", va="center",
            size=SMALL, linespacing=1.0,
        )  # fmt: skip
    if heading:
        ax.annotate(
            heading, xy=(BESIDE, 1.0), xycoords="axes fraction", xytext=(0, 4), textcoords="offset points",
            ha="left", size=SMALL, color=GREY,
        )  # fmt: skip


def group_colours(groups: Iterable[str]) -> dict[str, str]:
    """A colour for each group in its order; those beyond the seventh share the last."""
    return {
        group: COLOURS[min(n, len(COLOURS) - 1)] for n, group in enumerate(dict.fromkeys(map(str, groups)))
    }


def mark_handle(label: str, marker: str, colour: str = GREY, *, is_open: bool = False) -> Artist:
    """A legend entry of a mark."""
    from matplotlib.lines import Line2D

    face = "white" if is_open else colour
    return Line2D(
        [], [], linestyle="None", marker=marker, markersize=5.5, color=colour, markerfacecolor=face,
        label=label,
    )  # fmt: skip


def most_behind(frame: pd.DataFrame) -> int:
    """The most worlds, walks or lucks (column ``n``) that a row rests on; 0 where the frame does not say."""
    counts = frame["n"].dropna() if "n" in frame.columns else ()
    return int(max(counts, default=0))


def no_result(ax: Axes, place: float) -> None:
    """A row without one."""
    ax.text(
        0.5, place, "no result", transform=ax.get_yaxis_transform(), ha="center", va="center", size=SMALL,
        color=GREY, style="italic",
    )  # fmt: skip


def plain_number(value: float) -> str:
    """A number along an axis, without zeros at its end and with a true minus sign.

    Examples
    --------
    >>> plain_number(-0.50)
    '−0.5'
    """
    return f"{value + 0.0:.6g}".replace("-", "−")
