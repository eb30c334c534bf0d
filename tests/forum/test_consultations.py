"""Informal consultations before the plenary."""

from dataclasses import replace

import numpy as np
import pytest

from migsim.forum.consultations import consult, within_regions
from tests.forum.rooms import everybody, open_room
from tests.lives import lived, small, varied

MANY = (0, 1, 2)
PATH = "processes.gfmd.consultations"


def room(**changes):
    life = lived(varied({f"{PATH}.{name}": value for name, value in changes.items()}), MANY, "ranged")
    return open_room(life, attended=everybody(life))


def test_by_default_nobody_is_persuaded():
    world, session, setting = room()
    np.testing.assert_array_equal(consult(world, session, setting)[1].proposals, session.proposals)


@pytest.mark.parametrize("way", ["deffuant", "hegselmann_krause"])
def test_those_present_come_nearer_to_each_other(way):
    world, session, setting = room(persuasion=way, confidence=0.5)
    after = consult(world, session, setting)[1].proposals
    assert np.all(after.std(axis=1) <= session.proposals.std(axis=1) + 1e-12)
    assert after.std(axis=1).mean() < 0.9 * session.proposals.std(axis=1).mean()
    assert np.all((after >= 0.0) & (after <= 1.0))


@pytest.mark.parametrize("way", ["deffuant", "hegselmann_krause"])
def test_the_absent_neither_move_nor_persuade(way):
    world, session, setting = room(persuasion=way)
    session.attended[:, 0] = 0.0
    after = consult(world, session, setting)[1].proposals
    np.testing.assert_array_equal(after[:, 0], session.proposals[:, 0])
    proposals = session.proposals.copy()
    proposals[:, 0] = 1.0
    extreme = replace(session, proposals=proposals)
    np.testing.assert_array_equal(consult(world, extreme, setting)[1].proposals[:, 1:], after[:, 1:])


def test_who_hears_nobody_stays_where_it_is():
    world, session, setting = room(persuasion="hegselmann_krause", confidence=0.0)
    np.testing.assert_allclose(consult(world, session, setting)[1].proposals, session.proposals, atol=1e-12)


@pytest.mark.parametrize("way", ["deffuant", "hegselmann_krause"])
def test_one_world_is_its_place_among_many(way):
    world, session, setting = room(persuasion=way)
    many = consult(world, session, setting)[1].proposals
    life = lived(varied({f"{PATH}.persuasion": way}), (1,), "ranged")
    alone = consult(*open_room(life, attended=everybody(life)))[1].proposals
    np.testing.assert_array_equal(alone[0], many[1])


def test_persuaded_delegations_write_clearer_texts_and_want_the_same_at_home():
    usual = lived(small(), MANY)
    heard = lived(varied({f"{PATH}.persuasion": "hegselmann_krause", f"{PATH}.confidence": 0.5}), MANY)
    one, other = usual.at(2007).minutes[0], heard.at(2007).minutes[0]
    assert other.ambiguity.sum() <= one.ambiguity.sum()
    np.testing.assert_array_equal(usual.at(2007).policies.ideal, heard.at(2007).policies.ideal)


def test_regional_consultations_bring_the_delegations_of_a_region_together():
    life = lived(varied({"processes.gfmd.preparation.regional": 0.5}), (0, 1))
    attended = everybody(life)
    attended[:, 0] = 0.0
    _, session, setting = open_room(life, attended=attended)
    after = within_regions(session, setting)
    before, group = session.proposals, setting.states.region_index
    np.testing.assert_array_equal(after[:, 0], before[:, 0])
    for label in np.unique(group):
        here = np.flatnonzero((group == label) & (attended[0] > 0.0))
        mean = before[:, here].mean(axis=1, keepdims=True)
        np.testing.assert_allclose(after[:, here], 0.5 * (before[:, here] + mean), atol=1e-12)


def test_without_regional_consultations_proposals_are_left_alone():
    life = lived(small(), (0, 1))
    _, session, setting = open_room(life, attended=everybody(life))
    assert within_regions(session, setting) is session.proposals
