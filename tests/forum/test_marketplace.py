"""Demands meet offers."""

import numpy as np
import pytest

from migsim.forum.marketplace import MarketParameters, lacking, match_market, needed, offered, pair, support
from migsim.world.economy import product
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


def test_what_met_is_counted_and_divided_among_themes():
    world, _, session, setting = held({f"{MARKET}.project": 0.5, f"{MARKET}.projects_per_donor": 1.0})
    need = needed(lacking(world, session), session, setting)
    np.testing.assert_array_equal(session.demands[:, 0], (need > 0.0).sum(axis=-1))
    assert np.all(session.offers >= session.matches)
    assert not np.delete(session.matched, [3, 6], axis=-1).any()
    assert np.all(session.matched[:, [3, 6]] > 0.0)
    np.testing.assert_allclose(session.matched.sum(axis=-1), session.matches[:, 0])


def test_a_market_that_does_not_open_has_demands_and_no_match():
    *_, session, _ = held(
        {f"{MARKET}.project": 0.5, f"{MARKET}.least_support": 1.0, f"{MARKET}.budget": 1e-9}
    )
    assert not session.matches.any()
    assert not session.matched.any()
    assert np.all(session.demands > 0.0)


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


@pytest.mark.parametrize("changes", [{}, {f"{MARKET}.project": 0.5, f"{MARKET}.projects_per_donor": 3.0}])
def test_no_donor_gives_more_than_it_offers(changes):
    life = lived(varied(RICH | changes), MANY)
    world, session, setting = open_room(life, attended=everybody(life), on_agenda=on_agenda(life, 3, 6))
    p = setting.parameters.group(MarketParameters, MARKET)
    offers = offered(world, session, setting, p)
    given = match_market(world, session, setting)[0].ledger.grants_given
    assert given.max() > 0.0
    assert np.all(given <= offers + 1e-12)
    assert np.all(given <= p.projects_per_donor * p.project + 1e-12)


def test_a_project_is_no_larger_than_who_asks_can_carry():
    """A tenth of a thousandth of the income of the state that asked, where that is less than the usual."""
    share = 1e-4
    world, after, session, setting = held({f"{MARKET}.largest_share": share})
    received, income = after.ledger.grants_received, product(world, setting)
    served = received > 0.0
    size = setting.parameters[f"{MARKET}.project"] + 0.0 * income
    np.testing.assert_allclose(received[served], np.minimum(size, share * income)[served])
    assert np.any(received[served] < size[served])
    assert np.any(received[served] == size[served])
    np.testing.assert_allclose(after.ledger.grants_given.sum(axis=-1), received.sum(axis=-1))
    np.testing.assert_allclose(session.grants[:, 0], received.sum(axis=-1))
    learned = (after.policies.practice - world.policies.practice) / (1.0 - world.policies.practice)
    practice = setting.parameters[f"{MARKET}.practice"][0, 0]
    np.testing.assert_allclose(learned[served][:, [3, 6]], practice, rtol=1e-9)


def test_donors_fund_what_they_have_slots_for_and_each_asker_gets_one():
    slots, need = np.array([3, 0, 5, 0]), np.array([0.0, 0.0, 0.0, 0.0] + [1.0] * 30)
    slots = np.append(slots, np.zeros(30, dtype=int))
    donors, askers = pair(slots, need, np.zeros((34, 34)), ties=0.5)
    assert np.bincount(donors, minlength=34).tolist()[:4] == [3, 0, 5, 0]
    assert len(set(askers)) == askers.size == 8
    donors, askers = pair(slots, np.append(need[:6], np.zeros(28)), np.zeros((34, 34)), ties=0.5)
    assert sorted(askers) == [4, 5]


def test_need_goes_first_and_nearness_decides_among_equals():
    slots, need = np.array([1, 0, 0, 0]), np.array([0.0, 0.3, 0.9, 0.3])
    distance = np.zeros((4, 4))
    assert pair(slots, need, distance, ties=0.5)[1].tolist() == [2]
    distance[0] = [0.0, 9_000.0, 20_000.0, 1_000.0]
    assert pair(slots, need, distance, ties=1.0)[1].tolist() == [3]


def test_nothing_to_give_or_to_ask():
    for slots, need in ((np.zeros(3, dtype=int), np.ones(3)), (np.ones(3, dtype=int), np.zeros(3))):
        assert [each.size for each in pair(slots, need, np.zeros((3, 3)), ties=0.0)] == [0, 0]


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
    assert not needed(lacking(world, session), session, setting)[attended == 0.0].any()


def test_a_market_opens_only_if_enough_of_those_who_could_give_would():
    """The support that the task force finds: the share of possible donors who would fund a project."""
    life = lived(varied(RICH), MANY)
    world, session, setting = open_room(life, attended=everybody(life), on_agenda=on_agenda(life, 3, 6))
    p = setting.parameters.group(MarketParameters, MARKET)
    offers = offered(world, session, setting, p)
    found = support(offers, session, setting, p)
    developed = setting.states.is_developed > 0.0
    np.testing.assert_allclose(found[:, 0], (offers >= p.project)[:, developed].mean(axis=-1))
    assert 0.0 < found.min() < found.max() + 1e-12 < 1.0
    for least, opens in ((found.min() - 0.01, True), (found.max() + 0.01, False)):
        matches = held({f"{MARKET}.least_support": float(least)})[2].matches
        np.testing.assert_array_equal(matches > 0.0, np.full((3, 1), opens))


def test_where_nobody_could_give_there_is_no_support():
    life = lived(varied(RICH), MANY)
    poor = everybody(life) * (1.0 - life.setting.states.is_developed)
    world, session, setting = open_room(life, attended=poor, on_agenda=on_agenda(life, 3, 6))
    p = setting.parameters.group(MarketParameters, MARKET)
    assert not support(offered(world, session, setting, p), session, setting, p).any()
    assert not match_market(world, session, setting)[1].matches.any()
