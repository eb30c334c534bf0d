"""What an ensemble runs: a scenario, its replicates, and the shards in which they are run and kept.

A shard holds the replicates of one block of numbers, whoever runs it and however many others are asked for,
so that the tables are the same bytes for any number of workers.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Final, get_args

from migsim.errors import InputError, shown
from migsim.world.parameters import Spread

if TYPE_CHECKING:
    from migsim.scenario.definition import Scenario

__all__ = ["SHARD_SIZE", "SPREADS", "Design", "Shard", "design"]

SHARD_SIZE: Final = 16
"""Replicates of one shard, which are run as one batch; the last shard may be short."""

SPREADS: Final[tuple[Spread, ...]] = get_args(Spread.__value__)
MOST_REPLICATES: Final = 1_000_000
MOST_SEED: Final = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Shard:
    """Some replicates of a run, and where they stand among the others."""

    number: int
    replicates: tuple[int, ...]


@dataclass(frozen=True)
class Design:
    """One scenario with the replicates that are to be run of it.

    Attributes
    ----------
    replicates
        Their numbers, rising; the same number is the same draw in every scenario.
    spread
        Whether parameters vary over their ranges or keep their defaults.
    """

    definition: Scenario
    replicates: tuple[int, ...]
    seed: int
    spread: Spread

    @property
    def shards(self) -> tuple[Shard, ...]:
        """The replicates in blocks of `SHARD_SIZE` numbers."""
        blocks = groupby(self.replicates, key=lambda replicate: replicate // SHARD_SIZE)
        return tuple(Shard(number, tuple(block)) for number, block in blocks)

    @property
    def n_years(self) -> int:
        """Simulated years of one replicate, without the base year."""
        years = self.definition.spec.years
        return int(years.last - years.first + 1)

    def key(self, shard: Shard, versions: Mapping[str, str]) -> str:
        """SHA-256 of everything that decides what a shard holds."""
        decisive = [self.definition.hash, self.seed, self.spread, list(shard.replicates), dict(versions)]
        return hashlib.sha256(json.dumps(decisive, sort_keys=True).encode()).hexdigest()


def design(
    definition: Scenario, replicates: int | Iterable[int] = 1, seed: int = 2026, spread: Spread = "ranged"
) -> Design:
    """Check and order what is to be run.

    Parameters
    ----------
    definition
    replicates
        How many, or which ones: 3 means the replicates 0, 1 and 2.
    seed
    spread

    Raises
    ------
    InputError
        If a number or a name is out of bounds.
    """
    if spread not in SPREADS:
        raise InputError(f"parameters {shown(spread)}; allowed are {' and '.join(SPREADS)}")
    if isinstance(seed, bool) or not isinstance(seed, int) or not 0 <= seed <= MOST_SEED:
        raise InputError(f"seed {shown(seed)}; a seed is a whole number from 0 to {MOST_SEED}")
    if isinstance(replicates, int):
        if isinstance(replicates, bool) or not 1 <= replicates <= MOST_REPLICATES:
            raise InputError(f"replicates {shown(replicates)}; allowed are 1 to {MOST_REPLICATES}")
        return Design(definition, tuple(range(replicates)), seed, spread)
    numbers = tuple(sorted({int(replicate) for replicate in replicates}))
    if not numbers or numbers[0] < 0 or numbers[-1] >= MOST_REPLICATES:
        raise InputError(f"replicates must be numbers from 0 to {MOST_REPLICATES - 1}, and at least one")
    return Design(definition, numbers, seed, spread)
