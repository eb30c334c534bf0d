"""A run as a reader finds it: tables, summaries, one state's story, and what it prints."""

import math

import numpy as np
import pandas as pd
import pytest

import migsim as ms
from migsim.ensemble.batch import run_batch
from migsim.errors import InputError
from migsim.plots import caption_of
from migsim.results.manifest import numbers_of, ranges
from migsim.results.projections import with_projection
from migsim.results.summary import over_lucks
from migsim.results.wording import NO_PROCESS, difference_words, triple_win_words
from migsim.world.worlds import DRAWS
from tests.lives import SEED, SMALL, small, varied


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return ms.run(small(), replicates=3, workers=1, out=tmp_path_factory.mktemp("runs") / "small")


def test_a_folder_opens_as_the_run_that_made_it(run):
    opened = ms.Run.open(run.folder)
    assert opened.scenario == run.scenario
    assert opened.manifest == run.manifest
    assert (
        opened.tables
        == run.tables
        == (
            "world",
            "states",
            "texts",
            "attendance",
            "ratifications",
            "votes",
            "implementation",
            "migrations",
            "main_corridors",
            "corridors",
        )
    )
    assert opened.triple_win.equals(run.triple_win)
    assert repr(opened) == repr(run)


def test_the_folder_holds_what_is_promised(run):
    names = {path.name for path in run.folder.iterdir()}
    summaries = {"triple_win.csv", "gains.csv", "by_region.csv"}
    files = {"manifest.json", "ledger.jsonl", "scenario.yaml", *summaries}
    assert names == files | set(run.tables)
    assert set(run.manifest["outputs"]) == {
        path.relative_to(run.folder).as_posix()
        for path in run.folder.rglob("*")
        if path.is_file() and path.name != "manifest.json"
    }
    assert ms.load(run.folder / "scenario.yaml").hash == run.manifest["scenario_hash"]


def test_the_summary_on_disk_is_the_one_in_memory(run):
    for name, keys in (("triple_win", ["year", "group"]), ("gains", ["year", "quantity"])):
        stored = pd.read_csv(run.folder / f"{name}.csv").set_index(keys)
        held = with_projection(getattr(run, name)).set_index(keys)
        pd.testing.assert_frame_equal(stored, held, check_dtype=False, rtol=1e-15)


def test_triple_win_has_the_promised_columns_and_numbers(run):
    table = run.triple_win
    assert list(table.columns) == [
        "scenario",
        "year",
        "group",
        "level_median",
        "baseline_median",
        "difference_median",
        "difference_p05",
        "difference_p95",
        "share_positive",
        "n",
    ]
    assert list(table["group"].unique()) == ["migrants", "hosts", "departures", "weakest"]
    assert list(table["year"].unique()) == [2005, 2006, 2007, 2008, 2009]
    assert set(table["n"]) == {3}
    last = table[table["year"] == 2009].set_index("group")
    world = run.table("world")
    world = world[world["year"] == 2009]
    assert last.loc["hosts", "difference_median"] == np.median(world["gain_sd_hosts"])
    assert last.loc["hosts", "difference_p95"] == np.quantile(world["gain_sd_hosts"], 0.95)
    assert last.loc["weakest", "difference_median"] == np.median(world["weakest"])
    assert math.isnan(last.loc["weakest", "level_median"])
    assert last.loc["migrants", "level_median"] == np.median(world["level_sd_migrants"])
    margin = run.scenario.value("triple_win.margin")
    assert last.loc["migrants", "share_positive"] == (world["gain_sd_migrants"] > margin).mean()


def test_gains_are_in_natural_units(run):
    table = run.gains.set_index(["year", "quantity"])
    world = run.table("world")
    world = world[world["year"] == 2008]
    assert table.loc[(2008, "gain_money"), "median"] == np.median(world["gain_money"])
    assert table.loc[(2008, "gain_money"), "unit"] == "percent of income"
    difference = world["remittances"] - world["baseline_remittances"]
    assert table.loc[(2008, "difference_remittances"), "median"] == np.median(difference)


def test_tables_are_read_in_part(run):
    states = run.table("states", ["year", "state", "trust"])
    assert list(states.columns) == ["year", "state", "trust"]
    assert len(states) == 3 * 5 * 24
    with pytest.raises(InputError, match="has no column 'trusts'; did you mean trust"):
        run.table("states", ["trusts"])
    with pytest.raises(InputError, match="has no column 'nothing'; it has replicate"):
        run.table("states", ["nothing"])
    with pytest.raises(InputError, match="no table 'state' in this run; it has world"):
        run.table("state")


def test_a_state_has_its_story(run):
    story = run.state("MEX")
    assert list(story.index) == [2005, 2006, 2007, 2008, 2009]
    rows = run.table("states")
    rows = rows[(rows["state"] == "MEX") & (rows["year"] == 2009)]
    assert story.loc[2009, "emigrants"] == rows["emigrants"].median()
    assert story["attended"].isna().tolist() == [True, True, False, False, False]
    assert (story["gain_p05"] <= story["gain_p95"]).all()
    for name in ("mex", "XXX"):
        with pytest.raises(InputError, match="ISO 3166"):
            run.state(name)


