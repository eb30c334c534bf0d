"""A club that holds itself together: how many pledge themselves, and to how much.

Nobody can be made to join. What each would do alone is its position ``x_i``, for its benefit weight is ``b_i
= c_i s_i`` and its cost ``b_i / x_i``; of what others do it enjoys the share ``sigma``, the *spillover*.
Doing ``q_i``, it has::

    b_i (q_i + sigma sum_{j != i} q_j) - (b_i / x_i) q_i^2 / 2

A club of ``m`` members, two or more, agrees on one depth for all of them, the *pledge* ``alpha`` times what
would be best for them together; everybody else does ``x_i``::

    q = alpha (1 + sigma (m - 1)) sum b_i / sum (b_i / x_i)      over the members

A member stays iff it has at least what it would have by leaving alone, when the rest agree anew. The talks
start with everybody; the member that would gain most by leaving goes, until none would gain. Then it is asked
whether an outsider would gain by joining. The more each must do, the fewer remain: breadth against depth.
Under the *best* pledge rule the club is founded with the ``alpha``, out of 50, that brings the most beyond
what each does alone, ``sum b_i (q - x_i)`` over the members (the greatest ``alpha`` if several do).

For ``n`` equal actors and ``sigma = 1`` the depth is ``alpha m x``, and ``m* = 3`` remain of three or more if
``alpha = 1``; all remain up to `largest_modest_pledge`, which is about ``3.7 / n``. (A pledge below ``1 / n``
asks for less than each does alone, and some leave for that reason.) Where members differ, one depth for all
may likewise be less than the most ambitious of them would do alone.

The text is the depth, cut off at the ends of the scale, without ambiguity; it is adopted iff there is a club,
and pledges only its members. Others may be against it but cannot block it. Without a club there is no text,
and the position shown is the compromise mean.

Ties: of those who would gain equally by leaving, the first in input order goes. Gains within rounding (1e-12
of what is compared) are none, so that a member that is indifferent stays.

Edge cases: an actor to whom the paragraph does not matter, or whose position is zero, is not in the club; one
actor alone has its position adopted; nobody at the table, or nobody who cares: no club.

References: Barrett, "Self-enforcing international environmental agreements", Oxford Economic Papers 46
(1994); modest pledges: Finus and Maus, "Modesty may pay!", Journal of Public Economic Theory 10 (2008).

Examples
--------
>>> from migsim.negotiation.alone import negotiate as ask
>>> rows = {"actor": list("ABCDE"), "position": [20] * 5}
>>> ask(rows, protocol="club").text[["position", "adopted"]].round(6).values.tolist()
[[60.0, True]]
>>> outcome = ask(rows, protocol="club", pledge=0.6).outcome
>>> outcome[outcome["quantity"] == "members"]["value"].tolist()
[5.0]
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from migsim.negotiation.chance import Chance
from migsim.negotiation.compromise import compromise
from migsim.negotiation.options import choice, number
from migsim.negotiation.protocol import Protocol
from migsim.negotiation.table import Array, Table, weights
from migsim.negotiation.text import Course, Text, objectors, strength

__all__ = ["PROTOCOL", "Options", "Stakes", "largest_modest_pledge", "negotiate", "payoffs", "stable_size"]

type Members = NDArray[np.bool_]

ROUNDING: Final = 1e-12
"""Gains smaller than this share of what is compared are none."""

LEAST_EFFORT: Final = 1e-9
"""An actor that would do less than this alone does nothing."""

SMALLEST_CLUB: Final = 2
LARGEST_STABLE: Final = 3
N_AT_ONCE: Final = 64
"""Places settled at once: as many as stay near the processor, which is several times faster than all."""

N_PLEDGES: Final = 50
"""Pledges tried under the best rule: 1/50, 2/50, ..., 1."""


@dataclass(frozen=True)
class Options:
    """Options of the protocol."""

    pledge: float = number(
        1.0, 0.001, 1.0, "share of the joint optimum of its members that a club agrees on", "alpha"
    )
    spillover: float = number(
        1.0, 0.0, 1.0, "share of what others do that each enjoys; 1 is a pure public good", "sigma"
    )
    pledge_rule: str = choice(
        "fixed", ("fixed", "best"), "the pledge as given, or the one that brings the most"
    )


def stable_size(n: int) -> int:
    """Size of the club that holds among ``n`` equal actors at the full pledge, ``m*``.

    Examples
    --------
    >>> stable_size(2), stable_size(193)
    (2, 3)
    """
    return min(n, LARGEST_STABLE)


def largest_modest_pledge(n: int) -> float:
    """Greatest pledge at which a club of all ``n`` equal actors holds.

    ``min(1, ((2 n - 1) + sqrt(3 n^2 - 4 n + 1)) / n^2)``.

    Examples
    --------
    >>> round(largest_modest_pledge(10), 6)
    0.351555
    """
    return min(1.0, ((2 * n - 1) + float(np.sqrt(3 * n * n - 4 * n + 1))) / (n * n))


def payoffs(n: int, members: int, pledge: float = 1.0) -> tuple[float, float]:
    """What a member and an outsider have, among ``n`` equal actors, in units of ``b^2 / c``.

    ``alpha m^2 + n - m`` less ``alpha^2 m^2 / 2`` for a member and less ``1 / 2`` for an outsider.

    Examples
    --------
    >>> payoffs(10, 3)
    (11.5, 15.5)
    """
    efforts = pledge * members**2 + n - members
    return efforts - (pledge * members) ** 2 / 2.0, efforts - 0.5


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
    def of(cls, table: Table, options: Options) -> Stakes:
        """The stakes of every paragraph of a table, at the pledge as given."""
        cares = (table.weight * table.seated)[..., None] * table.salience
        able = table.position >= LEAST_EFFORT
        *leading, n_actors, n_paragraphs = table.position.shape
        n_places = math.prod(leading) * n_paragraphs
        alone, benefit = (
            np.ascontiguousarray(np.moveaxis(each, -2, -1)).reshape(n_places, n_actors)
            for each in (np.where(able, table.position, 1.0), np.where(able, cares, 0.0))
        )
        return cls(alone, benefit, benefit / alone, options.pledge, options.spillover)

    def at(self, places: NDArray[np.intp]) -> Stakes:
        """The stakes at some of the places."""
        return replace(self, alone=self.alone[places], benefit=self.benefit[places], cost=self.cost[places])

    def depth(self, n: Array, benefit: Array, cost: Array) -> Array:
        """What ``n`` members agree on, given their summed benefits and costs; one does as it would alone."""
        best = (1.0 + self.spillover * (n - 1.0)) * benefit / np.where(cost > 0.0, cost, 1.0)
        return np.where(n < SMALLEST_CLUB, best, self.pledge * best)

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


def negotiate(table: Table, options: Options, chance: Chance) -> Course:
    """Found a club on every paragraph; see the module's equations."""
    del chance
    stakes = Stakes.of(table, options)
    club = founded_best(stakes) if options.pledge_rule == "best" else Club.founded(stakes)
    here = np.broadcast_to(table.seated[..., None], table.position.shape)
    sole = here.sum(axis=-2) == 1.0
    places = sole.shape
    members = np.moveaxis(club.members.reshape(*places, here.shape[-2]), -1, -2)
    joined = np.where(sole[..., None, :], here, members.astype(np.float64))
    depth = np.where(sole, (here * table.position).sum(axis=-2), club.depth.reshape(places))
    outcomes = {
        "members": joined.sum(axis=-2),
        "share_of_weight": share_of_weight(table, joined),
        "pledge": club.pledge.reshape(places),
        "externally_stable": club.is_stable.astype(np.float64).reshape(places),
        "depth": depth,
    }
    return Course(
        text=text_of(table, joined, depth),
        positions=table.position[None],
        outcomes={name: values[None] for name, values in outcomes.items()},
        not_positions=frozenset(outcomes),
    )


