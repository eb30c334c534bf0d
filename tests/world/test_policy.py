"""Levers: what policy moves, and how far."""

from dataclasses import replace

import numpy as np
import pytest

from migsim.provenance.parameters import registry
from migsim.world.policy import (
    PolicyParameters,
    conditions,
    effect,
    laid_by_paragraph,
    levers,
    paragraph_first,
    theme_means,
)
from migsim.world.vocabulary import COEFFICIENTS, COST_BASES, THEMES
from migsim.year import live_world
from tests.lives import differing, lived, small, varied

TABLE = levers()
NOTHING = {f"levers.{name}": 0.0 for name in TABLE.paragraphs}
NEUTRAL = {
    "world.policy.rights_against_numbers": 0.0,
    "world.policy.cost_scale": 0.0,
    "world.opinion.control": 0.0,
}
"""Besides levers, policy acts through the numbers-rights trade-off, its costs and perceived control."""


@pytest.fixture(scope="module")
def life():
    return lived(small(), (0, 1), "ranged")


def test_every_theme_has_two_to_five_paragraphs():
    for theme in THEMES:
        assert 2 <= TABLE.of_theme(theme).size <= 5
    assert len(set(TABLE.paragraphs)) == len(TABLE)
    np.testing.assert_allclose(TABLE.at_host + TABLE.at_origin, 1.0)


def test_the_paragraphs_of_a_theme_are_neighbours():
    assert np.all(np.diff(TABLE.theme) >= 0)
    for theme, run in zip(THEMES, TABLE.runs, strict=True):
        np.testing.assert_array_equal(np.arange(len(TABLE))[run], TABLE.of_theme(theme))


def test_how_values_lie_in_memory_changes_none():
    values = np.sin(np.arange(3.0 * 4.0 * len(TABLE))).reshape(3, 4, len(TABLE))
    laid = laid_by_paragraph(values)
    assert np.shares_memory(paragraph_first(laid), laid)
    np.testing.assert_array_equal(laid, values)
    np.testing.assert_array_equal(theme_means(laid, TABLE), theme_means(values, TABLE))
    by_theme = theme_means(values, TABLE)
    np.testing.assert_array_equal(TABLE.by_theme(by_theme), by_theme[..., TABLE.theme])
    for n, theme in enumerate(THEMES):
        np.testing.assert_allclose(by_theme[..., n], values[..., TABLE.of_theme(theme)].mean(axis=-1))


def test_policies_and_ideals_lie_paragraph_first(life):
    for world in life.worlds:
        for values in (world.policies.policy, world.policies.ideal):
            assert np.shares_memory(paragraph_first(values), values)


def test_every_coefficient_is_moved_by_some_lever():
    assert set(TABLE.coefficient) == set(range(len(COEFFICIENTS)))


def test_knowing_how_decides_how_well_a_policy_works():
    policy = np.full((1, 1, 1), 0.8)
    floor = np.array([[0.5]])
    assert effect(policy, np.zeros((1, 1, 1)), floor).item() == pytest.approx(0.4)
    assert effect(policy, np.ones((1, 1, 1)), floor).item() == pytest.approx(0.8)


def test_conditions_are_those_of_a_loop(life):
    setting, policies = life.setting, life.last.policies
    p = setting.parameters.group(PolicyParameters, "world.policy")
    found = conditions(policies, setting.base, TABLE, p)
    host, origin, costs = (np.zeros_like(each) for each in (found.host, found.origin, found.costs))
    themes = ("equal_treatment", "secure_status", "services_portability")
    rights = [a for a, theme in enumerate(TABLE.theme) if THEMES[theme] in themes]
    for r in range(2):
        floor = p.effect_without_practice[r, 0]
        for i in range(len(setting.states)):
            moved = np.zeros(len(TABLE))
            for a in range(len(TABLE)):
                practice = policies.practice[r, i, TABLE.theme[a]]
                moved[a] = (
                    policies.policy[r, i, a] * (floor + (1 - floor) * practice) - setting.base.effect[r, i, a]
                )
                size = setting.base.lever_sizes[r, a]
                host[r, TABLE.coefficient[a], i] += TABLE.at_host[a] * size * moved[a]
                origin[r, TABLE.coefficient[a], i] += TABLE.at_origin[a] * size * moved[a]
                base = COST_BASES.index(TABLE.cost_base[a])
                step = policies.policy[r, i, a] - life.worlds[0].policies.policy[r, i, a]
                costs[r, base, i] += TABLE.cost[a] * step * p.cost_scale[r, 0]
            fall = p.rights_against_numbers[r, 0] * moved[rights].mean()
            host[r, COEFFICIENTS.index("openness_regular"), i] -= fall
    np.testing.assert_allclose(found.host, host, atol=1e-12)
    np.testing.assert_allclose(found.origin, origin, atol=1e-12)
    np.testing.assert_allclose(found.costs, costs, atol=1e-9)


