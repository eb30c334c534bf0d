"""Who gains beside whom, who wins, how broad and how deep, and what would have to be true."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from migsim import plots
from migsim.errors import InputError
from migsim.plots.clouds import region_of_most
from migsim.plots.sensitivity import SensitivityFigures
from tests.plots.conftest import draws, make_depths, make_states, make_world
from tests.plots.drawings import CONDITIONS
from tests.plots.sensitivity_frames import (
    make_discovery,
    make_identifiability,
    make_structures,
    make_tornado,
    make_weights,
)

CONDITION = "Conditional on the model's assumptions."


def words_in(drawn):
    panels = np.atleast_1d(np.asarray(drawn, dtype=object)).ravel()
    return " ".join(text.get_text() for panel in panels for text in panel.texts)


def worlds(hosts, departures, migrants):
    """Worlds of one year with these gains."""
    frame = pd.DataFrame({"gain_hosts": hosts, "gain_departures": departures, "gain_migrants": migrants})
    for group in ("hosts", "departures", "migrants"):
        frame[f"gain_sd_{group}"] = frame[f"gain_{group}"] / 10
    frame["weakest"] = frame[[f"gain_sd_{g}" for g in ("hosts", "departures", "migrants")]].min(axis=1)
    return frame.assign(replicate=range(len(frame)), year=2015)


def dots(panel, *, filled):
    """How many dots a panel has, of those where migrants gain or of the others."""
    white = np.ones(3)
    found = [c for c in panel.collections if len(c.get_offsets()) and c.get_sizes().size]
    return sum(
        len(c.get_offsets()) for c in found if (not np.allclose(c.get_facecolor()[0][:3], white)) == filled
    )


def test_the_plane_has_a_dot_a_world_filled_where_migrants_gain():
    frame = worlds([1.0, 1.0, -1.0, 2.0], [1.0, 2.0, 3.0, 4.0], [0.5, -0.5, 0.5, 0.7])
    (panel,) = plots.plane(frame)
    assert dots(panel, filled=True) == 3
    assert dots(panel, filled=False) == 1
    caption = plots.caption_of(panel)
    assert "All three gain by 2015 in 50 % of 4 paired worlds" in caption
    assert "n = 4 is too few" in caption
    assert caption.endswith(f"{CONDITION} 2015 is a projection: figures on growth end in 2013.")


def test_the_plane_says_who_stands_in_the_way():
    frame = worlds(np.linspace(-2, 1, 40), np.linspace(1, 3, 40) + np.tile([0.0, 0.3], 20), np.ones(40))
    caption = plots.caption_of(plots.plane(frame))
    assert "where not, hosts do not gain in 100 % of cases" in caption
    assert "The line is drawn around the nine worlds in ten" in caption


def test_worlds_that_gain_nothing_are_no_winners():
    (panel,) = plots.plane(worlds(np.zeros(12), np.zeros(12), np.zeros(12)))
    assert "nobody gains or loses anything" in plots.caption_of(panel)
    assert dots(panel, filled=True) == 0


def test_the_region_holds_nine_points_in_ten():
    x, y = draws(50).normal(size=(2, 200))
    corners = region_of_most(x, x + 0.2 * y)
    from matplotlib.path import Path

    inside = Path(np.vstack([corners, corners[:1]])).contains_points(
        np.column_stack([x, x + 0.2 * y]), radius=1e-9
    )
    assert 0.85 <= inside.mean() <= 0.91
    assert len(region_of_most(x[:19], y[:19])) == 0
    assert len(region_of_most(x, 2 * x)) == 0
    assert len(region_of_most(x, np.zeros(200))) == 0


def test_twelve_planes_share_a_scale_and_drop_nobody(twelve):
    drawn = plots.plane(twelve)
    assert len(drawn) == 12
    assert {panel.get_title(loc="left") for panel in drawn} == set(twelve)
    assert len({panel.get_xlim() for panel in drawn}) == len({panel.get_ylim() for panel in drawn}) == 1
    assert "no result" in words_in(drawn[-1])
    caption = plots.caption_of(drawn)
    assert "No result: failed." in caption
    n_dots = sum(dots(panel, filled=filled) for panel in drawn for filled in (True, False))
    assert n_dots == 11 * 6


@pytest.mark.parametrize("empty", [make_world().head(0), pd.DataFrame(), None])
def test_nothing_to_draw(empty):
    assert "no world was run" in words_in(plots.plane({"gfmd": empty}))
    frame = pd.DataFrame() if empty is None else make_states().head(0)
    assert "no world was run" in words_in(plots.winners(frame))


def test_one_world_has_no_interval():
    assert "in no world (one was run)" in plots.caption_of(plots.plane(make_world(n=1)))
    caption = plots.caption_of(plots.winners(make_states(n=1)))
    assert "In the one world run 5 of 5 states gain." in caption
    assert "n = 1: no interval." in caption
    assert "n = 1: no bars" in plots.caption_of(plots.breadth_depth(make_depths(n=1)))


def many_states(n_states=193, n=15):
    """States of which the first gain most; the last third loses for certain."""
    from migsim.facts.codes import iso3_codes

    codes = iso3_codes()[:n_states]
    rows = pd.MultiIndex.from_product([range(n), [2015], codes], names=["replicate", "year", "state"])
    frame = rows.to_frame(index=False)
    place = frame["state"].map({code: k for k, code in enumerate(codes)})
    frame["gain"] = 1.0 - 1.5 * place / n_states + 0.0001 * frame["replicate"]
    frame["role_host"] = (place % 2).astype(float)
    frame["role_departure"] = 1.0 - frame["role_host"]
    return frame


def test_the_best_and_the_worst_twelve_states_are_named():
    drawn = plots.winners(many_states())
    best, worst, groups, roles = ([t.get_text() for t in panel.get_yticklabels()] for panel in drawn)
    assert (len(best), len(worst)) == (12, 12)
    assert best[0] == "Afghanistan"
    assert worst[-1] == "Zimbabwe"
    assert len(groups) == 5
    assert sum(int(name.rstrip(")").split("(")[1]) for name in groups) == 193
    assert [name.split(" (")[0] for name in roles] == ["All states", "Host states", "Departure states"]
    caption = plots.caption_of(drawn)
    assert "Of 193 states 129 gain and 64 lose in nearly every world; the sign of 0 is open." in caption
    assert "Most: Afghanistan," in caption


def test_every_state_is_named_once_where_there_are_few(states):
    drawn = plots.winners(states)
    named = [t.get_text() for panel in drawn[:2] for t in panel.get_yticklabels()]
    assert sorted(named) == ["Belgium", "France", "Germany", "Mexico", "Philippines"]


def test_states_stand_in_groups_of_ones_own(states):
    mine = states.assign(bloc=states["state"].map({"BEL": "our friends", "FRA": "our friends"}))
    drawn = plots.winners(mine, by="bloc")
    assert {t.get_text() for t in drawn[2].get_yticklabels()} == {"Our friends (2)", "No group (3)"}
    assert drawn[2].get_title(loc="left").startswith("Bloc")
    with pytest.raises(InputError, match="no column 'club'"):
        plots.winners(states, by="club")


def test_a_mean_is_over_the_states_of_a_group_world_by_world():
    frame = many_states(n_states=4, n=3).assign(bloc="all")
    frame["gain"] = frame["replicate"] * 1.0 + frame["state"].eq(frame["state"].iloc[0]) * 4.0
    dot = next(line for line in plots.winners(frame, by="bloc")[2].lines if line.get_marker() == "D")
    assert dot.get_xdata()[0] == pytest.approx(2.0)


def test_breadth_is_open_where_nobody_is_pledged():
    (panel,) = plots.breadth_depth(make_depths(), titles={"convention": "A convention"})
    marks = {line.get_marker(): line for line in panel.lines if line.get_linestyle() == "None"}
    assert "D" in marks
    faces = [line.get_markerfacecolor() for line in panel.lines if line.get_linestyle() == "None"]
    assert faces.count("white") == 1
    caption = plots.caption_of(panel)
    assert "What is deeper holds fewer states: rank correlation" in caption
    assert panel.get_figure().legends[0].get_texts()[-1].get_text() == "A convention, instrument"
    assert "Open marks pledge nobody" in caption


def test_many_texts_stand_in_rows():
    frame = pd.concat([make_depths().assign(process=f"p{k}") for k in range(10)])
    drawn = plots.breadth_depth(frame)
    assert len(drawn) == 2
    assert len(drawn[0].get_yticklabels()) == 20
    _, given = plt.subplots()
    assert len(plots.breadth_depth(frame, ax=given)) == 1


def test_no_text_and_no_instrument():
    drawn = plots.breadth_depth(pd.DataFrame())
    assert "no text was made and no instrument is open" in words_in(drawn)


def test_conditions_say_honestly_that_nothing_makes_it_hold():
    frames = {
        "identifiability": make_identifiability(top=0.2).query("scaled != 'pace' or product < 3"),
        "structures": make_structures(),
        "tornado": make_tornado(),
        "discovery": make_discovery().head(0),
        "weights": make_weights(),
    }
    drawn = plots.conditions(frames)
    title = drawn[0].get_figure().texts[0].get_text().replace("\n", " ")
    assert title.endswith("No single setting, and no region that was found, makes it likelier than not")
    caption = plots.caption_of(drawn)
    assert "All three gain in 20 % of 400 worlds (17 to 24)" in caption
    assert "“Structural setting 0” is negotiated: in 30 % (25 to 35) of 200 worlds" in caption
    assert "Break-even is not reached by strength up to 8 times, pace up to 2 times, lever" in caption
    assert "no region was found" in words_in(drawn[3])
    assert "all three gain in 10 % to 40 % of worlds" in caption


def test_a_region_of_one_choice_claims_no_more_than_that_setting():
    side = make_discovery().head(1).assign(
        options="chair_summary", low=0.0, high=1.0, range_low=0.0, range_high=2.0, density_unseen=0.9,
        unseen_low=0.8, unseen_high=0.97, n_unseen=60,
    )  # fmt: skip
    title = plots.conditions({"structures": make_structures(), "discovery": side})[0].get_figure().texts[0]
    assert "no region that was found" in title.get_text().replace("\n", " ")


def test_conditions_name_what_makes_it_hold():
    drawn = plots.conditions(CONDITIONS)
    title = drawn[0].get_figure().texts[0].get_text().replace("\n", " ")
    assert title.endswith("Some conditions make it likelier than not")
    assert "They do in more than half of the worlds under some conditions: in 71 %" in plots.caption_of(drawn)
    sure = plots.conditions({"structures": make_structures().assign(base=0.8, base_low=0.7)})
    assert sure[0].get_figure().texts[0].get_text().endswith("It holds in most worlds as it is")


def test_conditions_judge_every_structural_setting_and_show_the_most_telling():
    shares = ((0.1, 0.2), (0.2, 0.32), (0.3, 0.43), (0.4, 0.54), (0.62, 0.63))
    drawn = plots.conditions({"structures": make_structures(shares)})
    assert "“Structural setting 4” is negotiated" in plots.caption_of(drawn)
    assert "Shown are the 4 structural settings under which wins differ most." in plots.caption_of(drawn)
    assert not any("setting 4" in t.get_text() for t in drawn[1].get_yticklabels())


def test_conditions_that_were_picked_out_of_many_are_not_believed_at_once():
    """Of options that all are fair coins the best of 22 lies above one half by chance."""
    stream, sure = draws(9), 0
    for _ in range(40):
        shares = stream.binomial(125, 0.5, size=(11, 2)) / 125
        frame = make_structures(shares).assign(base=0.5, base_low=0.46, base_high=0.54, n=125)
        title = plots.conditions({"structures": frame})[0].get_figure().texts[0].get_text()
        sure += title.replace("\n", " ").endswith("Some conditions make it likelier than not")
        plt.close("all")
    assert sure <= 4


def test_conditions_say_that_no_assumption_moves_it():
    still = make_tornado().assign(at_low=0.5, at_high=0.5, central=0.5)
    caption = plots.caption_of(plots.conditions({"tornado": still}))
    assert "No single assumption moves the gain of whoever gains least." in caption
    bent = make_tornado().assign(at_low=0.5, at_high=0.5, central=-0.2)
    caption = plots.caption_of(plots.conditions({"tornado": bent}))
    assert "moves it most, between −0.2 and 0.5 standard deviations" in caption
    assert "turn the sign of whoever gains least" in caption


def test_conditions_say_what_was_not_asked():
    drawn = plots.conditions({"tornado": make_tornado()})
    said = words_in(drawn)
    for part in ("identifiability", "neither discovery nor weights", "discovery"):
        assert f"{part} w" in said
    assert "Nothing to show" in plots.caption_of(plots.conditions({}))


def test_a_folder_gives_its_figures(tmp_path):
    with pytest.raises(InputError):
        SensitivityFigures.open(tmp_path)
