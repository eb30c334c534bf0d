"""What states do at home."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migsim.forum.follow_up import FollowUpParameters, follow_up, gap_to_text, pull
from migsim.start import begin
from migsim.year import live
from tests.lives import SEED, lived, small, varied

MANY = (0, 1)
share = st.floats(0, 1)


@settings(max_examples=200, deadline=None)
@given(ideal=share, position=share, ambiguity=st.floats(0, 0.5), downward=share)
def test_gap_to_text(ideal, position, ambiguity, downward):
    gap = gap_to_text(
        np.array([[[ideal]]]), np.array([[position]]), np.array([[ambiguity]]), np.array([[downward]])
    ).item()
    low, high = position - ambiguity, position + ambiguity
    if low <= ideal <= high:
        assert gap == 0.0
    elif ideal < low:
        assert gap == pytest.approx(low - ideal)
    else:
        assert gap == pytest.approx(-downward * (ideal - high))


@pytest.fixture(scope="module")
def life():
    return lived(small(), MANY, "ranged")


def parameters(life):
    return life.setting.parameters.group(FollowUpParameters, "follow_up")


def test_a_text_pulls_those_who_pledged_and_nobody_else(life):
    world = life.at(2007)
    share_of_gap = pull(world, life.setting, parameters(life))
    pledged = world.commitments.pledged > 0.0
    assert not share_of_gap[~pledged].any()
    assert np.all(share_of_gap[pledged & (world.commitments.strength > 0.0)] > 0.0)
    assert share_of_gap.max() < 1.0


def test_dropped_paragraphs_pull_nobody():
    """Where every text is dropped, policies are those of a world whose texts are switched off."""
    nothing = {
        "processes.gfmd.protocol.tolerance": 0.0,
        "processes.gfmd.protocol.max_ambiguity": 0.0,
        "processes.gfmd.who_can_block": "each_delegation",
    }
    dropped = lived(varied(nothing), MANY)
    switched_off = lived(varied(nothing | {"processes.gfmd.switches.texts": False}), MANY)
    assert not any(session.adopted.any() for world in dropped.worlds for session in world.minutes)
    np.testing.assert_array_equal(dropped.last.policies.policy, switched_off.last.policies.policy)


@pytest.mark.parametrize(
    ("change", "sign"),
    [("trust", 1), ("strength", 1), ("practice", 1), ("anti", -1), ("delivered", 1)],
)
def test_what_strengthens_the_pull(life, change, sign):
    world = life.at(2007)
    standing = replace(world.commitments, promised=world.commitments.promised + 0.1)
    world = replace(world, commitments=standing)
    before = pull(world, life.setting, parameters(life))
    match change:
        case "trust" | "strength" | "delivered":
            more = 1.1 * getattr(standing, change) + 0.01
            moved = replace(world, commitments=replace(standing, **{change: more}))
        case "practice":
            practice = np.minimum(world.policies.practice + 0.1, 1.0)
            moved = replace(world, policies=replace(world.policies, practice=practice))
        case _:
            moved = replace(world, opinions=replace(world.opinions, anti=world.opinions.anti + 0.1))
    difference = sign * (pull(moved, life.setting, parameters(life)) - before)
    assert difference.min() >= -1e-12
    assert difference.max() > 0.0


def test_policy_moves_toward_the_ideal_and_the_text(life):
    world = life.at(2007)
    after = follow_up(world, life.setting)
    p = parameters(life)
    gap = gap_to_text(
        world.policies.ideal, world.commitments.position, world.commitments.ambiguity, p.downward
    )
    target = world.policies.ideal + pull(world, life.setting, p) * gap
    pace = life.setting.parameters["world.policy.pace"][..., None]
    expected = world.policies.policy + pace * (target - world.policies.policy)
    np.testing.assert_allclose(after.policies.policy, np.clip(expected, 0.0, 1.0), rtol=1e-12)


def test_no_more_is_delivered_than_promised_and_texts_fade(life):
    for before, after in life.years:
        standing = after.commitments
        assert np.all(standing.delivered <= standing.promised + 1e-15)
        assert standing.promised.min() >= 0.0
        if not after.minutes:
            np.testing.assert_allclose(
                standing.strength, before.commitments.strength * (1.0 - parameters(life).fade)[..., None]
            )


def test_a_floor_does_not_draw_down_and_a_middle_does():
    floor, both = (lived(varied({"follow_up.downward": d}), MANY).at(2007) for d in (0.0, 1.0))
    assert np.all(both.policies.policy <= floor.policies.policy + 1e-12)
    assert np.any(both.policies.policy < floor.policies.policy - 1e-6)


def test_practice_grows_by_use_in_every_world():
    idle, active = (
        lived(varied({"world.policy.experience": e, "processes": {}}), MANY).last for e in (0.0, 0.02)
    )
    start = lived(small(), MANY).worlds[0]
    np.testing.assert_array_equal(idle.policies.practice, start.policies.practice)
    assert np.all(active.policies.practice >= start.policies.practice)
    assert active.policies.practice.mean() > start.policies.practice.mean()


def test_an_even_drift_is_as_large_as_the_pull_of_all_texts_and_the_same_everywhere():
    usual = lived(varied({"follow_up.downward": 1.0}), MANY, "ranged")
    evenly = replace(
        usual.setting,
        parameters=lived(
            varied({"follow_up.downward": 1.0, "follow_up.evenly": True}), MANY, "ranged"
        ).setting.parameters,
    )
    world = usual.at(2008)
    middle = np.clip(world.policies.ideal, 0.2, 0.8)
    world = replace(world, policies=replace(world.policies, ideal=middle, policy=middle))
    aimed, alike = follow_up(world, usual.setting), follow_up(world, evenly)
    pace = usual.setting.parameters["world.policy.pace"]
    drift = (alike.policies.policy - middle) / pace[..., None]
    pulled = (aimed.policies.policy - middle) / pace[..., None]
    np.testing.assert_allclose(drift, drift[:, :1, :1] + 0.0 * drift, atol=1e-12)
    np.testing.assert_allclose(drift[:, 0, 0], pulled.mean(axis=(1, 2)), rtol=1e-9)
    assert np.all(drift > 0.0)
    assert pulled.std() > 0.0
    for name in ("promised", "delivered", "strength"):
        np.testing.assert_array_equal(getattr(alike.commitments, name), getattr(aimed.commitments, name))


def test_an_even_drift_leaves_agreements_of_two_where_they_are():
    life = lived(varied({"follow_up.evenly": True}), MANY)
    world = life.at(2006)
    middle = np.full_like(world.policies.ideal, 0.5)
    moved = np.zeros_like(middle)
    moved[:, 3, 7] = 0.2
    world = replace(
        world,
        policies=replace(world.policies, ideal=middle, policy=middle),
        commitments=replace(world.commitments, agreements=moved),
    )
    change = follow_up(world, life.setting).policies.policy - 0.5
    np.testing.assert_allclose(change, life.setting.parameters["world.policy.pace"][..., None] * moved)


def test_without_texts_an_even_drift_is_none():
    without = {"processes.gfmd.switches.texts": False}
    one, other = (lived(varied(without | more), MANY).last for more in ({}, {"follow_up.evenly": True}))
    np.testing.assert_array_equal(one.policies.policy, other.policies.policy)


def test_before_2006_a_text_moves_policy_toward_itself_from_where_it_stands():
    early = {
        "years.first": 2001,
        "processes.gfmd.sessions": [{"year": 2002, "chair": "BEL", "themes": ["remittances"]}],
    }
    setting, world = begin(varied(early), MANY, SEED, "ranged")
    first = setting.actors.first_policy
    while world.year < 2005:
        world = live(world, setting)
    standing = world.commitments
    low, high = standing.position - standing.ambiguity, standing.position + standing.ambiguity
    asked_up = (standing.pledged > 0.0) & (first < low)
    asked_down = (standing.pledged > 0.0) & (first > high)
    assert asked_up.any()
    assert np.all(world.policies.policy[asked_up] >= first[asked_up] - 1e-12)
    assert np.all(world.policies.policy[asked_down] <= first[asked_down] + 1e-12)
