"""The course of a negotiation: lines where actors move, dots where they do not."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes

from migsim import plots
from migsim.plots.course_wording import MOST_PANELS
from migsim.plots.courses import ROLES, course
from migsim.plots.style import COLOURS, INK
from tests.plots.conftest import draws

NAMES = ("host", "departure", "transit", "igo", "civil")


def made(n_actors=8, n_themes=3, n_turns=4, adopted=True):
    """Positions, texts and roles of a made-up negotiation whose actors draw together."""
    draw = draws(n_actors, n_themes)
    start = draw.uniform(0.0, 100.0, (n_actors, n_themes))
    rows = [
        (turn, f"actor {i}", f"theme_{k}", 50.0 + (start[i, k] - 50.0) / (1.0 + turn))
        for turn in range(n_turns + 1)
        for i in range(n_actors)
        for k in range(n_themes)
    ]
    themes = [f"theme_{k}" for k in range(n_themes)]
    text = pd.DataFrame(
        {
            "theme": themes,
            "position": 55.0,
            "ambiguity": 10.0,
            "adopted": adopted,
            "objections": [k for k in range(n_themes)],
            "compromise": 50.0,
        }
    )
    roles = {f"actor {i}": NAMES[i % len(NAMES)] for i in range(n_actors)}
    return pd.DataFrame(rows, columns=["turn", "actor", "theme", "position"]), text, roles


def panels(drawn):
    return list(np.atleast_1d(np.asarray(drawn, dtype=object)).ravel())


@pytest.mark.parametrize("n_turns", [0, 1, 12])
@pytest.mark.parametrize("n_actors", [1, 3, 8, 60])
@pytest.mark.parametrize("n_themes", [1, 2, 4, 5])
def test_a_labelled_panel_for_each_theme(n_turns, n_actors, n_themes):
    positions, text, roles = made(n_actors, n_themes, n_turns)
    drawn = course(positions, text, roles=roles, protocol="A protocol")
    found = panels(drawn)
    assert len(found) == n_themes
    assert isinstance(found[0], Axes)
    assert isinstance(drawn, Axes) is (n_themes == 1)
    assert [panel.get_title(loc="left") for panel in found] == [f"Theme {k}" for k in range(n_themes)]
    assert all(panel.get_xlabel() for panel in found)
    assert found[0].get_ylabel()
    caption = plots.caption_of(drawn)
    assert f"n = {n_actors} actor" in caption
    assert "nan" not in caption
    assert found[0].figure.texts[0].get_text().startswith("A protocol: ")


def test_lines_are_coloured_by_role_over_the_turns():
    positions, text, roles = made(n_actors=8, n_themes=1, n_turns=4)
    panel = course(positions, text, roles=roles)
    lines = [line for line in panel.lines if len(line.get_xdata()) == 5]
    assert [line.get_color() for line in lines] == [ROLES[role][1] for role in roles.values()]
    at = positions.set_index("actor").loc["actor 3", "position"].tolist()
    assert lines[3].get_ydata().tolist() == at


def test_few_lines_are_named_and_many_are_not():
    few, text, roles = made(n_actors=3, n_themes=1, n_turns=1)
    named = {each.get_text() for each in course(few, text, roles=roles).texts}
    assert {"actor 0", "actor 1", "actor 2"} <= named
    many, text, roles = made(n_actors=12, n_themes=1, n_turns=1)
    assert not course(many, text, roles=roles).texts


@pytest.mark.parametrize("n_turns", [0, 4])
@pytest.mark.parametrize("adopted", [True, False])
def test_the_text_is_hollow_where_it_is_not_adopted(n_turns, adopted):
    positions, text, roles = made(n_themes=1, n_turns=n_turns, adopted=adopted)
    panel = course(positions, text, roles=roles)
    (mark,) = [line for line in panel.lines if line.get_marker() == "o"]
    assert mark.get_markerfacecolor() == (INK if adopted else "white")
    at = mark.get_ydata() if n_turns else mark.get_xdata()
    assert np.ravel(at).tolist() == [55.0]


def test_actors_who_never_move_are_dots_by_name_or_by_role():
    positions, text, roles = made(n_actors=8, n_themes=1, n_turns=0)
    panel = course(positions, text, roles=roles)
    assert [label.get_text() for label in panel.get_yticklabels()] == list(roles)
    assert len(panel.collections) >= 8
    positions, text, roles = made(n_actors=193, n_themes=1, n_turns=0)
    panel = course(positions, text, roles=roles)
    words = " ".join(label.get_text().replace("\n", " ") for label in panel.get_yticklabels())
    assert words.startswith("host states (39) departure states (39)")
    dots = [each for each in panel.collections if len(each.get_offsets()) > 30]
    assert sum(len(each.get_offsets()) for each in dots) == 193
    assert max(abs(each.get_offsets()[:, 1] - row).max() for row, each in enumerate(dots)) < 0.5


def test_themes_beyond_twelve_are_named_in_the_caption():
    positions, text, roles = made(n_actors=3, n_themes=14, n_turns=1)
    drawn = course(positions, text, roles=roles)
    assert len(panels(drawn)) == MOST_PANELS
    assert "Not shown, twelve themes a figure: theme_12, theme_13." in plots.caption_of(drawn)


def test_the_caption_states_a_finding():
    positions, text, roles = made(n_actors=8, n_themes=3, n_turns=4)
    said = plots.caption_of(course(positions, text, roles=roles))
    assert "Texts stand 5.0 points from the compromise mean on average" in said
    spans = positions.groupby(["turn", "theme"])["position"].agg(lambda at: at.max() - at.min())
    first, last = (spans[turn].mean() for turn in (0, 4))
    assert f"{first:.1f} points apart at the start, {last:.1f} after 4 turns" in said
    assert "3 of 3 texts are adopted; at most 2 actors are against one, on Theme 2." in said


def test_draws_on_the_axes_given_and_refuses_another_number():
    positions, text, roles = made(n_themes=2)
    figure, given = plt.subplots(1, 2, figsize=(17, 5))
    assert panels(course(positions, text, roles=roles, ax=given)) == list(given)
    assert plt.get_fignums() == [figure.number]
    with pytest.raises(ValueError, match="panels and was given"):
        course(positions, text, roles=roles, ax=plt.subplots(1, 3)[1])


def test_without_roles_all_are_drawn_alike():
    positions, text, _ = made(n_themes=1)
    lines = [line for line in course(positions, text).lines if len(line.get_xdata()) == 5]
    assert {line.get_color() for line in lines} == {COLOURS[0]}


def test_the_same_picture_is_the_same_bytes(tmp_path):
    written = [plots.save(course(*made()[:2]), tmp_path / f"{n}.png")[0].read_bytes() for n in (1, 2)]
    assert written[0] == written[1]
    assert plt.get_fignums() == []
