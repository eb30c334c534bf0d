"""What can be known of the strength of texts: the triple win against strength times pace times lever size."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from migsim.plots.factor_rows import most_behind
from migsim.plots.fan import EndLabel, handles, label_ends
from migsim.plots.intervals import Interval
from migsim.plots.sheet import GivenAxes, open_sheet
from migsim.plots.style import DASHES, GREY, SMALL, LineStyle, in_house_style, line_styles
from migsim.plots.wording import NOTHING, percent, several_words

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["apart_words", "break_even_words", "identifiability"]

EMPTY: Final = "nothing was scaled"
EVEN: Final = 0.5
"""Share of worlds with a triple win at break-even: there the median weakest win is at the margin."""
TALL: Final = 1.1
"""Part of break-even up to which the axis ends soon above it."""
HEIGHT: Final = 3.0


@dataclass(frozen=True, slots=True)
class Course:
    """The share of worlds with a triple win over multiples of the product, one way of scaling it."""

    product: np.ndarray[Any, Any]
    share: np.ndarray[Any, Any]
    low: np.ndarray[Any, Any]
    high: np.ndarray[Any, Any]
    is_plausible: np.ndarray[Any, Any]
    is_at_bounds: np.ndarray[Any, Any]

    def at_centre(self, n: int) -> Interval | None:
        """The share at central values, if the product was run there."""
        place = np.flatnonzero(np.isclose(self.product, 1.0))
        if not len(place):
            return None
        k = int(place[0])
        return Interval(float(self.share[k]), float(self.low[k]), float(self.high[k]), n)


@in_house_style
def identifiability(frame: pd.DataFrame, *, year: int | None = None, ax: GivenAxes = None) -> Axes:
    """How often all three groups gain, against the product of strength, pace and lever size.

    Parameters
    ----------
    frame : DataFrame
        ``scaled`` (what was scaled to reach the product), ``product`` (multiple of what each world draws),
        ``share`` of worlds with a triple win, ``low``, ``high`` (sampling interval), ``n``; optional are
        ``plausible``, whether what was scaled stays within its plausible range, ``at_bounds``, whether hard
        bounds keep many values from the product, ``compared``, whether a point is compared, ``even``,
        ``even_low`` and ``even_high``, the product of break-even with its interval, and ``share_apart`` and
        ``weakest_apart``, whether wins or the weakest win differ from those of all together at the same
        product by more than chance.
    year : int, optional
        The year that is told, for the caption: whether it lies past the data.
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    sheet = open_sheet(ax, height=HEIGHT)
    panel = sheet.axes[0]
    panel.set_xlabel("Strength × pace × lever size, multiples of what each world draws")
    panel.set_ylabel("All three gain,\n% of worlds")
    title = "How strong would texts have to be for all three groups to gain?"
    courses = _courses(frame)
    if not courses:
        sheet.finish_empty(title, EMPTY)
        return panel
    styles = line_styles(courses)
    ends = [_line(panel, courses[name], style) for name, style in styles.items()]
    _landmarks(panel, courses)
    is_named = label_ends(panel, ends, HEIGHT - 0.6, wrap=14)
    sheet.finish(title, _caption(courses, frame), () if is_named else handles(styles.values()), year=year)
    return panel


def _courses(frame: pd.DataFrame) -> dict[str, Course]:
    if frame.empty:
        return {}
    found = {}
    for name in dict.fromkeys(frame["scaled"].astype(str)):
        rows = frame[(frame["scaled"].astype(str) == name) & frame["share"].notna()].sort_values("product")
        if len(rows):
            product, share, low, high = (rows[c].to_numpy(float) for c in ("product", "share", "low", "high"))
            found[name] = Course(
                product,
                share,
                low,
                high,
                _flags(rows, "plausible", True).to_numpy(),
                _flags(rows, "at_bounds", False).to_numpy(),
            )
    return found


