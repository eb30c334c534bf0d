"""The base year: figures of 2005 put on the axes of the model.

And what is calibrated so that they are reproduced.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from migsim.world.corridors import Array, Corridors, total
from migsim.world.economy import EconomyParameters, skill_loss
from migsim.world.figures import Figures
from migsim.world.flows import FlowParameters, hump, native_share, return_rates
from migsim.world.parameters import Parameters
from migsim.world.policy import Levers, PolicyParameters, effect
from migsim.world.remittances import RemittanceParameters
from migsim.world.setting import Base, States
from migsim.world.state import Opinions, People, unmoved
from migsim.world.status import StatusParameters, usual_change
from migsim.world.vocabulary import BASE_YEAR, CLASSES, THEMES

__all__ = ["BaseParameters", "base_flow", "base_opinions", "base_stock", "calibrate", "first_people"]

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
    less_europe: Array
    less_elsewhere: Array
    resolute: Array
    pro: Array
    attention: Array
    diaspora_scale: Array
    neighbour_distance: Array
    small_stock: Array
    least_flow: Array
    lasting_change: Array
    exit_typical: Array
    exit_europe: Array
    largest_remitted_share: Array
    least_natural_increase: Array
    largest_natural_increase: Array
    increase_fades: Array
    later_growth_own_share: Array


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


def base_flow(
    stock: Array,
    people: Array,
    returning: Array,
    f: FlowParameters,
    status: StatusParameters,
    b: BaseParameters,
) -> Array:
    """Yearly flows that continue the change of 2000-05, ``(..., class, corridor)``.

    They make up for deaths, returns (``returning``, share a year) and changes of class. The number of
    displaced people is kept level: how it moves is scenario input.
    """
    growth = np.broadcast_to(lasting_growth(people, b)[..., None, :], stock.shape).copy()
    growth[..., DISPLACED, :] = 0.0
    flow = stock * (growth + returning + f.death[..., None]) - usual_change(stock, status)
    return np.maximum(flow, b.least_flow[..., None] * stock)


def lasting_growth(people: Array, b: BaseParameters) -> Array:
    """Yearly growth of a corridor's stock that goes on after 2005, ``(..., corridor)``.

    The change of 2000-05 relative to the mean stock, ``r``, goes on as ``m tanh(r / m)``: very fast change is
    the work of events that pass, such as wars, returns after them, or amnesties (assumption).
    """
    before, after = people[:, 0], people[:, 1]
    mean = np.maximum(0.5 * (before + after), 1.0)
    lasting = b.lasting_change * np.tanh((after - before) / mean / b.lasting_change) * mean
    growth: Array = lasting / 5.0 / np.maximum(after, 1.0)
    return growth


def exits(states: States, b: BaseParameters) -> Array:
    """Rates of return from each host relative to those from a typical host, ``(..., state)``.

    From the shares of new immigrants gone within five years, where published; rich states of Europe without
    a figure take the mean of Europe. Source: literature exit5, exit5_country.
    """
    in_europe = np.array([region == "Europe" for region in states.region])
    is_rich = np.array([group == "H" for group in states.income_group])
    usual = np.where(in_europe & is_rich, b.exit_europe, b.exit_typical)
    gone = np.where(np.isnan(states.exits), usual, np.nan_to_num(states.exits))
    # A host that nobody stays in would have no rate at all.
    relative: Array = np.log1p(-np.minimum(gone, 0.99)) / np.log1p(-np.minimum(b.exit_typical, 0.99))
    return relative


def base_opinions(
    states: States, p: BaseParameters, control: Array, unemployment: Array, share: Array
) -> Opinions:
    """Opinion, attention and perceived control of 2005.

    The hostile are the resolute among those who want less immigration, published for some states and the
    world. Source: literature att_decrease, att_country, att_segments.
    """
    in_europe = np.array([region == "Europe" for region in states.region])
    usual = np.where(in_europe, p.less_europe, p.less_elsewhere)
    anti = p.resolute * np.where(np.isnan(states.wanting_less), usual, np.nan_to_num(states.wanting_less))
    decided = np.maximum(p.pro + anti, 1.0)
    pro, anti = p.pro / decided, anti / decided
    attention = np.broadcast_to(p.attention[..., None], (*anti.shape, len(THEMES))).copy()
    seen = np.stack([100.0 * unemployment, 100.0 * share, np.zeros_like(share)], axis=-1)
    noticed = np.broadcast_to(seen, (*anti.shape, seen.shape[-1])).copy()
    return Opinions(pro, 1.0 - pro - anti, anti, attention, control, noticed)


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
    figures: Figures,
    states: States,
    corridors: Corridors,
    policy: Array,
    practice: Array,
    table: Levers,
    parameters: Parameters,
) -> Base:
    """Derive everything of the base year that the phases refer to.

    Parameters
    ----------
    figures : Figures
    states : States
    corridors : Corridors
    policy : array, shape ``(..., state, paragraph)``
    practice : array, shape ``(..., state, theme)``
        Both of 2005.
    table : Levers
    parameters : Parameters
    """
    b = parameters.group(BaseParameters, "world.base")
    w = parameters.group(PolicyParameters, "world.policy")
    population = figures.population
    stock = base_stock(figures.people, figures.refugees, states, corridors, b)
    moves = movement(figures, stock, states, corridors, parameters)
    people = figures.people[:, 1]
    unattributed = np.maximum(figures.immigrants - corridors.by_destination(people), 0.0)
    migrant_share = (corridors.by_destination(people) + unattributed) / population
    control = policy[..., table.of_theme("border_security")].mean(axis=-1)
    return Base(
        population=population,
        natives=population * native_share(migrant_share),
        income=figures.income,
        market_rate=figures.market_rate,
        unemployment=figures.unemployment,
        stock=stock,
        small_stock=b.small_stock,
        diaspora=people + b.small_stock,
        hump=base_hump(figures.income, parameters),
        unattributed=unattributed,
        unattributed_emigrants=np.maximum(figures.emigrants - corridors.by_origin(people), 0.0),
        migrant_share=migrant_share,
        free_since=np.maximum(
            *(states.moves_freely_since[end] for end in (corridors.origin, corridors.destination))
        ),
        diaspora_reach=np.tanh(b.diaspora_scale * corridors.by_origin(people) / population),
        opinions=base_opinions(states, b, control, figures.unemployment, migrant_share),
        policy=policy,
        effect=effect(policy, practice[..., table.theme], w.effect_without_practice),
        lever_sizes=table.sizes(parameters),
        growth_path=figures.growth,
        **moves,
        **money(figures, stock, corridors, parameters),
        **skills(figures, stock, moves["home"], states, corridors, parameters),
    )


def movement(
    figures: Figures, stock: Array, states: States, corridors: Corridors, parameters: Parameters
) -> dict[str, Array]:
    """Flows, returns and natural increase that carry the figures of 2000 on to 2005 and beyond."""
    b = parameters.group(BaseParameters, "world.base")
    f = parameters.group(FlowParameters, "world.flows")
    status = parameters.group(StatusParameters, "world.status")
    population = figures.population
    stay = exits(states, b)
    returning = corridors.at_destination(return_rates(stay, unmoved(stay.shape), BASE_YEAR, f))
    flow = base_flow(stock, figures.people, returning, f, status, b)
    growth = (population / figures.population_2000) ** 0.2 - 1.0
    # Who came net of who went in 2000-05: the change of the stock, and those who died in it.
    came = (figures.people[:, 1] - figures.people[:, 0]) / 5.0 + f.death * figures.people[:, 1]
    natural = growth - (corridors.by_destination(came) - corridors.by_origin(came)) / population
    natural = np.clip(natural, b.least_natural_increase, b.largest_natural_increase)
    coming = corridors.by_destination(flow)
    return {
        "flow": flow,
        "home": returning * stock,
        "usual_inflow": coming.sum(axis=-2) / total(coming.sum(axis=-2)),
        "stay": stay,
        "natural_increase": natural,
        "increase_fades": b.increase_fades,
        "ageing": ageing(natural, population, states, b.least_natural_increase),
        "disorderly_arrivals": (coming[..., IRREGULAR, :] + coming[..., DISPLACED, :]) / population,
    }


def base_hump(income: Array, parameters: Parameters) -> Array:
    """Value of the income term of leaving in the base year, ``(..., state)``."""
    f = parameters.group(FlowParameters, "world.flows")
    return hump(np.broadcast_to(income, (*f.income_origin.shape[:-1], income.size)).copy(), f)


def first_people(base: Base, corridors: Corridors) -> People:
    """Migrants and populations at the end of 2005; flows and returns are those of the base year."""
    out, back, everybody = base.flow.sum(axis=-2), base.home.sum(axis=-2), base.stock.sum(axis=-2)
    hosted = corridors.by_destination(base.stock)
    return People(
        stock=base.stock,
        flow=base.flow,
        returns=base.home,
        everybody=everybody,
        hosted=hosted,
        immigrants=hosted.sum(axis=-2) + base.unattributed,
        emigrants=corridors.by_origin(everybody),
        population=np.broadcast_to(base.population, base.natural_increase.shape).copy(),
        inflow=corridors.by_destination(out) + corridors.by_origin(back),
        outflow=corridors.by_origin(out) + corridors.by_destination(back),
    )


def ageing(natural_increase: Array, population: Array, states: States, least: Array) -> Array:
    """Percentage points by which natural increase lies below developed states', ``(..., state)``, or zero.

    Where fewer are born than die the old are many; no figures of age are at hand (b-ageing). Developed states
    are those that the published gain of hosts is about.
    """
    measured = population * (states.is_developed if states.is_developed.any() else 1.0)
    usual = total(natural_increase * measured) / measured.sum()
    # At the bound the increase is what figures that disagree leave over, not births.
    older = np.maximum(100.0 * (usual - natural_increase), 0.0)
    return np.where(natural_increase > least, older, 0.0)


def money(figures: Figures, stock: Array, corridors: Corridors, parameters: Parameters) -> dict[str, Array]:
    """Remittances of the base year.

    What each receiver's migrants must have sent for its receipts to come true.
    """
    e = parameters.group(EconomyParameters, "world.economy")
    r = parameters.group(RemittanceParameters, "world.remittances")
    largest = parameters["world.base.largest_remitted_share"]
    job_gap = np.clip(figures.unemployment * e.migrant_job_gap, 0.0, 0.9)
    per_worker = corridors.at_destination(figures.income * figures.market_rate * (1.0 - job_gap))
    earned = (stock * r.wages()).sum(axis=-2) * per_worker / 1e6
    earned_by_origin = corridors.by_origin(earned)
    propensity = np.minimum(figures.received / np.maximum(earned_by_origin, 1e-9), largest)
    return {
        "migrant_unemployment": job_gap,
        "sent": earned * corridors.at_origin(propensity),
        "received": figures.received,
        "remittance_share": figures.received_share,
        "propensity": propensity,
        "unattributed_receipts": figures.received - propensity * earned_by_origin,
    }


def skills(
    figures: Figures,
    stock: Array,
    home: Array,
    states: States,
    corridors: Corridors,
    parameters: Parameters,
) -> dict[str, Array]:
    """The skilled at home, and what is lost and gained by those who leave and come back."""
    e = parameters.group(EconomyParameters, "world.economy")
    at_home = skilled_at_home(states, parameters.group(BaseParameters, "world.base"))
    abroad = corridors.by_origin(np.ascontiguousarray(stock[..., SKILLED, :]))
    coming_home = corridors.by_origin(np.ascontiguousarray(home[..., SKILLED, :]))
    return {
        "skilled_at_home": at_home,
        "skill_loss": skill_loss(abroad, figures.population, at_home, e),
        "returning_skills": coming_home / (figures.population * at_home),
    }
