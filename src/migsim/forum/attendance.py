"""Attendance: each state decides whether to come.

``P(comes) = size * logistic(b0 + b_T (T - T0) + b_s stake + b_r own region + b_c capacity - b_d distance +
b_p promises kept + way opened by others)``. The level is set by the counts of the first four sessions (forum
history: 155, 163, 142, 131 states).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from migsim.actors.behaviour import answers, number
from migsim.actors.interests import salience
from migsim.errors import InputError
from migsim.forum.links import opened_way
from migsim.forum.session import Session
from migsim.world.corridors import Array, total
from migsim.world.setting import Setting
from migsim.world.state import World

__all__ = ["AttendanceParameters", "attend", "eagerness"]


@dataclass(frozen=True)
class AttendanceParameters:
    """Registry group ``processes.*.attendance``, each ``(..., 1)``."""

    level: Array
    trust: Array
    stake: Array
    own_region: Array
    capacity: Array
    distance: Array
    delivery: Array


def attend(world: World, session: Session, setting: Setting) -> tuple[World, Session]:
    """Delegations decide, in view of what is at stake, how far it is, and what came of the last session."""
    p = setting.parameters.group(AttendanceParameters, session.path("attendance"))
    probability = session.size / (1.0 + np.exp(-eagerness(world, session, setting, p)))
    draws = setting.noise.state_uniforms(
        "attendance", setting.states.registered, process=session.process, year=world.year
    )
    may_come = session.eligible * session.held
    attended = np.where(draws < probability, 1.0, 0.0)
    if session.chair >= 0:
        attended[:, session.chair] = 1.0
    for index, said in answers("attends", world, setting, session.process):
        what = f"attends of {setting.states.iso3[index]}"
        comes = number(said, 0.0, 1.0, what, setting.n_replicates)
        if not np.all((comes == 0.0) | (comes == 1.0)):
            raise InputError(f"{what}: found {said!r}; allowed is True or False, or one a replicate.")
        attended[:, index] = comes
    return world, replace(session, attended=attended * may_come)


def eagerness(world: World, session: Session, setting: Setting, p: AttendanceParameters) -> Array:
    """The log odds of coming, ``(..., state)``."""
    states, trust = setting.states, world.commitments.trust
    cares = salience(world, setting, for_objection=False).mean(axis=-1)
    n_states = len(states)
    size = np.log(world.economies.income * world.people.population)
    relative = (size - total(size) / n_states) / 4.0
    promised = world.commitments.promised
    kept = np.where(
        promised > 0.0, world.commitments.delivered / np.where(promised > 0.0, promised, 1.0), 1.0
    )
    here = np.zeros(n_states)
    if session.chair >= 0:
        here = np.where(states.region_index == states.region_index[session.chair], 1.0, 0.0)
        away = setting.distance[session.chair] / 10_000.0
    else:
        away = np.full(n_states, 0.5)
    odds: Array = (
        p.level
        + p.trust * (trust - setting.parameters["trust.start"])
        + p.stake * (cares - total(cares) / n_states)
        + p.own_region * here
        + p.capacity * relative
        - p.distance * away
        + p.delivery * (np.minimum(kept, 1.0) - 1.0)
        + opened_way(world, session, setting)
    )
    return odds
