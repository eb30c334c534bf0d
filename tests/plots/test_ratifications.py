"""Figures of binding instruments."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from migsim import plots
from migsim.results.break_even import FORUM, IMPOSED, RATIFIED, break_even_depths

DEPTHS = (0.2, 0.4, 0.6, 0.8)


@pytest.fixture
def table():
    rows = [
        {
            "world": world, "depth": depth, "equality": weight,
            "parties": 40.0 * (1 - depth) / (1 + weight) + world,
            "developed": 4.0 * (1 - depth) / (1 + weight), "members": 191, "developed_members": 47,
        }
        for world in range(4)
        for depth in DEPTHS
        for weight in (0.0, 1.0)
    ]  # fmt: skip
    return pd.DataFrame(rows)


def made_runs(aim=0.3, n=5):
    """A forum that gains 0.3 and texts that gain their depth, half of it where they are ratified."""
    rows = []
    for replicate in range(n):
        rows.append({"regime": FORUM, "depth": np.nan, "replicate": replicate, "policy": aim, "parties": 0})
        for depth in DEPTHS:
            for regime, part in ((RATIFIED, 0.5), (IMPOSED, 1.0)):
                rows.append(
                    {
                        "regime": regime, "depth": depth, "replicate": replicate,
                        "policy": part * depth, "parties": 30 if regime == RATIFIED else 193,
                    }
                )  # fmt: skip
    return pd.DataFrame(rows)


def test_a_break_even_depth_lies_between_two_depths():
    runs = made_runs(aim=0.3)
    np.testing.assert_allclose(break_even_depths(runs, "policy", IMPOSED), 0.3)
    np.testing.assert_allclose(break_even_depths(runs, "policy", RATIFIED), 0.6)
    assert np.isinf(break_even_depths(made_runs(aim=0.5), "policy", RATIFIED)).all()
    assert (break_even_depths(made_runs(aim=0.05), "policy", RATIFIED) == DEPTHS[0]).all()


def test_worlds_that_failed_at_some_depth_are_left_out_and_counted():
    """One lost its deep runs, so that no depth seemed enough; one a run between; one its forum."""
    runs = made_runs()
    world, depth, is_imposed = runs["replicate"], runs["depth"], runs["regime"] == IMPOSED
    lost = is_imposed & ((world == 0) & (depth > 0.2) | (world == 1) & (depth == 0.2))
    kept = runs[~(lost | (world == 2) & (runs["regime"] == FORUM))]
    np.testing.assert_allclose(break_even_depths(kept, "policy", IMPOSED), [0.3, 0.3])
    caption = plots.caption_of(plots.break_even(kept))
    assert "Not counted here: 3 of 5 paired worlds that failed at some depth." in caption
    assert "it does in 2 of 2." in caption
    assert "failed" not in plots.caption_of(plots.break_even(runs))
    none = kept[(kept["replicate"] < 3) | (kept["depth"] != 0.4)]
    assert plots.caption_of(plots.break_even(none)).startswith("Not counted here: 5 of 5 paired worlds")


def test_break_even_tells_the_depth_and_marks_the_forum():
    panels = plots.break_even(made_runs())
    caption = plots.caption_of(panels)
    assert "Ratified by whoever will, the text first does as well at depth 0.60" in caption
    assert "Laid on all, the text first does as well at depth 0.30" in caption
    assert "5 paired worlds" in caption
    gains, parties = panels
    assert any(np.allclose(line.get_ydata(), 0.3) for line in gains.lines)
    assert parties.get_ylim()[0] == 0.0
    assert gains.get_ylabel().startswith("Policy gained")


def test_break_even_says_where_there_is_none():
    caption = plots.caption_of(plots.break_even(made_runs(aim=0.5)))
    assert "Ratified by whoever will, the text does as well at no depth in any of 5 paired worlds" in caption
    assert "the forum itself does not gain" in plots.caption_of(plots.break_even(made_runs(aim=-0.1)))


def test_breadth_has_a_line_with_clauses_and_one_without(table):
    panels = plots.breadth(table)
    everybody, developed = panels
    for panel, column in ((everybody, "parties"), (developed, "developed")):
        assert len(panel.lines) == 2
        for line, weight in zip(panel.lines, (0.0, 1.0), strict=True):
            rows = table[(table["world"] == 0) & (table["equality"] == weight)]
            np.testing.assert_allclose(line.get_ydata(), rows[column])
    caption = plots.caption_of(panels)
    assert "Without equality clauses the number of parties is largest at depth 0.2: 32.0 of 191" in caption
    assert "3 worlds" in caption


@pytest.mark.parametrize("draw", [plots.breadth, plots.break_even])
def test_nothing_is_said_to_be_nothing(draw):
    panels = draw(pd.DataFrame())
    assert "Nothing to show" in plots.caption_of(panels)


def test_given_axes_are_drawn_on(table):
    _, axes = plt.subplots(1, 2)
    assert list(plots.breadth(table, ax=axes)) == list(axes)
    _, axes = plt.subplots(1, 2)
    assert list(plots.break_even(made_runs(), ax=axes)) == list(axes)
