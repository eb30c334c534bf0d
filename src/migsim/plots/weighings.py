"""Whether the finding rests on how components are weighed, and whether the three gains are one index."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from migsim.plots.factor_rows import column_of_words, interval_bar, label_rows, mark, most_behind
from migsim.plots.factors import cells, panel_title
from migsim.plots.sheet import GivenAxes, open_sheet, say
from migsim.plots.style import COLOURS, GREY, INK, SMALL, in_house_style
from migsim.plots.wording import NOTHING, percent, several_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    import pandas as pd
    from matplotlib.axes import Axes

    from migsim.plots.factors import Rows

__all__ = ["ONE_INDEX", "weights"]

EMPTY: Final = "nothing was weighed"
ONE_INDEX: Final = 0.9
"""Share of the variance beyond which the first principal component makes one index of the three gains."""


@in_house_style
def weights(
    frame: pd.DataFrame,
    components: pd.DataFrame | None = None,
    *,
    year: int | None = None,
    ax: GivenAxes = None,
) -> np.ndarray[Any, Any]:
    """How often each group gains whatever its components weigh, and how many indices the three gains are.

    Parameters
    ----------
    frame : DataFrame
        ``outcome``, ``share`` of worlds in which it is above zero, ``low`` and ``high`` over drawn weights.
    components : DataFrame, optional
        ``component`` and its ``share`` of the variance of the three gains (principal components).
    year : int, optional
        The year that is told, for the caption: whether it lies past the data.
    ax : two Axes, optional

    Returns
    -------
    array of Axes
        Shares of worlds; principal components.
    """
    sheet = open_sheet(ax, 1, 2, height=2.3)
    left, right = sheet.axes
    left.set_xlabel("Better off, % of worlds")
    left.set_ylabel("Group")
    left.set_title("Whatever the weights")
    right.set_xlabel("Principal component\nof the three gains")
    right.set_ylabel("% of variance")
    right.set_title("How many indices there are")
    found = cells(frame, "outcome", "share") if len(frame) else {}
    if found:
        equal = frame["equal"].astype(float) if "equal" in frame.columns else ()
        _shares(left, found, dict(zip(frame["outcome"].astype(str), equal, strict=False)))
    else:
        say(left, EMPTY)
    sizes = [] if components is None or components.empty else components["share"].astype(float).tolist()
    if sum(sizes) > NOTHING:
        _components(right, sizes)
    else:
        say(right, "none: the three gains never vary" if sizes else EMPTY)
    sentences = [*_findings(found), *_one_index(sizes)]
    title = "Does it matter how the parts of well-being and income are weighed?"
    if not sentences:
        sheet.finish(title, f"Nothing to show: {EMPTY}.")
        return sheet.array()
    n = f", n = {most:,} worlds" if (most := most_behind(frame)) else ""
    reading = (
        f"Bars: 5–95 % over weights drawn at random (Dirichlet){n}; upright stroke: all weighed alike; the"
        " dotted line marks one index."
        if found
        else ""
    )
    sheet.finish(title, " ".join([*sentences, reading]).strip(), year=year)
    return sheet.array()


def _side(outcome: str) -> str:
    return "All three" if outcome == "weakest" else panel_title(outcome)


def _shares(ax: Axes, found: Rows, equal: Mapping[str, float]) -> None:
    for n, (name, cell) in enumerate(found.items()):
        if cell.n:
            interval_bar(ax, n, cell, COLOURS[0], scale=100.0)
            mark(ax, n, 100 * cell.median, COLOURS[0])
            if math.isfinite(equal.get(name, math.nan)):
                ax.plot(100 * equal[name], n, "|", color=INK, markersize=13, markeredgewidth=1.6, zorder=4)
    label_rows(ax, [_side(name) for name in found], is_named=True)
    column_of_words(ax, [percent(cell.median) for cell in found.values()])
    ax.set_xlim(-4, 104)


def _components(ax: Axes, sizes: Sequence[float]) -> None:
    places = range(1, len(sizes) + 1)
    ax.bar(places, [100 * size for size in sizes], 0.5, color=COLOURS[0])
    for place, size in zip(places, sizes, strict=True):
        ax.annotate(
            percent(size), (place, 100 * size), xytext=(0, 2), textcoords="offset points", ha="center",
            size=SMALL,
        )  # fmt: skip
    ax.axhline(100 * ONE_INDEX, color=GREY, linewidth=0.8, linestyle=(0.0, (1.0, 1.2)))
    ax.set_xticks(list(places), ["first", "second", "third", *map(str, range(4, 99))][: len(sizes)])
    ax.set_ylim(0, 108)


def _findings(found: Rows) -> list[str]:
    """Whose sign rests on the weights."""
    told = []
    for name, cell in found.items():
        if not cell.n:
            continue
        ends = f"{100 * cell.low:.0f} to {100 * cell.high:.0f}"
        told.append(f"{_side(name)}: better off in {percent(cell.median)} of worlds ({ends})")
    if not told:
        return []
    swayed = [_side(n).lower() for n, c in found.items() if c.n and c.low < 0.5 <= c.high]
    rest = (
        f"Whether {several_words(swayed)} more often gain than lose depends on the weights."
        if swayed
        else "For none does it depend on the weights whether it gains more often than it loses."
    )
    return [f"{'; '.join(told)}.", rest]


def _one_index(sizes: Sequence[float]) -> list[str]:
    if not sizes:
        return []
    if sum(sizes) <= NOTHING:
        return ["The three gains never vary."]
    first = f"The first component holds {percent(sizes[0])} of the variance of the three gains"
    if sizes[0] > ONE_INDEX:
        return [f"{first}: they are in effect one index."]
    return [f"{first}: they are more than one index."]
