"""Deals between two delegations: each gives way on the issue it minds less, and gains on the other.

A deal ties two issues. Of its two *sides*, the first minds the issue ``p`` more, relative to ``q``, than the
second: it supplies ``q`` and demands ``p``; the second supplies ``p`` and demands ``q``. Each side moves on
the issue it supplies towards its target, the partner's position there at the start of the round. Positions
are in [0, 100].

With ``W_d = sum_i c_i s_id``, a move ``m`` of side ``A`` on its issue ``d`` shifts the outcome by ``e_A = m
c_A s_Ad / W_d``. Both sides gain the same iff ``e_A (s_Ad + s_Bd)`` is the same for both; one of them moves
all the way to its target, the other as far as this asks. The gain of either is ``|e_B s_Af - e_A s_Ad|``,
``f`` being the other issue.

If the move would carry the outcome beyond the target, given what the partner has been offered on that issue
so far, it is held back to where the outcome lands on the target, and the partner's with it. A side that has
made its partner an offer on that issue before counts from that offer, though it may stand elsewhere by now.

A deal is *sound* as long as it leaves both sides something to gain, keeps every position in [0, 100], and
each side's moves, those it has calculated for this deal before included, go one way and add up to at most
100. The sum is of signed moves, so that only moves upwards can exceed it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from migsim.negotiation.table import Array
from migsim.negotiation.text import CLOSE

__all__ = ["FULL", "Deals", "Offers", "Standing", "learn", "possible", "strike"]

type Places = NDArray[np.intp]
type Claims = NDArray[np.bool_]

FULL: Final = 100.0
"""Length of the scale."""

SLIGHT: Final = 1e-10
"""Gains below this, and moves up to this, are none."""

FIRST, SECOND = 0, 1


@dataclass(frozen=True, eq=False)
class Standing:
    """Where the actors stand at the start of a round.

    ``position`` in [0, 100] and ``salience`` in [0, 1], both ``(actor, issue)``; ``share``, of the same
    shape: how far the outcome shifts when the actor moves by one, zero if it has no say; ``outcome``,
    ``(issue,)``.
    """

    position: Array
    salience: Array
    share: Array
    outcome: Array

    @classmethod
    def of(cls, position: Array, salience: Array, able: Array) -> Self:
        """Take the standing of actors able as ``(actor,)``."""
        cares = able[:, None] * salience
        norm = cares.sum(axis=0)
        share = np.where(norm > 0.0, cares / np.where(norm > 0.0, norm, 1.0), 0.0)
        return cls(position, salience, share, (share * position).sum(axis=0))


@dataclass(eq=False)
class Deals:
    """Deals of a round, one column each; arrays ``(side, deal)`` unless said.

    Parameters
    ----------
    actor, supply : array of int
        Who the side is, and the issue it supplies; it demands its partner's.
    start, target : array, in [0, 100]
        Where it stood on its issue at the start of the round, and what it moves towards.
    share : array
        By how much the outcome of its issue shifts when it moves by one.
    base : array
        Outcome of its issue at the start of the round.
    care, joint : array
        Salience to it of the issue it supplies; that of both sides together.
    want : array
        Salience to it of the issue it demands.
    stands : array, in [0, 100]
        Where it has got to on its issue.
    kept : array
        Sum of the moves calculated for this deal from places it has left since.
    move : array
        What it would move now.
    gain : array, shape ``(deal,)``
        What the deal is worth to either.
    is_sound : array of bool, shape ``(deal,)``
        Whether it can still be realised.
    """

    actor: Places
    supply: Places
    start: Array
    target: Array
    share: Array
    base: Array
    care: Array
    joint: Array
    want: Array
    stands: Array
    kept: Array
    move: Array
    gain: Array
    is_sound: Claims

    def votes(self, deal: int) -> Array:
        """Where both sides of a deal vote if it is realised, ``(side,)`` in [0, 100]."""
        votes: Array = np.clip(self.stands[:, deal] + self.move[:, deal], 0.0, FULL)
        return votes


@dataclass(eq=False)
class Offers:
    """What each actor has been offered in realised deals on each issue it demanded.

    ``position``, ``(actor demanding, issue, actor supplying)``: where the supplier voted, nan without a deal;
    ``shift``, of the same shape: what that does to the outcome; ``total``, ``(actor demanding, issue)``: its
    sum.
    """

    position: Array
    shift: Array
    total: Array

    @classmethod
    def none(cls, n_actors: int, n_issues: int) -> Self:
        """Nothing offered yet."""
        shape = (n_actors, n_issues, n_actors)
        return cls(np.full(shape, np.nan), np.zeros(shape), np.zeros(shape[:2]))

    def add(self, deals: Deals, deal: int, votes: Array) -> None:
        """Take down a realised deal; of two offers by one actor the nearer to its start counts."""
        for side in (FIRST, SECOND):
            demander, issue = deals.actor[1 - side, deal], deals.supply[side, deal]
            at = (demander, issue, deals.actor[side, deal])
            start, before, offered = deals.start[side, deal], self.position[at], votes[side]
            if not np.isnan(before):
                offered = min(before, offered) if start <= before else max(before, offered)
            shift = deals.share[side, deal] * (offered - start)
            self.total[demander, issue] += shift - self.shift[at]
            self.position[at], self.shift[at] = offered, shift


def possible(standing: Standing) -> Deals:
    """All deals between actors on opposite sides of the outcome of two issues, sound or not.

    Issue pairs in their order; in each, those high on both with those low on both, then those low on the
    first only with those low on the second only. Who has no say in an issue makes no deal over it.
    """
    is_low = standing.position <= standing.outcome + CLOSE
    has_say = standing.share > 0.0
    n_issues = standing.outcome.size
    ones, others, firsts, seconds = [], [], [], []
    for p in range(n_issues):
        for q in range(p + 1, n_issues):
            both = has_say[:, p] & has_say[:, q]
            low_p, low_q = is_low[:, p], is_low[:, q]
            pairs = ((~low_p & ~low_q, low_p & low_q), (low_p & ~low_q, ~low_p & low_q))
            for one, other in pairs:
                these, those = np.flatnonzero(both & one), np.flatnonzero(both & other)
                ones.append(np.repeat(these, those.size))
                others.append(np.tile(those, these.size))
                firsts.append(np.full(these.size * those.size, p))
                seconds.append(np.full(these.size * those.size, q))
    nobody = [np.empty(0, dtype=np.intp)]
    one, other, first, second = (np.concatenate(each or nobody) for each in (ones, others, firsts, seconds))
    s = standing.salience
    is_turned = s[one, first] / s[one, second] < s[other, first] / s[other, second]
    actor = np.stack([np.where(is_turned, other, one), np.where(is_turned, one, other)])
    return _fresh(standing, actor, np.stack([second, first]))


def _fresh(standing: Standing, actor: Places, supply: Places) -> Deals:
    """Deals without terms yet."""
    partner = actor[::-1]
    start, care = standing.position[actor, supply], standing.salience[actor, supply]
    return Deals(
        actor=actor,
        supply=supply,
        start=start,
        target=standing.position[partner, supply],
        share=standing.share[actor, supply],
        base=standing.outcome[supply],
        care=care,
        joint=care + standing.salience[partner, supply],
        want=standing.salience[actor, supply[::-1]],
        stands=start.copy(),
        kept=np.zeros_like(start),
        move=np.zeros_like(start),
        gain=np.zeros(start.shape[1]),
        is_sound=np.ones(start.shape[1], dtype=np.bool_),
    )


def strike(deals: Deals, at: Places, offers: Offers) -> None:
    """Work out the terms of the deals at these places afresh, from where their sides stand now."""
    _agree(deals, at)
    for side in (FIRST, SECOND):
        _hold_back(deals, at[deals.is_sound[at]], side, offers)


def _agree(deals: Deals, at: Places) -> None:
    """Moves that give both sides the same: one goes all the way, the other as far as this asks."""
    gap, joint = deals.target[:, at] - deals.stands[:, at], deals.joint[:, at]
    length, leverage = np.abs(gap), deals.share[:, at] * joint
    reach = length * leverage
    worth = reach.min(axis=0)
    less = np.minimum(length, worth / leverage)
    deals.move[:, at] = np.sign(gap) * np.where(reach <= worth, length, less)
    effect = worth / joint
    deals.gain[at] = np.abs(effect[SECOND] * deals.want[FIRST, at] - effect[FIRST] * deals.care[FIRST, at])
    deals.is_sound[at] = (deals.gain[at] >= SLIGHT) & _keeps_within(deals, at)


def _hold_back(deals: Deals, at: Places, side: int, offers: Offers) -> None:
    """Hold back the deals in which the move of a side would carry the outcome beyond its target."""
    actor, partner, issue = deals.actor[side, at], deals.actor[1 - side, at], deals.supply[side, at]
    offered, share = offers.shift[partner, issue, actor], deals.share[side, at]
    moved = share * (deals.stands[side, at] - deals.start[side, at])
    # How far the outcome is from the target: but for this side, as it stands, and after its move.
    others = deals.base[side, at] + offers.total[partner, issue] - offered - deals.target[side, at]
    before = others + moved
    after = before + share * deals.move[side, at]
    is_over = (np.minimum(before, after) < -CLOSE) & (np.maximum(before, after) > CLOSE)
    if not is_over.any():
        return
    is_offered = ~np.isnan(offers.position[partner, issue, actor])
    effect = np.abs(others + np.where(is_offered, offered, moved))
    _shift_by(deals, at[is_over], side, effect[is_over])


def _shift_by(deals: Deals, at: Places, side: int, effect: Array) -> None:
    """Let a side shift the outcome of its issue by ``effect``, and its partner the other in proportion."""
    other = 1 - side
    back = effect * deals.joint[side, at] / deals.joint[other, at]
    for mover, shift in ((side, effect), (other, back)):
        direction = np.sign(deals.target[mover, at] - deals.stands[mover, at])
        deals.move[mover, at] = direction * shift / deals.share[mover, at]
    deals.gain[at] = np.abs(back * deals.care[other, at] - effect * deals.want[other, at])
    deals.is_sound[at] &= _keeps_within(deals, at)


def _keeps_within(deals: Deals, at: Places) -> Claims:
    """Whether both sides' moves keep to the scale and to one direction."""
    move, kept = deals.move[:, at], deals.kept[:, at]
    vote = deals.stands[:, at] + move
    is_step = (np.abs(move) > SLIGHT) & (kept * move >= 0.0) & (kept + move <= FULL + CLOSE)
    keeps: Claims = (is_step & (vote >= -CLOSE) & (vote <= FULL + CLOSE)).all(axis=0)
    return keeps


def learn(deals: Deals, deal: int, offers: Offers) -> Places:
    """Let the others know of a realised deal; which sound deals it bears on.

    A side that supplies what a side of the realised deal supplied stands where that voted, and its deal
    remembers the move it had calculated; a side that demands what a side demanded has been offered what that
    was given.
    """
    votes = deals.votes(deal)
    offers.add(deals, deal, votes)
    bears = np.zeros(deals.gain.size, dtype=np.bool_)
    for side in (FIRST, SECOND):
        is_actor = deals.actor == deals.actor[side, deal]
        supplies = is_actor & (deals.supply == deals.supply[side, deal]) & deals.is_sound
        demands = is_actor & (deals.supply[::-1] == deals.supply[1 - side, deal]) & deals.is_sound
        deals.kept[supplies] += deals.move[supplies]
        deals.stands[supplies] = votes[side]
        bears |= (supplies | demands).any(axis=0)
    return np.flatnonzero(bears)
