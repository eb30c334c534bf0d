"""What the page shows of a world, without a browser: years, fields, words, dots, figures."""

import base64
import dataclasses
import xml.etree.ElementTree as ElementTree
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from migsim.ensemble.batch import run_batch
from migsim.errors import InputError, ScenarioError
from migsim.explore.choices import MOST_SETTINGS, Choice, offered, settings_of, whole_number
from migsim.explore.dots import VARIABLES, WIDTH, map_of
from migsim.explore.drafts import Draft
from migsim.explore.drawing import FIGURES, Subject, draw
from migsim.explore.levers import levers
from migsim.explore.life import Life
from migsim.explore.stories import facts, publics, standpoints, story
from migsim.explore.words import comparison, first_theme, gain_tiles, last_session, met_so_far, signed
from migsim.scenario.load import load, shipped
from migsim.themes import THEMES

SMALL = str(Path(__file__).resolve().parents[1] / "small-forum.yaml")
CHOICE = Choice(SMALL)


@cache
def lived(choice=CHOICE, years=None):
    life = Life(choice)
    while not life.look.is_over and (years is None or life.look.year < life.look.first - 1 + years):
        life.step()
    return life


@pytest.mark.parametrize("choice", [CHOICE, Choice(SMALL, (), 7, "ranged", 3)])
def test_the_years_are_those_of_a_run(choice):
    look = lived(choice).look
    tables = run_batch(load(SMALL), (choice.replicate,), choice.seed, choice.parameters)
    for name in ("world", "states", "texts", "attendance"):
        frame = getattr(look, name)
        keys = [key for key in ("year", "process", "state", "paragraph") if key in frame.columns]
        ours = frame.sort_values(keys, kind="stable", ignore_index=True)
        theirs = type(frame)(tables[name]).sort_values(keys, kind="stable", ignore_index=True)
        for column in theirs.columns:
            np.testing.assert_array_equal(ours[column].to_numpy(), theirs[column].to_numpy(), err_msg=column)


def test_the_pair_is_the_scenario_without_processes():
    silent = Life(Choice(SMALL, ("processes=null",)))
    while not silent.look.is_over:
        silent.step()
    ours, theirs = lived().look.unforced, silent.look.states
    for column in ("income", "opinion_anti", "immigrants", "policy_remittances", "trust"):
        np.testing.assert_array_equal(ours[column], theirs[column], err_msg=column)


def test_after_the_last_year_nothing_happens():
    life = lived()
    assert life.step() is life.look
    assert life.look.year == 2009


def test_a_look_stays_what_it_was():
    life = Life(CHOICE)
    before = life.look
    life.step()
    assert (before.year, len(before.world), life.look.year, len(life.look.world)) == (2005, 1, 2006, 2)
    assert before.texts.empty


def test_the_gains_are_told_with_their_sign_and_way():
    tiles = gain_tiles(lived().look)
    figures = lived().look.figures
    assert [tile["who"] for tile in tiles] == [
        "Migrants", "Host countries", "Departure countries", "Whoever gains least",
    ]  # fmt: skip
    assert tiles[0]["gain"] == signed(figures["gain_migrants"])
    ways = {tile["who"]: tile["way"] for tile in tiles}
    assert ways["Migrants"] == ("up" if figures["gain_migrants"] > 0 else "down")
    assert tiles[3]["note"] == (
        "a triple win this year" if figures["weakest"] > 0 else "no triple win this year"
    )


def test_before_the_first_session_nothing_is_gained():
    look = lived(years=1).look
    assert {tile["way"] for tile in gain_tiles(look)} == {"level"}
    assert last_session(look).rows == ()
    assert "No session" in " ".join(story(look, "MEX"))


def test_the_two_worlds_differ_by_what_is_said():
    rows = {row[0]: row[1:] for row in comparison(lived().look).rows}
    figures = lived().look.figures
    assert rows["Trust among states, 0 to 1"][2] == signed(figures["trust"] - figures["baseline_trust"])
    assert rows["Trust among states, 0 to 1"][0] != rows["Trust among states, 0 to 1"][1]


