"""The worlds of one scenario in the plane of the triple win: who wins in them, and where most of them lie."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, Any, Final

from migsim.plots.wording import NOTHING, percent, several_words

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

__all__ = ["FEWEST", "Cloud", "cloud_of", "region_of_most", "who_loses"]

FEWEST: Final = 20
"""Worlds below which no region is drawn."""
REGION: Final = 0.9
"""Share of worlds that the region holds."""


@dataclass(frozen=True, slots=True)
class Cloud:
    """The worlds of one scenario: gains of hosts, departure countries and migrants, and who wins."""

    hosts: np.ndarray[Any, Any]
    departures: np.ndarray[Any, Any]
    migrants: np.ndarray[Any, Any]
    wins: np.ndarray[Any, Any]

    @property
    def n(self) -> int:
        """How many worlds."""
        return len(self.hosts)


def cloud_of(rows: pd.DataFrame, margin: float) -> Cloud:
    """The worlds of one scenario of which all three gains are known."""
    import numpy as np

    names = [f"gain_{group}" for group in ("hosts", "departures", "migrants")]
    if rows.empty:
        none = np.zeros(0)
        return Cloud(none, none, none, np.zeros(0, dtype=bool))
    values = rows[names].to_numpy(float)
    kept = np.isfinite(values).all(axis=1)
    won = rows["weakest"].to_numpy(float) > margin if "weakest" in rows else (values > 0.0).all(axis=1)
    hosts, departures, migrants = values[kept].T
    return Cloud(hosts, departures, migrants, np.asarray(won[kept]))


def region_of_most(
    x: np.ndarray[Any, Any], y: np.ndarray[Any, Any], share: float = REGION
) -> np.ndarray[Any, Any]:
    """Corners of the convex line around the ``share`` of points nearest their medians, ``(corner, 2)``.

    Near is counted in units of the points' own spread and lean (Mahalanobis). Without corners where there are
    fewer than ten points or they lie on a line.
    """
    import numpy as np
    from scipy.spatial import ConvexHull, QhullError

    nothing = np.zeros((0, 2))
    points = np.column_stack([x, y])
    if len(points) < FEWEST or min(np.ptp(x), np.ptp(y)) <= NOTHING:
        return nothing
    scaled = (points - np.median(points, axis=0)) / np.std(points, axis=0)
    inverse = np.linalg.pinv(np.cov(scaled.T))
    far = (scaled[:, :, None] * inverse * scaled[:, None, :]).sum(axis=(1, 2))
    nearest = np.argsort(far, kind="stable")[: ceil(share * len(points))]
    try:
        hull = ConvexHull(scaled[nearest])
    except QhullError:
        return nothing
    corners: np.ndarray[Any, Any] = points[nearest][hull.vertices]
    return corners


def who_loses(cloud: Cloud) -> str:
    """Who stands in the way where not all gain."""
    if cloud.wins.all():
        return ""
    lost = ~cloud.wins
    shares = {
        "hosts": float((cloud.hosts[lost] <= 0.0).mean()),
        "departure countries": float((cloud.departures[lost] <= 0.0).mean()),
        "migrants": float((cloud.migrants[lost] <= 0.0).mean()),
    }
    still = all(
        float(abs(getattr(cloud, axis)).max()) <= NOTHING for axis in ("hosts", "departures", "migrants")
    )
    if still:
        return ": nobody gains or loses anything"
    who = max(shares, key=lambda name: shares[name])
    if cloud.n == 1:
        return f": {several_words([name for name, share in shares.items() if share])} do not"
    return f"; where not, {who} do not gain in {percent(shares[who])} of cases"
