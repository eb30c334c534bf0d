"""Agreements of two, the outside option to every forum."""

from dataclasses import replace

import numpy as np
import pytest

from migsim.actors.interests import salience
from migsim.forum.bilateral import (
    BilateralParameters,
    Pairs,
    carried,
    chance,
    entry_paragraphs,
    luck,
    readmission,
    sought,
    strike_agreements,
    trade,
)
from migsim.forum.follow_up import follow_up
from tests.lives import differing, lived, varied

MANY = (0, 1, 2)
ALLOWED = {"processes.pairs": {"agreements": True, "participants": {"who": "nobody"}}}
SURE = ALLOWED | {"bilateral.rate": 1.0, "processes.gfmd.between.displacement": 0.0}
GAINS = {"gains.fiscal", "gains.development", "gains.hosts", "gains.departures"}


def room(changes=None, year=2006):
    """A setting, the year's world before agreements, and the pairs that seek one."""
    life = lived(varied(SURE | (changes or {})), MANY, "ranged")
    world = replace(life.at(year - 1), year=year)
    p = life.setting.parameters.group(BilateralParameters, "bilateral")
    return life.setting, world, sought(year, life.setting, p), p


def test_nobody_strikes_where_no_process_allows_it_or_the_chance_is_nought():
    allowed, not_allowed = (
        lived(varied({"processes.pairs": {"agreements": flag, "sessions": []}}), MANY)
        for flag in (True, False)
    )
    never = lived(varied(ALLOWED | {"bilateral.rate": 0.0}), MANY)
    assert allowed.last.commitments.agreements.any()
    assert not not_allowed.last.commitments.agreements.any()
    assert differing(never.last, not_allowed.last) == set()


def test_agreements_move_what_is_aimed_at_and_money_and_nothing_else_in_their_first_year():
    allowed, not_allowed = (
        lived(varied(SURE | more), MANY).at(2006) for more in ({}, {"bilateral.rate": 0.0})
    )
    changed = differing(allowed, not_allowed)
    assert changed <= GAINS | {
        "commitments.agreements",
        "policies.policy",
        "policies.practice",
        "ledger.grants_given",
        "ledger.grants_received",
    }
    assert {"commitments.agreements", "policies.policy", "ledger.grants_given"} <= changed


def test_hosts_open_and_both_ends_readmit():
    setting, world, pairs, _ = room()
    moved = strike_agreements(world, setting).commitments.agreements
    entry, back = entry_paragraphs(setting.levers), readmission(setting.levers)
    names = np.array(setting.levers.paragraphs)
    assert set(names[entry]) == {
        "skilled_admission",
        "labour_admission",
        "family_reunification",
        "multiple_entry",
        "seasonal_schemes",
    }
    assert moved.min() >= 0.0
    assert moved[..., entry].max() > 0.0
    assert moved[..., back].max() > 0.0
    assert not np.delete(moved, [*entry, back], axis=-1).any()
    is_host = np.zeros(moved.shape[:2], dtype=bool)
    for r in MANY:
        is_host[r, pairs.host[r]] = True
    assert not moved[..., entry][~is_host].any()


def test_nobody_moves_past_the_other_and_both_gain_the_same():
    setting, world, pairs, _ = room()
    traded = trade(world, setting, pairs)
    rows = np.arange(3)[:, None]
    ideal, care = world.policies.ideal, salience(world, setting, for_objection=True)
    entry, back = entry_paragraphs(setting.levers), readmission(setting.levers)
    gap = np.maximum(ideal[rows, pairs.origin] - ideal[rows, pairs.host], 0.0)[..., entry]
    control = (ideal[rows, pairs.host] - ideal[rows, pairs.origin])[..., back]
    assert traded.is_worth.any()
    assert not traded.is_worth.all()
    assert np.all(traded.opening <= gap + 1e-12)
    assert np.all(traded.readmission[traded.is_worth] <= control[traded.is_worth] + 1e-12)
    mobility = (care[..., 0] + care[..., 1]) / 2.0
    s_p = mobility[rows, pairs.host] + mobility[rows, pairs.origin]
    s_q = care[..., 2][rows, pairs.host] + care[..., 2][rows, pairs.origin]
    shift_p = traded.opening.mean(axis=-1) * mobility[rows, pairs.host] / s_p
    shift_q = traded.readmission * care[..., 2][rows, pairs.origin] / s_q
    of_host = shift_q * care[..., 2][rows, pairs.host] - shift_p * mobility[rows, pairs.host]
    of_origin = shift_p * mobility[rows, pairs.origin] - shift_q * care[..., 2][rows, pairs.origin]
    np.testing.assert_allclose(of_host[traded.is_worth], of_origin[traded.is_worth], atol=1e-9)
    assert np.all(of_host[traded.is_worth] > 0.0)


def test_striking_again_never_carries_farther_than_the_trades_as_a_whole():
    setting, world, pairs, p = room({"bilateral.strength": 1.0})
    traded = trade(world, setting, pairs)
    whole = carried(world, setting, pairs, traded, p.strength * traded.is_worth)
    for _ in range(6):
        world = strike_agreements(world, setting)
        np.testing.assert_allclose(world.commitments.agreements, whole, atol=1e-12)
    assert 0.0 < whole.max() <= 1.0


def test_agreements_run_out():
    setting, world, *_ = room({"bilateral.rate": 0.0, "bilateral.lasts": 5.0})
    before = replace(world.commitments, agreements=np.full_like(world.commitments.agreements, 0.3))
    after = strike_agreements(replace(world, commitments=before), setting).commitments.agreements
    np.testing.assert_allclose(after, 0.3 * 0.8)