def test_the_last_session_has_its_paragraphs():
    look = lived().look
    sheet = last_session(look)
    on = look.texts[(look.texts["year"] == 2009) & look.texts["on_agenda"]]
    assert len(sheet.rows) == len(on) > 0
    assert "2009" in sheet.caption
    came = int(look.attendance[look.attendance["year"] == 2009]["attended"].sum())
    assert f"{came} states came" in sheet.caption


def test_a_story_is_of_the_state():
    look = lived().look
    told = " ".join(story(look, "PHL"))
    assert "departure country" in told
    assert f"{look.members.subregion[look.members.index('PHL')]}" in told
    row = look.state("PHL")
    assert ("gains" if row["gain"] > 0 else "loses") in told
    assert len(standpoints(look, "PHL").rows) == len(THEMES)
    hosted = next(row for row in facts(look, "PHL").rows if row[0].startswith("Migrants it hosts"))
    assert float(hosted[1].replace(",", "")) == pytest.approx(row["immigrants"] / 1000, rel=1e-3)


def test_only_those_invited_come_or_stay_away():
    process = "processes.gfmd.participants={who: all, states: [MEX, PHL, BEL, GRC, TUR, SWE]}"
    look = lived(Choice(SMALL, (process,))).look
    assert "invited to no session" in story(look, "USA")[1]
    assert "3 sessions open to it" in story(look, "MEX")[1]
    came = look.attendance[look.attendance["attended"]]
    assert came["invited"].all()
    assert set(look.attendance[look.attendance["invited"]]["state"]) == {
        "MEX",
        "PHL",
        "BEL",
        "GRC",
        "TUR",
        "SWE",
    }


def test_the_sessions_of_several_processes_stand_apart():
    look = lived(Choice(SMALL, ("processes.puebla={extends: puebla}",))).look
    assert set(met_so_far(look)) == {"gfmd", "puebla"}
    every, one = last_session(look), last_session(look, "puebla")
    assert (every.columns[0], one.columns[0]) == ("Process", "Theme")
    assert set(row[1:] for row in every.rows if "Puebla" in row[0]) == set(one.rows) != set()


def test_publics_are_those_that_turned_most():
    look = lived().look
    sheet = publics(look)
    turned = look.states.pivot(index="state", columns="year", values="opinion_anti")
    first = (turned[2009] - turned[2005]).idxmax()
    assert sheet.rows[0][0] == look.members.name[look.members.index(first)]
    assert publics(lived(years=0).look).rows == ()


@pytest.mark.parametrize("variable", VARIABLES)
@pytest.mark.parametrize("is_difference", [False, True])
def test_every_state_is_on_the_map(variable, is_difference):
    look = lived().look
    drawn = map_of(look, variable, "remittances", is_difference=is_difference)
    assert {dot["iso3"] for dot in drawn["dots"]} == set(look.members.iso3)
    for dot in drawn["dots"]:
        assert dot["r"] < dot["x"] < WIDTH - dot["r"]
        assert dot["r"] < dot["y"] < drawn["height"] - dot["r"]
    assert "nan" not in str(drawn)


def test_dots_say_who_gains():
    look = lived().look
    dots = {dot["iso3"]: dot for dot in map_of(look, "gain", THEMES[0])["dots"]}
    gains = look.states[look.states["year"] == look.year].set_index("state")["gain"]
    assert {iso3 for iso3, dot in dots.items() if dot["below"]} == set(gains[gains < 0].index)
    shades = map_of(look, "gain", THEMES[0])["scale"]["shades"]
    best, worst = gains.idxmax(), gains.idxmin()
    assert shades.index(dots[best]["fill"]) > len(shades) // 2 > shades.index(dots[worst]["fill"])


