"""A mediated single text: one draft on the screen, amended a little at a time while the room lets it pass.

The mediator holds a text ``z``, at first the draft. At each step it proposes, for one paragraph ``k`` drawn
at random, to move ``z_k`` by ``+step`` or ``-step`` (within [0, 1]), and asks everybody seated. What actor
``i`` would gain::

    U_i = - sum_k s_ik |z_k - x_ik|,   dU_i = s_ik (|z_k - x_ik| - |z'_k - x_ik|)

A hill-climber accepts iff ``dU >= 0``. An annealer also lets a loss pass, with probability ``exp(dU /
T_k)``, and ever less readily as time goes by::

    T_k = max(1e-9, T0 (1 - t / (.9 steps)) b_k),   b_k = mean_i s_ik / max(1 / n, 1 - quota)

The proposal is accepted iff those who refuse have at most a share ``1 - quota`` of the weight (capability;
all alike if nobody has any; no weight, no vote). With ``quota = 1``, as published, all must accept.

Where this departs from the publication [our own design]: paragraphs are continuous; utilities are separable,
so that there are no packages to discover (for those see `migsim.negotiation.interdependent_contract`); and
the unit of temperature ``b_k`` takes account of how few can stop a proposal, so that ``T0`` means the same
in a room of three and of two hundred: the average loss that the room as a whole lets pass at the start.

Why unanimity can be the default even among 193: hill-climbers alone would indeed leave the draft where it
is, since between the outermost positions no move is without a loser. But if all anneal, a proposal passes
with probability ``exp(- sum of losses / T)``, so that going and coming back stand in the ratio ``exp(sum_i
dU_i / T)``: the mediator, who never learns a utility, anneals their sum, and the text comes to rest near the
median weighted by salience. A lower quota gives weight its say: at one half, the text comes to rest near the
median by capability. The text moves by at most ``step`` times its share of the steps: for more than some
twenty paragraphs, raise the steps.

A paragraph that matters to nobody, or about which there is nobody to ask, stays as drafted. A tie (``dU =
0``) is acceptance. Positions do not change; nothing is dropped; who loses more than it bears by the final
text is noted.

Reference: Klein, Faratin, Sayama and Bar-Yam 2003, *Negotiating complex contracts*, Group Decision and
Negotiation 12, 111-125.

Examples
--------
>>> from migsim.negotiation.alone import negotiate as ask
>>> rows = {"actor": ["A", "B", "C"], "position": [40, 40, 40]}
>>> found = ask(rows, protocol="single_text", seed=1)
>>> abs(found.text["position"].item() - 40) <= 2
True
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import prod
from typing import Final

import numpy as np
from numpy.typing import NDArray

from migsim.negotiation.chance import Chance
from migsim.negotiation.options import number, whole
from migsim.negotiation.protocol import Protocol
from migsim.negotiation.table import Array, Number, Table
from migsim.negotiation.text import Course, unblocked

__all__ = ["PROTOCOL", "Options", "cooling", "lets_pass", "negotiate"]

N_TURNS: Final = 50
"""How often the text is noted on its way."""

COOLED: Final = 0.9
"""Share of the steps after which nobody lets any more losses pass."""

COLDEST: Final = 1e-9
"""Temperature from then on."""

ROUNDING: Final = 1e-12
"""Losses, and shares of refusing weight, within this of the threshold are not over it."""


@dataclass(frozen=True, eq=False)
class Options:
    """Options of the protocol; numbers may be arrays ``(..., 1)``."""

    steps: int = whole(2000, 0, 100_000, "amendments proposed, over all paragraphs")
    start_temperature: Number = number(
        0.02, 0.0, 100.0, "average loss, by salience and distance, that the room lets pass at the start", "T0"
    )
    step: Number = number(0.02, 1e-6, 1.0, "how far an amendment would move a paragraph")
    annealers: Number = number(1.0, 0.0, 1.0, "share of actors that let some losses pass, drawn by lot")
    quota: Number = number(1.0, 0.5, 1.0, "share of the weight that must accept; 1 is everybody")


def cooling(step: int, n_steps: int) -> float:
    """What is left of the temperature: it falls in a straight line to nothing at `COOLED` of the steps."""
    return max(0.0, 1.0 - step / (COOLED * n_steps))


def lets_pass(gain: Array, anneals: NDArray[np.bool_], temperature: Array, lot: Array) -> NDArray[np.bool_]:
    """Whether an actor accepts a proposal: it does not lose, or it anneals and the lot falls so.

    Examples
    --------
    >>> import numpy as np
    >>> kinds = np.array([False, True, True])
    >>> lets_pass(np.array([-0.1, -0.1, -9.9]), kinds, np.array(1.0), np.array(0.5)).tolist()
    [False, True, False]
    """
    luck = lot < np.exp(np.minimum(gain, 0.0) / np.maximum(temperature, COLDEST))
    passes: NDArray[np.bool_] = (gain >= -ROUNDING) | (anneals & luck)
    return passes


@dataclass(frozen=True, eq=False)
class _Asked:
    """Those whom the mediator asks, with one leading axis.

    ``position`` and ``salience`` ``(place, paragraph, actor)``; ``weight`` and whether it ``anneals``
    ``(place, actor)``; weight that ``may_refuse`` and ``step`` ``(place,)``; ``temperature`` at the start and
    whether the paragraph ``matters`` to anybody, ``(place, paragraph)``.
    """

    position: Array
    salience: Array
    weight: Array
    anneals: NDArray[np.bool_]
    may_refuse: Array
    temperature: Array
    matters: NDArray[np.bool_]
    step: Array


def negotiate(table: Table, options: Options, chance: Chance) -> Course:
    """Amend the draft step by step; see the module's equations."""
    asked = _asked(table, options, chance)
    text = np.array(table.draft, dtype=np.float64).reshape(len(asked.weight), table.draft.shape[-1])
    steps = options.steps if text.size else 0
    noted = np.round(np.linspace(0, steps, min(steps, N_TURNS) + 1)).astype(int).tolist()
    course = [text.copy()]
    for begin, end in pairwise(noted):
        _amend(text, asked, [cooling(step, steps) for step in range(begin, end)], chance)
        course.append(text.copy())
    texts = np.stack(course).reshape(len(course), *table.draft.shape)
    return Course(unblocked(table, texts[-1]), table.position[None], {"text": texts})


