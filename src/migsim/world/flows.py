"""Flows and stocks of people on corridors, in ratio-to-base form.

With every elasticity at zero a corridor continues its movement of 2000-05. Each factor is the ratio of a
driver to its base value, so that the base year is reproduced exactly::

    F_jk = F0_jk (y_j/y_j0)^a (S/S0)^b (N_i/N_i0)^d (n_j/n_j0)^r exp(h(y_i) - h(y_i0) - e du_j + o_jk)

``N_i`` are the natives of the origin, ``n_j`` the share of natives in the host (where few are left, there is
less room and fewer can leave), ``o_jk`` the openness to the class. A host that closes deflects: part of the
deterred regular movers come without papers, part go to other hosts.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from migsim.world.corridors import Array, Corridors
from migsim.world.displacement import displace
from migsim.world.state import Conditions, People, World
from migsim.world.vocabulary import CLASSES

if TYPE_CHECKING:
    from migsim.world.setting import Base, Setting

__all__ = ["FlowParameters", "hump", "move_people"]

SKILLED, REGULAR, IRREGULAR, DISPLACED = range(len(CLASSES))
HUMP, NO_HUMP, DENIAL = range(3)


@dataclass(frozen=True)
class FlowParameters:
    """Registry group ``world.flows``, each ``(..., 1)``; see there for units, ranges and sources."""

    income_destination: Array
    income_origin: Array
    hump: Array
    hump_turn: Array
    denial: Array
    network: Array
    population_origin: Array
    room: Array
    unemployment_destination: Array
    deflection: Array
    diversion: Array
    noise: Array
    death: Array
    overstay: Array
    regularisation: Array
    settlement_of_displaced: Array
    return_skilled: Array
    return_regular: Array
    return_irregular: Array
    return_displaced: Array
    largest_growth: Array


def hump(income: Array, p: FlowParameters) -> Array:
    """Log effect of income in the origin on leaving, ``(..., state)``.

    The elasticity is ``b (1 - s) / (1 + s)`` with ``s`` the income relative to the turning point, hence
    ``h = b (ln s - 2 ln(1 + s))``; under the contrary finding a small constant elasticity.
    Source: literature inc_orig_poor, hump_turn, hump_dispute.
    """
    s = income / p.hump_turn
    log_s = np.log(s)
    curved = p.income_origin * (log_s - 2.0 * np.log(1.0 + s))
    return np.where(p.hump == HUMP, curved, np.where(p.hump == DENIAL, p.denial * log_s, 0.0))


def return_rates(conditions: Conditions, corridors: Corridors, p: FlowParameters) -> Array:
    """Yearly share of each class that goes home, ``(..., class, corridor)``, at most one half."""
    coming_and_going = conditions.at_host("return_regular").take(corridors.destination, axis=-1)
    readmitted = conditions.at_host("return_irregular").take(corridors.destination, axis=-1)
    flexible, forced = np.exp(coming_and_going), np.exp(readmitted)
    rates = [
        p.return_skilled * flexible,
        p.return_regular * flexible,
        p.return_irregular * forced,
        p.return_displaced * np.ones_like(flexible),
    ]
    return np.minimum(np.stack(rates, axis=-2), 0.5)


def openness(conditions: Conditions, corridors: Corridors) -> Array:
    """Log openness of each class and corridor relative to the base year, ``(..., class, corridor)``.

    How many are displaced is scenario input; openness to them acts on where they go.
    """
    by_class = [
        corridors.from_both_ends(conditions.at_origin(f"openness_{k}"), conditions.at_host(f"openness_{k}"))
        for k in CLASSES[:DISPLACED]
    ]
    return np.stack([*by_class, np.zeros_like(by_class[0])], axis=-2)


def native_share(world: World, base: Base, corridors: Corridors) -> Array:
    """Those born where they live as a share of the population, ``(..., state)``, in [0.02, 1]."""
    immigrants = corridors.by_destination(world.people.stock.sum(axis=-2)) + base.unattributed
    return np.clip(1.0 - immigrants / world.people.population, 0.02, 1.0)


def drivers(world: World, base: Base, corridors: Corridors, p: FlowParameters) -> Array:
    """Log ratio of flows to the base: income, jobs, diaspora and people, ``(..., corridor)``."""
    income, unemployment = world.economies.income, world.economies.unemployment
    pull = p.income_destination * np.log(income / base.income)
    pull = pull - p.unemployment_destination * 100.0 * (unemployment - base.unemployment)
    natives = native_share(world, base, corridors)
    push = hump(income, p) - base.hump
    push = push + p.population_origin * np.log(world.people.population * natives / base.natives)
    pull = pull + p.room * np.log(natives * base.population / base.natives)
    diaspora = p.network * np.log((world.people.stock.sum(axis=-2) + base.small_stock) / base.diaspora)
    return corridors.from_both_ends(push, pull) + diaspora


def deflect(potential: Array, actual: Array, corridors: Corridors, p: FlowParameters) -> Array:
    """Add to ``actual`` those whom a change of openness to regular movers sends elsewhere.

    Of the deterred on a corridor, ``deflection`` come irregularly to the same host and ``diversion`` to other
    hosts in proportion to what these usually receive, as far as they are open; openings work the other way.
    Source: literature deflect_visa, visa_divert.
    """
    deterred = potential[..., REGULAR, :] - actual[..., REGULAR, :]
    usual = np.ascontiguousarray(potential[..., REGULAR, :])
    elsewhere = corridors.by_origin(usual).take(corridors.origin, axis=-1) - usual
    has_choice = elsewhere > 1e-9
    sent = np.where(has_choice, p.diversion * deterred / np.where(has_choice, elsewhere, 1.0), 0.0)
    pool = corridors.by_origin(sent).take(corridors.origin, axis=-1)
    diverted = (pool - sent) * actual[..., REGULAR, :]
    moved = actual.copy()
    moved[..., IRREGULAR, :] += p.deflection * deterred
    moved[..., REGULAR, :] += diverted
    return np.maximum(moved, 0.0)


def transitions(stock: Array, conditions: Conditions, corridors: Corridors, p: FlowParameters) -> Array:
    """Net change of class within a corridor, ``(..., class, corridor)``; sums to zero over classes."""
    regularised = np.clip(p.regularisation + conditions.at_host("regularisation"), 0.0, 0.5)
    gains_papers = regularised.take(corridors.destination, axis=-1) * stock[..., IRREGULAR, :]
    loses_papers = p.overstay * stock[..., REGULAR, :]
    settles = p.settlement_of_displaced * stock[..., DISPLACED, :]
    change = np.zeros_like(stock)
    change[..., REGULAR, :] = gains_papers - loses_papers + settles
    change[..., IRREGULAR, :] = loses_papers - gains_papers
    change[..., DISPLACED, :] = -settles
    return change


def move_people(world: World, setting: Setting) -> World:
    """One year of departures, arrivals, returns, deaths and changes of class; people are conserved."""
    p = setting.parameters.group(FlowParameters, "world.flows")
    base, corridors, people = setting.base, setting.corridors, world.people
    log_growth = drivers(world, base, corridors, p) + flow_noise(world, setting, p)
    limit = np.log(p.largest_growth)
    potential = base.flow * np.exp(np.clip(log_growth, -limit, limit))[..., None, :]
    actual = potential * np.exp(openness(world.conditions, corridors))
    flow = deflect(potential, actual, corridors, p)
    returns = return_rates(world.conditions, corridors, p) * people.stock
    staying = 1.0 - p.death - p.settlement_of_displaced
    flow, returns = displace(flow, returns, staying, world, setting)
    changed = transitions(people.stock, world.conditions, corridors, p)
    stock = people.stock + flow - returns - p.death[..., None] * people.stock + changed
    return replace(world, people=settle(np.maximum(stock, 0.0), flow, returns, world, setting))


def settle(stock: Array, flow: Array, returns: Array, world: World, setting: Setting) -> People:
    """Carry moves over to the populations: natural increase, plus who came, minus who went."""
    corridors, people = setting.corridors, world.people
    out, back = flow.sum(axis=-2), returns.sum(axis=-2)
    inflow = corridors.by_destination(out) + corridors.by_origin(back)
    outflow = corridors.by_origin(out) + corridors.by_destination(back)
    population = people.population * (1.0 + setting.base.natural_increase) + inflow - outflow
    return People(stock, flow, returns, population, inflow, outflow)


def flow_noise(world: World, setting: Setting, p: FlowParameters) -> Array:
    """Yearly disturbance of log flows, common to a destination, ``(..., corridor)``."""
    draws = setting.noise.state_normals("flows", setting.states.registered, year=world.year)[..., 0]
    return p.noise * draws.take(setting.corridors.destination, axis=-1)
