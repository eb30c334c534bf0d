"""The years before the base year: people, incomes and remittances as the figures say, not as modelled.

A run that starts before 2006 does not simulate the world up to 2005 but recalls it. What is known of 2000 and
of 2005 is joined by straight lines::

    x(year) = (1 - w) x(2000) + w x(2005),   w = (year - 2000) / 5

for migrants by corridor and class, populations, and remittances by corridor, so that 2005 is, to the last
bit, the year from which every other run starts. Incomes follow the panel's growth, unemployment is as known,
else that of 2005. Moves, the cost of transfers, and what migration adds to incomes are those of 2005.

No migration policy acts on the world in these years and no declared shock strikes: both are in the figures.
Opinion and attention are those of 2005, to which they return when sessions have moved them (assumption:
nobody asked the public of all states then). Migrants' lives follow from incomes and opinion by
`migsim.world.wellbeing`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from migsim.world.base import BaseParameters, base_stock, money
from migsim.world.corridors import Array, Corridors
from migsim.world.economy import EconomyParameters
from migsim.world.figures import Figures
from migsim.world.opinion import OpinionParameters, faded
from migsim.world.parameters import Parameters
from migsim.world.setting import Earlier, States
from migsim.world.state import Economies, Opinions, People, Transfers, World
from migsim.world.vocabulary import BASE_YEAR, EARLIEST_YEAR

if TYPE_CHECKING:
    from migsim.world.setting import Setting

__all__ = ["between", "look_back", "recall", "unattributed"]


def look_back(figures: Figures, states: States, corridors: Corridors, parameters: Parameters) -> Earlier:
    """Put the figures of 2000 on the axes of the model, by the rules of the base year.

    Refugees of 2000 are not at hand: their share of a corridor is that of 2005. So is what an emigrant sends
    home to states whose receipts of 2000 are not known (assumptions).
    """
    before, after = figures.people[:, 0], figures.people[:, 1]
    refugees = before * figures.refugees / np.maximum(after, 1.0)
    b = parameters.group(BaseParameters, "world.base")
    stock = base_stock(np.stack([before, before], axis=-1), refugees, states, corridors, b)
    abroad_before, abroad = corridors.by_origin(before), corridors.by_origin(after)
    fewer = np.where(abroad > 0.0, abroad_before / np.where(abroad > 0.0, abroad, 1.0), 1.0)
    received = np.where(np.isnan(figures.received_2000), fewer * figures.received, figures.received_2000)
    in_2000 = replace(
        figures,
        population=figures.population_2000,
        income=figures.income_before[0],
        unemployment=figures.unemployment_before[0],
        received=received,
    )
    return Earlier(
        stock=stock,
        sent=money(in_2000, stock, corridors, parameters)["sent"],
        population=figures.population_2000,
        unattributed=np.maximum(figures.immigrants_2000 - corridors.by_destination(before), 0.0),
        unattributed_emigrants=np.maximum(figures.emigrants_2000 - abroad_before, 0.0),
        received=received,
        income=figures.income_before,
        unemployment=figures.unemployment_before,
    )


def between(before: Array, after: Array, year: int) -> Array:
    """What lies on the straight line from 2000 to 2005; 2005 itself, to the last bit, from then on."""
    if year >= BASE_YEAR:
        return after
    share = (year - EARLIEST_YEAR) / (BASE_YEAR - EARLIEST_YEAR)
    return (1.0 - share) * before + share * after


def unattributed(setting: Setting, year: int) -> tuple[Array, Array]:
    """Immigrants of unknown origin and emigrants of unknown destination in a year, ``(state,)`` each."""
    earlier, base = setting.earlier, setting.base
    return (
        between(earlier.unattributed, base.unattributed, year),
        between(earlier.unattributed_emigrants, base.unattributed_emigrants, year),
    )


def recall(world: World, setting: Setting) -> World:
    """The world of a year from 2000 to 2005; opinion and attention go back to where they were."""
    return replace(
        world,
        people=recall_people(world, setting),
        economies=recall_economies(world, setting),
        transfers=recall_transfers(world, setting),
        opinions=calm_down(world, setting),
    )


def recall_people(world: World, setting: Setting) -> People:
    """Migrants and populations at the year's end; the moves are those of 2000-05, as of 2005."""
    base, corridors = setting.base, setting.corridors
    stock = between(setting.earlier.stock, base.stock, world.year)
    hosted, everybody = corridors.by_destination(stock), stock.sum(axis=-2)
    population = between(setting.earlier.population, base.population, world.year)
    return replace(
        world.people,
        stock=stock,
        everybody=everybody,
        hosted=hosted,
        immigrants=hosted.sum(axis=-2) + unattributed(setting, world.year)[0],
        emigrants=corridors.by_origin(everybody),
        population=_for_each(population, world.people.population),
    )


def recall_economies(world: World, setting: Setting) -> Economies:
    """Income along the panel's growth, and unemployment as known."""
    p = setting.parameters.group(EconomyParameters, "world.economy")
    before = world.economies
    row = world.year - EARLIEST_YEAR
    income, unemployment = setting.earlier.income[row], setting.earlier.unemployment[row]
    of_migrants = np.clip(unemployment * p.migrant_job_gap, 0.0, 0.9)
    return replace(
        before,
        path=_for_each(income, before.path),
        income=_for_each(income, before.path),
        unemployment=_for_each(unemployment, before.path),
        migrant_unemployment=_for_each(of_migrants, before.path),
    )


def recall_transfers(world: World, setting: Setting) -> Transfers:
    """Remittances of the year; the cost of sending them is that of 2005."""
    base, before = setting.base, world.transfers
    sent = between(setting.earlier.sent, base.sent, world.year)
    received = between(setting.earlier.received, base.received, world.year)
    return replace(
        before,
        sent=sent,
        received=_for_each(received, before.received),
        paid=setting.corridors.by_destination(sent),
    )


def calm_down(world: World, setting: Setting) -> Opinions:
    """Shares drift home over the years of habituation, attention fades, and the rest is as in 2005."""
    p = setting.parameters.group(OpinionParameters, "world.opinion")
    before, base = world.opinions, setting.base.opinions
    years = np.maximum(p.habituation, 1.0)
    anti = before.anti + (base.anti - before.anti) / years
    pro = before.pro + (base.pro - before.pro) / years
    return replace(
        before, pro=pro, ambivalent=1.0 - pro - anti, anti=anti, attention=faded(before.attention, setting, p)
    )


def _for_each(values: Array, like: Array) -> Array:
    """The same figures in every replicate."""
    return np.broadcast_to(values, like.shape).copy()
