"""The map: an equal-area projection, circles clear of each other, sign and gaps that read in grey."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import Circle

from migsim import plots
from migsim.errors import InputError
from migsim.facts import load
from migsim.plots.cartogram import CENTRE, SMALLEST, equal_earth, layout, places_of
from migsim.plots.state_columns import measure_of
from migsim.plots.style import INK
from tests.plots.conftest import make_world_states

ALL = load().iso3


@pytest.fixture
def states():
    return make_world_states()


def circles(ax):
    """The circles of states, in the order of their codes."""
    return [each for each in ax.patches if isinstance(each, Circle) and each.radius > 0.5 * SMALLEST]


def test_the_projection_is_the_published_one():
    # Corners of the published map: half the equator is pi * sqrt(3) * 2 / (3 * 1.340264) radii.
    x, y = equal_earth(np.array([0.0, -90.0, 45.0]), np.array([CENTRE + 179.999999, CENTRE, CENTRE]))
    assert x[0] == pytest.approx(2.7066299, abs=1e-5)
    assert y[1] == pytest.approx(-1.3173627, abs=1e-6)
    assert y[2] == pytest.approx(-equal_earth(np.array([-45.0]), np.array([CENTRE]))[1][0])


def test_the_projection_keeps_areas():
    # A small cell of the globe covers cos(latitude) times its sides, wherever it lies.
    side = 1e-4
    for latitude in (0.0, 35.0, 60.0, 80.0):
        for longitude in (-150.0, 0.0, 120.0):
            north = latitude + side * np.array([0.0, 0.0, 1.0])
            x, y = equal_earth(north, longitude + side * np.array([0.0, 1.0, 0.0]))
            area = abs((x[1] - x[0]) * (y[2] - y[0]) - (x[2] - x[0]) * (y[1] - y[0]))
            assert area == pytest.approx(np.radians(side) ** 2 * np.cos(np.radians(latitude)), rel=1e-3)


@pytest.mark.parametrize("sized_by", ["population", "equal"])
def test_no_circle_covers_another_and_none_strays_far(sized_by):
    x, y, radius = layout(ALL, sized_by)
    apart = np.hypot(x[:, None] - x, y[:, None] - y) - radius[:, None] - radius
    assert apart[np.triu_indices(len(ALL), 1)].min() > -0.002
    home = places_of(ALL)
    assert np.hypot(x - home[0], y - home[1]).max() < 0.25
    assert radius.min() >= SMALLEST


def test_the_layout_is_the_same_every_time_and_grows_with_people():
    one = layout(ALL, "population")
    layout.cache_clear()
    again = layout(ALL, "population")
    assert all(np.array_equal(each, other) for each, other in zip(one, again, strict=True))
    radius = dict(zip(ALL, one[2], strict=True))
    assert radius["CHN"] > radius["DEU"] > radius["BEL"] > radius["NRU"]


def test_losses_have_a_dark_rim_and_gaps_are_hollow(states):
    drawn = plots.world_map(states, "gain")
    by_state = dict(zip(ALL, circles(drawn), strict=True))
    assert to_hex(by_state["DEU"].get_edgecolor()) == INK
    assert to_hex(by_state["MEX"].get_edgecolor()) != INK
    assert to_hex(by_state["SMR"].get_facecolor()) == "#ffffff"
    assert to_hex(by_state["DEU"].get_facecolor()) != "#ffffff"
    caption = plots.caption_of(drawn)
    n_lose = sum(region == "Europe" for region in load().region) - 1
    assert f"{192 - n_lose} of 192 states gain, {n_lose} lose in the median world by 2015" in caption
    assert "Farthest from zero: Mexico" in caption
    assert "No data: San Marino" in caption
    assert any("Mexico" in text.get_text() for text in drawn.texts)


def test_change_since_a_year_and_difference_to_another_run(states):
    since = plots.caption_of(plots.world_map(states, "income", since=2005))
    assert "up in 193 and down in 0 of 193 states" in since
    other = states.assign(income=states["income"] + 5.0)
    drawn = plots.world_map(states, "income", paired=other, against="another run")
    assert "up in 0 and down in 193 of 193 states" in plots.caption_of(drawn)
    same = plots.caption_of(plots.world_map(states, "income", paired=states))
    assert "No state differs in any world." in same


def test_worlds_are_paired_by_their_number(states):
    shuffled = states.sample(frac=1.0, random_state=np.random.PCG64(1))
    assert "No state differs" in plots.caption_of(plots.world_map(states, "income", paired=shuffled))


def test_faults_name_what_there_is(states):
    with pytest.raises(InputError, match="there are gain, income"):
        plots.world_map(states, "remittances")
    with pytest.raises(InputError, match="2005 to 2015"):
        plots.world_map(states, "gain", year=2030)
    with pytest.raises(InputError, match="not both"):
        plots.world_map(states, "gain", since=2005, paired=states)


def test_one_world_and_none(states):
    one = plots.caption_of(plots.world_map(states[states["replicate"] == 0], "gain"))
    assert "n = 1 world: no interval" in one
    assert "5–95" not in one
    assert "no world was run" in plots.caption_of(plots.world_map(pd.DataFrame(), "gain"))
    against_none = plots.world_map(states, "income", paired=states.head(0))
    assert "no world was run" in plots.caption_of(against_none)
    others = states.assign(replicate=states["replicate"] + 100)
    assert "No state has a figure" in plots.caption_of(plots.world_map(states, "income", paired=others))


def test_shares_are_told_in_percent():
    assert measure_of("opinion_anti").times == 100.0
    assert measure_of("opinion_anti").unit_of_difference == "percentage points"
    assert measure_of("position_decent_work").words == "Ideal policy: decent work"
