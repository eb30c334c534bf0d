"""How many more people come where compatriots live: a gravity model of the new migration of 2000-05.

The yearly flows of the model answer to the diaspora by an elasticity, `world.flows.network`. It is estimated
from the positive changes of stocks on corridors, by Poisson pseudo-maximum likelihood::

    E[max(0, S2005 − S2000)] = exp(b ln(S2000 + s) − d ln(distance) + o_i + h_j)

Source of the estimator: Santos Silva & Tenreyro 2006, who show that it stays consistent with many zeros and
uneven variance. Everything that makes an origin push and a host attract, incomes and policies included, is in
the effects o_i and h_j (Beine, Docquier & Özden 2011; Bertoli & Fernández-Huertas Moraga 2013 on resistance
by other hosts), so that the estimate with effects is adopted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from migsim.calibration.fits import Array, Fit, interval, rounded
from migsim.facts.codes import BASE_YEAR
from migsim.provenance.sources import findings

if TYPE_CHECKING:
    from migsim.facts import Facts

__all__ = ["Estimates", "Sample", "fit_network", "poisson", "sample", "with_effects", "without_effects"]

TERMS: Final = (
    "diaspora", "distance", "income of the origin", "income of the host", "population of the origin",
    "population of the host",
)  # fmt: skip
# Beyond exp(±30) a mean of flows in units of their mean is no number of people.
LARGEST_EXPONENT: Final = 30.0
PRECISION: Final = 1e-9


@dataclass(frozen=True, eq=False)
class Sample:
    """Corridors of 2000-05: new migrants ``(corridor,)``, terms in logs ``(corridor, term)``, and ends."""

    new: Array
    terms: Array
    origin: NDArray[np.intp]
    destination: NDArray[np.intp]

    def only(self, kept: NDArray[np.bool_]) -> Sample:
        """The corridors of a choice."""
        return Sample(self.new[kept], self.terms[kept], self.origin[kept], self.destination[kept])


@dataclass(frozen=True, eq=False)
class Estimates:
    """Coefficients and their standard errors by destination, and the share of deviance not explained."""

    coefficients: Array
    standard_errors: Array
    deviance: float
    n: int

    def said(self, term: int) -> str:
        """One coefficient in words."""
        return f"{self.coefficients[term]:.2f} (se {self.standard_errors[term]:.2f})"


def sample(facts: Facts, small_stock: float) -> Sample:
    """Corridors between states, their new migrants of 2000-05 and what may explain them.

    Parameters
    ----------
    facts
        Figures, those after 2007 removed.
    small_stock
        Persons added to each stock, as in the model.
    """
    from migsim.facts import distances

    origin, destination = facts.corridor_origin, facts.corridor_destination
    before, after = facts.corridor_stock[:, 0], facts.corridor_stock[:, 1]
    years = slice(facts.year(2000), facts.year(BASE_YEAR) + 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        known = np.isfinite(facts.income[:, years])
        income = np.where(known, np.log(facts.income[:, years]), 0.0).sum(axis=1) / known.sum(axis=1)
    population = np.log(facts.population[:, facts.year(2000)])
    terms = [
        np.log(before + small_stock),
        np.log(distances(facts)[origin, destination]),
        income[origin],
        income[destination],
        population[origin],
        population[destination],
    ]
    return Sample(np.maximum(after - before, 0.0), np.column_stack(terms), origin, destination)


def without_effects(corridors: Sample) -> Estimates:
    """All terms and a constant, on the corridors between states whose income is known."""
    known = corridors.only(np.isfinite(corridors.terms).all(axis=1))
    return poisson(known, np.column_stack([_centred(known.terms), np.ones(len(known.new))]))


def with_effects(corridors: Sample) -> Estimates:
    """Diaspora and distance, and an effect for each origin and each host.

    An origin or host without any new migrant says nothing about the terms, and is left out.
    """
    kept = corridors
    while True:
        leaving = np.bincount(kept.origin, kept.new)[kept.origin] > 0
        coming = np.bincount(kept.destination, kept.new)[kept.destination] > 0
        if (leaving & coming).all():
            break
        kept = kept.only(leaving & coming)
    origins, hosts = _indicators(kept.origin), _indicators(kept.destination)
    return poisson(kept, np.hstack([_centred(kept.terms[:, :2]), origins, hosts[:, 1:]]))


def _centred(terms: Array) -> Array:
    """Terms less their means, which leaves their coefficients alone and helps the optimiser."""
    less: Array = terms - terms.mean(axis=0)
    return less


def _indicators(index: NDArray[np.intp]) -> Array:
    labels = np.unique(index)
    indicators: Array = (index[:, None] == labels).astype(np.float64)
    return indicators


def poisson(corridors: Sample, design: Array) -> Estimates:
    """Poisson pseudo-maximum likelihood, with standard errors that allow for clusters by destination.

    The score of a coefficient sums ``x (y − μ)``, the curvature ``x x' μ``; covariance: curvature⁻¹
    (sum over clusters of the outer products of their scores) curvature⁻¹.
    """
    from scipy import optimize, sparse

    observed, n = corridors.new / corridors.new.mean(), len(design)
    # Of the hundreds of effects each corridor has two: all else is zero.
    some = sparse.csr_array(design)

    def exponent(b: Array) -> Array:
        return np.clip(design @ b, -LARGEST_EXPONENT, LARGEST_EXPONENT)

    def loss(b: Array) -> tuple[float, Array]:
        eta = exponent(b)
        mu = np.exp(eta)
        return float((mu - observed * eta).sum() / n), np.asarray(design.T @ (mu - observed) / n)

    def curvature(b: Array) -> Array:
        weighted = some.multiply(np.exp(exponent(b))[:, None])
        return np.asarray((some.T @ weighted).toarray() / n)

    found = optimize.minimize(
        loss, np.zeros(design.shape[1]), jac=True, hess=curvature, method="trust-exact",
        options={"gtol": PRECISION},
    )  # fmt: skip
    mu = np.exp(exponent(found.x))
    bread = np.linalg.pinv(curvature(found.x) * n)
    clusters = _indicators(corridors.destination).T @ (design * (observed - mu)[:, None])
    few = len(clusters) / (len(clusters) - 1)
    errors = np.sqrt(few * np.diag(bread @ (clusters.T @ clusters) @ bread))
    return Estimates(found.x, errors, _deviance(observed, mu) / _deviance(observed, np.ones(n)), n)


def _deviance(observed: Array, mean: Array) -> float:
    some = observed > 0
    terms = mean - observed
    terms[some] += observed[some] * np.log(observed[some] / mean[some])
    return float(2.0 * terms.sum())


def fit_network(facts: Facts, small_stock: float) -> Fit:
    """The elasticity of new migration to the diaspora, with the published range beside it."""
    corridors = sample(facts, small_stock)
    plain, full = without_effects(corridors), with_effects(corridors)
    value, error = float(full.coefficients[0]), float(full.standard_errors[0])
    published = findings()["network"]
    least, most = float(published.low), float(published.central)
    low, high = interval(value, error)
    place = "within" if least <= rounded(value) <= most else "OUTSIDE"
    others = ", ".join(f"{TERMS[term]} {plain.said(term)}" for term in range(1, len(TERMS)))
    return Fit(
        id="network",
        path="world.flows.network",
        value=value,
        standard_error=error,
        low=min(low, least),
        high=max(high, most),
        target="new migrants by corridor, positive changes of stocks 2000-05",
        figures="corridors.csv 2000, 2005; states.csv; panel.csv 2000-2005",
        n=full.n,
        error_before=1.0,
        error=full.deviance,
        error_unit="share of deviance unexplained",
        method=(
            "Poisson pseudo-maximum likelihood with effects of origins and hosts (scipy trust-exact);"
            " standard errors by destination; range: 90 % interval and published range together"
        ),
        notes=(
            f"{value:.2f} is {place} the published range {least:g} to {most:g}",
            f"without effects: diaspora {plain.said(0)}; {others};"
            f" {plain.deviance:.0%} of the deviance is left",
            f"with effects: distance {full.said(1)}",
            "elasticities to income in the cross-section compare states, not what a rise of income changes"
            " within one: they are not adopted",
            "changes of stocks are net of deaths and returns: they are not flows",
        ),
    )
