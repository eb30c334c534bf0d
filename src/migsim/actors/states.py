"""States as actors: roles as weights, and capability in a negotiation.

Many states send, receive and are crossed at once (evidence s-triple-role): each has shares of the roles host,
departure and transit that sum to one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from migsim.facts.circumstances import exit_rates, free_movement_since, wanting_less
from migsim.world.corridors import Array, Index
from migsim.world.setting import States

if TYPE_CHECKING:
    from migsim.facts import Completed, Facts

__all__ = ["StateParameters", "assemble", "capability", "is_host", "lies_between", "role_weights"]


@dataclass(frozen=True)
class StateParameters:
    """Registry group ``actors.states``, each ``(..., 1)`` and held: roles are the same in every replicate."""

    most_transit: Array
    transit_distance: Array
    transit_population: Array
    rich: Array
    size_counts: Array


def role_weights(
    immigrants: Array,
    emigrants: Array,
    paid: Array,
    received: Array,
    product: Array,
    between: Array,
    most_transit: float,
) -> tuple[Array, Array, Array]:
    """Shares of the roles host, departure and transit, each ``(state,)``, summing to one.

    ``host : departure`` is the mean of two ratios: immigrants to emigrants, and remittances paid to received.
    Transit is ``most_transit * between``, see `lies_between`; the other two share the rest.

    Parameters
    ----------
    immigrants, emigrants : array
        Persons, base year.
    paid, received : array
        Remittances as million dollars; where what is paid is not reported (nan), people alone count.
    product : array
        Million dollars a year; a state without any remittances is placed by people alone.
    between : array
        How far the state lies between richer and poorer ones, in [0, 1).
    most_transit : float
        Largest share of the transit role, in [0, 1].
    """
    by_people = immigrants / np.maximum(immigrants + emigrants, 1.0)
    money = paid + received
    is_known = ~np.isnan(paid) & (money > 1e-5 * product)
    by_money = np.where(is_known, paid / np.maximum(money, 1e-9), by_people)
    host = 0.5 * (by_people + by_money)
    transit = most_transit * between
    return host * (1.0 - transit), (1.0 - host) * (1.0 - transit), transit


def lies_between(
    income: Array, population: Array, distance: Array, within: float, rich: float, smallest: float
) -> Array:
    """How far each state lies between a richer one to go on to and a poorer one to come from, in [0, 1).

    ``tanh(min(ln(richest near / own), ln(own / poorest near)))``, at least 0; incomes above ``rich`` count as
    that much, for nobody passes through one rich state to a richer one (assumption).

    Parameters
    ----------
    income, population : array, shape ``(state,)``
        Income per head; persons.
    distance : array, shape ``(state, state)``, km
    within : float
        Distance within which a state is near, km.
    rich : float
        Income per head beyond which a state is a destination.
    smallest : float
        Population below which a state is neither where people go on to nor where they come from.
    """
    level = np.log(np.minimum(income, rich))
    near = (distance <= within) & ((population >= smallest) | np.eye(income.size, dtype=np.bool_))
    above = np.where(near, level[None, :], -np.inf).max(axis=1) - level
    below = level - np.where(near, level[None, :], np.inf).min(axis=1)
    between: Array = np.tanh(np.maximum(np.minimum(above, below), 0.0))
    return between


def capability(product: Array, population: Array, size_counts: float) -> Array:
    """Weight of a state in a negotiation, mean one.

    ``(product share * population share)^(size / 2)`` (assumption).

    Parameters
    ----------
    product, population : array, shape ``(state,)``
    size_counts : float
        0: all states weigh the same; 1: in proportion to the geometric mean of product and population.
    """
    size = np.sqrt((product / product.mean()) * (population / population.mean())) ** size_counts
    weight: Array = size / size.mean()
    return weight


def is_host(states: States) -> NDArray[np.bool_]:
    """Which states are `HostState` agents: the larger of the two shares decides, ``(state,)`` of bool."""
    return states.host >= states.departure


def assemble(facts: Facts, completed: Completed, distance: Array, order: Index, p: StateParameters) -> States:
    """Put the member states of a run on the state axis.

    Roles are found among all registered states, so that a state's do not depend on which others a run has.
    """
    between = lies_between(
        completed.income_2005,
        completed.population[:, 1],
        distance,
        within=float(p.transit_distance[0, 0]),
        rich=float(p.rich[0, 0]),
        smallest=float(p.transit_population[0, 0]),
    )
    product = completed.income_2005[order] * completed.population[order, 1] / 1e6
    population = completed.population[order, 1]
    hosted = np.zeros(facts.n_states)
    np.add.at(hosted, facts.refugee_host, facts.refugees[:, 0])
    hosted_per_head = hosted[order] / population
    host, departure, transit = role_weights(
        completed.immigrants[order, 1],
        facts.emigrants[order, 1],
        facts.remittances_paid_2005[order],
        completed.remittances_received_2005[order],
        product,
        between[order],
        float(p.most_transit[0, 0]),
    )
    return States(
        iso3=tuple(facts.iso3[i] for i in order),
        name=tuple(facts.name[i] for i in order),
        region=tuple(facts.region[i] for i in order),
        subregion=tuple(facts.subregion[i] for i in order),
        income_group=tuple(facts.income_group[i] for i in order),
        registered=order,
        region_index=facts.region_index[order],
        subregion_index=facts.subregion_index[order],
        is_developed=facts.is_developed[order].astype(float),
        is_least_developed=facts.is_least_developed[order].astype(float),
        member_since=facts.member_since[order].astype(float),
        latitude=facts.latitude[order],
        longitude=facts.longitude[order],
        host=host,
        departure=departure,
        transit=transit,
        capability=capability(product, population, float(p.size_counts[0, 0])),
        refugees_hosted=hosted_per_head,
        exits=exit_rates(facts)[order],
        wanting_less=wanting_less(facts)[order],
        moves_freely_since=free_movement_since(facts)[order],
    )
