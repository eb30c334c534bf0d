"""The same money as aid, in place of a session."""

import numpy as np

from migsim.forum.aid_instead import give_instead
from migsim.forum.attendance import attend
from migsim.forum.report import ReportParameters, costs
from tests.forum.rooms import open_room
from tests.lives import differing, lived, paired, small, varied

MANY = (0, 1, 2)
INSTEAD = {"processes.gfmd.switches.aid_instead": True}
MONEY = {
    "ledger.grants_given",
    "ledger.grants_received",
    "gains.fiscal",
    "gains.development",
    "gains.hosts",
    "gains.departures",
}


def called_off(changes=None):
    life = lived(varied(INSTEAD | (changes or {})), MANY, "ranged")
    world, session, setting = open_room(life)
    world, session = attend(world, session, setting)
    after, off = give_instead(world, session, setting)
    return world, session, after, off, setting


def test_what_the_session_would_cost_is_given_to_departure_countries_that_would_have_come():
    world, session, after, _, setting = called_off()
    given = after.ledger.grants_given - world.ledger.grants_given
    received = after.ledger.grants_received - world.ledger.grants_received
    p = setting.parameters.group(ReportParameters, "processes.gfmd.report")
    np.testing.assert_allclose(given, costs(world, session, setting, p))
    np.testing.assert_allclose(given.sum(axis=-1), received.sum(axis=-1))
    assert given.sum() > 0.0
    states = setting.states
    of_departure = (session.attended > 0.0) & (states.departure > states.host)
    np.testing.assert_array_equal(received > 0.0, of_departure)
    per_role = received / states.departure
    for r in MANY:
        np.testing.assert_allclose(per_role[r, of_departure[r]], per_role[r, of_departure[r]][0])
    np.testing.assert_array_equal(after.ledger.forum_costs, world.ledger.forum_costs)


def test_nobody_meets_and_all_but_money_is_as_without_a_forum():
    life, without = lived(varied(INSTEAD), MANY, "ranged"), paired(small(), MANY, "ranged")
    usual = lived(small(), MANY, "ranged")
    for world, plain in zip(life.worlds, without.worlds, strict=True):
        changed = {name for name in differing(world, plain) if not name.startswith("proceedings.")}
        assert changed <= MONEY
        assert not world.ledger.forum_costs.any()
        assert not world.proceedings.times_met.any()
        for session in world.minutes:
            assert not session.held.any()
            assert not session.attended.any()
            assert not session.on_agenda.any()
            assert not session.adopted.any()
    given = life.at(2007).ledger.grants_given - without.at(2007).ledger.grants_given
    cost = usual.at(2007).ledger.forum_costs
    np.testing.assert_allclose(given, cost, atol=1e-9)
    received = life.at(2007).ledger.grants_received - without.at(2007).ledger.grants_received
    np.testing.assert_allclose(given.sum(axis=-1), received.sum(axis=-1))


def test_what_costs_nothing_gives_nothing():
    world, _, after, *_ = called_off({"processes.gfmd.switches.costs": False})
    assert differing(after, world) == set()


def test_left_alone_a_session_meets():
    life = lived(small(), MANY)
    world, session, setting = open_room(life)
    world, session = attend(world, session, setting)
    after, same = give_instead(world, session, setting)
    assert differing(after, world) == set()
    np.testing.assert_array_equal(same.attended, session.attended)
    assert session.attended.any()


def test_a_replicate_s_aid_does_not_depend_on_the_batch():
    batch, alone = (lived(varied(INSTEAD), each, "ranged").at(2007) for each in (MANY, (1,)))
    np.testing.assert_array_equal(batch.ledger.grants_given[1:2], alone.ledger.grants_given)
    np.testing.assert_array_equal(batch.ledger.grants_received[1:2], alone.ledger.grants_received)
