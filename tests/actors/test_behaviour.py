"""Replacing what one delegation does: five hooks, each for its state alone."""

import re

import numpy as np
import pytest

from migsim.actors.behaviour import Behaviour
from migsim.errors import InputError, ScenarioError
from migsim.forum.attendance import attend
from migsim.forum.calendar import in_session, open_session
from migsim.forum.follow_up import gap_to_text
from migsim.forum.marketplace import MarketParameters, offered
from tests.lives import differing, lived, small, varied

MANY = (0, 1)
FIRST = 2007


class Says(Behaviour):
    """Gives fixed answers."""

    def __init__(self, **said):
        self.said = said

    def position(self, delegation):
        return self.said.get("position")

    def attends(self, delegation):
        return self.said.get("attends")

    def objects(self, delegation):
        return self.said.get("objects")

    def acts(self, delegation):
        return self.said.get("acts")

    def offers(self, delegation):
        return self.said.get("offers")


def life(iso3="MEX", changes=None, **said):
    definition = varied(changes or {})
    return lived(definition.with_behaviour(iso3, Says(**said)) if said else definition, MANY, last=2009)


def index(one, iso3="MEX"):
    return one.setting.states.index(iso3)


def others(values, n, axis=1):
    return np.delete(values, n, axis=axis)


def test_silence_leaves_every_rule_in_force():
    definition = small()
    replaced = lived(definition.with_behaviour("MEX", Behaviour()), MANY)
    assert not differing(replaced.last, lived(definition, MANY).last)


def test_position_by_theme_and_by_paragraph():
    no_trade = {"processes.gfmd.switches.linkage": False}
    usual = life(changes=no_trade)
    n, table = index(usual), usual.setting.levers
    moved = life(changes=no_trade, position={"remittances": 0.0, "equal_pay": np.array([0.2, 0.9])})
    asked, before = (one.at(FIRST).minutes[0].proposals for one in (moved, usual))
    assert np.all(asked[:, n, table.of_theme("remittances")] == 0.0)
    assert asked[:, n, table.paragraphs.index("equal_pay")].tolist() == [0.2, 0.9]
    np.testing.assert_array_equal(others(asked, n), others(before, n))
    np.testing.assert_array_equal(
        asked[:, n, table.of_theme("decent_work")], before[:, n, table.of_theme("decent_work")]
    )
    draft, draft_before = (one.at(FIRST).minutes[0].draft for one in (moved, usual))
    assert np.all((draft < draft_before)[:, table.of_theme("remittances")])


@pytest.mark.parametrize("comes", [True, False])
def test_attendance(comes):
    usual, moved = life(), life(attends=comes)
    n = index(usual)
    attended, before = (one.at(FIRST).minutes[0].attended for one in (moved, usual))
    assert np.all(attended[:, n] == float(comes))
    np.testing.assert_array_equal(others(attended, n), others(before, n))


def test_attendance_may_differ_by_replicate():
    moved = life(attends=np.array([True, False]))
    assert moved.at(FIRST).minutes[0].attended[:, index(moved)].tolist() == [1.0, 0.0]


def test_an_objection_stops_its_theme_and_no_other():
    each = {"processes.gfmd.who_can_block": "each_delegation", "processes.gfmd.protocol.max_ambiguity": 1.0}
    usual, moved = life(changes=each), life(changes=each, objects={"remittances": True}, attends=True)
    table = usual.setting.levers
    stopped = np.isin(np.arange(len(table)), table.of_theme("remittances"))
    text, before = (one.at(FIRST).minutes[0] for one in (moved, usual))
    on = before.on_agenda[0, table.theme] > 0.0
    assert np.all(before.adopted[:, on & stopped] == 1.0)
    assert not text.adopted[:, stopped].any()
    assert np.all(text.objections[:, on & stopped] >= 1.0)
    assert np.all(text.adopted[:, on & ~stopped] == 1.0)


