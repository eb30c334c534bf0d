"""Minutes, costs, notice, and what stands."""

from dataclasses import replace

import numpy as np
import pytest

from migsim.forum.report import ReportParameters, costs, publish
from migsim.forum.uptake import notice
from migsim.negotiation import Text
from migsim.world.economy import product
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
    stands = session.attended[..., None] * on[:, None, :] > 0.0
    assert np.all(standing.strength[stands] == 0.8)
    np.testing.assert_array_equal(standing.strength[~stands], world.commitments.strength[~stands])
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
    world, after, session, setting = published()
    lift = notice(after, setting).opinions.attention - world.opinions.attention
    seen = session.attended[..., None] * session.on_agenda[..., None, :] > 0.0
    assert lift.min() >= 0.0
    assert lift[seen].max() > 0.0
    assert not lift[~seen].any()


def test_however_many_treat_a_theme_the_public_hears_of_it_once():
    _, after, _, setting = published()
    twice = replace(after, minutes=(*after.minutes, *after.minutes))
    np.testing.assert_array_equal(
        notice(twice, setting).opinions.attention, notice(after, setting).opinions.attention
    )


def test_minutes_are_kept():
    life = lived(small(), MANY)
    assert [len(world.minutes) for world in life.worlds] == [0, 0, 1, 1, 1]
    assert {session.process for world in life.worlds for session in world.minutes} == {"gfmd"}
    world, after, session, _ = published()
    assert len(after.minutes) == len(world.minutes) + 1
    np.testing.assert_array_equal(after.minutes[-1].attended, session.attended)
    assert replace(after, minutes=()).minutes == ()


REPORT = "processes.gfmd.report"
SILENT = dict.fromkeys(
    ("texts", "practice", "trust", "attention", "linkage", "marketplace", "backlash"), False
)


def bills(changes=None, year=2007, **filled):
    """What each state pays for a session that all but a few attend."""
    life = lived(varied(changes or {}), MANY, "ranged")
    attended = everybody(life)
    attended[:, 5:9] = 0.0
    world, session, setting = open_room(life, year, **({"attended": attended} | filled))
    p = setting.parameters.group(ReportParameters, REPORT)
    return costs(world, session, setting, p), world, session, setting


@pytest.mark.parametrize("funding", ["chair", "convener", "contributions"])
def test_whoever_pays_the_bill_is_the_same_and_paid_in_full(funding):
    paid, _, session, setting = bills({"processes.gfmd.funding": funding})
    each, chair = (setting.parameters[f"{REPORT}.{name}"][:, 0] for name in ("delegation_cost", "chair_cost"))
    np.testing.assert_allclose(paid.sum(axis=-1), chair * session.size + each * session.attended.sum(axis=-1))


def test_who_pays_for_a_session():
    """The chair; or all who may come, by income; or the developed states that come, by income."""
    free = {f"{REPORT}.delegation_cost": 0.0}
    by_chair, _, session, setting = bills(free)
    only = np.zeros(24)
    only[setting.states.index("BEL")] = 1.0
    np.testing.assert_array_equal(by_chair > 0.0, np.broadcast_to(only > 0.0, by_chair.shape))
    by_all, world, session, setting = bills(free | {"processes.gfmd.funding": "convener"})
    np.testing.assert_allclose(
        by_all / by_all[:, :1], product(world, setting) / product(world, setting)[:, :1]
    )
    given, _, session, setting = bills(free | {"processes.gfmd.funding": "contributions"})
    donors = (setting.states.is_developed * session.attended) > 0.0
    np.testing.assert_array_equal(given > 0.0, donors)
    assert 0 < donors.sum() < donors.size


def test_nobody_is_asked_to_pay_for_a_chair_that_is_no_state():
    paid, *_ = bills({f"{REPORT}.delegation_cost": 0.0}, chair=-1)
    assert not paid.any()


def test_a_session_that_is_not_held_costs_nothing():
    nobody = np.zeros((2, 24))
    paid, *_ = bills(attended=nobody, held=np.zeros((2, 1)))
    assert not paid.any()


@pytest.mark.parametrize(
    ("host", "year", "is_free"), [("gfmd", 2007, True), ("puebla", 2007, False), ("gfmd", 2006, False)]
)
def test_beside_a_session_of_another_process_nobody_travels_twice(host, year, is_free):
    other = {
        "sessions": [{"year": year, "themes": ["remittances"]}],
        "links": {"side_event_of": [host]},
        "switches": SILENT,
    }
    life = lived(varied({"processes.beside": other}), MANY)
    alone = lived(small(), MANY)
    session = next(held for held in life.at(year).minutes if held.process == "beside")
    assert session.attended.any()
    more = life.at(year).ledger.forum_costs.sum(axis=-1) - alone.at(year).ledger.forum_costs.sum(axis=-1)
    if is_free:
        np.testing.assert_allclose(more, 0.0, atol=1e-9)
    else:
        each = life.setting.parameters["processes.beside.report.delegation_cost"][:, 0]
        np.testing.assert_allclose(more, each * session.attended.sum(axis=-1))


def test_a_side_event_of_a_session_that_is_not_held_is_a_journey_of_its_own():
    other = {"sessions": [{"year": 2007, "themes": ["remittances"]}], "links": {"side_event_of": ["gfmd"]}}
    held = lived(varied({"processes.beside": other, "processes.gfmd.switches.aid_instead": True}), MANY).at(
        2007
    )
    assert held.minutes[1].attended.any()
    each = 0.03 * held.minutes[1].attended.sum(axis=-1)
    chair_cost = 5.0
    np.testing.assert_allclose(held.ledger.forum_costs.sum(axis=-1), each + chair_cost)
