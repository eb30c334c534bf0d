"""Corridors: who can move from where to where, and sums of people over them.

Every quantity on corridors has the corridor as its last axis. Sums go through ``numpy.bincount``, which adds
in corridor order for each leading row alone, so that one world and a batch of worlds agree bitwise.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from math import prod

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
        Positions of the two states on the state axis.
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
    _rows: dict[tuple[int, int], Index] = field(default_factory=dict, repr=False)

    def __len__(self) -> int:
        return int(self.origin.size)

    @cached_property
    def of_origin(self) -> tuple[Index, ...]:
        """For each state, its corridors as an origin."""
        return tuple(np.flatnonzero(self.origin == state) for state in range(self.n_states))

    def by_destination(self, people: Array) -> Array:
        """Sum ``(..., corridor)`` to ``(..., state)`` by destination."""
        return self._sum(0, self.destination, people)

    def by_origin(self, people: Array) -> Array:
        """Sum ``(..., corridor)`` to ``(..., state)`` by origin."""
        return self._sum(1, self.origin, people)

    def from_both_ends(self, of_origin: Array, of_destination: Array) -> Array:
        """Add what each end of a corridor brings, ``(..., state)`` twice to ``(..., corridor)``."""
        return of_origin.take(self.origin, axis=-1) + of_destination.take(self.destination, axis=-1)

    def _sum(self, side: int, index: Index, people: Array) -> Array:
        lead = people.shape[:-1]
        n_rows = prod(lead)
        rows = self._rows.get((side, n_rows))
        if rows is None:
            rows = (np.arange(n_rows, dtype=np.intp)[:, None] * self.n_states + index).ravel()
            self._rows[side, n_rows] = rows
        sums = np.bincount(rows, weights=people.ravel(), minlength=n_rows * self.n_states)
        return sums.reshape(*lead, self.n_states)
