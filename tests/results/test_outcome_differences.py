"""What came out differently of two runs."""

from dataclasses import replace

import numpy as np
import pytest

import migsim as ms
from migsim.errors import InputError
from migsim.results.outcome_differences import diff, found_run, outcome_differences, text_differences
from tests.lives import SEED, small

CLOSED = small().vary("closed", {"processes.gfmd.max_themes": 1})


@pytest.fixture(scope="module")
def runs():
    return [ms.run(each, replicates=n, seed=SEED, workers=1) for each, n in ((small(), 4), (CLOSED, 3))]


def test_differences_are_those_of_a_study_and_of_the_second_less_the_first(runs):
    table = outcome_differences(*runs).set_index("quantity")
    with pytest.warns(UserWarning, match="only the 3 worlds of both"):
        study = ms.compare(runs).difference("trust", year=2009).iloc[0]
    for name in ("difference_median", "difference_p05", "difference_p95", "share_positive", "n", "is_paired"):
        assert table.loc["trust", name] == study[name]
    with pytest.warns(UserWarning, match="only the 3 worlds of both"):
        win = ms.compare(runs).difference(year=2009).set_index("quantity")["difference_median"]
    for mine, theirs in (("weakest gain", "weakest"), ("gain of hosts", "hosts")):
        assert table.loc[mine, "difference_median"] == win[theirs]
    assert table.loc["n_adopted", "difference_median"] < 0.0
    assert table.loc["n_adopted", "n"] == 3


def test_sums_run_over_the_years_and_medians_over_the_worlds_of_both(runs):
    table = outcome_differences(*runs).set_index("quantity")
    worlds = [run.world[run.world["replicate"] < 3] for run in runs]
    sums = [world.groupby("replicate")["n_attending"].sum() for world in worlds]
    assert table.loc["n_attending", "a"] == sums[0].median()
    assert table.loc["n_attending", "difference_median"] == (sums[1] - sums[0]).median()
    last = [world[world["year"] == 2009].set_index("replicate")["trust"] for world in worlds]
    assert [table.loc["trust", side] for side in ("a", "b")] == [values.median() for values in last]


def test_a_run_does_not_differ_from_itself(runs):
    found = diff(runs[0], runs[0])
    assert "the two set the same things" in repr(found)
    assert "Every outcome is the same." in repr(found)
    assert found.texts is not None
    assert found.texts.empty
    assert not found.outcomes["difference_median"].any()


def test_runs_without_a_common_year_are_refused_before_anything_is_run():
    early = small().vary("early", {"years.first": 2001, "years.last": 2004})
    with pytest.raises(InputError, match="small-forum begins in 2006 and early ends in 2004"):
        ms.compare([early, small()], workers=1)


def test_rounding_of_large_numbers_is_no_difference(runs):
    found = diff(*runs)
    row = found.outcomes["quantity"] == "migrants"
    ends = ["difference_median", "difference_p05", "difference_p95"]

    def told(*values):
        table = found.outcomes.copy()
        table.loc[row, ends] = values
        return repr(replace(found, outcomes=table))

    assert "+4865 (-4116 to +29070)" in told(4865.3, -4116.15, 29069.6)
    [same] = [line for line in told(0.0, -2e-9, 4e-9).splitlines() if line.startswith("The same in both:")]
    assert "migrants" in same
    assert "migrants in 2009" in told(0.0, -0.02, 0.04)


def test_texts_are_shares_of_worlds(runs):
    table = text_differences(*runs)
    texts = runs[0].table("texts")
    for row in table.to_dict("records"):
        rows = texts[(texts["paragraph"] == row["paragraph"]) & texts["adopted"] & (texts["replicate"] < 3)]
        assert row["a"] == rows["replicate"].nunique() / 3
        assert row["difference"] == row["b"] - row["a"] != 0.0
    assert len(table) > 3
    assert np.all(np.diff(table["difference"].abs()) <= 0.0)


def test_runs_of_other_seeds_are_compared_unpaired(runs):
    other = ms.run(CLOSED, replicates=2, seed=SEED + 1, workers=1)
    found = diff(runs[0], other)
    assert not found.outcomes["is_paired"].any()
    assert "4 worlds of A and 2 of B, compared unpaired: their seeds differ" in repr(found)
    assert (
        found.outcomes.set_index("quantity").loc["trust", "a"]
        == runs[0].world.query("year == 2009")["trust"].median()
    )


def test_runs_that_end_in_different_years_are_compared_in_the_last_of_both(runs):
    short = ms.run(small().vary("short", {"years.last": 2008}), replicates=3, seed=SEED, workers=1)
    table = outcome_differences(runs[0], short)
    assert set(table["year"].dropna()) == {2008}
    assert not table.loc[table["quantity"] == "n_adopted", "difference_median"].any()


def test_one_world_shows_no_range(runs):
    ones = [ms.run(each, replicates=1, seed=SEED, workers=1) for each in (small(), CLOSED)]
    assert "nine worlds in ten" not in repr(diff(*ones))
    assert "nine worlds in ten" in repr(diff(*runs))


def test_a_scenario_has_no_outcomes(runs):
    assert diff(small(), runs[1]).outcomes is None


def test_a_run_is_found_by_its_scenario(tmp_path):
    ms.run(small(), replicates=1, seed=1, workers=1, out=tmp_path / "one")
    ms.run(small(), replicates=2, seed=2, workers=1, out=tmp_path / "two")
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "manifest.json").write_text("{")
    assert found_run(small(), tmp_path).folder == tmp_path / "two"
    with pytest.raises(InputError, match="no finished run of closed"):
        found_run(CLOSED, tmp_path)
