"""Binding instruments: who ratifies, when they enter into force, and how far ratifiers comply.

States ratify one by one, by the chances of `migsim.forum.ratification`. An instrument enters into force when
its threshold of parties is reached; from then on a party means to close a part ``c`` of what is left between
what it aims at and what the text asks::

    target += c max(0, z - target)      c = compliance (1 - compliance_practice (1 - practice))

with ``z`` the depth after reservations; of several that ask the same, the strongest pull counts. Nobody is
drawn down, nor beyond ``z``. Parties of before the first simulated year are not drawn at all: what their
ratification did is in the policy that the run starts from. Standards laid on all states (w-bretton-woods)
bind without being asked and without reservations, whenever they were opened: a benchmark.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from migsim.facts import recorded_parties
from migsim.forum.ratification import (
    Instruments,
    Stakes,
    Terms,
    asked,
    bound,
    chance,
    interests,
    log_rate,
    share_of_peers,
    stakes,
)
from migsim.forum.session import listed
from migsim.world.corridors import Array, total
from migsim.world.kept import once
from migsim.world.setting import Setting
from migsim.world.state import Treaties, World

__all__ = ["comply", "earlier_parties", "in_force", "instruments_of", "ratify"]

NEVER = np.inf


@once
def instruments_of(setting: Setting) -> tuple[str, ...]:
    """The processes that have an instrument, in the order of `migsim.world.state.Treaties`."""
    processes = setting.definition.spec.processes
    return tuple(name for name, process in processes.items() if process.instrument.opened is not None)


def opening(name: str, setting: Setting) -> int:
    """The year in which the instrument of a process was opened."""
    opened = setting.definition.spec.processes[name].instrument.opened
    assert opened is not None, "only processes that have an instrument are asked"
    return opened


def ratify(world: World, setting: Setting) -> World:
    """States that have not ratified an open instrument may do so."""
    names = instruments_of(setting)
    if not names:
        return world
    members, year, joined = setting.members(world.year), world.year, world.treaties.joined.copy()
    known = interests(world, setting)
    for n, name in enumerate(names):
        if opening(name, setting) <= year:
            means = stakes(name, world, setting, known)
            joined[:, n] = joining(name, year, members, joined[:, n], means, setting)
    return replace(world, treaties=Treaties(joined))


def joining(name: str, year: int, members: Array, joined: Array, means: Stakes, setting: Setting) -> Array:
    """Years of ratification after one year more, ``(..., state)``.

    Parameters
    ----------
    name : str
        The process that has the instrument.
    year : int
    members : array, shape ``(state,)``
        States that may ratify, in {0, 1}.
    joined : array, shape ``(..., state)``
        Years of ratification so far.
    means : Stakes
    setting : Setting
    """
    process, states = setting.definition.spec.processes[name], setting.states
    if opening(name, setting) > year:
        return joined
    p = setting.parameters.group(Instruments, "instruments")
    is_imposed = setting.parameters.group(Terms, f"processes.{name}.instrument").is_imposed > 0.0
    parties = np.where(joined <= year, 1.0, 0.0)
    likely = chance(log_rate(means, p), share_of_peers(parties, members, states), p)
    draws = setting.noise.state_uniforms("ratification", states.registered, process=name, year=year)
    may = (members > 0.0) & listed(setting, process.participants.states)
    return np.where((joined > year) & may & (is_imposed | (draws < likely)), float(year), joined)


def earlier_parties(world: World, setting: Setting) -> Treaties:
    """The parties of before the first simulated year: on record, or drawn.

    Drawn parties join year by year from the opening on, among the states that exist today and with what the
    instrument means to them at the start: their circumstances in other decades are not known.
    """
    names = instruments_of(setting)
    lead = world.commitments.trust.shape
    joined = np.full((lead[0], len(names), lead[1]), NEVER)
    for n, name in enumerate(names):
        joined[:, n] = _before(name, world, setting)
    return Treaties(joined)


def _before(name: str, world: World, setting: Setting) -> Array:
    instrument, first = (
        setting.definition.spec.processes[name].instrument,
        setting.definition.spec.years.first,
    )
    joined = np.full(world.commitments.trust.shape, NEVER)
    record = recorded_parties(instrument.record or name)
    if instrument.parties == "recorded" and record:
        years = [record.get(code, first) for code in setting.states.iso3]
        return np.where(np.array(years) < first, np.array(years, dtype=np.float64), joined)
    if opening(name, setting) < first:
        members, means = setting.members(first - 1), stakes(name, world, setting)
        for year in range(opening(name, setting), first):
            joined = joining(name, year, members, joined, means, setting)
    return joined


def in_force(joined: Array, threshold: int, year: int) -> Array:
    """Whether an instrument is in force in a year, ``(..., 1)`` in {0, 1}."""
    parties = total(np.where(joined <= year, 1.0, 0.0))
    return np.where(parties >= threshold, 1.0, 0.0)


def comply(target: Array, world: World, setting: Setting) -> Array:
    """What states aim at once instruments in force have drawn their parties up, ``(..., state, paragraph)``.

    Parameters
    ----------
    target : array, shape ``(..., state, paragraph)``
        What they would aim at without.
    world : World
    setting : Setting
    """
    names = instruments_of(setting)
    if not names:
        return target
    p = setting.parameters.group(Instruments, "instruments")
    practice = world.policies.practice[..., setting.levers.theme]
    unable = p.compliance_practice[..., None] * (1.0 - practice)
    part = p.compliance[..., None] * (1.0 - unable)
    first, drawn = setting.definition.spec.years.first, np.zeros_like(target)
    for n, name in enumerate(names):
        joined, terms = (
            world.treaties.joined[:, n],
            setting.parameters.group(Terms, f"processes.{name}.instrument"),
        )
        threshold = setting.definition.spec.processes[name].instrument.threshold
        is_imposed = terms.is_imposed > 0.0
        binding = np.maximum(in_force(joined, threshold, world.year), np.where(is_imposed, 1.0, 0.0))
        acts = np.where((is_imposed | (joined >= first)) & (joined <= world.year), binding, 0.0)
        depth = np.where(is_imposed, terms.depth, asked(terms, p)[0])
        gap = np.maximum(depth[..., None] - target, 0.0) * bound(name, setting)
        drawn = np.maximum(drawn, acts[..., None] * part * gap)
    return target + drawn
