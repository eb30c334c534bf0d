"""Where those who flee arrive: how the newly displaced of 2005-07 split over hosts.

The share of host j among those who leave an origin is ``exp(score_j) / Σ exp(score)``, with the score that
the model gives a host: `migsim.world.displacement.host_scores`. The coefficients minimise the cross-entropy
of observed and modelled shares, summed over origins. An origin weighs by log10 of its arrivals: with equal
weights tiny flows would decide, with persons one country.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from migsim.calibration.arrivals import COEFFICIENTS, LEAST_ARRIVALS, Flight, flights
from migsim.calibration.fits import Array, Fit, interval, jackknife
from migsim.provenance.parameters import registry
from migsim.provenance.sources import findings

if TYPE_CHECKING:
    from migsim.facts import Facts

__all__ = ["Origin", "Split", "fit_flight", "published", "shares", "split"]

LITERATURE: Final = {
    "diaspora": ("network", "low"),
    "distance": ("dist", "central"),
    "capacity": ("pop_d", "central"),
}
"""Published values, towards which the fit is drawn; of borders there are none."""
RIDGE: Final = 0.1
"""Cost of a coefficient at twice its published value, in nats, against the mean cross-entropy."""
SMALL_FLIGHT: Final = 5_000
"""Persons newly abroad in the smaller flights, for comparison."""
PRECISION: Final = 1e-10


@dataclass(frozen=True, slots=True)
class Origin:
    """How well the split of one origin is met: half the sum of absolute differences of shares, in [0, 1].

    ``before``: with published values and no borders; ``after``: with the fit; ``left_out``: with a fit that
    has not seen this origin.
    """

    origin: str
    arrivals: float
    before: float
    after: float
    left_out: float


@dataclass(frozen=True, eq=False)
class Split:
    """Coefficients, their standard errors, and errors by origin and in the mean.

    ``entropy_*``: mean Kullback-Leibler divergence of modelled from observed shares, nats.
    """

    coefficients: Array
    standard_errors: Array
    origins: tuple[Origin, ...]
    entropy_before: float
    entropy_after: float
    entropy_left_out: float

    def mean(self, which: str, *, by_persons: bool = False) -> float:
        """Mean error over origins, by the weights of the fit or by persons."""
        arrivals = np.array([each.arrivals for each in self.origins])
        weights = arrivals if by_persons else np.log10(arrivals)
        return float(np.average([getattr(each, which) for each in self.origins], weights=weights))


def shares(terms: Array, coefficients: Array) -> Array:
    """Shares of the hosts by their scores, ``(host,)``."""
    scores = terms @ coefficients
    weights = np.exp(scores - scores.max())
    found: Array = weights / weights.sum()
    return found


def published() -> Array:
    """Published coefficients, zero for borders, of which none is published."""
    values = [LITERATURE.get(name) for name in COEFFICIENTS]
    return np.array([abs(float(getattr(findings()[row[0]], row[1]))) if row else 0.0 for row in values])


def split(origins: Sequence[Flight], ridge: float = RIDGE) -> Split:
    """Fit the coefficients, and leave out one origin at a time for errors one can trust."""

    def without(kept: NDArray[np.bool_]) -> Array:
        return _coefficients([each for each, is_kept in zip(origins, kept, strict=True) if is_kept], ridge)

    n, fitted = len(origins), _coefficients(origins, ridge)
    left_out, errors = jackknife(without, n)
    ways = ([published()] * n, [fitted] * n, list(left_out))
    met = [
        Origin(each.origin, each.arrivals, *(_distance(each, b) for b in by_way))
        for each, *by_way in zip(origins, *ways, strict=True)
    ]
    entropies = [
        np.average(
            [_divergence(each, b) for each, b in zip(origins, way, strict=True)],
            weights=[each.weight for each in origins],
        )
        for way in ways
    ]
    return Split(fitted, errors, tuple(met), *map(float, entropies))


def _coefficients(origins: Sequence[Flight], ridge: float) -> Array:
    from scipy import optimize

    aims = published()
    is_drawn = aims > 0.0
    scale = np.where(is_drawn, aims, 1.0)
    total = sum(each.weight for each in origins)

    def loss(b: Array) -> tuple[float, Array]:
        off = np.where(is_drawn, (b - aims) / scale, 0.0)
        value, slope = ridge * float(off @ off), 2.0 * ridge * off / scale
        for each in origins:
            modelled, share = shares(each.terms, b), each.weight / total
            value -= share * float(each.observed @ np.log(np.maximum(modelled, 1e-300)))
            slope = slope - share * each.terms.T @ (each.observed - modelled)
        return value, slope

    bounds = [_bounds(name) for name in COEFFICIENTS]
    found = optimize.minimize(
        loss, aims, jac=True, method="L-BFGS-B", bounds=bounds, options={"ftol": 1e-15, "gtol": PRECISION}
    )
    return np.asarray(found.x, dtype=np.float64)


def _bounds(name: str) -> tuple[float, float]:
    """What the unit of a coefficient admits."""
    unit = registry()[f"world.displacement.{name}"].quantity
    return unit.minimum, unit.maximum


def _distance(flight: Flight, coefficients: Array) -> float:
    return 0.5 * float(np.abs(flight.observed - shares(flight.terms, coefficients)).sum())


def _divergence(flight: Flight, coefficients: Array) -> float:
    some = flight.observed > 0.0
    modelled = shares(flight.terms, coefficients)[some]
    return float(flight.observed[some] @ np.log(flight.observed[some] / modelled))


def fit_flight(facts: Facts, small_stock: float) -> tuple[tuple[Fit, ...], Split]:
    """The coefficients of the split over hosts; of two counts of the diaspora the one that fits better."""
    both = {
        counted: split(flights(facts, small_stock, with_refugees=counted == "with"))
        for counted in ("with", "without")
    }
    better = min(both, key=lambda counted: both[counted].entropy_left_out)
    chosen = both[better]
    more = split(flights(facts, small_stock, with_refugees=better == "with", least=SMALL_FLIGHT))
    notes = (*_notes(both, better), _of_small_flights(more))
    return tuple(_fit(each, chosen, notes) for each in range(len(COEFFICIENTS))), chosen


def _notes(both: dict[str, Split], better: str) -> tuple[str, ...]:
    chosen = both[better]
    (other,) = (counted for counted in both if counted != better)

    def errors(*, by_persons: bool) -> str:
        ways = ("before", "after", "left_out")
        return ", ".join(f"{chosen.mean(way, by_persons=by_persons):.3f}" for way in ways)

    def entropies(one: Split) -> str:
        return f"{one.entropy_before:.3f}, {one.entropy_after:.3f}, {one.entropy_left_out:.3f}"

    return (
        "share placed with a wrong host, with published values and no borders, with the fit, and for an"
        f" origin left out of it: {errors(by_persons=False)}; weighted by persons {errors(by_persons=True)}",
        f"divergence from observed shares likewise, nats: {entropies(chosen)}; had the diaspora been counted"
        f" {other} refugees: {entropies(both[other])}",
        "changes of counts include new registration: Germany's register (BIH, HRV, TUR), people in situations"
        " like refugees' counted from 2007 on (COL), estimates from asylum granted (CAN, USA)",
    )


def _of_small_flights(more: Split) -> str:
    """What the smaller flights of asylum seekers would change: how far the choice of origins decides."""
    found = zip(COEFFICIENTS, more.coefficients, more.standard_errors, strict=True)
    said = ", ".join(f"{name} {value:.2f} (se {error:.2f})" for name, value, error in found)
    return (
        f"not adopted: the {len(more.origins)} origins with {SMALL_FLIGHT:,} or more, which are partly"
        f" far-flung asylum rather than mass flight, give {said};"
        f" wrong host {more.mean('before'):.3f}, {more.mean('after'):.3f}, {more.mean('left_out'):.3f}"
    )


def _fit(place: int, chosen: Split, notes: tuple[str, ...]) -> Fit:
    name, value = COEFFICIENTS[place], float(chosen.coefficients[place])
    error = float(chosen.standard_errors[place])
    low, high = interval(value, error)
    least, most = _bounds(name)
    return Fit(
        id=f"flight_{name}",
        path=f"world.displacement.{name}",
        value=value,
        standard_error=error,
        low=max(low, least),
        high=min(high, most),
        target=f"split over hosts of the newly displaced 2005-07, origins with {LEAST_ARRIVALS:,} or more",
        figures=(
            "refugees.csv 2005, 2007; corridors.csv 2000, 2005; borders.csv; states.csv; panel.csv 2000-2007"
        ),
        n=len(chosen.origins),
        error_before=chosen.mean("before"),
        error=chosen.mean("left_out"),
        error_unit="share arriving elsewhere, mean of origins left out",
        method=(
            "multinomial cross-entropy over origins (scipy L-BFGS-B), drawn to published values with weight"
            f" {RIDGE:g}; standard error: jackknife over origins"
        ),
        notes=notes if place == 0 else (),
    )
