"""Trust is built by meeting and lost by promising more than is done."""

from dataclasses import replace

import numpy as np
import pytest

from migsim.forum.trust import build_trust
from tests.lives import lived, paired, small, varied

MANY = (0, 1)


def test_the_rule():
    life = lived(small(), MANY, "ranged")
    setting = life.setting
    start, meeting, reversion, disappointment = (
        setting.parameters[f"trust.{name}"] for name in ("start", "meeting", "reversion", "disappointment")
    )
    overload = setting.parameters["processes.gfmd.report.overload"]
    in_depth = setting.parameters["processes.gfmd.round_tables.themes_in_depth"]
    expectations = setting.parameters["processes.gfmd.between.expectations"]
    for before, after in life.years:
        trust = before.commitments.trust
        broken = after.commitments.promised - after.commitments.delivered
        treated = after.proceedings.treated[:, 0].sum(axis=-1, keepdims=True)
        too_much = expectations * np.maximum(treated / in_depth - 1.0, 0.0) * after.proceedings.attended[:, 0]
        expected = trust - reversion * (trust - start) - disappointment * (1.0 + too_much) * broken
        for session in after.minutes:
            many = np.maximum(session.on_agenda.sum(axis=-1, keepdims=True) - in_depth, 0.0)
            expected = expected + session.attended * (meeting * (1.0 - trust) - overload * many)
        np.testing.assert_allclose(after.commitments.trust, np.clip(expected, 0.0, 1.0), rtol=1e-12)


def test_those_who_meet_trust_more_and_the_others_do_not():
    calm = {"trust.disappointment": 0.0, "processes.gfmd.report.overload": 0.0}
    life = lived(varied(calm), MANY)
    world = life.at(2007)
    came = world.minutes[0].attended > 0.0
    before = life.at(2006).commitments.trust
    assert np.all(world.commitments.trust[came] > before[came])
    np.testing.assert_allclose(world.commitments.trust[~came], before[~came])


def test_promising_more_than_is_done_costs_trust():
    bitter = {"trust.meeting": 0.0, "trust.disappointment": 1.5, "processes.gfmd.report.overload": 0.0}
    with_forum, without = lived(varied(bitter), MANY), paired(varied(bitter), MANY)
    trust, usual = with_forum.last.commitments.trust, without.last.commitments.trust
    assert np.all(trust <= usual)
    assert trust.mean() < usual.mean() - 0.01


def test_without_meetings_trust_stays_where_it_began_or_comes_back():
    life = paired(small(), MANY)
    np.testing.assert_allclose(
        life.last.commitments.trust,
        life.setting.parameters["trust.start"] + 0.0 * life.last.commitments.trust,
    )
    world = life.last
    high = replace(world.commitments, trust=np.full_like(world.commitments.trust, 0.9))
    after = build_trust(replace(world, commitments=high), life.setting).commitments.trust
    reversion = life.setting.parameters["trust.reversion"]
    np.testing.assert_allclose(
        after, 0.9 - reversion * (0.9 - life.setting.parameters["trust.start"]) + 0.0 * after
    )


def test_an_overloaded_agenda_disappoints():
    many, few = (
        lived(varied({"processes.gfmd.max_themes": n, "processes.gfmd.switches.texts": False}), MANY)
        for n in (3, 2)
    )
    came = few.at(2007).minutes[0].attended > 0.0
    difference = few.at(2007).commitments.trust - many.at(2007).commitments.trust
    np.testing.assert_allclose(difference[came], 0.01, atol=1e-12)
    np.testing.assert_allclose(difference[~came], 0.0, atol=1e-15)


@pytest.mark.parametrize(("in_depth", "n_too_many"), [(1.0, 2), (2.0, 1), (3.0, 0), (12.0, 0)])
def test_themes_beyond_those_treated_in_depth_are_too_many(in_depth, n_too_many):
    free, burdened = (
        lived(
            varied(
                {
                    "processes.gfmd.round_tables.themes_in_depth": in_depth,
                    "processes.gfmd.report.overload": overload,
                    "processes.gfmd.switches.texts": False,
                }
            ),
            MANY,
        )
        for overload in (0.0, 0.02)
    )
    came = free.at(2007).minutes[0].attended > 0.0
    difference = free.at(2007).commitments.trust - burdened.at(2007).commitments.trust
    np.testing.assert_allclose(difference[came], 0.02 * n_too_many, atol=1e-12)
