"""Keyed random streams: a draw is named by its purpose, so that compared worlds share it.

The stream of a draw is ``SeedSequence(seed, spawn_key=(replicate, crc32(purpose, process, year)))``. A block
always covers all registered states in ISO order, whoever attends and whatever is adopted: a scenario that
does without a draw leaves every other draw as it was.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import Final
from zlib import crc32

import numpy as np

from migsim.world.corridors import Array, Index
from migsim.world.seeds import GivenWords, Pools

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

    @cached_property
    def _pools(self) -> Pools:
        return Pools.of(self.seed, self.replicates)

    def units(self, purposes: Sequence[str], *, year: int = 0) -> Array:
        """One number in [0, 1) for each purpose and replicate, shape ``(purpose, replicate)``."""
        words = self._pools.states([_key(purpose, "", year) for purpose in purposes], 1)[..., 0]
        return (words >> np.uint64(11)).astype(np.float64) * 2.0**-53

    def unit(self, purpose: str, *, year: int = 0) -> Array:
        """One number in [0, 1) a replicate, shape ``(replicate, 1)``."""
        return self.units((purpose,), year=year).reshape(-1, 1)

    def streams(self, purpose: str, *, process: str = "", year: int = 0) -> tuple[np.random.Generator, ...]:
        """A stream of random numbers for each replicate."""
        words = self._pools.states((_key(purpose, process, year),), 4)[0]
        generators = (np.random.PCG64(GivenWords(state)) for state in words)  # type: ignore[arg-type]
        return tuple(np.random.Generator(generator) for generator in generators)

    def normals(self, purpose: str, shape: tuple[int, ...], *, process: str = "", year: int = 0) -> Array:
        """Standard normals, shape ``(replicate, *shape)``."""
        drawn = np.empty((len(self.replicates), *shape))
        for own, stream in zip(drawn, self.streams(purpose, process=process, year=year), strict=True):
            stream.standard_normal(out=own)
        return drawn

    def state_normals(
        self, purpose: str, registered: Index, n_columns: int = 1, *, process: str = "", year: int = 0
    ) -> Array:
        """Standard normals for the states at ``registered``, shape ``(replicate, state, column)``."""
        return _block(self, purpose, n_columns, process, year).take(registered, axis=1)

    def state_uniforms(self, purpose: str, registered: Index, *, process: str = "", year: int = 0) -> Array:
        """Uniforms in [0, 1) for the states at ``registered``, shape ``(replicate, state)``."""
        drawn = np.empty((len(self.replicates), self.n_registered))
        for own, stream in zip(drawn, self.streams(purpose, process=process, year=year), strict=True):
            stream.random(out=own)
        return drawn.take(registered, axis=1)


@lru_cache(maxsize=16)
def _block(noise: Noise, purpose: str, n_columns: int, process: str, year: int) -> Array:
    """Normals of all registered states, kept for the paired world, which lives each year next.

    States that weigh their levers live the same few years again and again.
    """
    return noise.normals(purpose, (noise.n_registered, n_columns), process=process, year=year)


def _key(purpose: str, process: str, year: int) -> int:
    return crc32(f"{purpose}|{process}|{year}".encode())