def text_of(table: Table, joined: Array, depth: Array) -> Text:
    """The text that pledges those who ``joined`` to a ``depth``, as far as the scale goes."""
    adopted = joined.any(axis=-2).astype(np.float64)
    position = np.where(adopted > 0.0, np.clip(depth, 0.0, 1.0), compromise(table))
    clear = np.zeros_like(position)
    return Text(
        position=position,
        ambiguity=clear,
        adopted=adopted,
        strength=strength(table, clear) * adopted,
        against=objectors(table, position, clear),
        joined=joined,
    )


def share_of_weight(table: Table, joined: Array) -> Array:
    """Share of the members in the weight of all at the table, ``(..., paragraph)``."""
    by_paragraph = np.ascontiguousarray(np.moveaxis(weights(table), -2, -1))
    of_members = np.ascontiguousarray(np.moveaxis(joined, -2, -1)) * by_paragraph
    total = by_paragraph.sum(axis=-1)
    return of_members.sum(axis=-1) / np.where(total > 0.0, total, 1.0)


PROTOCOL: Final = Protocol(
    name="club",
    title="Self-enforcing club",
    reference="Barrett 1994; Finus and Maus 2008",
    summary="Those who do not gain by leaving pledge themselves to one common depth; the others stay out.",
    negotiate=negotiate,
    options=Options,
    themes="one by one",
    needs_salience=False,
    who_may_block="nobody; each may stay out",
)
