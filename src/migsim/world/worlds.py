"""Which worlds a batch holds: their numbers, and what makes each of them differ from the others.

A world is a draw of the parameters, or a point of a design, lived with some luck. Its number holds both:
``k * DRAWS + d`` is draw *d* with luck *k*, so that the first worlds are simply 0, 1, 2, and worlds that are
added later, of more draws or with more luck, leave the numbers of the others as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, Self

__all__ = ["DRAWS", "NO_VALUES", "Worlds"]

DRAWS: Final = 1_000_000
"""So many draws, or points, come before the numbers of those with other luck begin."""

NO_VALUES: Final[Mapping[str, tuple[float, ...]]] = MappingProxyType({})


@dataclass(frozen=True)
class Worlds:
    """The worlds of a batch, each the same in any batch.

    Attributes
    ----------
    numbers
        Number of each world, as in column ``replicate`` of the tables.
    draws
        Number of each world's draw of the parameters, by which their random stream is keyed.
    lucks
        Number of each world's luck, by which all its other random streams are keyed.
    values
        Registry parameters that a design sets for each world, by path; laid over scenario and draws.
    """

    numbers: tuple[int, ...]
    draws: tuple[int, ...]
    lucks: tuple[int, ...]
    values: Mapping[str, tuple[float, ...]] = field(default=NO_VALUES)

    @classmethod
    def plain(cls, numbers: Iterable[int]) -> Self:
        """Worlds of draws, each with a luck that no other has."""
        given = tuple(numbers)
        return cls(given, tuple(number % DRAWS for number in given), given)

    def __len__(self) -> int:
        return len(self.numbers)
