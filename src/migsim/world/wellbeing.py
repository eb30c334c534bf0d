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
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from migsim.world.corridors import Array
from migsim.world.remittances import RemittanceParameters
from migsim.world.state import Wellbeing, World
from migsim.world.vocabulary import ASPECTS, BASE_YEAR, CLASSES

if TYPE_CHECKING:
    from migsim.world.setting import Setting

__all__ = ["WellbeingParameters", "assess", "feel"]

SKILLED, REGULAR, IRREGULAR, DISPLACED = range(len(CLASSES))
WITH_PERMIT, EXPOSED = slice(SKILLED, REGULAR + 1), slice(IRREGULAR, DISPLACED + 1)
"""Classes that came with papers for work, and those who are exposed to harm."""


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

    @cached_property
    def status_by_class(self) -> Array:
        """Usual legal status, ``(..., class, 1)``."""
        return self._by_class("status")

    @cached_property
    def access_by_class(self) -> Array:
        """Usual access to services, ``(..., class, 1)``."""
        return self._by_class("access")

    @cached_property
    def participation_by_class(self) -> Array:
        """Usual participation, ``(..., class, 1)``."""
        return self._by_class("participation")

    @cached_property
    def exposure(self) -> Array:
        """Exposure to harm of the irregular and the displaced, ``(..., 2, 1)``; the others have none."""
        return np.stack((self.exposure_irregular, self.exposure_displaced), axis=-2)

    def _by_class(self, name: str) -> Array:
        return np.stack([getattr(self, f"{name}_{k}") for k in CLASSES], axis=-2)

    def weights(self) -> Array:
        """Weights of the aspects, ``(..., aspect, 1)``, summing to one."""
        return self._weights

    @cached_property
    def _weights(self) -> Array:
        columns = (self.weight_work, self.weight_status, self.weight_services, self.weight_participation)
        stacked = np.stack(columns, axis=-2)
        return stacked / np.maximum(stacked.sum(axis=-2, keepdims=True), 1e-9)


def income_score(income: Array, p: WellbeingParameters) -> Array:
    """Log income on a scale from the poorest (0) to the richest (1) host, of the shape of ``income``.

    Literature wb_gdp: the form is logarithmic.
    """
    by_replicate = (-1, *(1,) * (income.ndim - 1))
    poorest, richest = p.poorest_income.reshape(by_replicate), p.richest_income.reshape(by_replicate)
    score = np.maximum(income, 1.0) / poorest
    np.log(score, out=score)
    score /= np.maximum(np.log(richest / poorest), 1e-9)
    return np.clip(score, 0.0, 1.0, out=score)


def assess(world: World, setting: Setting, p: WellbeingParameters, wages: Array) -> Array:
    """The four aspects of each class in each host, ``(..., class, aspect, state)`` in [0, 1]."""
    moved, economies = world.conditions, world.economies
    support = p.network_support * networks(world, setting, p)
    harm = p.exposure * (np.exp(moved.own("exposure")) * (1.0 - support))[..., None, :]
    fees = p.recruitment_months / 12.0 * np.exp(moved.own("recruitment_cost")) / p.recruitment_years
    fees = np.minimum(fees, 0.9)
    pay = (
        economies.income
        * np.exp(moved.at_host("migrant_wage"))
        * (1.0 - economies.migrant_unemployment)
        * (1.0 - fees)
    )
    work = income_score(pay[..., None, :] * wages, p)
    work[..., EXPOSED, :] *= 1.0 - harm
    work += moved.own("work_quality")[..., None, :]
    temporary = p.temporary_share * np.exp(
        setting.parameters["world.flows.temporary_trend"] * (world.year - BASE_YEAR)
    )
    temporary = np.minimum(temporary, 1.0)
    status = raise_toward_one(p.status_by_class, legal_change(world, p))
    # A permit is enough for those who came for a time: part of what lacks does not weigh on them.
    status[..., WITH_PERMIT, :] += (temporary * p.permit)[..., None, :] * (1.0 - status[..., WITH_PERMIT, :])
    services = served(world, temporary, p)
    participation = raise_toward_one(p.participation_by_class, moved.own("integration")[..., None, :])
    participation -= (p.hostility * (world.opinions.anti - setting.base.opinions.anti))[..., None, :]
    participation[..., EXPOSED, :] -= p.exposure_to_insecurity[..., None] * harm
    aspects = np.stack((work, status, services, participation), axis=-2)
    return np.clip(aspects, 0.0, 1.0, out=aspects)


def networks(world: World, setting: Setting, p: WellbeingParameters) -> Array:
    """How far migrants of a host live among compatriots, ``(..., state)`` in [0, 1).

    Mean of ``S / (S + size)`` over the migrants there: help comes from compatriots (s-victims-support).
    """
    there = world.people.everybody
    compatriots = there + p.network_size
    np.divide(there, compatriots, out=compatriots)
    compatriots *= there
    return setting.corridors.by_destination(compatriots) / np.maximum(world.people.living_abroad, 1.0)


def served(world: World, temporary: Array, p: WellbeingParameters) -> Array:
    """Services and benefits of each class, ``(..., class, state)`` in [0, 1].

    What a host can give, and to whom by class; less where benefits rest on contributions that only regular
    work brings (s-entitlement-type), where these are lost on leaving (i-privileged-portability), and by
    barriers of language and bureaucracy that integration lowers (s-access-barriers).
    """
    moved = world.conditions
    usual = p.access_by_class * capacity(world, p)[..., None, :]
    level = raise_toward_one(usual, moved.own("services")[..., None, :])
    kept = 1.0 - temporary * (1.0 - np.clip(p.portability + moved.own("portability"), 0.0, 1.0))
    paying = (1.0 - world.economies.migrant_unemployment) * kept
    # The displaced are entitled by protection, not by contributions; the irregular cannot contribute.
    level[..., WITH_PERMIT, :] *= (1.0 - p.contribution_share * (1.0 - paying))[..., None, :]
    level[..., IRREGULAR, :] *= 1.0 - p.contribution_share
    barriers = p.barriers * np.clip(1.0 - moved.own("integration"), 0.0, 1.0)
    level *= (1.0 - barriers)[..., None, :]
    return level


def capacity(world: World, p: WellbeingParameters) -> Array:
    """What a state can give in services, ``(..., state)`` in [0, 1)."""
    income = world.economies.income
    return income / (income + p.services_income)


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
    index = (aspects * weights[..., None, :, :]).sum(axis=-2)
    index *= 100.0
    before = world.wellbeing
    home = stay_at_home(world, p, weights) + before.home_shift
    return replace(world, wellbeing=Wellbeing(aspects, index, before.first, home, before.home_shift))


def stay_at_home(world: World, p: WellbeingParameters, weights: Array) -> Array:
    """The index of people who did not move, ``(..., state)``.

    Full status, their own country's work and services.
    """
    economies = world.economies
    work = income_score(economies.income * (1.0 - economies.unemployment), p)
    of_work, of_status, of_services, of_participation = (weights[..., n, :] for n in range(len(ASPECTS)))
    level = (
        of_work * work
        + of_status
        + of_services * capacity(world, p)
        + of_participation * p.participation_home
    )
    return 100.0 * level
