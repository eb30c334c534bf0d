"""Regimes side by side: nulls below a rule, shares at the right, and a caption that tells the finding."""

from functools import partial

import numpy as np
import pytest

from migsim import plots
from migsim.plots.wording import several_words
from tests.plots.conftest import make_world

FORUM, NULL, OTHER = make_world(), make_world(tilt=0.02, key=2), make_world(tilt=0.03, key=3)
CHANGED = [name for name in map(str, FORUM) if name.startswith("gain_") or name == "weakest"]
NOTHING = FORUM.assign(**dict.fromkeys(CHANGED, 0.0))


def rows_of(drawn):
    return [label.get_text() for label in drawn[0].get_yticklabels()]


def words_of(panel):
    return [text.get_text() for text in panel.texts]


def rules_of(panel):
    return [line for line in panel.lines if line.get_linestyle() == "--"]


def test_nulls_stand_below_a_rule_in_their_own_colours():
    frames = {"forum": FORUM, "null": NULL, "other": OTHER}
    drawn = plots.regimes(frames, nulls=["null"])
    assert rows_of(drawn) == ["forum", "other", "null"]
    assert [rule.get_ydata()[0] for rule in rules_of(drawn[0])] == [1.5]
    plain = plots.regimes(frames)
    assert rows_of(plain) == ["forum", "null", "other"]
    assert not rules_of(plain[0])
    assert "Below the rule" in plots.caption_of(drawn)
    assert "Below the rule" not in plots.caption_of(plain)


def test_shares_of_worlds_stand_at_the_right():
    drawn = plots.regimes({"forum": FORUM, "other": OTHER})
    assert "0 %" in words_of(drawn[1])
    assert words_of(drawn[2]).count("100 %") == 2


def test_the_caption_says_who_gains_who_loses_and_where_the_sign_is_open():
    caption = plots.caption_of(plots.regimes({"forum": FORUM, "other": OTHER}))
    assert "Host countries lose under forum and other." in caption
    assert "Departure countries gain under forum and other." in caption
    assert "Migrants: the interval includes zero under every regime." in caption
    assert "All three gain in no world of any row." in caption


def test_a_row_in_which_nothing_is_gained_is_no_sign_and_has_no_share():
    drawn = plots.regimes({"forum": FORUM, "nobody": NOTHING})
    assert words_of(drawn[1])[-1] == ""
    assert "under forum." in plots.caption_of(drawn)
    assert "nobody" not in plots.caption_of(drawn)


def test_a_failed_regime_keeps_its_row():
    drawn = plots.regimes({"forum": FORUM, "failed": None}, scenarios=["forum", "failed"])
    assert rows_of(drawn) == ["forum", "failed"]
    assert "no result" in words_of(drawn[0])
    assert "No result: failed." in plots.caption_of(drawn)


def test_nothing_to_show():
    drawn = plots.regimes({"a": FORUM.iloc[:0]}, scenarios=["a"])
    assert "Nothing to show" in plots.caption_of(drawn)


@pytest.mark.parametrize(
    "draw", [partial(each, is_apart=False) for each in (plots.triple_win, plots.opinion, plots.remittances)]
)
def test_a_long_legend_of_long_names_stands_in_columns(draw):
    names = {f"s{n}": f"A regime with quite a long name, number {n}" for n in range(16)}
    drawn = draw(dict.fromkeys(names, FORUM), labels=names)
    figure = np.ravel(drawn)[0].get_figure()
    (box,) = figure.legends
    assert box._ncols == 3
    figure.canvas.draw()
    caption = next(text for text in figure.texts if text.get_gid() == "caption")
    assert box.get_window_extent().y0 >= caption.get_window_extent().y1 - 1


def test_many_names_are_counted():
    assert several_words(["a", "b", "c"]) == "a, b and c"
    assert several_words(["a"]) == "a"
    assert several_words([str(n) for n in range(9)]) == "0, 1, 2, 3 and 5 more"
