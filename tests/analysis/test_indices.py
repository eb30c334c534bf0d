"""Grouped Sobol indices of functions with known shares, and luck's share in the small forum."""

import numpy as np
import pytest

from migsim.analysis.findings import _apart, _indices, _too_wide
from migsim.analysis.groups import group_of, source_of
from migsim.analysis.indices import apart, crossed_design, indices
from migsim.analysis.outcomes import last_year
from migsim.ensemble.designs import sampled
from migsim.ensemble.samples import latin_hypercube
from migsim.results.simulation import run_design
from tests.analysis.analytic import THREE, ishigami, outcomes, small, space_with


def test_the_function_of_ishigami():
    space = space_with(*THREE)
    plan = crossed_design(small(), space, 2048, 1)
    rows = indices(outcomes(plan, space, ishigami), space, 1)
    rows = rows[rows["outcome"] == "gain_hosts"].set_index("group")
    shares = rows.loc[[group_of(path) for path in THREE]]
    np.testing.assert_allclose(shares["S1"], [0.3139, 0.4424, 0.0], atol=0.03)
    np.testing.assert_allclose(shares["ST"], [0.5576, 0.4424, 0.2437], atol=0.03)
    assert rows.loc["luck", "ST"] == pytest.approx(0.0, abs=1e-9)
    assert (shares["ST_high"] - shares["ST_low"] < 0.2).all()
    assert (rows["ST_low"] >= 0.0).all()
    first = shares.iloc[0]
    assert first["S1_sum_low"] < 0.7563 < first["S1_sum_high"] < 0.85
    np.testing.assert_allclose(rows["S1_sum"], rows["S1"].sum())
    widths = rows["S1_high"] - rows["S1_low"]
    assert first["S1_sum_high"] - first["S1_sum_low"] < widths.sum()


def test_members_of_a_group_change_together_and_a_failed_row_is_left_out():
    paths = ("world.flows.network", "world.flows.death", "world.opinion.message")
    space = space_with(*paths)
    plan = crossed_design(small(), space, 512, 1)
    found = outcomes(plan, space, lambda x: x[:, 0] - x[:, 1] + x[:, 2])
    found.loc[7] = np.nan
    rows = indices(found, space, 1)
    rows = rows[rows["outcome"] == "weakest"].set_index("group")
    assert rows.loc["people and flows", "S1"] == pytest.approx(2 / 3, abs=0.05)
    assert rows.loc["opinion", "ST"] == pytest.approx(1 / 3, abs=0.05)
    assert set(rows["n"]) == {511}


def test_luck_and_parameters_apart():
    space = space_with("world.flows.network")
    plan = crossed_design(small(), space, 1024, 1, source_of)
    rows = apart(outcomes(plan, space, lambda x: x[:, 0] + 2.0 * x[:, 1]), space, 1)
    rows = rows[rows["outcome"] == "weakest"].set_index("source")
    assert rows.loc["parameters", "S1"] == pytest.approx(0.2, abs=0.04)
    assert rows.loc["luck", "ST"] == pytest.approx(0.8, abs=0.04)


def test_an_outcome_that_never_varies_has_no_shares():
    space = space_with("world.flows.network")
    plan = crossed_design(small(), space, 4, 1)
    rows = indices(outcomes(plan, space, lambda x: np.ones(len(x))), space, 1)
    assert rows["ST"].isna().all()
    assert list(_indices(rows))[-1] == "The weakest win never varies."


def test_where_every_world_failed_there_is_no_result():
    space = space_with("world.flows.network")
    plan = crossed_design(small(), space, 4, 1, source_of)
    rows = apart(outcomes(plan, space, lambda x: np.full(len(x), np.nan)), space, 1)
    assert rows["ST_high"].isna().all()
    assert next(_apart(rows)) == "Migrants' gain: no result, since too many worlds failed."


def test_a_share_of_a_few_worlds_far_out_is_not_called_small():
    """Symmetric intervals of a total share reach below 0 there; percentiles do not."""
    space = space_with(*THREE)
    plan = crossed_design(small(), space, 64, 1)
    found = outcomes(plan, space, lambda x: x[:, 0] + 1e3 * (x[:, 1] > 0.97))
    rows = indices(found, space, 1)
    told = next(_indices(rows))
    groups = [group_of(path) for path in THREE]
    large = rows.set_index(["outcome", "group"]).loc[("gain_migrants", groups[1])]
    assert 0.0 <= large["ST_low"] < large["ST"] < large["ST_high"]
    small_ones = told.split("Small, under 2 % in total: ")[1]
    assert groups[2] in small_ones
    assert groups[1] not in small_ones


def test_first_order_shares_are_added_up_with_their_interval():
    space = space_with(*THREE)
    plan = crossed_design(small(), space, 512, 1)
    together = indices(outcomes(plan, space, lambda x: (x[:, 0] - 0.5) * (x[:, 1] - 0.5)), space, 1)
    assert "; the rest is done together." in next(_indices(together))
    added = indices(outcomes(plan, space, lambda x: x[:, 0] + x[:, 1]), space, 1)
    told = next(_indices(added))
    assert "which leaves open how much is done together." in told
    assert ", nothing alone" in told


def test_lucks_total_share_is_the_variance_between_worlds_that_differ_in_luck_alone():
    from migsim.ensemble.executors import executor

    space = space_with("levers.transfer_cost", "world.policy.pace", "processes.gfmd.protocol.tolerance")
    crossed = crossed_design(small(), space, 128, 3, source_of)
    points = latin_hypercube(space.drawn, 80, 4)
    inner = sampled(small(), points, 5, 3, "central")
    with executor(1) as serial:
        found = last_year(run_design(crossed, serial, None, False), len(crossed.replicates))
        world = run_design(inner, serial, None, False).world
    shares = apart(found, space, 1).set_index(["outcome", "source"])
    last = world[world["year"] == world["year"].max()]
    for outcome in ("gain_migrants", "gain_departures"):
        values = last[outcome].to_numpy().reshape(80, 5, order="F")
        order = last["replicate"].to_numpy().reshape(80, 5, order="F") % 1_000_000
        assert (order == order[:, :1]).all()
        within = values.var(axis=1, ddof=1)
        total = values.ravel().var(ddof=1)
        by_hand, error = within.mean() / total, 2.0 * within.std() / np.sqrt(80) / total
        row = shares.loc[outcome, "luck"]
        assert row["ST_low"] - error < by_hand < row["ST_high"] + error
        assert 0.02 < by_hand < 1.2


def test_ranks_are_not_decided_by_a_world_far_out():
    """One world in fifty is far out, by the second setting; the first orders all others."""
    space = space_with(*THREE)
    plan = crossed_design(small(), space, 256, 1)
    found = outcomes(plan, space, lambda x: x[:, 0] + 1e4 * (x[:, 1] > 0.98))
    rows = indices(found, space, 1)
    rows = rows[rows["outcome"] == "weakest"].set_index("group").loc[[group_of(THREE[0]), group_of(THREE[1])]]
    assert rows["ST"].iloc[0] < 0.1
    assert rows["ST_ranks"].iloc[0] == pytest.approx(1.0, abs=0.1)
    assert (rows["ST_ranks_high"] - rows["ST_ranks_low"]).max() < 1.0
    said = _too_wide(rows.assign(ST_low=0.1, ST_high=1.3).reset_index())
    assert f"in total: {group_of(THREE[0])}" in said
    assert _too_wide(rows.assign(ST_low=0.1, ST_high=0.3).reset_index()) == ""
