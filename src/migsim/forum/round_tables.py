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
from migsim.world.corridors import Array, Index, total
from migsim.world.kept import once
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
    themes = np.flatnonzero(session.on_agenda.any(axis=0))
    agenda = session.on_agenda.take(themes, axis=-1)
    here = session.attended[..., None] * agenda[..., None, :] * depth(session, p)[..., None]
    known, practised = (each[:, None, themes] for each in expertise(world, session, setting, p))
    changed = {}
    if on.practice.any():
        practice, trains = policies.practice.take(themes, axis=-1), here * on.practice[..., None]
        around = peers(practice, session.attended, setting.states.subregion_index, p.own_region_share)
        practice = practice + trains * p.peer_learning[..., None] * np.maximum(around - practice, 0.0)
        practice = practice + trains * practised * p.expert_practice[..., None] * (1.0 - practice)
        changed["practice"] = policies.practice.copy()
        changed["practice"][..., themes] = practice
    if on.knowledge.any():
        knowledge, teaches = policies.knowledge.take(themes, axis=-1), here * on.knowledge[..., None]
        changed["knowledge"] = policies.knowledge.copy()
        changed["knowledge"][..., themes] = knowledge + teaches * known * p.expert_knowledge[..., None] * (
            1.0 - knowledge
        )
    return replace(world, policies=replace(policies, **changed)), session


def depth(session: Session, p: RoundTableParameters) -> Array:
    """Share of a full treatment that each theme gets in two days, ``(..., 1)``: more themes, less of each."""
    n_themes = session.on_agenda.sum(axis=-1, keepdims=True)
    return np.minimum(p.themes_in_depth / np.maximum(n_themes, 1.0), 1.0)


def expertise(
    world: World, session: Session, setting: Setting, p: RoundTableParameters
) -> tuple[Array, Array]:
    """Knowledge and practice on offer by theme, ``(..., theme)`` in [0, 1]: the means of all organisations.

    Those that take no part count as nothing. Less of it arrives when organisations sit with civil society;
    other processes bring more.
    """
    seated_apart = setting.parameters[session.path("organisations")] == WITH_CIVIL_SOCIETY
    arrives = np.where(seated_apart, p.behind_the_door, 1.0)
    known, practised = (arrives * offered for offered in _offered(setting, session.process))
    brought = brought_knowledge(session, world, setting)
    return known + brought * (1.0 - known), practised + brought * (1.0 - practised)


@once
def _offered(setting: Setting, process: str) -> tuple[Array, Array]:
    """What organisations that take part know, and know how to do, each ``(theme,)``."""
    room, here = setting.actors.organisations, present(process, setting)[:, None]
    return (room.knowledge * here).mean(axis=0), (room.practice * here).mean(axis=0)


def peers(practice: Array, attended: Array, group: Index, own_share: Array) -> Array:
    """Mean practice of those who attend, ``(..., state, theme)``.

    Partly of one's own sub-region, partly of all.
    """
    weighted = np.ascontiguousarray(np.swapaxes(practice * attended[..., None], -2, -1))
    everybody = by_group(weighted, np.zeros_like(group)) / np.maximum(total(attended), 1.0)[..., None, :]
    n_near = by_group(attended, group)[..., None, :]
    near = np.where(n_near > 0.0, by_group(weighted, group) / np.maximum(n_near, 1.0), everybody)
    share = own_share[..., None]
    mixed = share * near.take(group, axis=-1) + (1.0 - share) * everybody
    return np.swapaxes(mixed, -2, -1)


def by_group(values: Array, group: Index) -> Array:
    """Sums over the states of each group, in their order, ``(..., state)`` to ``(..., group)``."""
    n_groups, flat = int(group.max(initial=0)) + 1, values.reshape(-1, group.size)
    place = n_groups * np.arange(len(flat))[:, None] + group
    sums = np.bincount(place.ravel(), weights=flat.ravel(), minlength=len(flat) * n_groups)
    return sums.reshape(*values.shape[:-1], n_groups)
