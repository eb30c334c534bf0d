"""Incomes and jobs, and the little that migration adds to them."""

from dataclasses import replace

import numpy as np
import pytest

from migsim.world.economy import (
    EconomyParameters,
    grow,
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
    p = economy(skill_loss=0.5, harmless_skilled_emigration=0.1)
    population = np.full((1, 5), 1000.0)
    abroad = np.array([[0.0, 5.0, 20.0, 30.0, 40.0]])
    losses = skill_loss(abroad, population, np.array([[0.05]]), p)[0]
    rates = abroad[0] / (abroad[0] + 50.0)
    np.testing.assert_allclose(losses, 0.5 * np.maximum(rates - 0.1, 0.0) ** 2)
    assert losses[1] == 0.0
    slopes = np.diff(losses[1:]) / np.diff(rates[1:])
    assert np.all(np.diff(slopes) > 0.0)


def test_small_states_lose_most():
    p = economy(skill_loss=0.3, harmless_skilled_emigration=0.075)
    losses = skill_loss(np.array([[100.0, 100.0]]), np.array([[1e3, 1e6]]), np.array([[0.05]]), p)[0]
    assert losses[0] > losses[1] == 0.0


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
        return grow(replace(start, people=replace(start.people, stock=people)), setting).economies.income[0]

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
    share = migrant_share(life.worlds[0], life.setting)
    np.testing.assert_allclose(share[0], life.setting.base.migrant_share, rtol=1e-12)


@pytest.mark.parametrize("speed", [0.1, 0.3])
def test_effects_come_at_a_yearly_speed(speed):
    life = lived(varied({"world.economy.speed": speed}))
    first = life.at(2006)
    target = life.setting.parameters["world.economy.host_output"] * (
        migrant_share(first, life.setting) - life.setting.base.migrant_share
    )
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
