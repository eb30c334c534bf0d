"""What an ensemble runs: a scenario, its worlds, and the shards in which they are run and kept.

A shard holds the worlds of one block, whoever runs it and however many others are asked for, so that the
tables are the same bytes for any number of workers.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from operator import index
from typing import TYPE_CHECKING, Any, Final, get_args

from migsim.ensemble.factors import LUCK, column_value, is_column, refuse_files
from migsim.ensemble.samples import Sample
from migsim.ensemble.sizes import refuse_odd_worlds, refuse_too_many
from migsim.errors import InputError, shown, whole_number
from migsim.provenance.parameters import Scalar
from migsim.world.parameters import Spread
from migsim.world.worlds import DRAWS, Worlds

if TYPE_CHECKING:
    from migsim.scenario.definition import Scenario

__all__ = ["SHARD_SIZE", "SPREADS", "Design", "Shard", "design", "sampled"]

SHARD_SIZE: Final = 16
"""Worlds of one shard, which are run as one batch; the last shard may be short."""

SPREADS: Final[tuple[Spread, ...]] = get_args(Spread.__value__)
MOST_REPLICATES: Final = DRAWS
MOST_INNER: Final = 1000
MOST_SEED: Final = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Shard:
    """Some worlds of a run, and where they stand among the others."""

    number: int
    replicates: tuple[int, ...]


@dataclass(frozen=True)
class Design:
    """One scenario with the worlds that are to be run of it.

    Attributes
    ----------
    replicates
        Numbers of the worlds, rising (see `migsim.world.worlds`). In compared scenarios and at all points of
        a sample, the same draw and luck are the same.
    spread
        Whether parameters vary over their ranges or keep their defaults.
    sample
        The points at which the scenario is run; without one, as it is.
    tables
        Names of the tables that are kept; none named are all.
    """

    definition: Scenario
    replicates: tuple[int, ...]
    seed: int
    spread: Spread
    sample: Sample | None = None
    tables: tuple[str, ...] | None = None

    @property
    def shards(self) -> tuple[Shard, ...]:
        """The worlds in blocks of `SHARD_SIZE`, each of one variant of the scenario."""
        if self.sample is None:
            blocks = groupby(self.replicates, key=lambda number: number // SHARD_SIZE)
            return tuple(Shard(number, tuple(block)) for number, block in blocks)
        found: dict[int, list[int]] = {}
        for number in self.replicates:
            found.setdefault(self._block(number), []).append(number)
        return tuple(Shard(block, tuple(found[block])) for block in sorted(found))

    @property
    def n_years(self) -> int:
        """Simulated years of one world, without the base year."""
        years = self.definition.spec.years
        return int(years.last - years.first + 1)

    def batch(self, numbers: tuple[int, ...]) -> tuple[Scenario, Worlds]:
        """What is run for the worlds of one shard, or some of them: a scenario and worlds of it."""
        if self.sample is None:
            return self.definition, Worlds.plain(numbers)
        points = [number % DRAWS for number in numbers]
        inner = tuple(number // DRAWS for number in numbers)
        if self.sample.has_luck:
            at = self.sample.paths.index(LUCK)
            inner = tuple(int(self.sample.points[point][at]) for point in points)
        columns = {path: n for n, path in enumerate(self.sample.paths) if path != LUCK and is_column(path)}
        values = {
            path: tuple(column_value(path, self.sample.points[point][n]) for point in points)
            for path, n in columns.items()
        }
        return self._variants.scenarios[self._variants.of_point[points[0]]], Worlds(
            numbers, inner, inner, values
        )

    def key(self, versions: Mapping[str, str]) -> str:
        """SHA-256 of everything that decides what any of its worlds holds."""
        points = None if self.sample is None else self.sample.hash
        decisive = [self.definition.hash, self.seed, self.spread, points, self.tables, dict(versions)]
        return hashlib.sha256(json.dumps(decisive, sort_keys=True).encode()).hexdigest()

    @property
    def mark(self) -> str:
        """Eight letters that tell this design from others of the same scenario."""
        return self.key({})[:8]

    def _block(self, number: int) -> int:
        """Number of the shard of a world at a point of the sample.

        The worlds of a variant are counted luck by luck; a block of them keeps its number when worlds with
        more luck are added.
        """
        variants, point = self._variants, number % DRAWS
        variant = variants.of_point[point]
        place = number // DRAWS * variants.sizes[variant] + variants.place[point]
        return place // SHARD_SIZE * len(variants.sizes) + variant

    @cached_property
    def _variants(self) -> _Variants:
        return _variants(self.definition, self.sample) if self.sample else _Variants((), (), (), ())

    def __getstate__(self) -> dict[str, Any]:
        return {key: value for key, value in self.__dict__.items() if key != "_variants"}


@dataclass(frozen=True)
class _Variants:
    """The scenarios of a sample; of which each point is, its place among their points, and how many."""

    scenarios: tuple[Scenario, ...]
    of_point: tuple[int, ...]
    place: tuple[int, ...]
    sizes: tuple[int, ...]


def _variants(definition: Scenario, sample: Sample) -> _Variants:
    structural = [n for n, path in enumerate(sample.paths) if path != LUCK and not is_column(path)]
    sizes: dict[tuple[Scalar, ...], int] = {}
    of_point, place = [], []
    order: dict[tuple[Scalar, ...], int] = {}
    for point in sample.points:
        settings = tuple(point[n] for n in structural)
        of_point.append(order.setdefault(settings, len(order)))
        place.append(sizes.get(settings, 0))
        sizes[settings] = place[-1] + 1
    scenarios = tuple(
        definition.vary(
            definition.title, {sample.paths[n]: value for n, value in zip(structural, settings, strict=True)}
        )
        if structural
        else definition
        for settings in order
    )
    return _Variants(scenarios, tuple(of_point), tuple(place), tuple(sizes.values()))


def design(
    definition: Scenario,
    replicates: int | Iterable[int] = 1,
    seed: int = 2026,
    spread: Spread = "ranged",
    inner: int = 1,
) -> Design:
    """Check and order what is to be run.

    Parameters
    ----------
    definition
    replicates
        How many, or which ones: 3 means the replicates 0, 1 and 2.
    seed
    spread
    inner
        How often each draw of the parameters is lived, with other luck each time.

    Raises
    ------
    InputError
        If a number or a name is out of bounds.
    """
    seed, inner = _checked(seed, spread, inner)
    if not isinstance(replicates, Iterable):
        numbers = tuple(range(whole_number(replicates, "replicates", 1, MOST_REPLICATES)))
    else:
        numbers = _numbers(replicates)
        last = (DRAWS if inner > 1 else DRAWS * MOST_INNER) - 1
        if not numbers or numbers[0] < 0 or numbers[-1] > last:
            raise InputError(f"replicates must be numbers from 0 to {last}, and at least one")
    refuse_too_many(len(numbers) * inner)
    every = tuple(luck * DRAWS + number for luck in range(inner) for number in numbers)
    return Design(definition, every, seed, spread)


def _numbers(replicates: Iterable[int]) -> tuple[int, ...]:
    try:
        return tuple(sorted({index(number) for number in replicates}))
    except TypeError:
        allowed = "a whole number, or a list of whole numbers"
        raise InputError(f"replicates {shown(replicates)}; allowed is {allowed}") from None


def sampled(
    definition: Scenario,
    sample: Sample,
    replicates: int = 1,
    seed: int = 2026,
    spread: Spread = "central",
    tables: tuple[str, ...] | None = ("world",),
) -> Design:
    """A scenario at the points of a sample, each lived by the same replicates.

    Parameters
    ----------
    definition, sample
    replicates
        Worlds at each point: at all points, replicate k has the same luck and the same draw.
    seed
    spread
        Whether parameters that the sample does not set keep their defaults or are drawn.
    tables
        Tables that are kept; None keeps all.

    Raises
    ------
    InputError
        If a number is out of bounds, or a point is not allowed.
    """
    seed, replicates = _checked(seed, spread, replicates, "replicates")
    refuse_files(sample.paths)
    refuse_odd_worlds(sample.kind, sample.has_luck, len(sample), replicates)
    numbers = tuple(luck * DRAWS + point for luck in range(replicates) for point in range(len(sample)))
    return Design(definition, numbers, seed, spread, sample, tables)


def _checked(seed: int, spread: Spread, inner: int, what: str = "inner") -> tuple[int, int]:
    """Seed and number of lucks as Python's own numbers, if all three are allowed."""
    if spread not in SPREADS:
        raise InputError(f"parameters {shown(spread)}; allowed are {' and '.join(SPREADS)}")
    return whole_number(seed, "seed", 0, MOST_SEED), whole_number(inner, what, 1, MOST_INNER)
