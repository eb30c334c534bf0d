"""Each estimator finds what was put into made-up figures."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from migsim.calibration.arrivals import COEFFICIENTS, LEAST_ARRIVALS, flights
from migsim.calibration.fits import jackknife, rounded
from migsim.calibration.flight import published, shares, split
from migsim.calibration.gravity import Sample, fit_network, with_effects, without_effects
from migsim.calibration.jobs import changes, slope
from migsim.calibration.money import YEARS, Receipts, trend
from migsim.calibration.seen import incomes
from migsim.calibration.views import MEAN_OF_EUROPE, levels
from migsim.facts import borders, wanting_less
from migsim.provenance.parameters import registry
from migsim.world.displacement import DisplacementParameters, host_scores

SMALL_STOCK = 100.0


def generator():
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(5)))


@pytest.mark.parametrize(("number", "held"), [(0.66648, 0.666), (-1234.5, -1230.0), (0.0, 0.0), (1e-7, 1e-7)])
def test_three_digits_are_held(number, held):
    assert rounded(number) == held


def test_the_jackknife_of_a_mean_is_its_standard_error():
    values = generator().normal(size=40)
    left_out, errors = jackknife(lambda kept: np.array([values[kept].mean()]), 40)
    assert left_out.shape == (40, 1)
    assert errors[0] == pytest.approx(values.std(ddof=1) / np.sqrt(40))


def made_up(n_states=30, elasticity=0.7, distance=-0.5):
    draw = generator()
    origin, destination = (each.ravel() for each in np.indices((n_states, n_states)))
    kept = origin != destination
    origin, destination = origin[kept], destination[kept]
    terms = draw.normal(size=(len(origin), 6))
    ends = draw.normal(size=(2, n_states))
    means = np.exp(elasticity * terms[:, 0] + distance * terms[:, 1] + ends[0][origin] + ends[1][destination])
    return Sample(draw.poisson(20 * means).astype(float), terms, origin, destination)


def test_gravity_finds_the_elasticity_behind_effects():
    found = with_effects(made_up())
    assert found.coefficients[:2] == pytest.approx([0.7, -0.5], abs=0.03)
    assert (found.standard_errors[:2] < 0.03).all()
    assert found.deviance < 0.1


def test_gravity_without_effects_leaves_more_unexplained():
    corridors = made_up()
    assert without_effects(corridors).deviance > with_effects(corridors).deviance


def test_places_that_nobody_leaves_or_reaches_are_left_out():
    corridors = made_up()
    silent = replace(corridors, new=np.where(corridors.origin == 3, 0.0, corridors.new))
    assert with_effects(silent).n == int((corridors.origin != 3).sum())


def test_the_range_of_the_network_holds_the_published_one(facts):
    fit = fit_network(facts, SMALL_STOCK)
    assert fit.low <= 0.6
    assert fit.high >= 1.0
    assert any("published range" in note for note in fit.notes)


def test_flight_finds_the_coefficients_that_made_the_shares(facts):
    truth = np.array([0.5, 1.1, 0.8, 0.3, 0.4])
    origins = [replace(each, observed=shares(each.terms, truth)) for each in flights(facts, SMALL_STOCK)]
    found = split(origins, ridge=0.0)
    assert found.coefficients == pytest.approx(truth, abs=1e-3)
    assert found.entropy_after == pytest.approx(0.0, abs=1e-6)
    assert found.mean("left_out") < 1e-3


def test_a_heavy_ridge_keeps_what_is_published(facts):
    found = split(flights(facts, SMALL_STOCK), ridge=1e4)
    is_published = published() > 0.0
    assert found.coefficients[is_published] == pytest.approx(published()[is_published], rel=1e-2)


def test_a_fit_is_better_than_what_it_starts_from_and_worse_for_an_origin_left_out(calibration):
    found = calibration.flight
    assert found.entropy_after < found.entropy_before
    assert found.entropy_after < found.entropy_left_out
    assert set(calibration.origins()["origin"]) == {each.origin for each in found.origins}


def test_hosts_of_a_flight_are_open(facts):
    closed = borders(facts).closed
    for each in flights(facts, SMALL_STOCK):
        origin = facts.index(each.origin)
        assert not closed[origin, each.hosts].any()
        assert origin not in each.hosts
        assert each.observed.sum() == pytest.approx(1.0)
        assert each.arrivals >= LEAST_ARRIVALS
        assert each.terms.shape == (len(each.hosts), len(COEFFICIENTS))
        assert np.isfinite(each.terms).all()


def test_coefficients_of_flight_are_rows_of_the_registry():
    for name in COEFFICIENTS:
        assert f"world.displacement.{name}" in registry()


def test_shares_of_the_fit_are_those_of_the_world(facts):
    """One score of a host, whether it is fitted or lived by."""
    truth = np.array([0.5, 1.1, 0.8, 0.3, 0.4])
    p = DisplacementParameters(**{name: np.array([b]) for name, b in zip(COEFFICIENTS, truth, strict=True)})
    for each in flights(facts, SMALL_STOCK):
        ln_diaspora, minus_distance, border, crossing, ln_product = each.terms.T
        described = (np.exp(ln_diaspora), np.expm1(-minus_distance), border, crossing, np.exp(ln_product))
        weights = np.exp(host_scores(*described, p))
        assert shares(each.terms, truth) == pytest.approx(weights / weights.sum(), rel=1e-9)


def test_okun_is_found_in_spite_of_outliers():
    draw = generator()
    growth = draw.normal(0.0, 0.03, 500)
    rise = -0.3 * growth + draw.normal(0.0, 0.004, 500)
    rise[:10] += 0.2
    assert slope(rise, growth) == pytest.approx(0.3, abs=0.02)


def test_changes_are_less_the_mean_of_the_state(facts):
    rise, growth, state = changes(facts)
    for values in (rise, growth):
        assert np.bincount(state, values) == pytest.approx(0.0, abs=1e-12)


def test_the_trend_of_receipts_is_found():
    sent = generator().lognormal(5.0, 1.0, 60)
    others = 0.1 * sent
    money = Receipts(sent * np.exp(0.04 * YEARS) + others, sent, others)
    assert trend(money) == pytest.approx(0.04, abs=1e-5)


@pytest.mark.parametrize("europe", MEAN_OF_EUROPE)
def test_views_meet_both_means(facts, europe):
    usual = levels(facts, europe, 0.34)
    asked, people = wanting_less(facts), facts.population[:, facts.year(2005)]
    in_europe = np.array([region == "Europe" for region in facts.region])
    views = np.where(np.isnan(asked), np.where(in_europe, *usual), asked)
    assert np.average(views[in_europe], weights=people[in_europe]) == pytest.approx(europe)
    assert np.average(views, weights=people) == pytest.approx(0.34)
    assert usual[0] > usual[1]


def test_every_state_has_an_income(facts):
    assert (incomes(facts) > 100.0).all()
    known = facts.income[:, facts.year(2005)]
    assert (incomes(facts)[np.isfinite(known)] == known[np.isfinite(known)]).all()
