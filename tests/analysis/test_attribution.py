"""Shares of phases and themes in the gains, on the small forum."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import t

import migsim as ms
from migsim import plots
from migsim.analysis.attribution import (
    PHASES,
    _errors,
    phase_attribution,
    phase_design,
    phases_of,
    restricted,
    theme_attribution,
    theme_coalitions,
    theme_design,
    themes_of,
)
from migsim.analysis.findings import _attribution
from migsim.analysis.outcomes import OUTCOMES, last_year
from migsim.analysis.sizes import SIZES
from migsim.ensemble.executors import executor
from migsim.plots.attribution import attribution as plots_attribution
from migsim.results.simulation import run_design
from tests.analysis.analytic import small

SEED, WORLDS = 5, 2
TWO_SESSIONS = [
    {"year": 2007, "chair": "BEL", "themes": ["remittances", "decent_work"]},
    {"year": 2008, "chair": "PHL", "themes": ["decent_work"]},
]


@pytest.fixture(scope="module")
def short():
    return small().vary("short", {"years.last": 2008, "processes.gfmd.sessions": TWO_SESSIONS})


@pytest.fixture(scope="module")
def lived(short):
    """Outcomes by coalition of phases, and by coalition of themes."""
    with executor(1) as serial:
        plan = phase_design(short, WORLDS, SEED)
        phases = last_year(run_design(plan, serial, None, False), len(plan.replicates))
        coalitions = theme_coalitions(short, 2, SEED)
        assert coalitions == list(range(2 ** len(themes_of(short))))
        themes = {
            key: last_year(run_design(theme_design(short, key, WORLDS, SEED), serial, None, False), WORLDS)
            for key in coalitions
        }
    return phases, themes


def test_values_of_phases_and_of_themes_add_up_to_the_gains_of_the_same_worlds(short, lived):
    phases, themes = lived
    frame = pd.concat([phase_attribution(phases, short, WORLDS), theme_attribution(themes, short, 2, SEED)])
    world = ms.run(short, replicates=WORLDS, seed=SEED, workers=1, progress=False).world
    gains = world[world["year"] == 2008][list(OUTCOMES)].mean()
    whole = frame["part"] == "total"
    assert frame[whole]["value"].to_numpy() == pytest.approx([*gains, *gains], rel=1e-12)
    summed = frame[~whole].groupby(["of", "outcome"])["value"].sum()
    for outcome in OUTCOMES:
        assert summed["phases", outcome] == pytest.approx(gains[outcome], rel=1e-9)
        assert summed["themes", outcome] == pytest.approx(gains[outcome], rel=1e-9)
    assert set(frame[frame["of"] == "phases"]["part"]) == {"meeting", *PHASES, "total"}
    assert (frame["low"] <= frame["high"]).all()
    assert set(frame["n"]) == {WORLDS}


def test_without_any_theme_nobody_meets_and_nothing_is_gained(short, lived):
    _, themes = lived
    np.testing.assert_array_equal(themes[0][list(OUTCOMES)].to_numpy(), 0.0)


def test_with_all_phases_off_only_what_a_meeting_costs_is_left(lived):
    phases, _ = lived
    assert (phases["gain_hosts"].iloc[:WORLDS] <= 0.0).all()


def test_a_world_that_failed_is_left_out_everywhere(short, lived):
    phases, _ = lived
    spoilt = phases.copy()
    spoilt.iloc[3] = np.nan
    frame = phase_attribution(spoilt, short, WORLDS)
    assert set(frame["n"]) == {WORLDS - 1}


def test_agendas_are_cut_down_to_some_themes(short):
    assert themes_of(short) == ("remittances", "decent_work")
    cut = restricted(short, ("remittances",)).spec.processes["gfmd"].sessions
    assert [(meeting.year, meeting.themes) for meeting in cut] == [(2007, ("remittances",))]
    assert restricted(short, ()).spec.processes["gfmd"].sessions == ()
    berne = ms.load("berne-style-agenda")
    named = themes_of(berne)
    [process] = restricted(berne, named[:1]).spec.processes.values()
    assert process.cadence.themes == named[:1]
    [process] = restricted(berne, ()).spec.processes.values()
    assert process.cadence is None


def test_phases_that_the_scenario_has_off_are_no_players():
    off = small().vary("off", {"processes.gfmd.switches.texts": False})
    assert phases_of(off) == tuple(phase for phase in PHASES if phase != "texts")
    assert len(phase_design(off, 1, SEED).replicates) == 2**5
    assert phases_of(ms.load("no-forum")) == ()


def test_the_themes_of_the_long_forum_are_joined_in_some_orders():
    gfmd = ms.load("gfmd-2007-2015")
    coalitions = theme_coalitions(gfmd, 4, SEED)
    n_themes = len(themes_of(gfmd))
    assert n_themes == 11
    assert len(coalitions) < 2**n_themes
    assert {0, 2**n_themes - 1} <= set(coalitions)
    own = {key: pd.DataFrame(dict.fromkeys(OUTCOMES, [float(key.bit_count())] * 3)) for key in coalitions}
    frame = theme_attribution(own, gfmd, 4, SEED)
    rows = frame[(frame["outcome"] == "weakest") & ~frame["part"].isin(("rest", "total"))]
    np.testing.assert_allclose(rows["value"], 1.0)
    np.testing.assert_allclose(rows["error"], 0.0, atol=1e-12)


def test_what_the_choice_of_orders_leaves_open_is_in_the_error_or_said_to_be_missing():
    """One pair of orders cannot tell it; every size has two or more."""
    gfmd = ms.load("gfmd-2007-2015")
    errors = {}
    for orders in (2, 4):
        coalitions = theme_coalitions(gfmd, orders, SEED)
        worth = {key: float((key & 1) * (key.bit_count() ** 2)) for key in coalitions}
        found = {key: pd.DataFrame(dict.fromkeys(OUTCOMES, [value] * 3)) for key, value in worth.items()}
        frame = theme_attribution(found, gfmd, orders, SEED)
        rows = frame[(frame["outcome"] == "weakest") & ~frame["part"].isin(("rest", "total"))]
        errors[orders] = rows["error"]
    assert errors[2].isna().all()
    assert errors[4].notna().all()
    assert errors[4].max() > 0.0
    assert min(size.orders for size in SIZES.values()) >= 4


def test_intervals_of_few_worlds_hold_the_mean_as_often_as_they_say():
    """Student's t at four worlds, and of two samples at once with the freedom of both."""
    stream = np.random.Generator(np.random.PCG64(np.random.SeedSequence(3)))
    hits = {1: 0, 2: 0}
    for _ in range(1000):
        worlds, pairs = stream.normal(size=4), stream.normal(size=4)
        for samples in ([worlds], [worlds, pairs]):
            error, half = _errors(samples)
            hits[len(samples)] += abs(sum(each.mean() for each in samples)) <= half
            assert half > 1.96 * error
    assert 930 <= hits[1] <= 970
    assert 930 <= hits[2] <= 985
    assert _errors([np.ones(4)]) == (0.0, 0.0)
    assert all(np.isnan(_errors([np.ones(4), np.ones(1)])))


