"""Tables read some shards at a time: what is made of the parts is what is made of the whole."""

from functools import partial

import pandas as pd
import pytest

import migsim as ms
from migsim import plots
from migsim.errors import InputError
from migsim.plots import caption_of
from migsim.plots.agendas import theme_years
from migsim.results import tallies
from migsim.results.projections import with_projection
from migsim.results.story import company_rows, regions
from migsim.results.tables import StoredTables
from tests.lives import SEED, small

N = 20
"""Worlds: a full shard, and four in the next."""
IN_A_SHARD = 16
BY_WORLD = {
    "attending": ("attendance", tallies.attending),
    "parties": ("ratifications", tallies.parties),
    "themes_by_world": ("texts", tallies.themes_by_world),
    "text_points": ("texts", partial(tallies.text_points, theme="remittances")),
    "company_rows": ("states", partial(company_rows, iso3="MEX")),
    "some_rows": ("world", lambda rows: rows[rows["year"] > 2007]),
}
COUNTS = {
    "meetings": ("attendance", tallies.meetings, ["year", "process"], "sum"),
    "theme_counts": ("texts", tallies.theme_counts, ["theme"], "sum"),
    "processes": ("texts", tallies.processes, ["process"], "any"),
}


@pytest.fixture(autouse=True)
def a_shard_at_a_time(monkeypatch):
    monkeypatch.setattr("migsim.results.tables.ROWS_OF_A_PART", 1)


@pytest.fixture(scope="module")
def stored(tmp_path_factory):
    return ms.run(
        small(), replicates=N, seed=SEED, workers=1, out=tmp_path_factory.mktemp("tables") / "small"
    )


@pytest.fixture(scope="module")
def held():
    return ms.run(small(), replicates=N, seed=SEED, workers=1)


@pytest.mark.parametrize("name", BY_WORLD)
def test_what_is_made_of_the_shards_is_what_is_made_of_the_whole(name, stored, held):
    table, reduce = BY_WORLD[name]
    whole = reduce(stored.table(table)).reset_index(drop=True)
    pd.testing.assert_frame_equal(stored.table(table, reduce=reduce), whole, check_exact=True)
    pd.testing.assert_frame_equal(held.table(table, reduce=reduce), whole, check_exact=True)


def test_so_are_the_standpoints_of_states(stored, held):
    reduce = partial(tallies.standpoints, theme="remittances")
    order = ["who", "replicate", "year"]
    whole = reduce(stored.table("states")).sort_values(order, ignore_index=True)
    for run in (stored, held):
        found = run.table("states", reduce=reduce).sort_values(order, ignore_index=True)
        pd.testing.assert_frame_equal(found, whole, check_exact=True)
    assert set(whole["who"]) == {tallies.ALL, tallies.HOSTS, tallies.DEPARTURES}
    states = stored.table("states", ["replicate", "year", "position_remittances"])
    middle = states.groupby(["replicate", "year"])["position_remittances"].median()
    assert whole.loc[whole["who"] == tallies.ALL, "median"].tolist() == middle.tolist()


@pytest.mark.parametrize("name", COUNTS)
def test_counts_of_the_shards_put_together_are_those_of_the_whole(name, stored):
    table, reduce, by, together = COUNTS[name]
    found = stored.table(table, reduce=reduce).groupby(by).agg(together)
    whole = reduce(stored.table(table)).set_index(by).sort_index()
    pd.testing.assert_frame_equal(found, whole)


def test_a_reduction_sees_some_worlds_at_a_time_and_only_the_columns_asked_for(stored, held):
    seen = []

    def noted(rows):
        seen.append((sorted(set(rows["replicate"])), list(rows.columns)))
        return rows.head(1)

    assert len(stored.table("states", ["replicate", "state"], reduce=noted)) == 2
    assert [len(worlds) for worlds, _ in seen] == [IN_A_SHARD, N - IN_A_SHARD]
    assert {tuple(columns) for _, columns in seen} == {("replicate", "state")}
    assert len(held.table("states", ["replicate"], reduce=noted)) == 1
    with pytest.raises(InputError, match="has no column 'stat'"):
        stored.table("states", ["stat"], reduce=noted)


def test_small_shards_are_taken_together(stored, monkeypatch):
    monkeypatch.setattr("migsim.results.tables.ROWS_OF_A_PART", 10**9)
    assert [sorted(set(part["replicate"])) for part in stored.parts("states")] == [list(range(N))]


