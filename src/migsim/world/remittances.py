"""Remittances by corridor: what migrants earn, whether they work, what they send, and what sending costs.

``R_c = sum_k S_kc w_k e^wage y_j m_j (1 - u_j) q_i (c_c / c0)^-e exp(propensity + recording)``, with the
propensity ``q_i`` of each receiving state set so that receipts of 2005 are reproduced. ``m_j`` is the market
value of an international dollar; the cost ``c_c`` moves by its trend and by policy at both ends. Source:
literature remit_cost_elast, remit_cost_2008, remit_share.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from migsim.world.corridors import Array
from migsim.world.state import Transfers, World
from migsim.world.vocabulary import BASE_YEAR

if TYPE_CHECKING:
    from migsim.world.setting import Setting

__all__ = ["RemittanceParameters", "earnings", "send_money"]


@dataclass(frozen=True)
class RemittanceParameters:
    """Registry group ``world.remittances``, each ``(..., 1)``."""

    cost: Array
    cost_elasticity: Array
    cost_trend: Array
    recording: Array
    recording_lasts: Array
    wage_skilled: Array
    wage_regular: Array
    wage_irregular: Array
    wage_displaced: Array

    def wages(self) -> Array:
        """Earnings of each class relative to income per head in the host, ``(..., class, 1)``."""
        columns = (self.wage_skilled, self.wage_regular, self.wage_irregular, self.wage_displaced)
        return np.stack(columns, axis=-2)


def earnings(world: World, setting: Setting, p: RemittanceParameters, part: Array) -> Array:
    """What all migrants on a corridor earn, ``(..., corridor)``, million dollars a year.

    ``part``: share of it to be counted, by host, ``(..., state)``.
    """
    economies = world.economies
    per_worker = (
        economies.income
        * setting.base.market_rate
        * np.exp(world.conditions.at_host("migrant_wage"))
        * (1.0 - economies.migrant_unemployment)
        * part
    )
    earned: Array = np.einsum("...kc,...k->...c", world.people.stock, p.wages()[..., 0])
    earned *= setting.corridors.at_destination(per_worker)
    earned /= 1e6
    return earned


def send_money(world: World, setting: Setting) -> World:
    """One year of remittances."""
    p = setting.parameters.group(RemittanceParameters, "world.remittances")
    corridors, conditions, base = setting.corridors, world.conditions, setting.base
    years = world.year - BASE_YEAR
    host_cost = conditions.at_host("transfer_cost")
    origin_cost = conditions.at_origin("transfer_cost") + p.cost_trend * years
    recorded = p.recording * np.minimum(years, p.recording_lasts)
    here = np.exp(conditions.at_host("propensity") - p.cost_elasticity * host_cost)
    there = np.exp(conditions.at_origin("propensity") + recorded - p.cost_elasticity * origin_cost)
    sent = earnings(world, setting, p, here)
    sent *= corridors.at_origin(base.propensity * there)
    charged = corridors.at_destination(np.exp(host_cost))
    charged *= sent
    fees = p.cost * np.exp(origin_cost) * corridors.by_origin(charged)
    received = corridors.by_origin(sent)
    transfers = Transfers(
        sent=sent,
        received=received + base.unattributed_receipts,
        paid=corridors.by_destination(sent),
        cost=np.where(received > 0.0, fees / np.where(received > 0.0, received, 1.0), p.cost),
    )
    return replace(world, transfers=transfers)