def _line(ax: Axes, course: Course, style: LineStyle) -> EndLabel:
    ax.fill_between(
        course.product, 100 * course.low, 100 * course.high, color=style.colour, alpha=0.14, linewidth=0
    )
    ax.plot(course.product, 100 * course.share, color=style.colour, linestyle=style.linestyle, zorder=3)
    free = ~course.is_at_bounds
    for face, marker, size, chosen in (
        (style.colour, style.marker, 4, course.is_plausible & free),
        ("white", style.marker, 4, ~course.is_plausible & free),
        (style.colour, "x", 8, course.is_at_bounds),
    ):
        ax.plot(
            course.product[chosen], 100 * course.share[chosen], color=style.colour, linestyle="none",
            marker=marker, markersize=size, markerfacecolor=face, zorder=4,
        )  # fmt: skip
    return EndLabel(float(course.product[-1]), float(100 * course.share[-1]), style.label, style.colour)


def _landmarks(ax: Axes, courses: Mapping[str, Course]) -> None:
    """What is drawn, and break-even."""
    products = np.concatenate([course.product for course in courses.values()])
    least, most = float(products.min()), float(products.max())
    ticks = sorted({float(f"{p:.3g}") for p in products})
    if least > 0.0 and most > least:
        ax.set_xscale("log")
    ax.set_xlim(least, most) if most > least else None
    while len(ticks) > 9:
        ticks = [tick for n, tick in enumerate(ticks) if n % 2 == 0 or tick == 1.0]
    ax.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    ax.minorticks_off()
    highest = 100 * max(float(np.nanmax(course.high)) for course in courses.values())
    ax.set_ylim(-2, 102 if highest > TALL * 100 * EVEN else 120 * EVEN)
    ax.axhline(100 * EVEN, color=GREY, linewidth=0.8, linestyle=(0.0, DASHES[1]), zorder=2)
    ax.annotate(
        f"break-even: {percent(EVEN)}", xy=(0.0, 100 * EVEN), xycoords=ax.get_yaxis_transform(),
        xytext=(4, 3), textcoords="offset points", size=SMALL, color=GREY,
    )  # fmt: skip
    ax.axvline(1.0, color=GREY, linewidth=0.8, zorder=2)
    _note(ax, 1.0, "as drawn", 4)


def _note(ax: Axes, x: float, words: str, shift: int) -> None:
    ax.annotate(
        words, xy=(x, 1.0), xycoords=ax.get_xaxis_transform(), xytext=(shift, -2),
        textcoords="offset points", ha="left" if shift > 0 else "right", va="top", size=SMALL, color=GREY,
    )  # fmt: skip


def _caption(courses: Mapping[str, Course], frame: pd.DataFrame) -> str:
    n = most_behind(frame)
    sentences = [_centre(courses, n), *break_even_words(frame), apart_words(frame)]
    worlds = f", n = {n:,} worlds at each point" if n else ""
    margins = set(frame["margin"].dropna().astype(float)) if "margin" in frame.columns else set()
    margin = margins.pop() if len(margins) == 1 else 0.0
    over = f" A gain counts if it exceeds {margin:g} standard deviations of 2005." if margin else ""
    is_beyond = any(not course.is_plausible.all() for course in courses.values())
    beyond = " Open marks: beyond the plausible range of what is scaled." if is_beyond else ""
    is_bound = any(course.is_at_bounds.any() for course in courses.values())
    bound = " Crosses: hard bounds keep many values from this product; not compared." if is_bound else ""
    reading = f"Bands: 95 % sampling intervals{worlds}.{beyond}{bound}{over}"
    return " ".join([*(words for words in sentences if words), reading])


def _centre(courses: Mapping[str, Course], n: int) -> str:
    for course in courses.values():
        if (share := course.at_centre(n)) is not None:
            ends = f"{100 * share.low:.0f} to {100 * share.high:.0f}"
            return f"As drawn, all three gain in {percent(share.median)} of worlds ({ends})."
    return ""


