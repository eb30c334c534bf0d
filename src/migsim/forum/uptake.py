"""Uptake: whether outer processes (a dialogue, a declaration, a summit) take the subject up in a year.

``P(uptake) = logistic(u0 + u_T (mean trust - T0) + u_a (mean attention - a0) + u_c convergence)``;
convergence is how much nearer to each other ideals are than the documents' stances. An uptake lifts attention
to every theme. Evidence w-crisis-salience, g-gfmd-success-hld2.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from migsim.world.corridors import Array
from migsim.world.setting import Setting
from migsim.world.state import World

__all__ = ["UptakeParameters", "take_up"]


@dataclass(frozen=True)
class UptakeParameters:
    """Registry group ``uptake``, each ``(..., 1)``."""

    level: Array
    trust: Array
    attention: Array
    convergence: Array
    lift: Array


def take_up(world: World, setting: Setting) -> World:
    """Draw whether an outer process acts this year."""
    p = setting.parameters.group(UptakeParameters, "uptake")
    trust = world.commitments.trust.mean(axis=-1, keepdims=True) - setting.parameters["trust.start"]
    attention = (
        world.opinions.attention.mean(axis=(-2, -1))[..., None] - setting.parameters["world.base.attention"]
    )
    usual = mean_distance(setting.actors.stance)
    apart = mean_distance(world.policies.ideal)
    odds = p.level + p.trust * trust + p.attention * attention + p.convergence * (usual - apart)
    draw = setting.noise.unit("uptake", year=world.year)
    happens = np.where(draw < 1.0 / (1.0 + np.exp(-odds)), 1.0, 0.0)
    noticed = world.opinions.attention
    lifted = noticed + (p.lift * happens)[..., None] * (1.0 - noticed)
    return replace(world, uptake=happens, opinions=replace(world.opinions, attention=lifted))


def mean_distance(positions: Array) -> Array:
    """Mean distance of the states from their mean, ``(..., state, anything)`` to ``(..., 1)``."""
    apart = np.abs(positions - positions.mean(axis=-2, keepdims=True))
    return apart.mean(axis=(-2, -1))[..., None]
