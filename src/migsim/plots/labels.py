"""Labels on a crowded map: each near its circle, over as little as can be, joined to it by a line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np

from migsim.plots.sheet import text_width
from migsim.plots.style import INK, SMALL

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from migsim.facts.tables import Floats

__all__ = ["place_labels"]

TURNS: Final = 24
"""Directions that are tried."""
AWAY: Final = (0.03, 0.08, 0.14, 0.21, 0.29, 0.38, 0.5)
"""Distances from the edge of a circle that are tried, in the units of the axes."""
PAD: Final = 0.012
DISTANT: Final = 0.35
"""How much a label's distance weighs against what it covers."""


def place_labels(
    ax: Axes,
    words: Sequence[str],
    which: Sequence[int],
    circles: tuple[Floats, Floats, Floats],
    inches: float,
) -> None:
    """Write a label beside each of some circles.

    Parameters
    ----------
    ax : Axes
        With its limits set.
    words, which
        The labels, the most important first, and the numbers of their circles.
    circles : x, y, radius
        All circles, which labels keep clear of.
    inches
        Width of the axes in inches, from which the size of letters follows.
    """
    left, right = ax.get_xlim()
    bottom, top = ax.get_ylim()
    scale = (right - left) / inches
    height = SMALL * 1.15 / 72 * scale
    taken: list[tuple[float, float, float, float]] = []
    for text, circle in zip(words, which, strict=True):
        width = text_width(text, SMALL) * scale
        at, box = _best(circle, circles, (width, height), taken, (left, right, bottom, top))
        taken.append(box)
        ax.annotate(
            text,
            xy=(float(circles[0][circle]), float(circles[1][circle])),
            xytext=at,
            ha="center",
            va="center",
            size=SMALL,
            color=INK,
            zorder=6,
            arrowprops={"arrowstyle": "-", "linewidth": 0.5, "color": INK, "shrinkA": 0, "shrinkB": 0},
            bbox={"facecolor": "white", "alpha": 0.75, "edgecolor": "none", "pad": 0.4},
        )


def _best(
    circle: int,
    circles: tuple[Floats, Floats, Floats],
    size: tuple[float, float],
    taken: Sequence[tuple[float, float, float, float]],
    limits: tuple[float, float, float, float],
) -> tuple[tuple[float, float], tuple[float, float, float, float]]:
    """The place that covers least and lies nearest, and the box that the label fills there."""
    x, y, radius = circles
    width, height = size[0] / 2 + PAD, size[1] / 2 + PAD
    found: tuple[float, tuple[float, float], tuple[float, float, float, float]] | None = None
    for away in AWAY:
        for turn in range(TURNS):
            east, north = np.cos(2 * np.pi * turn / TURNS), np.sin(2 * np.pi * turn / TURNS)
            far = radius[circle] + away
            at = (
                float(x[circle] + far * east + width * np.sign(round(east, 9)) * min(1.0, 2 * abs(east))),
                float(y[circle] + far * north + height * np.sign(round(north, 9)) * abs(north)),
            )
            box = (at[0] - width, at[0] + width, at[1] - height, at[1] + height)
            if box[0] < limits[0] or box[1] > limits[1] or box[2] < limits[2] or box[3] > limits[3]:
                continue
            cost = _covered(box, circles, taken) + DISTANT * away
            if found is None or cost < found[0] - 1e-12:
                found = (cost, at, box)
    if found is None:  # no room inside: on the circle itself
        at = (float(x[circle]), float(y[circle]))
        return at, (at[0] - width, at[0] + width, at[1] - height, at[1] + height)
    return found[1], found[2]


def _covered(
    box: tuple[float, float, float, float],
    circles: tuple[Floats, Floats, Floats],
    taken: Sequence[tuple[float, float, float, float]],
) -> float:
    """How much of circles and other labels a box covers, as a penalty."""
    x, y, radius = circles
    near_x = np.clip(x, box[0], box[1])
    near_y = np.clip(y, box[2], box[3])
    depth = np.maximum(radius - np.hypot(x - near_x, y - near_y), 0.0)
    penalty = float(depth.sum()) * 3.0
    for other in taken:
        if box[0] < other[1] and other[0] < box[1] and box[2] < other[3] and other[2] < box[3]:
            penalty += 10.0
    return penalty
