"""Uptake: the public notices, and outer processes (a dialogue, a summit) may take the subject up.

Where the scenario has outer processes of its own, convened by uptake, one of them must have met. Otherwise
whatever lies outside the scenario acts, from 2006 on, with the chance

``P(uptake) = logistic(u0 + u_T (mean trust - T0) + u_a (mean attention - a0) + u_c convergence)``; attention
is that to the theme that each public notices most, and convergence is how much nearer to each other ideals
are than the documents' stances. An uptake lifts attention to every theme. Evidence w-crisis-salience,
g-gfmd-success-hld2.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from migsim.forum.session import effects
from migsim.world.corridors import Array
from migsim.world.kept import once
from migsim.world.noise import Noise
from migsim.world.policy import paragraph_first
from migsim.world.setting import Setting
from migsim.world.state import World
from migsim.world.vocabulary import BASE_YEAR

__all__ = ["ConveningParameters", "UptakeParameters", "notice", "odds_of_uptake", "take_up"]


@dataclass(frozen=True)
class UptakeParameters:
    """Registry group ``uptake``, each ``(..., 1)``."""

    level: Array
    trust: Array
    attention: Array
    convergence: Array
    lift: Array


@dataclass(frozen=True)
class ConveningParameters:
    """Registry group ``processes.*.convening``, each ``(..., 1)``."""

    rule: Array
    level: Array
    trust: Array
    attention: Array
    convergence: Array
    support: Array


def take_up(world: World, setting: Setting) -> World:
    """Let the public notice the year's sessions; note, or draw, whether an outer process acts."""
    world = notice(world, setting)
    p = setting.parameters.group(UptakeParameters, "uptake")
    if setting.outer:
        met = [minutes.held for minutes in world.minutes if minutes.process in setting.outer]
        happens = np.maximum.reduce([np.zeros_like(world.uptake), *met])
    elif world.year <= BASE_YEAR:
        happens = np.zeros_like(world.uptake)
    else:
        everybody = np.broadcast_to(setting.members(world.year), world.commitments.trust.shape)
        odds = odds_of_uptake(world, setting, p, everybody)
        draw = luck(setting.noise, world.year)
        happens = np.where(draw < 1.0 / (1.0 + np.exp(-odds)), 1.0, 0.0)
    if not happens.any():
        return replace(world, uptake=happens)
    noticed = world.opinions.attention
    lifted = noticed + (p.lift * happens)[..., None] * (1.0 - noticed)
    return replace(world, uptake=happens, opinions=replace(world.opinions, attention=lifted))


@lru_cache(maxsize=2)
def luck(noise: Noise, year: int) -> Array:
    """The year's draw, ``(..., 1)``, which the world and its paired world have in common."""
    return noise.unit("uptake", year=year)


def notice(world: World, setting: Setting) -> World:
    """Sessions draw attention to their themes where states attended.

    However many treat a theme in a year, the public hears of it once, from the one that is noticed most.
    """
    if not world.minutes:
        return world
    attention = world.opinions.attention
    lift = np.zeros_like(paragraph_first(attention))
    for held in world.minutes:
        strength = setting.parameters[f"processes.{held.process}.report.attention"]
        strength = strength * effects(setting, held.process).attention
        seen = np.moveaxis(strength * held.on_agenda, -1, 0)[..., None] * held.attended
        np.maximum(lift, seen, out=lift)
    lifted = attention + np.moveaxis(lift, 0, -1) * (1.0 - attention)
    return replace(world, opinions=replace(world.opinions, attention=lifted))


def odds_of_uptake(
    world: World, setting: Setting, p: UptakeParameters | ConveningParameters, who: Array
) -> Array:
    """Log odds that an outer process acts, ``(..., 1)``.

    Trust and attention are means over those who could take part, ``who`` ``(..., state)`` in {0, 1}.
    """
    n_who = np.maximum(who.sum(axis=-1, keepdims=True), 1.0)
    trust = (world.commitments.trust * who).sum(axis=-1, keepdims=True) / n_who
    attention = paragraph_first(world.opinions.attention).max(axis=0)
    leading = (attention * who).sum(axis=-1, keepdims=True) / n_who
    apart = distance_of_stances(setting) - mean_distance(world.policies.ideal)
    odds: Array = (
        p.level
        + p.trust * (trust - setting.parameters["trust.start"])
        + p.attention * (leading - setting.parameters["world.base.attention"])
        + p.convergence * apart
    )
    return odds


def mean_distance(positions: Array) -> Array:
    """Mean distance of the states from their mean, ``(..., state, anything)`` to ``(..., 1)``."""
    apart = positions - positions.mean(axis=-2, keepdims=True)
    return np.abs(apart, out=apart).mean(axis=(-2, -1))[..., None]


@once
def distance_of_stances(setting: Setting) -> Array:
    """Mean distance of the documents' stances, ``(..., 1)``."""
    return mean_distance(setting.actors.stance)
