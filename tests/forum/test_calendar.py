"""Who meets when, who may come, who presides, and what it takes to convene."""

from dataclasses import replace

import numpy as np
import pytest

from migsim.forum.calendar import chair_by_rule, convened, eligible, in_favour, in_session, open_session
from tests.lives import lived, varied

MANY = (0, 1, 2)
DIALOGUE = {"agenda": "survey", "cadence": {"first": 2007, "last": 2010}}


def with_process(process, **changes):
    """Lives of the small forum beside another process."""
    settings = {"processes.other": {**DIALOGUE, **process}, "years.last": 2010} | changes
    return lived(varied(settings), MANY, "ranged")


def opened(life, year=2008, name="other"):
    setting, world = life.setting, replace(life.at(year - 1), year=year)
    meeting = dict(in_session(setting, year))[name]
    return open_session(name, meeting, world, setting)


def held(life, name="other"):
    """In which years, ``(year, replicate)``, a process met."""
    return {
        world.year: np.array(
            [minutes.held[:, 0] for minutes in world.minutes if minutes.process == name]
        ).squeeze()
        for world in life.worlds[1:]
        if any(minutes.process == name for minutes in world.minutes)
    }


def test_a_cadence_meets_in_its_years_and_skips_others():
    life = with_process({"cadence": {"first": 2006, "last": 2010, "every": 2, "skip": [2008]}})
    assert sorted(held(life)) == [2006, 2010]
    assert all(np.all(each == 1.0) for each in held(life).values())


def test_only_the_states_named_may_come():
    states = lived(varied({}), MANY, "ranged").setting.states.iso3[:3]
    life = with_process({"participants": {"who": "region", "states": list(states)}})
    came = np.array([m.attended for world in life.worlds for m in world.minutes if m.process == "other"])
    assert came[..., :3].any()
    assert not came[..., 3:].any()
    assert not with_process({"participants": {"who": "nobody"}}).last.minutes[-1].attended.any()


def test_who_is_not_yet_a_member_may_not_come():
    life = with_process({})
    may = eligible("other", life.last, life.setting)
    np.testing.assert_array_equal(may, np.broadcast_to(life.setting.members(life.last.year), may.shape))


def test_hosts_and_departure_countries_alternate_in_the_chair():
    setting = with_process({"chair_rule": "alternating"}).setting
    process, states = setting.definition.spec.processes["other"], setting.states
    chairs = [chair_by_rule(process, number, setting) for number in range(6)]
    leans = [bool(states.host[chair] >= states.departure[chair]) for chair in chairs]
    assert leans == [True, False] * 3
    assert len(set(chairs)) == 6
    assert states.capability[chairs[0]] == states.capability[states.host >= states.departure].max()


def test_each_region_takes_the_chair_in_turn():
    setting = with_process({"chair_rule": "rotating"}).setting
    process, region = setting.definition.spec.processes["other"], setting.states.region_index
    n = np.unique(region).size
    chairs = [chair_by_rule(process, number, setting) for number in range(n)]
    assert sorted(region[chairs]) == sorted(np.unique(region))
    given = with_process({})
    assert chair_by_rule(given.setting.definition.spec.processes["other"], 0, given.setting) == -1


def test_a_chair_comes_wherever_a_rule_puts_it():
    session = opened(with_process({"chair_rule": "alternating"}))
    assert session.chair >= 0
    life = with_process({"chair_rule": "alternating", "attendance": {"level": -5}})
    for world in life.worlds:
        for minutes in world.minutes:
            if minutes.process == "other":
                assert np.all(minutes.attended.sum(axis=-1) >= 1.0)


@pytest.mark.parametrize(("level", "often"), [(5.0, 1.0), (-5.0, 0.0)])
def test_uptake_convenes_with_the_chance_of_its_odds(level, often):
    quiet = {"trust": 0.0, "attention": 0.0, "convergence": 0.0}
    life = with_process({"convening": {"rule": "uptake", "level": level, **quiet}})
    assert abs(np.mean(list(held(life).values())) - often) < 0.15


def test_what_is_not_held_leaves_no_trace():
    never = with_process({"convening": {"rule": "support", "support": 1.0, "trust": 0.0}})
    without = lived(varied({"years.last": 2010}), MANY, "ranged")
    for one, other in zip(never.worlds[1:], without.worlds[1:], strict=True):
        np.testing.assert_array_equal(one.policies.policy, other.policies.policy)
        np.testing.assert_array_equal(one.opinions.attention, other.opinions.attention)
        np.testing.assert_array_equal(one.ledger.forum_costs, other.ledger.forum_costs)
        np.testing.assert_array_equal(one.commitments.trust, other.commitments.trust)
    assert not any(np.any(each) for each in held(never).values())


def test_support_is_a_share_of_either_side_by_capability():
    life = with_process({"convening": {"rule": "support", "trust": 0.0}})
    setting, world = life.setting, life.last
    favour = in_favour(world, setting, np.zeros((3, 1)))
    assert favour.any()
    assert not favour.all()
    able = setting.states.capability * setting.members(world.year)
    sides = [able * setting.states.host, able * setting.states.departure]
    share = np.min([(favour * side).sum(axis=-1) / side.sum() for side in sides], axis=0)
    for threshold in (share[0] - 0.01, share[0] + 0.01):
        asked = setting.definition.vary("asked", {"processes.other.convening.support": float(threshold)})
        again = lived(asked, MANY, "ranged")
        met = convened("other", replace(again.last, year=again.last.year + 1), again.setting)
        np.testing.assert_array_equal(met[:, 0], np.where(share >= threshold, 1.0, 0.0))


