"""Consultations before the plenary: within regions, and informally among delegations.

Regional consultations bring the delegations of a region nearer to what the region wants on the mean, so that
regions speak more alike (b-several-regional, g-rcp-input). Informally, delegations may persuade each other:
they listen to those who do not stand too far from them, in rounds or in meetings of two (bounded confidence,
see `migsim.negotiation.persuasion`); what they then propose goes to the plenary, and nothing else changes at
home. Both are off unless the scenario says so.
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

__all__ = ["ConsultationParameters", "consult", "within_regions"]


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
    by_region = within_regions(session, setting)
    if not p.persuasion.any():
        return world, replace(session, proposals=by_region)
    care = salience(world, setting, for_objection=True)[..., setting.levers.theme]
    voice = setting.states.capability[:, None] * care
    proposals = by_region
    for number in np.unique(p.persuasion).astype(int):
        options = Persuasion(WAYS[number], p.confidence, p.convergence, int(p.turns[0, 0]))
        chance = chance_of("consultations", session, setting, world.year)
        course = course_of(by_region, voice, session.attended, options, chance)
        proposals = np.where((p.persuasion == number)[..., None], course[-1], proposals)
    return world, replace(session, proposals=proposals)


def within_regions(session: Session, setting: Setting) -> Array:
    """Proposals after regional consultations, ``(..., state, paragraph)``: nearer to the region's mean."""
    share = setting.parameters[session.path("preparation.regional")][..., None]
    if not share.any():
        return session.proposals
    group, moved = setting.states.region_index, session.proposals.copy()
    for label in np.unique(group):
        members = np.flatnonzero(group == label)
        here = session.attended[:, members, None]
        wants = np.ascontiguousarray(np.moveaxis(session.proposals[:, members] * here, 1, -1)).sum(axis=-1)
        mean = wants / np.maximum(here.sum(axis=1), 1.0)
        toward = mean[:, None, :] - session.proposals[:, members]
        moved[:, members] = session.proposals[:, members] + share * here * toward
    return moved
