"""The year's accounts: what hosts and departure countries have of migration, and who paid for what.

Both indices are in percent of a state's income. Each dollar is entered once: remittances as money received by
departure countries, grants as paid by the donor and received by the partner, costs of policy and of meetings
as paid by the state. Opinion and the protection of nationals stand beside the indices, not in them.

* Hosts: output (what migrants add to income and to natives' wages, less what their higher pay costs), fiscal
  balance (taxes of those who work, reception, policies, grants and meetings), order (people without papers),
  integration (migrants' participation above one half).
* Departure countries: money (remittances), skills (loss through skilled departure), development (income
  effects, and grants received less what is spent).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from migsim.world.corridors import Array
from migsim.world.economy import EconomyParameters, host_gain, migrant_share, product
from migsim.world.remittances import RemittanceParameters
from migsim.world.state import Gains, Ledger, World
from migsim.world.vocabulary import ASPECTS, CLASSES, COST_BASES

if TYPE_CHECKING:
    from migsim.world.setting import Setting

__all__ = ["AccountParameters", "account", "aid", "blank_ledger", "lever_costs", "product"]

IRREGULAR, DISPLACED = CLASSES.index("irregular"), CLASSES.index("displaced")
PARTICIPATION = ASPECTS.index("participation")


@dataclass(frozen=True)
class AccountParameters:
    """Registry group ``world.accounts``, each ``(..., 1)``."""

    native_wage: Array
    low_paid_share: Array
    fiscal_balance: Array
    tax_rate: Array
    wage_incidence: Array
    reception: Array
    order_value: Array
    integration_value: Array
    weight_output: Array
    weight_fiscal: Array
    weight_order: Array
    weight_integration: Array
    weight_money: Array
    weight_skills: Array
    weight_development: Array


def aid(world: World, setting: Setting, income: Array) -> tuple[Array, Array]:
    """Aid tied to migration beyond that of 2005.

    Given by donors and received along their corridors, million USD, ``(..., state)`` each.
    """
    corridors = setting.corridors
    given = 0.01 * np.maximum(world.conditions.at_host("aid"), 0.0) * income * setting.states.is_developed
    if not given.any():
        return np.zeros_like(given), np.zeros_like(given)
    along = corridors.at_destination(given / np.maximum(world.people.living_abroad, 1.0))
    along *= world.people.everybody
    return corridors.by_destination(along), corridors.by_origin(along)


def counted(hosted: Array, emigrants: Array, population: Array) -> Array:
    """People by whom the costs of policy are counted, ``(..., cost base, state)``."""
    people = {
        "migrants": hosted.sum(axis=-2),
        "emigrants": emigrants,
        "irregular": hosted[..., IRREGULAR, :],
        "displaced": hosted[..., DISPLACED, :],
        "population_share": population,
    }
    return np.stack([people[name] for name in COST_BASES], axis=-2)


def policy_costs(world: World, setting: Setting) -> Array:
    """What the change of policy since 2005 costs a state, million USD a year, ``(..., state)``."""
    people = counted(world.people.hosted, world.people.emigrants, world.people.population)
    scale = world.economies.income * setting.base.market_rate / setting.parameters["world.policy.cost_income"]
    people *= world.conditions.costs
    return scale * people.sum(axis=-2) / 1e6


def lever_costs(setting: Setting) -> Array:
    """What full use of each lever would have cost a state in 2005, ``(..., state, paragraph)``.

    Percent of its income, as far as its roles as host and as departure country make it count.
    """
    base, corridors, parameters, table = setting.base, setting.corridors, setting.parameters, setting.levers
    population = np.broadcast_to(base.population, base.natural_increase.shape)
    emigrants = corridors.by_origin(base.stock.sum(axis=-2))
    people = counted(corridors.by_destination(base.stock), emigrants, population) / population[..., None, :]
    index = [COST_BASES.index(name) for name in table.cost_base]
    per_head = np.swapaxes(people[..., index, :], -2, -1) * table.cost
    scale = 100.0 * parameters["world.policy.cost_scale"] / parameters["world.policy.cost_income"]
    roles = (setting.states.host + setting.states.departure)[:, None]
    return scale[..., None] * roles * per_head


def account(world: World, setting: Setting) -> World:
    """Close the year's books."""
    p = setting.parameters.group(AccountParameters, "world.accounts")
    income = product(world, setting)
    given, received = aid(world, setting, income)
    ledger = replace(
        world.ledger,
        grants_given=world.ledger.grants_given + given,
        grants_received=world.ledger.grants_received + received,
        policy_costs=policy_costs(world, setting),
    )
    world = replace(world, ledger=ledger)
    output, fiscal, order, integration = host_side(world, setting, income, p)
    money = 100.0 * world.transfers.received / income
    skills = -100.0 * world.economies.skill_loss
    development = 100.0 * (world.economies.origin_effect + (ledger.grants_received - spent(ledger)) / income)
    gains = Gains(
        hosts=p.weight_output * output
        + p.weight_fiscal * fiscal
        + p.weight_order * order
        + p.weight_integration * integration,
        departures=p.weight_money * money + p.weight_skills * skills + p.weight_development * development,
        output=output,
        fiscal=fiscal,
        order=order,
        integration=integration,
        money=money,
        skills=skills,
        development=development,
    )
    return replace(world, gains=gains)


def spent(ledger: Ledger) -> Array:
    """What a state pays for policy, grants and meetings, million USD.

    It weighs on each index by the state's role.
    """
    return ledger.policy_costs + ledger.grants_given + ledger.forum_costs


def host_side(
    world: World, setting: Setting, income: Array, p: AccountParameters
) -> tuple[Array, Array, Array, Array]:
    """Output, fiscal balance, order and integration of each host, percent of income, ``(..., state)``."""
    base, ledger = setting.base, world.ledger
    share = migrant_share(world)
    gain = host_gain(setting, setting.parameters.group(EconomyParameters, "world.economy"))
    in_long_run = gain * base.migrant_share
    # Higher pay of migrants is paid by somebody in the host.
    wages = setting.parameters.group(RemittanceParameters, "world.remittances").wages()
    bill = (world.people.hosted * wages).sum(axis=-2) * (1.0 - world.economies.migrant_unemployment)
    dearer = p.wage_incidence * np.expm1(world.conditions.at_host("migrant_wage"))
    output = (
        100.0 * (world.economies.host_effect + in_long_run) + p.native_wage * p.low_paid_share * 100.0 * share
    )
    employed = base.migrant_unemployment - world.economies.migrant_unemployment
    fiscal = 10.0 * p.fiscal_balance * share + 100.0 * p.tax_rate * share * employed
    present = world.people.hosted / world.people.population[..., None, :]
    output = output - 100.0 * dearer * bill / world.people.population
    fiscal = fiscal - 100.0 * spent(ledger) / income - 100.0 * p.reception * present[..., DISPLACED, :]
    order = -p.order_value * 100.0 * present[..., IRREGULAR, :]
    belonging = world.wellbeing.aspects[..., PARTICIPATION, :] - 0.5
    integration = p.integration_value * 100.0 * (present * belonging).sum(axis=-2)
    return output, fiscal, order, integration


def blank_ledger(shape: tuple[int, ...]) -> Ledger:
    """A ledger with nothing entered."""
    return Ledger(np.zeros(shape), np.zeros(shape), np.zeros(shape), np.zeros(shape))
