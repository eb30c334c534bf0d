"""A cartogram: states as circles on an equal-area world, pushed apart until none covers another.

The projection is Equal Earth (Šavrič, Patterson and Jenny 2019, *International Journal of Geographical
Information Science* 33), with its published polynomial; lengths are in radii of the globe. Circles that stand
clear of each other come from Dorling (1996), *Area Cartograms*. No border is drawn.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np

from migsim.facts import load

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from migsim.facts.tables import Floats, Indices

__all__ = ["SizedBy", "draw_globe", "equal_earth", "globe", "layout", "places_of"]

type SizedBy = Literal["population", "equal"]

POLYNOMIAL: Final = (1.340264, -0.081106, 0.000893, 0.003796)
CENTRE: Final = 11.0
"""Meridian in the middle, degrees east: the cut then runs through the Bering Strait."""
SOUTH, NORTH = -57.0, 84.0
"""Latitudes between which the globe is drawn: no state lies beyond."""
GRATICULE: Final = 30
LARGEST: Final = 0.17
SMALLEST: Final = 0.03
EQUAL: Final = 0.052
"""Radius of the largest circle, of a circle at least, and where all are alike."""
DAMPED: Final = 0.3
"""Power of the population that a radius grows with: at 0.5 two states would fill Asia, and most be dots."""
ROUNDS: Final = 240
SETTLING: Final = 0.35
"""Part of the rounds, at the end, in which circles only part and are not drawn home."""
HOMEWARD: Final = 0.04
STEP: Final = 0.6
"""Part of the way home, and of the way apart, that a circle goes in a round."""
LOOKING: Final = 20
REACH: Final = 0.1
"""Rounds until it is asked anew who is near whom, and how near that is."""
GOLDEN: Final = 2.399963
"""The golden angle, radians: turns that never repeat."""
GAP: Final = 0.004
EDGE: Final = 0.05
SOFT: Final = "#FAFAFA"


def equal_earth(latitude: Floats, longitude: Floats) -> tuple[Floats, Floats]:
    """Where points of the globe, in degrees, lie on the map: eastward and northward, in radii.

    Examples
    --------
    >>> x, y = equal_earth(np.array([0.0, 90.0]), np.array([CENTRE, CENTRE]))
    >>> round(float(x[0]), 6), round(float(y[1]), 4)
    (0.0, 1.3174)
    """
    a1, a2, a3, a4 = POLYNOMIAL
    theta = np.arcsin(np.sqrt(3.0) / 2.0 * np.sin(np.radians(latitude)))
    east = np.radians((np.asarray(longitude) - CENTRE + 180.0) % 360.0 - 180.0)
    square = theta**2
    slope = 9.0 * a4 * square**4 + 7.0 * a3 * square**3 + 3.0 * a2 * square + a1
    x = 2.0 * np.sqrt(3.0) * east * np.cos(theta) / (3.0 * slope)
    y = theta * (a4 * square**4 + a3 * square**3 + a2 * square + a1)
    return x, y


def places_of(states: tuple[str, ...]) -> tuple[Floats, Floats]:
    """Where the central points of states lie on the map."""
    facts = load()
    rows = [facts.index(code) for code in states]
    return equal_earth(facts.latitude[rows], facts.longitude[rows])


@lru_cache(maxsize=8)
def layout(states: tuple[str, ...], sized_by: SizedBy) -> tuple[Floats, Floats, Floats]:
    """Centres and radii of the circles of states, which do not overlap; the same at every call.

    Parameters
    ----------
    states
        ISO 3166 codes that the figures know.
    sized_by
        Whether circles grow with the population of 2005, so that a state looks the same in every year and
        scenario, or all are alike.

    Returns
    -------
    x, y, radius : array, (state,)
        In radii of the globe.
    """
    facts = load()
    radius = np.full(len(states), EQUAL)
    if sized_by == "population":
        people = facts.population[[facts.index(code) for code in states], facts.year(2005)]
        most = facts.population[:, facts.year(2005)].max()
        radius = np.maximum(LARGEST * (people / most) ** DAMPED, SMALLEST)
    home = np.stack(places_of(states), axis=-1)
    at = _parted(home, radius)
    for each in (at, radius):
        each.setflags(write=False)
    return at[:, 0], at[:, 1], radius


def _parted(home: Floats, radius: Floats) -> Floats:
    """Push circles apart, smaller ones more, while each is drawn to its home; last, only apart."""
    n = len(radius)
    angle = GOLDEN * np.arange(n)
    at = home + 1e-6 * np.stack([np.cos(angle), np.sin(angle)], axis=-1)  # no two at one point
    for turn in range(ROUNDS):
        if turn % LOOKING == 0:
            one, other, need, share = _near(at, radius)
        between = at[one] - at[other]
        distance = np.sqrt((between**2).sum(axis=-1))
        way = between * (np.maximum(need - distance, 0.0) / distance * STEP)[:, None]
        for axis in (0, 1):
            at[:, axis] += np.bincount(one, way[:, axis] * share, n)
            at[:, axis] -= np.bincount(other, way[:, axis] * (1.0 - share), n)
        if turn < (1.0 - SETTLING) * ROUNDS:
            at += HOMEWARD * (home - at)
    return at


def _near(at: Floats, radius: Floats) -> tuple[Indices, Indices, Floats, Floats]:
    """Pairs of circles near each other, how far apart their centres must be, and how much the first gives."""
    one, other = np.triu_indices(len(radius), 1)
    need = radius[one] + radius[other] + GAP
    is_near = np.sqrt(((at[one] - at[other]) ** 2).sum(axis=-1)) < need + REACH
    one, other, need = one[is_near], other[is_near], need[is_near]
    return one, other, need, radius[other] ** 2 / (radius[one] ** 2 + radius[other] ** 2)


@lru_cache(maxsize=1)
def globe() -> tuple[Floats, tuple[Floats, ...]]:
    """The outline of the globe, and its parallels and meridians.

    Returns
    -------
    outline : array, (point, 2)
    lines : tuple of array, (point, 2)
        In radii of the globe.
    """

    def line(latitude: Floats | float, longitude: Floats | float) -> Floats:
        each = np.broadcast_arrays(np.asarray(latitude, float), np.asarray(longitude, float))
        return np.stack(equal_earth(*each), axis=-1)

    edge = np.linspace(SOUTH, NORTH, 60)
    east, west = CENTRE + 179.999, CENTRE - 179.999
    around = np.linspace(west, east, 60)
    parallels = [line(float(latitude), around) for latitude in range(-30, 90, GRATICULE)]
    meridians = [line(edge, float(longitude)) for longitude in range(-150, 181, GRATICULE)]
    return np.concatenate([line(edge, east), line(edge[::-1], west)]), (*parallels, *meridians)


def draw_globe(ax: Axes) -> None:
    """The globe and its graticule, without land or borders."""
    from matplotlib.patches import Polygon

    found, lines = globe()
    outline: Any = found
    ax.add_patch(Polygon(outline, closed=True, facecolor=SOFT, edgecolor="#CCCCCC", linewidth=0.6, zorder=0))
    for line in lines:
        ax.plot(line[:, 0], line[:, 1], color="#E3E3E3", linewidth=0.5, zorder=0.5)
    ax.set_xlim(outline[:, 0].min() - EDGE, outline[:, 0].max() + EDGE)
    ax.set_ylim(outline[:, 1].min() - EDGE, outline[:, 1].max() + EDGE)
    ax.set_aspect("equal")
    ax.set_axis_off()
    for axis in (ax.xaxis, ax.yaxis):
        axis.label.set_visible(False)  # it is said, but not drawn
