"""What goes into a negotiation and what comes out of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["BLOCKING", "Rules", "Table", "Text", "weighted_mean"]

type Array = NDArray[np.float64]

BLOCKING = ("each_delegation", "share", "regional_groups")
"""Who can block a paragraph, in the order of the registry's options."""


@dataclass(frozen=True, eq=False)
class Table:
    """The delegations at the table, paragraph by paragraph.

    Parameters
    ----------
    position, salience : array, shape ``(..., state, paragraph)``, in [0, 1]
    tolerance : array, shape ``(..., state, paragraph)``, >= 0
        Loss a delegation bears before it objects.
    weight : array, shape ``(..., state)``, >= 0
        Capability; zero for the absent.
    seated : array, shape ``(..., state)``, in {0, 1}
        Who may speak and object; the absent are masked, never dropped.
    objects : array, shape ``(..., state, paragraph)``
        +1 for a delegation that objects whatever the text, -1 for one that never does, 0 for the rule.
    draft : array, shape ``(..., paragraph)``, in [0, 1]
        What the drafter would write.
    group : array of int, shape ``(state,)``
        Regional group of each state.
    """

    position: Array
    salience: Array
    tolerance: Array
    weight: Array
    seated: Array
    objects: Array
    draft: Array
    group: NDArray[np.intp]


@dataclass(frozen=True)
class Rules:
    """Numbers of the protocol, each ``(..., 1)``.

    ``max_ambiguity`` of an adopted paragraph, ``drafter_pull`` (phi), ``blocking_share`` of delegations at
    either end whose objection is only noted; ``who_can_block``: position in `BLOCKING`.
    """

    max_ambiguity: Array
    drafter_pull: Array
    blocking_share: Array
    who_can_block: Array


@dataclass(frozen=True)
class Text:
    """What comes out, each ``(..., paragraph)``.

    ``position`` and ``ambiguity`` of the paragraph, whether it is ``adopted`` (0 or 1), its ``strength`` in
    [0, 1], and the number of delegations whose ``objections`` stand.
    """

    position: Array
    ambiguity: Array
    adopted: Array
    strength: Array
    objections: Array


def weighted_mean(values: Array, weights: Array) -> Array:
    """Mean over states ``(..., state, paragraph)`` to ``(..., paragraph)``.

    Where all weights are zero, the middle.
    """
    by_paragraph = np.ascontiguousarray(np.moveaxis(values * weights, -2, -1))
    of_weights = np.ascontiguousarray(np.moveaxis(np.broadcast_to(weights, values.shape), -2, -1))
    sums, norms = by_paragraph.sum(axis=-1), of_weights.sum(axis=-1)
    return np.where(norms > 0.0, sums / np.where(norms > 0.0, norms, 1.0), 0.5)
