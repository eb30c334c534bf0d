"""Boxes in which something holds that is known to hold there."""

import json
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from migsim.analysis.discovery import (
    FEWEST,
    TRIPLE_WIN,
    _limits,
    discovery,
    discovery_design,
    settings_table,
)
from migsim.analysis.sizes import SIZES
from migsim.analysis.space import space_of
from tests.analysis.analytic import small

NOTEBOOK = Path(__file__).parents[2] / "notebooks" / "04_what_matters.ipynb"
WON = ("levers.equal_pay", "world.policy.pace")


@pytest.fixture(scope="module")
def settings():
    space = space_of(small())
    return settings_table(discovery_design(small(), space, 900, 3), space)


def outcomes(wins, hosts=None):
    signs = np.where(wins, 1.0, -1.0)
    frame = pd.DataFrame(
        {name: signs for name in ("gain_migrants", "gain_hosts", "gain_departures", "weakest")}
    )
    frame[["sd_migrants", "sd_hosts", "sd_departures"]] = 1.0
    if hosts is not None:
        frame["gain_hosts"] = np.where(hosts, 1.0, -1.0)
    return frame


def test_settings_are_numbers_in_their_ranges(settings):
    assert len(settings) == 900
    assert "luck" not in settings
    assert set(settings["processes.gfmd.who_can_block"]) == {0.0, 1.0, 2.0}
    assert settings["levers.equal_pay"].between(-0.02, 0.12).all()


def test_a_known_box_is_found_among_three_hundred_settings(settings):
    pytest.importorskip("ema_workbench")
    wins = (settings[WON[0]] > 0.07).to_numpy() & (settings[WON[1]] < 0.13).to_numpy()
    frame = discovery(outcomes(wins), settings)
    assert set(frame["box"]) == {TRIPLE_WIN}
    sides = frame.set_index("path")
    assert set(WON) <= set(frame["path"])
    assert len(frame) <= 5
    assert sides.loc[WON[0], "low"] == pytest.approx(0.07, abs=0.015)
    assert sides.loc[WON[1], "high"] == pytest.approx(0.13, abs=0.03)
    first = frame.iloc[0]
    assert first["density"] > 0.85
    assert first["coverage"] > 0.4
    assert first["density_unseen"] > 0.7
    assert first["unseen_low"] > first["base"]


def test_chance_is_not_taken_for_a_region(settings):
    """What is won by lot has no region, and unseen worlds say so where a box is found all the same."""
    pytest.importorskip("ema_workbench")
    stream = np.random.Generator(np.random.PCG64(np.random.SeedSequence(1)))
    frame = discovery(outcomes(stream.random(900) < 0.3), settings)
    assert frame.iloc[0]["unseen_low"] < frame.iloc[0]["base"]


def test_a_region_is_found_where_wins_are_few_and_chance_makes_some_elsewhere(settings):
    """Of hundreds of settings, many can then be peeled without losing a win: they must not hide the two."""
    pytest.importorskip("ema_workbench")
    stream = np.random.Generator(np.random.PCG64(np.random.SeedSequence(2)))
    likely = (settings["levers.equal_pay"] > 0.08) & (settings["processes.gfmd.reading"] == 1.0)
    wins = stream.random(900) < np.where(likely, 0.6, 0.06)
    assert 0.05 < wins.mean() < 0.15
    frame = discovery(outcomes(wins), settings)
    assert set(frame["path"]) == {"levers.equal_pay", "processes.gfmd.reading"}
    assert frame.iloc[0]["unseen_low"] > 2 * frame.iloc[0]["base"]


def test_a_choice_may_lose_the_option_in_its_middle(settings):
    """Options have no order."""
    pytest.importorskip("ema_workbench")
    blocked = (settings["processes.gfmd.who_can_block"] == 1.0).to_numpy()
    wins = ~blocked & (settings[WON[1]] < 0.13).to_numpy()
    frame = discovery(outcomes(wins), settings).set_index("path")
    row = frame.loc["processes.gfmd.who_can_block"]
    assert (row["options"].count(" or "), row["high"], row["range_high"]) == (1, 2.0, 3.0)
    assert row["density"] > 0.9


def test_too_few_triple_wins_give_the_sides_instead(settings):
    pytest.importorskip("ema_workbench")
    hosts = (settings[WON[0]] > 0.07).to_numpy()
    found = outcomes(np.zeros(900, dtype=bool), hosts)
    frame = discovery(found, settings)
    assert set(frame["box"]) == {"hosts gain"}
    assert frame.iloc[0]["density"] > 0.9
    assert discovery(outcomes(np.zeros(900, dtype=bool)), settings).empty


def test_a_choice_says_which_options_are_kept(settings):
    pytest.importorskip("ema_workbench")
    wins = (settings["processes.gfmd.reading"] == 0.0).to_numpy()
    frame = discovery(outcomes(wins), settings)
    row = frame.set_index("path").loc["processes.gfmd.reading"]
    assert row["options"] == "negotiated_conclusions"
    assert row["quasi_p"] < 0.01


def test_an_end_that_chance_may_have_made_is_let_go():
    ends, whole = pd.Series([0.2, 0.8]), pd.Series([0.0, 1.0])
    assert _limits(ends, whole, [0.01, 0.2]) == (0.2, 1.0)
    assert _limits(ends, whole, [-1.0, 0.01]) == (0.0, 0.8)
    assert _limits(pd.Series([{1.0, 2.0}] * 2), pd.Series([{0.0, 1.0, 2.0}] * 2), [0.01, -1]) == {1, 2}


def test_the_notebook_draws_what_a_quick_look_can_find():
    """Of a quick hypercube about 22 worlds are triple wins: too few for a box, so that none is drawn."""
    book = json.loads(NOTEBOOK.read_text("utf-8"))
    code = "".join("".join(cell["source"]) + "\n" for cell in book["cells"] if cell["cell_type"] == "code")
    asked = set(re.findall(r'"(\w+)"', re.search(r"parts = \((.*?)\)", code, re.DOTALL)[1]))
    assert set(re.findall(r"s\.plot\.(\w+)", code)) == asked
    assert ("discovery" in asked) == (SIZES["quick"].points * 0.09 * 2 / 3 >= FEWEST)
