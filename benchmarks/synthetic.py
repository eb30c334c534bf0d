"""Worlds of any number of states, made of the registered ones: for timing, not for findings.

State ``n`` is a copy of registered state ``n mod 193`` with its people, incomes and policies. Each corridor
of a copy leads to its destination in one of the copies in turn, or in its own where the chosen copy lacks it:
corridors grow as the states do, and the copies are one world. The base year is calibrated as any other.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from benchmarks.scene import SEED
from migsim.actors.cast import first_policy, stances_of
from migsim.actors.states import StateParameters, assemble
from migsim.facts import complete, distances, load
from migsim.scenario.definition import Scenario
from migsim.start import _first_world, begin
from migsim.world.base import calibrate
from migsim.world.corridors import Array, Corridors, Index
from migsim.world.earlier import look_back
from migsim.world.figures import active_corridors, gather, growth_path
from migsim.world.setting import Setting
from migsim.world.shocks import ShockParameters, declare
from migsim.world.state import World

__all__ = ["synthetic_world"]


def synthetic_world(definition: Scenario, n_states: int, n_worlds: int) -> tuple[Setting, World]:
    """The setting of some worlds with so many states, in which nobody meets, and their base year."""
    facts, lone = load(), definition.vary("synthetic", {"states": "all", "processes": {}, "shocks": {}})
    real, _ = begin(lone, tuple(range(n_worlds)), SEED, "ranged")
    completed, distance, parameters = complete(facts), distances(facts), real.parameters
    order = np.arange(n_states, dtype=np.intp) % facts.n_states
    states = assemble(facts, completed, distance, order, parameters.group(StateParameters, "actors.states"))
    shock_parameters = parameters.group(ShockParameters, "world.shocks")
    last = lone.spec.years.last
    shocks = declare({}, states.iso3, order, facts, completed, last, shock_parameters)
    own_growth = float(parameters["world.base.later_growth_own_share"][0, 0])
    growth = growth_path(completed, order, states.income_group, set(), own_growth)
    registered = np.arange(facts.n_states, dtype=np.intp)
    corridors, people, refugees = copied(
        *active_corridors(facts, distance, registered, real.shocks, 0.0), n_states
    )
    figures = gather(facts, completed, order, people, refugees, growth)
    stance = stances_of(states, figures.population, figures.received_share, parameters)[0]
    policy, practice = first_policy(stance, figures.income, real.levers, parameters)
    setting = replace(
        real,
        states=states,
        corridors=corridors,
        shocks=shocks,
        base=calibrate(figures, states, corridors, policy, practice, real.levers, parameters),
        earlier=look_back(figures, states, corridors, parameters),
        distance=np.ascontiguousarray(distance[np.ix_(order, order)]),
        cast=None,
    )
    return setting, _first_world(setting, policy, practice)


def copied(real: Corridors, people: Array, refugees: Array, n_states: int) -> tuple[Corridors, Array, Array]:
    """The corridors of the registered states, repeated over copies of these, with the people on them."""
    n_copies = -(-n_states // real.n_states)
    which = np.tile(np.arange(len(real)), n_copies)
    copy = np.repeat(np.arange(n_copies), len(real))
    origin = real.origin[which] + copy * real.n_states
    own = real.destination[which] + copy * real.n_states
    abroad = real.destination[which] + (copy + which) % n_copies * real.n_states
    destination = np.where(abroad < n_states, abroad, own)
    kept = np.flatnonzero((origin < n_states) & (destination < n_states))
    kept = kept[np.lexsort((destination[kept], origin[kept]))]
    chosen: Index = which[kept]
    corridors = replace(
        real,
        origin=origin[kept].astype(np.intp),
        destination=destination[kept].astype(np.intp),
        n_states=n_states,
        **{name: getattr(real, name)[chosen] for name in ("distance", "border", "crossing", "closed")},
    )
    return corridors, people[chosen], refugees[chosen]