def test_the_policies_of_2005_move_nothing(life):
    first = life.at(2006).conditions
    assert not first.host.any()
    assert not first.origin.any()
    assert not first.costs.any()
    assert life.at(2008).conditions.host.any()


def test_without_levers_conditions_do_not_move(life):
    policies, setting = life.last.policies, life.setting
    p = setting.parameters.group(PolicyParameters, "world.policy")
    p = replace(p, rights_against_numbers=0.0 * p.rights_against_numbers)
    without = replace(setting.base, lever_sizes=0.0 * setting.base.lever_sizes)
    found = conditions(policies, without, TABLE, p)
    assert not found.host.any()
    assert not found.origin.any()


@pytest.mark.filterwarnings("error::RuntimeWarning")
def test_without_levers_policy_moves_nothing_in_the_world():
    quick = lived(varied(NOTHING | NEUTRAL | {"world.policy.pace": 0.2}))
    slow = lived(varied(NOTHING | NEUTRAL | {"world.policy.pace": 0.05}))
    changed = differing(quick.at(2007), slow.at(2007))
    assert "policies.policy" in changed
    assert not {
        name for name in changed if name.startswith(("people", "economies", "transfers", "wellbeing"))
    }


def test_policy_drifts_toward_the_state_s_own_ideal_without_any_forum():
    life = lived(varied({"processes": {}}))
    pace = life.setting.parameters["world.policy.pace"]
    for before, after in life.years:
        ideal = after.policies.ideal
        expected = before.policies.policy + pace[..., None] * (ideal - before.policies.policy)
        np.testing.assert_allclose(after.policies.policy, np.clip(expected, 0.0, 1.0), rtol=1e-12)


def test_theme_means():
    by_paragraph = np.arange(float(len(TABLE)))[None, None, :]
    means = theme_means(by_paragraph, TABLE)[0, 0]
    for n, theme in enumerate(THEMES):
        assert means[n] == np.mean([a for a in range(len(TABLE)) if THEMES[TABLE.theme[a]] == theme])


def test_rights_cost_numbers_only_by_eta():
    none, much = (
        lived(varied({"world.policy.rights_against_numbers": eta}))
        .at(2009)
        .conditions.at_host("openness_regular")
        for eta in (0.0, 1.0)
    )
    assert np.abs(none - much).max() > 1e-4


IN_THE_WORLD = ("people", "economies", "transfers", "wellbeing", "opinions", "ledger", "gains")


@pytest.mark.parametrize("paragraph", TABLE.paragraphs)
def test_every_lever_moves_something_and_at_nought_nothing(paragraph):
    """A year in which all states have adopted one paragraph in full, as they think right."""
    life, a = lived(varied(NEUTRAL), last=2007), TABLE.paragraphs.index(paragraph)

    def lived_on(size, adopted):
        sizes, policy = life.setting.base.lever_sizes.copy(), life.last.policies.policy.copy()
        sizes[:, a] = size
        policy[:, :, a] = np.where(adopted, 1.0, policy[:, :, a])
        setting = replace(life.setting, base=replace(life.setting.base, lever_sizes=sizes))
        policies = replace(life.last.policies, policy=policy, ideal=policy)
        return live_world(replace(life.last, year=2008, policies=policies), setting)

    without, neither = lived_on(0.0, True), lived_on(0.0, False)
    assert differing(without, neither) == {"policies.policy", "policies.ideal"} | (
        {"opinions.control"} if a in TABLE.of_theme("border_security") else set()
    )
    with_lever = lived_on(registry()[f"levers.{paragraph}"].default, True)
    assert {name for name in differing(with_lever, without) if name.startswith(IN_THE_WORLD)}
    for side in ("host", "origin"):
        change = getattr(with_lever.conditions, side) - getattr(without.conditions, side)
        assert not np.delete(change, TABLE.coefficient[a], axis=1).any()