def test_everything_is_exported(run, tmp_path):
    files = run.to_csv(tmp_path / "csv")
    assert {path.stem for path in files} == {"triple_win", "gains", *run.tables}
    states = pd.read_csv(tmp_path / "csv" / "states.csv", keep_default_na=False, na_values=[""])
    pd.testing.assert_frame_equal(states, with_projection(run.table("states")), check_dtype=False, rtol=1e-15)


def test_a_run_in_memory_is_the_same(run):
    tables = run_batch(small(), (0, 1, 2), run.seed, "ranged")
    held = ms.Run.from_tables(small(), tables, seed=run.seed, parameters="ranged")
    assert held.manifest["tables_sha256"] == run.manifest["tables_sha256"]
    assert held.folder is None
    assert held.replicates == (0, 1, 2)
    for name in run.tables:
        assert held.table(name).equals(run.table(name))
    assert held.state("SWE").equals(run.state("SWE"))


def test_it_prints_in_a_few_lines(run):
    assert len(repr(run).splitlines()) <= 12
    assert repr(run).startswith("Run small-forum: Small forum\n  worlds: 3, each beside")
    assert "<table" in run._repr_html_()
    assert "triple_win" in repr(run.plot)


def test_it_is_told_in_plain_words(run):
    lines = triple_win_words(run).splitlines()
    assert max(map(len, lines)) <= 110
    assert lines[1].startswith("3 worlds, each against the same world without a forum")
    told = [line[:30].split("  ")[0] for line in lines[4:12]]
    assert told[::2] == ["Migrants", "Host countries", "Departure countries", "Least of the three"]
    assert all(f" {year} " in line for line, year in zip(lines[4:12], [2007, 2009] * 4, strict=True))


def test_overrides_are_in_the_manifest():
    scenario = ms.load(SMALL, ["years.last=2007", "processes.gfmd.max_themes=2"])
    run = ms.run(scenario, replicates=1, workers=1)
    assert run.manifest["overrides"] == {"years.last": 2007, "processes.gfmd.max_themes": 2}


def test_numbers_are_written_short():
    for numbers in ((), (3,), (0, 1, 2, 5, 9, 10)):
        assert numbers_of(ranges(numbers)) == numbers


def test_a_scenario_without_a_forum_has_empty_tables(tmp_path):
    run = ms.run(varied({"processes": {}}), replicates=2, workers=1, out=tmp_path / "quiet")
    assert "there is nothing to compare" in triple_win_words(run)
    assert difference_words(ms.compare([run, run])) == NO_PROCESS
    of_world = {"opinion", "remittances", "wellbeing", "corridors", "migrations"}
    assert {path.stem for path in run.plot.save_all(tmp_path)} == of_world
    assert run.table("texts").empty
    columns = ["replicate", "year", "process", "state", "attended", "objections"]
    assert list(run.table("attendance").columns) == columns
    assert run.state("MEX")["attended"].isna().all()
    assert (run.triple_win["difference_median"] == 0.0).all()


def test_what_was_changed_on_the_disk_is_not_read_as_if_nothing_were(tmp_path):
    ms.run(small(), replicates=2, seed=SEED, workers=1, out=tmp_path / "run")
    part = tmp_path / "run" / "world" / "part-00000.parquet"
    whole = bytearray(part.read_bytes())
    middle = len(whole) // 3
    whole[middle] ^= 0xFF
    part.write_bytes(bytes(whole))
    with pytest.raises(InputError, match="run the scenario again"):
        ms.Run.open(tmp_path / "run").table("world")
    part.unlink()
    with pytest.raises(InputError, match=r"part-00000\.parquet: is missing"):
        ms.compare([tmp_path / "run", small()], workers=1)


def test_a_story_with_several_lucks_is_of_draws():
    run = ms.run(small(), replicates=3, inner=2, seed=SEED, workers=1)
    rows = run.table("states").query("state == 'MEX' and year == 2009")
    draws = rows.groupby(rows["replicate"] % DRAWS)["gain"].mean()
    story = run.state("MEX").loc[2009]
    assert story["gain"] == pytest.approx(draws.median())
    assert story["gain_p95"] == pytest.approx(draws.quantile(0.95))
    assert set(ms.compare([run]).ranking()["n"]) == {3}


def test_figures_of_draws_with_several_lucks_show_draws():
    run = ms.run(small(), replicates=3, inner=2, seed=SEED, workers=1)
    world = over_lucks(run.world)
    assert len(world) == len(run.world) / 2
    by_hand = run.world.assign(replicate=run.world["replicate"] % DRAWS).groupby(["replicate", "year"])
    assert world["gain_hosts"].tolist() == by_hand["gain_hosts"].mean().tolist()
    assert "3 paired worlds" in caption_of(run.plot.triple_win())
