"""What can be known of the strength of texts: the triple win against strength times pace times lever size."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from migsim.plots.fan import EndLabel, label_ends
from migsim.plots.intervals import Interval
from migsim.plots.sheet import GivenAxes, open_sheet, say
from migsim.plots.style import DASHES, GREY, SMALL, LineStyle, in_house_style, line_styles
from migsim.plots.wording import percent, several_words

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["identifiability"]

EMPTY: Final = "nothing was scaled"
EVEN: Final = 0.5
SURE: Final = 1.96
"""Standard errors beyond which a difference is no sampling error, but in one case of twenty."""
CHANCE: Final = 0.05
TALL: Final = 1.1
"""Part of break-even up to which the axis ends soon above it."""
TOGETHER: Final = "all together"
HEIGHT: Final = 3.0


@dataclass(frozen=True, slots=True)
class Course:
    """The share of worlds with a triple win over multiples of the product, one way of scaling it."""

    product: np.ndarray[Any, Any]
    share: np.ndarray[Any, Any]
    low: np.ndarray[Any, Any]
    high: np.ndarray[Any, Any]
    is_plausible: np.ndarray[Any, Any]

    def crossing(self, values: np.ndarray[Any, Any], even: float) -> float:
        """The first multiple at which some course of shares reaches ``even`` from below; missing if none."""
        for n in range(1, len(values)):
            before, after = values[n - 1], values[n]
            if before < even <= after:
                part = (even - before) / (after - before)
                return float(self.product[n - 1] + part * (self.product[n] - self.product[n - 1]))
        return math.nan

    def at_centre(self, n: int) -> Interval | None:
        """The share at central values, if the product was run there."""
        place = np.flatnonzero(np.isclose(self.product, 1.0))
        if not len(place):
            return None
        k = int(place[0])
        return Interval(float(self.share[k]), float(self.low[k]), float(self.high[k]), n)


@in_house_style
def identifiability(
    frame: pd.DataFrame,
    *,
    even: float = EVEN,
    ax: GivenAxes = None,
) -> Axes:
    """How often all three groups gain, against the product of strength, pace and lever size.

    Parameters
    ----------
    frame : DataFrame
        ``scaled`` (what was scaled to reach the product), ``product`` (multiple of what each world draws),
        ``share`` of worlds with a triple win, ``low``, ``high`` (sampling interval), ``n``; optional are
        ``plausible``, whether what was scaled stays within its plausible range, and ``difference`` of the
        share from that of all together at the same product with its ``difference_error``.
    even : float
        Share at which a triple win breaks even.
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
        say(panel, EMPTY)
        sheet.finish(title, f"Nothing to show: {EMPTY}.")
        return panel
    styles = line_styles(courses)
    ends = [_line(panel, courses[name], style) for name, style in styles.items()]
    _landmarks(panel, courses, even)
    handles = []
    if not label_ends(panel, ends, HEIGHT - 0.6, wrap=14):
        from migsim.plots.fan import handles as entries

        handles = entries(styles.values())
    sheet.finish(title, _caption(courses, frame, even), handles)
    return panel


def _courses(frame: pd.DataFrame) -> dict[str, Course]:
    if frame.empty:
        return {}
    found = {}
    for name in dict.fromkeys(frame["scaled"].astype(str)):
        rows = frame[(frame["scaled"].astype(str) == name) & frame["share"].notna()].sort_values("product")
        if len(rows):
            product, share, low, high = (rows[c].to_numpy(float) for c in ("product", "share", "low", "high"))
            marked = rows["plausible"].to_numpy(bool) if "plausible" in rows.columns else rows["share"] >= 0.0
            found[name] = Course(product, share, low, high, np.asarray(marked))
    return found


def _line(ax: Axes, course: Course, style: LineStyle) -> EndLabel:
    ax.fill_between(
        course.product, 100 * course.low, 100 * course.high, color=style.colour, alpha=0.14, linewidth=0
    )
    ax.plot(course.product, 100 * course.share, color=style.colour, linestyle=style.linestyle, zorder=3)
    for face, chosen in ((style.colour, course.is_plausible), ("white", ~course.is_plausible)):
        ax.plot(
            course.product[chosen], 100 * course.share[chosen], color=style.colour, linestyle="none",
            marker=style.marker, markersize=4, markerfacecolor=face, zorder=4,
        )  # fmt: skip
    return EndLabel(float(course.product[-1]), float(100 * course.share[-1]), style.label, style.colour)


def _landmarks(ax: Axes, courses: Mapping[str, Course], even: float) -> None:
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
    ax.set_ylim(-2, 102 if highest > TALL * 100 * even else min(102.0, 120 * even))
    ax.axhline(100 * even, color=GREY, linewidth=0.8, linestyle=(0.0, DASHES[1]), zorder=2)
    ax.annotate(
        f"break-even: {percent(even)}", xy=(0.0, 100 * even), xycoords=ax.get_yaxis_transform(),
        xytext=(4, 3), textcoords="offset points", size=SMALL, color=GREY,
    )  # fmt: skip
    ax.axvline(1.0, color=GREY, linewidth=0.8, zorder=2)
    _note(ax, 1.0, "as drawn", 4)


