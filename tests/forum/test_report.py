"""Minutes, costs, notice, and what stands."""

from dataclasses import replace

import numpy as np
import pytest

from migsim.forum.report import publish
from migsim.negotiation import Text
from tests.forum.rooms import everybody, on_agenda, open_room
from tests.lives import lived, small, varied

MANY = (0, 1)


def published(changes=None, adopted=1.0, strength=0.8):
    life = lived(varied(changes or {}), MANY, "ranged")
    levers = life.setting.levers
    on = on_agenda(life, 3, 6)[..., levers.theme]
    half = np.full((2, len(levers)), 0.5)
    attended = everybody(life)
    attended[:, 5:9] = 0.0
    nobody = np.zeros((*half.shape, attended.shape[-1]), dtype=bool)
    joined = np.broadcast_to(attended[..., None], (*attended.shape, half.shape[-1]))
    text = Text(half, 0.2 * half, adopted * on, strength * adopted * on, nobody, joined)
    world, session, setting = open_room(
        life, attended=attended, on_agenda=on_agenda(life, 3, 6), text=text, draft=half, compromise=half
    )
    return world, publish(world, session, setting)[0], session, setting


def test_adopted_paragraphs_pledge_those_present():
    world, after, session, _ = published()
    on = session.text.adopted > 0.0
    standing = after.commitments
    assert np.all(standing.strength[on] == 0.8)
    np.testing.assert_array_equal(standing.strength[~on], world.commitments.strength[~on])
    for a in np.flatnonzero(on[0]):
        np.testing.assert_array_equal(standing.pledged[..., a], session.attended)
    assert not standing.pledged[..., ~on[0]].any()


def test_a_dropped_paragraph_leaves_what_stood():
    world, after, *_ = published(adopted=0.0)
    for name in ("position", "ambiguity", "strength", "pledged"):
        np.testing.assert_array_equal(getattr(after.commitments, name), getattr(world.commitments, name))


def test_texts_switched_off_stand_for_nothing():
    world, after, *_ = published({"processes.gfmd.switches.texts": False})
    np.testing.assert_array_equal(after.commitments.pledged, world.commitments.pledged)


def test_backlash_turns_some_of_the_ambivalent_in_hosts_that_came():
    world, after, session, setting = published({"processes.gfmd.report.backlash": 0.1})
    turned = after.opinions.anti - world.opinions.anti
    expected = 0.1 * 0.8 * setting.states.host * session.attended * world.opinions.ambivalent
    np.testing.assert_allclose(turned, expected, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(world.opinions.ambivalent - after.opinions.ambivalent, turned, atol=1e-12)
    np.testing.assert_array_equal(after.opinions.pro, world.opinions.pro)


@pytest.mark.parametrize(
    "changes", [{"processes.gfmd.report.backlash": 0.0}, {"processes.gfmd.switches.backlash": False}]
)
def test_backlash_may_be_nought(changes):
    world, after, *_ = published(changes)
    np.testing.assert_array_equal(after.opinions.anti, world.opinions.anti)


def test_a_session_is_noticed_where_delegations_come_from_and_on_its_themes():
    world, after, session, _ = published()
    lift = after.opinions.attention - world.opinions.attention
    seen = session.attended[..., None] * session.on_agenda[..., None, :] > 0.0
    assert lift.min() >= 0.0
    assert lift[seen].max() > 0.0
    assert not lift[~seen].any()


def test_minutes_are_kept():
    life = lived(small(), MANY)
    assert [len(world.minutes) for world in life.worlds] == [0, 0, 1, 1, 1]
    assert {session.process for world in life.worlds for session in world.minutes} == {"gfmd"}
    world, after, session, _ = published()
    assert len(after.minutes) == len(world.minutes) + 1
    np.testing.assert_array_equal(after.minutes[-1].attended, session.attended)
    assert replace(after, minutes=()).minutes == ()