def test_nothing_left_keeps_its_columns(stored):
    nobody = stored.table("world", reduce=lambda rows: rows[rows["year"] > 9999])
    assert nobody.empty
    assert list(nobody.columns) == list(stored.columns("world"))


def test_no_figure_of_a_stored_run_reads_a_large_table_whole(stored, monkeypatch, tmp_path):
    rows = {name: len(stored.table(name)) for name in ("texts", "attendance")}
    parts, read = StoredTables.parts, StoredTables.read
    largest: dict[str, int] = {}
    kept: dict[str, int] = {}

    def noted_parts(self, name, *arguments, **options):
        for part in parts(self, name, *arguments, **options):
            largest[name] = max(largest.get(name, 0), len(part))
            yield part

    def noted_read(self, name, *arguments, **options):
        found = read(self, name, *arguments, **options)
        kept[name] = max(kept.get(name, 0), len(found))
        return found

    monkeypatch.setattr(StoredTables, "parts", noted_parts)
    monkeypatch.setattr(StoredTables, "read", noted_read)
    run = ms.Run.open(stored.folder)
    assert {path.stem for path in run.plot.save_all(tmp_path)} >= {"attendance", "agenda", "positions"}
    plots.save(run.plot.history(), tmp_path / "history")
    n_years, n_states = 5, 24
    assert largest["states"] == IN_A_SHARD * n_years * n_states
    assert kept["states"] <= N * max(n_states, n_years * 5)  # the last year of every state, or five regions
    for name, n in rows.items():
        assert largest[name] < n
        assert kept[name] < n / 4
    assert "world" not in vars(run)


def test_figures_of_what_is_counted_say_what_those_of_the_tables_say(stored):
    tables = {name: stored.table(name) for name in ("states", "texts", "attendance", "ratifications")}
    assert caption_of(stored.plot.agenda()) == caption_of(plots.agenda(tables["texts"]))
    drawn = stored.plot.positions("remittances")
    assert caption_of(drawn) == caption_of(plots.positions(tables["states"], tables["texts"], "remittances"))
    own, other = stored.plot.state_story("MEX"), plots.state_story(tables["states"], "MEX", spread="ranged")
    assert caption_of(own) == caption_of(other)
    titles = {name: process.title for name, process in stored.scenario.spec.processes.items()}
    options = {"titles": titles, "spread": "ranged"}
    came = plots.attendance({"small": tables["attendance"]}, labels={"small": "Small forum"}, **options)
    assert caption_of(stored.plot.attendance()) == caption_of(came).replace("small", stored.name)
    met = plots.history(tables["attendance"], tables["ratifications"], **options)
    assert caption_of(stored.plot.history()) == caption_of(met)


def test_worlds_without_a_theme_still_count(stored):
    texts = stored.table("texts")
    silent = texts["replicate"] < 5
    texts.loc[silent, "on_agenda"] = False
    cells = theme_years(texts)
    by_hand = texts[texts["on_agenda"]].groupby(["theme", "year"])["replicate"].nunique() / N
    assert cells.set_index(["theme", "year"])["on_agenda"].tolist() == by_hand.tolist()
    assert cells["on_agenda"].max() <= 0.75


def test_one_process_is_shown_where_it_held_sessions(stored):
    [name] = stored.scenario.spec.processes
    assert caption_of(stored.plot.agenda(process=name)) == caption_of(stored.plot.agenda())
    assert caption_of(stored.plot.positions(process=name)) == caption_of(stored.plot.positions())
    for figure in (stored.plot.agenda, stored.plot.positions):
        with pytest.raises(InputError, match=f"'other' held no session; these did: {name}"):
            figure(process="other")
    with pytest.raises(InputError, match="no theme 'remitances'; did you mean remittances"):
        stored.plot.positions("remitances")


def test_a_state_that_is_not_in_the_run_has_no_story(stored):
    there = set(stored.table("states", ["state"])["state"])
    missing = next(code for code in regions() if code not in there)
    with pytest.raises(InputError, match=f"state {missing} is not in this run"):
        stored.plot.state_story(missing)
    with pytest.raises(InputError, match="no state 'XXX'"):
        stored.plot.state_story("XXX")


def test_tables_of_several_shards_are_exported_whole(stored, tmp_path):
    stored.to_csv(tmp_path)
    for name in ("states", "texts"):
        found = pd.read_csv(tmp_path / f"{name}.csv", keep_default_na=False, na_values=[""])
        pd.testing.assert_frame_equal(
            found, with_projection(stored.table(name)), check_dtype=False, rtol=1e-15
        )
