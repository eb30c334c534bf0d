"""After a session: the bill, the public, what stands, what states do about it, and trust."""

from __future__ import annotations

from typing import Any

from benchmarks.per_agent.delegation import Delegation, Standing, between

__all__ = ["build_trust", "count_deeds", "follow_up", "pay", "stand_by", "turn"]


def pay(session: Any) -> None:
    """Everybody pays for the journey, developed states for those of the poorest; the chair for the rest."""
    rule = session.here.report
    here = [state for state in session.states if state.is_here]
    donors = [state for state in here if state.is_developed]
    travel = rule.delegation_cost * session.costs
    bill = rule.chair_cost * session.size * session.costs
    helped = 0.0
    for state in here:
        if donors and state.is_least_developed:
            helped += travel
        else:
            state.forum_costs += travel
    share_out(helped, donors)
    payers = {
        "chair": [session.chair] if session.chair is not None else [],
        "convener": [state for state in session.states if state.may_come],
        "contributions": donors or here,
    }
    share_out(bill, payers[session.here.funding])


def share_out(bill: float, payers: list[Delegation]) -> None:
    """A bill by income."""
    everything = sum(state.product for state in payers)
    for state in payers:
        state.forum_costs += bill * state.product / everything


def turn(state: Delegation) -> None:
    """A visible text turns some of the ambivalent in hosts to hostility."""
    session = state.model
    if not state.is_here or not session.text:
        return
    mean = sum(text.strength for text in session.text) / len(session.text)
    turned = session.here.report.backlash * session.angers * session.force * mean
    turned *= state.host * state.ambivalent
    state.anti += turned
    state.ambivalent -= turned


def stand_by(state: Delegation) -> None:
    """Who is pledged by an adopted paragraph stands by it, unless it stands by a stronger one."""
    session = state.model
    for text in session.text:
        strength = min(1.0, session.force * text.strength)
        is_pledged = state.is_here and text.is_adopted and session.force > 0.0
        if is_pledged and strength >= state.standing[text.index].strength:
            state.standing[text.index] = Standing(text.position, text.ambiguity, strength, is_pledged=True)


def count_deeds(session: Any) -> float:
    """What all states together delivered last year of what they had promised, at most all of it."""
    promised = sum(state.promised for state in session.states)
    return min(1.0, sum(state.delivered for state in session.states) / promised) if promised > 0.0 else 0.0


def follow_up(state: Delegation, seen: float) -> None:
    """Policy goes toward the ideal, and toward what the state stands by as far as it is worth it at home.

    Parameters
    ----------
    state
    seen
        What peers were seen to deliver.
    """
    p, n = state.rules.follow_up, len(state.standing)
    policy, promised, delivered = [], 0.0, 0.0
    beta = p.pull * state.trust * (1.0 + p.peers * seen)
    for a, text in enumerate(state.standing):
        ideal, practice = state.ideal[a], state.practice[state.model.levers[a].theme]
        gap = max(0.0, text.position - text.ambiguity - ideal)
        gap -= p.downward * max(0.0, ideal - text.position - text.ambiguity)
        cost = p.cost * (1.0 + p.cost_of_hostility * state.anti + p.cost_of_inexperience * (1.0 - practice))
        share = beta * text.strength / (cost + beta * text.strength) if text.is_pledged else 0.0
        target = between(ideal + share * gap, 0.0, 1.0)
        policy.append(state.policy[a] + state.rules.world.policy.pace * (target - state.policy[a]))
        if text.is_pledged:
            promised += text.strength * max(0.0, gap) / n
            delivered += min(share, text.strength) * max(0.0, gap) / n
        text.strength *= 1.0 - p.fade
    state.policy, state.promised, state.delivered = policy, promised, delivered
    for theme, practice in state.practice.items():
        use = state.of_theme(policy, theme)
        state.practice[theme] = practice + state.rules.world.policy.experience * use * (1.0 - practice)


def build_trust(state: Delegation) -> None:
    """Trust goes back to its start, is lost with promises and long agendas, and is built by meeting."""
    session, p = state.model, state.rules.trust
    in_depth, n_themes = session.here.round_tables.themes_in_depth, len(session.agenda)
    before = state.trust
    expected = session.here.between.expectations * max(0.0, n_themes / in_depth - 1.0)
    disappoints = 1.0 + (expected * session.trusts if state.is_here else 0.0)
    trust = before - p.reversion * (before - p.start)
    trust -= p.disappointment * disappoints * max(0.0, state.promised - state.delivered)
    if state.is_here:
        overload = session.here.report.overload * max(0.0, n_themes - in_depth)
        trust += session.trusts * (p.meeting * (1.0 - before) - overload)
    state.trust = between(trust, 0.0, 1.0)
