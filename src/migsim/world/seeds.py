"""The words that numpy's ``SeedSequence`` gives, for many keys and replicates at once.

A ``SeedSequence`` stirs the words of its entropy one by one into a pool of four words, and then reads from
the pool as many words as a generator asks for. The sequences of a batch differ in their last word alone, the
key of a draw: numpy stirs in the words before it, once a replicate, and what is left is the same arithmetic
on words of 32 bits for each key and replicate, which is written here on arrays. The algorithm is O'Neill's
``seed_seq_fe``, and numpy promises to keep it (NEP 19).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, Self

import numpy as np
from numpy.random.bit_generator import ISeedSequence
from numpy.typing import NDArray

__all__ = ["GivenWords", "Pools", "Words", "in_words"]

type Words = NDArray[np.uint32]

POOL_SIZE: Final = 4
FIRST_IN, FACTOR_IN = 0x43B0D7E5, 0x931E8875
FIRST_OUT, FACTOR_OUT = 0x8B51F9DD, 0x58F38DED
FACTOR_POOL, FACTOR_WORD = np.uint32(0xCA01F9DD), np.uint32(0x4973F715)
HALF: Final = np.uint32(16)


@dataclass(frozen=True, eq=False)
class Pools:
    """The pools of a batch's replicates before the key of a draw is stirred in.

    Attributes
    ----------
    pools
        Shape ``(replicate, word of the pool)``.
    factors
        Numbers by which the key is hashed for each word of the pool, and one more; they depend on how many
        words were stirred in before. Shape ``(replicate, word of the pool + 1)``.
    """

    pools: Words
    factors: Words

    @classmethod
    def of(cls, seed: int, replicates: Sequence[int]) -> Self:
        """Those of ``SeedSequence(seed, spawn_key=(replicate, ...))``.

        Parameters
        ----------
        seed : int
        replicates : sequence of int
            Numbers >= 0, as the seed.
        """
        first = in_words(seed)
        first += [0] * (POOL_SIZE - len(first))
        entropies = [[*first, *in_words(replicate)] for replicate in replicates]
        sequences = [np.random.SeedSequence(np.array(words, dtype=np.uint32)) for words in entropies]
        n_hashed = [POOL_SIZE * len(words) for words in entropies]
        factors = [_powers(FIRST_IN, FACTOR_IN, POOL_SIZE + 1, start=n) for n in n_hashed]
        return cls(np.array([sequence.pool for sequence in sequences]), np.array(factors))

    def states(self, keys: Sequence[int], n_words: int) -> NDArray[np.uint64]:
        """``SeedSequence(seed, spawn_key=(replicate, key)).generate_state(n_words, np.uint64)``.

        Parameters
        ----------
        keys : sequence of int
            Each in [0, 2**32).
        n_words : int
            1, 2 or a larger even number.

        Returns
        -------
        array, shape ``(key, replicate, word)``
        """
        n_halves = 2 * n_words
        n_read = min(n_halves, POOL_SIZE)
        hashed = np.array(keys, dtype=np.uint32)[:, None, None] ^ self.factors[:, :n_read]
        hashed *= self.factors[:, 1 : n_read + 1]
        hashed ^= hashed >> HALF
        hashed *= FACTOR_WORD
        pools = FACTOR_POOL * self.pools[:, :n_read] - hashed
        pools ^= pools >> HALF
        factors = _powers(FIRST_OUT, FACTOR_OUT, n_halves + 1)
        halves = np.concatenate([pools] * (n_halves // n_read), axis=-1)
        halves ^= factors[:-1]
        halves *= factors[1:]
        halves ^= halves >> HALF
        return halves.astype("<u4", copy=False).view("<u8").astype(np.uint64, copy=False)


class GivenWords(ISeedSequence):
    """Hands a generator the words that were found for it."""

    def __init__(self, words: NDArray[np.uint64]) -> None:
        self._words = words

    def generate_state(self, n_words: int, dtype: Any = np.uint32) -> NDArray[np.uint64]:
        """The words, which must be as many and as long as they are asked for."""
        if (n_words, dtype) != (self._words.size, self._words.dtype):
            msg = f"{self._words.size} words of {self._words.dtype} were found, not {n_words} of {dtype}"
            raise ValueError(msg)
        return self._words


def in_words(number: int) -> list[int]:
    """A number >= 0 in words of 32 bits, the lowest first."""
    return [number >> place & 0xFFFFFFFF for place in range(0, max(number.bit_length(), 1), 32)]


@lru_cache(maxsize=64)
def _powers(first: int, factor: int, n: int, start: int = 0) -> Words:
    """``first * factor**k`` for the ``n`` numbers k from ``start`` on, as words."""
    return np.array([first * pow(factor, k, 2**32) % 2**32 for k in range(start, start + n)], dtype=np.uint32)
