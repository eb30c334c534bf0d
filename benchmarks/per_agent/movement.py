"""Policies act, people move: the steps of one state, as origin and as host."""

from __future__ import annotations

from math import exp, log, log1p
from types import SimpleNamespace

from benchmarks.per_agent.state_agent import (
    DISPLACED,
    IRREGULAR,
    N_CLASSES,
    REGULAR,
    SKILLED,
    StateAgent,
)
from migsim.world.vocabulary import BASE_YEAR, COEFFICIENTS, COST_BASES

__all__ = ["end_the_year", "flee", "leave", "open_doors", "put_in_force", "settle"]


def put_in_force(state: StateAgent) -> None:
    """Every lever moves its coefficient by ``size (E(p, k) - E0)``, ``E(p, k) = p (e0 + (1 - e0) k)``."""
    p = state.rules.policy
    state.at_host = dict.fromkeys(COEFFICIENTS, 0.0)
    state.at_origin = dict.fromkeys(COEFFICIENTS, 0.0)
    state.costs = [0.0] * len(COST_BASES)
    rights = []
    for a, lever in enumerate(state.model.levers):
        knowing_how = (
            p.effect_without_practice + (1.0 - p.effect_without_practice) * state.practice[lever.theme]
        )
        moved = state.policy[a] * knowing_how - state.base.effect[a]
        state.at_host[lever.coefficient] += lever.at_host * lever.size * moved
        state.at_origin[lever.coefficient] += lever.at_origin * lever.size * moved
        state.costs[lever.cost_base] += p.cost_scale * lever.cost * (state.policy[a] - state.base.policy[a])
        if lever.is_right:
            rights.append(moved)
    state.at_host["openness_regular"] -= p.rights_against_numbers * sum(rights) / len(rights)
    for coefficient, opening in state.happens.entry.items():
        state.at_host[coefficient] += opening


def open_doors(state: StateAgent) -> None:
    """What draws people here, what makes them leave, who is let in and out, and what share goes home."""
    p, base, here = state.rules.flows, state.base, state.at_host
    idle = 100.0 * (state.unemployment - base.unemployment)
    natives = state.population * state.native_share
    room = state.native_share / (base.natives / base.population)
    # Movers compare hosts: what all of them gain alike draws nobody.
    relative = state.richer - state.model.richer_hosts
    state.pull = p.income_destination * relative - p.unemployment_destination * idle + p.room * log(room)
    state.push = hump(state.income, p) - hump(base.income, p) + p.unemployment_origin * idle
    left = log(natives / base.natives)
    state.push += p.population_origin * left
    if left < log(0.5):
        # Nobody leaves an empty country: departures fall at least with those who are left.
        state.push += max(1.0 - p.population_origin, 0.0) * (left - log(0.5))
    families = p.family_share * exp(here["openness_family"])
    workers = (1.0 - p.family_share) * exp(here["openness_regular"])
    state.entry = [exp(here["openness_skilled"]), workers + families, exp(here["openness_irregular"])]
    state.exit = [exp(state.at_origin[f"openness_{k}"]) for k in ("skilled", "regular", "irregular")]
    flexible = base.stay * exp(here["return_regular"])
    shorter = exp(p.temporary_trend * (state.model.year - BASE_YEAR))
    forced = base.stay * exp(here["return_irregular"])
    rates = [
        p.return_skilled * flexible,
        p.return_regular * flexible * shorter,
        p.return_irregular * forced,
        p.return_displaced,
    ]
    state.return_rates = [min(rate, 0.5) for rate in rates]


def hump(income: float, p: SimpleNamespace) -> float:
    """Log effect of income at home on leaving."""
    relative = log(income / p.hump_turn)
    curved: float = p.income_origin * (relative - 2.0 * log(1.0 + income / p.hump_turn))
    straight: float = p.denial * relative
    return {"hump": curved, "denial": straight, "none": 0.0}[p.hump]


def leave(origin: StateAgent) -> None:
    """People leave on every corridor, those deterred find other ways, and others come home."""
    p, year = origin.rules.flows, origin.model.year
    limit = log(p.largest_growth)
    for c in origin.corridors:
        growth = origin.push + c.host.pull
        growth += p.network * log((c.everybody + origin.rules.small_stock) / c.base_diaspora)
        if c.free_since <= year:
            gained = c.host.richer - origin.model.richer_free_hosts
            growth += (p.free_movement - 1.0) * p.income_destination * gained
        factor = exp(min(max(growth, -limit), limit) + origin.happens.push)
        c.flow = [usual * factor for usual in c.base_flow]
        c.flow[DISPLACED] = c.base_flow[DISPLACED] * exp(origin.happens.push)
    potential = [c.flow[REGULAR] for c in origin.corridors]
    for c in origin.corridors:
        for k in (SKILLED, REGULAR, IRREGULAR):
            c.flow[k] *= c.host.entry[k] * origin.exit[k]
    deflect(origin, potential)
    seek_refuge(origin)
    for c in origin.corridors:
        c.returns = [c.host.return_rates[k] * c.stock[k] for k in range(N_CLASSES)]
        back_again = p.reentry * (1.0 - exp(-c.host.at_host["return_regular"]))
        for k in (SKILLED, REGULAR):
            c.flow[k] = max(c.flow[k] + back_again * min(c.host.entry[k], 1.0) * c.returns[k], 0.0)
    leaving = sum(sum(c.flow) for c in origin.corridors)
    allowed = min(p.most_leaving * origin.population / max(leaving, 1e-9), 1.0)
    for c in origin.corridors:
        c.flow = [moving * allowed for moving in c.flow]


