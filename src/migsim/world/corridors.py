"""Corridors: who can move from where to where, and sums of people over them.

Every quantity on corridors has the corridor as its last axis, and corridors stand in order of their origin.
A sum takes each state's corridors as one run of neighbours (by destination after a fixed reordering), for
each leading row alone, so that one world and a batch of worlds agree bitwise.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

__all__ = ["Array", "Corridors", "Index", "total"]

type Array = NDArray[np.float64]
type Index = NDArray[np.intp]


def total(values: Array) -> Array:
    """Sum over the last axis, kept as an axis of length one, in an order that no batching changes."""
    return np.ascontiguousarray(values).sum(axis=-1, keepdims=True)


@dataclass(frozen=True, eq=False)
class Corridors:
    """Origin-destination pairs with people on them or with people who may come to be on them.

    Parameters
    ----------
    origin, destination : array of int, shape ``(corridor,)``
        Positions of the two states on the state axis; ``origin`` never falls.
    distance : array, shape ``(corridor,)``
        Great-circle distance of the two states' centres, km.
    n_states : int
        Length of the state axis.
    border, crossing, closed : array, shape ``(corridor,)`` in {0, 1}
        Whether the two states touch by a land border that can be crossed, whether a narrow sea lies between
        them, and whether their land border is closed.
    """

    origin: Index
    destination: Index
    distance: Array
    n_states: int
    border: Array
    crossing: Array
    closed: Array

    def __post_init__(self) -> None:
        if np.any(np.diff(self.origin) < 0):
            msg = "Corridors stand in order of their origin: sort them by origin first."
            raise ValueError(msg)

    def __len__(self) -> int:
        return int(self.origin.size)

    def only(self, some: Index) -> Corridors:
        """Some of them, in their order, between the same states."""
        return Corridors(
            self.origin[some],
            self.destination[some],
            self.distance[some],
            self.n_states,
            self.border[some],
            self.crossing[some],
            self.closed[some],
        )

    @cached_property
    def of_origin(self) -> tuple[Index, ...]:
        """For each state, its corridors as an origin."""
        return tuple(np.flatnonzero(self.origin == state) for state in range(self.n_states))

    def at_origin(self, values: Array) -> Array:
        """What holds in each corridor's origin, ``(..., state)`` to ``(..., corridor)``."""
        return np.repeat(values, self._n_leaving, axis=-1)

    def at_destination(self, values: Array) -> Array:
        """What holds in each corridor's destination, ``(..., state)`` to ``(..., corridor)``."""
        return values.take(self.destination, axis=-1, mode="wrap")  # needs no check, and is a third faster

    def by_origin(self, people: Array) -> Array:
        """Sum ``(..., corridor)`` to ``(..., state)`` by origin."""
        return self._leaving.sums(people)

    def by_destination(self, people: Array) -> Array:
        """Sum ``(..., corridor)`` to ``(..., state)`` by destination."""
        arriving = people.take(self._to_destinations, axis=-1, mode="wrap")
        return self._arriving.sums(arriving)

    def between(self, origins: Array, destinations: Array) -> Array:
        """Product of what holds at both ends, each ``(..., state)``, to ``(..., corridor)``."""
        product = self.at_destination(destinations)
        if np.any(origins != 1.0):
            product *= self.at_origin(origins)
        return product

    @cached_property
    def _n_leaving(self) -> Index:
        """Number of corridors from each state."""
        return np.bincount(self.origin, minlength=self.n_states)

    @cached_property
    def _leaving(self) -> Runs:
        """Corridors as they stand, those from one state side by side."""
        return Runs.of(self.origin, self.n_states)

    @cached_property
    def _arriving(self) -> Runs:
        """Corridors in order of their destination."""
        return Runs.of(self.destination[self._to_destinations], self.n_states)

    @cached_property
    def _to_destinations(self) -> Index:
        """Corridors in order of their destination, those to one state in their own order."""
        return np.argsort(self.destination, kind="stable")


@dataclass(frozen=True, eq=False)
class Runs:
    """Runs of neighbours on the last axis, one for each state that has any.

    ``starts``: where each begins; ``states``: whose it is; ``n_states``: length of the state axis.
    """

    starts: Index
    states: Index
    n_states: int

    @classmethod
    def of(cls, states: Index, n_states: int) -> Runs:
        """The runs of a sorted array of states."""
        there, starts = np.unique(states, return_index=True)
        return cls(starts, there, n_states)

    def sums(self, people: Array) -> Array:
        """Sums over the runs, ``(..., state)``; a state that has none has a sum of zero."""
        sums: Array = np.add.reduceat(people, self.starts, axis=-1)
        if len(self.states) == self.n_states:
            return sums
        whole = np.zeros((*people.shape[:-1], self.n_states))
        whole[..., self.states] = sums
        return whole
