"""The plenary: one paragraph after another is drafted, read, and settled or dropped."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import copysign, floor
from statistics import fmean
from typing import Any, Final

from benchmarks.per_agent.delegation import Delegation, between

__all__ = ["Paragraph", "draft", "meet", "settle"]

ROUNDING: Final = 1e-12
"""An ambiguity larger than allowed by no more than this is allowed."""
CLOSE: Final = 1e-9
"""Nobody objects for a distance of so little."""


@dataclass
class Paragraph:
    """A paragraph of the agenda: what is proposed, and what becomes of it."""

    index: int
    theme: str
    compromise: float = 0.0
    draft: float = 0.0
    position: float = 0.0
    ambiguity: float = 0.0
    is_adopted: bool = False
    strength: float = 0.0
    against: list[Delegation] = field(default_factory=list)
    n_pledged: int = 0


def meet(session: Any) -> None:
    """Settle each paragraph of the agenda, or sum up what was said on it."""
    here = [state for state in session.states if state.is_here]
    for text in session.text:
        voices = [state.able_and_caring[text.theme] for state in here]
        asked = [state.proposal[text.index] for state in here]
        text.compromise = weighted(asked, voices)
        text.draft = draft(session, text)
        if session.here.reading == "chair_summary":
            text.position = text.draft
            text.ambiguity = weighted([abs(x - text.draft) for x in asked], voices)
            continue
        settle(session, text, here)
        if not session.has_texts:
            text.is_adopted, text.strength = False, 0.0
        text.n_pledged = len(here) if text.is_adopted else 0


def weighted(values: list[float], weights: list[float]) -> float:
    """Mean by weight; of nobody, the middle."""
    everything = sum(weights)
    if everything <= 0.0:
        return 0.5
    return sum(value * weight for value, weight in zip(values, weights, strict=True)) / everything


def draft(session: Any, text: Paragraph) -> float:
    """States' mean, mixed with what the others say, lifted to the floor, leant to the chair."""
    rule, bodies = session.here.protocol, [body for body in session.organisations if body.is_present]
    at_table = {"with_civil_society": 0.0, "beside_governments": 1.0, "facilitating": rule.facilitation}
    seat, theme = at_table[session.here.organisations], text.theme
    speaking = [body for body in bodies if text.index in body.speaks and body.weight > 0.0]
    cares = [body.weight * body.salience[theme] for body in speaking]
    of_bodies = weighted([body.position[theme] for body in speaking], cares)
    weights = [seat if speaking else 0.0, session.civil_weight]
    others = weighted([of_bodies, session.civil_report[theme]], weights)
    share = rule.observer_weight if sum(weights) > 0.0 else 0.0
    mixed: float = (1.0 - share) * text.compromise + share * others
    defended = max((body.position[theme] for body in bodies if body.holds[theme]), default=0.0)
    lifted: float = mixed + min(1.0, session.rules.actors.organisations.floor * seat) * max(
        0.0, defended - mixed
    )
    if session.chair is None:
        return lifted
    leant: float = lifted + rule.chair_pull * (session.chair.proposal[text.index] - lifted)
    return leant


def bears(state: Delegation, text: Paragraph) -> float:
    """How far from a delegation's position a text may be: ``h``."""
    session, rule = state.model, state.model.here.protocol
    tolerance = rule.tolerance * (1.0 + rule.mediation * session.here.mediator)
    tolerance *= 1.0 + rule.stake_tolerance * max(0.0, state.wish(text.index))
    borne: float = tolerance / state.minds(text.theme)
    return borne


def settle(session: Any, text: Paragraph, here: list[Delegation]) -> None:
    """Move and blur the draft until nobody who can block objects, or drop it."""
    rule = session.here.protocol
    if not here:
        text.position = text.draft
        return
    spans = {}
    for state in here:
        x, h = state.proposal[text.index], bears(state, text)
        spans[state] = (x - h, x + h)
    low, high = ends(session, spans)
    middle = (low + high) / 2.0 if low > high else between(text.draft, low, high)
    off = text.draft - middle
    reach = abs(off) - 1.0 / rule.drafter_pull if rule.drafter_pull > 0.0 else 0.0
    text.position = middle + copysign(max(0.0, reach), off)
    needed = max(0.0, low - text.position, text.position - high)
    text.is_adopted = needed <= rule.max_ambiguity + ROUNDING
    text.ambiguity = min(needed, rule.max_ambiguity)
    text.strength = 1.0 - text.ambiguity / rule.max_ambiguity if text.is_adopted else 0.0
    allowed = text.ambiguity + CLOSE
    for state, (lowest, highest) in spans.items():
        if not lowest - allowed <= text.position <= highest + allowed:
            text.against.append(state)


def ends(session: Any, spans: dict[Delegation, tuple[float, float]]) -> tuple[float, float]:
    """``L``, the highest lower end, and ``H``, the lowest upper end, of those who can block."""
    lows, highs = [low for low, _ in spans.values()], [high for _, high in spans.values()]
    who, noted = session.here.who_can_block, 0
    if who == "regional_groups":
        groups: dict[float, list[tuple[float, float]]] = {}
        for state, span in spans.items():
            groups.setdefault(state.region_index, []).append(span)
        lows = [fmean(low for low, _ in members) for members in groups.values()]
        highs = [fmean(high for _, high in members) for members in groups.values()]
    if who == "share":
        noted = floor(session.here.blocking_share * len(spans))
    return sorted(lows, reverse=True)[noted], sorted(highs)[noted]
