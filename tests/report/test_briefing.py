"""Briefs: one page on a state, with figures that are those of the tables."""

import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

import migsim as ms
from migsim.cli import main
from migsim.errors import InputError
from migsim.plots.intervals import Interval
from migsim.report.briefing import brief
from migsim.report.gained import PARTS, gains_of
from migsim.report.identity import company_of, facts_of, own_figures, state_named
from migsim.report.lived_again import lived_again
from migsim.report.outcomes import cell
from migsim.report.said import _farthest, told_by
from migsim.report.state_rows import interval_of, median_of_others, rows_of_states
from migsim.results.run import Run
from migsim.themes import THEMES
from tests.lives import small
from tests.report.conftest import EVIL
from tests.report.reading import Page

BROWSER = shutil.which("chromium")


def test_a_brief_says_what_it_is_for(place, capsys):
    assert main(["brief", "Mexico", "runs/small-forum", "--quiet"]) == 0
    assert capsys.readouterr().out == "Brief: runs/small-forum-brief-MEX.html\n"
    page = Page(Path("runs/small-forum-brief-MEX.html"))
    assert page.requests == []
    assert page.broken == set()
    assert len(page.ids) == len(set(page.ids))
    assert [a["id"] for a in page.of("h2")] == ["facts", "story", "themes", "gains", "said"]
    run = Run.open("runs/small-forum")
    own = run.table("states")
    own = own[(own["state"] == "MEX") & (own["year"] == 2009)]
    assert f"Mexico’s gain by 2009 is {Interval.of(own['gain']).median:.1g}"[:29] in page.text
    assert "all together" in page.text
    assert "that of the median other state of its region" in page.text
    assert "in the first 3 worlds lived again" in page.text
    assert len(page.of("svg")) == 1
    assert "Migrant workers’ convention party since 1999-03-08" in page.text


def test_the_same_bytes_again_and_for_any_number_of_workers(place):
    made = [
        Run.open(f"runs/{name}").brief("MEX", f"{name}.html").read_text() for name in ("small-forum", "again")
    ]
    assert Run.open("runs/small-forum").brief("mexico", "more.html").read_text() == made[0]
    first, second = (re.sub(r"\d{4}-\d\d-\d\d\.</p>", "", page) for page in made)
    assert first == second


def test_markdown_holds_the_same_and_no_harm(place, capsys):
    assert main(["brief", "PHL", "runs/evil", "--format", "md", "--out", "phl.md", "--quiet"]) == 0
    text = Path("phl.md").read_text("utf-8")
    assert text.startswith("<!-- migsim brief -->\n# Philippines\n")
    assert "<script" not in text
    assert "&lt;script&gt;alert(1)" in text
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert {len(re.findall(r"(?<!\\)\|", line)) for line in rows} == {4, 6, 7}
    page = Page(Run.open("runs/evil").brief("PHL", "phl.html"))
    assert EVIL in page.text
    assert page.requests == []


def test_gains_are_parts_that_add_up(place):
    run = Run.open("runs/small-forum")
    rows = rows_of_states(run, "states", company_of(run, "MEX").states, [
        "role_host", "role_departure", "gain", *(f"gain_{part}" for part in PARTS)
    ])  # fmt: skip
    last = rows[rows["year"] == 2009]
    assert set(last["state"]) == {"ARG", "BRA", "MEX", "USA"}
    parts = sum(last[f"gain_{part}"] * last[f"role_{role}"] for part, (_, role) in PARTS.items())
    np.testing.assert_allclose(parts, last["gain"], atol=1e-12)
    told, found = gains_of(last, "MEX")
    assert told[0].is_sum
    assert told[0].own == cell(found["all together"])
    named = {name for gain in told for name in gain.name.split(", ")}
    assert named == {"all together", *(name for name, _ in PARTS.values())}
    others = median_of_others(last, "MEX", "gain")
    assert others.loc[0] == np.median(last[(last["replicate"] == 0) & (last["state"] != "MEX")]["gain"])


def test_several_lucks_of_a_draw_count_once():
    run = ms.run(small(), replicates=2, inner=2, seed=3, workers=1)
    rows = rows_of_states(run, "states", ["MEX"], ["gain"])
    gains = rows[rows["year"] == 2009].set_index("replicate")["gain"]
    assert len(gains) == 4
    assert interval_of(gains).n == 2


def test_what_was_added_is_the_difference_from_the_paired_world(place):
    run = Run.open("runs/small-forum")
    rows = rows_of_states(run, "states", ["MEX"], run.columns("states"))
    again = lived_again(run, "MEX", rows[rows["year"] == 2009])
    assert not isinstance(again, str), again
    world = run.world[run.world["year"] == 2009].set_index("replicate")
    added = (
        world["policy"] - world["baseline_policy"]
    )  # a mean over paragraphs, of which themes have two to five
    texts = run.table("texts")
    n_paragraphs = texts.groupby("theme")["paragraph"].nunique().loc[list(THEMES)]
    by_theme = again.added.mean(axis=1)
    np.testing.assert_allclose(np.average(by_theme, axis=1, weights=n_paragraphs), added, rtol=1e-7)
    assert set(again.sittings) == {("gfmd", year) for year in (2007, 2008, 2009)}
    most = texts[texts["adopted"]].groupby(["year", "replicate"]).size().groupby("year").max()
    for (_, year), sitting in again.sittings.items():
        held = sitting.stands_by[np.isfinite(sitting.stands_by)]
        assert (held <= most[year]).all()
    other = rows.assign(policy_remittances=0.5)
    said = lived_again(run, "MEX", other[other["year"] == 2009])
    assert said == "the run was made with another version of migsim, and its worlds now come out otherwise"


