"""Seating the actors of an input at a table, or saying everything that is wrong with it.

An input has a row for each actor and theme; `migsim.negotiation.alone.cells` says what stands in its columns.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from migsim.errors import shown
from migsim.negotiation.alone.cells import COLUMNS, ROLES, SCALE, STATES, cells_of, columns_of
from migsim.negotiation.alone.rows import Faults, Rows, read_rows
from migsim.negotiation.protocol import Protocol
from migsim.negotiation.table import Table, weighted_mean, weights

if TYPE_CHECKING:
    import os

    import pandas as pd

__all__ = ["ROLES", "STATES", "Sitting", "drafted", "seat"]

MOST_ACTORS: Final = 1_000
MOST_THEMES: Final = 100
ROUNDING: Final = 1e-9
"""How far an actor's saliences may sum beyond one."""
OF_ACTORS: Final = ("role", "capability", "group")
"""Columns that say the same on all rows of an actor."""


@dataclass(frozen=True, eq=False)
class Sitting:
    """Who sits where: names and roles of the actors, names of the themes, and the table they make."""

    actors: tuple[str, ...]
    roles: tuple[str, ...]
    themes: tuple[str, ...]
    table: Table

    @property
    def sha256(self) -> str:
        """A mark of what was given: who sits there, and every number of theirs."""
        names = "\n".join((*self.actors, "", *self.roles, "", *self.themes))
        numbers = (self.table.position, self.table.salience, self.table.weight, self.table.group)
        return hashlib.sha256(names.encode() + b"".join(each.tobytes() for each in numbers)).hexdigest()


def seat(
    given: pd.DataFrame | Mapping[str, Any] | str | os.PathLike[str],
    protocol: Protocol,
    *,
    tolerance: float,
    max_ambiguity: float,
    observer_weight: float,
) -> Sitting:
    """Seat the actors of a frame, columns by name, or a CSV file.

    Parameters
    ----------
    given
        The input; see the module for its columns.
    protocol
        What is to be negotiated by; some need saliences, capabilities above zero, or states.
    tolerance, max_ambiguity, observer_weight
        Of every actor, of the text, and of those who are not states in the draft.

    Raises
    ------
    InputError
        With a line for each fault: where, what was found, what is allowed, what to do.
    """
    actors, themes, by_pair, cells, of_actors = _read(given, protocol)
    roles = tuple(str(of_actors["role"][actor]) for actor in actors)
    order = [by_pair[actor, theme] for actor in actors for theme in themes]
    shape = (len(actors), len(themes))
    position, salience = (
        np.array([cells[name][row] for row in order], dtype=np.float64).reshape(shape)
        for name in ("position", "salience")
    )
    groups = [str(of_actors["group"][actor]) or f"\0{actor}" for actor in actors]
    table = Table(
        position=position / SCALE,
        salience=salience,
        tolerance=np.full(shape, tolerance),
        weight=np.array([of_actors["capability"][actor] for actor in actors], dtype=np.float64),
        seated=np.ones(shape[0]),
        may_block=np.array([float(role in STATES) for role in roles]),
        objects=np.zeros(shape),
        draft=np.full(shape[1], np.nan),
        group=np.array([groups.index(group) for group in groups], dtype=np.intp),
        max_ambiguity=max_ambiguity,
    )
    return Sitting(actors, roles, themes, drafted(table, observer_weight))


type _Cells = dict[str, list[Any]]
type _OfActors = dict[str, dict[str, Any]]


def _read(
    given: pd.DataFrame | Mapping[str, Any] | str | os.PathLike[str], protocol: Protocol
) -> tuple[tuple[str, ...], tuple[str, ...], dict[tuple[str, str], int], _Cells, _OfActors]:
    """Actors, themes, the row of each pair, the cells by column, and what each actor is on all its rows.

    Raises
    ------
    InputError
        If anything is wrong with the input.
    """
    rows, faults = read_rows(given), Faults()
    columns = columns_of(rows, protocol, faults)
    faults.refuse()
    cells = {name: cells_of(rows, name, columns.get(name), faults, protocol) for name in COLUMNS}
    actors, themes, by_pair = _places(rows, cells["actor"], cells["theme"], faults)
    of_actors = {name: _one_each(rows, name, cells[name], cells["actor"], faults) for name in OF_ACTORS}
    roles = set(of_actors["role"].values())
    if protocol.asks_states and not faults and not roles & set(STATES):
        said = f"no states among the actors, whom protocol {protocol.name} asks whether they object"
        faults.add(rows.head, "role", said, f"states are {', '.join(STATES)}", "or choose another protocol")
    faults.refuse()
    if protocol.shares_salience:
        _refuse_beyond_one(rows, cells["actor"], cells["salience"], faults)
    return actors, themes, by_pair, cells, of_actors


