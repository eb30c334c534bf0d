"""Opinion per state: a favourable, an ambivalent and a hostile share; and attention, kept apart from them.

Pressure moves the log odds of the two ends against the ambivalent middle; the shares always sum to one. Jobs,
numbers of migrants and openness press when they change; people get used to what stays, and the shares drift
back in 10 to 30 years (att_backlash)::

    pressure = e Δu + m Δshare + t Δopening + a (arrivals - those of 2005) + events
               - w message (1 - c |ideal - policy|) seen - k (control - that of 2005)

with ``Δ`` the change since last year, unemployment and share in points, disorderly arrivals in a thousand
inhabitants, and ``seen`` how far migrants' lives have visibly improved.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from migsim.world.corridors import Array
from migsim.world.economy import migrant_share
from migsim.world.policy import paragraph_first
from migsim.world.state import Opinions, World
from migsim.world.vocabulary import CLASSES, THEMES

if TYPE_CHECKING:
    from migsim.world.setting import Setting

__all__ = ["OpinionParameters", "faded", "form_opinion", "shift_shares"]

WEAK, STRONG = range(2)
UNORDERLY = (CLASSES.index("irregular"), CLASSES.index("displaced"))
CALLED_BY_ARRIVALS = np.isin(THEMES, ("border_security", "protection_mixed_flows"))
"""Themes to which disorderly arrivals call attention."""


@dataclass(frozen=True)
class OpinionParameters:
    """Registry group ``world.opinion``, each ``(..., 1)``."""

    reading: Array
    economy: Array
    economy_strong: Array
    migrant_share: Array
    disorder: Array
    events: Array
    message: Array
    coherence_lost: Array
    lives_count: Array
    visible_improvement: Array
    thermostat: Array
    control: Array
    control_fades: Array
    habituation: Array
    largest_swing: Array
    attention_fades: Array
    attention_to_arrivals: Array


def shift_shares(
    opinions: Opinions, base: Opinions, pressure: Array, p: OpinionParameters
) -> tuple[Array, Array, Array]:
    """Move the shares under ``pressure``, and let them drift home over ``habituation`` years.

    Pressure above zero moves people toward hostility, below zero toward favour.

    Returns
    -------
    pro, ambivalent, anti : arrays ``(..., state)`` in [0, 1] that sum to one.
    """
    swing = p.largest_swing * np.tanh(pressure / p.largest_swing)
    hostile, friendly = opinions.anti * np.exp(swing), opinions.pro * np.exp(-swing)
    everybody = hostile + opinions.ambivalent + friendly
    years = np.maximum(p.habituation, 1.0)
    anti = hostile / everybody + (base.anti - hostile / everybody) / years
    pro = friendly / everybody + (base.pro - friendly / everybody) / years
    return pro, 1.0 - pro - anti, anti


def form_opinion(world: World, setting: Setting) -> World:
    """One year of opinion, attention and perceived control."""
    p = setting.parameters.group(OpinionParameters, "world.opinion")
    opinions, base = world.opinions, setting.base
    arrivals = disorderly_arrivals(world, setting)
    attention = attend(opinions.attention, arrivals, world, setting, p)
    control = renew_control(opinions.control, world, setting, p)
    draws = setting.noise.state_normals("opinion events", setting.states.registered, year=world.year)[..., 0]
    noticed = notice(world)
    pressure = (
        felt(noticed - opinions.noticed, p)
        + p.disorder * 1000.0 * (arrivals - base.disorderly_arrivals)
        + p.events * draws
        - p.message * message(world, p)
        - p.control * (control - base.opinions.control)
    )
    pro, ambivalent, anti = shift_shares(opinions, base.opinions, pressure, p)
    return replace(world, opinions=Opinions(pro, ambivalent, anti, attention, control, noticed))


def notice(world: World) -> Array:
    """What the public sees of the year, ``(..., state, 3)``: points of unemployment and of migrants, opening.

    The opening is to workers, relative to the base year: 0 unchanged, -1 closed.
    """
    opening = np.expm1(np.minimum(world.conditions.at_host("openness_regular"), 1.0))
    seen = (100.0 * world.economies.unemployment, 100.0 * migrant_share(world), opening)
    return np.moveaxis(np.stack(seen), 0, -1)


def felt(change: Array, p: OpinionParameters) -> Array:
    """Pressure of what has changed since last year, ``(..., state)``; what stays is got used to.

    Source: literature att_unemp, att_backlash, att_thermo.
    """
    economy = np.where(p.reading == STRONG, p.economy_strong, p.economy)
    return economy * change[..., 0] + p.migrant_share * change[..., 1] + p.thermostat * change[..., 2]


def disorderly_arrivals(world: World, setting: Setting) -> Array:
    """Irregular and displaced arrivals of the year as a share of population, ``(..., state)``."""
    arriving = world.people.flow[..., UNORDERLY[0], :] + world.people.flow[..., UNORDERLY[1], :]
    return setting.corridors.by_destination(arriving) / world.people.population


def attend(attention: Array, arrivals: Array, world: World, setting: Setting, p: OpinionParameters) -> Array:
    """Attention to each theme ``(..., state, theme)``: fades, and jumps with arrivals and declared events."""
    lifted = faded(attention, setting, p)
    jump = np.tanh(
        p.attention_to_arrivals * 1000.0 * np.maximum(arrivals - setting.base.disorderly_arrivals, 0.0)
    )
    events = setting.shocks.attention(world.year)
    for n in np.flatnonzero(CALLED_BY_ARRIVALS | events.any(axis=0)):
        called = np.maximum(jump, events[:, n]) if CALLED_BY_ARRIVALS[n] else events[:, n]
        lifted[..., n] += called * (1.0 - lifted[..., n])
    return lifted


def faded(attention: Array, setting: Setting, p: OpinionParameters) -> Array:
    """What is left of last year's attention, ``(..., state, theme)``; it goes back to that of 2005."""
    back = setting.base.opinions.attention - attention
    back *= p.attention_fades[..., None]
    back += attention
    return back


def renew_control(control: Array, world: World, setting: Setting, p: OpinionParameters) -> Array:
    """Perceived control ``(..., state)``: fades unless border policy keeps renewing it (s-in-charge)."""
    border = setting.levers.runs[THEMES.index("border_security")]
    shown = paragraph_first(world.policies.policy)[border].mean(axis=0)
    return control + p.control_fades * (shown - control)


def message(world: World, p: OpinionParameters) -> Array:
    """The authorities' message ``(..., state)``, as far as policy is coherent and migrants' lives improve.

    Words without deeds fade (s-message-decay, s-measures-needed).
    """
    apart = world.policies.ideal - world.policies.policy
    gap = np.ascontiguousarray(np.abs(apart, out=apart)).mean(axis=-1)
    people, lives = world.people, world.wellbeing
    better = (people.hosted * (lives.index - lives.first)).sum(axis=-2) / np.maximum(
        people.living_abroad, 1.0
    )
    seen = 1.0 - p.lives_count * (1.0 - np.clip(better / p.visible_improvement, 0.0, 1.0))
    return world.conditions.own("message") * np.maximum(1.0 - p.coherence_lost * gap, 0.0) * seen
