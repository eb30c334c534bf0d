"""Equal-gain exchange: two delegations trade, each giving way on the issue it minds less.

Delegations on opposite sides of the expected outcome on two issues can both gain if each moves towards the
other on the issue it minds less; `migsim.negotiation.package_deals` has the terms, which give both the
same gain. In a round the deal of greatest gain is realised first; every deal that it bears on is then worked
out afresh, or dropped, and so on until no deal is left. The votes after a round give the outcome::

    O_d = sum_i c_i s_id x_id / sum_i c_i s_id

and a delegation that moved from ``x`` to ``y`` goes part of the way back before the next round, the further
the more it minds the issue, to ``k y + (1 - k) x`` with ``k = (1 - s) salience_weight + fixed_weight``, at
most 1. The outcome of the last round is the text; nobody can block.

Of gains equal to ten decimals the one that comes first among the deals as they are ordered: issue pairs, then
delegations, in input order, each sorting keeping the order of equals; with `allow_random` one of them by lot.
Who does not mind an issue makes no deal over it. An issue that nobody minds gets the mean of the
positions by capability. One delegation, or one issue: no deals.

The list `exchanges` has the realised deals in order, `next_round` where each delegation stands at the start
of the round that would follow; positions in both are in [0, 100].

Reference: F. N. Stokman and R. C. H. van Oosten, in Bueno de Mesquita and Stokman, *European Community
Decision Making* (1994), as implemented in the program *decide* (equal-gain model, five rounds), whose order
of deals and remembered moves are followed.

Examples
--------
The host cares for the first theme, the country of departure for the second, and both get what they care for:

>>> from migsim.negotiation.alone import negotiate as ask
>>> rows = {
...     "actor": ["host", "departure", "host", "departure"],
...     "theme": ["return", "return", "visas", "visas"],
...     "position": [100, 0, 0, 100],
...     "salience": [1, 0.25, 0.25, 1],
... }
>>> course = ask(rows, protocol="exchange", rounds=1)
>>> course.text["position"].tolist()
[100.0, 100.0]
>>> round(float(course.events["exchanges"]["equal_gain"][0]), 6)
15.0
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from migsim.negotiation.chance import Chance
from migsim.negotiation.options import flag, number, whole
from migsim.negotiation.package_deals import FULL, Deals, Offers, Standing, learn, possible, strike
from migsim.negotiation.protocol import Protocol
from migsim.negotiation.table import Array, Table, weighted_mean, weights
from migsim.negotiation.text import Course, Events, unblocked

__all__ = ["PROTOCOL", "Options", "negotiate"]

SHOWN: Final = 12
"""Decimals of the positions at the start: what was read from 0 to 100 stands there as it was written."""

DECIMALS: Final = 10
"""To which gains are compared: those that differ by rounding alone are equal."""


class Part(NamedTuple):
    """One side of a realised exchange; positions in [0, 100]."""

    actor: int
    supply_issue: int
    round_start_position: float
    supply_position: float
    voting_position: float
    target_position: float


class Exchange(NamedTuple):
    """A realised exchange: ``i`` supplies the later of its issues, ``j`` the earlier."""

    i: Part
    j: Part
    equal_gain: float


@dataclass(frozen=True)
class Options:
    """Options of the protocol, named as in the program it follows."""

    rounds: int = whole(5, 1, 100, "rounds of exchanges")
    salience_weight: float = number(
        0.4, 0.0, 1.0, "how far a delegation stays with its vote the less it minds the issue"
    )
    fixed_weight: float = number(0.1, 0.0, 1.0, "how far any delegation stays with its vote")
    allow_random: bool = flag(False, "whether lots decide between exchanges of equal gain")


def negotiate(table: Table, options: Options, chance: Chance) -> Course:
    """Exchange round by round; see the module's account."""
    start = np.round(table.position * FULL, SHOWN)
    positions, next_round, exchanges = [table.position], [], []
    stays = np.minimum((1.0 - table.salience) * options.salience_weight + options.fixed_weight, 1.0)
    for _ in range(options.rounds):
        standing = Standing.of(start, table.salience, table.weight)
        realised = _realised(standing, chance if options.allow_random else None)
        voted = _voted(start, realised)
        start = start + stays * (voted - start)
        exchanges.append(realised)
        positions.append(voted / FULL)
        next_round.append(start)
    outcome = np.stack([weighted_mean(each, weights(table)) for each in positions])
    return Course(
        text=unblocked(table, outcome[-1], positions[-1]),
        positions=np.stack(positions),
        outcomes={"outcome": outcome},
        events={"exchanges": _in_order(exchanges), "next_round": _by_round(np.stack(next_round))},
    )


