"""Every shipped scenario runs, and does what its name says."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

import migsim as ms
from migsim.ensemble.batch import Tables, run_batch

REFERENCE = "gfmd-2007-2015"


@cache
def run(name: str) -> Tables:
    return run_batch(ms.load(name), (0, 1), 2026, "ranged")


def of_year(tables: Tables, column: str, year: int) -> np.ndarray:
    world = tables["world"]
    return world[column][world["year"] == year]


@pytest.mark.parametrize("name", ms.shipped())
def test_a_shipped_scenario_runs(name):
    tables = run(name)
    numbers = [column for column in tables["world"].values() if column.dtype.kind == "f"]
    assert all(np.isfinite(column).all() for column in numbers)
    assert set(tables["world"]["year"]) == set(range(2005, 2016))
    sessions = {2007, 2008, 2009, 2010, 2011, 2012, 2014, 2015} if ms.load(name).spec.processes else set()
    assert set(tables["texts"]["year"]) == sessions
    assert of_year(tables, "n_attending", 2013).tolist() == [0.0, 0.0]


def test_a_chair_sums_up_and_pledges_nobody():
    assert not run("chair-summary")["texts"]["adopted"].any()
    assert run(REFERENCE)["texts"]["adopted"].any()


def test_the_more_can_block_the_vaguer_the_texts():
    free, strict = run(REFERENCE)["texts"], run("any-delegation-can-block")["texts"]
    assert np.nanmean(strict["ambiguity"]) > np.nanmean(free["ambiguity"])


def test_package_deals_between_regions_are_adopted_though_more_are_against_them():
    usual, deals = run(REFERENCE)["texts"], run("package-deals")["texts"]
    on = usual["on_agenda"]
    np.testing.assert_array_equal(on, deals["on_agenda"])
    assert deals["adopted"][on].all()
    assert deals["objections"].sum() > usual["objections"].sum()
    assert np.nanmean(deals["ambiguity"]) > np.nanmean(usual["ambiguity"])


def test_an_open_agenda_takes_more_than_two_themes():
    assert of_year(run(REFERENCE), "n_on_agenda", 2007).max() == 2
    assert of_year(run("open-agenda"), "n_on_agenda", 2007).min() > 2


def test_civil_society_and_chair_move_the_draft():
    drafts = {name: run(name)["texts"]["draft"] for name in (REFERENCE, "no-civil-society", "strong-chair")}
    on = ~np.isnan(drafts[REFERENCE])
    assert not np.array_equal(drafts["no-civil-society"][on], drafts[REFERENCE][on])
    moved = np.abs(drafts["strong-chair"] - drafts[REFERENCE])[on]
    assert moved.mean() > 0.01


def test_without_the_recession_incomes_and_jobs_are_better():
    for column, sign in (("remittances", 1.0), ("opinion_anti", -1.0)):
        change = of_year(run("no-recession"), column, 2010) - of_year(run(REFERENCE), column, 2010)
        assert (sign * change > 0.0).all()


def test_without_the_war_millions_are_not_displaced():
    change = of_year(run(REFERENCE), "displaced", 2015) - of_year(run("no-syria"), "displaced", 2015)
    assert ((change > 4.0e6) & (change < 5.5e6)).all()
