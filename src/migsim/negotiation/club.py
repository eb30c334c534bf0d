"""A club that holds itself together: how many pledge themselves, and to how much.

Nobody can be made to join. What each would do alone is its position ``x_i``, for its benefit weight is ``b_i
= c_i s_i`` and its cost ``b_i / x_i``; of what others do it enjoys the share ``sigma``, the *spillover*.
Doing ``q_i``, it has::

    b_i (q_i + sigma sum_{j != i} q_j) - (b_i / x_i) q_i^2 / 2

A club of ``m`` members, two or more, agrees on one depth for all of them, the *pledge* ``alpha`` times what
would be best for them together; everybody else does ``x_i``::

    q = min(1, alpha (1 + sigma (m - 1)) sum b_i / sum (b_i / x_i))      over the members

At 1 the scale ends: a club cannot pledge itself to more, and those in it weigh that depth, not a deeper one.

A member stays iff it has at least what it would have by leaving alone, when the rest agree anew. The talks
start with everybody; the member that would gain most by leaving goes, until none would gain. Then it is asked
whether an outsider would gain by joining. The more each must do, the fewer remain: breadth against depth.
Under the *best* pledge rule the club is founded with the ``alpha``, out of 50, that brings the most beyond
what each does alone, ``sum b_i (q - x_i)`` over the members (the greatest ``alpha`` if several do).

For ``n`` equal actors and ``sigma = 1``, as long as the scale does not end, the depth is ``alpha m x``, and
``m* = 3`` remain of three or more if ``alpha = 1``; all remain up to ``alpha = ((2 n - 1) + sqrt(3 n^2 - 4 n
+ 1)) / n^2``, about ``3.7 / n``. (A pledge below ``1 / n`` asks for less than each does alone, and some leave
for that reason.) Where members differ, one depth for all may likewise be less than the most ambitious of them
would do alone.

The text is the depth, without ambiguity; it is adopted iff there is a club, and pledges only its members.
Others may be against it but cannot block it. Without a club there is no text, and the position shown is the
compromise mean.

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

from dataclasses import dataclass
from typing import Final

import numpy as np

from migsim.negotiation.chance import Chance
from migsim.negotiation.club_stakes import Club, Stakes, founded_best
from migsim.negotiation.compromise import compromise
from migsim.negotiation.options import choice, number
from migsim.negotiation.protocol import Protocol
from migsim.negotiation.table import Array, Table, weights
from migsim.negotiation.text import Course, Events, Text, objectors, strength

__all__ = ["PROTOCOL", "Options", "negotiate"]


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


def negotiate(table: Table, options: Options, chance: Chance) -> Course:
    """Found a club on every paragraph; see the module's equations."""
    del chance
    stakes = Stakes.of(table, options.pledge, options.spillover)
    club = founded_best(stakes) if options.pledge_rule == "best" else Club.founded(stakes)
    here = np.broadcast_to(table.seated[..., None], table.position.shape)
    sole = here.sum(axis=-2) == 1.0
    places = sole.shape
    members = np.swapaxes(club.members.reshape(*places, here.shape[-2]), -2, -1)
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
        events={"members": members_of(joined)} if joined.ndim == 2 else {},
        not_positions=frozenset(outcomes) - {"depth"},
    )


def members_of(joined: Array) -> Events:
    """Who is in the club on each paragraph of one table."""
    paragraphs, actors = np.nonzero(joined.T)
    columns = {"theme": paragraphs.tolist(), "actor": actors.tolist()}
    return Events(columns, of_actors=("actor",), of_paragraphs=("theme",))


def text_of(table: Table, joined: Array, depth: Array) -> Text:
    """The text that pledges those who ``joined`` to a ``depth``."""
    adopted = joined.any(axis=-2).astype(np.float64)
    position = np.where(adopted > 0.0, depth, compromise(table))
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
    by_paragraph = np.ascontiguousarray(np.swapaxes(weights(table), -2, -1))
    of_members = np.ascontiguousarray(np.swapaxes(joined, -2, -1)) * by_paragraph
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
