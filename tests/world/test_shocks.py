"""What happens to the world from outside."""

import numpy as np

from migsim.facts import complete, load
from migsim.world.shocks import NORMAL_YEARS, RECESSION_YEARS, clean_growth
from tests.lives import differing, lived, small, varied


def test_the_path_is_cleaned_of_the_recession_and_of_nothing_else():
    completed = complete(load())
    growth, cleaned = np.log1p(completed.growth_per_head), clean_growth(completed)
    years = list(completed.growth_years)
    for year in years:
        column = years.index(year)
        if year in RECESSION_YEARS:
            normal = growth[:, [years.index(y) for y in NORMAL_YEARS]].mean(axis=1)
            np.testing.assert_allclose(cleaned[:, column], normal)
        else:
            np.testing.assert_array_equal(cleaned[:, column], growth[:, column])


def test_a_recession_of_scale_nought_is_none():
    none, nought = lived(varied({"shocks.recession": None})), lived(varied({"shocks.recession.scale": 0}))
    assert not differing(none.last, nought.last)


def test_the_recession_brings_back_the_panel_and_scales():
    completed = complete(load())
    years = list(completed.growth_years)
    actual = np.log1p(completed.growth_per_head) - clean_growth(completed)
    once, twice = (
        lived(small(), last=2005).setting,
        lived(varied({"shocks.recession.scale": 2}), last=2005).setting,
    )
    for year in RECESSION_YEARS:
        gap = actual[once.states.registered, years.index(year)]
        np.testing.assert_allclose(once.shocks.growth(year), gap, atol=1e-15)
        np.testing.assert_allclose(twice.shocks.growth(year), 2.0 * gap, atol=1e-15)
        np.testing.assert_allclose(
            twice.shocks.unemployment(year), 2.0 * once.shocks.unemployment(year), atol=1e-15
        )
        assert once.shocks.unemployment(year).min() >= 0.0
    assert not once.shocks.growth(2007).any()
    assert not once.shocks.unemployment(2007).any()
    assert once.shocks.growth(2009)[once.states.index("DEU")] < -0.03


def test_growth_falls_where_the_scenario_says_so():
    shock = {"kind": "growth", "states": ["MEX", "PHL"], "change": {2008: -4.0}}
    hit, usual = lived(varied({"shocks.bust": shock})), lived(small())
    states = usual.setting.states
    change = np.log(hit.at(2008).economies.path / usual.at(2008).economies.path)[0]
    for code in states.iso3:
        expected = -0.04 if code in ("MEX", "PHL") else 0.0
        np.testing.assert_allclose(change[states.index(code)], expected, atol=1e-12)
    assert not differing(hit.at(2007), usual.at(2007))


def test_without_shocks_nothing_is_added():
    shocks = lived(varied({"shocks": {}}), last=2005).setting.shocks
    for year in range(2006, 2010):
        assert not shocks.growth(year).any()
        assert not shocks.unemployment(year).any()
        assert not shocks.attention(year).any()
        assert shocks.displaced(year) == []


def test_attention_is_called_for_the_named_states_and_theme_only():
    shocks = lived(small(), last=2005).setting.shocks
    called = shocks.attention(2008)
    assert np.count_nonzero(called) == 2
    assert called.max() == 0.5
    assert not shocks.attention(2007).any()
