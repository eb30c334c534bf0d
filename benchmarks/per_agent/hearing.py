"""Before the plenary: the agenda is set, civil society is heard, round tables are held."""

from __future__ import annotations

from statistics import fmean
from typing import Any, Final

from benchmarks.per_agent.delegation import Delegation
from migsim.world.vocabulary import THEMES

__all__ = ["bargain", "hear", "heard_as", "report_of", "sit_at_round_tables", "survey"]

ROUNDING: Final = 1e-12
ALMOST_NOTHING: Final = 1e-6


def survey(session: Any) -> dict[str, float]:
    """How much each theme is wanted, of those for which both sides care and wish for something."""
    rule, scores = session.here.agenda_rule, {}
    for theme in THEMES:
        cares = {state: state.cares(theme, 1.0) for state in session.states}
        wishes = {state: state.of_theme(state.ideal, theme) for state in session.states}
        interest = min(mean_of_side(cares, "host"), mean_of_side(cares, "departure"))
        wish = min(mean_of_side(wishes, "host"), mean_of_side(wishes, "departure"))
        if interest < rule.least_interest or wish < rule.least_wish:
            continue
        score = interest + wish + rule.survey_noise * session.survey_noise[theme]
        if session.chair is not None:
            near = [s for s in session.states if s.region_index == session.chair.region_index]
            score += rule.chair_region * fmean(cares[state] for state in near)
            score += rule.chair_attention * session.chair.attention[theme]
        if session.year - session.discussed[theme] < rule.programme_years:
            score *= rule.recently_treated
        scores[theme] = max(score, ALMOST_NOTHING)
    return scores


def mean_of_side(values: dict[Delegation, float], side: str) -> float:
    """Mean over states by their share of a role."""
    roles = {state: getattr(state, side) for state in values}
    mean: float = sum(roles[state] * value for state, value in values.items()) / sum(roles.values())
    return mean


def bargain(session: Any, theme: str) -> dict[str, float]:
    """Where each component of civil society stands on a theme at the end of its day.

    Everybody at once takes the mean of those who are not too far away, by weight and by how much they care;
    who exists for the theme stays with part of itself where it was.
    """
    rule, firmness = session.here.civil, session.rules.actors.civil_society.firmness
    room = session.civil_society
    stands = {c.name: c.position[theme] for c in room}
    for _ in range(int(rule.turns)):
        heard = {}
        for b in room:
            near = [c for c in room if abs(stands[c.name] - stands[b.name]) <= rule.confidence + ROUNDING]
            voices = sum(c.weight * c.salience[theme] for c in near)
            said = sum(c.weight * c.salience[theme] * stands[c.name] for c in near)
            firm = firmness if b.holds[theme] else 0.0
            mean = said / voices if voices > 0.0 else stands[b.name]
            heard[b.name] = firm * b.position[theme] + (1.0 - firm) * mean
        stands = heard
    return stands


def report_of(session: Any, theme: str) -> float:
    """What civil society tells governments: the mean by weight, salience and the floor given."""
    stands, chair, rule = bargain(session, theme), session.chair, session.here.civil
    voices = said = 0.0
    for c in session.civil_society:
        floor = 1.0
        if chair is not None and rule.organiser == "government":
            floor -= rule.favour * abs(c.position[theme] - chair.of_theme(chair.ideal, theme))
        voice = c.weight * c.salience[theme] * floor
        voices += voice
        said += voice * stands[c.name]
    return said / voices if voices > 0.0 else 0.5


def hear(state: Delegation) -> None:
    """A government that listens learns something about its own interest."""
    session, p = state.model, state.rules.actors.civil_society
    if not state.is_here:
        return
    listens = 1.0 - p.closed_camp * (1.0 - state.is_open)
    taught = session.here.civil.knowledge * session.civil_weight * (1.0 + p.academics) * session.teaches
    for theme in session.agenda:
        state.knowledge[theme] += taught * listens * (1.0 - state.knowledge[theme])


def sit_at_round_tables(session: Any) -> None:
    """Those who came learn from each other's practice, then from experts."""
    rule = session.here.round_tables
    here = [state for state in session.states if state.is_here]
    depth = min(1.0, rule.themes_in_depth / max(len(session.agenda), 1))
    before = {state: dict(state.practice) for state in here}
    for theme in session.agenda:
        doing, knowing = (experts(session, kind, theme) for kind in ("practice", "knowledge"))
        for state in here:
            near = [peer for peer in here if peer.subregion_index == state.subregion_index]
            of_near, of_all = (fmean(before[peer][theme] for peer in peers) for peers in (near, here))
            peers_do = rule.own_region_share * of_near + (1.0 - rule.own_region_share) * of_all
            practice, knowledge = state.practice[theme], state.knowledge[theme]
            learned = depth * session.trains
            practice += learned * rule.peer_learning * max(0.0, peers_do - practice)
            practice += learned * rule.expert_practice * doing * (1.0 - practice)
            state.practice[theme] = practice
            taught = depth * session.teaches * rule.expert_knowledge * knowing
            state.knowledge[theme] = knowledge + taught * (1.0 - knowledge)


def experts(session: Any, kind: str, theme: str) -> float:
    """Mean over all organisations of what they can teach; those that do not take part teach nothing."""
    bodies = session.organisations
    can: list[float] = [getattr(body, kind)[theme] if body.is_present else 0.0 for body in bodies]
    apart = session.here.organisations == "with_civil_society"
    reaches: float = session.here.round_tables.behind_the_door if apart else 1.0
    return reaches * fmean(can)


def heard_as(session: Any) -> float:
    """Weight of civil society's report beside organisations, and so of what governments learn from it."""
    rule = session.here.civil
    weights: dict[str, float] = {
        "excluded": 0.0,
        "day_before": rule.weight_day_before,
        "common_space": rule.weight_common_space,
    }
    return weights[session.here.civil_society]
