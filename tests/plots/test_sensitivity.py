"""Figures of sensitivity: what their captions find, what lies within sampling error, and odd frames."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes

from migsim import plots
from migsim.errors import InputError
from migsim.plots.factors import short
from migsim.plots.identification import apart_words, break_even_words
from migsim.plots.sensitivity import (
    SensitivityFigures,
    apart,
    attribution,
    discovery,
    identifiability,
    indices,
    screening,
    tornado,
    weights,
)
from tests.plots.sensitivity_frames import (
    NAMES,
    make_apart,
    make_attribution,
    make_components,
    make_discovery,
    make_identifiability,
    make_indices,
    make_screening,
    make_tornado,
    make_weights,
)
from tests.plots.sheets import assert_on_the_sheet, panels_of

FRAMES = {
    "screening": make_screening(),
    "tornado": make_tornado(),
    "indices": make_indices(),
    "apart": make_apart(),
    "attribution": make_attribution(),
    "identifiability": make_identifiability(),
    "discovery": make_discovery(),
    "weights": make_weights(),
    "components": make_components(),
}
DRAW = {
    "screening": screening,
    "tornado": tornado,
    "indices": indices,
    "apart": apart,
    "attribution": attribution,
    "identifiability": identifiability,
    "discovery": discovery,
    "weights": weights,
}
PANELS = {"identifiability": 1, "discovery": 1, "weights": 2}


def words_in(drawn):
    return " ".join(text.get_text() for panel in panels_of(drawn) for text in panel.texts)


def rows_of(drawn):
    return [label.get_text() for label in panels_of(drawn)[0].get_yticklabels()]


@pytest.fixture(params=DRAW)
def name(request):
    return request.param


def test_returns_labelled_axes_and_a_caption(name):
    drawn = DRAW[name](FRAMES[name])
    panels = panels_of(drawn)
    assert len(panels) == PANELS.get(name, 3)
    assert all(isinstance(panel, Axes) and panel.get_xlabel() for panel in panels)
    assert panels[0].get_ylabel()
    caption = plots.caption_of(drawn)
    assert "nan" not in caption
    assert len(caption) > 60


def test_draws_on_the_axes_given(name):
    figure, given = plt.subplots(1, PANELS.get(name, 3), figsize=(17, 6))
    drawn = DRAW[name](FRAMES[name], ax=given)
    assert panels_of(drawn) == panels_of(given)
    assert plots.caption_of(drawn)
    assert plt.get_fignums() == [figure.number]


@pytest.mark.parametrize("empty", [lambda frame: frame.head(0), lambda frame: pd.DataFrame()])
def test_an_empty_frame_says_so(name, empty):
    drawn = DRAW[name](empty(FRAMES[name]))
    assert "Nothing to show" in plots.caption_of(drawn)
    assert len(panels_of(drawn)) == PANELS.get(name, 3)


def test_missing_numbers_are_left_out(name):
    frame = FRAMES[name].copy()
    numbers = frame.select_dtypes("number").columns.difference(["product", "box", "n"])
    frame.loc[frame.index[::2], numbers] = np.nan
    frame.loc[frame.index[1], numbers] = np.inf
    caption = plots.caption_of(DRAW[name](frame))
    assert "nan" not in caption
    assert "inf" not in caption.replace("influence", "")


def test_nothing_but_missing_numbers(name):
    frame = FRAMES[name].copy()
    numbers = frame.select_dtypes("number").columns.difference(["product", "box", "n"])
    frame[numbers] = np.nan
    caption = plots.caption_of(DRAW[name](frame))
    assert "nan" not in caption


def test_nothing_is_drawn_beyond_the_sheet(name):
    assert_on_the_sheet(DRAW[name](FRAMES[name]))


def test_the_same_picture_is_the_same_bytes(name, tmp_path):
    first, second = (plots.save(DRAW[name](FRAMES[name]), tmp_path / f"{n}")[0].read_bytes() for n in (1, 2))
    assert first == second


@pytest.mark.parametrize("draw", [screening, tornado, indices, apart, attribution])
def test_one_outcome_is_one_panel(draw):
    frame = FRAMES[draw.__name__]
    drawn = draw(frame, outcome="gain_hosts")
    assert [panel.get_title(loc="left") for panel in panels_of(drawn)] == ["Host countries"]
    assert "migrants' gain" not in plots.caption_of(drawn).lower()
    with pytest.raises(InputError, match="this frame has gain_migrants"):
        draw(frame, outcome="gain_of_nobody")


def test_screening_tells_what_moves_each_gain_most():
    frame = make_screening(n=30)
    drawn = screening(frame)
    caption = plots.caption_of(drawn)
    assert "“How fast policy moves towards agreed texts” moves migrants' gain most" in caption
    assert (
        "by 0.030 points of well-being (0.024 to 0.036) over its range; which is first, the sample" in caption
    )
    assert "leaves open (“Strength of adopted text on policy” may move it as far)." in caption
    assert "Shown are 20 of 30 settings." in caption
    assert len(rows_of(drawn)) == 20
    narrow = screening(frame.assign(mu_star_low=frame["mu_star"], mu_star_high=frame["mu_star"]))
    assert "which is first" not in plots.caption_of(narrow)


def test_screening_says_when_nothing_matters():
    frame = make_screening()
    still = plots.caption_of(screening(frame.assign(mu_star=0.0, mu=0.0, mu_star_low=0.0, mu_star_high=0.0)))
    assert "No setting moves migrants' gain." in still
    assert "most" not in still.split("Shown")[0]
    failed = plots.caption_of(screening(frame.assign(mu_star=np.nan)))
    assert "No result for host countries' gain." in failed


def marks_of(panel):
    return [line for line in panel.lines if line.get_linestyle() == "None"]


def test_the_largest_effect_is_named_however_wide_its_interval():
    frame = make_screening(n=4).query("outcome == 'gain_hosts'").assign(
        mu_star=[0.9, 0.5, 0.2, 0.0], mu_star_low=[0.0, 0.4, 0.1, 0.0], mu_star_high=[2.0, 0.6, 0.3, 0.0],
        mu=0.0,
    )  # fmt: skip
    drawn = screening(frame)
    caption = plots.caption_of(drawn)
    assert f"“{NAMES[0]}” moves host countries' gain most, by 0.9 % of income (0 to 2.0)" in caption
    assert "the sample leaves open (2 others may move it as far)" in caption
    assert "1 of 4 settings never moves it. 1 moves it in too few walks to say how far." in caption
    marks = marks_of(panels_of(drawn)[0])
    assert [mark.get_marker() for mark in marks] == ["o", "o", "o", "x"]
    assert [mark.get_markerfacecolor() == "white" for mark in marks[:3]] == [True, False, False]


def test_one_walk_has_no_interval_and_is_drawn_as_open():
    frame = make_screening(n=3).assign(mu_star_low=np.nan, mu_star_high=np.nan, n=1)
    drawn = screening(frame)
    caption = plots.caption_of(drawn)
    assert "by 0.03 points of well-being over its range; one walk tells neither how far nor which" in caption
    assert "n = 1 walk." in caption
    two = plots.caption_of(screening(frame.assign(n=2)))
    assert "over its range; 2 walks tell neither how far nor which is first" in two
    assert {mark.get_markerfacecolor() for panel in drawn for mark in marks_of(panel)} == {"white"}


def test_marks_point_where_a_setting_moves_the_gain():
    frame = make_screening(n=3)
    frame = frame[frame["outcome"] == "gain_hosts"].assign(mu_star=1.0, mu=[1.0, -1.0, 0.1])
    (panel,) = screening(frame)
    assert [mark.get_marker() for mark in marks_of(panel)] == [">", "<", "o"]


@pytest.mark.parametrize("groups", [1, 50])
def test_one_group_or_fifty(groups):
    many = screening(make_screening(n=60, groups=groups))
    assert len(rows_of(many)) == 20
    drawn = indices(make_indices(groups=groups))
    assert len(rows_of(drawn)) == min(groups, 20)
    assert ("The other 30 parts account for at most" in plots.caption_of(drawn)) == (groups == 50)


def test_variance_is_told_with_its_interval():
    caption = plots.caption_of(apart(make_apart()))
    assert "Luck alone accounts for 12 % (9 to 15) of the variance of migrants' gain" in caption
    assert "Alone they add up to 80 % (73 to 87); the rest is done together." in caption
    assert "Luck alone accounts for 2 % (−1 to 5, may be nothing)" in caption
    assert "and the model's structure for nothing. Alone they add up to 87 % (80 to 94)" in caption
    assert "What lies below 0 or above 100 % is sampling error." in caption
    within = make_apart().query("outcome == 'gain_migrants'")
    assert "What lies" not in plots.caption_of(apart(within))
    wide = plots.caption_of(apart(make_apart().assign(S1_sum_high=1.02)))
    assert "Alone they add up to 80 % (73 to 102), which leaves open how much is done together." in wide


def test_a_total_share_is_small_if_all_of_its_interval_is():
    frame = make_apart().query("outcome == 'gain_hosts'").assign(ST_low=0.0, ST_high=[0.6, 0.6, 0.019])
    (panel,) = apart(frame)
    dots = [mark for mark in marks_of(panel) if mark.get_marker() == "o"]
    assert [dot.get_markerfacecolor() == "white" for dot in dots] == [False, False, True]


def test_what_does_not_vary_is_said_not_to():
    missing = make_indices().assign(S1=np.nan, ST=np.nan)
    for still in (make_indices().assign(S1=0.0, ST=0.0), missing):
        assert "Host countries' gain does not vary." in plots.caption_of(indices(still))
    assert "No result for migrants' gain." in plots.caption_of(indices(missing.assign(n=0)))
    lost = make_apart().assign(S1=np.nan, ST=np.nan, n=0)
    assert "No result for migrants' gain." in plots.caption_of(apart(lost))


def test_parts_of_the_model_that_are_not_told_apart():
    caption = plots.caption_of(indices(make_indices().assign(ST_high=0.6)))
    assert "and 3 more may do as much, within sampling error" in caption


def test_attribution_adds_up():
    frame = make_attribution()
    drawn = attribution(frame)
    assert rows_of(drawn)[-1] == "Together"
    migrants = frame[(frame["of"] == "phases") & (frame["outcome"] == "gain_migrants")]
    assert max(bar.get_width() for bar in drawn[0].patches) == pytest.approx(migrants["value"].sum())
    caption = plots.caption_of(drawn)
    assert "“Agenda” adds most (+0.030, 76 % of it)" in caption
    assert "“Sessions” takes most (−0.012)" in caption
    assert "2 of 6 add or take no more than sampling error" in caption
    sure = attribution(make_attribution().assign(value_conf=0.0))
    assert "1 of 6 add or take no more than sampling error" in plots.caption_of(sure)
    assert "over all orders of adding the parts" in caption
    drawn = plots.caption_of(attribution(make_attribution().assign(orders=16), "themes"))
    assert "over 16 orders of adding the parts, drawn from all" in drawn


def test_what_there_is_without_any_theme_is_drawn_and_not_counted():
    frame = make_attribution().query("of == 'themes'").assign(value_conf=1.0)
    nothing = {"part": "rest", "title": "Whatever the themes", "value": 0.0, "low": 0.0, "high": 0.0}
    drawn = attribution(pd.concat([frame, frame.drop_duplicates("outcome").assign(**nothing)]))
    assert "Whatever the themes" in rows_of(drawn)
    assert plots.caption_of(drawn).count("3 of 3 add or take no more than sampling error") == 3


def test_attribution_takes_a_total_with_its_interval():
    frame = make_attribution().query("of == 'phases'")
    total = pd.DataFrame(
        {
            "outcome": ["gain_migrants"], "of": "phases", "part": "total", "title": "All", "value": 0.05,
            "low": -0.01, "high": 0.1, "n": 100,
        }
    )  # fmt: skip
    drawn = attribution(pd.concat([frame, total]))
    assert rows_of(drawn).count("Together") == 1
    assert "All" not in rows_of(drawn)
    assert "+0.050 points of well-being, zero included" in plots.caption_of(drawn)


def attributed(values, halves, whole_half=0.01):
    """Caption of the hosts' gain taken apart so."""
    names = [*["Agenda", "Sessions", "Learning"][: len(values)], "total"]
    frame = pd.DataFrame(
        {
            "outcome": "gain_hosts", "of": "phases", "part": names, "title": names,
            "value": [*values, sum(values)], "low": -1.0, "high": 1.0, "n": 16,
            "value_conf": [*halves, whole_half],
        }
    )  # fmt: skip
    return plots.caption_of(attribution(frame))


