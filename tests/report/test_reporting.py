"""Reports: self-contained, the same bytes again, safe, and honest about what is missing."""

import json
import re
import shutil
from pathlib import Path

import pytest

import migsim as ms
from migsim.cli import main
from migsim.ensemble.batch import run_batch
from migsim.errors import InputError
from migsim.report.assumptions import assumed, known
from migsim.report.opening import opened_runs
from migsim.report.pictures import SETTINGS, finding_of, picture_of
from migsim.report.reporting import OF_ALL, OF_THE_FIRST, report
from migsim.results.run import Run
from migsim.results.study import Study
from tests.lives import small
from tests.plots.drawings import FIGURES
from tests.report.conftest import EVIL
from tests.report.reading import Page

MOST_BYTES = 2_000_000
SECTIONS = ["findings", "outcomes", "asked", "figures", "assumptions", "limits", "origins", "again"]


def failed(run, numbers):
    """The same run as if some of its worlds had failed."""
    left = tuple(number for number in run.replicates if number not in numbers)
    failures = [{"replicate": n, "error": "ValueError: <b>a</b> fault", "traceback": "..."} for n in numbers]
    worlds = {"asked": run.manifest["replicates"]["asked"], "finished": "", "n_finished": len(left)}
    tables = run_batch(run.scenario, left, run.seed) if left else {}
    made = Run.from_tables(run.scenario, tables, seed=run.seed, parameters="ranged") if left else run
    source = made._source if left else type("None", (), {"names": (), "columns": None, "read": None})()
    return Run(run.scenario, {**run.manifest, "failures": failures, "replicates": worlds}, source)


def test_a_report_of_one_run_says_everything_once(place, capsys):
    assert main(["report", "runs/small-forum", "--quiet"]) == 0
    said = capsys.readouterr()
    assert said.out == "Report: runs/small-forum-report.html\n"
    assert said.err == ""
    page = Page(Path("runs/small-forum-report.html"))
    assert page.requests == []
    assert page.broken == set()
    assert len(page.ids) == len(set(page.ids))
    assert [a["id"] for a in page.of("h2")] == SECTIONS
    assert len(page.of("figure")) == 6
    assert len(page.source) < MOST_BYTES
    assert page.of("html") == [{"lang": "en"}]
    drawings = [a for a in page.of("div") if a.get("role") == "img"]
    assert len(drawings) == 6
    assert all(len(a["aria-label"]) > 40 for a in drawings)
    assert all(a.get("aria-hidden") == "true" for a in page.of("svg"))
    assert not page.of("image")
    assert len(page.of("h1")) == 1


def test_findings_are_those_of_the_table_and_the_captions(place, quick):
    run = Run.open("runs/small-forum")
    page = Page(run.report("page.html"))
    last = run.gains[(run.gains["year"] == 2009) & (run.gains["quantity"] == "gain_departures")].iloc[0]
    told = re.search(
        r"Departure countries gain ([\d.]+) % of income by 2009 \(5–95 %: ([\d.]+) to ([\d.]+)\)", page.text
    )
    assert told, "the finding is missing"
    shown = [float(number) for number in told.groups()]
    assert shown == pytest.approx([last["median"], last["p05"], last["p95"]], rel=0.06)
    from migsim.plots import caption_of

    caption = caption_of(run.plot.attendance())
    assert finding_of(caption) in " ".join(page.text.split())
    assert "Conditional on the model's assumptions" in page.text


def test_the_same_bytes_again_and_for_any_number_of_workers(place, quick):
    dates = {name: Run.open(f"runs/{name}").manifest["finished_at"] for name in ("small-forum", "again")}
    pages = [ms.Run.open(f"runs/{name}").report(f"{name}.html").read_bytes() for name in dates]
    assert Run.open("runs/small-forum").report("more.html").read_bytes() == pages[0]
    first, second = (page.replace(dates[n][:10].encode(), b"-") for n, page in zip(dates, pages, strict=True))
    assert first == second
    assert str(place) not in pages[0].decode()


