"""The majority decides, paragraph by paragraph, everybody seated voting with the weight ``w_i = c_i s_i``.

By ``rule``:

- ``weighted_median``: the position that no majority would rather leave to either side: in the order of
  positions, the first at which half of the weight is reached, and so the lower of two if the halves are
  equal. If all weights are zero, everybody counts alike.
- ``qualified_majority``: the drafter proposes, take it or leave it, against a status quo ``y``. Delegation
  ``i`` is for a text ``z`` unless it is farther from ``x_i`` than ``y`` is; so it is for what lies between
  ``y`` and its mirror image ``2 x_i - y``. A text is carried iff those for it have at least the quota ``q``
  of the weight. With ``l`` the lowest mirror image up to which, from below, that much weight is reached, and
  ``h`` the same from above, what can be carried is the interval from ``min(y, l)`` to ``max(y, h)``; the text
  is the point of it nearest the draft. If that is ``y`` itself, nothing new has been agreed, and the
  paragraph is dropped. If all weights are zero, capabilities weigh; if these are, too, everybody counts
  alike.
- ``condorcet``: a probabilistic Condorcet election (`migsim.negotiation.voting`) among the positions held,
  each counted once (only exactly equal positions are one), to each of which a delegation attaches
  ``1 - |x_i - x_j|``. The text is the likeliest, the first held on ties; ``expected`` is the mean by
  probability. Weights as under ``qualified_majority``.

Nobody alone can block; against a text are those that lose more by it than they bear, whether or not they
voted for it. Ambiguity is the weighted mean distance of the delegations from the text. One actor
gets its position, or under ``qualified_majority`` what lies nearest the draft of all that is no worse to it
than ``y``; where nobody is seated, the text is the middle, or there is none.

Reference: Black (1948) for the median; Romer and Rosenthal (1978) for the drafter against a status quo; the
KAPSARC Toolkit for the Analysis of Behavior for the election.

Examples
--------
>>> from migsim.negotiation.alone import negotiate as ask
>>> rows = {"actor": ["A", "B", "C"], "position": [10, 40, 90]}
>>> ask(rows, protocol="majority").text["position"].tolist()
[40.0]
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from migsim.negotiation.chance import Chance
from migsim.negotiation.options import choice, number
from migsim.negotiation.protocol import Protocol
from migsim.negotiation.table import MIDDLE, Array, Table, reached, weighted_median, weights
from migsim.negotiation.text import Course, unblocked
from migsim.negotiation.voting import PCE_MODELS, VICTORY_PROB_MODELS, VOTING_RULES, Election

__all__ = ["PROTOCOL", "RULES", "Options", "negotiate"]

RULES: Final = ("weighted_median", "qualified_majority", "condorcet")

QUOTA_ROUNDING: Final = 1e-12
"""Share of the weight by which rounding may miss a quota."""

VOTES_AT_ONCE: Final = 2**18
"""Votes counted together, to bound memory."""


@dataclass(frozen=True)
class Options:
    """Options of the protocol."""

    rule: str = choice("weighted_median", RULES, "how the majority decides")
    quota: float = number(
        2 / 3, 0.5, 1.0, "share of the weight that carries a text (qualified_majority)", "q"
    )
    status_quo: float = number(
        0.0, 0.0, 1.0, "position in [0, 1] that stays if no text is carried (qualified_majority)", "y"
    )
    voting_rule: str = choice("Prop", VOTING_RULES, "how a gain makes a vote (condorcet)")
    victory_prob_model: str = choice(
        "Linear", VICTORY_PROB_MODELS, "how a coalition's strength makes it win (condorcet)"
    )
    pce_model: str = choice("Conditional", PCE_MODELS, "how each option comes by a probability (condorcet)")


def _median(table: Table) -> Course:
    seated = np.broadcast_to(table.seated[..., None], table.position.shape)
    cares = (table.weight * table.seated)[..., None] * table.salience
    nobody_cares = ~(cares > 0.0).any(axis=-2, keepdims=True)
    median = weighted_median(table.position, np.where(nobody_cares, seated, cares))
    return Course(unblocked(table, np.where(_somebody(table), median, MIDDLE)), table.position[None])


def _somebody(table: Table) -> NDArray[np.bool_]:
    """Where anybody is seated, ``(..., 1)``."""
    return np.asarray((table.seated > 0.0).any(axis=-1, keepdims=True))


def _carried(table: Table, quota: float, status_quo: float) -> tuple[Array, Array]:
    """Lowest and highest text to which a quota does not prefer the status quo, each ``(..., paragraph)``."""
    mirrored, weigh = 2.0 * table.position - status_quo, weights(table)
    share = quota - QUOTA_ROUNDING
    low, high = reached(mirrored, weigh, share), -reached(-mirrored, weigh, share)
    here = _somebody(table)
    low = np.where(here, np.clip(low, 0.0, status_quo), status_quo)
    return low, np.where(here, np.clip(high, status_quo, 1.0), status_quo)


def _qualified(table: Table, options: Options) -> Course:
    y = options.status_quo
    low, high = _carried(table, options.quota, y)
    text = unblocked(table, np.minimum(np.maximum(table.draft, low), high))
    carried = (text.position != y).astype(np.float64)
    text = replace(text, adopted=carried, strength=text.strength * carried)
    return Course(text, table.position[None], {"lowest_carried": low[None], "highest_carried": high[None]})


def _elected(table: Table, election: Election) -> Course:
    """Elect a position for each paragraph, so many places at a time that memory suffices."""
    n, lead = table.position.shape[-2], (*table.position.shape[:-2], table.position.shape[-1])
    if not n:
        return Course(unblocked(table, np.full(lead, MIDDLE)), table.position[None])
    position = np.swapaxes(table.position, -2, -1).reshape(-1, n)
    weigh = np.swapaxes(weights(table), -2, -1).reshape(-1, n)
    seated = np.broadcast_to(table.seated[..., None, :] > 0.0, (*lead, n)).reshape(-1, n)
    at_once = max(1, VOTES_AT_ONCE // n**3)
    parts = [slice(start, start + at_once) for start in range(0, len(position), at_once)]
    p = np.concatenate(
        [_probabilities(election, position[at], weigh[at], seated[at]) for at in parts] or [position]
    )
    likeliest = np.take_along_axis(position, p.argmax(axis=-1)[:, None], axis=-1)[:, 0]
    expected = (p * position).sum(axis=-1)
    chosen, mean = (np.where(_somebody(table), each.reshape(lead), MIDDLE) for each in (likeliest, expected))
    return Course(unblocked(table, chosen), table.position[None], {"expected": mean[None]})


def _probabilities(election: Election, position: Array, weigh: Array, seated: NDArray[np.bool_]) -> Array:
    """Probability of each position held by somebody seated, at the first who holds it, ``(place, actor)``."""
    apart = np.abs(position[:, :, None] - position[:, None, :])
    earlier = np.tri(position.shape[-1], k=-1, dtype=bool)
    repeats = ((apart == 0.0) & seated[:, None, :] & earlier).any(axis=-1)
    nobody = ~seated.any(axis=-1, keepdims=True)
    return election.probabilities(weigh, 1.0 - apart, seated & ~repeats | nobody)


def negotiate(table: Table, options: Options, chance: Chance) -> Course:
    """Let the majority decide; see the module's rules."""
    del chance
    match options.rule:
        case "qualified_majority":
            return _qualified(table, options)
        case "condorcet":
            return _elected(
                table, Election(options.voting_rule, options.victory_prob_model, options.pce_model)
            )
    return _median(table)


PROTOCOL: Final = Protocol(
    name="majority",
    title="Majority",
    reference="Black 1948; Romer and Rosenthal 1978; KAPSARC Toolkit for the Analysis of Behavior",
    summary="The weighted median, a qualified majority against the status quo, or an election decides.",
    negotiate=negotiate,
    options=Options,
    themes="one by one",
    needs_salience=False,
    who_may_block="nobody",
    is_costly=lambda options: options.rule == "condorcet",
)
