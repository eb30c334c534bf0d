"""A state at a forum: what it wants and how much it cares, whether it comes, and what it has promised."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log, tanh
from statistics import fmean
from types import SimpleNamespace
from typing import Final

from benchmarks.per_agent.state_agent import StateAgent

__all__ = ["Delegation", "Standing", "between", "come", "form_interests", "work_on"]

MOVED_BY_HOSTILITY: Final = {
    "legal_mobility": -1.0,
    "equal_treatment": -1.0,
    "secure_status": -1.0,
    "protection_mixed_flows": -1.0,
    "border_security": 1.0,
}
"""Whether a hostile public moves its state's stance down or up."""


@dataclass(slots=True)
class Standing:
    """The text of a paragraph by which a state stands; nobody stands by one of strength 0."""

    position: float
    ambiguity: float
    strength: float
    is_pledged: bool


class Delegation(StateAgent):
    """A state in a year in which it may go to a session."""

    # what it is: of the documents by theme, of its own payoffs by paragraph
    stance: dict[str, float]
    concern: dict[str, float]
    silence: dict[str, float]
    luck: dict[str, float]
    own_gain: list[float]
    joint_gain: list[float]
    first_policy: list[float]
    is_open: float
    # what it has learned, promised and seen
    knowledge: dict[str, float]
    trust: float
    promised: float
    delivered: float
    standing: list[Standing]
    came_before: bool
    draw: float
    # the session
    may_come: bool
    odds: float
    is_here: bool
    proposal: list[float]
    # money of the year, million USD
    forum_costs: float
    grants_given: float
    grants_received: float

    def wish(self, a: int) -> float:
        """Direction and force of its own payoffs on a paragraph; trust prices what the others would do."""
        gain = self.own_gain[a] + self.trust * (self.joint_gain[a] - self.own_gain[a])
        return tanh(gain / self.model.usual_gain)

    def cares(self, theme: str, attention_counts: float) -> float:
        """Salience of a theme, as far as public attention counts."""
        floor = self.rules.actors.interests.salience_floor
        usual = floor + (1.0 - floor) * self.concern[theme]
        cares: float = usual + attention_counts * self.attention[theme] * (1.0 - usual)
        return cares

    def minds(self, theme: str) -> float:
        """Salience of a theme when it comes to objecting."""
        return self.cares(theme, self.rules.actors.interests.attention_to_objection)

    def of_theme(self, by_paragraph: list[float], theme: str) -> float:
        """Mean over the paragraphs of a theme."""
        levers = self.model.levers
        return fmean(x for x, lever in zip(by_paragraph, levers, strict=True) if lever.theme == theme)

    @property
    def able_and_caring(self) -> dict[str, float]:
        """Weight at the table by theme: capability times salience, nothing for the absent."""
        weight = self.capability if self.is_here else 0.0
        return {theme: weight * self.minds(theme) for theme in self.attention}


def between(value: float, low: float, high: float) -> float:
    """The value, or the end that it is beyond."""
    return min(max(value, low), high)


def form_interests(state: Delegation) -> None:
    """``x = (1 - chi) x_doc + chi (p0 + kappa (wish + error))``, with an error that knowledge reduces."""
    p = state.rules.actors.interests
    more_hostile = state.anti - state.base.anti
    ideal = []
    for a, lever in enumerate(state.model.levers):
        theme = lever.theme
        error = p.misjudgement * (1.0 - state.knowledge[theme]) * state.luck[theme]
        documents = (
            state.stance[theme]
            + p.opinion_shift * MOVED_BY_HOSTILITY.get(theme, 0.0) * more_hostile
            + p.ignorance_spread * state.silence[theme] * error
        )
        payoffs = state.first_policy[a] + p.payoff_pull * (state.wish(a) + error)
        ideal.append(between((1.0 - p.payoff_share) * documents + p.payoff_share * payoffs, 0.0, 1.0))
    state.ideal = ideal


def work_on(state: Delegation) -> None:
    """Who came to the last session works on its themes, for as long as its programme lasts."""
    model = state.model
    if state.came_before and model.year - model.last_met <= model.here.agenda_rule.programme_years:
        learned = model.here.between.work_groups * model.trains
        for theme in model.last_themes:
            state.practice[theme] += learned * (1.0 - state.practice[theme])


def come(state: Delegation, usual: SimpleNamespace) -> None:
    """A delegation comes with a chance that grows with trust, stakes, size, nearness and promises kept.

    Parameters
    ----------
    state
    usual
        Mean ``stake`` and mean log ``size`` of all states.
    """
    p, model = state.rules, state.model
    rule = model.here.attendance
    kept = min(state.delivered / state.promised, 1.0) if state.promised > 0.0 else 1.0
    is_near = model.chair is not None and state.region_index == model.chair.region_index
    far = model.between_km(model.chair, state) / 10_000.0 if model.chair is not None else 0.5
    state.odds = (
        rule.level
        + rule.trust * (state.trust - p.trust.start)
        + rule.stake * (stake(state) - usual.stake)
        + rule.own_region * is_near
        + rule.capacity * (log(state.income * state.population) - usual.size) / 4.0
        - rule.distance * far
        + rule.delivery * (kept - 1.0)
    )
    chance = model.size / (1.0 + exp(-state.odds))
    state.is_here = state.may_come and (state is model.chair or state.draw < chance)


def stake(state: Delegation) -> float:
    """Mean salience, attention and all."""
    return fmean(state.cares(theme, 1.0) for theme in state.attention)
