"""The tornado of a linear function, and what weights and components say of known gains."""

import numpy as np
import pandas as pd
import pytest

from migsim.analysis.findings import _components, _tornado
from migsim.analysis.outcomes import COMPONENTS, OUTCOMES
from migsim.analysis.screening import screening, screening_design
from migsim.analysis.space import space_of
from migsim.analysis.tornado import tornado, tornado_design, tornado_paths
from migsim.analysis.weights import components, shares_by_weights, weights
from tests.analysis.analytic import THREE, outcomes, small, space_with


def test_the_tornado_of_a_linear_function():
    space = space_with(*THREE)
    walked = screening_design(small(), space, 6, 1)
    screened = screening(outcomes(walked, space, lambda x: 3.0 * x[:, 0] - x[:, 1]), walked.sample, 1)
    ends = tornado_paths(screened, space)
    plan = tornado_design(small(), space, ends, 2, 1)
    assert len(plan.sample) == (1 + 2 * 3) * 2
    values = [
        3.0 * dict(zip(plan.sample.paths, point, strict=True))[THREE[0]] for point in plan.sample.points
    ]
    found = pd.DataFrame({name: values for name in OUTCOMES})
    frame = tornado(found, screened, ends, 2)
    first = frame[frame["outcome"] == "weakest"].iloc[0]
    assert first["path"] == THREE[0]
    assert first["at_high"] - first["at_low"] == pytest.approx(3.0 * (first["high"] - first["low"]))
    assert first["at_low"] < first["central"] < first["at_high"]
    assert first["unit"] == "elasticity"


def test_a_choice_has_no_ends():
    assert "world.flows.hump" not in {each.path for each in space_of(small()).drawn if not each.values}


def worlds(**columns):
    names = [*OUTCOMES, *(name for part in COMPONENTS.values() for name in part)]
    size = len(next(iter(columns.values())))
    frame = pd.DataFrame({name: columns.get(name, np.ones(size)) for name in names})
    return frame.assign(sd_migrants=1.0, sd_hosts=1.0, sd_departures=1.0)


def test_weights_that_decide_are_shown_to_decide():
    """Hosts win one component and lose another of equal size: they gain if the first weighs more."""
    plus, minus, none = np.ones(4), -np.ones(4), np.zeros(4)
    found = worlds(gain_output=plus, gain_fiscal=minus, gain_order=none, gain_integration=none)
    table = shares_by_weights(found, 1)
    assert (table["gain_hosts"] == (table["output"] > table["fiscal"])).all()
    assert table["gain_hosts"].mean() == pytest.approx(0.5, abs=0.05)
    np.testing.assert_allclose(table[["output", "fiscal", "order", "integration"]].sum(axis=1), 4.0)
    rows = weights(found, 1).set_index("outcome")
    assert rows.loc["gain_hosts", "low"] == 0.0
    assert rows.loc["gain_hosts", "high"] == 1.0
    assert rows.loc["gain_migrants", "share"] == 1.0


def test_weights_that_do_not_matter():
    rows = weights(worlds(gain_output=np.array([1.0, 2.0])), 1).set_index("outcome")
    assert (rows[["share", "low", "high"]] == 1.0).all(axis=None)


def test_three_gains_that_are_one_index_are_called_so():
    line = np.linspace(-1.0, 1.0, 50)
    one = components(worlds(gain_migrants=line, gain_hosts=2.0 * line, gain_departures=-line))
    assert one["share"].iloc[0] == pytest.approx(1.0)
    stream = np.random.Generator(np.random.PCG64(np.random.SeedSequence(1)))
    three = stream.normal(size=(3, 500))
    many = components(worlds(gain_migrants=three[0], gain_hosts=three[1], gain_departures=three[2]))
    assert many["share"].iloc[0] < 0.5
    assert many["share"].sum() == pytest.approx(1.0)


def test_gains_that_never_vary_have_no_principal_components():
    [said] = _components(components(worlds(gain_hosts=np.ones(5))))
    assert said.strip() == "The three gains never vary: there are no principal components."


def test_an_outcome_that_never_moves_is_said_not_to():
    ends = {"at_low": [0.0, 1.0], "central": [0.0, 1.5], "at_high": [0.0, 2.0]}
    frame = pd.DataFrame({"outcome": ["gain_hosts", "weakest"], "title": "Pace", **ends})
    hosts, weakest = _tornado(frame)
    assert "Alone, 0 of 1 parameters turn its sign." in weakest
    [_, bent] = _tornado(frame.assign(at_low=0.5, central=[0.5, -0.2], at_high=0.5))
    assert "Alone, 1 of 1 parameters turn its sign." in bent
    assert hosts == "Hosts' gain never moves from 0 percent of income."
    assert "Pace (from +1 to +2)" in weakest


def test_without_a_finished_world_there_are_no_rows():
    failed = worlds(gain_hosts=np.ones(4)) * np.nan
    assert weights(failed, 1).empty
    assert components(failed).empty
    plan = screening_design(small(), space := space_with(*THREE), 2, 1)
    screened = screening(outcomes(plan, space, lambda x: x[:, 0]), plan.sample, 1)
    ends = tornado_paths(screened, space)
    lived = pd.DataFrame(dict.fromkeys(OUTCOMES, [np.nan] * 14))
    assert tornado(lived, screened, ends, 2).empty
    assert tornado_paths(screened.assign(mu_star=np.nan), space) == {}
    assert len(tornado_design(small(), space, {}, 2, 1).sample) == 2
    assert tornado(lived[:2], screened, {}, 2).empty
