"""What goes into a negotiation: who sits at the table, what they want, how much they care.

Actors stand on the next to last axis and paragraphs (or themes) on the last, behind any number of leading
axes: one table, or as many as there are replicates.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "MIDDLE",
    "Array",
    "Number",
    "Table",
    "acceptable",
    "reached",
    "weighted_mean",
    "weighted_median",
    "weights",
]

MIDDLE: Final = 0.5
"""Position of nobody."""

HALF_ROUNDING: Final = 1e-12
"""Share of the weight by which rounding may miss one half."""

type Array = NDArray[np.float64]
type Number = float | Array
"""One number for all, or an array ``(..., 1)`` with one for each leading place."""


@dataclass(frozen=True, eq=False)
class Table:
    """The actors at the table, paragraph by paragraph.

    Parameters
    ----------
    position, salience : array, shape ``(..., actor, paragraph)``, in [0, 1]
    tolerance : array, shape ``(..., actor, paragraph)``, >= 0
        Loss an actor bears before it objects.
    weight : array, shape ``(..., actor)``, >= 0
        Capability; zero for the absent.
    seated : array, shape ``(..., actor)``, in {0, 1}
        Who takes part; the absent are masked, never dropped.
    may_block : array, shape ``(..., actor)``, in {0, 1}
        Delegations of states, whose objections count; the others at the table only advise.
    objects : array, shape ``(..., actor, paragraph)``
        +1 for a delegation that objects whatever the text, -1 for one that never does, 0 for the rule.
    draft : array, shape ``(..., paragraph)``, in [0, 1]
        What the drafter would write.
    group : array of int, shape ``(actor,)``
        Regional group of each actor.
    max_ambiguity : float or array, shape ``(..., 1)``, in [0, 1]
        Ambiguity at which a text says nothing any more: its strength is one less its share of this.
    """

    position: Array
    salience: Array
    tolerance: Array
    weight: Array
    seated: Array
    may_block: Array
    objects: Array
    draft: Array
    group: NDArray[np.intp]
    max_ambiguity: Number

    def at(self, rows: int | slice | NDArray[np.intp], paragraphs: NDArray[np.intp]) -> Table:
        """Some places on a single leading axis, or one of them without it, and some paragraphs."""
        largest = np.asarray(self.max_ambiguity)
        return Table(
            position=self.position[rows][..., paragraphs],
            salience=self.salience[rows][..., paragraphs],
            tolerance=self.tolerance[rows][..., paragraphs],
            weight=self.weight[rows],
            seated=self.seated[rows],
            may_block=self.may_block[rows],
            objects=self.objects[rows][..., paragraphs],
            draft=self.draft[rows][..., paragraphs],
            group=self.group,
            max_ambiguity=largest[rows] if largest.ndim else float(largest),
        )

    def of(self, actors: NDArray[np.intp]) -> Table:
        """Some of the actors at a table without leading axes."""
        return replace(
            self,
            position=self.position[actors],
            salience=self.salience[actors],
            tolerance=self.tolerance[actors],
            weight=self.weight[actors],
            seated=self.seated[actors],
            may_block=self.may_block[actors],
            objects=self.objects[actors],
            group=self.group[actors],
        )


def weighted_mean(values: Array, weights: Array) -> Array:
    """Mean over actors, ``(..., actor, paragraph)`` to ``(..., paragraph)``.

    Where all weights are zero, the middle.
    """
    by_paragraph = np.ascontiguousarray(np.swapaxes(values * weights, -2, -1))
    of_weights = np.ascontiguousarray(np.swapaxes(np.broadcast_to(weights, values.shape), -2, -1))
    sums, norms = by_paragraph.sum(axis=-1), of_weights.sum(axis=-1)
    return np.where(norms > 0.0, sums / np.where(norms > 0.0, norms, 1.0), MIDDLE)


def weighted_median(values: Array, weight: Array) -> Array:
    """The lower weighted median over actors, ``(..., actor, paragraph)`` to ``(..., paragraph)``.

    The first value, from below, at which half of the weight is reached; where all weights are zero, all count
    alike.

    Examples
    --------
    >>> weighted_median(np.array([[0.2], [0.9], [0.4]]), np.array([[1.0], [1.0], [2.0]])).tolist()
    [0.4]
    """
    return reached(values, weight, 0.5 - HALF_ROUNDING)


def reached(values: Array, weight: Array, share: float) -> Array:
    """The first value, from below, at which a share of the weight is reached, ``(..., paragraph)``.

    Of nobody, the middle; where all weights are zero, all count alike.
    """
    if not values.shape[-2]:
        return np.full((*values.shape[:-2], values.shape[-1]), MIDDLE)
    by_paragraph = np.ascontiguousarray(np.swapaxes(values, -2, -1))
    weigh = np.swapaxes(np.broadcast_to(weight, values.shape), -2, -1)
    weigh = np.where((weigh > 0.0).any(axis=-1, keepdims=True), weigh, 1.0)
    order = np.argsort(by_paragraph, axis=-1, kind="stable")
    run = np.cumsum(np.take_along_axis(weigh, order, axis=-1), axis=-1)
    first = np.argmax(run >= share * run[..., -1:], axis=-1)[..., None]
    at = np.take_along_axis(order, first, axis=-1)
    return np.asarray(np.take_along_axis(by_paragraph, at, axis=-1)[..., 0])


def weights(table: Table) -> Array:
    """How much each actor counts on each paragraph, ``(..., actor, paragraph)``.

    ``w_i = c_i s_i``; where nobody cares, capability alone; where nobody is capable either, all alike.
    """
    able = (table.weight * table.seated)[..., None]
    cares = able * table.salience
    some_care = (cares > 0.0).any(axis=-2, keepdims=True)
    if some_care.all():
        return cares
    some_power = (able > 0.0).any(axis=-2, keepdims=True)
    return np.where(some_care, cares, np.where(some_power, able, table.seated[..., None]))


def acceptable(table: Table) -> tuple[Array, Array]:
    """Lowest and highest text that each delegation lets pass without ambiguity, ``(..., paragraph, actor)``.

    Delegation ``i`` bears a distance of ``h_i = tau_i / s_i``. One that is absent or may not block, or to
    which the paragraph does not matter, lets everything pass.
    """
    position, salience, tolerance, objects = (
        np.swapaxes(each, -2, -1) for each in (table.position, table.salience, table.tolerance, table.objects)
    )
    here = (table.seated * table.may_block)[..., None, :] > 0.0
    # Who hardly cares, or bears without bound, bears everything.
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        bears = np.where(here & (salience > 0.0), tolerance / salience, np.inf)
    low, high = position - bears, position + bears
    if objects.any():
        always, never = here & (objects > 0.0), objects < 0.0
        low = np.where(always, np.inf, np.where(never, -np.inf, low))
        high = np.where(always, -np.inf, np.where(never, np.inf, high))
    return np.ascontiguousarray(low), np.ascontiguousarray(high)
