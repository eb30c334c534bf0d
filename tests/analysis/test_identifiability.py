"""Strength, pace and lever size, alone and together."""

import numpy as np
import pandas as pd
import pytest

from migsim import plots
from migsim.analysis.findings import _identifiability
from migsim.analysis.identifiability import (
    SCALED,
    _median_between,
    break_evens,
    identifiability,
    identifiability_design,
    products_of,
)
from migsim.analysis.outcomes import OUTCOMES, share_of
from migsim.facts import load
from migsim.plots.identification import apart_words
from migsim.plots.identification import identifiability as plots_identifiability
from migsim.plots.intervals import wilson
from migsim.world.noise import Noise
from migsim.world.parameters import Parameters
from tests.analysis.analytic import small

WORLDS = 6


@pytest.fixture(scope="module")
def plan():
    return identifiability_design(small(), WORLDS, 9)


def product_of(plan):
    """Strength times pace times the size of one lever at each point, over that of the same world's draws."""
    paths, points = plan.sample.paths, plan.sample.points
    columns = [
        paths.index(path) for path in ("follow_up.pull", "world.policy.pace", "levers.skilled_admission")
    ]
    values = np.array([[point[n] for n in columns] for point in points], float).prod(axis=1)
    drawn = values.reshape(-1, WORLDS)[np.array(_ones(plan))].mean(axis=0)
    return values / np.tile(drawn, len(points) // WORLDS)


def _ones(plan):
    """Blocks of worlds in which nothing is multiplied."""
    from migsim.analysis.identifiability import _cells

    return [n for n, (_, product) in enumerate(_cells(plan.definition)) if product == 1.0]


def test_each_world_is_multiplied_from_its_own_draw(plan):
    drawn = Parameters(small(), Noise(9, tuple(range(WORLDS)), load().n_states), "ranged")
    [one] = _ones(plan)
    block = plan.sample.points[one * WORLDS : (one + 1) * WORLDS]
    place = plan.sample.paths.index("levers.equal_pay")
    np.testing.assert_allclose([point[place] for point in block], drawn["levers.equal_pay"][:, 0])
    assert [point[-1] for point in block] == list(range(WORLDS))
    assert plan.spread == "ranged"


def test_if_only_the_product_matters_the_curves_lie_on_each_other(plan):
    product = product_of(plan)
    found = pd.DataFrame({name: np.log(product) - 1.0 for name in OUTCOMES})
    frame = identifiability(found, plan, WORLDS, 0.0)
    free = frame[frame["clipped"] == 0.0]
    np.testing.assert_allclose(free["weakest"], np.log(free["product"]) - 1.0)
    assert (free["difference"] == 0.0).all()
    for scaled, (even, _, _) in break_evens(free).items():
        reach = free[free["scaled"] == scaled]["product"].max()
        assert even == pytest.approx(np.e, rel=1e-6) if reach > np.e else np.isinf(even)
    bound = free.assign(at_bounds=free["product"] > 2.0)
    assert all(np.isinf(ends).all() for ends in break_evens(bound).values())


def test_the_median_of_a_few_worlds_may_lie_anywhere():
    assert _median_between(np.arange(5.0)) == (-np.inf, np.inf)
    assert _median_between(np.arange(6.0)) == (0.0, 5.0)
    assert _median_between(np.zeros(0)) == (-np.inf, np.inf)


def test_products_end_at_hard_bounds_and_beyond_the_ranges_are_marked(plan):
    assert products_of(small(), "pace")[-1] == 8.0
    assert products_of(small(), "all together")[-1] == 16.0
    frame = identifiability(pd.DataFrame(dict.fromkeys(OUTCOMES, np.ones(len(plan.sample)))), plan, WORLDS, 0)
    pace = frame[frame["scaled"] == "pace"].set_index("product")
    assert pace.loc[2.0, "plausible"]
    assert not pace.loc[4.0, "plausible"]
    assert list(dict.fromkeys(frame["scaled"])) == list(SCALED)
    assert (frame["share"] == 1.0).all()


def test_the_interval_of_a_share_is_one_wherever_it_is_given():
    share = share_of(0, 20)
    assert share.low == 0.0
    assert share.high == pytest.approx(0.161, abs=1e-3)
    assert share == wilson(0, 20, 0.95)
    assert wilson(0, 20).high < share.high
    assert np.isnan(share_of(0, 0).low)


def test_break_even_is_where_the_median_weakest_win_reaches_the_margin(plan):
    """One number in the frame, the findings and the caption; half of the worlds win there."""
    product = product_of(plan)
    found = pd.DataFrame({name: np.log(product) - 1.0 for name in OUTCOMES})
    plain, moved = (identifiability(found, plan, WORLDS, margin) for margin in (0.0, 0.5))
    for frame, even in ((plain, np.e), (moved, np.exp(1.5))):
        rows = frame[frame["scaled"] == "strength"]
        assert set(rows["even"].round(6)) == {round(even, 6)}
        assert (rows["share"][rows["product"] < even] < 0.5).all()
        assert (rows["share"][rows["product"] > even] > 0.5).all()
        [said] = [line for line in _identifiability(frame) if line.startswith("Break-even (50 %")]
        assert said in plots.caption_of(plots_identifiability(frame))
        assert f"{even:.2g} times" in said


def test_the_interval_of_break_even_holds_it_and_grows_with_what_differs(plan):
    stream = np.random.Generator(np.random.PCG64(np.random.SeedSequence(4)))
    shift = np.tile(stream.normal(size=WORLDS), len(plan.sample) // WORLDS)
    found = pd.DataFrame({name: np.log(product_of(plan)) - 1.0 + shift for name in OUTCOMES})
    low, even, high = (
        identifiability(found, plan, WORLDS, 0.0).set_index("scaled").loc["strength", name].iloc[0]
        for name in ("even_low", "even", "even_high")
    )
    assert low < even < high
    gap = np.log(even) - 1.0 + np.median(shift[:WORLDS])
    assert gap == pytest.approx(0.0, abs=1e-6)


def where_all_lose_by(path, worlds):
    """What is found where every world loses by the value of one setting, and these values."""
    plan = identifiability_design(small(), worlds, 9)
    values = np.array([point[plan.sample.paths.index(path)] for point in plan.sample.points])
    found = pd.DataFrame(dict.fromkeys(OUTCOMES, -1.0 - values))
    return identifiability(found, plan, worlds, 0.0), values


def test_a_gap_between_curves_is_seen_in_the_weakest_win_though_nobody_wins():
    """Every world loses, and strength alone makes it worse: shares say nothing, the weakest win does."""
    many = 12
    frame, _ = where_all_lose_by("follow_up.pull", many)
    row = frame[(frame["scaled"] == "strength") & (frame["product"] == 16.0)].iloc[0]
    assert row["gap"] < 0.0
    assert row["gap_p"] == pytest.approx(2 * 0.5**many)
    assert row["weakest_apart"]
    assert not frame["share_apart"].any()
    told = " ".join(_identifiability(frame))
    assert "at 0 of" in told
    assert "the product alone does not decide" in told
    assert "The weakest win differs most in strength at 16" in told
    assert apart_words(frame) in plots.caption_of(plots_identifiability(frame))


def test_points_at_which_hard_bounds_keep_many_values_are_told_and_not_compared():
    many = 40
    frame, paces = where_all_lose_by("world.policy.pace", many)
    at_bounds = frame[frame["at_bounds"]]
    assert list(zip(at_bounds["scaled"], at_bounds["product"], strict=True)) == [("pace", 8.0)]
    [row] = at_bounds.to_dict("records")
    values = paces.reshape(-1, many)
    is_clipped = (values == values.max()).any(axis=0)
    assert row["clipped"] == pytest.approx(is_clipped.mean())
    assert not row["compared"]
    assert not row["weakest_apart"]
    told = " ".join(_identifiability(frame))
    assert "Pace at 8 times: hard bounds keep" in told
    assert "pace at 8 (" not in told
    assert "of 14 points in the share of wins" in told


def test_products_start_from_what_the_scenario_sets():
    pinned = small().vary("pinned", {"world.policy.pace": 0.5})
    assert products_of(pinned, "pace") == (0.25, 0.5, 1.0, 2.0)
    plan = identifiability_design(pinned, 2, 9)
    found = pd.DataFrame(dict.fromkeys(OUTCOMES, np.ones(len(plan.sample))))
    frame = identifiability(found, plan, 2, 0.0)
    assert products_of(pinned, "all together")[-1] == 8.0
    alone = frame[(frame["scaled"] == "strength") & (frame["product"] == 16.0)].iloc[0]
    assert not alone["compared"]
    assert np.isnan(alone["gap"])
    assert (frame[frame["scaled"] == "pace"]["clipped"] == 0.0).all()


def test_without_a_finished_world_there_is_nothing():
    plan = identifiability_design(small(), 2, 9)
    failed = pd.DataFrame(dict.fromkeys(OUTCOMES, [np.nan] * len(plan.sample)))
    assert identifiability(failed, plan, 2, 0.0).empty
