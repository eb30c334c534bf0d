"""What a notebook shows: sound HTML, every text escaped, nothing from elsewhere, no colours of its own."""

import re
from html.parser import HTMLParser

import pytest

import migsim as ms
from migsim.scenario.representations import MOST_PROCESSES, card, grid
from tests.lives import small

NASTY = 'A <script>alert("x")</script> & $5 or $6'
VOID = {"br", "hr", "path", "circle"}


class Page(HTMLParser):
    """The words of a piece of HTML, by tag; fails on a tag that is not closed in its place."""

    def __init__(self, text):
        super().__init__()
        self.open, self.tags, self.words, self.looks = [], [], [], []
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.looks += [value for name, value in attributes if name in ("style", "fill", "stroke")]
        assert not {name for name, _ in attributes} & {"src", "href", "onclick", "onload"}
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, text):
        self.words.append(text)

    @property
    def text(self):
        return " ".join(" ".join(self.words).split())


@pytest.fixture(scope="module")
def shown():
    """One of each, of a scenario with a name that would like to be HTML."""
    nasty = small().vary(NASTY, {"processes.gfmd.max_themes": 1, "processes.gfmd.title": NASTY})
    model = ms.ForumModel(nasty, rng=4)
    for _ in range(2):
        model.step()
    run = ms.run(nasty, replicates=3, seed=4, workers=1)
    one = ms.run(small(), replicates=1, seed=4, workers=1)
    nobody = ms.run(small().vary("Nobody meets", {"processes": {}}), replicates=2, seed=4, workers=1)
    swept = ms.sweep(small(), {"processes.gfmd.max_themes": [1, 2]}, replicates=1, seed=4, workers=1)
    failed = _failed(nobody)
    return {
        "scenario": nasty,
        "model": model,
        "run": run,
        "one world": one,
        "nobody": nobody,
        "sweep": swept,
        "failed": failed,
        "study": ms.Study([run, one, nobody, failed]),
        "study of one": ms.Study([run]),
    }


def _failed(run):
    """A run of which no world was finished."""
    asked = {"asked": "0-1", "finished": "", "n_finished": 0}
    fault = {"replicate": 0, "error": NASTY, "traceback": ""}
    manifest = {**run.manifest, "replicates": asked, "failures": [fault]}
    source = type(run._source)({})
    return ms.Run(run.scenario.vary("All <b>failed</b>", {}), manifest, source)


CASES = ("scenario", "model", "run", "one world", "nobody", "sweep", "failed", "study", "study of one")


@pytest.mark.parametrize("case", CASES)
def test_it_is_sound_escaped_and_self_contained(shown, case):
    html = shown[case]._repr_html_()
    page = Page(html)
    assert not {"script", "b", "link", "img", "iframe", "style"} & set(page.tags)
    assert not re.search(r"https?:|url\(|@import", html)
    assert "nan" not in page.text.lower().split()
    assert repr(shown[case]).splitlines()[0] not in ("", html)


@pytest.mark.parametrize("case", CASES)
def test_it_brings_no_colour_of_its_own(shown, case):
    for look in Page(shown[case]._repr_html_()).looks:
        assert not re.search(r"#[0-9a-f]{3}|rgb|background", look)
        assert not re.search(r"color:(?!inherit)", look)


def test_a_scenario_tells_who_meets_and_what_it_sets(shown):
    text = Page(shown["scenario"]._repr_html_()).text
    assert NASTY in text
    assert "2006 to 2009" in text
    assert "processes.gfmd.max_themes" in text
    assert "decent work" in text
    assert "recession (recession)" in text


def test_many_processes_are_folded():
    whole = ms.load("ecosystem")
    assert len(whole.spec.processes) > MOST_PROCESSES
    page = Page(whole._repr_html_())
    assert f"{len(whole.spec.processes)} processes" in page.text
    assert "more" in page.text
    assert page.tags.count("details") == 3
    assert Page(ms.load("no-forum")._repr_html_()).text.count("without a forum") == 1


def test_a_model_tells_its_year_and_its_last_session(shown):
    model = shown["model"]
    assert model.last_sessions
    text = Page(model._repr_html_()).text
    assert "year 2007, of 2006 to 2009" in text
    assert "points of well-being per migrant of 2005" in text
    assert re.search(r"remittances \d+ of \d+", text)
    assert "last met" not in Page(ms.ForumModel(small())._repr_html_()).text


def test_a_run_tells_its_gains_with_their_range(shown):
    page = Page(shown["run"]._repr_html_())
    assert "3, each beside the same world in which nobody meets" in page.text
    middle = shown["run"].gains.query("year == 2009 and quantity == 'gain_departures'")["median"].item()
    told = re.search(r"departure countries, % of income ([+-][\d.]+) \(", page.text)
    assert float(told[1]) == pytest.approx(middle, rel=0.2)
    assert page.tags.count("circle") == 4
    assert "Conditional on the model's assumptions." in page.text
    assert "One world shows no range" in Page(shown["one world"]._repr_html_()).text


def test_a_dot_is_open_where_the_range_includes_zero(shown):
    run = shown["run"]
    dots = " ".join(re.findall(r"<circle[^>]*>", run._repr_html_()))
    last = run.triple_win.query("year == 2009")
    sure = (last["difference_p05"] > 0) | (last["difference_p95"] < 0)
    assert dots.count('fill="currentColor"') == sure.sum()
    assert dots.count('fill="none"') == (~sure).sum()


def test_what_has_no_result_says_why(shown):
    assert "nothing to compare" in Page(shown["nobody"]._repr_html_()).text
    assert "2 points of processes.gfmd.max_themes" in Page(shown["sweep"]._repr_html_()).text
    failed = Page(shown["failed"]._repr_html_()).text
    assert "No world was finished" in failed
    assert "1 replicate, see failures" in failed


def test_a_study_leaves_no_run_out(shown):
    study = shown["study"]
    page = Page(study._repr_html_())
    assert page.tags.count("tr") == 1 + len(study)
    assert "All <b>failed</b> 0 failed: no world was finished" in page.text
    assert f"Against {study.reference}" in page.text
    assert "Against" not in Page(shown["study of one"]._repr_html_()).text


def test_cells_are_escaped_unless_drawn():
    assert "&lt;i&gt;" in grid(("<i>",), [("<i>",)])
    assert "<td" in grid(("a",), [("<path/>",)], drawn=(0,))
    assert "<path/>" in grid(("a",), [("<path/>",)], drawn=(0,))
    assert "&lt;i&gt;" in card("<i>", "<i>", {"<i>": "<i>"})
    assert "gone" not in card("a", "", {"gone": ""})
