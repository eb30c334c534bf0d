"""The ranking of a study, and what figures of states and texts are drawn from."""

import numpy as np
import pytest

import migsim as ms
from migsim import plots
from migsim.errors import InputError
from migsim.results.depths import INSTRUMENT, TEXT, depths
from migsim.results.gainers import state_gains
from migsim.results.ranking import RANKING_COLUMNS, ranks_by_world
from migsim.results.wording import difference_words
from tests.lives import small

FORUM = small()


class Broken(ms.Behaviour):
    """A behaviour with a fault of its own."""

    def attends(self, delegation):
        raise ZeroDivisionError


@pytest.fixture(scope="module")
def study():
    nobody = FORUM.vary("Nobody meets", {"processes": {}})
    broken = FORUM.vary("Broken", {}).with_behaviour("MEX", Broken())
    return ms.compare([FORUM, nobody, broken], replicates=4, seed=4, workers=1, progress=False)


def test_every_scenario_is_ranked_once_and_failures_come_last(study):
    table = study.ranking()
    assert list(table.columns) == list(RANKING_COLUMNS)
    assert set(table["scenario"]) == set(study)
    last = table.iloc[-1]
    assert (last["result"], last["n"], last["n_failed"], last["n_ranked"]) == ("no result", 0, 4, 0)
    assert np.isnan(last["weakest_sd_median"])
    known = table[table["result"] == "result"]
    assert known["weakest_sd_median"].is_monotonic_decreasing
    assert list(known["rank"]) == [1, 2]
    for row in known.to_dict("records"):
        assert row["share_triple_win_low"] <= row["share_triple_win"] <= row["share_triple_win_high"]
        assert row["rank_p05"] <= row["rank"] <= row["rank_p95"]


def test_ranks_are_those_of_each_world(study):
    ranks = ranks_by_world(study, study.reference)
    runs = {label: run.world for label, run in study.runs.items() if run.n_replicates}
    last = {
        label: w[w["year"] == study.last_year].set_index("replicate")["weakest"] for label, w in runs.items()
    }
    first, second = last
    assert ((ranks[first] == 1.0) == (last[first] >= last[second])).all()
    share = study.ranking().set_index("scenario")["share_first"]
    assert share[first] == pytest.approx((last[first] >= last[second]).mean())


def test_worlds_that_only_one_run_has_do_not_rank_it():
    runs = [ms.run(FORUM, replicates=3, inner=inner, seed=4, workers=1) for inner in (1, 2)]
    study = ms.compare(runs)
    ranks = ranks_by_world(study, study.reference)
    assert (ranks.to_numpy() == np.ones((3, 2))).all()


def test_lucks_that_only_one_run_has_make_no_difference_in_the_figure():
    """As in the table of differences: worlds are paired, and those of both are the same."""
    runs = [ms.run(FORUM, replicates=3, inner=inner, seed=4, workers=1) for inner in (1, 2)]
    study = ms.compare(runs)
    with pytest.warns(UserWarning, match="only the 3 worlds of both are compared"):
        assert (study.difference()["difference_p95"] == 0.0).all()
    said = plots.caption_of(study.plot.differences())
    assert said.count("no scenario differs from small-forum (1) at all") == 3
    assert "of 3 paired worlds" in said


def test_a_run_that_is_not_paired_takes_no_lucks_from_the_others():
    other = ms.run(FORUM, replicates=[1_000_000, 1_000_001], seed=5, workers=1)
    nobody = FORUM.vary("Nobody meets", {"processes": {}})
    runs = [ms.run(each, replicates=3, seed=4, workers=1) for each in (FORUM, nobody)]
    assert "of 2 to 3 " in plots.caption_of(ms.compare([*runs, other]).plot.differences())


def test_the_ranking_is_printed_with_intervals_and_paired_differences(study):
    said = difference_words(study)
    assert said.startswith("Ranked by the gain of whoever gains least")
    assert "(the first)" in said
    assert "failed: no world was finished" in said
    assert "of the 4 worlds that 2 scenarios share" in said
    with pytest.raises(InputError, match="no run 'x'"):
        study.ranking("x")


def test_the_gains_of_states_are_those_of_the_last_year(study):
    run = study[study.reference]
    rows = state_gains(run)
    whole = run.table("states")
    assert len(rows) == len(whole[whole["year"] == 2009])
    one = whole.query("year == 2009 and replicate == 2 and state == 'MEX'")["gain"].item()
    assert rows.query("replicate == 2 and state == 'MEX'")["gain"].item() == one
    assert state_gains(run, "gain_host", 2007)["year"].unique().tolist() == [2007]
    assert len(run.plot.winners()) == 4


def test_depth_is_the_least_that_a_text_asks(study):
    run = study[study.reference]
    found = depths(run)
    assert set(found["kind"]) <= {TEXT, INSTRUMENT}
    texts = run.table("texts")
    adopted = texts[texts["on_agenda"] & texts["adopted"]]
    row = found.dropna(subset=["breadth"]).iloc[0]
    same = adopted[
        (adopted["replicate"] == row["replicate"])
        & (adopted["process"].astype(str) == row["process"])
        & (adopted["theme"].astype(str) == row["theme"])
    ]
    assert row["depth"] == pytest.approx((same["position"] - same["ambiguity"]).clip(lower=0).mean())
    assert row["breadth"] == pytest.approx(same["pledged"].mean())
    assert row["took_part"] > 0
    assert depths(study["nobody-meets"]).empty


def test_a_run_without_a_finished_world_draws_what_it_can(study):
    broken = study["broken"]
    assert len(state_gains(broken)) == len(depths(broken)) == 0
    for draw in (broken.plot.winners, broken.plot.breadth_depth, broken.plot.plane):
        assert draw() is not None