def _note(ax: Axes, x: float, words: str, shift: int) -> None:
    ax.annotate(
        words, xy=(x, 1.0), xycoords=ax.get_xaxis_transform(), xytext=(shift, -2),
        textcoords="offset points", ha="left" if shift > 0 else "right", va="top", size=SMALL, color=GREY,
    )  # fmt: skip


def _caption(courses: Mapping[str, Course], frame: pd.DataFrame, even: float) -> str:
    counts = frame["n"].dropna() if "n" in frame.columns else ()
    n = int(max(counts)) if len(counts) else 0
    sentences = [_centre(courses, n), *_break_even(courses, even), _apart(frame) or _agree(courses)]
    worlds = f", n = {n:,} worlds at each point" if n else ""
    margins = set(frame["margin"].dropna().astype(float)) if "margin" in frame.columns else set()
    margin = margins.pop() if len(margins) == 1 else 0.0
    over = f" A gain counts if it exceeds {margin:g} standard deviations of 2005." if margin else ""
    is_beyond = any(not course.is_plausible.all() for course in courses.values())
    beyond = " Open marks: beyond the plausible range of what is scaled." if is_beyond else ""
    reading = f"Bands: 95 % sampling intervals{worlds}.{beyond}{over}"
    return " ".join([*(words for words in sentences if words), reading])


def _centre(courses: Mapping[str, Course], n: int) -> str:
    for course in courses.values():
        if (share := course.at_centre(n)) is not None:
            ends = f"{100 * share.low:.0f} to {100 * share.high:.0f}"
            return f"As drawn, all three gain in {percent(share.median)} of worlds ({ends})."
    return ""


def _break_even(courses: Mapping[str, Course], even: float) -> list[str]:
    """Where each way of scaling reaches break-even, if it does within what was run."""
    never, even_at, told = [], [], []
    for name, course in courses.items():
        at = course.crossing(course.share, even)
        if bool((course.share >= even).all()):
            told.append(
                f"Scaling {name}, all three gain in at least {percent(even)} of worlds at every multiple run."
            )
        elif math.isnan(at):
            k = int(np.argmax(course.share))
            most = f"{percent(float(course.share[k]))} at most, at {course.product[k]:g} times"
            never.append(f"{name} ({most if course.share[k] > 0.0 else 'in no world'})")
        else:
            ends = [course.crossing(values, even) for values in (course.high, course.low)]
            known = [f"{end:.2g}" for end in ends if math.isfinite(end)]
            width = f" ({' to '.join(known)})" if len(known) == 2 else ""
            inside = course.product[course.is_plausible]
            is_inside = len(inside) and inside.min() <= at <= inside.max()
            beyond = "" if is_inside else " (beyond the plausible)"
            even_at.append(f"{at:.2g} times{width} by scaling {name}{beyond}")
    if even_at:
        told.append(f"Break-even ({percent(even)} of worlds) at {several_words(even_at)}.")
    if never:
        reached = max(float(course.product.max()) for course in courses.values())
        told.append(f"Break-even is never reached up to {reached:g} times by scaling {several_words(never)}.")
    return told


def _apart(frame: pd.DataFrame) -> str:
    """How many points differ from all together at the same product by more than sampling error."""
    if not {"difference", "difference_error"} <= set(frame.columns):
        return ""
    gaps = frame[frame["difference"].abs().gt(0.0) | (frame["difference_error"] > 0.0)]
    gaps = gaps[gaps["product"] != 1.0]
    n = int(((frame["product"] != 1.0) & (frame["scaled"] != TOGETHER)).sum())
    if not n:
        return ""
    if frame["share"].nunique() == 1:
        return "The share is the same at every point, which tells nothing of the three."
    n_apart = int((gaps["difference"].abs() > SURE * gaps["difference_error"]).sum())
    by_chance = max(1, round(CHANCE * n))
    if n_apart <= by_chance:
        shares = f"Scaling one alone differs from scaling all together at {n_apart} of {n} points"
        in_weakest = int((frame["gap_p"] < CHANCE / n).sum()) if "gap_p" in frame else 0
        if in_weakest:
            return (
                f"{shares}, but the gain of whoever gains least does at {in_weakest}: the product alone does"
                " not decide."
            )
        return f"{shares}, no more than by sampling error: these worlds cannot tell the three apart."
    return (
        f"Scaling one alone differs from scaling all together at {n_apart} of {n} points by more than"
        f" sampling error (by chance about {by_chance}): the product alone does not decide."
    )


def _agree(courses: Mapping[str, Course]) -> str:
    """At how many multiples all ways of scaling give the same share but for sampling error."""
    if len(courses) < 2:
        return ""
    tables = [
        {float(f"{p:.6g}"): (low, high) for p, low, high in zip(c.product, c.low, c.high, strict=True)}
        for c in courses.values()
    ]
    common = sorted(set.intersection(*(set(table) for table in tables)))
    compared = [product for product in common if product != 1.0]
    if not compared:
        return ""
    same = [product for product in compared if _overlap([table[product] for table in tables])]
    if len(same) == len(compared):
        return (
            "At no multiple do the lines differ by more than sampling error: which of the three is strong"
            " cannot be told, only their product."
        )
    return f"The lines agree within sampling error at {len(same)} of {len(compared)} multiples other than 1."


def _overlap(intervals: Sequence[tuple[float, float]]) -> bool:
    return all(a[0] <= b[1] and b[0] <= a[1] for a, b in combinations(intervals, 2))
