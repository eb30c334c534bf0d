"""Agreements of two: what a host and a country of departure can settle between themselves.

They are the outside option to every forum, and for many states the whole of policy (s-bilateral,
s-bilateral-defacto). On the largest corridors of 2005 the host may open entry as far as the country of
departure wishes, against readmission as far as the host wishes, and aid may go with it (s-bilateral-aid). The
trade is the equal-gain exchange of `migsim.forum.linkage`: with salience ``s`` of each side for the two
subjects, both gain the same, and nobody moves past the other. In a year it is struck with the chance ``rate *
min(effort of the two ends)``, where those who attended sessions have less effort left, ``prod (1 -
displacement)``.

What an agreement moves is kept as a part of what a state aims at, ``A``. A new one adds ``strength * step *
share``, with the corridor's share of the host's migrants or of the country of departure's emigrants::

    A' = (1 - 1/lasts) A + sum(struck * strength * step * share) * max(0, 1 - (1 - 1/lasts) A / whole)

``whole`` is what all of a state's trades together would move: those on corridors already settled add nothing
new, and agreements never move a state farther than the trades as a whole. Readmission is carried out by the
host, so that what the country of departure concedes moves both ends.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from migsim.actors.interests import salience
from migsim.forum.between import effort_left
from migsim.forum.linkage import equal_gain
from migsim.world.corridors import Array, Index
from migsim.world.policy import Levers
from migsim.world.setting import Setting
from migsim.world.state import World
from migsim.world.vocabulary import THEMES

__all__ = ["BilateralParameters", "Pairs", "Trade", "sought", "strike_agreements", "trade"]

MOBILITY: Final = tuple(THEMES.index(theme) for theme in ("legal_mobility", "circular_mobility"))
CONTROL: Final = THEMES.index("border_security")


@dataclass(frozen=True)
class BilateralParameters:
    """Registry group ``bilateral``, each ``(..., 1)``."""

    rate: Array
    corridors: Array
    strength: Array
    lasts: Array
    aid: Array


@dataclass(frozen=True)
class Pairs:
    """The corridors on which agreements are sought, and their two ends, each ``(replicate, pair)``.

    ``is_open``: whether there is anything to agree, for both are members and do not move freely yet.
    """

    corridor: Index
    host: Index
    origin: Index
    is_open: NDArray[np.bool_]


@dataclass(frozen=True)
class Trade:
    """What each pair would settle on.

    ``opening`` ``(..., pair, entry paragraph)`` and ``readmission`` ``(..., pair)``: how far the host and the
    country of departure move; ``is_worth`` ``(..., pair)``: whether both gain by it.
    """

    opening: Array
    readmission: Array
    is_worth: NDArray[np.bool_]


def strike_agreements(world: World, setting: Setting) -> World:
    """States that gain by it strike agreements of two; older ones run out."""
    if not any(process.agreements for process in setting.definition.spec.processes.values()):
        return world
    p = setting.parameters.group(BilateralParameters, "bilateral")
    pairs = sought(world.year, setting, p)
    traded = trade(world, setting, pairs)
    whole = carried(world, setting, pairs, traded, p.strength * traded.is_worth)
    struck = traded.is_worth & (luck(world.year, setting, pairs) < chance(world, setting, pairs, p))
    new = carried(world, setting, pairs, traded, p.strength * struck)
    kept = world.commitments.agreements * (1.0 - 1.0 / p.lasts)[..., None]
    room = np.where(whole > 0.0, 1.0 - kept / np.where(whole > 0.0, whole, 1.0), 0.0)
    agreements = np.clip(kept + new * np.maximum(room, 0.0), 0.0, 1.0)
    world = replace(world, commitments=replace(world.commitments, agreements=agreements))
    return give_aid(world, setting, pairs, p.aid * struck)


def sought(year: int, setting: Setting, p: BilateralParameters) -> Pairs:
    """The largest corridors of 2005 between members."""
    corridors, members = setting.corridors, setting.members(year)
    between_members = members[corridors.origin] * members[corridors.destination] > 0.0
    people = np.where(between_members, setting.base.stock.sum(axis=-2), -1.0)
    number = min(int(p.corridors[0, 0]), len(corridors))
    largest = np.sort(np.argpartition(-people, number - 1, axis=-1)[..., :number], axis=-1)
    is_free = setting.base.free_since <= year
    return Pairs(
        corridor=largest,
        host=corridors.destination[largest],
        origin=corridors.origin[largest],
        is_open=(between_members & ~is_free)[largest] & (np.take_along_axis(people, largest, axis=-1) > 0.0),
    )


def entry_paragraphs(table: Levers) -> Index:
    """Paragraphs by which a host opens entry."""
    return np.flatnonzero(np.isin(table.theme, MOBILITY) & (table.at_host > 0.0))


def readmission(table: Levers) -> int:
    """The paragraph on readmission."""
    return table.paragraphs.index("readmission")


def trade(world: World, setting: Setting, pairs: Pairs) -> Trade:
    """What the host of each pair would open, and what readmission it would have for it."""
    rows = np.arange(setting.n_replicates)[:, None]
    ideal, care = world.policies.ideal, salience(world, setting, for_objection=True)
    entry, back = entry_paragraphs(setting.levers), readmission(setting.levers)
    wishes, control = ideal[..., entry], ideal[..., back]
    opening = np.maximum(wishes[rows, pairs.origin] - wishes[rows, pairs.host], 0.0)
    returning = np.maximum(control[rows, pairs.host] - control[rows, pairs.origin], 0.0)
    mobility = sum((care[..., theme] for theme in MOBILITY), start=np.zeros(care.shape[:-1])) / len(MOBILITY)
    host_share, origin_share, gain = equal_gain(
        opening.mean(axis=-1),
        returning,
        (mobility[rows, pairs.host], mobility[rows, pairs.origin]),
        (care[..., CONTROL][rows, pairs.origin], care[..., CONTROL][rows, pairs.host]),
    )
    return Trade(host_share[..., None] * opening, origin_share * returning, pairs.is_open & (gain > 0.0))


def carried(world: World, setting: Setting, pairs: Pairs, traded: Trade, strength: Array) -> Array:
    """How far agreements of this strength move what states aim at, ``(..., state, paragraph)``."""
    people = np.take_along_axis(world.people.everybody, pairs.corridor, axis=-1)
    of_host = people / np.maximum(
        np.take_along_axis(world.people.immigrants, pairs.host, axis=-1), people + 1.0
    )
    of_origin = people / np.maximum(
        np.take_along_axis(world.people.emigrants, pairs.origin, axis=-1), people + 1.0
    )
    back, moved = readmission(setting.levers), np.zeros_like(world.policies.ideal)
    n_states = len(setting.states)
    for column, paragraph in enumerate(entry_paragraphs(setting.levers)):
        step = strength * of_host * traded.opening[..., column]
        moved[..., paragraph] = by_state(step, pairs.host, n_states)
    conceded = strength * traded.readmission
    moved[..., back] = by_state(conceded * of_host, pairs.host, n_states)
    moved[..., back] += by_state(conceded * of_origin, pairs.origin, n_states)
    return moved


def chance(world: World, setting: Setting, pairs: Pairs, p: BilateralParameters) -> Array:
    """Chance of an agreement this year, ``(..., pair)``: who has sat in sessions has less effort left."""
    effort = effort_left(world, setting)
    of_host = np.take_along_axis(effort, pairs.host, axis=-1)
    of_origin = np.take_along_axis(effort, pairs.origin, axis=-1)
    return p.rate * np.minimum(of_host, of_origin)


def luck(year: int, setting: Setting, pairs: Pairs) -> Array:
    """A number in [0, 1) for each pair, drawn for every two registered states so that all worlds share it."""
    n_registered, registered = setting.noise.n_registered, setting.states.registered
    streams = setting.noise.streams("agreements of two", year=year)
    places = n_registered * registered[pairs.origin] + registered[pairs.host]
    drawn = [stream.random(n_registered**2)[place] for stream, place in zip(streams, places, strict=True)]
    return np.stack(drawn)


def give_aid(world: World, setting: Setting, pairs: Pairs, share: Array) -> World:
    """Developed hosts give aid with a new agreement: a share of what was sent home on the corridor."""
    developed, n_states = setting.states.is_developed, len(setting.states)
    sent = np.take_along_axis(world.transfers.sent, pairs.corridor, axis=-1)
    aid = share * sent * developed[pairs.host] * (1.0 - developed[pairs.origin])
    ledger = replace(
        world.ledger,
        grants_given=world.ledger.grants_given + by_state(aid, pairs.host, n_states),
        grants_received=world.ledger.grants_received + by_state(aid, pairs.origin, n_states),
    )
    return replace(world, ledger=ledger)


def by_state(values: Array, index: Index, n_states: int) -> Array:
    """Sum ``(replicate, pair)`` over the pairs of each state, in their order."""
    n_replicates = values.shape[0]
    rows = np.arange(n_replicates, dtype=np.intp)[:, None] * n_states + index
    sums = np.bincount(rows.ravel(), weights=values.ravel(), minlength=n_replicates * n_states)
    return sums.reshape(n_replicates, n_states)
