"""Economy: income and unemployment, with what migration adds to them.

Income follows a path of its own (the panel's growth, cleaned of the shocks that scenarios add back);
migration adds small terms, each measured from the base year and approached at a yearly speed::

    y = path * exp(host effect + origin effect - skill loss)
    host effect   -> g (1 + a * ageing) * (migrant share - base share)
    origin effect -> m * (remittances / income - base) + b * returning skills + diaspora
    skill loss    -> c e^eased max(0, r - r*)^2 - l r max(0, 1 - r / r*) - base,  r skilled emigration rate
    migrants' unemployment = u (1 + (gap - 1) e^(job gap - integration)) + first * max(0, u - u0)

Policies act on the use of remittances, on what a return brings (both as ``e^policy``), on the skill loss, and
on work with the diaspora (percent of income times its reach). Remittances and income are last year's, people
this year's.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from migsim.world.corridors import Array
from migsim.world.state import Economies, World
from migsim.world.vocabulary import CLASSES

if TYPE_CHECKING:
    from migsim.world.setting import Setting

__all__ = ["EconomyParameters", "grow", "host_gain", "migrant_share", "product", "skill_loss"]

SKILLED = CLASSES.index("skilled")


@dataclass(frozen=True)
class EconomyParameters:
    """Registry group ``world.economy``, each ``(..., 1)``."""

    host_output: Array
    ageing: Array
    remittance_effect: Array
    skill_loss: Array
    harmless_skilled_emigration: Array
    learning: Array
    returning_skills: Array
    speed: Array
    own_growth: Array
    growth_noise: Array
    migrant_job_gap: Array
    migrants_first: Array
    integration_to_jobs: Array


def skill_loss(
    skilled_abroad: Array,
    population: Array,
    skilled_at_home: Array,
    p: EconomyParameters,
    eased: Array | float = 0.0,
) -> Array:
    """Log income lost through skilled departure, ``(..., state)``, convex in the skilled emigration rate.

    ``c max(0, r - r*)^2`` with ``r`` the share of the skilled who live abroad: small states with few skilled
    people have high rates and lose most. Below ``r*`` departure does no harm, and the prospect of leaving
    makes learning worthwhile: a gain of ``l r (1 - r / r*)``. Source: literature brain_opt, brain_gain,
    tert_small; evidence s-brain-drain. ``eased``: log change of the loss by policy.
    """
    pool = population * skilled_at_home
    rate = skilled_abroad / (skilled_abroad + pool)
    harmless = p.harmless_skilled_emigration
    lost = p.skill_loss * np.maximum(rate - harmless, 0.0) ** 2 * np.exp(eased)
    learnt = p.learning * rate * np.maximum(1.0 - rate / harmless, 0.0)
    loss: Array = lost - learnt
    return loss


def grow(world: World, setting: Setting) -> World:
    """One year of growth and unemployment."""
    p = setting.parameters.group(EconomyParameters, "world.economy")
    base, shocks, before = setting.base, setting.shocks, world.economies
    noise = setting.noise.state_normals("growth", setting.states.registered, year=world.year)[..., 0]
    growth = p.own_growth * base.growth(world.year) + shocks.growth(world.year) + p.growth_noise * noise
    path = before.path * np.exp(growth)
    host = before.host_effect + p.speed * (host_target(world, setting, p) - before.host_effect)
    target, long_run_loss = origin_target(world, setting, p)
    origin = before.origin_effect + p.speed * (target - before.origin_effect)
    loss = before.skill_loss + p.speed * (long_run_loss - before.skill_loss)
    unemployment = np.clip(base.unemployment + shocks.unemployment(world.year), 0.0, 0.6)
    economies = Economies(
        path=path,
        income=path * np.exp(host + origin - (loss - base.skill_loss)),
        unemployment=np.full(path.shape, unemployment),
        migrant_unemployment=migrant_unemployment(world, setting, unemployment, p),
        host_effect=host,
        origin_effect=origin,
        skill_loss=loss,
    )
    return replace(world, economies=economies)


def product(world: World, setting: Setting) -> Array:
    """Yearly income of a state at market exchange rates, million USD of 2005, ``(..., state)``."""
    return world.economies.income * world.people.population * setting.base.market_rate / 1e6


def host_target(world: World, setting: Setting, p: EconomyParameters) -> Array:
    """Log income that migrants add in the long run since the base year."""
    return host_gain(setting, p) * (migrant_share(world) - setting.base.migrant_share)


def host_gain(setting: Setting, p: EconomyParameters) -> Array:
    """Log income per unit of migrant share, ``(..., state)``: more where people grow old.

    Source: literature gdp_share; evidence b-ageing.
    """
    return p.host_output * (1.0 + p.ageing * setting.base.ageing)


def migrant_share(world: World) -> Array:
    """Migrants as a share of those who live in a state, ``(..., state)``."""
    return world.people.immigrants / np.maximum(world.people.population, 1.0)


def origin_target(world: World, setting: Setting, p: EconomyParameters) -> tuple[Array, Array]:
    """Log income that emigration adds in the long run, and what is lost with the skilled."""
    base, conditions, corridors = setting.base, world.conditions, setting.corridors
    use = np.exp(conditions.own("remittance_use"))
    share = use * world.transfers.received / product(world, setting)
    money = p.remittance_effect * (share - base.remittance_share)
    abroad = corridors.by_origin(world.people.stock[..., SKILLED, :])
    loss = skill_loss(abroad, world.people.population, base.skilled_at_home, p, conditions.own("skill_loss"))
    coming_home = corridors.by_origin(world.people.returns[..., SKILLED, :])
    pool = world.people.population * base.skilled_at_home
    brought = p.returning_skills * (
        np.exp(conditions.own("returning_skills")) * coming_home / pool - base.returning_skills
    )
    diaspora = 0.01 * conditions.own("diaspora") * base.diaspora_reach
    return money + brought + diaspora, loss


def migrant_unemployment(world: World, setting: Setting, unemployment: Array, p: EconomyParameters) -> Array:
    """Unemployment of migrants, ``(..., state)``.

    A lasting gap, and a slump that hits them first (s-recession-first).
    """
    integration = p.integration_to_jobs * world.conditions.own("integration")
    excess = (p.migrant_job_gap - 1.0) * np.exp(world.conditions.own("job_gap") - integration)
    slump = np.maximum(unemployment - setting.base.unemployment, 0.0)
    return np.clip(unemployment * (1.0 + excess) + p.migrants_first * slump, 0.0, 0.9)
