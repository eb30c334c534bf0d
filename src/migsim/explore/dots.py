"""The map: each state a dot where `migsim.plots.world_map` has its circle, shaded by one variable.

What is drawn is plain data, which the page turns into shapes: nothing is fetched, and a dot can be clicked.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from migsim.explore.words import signed, sized
from migsim.plots.cartogram import globe, layout
from migsim.plots.style import loss_to_gain
from migsim.plots.wording import theme_words

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from migsim.explore.life import Look

__all__ = ["VARIABLES", "WIDTH", "Variable", "map_of"]

type Values = Callable[[pd.DataFrame, str], pd.Series[float]]

WIDTH: Final = 1000.0
"""Width of the map in its own units; its height follows from the projection."""
EDGE: Final = 8.0
"""Room around the globe."""
N_SHADES: Final = 25
SEQUENTIAL: Final = "YlGnBu"
OUTSIDE: Final = 0.02
"""Share of states at either end whose values do not stretch the scale."""


@dataclass(frozen=True)
class Variable:
    """Something that a state's dot can show; ``is_gain`` of what is a difference by itself."""

    words: str
    unit: str
    values: Values
    is_gain: bool = False
    is_share: bool = False


def _column(name: str, times: float = 1.0) -> Values:
    return lambda rows, _: times * rows[name].astype(float)


def _per_head(name: str, times: float) -> Values:
    return lambda rows, _: times * rows[name].astype(float) / rows["population"].astype(float)


def _of_theme(name: str) -> Values:
    return lambda rows, theme: rows[f"{name}_{theme}"].astype(float)


VARIABLES: Final[Mapping[str, Variable]] = {
    "gain": Variable("Gain from the forum", "% of income", _column("gain"), is_gain=True),
    "gain_host": Variable("Gain as a host", "% of income", _column("gain_host"), is_gain=True),
    "gain_departure": Variable(
        "Gain as a departure country", "% of income", _column("gain_departure"), is_gain=True
    ),
    "position": Variable("Position on the theme", "", _of_theme("position"), is_share=True),
    "policy": Variable("Policy on the theme", "", _of_theme("policy"), is_share=True),
    "opinion_anti": Variable("Public against migration", "%", _column("opinion_anti", 100.0)),
    "opinion_pro": Variable("Public for migration", "%", _column("opinion_pro", 100.0)),
    "immigrants": Variable("Migrants hosted", "% of inhabitants", _per_head("immigrants", 100.0)),
    "emigrants": Variable("Nationals abroad", "% of inhabitants", _per_head("emigrants", 100.0)),
    "remittances": Variable(
        "Remittances received", "USD per inhabitant", _per_head("remittances_received", 1e6)
    ),
    "wellbeing": Variable("Well-being of migrants hosted", "points", _column("wellbeing")),
    "protection": Variable("Well-being of nationals abroad", "points", _column("protection_of_nationals")),
    "trust": Variable("Trust in other states", "", _column("trust"), is_share=True),
}
"""What the map can show."""