def is_shut(host: StateAgent) -> bool:
    """Whether a scenario closes this host to the displaced."""
    return bool(host.happens.entry.get("openness_displaced", 0.0) < log(1e-8))


def seek_refuge(origin: StateAgent) -> None:
    """As many flee as usual, to hosts as open as they are now."""
    usual = sum(c.flow[DISPLACED] for c in origin.corridors)
    for c in origin.corridors:
        c.flow[DISPLACED] *= 0.0 if is_shut(c.host) else exp(c.host.at_host["openness_displaced"])
    placed = sum(c.flow[DISPLACED] for c in origin.corridors)
    for c in origin.corridors:
        c.flow[DISPLACED] *= usual / placed if placed > 0.0 else 0.0


def deflect(origin: StateAgent, potential: list[float]) -> None:
    """Of those whom a host deters from coming regularly, some come without papers and some go elsewhere."""
    p = origin.rules.flows
    everywhere = sum(potential)
    deterred = [wanted - c.flow[REGULAR] for c, wanted in zip(origin.corridors, potential, strict=True)]
    sent_on = []
    for wanted, kept_out in zip(potential, deterred, strict=True):
        elsewhere = everywhere - wanted
        sent_on.append(p.diversion * kept_out / elsewhere if elsewhere > 1e-9 else 0.0)
    by_all_hosts = sum(sent_on)
    for c, kept_out, by_this in zip(origin.corridors, deterred, sent_on, strict=True):
        c.flow[REGULAR] = max(c.flow[REGULAR] * (1.0 + by_all_hosts - by_this), 0.0)
        passable = min(c.host.entry[IRREGULAR] * origin.exit[IRREGULAR], 1.0)
        openness = c.host.entry[REGULAR] * origin.exit[REGULAR]
        lured = c.flow[IRREGULAR] * (openness**-p.deflection - 1.0)
        most = p.deflection * kept_out * passable
        lured = min(max(lured, min(most, 0.0)), max(most, 0.0))
        c.flow[IRREGULAR] = max(c.flow[IRREGULAR] + lured, 0.0)


def flee(origin: StateAgent) -> None:
    """Bring the refugees abroad to the declared total: more flee to likely hosts, or some come home."""
    declared = origin.happens.refugees_abroad
    if declared is None:
        return
    staying = 1.0 - origin.rules.flows.death - origin.rules.status.settlement_of_displaced
    remaining = [max(staying * c.stock[DISPLACED] - c.returns[DISPLACED], 0.0) for c in origin.corridors]
    change = declared - sum(remaining)
    weights = likely_hosts(origin)
    for c, there, weight in zip(origin.corridors, remaining, weights, strict=True):
        c.flow[DISPLACED] = max(change, 0.0) * weight / max(sum(weights), 1e-300)
        if change < 0.0:
            c.returns[DISPLACED] += min(-change * there / max(sum(remaining), 1e-9), there)


def likely_hosts(origin: StateAgent) -> list[float]:
    """Weights of the hosts, by diaspora, nearness, capacity and openness to the displaced."""
    p, weights = origin.rules.displacement, []
    for c in origin.corridors:
        score = p.diaspora * log(c.everybody + origin.rules.small_stock) - p.distance * log1p(c.distance)
        score += p.capacity * log(c.host.population * c.host.income)
        score += p.border * c.border + p.crossing * c.crossing + c.host.at_host["openness_displaced"]
        weights.append(0.0 if c.is_closed or is_shut(c.host) else exp(score))
    return weights


def end_the_year(origin: StateAgent) -> None:
    """Papers gained and lost, the displaced who settle, and deaths: the stock at the year's end."""
    p, death = origin.rules.status, origin.rules.flows.death
    for c in origin.corridors:
        host = c.host
        regularised = min(max(p.regularisation + host.at_host["regularisation"], 0.0), 0.5)
        idle = 100.0 * (host.migrant_unemployment - host.base.migrant_unemployment)
        lost = min(p.overstay * exp(p.job_loss * idle), 0.5)
        gained = regularised * c.stock[IRREGULAR] - lost * c.stock[REGULAR]
        settled = p.settlement_of_displaced * c.stock[DISPLACED]
        change = [0.0, gained + settled, -gained, -settled]
        c.stock = [
            max(c.stock[k] * (1.0 - death) + c.flow[k] - c.returns[k] + change[k], 0.0)
            for k in range(N_CLASSES)
        ]


def settle(state: StateAgent) -> None:
    """Populations: natural increase, plus who came, minus who went."""
    state.hosted = [sum(c.stock[k] for c in state.arriving) for k in range(N_CLASSES)]
    state.immigrants = sum(state.hosted) + state.base.unattributed
    state.emigrants = sum(c.everybody for c in state.corridors)
    came, left = (sum(sum(c.flow) for c in some) for some in (state.arriving, state.corridors))
    went_home, came_home = (sum(sum(c.returns) for c in some) for some in (state.arriving, state.corridors))
    state.inflow, state.outflow = came + came_home, left + went_home
    increase = state.base.natural_increase
    if increase > 0.0:
        increase *= exp(-state.rules.base.increase_fades * (state.model.year - BASE_YEAR - 1))
    state.population = state.population * (1.0 + increase) + state.inflow - state.outflow