def test_attribution_says_whether_the_largest_part_is_sure_to_be():
    alone = attributed([0.05, 0.01], [0.01, 0.005])
    assert "+0.06 ± 0.01 % of income" in alone
    assert "“Agenda” adds most (+0.05)" in alone
    near = attributed([0.031, 0.03, 0.029], [0.02] * 3)
    assert "“Agenda” adds most (+0.031; 2 others may do as much)" in near
    larger = attributed([0.05, 0.01, -0.001], [0.051, 0.005, 0.0005])
    assert "“Sessions” adds most of those told from nothing (+0.010; 1 other may do as much)" in larger
    assert "“Learning” takes most (" in larger


def test_attribution_says_that_the_whole_may_be_nothing():
    assert "included, no more than" not in attributed([0.05, 0.01], [0.01, 0.005])
    caption = attributed([0.05, 0.01], [0.01, 0.005], whole_half=0.07)
    assert "+0.06 ± 0.07 % of income, zero included, no more than sampling error" in caption


def test_attribution_to_themes_is_in_order_of_size():
    drawn = attribution(make_attribution(), "themes")
    assert panels_of(drawn)[0].get_ylabel() == "Theme"
    assert sorted(rows_of(drawn)[:-1]) == ["Decent work", "Legal mobility", "Remittances"]
    with pytest.raises(InputError, match="that of phases, themes"):
        attribution(make_attribution(), "sessions")
    nothing = make_attribution().assign(value=0.0, low=0.0, high=0.0)
    assert "No part moves host countries' gain." in plots.caption_of(attribution(nothing))


