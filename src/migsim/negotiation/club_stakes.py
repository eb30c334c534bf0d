"""The stakes of a club: who gains by leaving or joining it, who remains, and which pledge brings the most.

The equations are those of `migsim.negotiation.club`, place by place: a place is one paragraph of one table.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from migsim.negotiation.table import Array, Table

__all__ = ["Club", "Stakes", "founded_best"]

type Members = NDArray[np.bool_]

ROUNDING: Final = 1e-12
"""Gains smaller than this share of what is compared are none."""

LEAST_EFFORT: Final = 1e-9
"""An actor that would do less than this alone does nothing."""

DEEPEST: Final = 1.0
"""End of the scale, beyond which no club can pledge itself."""

SMALLEST_CLUB: Final = 2
N_AT_ONCE: Final = 64
"""Places settled at once: as many as stay near the processor, which is several times faster than all."""

N_PLEDGES: Final = 50
"""Pledges tried under the best rule: 1/50, 2/50, ..., 1."""


@dataclass(frozen=True, eq=False)
class Stakes:
    """What clubs would bring, place by place.

    Parameters
    ----------
    alone : array, shape ``(place, actor)``, > 0
        What each would do alone.
    benefit : array, shape ``(place, actor)``, >= 0
        Benefit weight; zero for those who cannot be members.
    cost : array, shape ``(place, actor)``
        Benefit weight over what each would do alone.
    pledge, spillover : float
    """

    alone: Array
    benefit: Array
    cost: Array
    pledge: float
    spillover: float

    @classmethod
    def of(cls, table: Table, pledge: float, spillover: float) -> Stakes:
        """The stakes of every paragraph of a table, at a pledge."""
        cares = (table.weight * table.seated)[..., None] * table.salience
        able = table.position >= LEAST_EFFORT
        *leading, n_actors, n_paragraphs = table.position.shape
        n_places = math.prod(leading) * n_paragraphs
        alone, benefit = (
            np.ascontiguousarray(np.swapaxes(each, -2, -1)).reshape(n_places, n_actors)
            for each in (np.where(able, table.position, 1.0), np.where(able, cares, 0.0))
        )
        return cls(alone, benefit, benefit / alone, pledge, spillover)

    def at(self, places: NDArray[np.intp]) -> Stakes:
        """The stakes at some of the places."""
        return replace(self, alone=self.alone[places], benefit=self.benefit[places], cost=self.cost[places])

    def depth(self, n: Array, benefit: Array, cost: Array) -> Array:
        """What ``n`` members agree on, given their summed benefits and costs; one does as it would alone."""
        best = (1.0 + self.spillover * (n - 1.0)) * benefit / np.where(cost > 0.0, cost, 1.0)
        return np.minimum(np.where(n < SMALLEST_CLUB, best, self.pledge * best), DEEPEST)

    def sums(self, members: Members) -> tuple[Array, Array, Array]:
        """Number of members and the sums of their benefits and costs, each ``(place, 1)``."""
        of_each = (members, np.where(members, self.benefit, 0.0), np.where(members, self.cost, 0.0))
        n, benefits, costs = (each.sum(axis=-1, keepdims=True, dtype=np.float64) for each in of_each)
        return n, benefits, costs

    def gain_of_leaving(self, members: Members) -> Array:
        """What each member would gain by leaving alone, ``(place, actor)``; zero if within rounding."""
        n, benefits, costs = self.sums(members)
        rest = self.depth(
            n - 1.0, np.maximum(benefits - self.benefit, 0.0), np.maximum(costs - self.cost, 0.0)
        )
        gain = -self._gain_of_membership(n - 1.0, rest, self.depth(n, benefits, costs))
        return np.where(members, gain, 0.0)

    def gain_of_joining(self, members: Members) -> Array:
        """What each outsider would gain by joining, ``(place, actor)``; zero if within rounding."""
        n, benefits, costs = self.sums(members)
        joined = self.depth(n + 1.0, benefits + self.benefit, costs + self.cost)
        gain = self._gain_of_membership(n, self.depth(n, benefits, costs), joined)
        return np.where(members, 0.0, gain)

    def _gain_of_membership(self, others: Array, without: Array, together: Array) -> Array:
        """Gain of doing as ``others`` members do ``together``, over staying out while they do ``without``.

        What other outsiders do is the same either way and left out.
        """
        inside = together * (1.0 + self.spillover * others)
        effort = together**2 / (2.0 * self.alone)
        outside = 0.5 * self.alone + self.spillover * others * without
        gain = inside - effort - outside
        return np.where(np.abs(gain) > ROUNDING * (inside + effort + outside), self.benefit * gain, 0.0)

    def remaining(self) -> Members:
        """Who is left of a club of everybody when nobody gains by leaving it, ``(place, actor)``."""
        members: Members = self.benefit > 0.0
        for start in range(0, len(members), N_AT_ONCE):
            self._let_go(members, np.arange(start, min(start + N_AT_ONCE, len(members))))
        members[members.sum(axis=-1) < SMALLEST_CLUB] = False
        return members

    def _let_go(self, members: Members, talking: NDArray[np.intp]) -> None:
        """Strike out, one by one, those who gain most by leaving, at the places that are ``talking``."""
        talking = talking[members[talking].sum(axis=-1) >= SMALLEST_CLUB]
        while talking.size:
            gain = self.at(talking).gain_of_leaving(members[talking])
            goes = gain.argmax(axis=-1)
            gains = np.take_along_axis(gain, goes[:, None], axis=-1)[:, 0] > 0.0
            talking = talking[gains]
            members[talking, goes[gains]] = False
            talking = talking[members[talking].sum(axis=-1) >= SMALLEST_CLUB]

    def brings(self, members: Members) -> Array:
        """What a club brings beyond what its members do alone, ``(place,)``."""
        more = self.depth(*self.sums(members)) - self.alone
        return np.where(members, self.benefit * more, 0.0).sum(axis=-1)


@dataclass(frozen=True, eq=False)
class Club:
    """The clubs that hold, one a place.

    ``members`` is ``(place, actor)``; ``pledge``, ``depth`` (zero without a club) and ``is_stable`` (whether
    no outsider would gain by joining) are ``(place,)``.
    """

    members: Members
    pledge: Array
    depth: Array
    is_stable: NDArray[np.bool_]

    @classmethod
    def founded(cls, stakes: Stakes) -> Club:
        """The club that remains at a pledge."""
        members = stakes.remaining()
        depth = stakes.depth(*stakes.sums(members))[:, 0]
        is_stable = (stakes.gain_of_joining(members) <= 0.0).all(axis=-1)
        return cls(members, np.full(len(members), stakes.pledge), depth, is_stable)

    def where(self, better: NDArray[np.bool_], other: Club) -> Club:
        """The club itself at some places, another at the rest."""
        return Club(
            np.where(better[:, None], self.members, other.members),
            np.where(better, self.pledge, other.pledge),
            np.where(better, self.depth, other.depth),
            np.where(better, self.is_stable, other.is_stable),
        )


def founded_best(stakes: Stakes) -> Club:
    """The clubs whose pledge, out of a grid, brings the most; of equal ones the greatest pledge."""
    noise = ROUNDING * (stakes.benefit * stakes.alone).sum(axis=-1)
    full = replace(stakes, pledge=1.0)
    best = Club.founded(full)
    most = full.brings(best.members)
    for step in range(N_PLEDGES - 1, 0, -1):
        tried = replace(stakes, pledge=step / N_PLEDGES)
        club = Club.founded(tried)
        brings = tried.brings(club.members)
        better = brings > most + noise
        best, most = club.where(better, best), np.where(better, brings, most)
    return best
