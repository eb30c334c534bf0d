"""Flows and stocks of people on corridors, in ratio-to-base form.

With every elasticity at zero a corridor continues its movement of 2000-05. Each factor is the ratio of a
driver to its base value, so that the base year is reproduced exactly::

    F_jk = F0_jk (y_j/y_j0)^a (S/S0)^b (N_i/N_i0)^d (n_j/n_j0)^r exp(h(y_i) - h(y_i0) - e du_j + c du_i)

times the openness to the class. ``y_j`` counts relative to all hosts: movers compare them. ``N_i`` are the
natives of the origin, ``n_j`` the share of natives in the host (where few are left, there is less room and
fewer can leave). A push that a scenario declares multiplies all this. A host that closes deflects: part of
the deterred regular movers come without papers, part go to other hosts. Flows answer to incomes, jobs, stocks
and populations at the end of last year.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from migsim.world.corridors import Array, Corridors, total
from migsim.world.displacement import displace
from migsim.world.state import Conditions, People, World
from migsim.world.status import StatusParameters, change_of_status
from migsim.world.vocabulary import BASE_YEAR, CLASSES

if TYPE_CHECKING:
    from migsim.world.setting import Setting

__all__ = ["FlowParameters", "drivers", "hump", "move_people", "native_share", "return_rates"]

SKILLED, REGULAR, IRREGULAR, DISPLACED = range(len(CLASSES))
HUMP, NO_HUMP, DENIAL = range(3)


@dataclass(frozen=True)
class FlowParameters:
    """Registry group ``world.flows``, each ``(..., 1)``; see there for units, ranges and sources."""

    income_destination: Array
    free_movement: Array
    income_origin: Array
    hump: Array
    hump_turn: Array
    denial: Array
    network: Array
    population_origin: Array
    room: Array
    unemployment_destination: Array
    unemployment_origin: Array
    family_share: Array
    deflection: Array
    diversion: Array
    noise: Array
    death: Array
    return_skilled: Array
    return_regular: Array
    return_irregular: Array
    return_displaced: Array
    temporary_trend: Array
    reentry: Array
    largest_growth: Array
    most_leaving: Array


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


def return_rates(stay: Array, conditions: Conditions, year: int, p: FlowParameters) -> Array:
    """Yearly share of each class that goes home, ``(..., class, state)`` of the host, at most one half.

    ``stay``: the host's rates relative to others (`migsim.world.base.exits`). Stays grow shorter by a trend
    (s-settlement-shift), policies that let people come and go shorten them too. Source: literature exit5,
    exit5_country.
    """
    flexible = stay * np.exp(conditions.at_host("return_regular"))
    forced = stay * np.exp(conditions.at_host("return_irregular"))
    shorter = np.exp(p.temporary_trend * (year - BASE_YEAR))
    rates = [
        p.return_skilled * flexible,
        p.return_regular * flexible * shorter,
        p.return_irregular * forced,
        p.return_displaced * np.ones_like(flexible),
    ]
    return np.minimum(np.stack(rates, axis=-2), 0.5)


def openness(conditions: Conditions, p: FlowParameters) -> tuple[tuple[Array, ...], tuple[Array, ...]]:
    """Openness to the skilled, regular and irregular relative to the base year, of hosts and of origins.

    Each ``(..., state)``. Part of the regular movers are families (s-family-reunification), to whom a host
    opens apart from workers. How many are displaced is scenario input; openness to them acts on where they
    go, see `seek_refuge`.
    """
    families = p.family_share * np.exp(conditions.at_host("openness_family"))
    regular = (1.0 - p.family_share) * np.exp(conditions.at_host("openness_regular")) + families
    hosts = (
        np.exp(conditions.at_host("openness_skilled")),
        regular,
        np.exp(conditions.at_host("openness_irregular")),
    )
    return hosts, tuple(np.exp(conditions.at_origin(f"openness_{k}")) for k in CLASSES[:DISPLACED])


def native_share(migrant_share: Array) -> Array:
    """Those born where they live as a share of the population, ``(..., state)``, in [0.02, 1]."""
    return np.clip(1.0 - migrant_share, 0.02, 1.0)


def drivers(world: World, setting: Setting, p: FlowParameters) -> Array:
    """Log ratio of flows to the base: income, jobs, diaspora and people, ``(..., corridor)``."""
    base, corridors, people = setting.base, setting.corridors, world.people
    richer = np.log(world.economies.income / base.income)
    # Movers compare hosts: what all of them gain alike draws nobody who would have stayed.
    relative = richer - total(richer * base.usual_inflow)
    idle = 100.0 * (world.economies.unemployment - base.unemployment)
    natives = native_share(people.immigrants / people.population)
    room = natives * base.population / base.natives
    pull = p.income_destination * relative - p.unemployment_destination * idle + p.room * np.log(room)
    push = hump(world.economies.income, p) - base.hump + p.unemployment_origin * idle
    left = np.log(people.population * natives / base.natives)
    # Where half have gone, departures fall at least with those who are left: nobody leaves an empty country.
    push = (
        push
        + p.population_origin * left
        + np.maximum(1.0 - p.population_origin, 0.0) * np.minimum(left + np.log(2.0), 0.0)
    )
    draws = setting.noise.state_normals("flows", setting.states.registered, year=world.year)[..., 0]
    log_growth = corridors.at_origin(push) + corridors.at_destination(pull + p.noise * draws)
    network = people.everybody + base.small_stock
    network /= base.diaspora
    np.log(network, out=network)
    network *= p.network
    log_growth += network
    free, usual = base.free_movement(world.year)
    gained = richer.take(corridors.destination[free], axis=-1)
    gained = gained - total(usual * gained) / np.maximum(total(usual), 1e-9)
    log_growth[..., free] += (p.free_movement - 1.0) * p.income_destination * gained
    return log_growth


def deflect(
    potential: Array,
    regular: Array,
    irregular: Array,
    tempted: Array,
    passable: Array,
    corridors: Corridors,
    p: FlowParameters,
) -> tuple[Array, Array]:
    """Regular and irregular flows ``(..., corridor)`` once those deterred from regular entry go elsewhere.

    Irregular movers answer to regular openness ``o`` with an elasticity of ``-deflection``, but no more than
    that share of the deterred comes irregularly, as far as the border is ``passable`` to them. A share
    ``diversion`` goes to other hosts in proportion to what these usually receive, as far as they are open.
    Openings work the other way. Source: literature deflect_visa, deflect_asylum, visa_divert.

    Parameters
    ----------
    potential, regular, irregular : array
        Regular movers at the openness of the base year; regular and irregular movers at that of the year.
    tempted : array
        ``o^-deflection``.
    passable : array
        Openness to irregular movers.
    """
    deterred = potential - regular
    elsewhere = corridors.at_origin(corridors.by_origin(potential))
    elsewhere -= potential
    elsewhere[elsewhere <= 1e-9] = np.inf
    sent = p.diversion * deterred
    sent /= elsewhere
    diverted = corridors.at_origin(corridors.by_origin(sent))
    diverted -= sent
    diverted *= regular
    diverted += regular
    most = p.deflection * deterred
    most *= np.clip(passable, 0.0, 1.0)
    lured = tempted - 1.0
    lured *= irregular
    deflected = np.clip(lured, np.clip(most, -np.inf, 0.0), np.clip(most, 0.0, np.inf))
    deflected += irregular
    return np.clip(diverted, 0.0, np.inf), np.clip(deflected, 0.0, np.inf)


def arrivals(
    world: World,
    setting: Setting,
    hosts: tuple[Array, ...],
    origins: tuple[Array, ...],
    p: FlowParameters,
) -> Array:
    """Who would come to each host this year, ``(..., class, corridor)``, at the `openness` given."""
    corridors, usual = setting.corridors, setting.base.flow
    limit = np.log(p.largest_growth)
    growth = drivers(world, setting, p)
    np.exp(np.clip(growth, -limit, limit, out=growth), out=growth)
    push = np.exp(setting.shocks.push(world.year))
    growth *= corridors.at_origin(push)
    skilled, regular, irregular = map(corridors.between, origins, hosts)
    # A border that is closed to the last tempts no more than the deterred there are.
    tempted = corridors.between(*(np.power(ends[REGULAR], -p.deflection) for ends in (origins, hosts)))
    flow = np.empty(usual.shape)
    np.multiply(usual[..., SKILLED, :], growth, out=flow[..., SKILLED, :])
    flow[..., SKILLED, :] *= skilled
    wanted = usual[..., REGULAR, :] * growth
    regular *= wanted
    coming = usual[..., IRREGULAR, :] * growth
    coming *= irregular
    flow[..., REGULAR, :], flow[..., IRREGULAR, :] = deflect(
        wanted, regular, coming, tempted, irregular, corridors, p
    )
    # How many flee is for scenarios to say: no driver moves them.
    taken, routes = setting.refuge
    fleeing = usual[..., DISPLACED, :].take(taken, axis=-1) * routes.at_origin(push)
    flow[..., DISPLACED, :] = 0.0
    flow[..., DISPLACED, taken] = seek_refuge(fleeing, routes, world, setting)
    return flow


def seek_refuge(usual: Array, routes: Corridors, world: World, setting: Setting) -> Array:
    """The usual displaced of each origin ``(..., route)``, split over hosts by how open these are to them.

    Their number stays, unless a scenario shuts every host.
    """
    is_open = ~setting.shocks.shuts_out_displaced(world.year)
    openness = np.exp(world.conditions.at_host("openness_displaced")) * is_open
    drawn = usual * routes.at_destination(openness)
    placed = routes.by_origin(drawn)
    kept = routes.by_origin(usual) / np.where(placed > 0.0, placed, np.inf)
    placed_again: Array = drawn * routes.at_origin(kept)
    return placed_again


def move_people(world: World, setting: Setting) -> World:
    """One year of departures, arrivals, returns, deaths and changes of class; people are conserved."""
    p = setting.parameters.group(FlowParameters, "world.flows")
    status = setting.parameters.group(StatusParameters, "world.status")
    corridors, stock, moved = setting.corridors, world.people.stock, world.conditions
    rates = return_rates(setting.base.stay, moved, world.year, p)
    returns = corridors.at_destination(rates)
    returns *= stock
    hosts, origins = openness(moved, p)
    flow = arrivals(world, setting, hosts, origins, p)
    # Who can come back leaves more easily: part of those who go because of it are here again.
    coming_back = p.reentry * (1.0 - np.exp(-moved.at_host("return_regular")))
    for k in (SKILLED, REGULAR):
        again = corridors.at_destination(coming_back * np.minimum(hosts[k], 1.0))
        again *= returns[..., k, :]
        again += flow[..., k, :]
        np.clip(again, 0.0, np.inf, out=flow[..., k, :])
    leaving = corridors.by_origin(flow.sum(axis=-2))
    allowed = np.minimum(p.most_leaving * world.people.population / np.maximum(leaving, 1e-9), 1.0)
    if np.any(allowed < 1.0):  # else every factor is one
        flow *= corridors.at_origin(allowed)[..., None, :]
    staying = 1.0 - p.death - status.settlement_of_displaced
    flow, returns = displace(flow, returns, staying, world, setting)
    remaining = stock * (1.0 - p.death)[..., None]
    remaining += flow
    remaining -= returns
    papers, settled = change_of_status(stock, world, setting, status)
    remaining[..., REGULAR, :] += papers + settled
    remaining[..., IRREGULAR, :] -= papers
    remaining[..., DISPLACED, :] -= settled
    np.clip(remaining, 0.0, np.inf, out=remaining)
    return replace(world, people=settle(remaining, flow, returns, world, setting))


def settle(stock: Array, flow: Array, returns: Array, world: World, setting: Setting) -> People:
    """Carry moves over to the populations: natural increase, plus who came, minus who went."""
    corridors, people, base = setting.corridors, world.people, setting.base
    out, back, everybody = flow.sum(axis=-2), returns.sum(axis=-2), stock.sum(axis=-2)
    hosted = corridors.by_destination(stock)
    inflow = corridors.by_destination(out) + corridors.by_origin(back)
    outflow = corridors.by_origin(out) + corridors.by_destination(back)
    return People(
        stock=stock,
        flow=flow,
        returns=returns,
        everybody=everybody,
        hosted=hosted,
        immigrants=hosted.sum(axis=-2) + base.unattributed,
        emigrants=corridors.by_origin(everybody),
        population=people.population * (1.0 + base.increase(world.year)) + inflow - outflow,
        inflow=inflow,
        outflow=outflow,
    )