def test_a_reader_s_own_settings_of_matplotlib_change_nothing(place, quick):
    import matplotlib as mpl

    run = Run.open("runs/small-forum")
    usual = run.report("a.html").read_bytes()
    own = {
        "svg.fonttype": "none",
        "svg.hashsalt": None,
        "path.simplify": False,
        "figure.dpi": 61,
        "font.size": 20,
    }
    assert set(own) & set(SETTINGS)
    with mpl.rc_context(own):
        assert run.report("b.html").read_bytes() == usual


def test_names_are_text_and_nothing_else(place, quick):
    page = Page(Run.open("runs/evil").report("evil.html"))
    assert page.requests == []
    assert not page.of("img")
    assert EVIL in page.text
    assert "49" not in page.of("title")
    assert EVIL in "".join(text for tag, text in page.texts if tag == "title")
    study = Page(Study([Run.open("runs/small-forum"), Run.open("runs/evil")]).report("both.html"))
    assert study.requests == []
    assert "onerror=alert(2)" in study.text


def test_four_scenarios_and_six_figures_are_small(place):
    runs = [Run.open(f"runs/{name}") for name in ("small-forum", "evil", "nobody")]
    closed = small().vary("closed", {"processes.gfmd.max_themes": 1})
    runs.append(ms.run(closed, replicates=2, seed=3, workers=1))
    page = Page(Study(runs).report("four.html"))
    assert len(page.source.encode()) < MOST_BYTES
    assert len(page.of("figure")) == 6
    assert page.requests == []
    assert len(page.ids) == len(set(page.ids))
    assert "All three groups gain by 2009" in page.text
    assert "Whoever gains least does best under" in page.text
    assert "migsim run small-forum.yaml --replicates 3 --seed 3" in page.text
    assert page.text.count("What comes out recommendation") == 1
    assert "processes.gfmd.max_themes 3 1 themes" in page.text
    assert page.text.count("Nobody meets in it.") == 1


def test_a_dozen_are_all_there(place, quick):
    base = Run.open("runs/small-forum")
    runs = [base] + [
        Run(base.scenario.vary(f"Number {n}", {}), base.manifest, base._source, base.folder)
        for n in range(11)
    ]
    page = Page(Study(runs).report("dozen.html"))
    assert len(page.source.encode()) < MOST_BYTES
    rows = page.text[
        page.text.index("Gains by 2009") : page.text.index("What was asked", page.text.index("Gains by 2009"))
    ]
    assert all(f"Number {n} " in rows for n in range(11))


def test_a_reader_may_choose_the_figures(place, capsys):
    chosen = "winners, attendance,winners"
    given = ["report", "runs/small-forum", "runs/nobody", "--figures", chosen, "--out", "x.html", "--quiet"]
    assert main(given) == 0
    page = Page(Path("x.html"))
    assert [a["id"] for a in page.of("figure")] == ["winners", "attendance"]
    titles = [text for tag, text in page.texts if tag == "h3" and text.startswith("Figure ")]
    assert titles[0].endswith("ranked by their gain (Small forum only)")
    assert "only" not in titles[1]
    assert "--figures winners,attendance,winners" in page.text
    assert main(["report", "runs/small-forum", "--figures", "", "--out", "x.html", "--quiet"]) == 0
    assert not Page(Path("x.html")).of("figure")
    capsys.readouterr()
    for folder, said in (
        ("small-forum", "figures: found 'plain'; allowed are triple_win, plane, "),
        ("sweep", "figures: a sweep is drawn over its settings"),
    ):
        assert main(["report", f"runs/{folder}", "--figures", "plain"]) == 2
        assert said in capsys.readouterr().err


