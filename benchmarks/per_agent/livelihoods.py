"""What moving brings: income, money sent home, opinion, well-being and the year's accounts of one state."""

from __future__ import annotations

from math import exp, log, tanh
from statistics import fmean
from types import SimpleNamespace

from benchmarks.per_agent.state_agent import DISPLACED, IRREGULAR, N_CLASSES, SKILLED, StateAgent
from migsim.world.vocabulary import BASE_YEAR, CLASSES

__all__ = ["close_books", "feel", "form_opinion", "give_aid", "grow", "send_money"]


def grow(state: StateAgent) -> None:
    """Income on its own path, with what migration adds; unemployment, which hits migrants first."""
    p, base = state.rules.economy, state.base
    host_target = gain_by_migrants(state) * (state.migrant_share - base.migrant_share)
    origin_target = what_emigration_brings(state)
    loss_target = lost_with_the_skilled(state)
    state.path *= exp(state.happens.growth)
    state.host_effect += p.speed * (host_target - state.host_effect)
    state.origin_effect += p.speed * (origin_target - state.origin_effect)
    state.skill_loss += p.speed * (loss_target - state.skill_loss)
    state.income = state.path * exp(
        state.host_effect + state.origin_effect - (state.skill_loss - base.skill_loss)
    )
    state.unemployment = min(max(base.unemployment + state.happens.unemployment, 0.0), 0.6)
    excess = (p.migrant_job_gap - 1.0) * exp(
        state.own("job_gap") - p.integration_to_jobs * state.own("integration")
    )
    slump = max(state.unemployment - base.unemployment, 0.0)
    migrants = (1.0 + excess) * state.unemployment + p.migrants_first * slump
    state.migrant_unemployment = min(max(migrants, 0.0), 0.9)


def gain_by_migrants(state: StateAgent) -> float:
    """Log income per unit of migrant share, more where people grow old."""
    p = state.rules.economy
    gain: float = p.host_output * (1.0 + p.ageing * state.base.ageing)
    return gain


def what_emigration_brings(state: StateAgent) -> float:
    """Log income by remittances of last year, by the skilled who came home, and by work with the diaspora."""
    p, base = state.rules.economy, state.base
    used = exp(state.own("remittance_use")) * state.received / state.product
    came_home = sum(c.returns[SKILLED] for c in state.corridors)
    returned = exp(state.own("returning_skills")) * came_home / (state.population * base.skilled_at_home)
    by_money = p.remittance_effect * (used - base.remittance_share)
    by_skills = p.returning_skills * (returned - base.returning_skills)
    brought: float = by_money + by_skills + 0.01 * state.own("diaspora") * base.diaspora_reach
    return brought


def lost_with_the_skilled(state: StateAgent) -> float:
    """Log income lost through skilled departure, less what the prospect of leaving makes people learn."""
    p = state.rules.economy
    abroad = sum(c.stock[SKILLED] for c in state.corridors)
    rate = abroad / (abroad + state.population * state.base.skilled_at_home)
    harmless = p.harmless_skilled_emigration
    lost = p.skill_loss * max(0.0, rate - harmless) ** 2 * exp(state.own("skill_loss"))
    loss: float = lost - p.learning * rate * max(0.0, 1.0 - rate / harmless)
    return loss


def send_money(state: StateAgent) -> None:
    """Migrants of a state send a share of what they earn, the more the less it costs."""
    p = state.rules.remittances
    wages = [getattr(p, f"wage_{name}") for name in CLASSES]
    years = state.model.year - BASE_YEAR
    recorded = p.recording * min(years, p.recording_lasts)
    received = fees = 0.0
    for c in state.corridors:
        host = c.host
        earned = sum(wage * people for wage, people in zip(wages, c.stock, strict=True))
        earned *= host.income * host.base.market_rate
        earned *= exp(host.at_host["migrant_wage"]) * (1.0 - host.migrant_unemployment) / 1e6
        dearer = p.cost_trend * years + state.at_origin["transfer_cost"] + host.at_host["transfer_cost"]
        inclined = state.at_origin["propensity"] + host.at_host["propensity"] + recorded
        c.sent = state.base.propensity * earned * exp(inclined - p.cost_elasticity * dearer)
        received += c.sent
        fees += c.sent * p.cost * exp(dearer)
    state.received = received + state.base.unattributed_receipts
    state.transfer_cost = fees / received if received > 0.0 else p.cost


