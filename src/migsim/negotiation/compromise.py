"""The compromise mean: every delegation weighs as much as it is able and cares.

``O = sum_i w_i x_i / sum_i w_i`` with ``w_i = c_i s_i``; if no one cares, capabilities weigh. Nobody can
block; ambiguity is the weighted mean distance of the delegations from the text, and strength falls with it as
in the default protocol. Shown beside every text of every protocol. Reference: the benchmark of Bueno de
Mesquita and Stokman (1994) and of the "NBS" of the exchange literature.
"""

from __future__ import annotations

import numpy as np

from migsim.negotiation.text import Array, Rules, Table, Text, weighted_mean

__all__ = ["compromise", "negotiate"]


def compromise(table: Table) -> Array:
    """The compromise position of each paragraph, ``(..., paragraph)`` in [0, 1]."""
    seated = (table.weight * table.seated)[..., None]
    cares = weighted_mean(table.position, seated * table.salience)
    nobody_cares = (seated * table.salience).sum(axis=-2) <= 0.0
    return np.where(nobody_cares, weighted_mean(table.position, seated * np.ones_like(table.position)), cares)


def negotiate(table: Table, rules: Rules) -> Text:
    """Write the compromise into the text."""
    position = compromise(table)
    weights = (table.weight * table.seated)[..., None] * table.salience
    spread = weighted_mean(np.abs(table.position - position[..., None, :]), weights)
    largest = np.where(rules.max_ambiguity > 0.0, rules.max_ambiguity, 1.0)
    return Text(
        position=position,
        ambiguity=spread,
        adopted=np.ones_like(position),
        strength=np.clip(1.0 - spread / largest, 0.0, 1.0),
        objections=np.zeros_like(position),
    )