def drafted(table: Table, observer_weight: float) -> Table:
    """The table with the draft that follows from its positions.

    ``draft = (1 - omega) mean of states + omega mean of the others``, each weighted by capability and
    salience; without others, or without states, the mean of those there are.
    """
    means = [
        weighted_mean(table.position, weights(replace(table, seated=table.seated * part)))
        for part in (table.may_block, 1.0 - table.may_block)
    ]
    n_states = float((table.seated * table.may_block).sum())
    omega = 1.0 if n_states == 0.0 else 0.0 if n_states == table.seated.sum() else observer_weight
    return replace(table, draft=(1.0 - omega) * means[0] + omega * means[1])


def _places(
    rows: Rows, actors: Sequence[str | None], themes: Sequence[str | None], faults: Faults
) -> tuple[tuple[str, ...], tuple[str, ...], dict[tuple[str, str], int]]:
    """Actors and themes in the order of their first rows, and the row of each pair."""
    by_pair: dict[tuple[str, str], int] = {}
    for row, (actor, theme) in enumerate(zip(actors, themes, strict=True)):
        if actor is None or theme is None:
            continue
        first = by_pair.setdefault((actor, theme), row)
        if first != row:
            said = f"{actor} speaks twice on {theme}, first at {rows.at(first).words}"
            faults.add(rows.at(row), "actor", said, "one row for each actor and theme", "delete one of them")
    named, discussed = (tuple(dict.fromkeys(pair[n] for pair in by_pair)) for n in (0, 1))
    if not rows.cells:
        faults.add(rows.head, "", "no actors", "a row for each actor and theme", "add them")
    for what, names, most in (("actors", named, MOST_ACTORS), ("themes", discussed, MOST_THEMES)):
        if len(names) > most:
            faults.add(rows.head, "", f"{len(names):,} {what}", f"at most {most:,}", "leave some out")
    is_sound = None not in actors and None not in themes
    if is_sound and len(named) <= MOST_ACTORS and len(discussed) <= MOST_THEMES:
        for actor, theme in ((a, t) for a in named for t in discussed if (a, t) not in by_pair):
            remedy = "add a row, with salience 0 if it does not care"
            faults.add(rows.head, "actor", f"{actor} says nothing on theme {theme}", suggestion=remedy)
    return named, discussed, by_pair


def _one_each(
    rows: Rows, name: str, values: Sequence[Any], actors: Sequence[str | None], faults: Faults
) -> dict[str, Any]:
    """What an actor is on all its rows alike."""
    first: dict[str, tuple[Any, int]] = {}
    for row, (actor, value) in enumerate(zip(actors, values, strict=True)):
        if actor is None or value is None:
            continue
        held, at = first.setdefault(actor, (value, row))
        if held != value:
            found = f"{actor} has {shown(value)} here and {shown(held)} at {rows.at(at).words}"
            faults.add(
                rows.at(row), name, found, f"one {name} for each actor", "write the same on all its rows"
            )
    return {actor: value for actor, (value, _) in first.items()}


def _refuse_beyond_one(rows: Rows, actors: Sequence[str], saliences: Sequence[float], faults: Faults) -> None:
    """Refuse actors who share out more than the whole of their attention, or none of it."""
    sums: dict[str, float] = {}
    first: dict[str, int] = {}
    for row, (actor, salience) in enumerate(zip(actors, saliences, strict=True)):
        sums[actor] = sums.get(actor, 0.0) + salience
        first.setdefault(actor, row)
    for actor, total in sums.items():
        if not 0.0 < total <= 1.0 + ROUNDING:
            found = f"{actor} has {total:.6g} over all themes together"
            remedy = "divide its saliences by their sum or by the number of themes"
            faults.add(rows.at(first[actor]), "salience", found, "allowed: more than 0, at most 1", remedy)
    faults.refuse()
