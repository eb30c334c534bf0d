"""What comes out of a negotiation: a text, and the course that led to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from migsim.negotiation.table import Array, Table, acceptable, weighted_mean, weights

__all__ = [
    "CLOSE",
    "ROUNDING",
    "Course",
    "Events",
    "Text",
    "disagreement",
    "objectors",
    "strength",
    "unblocked",
]

CLOSE: Final = 1e-9
"""Losses nearer to the tolerance than this do not make anybody object."""

ROUNDING: Final = 1e-12
"""An ambiguity this much beyond the largest is still allowed: it differs by rounding."""


@dataclass(frozen=True, eq=False)
class Text:
    """The text, each array ``(..., paragraph)`` unless said.

    ``position`` and ``ambiguity`` of the paragraph, in [0, 1]; whether it is ``adopted``, in {0, 1}; its
    ``strength`` in [0, 1]; ``against``, bool ``(..., paragraph, actor)``: who would rather not have it,
    whether or not that blocks; ``joined``, ``(..., actor, paragraph)`` in {0, 1}: whom an adopted paragraph
    pledges.
    """

    position: Array
    ambiguity: Array
    adopted: Array
    strength: Array
    against: NDArray[np.bool_]
    joined: Array

    @classmethod
    def blank(cls, n_actors: int, shape: tuple[int, ...]) -> Text:
        """No text yet, for paragraphs ``(..., paragraph)`` and some actors."""
        position, ambiguity, adopted, strength = (np.zeros(shape) for _ in range(4))
        nobody = np.zeros((*shape[:-1], n_actors, shape[-1]))
        against = np.zeros((*shape, n_actors), dtype=np.bool_)
        return cls(position, ambiguity, adopted, strength, against, nobody)

    def where(self, mask: NDArray[np.bool_], other: Text) -> Text:
        """One text where the mask ``(..., 1)`` or ``(..., paragraph)`` says so, elsewhere the other."""
        by_actor, of_actor = mask[..., None], mask[..., None, :]
        return Text(
            position=np.where(mask, self.position, other.position),
            ambiguity=np.where(mask, self.ambiguity, other.ambiguity),
            adopted=np.where(mask, self.adopted, other.adopted),
            strength=np.where(mask, self.strength, other.strength),
            against=np.where(by_actor, self.against, other.against),
            joined=np.where(of_actor, self.joined, other.joined),
        )

    def among(self, paragraphs: NDArray[np.intp], on: NDArray[np.bool_]) -> Text:
        """The text of some paragraphs at its place among all; off the agenda nothing is written.

        Parameters
        ----------
        paragraphs : array of int
            Which these are.
        on : array of bool, shape ``(..., paragraph)``
            The agenda, of all paragraphs.
        """
        here, text = on[..., paragraphs], Text.blank(self.joined.shape[-2], on.shape)
        for name in ("position", "ambiguity", "adopted", "strength"):
            getattr(text, name)[..., paragraphs] = np.where(here, getattr(self, name), 0.0)
        text.against[..., paragraphs, :] = self.against & here[..., None]
        text.joined[..., paragraphs] = self.joined * here[..., None, :]
        return text

    def put(self, rows: NDArray[np.intp], paragraphs: NDArray[np.intp], said: Text) -> None:
        """Write into some paragraphs of some places what was said there."""
        at = np.ix_(rows, paragraphs)
        for name in ("position", "ambiguity", "adopted", "strength", "against"):
            getattr(self, name)[at] = getattr(said, name)
        everybody = np.arange(self.joined.shape[-2])
        self.joined[np.ix_(rows, everybody, paragraphs)] = said.joined

    @property
    def objections(self) -> Array:
        """Number of delegations against the paragraph, ``(..., paragraph)``."""
        return self.against.sum(axis=-1).astype(np.float64)


@dataclass(frozen=True, eq=False)
class Events:
    """What happened one by one, as columns of equal length.

    Columns named in ``of_actors`` and ``of_paragraphs`` hold positions on those axes.
    """

    columns: Mapping[str, Sequence[object]]
    of_actors: tuple[str, ...] = ()
    of_paragraphs: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Course:
    """How a negotiation went, turn by turn; turn 0 is the start.

    Parameters
    ----------
    text : Text
        What was written in the end.
    positions : array, shape ``(turn, ..., actor, paragraph)``, in [0, 1]
        Where each actor stands after each turn; one turn if nobody moves.
    outcomes : mapping of arrays, shape ``(turn, ..., paragraph)``
        Quantities of each paragraph by name, such as the weighted median of each turn; nan where a turn has
        none. Positions in [0, 1], unless named in ``not_positions``.
    by_actor : mapping of arrays, shape ``(turn, ..., actor)``
        Quantities of each actor by name, such as win probabilities; nan where a turn has none.
    events : mapping of `Events`
        Lists by name, such as the exchanges realised.
    not_positions : set of str
        Names of outcomes that are no positions: shares, sizes, payoffs.
    """

    text: Text
    positions: Array
    outcomes: Mapping[str, Array] = field(default_factory=dict)
    by_actor: Mapping[str, Array] = field(default_factory=dict)
    events: Mapping[str, Events] = field(default_factory=dict)
    not_positions: frozenset[str] = frozenset()


def objectors(
    table: Table, position: Array, ambiguity: Array, ends: tuple[Array, Array] | None = None
) -> NDArray[np.bool_]:
    """Who loses more than it bears by a text, ``(..., paragraph, actor)``.

    Delegation ``i`` objects iff ``s_i max(0, |z - x_i| - a) > tau_i``, up to `CLOSE`; ``ends`` are those of
    `acceptable`, where they are known.
    """
    low, high = acceptable(table) if ends is None else ends
    z, a = position[..., None], ambiguity[..., None] + CLOSE
    against: NDArray[np.bool_] = (z > high + a) | (z < low - a)
    return against


def strength(table: Table, ambiguity: Array) -> Array:
    """What an ambiguity leaves of a text, in [0, 1]: ``1 - a / a_max``; all or nothing if ``a_max = 0``."""
    largest = np.where(np.asarray(table.max_ambiguity) > 0.0, table.max_ambiguity, 1.0)
    left = np.where(np.asarray(table.max_ambiguity) > 0.0, 1.0 - ambiguity / largest, ambiguity <= 0.0)
    return np.clip(left, 0.0, 1.0)


def disagreement(table: Table, position: Array, final: Array | None = None) -> Array:
    """Weighted mean distance of the actors from a text, ``(..., paragraph)``; see `unblocked`."""
    stand = table.position if final is None else final
    return weighted_mean(np.abs(stand - position[..., None, :]), weights(table))


def unblocked(table: Table, position: Array, final: Array | None = None) -> Text:
    """The text where nobody can block: all of it is adopted, and everybody seated is pledged.

    Its ambiguity is what is left of the disagreement: the weighted mean distance of the actors from the text,
    where they stand at the end.

    Parameters
    ----------
    table
    position : array, shape ``(..., paragraph)``
    final : array, shape ``(..., actor, paragraph)``, optional
        Where the actors stand at the end; by default where they stood at the start.
    """
    spread = disagreement(table, position, final)
    return Text(
        position=position,
        ambiguity=spread,
        adopted=np.ones_like(position),
        strength=strength(table, spread),
        against=objectors(table, position, spread),
        joined=np.broadcast_to(table.seated[..., None], table.position.shape),
    )
