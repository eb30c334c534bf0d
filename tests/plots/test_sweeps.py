"""Figures of sweeps: one setting, two, and options; what they find; and frames that hold little."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from migsim import plots
from migsim.errors import InputError
from migsim.plots.intervals import wilson
from migsim.plots.sweep_words import map_caption
from migsim.plots.sweep_worlds import in_bins, outcomes_by
from migsim.plots.sweeps import boxes, course, heat_map
from tests.plots.conftest import draws
from tests.plots.sensitivity_frames import make_sweep

PULL, TOLERANCE, WHO = "follow_up.pull", "processes.gfmd.protocol.tolerance", "processes.gfmd.who_can_block"
MEDIATOR, LAST = "processes.gfmd.mediator", "years.last"
SWEEP = make_sweep()
DRAW = {
    "course": lambda frame=SWEEP, **options: course(frame, PULL, "gain_hosts", **options),
    "heat_map": lambda frame=SWEEP, **options: heat_map(frame, PULL, TOLERANCE, "gain_hosts", **options),
    "boxes": lambda frame=SWEEP, **options: boxes(frame, WHO, "gain_hosts", **options),
    "course of a share": lambda frame=SWEEP, **options: course(frame, PULL, "triple_win", **options),
    "map of a share": lambda frame=SWEEP, **options: heat_map(frame, PULL, WHO, "triple_win", **options),
    "boxes of a share": lambda frame=SWEEP, **options: boxes(frame, WHO, "triple_win", **options),
}


@pytest.fixture(params=DRAW)
def name(request):
    return request.param


def words_in(panel):
    return [text.get_text() for text in panel.texts]


def test_returns_labelled_axes_and_a_caption(name):
    panel = DRAW[name]()
    assert panel.get_xlabel()
    assert panel.get_ylabel()
    caption = plots.caption_of(panel)
    assert "%" in caption
    assert "nan" not in caption
    assert "processes.gfmd" not in panel.get_xlabel() + panel.get_ylabel()


def test_titles_are_whole_and_stay_on_the_sheet(name):
    figure = DRAW[name]().figure
    title = figure.texts[0]
    assert "by “" in title.get_text()
    assert "…" not in title.get_text()
    assert title.get_window_extent().x1 <= figure.bbox.x1


def test_draws_on_the_axes_given(name):
    figure, given = plt.subplots(figsize=(12, 6))
    assert DRAW[name](ax=given) is given
    assert plots.caption_of(given)
    assert plt.get_fignums() == [figure.number]


@pytest.mark.parametrize("empty", [SWEEP.head(0), pd.DataFrame(), SWEEP.assign(gain_hosts=np.nan).head(0)])
def test_no_world(name, empty):
    panel = DRAW[name](empty)
    assert "Nothing to show" in plots.caption_of(panel)
    assert panel.get_xlabel()


def test_the_same_picture_is_the_same_bytes(name, tmp_path):
    first, second = (plots.save(DRAW[name](), tmp_path / f"{n}")[0].read_bytes() for n in (1, 2))
    assert first == second


def test_a_course_tells_where_the_sign_changes():
    caption = plots.caption_of(DRAW["course"]())
    assert "Host countries' gain falls from" in caption
    assert "World by world, with all else alike, the difference is −0.005" in caption
    assert "The median changes its sign between 0.5 and 1." in caption
    assert "n = 144 worlds at each value, 720 in all" in caption


def test_a_course_that_goes_nowhere():
    flat = SWEEP.assign(gain_hosts=0.25)
    assert "does not change from one end to the other: 0.25 % of income" in plots.caption_of(
        DRAW["course"](flat)
    )
    one = SWEEP[SWEEP[PULL] == 1.0]
    assert "at 1:" in plots.caption_of(DRAW["course"](one))
    with pytest.raises(InputError, match="takes names"):
        course(SWEEP, WHO, "gain_hosts")


def test_many_different_numbers_are_put_into_bins():
    values = draws(40).uniform(0.0, 2.0, size=len(SWEEP))
    frame = SWEEP.assign(**{PULL: values, "gain_hosts": -values})
    for draw in (DRAW["course"], DRAW["heat_map"]):
        assert "8 bins of equal width" in plots.caption_of(draw(frame))
    assert len(boxes(frame, PULL, "gain_hosts").get_yticklabels()) == 8


def test_a_map_writes_its_cells_and_marks_open_signs():
    panel = DRAW["heat_map"]()
    told = words_in(panel)
    assert len(told) - told.count("") >= 20
    assert any(word.endswith("°") for word in told)
    assert any(word.startswith("−") and not word.endswith("°") for word in told)
    assert "cells 19 worlds in 20 gain" in plots.caption_of(panel)
    with pytest.raises(InputError, match="two different settings"):
        heat_map(SWEEP, PULL, PULL)


def test_a_map_keeps_the_order_of_options_and_leaves_missing_cells_empty():
    frame = SWEEP[(SWEEP[WHO] != "share") | (SWEEP[PULL] != 0.0)].sort_values(WHO, kind="stable")
    panel = heat_map(frame, PULL, WHO, "gain_hosts")
    rows = [label.get_text() for label in panel.get_yticklabels()]
    assert rows == ["each delegation", "regional groups", "share"]
    assert "nan" not in " ".join(words_in(panel))
    single = heat_map(frame[(frame[PULL] == 1.0) & (frame[WHO] == "share")], PULL, WHO, "gain_hosts")
    assert "in every cell" in plots.caption_of(single)


def test_boxes_tell_least_and_most():
    caption = plots.caption_of(DRAW["boxes"]())
    assert "under “regional groups” to" in caption
    assert "under “each delegation”. World by world, with all else alike, the difference is 0.002" in caption
    alone = SWEEP.drop_duplicates(WHO)
    assert "World by world" not in plots.caption_of(DRAW["boxes"](alone.assign(luck=range(3))))
    same = SWEEP.assign(gain_hosts=0.1)
    assert "is the same under every option" in plots.caption_of(DRAW["boxes"](same))


@pytest.mark.parametrize("outcome", ["gain_hosts", "triple_win"])
@pytest.mark.parametrize("options", [[True, False], [False, True], [False]])
def test_a_flag_has_a_box_a_value(options, outcome):
    frame = pd.concat([SWEEP.assign(**{MEDIATOR: option}) for option in options])
    rows = boxes(frame, MEDIATOR, outcome).get_yticklabels()
    assert [row.get_text().split()[0] for row in rows] == ["yes" if option else "no" for option in options]


def test_years_counts_and_flags_are_worded_as_such():
    years = SWEEP["luck"].map(lambda luck: 2007 + luck % 2)
    frame = SWEEP.assign(**{LAST: years, "gain_hosts": -0.01 * years, MEDIATOR: SWEEP[WHO] == "share"})
    panel = course(frame, LAST, "gain_hosts")
    assert "at 2007 to" in plots.caption_of(panel)
    panel.figure.canvas.draw()
    assert [tick.get_text() for tick in panel.get_xticklabels()] == ["2006", "2007", "2008", "2009"]
    [tick] = course(frame[years == 2008], LAST, "gain_hosts").get_xticklabels()
    assert tick.get_text() == "2008"
    assert "at (no, 2008) to" in plots.caption_of(heat_map(frame, MEDIATOR, LAST, "gain_hosts"))
    lucks = boxes(frame.assign(luck=979_612 + frame["luck"] % 2), "luck", "gain_hosts").get_yticklabels()
    assert [row.get_text().split()[0] for row in lucks] == ["979612", "979613"]


def test_shares_are_told_with_their_interval():
    caption = plots.caption_of(DRAW["course of a share"]())
    assert (
        "All three gain in 1 % of worlds (0 to 21) at 2 and 100 % of worlds (82 to 100) at 0; world by"
        in caption
    )
    never = SWEEP.assign(triple_win=False)
    assert "All three gain in 0 % of worlds everywhere." in plots.caption_of(DRAW["map of a share"](never))
    few = SWEEP.iloc[::60]
    assert "may be sampling error" in plots.caption_of(DRAW["boxes of a share"](few))


def two_options(first, second, others=(0.1,)):
    """Worlds won under either option, by luck, alike at each value of another setting."""
    return pd.DataFrame(
        [
            {"point": n, "luck": luck, WHO: option, TOLERANCE: other, "triple_win": bool(won)}
            for n, (option, wins) in enumerate((("share", first), ("each_delegation", second)))
            for other in others
            for luck, won in enumerate(wins)
        ]
    )


def test_shares_are_compared_world_by_world():
    """Ten worlds of a hundred change, all one way: the intervals overlap, and the sign test gives 0.002."""
    first, second = np.arange(100) < 20, np.arange(100) < 30
    sure = boxes(two_options(first, second), WHO, "triple_win")
    assert "world by world, the difference exceeds sampling error" in plots.caption_of(sure)
    mixed = boxes(two_options(first, second[::-1]), WHO, "triple_win")
    assert "the difference may be sampling error" in plots.caption_of(mixed)


def test_the_same_luck_at_other_settings_is_no_further_world():
    alone = {"first": [False] * 4, "second": [True] * 3 + [False]}
    for others in ((0.1,), (0.1, 0.2, 0.3, 0.4)):
        told = boxes(two_options(**alone, others=others), WHO, "triple_win")
        assert "the difference may be sampling error" in plots.caption_of(told)


def test_the_largest_and_the_smallest_of_many_cells_are_picked_ones():
    """Without any effect, some of 64 cells with few worlds each hold none that won, and some only such."""
    stream, apart = draws(7), 0
    for _ in range(40):
        frame = pd.DataFrame(stream.uniform(size=(200, 2)), columns=[PULL, TOLERANCE])
        frame = frame.assign(point=range(200), luck=0, triple_win=stream.uniform(size=200) < 0.3)
        frame = frame.assign(_x=in_bins(frame[PULL]), _y=in_bins(frame[TOLERANCE]))
        found = outcomes_by(frame, "triple_win", ["_y", "_x"])
        apart += "exceeds" in map_caption(found, frame, (PULL, TOLERANCE), "triple_win", None)
    assert apart <= 2


def test_points_that_are_lived_several_times_count_once():
    """Two of five points against five of five, not 20 worlds of 50 against 50 of 50."""
    points = range(10)
    frame = pd.DataFrame(
        {
            "point": np.repeat(points, 10),
            "luck": np.tile(range(10), 10),
            WHO: np.repeat(["share", "each_delegation"], 50),
            PULL: np.repeat(draws(8).uniform(size=10), 10),
            "triple_win": np.repeat([n not in (0, 1, 2) for n in points], 10),
        }
    )
    assert "the difference may be sampling error" in plots.caption_of(boxes(frame, WHO, "triple_win"))
    single = frame.drop(columns="point").assign(luck=range(100))
    assert "; the difference exceeds sampling error" in plots.caption_of(boxes(single, WHO, "triple_win"))


def test_a_share_counts_each_luck_once():
    """A result that hangs on luck alone: at nine further points the same eight lucks say no more."""
    points = [(x, other) for x in (0.0, 0.5, 1.0) for other in range(9)]
    frame = pd.DataFrame(
        [
            {"point": n, "luck": luck, PULL: x, TOLERANCE: other, "triple_win": luck % 2 == 1}
            for n, (x, other) in enumerate(points)
            for luck in range(8)
        ]
    )
    found = outcomes_by(frame, "triple_win", [PULL])
    alone = wilson(4, 8)
    assert found["n"].tolist() == [8] * 3
    assert found[["low", "high"]].to_numpy() == pytest.approx(100 * np.array([[alone.low, alone.high]] * 3))
    assert "n = 8 independent worlds at each value, 216 in all" in plots.caption_of(
        course(frame, PULL, "triple_win")
    )


def test_a_sign_is_told_of_a_cell_only_if_nearly_all_its_worlds_have_it():
    """Nine of ten gain, and the 5th percentile between the two lowest is above zero all the same."""
    cell = pd.DataFrame({"luck": range(10), "gain_hosts": [-0.01, *[1.0] * 9]})
    frame = pd.concat(cell.assign(**{PULL: x, TOLERANCE: y}) for x in (0.0, 1.0) for y in (0.0, 1.0))
    panel = heat_map(frame, PULL, TOLERANCE, "gain_hosts")
    assert "In 0 of 4 cells all worlds gain, in 0 they lose; elsewhere (°)" in plots.caption_of(panel)
    assert [text.get_text()[-1] for text in panel.texts] == ["°"] * 4
    sure = heat_map(frame[frame["luck"] > 0], PULL, TOLERANCE, "gain_hosts")
    assert "In 4 of 4 cells all worlds gain, in 0 they lose. n = 9 worlds" in plots.caption_of(sure)


def test_faults_name_what_is_known():
    with pytest.raises(
        InputError, match=r"no setting 'follow_up\.push' in this sweep; it has luck, follow_up"
    ):
        course(SWEEP, "follow_up.push")
    with pytest.raises(InputError, match="no outcome 'gain_of_nobody'"):
        boxes(SWEEP, WHO, "gain_of_nobody")


def test_worlds_without_a_result_are_left_out_and_the_last_year_is_taken():
    two = pd.concat([SWEEP.assign(year=2010, gain_hosts=9.0), SWEEP.assign(year=2015)])
    two.loc[two["luck"] == 0, "gain_hosts"] = np.nan
    caption = plots.caption_of(DRAW["course"](two))
    assert "n = 132 worlds at each value, 660 in all" in caption


def test_the_callers_names_are_used():
    labels = {PULL: "Strength of texts", "gain_hosts": "Hosts' gain, % of income"}
    panel = DRAW["course"](labels=labels)
    assert panel.get_xlabel().startswith("Strength of texts")
    assert panel.get_ylabel() == "Hosts' gain, % of income"
