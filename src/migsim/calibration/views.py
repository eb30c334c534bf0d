"""How many want less immigration where nobody asked: two levels that agree with the published means."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from migsim.calibration.fits import Array, Fit
from migsim.facts.codes import BASE_YEAR
from migsim.provenance.sources import findings

if TYPE_CHECKING:
    from migsim.facts import Facts

__all__ = ["MEAN_OF_EUROPE", "fit_views", "levels"]

MEAN_OF_EUROPE: Final = (0.5, 0.52, 0.6)
"""Share of Europe's adults who want less, low, central and high: an assumption. Published is "a majority"."""


def levels(facts: Facts, mean_of_europe: float, mean_of_world: float) -> Array:
    """Shares wanting less in states without a figure: in Europe, and elsewhere.

    Solved so that the means over states, weighted with their population of 2005, are those given.
    """
    from scipy import optimize

    aims = np.array([mean_of_europe, mean_of_world])

    def misses(shares: Array) -> Array:
        miss: Array = _means(facts, shares) - aims
        return miss

    found = optimize.root(misses, aims, tol=1e-12)
    return np.asarray(found.x, dtype=np.float64)


def fit_views(facts: Facts) -> tuple[Fit, Fit]:
    """The starting opinion of states without a figure."""
    from migsim.facts import wanting_less

    world = float(findings()["att_decrease"].central)
    ends = np.array([levels(facts, mean, world) for mean in MEAN_OF_EUROPE])
    low, high = ends.min(axis=0), ends.max(axis=0)
    n = int(np.isfinite(wanting_less(facts)).sum())
    before = _means(facts, np.full(2, world))
    after = _means(facts, ends[1])
    aims = np.array([MEAN_OF_EUROPE[1], world])
    targets = (
        f"mean share of Europe's adults who want less immigration, {MEAN_OF_EUROPE[1]:g} (assumption)",
        f"mean share of the world's adults who want less immigration, {world:g}",
    )
    fits = [
        Fit(
            id=f"less_{place}",
            path=f"world.base.less_{place}",
            value=float(ends[1, each]),
            standard_error=None,
            low=float(low[each]),
            high=float(high[each]),
            target=targets[each],
            figures="wanting_less.csv (asked 2012-14); literature.csv; panel.csv population 2005",
            n=n,
            error_before=float(abs(before - aims)[each]),
            error=float(abs(after - aims)[each]),
            error_unit="share",
            method=(
                "solved (scipy root); range: mean of Europe from"
                f" {MEAN_OF_EUROPE[0]:g} to {MEAN_OF_EUROPE[2]:g}"
            ),
            notes=("opinion was asked in 2012-14: there is no earlier figure, and none of it is a stock",),
        )
        for each, place in enumerate(("europe", "elsewhere"))
    ]
    return fits[0], fits[1]


def _means(facts: Facts, shares: Array) -> Array:
    """Means of Europe and of the world at given levels."""
    from migsim.facts import wanting_less

    published, weight = wanting_less(facts), facts.population[:, facts.year(BASE_YEAR)]
    in_europe = np.array([region == "Europe" for region in facts.region])
    views = np.where(np.isnan(published), np.where(in_europe, shares[0], shares[1]), published)
    europe = np.average(views[in_europe], weights=weight[in_europe])
    return np.array([europe, np.average(views, weights=weight)])
