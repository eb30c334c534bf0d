"""The figures of the validation, drawn from made-up tables."""

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from migsim.plots import caption_of, save
from migsim.plots.validation import corridor_stocks, emigration_by_income, forecast_scores

STOCKS = pd.DataFrame({"counted": [0.0, 1e3, 5e4, 2e6], "predicted": [2e3, 9e2, 6e4, 1e6]})
SCORES = pd.DataFrame(
    [
        {
            "score": score,
            "forecast": forecast,
            "value": value,
            "low": low,
            "high": high,
            "is_larger_better": n == 1,
        }
        for n, score in enumerate(("one", "two", "three"))
        for forecast, value, low, high in (("model", 0.06, 0.05, 0.07), ("no change", 0.16, np.nan, np.nan))
    ]
)
BINS = pd.DataFrame(
    {"bin": ["poor", "rich"], "figure": [0.02, 0.05], "model": [0.02, 0.04], "low": 0.01, "high": 0.06}
)
FIGURES = {
    "corridors": (lambda **options: corridor_stocks(STOCKS, year=2010, note="Well done.", **options), 1),
    "scores": (lambda **options: forecast_scores(SCORES, year=2010, **options), 3),
    "emigration": (lambda **options: emigration_by_income(BINS, year=2010, **options), 1),
}


@pytest.fixture(autouse=True)
def _clean():
    plt.close("all")
    with mpl.rc_context({"backend": "agg"}):
        yield
    plt.close("all")


@pytest.mark.parametrize("name", FIGURES)
def test_draws_on_the_axes_given_and_says_what_it_shows(name):
    draw, n_panels = FIGURES[name]
    figure, given = plt.subplots(1, n_panels)
    drawn = draw(ax=given)
    assert list(np.atleast_1d(drawn)) == list(np.atleast_1d(given))
    assert caption_of(drawn)
    assert plt.get_fignums() == [figure.number]


@pytest.mark.parametrize("name", FIGURES)
def test_the_same_picture_is_the_same_bytes(name, tmp_path):
    draw, _ = FIGURES[name]
    files = [save(draw(), tmp_path / f"{n}.png", svg=True) for n in range(2)]
    for one, other in zip(*files, strict=True):
        assert one.read_bytes() == other.read_bytes()


def test_the_caption_counts_the_corridors():
    assert caption_of(corridor_stocks(STOCKS, year=2010)).replace("\u00a0", " ").startswith("n = 4 corridors")
