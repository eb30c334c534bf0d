"""Edges: nothing to draw, one world, one year, missing figures, many scenarios, strangers' names."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from migsim import plots
from migsim.errors import InputError
from tests.plots.conftest import make_world


def words_in(drawn):
    """All that is written on the panels."""
    panels = np.atleast_1d(np.asarray(drawn, dtype=object)).ravel()
    return " ".join(text.get_text() for panel in panels for text in panel.texts)


def title_of(panel):
    return panel.get_figure().texts[0].get_text().replace("\n", " ")


@pytest.mark.parametrize("empty", [lambda frame: frame.head(0), lambda frame: pd.DataFrame()])
def test_no_session(texts, attendance, empty):
    for drawn in (plots.agenda(empty(texts)), plots.attendance(empty(attendance))):
        assert words_in(drawn) == "no session was held"
        assert "no session was held" in plots.caption_of(drawn)
        assert drawn.get_xlabel()


def test_positions_without_a_session(states, texts):
    for empty in (texts.head(0), pd.DataFrame(), texts.assign(on_agenda=False)):
        drawn = plots.positions(states, empty, "remittances")
        assert "on no agenda" in plots.caption_of(drawn)


@pytest.mark.parametrize(
    "empty", [lambda frame: frame.head(0), lambda frame: pd.DataFrame(), lambda frame: None]
)
def test_no_world(world, empty):
    for draw in (plots.triple_win, plots.weakest, plots.opinion, plots.remittances, plots.differences):
        drawn = draw({"gfmd": empty(world)})
        assert "no world was run" in words_in(drawn)
    assert list(plots.ranking_table({"gfmd": empty(world)})["result"]) == ["no result"]


def test_no_state():
    assert "no world was run" in words_in(plots.state_story(pd.DataFrame(), "MEX"))
    assert "no world was run" in words_in(plots.positions(pd.DataFrame(), pd.DataFrame(), "remittances"))


def test_one_world_has_no_band():
    world = make_world(n=1)
    drawn = plots.triple_win(world)
    assert not any(panel.collections for panel in drawn)
    assert "n = 1" in plots.caption_of(drawn)
    assert "5–95" not in plots.caption_of(drawn)
    for draw in (plots.weakest, plots.opinion, plots.remittances):
        assert "one world, no interval" in plots.caption_of(draw(world))
    drawn = plots.differences({"a": world, "b": make_world(n=1, tilt=0.02)})
    assert "n = 1: no interval" in plots.caption_of(drawn)


def test_one_year():
    world = make_world(years=(2015,))
    for draw in (plots.triple_win, plots.weakest, plots.opinion, plots.remittances):
        drawn = draw(world)
        marks = [line for panel in np.atleast_1d(drawn) for line in panel.lines if line.get_marker() == "o"]
        assert marks
        assert "2015" in plots.caption_of(drawn)


def test_missing_figures_are_left_out_and_counted(world):
    world.loc[world["replicate"] < 5, "gain_hosts"] = np.nan
    world.loc[world["replicate"] < 5, "gain_sd_hosts"] = np.nan
    world.loc[world["replicate"] == 5, "gain_migrants"] = np.inf
    caption = plots.caption_of(plots.triple_win(world))
    assert "none of 15 paired worlds gains" in caption
    assert "of 19 paired worlds" in caption
    assert "nan" not in caption
    assert "inf" not in caption


def test_nothing_changes(world):
    changed = [column for column in world if column.startswith("gain_") or column == "weakest"]
    caption = plots.caption_of(plots.triple_win(world.assign(**dict.fromkeys(changed, 0.0))))
    assert "Host countries neither gain nor lose by 2015 in any of 20 paired worlds." in caption
    same = plots.caption_of(plots.differences({"a": world, "b": world}))
    assert "Migrants: no scenario differs from a at all." in same


def test_twelve_scenarios_are_all_there(twelve):
    names = list(twelve)
    fans = plots.triple_win(twelve, is_apart=False)
    legend = fans[0].get_figure().legends[0]
    assert [text.get_text() for text in legend.get_texts()] == names
    assert "No result: failed" in plots.caption_of(fans)
    for draw in (plots.weakest, plots.differences):
        drawn = draw(twelve)
        assert [label.get_text() for label in drawn[0].get_yticklabels()] == names
        assert "no result" in words_in(drawn)
        assert "No result: failed" in plots.caption_of(drawn)
    ranking = plots.ranking_table(twelve)
    assert sorted(ranking["scenario"]) == sorted(names)
    assert ranking["scenario"].iloc[-1] == "failed"
    assert pd.isna(ranking["rank"].iloc[-1])


def test_six_scenarios_stand_apart_in_rows_of_one_scale(twelve):
    drawn = plots.triple_win(twelve)
    assert len(drawn) == 3 * len(twelve)
    rows = drawn.reshape(len(twelve), 3)
    assert [panel.get_ylabel() for panel in rows[:, 0]] == list(twelve)
    for column in rows.T:
        assert len({panel.get_ylim() for panel in column}) == 1
    failed = rows[-1]
    assert all("no result" in words_in(panel) for panel in failed)
    assert not any(panel.collections for panel in failed)
    assert all(len(panel.collections) == 1 for panel in rows[:-1].ravel())
    assert "No result: failed" in plots.caption_of(drawn)
    assert "Grey: medians of the others." in plots.caption_of(drawn)
    assert len(plots.triple_win({name: twelve[name] for name in list(twelve)[:5]})) == 3


def test_more_than_three_scenarios_have_bars_instead_of_bands(twelve):
    assert not any(panel.collections for panel in plots.triple_win(twelve, is_apart=False))
    three = {name: twelve[name] for name in list(twelve)[:3]}
    assert all(len(panel.collections) == 3 for panel in plots.triple_win(three))


def test_faults_name_what_is_known(states, texts, world):
    with pytest.raises(InputError, match="did you mean remittances"):
        plots.positions(states, texts, "remitances")
    with pytest.raises(InputError, match="no state 'XXX'"):
        plots.state_story(states, "XXX")
    with pytest.raises(InputError, match="state USA is not in this run"):
        plots.state_story(states, "USA")
    with pytest.raises(InputError, match="one to 3"):
        plots.state_story(states, "MEX", themes=())
    with pytest.raises(InputError, match="these did: gfmd"):
        plots.agenda(texts, process="idm")
    with pytest.raises(InputError, match="none of the scenarios: a"):
        plots.differences({"a": world}, reference="b")
    both = pd.concat([texts.assign(scenario="a"), texts.assign(scenario="b")])
    with pytest.raises(InputError, match="one of a, b"):
        plots.agenda(both)
    assert plots.agenda(both, scenario="b")


def test_twelve_scenarios_add_to_opinion_and_remittances_in_rows(twelve):
    complete = {name: frame for name, frame in twelve.items() if frame is not None}
    for draw, n_panels in ((plots.opinion, 3), (plots.remittances, 1)):
        drawn = np.atleast_1d(draw(complete))
        assert len(drawn) == n_panels
        assert [label.get_text() for label in drawn[0].get_yticklabels()] == list(complete)
        assert "against the same world in which nobody meets" in title_of(drawn[0])
        assert "Conditional on the model's assumptions." in plots.caption_of(drawn)
        few = np.atleast_1d(draw(dict(list(complete.items())[:5])))
        assert [label.get_text() for label in few[0].get_yticklabels()] != list(complete)[:5]


def test_long_names_keep_clear_of_each_other(world):
    name = "A forum in which every delegation may block each paragraph and civil society speaks last, again"
    for draw in (plots.weakest, plots.differences, plots.regimes):
        drawn = draw({"a": world, "b": world, "c": world}, labels=dict.fromkeys("abc", name))
        figure = drawn[0].get_figure()
        figure.draw_without_rendering()
        boxes = [label.get_window_extent() for label in drawn[0].get_yticklabels()]
        assert all(above.y0 >= below.y1 for above, below in pairwise(boxes))


def test_one_world_gains_or_does_not_instead_of_a_share():
    one = make_world(n=1)
    for frames in (one, {"a": one, "b": make_world(n=1, tilt=0.02)}, {str(n): one for n in range(4)}):
        assert "%" not in words_in(plots.triple_win(frames))
    assert words_in(plots.triple_win(one)).endswith("gain")
    assert "%" not in words_in(plots.regimes({"a": one, "b": one}))
    assert "yes" in words_in(plots.regimes({"a": one, "b": one}))


def test_captions_count_the_worlds_of_every_scenario(world):
    frames = {"whole": world, "partly failed": world[world["replicate"] > 2]}
    for draw in (plots.triple_win, plots.opinion, plots.remittances, plots.regimes):
        assert "17 to 20 paired worlds" in plots.caption_of(draw(frames))


def test_one_scenario_has_no_differences(world):
    drawn = plots.differences({"gfmd": world})
    assert "one scenario only" in plots.caption_of(drawn)


def test_a_legend_of_names_in_several_lines_stands_clear_of_the_caption(world):
    names = {f"s{n}": "A short one" for n in range(9)} | {
        "s0": "A name that takes three lines of a legend as it is"
    }
    drawn = plots.opinion(dict.fromkeys(names, world), labels=names, is_apart=False)
    figure = drawn[0].get_figure()
    caption = next(text for text in figure.texts if text.get_gid() == "caption")
    assert figure.legends[0].get_window_extent().y0 > caption.get_window_extent().y1


def test_small_gains_are_numbered_without_a_power_of_ten(world):
    changed = [column for column in world if column.startswith("gain_")]
    drawn = plots.triple_win(world.assign(**{column: 1e-4 * world[column] for column in changed}))
    drawn[0].get_figure().draw_without_rendering()
    assert not any(panel.yaxis.get_offset_text().get_text() for panel in drawn)
