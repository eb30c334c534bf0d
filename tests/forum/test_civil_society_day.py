"""Civil society among itself, and what governments hear of it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migsim.forum.civil_society_day import deliberate, hear_civil_society, report
from migsim.world.setting import Observers
from tests.forum.rooms import open_room
from tests.lives import lived, small, varied

TURNS = 5


def room(positions, salience=1.0):
    position = np.array(positions, dtype=float)
    return Observers(
        tuple(str(n) for n in range(len(position))),
        position,
        np.full_like(position, salience),
        np.zeros_like(position),
        np.ones(len(position)),
    )


def one(number):
    return np.array([[float(number)]])


positions = st.lists(st.lists(st.floats(0, 1), min_size=2, max_size=2), min_size=2, max_size=7)


@settings(max_examples=100, deadline=None)
@given(positions=positions, confidence=st.floats(0, 1))
def test_nobody_leaves_the_range_of_positions(positions, confidence):
    components = room(positions)
    agreed = deliberate(components, np.ones((1, len(positions))), one(confidence), TURNS)[0]
    assert np.all(agreed >= components.position.min(axis=0) - 1e-12)
    assert np.all(agreed <= components.position.max(axis=0) + 1e-12)


@settings(max_examples=50, deadline=None)
@given(positions=positions, weights=st.lists(st.floats(0.1, 1), min_size=7, max_size=7))
def test_who_hears_everybody_agrees_on_the_mean(positions, weights):
    weight = np.array(weights[: len(positions)])
    agreed = deliberate(room(positions), weight[None], one(1.0), TURNS)[0]
    mean = (weight[:, None] * np.array(positions)).sum(axis=0) / weight.sum()
    np.testing.assert_allclose(agreed, np.broadcast_to(mean, agreed.shape), atol=1e-12)


def test_who_hears_only_the_like_minded_stays_apart():
    agreed = deliberate(room([[0.0], [0.1], [0.9], [1.0]]), np.ones((1, 4)), one(0.2), TURNS)[0, :, 0]
    np.testing.assert_allclose(agreed, [0.05, 0.05, 0.95, 0.95])
    alone = deliberate(room([[0.0], [0.5], [1.0]]), np.ones((1, 3)), one(0.0), TURNS)[0, :, 0]
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
