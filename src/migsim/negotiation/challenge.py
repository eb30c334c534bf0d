"""Challenges by expected utility: each actor weighs whether others could make it move.

Themes are settled one by one, in rounds. With ``w_k = c_k s_k``, the range ``rho`` of the positions and risk
exponents ``r``, actor ``k`` finds position ``a`` ``(|x_k - a| / rho)^r_k`` away, and backs the nearer of two
by the difference, ``v_k(a, b) = w_k (dist_k(b) - dist_k(a))``. The chance that ``i`` prevails over ``j`` is::

    P_ij = sum_k max(0, v_k(x_i, x_j)) / T

where ``T`` sums ``|v_k|`` over all actors and all ordered pairs of positions (the *global* denominator of the
program), or over the two positions alone (the *pair* of the paper, so that ``P_ij + P_ji = 1``). Where
positions are equal, ``P = 0``. What ``h`` thinks ``i`` expects of challenging ``j``, with ``d = |x_i - x_j| /
rho``::

    E^h_ij = s_j (P_ij us + (1 - P_ij) uf) + (1 - s_j) us - q u0
    us = 2 - 4 (1/2 - d/2)^r_h,  uf = 2 - 4 (1/2 + d/2)^r_h,  u0 = 2 - 4 (1/2)^r_h

In each round

1. with ``r = 1``, the danger of ``i`` is ``g_i = sum_j E^i_ji``, on a scale from -1 to 1 ``R_i = (2 g_i -
   g_max - g_min) / (g_max - g_min)``, and its risk exponent ``r_i = (1 - R_i / 3) / (1 + R_i / 3)``, in
   [1/2, 2]: below 1 for the most endangered; all 1 where dangers are equal;
2. with these exponents, ``i`` compares its challenge of ``j``, ``a = E^i_ij``, with that of ``j``, ``b =
   E^i_ji``. If ``b > a > 0`` it faces a *confrontation* and must take ``j``'s position; if ``b > 0 > a`` and
   ``b > |a|`` it is offered the *compromise* ``x_i + (x_j - x_i) |a / b|``;
3. it takes the nearest confrontation; without any, the compromise lowest by ``(|a| x_i + |b| x_j) / (|a| +
   |b|)``; without either it stays. All move at once.

The text is the weighted median of the last round; nobody can block it.

The program of Scholz, Calbert and Smith (2011) is followed where it departs from their paper: the global
denominator; the compromise that lies lowest, not nearest; and no capitulations, as it tests ``b < |b|``.
Positions are taken over exactly, and only exactly equal ones count as equal. Expectations that differ by less
than 1e-15 are equal, and dangers and distances that differ by less than 1e-12; of offers equally near, the
first in input order is taken.

Edge cases: one actor, or all at one position, stay; an actor whom the theme does not matter never resists
(``s_j = 0``), and has no weight; where it matters to nobody, ``P = 0``.

References: Bueno de Mesquita, in *European Community Decision Making* (1994); Scholz, Calbert and Smith,
"Unravelling Bueno de Mesquita's group decision model", ICAART 2011.

Examples
--------
>>> from migsim.negotiation.alone import negotiate as ask
>>> rows = {"actor": ["A", "B", "C"], "position": [0, 60, 100], "salience": [0.9, 0.5, 0.7]}
>>> course = ask(rows, protocol="challenge", rounds=1)
>>> course.text["position"].round(6).tolist()
[99.036971]
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from migsim.negotiation.chance import Chance
from migsim.negotiation.options import choice, number, whole
from migsim.negotiation.protocol import Protocol
from migsim.negotiation.table import Array, Table, weighted_mean, weighted_median, weights
from migsim.negotiation.text import Course, Events, unblocked

__all__ = ["PROTOCOL", "Offer", "Options", "Theme", "negotiate", "risk_exponents"]

CONFRONTATION: Final = "confrontation"
COMPROMISE: Final = "compromise"

ROUNDING: Final = 1e-15
"""Expectations, which are of the order of one, are no more exact than this."""

LEAST_GAP: Final = 1e-12
"""Distances and dangers that differ by less differ by rounding."""

RISK_SPAN: Final = 3.0
"""Risk exponents lie between ``(1 - 1/3) / (1 + 1/3)`` and its inverse."""

POINTS: Final = 100.0
"""Positions in events stand on the scale 0 to 100."""


@dataclass(frozen=True)
class Options:
    """Options of the protocol."""

    q: float = number(1.0, 0.0, 1.0, "chance that nothing changes if nobody challenges")
    rounds: int = whole(8, 1, 1000, "rounds of challenges")
    position_range: str = choice(
        "initial",
        ("initial", "current"),
        "whether distances are relative to the range of the start or of the round",
    )
    denominator: str = choice(
        "global",
        ("global", "pair"),
        "support that a challenge is measured against: of all positions, or of the two",
    )


@dataclass(frozen=True, eq=False)
class Theme:
    """One theme in one round: ``position``, ``salience`` and ``weight`` of each actor, and the ``range``."""

    position: Array
    salience: Array
    weight: Array
    range: float

    @property
    def distances(self) -> Array:
        """Distance of each pair of actors relative to the range, ``(actor, actor)``."""
        return np.abs(self.position[:, None] - self.position) / self.range


@dataclass(frozen=True, slots=True)
class Offer:
    """What an actor accepts from another, and the two challenges as it sees them."""

    actor: int
    kind: str
    by: int
    own_challenge: float
    other_challenge: float
    position: float


def chances(theme: Theme, exponents: Array, denominator: str) -> Array:
    """Chance ``P_ij`` that ``i`` prevails over ``j``, ``(actor, actor)``."""
    far = theme.distances ** exponents[:, None]
    backing = np.maximum(theme.weight[:, None, None] * (far[:, None, :] - far[:, :, None]), 0.0).sum(axis=0)
    # |v| = max(0, v) + max(0, -v), and reversing a pair reverses v.
    total = backing + backing.T if denominator == "pair" else np.full_like(backing, 2.0 * backing.sum())
    found: Array = np.divide(backing, total, out=np.zeros_like(backing), where=total > 0.0)
    found[theme.position[:, None] == theme.position] = 0.0
    return found


def challenges(theme: Theme, exponents: Array, options: Options) -> tuple[Array, Array]:
    """What ``i`` expects of challenging ``j``, ``E^i_ij``, and of ``j``'s challenge, ``E^i_ji``."""
    prevails, apart, r = chances(theme, exponents, options.denominator), theme.distances, exponents[:, None]
    success, failure = 2.0 - 4.0 * (0.5 - 0.5 * apart) ** r, 2.0 - 4.0 * (0.5 + 0.5 * apart) ** r
    nothing = options.q * (2.0 - 4.0 * 0.5**r)

    def expected(salience: Array, chance: Array) -> Array:
        fought = chance * success + (1.0 - chance) * failure
        return salience * fought + (1.0 - salience) * success - nothing

    return expected(theme.salience, prevails), expected(theme.salience[:, None], prevails.T)


