"""The order of a year."""

from dataclasses import replace

import numpy as np
import pytest

from migsim.actors.interests import form_interests
from migsim.forum.process import SESSION
from migsim.year import EARLIER_PHASES, PHASES, WORLD_PHASES, live, live_world
from tests.lives import arrays, lived, small, varied


def test_the_order_of_the_phases():
    assert [phase.__name__ for phase in PHASES] == [
        "put_in_force",
        "move_people",
        "grow",
        "send_money",
        "form_opinion",
        "feel",
        "form_interests",
        "work_between_sessions",
        "hold_sessions",
        "strike_agreements",
        "ratify",
        "follow_up",
        "build_trust",
        "take_up",
        "account",
    ]
    assert [phase.__name__ for phase in SESSION] == [
        "attend",
        "give_instead",
        "set_agenda",
        "hear_civil_society",
        "hold_round_tables",
        "propose",
        "link_themes",
        "consult",
        "meet_in_plenary",
        "vote",
        "match_market",
        "publish",
    ]
    assert PHASES[: len(WORLD_PHASES)] == WORLD_PHASES


def test_up_to_2005_the_world_is_recalled_and_states_do_what_they_always_do():
    names = [phase.__name__ for phase in EARLIER_PHASES]
    assert names[:2] == ["recall", "feel"]
    assert names[2:-2] == [phase.__name__ for phase in PHASES[len(WORLD_PHASES) : -2]]
    assert names[-2:] == ["take_up", "account"]


def test_a_year_writes_nothing_in_place():
    life = lived(small(), (0, 1), "ranged")
    world = life.at(2007)
    before = {name: values.copy() for name, values in arrays(world)}
    live(world, life.setting)
    for name, values in arrays(world):
        np.testing.assert_array_equal(values, before[name], err_msg=name)


def test_every_array_has_the_replicates_first():
    for name, values in arrays(lived(small(), (0, 1, 2)).last):
        assert values.shape[0] == 3, name
        assert values.dtype == np.float64, name


def test_a_decision_acts_on_the_world_a_year_later():
    """A policy decided in 2007 moves nobody in 2007, and somebody in 2008."""
    slow, quick = (lived(varied({"world.policy.pace": pace})) for pace in (0.05, 0.2))
    assert not np.array_equal(slow.at(2006).policies.policy, quick.at(2006).policies.policy)
    np.testing.assert_array_equal(slow.at(2006).people.flow, quick.at(2006).people.flow)
    assert not np.array_equal(slow.at(2007).people.flow, quick.at(2007).people.flow)


def test_the_world_alone_keeps_its_policies():
    life = lived(small())
    world = replace(life.worlds[0], year=2006)
    after = live_world(world, life.setting)
    assert after.policies is world.policies
    assert after.commitments is world.commitments
    assert not np.array_equal(after.people.stock, world.people.stock)


def test_without_a_cast_nobody_can_meet():
    life = lived(small())
    with pytest.raises(RuntimeError, match="no cast"):
        form_interests(life.last, replace(life.setting, cast=None))


def test_the_ledger_is_opened_anew_each_year():
    life = lived(
        varied(
            {
                "levers.migration_aid": 0.0,
                "processes.gfmd.sessions": [{"year": 2007, "chair": "BEL", "themes": ["remittances"]}],
            }
        )
    )
    assert life.at(2007).ledger.forum_costs.any()
    assert not life.at(2008).ledger.forum_costs.any()
    assert not life.at(2008).ledger.grants_given.any()
    assert life.at(2008).minutes == ()
