"""What the figures say: captions, colours, marks and the ranking."""

import numpy as np
import pandas as pd
import pytest

from migsim import plots
from migsim.plots.intervals import Interval, wilson
from migsim.plots.sessions import known_counts
from migsim.plots.style import COLOURS, line_styles
from migsim.plots.wording import gain_sentence, interval_words, number, percent
from tests.plots.conftest import make_world


def colours(panel):
    """Colours of a panel's lines that are scenarios'."""
    return [line.get_color() for line in panel.lines if line.get_color() in COLOURS]


def test_gain_sentences_say_what_the_interval_allows():
    gain = gain_sentence("departures", Interval(0.04, 0.01, 0.09, 100), 0.83, 2015)
    assert gain == (
        "Departure countries gain 0.04 % of income by 2015 (5–95 %: 0.01 to 0.09); "
        "83 % of 100 paired worlds gain."
    )
    loss = gain_sentence("hosts", Interval(-0.02, -0.04, -0.01, 10), 0.0, 2015)
    assert loss.startswith(
        "Host countries lose 0.02 % of income by 2015 (5–95 %: −0.04 to −0.01); none of 10"
    )
    unsure = gain_sentence("migrants", Interval(0.01, -0.02, 0.05, 10), 0.6, 2015)
    assert "sign open" in unsure
    assert "−0.02 to 0.05, zero included" in unsure


def test_numbers_are_never_minus_nothing():
    assert number(-0.001, 2) == "−0.001"
    assert number(-1e-15, 2) == number(0.0, 3) == "0"
    assert number(-1234.5, 0) == "−1,234"
    assert percent(0.9999) == "over 99 %"
    assert interval_words(Interval(np.nan, np.nan, np.nan, 0)) == "no result"


def test_triple_win_caption_is_computed_from_the_frame(world):
    last = world[world["year"] == 2015]["gain_departures"]
    caption = plots.caption_of(plots.triple_win(world, spread="ranged"))
    low, high = last.quantile([0.05, 0.95])
    assert f"(5–95 %: {low:.3f} to {high:.3f})" in caption or f"(5–95 %: {low:.2f} to {high:.2f})" in caption
    assert "differ in parameters and chance" in caption
    assert "chance alone" in plots.caption_of(plots.triple_win(world, spread="central"))


def test_a_win_exceeds_the_margin(world):
    panel = plots.triple_win(world, margin=1.0)[2]
    assert "gain in 0 % of worlds" in [text.get_text() for text in panel.texts]


def test_a_scenario_keeps_its_colour_in_every_figure(world):
    order = ["a", "b", "c"]
    styles = line_styles(order)
    only_b = {"b": world}
    for draw in (plots.triple_win, plots.opinion):
        assert set(colours(draw(only_b, scenarios=order)[0])) == {styles["b"].colour}
    assert set(colours(plots.remittances(only_b, scenarios=order))) == {styles["b"].colour}
    assert set(colours(plots.weakest(only_b, scenarios=order)[1])) == {styles["b"].colour}
    frame = pd.concat([world.assign(scenario=name) for name in ("c", "a", "b")])
    drawn = [line.get_color() for line in plots.remittances(frame, scenarios=order).lines[:3]]
    assert drawn == [styles[name].colour for name in order]


def test_forty_two_scenarios_look_different():
    styles = line_styles(str(n) for n in range(42)).values()
    assert len({(style.colour, style.dashes) for style in styles}) == 42


def test_five_lines_are_named_beside_their_ends_and_six_in_a_legend():
    frames = {f"s{n}": make_world(n=3, tilt=0.01 * n) for n in range(6)}
    named = plots.triple_win({name: frames[name] for name in list(frames)[:5]})
    assert {f"s{n}" for n in range(5)} <= {text.get_text() for text in named[2].texts}
    assert not named[0].get_figure().legends
    assert plots.triple_win(frames, is_apart=False)[0].get_figure().legends


def test_lines_that_end_together_are_named_in_a_legend(world):
    drawn = plots.triple_win({name: world for name in "abcde"})
    assert drawn[0].get_figure().legends


def test_differences_are_paired_by_replicate(world):
    shuffled = world.assign(gain_hosts=world["gain_hosts"] + 0.01).sample(frac=1.0, random_state=1)
    drawn = plots.differences({"a": world, "b": shuffled})
    assert "Host countries, % of income: b 0.01 (5–95 %: 0.01 to 0.01)." in plots.caption_of(drawn)
    assert "reference" in [text.get_text() for text in drawn[0].texts]


def test_an_open_sign_is_an_open_dot(world):
    other = make_world(key=9)
    drawn = plots.differences({"a": world, "b": other})
    dot = next(line for line in drawn[1].lines if line.get_marker() == "o")
    assert dot.get_markerfacecolor() == "white"


