"""Chance at the table: random numbers for one negotiation, or one for each of many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from migsim.negotiation.table import Array

__all__ = ["Chance"]


@dataclass(frozen=True, eq=False)
class Chance:
    """Random numbers, one stream for each leading place.

    Parameters
    ----------
    streams : sequence of Generator
        One for each place on the leading axis, or a single one.
    seats : array of int, shape ``(actor,)``
        Place of each actor in a block of draws, whatever the order in which the actors stand.
    n_seats : int
        Length of such a block.
    is_single : bool
        Whether there is no leading axis.
    """

    streams: Sequence[np.random.Generator]
    seats: NDArray[np.intp]
    n_seats: int
    is_single: bool = True

    @classmethod
    def alone(cls, seed: int, actors: Sequence[str]) -> Chance:
        """Chance for one negotiation; each actor's draws go by the rank of its name."""
        rank = np.argsort(np.argsort(np.array(actors, dtype=str), kind="stable"), kind="stable")
        stream = np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed)))
        return cls((stream,), rank.astype(np.intp), len(actors))

    def at(self, places: int | NDArray[np.intp]) -> Chance:
        """Chance of some leading places, or of one without a leading axis."""
        if isinstance(places, int):
            return replace(self, streams=(self.streams[places],), is_single=True)
        return replace(self, streams=tuple(self.streams[place] for place in places))

    def uniform(self, *shape: int) -> Array:
        """Uniforms in [0, 1), shape ``(..., *shape)``."""
        draws = [stream.random(shape) for stream in self.streams]
        return draws[0] if self.is_single else np.stack(draws)

    def uniform_by_actor(self, *shape: int) -> Array:
        """Uniforms in [0, 1) by seat, whoever else is there, shape ``(..., *shape, actor)``."""
        return np.ascontiguousarray(self.uniform(*shape, self.n_seats)[..., self.seats])
