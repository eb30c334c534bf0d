"""A process's protocol at work: who negotiates, on what, and what comes of it for all."""

from dataclasses import fields, replace

import numpy as np
import pytest

from migsim.errors import ScenarioError
from migsim.forum.plenary import meet_in_plenary, seat
from migsim.forum.settlement import ProtocolParameters, options_in_force, settle
from migsim.negotiation import Chance, Table, protocol, protocol_names
from migsim.negotiation.members import NOBODY, Room, of_friends, of_groups, settle_rooms, sharing
from tests.forum.rooms import everybody, on_agenda, open_room
from tests.lives import lived, small, varied

MANY = (0, 1, 2)
PROTOCOL = "processes.gfmd.protocol"
COSTLY = ("smp", "exchange", "challenge")


def room(**changes):
    life = lived(varied({f"{PROTOCOL}.{name}": value for name, value in changes.items()}), MANY, "ranged")
    return open_room(life, attended=everybody(life), on_agenda=on_agenda(life, 3, 6))


def table_of(world, session, setting):
    p = setting.parameters.group(ProtocolParameters, PROTOCOL)
    return seat(world, session, setting, p), p


@pytest.mark.parametrize("name", protocol_names())
def test_every_protocol_settles_the_agenda_and_nothing_else(name):
    world, session, setting = room(name=name)
    text = meet_in_plenary(world, session, setting)[1].text
    on = session.on_agenda[..., setting.levers.theme] > 0.0
    assert np.all((text.position >= 0.0) & (text.position <= 1.0))
    assert np.all((text.ambiguity >= 0.0) & (text.ambiguity <= 1.0))
    assert text.adopted[on].any()
    assert not text.adopted[~on].any()
    assert not text.against[~on].any()
    assert not text.strength[~on].any()
    assert np.all((text.strength >= 0.0) & (text.strength <= 1.0))
    assert text.joined.max() == 1.0


@pytest.mark.parametrize("name", protocol_names())
def test_one_world_is_its_place_among_many(name):
    world, session, setting = room(name=name)
    many = meet_in_plenary(world, session, setting)[1].text
    life = lived(varied({f"{PROTOCOL}.name": name}), (1,), "ranged")
    alone = open_room(life, attended=everybody(life), on_agenda=on_agenda(life, 3, 6))
    one = meet_in_plenary(*alone)[1].text
    for field in ("position", "ambiguity", "adopted", "strength", "against", "joined"):
        np.testing.assert_array_equal(getattr(one, field)[0], getattr(many, field)[1])


@pytest.mark.parametrize("name", protocol_names())
def test_the_absent_change_nothing(name):
    world, session, setting = room(name=name)
    mexico = setting.states.index("MEX")
    attended = session.attended.copy()
    attended[:, mexico] = 0.0
    away = replace(session, attended=attended)
    extreme = session.proposals.copy()
    extreme[:, mexico] = 1.0
    one, other = (
        meet_in_plenary(world, each, setting)[1].text for each in (away, replace(away, proposals=extreme))
    )
    np.testing.assert_array_equal(one.position, other.position)
    assert not one.against[..., mexico].any()
    assert not one.joined[:, mexico].any()


def test_where_nobody_has_come_a_costly_protocol_adopts_nothing():
    world, session, setting = room(name="challenge")
    empty = replace(session, attended=np.zeros_like(session.attended))
    text = meet_in_plenary(world, empty, setting)[1].text
    assert not text.adopted.any()
    assert not text.joined.any()


def test_the_options_in_force_a_process_reach_its_protocol():
    world, session, setting = room(name="smp", options={"pce_model": "MarkovUniform", "max_turns": 3})
    options = options_in_force("smp", session, setting, table_of(world, session, setting)[1])
    assert options.pce_model == "MarkovUniform"
    assert options.max_turns == 3
    other = options_in_force("exchange", session, setting, table_of(world, session, setting)[1])
    assert other == protocol("exchange").options()


