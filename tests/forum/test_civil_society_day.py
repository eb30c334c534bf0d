"""Civil society among itself, and what governments hear of it."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migsim.actors.civil_society import COMPONENTS
from migsim.actors.interests import theme_positions
from migsim.forum.civil_society_day import (
    CivilParameters,
    deliberate,
    floor_given,
    hear_civil_society,
    report,
)
from migsim.world.setting import Observers
from tests.forum.rooms import everybody, on_agenda, open_room
from tests.lives import lived, small, varied

TURNS = 5


def room(positions, salience=1.0):
    position = np.array(positions, dtype=float)
    return Observers(
        tuple(str(n) for n in range(len(position))),
        position,
        np.full_like(position, salience),
        knowledge=np.zeros_like(position),
        practice=np.zeros_like(position),
        holds=np.ones_like(position),
        speaks=np.ones((len(position), 3)),
        weight=np.ones(len(position)),
    )


def one(number):
    return np.array([[float(number)]])


positions = st.lists(st.lists(st.floats(0, 1), min_size=2, max_size=2), min_size=2, max_size=7)


@settings(max_examples=100, deadline=None)
@given(positions=positions, confidence=st.floats(0, 1))
def test_nobody_leaves_the_range_of_positions(positions, confidence):
    components = room(positions)
    agreed = deliberate(components, np.ones((1, len(positions))), one(confidence), TURNS, 0.0)[0]
    assert np.all(agreed >= components.position.min(axis=0) - 1e-12)
    assert np.all(agreed <= components.position.max(axis=0) + 1e-12)


@settings(max_examples=50, deadline=None)
@given(positions=positions, weights=st.lists(st.floats(0.1, 1), min_size=7, max_size=7))
def test_who_hears_everybody_agrees_on_the_mean(positions, weights):
    weight = np.array(weights[: len(positions)])
    agreed = deliberate(room(positions), weight[None], one(1.0), TURNS, 0.0)[0]
    mean = (weight[:, None] * np.array(positions)).sum(axis=0) / weight.sum()
    np.testing.assert_allclose(agreed, np.broadcast_to(mean, agreed.shape), atol=1e-12)


def test_who_hears_only_the_like_minded_stays_apart():
    agreed = deliberate(room([[0.0], [0.1], [0.9], [1.0]]), np.ones((1, 4)), one(0.2), TURNS, 0.0)[0, :, 0]
    np.testing.assert_allclose(agreed, [0.05, 0.05, 0.95, 0.95])
    alone = deliberate(room([[0.0], [0.5], [1.0]]), np.ones((1, 3)), one(0.0), TURNS, 0.0)[0, :, 0]
    assert alone.tolist() == [0.0, 0.5, 1.0]


def test_the_report_is_the_mean_by_weight_and_salience():
    components = room([[0.2], [0.8]])
    said = report(components.position[None], components, np.array([[1.0, 3.0]]))
    assert said.item() == pytest.approx(0.65)


@pytest.mark.parametrize(
    ("mode", "row"),
    [("excluded", None), ("day_before", "weight_day_before"), ("common_space", "weight_common_space")],
)
def test_the_weight_of_the_report(mode, row):
    life = lived(varied({"processes.gfmd.civil_society": mode}), (0, 1), "ranged")
    _, session = hear_civil_society(*open_room(life))
    expected = 0.0 if row is None else life.setting.parameters[f"processes.gfmd.civil.{row}"]
    np.testing.assert_array_equal(session.civil_weight, expected + np.zeros((2, 1)))


def test_excluded_civil_society_leaves_no_trace():
    """With civil society excluded, nothing of its bargaining changes any text."""
    changes = {"processes.gfmd.civil_society": "excluded"}
    one_way = lived(varied(changes | {"processes.gfmd.civil.confidence": 0.2}))
    other = lived(varied(changes | {"processes.gfmd.civil.confidence": 0.5}))
    assert not np.array_equal(one_way.last.minutes[0].civil_report, other.last.minutes[0].civil_report)
    np.testing.assert_array_equal(one_way.last.minutes[0].draft, other.last.minutes[0].draft)


def test_a_heard_report_moves_the_draft_toward_itself():
    outside = {
        "processes.gfmd.organisations": "with_civil_society",
        "processes.gfmd.protocol.observer_weight": 0.2,
        "processes.gfmd.protocol.chair_pull": 0.0,
    }
    heard, unheard = (
        lived(varied(outside | {"processes.gfmd.civil_society": mode})).at(2007).minutes[0]
        for mode in ("common_space", "excluded")
    )
    theme = lived(small()).setting.levers.theme
    report_by_paragraph = heard.civil_report[..., theme]
    before, after = np.abs(unheard.draft - report_by_paragraph), np.abs(heard.draft - report_by_paragraph)
    assert np.all(after <= before + 1e-12)
    assert np.any(after < before - 1e-3)


def test_migrants_own_voice_grows_with_each_session():
    life = lived(varied({"processes.gfmd.civil.voice_growth": 1.0}))
    deaf = lived(varied({"processes.gfmd.civil.voice_growth": 0.0}))
    first, last = ((one.at(2007).minutes[0], one.at(2009).minutes[0]) for one in (life, deaf))
    np.testing.assert_array_equal(first[0].civil_report, last[0].civil_report)
    assert not np.array_equal(first[1].civil_report, last[1].civil_report)


@settings(max_examples=50, deadline=None)
@given(positions=positions, confidence=st.floats(0, 1))
def test_who_gives_no_ground_stays_where_it_stands(positions, confidence):
    components = room(positions)
    weights = np.ones((1, len(positions)))
    agreed = deliberate(components, weights, one(confidence), TURNS, 1.0)[0]
    np.testing.assert_array_equal(agreed, components.position)
    half = deliberate(components, weights, one(confidence), TURNS, one(0.5))[0]
    assert np.all(half >= components.position.min(axis=0) - 1e-12)
    assert np.all(half <= components.position.max(axis=0) + 1e-12)


def test_only_those_give_no_ground_who_hold_something():
    components = replace(room([[0.0], [0.4], [0.6]]), holds=np.array([[1.0], [0.0], [0.0]]))
    agreed = deliberate(components, np.ones((1, 3)), one(1.0), 30, 1.0)[0, :, 0]
    np.testing.assert_allclose(agreed, 0.0, atol=1e-4)


def test_unions_and_employers_stay_apart_on_decent_work_unless_they_are_not_firm():
    def apart(firmness):
        life = lived(varied({"processes.gfmd.civil.confidence": 1.0}), last=2006)
        components = life.setting.actors.civil_society
        agreed = deliberate(components, components.weight[None], one(1.0), TURNS, firmness)
        unions, employers = (COMPONENTS.index(name) for name in ("Trade unions", "Employers/private sector"))
        return (agreed[0, unions] - agreed[0, employers])[7]

    assert apart(0.0) == pytest.approx(0.0, abs=1e-12)
    assert apart(0.5) == pytest.approx(0.5, abs=1e-9)
    assert apart(1.0) == 1.0


GOVERNMENT = {"processes.gfmd.civil.organiser": "government", "processes.gfmd.civil.favour": 0.5}


def test_a_foundation_gives_the_floor_to_all_alike_and_a_government_to_its_own():
    def given(changes, **filled):
        world, session, setting = open_room(lived(varied(changes), (0, 1)), **filled)
        p = setting.parameters.group(CivilParameters, "processes.gfmd.civil")
        return floor_given(world, session, setting, p), world, session, setting

    assert np.all(given({})[0] == 1.0)
    assert np.all(given(GOVERNMENT, chair=-1)[0] == 1.0)
    floor, world, session, setting = given(GOVERNMENT)
    chair = theme_positions(world, setting)[:, session.chair]
    far = np.abs(setting.actors.civil_society.position - chair[:, None, :])
    np.testing.assert_allclose(floor, 1.0 - 0.5 * far)
    assert floor.min() < 0.9


def test_the_report_of_a_day_by_the_government_is_nearer_to_the_chair():
    def told(changes):
        firm = {"actors.civil_society.firmness": 1.0, "processes.gfmd.civil.confidence": 0.2}
        world, session, setting = open_room(lived(varied(firm | changes), (0, 1)))
        chair = theme_positions(world, setting)[:, session.chair]
        return np.abs(hear_civil_society(world, session, setting)[1].civil_report - chair)

    evenly, favoured = told({}), told(GOVERNMENT)
    is_far = evenly > 0.2
    assert is_far.any()
    assert np.all(favoured[is_far] <= evenly[is_far] + 1e-12)
    assert np.any(favoured < evenly - 0.01)
    assert favoured.mean() < evenly.mean()


def learned(**changes):
    life = lived(varied({name.replace("__", "."): value for name, value in changes.items()}), (0, 1, 2))
    world, session, setting = open_room(life, attended=everybody(life), on_agenda=on_agenda(life, 3, 7))
    after = hear_civil_society(world, session, setting)[0].policies.knowledge
    return (after - world.policies.knowledge) / (1.0 - world.policies.knowledge), setting


def test_academics_add_to_what_governments_learn():
    with_them, _ = learned(actors__civil_society__academics=1.0)
    without, _ = learned(actors__civil_society__academics=0.0)
    np.testing.assert_allclose(with_them, 2.0 * without, atol=1e-12)
    assert without.max() > 0.0
    assert not np.delete(with_them, [3, 7], axis=-1).any()


def test_the_closed_camp_hears_nothing_unless_its_ears_are_open():
    gained, setting = learned(actors__civil_society__closed_camp=1.0)
    listens = setting.actors.hears_civil_society > 0.0
    assert not gained[~listens].any()
    assert np.all(gained[listens][:, [3, 7]] > 0.0)
    everybody_gains, _ = learned(actors__civil_society__closed_camp=0.0)
    assert np.all(everybody_gains[..., [3, 7]] > 0.0)
    np.testing.assert_array_equal(everybody_gains[listens], gained[listens])