def map_of(look: Look, variable: str, theme: str, *, is_difference: bool = False) -> dict[str, Any]:
    """Dots and scale of one variable at the end of the year.

    Parameters
    ----------
    look
    variable
        A key of `VARIABLES`.
    theme
        Of positions and policies.
    is_difference
        Whether to show how the world differs from its pair, in which nobody meets.

    Returns
    -------
    dict
        ``title``; ``height``, ``outline`` and ``lines`` of the globe; ``dots``, the largest first, each with
        ``iso3``, ``name``, ``x``, ``y``, ``r``, ``fill``, ``value`` in words and ``below``, whether it is
        below zero on a scale with zero in its middle; ``scale``, with ``low``, ``high``, ``shades`` and
        ``diverges``.
    """
    import numpy as np

    shown = VARIABLES[variable]
    own = look.states[look.states["year"] == look.year].set_index("state")
    values = shown.values(own, theme)
    is_difference = is_difference and not shown.is_gain
    if is_difference:
        paired = look.unforced[look.unforced["year"] == look.year].set_index("state")
        values = values - shown.values(paired, theme)
    diverges = shown.is_gain or is_difference
    numbers = values.to_numpy(dtype=float)
    low, high = _ends(numbers, diverges=diverges, is_share=shown.is_share)
    shades = _shades(diverges=diverges)
    words = signed if diverges else sized
    ground, members = _ground(), look.members
    places = [_scaled(each) for each in layout(tuple(members.iso3), "population")]
    places[0], places[1] = places[0] - ground.left, ground.top - places[1]
    dots = []
    for n in np.argsort(-places[2], kind="stable"):
        value = numbers[n]
        x, y, radius = (round(float(each[n]), 1) for each in places)
        dots.append({
            "iso3": members.iso3[n],
            "name": members.name[n],
            "x": x,
            "y": y,
            "r": radius,
            "fill": _shade(value, low, high, shades),
            "value": f"{words(value)} {shown.unit}".rstrip() if math.isfinite(value) else "no figure",
            "below": bool(diverges and value < 0),
        })  # fmt: skip
    of_theme = f": {theme_words(theme)}" if variable in ("position", "policy") else ""
    against = ", difference from the world without a forum" if is_difference else ""
    return {
        "title": f"{shown.words}{of_theme}{against}, {look.year}",
        "height": ground.height,
        "outline": ground.outline,
        "lines": ground.lines,
        "dots": dots,
        "scale": {
            "low": f"{words(low)}",
            "high": f"{words(high)}",
            "unit": shown.unit,
            "shades": shades,
            "diverges": diverges,
        },
    }


@dataclass(frozen=True)
class _Ground:
    """The globe in units of the map: where its left and upper edges are, and its lines as SVG has points."""

    left: float
    top: float
    height: float
    outline: str
    lines: list[str]


def _scaled(lengths: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Radii of the globe in units of the map."""
    outline, _ = globe()
    return lengths * (WIDTH - 2.0 * EDGE) / (outline[:, 0].max() - outline[:, 0].min())


@cache
def _ground() -> _Ground:
    outline, lines = globe()
    edge = _scaled(outline)
    left, top = float(edge[:, 0].min()) - EDGE, float(edge[:, 1].max()) + EDGE

    def points(line: np.ndarray[Any, Any]) -> str:
        return " ".join(f"{x - left:.1f},{top - y:.1f}" for x, y in _scaled(line))

    height = round(top - float(edge[:, 1].min()) + EDGE, 1)
    return _Ground(left, top, height, points(outline), [points(line) for line in lines])


def _ends(values: np.ndarray[Any, Any], *, diverges: bool, is_share: bool) -> tuple[float, float]:
    """Values at the ends of the scale, which a few states may lie beyond."""
    import numpy as np

    known = values[np.isfinite(values)]
    if not known.size:
        return 0.0, 1.0
    if diverges:
        end = float(np.quantile(np.abs(known), 1 - OUTSIDE)) or float(np.abs(known).max())
        return -end, end
    if is_share:
        return 0.0, 1.0
    low, high = np.quantile(known, (OUTSIDE, 1 - OUTSIDE))
    return float(low), float(high)


def _shades(*, diverges: bool) -> list[str]:
    import matplotlib as mpl
    from matplotlib.colors import to_hex

    scale = loss_to_gain() if diverges else mpl.colormaps[SEQUENTIAL]
    return [to_hex(scale(n / (N_SHADES - 1))) for n in range(N_SHADES)]


def _shade(value: float, low: float, high: float, shades: list[str]) -> str:
    if not math.isfinite(value):
        return "#ffffff"
    place = 0.5 if high <= low else min(1.0, max(0.0, (value - low) / (high - low)))
    return shades[round(place * (len(shades) - 1))]