def test_no_dot_hides_another():
    dots = map_of(lived(years=0).look, "gain", THEMES[0])["dots"]
    for n, one in enumerate(dots):
        for other in dots[:n]:
            assert np.hypot(one["x"] - other["x"], one["y"] - other["y"]) > one["r"] + other["r"] - 0.5


@pytest.mark.parametrize("name", FIGURES)
@pytest.mark.parametrize("years", [0, None])
def test_figures_are_images_that_say_what_they_show(name, years):
    picture = draw(name, lived(years=years).look, Subject("remittances", "MEX"))
    image = ElementTree.fromstring(base64.b64decode(picture.source.partition(",")[2]))
    assert image.tag.endswith("svg")
    assert len(picture.says) > 20


def test_a_figure_that_nobody_waits_for_is_not_drawn():
    assert draw("opinion", lived().look, Subject(), lambda: False) is None


def test_the_map_looks_first_at_the_first_theme():
    assert first_theme(lived().look) == "remittances"
    assert first_theme(lived(Choice(SMALL, ("processes=null",)), 0).look) == THEMES[0]


@pytest.mark.parametrize("name", list(shipped()))
def test_every_shipped_scenario_has_its_levers(name):
    definition = load(name)
    assert first_theme(SimpleNamespace(definition=definition)) in THEMES
    for process in definition.spec.processes:
        for lever in levers(definition, process):
            if lever.kind == "choice":
                assert lever.value in lever.options
            elif lever.kind != "flag":
                assert lever.low <= lever.value <= lever.high
                assert lever.low < lever.high


def test_fields_make_a_choice_that_says_only_what_was_moved():
    draft = Draft.of(CHOICE)
    assert draft.choice() == CHOICE
    moved = draft.moved("processes.gfmd.max_themes", 1).moved("processes.gfmd.mediator", True)
    assert moved.choice().settings == ("processes.gfmd.max_themes=1", "processes.gfmd.mediator=true")
    assert moved.moved("processes.gfmd.max_themes", 3).choice().settings == ("processes.gfmd.mediator=true",)
    assert moved.choice().definition().value("processes.gfmd.max_themes") == 1


def test_what_is_set_on_the_page_goes_before_the_command_line():
    draft = Draft.of(Choice(SMALL, ("processes.gfmd.max_themes=2", "processes.gfmd.mediator=true")))
    assert draft.moved("processes.gfmd.max_themes", 4).choice().settings == (
        "processes.gfmd.mediator=true",
        "processes.gfmd.max_themes=4",
    )


@pytest.mark.parametrize(
    ("field", "text", "said"),
    [
        ("seed", "-1", "seed: found '-1'; allowed is a whole number"),
        ("seed", "9" * 5000, "allowed is a whole number"),
        ("replicate", "first", "number of the world: found 'first'"),
        ("seed", "٣", "allowed is a whole number"),
        ("extra", "\n".join(f"a{n}=1" for n in range(MOST_SETTINGS + 1)), f"at most {MOST_SETTINGS}"),
        ("parameters", "wild", "central and ranged"),
    ],
)
def test_fields_that_cannot_be_used_are_named(field, text, said):
    with pytest.raises(InputError, match=said):
        dataclasses.replace(Draft.of(CHOICE), **{field: text}).choice()


@pytest.mark.parametrize(
    "line", ["processes.gfmd.max_themes=900", "nothing", "processes.gfmd.max_theme=1", "a=[", "=1"]
)
def test_settings_that_cannot_be_used_are_faults_of_the_scenario(line):
    with pytest.raises(ScenarioError):
        Life(dataclasses.replace(CHOICE, settings=settings_of(line)))


def test_whole_numbers_are_whole():
    assert whole_number("0", "seed") == 0
    with pytest.raises(InputError, match="seed"):
        whole_number("1.5", "seed")


def test_the_scenario_opened_stands_first():
    names = list(offered(SMALL))
    assert names[0] == SMALL
    assert set(shipped()) == set(names[1:])
    assert list(offered("no-forum")).count("no-forum") == 1
