"""What is discussed."""

from dataclasses import replace

import numpy as np
import pytest

from migsim.forum.agenda import set_agenda, side_mean, survey
from migsim.themes import THEMES
from tests.forum.rooms import open_room
from tests.lives import lived, small, varied

MANY = (0, 1, 2)


@pytest.mark.parametrize("most", [1, 2, 3])
def test_given_themes_are_taken_from_the_front(most):
    life = lived(varied({"processes.gfmd.max_themes": most}), MANY)
    given = ("remittances", "equal_treatment", "decent_work")[:most]
    on = life.at(2007).minutes[0].on_agenda
    assert {THEMES[n] for n in np.flatnonzero(on[0])} == set(given)
    np.testing.assert_array_equal(on, on[:1].repeat(3, axis=0))


def surveyed(**changes):
    rules = {f"processes.gfmd.agenda_rule.{name}": value for name, value in changes.items()}
    return lived(varied({"processes.gfmd.agenda": "survey", "processes.gfmd.max_themes": 12} | rules), MANY)


def test_a_survey_admits_only_what_both_sides_care_for_and_want():
    life = surveyed()
    world, session, setting = open_room(life)
    score = survey(world, session, setting)
    on = set_agenda(world, session, setting)[1].on_agenda
    np.testing.assert_array_equal(on > 0.0, score > 0.0)
    assert 0 < on.sum() < 36
    assert not surveyed(least_wish=1.0).at(2007).minutes[0].on_agenda.any()
    assert surveyed(least_wish=0.0, least_interest=0.0).at(2007).minutes[0].on_agenda.all()


def test_the_most_wanted_themes_are_taken():
    life = lived(varied({"processes.gfmd.agenda": "survey", "processes.gfmd.max_themes": 2}), MANY)
    world, session, setting = open_room(life)
    score = survey(world, session, setting)
    on = set_agenda(world, session, setting)[1].on_agenda
    for r in MANY:
        assert set(np.flatnonzero(on[r])) == set(np.argsort(-score[r])[:2])


def test_what_was_just_discussed_waits():
    life = surveyed(least_wish=0.0, least_interest=0.0, recently_treated=0.5, programme_years=3)
    world, session, setting = open_room(life)
    discussed = world.proceedings.discussed.copy()
    discussed[:, 0, 4], discussed[:, 0, 5] = 2005.0, 2004.0
    after = survey(
        replace(world, proceedings=replace(world.proceedings, discussed=discussed)), session, setting
    )
    before = survey(world, session, setting)
    np.testing.assert_allclose(after[:, 4], 0.5 * before[:, 4])
    np.testing.assert_array_equal(np.delete(after, 4, axis=1), np.delete(before, 4, axis=1))


def test_the_chair_s_attention_leans_on_the_choice():
    life = surveyed(least_wish=0.0, least_interest=0.0, chair_region=0.0)
    world, session, setting = open_room(life)
    attention = world.opinions.attention.copy()
    attention[:, setting.states.index("BEL"), 6] += 0.3
    alert = replace(world, opinions=replace(world.opinions, attention=attention))
    change = survey(alert, session, setting) - survey(world, session, setting)
    weight = setting.parameters["processes.gfmd.agenda_rule.chair_attention"][0, 0]
    assert np.all(change[:, 6] >= weight * 0.3 - 1e-12)
    assert np.abs(np.delete(change, 6, axis=1)).max() < 1e-12


def test_what_was_discussed_is_noted():
    life = lived(small(), MANY)
    on = life.at(2008).minutes[0].on_agenda > 0.0
    assert np.all(life.at(2008).proceedings.discussed[:, 0][on] == 2008.0)
    never = ~(on | (life.at(2007).minutes[0].on_agenda > 0.0))
    assert np.all(np.isneginf(life.at(2008).proceedings.discussed[:, 0][never]))


def test_side_mean():
    values = np.array([[[0.0, 1.0], [1.0, 0.0]]])
    np.testing.assert_allclose(side_mean(values, np.array([3.0, 1.0])), [[0.25, 0.75]])


def test_an_agenda_by_lot_takes_as_many_themes_as_it_may_from_all_twelve():
    """The lots are a process's and a year's: they do not depend on what is on anybody's mind."""
    by_lot = {"processes.gfmd.agenda": "random", "processes.gfmd.max_themes": 2}
    many = tuple(range(40))
    one, other = (
        lived(varied(by_lot | more), many, last=2008)
        for more in ({}, {"processes.gfmd.switches.attention": False, "shocks": {}})
    )
    first, second = (one.at(year).minutes[0].on_agenda for year in (2007, 2008))
    assert np.all(first.sum(axis=-1) == 2.0)
    assert np.all(second.sum(axis=-1) == 2.0)
    assert first.any(axis=0).all()
    assert not np.array_equal(first, second)
    np.testing.assert_array_equal(first, other.at(2007).minutes[0].on_agenda)
    np.testing.assert_array_equal(second, other.at(2008).minutes[0].on_agenda)
    alone = lived(varied(by_lot), (17,), last=2008).at(2008).minutes[0].on_agenda
    np.testing.assert_array_equal(alone, second[17:18])