def test_two_samples_of_like_spread_have_the_freedom_of_both():
    samples = [np.array([-1.0, 1.0, -1.0, 1.0]), np.array([2.0, -2.0, 2.0, -2.0]) / 2.0]
    error, half = _errors(samples)
    assert half / error == pytest.approx(t.ppf(0.975, 6))


def test_findings_and_caption_count_the_same_parts(short, lived):
    _, themes = lived
    frame = theme_attribution(themes, short, 2, SEED).assign(value_conf=np.inf)
    told = " ".join(_attribution(frame))
    assert told.count("2 of 2 parts are within sampling error of nothing") == 4
    caption = plots.caption_of(plots_attribution(frame, "themes"))
    assert caption.count("2 of 2 add or take no more than sampling error") == 3


def test_the_whole_gain_has_an_interval_of_its_own(short, lived):
    """Over worlds alone: whatever the orders, the parts add up to the same whole."""
    phases, themes = lived
    by_phase, by_theme = phase_attribution(phases, short, WORLDS), theme_attribution(themes, short, 2, SEED)
    totals = [frame[frame["part"] == "total"].set_index("outcome") for frame in (by_phase, by_theme)]
    pd.testing.assert_frame_equal(*(each.drop(columns="of") for each in totals))
    values = phases[list(OUTCOMES)].to_numpy()[-WORLDS:]
    halves = values.std(axis=0, ddof=1) / np.sqrt(WORLDS) * t.ppf(0.975, WORLDS - 1)
    assert totals[0].loc[list(OUTCOMES), "value_conf"].to_numpy() == pytest.approx(halves)
    unsure = by_phase.assign(value_conf=np.inf)
    assert all(", which may be nothing," in line for line in list(_attribution(unsure))[:4])


def test_what_is_left_without_phases_is_named_by_what_the_processes_are(short, lived):
    phases, _ = lived
    assert "Meeting itself: what sessions cost and stir with all six phases off." in _attribution(
        phase_attribution(phases, short, WORLDS)
    )
    treaty = short.vary("treaty", {"processes.gfmd.agreements": True})
    frame = phase_attribution(phases, treaty, WORLDS)
    assert set(frame[frame["part"] == "meeting"]["title"]) == {"Meeting, treaties and agreements"}
    assert "agreements of two do" in list(_attribution(frame))[-1]


def test_a_gain_that_never_moves_or_has_no_finished_world_is_said_so(short, lived):
    phases, _ = lived
    still = list(_attribution(phase_attribution(phases * 0.0, short, WORLDS)))
    assert "Hosts' gain by phases: it never moves." in still
    failed = list(_attribution(phase_attribution(phases * np.nan, short, WORLDS)))
    assert "Hosts' gain by phases: no result, since too many worlds failed." in failed
