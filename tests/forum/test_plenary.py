"""The text, paragraph by paragraph."""

from dataclasses import replace

import numpy as np
import pytest

from migsim.forum.plenary import draft, floor, meet_in_plenary, outside_voice, seat
from migsim.forum.settlement import ProtocolParameters
from migsim.provenance.parameters import registry
from tests.forum.rooms import everybody, on_agenda, open_room
from tests.lives import lived, small, varied

MANY = (0, 1, 2)
PROTOCOL = "processes.gfmd.protocol"


def room(**changes):
    life = lived(varied({name.replace("__", "."): value for name, value in changes.items()}), MANY, "ranged")
    return open_room(life, attended=everybody(life), on_agenda=on_agenda(life, 3, 6))


def parameters(setting):
    return setting.parameters.group(ProtocolParameters, PROTOCOL)


def test_only_the_agenda_is_written():
    world, session, setting = room()
    text = meet_in_plenary(world, session, setting)[1].text
    off = session.on_agenda[..., setting.levers.theme] == 0.0
    for name in ("adopted", "strength", "objections"):
        assert not getattr(text, name)[off].any()


def test_without_outsiders_and_chair_the_draft_is_the_mean_of_those_who_care():
    world, session, setting = room(
        processes__gfmd__protocol__observer_weight=0.0,
        processes__gfmd__protocol__chair_pull=0.0,
        actors__organisations__floor=0.0,
    )
    table = seat(world, session, setting, parameters(setting))
    weights = table.weight[..., None] * table.salience
    mean = (weights * session.proposals).sum(axis=1) / weights.sum(axis=1)
    np.testing.assert_allclose(table.draft, mean, rtol=1e-12)


def test_a_chair_that_pulls_with_all_its_force_writes_the_draft():
    world, session, setting = room(processes__gfmd__protocol__chair_pull=1.0)
    table = seat(world, session, setting, parameters(setting))
    np.testing.assert_allclose(table.draft, session.proposals[:, session.chair], atol=1e-12)


def test_without_a_chair_nobody_pulls():
    world, session, setting = room()
    session = replace(session, chair=-1)
    table = seat(world, session, setting, parameters(setting))
    weight = setting.states.capability * session.attended
    pulls = replace(parameters(setting), chair_pull=np.ones((3, 1)))
    again = draft(session, setting, table.salience, weight, pulls, np.arange(len(setting.levers)))
    np.testing.assert_array_equal(table.draft, again)


def test_who_is_heard_beside_states():
    for place, civil, is_heard in (
        ("with_civil_society", 0.0, False),
        ("beside_governments", 0.0, True),
        ("facilitating", 0.0, True),
        ("with_civil_society", 1.0, True),
    ):
        _, session, setting = room(processes__gfmd__organisations=place)
        session = replace(session, civil_weight=np.full((3, 1), civil))
        voice, share = outside_voice(session, setting, parameters(setting))
        assert voice.min() >= 0.0
        assert voice.max() <= 1.0
        assert np.all(share > 0.0) if is_heard else np.all(share == 0.0)
        assert np.all(share <= setting.parameters[f"{PROTOCOL}.observer_weight"])


def test_facilitators_weigh_more_against_civil_society():
    def nearness(place):
        _, session, setting = room(processes__gfmd__organisations=place)
        session = replace(session, civil_weight=np.ones((3, 1)), civil_report=np.zeros((3, 12)))
        return outside_voice(session, setting, parameters(setting))[0]

    assert np.all(nearness("facilitating") >= nearness("beside_governments"))
    assert np.all(nearness("with_civil_society") == 0.0)


def test_what_is_at_stake_makes_patient():
    world, session, setting = room(processes__gfmd__protocol__stake_tolerance=1.0)
    tolerance = seat(world, session, setting, parameters(setting)).tolerance
    least = setting.parameters[f"{PROTOCOL}.tolerance"][..., None]
    assert np.all(tolerance >= least - 1e-12)
    assert np.all(tolerance <= 2.0 * least + 1e-12)
    assert tolerance.max() > 1.1 * least.max() or np.any(tolerance > 1.1 * least)