def form_opinion(state: StateAgent) -> None:
    """Pressure moves the ends against the middle; people get used to change; attention follows arrivals."""
    p, base = state.rules.opinion, state.base
    arrivals = sum(c.flow[IRREGULAR] + c.flow[DISPLACED] for c in state.arriving) / state.population
    state.control += p.control_fades * (border_policy(state) - state.control)
    idle_before, share_before, opening_before = state.noticed
    idle, share = 100.0 * state.unemployment, 100.0 * state.migrant_share
    opening = exp(min(state.at_host["openness_regular"], 1.0)) - 1.0
    state.noticed = [idle, share, opening]
    economy = p.economy_strong if p.reading == "strong" else p.economy
    pressure = (
        economy * (idle - idle_before)
        + p.migrant_share * (share - share_before)
        + p.thermostat * (opening - opening_before)
        + p.disorder * 1000.0 * (arrivals - base.disorderly_arrivals)
        - p.message * believed_message(state)
        - p.control * (state.control - base.control)
    )
    swing = p.largest_swing * tanh(pressure / p.largest_swing)
    hostile, friendly = state.anti * exp(swing), state.pro * exp(-swing)
    everybody = hostile + state.ambivalent + friendly
    years = max(p.habituation, 1.0)
    state.anti = hostile / everybody + (base.anti - hostile / everybody) / years
    state.pro = friendly / everybody + (base.pro - friendly / everybody) / years
    state.ambivalent = 1.0 - state.pro - state.anti
    unusual = 1000.0 * max(arrivals - base.disorderly_arrivals, 0.0)
    alarm = dict.fromkeys(
        ("border_security", "protection_mixed_flows"), tanh(p.attention_to_arrivals * unusual)
    )
    for theme, usual in base.attention.items():
        kept = state.attention[theme] + p.attention_fades * (usual - state.attention[theme])
        called = max(state.happens.attention[theme], alarm.get(theme, 0.0))
        state.attention[theme] = kept + called * (1.0 - kept)


def border_policy(state: StateAgent) -> float:
    """Mean policy on the paragraphs of border security."""
    levers = zip(state.policy, state.model.levers, strict=True)
    return fmean(policy for policy, lever in levers if lever.theme == "border_security")


def believed_message(state: StateAgent) -> float:
    """What is left of the authorities' message where deeds do not follow and lives do not improve."""
    p = state.rules.opinion
    gaps = [abs(ideal - policy) for ideal, policy in zip(state.ideal, state.policy, strict=True)]
    coherence = max(0.0, 1.0 - p.coherence_lost * sum(gaps) / len(gaps))
    better = sum(
        people * (now - first)
        for people, now, first in zip(state.hosted, state.wellbeing, state.base.wellbeing, strict=True)
    ) / max(sum(state.hosted), 1.0)
    seen = min(max(better / p.visible_improvement, 0.0), 1.0)
    message: float = state.own("message") * coherence * (1.0 - p.lives_count * (1.0 - seen))
    return message


def feel(state: StateAgent) -> None:
    """The four aspects of the lives of each class, their index, and the index of those who stay at home."""
    p, own = state.rules.wellbeing, state.own
    shares = [p.weight_work, p.weight_status, p.weight_services, p.weight_participation]
    weights = [share / sum(shares) for share in shares]
    trend = exp(state.rules.flows.temporary_trend * (state.model.year - BASE_YEAR))
    temporary = min(1.0, p.temporary_share * trend)
    fees = min(p.recruitment_months / 12.0 * exp(own("recruitment_cost")) / p.recruitment_years, 0.9)
    paid = exp(state.at_host["migrant_wage"])
    pay = state.income * paid * (1.0 - state.migrant_unemployment) * (1.0 - fees)
    capacity = state.income / (state.income + p.services_income)
    barriers = p.barriers * min(max(1.0 - own("integration"), 0.0), 1.0)
    kept = 1.0 - temporary * (1.0 - min(max(p.portability + own("portability"), 0.0), 1.0))
    exploited = exp(own("exposure")) * (1.0 - p.network_support * among_compatriots(state))
    hostility = p.hostility * (state.anti - state.base.anti)
    exposure = {"irregular": p.exposure_irregular, "displaced": p.exposure_displaced}
    legal = {"skilled": p.status_reaches_skilled * own("status"), "regular": own("status")}
    legal["displaced"] = own("protection")
    paying = (1.0 - state.migrant_unemployment) * kept
    contributed = {"skilled": paying, "regular": paying, "irregular": 0.0, "displaced": 1.0}
    state.wellbeing, state.participation = [], []
    for name in CLASSES:
        harm = exposure.get(name, 0.0) * exploited
        wage = getattr(state.rules.remittances, f"wage_{name}")
        work = income_score(pay * wage, p) * (1.0 - harm) + own("work_quality")
        status = raised(getattr(p, f"status_{name}"), legal.get(name, 0.0))
        if name in ("skilled", "regular"):
            status += temporary * p.permit * (1.0 - status)
        entitled = 1.0 - p.contribution_share * (1.0 - contributed[name])
        services = raised(getattr(p, f"access_{name}") * capacity, own("services")) * entitled
        services *= 1.0 - barriers
        belonging = raised(getattr(p, f"participation_{name}"), own("integration"))
        participation = belonging - hostility - p.exposure_to_insecurity * harm
        aspects = [min(max(x, 0.0), 1.0) for x in (work, status, services, participation)]
        state.wellbeing.append(100.0 * sum(w * x for w, x in zip(weights, aspects, strict=True)))
        state.participation.append(aspects[3])
    at_home = [
        income_score(state.income * (1.0 - state.unemployment), p),
        1.0,
        capacity,
        p.participation_home,
    ]
    state.home = 100.0 * sum(w * x for w, x in zip(weights, at_home, strict=True)) + state.rules.home_shift


