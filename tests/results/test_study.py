"""Several runs side by side: paired where they share their draws, and none ever left out."""

import warnings

import numpy as np
import pytest

import migsim as ms
from migsim.ensemble.folders import read_manifest
from migsim.errors import EnvironmentProblem, InputError
from migsim.plots import caption_of
from migsim.results.comparison import save_study
from migsim.results.wording import difference_words, interval
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


def test_a_study_goes_where_a_link_says_though_nothing_is_there_yet(study, tmp_path):
    (tmp_path / "link").symlink_to(tmp_path / "far" / "away")
    ms.compare([study[study.reference]], out=tmp_path / "link")
    assert (tmp_path / "far" / "away" / "manifest.json").is_file()


def test_one_run_alone_differs_from_nothing(study):
    alone = ms.compare([study[study.reference]]).difference()
    assert len(alone) == 0
    assert list(alone.columns) == list(study.difference().columns)


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
    labelled = study.to_xarray()
    assert dict(labelled.sizes) == {"scenario": 2, "replicate": 3, "year": 5}
    one = frame[(frame["scenario"] == "one-theme") & (frame["replicate"] == 1) & (frame["year"] == 2008)]
    assert (
        labelled["gain_hosts"].sel(scenario="one-theme", replicate=1, year=2008) == one["gain_hosts"].item()
    )
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
    ("options", "said"),
    [
        ({"parameters": "central"}, "unpaired, with wider ranges: their parameters differ"),
        ({"replicates": [7, 8]}, "unpaired, with wider ranges: they have no replicate in common"),
        ({"replicates": 2}, "only the 2 worlds of both are compared"),
    ],
)
def test_the_warning_says_why(options, said, study):
    run = ms.run(CLOSED, **({"replicates": 3, "seed": 4, "workers": 1} | options))
    with pytest.warns(UserWarning, match=said):
        ms.compare([study["small-forum"], run]).difference()


def test_common_replicates_are_paired(study):
    fewer = ms.compare([study["small-forum"], ms.run(CLOSED, replicates=2, seed=4, workers=1)])
    with pytest.warns(UserWarning, match="2 worlds"):
        table = fewer.difference(year=2009)
    assert table["is_paired"].all()
    assert set(table["n"]) == {2}
    assert set(table["year"]) == {2009}
    with pytest.raises(InputError, match="year 2010; the runs have 2005 to 2009"):
        fewer.difference(year=2010)


def test_unpaired_worlds_are_not_drawn_as_pairs(study):
    other = ms.run(CLOSED, replicates=3, seed=5, workers=1)
    wide = ms.compare([study["small-forum"], other])
    drawn = wide.plot.differences()
    assert "unpaired" in drawn[0].get_figure().texts[0].get_text()
    assert "Unpaired, every world with every other" in caption_of(drawn)
    assert "paired world" not in caption_of(drawn)
    with pytest.warns(UserWarning, match="unpaired"):
        table = wide.difference(year=2009)
    pairs = np.subtract.outer(
        *(run.world.query("year == 2009")["gain_hosts"].to_numpy() for run in (other, study["small-forum"]))
    )
    dot = next(line for line in drawn[1].lines if line.get_marker() == "o")
    assert dot.get_xdata()[0] == pytest.approx(np.median(pairs))
    assert not table["is_paired"].any()


def test_scenarios_are_compared_in_the_last_year_of_all(study):
    short = small(years__last=2008).vary("Short", {})
    with pytest.warns(UserWarning, match=r"compared in 2008 \(the last year of all\)"):
        both = ms.compare([study["small-forum"], short], seed=4, workers=1)
    assert both.last_year == 2008
    assert "in 2008 (the last year of all)" in repr(both)
    assert "in 2008 (the last year of all)" in difference_words(both)
    drawn = both.plot.weakest()
    assert "by 2008" in caption_of(drawn)
    assert "Small forum (shown to 2008)" in caption_of(drawn)


def test_options_that_cannot_apply_are_refused(study):
    runs = list(study.runs.values())
    for options in ({"seed": 4}, {"replicates": 3}, {"parameters": "central"}):
        with pytest.raises(InputError, match=f"{next(iter(options))}: cannot apply, because all"):
            ms.compare(runs, **options)


@pytest.mark.parametrize("scenarios", ["small.yaml", GIVEN, None])
def test_what_is_compared_is_a_list(scenarios):
    with pytest.raises(InputError, match=r"compare: found .*; allowed is a list"):
        ms.compare(scenarios)


def test_the_number_of_worlds_may_be_one_of_numpy():
    study = ms.compare([GIVEN, CLOSED], replicates=np.int64(2), seed=4, workers=1)
    assert [run.replicates for run in study.runs.values()] == [(0, 1), (0, 1)]


@pytest.mark.parametrize(
    ("ends", "said"),
    [
        ((-0.00021, -0.00063, -1.06e-05), "-0.0002 (-0.0006 to -0.00001)"),
        ((0.0, 0.0, 0.0), "0 (0 to 0)"),
        ((0.012, -0.004, 0.03), "+0.012 (-0.004 to +0.030)"),
        ((2.4, 0.3, 94.2), "+2.4 (+0.3 to +94.2)"),
        ((4865.3, -0.3, 29069.6), "+4865 (-0.3 to +29070)"),
    ],
)
def test_no_end_is_rounded_to_nothing(ends, said):
    assert interval(*ends, 20) == said


def test_one_world_has_no_range(study):
    one = ms.compare([GIVEN, CLOSED], replicates=1, seed=4, workers=1)
    assert "one world" in repr(one)
    assert " to " not in repr(one)
    assert " to " not in difference_words(one).split("SD")[0]
    assert "One world shows no range." in difference_words(one)


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


def test_a_study_of_a_run_that_was_replaced_meanwhile_is_not_written(tmp_path):
    out = tmp_path / "study"
    made = ms.compare([GIVEN, CLOSED], replicates=1, seed=4, workers=1, out=out)
    before = read_manifest(out)
    ms.run(GIVEN, replicates=2, seed=4, workers=1, out=out / "runs" / "small-forum")
    with pytest.raises(EnvironmentProblem, match=r"small-forum: another process has replaced this run"):
        save_study(made, out)
    assert read_manifest(out) == before
    assert [path.name for path in tmp_path.iterdir()] == ["study"]


def test_a_study_has_a_folder(study, tmp_path):
    out = tmp_path / "study"
    made = ms.compare([GIVEN, CLOSED], replicates=3, seed=4, workers=1, out=out)
    assert made["one-theme"].manifest["tables_sha256"] == study["one-theme"].manifest["tables_sha256"]
    manifest = read_manifest(out)
    assert manifest["runs"]["one-theme"]["folder"] == "runs/one-theme"
    tables = (
        "triple_win",
        "gains",
        "ranking",
        "differences",
        "additionality",
        "texts",
        "objectors",
        "by_region",
    )
    assert set(manifest["outputs"]) == {f"{name}.csv" for name in tables}
    with pytest.raises(InputError, match="holds a run of 3 worlds, 1 more than asked for; choose another"):
        ms.compare([GIVEN, CLOSED], replicates=2, seed=4, workers=1, out=out)
    ms.compare([GIVEN, CLOSED], replicates=4, seed=4, workers=1, out=out)
    assert ms.Run.open(out / "runs" / "one-theme").n_replicates == 4
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


def test_lucks_are_as_many_as_in_the_run_that_is_there():
    run = ms.run(small(), replicates=2, inner=2, workers=1)
    study = ms.compare([run, small().vary("other", {})], replicates=3, workers=1)
    assert [each.n_replicates for each in study.runs.values()] == [4, 6]
