"""Strength, pace and lever size, alone and together."""

import numpy as np
import pandas as pd
import pytest

from migsim.analysis.identifiability import (
    SCALED,
    break_evens,
    identifiability,
    identifiability_design,
    products_of,
)
from migsim.analysis.outcomes import OUTCOMES, interval_of_share
from migsim.facts import load
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

    return [n for n, (_, product) in enumerate(_cells()) if product == 1.0]


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
    for scaled, even in break_evens(free).items():
        reach = free[free["scaled"] == scaled]["product"].max()
        assert even == pytest.approx(np.e, rel=1e-6) if reach > np.e else np.isinf(even)


def test_products_end_at_hard_bounds_and_beyond_the_ranges_are_marked(plan):
    assert products_of("pace")[-1] == 8.0
    assert products_of("all together")[-1] == 16.0
    frame = identifiability(pd.DataFrame(dict.fromkeys(OUTCOMES, np.ones(len(plan.sample)))), plan, WORLDS, 0)
    pace = frame[frame["scaled"] == "pace"].set_index("product")
    assert pace.loc[2.0, "plausible"]
    assert not pace.loc[4.0, "plausible"]
    assert list(dict.fromkeys(frame["scaled"])) == list(SCALED)
    assert (frame["share"] == 1.0).all()


def test_the_interval_of_a_share():
    assert interval_of_share(0, 20)[0] == 0.0
    assert interval_of_share(0, 20)[1] == pytest.approx(0.161, abs=1e-3)
    assert np.isnan(interval_of_share(0, 0)[0])


def test_a_gap_between_curves_is_seen_in_the_weakest_win_though_nobody_wins(plan):
    """Every world loses, and strength alone makes it worse: shares say nothing, the weakest win does."""
    from migsim.analysis.findings import _whether_one

    pull = plan.sample.paths.index("follow_up.pull")
    found = pd.DataFrame({name: [-1.0 - point[pull] for point in plan.sample.points] for name in OUTCOMES})
    frame = identifiability(found, plan, WORLDS, 0.0)
    rows = frame[(frame["scaled"] == "strength") & (frame["product"] == 16.0)].iloc[0]
    assert rows["gap"] < 0.0
    assert rows["gap_p"] == pytest.approx(2 * 0.5**WORLDS)
    told = _whether_one(frame[(frame["scaled"] != "all together") & (frame["product"] != 1.0)])
    assert "too rare at every product for shares to tell" in told
