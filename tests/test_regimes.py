"""The regimes that are set beside the forum: each is what its file says, under the same shocks and years."""

from __future__ import annotations

import numpy as np
import pytest

import migsim as ms
from migsim.results.regime_findings import ECOSYSTEM, FORUM, REGIMES
from migsim.results.regimes import is_null
from tests.test_scenarios import of_year, run

SESSIONS = {2007, 2008, 2009, 2010, 2011, 2012, 2014, 2015}
GROUPS = ("migrants", "hosts", "departures")


@pytest.mark.parametrize("name", REGIMES)
def test_every_regime_has_the_years_of_the_forum_and_says_what_it_is(name):
    spec, forum = ms.load(name).spec, ms.load(FORUM).spec
    assert spec.years == forum.years
    assert set(spec.shocks) == set(forum.shocks)
    assert spec.title
    assert spec.description


@pytest.mark.parametrize("name", ["no-forum", "regional-only", "bretton-woods", "ecosystem"])
def test_every_regime_is_held_against_the_same_world_in_which_nobody_meets(name):
    world, usual = run(name)["world"], run(FORUM)["world"]
    for column in (
        "baseline_policy",
        "baseline_remittances",
        "baseline_level_migrants",
        "baseline_opinion_anti",
    ):
        np.testing.assert_array_equal(world[column], usual[column])


def test_every_null_is_among_the_regimes():
    assert {name for name in ms.shipped() if is_null(name)} == {name for name in REGIMES if is_null(name)}


def test_where_nobody_meets_nobody_gains_or_loses():
    world = run("no-forum")["world"]
    assert all(not world[f"gain_{group}"].any() for group in GROUPS)


def test_an_open_forum_changes_the_table_and_not_the_calendar():
    opened, usual = ms.load("open-forum").spec.processes["gfmd"], ms.load(FORUM).spec.processes["gfmd"]
    assert opened.sessions == usual.sessions
    assert (opened.civil_society, usual.civil_society) == ("common_space", "day_before")
    assert not np.array_equal(of_year(run("open-forum"), "policy", 2015), of_year(run(FORUM), "policy", 2015))


def test_a_berne_style_agenda_treats_all_themes_and_pledges_governments_from_2010_on():
    texts = run("berne-style-agenda")["texts"]
    assert set(texts["year"]) == SESSIONS
    assert texts["on_agenda"].all()
    before = texts["year"] < 2010
    assert texts["adopted"][before].any()
    assert not texts["pledged"][before].any()
    assert texts["pledged"][~before].any()
    assert not texts["objections"][before & texts["adopted"]].any()


def test_regional_processes_alone_gather_their_own_members():
    spec, met = ms.load("regional-only").spec, run("regional-only")["attendance"]
    assert set(met["process"]) == {"puebla", "manila", "southern-africa", "budapest"}
    for name, process in spec.processes.items():
        came = set(met["state"][(met["process"] == name) & met["attended"]])
        assert came
        assert came <= set(process.participants.states)


def test_imposed_standards_bind_all_on_what_the_convention_asks_for():
    asked, laid = (ms.load(name).spec.processes["convention"] for name in REGIMES[7:9])
    assert asked.instrument.paragraphs == laid.instrument.paragraphs
    assert (asked.instrument.is_imposed, laid.instrument.is_imposed) == (False, True)
    joined = run("bretton-woods")["ratifications"]
    assert set(joined["year"]) <= {2007, *range(2008, 2016)}
    assert (joined["year"] == 2007).sum() > 2 * 185
    some = run("binding-convention")["ratifications"]
    assert len(some["year"]) < len(joined["year"])
    policy = {name: of_year(run(name), "policy", 2015) for name in ("binding-convention", "bretton-woods")}
    assert np.all(policy["bretton-woods"] > policy["binding-convention"])


def test_the_ecosystem_without_the_forum_is_the_ecosystem_but_for_the_forum():
    whole, without = (set(ms.load(name).spec.processes) for name in ECOSYSTEM)
    assert without < whole
    assert all(name.startswith("gfmd") for name in whole - without)
    assert not any(name.startswith("gfmd") for name in without)