def test_named_friends_negotiate_and_the_rest_only_object():
    world, session, setting = room(name="challenge")
    table, p = table_of(world, session, setting)
    on = session.on_agenda[..., setting.levers.theme] > 0.0
    friends = setting.states.iso3[:4]
    named = replace(session, friends=friends)
    proposals = session.proposals.copy()
    proposals[:, 4:] = 0.0
    outsiders_differ = replace(table, position=proposals)
    one = settle(table, on, named, setting, p, 2007)
    other = settle(outsiders_differ, on, named, setting, p, 2007)
    np.testing.assert_array_equal(one.position[on], other.position[on])
    assert np.all(one.ambiguity[on] != other.ambiguity[on])
    everyone = settle(table, on, session, setting, p, 2007)
    assert not np.array_equal(one.position[on], everyone.position[on])
    assert np.all(one.joined[..., 4:, :].max(axis=-1) == 1.0)


def test_friends_who_stay_away_leave_the_room_to_those_who_count_most():
    world, session, setting = room()
    table = table_of(world, session, setting)[0].at(0, np.arange(3, dtype=np.intp))
    here = replace(table, seated=np.where(np.arange(len(setting.states)) < 2, 0.0, 1.0))
    members = of_friends(here, np.array([0, 1], dtype=np.intp))
    assert set(members.seats) == set(range(2, len(setting.states)))
    assert members.table.position.shape[0] == len(members.seats)
    assert members.speaks_for[:2].tolist() == [NOBODY, NOBODY]


def test_friends_sit_in_the_order_of_all_however_they_are_named():
    world, session, setting = room()
    table = table_of(world, session, setting)[0].at(0, np.arange(3, dtype=np.intp))
    one, other = (of_friends(table, np.array(named, dtype=np.intp)) for named in ([7, 2, 5], [2, 5, 7]))
    assert one.seats.tolist() == other.seats.tolist() == [2, 5, 7]
    assert one.speaks_for[[2, 5, 7]].tolist() == [0, 1, 2]


def test_what_members_leave_open_counts_among_all():
    world, session, setting = room(name="smp")
    table, p = table_of(world, session, setting)
    on = session.on_agenda[..., setting.levers.theme] > 0.0
    text = settle(table, on, replace(session, friends=setting.states.iso3[:5]), setting, p, 2007)
    spread = np.abs(table.position[:, 5:] - text.position[:, None, :])
    weights = (table.weight[..., None] * table.salience)[:, 5:]
    left = (spread * weights).sum(axis=1) / (table.weight[..., None] * table.salience).sum(axis=1)
    assert np.all(text.ambiguity[on] >= left[on] - 1e-12)


def test_with_many_present_forty_negotiate_for_all():
    life = lived(varied({f"{PROTOCOL}.name": "challenge"}), MANY, "ranged")
    world, session, setting = open_room(life, attended=everybody(life), on_agenda=on_agenda(life, 3, 6))
    one = table_of(world, session, setting)[0].at(0, np.arange(4, dtype=np.intp))
    many = replace(
        one.of(np.tile(np.arange(len(setting.states)), 3)),
        weight=np.repeat([3.0, 2.0, 1.0], len(setting.states)),
    )
    way, chance = protocol("challenge"), Chance.alone(0, [str(n) for n in range(len(many.weight))])
    lead = Table(**{f.name: lead_of(getattr(many, f.name), f.name) for f in fields(Table)})
    rooms = [Room(0, np.arange(4, dtype=np.intp), of_friends)]
    text = settle_rooms(
        way, way.options(), lead, rooms, np.zeros(0, dtype=np.intp), replace(chance, is_single=False)
    )
    members = of_friends(many, np.zeros(0, dtype=np.intp))
    assert len(many.weight) == 3 * len(setting.states) > 60
    assert len(members.seats) == 40
    alone = way.negotiate(members.table, way.options(), chance).text
    np.testing.assert_array_equal(text.position[0], alone.position)
    assert text.against.shape[-1] == len(many.weight)
    assert text.joined.all()


def lead_of(values, name):
    """An array with a leading axis of one; what has none stays."""
    return values if name in ("group", "max_ambiguity") else values[None]


