"""Scores on cases worked by hand, and the simple forecasts on the project's own figures."""

import numpy as np
import pytest

from migsim.facts import load
from migsim.validation.checks import wins
from migsim.validation.forecasts import damped, linear, scaled, simple_forecasts
from migsim.validation.scores import (
    median_error,
    rank_correlation,
    right_signs,
    stock_scores,
    variation_distance,
)

ACTUAL = np.array([100.0, 1000.0, 10000.0])


def test_a_perfect_prediction_scores_nothing_wrong():
    scores = stock_scores(ACTUAL, ACTUAL)
    assert [float(scores[name]) for name in scores] == [0.0, 1.0, 0.0]


def test_scores_by_hand():
    scores = stock_scores(ACTUAL * np.array([np.e, 1.0, 1.0]), ACTUAL)
    assert float(scores["median_log_error"]) == 0.0
    assert float(scores["r2_of_logs"]) == pytest.approx(1.0 - 1.0 / (2.0 * np.log(10.0) ** 2))
    assert float(scores["error_share"]) == pytest.approx(100.0 * (np.e - 1.0) / ACTUAL.sum())


def test_many_worlds_are_scored_one_by_one():
    worlds = np.stack([ACTUAL, 2.0 * ACTUAL])
    together = stock_scores(worlds, ACTUAL)
    for name, values in together.items():
        alone = [float(stock_scores(world, ACTUAL)[name]) for world in worlds]
        assert values.tolist() == pytest.approx(alone)


def test_an_empty_corridor_has_a_logarithm():
    assert np.isfinite(stock_scores(np.zeros(3), ACTUAL)["r2_of_logs"])


def test_which_rival_is_the_best_and_whether_it_is_beaten():
    rivals = {"one": 0.06, "two": 0.05, "unknown": float("nan")}
    assert wins(0.04, rivals, is_larger_better=False) == (True, "two")
    assert wins(0.05, rivals, is_larger_better=False) == (False, "two")
    assert wins(0.07, rivals, is_larger_better=True) == (True, "one")


def test_distance_of_splits():
    assert float(variation_distance(ACTUAL, 7.0 * ACTUAL)) == pytest.approx(0.0)
    assert float(variation_distance(np.array([1.0, 0.0]), np.array([0.0, 5.0]))) == 1.0


def test_ranks_and_signs():
    assert float(rank_correlation(-ACTUAL, ACTUAL)) == pytest.approx(-1.0)
    assert float(rank_correlation(np.ones(3), ACTUAL)) == 0.0
    assert float(right_signs(np.array([1.0, 1.0]), np.array([-1.0, 2.0]))) == 0.5
    assert float(median_error(np.array([1.0, 3.0, 9.0]), np.zeros(3))) == 3.0


def test_forecasts_by_hand():
    before, last = np.array([100.0, 100.0, 0.0]), np.array([120.0, 10.0, 50.0])
    assert damped(before, last, 5).tolist() == pytest.approx(
        [120.0 * 1.2**0.5, 10.0 * np.exp(-0.5), 50.0 * np.exp(0.5)]
    )
    assert linear(before, last, 5).tolist() == [140.0, 5.0, 100.0]
    assert linear(before, last, 10)[0] == 160.0
    assert scaled(last, 360.0).tolist() == [240.0, 20.0, 100.0]


def test_simple_forecasts_of_2010_score_what_is_known_of_them():
    """The scores are those of the project's terms of reference; each is recomputed here."""
    before, last, actual = load().corridor_stock.T
    big = last >= 1000
    assert big.sum() == 3585
    made = simple_forecasts(before[big], last[big], 5.0, float(actual[big].sum()))
    found = {
        name: [round(float(score), 4) for score in stock_scores(forecast, actual[big]).values()]
        for name, forecast in made.items()
    }
    assert found == {
        "no change": [0.158, 0.9383, 0.1949],
        "scaled to the total": [0.1316, 0.9445, 0.181],
        "damped trend": [0.0788, 0.9566, 0.1294],
        "linear trend": [0.0519, 0.9561, 0.1118],
    }
