"""The civil-society day: opposed components bargain among themselves and report to governments the next day.

Components listen to those whose position is not too far from their own (bounded confidence, Hegselmann and
Krause)::

    x_b <- mean of { x_c : |x_c - x_b| <= epsilon }, by weight and by how much the theme matters to c

The report is their mean; it reaches governments with a declared weight: none if civil society is excluded,
more in a common space than on a day before (n-cs-compromise). Migrants' own voice grows with each session at
which it is heard.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from migsim.forum.session import Session, switches
from migsim.negotiation.persuasion import hegselmann_krause
from migsim.world.corridors import Array
from migsim.world.setting import Observers, Setting
from migsim.world.state import World

__all__ = ["CivilParameters", "deliberate", "hear_civil_society", "report"]

EXCLUDED, DAY_BEFORE, COMMON_SPACE = range(3)


@dataclass(frozen=True)
class CivilParameters:
    """Registry group ``processes.*.civil``, each ``(..., 1)``."""

    confidence: Array
    turns: Array
    weight_day_before: Array
    weight_common_space: Array
    voice_growth: Array
    knowledge: Array


def hear_civil_society(world: World, session: Session, setting: Setting) -> tuple[World, Session]:
    """Components bargain, and their report is weighed."""
    p = setting.parameters.group(CivilParameters, session.path("civil"))
    mode = setting.parameters[session.path("civil_society")]
    room = setting.actors.civil_society
    growth = np.where(mode == EXCLUDED, 0.0, p.voice_growth * session.n_before)
    weights = np.minimum(room.weight * (1.0 + np.where(room.weight < 1.0, growth, 0.0)), 1.0)
    agreed = deliberate(room, weights, p.confidence, int(p.turns[0, 0]))
    weight = np.where(
        mode == COMMON_SPACE, p.weight_common_space, np.where(mode == DAY_BEFORE, p.weight_day_before, 0.0)
    )
    session = replace(session, civil_report=report(agreed, room, weights), civil_weight=weight)
    return inform(world, session, setting, p), session


def inform(world: World, session: Session, setting: Setting, p: CivilParameters) -> World:
    """Governments learn something about their own interest from what they hear (i-belgium-cs)."""
    policies, on = world.policies, switches(setting, session.process).practice
    heard = session.attended[..., None] * session.on_agenda[..., None, :]
    gained = heard * np.minimum(on * p.knowledge * session.civil_weight, 1.0)[..., None]
    knowledge = policies.knowledge + gained * (1.0 - policies.knowledge)
    return replace(world, policies=replace(policies, knowledge=knowledge))


def deliberate(room: Observers, weights: Array, confidence: Array, n_turns: int) -> Array:
    """Positions after the day's bargaining, ``(..., component, theme)``.

    ``weights`` is ``(..., component)``.
    """
    voice = weights[..., None] * room.salience
    position = np.broadcast_to(room.position, voice.shape)
    agreed: Array = hegselmann_krause(position, confidence, n_turns, voice)[-1]
    return agreed


def report(position: Array, room: Observers, weights: Array) -> Array:
    """What governments are told, ``(..., theme)``: the mean by weight and salience."""
    heard = weights[..., None] * room.salience
    total = heard.sum(axis=-2)
    said: Array = (heard * position).sum(axis=-2) / np.where(total > 0.0, total, 1.0)
    return np.where(total > 0.0, said, 0.5)
