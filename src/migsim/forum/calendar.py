"""The calendar: which processes meet in a year, who may come, who presides, and what it takes to convene.

A scenario lists sessions or gives a cadence. A session of the calendar takes place as it stands, or only if
an outer process takes the subject up, or if enough members want it:

* *uptake*: ``P = logistic(u0 + u_T (mean trust - T0) + u_a (mean attention - a0) + u_c convergence)``, see
  `migsim.forum.uptake`: success and crises convene (g-gfmd-success-hld2, w-crisis-salience);
* *support*: those in favour must hold a share of the capability of hosts, and of departure countries
  (s-conf-no-support). All say that they cooperate; what divides them on a conference is whether it may bind
  (g-un-binding-contrast). A state is in favour if the stances of its roles on binding norms and the trust it
  has gained add up to more than nothing.

It can also have to wait for other processes (``after``), happen once only, or keep an interval.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from migsim.actors.interests import by_roles
from migsim.actors.stances import score_of
from migsim.actors.states import is_host
from migsim.forum.instruments import instruments_of
from migsim.forum.session import Session, listed, place_of
from migsim.forum.uptake import ConveningParameters, odds_of_uptake
from migsim.negotiation import Text
from migsim.scenario.process_rules import years_of_cadence
from migsim.world.corridors import Array, Index, total
from migsim.world.kept import once
from migsim.world.setting import Setting
from migsim.world.state import World
from migsim.world.vocabulary import THEMES

if TYPE_CHECKING:
    from migsim.scenario.schema import Cadence, Process
    from migsim.scenario.schema import Session as Meeting

__all__ = ["chair_by_rule", "convened", "eligible", "in_favour", "in_session", "open_session"]

UPTAKE, SUPPORT = 1, 2


def in_session(setting: Setting, year: int) -> Iterator[tuple[str, Meeting]]:
    """The processes that may meet in a year, each with its session, in the order of the scenario."""
    for name, process in setting.definition.spec.processes.items():
        for meeting in process.sessions:
            if meeting.year == year:
                yield name, meeting
        if process.cadence is not None and (regular_one := regular(process.cadence, year)):
            yield name, regular_one


def regular(cadence: Cadence, year: int) -> Meeting | None:
    """The session of a year by a cadence, if there is one."""
    from migsim.scenario.schema import Session as Meeting

    return Meeting(year=year, themes=cadence.themes) if year in _years_of(cadence) else None


def eligible(name: str, world: World, setting: Setting) -> Array:
    """Members that may come to a process, ``(..., state)`` in {0, 1}."""
    who = setting.definition.spec.processes[name].participants
    may = np.broadcast_to(setting.members(world.year), world.commitments.trust.shape)
    if who.who == "nobody":
        return np.zeros(may.shape)
    if who.states:
        may = may * listed(setting, who.states)
    if who.who == "ratifiers":
        may = may * parties_of(who.of or name, world, setting)
    return may


def parties_of(process: str, world: World, setting: Setting) -> Array:
    """States that have ratified a process's instrument, ``(..., state)`` in {0, 1}."""
    instruments = instruments_of(setting)
    if process not in instruments:
        return np.zeros(world.commitments.trust.shape)
    joined = world.treaties.joined[:, instruments.index(process)]
    return np.where(joined <= world.year, 1.0, 0.0)


def chair_of(process: Process, meeting: Meeting, setting: Setting) -> int:
    """The state in the chair, as a place on the state axis; -1 if none of the scenario's states is.

    Beside the session of another process, whoever has the chair there has it here.
    """
    due = dict(in_session(setting, meeting.year)) if process.links.side_event_of else {}
    for main in process.links.side_event_of:
        if main in due:
            process, meeting = setting.definition.spec.processes[main], due[main]
            break
    if meeting.chair is None:
        return chair_by_rule(process, _number_of(process, meeting.year), setting)
    return setting.states.index(meeting.chair) if meeting.chair in setting.states.iso3 else -1


def chair_by_rule(process: Process, number: int, setting: Setting) -> int:
    """Who takes the chair of the session with this number (from 0): a place on the state axis, or -1.

    Rotating: those listed in turn, or each region in turn and in its turns its ablest states. Alternating: a
    host and a departure country in turn (w-chair-rotation). Ability is capability, so that the order is the
    same in every world.
    """
    turns = _turns(setting, process.chair_rule, process.participants.states)
    if not turns:
        return -1
    turn, seat = turns[number % len(turns)], number // len(turns)
    return int(turn[seat % turn.size])


@once
def _turns(setting: Setting, rule: str, named: tuple[str, ...]) -> tuple[Index, ...]:
    """The groups that take the chair in turn, the ablest states of each first."""
    states, may = setting.states, listed(setting, named)
    match rule:
        case "alternating":
            hosts = is_host(states)
            groups = [np.flatnonzero(may & side) for side in (hosts, ~hosts)]
        case "rotating" if named:
            groups = [np.flatnonzero(may)]
        case "rotating":
            regions = np.unique(states.region_index)
            groups = [np.flatnonzero(may & (states.region_index == region)) for region in regions]
        case _:
            groups = []
    ables = (group[np.argsort(-states.capability[group], kind="stable")] for group in groups)
    return tuple(group for group in ables if group.size)