def test_a_chair_s_summary_takes_no_decision_and_pledges_nobody():
    life = lived(varied({"processes.gfmd.reading": "chair_summary"}), MANY, "ranged")
    usual = lived(small(), MANY, "ranged")
    for world in life.worlds:
        for session in world.minutes:
            assert not session.adopted.any()
            assert not session.objections.any()
            assert not session.strength.any()
            on = session.on_agenda[..., life.setting.levers.theme] > 0.0
            np.testing.assert_array_equal(session.position[on], session.draft[on])
            assert np.all(session.ambiguity[on] > 0.0)
        assert not world.commitments.pledged.any()
        assert not world.commitments.promised.any()
    assert usual.last.commitments.pledged.any()
    assert np.any(
        life.last.policies.practice > lived(varied({"processes": {}}), MANY, "ranged").last.policies.practice
    )


def test_the_compromise_stands_beside_every_text():
    life = lived(small(), MANY)
    by_mean = lived(varied({f"{PROTOCOL}.name": "compromise"}), MANY)
    one, other = life.at(2007).minutes[0], by_mean.at(2007).minutes[0]
    np.testing.assert_array_equal(one.compromise, other.compromise)
    on = one.on_agenda[..., life.setting.levers.theme] > 0.0
    np.testing.assert_array_equal(other.position[on], other.compromise[on])
    assert np.all(other.adopted[on] == 1.0)
    assert not np.array_equal(one.position[on], other.position[on])


@pytest.mark.parametrize("who", registry()["processes.*.who_can_block"].options)
def test_fewer_who_can_block_make_no_text_vaguer_than_each_delegation(who):
    each, chosen = (
        lived(
            varied(
                {
                    "processes.gfmd.who_can_block": name,
                    f"{PROTOCOL}.drafter_pull": 0.0,
                    f"{PROTOCOL}.max_ambiguity": 1.0,
                }
            ),
            MANY,
        )
        for name in ("each_delegation", who)
    )
    assert np.all(chosen.at(2007).minutes[0].ambiguity <= each.at(2007).minutes[0].ambiguity + 1e-12)


def test_the_absent_neither_weigh_nor_object():
    world, session, setting = room()
    usual = meet_in_plenary(world, session, setting)[1]
    mexico = setting.states.index("MEX")
    attended = session.attended.copy()
    attended[:, mexico] = 0.0
    away = replace(session, attended=attended)
    extreme = session.proposals.copy()
    extreme[:, mexico] = 0.0
    one, other = (
        meet_in_plenary(world, each, setting)[1] for each in (away, replace(away, proposals=extreme))
    )
    np.testing.assert_array_equal(one.text.position, other.text.position)
    np.testing.assert_array_equal(one.compromise, other.compromise)
    assert not np.array_equal(one.compromise, usual.compromise)


def test_a_floor_lifts_a_draft_that_falls_short_and_nothing_else():
    def drafted(share, *names):
        there = {"processes__gfmd__organisations_present": list(names)} if names else {}
        changes = {"processes__gfmd__protocol__chair_pull": 0.0, "actors__organisations__floor": share}
        world, session, setting = room(**changes, **there)
        return seat(world, session, setting, parameters(setting)).draft, setting

    plain, setting = drafted(0.0)
    lifted, _ = drafted(0.1)
    defended = floor(open_room(lived(small(), MANY))[1], setting)
    assert {setting.levers.paragraphs[n] for n in np.flatnonzero(defended)} == {
        *("equal_pay", "non_discrimination", "labour_inspection", "fair_recruitment", "women_workers"),
        *("asylum_procedures", "shared_reception", "aid_to_first_hosts"),
    }
    np.testing.assert_allclose(lifted, plain + 0.1 * np.maximum(defended - plain, 0.0), atol=1e-12)
    assert np.any(lifted > plain + 0.01)
    np.testing.assert_array_equal(drafted(0.1, "IOM", "OECD")[0], drafted(0.0, "IOM", "OECD")[0])


