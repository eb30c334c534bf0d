"""Figures of stance against payoff."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes

from migsim import plots
from migsim.results.interests import QUADRANTS
from migsim.themes import THEMES


@pytest.fixture
def frame():
    """Three states: a host that wants what pays, one that does not, and a departure state."""
    parts = []
    for state, host, stance, gain in (
        ("DEU", 0.9, 0.8, 0.3),
        ("USA", 0.8, 0.2, 0.1),
        ("MEX", 0.1, 0.9, -0.2),
    ):
        rows = pd.DataFrame(
            {"state": state, "theme": THEMES, "role_host": host, "role_departure": 1.0 - host}
        )
        parts.append(
            rows.assign(stance=stance, joint_gain=gain, ideal_documents=stance, policy_2005=0.85 * stance)
        )
    whole = pd.concat(parts, ignore_index=True)
    is_silent = whole["theme"] == "decent_work"
    whole["documents_are"] = np.where(is_silent, "silent", "clear")
    whole.loc[is_silent, "stance"] = np.nan
    return whole.assign(ideal_payoffs=(whole["policy_2005"] + 0.2 * whole["joint_gain"]).clip(0.0, 1.0))


def words_on(panel):
    return [text.get_text() for text in panel.texts]


def test_a_panel_for_each_theme_and_a_line_for_each_state(frame):
    panels = plots.stance_to_payoff(frame)
    assert len(panels) == len(THEMES)
    assert all(isinstance(panel, Axes) for panel in panels)
    for panel in panels:
        ways = [line for line in panel.lines if len(line.get_xdata()) == 2]
        assert tuple(ways[0].get_xdata()) == pytest.approx((0.8, 0.74))
        assert len(ways) == 3
    assert [label.get_text() for label in panels[0].get_yticklabels()] == ["DEU", "USA", "MEX"]
    assert "n = 3" in plots.caption_of(panels)
    assert "3 of 36 rows" in plots.caption_of(panels)


def test_silence_is_an_open_dot(frame):
    panels = plots.stance_to_payoff(frame)
    open_dots = [
        sum(line.get_marker() == "o" and line.get_markerfacecolor() == "white" for line in panel.lines)
        for panel in panels
    ]
    assert open_dots == [3 if theme == "decent_work" else 0 for theme in THEMES]


def test_quadrants_are_named_and_counted(frame):
    panel = plots.stance_and_gain(frame)
    counts = (11, 11, 11, 0)
    expected = [f"{name.capitalize()}: {n}" for name, n in zip(QUADRANTS, counts, strict=True)]
    assert words_on(panel) == expected
    drawn = sum(len(line.get_xdata()) for line in panel.lines if line.get_marker() in ("o", "^"))
    assert drawn == 33
    caption = plots.caption_of(panel)
    assert "33 with a stance, n = 3 states; 3 on which" in caption
    assert "nan" not in caption
    assert panel.get_xlabel()
    assert "% of income" in panel.get_ylabel()


def test_where_nobody_has_a_stance_nothing_is_drawn_or_said(frame):
    panel = plots.stance_and_gain(frame.assign(stance=np.nan))
    assert all(words.endswith(": 0") for words in words_on(panel))
    assert "0 with a stance" in plots.caption_of(panel)


def test_drawn_on_the_axes_given(frame):
    figure, given = plt.subplots(4, 3)
    assert list(plots.stance_to_payoff(frame, ax=given)) == list(given.ravel())
    other, one = plt.subplots()
    assert plots.stance_and_gain(frame, ax=one) is one
    assert plt.get_fignums() == [figure.number, other.number]


@pytest.mark.parametrize("name", ["stance_to_payoff", "stance_and_gain"])
def test_the_same_bytes_twice_and_closed(frame, name, tmp_path):
    files = [plots.save(getattr(plots, name)(frame), tmp_path / f"{n}.png")[0] for n in (1, 2)]
    assert files[0].read_bytes() == files[1].read_bytes()
    assert plt.get_fignums() == []
