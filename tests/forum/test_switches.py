"""Each switch turns off its own effect and nothing else."""

from dataclasses import fields

import numpy as np
import pytest

from migsim.forum.session import Switches
from migsim.world.state import Proceedings
from tests.lives import differing, lived, paired, small, varied

MANY = (0, 1, 2)
NAMES = tuple(Switches.__dataclass_fields__)
OFF = {f"processes.gfmd.switches.{name}": False for name in NAMES}
AGENDA_OF_THE_PAST = {f"proceedings.{field.name}" for field in fields(Proceedings)}
"""Like the minutes, a record of what was discussed; only a forum reads it."""

AT_HOME = {"policies.policy", "policies.practice"}
KEPT = {"commitments.promised", "commitments.delivered", "commitments.trust"}
MOVES = {
    "texts": {
        "commitments.position",
        "commitments.ambiguity",
        "commitments.strength",
        "commitments.pledged",
        "opinions.anti",
        "opinions.ambivalent",
    }
    | AT_HOME
    | KEPT,
    "practice": {"policies.knowledge"} | AT_HOME | KEPT,
    "trust": {"commitments.trust"},
    "attention": {"opinions.attention"},
    "linkage": {
        "commitments.position",
        "commitments.ambiguity",
        "commitments.strength",
        "commitments.pledged",
        "opinions.anti",
        "opinions.ambivalent",
    }
    | AT_HOME
    | KEPT,
    "marketplace": {
        "ledger.grants_given",
        "ledger.grants_received",
        "gains.fiscal",
        "gains.development",
        "gains.hosts",
        "gains.departures",
    }
    | AT_HOME
    | KEPT,
    "costs": {"ledger.forum_costs", "gains.fiscal", "gains.development", "gains.hosts", "gains.departures"},
    "backlash": {"opinions.anti", "opinions.ambivalent"} | AT_HOME | KEPT,
}
"""What a switch can change by the end of the year of the first session."""

SURELY = {
    "texts": "commitments.pledged",
    "practice": "policies.knowledge",
    "trust": "commitments.trust",
    "attention": "opinions.attention",
    "linkage": "commitments.position",
    "marketplace": "ledger.grants_given",
    "costs": "ledger.forum_costs",
    "backlash": "opinions.anti",
}


@pytest.mark.parametrize("spread", ["central", "ranged"])
@pytest.mark.parametrize("agenda", ["given", "survey"])
def test_a_forum_with_every_switch_off_is_no_forum_to_the_last_bit(spread, agenda):
    definition = varied(OFF | {"processes.gfmd.agenda": agenda})
    forum, nobody = lived(definition, MANY, spread), paired(definition, MANY, spread)
    assert [len(world.minutes) for world in forum.worlds] == [0, 0, 1, 1, 1]
    for one, other in zip(forum.worlds, nobody.worlds, strict=True):
        assert differing(one, other) <= AGENDA_OF_THE_PAST


def test_a_process_that_never_meets_is_no_process():
    definition = varied({"processes.gfmd.sessions": []})
    never = differing(lived(definition, MANY).last, lived(varied({"processes": {}}), MANY).last)
    assert never <= AGENDA_OF_THE_PAST


def test_the_paired_world_is_the_scenario_without_processes():
    nobody = paired(small(), MANY, "ranged")
    empty = lived(varied({"processes": {}}), MANY, "ranged")
    for one, other in zip(nobody.worlds, empty.worlds, strict=True):
        assert differing(one, other) <= AGENDA_OF_THE_PAST


@pytest.mark.parametrize("name", NAMES)
def test_a_switch_changes_what_it_should_and_no_more(name):
    usual, without = lived(small(), MANY), lived(varied({f"processes.gfmd.switches.{name}": False}), MANY)
    assert not differing(usual.at(2006), without.at(2006))
    changed = differing(usual.at(2007), without.at(2007))
    uptake = {"uptake", "opinions.attention"}
    assert SURELY[name] in changed
    assert changed <= MOVES[name] | uptake
    np.testing.assert_array_equal(usual.at(2007).minutes[0].attended, without.at(2007).minutes[0].attended)


def test_costs_feed_back_on_nothing():
    usual, free = lived(small(), MANY), lived(varied({"processes.gfmd.switches.costs": False}), MANY)
    for one, other in zip(usual.worlds, free.worlds, strict=True):
        assert differing(one, other) <= MOVES["costs"]
        assert not other.ledger.forum_costs.any()


@pytest.mark.parametrize("name", NAMES)
def test_one_switch_alone_changes_no_more_than_its_own(name):
    alone = lived(varied(OFF | {f"processes.gfmd.switches.{name}": True}), MANY)
    nobody = paired(small(), MANY)
    changed = differing(alone.at(2007), nobody.at(2007)) - AGENDA_OF_THE_PAST
    if name != "linkage":
        assert SURELY[name] in changed or name == "backlash"
        assert changed <= MOVES[name] | {"uptake", "opinions.attention"}
    else:
        assert not changed


def test_without_texts_there_is_nothing_to_turn_against():
    """Opinion after the session is what it would be without the session."""
    hated = {"processes.gfmd.report.backlash": 0.2, "processes.gfmd.switches.attention": False}
    silent = varied(hated | {"processes.gfmd.switches.texts": False})
    forum, nobody = lived(silent, MANY), paired(silent, MANY)
    for name in ("pro", "ambivalent", "anti"):
        one, other = (getattr(life.at(2007).opinions, name) for life in (forum, nobody))
        np.testing.assert_array_equal(one, other)
    assert np.any(lived(varied(hated), MANY).at(2007).opinions.anti > forum.at(2007).opinions.anti)