def _asked(table: Table, options: Options, chance: Chance) -> _Asked:
    lead, (n, n_paragraphs) = table.position.shape[:-2], table.position.shape[-2:]
    n_places = prod(lead)
    position, salience = (
        np.ascontiguousarray(np.swapaxes(each, -2, -1)).reshape(n_places, n_paragraphs, n)
        for each in (table.position, table.salience)
    )
    heat, step, share, quota = (
        np.broadcast_to(each, (*lead, 1)).reshape(n_places, 1)
        for each in (options.start_temperature, options.step, options.annealers, options.quota)
    )
    seated, able = (each.reshape(n_places, n) for each in (table.seated, table.weight * table.seated))
    weight = np.where(able.sum(axis=-1, keepdims=True) > 0.0, able, seated)
    total, has_vote = weight.sum(axis=-1), weight > 0.0
    n_votes = np.maximum(has_vote.sum(axis=-1, keepdims=True), 1)
    cares = np.where(has_vote[:, None, :], salience, 0.0).sum(axis=-1)
    return _Asked(
        position,
        salience,
        weight,
        chance.uniform_by_actor().reshape(n_places, n) < share,
        (1.0 - quota[:, 0] + ROUNDING) * total,
        heat * cares / n_votes / np.maximum(1.0 / n_votes, 1.0 - quota),
        cares > 0.0,
        step[:, 0],
    )


def _amend(text: Array, asked: _Asked, warmth: list[float], chance: Chance) -> None:
    """Propose one amendment for each degree of warmth, and write what is accepted into the text."""
    n_places, n_paragraphs = text.shape
    places = np.arange(n_places)
    n_steps = len(warmth)
    lots = chance.uniform(n_steps, 2).reshape(n_places, n_steps, 2)
    votes = chance.uniform_by_actor(n_steps).reshape(n_places, n_steps, asked.weight.shape[1])
    paragraphs = (lots[..., 0] * n_paragraphs).astype(np.intp)
    moves = np.where(lots[..., 1] < 0.5, -1.0, 1.0) * asked.step[:, None]
    for number_of_step, warm in enumerate(warmth):
        at = places, paragraphs[:, number_of_step]
        now = text[at]
        then = np.clip(now + moves[:, number_of_step], 0.0, 1.0)
        position = asked.position[at]
        gain = np.abs(now[:, None] - position) - np.abs(then[:, None] - position)
        gain *= asked.salience[at]
        temperature = warm * asked.temperature[at][:, None]
        passes = lets_pass(gain, asked.anneals, temperature, votes[:, number_of_step])
        against = np.where(passes, 0.0, asked.weight).sum(axis=-1)
        is_accepted = (against <= asked.may_refuse) & asked.matters[at]
        text[at] = np.where(is_accepted, then, now)


PROTOCOL: Final = Protocol(
    name="single_text",
    title="Mediated single text",
    reference="Klein, Faratin, Sayama and Bar-Yam 2003",
    summary="A mediator amends one draft at random, a little at a time, while the room lets it pass.",
    negotiate=negotiate,
    options=Options,
    themes="together",
    needs_salience=False,
    who_may_block="each who is asked; annealers let some losses pass",
    is_random=lambda options: True,
)