def test_every_figure_of_runs_can_be_chosen_and_drawn_of_runs_without_a_process(place):
    run = Run.open("runs/nobody")
    drawn = {name for name in dir(run.plot) if not name.startswith("_")}
    assert drawn - {*OF_ALL, *OF_THE_FIRST} == {"fan", "save_all", "state_story", "sweep"}
    page = Page(Study([run]).report("all.html", figures=[*OF_ALL, *OF_THE_FIRST]))
    assert len(page.of("figure")) == len(OF_ALL) + len(OF_THE_FIRST)
    assert len(page.ids) == len(set(page.ids))


def test_failures_are_told_with_their_errors(place, quick):
    run = failed(Run.open("runs/small-forum"), (1,))
    page = Page(report(run, "some.html"))
    assert (
        "1 of 3 worlds failed (ValueError: <b>a</b> fault). All figures are of the 2 that finished."
        in page.text
    )
    assert not [a for a in page.of("b") if a]
    whole = failed(Run.open("runs/small-forum"), (0, 1, 2))
    page = Page(report(whole, "none.html"))
    assert "No world was finished, so nothing can be said." in page.text
    assert not page.of("figure")
    both = Page(report(Study([Run.open("runs/evil"), whole]), "both.html"))
    assert "no result" in both.text
    assert "No result, because no world was finished: Small forum." in both.text


def test_without_a_process_there_is_no_table_and_no_gain(place):
    page = Page(Run.open("runs/nobody").report("nobody.html"))
    assert "Without a process no forum meets, and there is nothing to compare." in page.text
    assert "outcomes" not in page.ids
    assert page.broken == set()
    assert len(page.of("figure")) == 2


def test_one_world_has_no_interval(place, quick):
    page = Page(ms.run(small(), replicates=1, seed=3, workers=1).report("one.html"))
    assert "gain in the one world run" in page.text
    assert "90 % sampling interval of the share:" not in page.text
    assert "nan" not in page.text.lower().split()


def test_a_sweep_is_reported_alone(place, capsys):
    page = Page(Run.open("runs/sweep").report("sweep.html"))
    assert "What was varied processes.gfmd.max_themes 1, 2" in page.text
    assert len(page.of("figure")) == 4
    assert not page.of("image")
    assert "migsim rerun" in page.text
    assert main(["report", "runs/sweep", "runs/evil"]) == 2
    assert "runs/sweep: is a sweep, which is reported alone" in capsys.readouterr().err
    found = opened_runs(["small-forum.yaml"])
    assert [run.sample for run in found] == [None]


@pytest.mark.filterwarnings("ignore:evil and small-forum")
def test_a_study_folder_and_scenario_files(place, quick, capsys):
    ms.compare(["runs/small-forum", "runs/evil"], out="study")
    assert main(["report", "study", "--quiet"]) == 0
    assert Path("study-report.html").is_file()
    assert (
        main(["report", "small-forum.yaml", "runs/evil", "runs/small-forum", "--quiet", "--out", "x.html"])
        == 0
    )
    found = opened_runs(["study", "runs/small-forum", "small-forum.yaml"])
    assert [run.folder.name for run in found] == ["small-forum", "evil", "again"]
    page = Page(Path("x.html"))
    assert "Scenarios: Small forum (1); " in page.text


def test_assumptions_without_an_analysis_are_told_as_no_more_than_that(place, quick):
    runs = [Run.open("runs/small-forum")]
    assert known(runs) is None
    found = assumed(runs)
    n_sources = [row[3].count(",") for row in found.rows]
    assert n_sources == sorted(n_sources, reverse=True)
    assert 100 < found.n_assumed < found.n_used
    page = Page(runs[0].report("page.html"))
    assert "nothing here says which assumption decides the result" in page.text
    pinned = small().vary("pinned", {found.rows[0][4]: 0.5}) if "*" not in found.rows[0][4] else small()
    held = Run(pinned, runs[0].manifest, runs[0]._source)
    assert assumed([held]).n_assumed == found.n_assumed - 1


