"""Incomes and jobs, and the little that migration adds to them."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migsim.world.base import ageing as ageing_of
from migsim.world.economy import (
    EconomyParameters,
    grow,
    host_gain,
    migrant_share,
    migrant_unemployment,
    skill_loss,
)
from migsim.world.flows import SKILLED
from migsim.world.vocabulary import COEFFICIENTS
from tests.lives import lived, small, varied

WITHOUT_MIGRATION = {
    "world.economy.host_output": 0.0,
    "world.economy.remittance_effect": 0.0,
    "world.economy.skill_loss": 0.0,
    "world.economy.learning": 0.0,
    "world.economy.returning_skills": 0.0,
    "world.economy.growth_noise": 0.0,
    "world.policy.pace": 0.0,
    "world.policy.experience": 0.0,
    "processes": {},
}


def economy(**changes):
    one = np.ones((1, 1))
    named = {name: one for name in EconomyParameters.__dataclass_fields__}
    return EconomyParameters(**named | {name: value * one for name, value in changes.items()})


def test_a_little_skilled_departure_does_no_harm_and_the_loss_grows_faster_than_departure():
    p = economy(skill_loss=0.5, harmless_skilled_emigration=0.1, learning=0.0)
    population = np.full((1, 5), 1000.0)
    abroad = np.array([[0.0, 5.0, 20.0, 30.0, 40.0]])
    losses = skill_loss(abroad, population, np.array([[0.05]]), p)[0]
    rates = abroad[0] / (abroad[0] + 50.0)
    np.testing.assert_allclose(losses, 0.5 * np.maximum(rates - 0.1, 0.0) ** 2)
    assert losses[1] == 0.0
    slopes = np.diff(losses[1:]) / np.diff(rates[1:])
    assert np.all(np.diff(slopes) > 0.0)


def test_small_states_lose_most():
    for learning in (0.0, 0.1):
        p = economy(skill_loss=0.3, harmless_skilled_emigration=0.075, learning=learning)
        losses = skill_loss(np.array([[100.0, 100.0]]), np.array([[1e3, 1e6]]), np.array([[0.05]]), p)[0]
        assert losses[0] > 0.0
        assert losses[1] < 0.0 if learning else losses[1] == 0.0


def test_without_effects_income_follows_its_path():
    life = lived(varied(WITHOUT_MIGRATION | {"shocks": {}}))
    income = life.setting.base.income
    for world in life.worlds[1:]:
        income = income * np.exp(life.setting.base.growth(world.year))
        np.testing.assert_allclose(world.economies.income[0], income, rtol=1e-12)
        np.testing.assert_allclose(world.economies.unemployment[0], life.setting.base.unemployment)


def test_migrants_raise_the_income_of_hosts_and_skilled_departure_lowers_it():
    life = lived(small())
    start, setting = replace(life.worlds[0], year=2006), life.setting
    stock = start.people.stock.copy()
    skilled_abroad, there = stock.copy(), setting.corridors.destination == setting.states.index("DEU")
    stock[..., there] *= 2.0
    from_mexico = setting.corridors.origin == setting.states.index("MEX")
    skilled_abroad[:, SKILLED, from_mexico] *= 8.0

    def income(people):
        living = setting.corridors.by_destination(people.sum(axis=-2)) + setting.base.unattributed
        there = replace(start.people, stock=people, immigrants=living)
        return grow(replace(start, people=there), setting).economies.income[0]

    usual, more, drained = income(start.people.stock), income(stock), income(skilled_abroad)
    germany, mexico = setting.states.index("DEU"), setting.states.index("MEX")
    assert more[germany] > usual[germany]
    assert drained[mexico] < usual[mexico]


def test_migrants_lose_work_first():
    life = lived(small())
    slump, calm = life.at(2009), lived(varied({"shocks.recession": None})).at(2009)
    gap = slump.economies.migrant_unemployment - calm.economies.migrant_unemployment
    all_gap = slump.economies.unemployment - calm.economies.unemployment
    hit = all_gap > 0.01
    assert hit.sum() > 3
    assert np.all(gap[hit] > all_gap[hit])
    assert np.all(slump.economies.migrant_unemployment >= slump.economies.unemployment)


def test_share_of_migrants_counts_those_without_a_known_corridor():
    life = lived(small(), last=2005)
    share = migrant_share(life.worlds[0])
    np.testing.assert_allclose(share[0], life.setting.base.migrant_share, rtol=1e-12)


@pytest.mark.parametrize("speed", [0.1, 0.3])
def test_effects_come_at_a_yearly_speed(speed):
    life = lived(varied({"world.economy.speed": speed}))
    first = life.at(2006)
    p = life.setting.parameters.group(EconomyParameters, "world.economy")
    target = host_gain(life.setting, p) * (migrant_share(first) - life.setting.base.migrant_share)
    np.testing.assert_allclose(first.economies.host_effect, speed * target, rtol=1e-9, atol=1e-15)


def test_policy_moves_what_migrants_lack_in_jobs_beyond_everybody_s_lack():
    """Integration and equal access close the excess of migrants' unemployment, however far they go."""
    life = lived(small(), (0, 1), "ranged", last=2005)
    world, setting = life.worlds[0], life.setting
    p = setting.parameters.group(EconomyParameters, "world.economy")
    unemployment = setting.base.unemployment
    excess = (p.migrant_job_gap - 1.0) * unemployment

    def found(job_gap):
        host = world.conditions.host.copy()
        host[:, COEFFICIENTS.index("job_gap")] = job_gap
        moved = replace(world, conditions=replace(world.conditions, host=host))
        return migrant_unemployment(moved, setting, unemployment, p)

    assert np.any(excess > 0.0)
    for job_gap in (0.0, -0.5, 0.3):
        np.testing.assert_allclose(
            found(job_gap), np.clip(unemployment + np.exp(job_gap) * excess, 0.0, 0.9), rtol=1e-12
        )
    np.testing.assert_allclose(found(-50.0), unemployment + 0.0 * excess, rtol=1e-9)


