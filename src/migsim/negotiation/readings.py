"""Readings of a text at which chance decides who takes the floor against it.

At each reading delegation ``i`` objects with probability ``1 / (1 + exp(-(loss_i - tau_i) / kappa))``, where
``loss_i = s_i max(0, |z - x_i| - a)``; who loses nothing keeps silent. If nobody who can block objects, the
text is adopted. Otherwise the facilitator moves it by ``eta`` toward the objectors if all of them stand on
one side of it and no silent delegation is thereby pushed past its threshold; else the text is blurred by
``eta``. A text vaguer than allowed, or still disputed at the last reading, is dropped.

With a share ``q`` of isolated objections, the ``floor(q n)`` objectors at either end are only noted; with
regional groups, a group objects when more than half of its delegations do. Begun at the closed form, the
readings tend to it as ``kappa / eta -> 0`` and then ``eta -> 0``; begun at the draft they need at least ``(a*
+ |draft - z*|) / eta`` turns.

Our own design; no outside reference.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from migsim.negotiation.chance import Chance
from migsim.negotiation.table import Array, Table
from migsim.negotiation.text import ROUNDING

if TYPE_CHECKING:
    from migsim.negotiation.no_objection import Options

__all__ = ["Reading", "read"]

STEEPEST = 700.0


@dataclass(frozen=True, eq=False)
class Reading:
    """A text as it is read out: position and ambiguity, each ``(..., paragraph)``."""

    position: Array
    ambiguity: Array

    @classmethod
    def of_draft(cls, table: Table) -> Reading:
        """The draft as it stands, without ambiguity."""
        return cls(table.draft, np.zeros_like(table.draft))


def read(
    table: Table, begin: Reading, options: Options, noted: Array, by_group: NDArray[np.bool_], chance: Chance
) -> tuple[Array, Array]:
    """Read the text until nobody objects, or give it up.

    Parameters
    ----------
    table, options, chance
        As for the protocol.
    begin
        What is read first.
    noted : array, shape ``(..., 1)``
        Number of objections from either side that are only noted.
    by_group : array of bool, shape ``(..., 1)``
        Whether regional groups object instead of delegations.

    Returns
    -------
    position, ambiguity : array, shape ``(..., paragraph)``
        The ambiguity of a text that is given up is infinite.
    """
    z, a = begin.position, np.minimum(begin.ambiguity, table.max_ambiguity + options.concession)
    luck = chance.uniform_by_actor(options.readings, z.shape[-1])
    open_texts, accepted = a <= table.max_ambiguity + ROUNDING, np.zeros(z.shape, dtype=np.bool_)
    for turn in range(options.readings):
        lost = losses(table, z, a)
        against = objections(table, lost, options, luck[..., turn, :, :])
        blocks = blocked(table, z, against, noted, by_group)
        accepted |= open_texts & ~blocks
        open_texts &= blocks
        moved, blurred = facilitated(table, z, a, against, options)
        z, a = np.where(open_texts, moved, z), np.where(open_texts, blurred, a)
        open_texts &= a <= table.max_ambiguity + ROUNDING
    return z, np.where(accepted, a, np.inf)


def losses(table: Table, z: Array, a: Array) -> Array:
    """What each delegation that can object loses by a text, ``(..., paragraph, actor)``."""
    far = np.abs(z[..., None] - np.swapaxes(table.position, -2, -1)) - a[..., None]
    here = (table.seated * table.may_block)[..., None, :]
    return np.swapaxes(table.salience, -2, -1) * np.maximum(far, 0.0) * here


def objections(table: Table, lost: Array, options: Options, luck: Array) -> NDArray[np.bool_]:
    """Who takes the floor, ``(..., paragraph, actor)``."""
    over = lost - np.swapaxes(table.tolerance, -2, -1)
    blur = np.asarray(options.hesitation)[..., None]
    says = 1.0 / (1.0 + np.exp(-np.clip(over / blur, -STEEPEST, STEEPEST)))
    always = np.swapaxes(table.objects, -2, -1)
    here = (table.seated * table.may_block)[..., None, :] > 0.0
    against: NDArray[np.bool_] = ((luck < says) & (lost > 0.0) & (always == 0.0)) | (always > 0.0) & here
    return against


def blocked(
    table: Table, z: Array, against: NDArray[np.bool_], noted: Array, by_group: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Whether the objections block the paragraph, ``(..., paragraph)``."""
    above = np.swapaxes(table.position, -2, -1) >= z[..., None]
    n_above, n_below = (against & above).sum(axis=-1), (against & ~above).sum(axis=-1)
    blocks: NDArray[np.bool_] = (n_above > noted) | (n_below > noted)
    if np.any(by_group):
        here = table.seated * table.may_block
        grouped = np.zeros(z.shape, dtype=np.bool_)
        for group in np.unique(table.group):
            members = table.group == group
            says = against[..., members].sum(axis=-1)
            grouped |= 2.0 * says > here[..., members].sum(axis=-1, keepdims=True)
        blocks = np.where(by_group, grouped, blocks)
    return blocks


def facilitated(
    table: Table, z: Array, a: Array, against: NDArray[np.bool_], options: Options
) -> tuple[Array, Array]:
    """Text and ambiguity as the facilitator brings them to the next reading."""
    x, step = np.swapaxes(table.position, -2, -1), np.asarray(options.concession)
    all_above = np.all((x > z[..., None]) | ~against, axis=-1)
    all_below = np.all((x < z[..., None]) | ~against, axis=-1)
    toward = np.clip(z + step * (all_above.astype(np.float64) - all_below), 0.0, 1.0)
    pushed = (losses(table, toward, a) > np.swapaxes(table.tolerance, -2, -1)) & ~against
    pushed &= np.swapaxes(table.objects, -2, -1) == 0.0
    moves = (all_above != all_below) & ~pushed.any(axis=-1)
    return np.where(moves, toward, z), np.where(moves, a, a + step)
