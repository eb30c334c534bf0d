"""The base year: figures of 2005 put on the axes of the model.

And what is calibrated so that they are reproduced.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from migsim.world.corridors import Array, Corridors
from migsim.world.economy import EconomyParameters, skill_loss
from migsim.world.figures import Figures
from migsim.world.flows import FlowParameters, hump
from migsim.world.parameters import Parameters
from migsim.world.policy import Levers, PolicyParameters, effect
from migsim.world.remittances import RemittanceParameters
from migsim.world.setting import Base, States
from migsim.world.state import Opinions
from migsim.world.vocabulary import BASE_YEAR, CLASSES, THEMES

__all__ = ["BaseParameters", "base_flow", "base_opinions", "base_stock", "calibrate"]

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
    diaspora_scale: Array
    neighbour_distance: Array
    small_stock: Array
    least_flow: Array
    largest_remitted_share: Array
    least_natural_increase: Array
    largest_natural_increase: Array
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


def base_flow(stock: Array, people: Array, f: FlowParameters, b: BaseParameters) -> Array:
    """Yearly flows that continue the change of 2000-05, ``(..., class, corridor)``.

    They make up for deaths, returns and changes of class.

    The number of displaced people is kept level: how it moves is scenario input.
    """
    growth = (people[:, 1] - people[:, 0]) / 5.0 / np.maximum(people[:, 1], 1.0)
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
    flow = stock * (kept + home_rates(f) + f.death[..., None]) + leaving
    return np.maximum(flow, b.least_flow[..., None] * stock)


def base_opinions(states: States, p: BaseParameters, control: Array) -> Opinions:
    """Opinion, attention and perceived control of 2005; literature att_decrease, att_segments."""
    is_europe = np.array([region == "Europe" for region in states.region])
    anti = np.where(is_europe, p.anti_europe, p.anti_elsewhere)
    decided = np.maximum(p.pro + anti, 1.0)
    pro, anti = p.pro / decided, anti / decided
    attention = np.broadcast_to(p.attention[..., None], (*anti.shape, len(THEMES))).copy()
    return Opinions(pro, 1.0 - pro - anti, anti, attention, control)


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
    f = parameters.group(FlowParameters, "world.flows")
    w = parameters.group(PolicyParameters, "world.policy")
    people = figures.people[:, 1]
    stock = base_stock(figures.people, figures.refugees, states, corridors, b)
    flow = base_flow(stock, figures.people, f, b)
    returns = home_rates(f) * stock
    population = figures.population
    unattributed = np.maximum(figures.immigrants - corridors.by_destination(people), 0.0)
    migrant_share = (corridors.by_destination(people) + unattributed) / population
    growth = (population / figures.population_2000) ** 0.2 - 1.0
    natural = growth - net_migration(flow, returns, corridors) / population
    arriving = flow[..., IRREGULAR, :] + flow[..., DISPLACED, :]
    control = policy[..., table.of_theme("border_security")].mean(axis=-1)
    return Base(
        population=population,
        natives=population * np.clip(1.0 - migrant_share, 0.02, 1.0),
        income=figures.income,
        market_rate=figures.market_rate,
        unemployment=figures.unemployment,
        stock=stock,
        small_stock=b.small_stock,
        diaspora=people + b.small_stock,
        flow=flow,
        natural_increase=np.clip(natural, b.least_natural_increase, b.largest_natural_increase),
        hump=hump(np.broadcast_to(figures.income, natural.shape).copy(), f),
        unattributed=unattributed,
        unattributed_emigrants=np.maximum(figures.emigrants - corridors.by_origin(people), 0.0),
        migrant_share=migrant_share,
        diaspora_reach=np.tanh(b.diaspora_scale * corridors.by_origin(people) / population),
        disorderly_arrivals=corridors.by_destination(arriving) / population,
        opinions=base_opinions(states, b, control),
        policy=policy,
        effect=effect(policy, practice[..., table.theme], w.effect_without_practice),
        lever_sizes=table.sizes(parameters),
        growth_path=figures.growth,
        first_year=BASE_YEAR + 1,
        **money(figures, stock, corridors, parameters),
        **skills(figures, stock, returns, states, corridors, parameters),
    )


def home_rates(f: FlowParameters) -> Array:
    """Yearly share of each class that goes home under base policy, ``(..., class, 1)``."""
    return np.stack([f.return_skilled, f.return_regular, f.return_irregular, f.return_displaced], axis=-2)


def money(figures: Figures, stock: Array, corridors: Corridors, parameters: Parameters) -> dict[str, Array]:
    """Remittances of the base year.

    What each receiver's migrants must have sent for its receipts to come true.
    """
    e = parameters.group(EconomyParameters, "world.economy")
    r = parameters.group(RemittanceParameters, "world.remittances")
    largest = parameters["world.base.largest_remitted_share"]
    job_gap = np.clip(figures.unemployment * e.migrant_job_gap, 0.0, 0.9)
    per_worker = (figures.income * (1.0 - job_gap)).take(corridors.destination, axis=-1)
    earned = (stock * r.wages()).sum(axis=-2) * per_worker / 1e6
    earned_by_origin = corridors.by_origin(earned)
    propensity = np.minimum(figures.received / np.maximum(earned_by_origin, 1e-9), largest)
    return {
        "migrant_unemployment": job_gap,
        "sent": earned * propensity.take(corridors.origin, axis=-1),
        "received": figures.received,
        "remittance_share": figures.received_share,
        "propensity": propensity,
        "unattributed_receipts": figures.received - propensity * earned_by_origin,
    }


def skills(
    figures: Figures,
    stock: Array,
    returns: Array,
    states: States,
    corridors: Corridors,
    parameters: Parameters,
) -> dict[str, Array]:
    """The skilled at home, and what is lost and gained by those who leave and come back."""
    e = parameters.group(EconomyParameters, "world.economy")
    home = skilled_at_home(states, parameters.group(BaseParameters, "world.base"))
    abroad = corridors.by_origin(np.ascontiguousarray(stock[..., SKILLED, :]))
    coming_home = corridors.by_origin(np.ascontiguousarray(returns[..., SKILLED, :]))
    return {
        "skilled_at_home": home,
        "skill_loss": skill_loss(abroad, figures.population, home, e),
        "returning_skills": coming_home / (figures.population * home),
    }


def net_migration(flow: Array, returns: Array, corridors: Corridors) -> Array:
    """Persons who come minus persons who go in a year, ``(..., state)``."""
    moved = flow.sum(axis=-2) - returns.sum(axis=-2)
    return corridors.by_destination(moved) - corridors.by_origin(moved)
