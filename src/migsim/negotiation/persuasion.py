"""Persuasion: before any text is settled, delegations listen to those who do not stand too far from them.

Two ways, each with bounded confidence. In rounds (Hegselmann and Krause), everybody at once takes the mean
of all whom it hears, itself included; the more capable and concerned ``j`` is, the more its voice counts::

    x_i <- sum_j v_j x_j / sum_j v_j   over { j : |x_j - x_i| <= epsilon }

In meetings (Deffuant), two at random talk about everything; on each paragraph on which they are near enough,
they move toward each other, and the mean of all stays where it was::

    x_i <- x_i + mu (x_j - x_i),  x_j <- x_j + mu (x_i - x_j)   if |x_j - x_i| < epsilon

A turn has as many meetings as there are delegations: each on average seeks one and is sought in one. Who
is absent neither moves nor persuades. Who hears nobody with a voice stays, and so does everybody at
``epsilon = 0``. At ``epsilon >= 1`` one round leads all to the compromise mean. A distance of exactly
``epsilon`` is heard in rounds (up to `ROUNDING`) and not in meetings.

References: Hegselmann and Krause 2002, *Opinion dynamics and bounded confidence: models, analysis and
simulation*, JASSS 5(3), 2; Deffuant, Neau, Amblard and Weisbuch 2000, *Mixing beliefs among interacting
agents*, Advances in Complex Systems 3, 87-98.

Examples
--------
Two camps agree among themselves and remain two:

>>> import numpy as np
>>> standing = np.array([[0.0], [0.1], [0.8], [1.0]])
>>> hegselmann_krause(standing, confidence=0.3, turns=1)[-1].ravel().round(6).tolist()
[0.05, 0.05, 0.9, 0.9]
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import prod
from typing import Final

import numpy as np
from numpy.typing import NDArray

from migsim.negotiation.chance import Chance
from migsim.negotiation.options import choice, number, whole
from migsim.negotiation.table import Array, Number, Table, weights

__all__ = [
    "NONE",
    "ROUNDING",
    "WAYS",
    "Persuasion",
    "course_of",
    "deffuant",
    "hegselmann_krause",
    "listen",
    "persuade",
]

NONE, DEFFUANT, HEGSELMANN_KRAUSE = WAYS = ("none", "deffuant", "hegselmann_krause")

ROUNDING: Final = 1e-12
"""In rounds, who is farther than the confidence by less than this is still heard."""

FEW: Final = 16
"""Up to so many actors it is quicker to compare all pairs than to sort."""


@dataclass(frozen=True, eq=False)
class Persuasion:
    """How delegations persuade each other; in a forum, numbers may be arrays ``(..., 1)``."""

    persuasion: str = choice(NONE, WAYS, "how delegations persuade each other before a text is settled")
    confidence: Number = number(0.25, 0.0, 1.0, "distance within which they listen to each other", "epsilon")
    convergence: Number = number(
        0.5, 0.0, 0.5, "in a meeting, share of what divides two by which each gives way", "mu"
    )
    persuasion_turns: int = whole(5, 0, 1000, "rounds; of meetings, how many each seeks on average")


def persuade(table: Table, options: Persuasion, chance: Chance) -> tuple[Table, Array]:
    """The table after persuasion, and positions by turn, ``(turn, ..., actor, paragraph)``.

    Voices are those of `weights`: capability by salience. The draft stays as it was.
    """
    if options.persuasion == NONE:
        return table, table.position[None]
    course = course_of(table.position, weights(table), table.seated, options, chance)
    return replace(table, position=course[-1]), course


def course_of(position: Array, voice: Array, present: Array, options: Persuasion, chance: Chance) -> Array:
    """Positions by turn, ``(turn, ..., actor, paragraph)``; the arguments as for each way."""
    n_turns = options.persuasion_turns
    match options.persuasion:
        case "hegselmann_krause":
            return hegselmann_krause(position, options.confidence, n_turns, voice, present)
        case "deffuant":
            return deffuant(position, options.confidence, options.convergence, n_turns, chance, present)
    return position[None]


def hegselmann_krause(
    position: Array,
    confidence: Number,
    turns: int,
    voice: Array | None = None,
    present: Array | None = None,
) -> Array:
    """Everybody takes the mean of those near enough, turn by turn.

    Parameters
    ----------
    position : array, shape ``(..., actor, paragraph)``, in [0, 1]
    confidence : float or array, shape ``(..., 1)``
    turns : int
    voice : array, shape ``(..., actor, paragraph)``, >= 0
        How much each is listened to; by default all alike. Among more than `FEW` actors, rounding is about
        1e-14 times all voices over the voices heard.
    present : array, shape ``(..., actor)``, in {0, 1}
        By default everybody.

    Returns
    -------
    array, shape ``(turn, ..., actor, paragraph)``
        Turn 0 is the start.
    """
    here = np.ones((*position.shape[:-1], 1), dtype=bool) if present is None else present[..., None] > 0.0
    voices = np.where(here, 1.0 if voice is None else voice, np.zeros_like(position))
    course = [position]
    for _ in range(turns):
        course.append(np.where(here, listen(course[-1], confidence, voices), course[-1]))
    return np.stack(course)


def listen(position: Array, confidence: Number, voices: Array) -> Array:
    """Where everybody stands after one round; arguments as for `hegselmann_krause`, all ``voices`` given."""
    reach = np.asarray(confidence, dtype=np.float64)[..., None] + ROUNDING
    persuaded = (_by_pairs if position.shape[-2] <= FEW else _by_windows)(position, voices, reach)
    return np.clip(persuaded, 0.0, 1.0)


def _by_pairs(position: Array, voices: Array, reach: Array) -> Array:
    """One round, by what divides each two; who speaks stands on the first axis, over which sums are fast."""
    speakers, voices = (
        np.ascontiguousarray(np.moveaxis(each, -2, 0))[..., None, :] for each in (position, voices)
    )
    gap = speakers - position
    hears = (np.abs(gap) <= reach) * voices
    heard = hears.sum(axis=0)
    gap *= hears
    persuaded: Array = position + gap.sum(axis=0) / np.where(heard > 0.0, heard, 1.0)
    return persuaded


def _by_windows(position: Array, voices: Array, reach: Array) -> Array:
    """The same by sorting: whom one hears stand side by side, and sums over them are differences of sums."""
    position, voices = (np.ascontiguousarray(np.swapaxes(each, -2, -1)) for each in (position, voices))
    order = np.argsort(position, axis=-1, kind="stable")
    stand, speaks = (np.take_along_axis(each, order, axis=-1) for each in (position, voices))
    first, last = _n_below(stand, stand - reach), _n_below(stand, stand + reach, or_at=True)
    sums, said = _sums(speaks), _sums(speaks * stand)
    heard = np.take_along_axis(sums, last, axis=-1) - np.take_along_axis(sums, first, axis=-1)
    total = np.take_along_axis(said, last, axis=-1) - np.take_along_axis(said, first, axis=-1)
    low, high = (np.take_along_axis(stand, each, axis=-1) for each in (first, last - 1))
    mean = np.clip(total / np.where(heard > 0.0, heard, 1.0), low, high)
    persuaded = np.empty_like(stand)
    np.put_along_axis(persuaded, order, np.where(heard > 0.0, mean, stand), axis=-1)
    return np.swapaxes(persuaded, -2, -1)


def _n_below(ordered: Array, limits: Array, or_at: bool = False) -> NDArray[np.intp]:
    """How many entries of a row lie below each of its limits, both ascending."""
    n = ordered.shape[-1]
    both = np.concatenate((ordered, limits) if or_at else (limits, ordered), axis=-1)
    order = np.argsort(both, axis=-1, kind="stable")
    is_limit = order >= n if or_at else order < n
    below: NDArray[np.intp] = np.cumsum(~is_limit, axis=-1)[is_limit].reshape(ordered.shape)
    return below


def _sums(values: Array) -> Array:
    """Sums of the first 0, 1, ..., n entries."""
    return np.concatenate((np.zeros((*values.shape[:-1], 1)), np.cumsum(values, axis=-1)), axis=-1)


def deffuant(
    position: Array,
    confidence: Number,
    convergence: Number,
    turns: int,
    chance: Chance,
    present: Array | None = None,
) -> Array:
    """Two at random meet and move toward each other, again and again.

    Parameters
    ----------
    position : array, shape ``(..., actor, paragraph)``, in [0, 1]
        With a leading axis if chance has one.
    confidence, convergence : float or array, shape ``(..., 1)``
    turns : int
        A turn has as many meetings as there are actors present.
    chance : Chance
        Who meets goes by the seats of those present, whatever the order in which they stand.
    present : array, shape ``(..., actor)``, in {0, 1}
        By default everybody.

    Returns
    -------
    array, shape ``(turn, ..., actor, paragraph)``
        Turn 0 is the start.
    """
    lead, (n, n_paragraphs) = position.shape[:-2], position.shape[-2:]
    n_places = prod(lead)
    here = (np.ones(position.shape[:-1]) if present is None else present).reshape(n_places, n) > 0.0
    reach, share = (np.broadcast_to(each, (*lead, 1)).reshape(-1, 1) for each in (confidence, convergence))
    stand = np.array(position, dtype=np.float64).reshape(n_places * n, n_paragraphs)
    course = [stand.copy()]
    for _ in range(turns):
        draws = chance.uniform(chance.n_seats, 2).reshape(n_places, chance.n_seats, 2)
        for seeks, sought, happens in zip(*_meetings(draws, here, chance), strict=True):
            one, other = stand[seeks], stand[sought]
            gap = other - one
            near = np.abs(gap) < np.where(happens, reach, 0.0)
            moved = np.where(near, share * gap, 0.0)
            stand[seeks], stand[sought] = one + moved, other - moved
        course.append(stand.copy())
    return np.stack(course).reshape(turns + 1, *position.shape)


def _meetings(
    draws: Array, here: NDArray[np.bool_], chance: Chance
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.bool_]]:
    """Who seeks whom in each meeting of a turn, as rows among all places' actors, and whether they meet.

    Shapes ``(meeting, place)``, the last with an axis more. A place with fewer actors has fewer meetings.
    """
    n_places, n = here.shape
    by_seat = np.argsort(np.where(here, chance.seats, chance.n_seats), axis=-1, kind="stable")
    n_here = here.sum(axis=-1, keepdims=True)
    draws = draws[:, : int(n_here.max(initial=0))]
    seeks = (draws[..., 0] * n_here).astype(np.intp)
    sought = (draws[..., 1] * np.maximum(n_here - 1, 0)).astype(np.intp)
    sought = np.minimum(sought + (sought >= seeks), n - 1)
    happens = (np.arange(draws.shape[1]) < n_here) & (n_here > 1)
    place = n * np.arange(n_places)[:, None]
    rows = (place + np.take_along_axis(by_seat, each, axis=-1) for each in (seeks, sought))
    of_seeking, of_sought = (np.ascontiguousarray(each.T) for each in rows)
    return of_seeking, of_sought, happens.T[..., None]
