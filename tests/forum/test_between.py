"""What goes on between sessions."""

from dataclasses import replace

import numpy as np
import pytest

from migsim.forum.between import (
    effort_left,
    expected_too_much,
    kept_from_fading,
    paid_by,
    work_between_sessions,
)
from migsim.forum.follow_up import follow_up
from migsim.forum.trust import build_trust
from migsim.themes import THEMES
from migsim.world.economy import product
from tests.lives import differing, lived, varied

MANY = (0, 1, 2)
BETWEEN = "processes.gfmd.between"
TREATED = ("remittances", "equal_treatment", "decent_work")
ONCE = {"processes.gfmd.sessions": [{"year": 2007, "chair": "BEL", "themes": list(TREATED)}]}
PROGRAMME = "processes.gfmd.agenda_rule.programme_years"


def work(changes, year=2008):
    """The year's world before and after the work between sessions."""
    life = lived(varied(ONCE | changes), MANY, "ranged")
    world = replace(life.at(year - 1), year=year, minutes=())
    return life.setting, world, work_between_sessions(world, life.setting)


def test_work_groups_teach_those_who_came_on_the_themes_treated():
    setting, world, after = work({f"{BETWEEN}.work_groups": 0.04})
    came = world.proceedings.attended[:, 0] > 0.0
    learned = (after.policies.practice - world.policies.practice) / (1.0 - world.policies.practice)
    themes = [THEMES.index(theme) for theme in TREATED]
    np.testing.assert_allclose(learned[came][:, themes], 0.04)
    assert not learned[~came].any()
    assert not np.delete(learned, themes, axis=-1).any()
    assert 0 < came.sum() < came.size
    assert differing(after, world) == {"policies.practice"}
    assert setting.definition.spec.processes["gfmd"].sessions[0].year == 2007


@pytest.mark.parametrize(("programme", "years"), [(2, {2008, 2009}), (1, {2008})])
def test_work_groups_meet_after_the_session_while_the_programme_lasts(programme, years):
    at_work = set()
    for year in (2006, 2007, 2008, 2009):
        _, world, after = work({PROGRAMME: programme}, year)
        at_work |= {year} if differing(after, world) else set()
    assert at_work == years


def test_before_the_first_session_there_is_nothing_to_work_on():
    life = lived(varied({}), MANY)
    world = replace(life.at(2006), year=2007)
    assert differing(work_between_sessions(world, life.setting), world) == set()
    later = replace(life.at(2007), year=2008)
    assert differing(work_between_sessions(later, life.setting), later) == {"policies.practice"}


@pytest.mark.parametrize(
    "changes",
    [
        {f"{BETWEEN}.work_groups": 0.0},
        {"processes.gfmd.switches.practice": False},
        {"processes.gfmd.output": "exchange"},
        {"processes.gfmd.output": "discuss"},
    ],
)
def test_without_exchange_of_practices_no_work_groups(changes):
    _, world, after = work(changes)
    assert differing(after, world) == set()


def test_a_secretariat_keeps_texts_of_those_who_came_from_fading():
    setting, world, _ = work({f"{BETWEEN}.secretariat": 0.6})
    came = world.proceedings.attended[:, 0]
    np.testing.assert_array_equal(kept_from_fading(world, setting), 0.6 * came)
    strong = replace(world.commitments, strength=np.full_like(world.commitments.strength, 0.5))
    left = follow_up(replace(world, commitments=strong), setting).commitments.strength / 0.5
    fade = setting.parameters["follow_up.fade"]
    expected = np.where(came > 0.0, 1.0 - 0.4 * fade, 1.0 - fade)
    np.testing.assert_allclose(left, np.broadcast_to(expected[..., None], left.shape))
    assert fade.min() > 0.0