def test_at_most_forty_friends_and_those_with_the_most_weight():
    luck = np.random.Generator(np.random.PCG64(4))
    world, session, setting = room()
    table = table_of(world, session, setting)[0].at(0, np.arange(2, dtype=np.intp))
    n = 60
    big = replace(
        table,
        **{name: luck.random((n, 2)) for name in ("position", "salience", "tolerance", "objects")},
        **{name: np.ones(n) for name in ("seated", "may_block")},
        weight=luck.random(n),
        group=np.zeros(n, dtype=np.intp),
    )
    members = of_friends(big, np.zeros(0, dtype=np.intp))
    counts, seats = big.weight * big.salience.mean(axis=-1), members.seats
    assert len(seats) == 40
    assert members.table.weight.tolist() == big.weight[seats].tolist()
    assert counts[seats].min() > np.delete(counts, seats).max()
    assert np.all(np.diff(seats) > 0)


def test_a_regional_group_speaks_with_one_voice():
    world, session, setting = room(members="regional_groups")
    table = table_of(world, session, setting)[0].at(0, np.arange(3, dtype=np.intp))
    groups = of_groups(table, np.zeros(0, dtype=np.intp))
    voices = groups.table
    for n, group in enumerate(np.unique(table.group)):
        members = table.group == group
        weights = table.weight[members, None] * table.salience[members]
        np.testing.assert_allclose(voices.weight[n], table.weight[members].sum())
        mean = (weights * table.position[members]).sum(axis=0) / weights.sum(axis=0)
        np.testing.assert_allclose(voices.position[n], mean)
        assert np.all(groups.speaks_for[members] == n)
    moved = groups.carried(table.position, voices.position + 0.01)
    np.testing.assert_allclose(moved, np.clip(table.position + 0.01, 0.0, 1.0))
    text = meet_in_plenary(world, replace(session), setting)[1].text
    assert np.isfinite(text.position).all()


def test_shared_saliences_keep_their_proportions():
    world, session, setting = room()
    table = table_of(world, session, setting)[0].at(0, np.arange(9, dtype=np.intp))
    shared = sharing(table)
    assert shared.salience.sum(axis=-1).max() <= 1.0 + 1e-12
    ratio = table.salience.sum() / shared.salience.sum()
    np.testing.assert_allclose(shared.salience * ratio, table.salience, rtol=1e-12)


@pytest.mark.parametrize("choose", [of_friends, of_groups])
def test_members_without_capability_or_none_at_all_do_no_harm(choose):
    world, session, setting = room()
    table = table_of(world, session, setting)[0].at(0, np.arange(3, dtype=np.intp))
    powerless = choose(replace(table, weight=0.0 * table.weight), np.zeros(0, dtype=np.intp))
    assert np.isfinite(powerless.table.position).all()
    assert len(powerless.seats) > 0
    nobody = choose(replace(table, seated=0.0 * table.seated), np.zeros(0, dtype=np.intp))
    assert len(nobody.seats) == 0


@pytest.mark.parametrize("name", COSTLY)
def test_those_that_cost_too_much_for_a_plenary_say_so(name):
    way = protocol(name)
    assert way.is_costly(way.options())


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": "smp", "options": {"pce_modell": "MarkovUniform"}}, "did you mean pce_model?"),
        ({"name": "smp", "options": {"pce_model": "Uniform"}}, "MarkovUniform"),
        ({"name": "exchange", "options": {"rounds": 0}}, "a whole number, 1 to"),
        ({"name": "compromise", "options": {"rounds": 3}}, "it has no options"),
        ({"options": {"tolerance": 0.1}}, "are parameters of the process"),
    ],
)
def test_options_that_the_protocol_does_not_have_are_refused(changes, said):
    with pytest.raises(ScenarioError, match=r"gfmd\.protocol\.options") as caught:
        varied({f"{PROTOCOL}.{name}": value for name, value in changes.items()})
    assert said in str(caught.value)


def test_unused_options_in_force_the_default_protocol_draw_nothing():
    usual = lived(small(), MANY).last.commitments
    blurred = lived(varied({f"{PROTOCOL}.hesitation": 0.05}), MANY).last.commitments
    np.testing.assert_array_equal(usual.position, blurred.position)
    read = lived(varied({f"{PROTOCOL}.readings": 5, f"{PROTOCOL}.hesitation": 0.05}), MANY).last.commitments
    assert not np.array_equal(usual.position, read.position)
