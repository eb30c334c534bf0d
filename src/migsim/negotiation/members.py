"""Members: the few among whom a protocol negotiates that would cost too much among all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from migsim.negotiation.chance import Chance
from migsim.negotiation.protocol import Protocol
from migsim.negotiation.table import Array, Table
from migsim.negotiation.text import Text, objectors
from migsim.scenario.schema import MOST_MEMBERS

__all__ = ["Room", "of_friends", "of_groups", "settle_rooms", "sharing"]

type Index = NDArray[np.intp]
type Choose = Callable[[Table, Index], tuple[Table, Index]]


@dataclass(frozen=True, eq=False)
class Room:
    """One place on the leading axis, the paragraphs on its agenda, and how its members are found."""

    row: int
    paragraphs: Index
    choose: Choose


def of_friends(table: Table, named: Index) -> tuple[Table, Index]:
    """The Friends who have come; if none is named or none has come, those who count most.

    Weight on an agenda is capability times mean salience; the first in order wins a tie.

    Returns
    -------
    Table, array of int
        The members at a table of their own, and their seats at the one they left.
    """
    here = np.flatnonzero(table.seated > 0.0)
    friends = named[np.isin(named, here)]
    if not friends.size:
        counts = (table.weight * table.seated)[here] * table.salience[here].mean(axis=-1)
        friends = here[np.sort(np.argsort(-counts, kind="stable")[:MOST_MEMBERS])]
    return table.of(friends), friends


def of_groups(table: Table, named: Index) -> tuple[Table, Index]:
    """Regional groups with one voice each: capabilities add up, all else is a weighted mean."""
    del named
    here = np.flatnonzero((table.seated > 0.0) & (table.weight > 0.0))
    groups = np.unique(table.group[here])
    first = np.array([here[table.group[here] == group][0] for group in groups], dtype=np.intp)

    def joined(values: Array, weights: Array) -> Array:
        rows = []
        for group in groups:
            members = here[table.group[here] == group]
            total = weights[members].sum(axis=0)
            mean = (weights[members] * values[members]).sum(axis=0) / np.where(total > 0.0, total, 1.0)
            rows.append(np.where(total > 0.0, mean, values[members].mean(axis=0)))
        return np.stack(rows)

    able = np.broadcast_to(table.weight[:, None], table.salience.shape)
    voices = replace(
        table.of(first),
        position=joined(table.position, able * table.salience),
        salience=joined(table.salience, able),
        tolerance=joined(table.tolerance, able),
        weight=np.array([table.weight[here[table.group[here] == group]].sum() for group in groups]),
        objects=np.zeros((len(groups), table.salience.shape[-1])),
    )
    return voices, first


def sharing(table: Table) -> Table:
    """Saliences scaled alike for everybody so that nobody gives away more than all of its attention."""
    most = table.salience.sum(axis=-1).max(initial=1.0)
    return replace(table, salience=table.salience / most)


def settle_rooms(
    way: Protocol, options: object, table: Table, rooms: Sequence[Room], named: Index, chance: Chance
) -> Text:
    """The text of each room, ``(..., paragraph)``; paragraphs that are not on its agenda are not adopted.

    Parameters
    ----------
    way, options, chance
    table : Table
        All delegations of all rooms.
    rooms
    named : array of int
        Seats of the Friends; empty if nobody is named.
    """
    text = Text.blank(table.position.shape[-2], table.draft.shape)
    for room in rooms:
        whole = table.at(room.row, room.paragraphs)
        if not room.paragraphs.size or not whole.seated.any():
            continue
        members, seats = room.choose(whole, named) if way.is_costly(options) else all_seated(whole)
        if way.needs_salience:
            heard = np.flatnonzero((members.salience.sum(axis=-1) > 0.0) & (members.weight > 0.0))
            members, seats = members.of(heard), seats[heard]
        if way.shares_salience:
            members = sharing(members)
        if not seats.size:
            continue
        at = chance.at(room.row)
        said = way.negotiate(members, options, replace(at, seats=at.seats[seats])).text
        place = (room.row, room.paragraphs)
        for name in ("position", "ambiguity", "adopted", "strength"):
            getattr(text, name)[place] = getattr(said, name)
        text.against[place] = objectors(whole, said.position, said.ambiguity)
        text.joined[room.row][:, room.paragraphs] = whole.seated[:, None]
    return text


def all_seated(table: Table) -> tuple[Table, Index]:
    """Everybody who has come."""
    here = np.flatnonzero(table.seated > 0.0)
    return table.of(here), here
