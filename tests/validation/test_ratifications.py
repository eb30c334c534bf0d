"""Ratifications beside their figures, and later ones that a user brings."""

import numpy as np
import pytest

from migsim.errors import InputError
from migsim.facts import recorded_parties
from migsim.validation.later import read_later
from migsim.validation.later_ratifications import later_ratification_checks
from migsim.validation.ratifications import (
    LAST,
    MIGRANT_WORKERS,
    by_region_and_income,
    outlook,
    ratification_checks,
    record,
)
from migsim.validation.scores import ranking


@pytest.fixture(scope="module")
def central():
    return outlook()


@pytest.fixture(scope="module")
def checks():
    return ratification_checks(6)


def by_what(checks, what, year):
    (found,) = [check for check in checks if check.what == what and check.year == str(year)]
    return found


def written(tmp_path, rows, name="later.csv"):
    path = tmp_path / name
    path.write_text("\n".join(["year,instrument,iso3", *rows, ""]), encoding="utf-8")
    return path


def test_what_was_fitted_says_so_and_passes(checks):
    for name, parties, developed in (("ilo-c97", 42, 10), ("ilo-c143", 18, 3)):
        for what, figure in ((f"parties of {name}", parties), (f"developed parties of {name}", developed)):
            check = by_what(checks, what, 2003)
            assert check.figure == figure
            assert check.remark.startswith("Fitted")
            assert check.passed
            assert check.low <= check.high


def test_the_migrant_workers_convention_is_predicted_year_by_year(checks):
    found = [check for check in checks if check.what == f"parties of {MIGRANT_WORKERS}"]
    assert [check.year for check in found] == [str(year) for year in range(2003, 2011)]
    assert [check.figure for check in found] == [23, 27, 34, 34, 37, 40, 42, 44]
    assert all(check.remark.startswith("Predicted") for check in found)
    models = [check.model for check in found]
    assert models == sorted(models)
    none = by_what(checks, f"developed parties of {MIGRANT_WORKERS}", 2003)
    assert none.figure == 0.0


def test_ranking_is_held_against_simple_forecasts(checks):
    ranked = [check for check in checks if check.unit == "score"]
    assert len(ranked) == 2
    for check in ranked:
        assert 0.0 < check.model < 1.0
        assert check.forecasts
        assert check.passed == (check.model > max(check.forecasts.values()))


@pytest.mark.parametrize(
    ("score", "happened", "area"),
    [
        ([0.1, 0.2, 0.8, 0.9], [0, 0, 1, 1], 1.0),
        ([0.9, 0.8, 0.2, 0.1], [0, 0, 1, 1], 0.0),
        ([0.5, 0.5, 0.5, 0.5], [0, 1, 0, 1], 0.5),
        ([0.1, 0.4, 0.3, 0.9], [0, 1, 0, 0], 2 / 3),
    ],
)
def test_the_area_under_the_curve(score, happened, area):
    assert ranking(np.array(score), np.array(happened, dtype=float)) == pytest.approx(area)


def test_the_simple_forecast_counts_ratifications_by_group(central):
    setting = central.setting
    rates = by_region_and_income(MIGRANT_WORKERS, LAST, setting)
    assert np.all((rates > 0.0) & (rates < 1.0))
    groups = {}
    for rate, region, income in zip(rates, setting.states.region, setting.states.income_group, strict=True):
        groups.setdefault((region, income), set()).add(float(rate))
    assert all(len(found) == 1 for found in groups.values())
    rich = rates[setting.states.index("DEU")]
    assert rates[setting.states.index("ECU")] > rich
    span = LAST - 1990 + 1
    assert rates.mean() * span * len(rates) == pytest.approx(len(recorded_parties(MIGRANT_WORKERS)), rel=0.35)


def test_those_on_record_stay_parties(central):
    before = record(2005, central.setting)
    assert before.sum() == 34
    chances = central.chances(MIGRANT_WORKERS, range(2006, 2011), before)
    assert np.all(chances[2010][:, before > 0.0] == 1.0)
    assert np.all(chances[2010] >= chances[2006])


def test_later_ratifications_are_scored_beside_a_baseline(tmp_path):
    rows = [f"2012,{MIGRANT_WORKERS},IDN", f"2014,{MIGRANT_WORKERS},MDG", f"1999,{MIGRANT_WORKERS},MEX"]
    later = read_later([written(tmp_path, [*rows, "2013,ilo-c97,MAR"])])
    checks = list(later_ratification_checks(later, 3))
    assert len(checks) == 4
    number = by_what(checks, f"new parties of {MIGRANT_WORKERS}", "2011-2014")
    assert number.figure == 2.0
    assert set(number.forecasts) == {"region and income"}
    area = by_what(checks, f"ranking of new parties of {MIGRANT_WORKERS} (area under ROC)", "2011-2014")
    assert 0.0 <= area.low <= area.high <= 1.0
    assert "2 new parties among 149 states" in area.remark
    unknown = by_what(checks, "new parties of ilo-c97", "2012-2014")
    assert unknown.passed is None


def test_nothing_is_scored_where_nothing_is_new(tmp_path):
    later = read_later([written(tmp_path, [f"2012,{MIGRANT_WORKERS},MEX"])])
    assert list(later_ratification_checks(later, 0)) == []
    assert list(later_ratification_checks(read_later([]), 0)) == []


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("2012,mwc,IDN", ":2: instrument is 'mwc'; it must be one of ilo-c97"),
        (f"2012,{MIGRANT_WORKERS},XYZ", ":2: iso3 is 'XYZ'"),
        (f"2031,{MIGRANT_WORKERS},IDN", ":2: year is '2031'; it must be from 2006 to 2020"),
        (f"soon,{MIGRANT_WORKERS},IDN", ":2: year is 'soon'"),
        ("2012,ilo-c97", ":2: 2 cells; the first line has 3"),
        (f"2012,{MIGRANT_WORKERS},IDN\n2012,{MIGRANT_WORKERS},IDN", ":3: ratification of"),
    ],
)
def test_broken_rows_are_refused_with_their_place(tmp_path, row, said):
    with pytest.raises(InputError) as refused:
        read_later([written(tmp_path, [row])])
    assert said in str(refused.value)
