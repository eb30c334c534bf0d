"""Several runs side by side: paired where they share their draws, and none ever left out."""

import warnings

import numpy as np
import pytest

import migsim as ms
from migsim.ensemble.folders import read_manifest
from migsim.errors import InputError
from migsim.results.wording import difference_words
from tests.lives import small

GIVEN = small()
CLOSED = small(processes__gfmd__max_themes=1).vary("One theme", {})


class Broken(ms.Behaviour):
    """A behaviour with a fault of its own."""

    def attends(self, delegation):
        raise ZeroDivisionError


@pytest.fixture(scope="module")
def study():
    return ms.compare([GIVEN, CLOSED], replicates=3, seed=4, workers=1)


def test_worlds_are_compared_with_each_other(study):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        table = study.difference()
    assert set(table["scenario"]) == {"one-theme"}
    assert set(table["reference"]) == {"small-forum"}
    assert table["is_paired"].all()
    assert set(table["n"]) == {3}
    of, base = (
        study[name].table("world").set_index(["year", "replicate"]) for name in ("one-theme", "small-forum")
    )
    expected = (of["gain_sd_hosts"] - base["gain_sd_hosts"]).loc[2009]
    row = table[(table["year"] == 2009) & (table["quantity"] == "hosts")].iloc[0]
    assert row["difference_median"] == np.median(expected)
    assert row["difference_p05"] == np.quantile(expected, 0.05)
    back = study.difference(reference="one-theme")
    assert back["difference_median"].iloc[-1] == -table["difference_median"].iloc[-1]


def test_any_column_of_the_world_can_be_compared(study):
    table = study.difference("remittances")
    assert set(table["quantity"]) == {"remittances"}
    with pytest.raises(InputError, match="no quantity 'remittance'; allowed are triple_win, migrants"):
        study.difference("remittance")
    with pytest.raises(InputError, match="no run 'other' in this study; it has small-forum, one-theme"):
        study.difference(reference="other")


def test_tables_are_stacked(study):
    assert list(study.triple_win["scenario"].unique()) == ["small-forum", "one-theme"]
    assert list(study.gains["scenario"].unique()) == ["small-forum", "one-theme"]
    frame = study.to_frame()
    assert frame.columns[0] == "scenario"
    assert len(frame) == 2 * 3 * 5
    assert study.failures.empty
    assert list(study) == ["small-forum", "one-theme"]
    assert len(repr(study).splitlines()) == 3
    assert "<table" in study._repr_html_()


def test_runs_that_share_no_draws_are_compared_unpaired(study):
    other = ms.run(GIVEN, replicates=4, seed=5, workers=1)
    wide = ms.compare([study["small-forum"], other])
    assert list(wide) == ["small-forum (seed 4)", "small-forum (seed 5)"]
    with pytest.warns(UserWarning, match="unpaired, with wider ranges: their seeds differ"):
        table = wide.difference()
    assert not table["is_paired"].any()
    assert set(table["n"]) == {3}
    first, second = (run.table("world") for run in wide.runs.values())
    pairs = np.subtract.outer(*(w[w["year"] == 2009]["weakest"].to_numpy() for w in (second, first)))
    assert table["difference_median"].iloc[-1] == np.median(pairs)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        wide.difference()
        assert "unpaired" in difference_words(wide)


@pytest.mark.parametrize(
    ("options", "said"), [({"parameters": "central"}, "parameters"), ({"replicates": 2}, "replicates")]
)
def test_the_warning_says_why(options, said, study):
    run = ms.run(CLOSED, **({"replicates": 3, "seed": 4, "workers": 1} | options))
    with pytest.warns(UserWarning, match=f"their {said} differ"):
        ms.compare([study["small-forum"], run]).difference()


def test_what_is_not_said_is_taken_from_the_run(study):
    run = ms.compare([study["one-theme"], GIVEN], workers=1)["small-forum"]
    assert run.manifest["tables_sha256"] == study["small-forum"].manifest["tables_sha256"]


def test_a_failed_scenario_stays_in_every_table(study):
    broken = ms.run(GIVEN.with_behaviour("MEX", Broken()), replicates=3, seed=4, workers=1)
    runs = ms.compare([study["one-theme"], broken])
    for table in (runs.triple_win, runs.gains, runs.difference()):
        failed = table[table["scenario"] == "small-forum"]
        assert len(failed)
        assert set(failed["n"]) == {0}
    assert len(runs.failures) == 3
    assert "small-forum: failed" in repr(runs)
    assert "failed: no world was finished" in difference_words(runs)
    assert not runs.to_frame().empty


def test_the_same_run_twice_is_two_runs(study):
    run = study["small-forum"]
    assert list(ms.compare([run, run])) == ["small-forum (1)", "small-forum (2)"]
    with pytest.raises(InputError, match="nothing to compare"):
        ms.Study([])


def test_a_study_has_a_folder(study, tmp_path):
    out = tmp_path / "study"
    made = ms.compare([GIVEN, CLOSED], replicates=3, seed=4, workers=1, out=out)
    assert made["one-theme"].manifest["tables_sha256"] == study["one-theme"].manifest["tables_sha256"]
    manifest = read_manifest(out)
    assert manifest["runs"]["one-theme"]["folder"] == "runs/one-theme"
    assert set(manifest["outputs"]) == {"triple_win.csv", "gains.csv", "differences.csv"}
    assert ms.Run.open(out / "runs" / "one-theme").n_replicates == 3
    ms.compare([GIVEN, CLOSED], replicates=2, seed=4, workers=1, out=out)
    assert ms.Run.open(out / "runs" / "one-theme").n_replicates == 2
    with pytest.raises(InputError, match="holds a study of small-forum, one-theme"):
        ms.compare([CLOSED, GIVEN], replicates=2, workers=1, out=out)
    with pytest.raises(InputError, match="holds a migsim study, not a run"):
        ms.Run.open(out)
    with pytest.raises(InputError, match="choose another folder"):
        ms.run(GIVEN, replicates=1, out=out)


def test_figures_draw_every_run(study, tmp_path):
    files = study.plot.save_all(tmp_path)
    assert "differences.png" in {path.name for path in files}
    assert all(path.stat().st_size > 10_000 for path in files)
    study.plot.fan("triple_win")
    with pytest.raises(InputError, match="no run 'other' here"):
        study.plot.agenda(scenario="other")
