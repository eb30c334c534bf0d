"""The fit of ratifications finds what was put in, and meets the counts of the documents."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest

from migsim.calibration.ratification import ASSUMED, EQUALITY, FITTED, PALERMO, Target, solve, targets
from migsim.forum.ratification import Instruments
from migsim.provenance.claims import claim
from migsim.provenance.parameters import registry


@pytest.fixture(scope="module")
def counted():
    return targets()


@pytest.fixture(scope="module")
def found(counted):
    return solve(counted, counted.assumed)[0]


def at(counted, values):
    """Instruments with the fitted coefficients put in."""
    columns = {name: np.full((1, 1), value) for name, value in zip(FITTED, values, strict=True)}
    return replace(counted.assumed, **columns)


def test_no_more_is_fitted_than_is_known(counted):
    n_figures = sum(target.known.size for target in counted.targets)
    assert n_figures == 5
    assert len(FITTED) <= n_figures
    assert not set(FITTED) & set(ASSUMED)
    assert {*FITTED, *ASSUMED} < {field.name for field in fields(Instruments)}


def test_the_figures_are_those_of_the_documents(counted):
    by_name = {target.name: target for target in counted.targets}
    for name in ("ilo-c97", "ilo-c143"):
        others, developed = by_name[name].known
        assert others + developed == float(claim(f"{name}-ratifications").value)
        assert developed == float(claim(f"{name}-developed").value)
        assert by_name[name].years[-1] == 2003
    assert by_name["palermo-protocols"].known[0] == PALERMO[1]
    assert len(by_name["palermo-protocols"].years) == 10


def test_the_migrant_workers_convention_is_not_looked_at(counted):
    assert {target.name for target in counted.targets} == {"ilo-c97", "ilo-c143", "palermo-protocols"}


def test_the_counts_are_met_as_near_as_chance_leaves_them(counted, found):
    misses = counted.misses(found, counted.assumed)
    assert misses.shape == (5,)
    assert np.abs(misses).max() < 1.0
    worse = counted.misses(np.array([found[0], 0.0, 0.0]), counted.assumed)
    assert np.abs(worse).max() > 3.0


def test_the_fit_finds_the_coefficients_that_made_the_counts(counted):
    truth = (-4.6, EQUALITY[1], 1.5)
    p = at(counted, truth)
    made = tuple(replace(target, known=counted.seen(target, p)) for target in counted.targets)
    again = solve(replace(counted, targets=made), counted.assumed)[0]
    assert again == pytest.approx(truth, abs=1e-3)


def test_more_parties_mean_a_higher_level(counted, found):
    more = tuple(
        target if target.name == "palermo-protocols" else replace(target, known=1.5 * target.known)
        for target in counted.targets
    )
    again = solve(replace(counted, targets=more), counted.assumed)[0]
    assert again[0] > found[0] + 0.2


def test_fewer_parties_of_the_later_convention_mean_heavier_clauses(counted, found):
    def fewer(target: Target) -> Target:
        return replace(target, known=0.3 * target.known) if target.name == "ilo-c143" else target

    again = solve(replace(counted, targets=tuple(map(fewer, counted.targets))), counted.assumed)[0]
    place = FITTED.index("equality")
    assert again[place] > found[place]


def test_the_fits_stand_last_in_the_record(calibration):
    fits = calibration.fits[-len(FITTED) :]
    assert [fit.path for fit in fits] == [f"instruments.{name}" for name in FITTED]
    for fit in fits:
        assert fit.error < 1.0 < fit.error_before
        assert "migrant" not in fit.target
    assert fits[FITTED.index("equality")].low >= 0.0
    assert any("ilo-c97" in note for note in fits[0].notes)


def test_what_is_assumed_has_a_range_that_holds_its_default():
    for name in ASSUMED:
        row = registry()[f"instruments.{name}"]
        assert row.low < row.default < row.high
        assert "assumption" in row.sources
