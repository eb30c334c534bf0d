"""All fits together: they are those of the record, see nothing of 2010, and are in the registry."""

from __future__ import annotations

import numpy as np
import pytest

from migsim.calibration import calibrate
from migsim.calibration.fits import rounded
from migsim.calibration.seen import LAST_YEAR_SEEN
from migsim.provenance.calibrations import calibrations
from migsim.provenance.parameters import registry


def numbers(fit):
    error = None if fit.standard_error is None else rounded(fit.standard_error)
    return tuple(rounded(each) for each in (fit.value, fit.low, fit.high)), error, fit.n


def test_refitting_gives_the_record_again(calibration):
    record = calibrations()
    assert [fit.id for fit in calibration.fits] == list(record)
    for fit in calibration.fits:
        last = record[fit.id]
        assert numbers(fit) == numbers(last), fit.id
        assert (fit.path, fit.target, fit.figures, fit.method) == (
            last.path, last.target, last.figures, last.method,
        )  # fmt: skip
        assert abs(fit.error - last.error) <= 1e-9 + 0.006 * last.error


@pytest.mark.parametrize("identifier", list(calibrations()))
def test_the_registry_holds_the_record(identifier):
    last = calibrations()[identifier]
    row = registry()[last.path]
    assert (row.default, row.low, row.high) == (last.value, last.low, last.high), (
        "run migsim calibrate --write"
    )
    assert f"calibration:{identifier}" in row.sources


def test_every_calibrated_row_is_in_the_record():
    for row in registry().rows:
        for token in row.sources:
            if token.startswith("calibration:"):
                assert calibrations()[token.removeprefix("calibration:")].path == row.path


def test_no_fit_reads_a_stock_of_2010(calibration, without_2010, monkeypatch):
    monkeypatch.setattr("migsim.start.load", lambda: without_2010)
    again = calibrate(without_2010)
    for fit, other in zip(calibration.fits, again.fits, strict=True):
        assert fit == other, fit.id


def test_the_fits_see_nothing_after_2007(facts):
    later = facts.years > LAST_YEAR_SEEN
    for name in ("population", "income", "growth", "unemployment", "remittances_received"):
        assert np.isnan(getattr(facts, name)[:, later]).all(), name
    for name in ("corridor_stock", "refugees", "immigrants", "emigrants"):
        assert np.isnan(getattr(facts, name)[:, 2]).all(), name
    for name in ("gdp_per_head_usd_2010", "refugees_hosted_2010", "refugees_from_2010"):
        assert np.isnan(getattr(facts, name)).all(), name


def test_every_fit_is_whole(calibration):
    for fit in calibration.fits:
        assert fit.low <= fit.value <= fit.high, fit.id
        assert fit.n > 0
        assert min(fit.error, fit.error_before) >= 0.0
        for text in (fit.target, fit.figures, fit.error_unit, fit.method):
            assert text


def test_a_fit_stands_in_the_frame_with_its_row(calibration):
    frame = calibration.to_frame().set_index("id")
    assert list(frame.index) == [fit.id for fit in calibration.fits]
    assert frame.loc["network", "registry"] == registry()["world.flows.network"].default
    assert frame["agrees"].dtype == bool
    assert (frame["date"] == calibration.date).all()


def test_the_repr_fits_in_twelve_lines(calibration):
    lines = repr(calibration).splitlines()
    assert len(lines) <= 12
    assert "world.flows.network" in repr(calibration)


def test_the_base_year_is_met(calibration):
    people, money, change = calibration.identities
    assert abs(people.difference) < 1e-6
    assert abs(money.difference) < 1e-6
    assert abs(change.difference) < 0.2