def test_it_waits_for_others_and_meets_once():
    life = with_process(
        {"convening": {"after": ["gfmd"], "once": True}, "cadence": {"first": 2006, "last": 2010}}
    )
    first_forum = min(
        year for year, _ in ((w.year, m) for w in life.worlds for m in w.minutes if m.process == "gfmd")
    )
    met = held(life)
    assert not met[2006].any()
    assert np.all(sum(met.values()) == 1.0)
    assert np.all(met[min(year for year in met if year > first_forum - 1 and met[year].any())] == 1.0)


def test_an_interval_is_kept():
    life = with_process({"convening": {"least_interval": 2}, "cadence": {"first": 2006, "last": 2010}})
    met = {year: bool(each.all()) for year, each in held(life).items()}
    assert met == {2006: True, 2007: False, 2008: True, 2009: False, 2010: True}


def test_experts_pledge_nobody_until_the_deadline():
    process = {"participants": {"who": "experts"}, "deadline": 2009, "output": "common_understanding"}
    life = with_process(process, **{"processes.gfmd.switches.texts": False})
    assert not opened(life, 2008).binds
    assert opened(life, 2009).binds
    assert not life.at(2008).commitments.pledged.any()
    assert life.at(2009).commitments.pledged.any()


def test_before_a_deadline_nothing_is_adopted_that_anybody_is_against():
    life = with_process({"deadline": 2010, "who_can_block": "share"})
    for world in life.worlds:
        for minutes in world.minutes:
            if minutes.process == "other" and world.year < 2010:
                opposed = minutes.objections > 0.0
                assert not np.any((minutes.adopted > 0.0) & opposed)


def test_only_what_is_in_scope_is_treated():
    life = with_process(
        {
            "scope": ["transfer_cost"],
            "agenda": "given",
            "cadence": {"first": 2007, "last": 2009, "themes": ["remittances"]},
        }
    )
    paragraph = life.setting.levers.paragraphs.index("transfer_cost")
    minutes = [m for world in life.worlds for m in world.minutes if m.process == "other"]
    on = np.array([m.on_paragraphs for m in minutes])
    assert np.all(on[..., paragraph] == 1.0)
    assert not np.delete(on, paragraph, axis=-1).any()
    assert not np.delete(np.array([m.adopted for m in minutes]), paragraph, axis=-1).any()


def test_what_it_waits_for_must_be_there_unless_it_stands_alone():
    """Taking a cause out of a scenario does not bring its effect about."""
    waiting = {**DIALOGUE, "convening": {"after": ["high-level-meeting"]}}
    among = with_process(waiting)
    assert not any(np.any(each) for each in held(among).values())
    alone = lived(
        varied({"processes.gfmd": None, "processes.other": waiting, "years.last": 2010}), MANY, "ranged"
    )
    assert all(np.all(each == 1.0) for each in held(alone).values())


def test_it_waits_since_the_first_session_of_the_other():
    yearly = {"agenda": "survey", "cadence": {"first": 2006, "last": 2010}}
    life = with_process(
        {"convening": {"after": ["yearly"], "wait": 2}, "cadence": {"first": 2006, "last": 2010}},
        **{"processes.yearly": yearly},
    )
    assert {year: bool(each.all()) for year, each in held(life).items()} == {
        2006: False, 2007: False, 2008: True, 2009: True, 2010: True,
    }  # fmt: skip


def test_those_listed_take_the_chair_in_turn():
    listed = ["MEX", "USA", "PHL", "BEL"]
    setting = with_process(
        {"chair_rule": "rotating", "participants": {"who": "club", "states": listed}}
    ).setting
    process = setting.definition.spec.processes["other"]
    chairs = [setting.states.iso3[chair_by_rule(process, number, setting)] for number in range(5)]
    assert sorted(chairs[:4]) == sorted(listed)
    assert chairs[4] == chairs[0] == "USA"


def test_beside_another_session_its_chair_presides_and_a_stranger_never_does():
    life = with_process({"chair_rule": "rotating", "links": {"side_event_of": ["gfmd"]}})
    main, beside = (opened(life, 2008, name).chair for name in ("gfmd", "other"))
    assert main == beside >= 0
    foreign = {
        "sessions": [{"year": 2008, "chair": "FRA"}],
        "participants": {"who": "club", "states": ["MEX"]},
    }
    assert opened(lived(varied({"processes.other": {"agenda": "survey", **foreign}}), MANY), 2008).chair == -1


def test_two_that_meet_beside_each_other_find_a_chair():
    """Each looks at the other's own chair and no further."""
    beside = {**DIALOGUE, "chair_rule": "alternating"}
    life = with_process(
        {"links": {"side_event_of": ["twin"]}, "chair_rule": "rotating"},
        **{"processes.twin": {**beside, "links": {"side_event_of": ["other"]}}},
    )
    chairs = {name: opened(life, 2008, name).chair for name in ("other", "twin")}
    states = life.setting.states
    assert chairs["other"] == chair_by_rule(life.setting.definition.spec.processes["twin"], 1, life.setting)
    assert 0 <= chairs["twin"] < len(states)
