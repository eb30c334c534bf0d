"""Keyed random streams: a draw is named by its purpose, so that compared worlds share it.

The stream of a draw is ``SeedSequence(seed, spawn_key=(replicate, crc32(purpose, process, year)))``. A block
always covers all registered states in ISO order, whoever attends and whatever is adopted: a scenario that
does without a draw leaves every other draw as it was.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import Final
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

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

    @cached_property
    def _words(self) -> tuple[NDArray[np.uint32], ...]:
        """What `SEED_RULE` comes to in words of 32 bits, for each replicate; the last is for the purpose.

        ``SeedSequence(words)`` is the same sequence, made in half the time.
        """
        seed = _in_words(self.seed)
        seed += [0] * (np.random.SeedSequence(0).pool_size - len(seed))
        return tuple(np.array([*seed, *_in_words(r), 0], dtype=np.uint32) for r in self.replicates)

    def _sequences(self, purpose: str, process: str, year: int) -> Iterator[np.random.SeedSequence]:
        key = crc32(f"{purpose}|{process}|{year}".encode())
        for words in self._words:
            keyed = words.copy()
            keyed[-1] = key
            yield np.random.SeedSequence(keyed)

    def unit(self, purpose: str, *, year: int = 0) -> Array:
        """One number in [0, 1) a replicate, shape ``(replicate, 1)``."""
        states = np.array([sequence.generate_state(2) for sequence in self._sequences(purpose, "", year)])
        low, high = states.astype(np.uint64).T
        drawn: Array = ((low | high << 32) >> 11)[:, None] * 2.0**-53
        return drawn

    def streams(self, purpose: str, *, process: str = "", year: int = 0) -> tuple[np.random.Generator, ...]:
        """A stream of random numbers for each replicate."""
        return tuple(
            np.random.Generator(np.random.PCG64(sequence))
            for sequence in self._sequences(purpose, process, year)
        )

    def normals(self, purpose: str, shape: tuple[int, ...], *, process: str = "", year: int = 0) -> Array:
        """Standard normals, shape ``(replicate, *shape)``."""
        return _normals(self, purpose, shape, process, year)

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


@lru_cache(maxsize=8)
def _normals(
    noise: Noise, purpose: str, shape: tuple[int, ...], process: str, year: int
) -> NDArray[np.float64]:
    """Normals once drawn are kept for the paired world, which lives each year next."""
    streams = noise.streams(purpose, process=process, year=year)
    drawn = np.stack([stream.standard_normal(shape) for stream in streams])
    drawn.flags.writeable = False
    return drawn


def _in_words(number: int) -> list[int]:
    """A number >= 0 in words of 32 bits, the lowest first."""
    return [number >> place & 0xFFFFFFFF for place in range(0, max(number.bit_length(), 1), 32)]