def test_the_ranking_orders_by_the_weakest_win():
    frames = {"low": make_world().assign(weakest=-1.0), "high": make_world().assign(weakest=1.0)}
    table = plots.ranking_table(frames, labels={"high": "Higher"})
    assert list(table["scenario"]) == ["high", "low"]
    assert list(table["rank"]) == [1, 2]
    assert list(table["all_three_gain"]) == [1.0, 0.0]
    assert table["label"].iloc[0] == "Higher"
    assert table["n"].tolist() == [20, 20]


def test_the_documents_figures_are_marked(world):
    panel = plots.remittances(world)
    marks = [(line.get_xdata()[0], line.get_ydata()[0]) for line in panel.lines if line.get_marker() == "x"]
    assert marks == [(2015, 420.0)]
    assert "document 000" in " ".join(text.get_text() for text in panel.texts)
    assert "Cross: the documents' figure" in plots.caption_of(panel)
    for drawn in (plots.remittances(world, is_whole=False), plots.remittances(world[world["year"] < 2015])):
        assert not [line for line in drawn.lines if line.get_marker() == "x"]
        assert "Cross" not in plots.caption_of(drawn)


def test_opinion_without_a_forum_is_explained_where_it_can_be_seen(world):
    same = world.assign(
        baseline_opinion_pro=world["opinion_pro"], baseline_opinion_anti=world["opinion_anti"]
    )
    assert "Grey dots" not in plots.caption_of(plots.opinion(same))
    apart = world.assign(baseline_opinion_pro=world["opinion_pro"] + 0.1)
    assert "Grey dots" in plots.caption_of(plots.opinion(apart))


def test_processes_left_out_are_named(attendance, texts):
    both = pd.concat([attendance, attendance.assign(process="idm")])
    drawn = plots.attendance(
        {"a": both, "b": attendance.assign(process="idm")}, titles={"gfmd": "Global Forum"}
    )
    caption = plots.caption_of(drawn)
    assert "No session of Global Forum: b." in caption
    assert "Not shown, one process a figure: idm." in caption
    merged = plots.agenda(pd.concat([texts, texts.assign(process="idm")]))
    assert "Processes taken together: gfmd, idm." in plots.caption_of(merged)


def test_more_scenarios_than_colours_have_marks_of_their_own(twelve):
    styles = line_styles(twelve).values()
    assert len({(style.colour, style.marker) for style in styles}) == 12
    dots = [line for line in plots.weakest(twelve)[1].lines if line.get_marker() in "os"]
    assert len({(line.get_color(), line.get_marker()) for line in dots}) == 11


@pytest.mark.parametrize(("size", "words"), [(1e-3, "thousandths"), (1e-6, "millionths")])
def test_small_gains_are_numbered_in_parts(world, size, words):
    small = world.assign(weakest=size * world["replicate"] / 19)
    panel = plots.weakest(small)[1]
    panel.get_figure().canvas.draw()
    assert panel.get_xlabel().endswith(words)
    assert panel.xaxis.label.get_window_extent().x1 <= panel.get_figure().bbox.x1
    assert not panel.xaxis.get_offset_text().get_text()
    assert max(len(label.get_text()) for label in panel.get_xticklabels()) <= 6


def test_the_surest_of_many_is_told(twelve):
    caption = plots.caption_of(plots.weakest(twelve | {"sure": make_world().assign(weakest=1e-9)}))
    assert "sure: all three gain by 2015 in 100 %" in caption
    assert "gain of whoever gains least" in caption


def test_known_counts_are_marked_at_the_global_forum_only(attendance):
    assert dict(known_counts()) == {2007: 155, 2008: 163, 2009: 142, 2010: 131}
    panel = plots.attendance(attendance)
    assert [line.get_ydata()[0] for line in panel.lines if line.get_marker() == "x"] == [155, 163, 131]
    elsewhere = plots.attendance(attendance.assign(process="idm"))
    assert not [line for line in elsewhere.lines if line.get_marker() == "x"]
    assert "of the 3 known counts" in plots.caption_of(panel)


def test_the_agenda_shows_shares_of_paragraphs(texts):
    panel = plots.agenda(texts)
    shown = [text.get_text() for text in panel.texts]
    assert shown == ["62 %"] * 4
    assert len(panel.patches) == 4


def test_positions_split_hosts_and_departure_states(states, texts):
    panel = plots.positions(states, texts, "remittances")
    assert {"host states", "departure states"} <= {text.get_text() for text in panel.texts}
    plain = plots.positions(states.drop(columns=["role_host", "role_departure"]), texts, "remittances")
    assert "all states" in {text.get_text() for text in plain.texts}


def test_a_state_stands_against_the_median_of_its_region(states):
    drawn = plots.state_story(states, "BEL", themes=("remittances",))
    assert "Belgium" in plots.caption_of(drawn)
    assert "the 2 other states of Europe" in plots.caption_of(drawn)


@pytest.mark.parametrize(("n_positive", "n"), [(0, 10), (5, 10), (10, 10)])
def test_a_share_lies_in_its_interval(n_positive, n):
    share = wilson(n_positive, n)
    assert 0.0 <= share.low <= share.median <= share.high <= 1.0
    assert share.high - share.low > 0.1
