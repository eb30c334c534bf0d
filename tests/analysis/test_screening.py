"""Morris screening of functions with known effects."""

import numpy as np
import pytest

from migsim.analysis.findings import _screening
from migsim.analysis.screening import largest, screening, screening_design
from migsim.analysis.space import space_of
from tests.analysis.analytic import THREE, outcomes, small, space_with


def screened(worth, walks=12, spoil=None):
    space = space_with(*THREE)
    plan = screening_design(small(), space, walks, 1)
    found = outcomes(plan, space, worth)
    if spoil is not None:
        found.loc[spoil] = np.nan
    return screening(found, plan.sample, 1)


def test_a_linear_function_moves_by_its_coefficients():
    frame = screened(lambda x: 2.0 * x[:, 0] - 5.0 * x[:, 1])
    rows = frame[frame["outcome"] == "gain_hosts"].set_index("path")
    np.testing.assert_allclose(rows["mu"], [2.0, -5.0, 0.0], atol=1e-9)
    np.testing.assert_allclose(rows["mu_star"], [2.0, 5.0, 0.0], atol=1e-9)
    np.testing.assert_allclose(rows["sigma"], 0.0, atol=1e-9)
    assert largest(frame, "gain_hosts", 2) == [THREE[1], THREE[0]]


def test_an_interaction_shows_in_sigma():
    frame = screened(lambda x: x[:, 0] * x[:, 1] + x[:, 2])
    rows = frame[frame["outcome"] == "weakest"].set_index("path")
    assert rows.loc[THREE[0], "sigma"] > 0.1
    assert rows.loc[THREE[2], "sigma"] == pytest.approx(0.0, abs=1e-9)


def test_a_failed_world_takes_its_walk_with_it():
    frame = screened(lambda x: 2.0 * x[:, 0], spoil=5)
    assert set(frame["n"]) == {11}
    assert np.isfinite(frame["mu_star"]).all()


def test_effects_are_those_of_salib():
    from SALib.analyze import morris

    from migsim.ensemble.samples import MORRIS_LEVELS, problem

    def worth(x):
        return np.exp(x[:, 0]) * x[:, 1] - x[:, 2] ** 2

    space = space_with(*THREE)
    plan = screening_design(small(), space, 9, 1)
    places = np.array(plan.sample.places)
    theirs = morris.analyze(problem(space.measured), places, worth(places), num_levels=MORRIS_LEVELS, seed=1)
    frame = screened(worth, walks=9)
    rows = frame[frame["outcome"] == "gain_hosts"]
    for name in ("mu", "mu_star", "sigma"):
        np.testing.assert_allclose(rows[name], np.asarray(theirs[name], float), rtol=1e-12)


def test_an_interval_of_sizes_never_reaches_below_zero():
    """The second parameter acts in few walks only, which leaves open how much; the third never does."""
    frame = screened(lambda x: x[:, 0] + 9.0 * (x[:, 1] > 0.5) * (x[:, 0] > 0.9))
    rows = frame[frame["outcome"] == "gain_hosts"].set_index("path")
    assert (rows["mu_star_low"] >= 0.0).all()
    assert (rows["mu_star_low"] <= rows["mu_star"]).all()
    assert (rows["mu_star_high"] >= rows["mu_star"]).all()
    assert rows.loc[THREE[1], "mu_star_high"] > rows.loc[THREE[1], "mu_star"] + 1.0
    assert tuple(rows.loc[THREE[2], ["mu_star", "mu_star_low", "mu_star_high"]]) == (0.0, 0.0, 0.0)
    assert "1 never moves it." in next(_screening(frame))


def test_one_walk_has_no_interval():
    frame = screened(lambda x: 2.0 * x[:, 0], walks=2, spoil=5)
    assert set(frame["n"]) == {1}
    assert frame[["mu_star_low", "mu_star_high", "sigma"]].isna().all(axis=None)
    told = list(_screening(frame))
    assert " 2. " in told[0]
    assert "Which is first, the sample leaves open." in told[0]
    assert told[-1].startswith("Walks: 1, which leaves open how far each moves a gain.")


def test_few_walks_have_no_interval_either():
    """Between the smaller and the larger of two lies the mean no oftener than every second time."""
    frame = screened(lambda x: 2.0 * x[:, 0] + x[:, 1] ** 2, walks=4)
    assert frame[["mu_star_low", "mu_star_high"]].isna().all(axis=None)
    assert frame["sigma"].notna().all()
    told = list(_screening(frame))
    assert "Which is first, the sample leaves open." in told[0]
    assert told[-1].startswith("Walks: 4, which leaves open")
    assert screened(lambda x: 2.0 * x[:, 0], walks=5)["mu_star_low"].notna().all()


def test_an_outcome_that_never_moves_names_no_parameter():
    frame = screened(lambda x: np.full(len(x), 0.1))
    assert next(_screening(frame)) == "Migrants' gain never moves."


def test_where_every_walk_failed_there_are_no_rows():
    assert screened(lambda x: np.full(len(x), np.nan)).empty


def test_each_walk_has_one_luck_of_its_own():
    plan = screening_design(small(), space_with(*THREE), 5, 1)
    lucks = [point[plan.sample.paths.index("luck")] for point in plan.sample.points]
    assert lucks == [n // 4 for n in range(20)]


def test_choices_and_whole_numbers_are_not_screened():
    """A switch has no slope: divided by the step of a walk, its effect of 1 would be given as 1.67."""
    space = space_of(small())
    choices = {each.path for each in space.drawn if each.values or each.is_whole}
    assert {"world.flows.hump", "processes.gfmd.agenda_rule.programme_years"} <= choices
    plan = screening_design(small(), space, 2, 1)
    assert not choices & set(plan.sample.paths)
    frame = screening(outcomes(plan, space, lambda x: x[:, 0]), plan.sample, 1)
    assert set(frame["path"]) == {each.path for each in space.drawn} - choices
    assert choices <= {each.path for each in space.everything}
