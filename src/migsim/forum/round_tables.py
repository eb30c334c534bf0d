"""Round tables: practices spread among similar states, and experts teach.

On the themes of the agenda, those who attend move toward what their peers know how to do (``k`` rises to the
peers' mean, never falls), experts raise practice and knowledge: ``K' = K + e (1 - K)``. Evidence n-functions,
n-knowledge-pool, n-gmg-interface.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from migsim.forum.session import Session, switches
from migsim.world.corridors import Array, Index
from migsim.world.setting import Setting
from migsim.world.state import World

__all__ = ["RoundTableParameters", "hold_round_tables", "peers"]

WITH_CIVIL_SOCIETY = 0


@dataclass(frozen=True)
class RoundTableParameters:
    """Registry group ``processes.*.round_tables``, each ``(..., 1)``."""

    peer_learning: Array
    expert_knowledge: Array
    expert_practice: Array
    own_region_share: Array
    behind_the_door: Array
    themes_in_depth: Array


def hold_round_tables(world: World, session: Session, setting: Setting) -> tuple[World, Session]:
    """Spread practice and knowledge among those who attend, on the themes discussed."""
    p = setting.parameters.group(RoundTableParameters, session.path("round_tables"))
    here = session.attended[..., None] * session.on_agenda[..., None, :]
    here = here * (switches(setting, session.process).practice * depth(session, p))[..., None]
    policies = world.policies
    around = peers(policies.practice, session.attended, setting.states.subregion_index, p.own_region_share)
    practice = policies.practice + here * p.peer_learning[..., None] * np.maximum(
        around - policies.practice, 0.0
    )
    taught = here * expertise(session, setting, p)[..., None, :]
    practice = practice + taught * p.expert_practice[..., None] * (1.0 - practice)
    knowledge = policies.knowledge + taught * p.expert_knowledge[..., None] * (1.0 - policies.knowledge)
    return replace(world, policies=replace(policies, practice=practice, knowledge=knowledge)), session


def depth(session: Session, p: RoundTableParameters) -> Array:
    """Share of a full treatment that each theme gets in two days, ``(..., 1)``: more themes, less of each."""
    n_themes = session.on_agenda.sum(axis=-1, keepdims=True)
    return np.minimum(p.themes_in_depth / np.maximum(n_themes, 1.0), 1.0)


def expertise(session: Session, setting: Setting, p: RoundTableParameters) -> Array:
    """Expertise on offer by theme, ``(..., theme)`` in [0, 1].

    Less of it arrives when organisations sit with civil society.
    """
    offered = setting.actors.organisations.expertise.mean(axis=0)
    seated_apart = setting.parameters[session.path("organisations")] == WITH_CIVIL_SOCIETY
    return np.where(seated_apart, p.behind_the_door, 1.0) * offered


def peers(practice: Array, attended: Array, group: Index, own_share: Array) -> Array:
    """Mean practice of those who attend, ``(..., state, theme)``.

    Partly of one's own sub-region, partly of all.
    """
    weighted = practice * attended[..., None]
    n_here = attended.sum(axis=-1)[..., None, None]
    everybody = weighted.sum(axis=-2, keepdims=True) / np.maximum(n_here, 1.0)
    near = np.broadcast_to(everybody, practice.shape).copy()
    for label in np.unique(group):
        members = np.flatnonzero(group == label)
        n_members = attended[..., members].sum(axis=-1)[..., None, None]
        mean = weighted[..., members, :].sum(axis=-2, keepdims=True) / np.maximum(n_members, 1.0)
        near[..., members, :] = np.where(n_members > 0.0, mean, everybody)
    share = own_share[..., None]
    mixed: Array = share * near + (1.0 - share) * everybody
    return mixed
