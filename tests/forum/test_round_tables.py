"""Practices spread and experts teach."""

import numpy as np
import pytest

from migsim.forum.round_tables import hold_round_tables, peers
from tests.forum.rooms import on_agenda, open_room
from tests.lives import lived, small, varied

MANY = (0, 1, 2)


@pytest.fixture(scope="module")
def taught():
    life = lived(small(), MANY, "ranged")
    attended = np.ones((3, 24))
    attended[:, ::3] = 0.0
    world, session, setting = open_room(life, attended=attended, on_agenda=on_agenda(life, 3, 7))
    after, _ = hold_round_tables(world, session, setting)
    return world.policies, after.policies, attended > 0.0


def test_those_who_come_learn_on_the_themes_discussed(taught):
    before, after, here = taught
    for name in ("practice", "knowledge"):
        gained = getattr(after, name) - getattr(before, name)
        assert gained.min() >= 0.0
        assert np.all(gained[here][:, [3, 7]] > 0.0)
        assert not gained[~here].any()
        assert not np.delete(gained, [3, 7], axis=-1).any()
        assert getattr(after, name).max() <= 1.0


def test_policy_itself_is_left_alone(taught):
    before, after, _ = taught
    assert before.policy is after.policy
    assert before.ideal is after.ideal


def test_peers_are_the_mean_of_those_present_near_and_far():
    practice = np.array([[[0.0], [0.4], [0.8], [1.0]]])
    attended, group = np.array([[1.0, 1.0, 1.0, 0.0]]), np.array([0, 0, 1, 1])
    near = peers(practice, attended, group, np.array([[1.0]]))[0, :, 0]
    far = peers(practice, attended, group, np.array([[0.0]]))[0, :, 0]
    np.testing.assert_allclose(near, [0.2, 0.2, 0.8, 0.8])
    np.testing.assert_allclose(far, 0.4)
    nobody = peers(practice, 0.0 * attended, group, np.array([[0.5]]))
    assert np.isfinite(nobody).all()


def test_learning_stops_short_of_the_best():
    life = lived(
        varied(
            {
                "processes.gfmd.round_tables.peer_learning": 1.0,
                "processes.gfmd.round_tables.expert_practice": 0.0,
            }
        ),
        MANY,
    )
    attended = np.ones((3, 24))
    world, session, setting = open_room(life, attended=attended, on_agenda=on_agenda(life, 3))
    after, _ = hold_round_tables(world, session, setting)
    assert after.policies.practice[..., 3].max() <= world.policies.practice[..., 3].max() + 1e-12
    best = world.policies.practice[..., 3].argmax(axis=-1)
    np.testing.assert_array_equal(
        after.policies.practice[np.arange(3), best, 3], world.policies.practice[np.arange(3), best, 3]
    )


def test_organisations_behind_the_door_teach_less():
    def gained(place):
        life = lived(varied({"processes.gfmd.organisations": place}), MANY)
        world, session, setting = open_room(life, attended=np.ones((3, 24)), on_agenda=on_agenda(life, 3))
        return hold_round_tables(world, session, setting)[0].policies.knowledge - world.policies.knowledge

    door = 0.5
    np.testing.assert_allclose(gained("with_civil_society"), door * gained("beside_governments"), atol=1e-12)


def test_many_themes_are_treated_in_less_depth():
    life = lived(small(), MANY)

    def gained(*themes):
        world, session, setting = open_room(
            life, attended=np.ones((3, 24)), on_agenda=on_agenda(life, *themes)
        )
        return (hold_round_tables(world, session, setting)[0].policies.knowledge - world.policies.knowledge)[
            ..., 3
        ]

    np.testing.assert_allclose(gained(3, 4, 5, 6), 0.5 * gained(3, 4), rtol=1e-9)
    np.testing.assert_array_equal(gained(3), gained(3, 4))


def test_who_studies_teaches_knowledge_and_who_does_teaches_practice():
    def gained(*names):
        present = {"processes.gfmd.organisations_present": list(names)} if names else {}
        no_peers = {"processes.gfmd.round_tables.peer_learning": 0.0}
        life = lived(varied(no_peers | present), MANY)
        world, session, setting = open_room(life, attended=np.ones((3, 24)), on_agenda=on_agenda(life, 3))
        after = hold_round_tables(world, session, setting)[0].policies
        gains = []
        for name, rate in (("knowledge", "expert_knowledge"), ("practice", "expert_practice")):
            before = getattr(world.policies, name)[..., 3]
            share = (getattr(after, name)[..., 3] - before) / (1.0 - before)
            gains.append(share / setting.parameters[f"processes.gfmd.round_tables.{rate}"])
        return np.array([each.mean() for each in gains])

    bank, iom, everybody = gained("World Bank"), gained("IOM"), gained()
    np.testing.assert_allclose(bank, np.array([0.8, 0.4]) / 14)
    np.testing.assert_allclose(iom, np.array([0.4, 0.8]) / 14)
    assert np.all(everybody > bank + iom)
