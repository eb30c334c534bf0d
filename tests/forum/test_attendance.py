"""Who comes."""

from dataclasses import replace

import numpy as np
import pytest

from migsim.forum.attendance import AttendanceParameters, attend, eagerness
from migsim.scenario.load import load
from tests.forum.rooms import open_room
from tests.lives import lived, small, varied

MANY = tuple(range(8))


@pytest.fixture(scope="module")
def life():
    return lived(small(), MANY, "ranged")


def odds(world, session, setting):
    p = setting.parameters.group(AttendanceParameters, session.path("attendance"))
    return eagerness(world, session, setting, p)


def test_the_chair_comes_and_draws_decide_for_the_others(life):
    world, session, setting = open_room(life)
    _, session = attend(world, session, setting)
    probability = 1.0 / (1.0 + np.exp(-odds(world, session, setting)))
    draws = setting.noise.state_uniforms("attendance", setting.states.registered, process="gfmd", year=2007)
    expected = np.where(draws < probability, 1.0, 0.0)
    expected[:, setting.states.index("BEL")] = 1.0
    np.testing.assert_array_equal(session.attended, expected)


def test_a_smaller_session_has_fewer_places(life):
    world, session, setting = open_room(life)
    full = attend(world, session, setting)[1].attended
    half = attend(world, replace(session, size=0.5), setting)[1].attended
    assert np.all(half <= full)
    assert half.sum() < 0.75 * full.sum()


@pytest.mark.parametrize(
    ("name", "sign"), [("trust", 1), ("level", 1), ("own_region", 1), ("distance", -1), ("delivery", -1)]
)
def test_what_draws_and_what_deters(name, sign):
    path = f"processes.gfmd.attendance.{name}"
    little, much = (lived(varied({path: value}), MANY) for value in (0.5, 3.0))
    world, _, _ = open_room(little, 2008)
    if name == "trust":
        higher = np.minimum(world.commitments.trust + 0.2, 1.0)
        world = replace(world, commitments=replace(world.commitments, trust=higher))
    change = odds(world, *open_room(much, 2008)[1:]) - odds(world, *open_room(little, 2008)[1:])
    assert np.all(sign * change >= -1e-12)
    assert np.any(sign * change > 1e-6)


def test_broken_promises_keep_people_at_home(life):
    world, session, setting = open_room(life, 2008)
    kept = replace(
        world.commitments,
        promised=0.0 * world.commitments.promised + 0.1,
        delivered=0.0 * world.commitments.promised + 0.1,
    )
    broken = replace(kept, delivered=0.0 * kept.delivered)
    weight = setting.parameters["processes.gfmd.attendance.delivery"]
    difference = odds(replace(world, commitments=kept), session, setting) - odds(
        replace(world, commitments=broken), session, setting
    )
    np.testing.assert_allclose(difference, np.broadcast_to(weight, difference.shape), atol=1e-12)


def test_only_members_come():
    sessions = [{"year": 2006, "chair": "BEL", "themes": ["remittances"]}]
    definition = load("gfmd-2007-2015").vary(
        "early",
        {
            "years.last": 2006,
            "processes.gfmd.sessions": sessions,
            "processes.gfmd.attendance.level": 5.0,
            "shocks.syria": None,
        },
    )
    life = lived(definition, (0,))
    attended = life.last.minutes[0].attended[0]
    assert attended[life.setting.states.index("SSD")] == 0.0
    assert attended.sum() > 170


def test_counts_of_the_first_sessions_are_within_reach():
    """155, 163, 142 and 131 states came to the first four sessions."""
    definition = load("gfmd-2007-2015").vary(
        "first",
        {
            "years.last": 2007,
            "processes.gfmd.sessions": [
                {"year": 2007, "chair": "BEL", "themes": ["remittances", "dev_coherence"]}
            ],
            "shocks.syria": None,
        },
    )
    counts = lived(definition, tuple(range(6)), "ranged").last.minutes[0].attended.sum(axis=-1)
    assert 130 < counts.mean() < 175