def test_identifiability_tells_break_even_and_what_cannot_be_told_apart():
    caption = plots.caption_of(identifiability(make_identifiability()))
    assert "Break-even (50 % of worlds) at 4.8 times (3.8 to 6.4) by scaling strength (beyond" in caption
    assert "only their product" in caption
    assert "n = 200" in caption
    assert "Open marks: beyond the plausible range" in caption
    low = plots.caption_of(identifiability(make_identifiability(top=0.2)))
    assert "Break-even is not reached by scaling strength up to 8 times" in low
    short = make_identifiability(top=0.2).query("scaled != 'pace' or product <= 2")
    assert "pace up to 2 times" in plots.caption_of(identifiability(short))
    high = make_identifiability().assign(share=0.9, low=0.8, high=0.95, even=0.125, even_high=0.125)
    assert "at 0.12 times or less by scaling strength" in plots.caption_of(identifiability(high))
    open_end = make_identifiability().assign(even_high=np.inf)
    assert "4.8 times (3.8 or more)" in plots.caption_of(identifiability(open_end))
    unmarked = identifiability(make_identifiability().drop(columns="plausible"))
    assert "plausible" not in plots.caption_of(unmarked)


def even_words(**columns):
    """What is said of break-even by scaling one thing."""
    frame = make_identifiability().query("scaled == 'pace'").assign(plausible=True).assign(**columns)
    return break_even_words(frame)


