"""Figures of the base year on the axes of a run: states, corridors, people and money."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from migsim.facts.circumstances import dollar_of
from migsim.facts.neighbours import borders
from migsim.world.corridors import Array, Corridors, Index
from migsim.world.shocks import Shocks, clean_growth
from migsim.world.vocabulary import BASE_YEAR, EARLIEST_YEAR

if TYPE_CHECKING:
    from migsim.facts import Completed, Facts

__all__ = ["Figures", "active_corridors", "gather", "growth_path", "market_rates"]


@dataclass(frozen=True, eq=False)
class Figures:
    """What the statistics say of the states and corridors of a run.

    By state: ``population`` and ``population_2000``, ``immigrants`` and ``emigrants`` persons; ``income`` per
    head in international dollars; ``market_rate`` USD per international dollar; ``unemployment`` share;
    ``received`` million USD. By corridor: ``people`` in 2000 and 2005 ``(corridor, 2)`` and ``refugees``
    among them in 2005. ``growth``: see `growth_path`.

    Of the years before: ``received_2000`` million USD of 2005, nan where the figures of either year are not
    the state's own; ``immigrants_2000`` and ``emigrants_2000``; ``income_before`` and
    ``unemployment_before`` ``(year, state)`` from 2000 to 2005.
    """

    population: Array
    population_2000: Array
    immigrants: Array
    emigrants: Array
    income: Array
    market_rate: Array
    unemployment: Array
    received: Array
    people: Array
    refugees: Array
    growth: Array
    received_2000: Array
    immigrants_2000: Array
    emigrants_2000: Array
    income_before: Array
    unemployment_before: Array

    @property
    def received_share(self) -> Array:
        """Remittances received relative to income at market exchange rates, ``(state,)``."""
        return self.received / (self.income * self.population * self.market_rate / 1e6)


def gather(
    facts: Facts, completed: Completed, order: Index, people: Array, refugees: Array, growth: Array
) -> Figures:
    """Put the figures of the states at ``order`` beside those of their corridors."""
    return Figures(
        population=completed.population[order, 1],
        population_2000=completed.population[order, 0],
        immigrants=completed.immigrants[order, 1],
        emigrants=facts.emigrants[order, 1],
        income=completed.income_2005[order],
        market_rate=market_rates(facts)[order],
        unemployment=completed.unemployment_2005[order] / 100.0,
        received=completed.remittances_received_2005[order],
        people=people,
        refugees=refugees,
        growth=growth,
        received_2000=received_2000(facts, completed)[order],
        immigrants_2000=completed.immigrants[order, 0],
        emigrants_2000=facts.emigrants[order, 0],
        income_before=np.ascontiguousarray(income_before(completed)[:, order]),
        unemployment_before=np.ascontiguousarray(unemployment_before(facts, completed)[:, order]),
    )


def received_2000(facts: Facts, completed: Completed) -> Array:
    """Remittances received in 2000, million USD of 2005, ``(state,)``; nan where a figure was filled."""
    known = facts.remittances_received[:, facts.year(EARLIEST_YEAR)] / dollar_of(EARLIEST_YEAR)
    return np.where(completed.imputed_remittances, np.nan, known)


def income_before(completed: Completed) -> Array:
    """Income per head from 2000 to 2005 in international dollars of 2005, ``(year, state)``.

    That of 2005, carried back by the panel's growth.
    """
    years = list(completed.growth_years)
    growth = np.log1p(completed.growth_per_head)
    rows = [
        completed.income_2005
        * np.exp(-growth[:, [years.index(y) for y in range(year + 1, BASE_YEAR + 1)]].sum(axis=1))
        for year in range(EARLIEST_YEAR, BASE_YEAR + 1)
    ]
    return np.stack(rows)


def unemployment_before(facts: Facts, completed: Completed) -> Array:
    """Share of the labour force from 2000 to 2005, ``(year, state)``: as known, else that of 2005."""
    known = facts.unemployment[:, facts.year(EARLIEST_YEAR) : facts.year(BASE_YEAR)].T
    base = completed.unemployment_2005[None, :]
    return np.concatenate([np.where(np.isnan(known), base, known), base]) / 100.0


def active_corridors(
    facts: Facts, distance: Array, order: Index, shocks: Shocks, within: float
) -> tuple[Corridors, Array, Array]:
    """The corridors of a run: recorded pairs, refugee pairs, and neighbours of displaced origins.

    A neighbour lies ``within`` so many km, across a land border that can be passed, or across a narrow sea.

    Returns
    -------
    corridors : Corridors
    people : array, shape ``(corridor, 2)``
        Persons in 2000 and 2005; where only UNHCR has a record, its refugees.
    refugees : array, shape ``(corridor,)``
        Refugees in 2005, at most the people.
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
    touching = borders(facts)
    near = ((distance <= within) | touching.land | touching.sea) & ~touching.closed
    for origin in shocks.refugees_abroad:
        active[order[origin]] |= near[order[origin]]
    np.fill_diagonal(active, False)
    origins, destinations = np.nonzero(active)
    here = (position[origins] >= 0) & (position[destinations] >= 0)
    origins, destinations = origins[here], destinations[here]
    in_order = np.lexsort((position[destinations], position[origins]))
    origins, destinations = origins[in_order], destinations[in_order]
    corridors = Corridors(
        origin=position[origins].astype(np.intp),
        destination=position[destinations].astype(np.intp),
        distance=distance[origins, destinations],
        n_states=order.size,
        border=(touching.land & ~touching.closed)[origins, destinations].astype(float),
        crossing=touching.sea[origins, destinations].astype(float),
        closed=touching.closed[origins, destinations].astype(float),
    )
    people = stock[origins, destinations]
    return corridors, people, np.minimum(refugees[origins, destinations], people[:, 1])


def growth_path(
    completed: Completed, order: Index, groups: tuple[str, ...], at_war: set[int], own_share: float
) -> Array:
    """Log growth of income per head from 2006 on, ``(year, state)``.

    Without the shocks that scenarios declare.

    Panel growth to 2013 with the recession's years replaced, at most a tenth a year either way; a state at
    war, or whose displacement is a declared shock, keeps its mean of before 2011. The last row is the rule
    for later years: ``own_share`` of the state's own mean of 2011-13, the rest the mean of its income group.
    """
    years = list(completed.growth_years)
    growth = np.clip(clean_growth(completed)[order], -0.1, 0.1)
    first = years.index(BASE_YEAR + 1)
    for state in at_war:
        growth[state, years.index(2011) :] = growth[state, first : years.index(2011)].mean()
    late = growth[:, years.index(2011) :].mean(axis=1)
    labels = np.array(groups)
    group_mean = np.array([late[labels == label].mean() for label in groups])
    later = own_share * late + (1.0 - own_share) * group_mean
    return np.ascontiguousarray(np.concatenate([growth[:, first:], later[:, None]], axis=1).T)


def market_rates(facts: Facts) -> Array:
    """Market value of an international dollar of income, USD, ``(state,)``.

    Incomes of 2010 in both; the income group's median where one lacks.
    """
    ratio = facts.gdp_per_head_usd_2010 / facts.income[:, facts.year(2010)]
    groups = np.array(facts.income_group)
    medians = {group: float(np.nanmedian(ratio[groups == group])) for group in set(facts.income_group)}
    usual = np.array([medians[group] for group in facts.income_group])
    return np.clip(np.where(np.isnan(ratio), usual, ratio), 0.15, 1.5)