def _realised(standing: Standing, chance: Chance | None) -> list[Exchange]:
    """The exchanges of a round, in order."""
    # A salience next to nothing may take a move beyond all bounds: such a deal is not sound.
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        deals, offers = possible(standing), Offers.none(*standing.position.shape)
        order = np.arange(deals.gain.size)
        strike(deals, order, offers)
        realised = []
        while (order := order[deals.is_sound[order]]).size:
            gains = np.round(deals.gain[order], DECIMALS)
            descending = np.argsort(-gains, kind="stable")
            order = order[descending]
            deal = int(order[_next(gains[descending], chance)])
            realised.append(Exchange(_part(deals, 0, deal), _part(deals, 1, deal), float(deals.gain[deal])))
            deals.is_sound[deal] = False
            strike(deals, learn(deals, deal, offers), offers)
    return realised


def _next(gains: Array, chance: Chance | None) -> int:
    """Place of the deal realised next, gains being in descending order."""
    if chance is None:
        return 0
    n_equal = int((gains == gains[0]).sum())
    return int(chance.uniform(1)[0] * n_equal) if n_equal > 1 else 0


def _part(deals: Deals, side: int, deal: int) -> Part:
    """One side of a deal about to be realised."""
    return Part(
        actor=int(deals.actor[side, deal]),
        supply_issue=int(deals.supply[side, deal]),
        round_start_position=float(deals.start[side, deal]),
        supply_position=float(deals.stands[side, deal]),
        voting_position=float(deals.votes(deal)[side]),
        target_position=float(deals.target[side, deal]),
    )


def _voted(start: Array, realised: list[Exchange]) -> Array:
    """Where the actors vote after the exchanges, ``(actor, issue)``; the last one on an issue counts."""
    voted = start.copy()
    for exchange in realised:
        for part in (exchange.i, exchange.j):
            voted[part.actor, part.supply_issue] = part.voting_position
    return voted


def _in_order(exchanges: list[list[Exchange]]) -> Events:
    """The exchanges of all rounds as columns."""
    sides = ("i", "j")
    names = ("round", "seq", *(f"{name}_{side}" for side in sides for name in Part._fields), "equal_gain")
    rows = [
        (turn, seq, *each.i, *each.j, each.equal_gain)
        for turn, realised in enumerate(exchanges, start=1)
        for seq, each in enumerate(realised, start=1)
    ]
    columns = {name: [row[place] for row in rows] for place, name in enumerate(names)}
    of_actors = tuple(f"actor_{side}" for side in sides)
    return Events(columns, of_actors, tuple(f"supply_issue_{side}" for side in sides))


def _by_round(starts: Array) -> Events:
    """Where each actor starts the next round, issue by issue, as columns."""
    rounds, issues, actors = np.indices((starts.shape[0], starts.shape[2], starts.shape[1]))
    columns = {
        "round": (rounds + 1).ravel().tolist(),
        "actor": actors.ravel().tolist(),
        "issue": issues.ravel().tolist(),
        "position": np.swapaxes(starts, 1, 2).ravel().tolist(),
    }
    return Events(columns, ("actor",), ("issue",))


PROTOCOL: Final = Protocol(
    name="exchange",
    title="Equal-gain exchange",
    reference="Stokman and van Oosten 1994",
    summary="Delegations trade support on the themes they mind less, until no trade is worth it.",
    negotiate=negotiate,
    options=Options,
    themes="together",
    needs_salience=True,
    needs_capability=True,
    who_may_block="nobody",
    is_random=lambda options: options.allow_random,
    is_costly=lambda options: True,
    is_vectorised=False,
)