def analysis(folder, run, **changes):
    """The folder of a made-up sensitivity analysis."""
    from tests.plots.sensitivity_frames import make_tornado

    folder.mkdir(parents=True)
    make_tornado().to_csv(folder / "tornado.csv", index=False)
    (folder / "findings.txt").write_text(
        "Small forum: what\nIn short: <i>never</i>.\n\nTornado\n  One turns.\n\nApart\n  Luck.\n"
    )
    held = {"format": "migsim sensitivity", "name": run.name, "title": "A & B", "size": "quick", "seed": 1}
    held |= {"scenario_hash": run.manifest["scenario_hash"], "parts": ["tornado"], "worlds": {"tornado": 64}}
    (folder / "manifest.json").write_text(json.dumps(held | changes))


@pytest.mark.parametrize("where", ["runs/what-matters", "runs/small-forum/what-matters"])
def test_an_analysis_beside_or_in_the_run_is_shown(place, quick, where):
    run = Run.open("runs/small-forum")
    analysis(Path(where), run)
    page = Page(run.report("page.html"))
    assert "A sensitivity analysis of A & B says" in page.text
    assert "In short: <i>never</i>." in page.text
    assert "64 worlds, size quick, seed 1; made with another version" in page.text
    assert page.text.index("One turns.") < page.text.index("More of its findings") < page.text.index("Luck.")
    assert len(page.of("figure")) == 3
    assert page.requests == []
    shutil.rmtree(where)
    analysis(Path(where), run, scenario_hash="another")
    text = Page(run.report("page.html")).text
    assert "nothing here says which assumption decides the result" in text
    assert "lies beside the runs, but the scenario was set otherwise then" in text


def test_other_files_are_never_replaced_unless_forced(place, quick, capsys):
    mine = Path("mine.html")
    mine.write_text("mine")
    Path("folder.html").mkdir()
    for words, said in (
        (
            ["report", "runs/evil", "--out", "mine.html"],
            "mine.html: is there already and is no page that `migsim report`",
        ),
        (["report", "runs/evil", "--out", "folder.html"], "folder.html: is a folder"),
        (["report", "runs"], "runs: it is not a run folder"),
        (["report", "no-such"], "no such file or scenario"),
        (["report", "gfmd-2007-2015"], "no finished run of gfmd-2007-2015 in runs/"),
        (["report"], "Missing argument"),
    ):
        assert main(words) == 2
        told = capsys.readouterr()
        assert said in told.err
        assert "Traceback" not in told.err
        assert told.out == ""
    assert mine.read_text() == "mine"
    assert main(["report", "runs/evil", "--out", "mine.html", "--force", "--quiet"]) == 0
    assert main(["report", "runs/evil", "--out", "mine.html", "--quiet"]) == 0
    Path("file").write_text("")
    assert main(["report", "runs/evil", "--out", "file/page.html", "--quiet"]) == 3


def test_a_damaged_run_is_refused(place, capsys):
    path = Path("runs/evil/manifest.json")
    held = json.loads(path.read_text())
    path.write_text(json.dumps({name: value for name, value in held.items() if name != "tables_sha256"}))
    assert main(["report", "runs/evil"]) == 2
    assert "is damaged (tables_sha256)" in capsys.readouterr().err
    with pytest.raises(InputError, match="found none"):
        opened_runs([])


@pytest.mark.parametrize("name", FIGURES)
def test_no_picture_keeps_pixels_dates_or_words_that_are_not_its_own(name):
    picture = picture_of(FIGURES[name](), "one")
    assert "<image" not in picture.svg
    assert "<!--" not in picture.svg
    assert "<metadata" not in picture.svg
    assert not re.search(r"\d\.\d{3,}(?![\d]*\))", " ".join(re.findall(r' d="([^"]*)"', picture.svg)))
    assert picture.title
    assert picture.caption
    assert not re.search(r"that differ in|Conditional on|A cell:|Dots? (are|is)", picture.finding)
    assert all(each.startswith("one-") for each in re.findall(r' id="([^"]*)"', picture.svg))
