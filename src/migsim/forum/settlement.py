"""The settlement: a process's protocol at work on the paragraphs of its agenda.

A protocol that takes paragraphs one by one, at a cost of at most the number of delegations squared, settles
all replicates at once; one that takes them together, all that have the same agenda. Where its cost grows
faster, each room is left to *members*: the Friends that the process names (or, if none of them
has come, those who count most on this agenda), or regional groups that speak with one voice. All who attend
may be against what the members agree, and are pledged by it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from migsim.forum.session import Session, chance_of
from migsim.negotiation import Table, Text, protocol, protocol_names
from migsim.negotiation.members import Room, of_friends, of_groups, settle_agendas, settle_rooms
from migsim.negotiation.no_objection import Options as NoObjection
from migsim.negotiation.options import chosen
from migsim.world.corridors import Array, Index
from migsim.world.setting import Setting

__all__ = ["ProtocolParameters", "settle", "taken_up"]

FRIENDS = 0


@dataclass(frozen=True)
class ProtocolParameters:
    """Registry group ``processes.*.protocol``, each ``(..., 1)``."""

    name: Array
    tolerance: Array
    stake_tolerance: Array
    max_ambiguity: Array
    observer_weight: Array
    chair_pull: Array
    drafter_pull: Array
    facilitation: Array
    members: Array
    readings: Array
    hesitation: Array
    concession: Array
    mediation: Array


def settle(
    table: Table, on: NDArray[np.bool_], session: Session, setting: Setting, p: ProtocolParameters, year: int
) -> Text:
    """The text under the process's protocol; replicates may differ in it.

    Parameters
    ----------
    table
    on : array of bool, shape ``(replicate, paragraph)``
        Which of the table's paragraphs are on the agenda.
    session, setting, p, year
    """
    text = Text.blank(table.position.shape[-2], table.draft.shape)
    names = protocol_names()
    for number in np.unique(p.name).astype(int):
        way, has_it = protocol(names[number]), p.name == number
        options = options_in_force(way.name, session, setting, p)
        chance = chance_of("protocol", session, setting, year)
        if way.is_costly(options) or not way.is_vectorised:
            rooms = [
                Room(
                    int(row), np.flatnonzero(on[row]), of_friends if p.members[row] == FRIENDS else of_groups
                )
                for row in np.flatnonzero(has_it[:, 0])
            ]
            friends = np.array([setting.states.index(state) for state in session.friends], dtype=np.intp)
            settled = settle_rooms(way, options, table, rooms, friends, chance)
        elif way.themes == "together":
            settled = settle_agendas(way, options, table, on & has_it, chance)
        else:
            settled = way.negotiate(table, options, chance).text
        text = settled if has_it.all() else settled.where(has_it, text)
    return text


def taken_up(on: NDArray[np.bool_], session: Session, setting: Setting, p: ProtocolParameters) -> Index:
    """The paragraphs that some replicate has on its agenda: the others need not be looked at.

    All of them, if lots are drawn for each: a replicate's draws may not depend on the agenda of the others.
    """
    for number in np.unique(p.name).astype(int):
        way = protocol(protocol_names()[number])
        if way.themes == "one by one" and way.is_random(options_in_force(way.name, session, setting, p)):
            return np.arange(on.shape[-1])
    return np.flatnonzero(on.any(axis=0))


def options_in_force(name: str, session: Session, setting: Setting, p: ProtocolParameters) -> object:
    """The options of a protocol: what the process says of its own, or their defaults.

    Those of the default protocol are parameters of the process.
    """
    if name == "no_objection":
        return NoObjection(
            who_can_block=setting.parameters[session.path("who_can_block")],
            blocking_share=setting.parameters[session.path("blocking_share")],
            drafter_pull=p.drafter_pull,
            readings=int(p.readings[0, 0]),
            hesitation=p.hesitation,
            concession=p.concession,
        )
    is_named = setting.definition.value(session.path("protocol.name")) == name
    return chosen(protocol(name).options, session.protocol_options if is_named else {}, of=name)