def test_what_is_said_of_break_even_heeds_its_interval():
    [never] = even_words(share=0.5, even=np.inf, even_low=0.25, even_high=np.inf)
    assert "is not reached by scaling pace up to 8 times (50 %" in never
    assert "within sampling error perhaps from 0.25 times on" in never
    [least] = even_words(share=0.55, even=0.125, even_low=0.125, even_high=np.inf)
    assert "at 0.12 times or less (perhaps nowhere) by scaling pace." in least
    [upper] = even_words(share=0.55, even=0.125, even_low=0.125, even_high=0.7)
    assert "at 0.12 times or less (at most 0.7) by scaling pace." in upper


def test_break_even_that_is_lost_again_is_said_to_be():
    falling = [0.72, 0.45, 0.17, 0.05, 0.02, 0.0, 0.0]
    [told] = even_words(share=falling, even=0.125, even_low=0.125, even_high=0.125)
    assert told.endswith("at 0.12 times or less by scaling pace, and lost again at 0.25 times.")


def test_points_at_hard_bounds_say_nothing_of_break_even():
    [told] = even_words(at_bounds=[False] * 6 + [True], even=np.inf, even_low=np.inf)
    assert "by scaling pace up to 4 times" in told


def test_products_that_move_nothing_are_not_said_to_be_known():
    frame = make_identifiability().assign(share=0.3, weakest=0.1, share_apart=False, weakest_apart=False)
    assert apart_words(frame).endswith("nothing that was scaled moves it.")
    assert apart_words(frame.assign(weakest=range(len(frame)))).endswith("apart, only their product.")


def test_break_even_and_what_lies_apart_are_taken_as_computed():
    """The figure reckons neither anew: what the frame says is what the caption says."""
    frame = make_identifiability().assign(even=2.0, even_low=1.5, even_high=3.0)
    assert "at 2 times (1.5 to 3) by scaling strength" in plots.caption_of(identifiability(frame))
    bare = frame.drop(columns=["even", "share_apart", "weakest_apart"])
    caption = plots.caption_of(identifiability(bare))
    assert "Break-even" not in caption
    assert "product alone" not in caption
    assert "only their product" not in caption


def test_points_that_lie_apart_are_counted():
    frame = make_identifiability()
    frame.loc[(frame["scaled"] == "pace") & (frame["product"] > 1.0), "share_apart"] = True
    caption = plots.caption_of(identifiability(frame))
    assert "at 3 of 18 points in the share of wins, and at 0 in the gain of whoever gains least" in caption
    assert "the product alone does not decide" in caption


