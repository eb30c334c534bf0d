"""Who newly fled in 2005-07, and what describes the hosts among whom they split."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from migsim.calibration.fits import Array
from migsim.calibration.seen import incomes, pairs
from migsim.facts.codes import BASE_YEAR
from migsim.world.displacement import DisplacementParameters, host_scores

if TYPE_CHECKING:
    from migsim.facts import Facts

__all__ = ["COEFFICIENTS", "LEAST_ARRIVALS", "Flight", "flights"]

COEFFICIENTS: Final = tuple(field.name for field in fields(DisplacementParameters))
"""Those of the model's score of a host, in the order of the terms; rows under ``world.displacement``."""
LEAST_ARRIVALS: Final = 30_000
"""Persons newly abroad from an origin, for its split to be fitted: scenarios declare mass flight."""


@dataclass(frozen=True, eq=False)
class Flight:
    """One origin: its hosts, what describes them, and how its newly displaced split over them.

    ``terms``: ``(host, coefficient)``; ``observed``: ``(host,)`` shares; ``arrivals``: persons.
    """

    origin: str
    hosts: NDArray[np.intp]
    terms: Array
    observed: Array
    arrivals: float

    @property
    def weight(self) -> float:
        """Weight of the origin in the fit."""
        return float(np.log10(self.arrivals))


def flights(
    facts: Facts, small_stock: float, *, with_refugees: bool = True, least: float = LEAST_ARRIVALS
) -> tuple[Flight, ...]:
    """Origins with enough new refugees abroad, 2005-07.

    Hosts are states with migrants or refugees from the origin, or touching it by land or over a narrow sea;
    none across a closed border.

    Parameters
    ----------
    facts
        Figures, those after 2007 removed.
    small_stock
        Persons added to each diaspora, as in the model.
    with_refugees
        Whether refugees already there count as diaspora.
    least
        Arrivals from which on an origin is taken.
    """
    from migsim.facts import borders, distances

    touching, distance = borders(facts), distances(facts)
    before, after = (
        pairs(facts, facts.refugee_origin, facts.refugee_host, facts.refugees[:, k]) for k in (0, 1)
    )
    first, stock = (
        pairs(facts, facts.corridor_origin, facts.corridor_destination, facts.corridor_stock[:, k])
        for k in (0, 1)
    )
    diaspora = np.maximum(stock, before) if with_refugees else np.maximum(stock - before, 0.0)
    border = touching.land & ~touching.closed
    is_host = (first + stock + before + after > 0.0) | border | touching.sea
    is_host &= ~touching.closed
    np.fill_diagonal(is_host, False)
    product = facts.population[:, facts.year(BASE_YEAR)] * incomes(facts)
    arriving = np.where(is_host, np.maximum(after - before, 0.0), 0.0)
    found = []
    for origin in np.flatnonzero(arriving.sum(axis=1) >= least):
        hosts = np.flatnonzero(is_host[origin])
        terms = _terms(
            diaspora[origin, hosts] + small_stock,
            distance[origin, hosts],
            border[origin, hosts].astype(np.float64),
            touching.sea[origin, hosts].astype(np.float64),
            product[hosts],
        )
        arrivals = float(arriving[origin].sum())
        observed = arriving[origin, hosts] / arrivals
        found.append(Flight(facts.iso3[origin], hosts, terms, observed, arrivals))
    return tuple(found)


def _terms(diaspora: Array, distance: Array, border: Array, crossing: Array, product: Array) -> Array:
    """The model's score of each host with one coefficient at one and the others at zero, in turn."""
    terms = []
    for name in COEFFICIENTS:
        alone = DisplacementParameters(**{each: np.array([float(each == name)]) for each in COEFFICIENTS})
        terms.append(host_scores(diaspora, distance, border, crossing, product, alone))
    return np.column_stack(terms)
