"""Migrants' well-being by class and host: work, legal status, services, participation and security.

Each of the four aspects is in [0, 1]; the index is their weighted mean in points of 0-100. People who stay at
home have an index of the same kind, so that moving can be compared with staying::

    work          = s(y w_k e^wage (1 - u) (1 - fees)) (1 - harm_k) + quality,   s the log scale of income
    harm_k        = exposure_k e^exposure (1 - support * share living among compatriots)
    status        = raised(level_k, status policy), plus temporary * permit * what lacks (skilled, regular)
    services      = raised(access_k y/(y + y*), policy) * entitled_k * (1 - barriers (1 - integration))
    participation = raised(level_k, integration) - hostility * change of hostile opinion - harm_k * insecurity

``raised(x, c)`` moves ``x`` by the part ``c`` of what lacks to one, or of itself when ``c`` is a loss.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from migsim.world.corridors import Array
from migsim.world.remittances import RemittanceParameters
from migsim.world.state import Wellbeing, World
from migsim.world.vocabulary import BASE_YEAR, CLASSES

if TYPE_CHECKING:
    from migsim.world.setting import Setting

__all__ = ["WellbeingParameters", "assess", "feel"]

SKILLED, REGULAR, IRREGULAR, DISPLACED = range(len(CLASSES))


@dataclass(frozen=True)
class WellbeingParameters:
    """Registry group ``world.wellbeing``, each ``(..., 1)``."""

    weight_work: Array
    weight_status: Array
    weight_services: Array
    weight_participation: Array
    poorest_income: Array
    richest_income: Array
    status_skilled: Array
    status_regular: Array
    status_irregular: Array
    status_displaced: Array
    permit: Array
    temporary_share: Array
    access_skilled: Array
    access_regular: Array
    access_irregular: Array
    access_displaced: Array
    participation_skilled: Array
    participation_regular: Array
    participation_irregular: Array
    participation_displaced: Array
    participation_home: Array
    services_income: Array
    contribution_share: Array
    portability: Array
    barriers: Array
    network_support: Array
    network_size: Array
    exposure_irregular: Array
    exposure_displaced: Array
    hostility: Array
    recruitment_months: Array
    recruitment_years: Array
    exposure_to_insecurity: Array
    status_reaches_skilled: Array
    gain_of_moving: Array

    def by_class(self, name: str) -> Array:
        """The four class columns of one aspect, ``(..., class, 1)``."""
        return np.stack([getattr(self, f"{name}_{k}") for k in CLASSES], axis=-2)

    def weights(self) -> Array:
        """Weights of the aspects, ``(..., aspect, 1)``, summing to one."""
        columns = (self.weight_work, self.weight_status, self.weight_services, self.weight_participation)
        stacked = np.stack(columns, axis=-2)
        return stacked / np.maximum(stacked.sum(axis=-2, keepdims=True), 1e-9)


def income_score(income: Array, p: WellbeingParameters) -> Array:
    """Log income on a scale from the poorest (0) to the richest (1) host.

    Literature wb_gdp: the form is logarithmic.
    """
    span = np.log(p.richest_income / p.poorest_income)
    return np.clip(np.log(np.maximum(income, 1.0) / p.poorest_income) / np.maximum(span, 1e-9), 0.0, 1.0)


def assess(world: World, setting: Setting, p: WellbeingParameters, wages: Array) -> Array:
    """The four aspects of each class in each host, ``(..., class, aspect, state)`` in [0, 1]."""
    moved, economies = world.conditions, world.economies
    exposed = np.zeros((*economies.income.shape[:-1], len(CLASSES), 1))
    exposed[..., IRREGULAR, :] = p.exposure_irregular
    exposed[..., DISPLACED, :] = p.exposure_displaced
    support = p.network_support * networks(world, setting, p)
    harm = exposed * (np.exp(moved.own("exposure")) * (1.0 - support))[..., None, :]
    fees = p.recruitment_months / 12.0 * np.exp(moved.own("recruitment_cost")) / p.recruitment_years
    fees = np.minimum(fees, 0.9)
    pay = (
        economies.income
        * np.exp(moved.at_host("migrant_wage"))
        * (1.0 - economies.migrant_unemployment)
        * (1.0 - fees)
    )
    work = np.stack([income_score(pay * wages[..., k, :], p) for k in range(len(CLASSES))], axis=-2)
    work = work * (1.0 - harm) + moved.own("work_quality")[..., None, :]
    temporary = p.temporary_share * np.exp(
        setting.parameters["world.flows.temporary_trend"] * (world.year - BASE_YEAR)
    )
    temporary = np.minimum(temporary, 1.0)
    status = raise_toward_one(p.by_class("status"), legal_change(world, p))
    # A permit is enough for those who came for a time: part of what lacks does not weigh on them.
    status[..., : REGULAR + 1, :] += (temporary * p.permit)[..., None, :] * (
        1.0 - status[..., : REGULAR + 1, :]
    )
    services = served(world, temporary, p)
    belonging = raise_toward_one(p.by_class("participation"), moved.own("integration")[..., None, :])
    hostile = p.hostility * (world.opinions.anti - setting.base.opinions.anti)
    participation = belonging - hostile[..., None, :] - p.exposure_to_insecurity[..., None] * harm
    aspects: Array = np.stack(np.broadcast_arrays(work, status, services, participation), axis=-2)
    return np.clip(aspects, 0.0, 1.0)


def networks(world: World, setting: Setting, p: WellbeingParameters) -> Array:
    """How far migrants of a host live among compatriots, ``(..., state)`` in [0, 1).

    Mean of ``S / (S + size)`` over the migrants there: help comes from compatriots (s-victims-support).
    """
    there = world.people.everybody
    among = setting.corridors.by_destination(there * (there / (there + p.network_size)))
    return among / np.maximum(world.people.hosted.sum(axis=-2), 1.0)


def served(world: World, temporary: Array, p: WellbeingParameters) -> Array:
    """Services and benefits of each class, ``(..., class, state)`` in [0, 1].

    What a host can give, and to whom by class; less where benefits rest on contributions that only regular
    work brings (s-entitlement-type), where these are lost on leaving (i-privileged-portability), and by
    barriers of language and bureaucracy that integration lowers (s-access-barriers).
    """
    moved, economies = world.conditions, world.economies
    capacity = economies.income / (economies.income + p.services_income)
    level = raise_toward_one(
        p.by_class("access") * capacity[..., None, :], moved.own("services")[..., None, :]
    )
    kept = 1.0 - temporary * (1.0 - np.clip(p.portability + moved.own("portability"), 0.0, 1.0))
    paying = (1.0 - economies.migrant_unemployment) * kept
    # The displaced are entitled by protection, not by contributions; the irregular cannot contribute.
    contributed = np.stack([paying, paying, np.zeros_like(paying), np.ones_like(paying)], axis=-2)
    entitled = 1.0 - p.contribution_share[..., None] * (1.0 - contributed)
    barriers = p.barriers * np.clip(1.0 - moved.own("integration"), 0.0, 1.0)
    return level * entitled * (1.0 - barriers)[..., None, :]


def legal_change(world: World, p: WellbeingParameters) -> Array:
    """Movement of legal status by class, ``(..., class, state)``.

    Papers come only with regularisation, hence 0 for the irregular.
    """
    status, protection = world.conditions.own("status"), world.conditions.own("protection")
    return np.stack([p.status_reaches_skilled * status, status, np.zeros_like(status), protection], axis=-2)


def raise_toward_one(level: Array, change: Array) -> Array:
    """Move ``level`` by ``change`` of the distance to one, or of the level itself when it is a loss."""
    return np.where(change > 0.0, level + change * (1.0 - level), level * (1.0 + change))


def feel(world: World, setting: Setting) -> World:
    """Assess migrants' and stayers' lives at the year's end."""
    p = setting.parameters.group(WellbeingParameters, "world.wellbeing")
    wages = setting.parameters.group(RemittanceParameters, "world.remittances").wages()
    aspects = assess(world, setting, p, wages)
    weights = p.weights()
    index = 100.0 * (aspects * weights[..., None, :, :]).sum(axis=-2)
    before = world.wellbeing
    home = stay_at_home(world, p, weights) + before.home_shift
    return replace(world, wellbeing=Wellbeing(aspects, index, before.first, home, before.home_shift))


def stay_at_home(world: World, p: WellbeingParameters, weights: Array) -> Array:
    """The index of people who did not move, ``(..., state)``.

    Full status, their own country's work and services.
    """
    economies = world.economies
    work = income_score(economies.income * (1.0 - economies.unemployment), p)
    capacity = economies.income / (economies.income + p.services_income)
    parts = (work, np.ones_like(work), capacity, np.broadcast_to(p.participation_home, work.shape))
    return 100.0 * sum((weights[..., n, :] * part for n, part in enumerate(parts)), np.zeros_like(work))
