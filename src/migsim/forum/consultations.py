"""Informal consultations: before the plenary, delegations may persuade each other.

They listen to those who do not stand too far from them, in rounds or in meetings of two (bounded confidence,
see `migsim.negotiation.persuasion`); what they then propose goes to the plenary, and nothing else changes at
home. Off unless the scenario says so.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from migsim.actors.interests import salience
from migsim.forum.session import Session, chance_of
from migsim.negotiation.persuasion import WAYS, Persuasion, course_of
from migsim.world.corridors import Array
from migsim.world.setting import Setting
from migsim.world.state import World

__all__ = ["ConsultationParameters", "consult"]


@dataclass(frozen=True)
class ConsultationParameters:
    """Registry group ``processes.*.consultations``, each ``(..., 1)``."""

    persuasion: Array
    confidence: Array
    convergence: Array
    turns: Array


def consult(world: World, session: Session, setting: Setting) -> tuple[World, Session]:
    """Let delegations persuade each other."""
    p = setting.parameters.group(ConsultationParameters, session.path("consultations"))
    care = salience(world, setting, for_objection=True)[..., setting.levers.theme]
    voice = setting.states.capability[:, None] * care
    proposals = session.proposals
    for number in np.unique(p.persuasion).astype(int):
        options = Persuasion(WAYS[number], p.confidence, p.convergence, int(p.turns[0, 0]))
        chance = chance_of("consultations", session, setting, world.year)
        course = course_of(session.proposals, voice, session.attended, options, chance)
        proposals = np.where((p.persuasion == number)[..., None], course[-1], proposals)
    return world, replace(session, proposals=proposals)