def test_points_at_hard_bounds_are_marked():
    frame = make_identifiability()
    frame["at_bounds"] = (frame["scaled"] == "pace") & (frame["product"] == 8.0)
    drawn = identifiability(frame)
    assert "Crosses: hard bounds keep many values" in plots.caption_of(drawn)
    crosses = [line.get_xdata() for line in drawn.lines if line.get_marker() == "x" and len(line.get_xdata())]
    assert [list(line) for line in crosses] == [[8.0]]
    assert "Crosses" not in plots.caption_of(identifiability(make_identifiability()))


def test_one_line_and_one_point():
    frame = make_identifiability().query("scaled == 'pace'")
    assert plots.caption_of(identifiability(frame)).count("by scaling") == 1
    single = identifiability(frame[frame["product"] == 1.0])
    assert "As drawn, all three gain in 8 % of worlds" in plots.caption_of(single)


def test_discovery_tells_density_coverage_and_limits():
    drawn = discovery(make_discovery())
    caption = plots.caption_of(drawn)
    assert "all three gain in 71 % of worlds (n = 110), against 12 % of all" in caption
    assert "it holds 64 % of all worlds in which all three gain, and 11 % of all worlds" in caption
    assert "“Strength of adopted text on policy” is at least 1.3" in caption
    assert len(rows_of(drawn)) == 3
    with pytest.raises(InputError, match="this frame has triple win"):
        discovery(make_discovery(), box="pie")
    free = make_discovery().eval("low = range_low").eval("high = range_high")
    assert "no setting tells these worlds from others" in plots.caption_of(discovery(free))


def test_discovery_of_each_group_and_on_unseen_worlds():
    one = make_discovery().assign(base=0.5, density_unseen=0.55, unseen_low=0.4, unseen_high=0.7, n_unseen=40)
    two = pd.concat([one.assign(box="hosts gain"), one.assign(box="migrants gain", base=0.2)])
    two["options"] = ["", "each_delegation or share", *[""] * 6]
    drawn = discovery(two)
    assert [panel.get_title(loc="left") for panel in drawn] == ["Where hosts gain", "Where migrants gain"]
    caption = plots.caption_of(drawn)
    assert "too few worlds" in caption
    assert "not found on, 55 % (40 to 70): no more than anywhere, but for sampling error." in caption
    assert "not found on, 55 % (40 to 70). The" in caption
    assert "is each delegation or share" in caption


def test_tornado_tells_who_turns_the_sign():
    caption = plots.caption_of(tornado(make_tornado()))
    assert "alone takes host countries' gain from −0.0060 to 0.0008 % of income" in caption
    assert "turn its sign" in caption
    assert "Shown are 12 of 15 settings." in caption
    still = make_tornado().eval("at_low = central").eval("at_high = central")
    assert "No setting alone moves migrants' gain." in plots.caption_of(tornado(still))


def test_settings_that_move_another_gain_are_called_small():
    frame = make_tornado().query("outcome != 'gain_hosts' or path == 'a.p1'")
    drawn = tornado(frame)
    assert words_in(drawn).count("small") == 11
    assert "“Small”" in plots.caption_of(drawn)


def test_weights_tell_whose_sign_rests_on_them_and_whether_there_is_one_index():
    caption = plots.caption_of(weights(make_weights(), make_components()))
    assert "Whether host countries more often gain than lose depends on the weights." in caption
    assert "more than one index" in caption
    assert "in effect one index" in plots.caption_of(weights(make_weights(), make_components(0.95)))
    assert "index" not in plots.caption_of(weights(make_weights())).replace("one index.", "")
    still = make_components().assign(share=0.0)
    assert "The three gains never vary." in plots.caption_of(weights(make_weights(), still))


def test_long_and_strange_titles_fit():
    words = "A setting with a name that goes on and on $x_{i}$ " * 8
    for draw in (screening, tornado):
        frame = FRAMES[draw.__name__].assign(title=words)
        assert all(row.count("\n") <= 2 for row in rows_of(draw(frame)))
    assert short("word " * 50).endswith(" …")


def test_the_accessor_draws_and_saves(tmp_path):
    figures = SensitivityFigures(FRAMES)
    written = figures.save_all(tmp_path)
    stems = {*DRAW, "attribution_phases", "attribution_themes", "conditions"} - {"attribution"}
    assert {path.stem for path in written} == stems
    assert plt.get_fignums() == []
    some = SensitivityFigures({"apart": FRAMES["apart"], "screening": None})
    assert [path.name for path in some.save_all(tmp_path / "some")] == ["apart.png"]
    with pytest.raises(InputError, match="no screening in this analysis; done were: apart"):
        some.screening()