def test_own_figures_of_the_scenario_stand_in_the_place_of_ours(place):
    Path("own.csv").write_text(
        "state,quantity,year,value,source\nMEX,unemployment,2005,9.5,<b>my</b> survey\n"
    )
    told = own_figures(small().with_facts("own.csv"), "MEX")
    assert told == {"unemployment": (9.5, "own figure: <b>my</b> survey")}
    usual, laid = facts_of("MEX"), facts_of("MEX", told)
    assert [fact.what for fact, other in zip(usual, laid, strict=True) if fact != other] == [
        "Unemployment 2005"
    ]
    run = ms.run(small().with_facts("own.csv"), replicates=1, seed=3, workers=1)
    page = Page(run.brief("MEX", "own.html"))
    assert "Unemployment 2005 9.5" in page.text
    assert "own figure: <b>my</b> survey" in page.text
    assert "1 of MEX; sources: <b>my</b> survey" in Page(run.report("report.html")).text


def test_without_sessions_there_is_nothing_to_say_but_that(place):
    page = Page(Run.open("runs/nobody").brief("MEX", "nobody.html"))
    assert "No session was held." in page.text
    assert "Mexico’s gain by 2009 is 0" in page.text


def test_a_state_without_neighbours_in_the_run(place):
    page = Page(Run.open("runs/small-forum").brief("AUS", "aus.html"))
    assert "median of the 0 other states" in page.text
    assert "that of the median" not in page.text


def test_many_sessions_are_told_by_process():
    import pandas as pd

    came = pd.DataFrame({"year": range(2001, 2010), "process": "gfmd", "state": "MEX", "attended": True})
    assert told_by(came) == "process"
    assert told_by(came.head(8)) == "session"


def test_of_many_themes_those_are_told_that_are_farthest_from_the_text():
    found = [(0.1, "a"), (0.3, "b"), (float("nan"), "c"), (0.2, "d"), (0.0, "e")]
    assert _farthest(found) == "b; d; 3 nearer to the text"
    assert _farthest(found[:3]) == "a; b; c"


def test_names_and_codes():
    assert {state_named(name) for name in ("MEX", "mex", " Mexico ", "mexico")} == {"MEX"}
    assert all(fact.source for fact in facts_of("PRK"))
    assert "no party by 2010" in {fact.figure for fact in facts_of("DEU")}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["Mexiko", "runs/evil"], "STATE: found 'Mexiko'"),
        (["Mexiko", "runs/evil"], "did you mean MEX (Mexico)?"),
        (["Kore", "runs/evil"], "KOR (South Korea) or PRK (North Korea)"),
        (["\x1b[31m", "runs/evil"], "name it as MEX or as Mexico"),
        (["FJI", "runs/evil"], "STATE: FJI is not one of the 24 states of runs/evil"),
        (["MEX", "runs/sweep"], "runs/sweep: is a sweep"),
        (["MEX", "runs"], "runs: it is not a run folder"),
        (["MEX", "runs/evil", "--format", "pdf"], "allowed are html, md"),
        (["MEX", "runs/evil", "--out", "small-forum.yaml"], "is no page that `migsim brief` wrote"),
        (["MEX"], "Missing argument"),
    ],
)
def test_bad_input_ends_with_a_message_and_code_2(place, capsys, words, said):
    before = sorted(Path().rglob("*"))
    assert main(["brief", *words]) == 2
    told = capsys.readouterr()
    assert said in told.err
    assert "Traceback" not in told.err
    assert "\x1b" not in told.err
    assert told.out == ""
    assert sorted(Path().rglob("*")) == before


def test_a_study_of_several_runs_is_refused(place, capsys):
    ms.compare(["runs/small-forum", "runs/again"], out="study")
    assert main(["brief", "MEX", "study"]) == 2
    assert "study: is a study of 2 runs; name one of them" in capsys.readouterr().err


def test_behaviours_of_the_author_s_own_are_told(place):
    class Absent:
        def attends(self, delegation):
            return False

    run = ms.run(small().with_behaviour("MEX", Absent()), replicates=1, seed=3, workers=1)
    page = Page(brief(run, "MEX", "own.html"))
    assert "Behaviours of the author’s own: MEX." in page.text
    assert "2007 0 %" in page.text


@pytest.mark.skipif(BROWSER is None, reason="there is no Chromium here")
def test_a_brief_is_one_sheet_of_paper(place):
    path = Run.open("runs/evil").brief("JOR", "jor.html").resolve()
    command = [
        BROWSER,
        "--headless",
        "--no-sandbox",
        "--no-pdf-header-footer",
        "--print-to-pdf=jor.pdf",
        path.as_uri(),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    assert len(re.findall(rb"/Type\s*/Page\b", Path("jor.pdf").read_bytes())) == 1


def test_without_a_finished_world_there_is_no_brief(place):
    run = Run.open("runs/small-forum")
    none = {"asked": "0-2", "finished": "", "n_finished": 0}
    with pytest.raises(InputError, match="no world was finished"):
        brief(Run(run.scenario, {**run.manifest, "replicates": none}, run._source), "MEX", "none.html")


def test_a_state_is_told_beside_its_group(place):
    run = Run.open("runs/small-forum")
    Path("own.csv").write_text("state,group\nMEX,Puebla\nUSA,Puebla\nMEX,Ibero-America\nARG,Ibero-America\n")
    assert company_of(run, "MEX").words == "its region"
    assert company_of(run, "MEX", "own.csv").states == ("ARG", "MEX", "USA")
    text = run.brief("MEX", "own.md", form="md", groups="own.csv").read_text("utf-8")
    assert "Median of Puebla and Ibero-America" in text
    assert "its region" not in text
    assert main(["brief", "BRA", "runs/small-forum", "--groups", "own.csv", "--quiet"]) == 2