def test_a_secretariat_is_paid_by_developed_states_that_came_by_income():
    setting, world, after = work({f"{BETWEEN}.secretariat": 0.5, f"{BETWEEN}.work_groups": 0.0})
    cost = after.ledger.forum_costs - world.ledger.forum_costs
    np.testing.assert_allclose(
        cost.sum(axis=-1), 0.5 * setting.parameters[f"{BETWEEN}.secretariat_cost"][:, 0]
    )
    payers = world.proceedings.attended[:, 0] * setting.states.is_developed > 0.0
    np.testing.assert_array_equal(cost > 0.0, payers)
    per_income = cost / product(world, setting)
    for r in MANY:
        np.testing.assert_allclose(per_income[r, payers[r]], per_income[r, payers[r]][0], rtol=1e-9)
    assert differing(after, world) == {"ledger.forum_costs"}
    _, free, unpaid = work({f"{BETWEEN}.secretariat": 0.5, "processes.gfmd.switches.costs": False})
    np.testing.assert_array_equal(unpaid.ledger.forum_costs, free.ledger.forum_costs)


def test_no_secretariat_before_the_first_session():
    _, world, after = work({f"{BETWEEN}.secretariat": 1.0}, 2006)
    assert differing(after, world) == set()


def test_where_no_developed_state_came_all_who_came_pay():
    setting, world, _ = work({})
    present = np.zeros((3, 24))
    present[:, [setting.states.index(iso3) for iso3 in ("IND", "SEN")]] = 1.0
    share = paid_by(present, world, setting)
    np.testing.assert_allclose(share.sum(axis=-1), 1.0)
    np.testing.assert_array_equal(share > 0.0, present > 0.0)
    assert not paid_by(np.zeros((3, 24)), world, setting).any()


def test_a_broken_promise_disappoints_more_after_a_large_agenda():
    """By the factor 1 + e (n / n0 - 1), for those who came; where nothing is broken nothing more is lost."""
    changes = {
        f"{BETWEEN}.expectations": 0.8,
        "processes.gfmd.round_tables.themes_in_depth": 2.0,
        "trust.disappointment": 0.5,
        "trust.reversion": 0.0,
    }
    setting, world, _ = work(changes)
    came = world.proceedings.attended[:, 0]
    np.testing.assert_allclose(expected_too_much(world, setting), 0.8 * 0.5 * came)
    standing = world.commitments
    for broken in (0.0, 0.1):
        promise = np.full_like(standing.trust, 0.2)
        noted = replace(standing, promised=promise, delivered=promise - broken)
        lost = standing.trust - build_trust(replace(world, commitments=noted), setting).commitments.trust
        np.testing.assert_allclose(lost, 0.5 * broken * (1.0 + 0.4 * came), atol=1e-12)
    setting, modest, _ = work(changes | {"processes.gfmd.max_themes": 2})
    assert not expected_too_much(modest, setting).any()


def test_effort_left():
    life = lived(varied({f"{BETWEEN}.displacement": 0.3}), MANY)
    world = life.at(2007)
    came = world.minutes[0].attended
    np.testing.assert_allclose(effort_left(world, life.setting), 1.0 - 0.3 * came)
    crowd = replace(world, minutes=world.minutes * 4)
    np.testing.assert_allclose(effort_left(crowd, life.setting), (1.0 - 0.3 * came) ** 4)
    assert np.all(effort_left(life.at(2006), life.setting) == 1.0)


def test_a_replicate_s_work_does_not_depend_on_the_batch():
    usual = {f"{BETWEEN}.secretariat": 0.5} | ONCE
    batch, alone = (lived(varied(usual), each, "ranged").last for each in (MANY, (2,)))
    for name in ("practice", "policy"):
        np.testing.assert_array_equal(getattr(batch.policies, name)[2:], getattr(alone.policies, name))
    np.testing.assert_array_equal(batch.ledger.forum_costs[2:], alone.ledger.forum_costs)
    np.testing.assert_array_equal(batch.commitments.trust[2:], alone.commitments.trust)


def test_work_groups_of_a_yearly_process_are_at_work():
    """Between two sessions a year apart there is a year of work."""
    yearly = {"processes.gfmd.agenda": "survey", "processes.gfmd.between.work_groups": 0.05}
    idle = yearly | {"processes.gfmd.between.work_groups": 0.0}
    busy, none = (lived(varied(changes), MANY).at(2008).policies.practice for changes in (yearly, idle))
    assert np.all(busy >= none)
    assert np.any(busy > none)