def risk_exponents(theme: Theme, options: Options) -> Array:
    """Risk exponent of each actor, ``(actor,)`` in [1/2, 2]: below 1 for those whom others endanger most."""
    neutral = np.ones_like(theme.position)
    _, others = challenges(theme, neutral, options)
    np.fill_diagonal(others, 0.0)
    danger = others.sum(axis=1)
    most, least = danger.max(), danger.min()
    if most - least <= LEAST_GAP * max(1.0, abs(most), abs(least)):
        return neutral
    scaled = (2.0 * danger - most - least) / (most - least)
    exponents: Array = (1.0 - scaled / RISK_SPAN) / (1.0 + scaled / RISK_SPAN)
    return exponents


def first_least(keys: Array) -> int:
    """Place of the least key; of those that differ by rounding only, the first."""
    return int(np.argmax(keys <= keys.min() + LEAST_GAP))


def offers(theme: Theme, exponents: Array, options: Options) -> Iterator[Offer]:
    """The offer that each actor accepts, in input order; none from one who stays."""
    own, other = challenges(theme, exponents, options)
    differs = theme.position[:, None] != theme.position
    confronted = differs & (own > ROUNDING) & (other > own + ROUNDING)
    met: NDArray[np.bool_] = differs & (own < -ROUNDING) & (other > -own + ROUNDING)
    x = theme.position
    for i in np.flatnonzero((confronted | met).any(axis=1)):
        a, b = own[i], other[i]
        if confronted[i].any():
            j = first_least(np.where(confronted[i], np.abs(x - x[i]), np.inf))
            yield Offer(int(i), CONFRONTATION, j, float(a[j]), float(b[j]), float(x[j]))
            continue
        total = np.where(met[i], np.abs(a) + np.abs(b), 1.0)
        j = first_least(np.where(met[i], (np.abs(a) * x[i] + np.abs(b) * x) / total, np.inf))
        moved = x[i] + (x[j] - x[i]) * np.abs(a[j] / b[j])
        moved = min(max(moved, min(x[i], x[j])), max(x[i], x[j]))
        yield Offer(int(i), COMPROMISE, j, float(a[j]), float(b[j]), float(moved))


