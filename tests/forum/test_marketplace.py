"""Demands meet offers."""

import numpy as np
import pytest

from migsim.forum.marketplace import match_market, needed, pair
from tests.forum.rooms import everybody, on_agenda, open_room
from tests.lives import lived, varied

MANY = (0, 1, 2)
MARKET = "processes.gfmd.marketplace"
RICH = {f"{MARKET}.budget": 5e-6, "levers.migration_aid": 0.0}


def held(changes, **filled):
    life = lived(varied(RICH | changes), MANY)
    filled = {"attended": everybody(life), "on_agenda": on_agenda(life, 3, 6)} | filled
    world, session, setting = open_room(life, **filled)
    after, session = match_market(world, session, setting)
    return world, after, session, setting


def test_every_project_has_a_donor_and_one_asker():
    world, after, session, setting = held({f"{MARKET}.project": 0.5})
    given, received = after.ledger.grants_given, after.ledger.grants_received
    assert session.matches.min() > 0.0
    np.testing.assert_allclose(given.sum(axis=-1), received.sum(axis=-1))
    np.testing.assert_allclose(session.grants[:, 0], 0.5 * session.matches[:, 0])
    assert set(np.unique(received)) <= {0.0, 0.5}
    assert not given[:, setting.states.is_developed == 0.0].any()
    assert not received[:, setting.states.is_developed > 0.0].any()
    served = received > 0.0
    gained = after.policies.practice - world.policies.practice
    assert np.all(gained[served][:, [3, 6]] > 0.0)
    assert not np.delete(gained, [3, 6], axis=-1).any()
    assert not gained[~served].any()


def test_no_donor_gives_more_than_it_offers():
    offers, need = np.array([7.0, 0.9, 100.0, 0.0]), np.array([0.0, 0.0, 0.0, 0.0] + [1.0] * 30)
    offers = np.append(offers, np.zeros(30))
    donors, askers, amounts = pair(offers, need, np.zeros((34, 34)), project=2.0, most=5.0, ties=0.5)
    given = np.bincount(donors, amounts, 34)
    assert np.all(given <= offers)
    assert given.tolist()[:4] == [6.0, 0.0, 10.0, 0.0]
    assert len(set(askers)) == askers.size


def test_need_goes_first_and_nearness_decides_among_equals():
    offers, need = np.array([2.0, 0.0, 0.0, 0.0]), np.array([0.0, 0.3, 0.9, 0.3])
    distance = np.zeros((4, 4))
    _, askers, _ = pair(offers, need, distance, project=2.0, most=5.0, ties=0.5)
    assert askers.tolist() == [2]
    distance[0] = [0.0, 9_000.0, 20_000.0, 1_000.0]
    _, askers, _ = pair(offers, need, distance, project=2.0, most=5.0, ties=1.0)
    assert askers.tolist() == [3]


def test_nothing_to_give_or_to_ask():
    nothing = pair(np.zeros(3), np.ones(3), np.zeros((3, 3)), project=1.0, most=5.0, ties=0.0)
    assert [each.size for each in nothing] == [0, 0, 0]
    nothing = pair(np.ones(3), np.zeros(3), np.zeros((3, 3)), project=1.0, most=5.0, ties=0.0)
    assert [each.size for each in nothing] == [0, 0, 0]


@pytest.mark.parametrize(
    "changes", [{f"{MARKET}.least_interest": 1.0}, {"processes.gfmd.switches.marketplace": False}]
)
def test_a_market_without_interest_or_support_stays_shut(changes):
    world, after, session, _ = held(changes)
    assert not session.matches.any()
    assert not after.ledger.grants_given.any()
    np.testing.assert_array_equal(after.policies.practice, world.policies.practice)


def test_the_absent_neither_ask_nor_give():
    life = lived(varied(RICH), MANY)
    attended = everybody(life)
    attended[:, ::2] = 0.0
    _, after, _, setting = held({}, attended=attended)
    assert not after.ledger.grants_given[attended == 0.0].any()
    assert not after.ledger.grants_received[attended == 0.0].any()
    world, session, _ = open_room(life, attended=attended, on_agenda=on_agenda(life, 3))
    assert not needed(world, session, setting)[attended == 0.0].any()