def test_a_delegation_may_never_object():
    each = {"processes.gfmd.who_can_block": "each_delegation", "processes.gfmd.protocol.max_ambiguity": 0.0}
    changes = {
        **each,
        "processes.gfmd.protocol.tolerance": 0.0,
        "processes.gfmd.protocol.stake_tolerance": 0.0,
    }
    usual = life(changes=changes, attends=True)
    moved = life(changes=changes, attends=True, objects={"remittances": False})
    table = usual.setting.levers
    before, after = (one.at(FIRST).minutes[0].objections for one in (usual, moved))
    mine = table.of_theme("remittances")
    assert np.all(after[:, mine] <= before[:, mine])
    assert np.any(after[:, mine] < before[:, mine])
    np.testing.assert_array_equal(np.delete(after, mine, axis=1), np.delete(before, mine, axis=1))


def test_acting_on_what_was_pledged():
    usual, nothing, everything = (
        life(attends=True),
        life(attends=True, acts=0.0),
        life(attends=True, acts=1.0),
    )
    n = index(usual)
    policy, at_none, at_all = (one.at(FIRST).policies.policy for one in (usual, nothing, everything))
    ideal = usual.at(FIRST).policies.ideal[:, n]
    pace = usual.setting.parameters["world.policy.pace"]
    before = usual.at(FIRST - 1).policies.policy[:, n]
    np.testing.assert_allclose(at_none[:, n], np.clip(before + pace * (ideal - before), 0.0, 1.0))
    kept = usual.at(FIRST).commitments.pledged[:, n] > 0.0
    assert kept.any()
    assert np.all(
        np.abs(at_all[:, n] - at_none[:, n])[kept] >= np.abs(policy[:, n] - at_none[:, n])[kept] - 1e-12
    )
    assert np.any(at_all[:, n] != policy[:, n])
    for other in (at_none, at_all):
        np.testing.assert_array_equal(others(other, n), others(policy, n))
    assert np.all(nothing.at(FIRST).commitments.delivered[:, n] == 0.0)


def test_who_acts_on_a_share_of_its_pledge_delivers_that_share():
    for acts in (1.0, 0.5, np.array([0.3, 0.0])):
        moved = life(attends=True, acts=acts)
        standing, n = moved.at(FIRST).commitments, index(moved)
        assert standing.promised[0, n] > 0.0
        np.testing.assert_allclose(standing.delivered[:, n], acts * standing.promised[:, n], rtol=1e-12)


def test_who_acts_on_all_it_pledged_goes_as_far_as_the_text_is_strong():
    moved = life(attends=True, acts=1.0)
    n, after = index(moved), moved.at(FIRST)
    standing, ideal = after.commitments, after.policies.ideal[:, n]
    fade, downward = (moved.setting.parameters[f"follow_up.{name}"] for name in ("fade", "downward"))
    position, ambiguity, strength = (
        getattr(standing, name)[:, n] for name in ("position", "ambiguity", "strength")
    )
    gap = gap_to_text(ideal[:, None], position[:, None], ambiguity[:, None], downward)[:, 0]
    target = ideal + standing.pledged[:, n] * strength / (1.0 - fade) * gap
    before = moved.at(FIRST - 1).policies.policy[:, n]
    expected = before + moved.setting.parameters["world.policy.pace"] * (target - before)
    np.testing.assert_allclose(after.policies.policy[:, n], np.clip(expected, 0.0, 1.0), rtol=1e-12)
    assert np.abs(target - ideal).max() > 0.0


def test_offers_at_the_marketplace():
    usual, generous = life(), life("USA", attends=True, offers=90.0)
    setting = generous.setting
    name, meeting = next(in_session(setting, FIRST))
    world = generous.at(FIRST - 1)
    session = open_session(name, meeting, world, setting)
    _, session = attend(world, session, setting)
    p = setting.parameters.group(MarketParameters, "processes.gfmd.marketplace")
    offers, unchanged = offered(world, session, setting, p), offered(world, session, usual.setting, p)
    n = index(usual, "USA")
    assert offers[:, n].tolist() == [90.0, 90.0]
    np.testing.assert_array_equal(others(offers, n), others(unchanged, n))
    given, given_before = (one.at(FIRST).ledger.grants_given[:, n] for one in (generous, usual))
    assert np.all(given > given_before)