def in_favour(world: World, setting: Setting, weight_of_trust: Array) -> Array:
    """States that would have a conference on the subject, ``(..., state)`` in {0, 1}."""
    gained = world.commitments.trust - setting.parameters["trust.start"]
    return np.where(_score(setting) + weight_of_trust * gained > 0.0, 1.0, 0.0)


@once
def _score(setting: Setting) -> Array:
    """The stances of each state's roles on binding norms, ``(state,)``."""
    return by_roles(setting.states, lambda role: score_of(role, "binding_norms"))


def convened(name: str, world: World, setting: Setting) -> Array:
    """Whether the session of this year takes place, ``(..., 1)`` in {0, 1}."""
    process = setting.definition.spec.processes[name]
    wants, place = process.convening, place_of(setting, name)
    past = world.proceedings
    held = np.ones((setting.n_replicates, 1))
    others = setting.definition.spec.processes
    if wants.after and len(others) > 1:
        latest = world.year - wants.wait
        known = [other for other in wants.after if other in others]
        first = [past.first_met[:, place_of(setting, other), None] for other in known]
        held = held * np.any([each <= latest for each in first], axis=0) if first else 0.0 * held
    since = world.year - past.last_met[:, place, None]
    held = held * (since >= wants.least_interval)
    if wants.once:
        held = held * (past.times_met[:, place, None] == 0.0)
    p = setting.parameters.group(ConveningParameters, f"processes.{name}.convening")
    if (p.rule == UPTAKE).any():
        held = held * np.where(p.rule == UPTAKE, taken_up(name, world, setting, p), 1.0)
    if (p.rule == SUPPORT).any():
        held = held * np.where(p.rule == SUPPORT, supported(world, setting, p), 1.0)
    return held


def taken_up(name: str, world: World, setting: Setting, p: ConveningParameters) -> Array:
    """Whether trust, attention and convergence convene a process this year, ``(..., 1)`` in {0, 1}."""
    who = eligible(name, world, setting)
    odds = odds_of_uptake(world, setting, p, who)
    draw = setting.noise.unit(f"convening of {name}", year=world.year)
    return np.where(draw < 1.0 / (1.0 + np.exp(-odds)), 1.0, 0.0)


def supported(world: World, setting: Setting, p: ConveningParameters) -> Array:
    """Whether enough of either side, by role and capability, is in favour, ``(..., 1)`` in {0, 1}."""
    favour = in_favour(world, setting, p.trust)
    able = setting.states.capability * setting.members(world.year)
    sides = [able * setting.states.host, able * setting.states.departure]
    least = np.minimum(*(total(favour * side) / side.sum() for side in sides))
    return np.where(least >= p.support, 1.0, 0.0)


def open_session(name: str, meeting: Meeting, world: World, setting: Setting) -> Session:
    """An empty session."""
    process, place = setting.definition.spec.processes[name], place_of(setting, name)
    n_replicates, n_states, n_paragraphs = world.policies.ideal.shape
    nothing = np.zeros((n_replicates, n_paragraphs))
    named = process.scope or setting.levers.paragraphs
    scope = np.array([1.0 if name in named else 0.0 for name in setting.levers.paragraphs])
    may_come, chair = eligible(name, world, setting), chair_of(process, meeting, setting)
    is_endorsed = process.deadline is not None and world.year >= process.deadline
    return Session(
        process=name,
        place=place,
        held=convened(name, world, setting),
        eligible=may_come,
        scope=scope,
        binds=process.participants.who != "experts" or is_endorsed,
        themes=tuple(meeting.themes),
        friends=tuple(process.friends),
        protocol_options=process.protocol.options,
        chair=chair if chair >= 0 and may_come[:, chair].any() else -1,
        size=float(meeting.size),
        n_before=world.proceedings.times_met[:, place, None],
        attended=np.zeros((n_replicates, n_states)),
        on_agenda=np.zeros((n_replicates, len(THEMES))),
        civil_report=np.full((n_replicates, len(THEMES)), 0.5),
        civil_weight=np.zeros((n_replicates, 1)),
        proposals=world.policies.ideal,
        draft=nothing,
        compromise=nothing,
        text=Text.blank(n_states, nothing.shape),
        votes=np.full((n_replicates, n_states), -1.0),
        matches=np.zeros((n_replicates, 1)),
        grants=np.zeros((n_replicates, 1)),
        demands=np.zeros((n_replicates, 1)),
        offers=np.zeros((n_replicates, 1)),
        matched=np.zeros((n_replicates, len(THEMES))),
    )


def _number_of(process: Process, year: int) -> int:
    """How many sessions of the calendar stand before a year."""
    listed = sum(meeting.year < year for meeting in process.sessions)
    if process.cadence is None:
        return listed
    return listed + sum(before < year for before in _years_of(process.cadence))


def _years_of(cadence: Cadence) -> tuple[int, ...]:
    return _years(cadence.first, cadence.last, cadence.every, cadence.skip)


_years = cache(years_of_cadence)