def test_aid_is_a_share_of_what_is_sent_home_and_every_dollar_is_debited():
    setting, world, pairs, p = room()
    after = strike_agreements(world, setting)
    given = after.ledger.grants_given - world.ledger.grants_given
    received = after.ledger.grants_received - world.ledger.grants_received
    developed = setting.states.is_developed
    assert not given[:, developed == 0.0].any()
    assert not received[:, developed > 0.0].any()
    np.testing.assert_allclose(given.sum(axis=-1), received.sum(axis=-1))
    sent = np.take_along_axis(world.transfers.sent, pairs.corridor, axis=-1)
    helped = trade(world, setting, pairs).is_worth & (developed[pairs.host] > developed[pairs.origin])
    np.testing.assert_allclose(given.sum(axis=-1), p.aid[:, 0] * (sent * helped).sum(axis=-1))
    assert given.sum() > 0.0


@pytest.mark.parametrize("displacement", [0.0, 0.25, 0.6, 1.0])
def test_who_sits_in_sessions_has_less_effort_left(displacement):
    definition = varied(ALLOWED | {"processes.gfmd.between.displacement": displacement})
    life = lived(definition, MANY)
    setting, world = life.setting, life.at(2007)
    p = setting.parameters.group(BilateralParameters, "bilateral")
    pairs = sought(2007, setting, p)
    came = world.minutes[0].attended
    either = np.maximum(
        np.take_along_axis(came, pairs.host, axis=-1), np.take_along_axis(came, pairs.origin, axis=-1)
    )
    expected = p.rate * (1.0 - displacement * either)
    np.testing.assert_allclose(chance(world, setting, pairs, p), expected)
    assert 0.0 < either.mean() <= 1.0


def test_a_second_session_takes_its_share_of_what_the_first_left():
    life = lived(varied(ALLOWED | {"processes.gfmd.between.displacement": 0.7}), MANY)
    world = life.at(2007)
    p = life.setting.parameters.group(BilateralParameters, "bilateral")
    pairs = sought(2007, life.setting, p)
    once = chance(world, life.setting, pairs, p) / p.rate
    twice = chance(replace(world, minutes=world.minutes * 2), life.setting, pairs, p) / p.rate
    np.testing.assert_allclose(twice, once**2)
    assert once.min() < 1.0


def test_luck_is_of_the_two_states_whoever_else_there_is():
    few = ["USA", "MEX", "DEU", "TUR", "PHL", "FRA", "MAR", "BEL", "GRC", "SYR", "ARG", "ZAF"]
    lies = {}
    for name, changes in {"all": {}, "few": {"states": sorted(few)}}.items():
        life = lived(varied(ALLOWED | changes), MANY, last=2006)
        states = life.setting.states
        host, origin = (np.full((3, 1), states.index(iso3)) for iso3 in ("USA", "MEX"))
        pair = Pairs(np.zeros((3, 1), dtype=np.intp), host, origin, np.ones((3, 1), dtype=bool))
        back = replace(pair, host=origin, origin=host)
        lies[name] = luck(2006, life.setting, pair)
        assert not np.array_equal(lies[name], luck(2006, life.setting, back))
        assert not np.array_equal(lies[name], luck(2007, life.setting, pair))
    np.testing.assert_array_equal(lies["all"], lies["few"])


def test_only_the_largest_corridors_between_members_that_do_not_move_freely():
    setting, world, _, p = room()
    few = sought(2006, setting, replace(p, corridors=np.full((3, 1), 20.0)))
    stock = setting.base.stock.sum(axis=-2)
    assert few.corridor.shape == (3, 20)
    for r in MANY:
        others = np.delete(stock[r], few.corridor[r])
        assert stock[r, few.corridor[r]].min() >= others.max()
    everybody = sought(2006, setting, replace(p, corridors=np.full((3, 1), 1e6)))
    assert everybody.corridor.shape == stock.shape
    free = setting.base.free_since[everybody.corridor] <= 2006
    assert free.any()
    assert not everybody.is_open[free].any()
    outside = replace(setting, states=replace(setting.states, member_since=np.full(24, 2050.0)))
    assert not sought(2006, outside, p).is_open.any()
    assert not strike_agreements(world, outside).commitments.agreements.any()


def test_agreements_add_to_what_states_aim_at():
    setting, world, *_ = room({"world.policy.pace": 0.1})
    struck = strike_agreements(world, setting)
    with_them, without = follow_up(struck, setting), follow_up(world, setting)
    moved = with_them.policies.policy - without.policies.policy
    free = world.policies.ideal + struck.commitments.agreements <= 1.0
    np.testing.assert_allclose(moved[free], 0.1 * struck.commitments.agreements[free], atol=1e-12)
    assert np.all(moved[~free] <= 0.1 * struck.commitments.agreements[~free])
    assert moved.max() > 0.0
    np.testing.assert_array_equal(with_them.commitments.promised, without.commitments.promised)


def test_a_replicate_s_agreements_do_not_depend_on_the_batch():
    usual = ALLOWED | {"bilateral.rate": 0.5}
    batch, alone = (lived(varied(usual), each, "ranged").last for each in (MANY, (2,)))
    assert batch.commitments.agreements[2].any()
    np.testing.assert_array_equal(batch.commitments.agreements[2:], alone.commitments.agreements)
    np.testing.assert_array_equal(batch.ledger.grants_given[2:], alone.ledger.grants_given)
    np.testing.assert_array_equal(batch.policies.policy[2:], alone.policies.policy)
