"""The base year: figures of 2005 put on the axes of the model.

And what is calibrated so that they are reproduced.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from migsim.world.corridors import Array, Corridors, Index
from migsim.world.economy import EconomyParameters, skill_loss
from migsim.world.flows import FlowParameters, hump
from migsim.world.parameters import Parameters
from migsim.world.policy import Levers, PolicyParameters, effect
from migsim.world.remittances import RemittanceParameters
from migsim.world.setting import Base, States
from migsim.world.shocks import Shocks, clean_growth
from migsim.world.state import Opinions
from migsim.world.vocabulary import BASE_YEAR, CLASSES, THEMES

if TYPE_CHECKING:
    from migsim.facts import Completed, Facts

__all__ = ["BaseParameters", "active_corridors", "base_opinions", "base_stock", "calibrate", "growth_path"]

SKILLED, REGULAR, IRREGULAR, DISPLACED = range(len(CLASSES))


@dataclass(frozen=True)
class BaseParameters:
    """Registry group ``world.base``, each ``(..., 1)``: what the figures leave open about 2005."""

    irregular_share: Array
    skilled_share_high_income: Array
    skilled_share_elsewhere: Array
    skilled_at_home_high: Array
    skilled_at_home_upper_middle: Array
    skilled_at_home_lower_middle: Array
    skilled_at_home_low: Array
    anti_europe: Array
    anti_elsewhere: Array
    pro: Array
    attention: Array
    neighbour_distance: Array
    small_stock: Array
    least_flow: Array
    largest_remitted_share: Array
    least_natural_increase: Array
    largest_natural_increase: Array
    later_growth_own_share: Array


def active_corridors(
    facts: Facts, distance: Array, order: Index, shocks: Shocks, within: float
) -> tuple[Corridors, Array, Array]:
    """The corridors of a run: recorded pairs, refugee pairs, and neighbours of displaced origins.

    Returns
    -------
    corridors : Corridors
    stock : array, shape ``(corridor, 2)``
        Persons in 2000 and 2005; where only UNHCR has a record, its refugees.
    refugees : array, shape ``(corridor,)``
        Refugees in 2005, at most the stock.
    """
    n = facts.n_states
    position = np.full(n, -1)
    position[order] = np.arange(order.size)
    stock = np.zeros((n, n, 2))
    stock[facts.corridor_origin, facts.corridor_destination] = facts.corridor_stock[:, :2]
    refugees = np.zeros((n, n))
    refugees[facts.refugee_origin, facts.refugee_host] = facts.refugees[:, 0]
    only_refugees = (stock.sum(axis=2) == 0.0) & (refugees > 0.0)
    stock[only_refugees] = refugees[only_refugees][:, None]
    active = stock.sum(axis=2) > 0.0
    for origin in shocks.refugees_abroad:
        registered = order[origin]
        active[registered] |= distance[registered] <= within
    np.fill_diagonal(active, False)
    origins, destinations = np.nonzero(active)
    here = (position[origins] >= 0) & (position[destinations] >= 0)
    origins, destinations = origins[here], destinations[here]
    corridors = Corridors(
        origin=position[origins].astype(np.intp),
        destination=position[destinations].astype(np.intp),
        distance=distance[origins, destinations],
        n_states=order.size,
    )
    people = stock[origins, destinations]
    return corridors, people, np.minimum(refugees[origins, destinations], people[:, 1])


def base_stock(
    people: Array, refugees: Array, states: States, corridors: Corridors, p: BaseParameters
) -> Array:
    """Split the stock of 2005 into classes, ``(..., class, corridor)``.

    Source: literature irreg, skill_share; UNHCR.
    """
    is_rich = np.array([group == "H" for group in states.income_group])[corridors.destination]
    others = people[:, 1] - refugees
    irregular = p.irregular_share * others
    skilled = np.where(is_rich, p.skilled_share_high_income, p.skilled_share_elsewhere) * (others - irregular)
    regular = others - irregular - skilled
    return np.stack([skilled, regular, irregular, np.broadcast_to(refugees, regular.shape)], axis=-2)


def base_flow(stock: Array, people: Array, f: FlowParameters, b: BaseParameters) -> Array:
    """Yearly flows that continue the change of 2000-05, ``(..., class, corridor)``.

    They make up for deaths, returns and changes of class.

    The number of displaced people is kept level: how it moves is scenario input.
    """
    growth = (people[:, 1] - people[:, 0]) / 5.0 / np.maximum(people[:, 1], 1.0)
    returns = np.stack([f.return_skilled, f.return_regular, f.return_irregular, f.return_displaced], axis=-2)
    leaving = np.zeros_like(stock)
    gains_papers, loses_papers = (
        f.regularisation * stock[..., IRREGULAR, :],
        f.overstay * stock[..., REGULAR, :],
    )
    settles = f.settlement_of_displaced * stock[..., DISPLACED, :]
    leaving[..., REGULAR, :] = loses_papers - gains_papers - settles
    leaving[..., IRREGULAR, :] = gains_papers - loses_papers
    leaving[..., DISPLACED, :] = settles
    kept = np.broadcast_to(growth, stock.shape).copy()
    kept[..., DISPLACED, :] = 0.0
    flow = stock * (kept + returns + f.death[..., None]) + leaving
    return np.maximum(flow, b.least_flow[..., None] * stock)


def growth_path(
    completed: Completed, order: Index, groups: tuple[str, ...], war: set[int], own_share: float
) -> Array:
    """Log growth of income per head from 2006 on, ``(year, state)``.

    Without the shocks that scenarios declare.

    Panel growth to 2013 with the recession's years replaced; a state whose displacement is a declared shock
    keeps its mean of before 2011. The last row is the rule for later years: ``own_share`` of the state's own
    mean of 2011-13, the rest the mean of its income group.
    """
    years = list(completed.growth_years)
    growth = np.clip(clean_growth(completed)[order], -0.1, 0.1)
    first = years.index(BASE_YEAR + 1)
    for state in war:
        growth[state, years.index(2011) :] = growth[state, first : years.index(2011)].mean()
    late = growth[:, years.index(2011) :].mean(axis=1)
    labels = np.array(groups)
    group_mean = np.array([late[labels == label].mean() for label in groups])
    later = own_share * late + (1.0 - own_share) * group_mean
    return np.ascontiguousarray(np.concatenate([growth[:, first:], later[:, None]], axis=1).T)


def base_opinions(states: States, p: BaseParameters) -> Opinions:
    """Opinion, attention and perceived control of 2005; literature att_decrease, att_segments."""
    is_europe = np.array([region == "Europe" for region in states.region])
    anti = np.where(is_europe, p.anti_europe, p.anti_elsewhere)
    pro = np.broadcast_to(p.pro, anti.shape).copy()
    attention = np.broadcast_to(p.attention[..., None], (*anti.shape, len(THEMES))).copy()
    return Opinions(pro, 1.0 - pro - anti, anti, attention, np.full(anti.shape, 0.5))


def skilled_at_home(states: States, p: BaseParameters) -> Array:
    """Share of the population with tertiary education, by income group, ``(..., state)``.

    Source: literature skill_share.
    """
    columns = {
        "H": p.skilled_at_home_high,
        "UM": p.skilled_at_home_upper_middle,
        "LM": p.skilled_at_home_lower_middle,
        "L": p.skilled_at_home_low,
    }
    return np.concatenate([columns[group] for group in states.income_group], axis=-1)


def calibrate(
    facts: Facts,
    completed: Completed,
    order: Index,
    states: States,
    corridors: Corridors,
    people: Array,
    refugees: Array,
    policy: Array,
    practice: Array,
    table: Levers,
    parameters: Parameters,
    path: Array,
) -> Base:
    """Derive everything of the base year that the phases refer to."""
    b = parameters.group(BaseParameters, "world.base")
    f = parameters.group(FlowParameters, "world.flows")
    e = parameters.group(EconomyParameters, "world.economy")
    r = parameters.group(RemittanceParameters, "world.remittances")
    w = parameters.group(PolicyParameters, "world.policy")
    stock = base_stock(people, refugees, states, corridors, b)
    flow = base_flow(stock, people, f, b)
    population = completed.population[order, 1]
    income = completed.income_2005[order]
    unemployment = completed.unemployment_2005[order] / 100.0
    received = completed.remittances_received_2005[order]
    market_rate = market_rates(facts, completed)[order]
    living = people[:, 1]
    unattributed = np.maximum(completed.immigrants[order, 1] - corridors.by_destination(living), 0.0)
    migrant_share = (corridors.by_destination(living) + unattributed) / population
    rates = np.stack([f.return_skilled, f.return_regular, f.return_irregular, f.return_displaced], axis=-2)
    net = net_migration(flow, rates * stock, corridors)
    growth = (completed.population[order, 1] / completed.population[order, 0]) ** 0.2 - 1.0
    home = skilled_at_home(states, b)
    skilled_abroad = corridors.by_origin(np.ascontiguousarray(stock[..., SKILLED, :]))
    coming_home = corridors.by_origin(np.ascontiguousarray((rates * stock)[..., SKILLED, :]))
    job_gap = np.clip(unemployment * e.migrant_job_gap, 0.0, 0.9)
    earned = (
        (stock * r.wages()).sum(axis=-2)
        * (income * (1.0 - job_gap)).take(corridors.destination, axis=-1)
        / 1e6
    )
    earned_by_origin = corridors.by_origin(earned)
    propensity = np.minimum(received / np.maximum(earned_by_origin, 1e-9), b.largest_remitted_share)
    arriving = flow[..., IRREGULAR, :] + flow[..., DISPLACED, :]
    practice_by_lever = practice[..., table.theme]
    return Base(
        population=population,
        natives=population * np.clip(1.0 - migrant_share, 0.02, 1.0),
        income=income,
        unemployment=unemployment,
        migrant_unemployment=job_gap,
        market_rate=market_rate,
        stock=stock,
        small_stock=b.small_stock,
        diaspora=living + b.small_stock,
        flow=flow,
        natural_increase=np.clip(
            growth - net / population, b.least_natural_increase, b.largest_natural_increase
        ),
        hump=hump(np.broadcast_to(income, net.shape).copy(), f),
        unattributed=unattributed,
        unattributed_emigrants=np.maximum(facts.emigrants[order, 1] - corridors.by_origin(living), 0.0),
        migrant_share=migrant_share,
        sent=earned * propensity.take(corridors.origin, axis=-1),
        received=received,
        received_share=received / (income * population * market_rate / 1e6),
        remittance_share=received / (income * population * market_rate / 1e6),
        propensity=propensity,
        unattributed_receipts=received - propensity * earned_by_origin,
        skilled_at_home=home,
        skill_loss=skill_loss(skilled_abroad, population, home, e),
        returning_skills=coming_home / (population * home),
        diaspora_reach=np.tanh(10.0 * corridors.by_origin(living) / population),
        disorderly_arrivals=corridors.by_destination(arriving) / population,
        opinions=base_opinions(states, b),
        effect=effect(policy, practice_by_lever, w.effect_without_practice),
        lever_sizes=table.sizes(parameters),
        growth_path=path,
        first_year=BASE_YEAR + 1,
    )


def market_rates(facts: Facts, completed: Completed) -> Array:
    """Market value of an international dollar of income, USD, ``(state,)``.

    Incomes of 2010 in both, the group's median where one lacks.
    """
    ratio = facts.gdp_per_head_usd_2010 / facts.income[:, facts.year(2010)]
    groups = np.array(facts.income_group)
    medians = {group: float(np.nanmedian(ratio[groups == group])) for group in set(facts.income_group)}
    filled = np.where(np.isnan(ratio), np.array([medians[group] for group in facts.income_group]), ratio)
    return np.clip(filled, 0.15, 1.5)


def net_migration(flow: Array, returns: Array, corridors: Corridors) -> Array:
    """Persons who come minus persons who go in a year, ``(..., state)``."""
    moved = flow.sum(axis=-2) - returns.sum(axis=-2)
    return corridors.by_destination(moved) - corridors.by_origin(moved)