def break_even_words(frame: pd.DataFrame) -> list[str]:
    """Where each way of scaling reaches break-even, if it does within what was run.

    Parameters
    ----------
    frame : DataFrame
        As `identifiability` takes it; without column ``even`` nothing is said.
    """
    if "even" not in frame.columns:
        return []
    never, even_at, told = [], [], []
    shown = frame[frame["share"].notna() & ~_flags(frame, "at_bounds", False)]
    for name, rows in shown.sort_values("product").groupby(shown["scaled"].astype(str), sort=False):
        if math.isinf(float(rows["even"].iloc[0])):
            never.append(_never_words(name, rows))
        else:
            even_at.append(_at_words(name, rows))
    if even_at:
        told.append(f"Break-even ({percent(EVEN)} of worlds) at {several_words(even_at)}.")
    if never:
        told.append(f"Break-even is not reached by scaling {several_words(never)}.")
    return told


def _never_words(name: str, rows: pd.DataFrame) -> str:
    """Up to which product break-even is not reached, how often all three gain at most, and what is open."""
    top, least = rows.iloc[int(rows["share"].to_numpy().argmax())], float(rows["even_low"].iloc[0])
    most = f"{percent(float(top['share']))} at most, at {top['product']:g} times"
    words = [most if top["share"] > 0.0 else "in no world"]
    if math.isfinite(least):
        words.append(f"within sampling error perhaps from {least:.2g} times on")
    return f"{name} up to {rows['product'].max():g} times ({', '.join(words)})"


def _at_words(name: str, rows: pd.DataFrame) -> str:
    """Where break-even is reached, with its interval, and whether it is lost again."""
    even, low, high = (float(rows[column].iloc[0]) for column in ("even", "even_low", "even_high"))
    is_least = even <= float(rows["product"].iloc[0])
    if is_least:
        most = f" (at most {high:.2g})" if math.isfinite(high) else " (perhaps nowhere)"
        where = f" or less{most if high > even else ''}"
    else:
        where = f" ({low:.2g} to {high:.2g})" if math.isfinite(high) else f" ({low:.2g} or more)"
    inside = rows["product"][_flags(rows, "plausible", True)]
    is_inside = is_least or (len(inside) and inside.min() <= even <= inside.max())
    lost = rows["product"][(rows["product"] > even) & (rows["share"] < EVEN)]
    again = f", and lost again at {lost.iloc[0]:g} times" if len(lost) else ""
    return f"{even:.2g} times{where} by scaling {name}{'' if is_inside else ' (beyond the plausible)'}{again}"


def _flags(rows: pd.DataFrame, column: str, otherwise: bool) -> pd.Series[bool]:
    import pandas as pd

    return rows[column].astype(bool) if column in rows else pd.Series(otherwise, index=rows.index)


def apart_words(frame: pd.DataFrame) -> str:
    """Whether scaling one alone does the same as scaling all together, worlds paired.

    Parameters
    ----------
    frame : DataFrame
        As `identifiability` takes it; without columns ``compared``, ``share_apart`` and ``weakest_apart``
        nothing is said.
    """
    if not {"compared", "share_apart", "weakest_apart"} <= set(frame.columns):
        return ""
    others = frame[frame["compared"].astype(bool)]
    if others.empty:
        return ""
    in_shares, in_weakest = int(others["share_apart"].sum()), int(others["weakest_apart"].sum())
    told = (
        f"Scaling one alone differs from scaling all together by more than chance at {in_shares} of"
        f" {len(others)} points in the share of wins, and at {in_weakest} in the gain of whoever gains least:"
    )
    if in_shares or in_weakest:
        return f"{told} the product alone does not decide."
    gains = [frame[column].dropna() for column in ("share", "weakest") if column in frame]
    if max(np.ptp(values) for values in gains) <= NOTHING:
        return f"{told} nothing that was scaled moves it."
    return f"{told} these worlds cannot tell the three apart, only their product."