RATES = st.floats(0.0, 0.95)


def loss_at(rate, p):
    """The loss where a given share of the skilled lives abroad, ten thousand of them at home."""
    abroad = np.array([[1e4 * rate / (1.0 - rate)]])
    return skill_loss(abroad, np.array([[1e6]]), np.array([[0.01]]), p).item()


@settings(max_examples=100, deadline=None)
@given(
    rates=st.tuples(RATES, RATES, RATES),
    cost=st.floats(0, 0.6),
    learning=st.floats(0, 0.2),
    harmless=st.floats(0.05, 0.1),
)
def test_the_loss_is_convex_on_either_side_of_the_harmless_rate(rates, cost, learning, harmless):
    """Chords lie above the curve: first a gain that shrinks, beyond the harmless rate harm, ever faster."""
    p = economy(skill_loss=cost, harmless_skilled_emigration=harmless, learning=learning)
    first, middle, last = sorted(rates)
    losses = [loss_at(rate, p) for rate in (first, middle, last)]
    assert min(losses) >= -0.25 * learning * harmless - 1e-12
    if last - first > 1e-6 and (first >= harmless or last <= harmless):
        part = (middle - first) / (last - first)
        assert losses[1] <= (1.0 - part) * losses[0] + part * losses[2] + 1e-9
    for rate, loss in zip((first, middle, last), losses, strict=True):
        assert loss <= 1e-12 if rate <= harmless else loss >= -1e-12


def test_learning_gains_most_at_half_the_harmless_rate_and_is_gone_there():
    p = economy(skill_loss=0.3, harmless_skilled_emigration=0.08, learning=0.1)
    rates = np.linspace(0.0, 0.08, 161)
    losses = np.array([loss_at(rate, p) for rate in rates])
    assert rates[np.argmin(losses)] == pytest.approx(0.04)
    assert losses.min() == pytest.approx(-0.1 * 0.08 / 4.0)
    np.testing.assert_allclose(losses[[0, -1]], 0.0, atol=1e-12)
    assert loss_at(0.12, p) == pytest.approx(0.3 * 0.04**2)


def test_policy_eases_the_loss_and_not_the_learning():
    p = economy(skill_loss=0.3, harmless_skilled_emigration=0.08, learning=0.1)
    people = np.array([[1e6]]), np.array([[0.01]])
    for rate, factor in ((0.04, 1.0), (0.3, np.exp(-0.5))):
        abroad = np.array([[1e4 * rate / (1.0 - rate)]])
        eased, usual = (skill_loss(abroad, *people, p, size).item() for size in (-0.5, 0.0))
        assert eased == pytest.approx(factor * usual)


def test_migrants_are_worth_more_to_hosts_that_grow_old():
    setting = lived(small(), (0, 1), "ranged", last=2005).setting
    p = setting.parameters.group(EconomyParameters, "world.economy")
    gain, ageing = host_gain(setting, p), setting.base.ageing
    germany, nigeria = (setting.states.index(code) for code in ("DEU", "NGA"))
    assert np.all(ageing[:, germany] > 0.0)
    assert not ageing[:, nigeria].any()
    np.testing.assert_allclose(gain, p.host_output * (1.0 + p.ageing * ageing), rtol=1e-12)
    assert np.all(gain >= p.host_output)
    assert np.all(gain[:, germany] > gain[:, nigeria])


def test_ageing_is_what_a_state_s_increase_lacks_of_that_of_developed_states():
    """Where more are born than in the mean of their people, nobody is short of the young."""
    setting = lived(small(), (0, 1), "ranged", last=2005).setting
    increase, population = setting.base.natural_increase, setting.base.population
    developed = setting.states.is_developed == 1.0
    usual = np.average(increase[:, developed], axis=-1, weights=population[developed])[:, None]
    assert increase.min() < usual.min() < usual.max() < increase.max()
    least = setting.parameters["world.base.least_natural_increase"]

    def older(usual):
        """At the bound, the increase is what figures that disagree leave over: nobody counts as old by it."""
        return np.where(increase > least, np.maximum(100.0 * (usual - increase), 0.0), 0.0)

    np.testing.assert_allclose(setting.base.ageing, older(usual), rtol=1e-9, atol=1e-12)
    young = ageing_of(increase, population, replace(setting.states, is_developed=0.0 * developed), least)
    usual = np.average(increase, axis=-1, weights=population)[:, None]
    np.testing.assert_allclose(young, older(usual), rtol=1e-9, atol=1e-12)


def test_without_growth_of_its_own_a_state_grows_by_shocks_alone():
    still = lived(varied(WITHOUT_MIGRATION | {"world.economy.own_growth": 0.0}))
    path = still.setting.base.income
    for world in still.worlds[1:]:
        path = path * np.exp(still.setting.shocks.growth(world.year))
        np.testing.assert_allclose(world.economies.path[0], path, rtol=1e-12)