@dataclass(frozen=True, eq=False)
class History:
    """A theme's positions by turn, ``(actor,)``; risk exponents and offers by round, from the first."""

    positions: list[Array]
    exponents: list[Array] = field(default_factory=list)
    accepted: list[list[Offer]] = field(default_factory=list)


def settle(position: Array, salience: Array, weight: Array, options: Options) -> History:
    """Negotiate one theme, each argument ``(actor,)``."""
    history = History([position])
    fixed = float(np.ptp(position)) if position.size else 0.0
    for _ in range(options.rounds):
        now = history.positions[-1]
        span = float(np.ptp(now)) if options.position_range == "current" and now.size else fixed
        exponents, accepted, after = np.ones_like(now), [], now.copy()
        if span > 0.0:
            theme = Theme(now, salience, weight, span)
            exponents = risk_exponents(theme, options)
            accepted = list(offers(theme, exponents, options))
        for offer in accepted:
            after[offer.actor] = offer.position
        history.positions.append(after)
        history.exponents.append(exponents)
        history.accepted.append(accepted)
    return history


def negotiate(table: Table, options: Options, chance: Chance) -> Course:
    """Settle every theme; see the module's equations."""
    del chance
    weight = (table.weight * table.seated)[:, None] * table.salience
    n_themes = table.position.shape[-1]
    each = [
        settle(table.position[:, theme], table.salience[:, theme], weight[:, theme], options)
        for theme in range(n_themes)
    ]
    positions = np.stack([np.stack(history.positions) for history in each], axis=-1)
    medians = weighted_median(positions, weight)
    return Course(
        text=unblocked(table, medians[-1], positions[-1]),
        positions=positions,
        outcomes={"weighted_median": medians, "weighted_mean": weighted_mean(positions, weights(table))},
        events={"risk_exponents": listed_exponents(each), "offers": listed_offers(each)},
    )


def listed_exponents(each: list[History]) -> Events:
    """Risk exponents of every theme, round and actor."""
    rows = [
        (turn, actor, theme, float(value))
        for theme, history in enumerate(each)
        for turn, exponents in enumerate(history.exponents, start=1)
        for actor, value in enumerate(exponents)
    ]
    return as_events(rows, ("round", "actor", "theme", "value"))


def listed_offers(each: list[History]) -> Events:
    """Offers accepted, by theme, round and actor; positions on the scale 0 to 100."""
    rows = [
        (turn, o.actor, theme, o.kind, o.by, o.own_challenge, o.other_challenge, POINTS * o.position)
        for theme, history in enumerate(each)
        for turn, accepted in enumerate(history.accepted, start=1)
        for o in accepted
    ]
    names = ("round", "actor", "theme", "offer_type", "from_actor", "eu_own_challenge", "eu_other_challenge")
    return as_events(rows, (*names, "new_position"))


def as_events(rows: Sequence[tuple[object, ...]], names: tuple[str, ...]) -> Events:
    """Rows as columns."""
    columns = {name: [row[place] for row in rows] for place, name in enumerate(names)}
    of_actors = tuple(name for name in names if name in ("actor", "from_actor"))
    return Events(columns, of_actors=of_actors, of_paragraphs=("theme",))


PROTOCOL: Final = Protocol(
    name="challenge",
    title="Challenges by expected utility",
    reference="Bueno de Mesquita 1994; Scholz, Calbert and Smith 2011",
    summary="Round by round each gives way to those who could make it; the text is the weighted median.",
    negotiate=negotiate,
    options=Options,
    themes="one by one",
    needs_salience=True,
    needs_capability=True,
    who_may_block="nobody",
    is_costly=lambda options: True,
    is_vectorised=False,
)