def test_no_offer_is_made_by_the_absent():
    absent = life("USA", attends=False, offers=90.0)
    aid = varied({"levers.migration_aid": 0.0})
    without_aid = lived(aid.with_behaviour("USA", Says(attends=False, offers=90.0)), MANY)
    assert not without_aid.at(FIRST).ledger.grants_given[:, index(absent, "USA")].any()


WRONG = [
    ("position", 0.5, "return a mapping"),
    ("position", {"remittance": 0.5}, "unknown theme or paragraph 'remittance'"),
    ("position", {"remittances": 1.5}, "found 1.5; allowed is 0 to 1"),
    ("position", {"remittances": float("nan")}, "found nan; allowed is 0 to 1"),
    ("position", {"remittances": "much"}, "found 'much'; allowed is 0 to 1"),
    ("position", {"remittances": np.zeros((2, 2))}, "allowed is 0 to 1, or one such number a replicate"),
    ("attends", "yes", "found 'yes'; allowed is 0 to 1"),
    ("attends", 2, "found 2; allowed is 0 to 1"),
    ("attends", {"MEX": True}, "allowed is 0 to 1"),
    ("objects", True, "return a mapping"),
    ("objects", {"everything": True}, "unknown theme or paragraph 'everything'"),
    ("acts", -0.1, "found -0.1; allowed is 0 to 1"),
    ("acts", None, ""),
    ("offers", -5.0, "found -5.0; allowed is 0 to 1e+06"),
    ("offers", float("inf"), "found inf; allowed is 0 to 1e+06"),
]


@pytest.mark.parametrize(("hook", "answer", "message"), WRONG)
def test_a_wrong_answer_is_an_input_error_with_what_is_allowed(hook, answer, message):
    if not message:
        life(**{hook: answer})
        return
    with pytest.raises(InputError, match=re.escape(message)) as caught:
        life(attends=True, **{hook: answer}) if hook != "attends" else life(attends=answer)
    assert "MEX" in str(caught.value)


@pytest.mark.parametrize("n", [1, 3])
@pytest.mark.parametrize("hook", ["attends", "acts", "offers", "position", "objects"])
def test_one_number_a_replicate_is_checked_to_be_that_many(hook, n):
    answer = np.zeros(n)
    said = {"remittances": answer} if hook in ("position", "objects") else answer
    with pytest.raises(InputError, match="one such number a replicate") as caught:
        life(**({"attends": True} | {hook: said}))
    assert "MEX" in str(caught.value)


@pytest.mark.parametrize("comes", [0.5, np.array([1.0, 0.5])])
def test_nobody_comes_by_half(comes):
    with pytest.raises(InputError, match="allowed is True or False, or one a replicate"):
        life(attends=comes)


def test_a_thing_without_hooks_is_refused():
    with pytest.raises(InputError, match=r"subclass migsim\.Behaviour"):
        lived(small().with_behaviour("MEX", object()), MANY)


def test_an_unknown_state_is_refused():
    with pytest.raises(ScenarioError, match="XYZ"):
        small().with_behaviour("XYZ", Behaviour())


def test_what_a_delegation_sees():
    seen = {}

    class Looks(Behaviour):
        def position(self, delegation):
            seen[delegation.year] = (
                delegation.iso3,
                delegation.process,
                delegation.trust.shape,
                delegation.ideal("remittances").shape,
                delegation.policy("remittances").shape,
            )

    lived(small().with_behaviour("PHL", Looks()), MANY)
    assert seen == {year: ("PHL", "gfmd", (2,), (2,), (2,)) for year in (2007, 2008, 2009)}
