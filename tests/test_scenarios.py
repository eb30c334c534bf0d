"""Every shipped scenario runs, and does what its name says."""

from __future__ import annotations

from functools import cache
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest

import migsim as ms
from migsim.ensemble.batch import Tables, run_batch
from migsim.forum.calendar import in_session
from migsim.world.setting import Setting

REFERENCE = "gfmd-2007-2015"


@cache
def run(name: str) -> Tables:
    return run_batch(ms.load(name), (0, 1), 2026, "ranged")


def of_year(tables: Tables, column: str, year: int) -> np.ndarray:
    world = tables["world"]
    return world[column][world["year"] == year]


@pytest.mark.parametrize("name", ms.shipped())
def test_a_shipped_scenario_runs(name):
    tables, definition = run(name), ms.load(name)
    first, last = definition.spec.years.first, definition.spec.years.last
    numbers = [column for column in tables["world"].values() if column.dtype.kind == "f"]
    assert all(np.isfinite(column).all() for column in numbers)
    assert set(tables["world"]["year"]) == set(range(first - 1, last + 1))
    met = set(zip(tables["texts"]["process"], tables["texts"]["year"], strict=True))
    assert met <= set(calendar(definition))
    if "gfmd" in definition.spec.processes and name != "null-aid-instead":
        of_forum = {year for process, year in calendar(definition) if process == "gfmd"}
        assert {year for process, year in met if process == "gfmd"} == of_forum
        assert {2007, 2008, 2009, 2010, 2011, 2012, 2014, 2015} <= of_forum
        assert 2013 not in of_forum


def calendar(definition: ms.Scenario) -> list[tuple[str, int]]:
    """Each process and year in which the scenario would have it meet."""
    years, setting = definition.spec.years, SimpleNamespace(definition=definition)
    return [
        (process, year)
        for year in range(years.first, years.last + 1)
        for process, _ in in_session(cast(Setting, setting), year)
    ]


def test_a_chair_sums_up_and_pledges_nobody():
    assert not run("chair-summary")["texts"]["adopted"].any()
    assert run(REFERENCE)["texts"]["adopted"].any()


def test_the_more_can_block_the_vaguer_the_texts():
    free, strict = run(REFERENCE)["texts"], run("any-delegation-can-block")["texts"]
    assert np.nanmean(strict["ambiguity"]) > np.nanmean(free["ambiguity"])


def test_package_deals_between_regions_are_adopted_and_leave_more_apart():
    usual, deals = run(REFERENCE)["texts"], run("package-deals")["texts"]
    on = usual["on_agenda"]
    np.testing.assert_array_equal(on, deals["on_agenda"])
    assert deals["adopted"][on].all()
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


def first_texts(name: str) -> dict[str, np.ndarray]:
    """The texts of the first session, ``(replicate, paragraph)``."""
    texts = run(name)["texts"]
    of_2007 = texts["year"] == 2007
    return {column: values[of_2007].reshape(2, -1) for column, values in texts.items()}


def test_a_meeting_without_a_text_writes_the_same_first_text_for_nothing():
    usual, without = first_texts(REFERENCE), first_texts("null-no-text")
    np.testing.assert_array_equal(usual["position"], without["position"])
    practice = of_year(run(REFERENCE), "practice", 2007) - of_year(run("null-no-text"), "practice", 2007)
    policy = of_year(run(REFERENCE), "policy", 2007) - of_year(run("null-no-text"), "policy", 2007)
    assert np.all(np.abs(practice) < 1e-3 * np.abs(of_year(run(REFERENCE), "practice", 2007)))
    assert np.all(policy != 0.0)


def test_permuted_texts_are_the_same_texts_elsewhere():
    usual, moved = first_texts(REFERENCE), first_texts("null-permuted-texts")
    np.testing.assert_array_equal(usual["adopted"], moved["adopted"])
    assert not np.array_equal(usual["position"], moved["position"], equal_nan=True)
    np.testing.assert_array_equal(np.sort(usual["position"]), np.sort(moved["position"]))
    np.testing.assert_array_equal(np.sort(usual["strength"]), np.sort(moved["strength"]))


def test_an_agenda_by_lot_is_as_long_and_another():
    usual, by_lot = first_texts(REFERENCE), first_texts("null-random-agenda")
    assert of_year(run("null-random-agenda"), "n_on_agenda", 2007).tolist() == [2.0, 2.0]
    assert not np.array_equal(usual["on_agenda"], by_lot["on_agenda"])


def test_with_aid_in_place_of_the_forum_nobody_meets_and_only_money_differs_from_no_forum():
    world = run("null-aid-instead")["world"]
    for column in ("n_attending", "n_on_agenda", "n_adopted", "forum_costs", "matches"):
        assert not world[column].any()
    for column in ("policy", "trust", "remittances", "opinion_anti"):
        np.testing.assert_array_equal(world[column], world[f"baseline_{column}"])
    met = np.isin(world["year"], [2007, 2008, 2009, 2010, 2011, 2012, 2014, 2015])
    assert np.all(world["gain_hosts"][met] < 0.0)
    assert np.all(world["gain_departures"][met] > 0.0)
    assert not world["gain_hosts"][~met].any()


def test_an_even_drift_moves_policy_as_far_on_average_as_the_texts_did():
    usual, alike = (of_year(run(name), "policy", 2007) for name in (REFERENCE, "null-even-drift"))
    baseline = of_year(run(REFERENCE), "baseline_policy", 2007)
    # A little is lost where states already aim at the most there can be.
    np.testing.assert_allclose(alike - baseline, usual - baseline, rtol=0.05)
    theme = [run(name)["states"]["policy_legal_mobility"] for name in (REFERENCE, "null-even-drift")]
    assert not np.array_equal(*theme)
