"""Distances between states over the globe, and who lies near whom."""

from __future__ import annotations

from typing import Final

import numpy as np

from migsim.facts.tables import Bools, Facts, Floats

__all__ = ["distances", "neighbours"]

EARTH_RADIUS: Final = 6371.0088
"""Mean radius of the Earth in km (International Union of Geodesy and Geophysics)."""


def distances(facts: Facts) -> Floats:
    """Great-circle distance between the central points of each two states.

    Returns
    -------
    (state, state), km
        Symmetric, with zeros on the diagonal.

    Notes
    -----
    Haversine: ``d = 2 R arcsin sqrt(sin²(Δφ/2) + cos φ cos φ' sin²(Δλ/2))`` with latitude φ and
    longitude λ. The points are rounded to half a degree, so a distance is good to some tens of km.

    Examples
    --------
    >>> from migsim.facts import load
    >>> facts = load()
    >>> round(float(distances(facts)[facts.index("FRA"), facts.index("DEU")]), -2)
    900.0
    """
    latitude, longitude = np.radians(facts.latitude), np.radians(facts.longitude)
    by_latitude = np.sin((latitude[:, None] - latitude) / 2) ** 2
    by_longitude = np.sin((longitude[:, None] - longitude) / 2) ** 2
    along = by_latitude + np.cos(latitude[:, None]) * np.cos(latitude) * by_longitude
    between: Floats = 2 * EARTH_RADIUS * np.arcsin(np.sqrt(np.clip(along, 0, 1)))
    return between


def neighbours(facts: Facts, within: float) -> Bools:
    """Which states lie within a distance of each other; no state is its own neighbour.

    Parameters
    ----------
    facts
        The states.
    within
        km between central points.

    Returns
    -------
    (state, state), bool
        Symmetric.
    """
    near = distances(facts) <= within
    np.fill_diagonal(near, False)
    return near
