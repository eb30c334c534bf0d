"""Rooms of a forum: who settles which paragraphs, where not all can settle all at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from migsim.negotiation.chance import Chance
from migsim.negotiation.protocol import Protocol
from migsim.negotiation.table import Array, Table
from migsim.negotiation.text import Text, unblocked
from migsim.scenario.schema import MOST_MEMBERS

__all__ = [
    "NOBODY",
    "Members",
    "Room",
    "of_friends",
    "of_groups",
    "settle_agendas",
    "settle_rooms",
    "sharing",
]

type Index = NDArray[np.intp]

NOBODY = -1


@dataclass(frozen=True, eq=False)
class Members:
    """The few among whom a protocol negotiates that would cost too much among all.

    Parameters
    ----------
    table : Table
        The members at a table of their own.
    seats : array of int, shape ``(member,)``
        Where each sits at the table of all.
    speaks_for : array of int, shape ``(actor,)``
        Which member speaks for each actor at the table of all; `NOBODY` for the others.
    """

    table: Table
    seats: Index
    speaks_for: Index

    def only(self, heard: Index) -> Members:
        """Some of the members."""
        place = np.full(len(self.seats) + 1, NOBODY)
        place[heard] = np.arange(len(heard))
        return Members(self.table.of(heard), self.seats[heard], place[self.speaks_for])

    def carried(self, everybody: Array, final: Array) -> Array:
        """Where all actors stand when the members have moved, and those they speak for with them."""
        moved = np.vstack([final - self.table.position, np.zeros((1, final.shape[-1]))])
        return np.clip(everybody + moved[self.speaks_for], 0.0, 1.0)


@dataclass(frozen=True, eq=False)
class Room:
    """One place on the leading axis, the paragraphs on its agenda, and how its members are found."""

    row: int
    paragraphs: Index
    choose: Callable[[Table, Index], Members]


def of_friends(table: Table, named: Index) -> Members:
    """The Friends who have come; if none is named or none has come, those who count most.

    Weight on an agenda is capability times mean salience; the first in order wins a tie.
    """
    here = np.flatnonzero(table.seated > 0.0)
    friends = np.sort(named[np.isin(named, here)])
    if not friends.size:
        counts = table.weight[here] * table.salience[here].mean(axis=-1)
        friends = here[np.sort(np.argsort(-counts, kind="stable")[:MOST_MEMBERS])]
    speaks_for = np.full(table.seated.shape, NOBODY)
    speaks_for[friends] = np.arange(len(friends))
    return Members(table.of(friends), friends, speaks_for)


def of_groups(table: Table, named: Index) -> Members:
    """Regional groups with one voice each: capabilities add up, all else is a weighted mean."""
    del named
    here = np.flatnonzero(table.seated > 0.0)
    groups = [here[table.group[here] == group] for group in np.unique(table.group[here])]
    seats = np.array([members[0] for members in groups], dtype=np.intp)
    able = np.broadcast_to(table.weight[:, None], table.salience.shape)

    def joined(values: Array, weights: Array) -> Array:
        rows = [_mean(values[members], weights[members]) for members in groups]
        return np.stack(rows) if rows else values[:0]

    voices = replace(
        table.of(seats),
        position=joined(table.position, able * table.salience),
        salience=joined(table.salience, able),
        tolerance=joined(table.tolerance, able),
        weight=np.array([table.weight[members].sum() for members in groups]),
        objects=np.zeros((len(groups), table.salience.shape[-1])),
    )
    speaks_for = np.full(table.seated.shape, NOBODY)
    for voice, members in enumerate(groups):
        speaks_for[members] = voice
    return Members(voices, seats, speaks_for)


def _mean(values: Array, weights: Array) -> Array:
    """Weighted mean over rows, plain where nobody has weight."""
    total = weights.sum(axis=0)
    mean: Array = (weights * values).sum(axis=0) / np.where(total > 0.0, total, 1.0)
    return np.where(total > 0.0, mean, values.mean(axis=0))


def sharing(table: Table) -> Table:
    """Saliences scaled alike for everybody so that nobody gives away more than all of its attention."""
    most = table.salience.sum(axis=-1).max(initial=1.0)
    return replace(table, salience=table.salience / most)


def able_to_talk(members: Members, way: Protocol) -> Members:
    """Those members to whom the protocol means something, saliences shared out if it asks for that."""
    cares = members.table.salience.sum(axis=-1) > 0.0
    is_heard = (cares | (not way.needs_salience)) & (
        (members.table.weight > 0.0) | (not way.needs_capability)
    )
    heard = members.only(np.flatnonzero(is_heard))
    return replace(heard, table=sharing(heard.table)) if way.shares_salience else heard


def settle_rooms(
    way: Protocol, options: object, table: Table, rooms: Sequence[Room], named: Index, chance: Chance
) -> Text:
    """The text of each room, settled among its members; off its agenda nothing is adopted.

    Parameters
    ----------
    way, options, chance
    table : Table
        All delegations of all rooms, with one leading axis.
    rooms
    named : array of int
        Seats of the Friends; empty if nobody is named.
    """
    text = Text.blank(table.position.shape[-2], table.draft.shape)
    text.position[:] = table.draft
    for room in rooms:
        whole = table.at(room.row, room.paragraphs)
        members = able_to_talk(room.choose(whole, named), way)
        if not room.paragraphs.size or not members.seats.size:
            continue
        luck = chance.at(room.row)
        course = way.negotiate(members.table, options, replace(luck, seats=luck.seats[members.seats]))
        said = course.text
        settled = unblocked(whole, said.position, members.carried(whole.position, course.positions[-1]))
        strength = settled.strength * said.adopted
        text.put(
            np.array([room.row]), room.paragraphs, replace(settled, adopted=said.adopted, strength=strength)
        )
    return text


def settle_agendas(
    way: Protocol, options: object, table: Table, on: NDArray[np.bool_], chance: Chance
) -> Text:
    """The text of each place, settled by all at once with those that have the same agenda.

    Parameters
    ----------
    way, options, chance
    table : Table
        All delegations, with one leading axis.
    on : array of bool, shape ``(place, paragraph)``
        The paragraphs on each agenda; off it nothing is adopted.
    """
    text = Text.blank(table.position.shape[-2], table.draft.shape)
    text.position[:] = table.draft
    agendas, which = np.unique(on, axis=0, return_inverse=True)
    for number, agenda in enumerate(agendas):
        rows, paragraphs = np.flatnonzero(which == number), np.flatnonzero(agenda)
        if paragraphs.size:
            course = way.negotiate(table.at(rows, paragraphs), options, chance.at(rows))
            text.put(rows, paragraphs, course.text)
    return text
