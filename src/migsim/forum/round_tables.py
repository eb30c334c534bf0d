"""Round tables: practices spread among similar states, and experts teach.

On the themes of the agenda, those who attend move toward what their peers know how to do (``k`` rises to the
peers' mean, never falls); experts raise practice, if they do such things themselves, and knowledge, if they
study them: ``K' = K + e_K (1 - K)``, ``k' = k + e_k (1 - k)``. Evidence n-functions, n-knowledge-pool,
n-gmg-interface.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from migsim.actors.organisations import present
from migsim.forum.links import brought_knowledge
from migsim.forum.session import Session, effects
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
    on, policies = effects(setting, session.process), world.policies
    here = session.attended[..., None] * session.on_agenda[..., None, :] * depth(session, p)[..., None]
    around = peers(policies.practice, session.attended, setting.states.subregion_index, p.own_region_share)
    trains, teaches = here * on.practice[..., None], here * on.knowledge[..., None]
    room = setting.actors.organisations
    practised, known = (
        expertise(each, world, session, setting, p)[..., None, :] for each in (room.practice, room.knowledge)
    )
    practice = policies.practice + trains * p.peer_learning[..., None] * np.maximum(
        around - policies.practice, 0.0
    )
    practice = practice + trains * practised * p.expert_practice[..., None] * (1.0 - practice)
    knowledge = policies.knowledge + teaches * known * p.expert_knowledge[..., None] * (
        1.0 - policies.knowledge
    )
    return replace(world, policies=replace(policies, practice=practice, knowledge=knowledge)), session


def depth(session: Session, p: RoundTableParameters) -> Array:
    """Share of a full treatment that each theme gets in two days, ``(..., 1)``: more themes, less of each."""
    n_themes = session.on_agenda.sum(axis=-1, keepdims=True)
    return np.minimum(p.themes_in_depth / np.maximum(n_themes, 1.0), 1.0)


def expertise(
    of_organisations: Array, world: World, session: Session, setting: Setting, p: RoundTableParameters
) -> Array:
    """Expertise on offer by theme, ``(..., theme)`` in [0, 1]: the mean of all organisations.

    Those that take no part count as nothing. Less of it arrives when organisations sit with civil society;
    other processes bring more.

    Parameters
    ----------
    of_organisations : array, shape ``(organisation, theme)``
        What each knows, or knows how to do.
    world, session, setting, p
    """
    offered = (of_organisations * present(session.process, setting)[:, None]).mean(axis=0)
    seated_apart = setting.parameters[session.path("organisations")] == WITH_CIVIL_SOCIETY
    here = np.where(seated_apart, p.behind_the_door, 1.0) * offered
    return here + brought_knowledge(session, world, setting) * (1.0 - here)


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