def test_those_who_only_keep_figures_or_are_away_have_no_say():
    _, session, setting = room(processes__gfmd__organisations_present=["OECD", "World Bank"])
    assert not outside_voice(session, setting, parameters(setting))[1].any()
    _, session, setting = room(processes__gfmd__organisations_present=["WTO"])
    voice, share = outside_voice(session, setting, parameters(setting))
    skilled = setting.levers.paragraphs.index("skilled_admission")
    assert np.all(share[:, skilled] > 0.0)
    assert not np.delete(share, skilled, axis=-1).any()
    np.testing.assert_allclose(voice[:, skilled], 0.75)


def test_a_mediator_makes_patient_and_does_nothing_else():
    changes = {"processes__gfmd__protocol__mediation": 0.2}
    (world, session, with_one), (_, _, without) = (
        room(processes__gfmd__mediator=is_there, **changes) for is_there in (True, False)
    )
    one, other = (seat(world, session, setting, parameters(setting)) for setting in (with_one, without))
    np.testing.assert_allclose(one.tolerance, 1.2 * other.tolerance, rtol=1e-12)
    np.testing.assert_array_equal(one.draft, other.draft)
    np.testing.assert_array_equal(one.salience, other.salience)
    _, _, idle = room(processes__gfmd__mediator=True, processes__gfmd__protocol__mediation=0.0)
    np.testing.assert_array_equal(seat(world, session, idle, parameters(idle)).tolerance, other.tolerance)


PERMUTED = {"processes__gfmd__switches__permuted_texts": True}


def test_permuted_texts_change_places_among_what_is_adopted_and_nothing_else_changes():
    usual, moved = (meet_in_plenary(*room(**changes))[1].text for changes in ({}, PERMUTED))
    for name in ("adopted", "against", "joined"):
        np.testing.assert_array_equal(getattr(moved, name), getattr(usual, name))
    adopted = usual.adopted > 0.0
    assert adopted.sum(axis=-1).min() > 2
    assert not np.array_equal(moved.position, usual.position)
    for r in MANY:
        chosen = adopted[r]
        texts = [
            {
                tuple(each)
                for each in np.stack([t.position[r], t.ambiguity[r], t.strength[r]], axis=-1)[chosen]
            }
            for t in (usual, moved)
        ]
        assert texts[0] == texts[1]
        for name in ("position", "ambiguity", "strength"):
            np.testing.assert_array_equal(getattr(moved, name)[r, ~chosen], getattr(usual, name)[r, ~chosen])


def test_a_permutation_is_the_replicate_s_own():
    changes = {name.replace("__", "."): value for name, value in PERMUTED.items()}
    batch, alone = (lived(varied(changes), each, "ranged").last.minutes[0] for each in (MANY, (2,)))
    np.testing.assert_array_equal(batch.position[2:], alone.position)
    np.testing.assert_array_equal(batch.strength[2:], alone.strength)


def test_permuted_texts_pull_elsewhere_as_many_as_before():
    usual, moved = (
        lived(varied({name.replace("__", "."): value for name, value in changes.items()}), MANY).at(2007)
        for changes in ({}, PERMUTED)
    )
    np.testing.assert_array_equal(moved.commitments.pledged, usual.commitments.pledged)
    np.testing.assert_array_equal(moved.ledger.forum_costs, usual.ledger.forum_costs)
    np.testing.assert_array_equal(moved.policies.knowledge, usual.policies.knowledge)
    assert not np.array_equal(moved.policies.policy, usual.policies.policy)


def test_off_its_own_agenda_a_replicate_writes_nothing_whatever_others_discuss():
    world, session, setting = room()
    agenda = session.on_agenda.copy()
    agenda[1] = np.roll(agenda[1], 1)
    _, session = meet_in_plenary(world, replace(session, on_agenda=agenda), setting)
    off = agenda[..., setting.levers.theme] == 0.0
    for values in (session.draft, session.compromise, session.text.position, session.text.ambiguity):
        assert not values[off].any()
        assert values[~off].any()
    assert not np.moveaxis(session.text.joined, -2, -1)[off].any()


def test_without_an_agenda_nothing_is_written():
    world, session, setting = room()
    _, session = meet_in_plenary(world, replace(session, on_agenda=0.0 * session.on_agenda), setting)
    assert not session.draft.any()
    assert not session.text.adopted.any()
