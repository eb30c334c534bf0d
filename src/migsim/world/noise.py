"""Keyed random streams: a draw is named by its purpose, so that compared worlds share it.

The stream of a draw is ``SeedSequence(seed, spawn_key=(replicate, crc32(purpose, process, year)))``. A block
always covers all registered states in ISO order, whoever attends and whatever is adopted: a scenario that
does without a draw leaves every other draw as it was.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final
from zlib import crc32

import numpy as np

from migsim.world.corridors import Array, Index

__all__ = ["QUIET", "SEED_RULE", "Noise"]

SEED_RULE = "SeedSequence(seed, spawn_key=(replicate, crc32('purpose|process|year')))"
QUIET: Final[Mapping[str, float]] = MappingProxyType(
    {"world.flows.noise": 0.0, "world.economy.growth_noise": 0.0, "world.opinion.events": 0.0}
)
"""Settings under which chance is silent in the world."""


@dataclass(frozen=True)
class Noise:
    """Random numbers for a batch of replicates.

    Parameters
    ----------
    seed : int
        Seed of the study, >= 0.
    replicates : tuple of int
        Keys of the replicates in this batch, their luck or their draw of the parameters; a replicate's
        numbers do not depend on the others, and replicates with the same key have the same.
    n_registered : int
        Number of registered states, over which every block of states runs.
    """

    seed: int
    replicates: tuple[int, ...]
    n_registered: int

    def _sequence(self, replicate: int, purpose: str, process: str, year: int) -> np.random.SeedSequence:
        key = crc32(f"{purpose}|{process}|{year}".encode())
        return np.random.SeedSequence(self.seed, spawn_key=(replicate, key))

    def unit(self, purpose: str, *, year: int = 0) -> Array:
        """One number in [0, 1) a replicate, shape ``(replicate, 1)``."""
        words = [
            int(self._sequence(replicate, purpose, "", year).generate_state(1, np.uint64)[0])
            for replicate in self.replicates
        ]
        return np.array([[(word >> 11) * 2.0**-53] for word in words])

    def streams(self, purpose: str, *, process: str = "", year: int = 0) -> tuple[np.random.Generator, ...]:
        """A stream of random numbers for each replicate."""
        return tuple(
            np.random.Generator(np.random.PCG64(self._sequence(r, purpose, process, year)))
            for r in self.replicates
        )

    def normals(self, purpose: str, shape: tuple[int, ...], *, process: str = "", year: int = 0) -> Array:
        """Standard normals, shape ``(replicate, *shape)``."""
        streams = self.streams(purpose, process=process, year=year)
        return np.stack([stream.standard_normal(shape) for stream in streams])

    def state_normals(
        self, purpose: str, registered: Index, n_columns: int = 1, *, process: str = "", year: int = 0
    ) -> Array:
        """Standard normals for the states at ``registered``, shape ``(replicate, state, column)``."""
        block = self.normals(purpose, (self.n_registered, n_columns), process=process, year=year)
        return np.ascontiguousarray(block[:, registered, :])

    def state_uniforms(self, purpose: str, registered: Index, *, process: str = "", year: int = 0) -> Array:
        """Uniforms in [0, 1) for the states at ``registered``, shape ``(replicate, state)``."""
        streams = self.streams(purpose, process=process, year=year)
        draws = np.stack([stream.random(self.n_registered) for stream in streams])
        return np.ascontiguousarray(draws[:, registered])