def income_score(income: float, p: SimpleNamespace) -> float:
    """Log income between the poorest (0) and the richest (1) host."""
    score = log(max(income, 1.0) / p.poorest_income) / log(p.richest_income / p.poorest_income)
    return min(max(score, 0.0), 1.0)


def raised(level: float, change: float) -> float:
    """Raise a level toward one by part of what is missing, or lose part of the level itself."""
    return level + change * (1.0 - level) if change > 0.0 else level * (1.0 + change)


def among_compatriots(state: StateAgent) -> float:
    """Mean of ``S / (S + size)`` over the migrants of a host."""
    size = state.rules.wellbeing.network_size
    helped = 0.0
    for c in state.arriving:
        there = c.everybody
        helped += there * there / (there + size)
    return helped / max(sum(state.hosted), 1.0)


def give_aid(state: StateAgent) -> None:
    """Developed states give a share of their income for migration and development."""
    share = 0.01 * max(state.at_host["aid"], 0.0)
    state.aid = share * state.product * state.is_developed
    state.aid_per_migrant = state.aid / max(sum(state.hosted), 1.0)


def dearer_work(state: StateAgent) -> float:
    """What policy has added to the pay of migrants at work, as a share of the host's income."""
    rule = state.rules.remittances
    wages = [getattr(rule, f"wage_{name}") for name in CLASSES]
    usual = sum(wage * people for wage, people in zip(wages, state.hosted, strict=True))
    more = exp(state.at_host["migrant_wage"]) - 1.0
    added: float = more * usual * (1.0 - state.migrant_unemployment) / state.population
    return added


def close_books(state: StateAgent) -> None:
    """What migration is worth to the state as a host and as a country of departure, percent of income."""
    p, base, product = state.rules.accounts, state.base, state.product
    given = sum(c.everybody for c in state.arriving) * state.aid_per_migrant
    grants = sum(c.everybody * c.host.aid_per_migrant for c in state.corridors)
    counted = [sum(state.hosted), state.emigrants, state.hosted[IRREGULAR], state.hosted[DISPLACED]]
    counted.append(state.population)
    policy = sum(cost * people for cost, people in zip(state.costs, counted, strict=True)) / 1e6
    spent = policy * state.income * base.market_rate / state.rules.policy.cost_income + given
    share, in_2005 = state.migrant_share, gain_by_migrants(state) * base.migrant_share
    output = 100.0 * (state.host_effect + in_2005) + p.native_wage * p.low_paid_share * 100.0 * share
    output -= 100.0 * p.wage_incidence * dearer_work(state)
    at_work = base.migrant_unemployment - state.migrant_unemployment
    fiscal = 10.0 * p.fiscal_balance * share + 100.0 * p.tax_rate * share * at_work - 100.0 * spent / product
    fiscal -= 100.0 * p.reception * state.hosted[DISPLACED] / state.population
    order = -p.order_value * 100.0 * state.hosted[IRREGULAR] / state.population
    belonging = sum(state.hosted[k] * (state.participation[k] - 0.5) for k in range(N_CLASSES))
    integration = p.integration_value * 100.0 * belonging / state.population
    state.gain_host = p.weight_output * output + p.weight_fiscal * fiscal
    state.gain_host += p.weight_order * order + p.weight_integration * integration
    state.gain_departure = (
        p.weight_money * 100.0 * state.received / product
        - p.weight_skills * 100.0 * state.skill_loss
        + p.weight_development * 100.0 * (state.origin_effect + (grants - spent) / product)
    )
