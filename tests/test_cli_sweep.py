"""The command that sweeps, driven as a user drives it."""

from pathlib import Path

import pytest

import migsim as ms
from migsim.cli import main
from tests.lives import SMALL

THEMES = "processes.gfmd.max_themes"
QUICK = ["--workers", "1", "--seed", "3"]


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def written(design):
    path = Path("design.yaml")
    Path(SMALL.name).write_bytes(SMALL.read_bytes())
    path.write_text(f"extends: {SMALL.name}\ntitle: Swept\n{design}\n", encoding="utf-8")
    return str(path)


def test_a_dry_run_lists_the_runs_and_their_cost(capsys):
    assert (
        main(["sweep", str(SMALL), "--over", f"{THEMES}=1,2", "--over", "trust.start=0.1..0.5", "--dry-run"])
        == 0
    )
    said = capsys.readouterr().out
    assert "grid: 10 points of 2 settings" in said
    assert f"{THEMES} 1, trust.start 0.1" in said
    assert "200 worlds in 14 shards: about" in said
    assert "of memory" in said
    assert not Path("runs").exists()


def test_a_sweep_says_what_came_out_at_each_point(capsys):
    assert main(["sweep", str(SMALL), "--over", f"{THEMES}=1,2", "--replicates", "2", *QUICK]) == 0
    said = capsys.readouterr().out
    assert "4 worlds at 2 points, in 2009" in said
    assert "max_themes 1 " in said
    [folder] = Path("runs").iterdir()
    assert {"outcomes.csv", "points.csv", "sample.json"} <= {path.name for path in folder.iterdir()}
    assert list((folder / "figures").glob("gain_hosts*.png"))
    assert ms.Run.open(folder).points[THEMES].tolist() == [1, 2, 1, 2]


def test_the_design_of_the_file_is_run_and_the_command_line_goes_before_it(capsys):
    file = written("design: {kind: latin_hypercube, points: 40, over: [{path: trust.start}, {path: luck}]}")
    assert main(["sweep", file, "--points", "30", *QUICK]) == 0
    said = capsys.readouterr().out
    assert "30 worlds at 30 points" in said
    assert "trust.start" in said
    assert "Spearman" in said


def test_a_file_varies_luck_over_a_range(capsys):
    over = "[{path: luck, low: 0, high: 2}, {path: trust.start}]"
    file = written(f"design: {{kind: latin_hypercube, points: 9, over: {over}}}")
    assert main(["sweep", file, "--dry-run"]) == 0
    said = capsys.readouterr().out
    assert all(f"luck {number}," in said for number in range(3))


@pytest.mark.parametrize(
    ("design", "kind", "said"),
    [
        ("kind: latin_hypercube, points: 5", "grid", "grid: 5 points"),
        ("steps: 3", "latin_hypercube", "latin hypercube: 100 points"),
        ("steps: 3, replicates: 2", "morris", "morris: 20 points"),
    ],
)
def test_sizes_of_the_file_that_another_kind_does_not_have_are_left_behind(design, kind, said, capsys):
    file = written(f"design: {{{design}, over: [{{path: trust.start}}]}}")
    assert main(["sweep", file, "--kind", kind, "--dry-run"]) == 0
    assert capsys.readouterr().out.startswith(said)
    assert main(["sweep", file, "--kind", "grid", "--points", "7", "--dry-run"]) == 2


@pytest.mark.parametrize(
    ("kind", "file", "said"), [("morris", "screening.csv", "mu*"), ("sobol", "indices.csv", "(ST in %")]
)
def test_walks_and_crossed_samples_tell_what_each_setting_does(kind, file, said, capsys):
    words = ["--over", "trust.start", "--over", f"{THEMES}=1,2", "--kind", kind, "--points", "8"]
    assert main(["sweep", str(SMALL), *words, "--out", "swept", *QUICK]) == 0
    told = capsys.readouterr().out
    assert said in told
    assert file in told
    assert "one in twenty" not in told
    header, first, *_ = (Path("swept") / file).read_text().splitlines()
    assert header.startswith("outcome,path,title,")
    assert first.startswith("gain_migrants,trust.start,")
    assert {file, "points.csv"} <= set(ms.Run.open("swept").manifest["outputs"])
    assert main(["rerun", "swept", "--workers", "1"]) == 0


def test_what_the_file_varies_is_not_set_as_well(capsys):
    file = written("design: {over: [{path: trust.start, values: [0.2, 0.3]}]}")
    assert main(["sweep", file, "--set", "trust.start=0.4", *QUICK]) == 2
    assert "trust.start: is set by --set and varied as well" in capsys.readouterr().err
    assert main(["sweep", file, "--set", "years.last=2008", "--dry-run"]) == 0


def test_points_of_a_file_are_run(capsys):
    Path("points.csv").write_text(
        f"{THEMES},processes.gfmd.reading\n1,chair_summary\n2,negotiated_conclusions\n"
    )
    words = ["--points", "points.csv", "--replicates", "1", "--out", "swept"]
    assert main(["sweep", str(SMALL), *words, *QUICK]) == 0
    assert ms.Run.open("swept").points["processes.gfmd.reading"].tolist() == [
        "chair_summary",
        "negotiated_conclusions",
    ]


def test_the_points_that_a_sweep_wrote_are_run_again():
    over = ["--over", f"{THEMES}=1,2", "--over", "trust.start=0.1..0.4", "--over", "luck=3,4", "--steps", "2"]
    assert main(["sweep", str(SMALL), *over, "--out", "first", *QUICK]) == 0
    assert main(["sweep", str(SMALL), "--points", "first/points.csv", "--out", "second", *QUICK]) == 0
    first, second = (ms.Run.open(folder) for folder in ("first", "second"))
    assert len(second.sample) == 8
    assert second.points.equals(first.points)
    assert second.outcomes().equals(first.outcomes())


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("trust.start\n0.1\n\n7", "points.csv:4: trust.start: 7; a number from 0 to 1"),
        ("trust.strt\n0.1", "points.csv:2: trust.strt: unknown key"),
        (f"trust.start,{THEMES}\n0.1,2\n0.2,", f"points.csv:3: no value of {THEMES}"),
        ("luck\n0\n-1", "points.csv:3: luck: found -1"),
        ("point,n\n0,1", "points.csv: a file of points has a column for each path"),
        ("trust.start", "points.csv: a file of points has a column for each path"),
        ("", "points.csv: a file of points has a column for each path"),
        ("trust.start\n0,1\n0,2", "points.csv:2: found 2 cells; allowed are as many as the header has, 1;"),
        ("trust.start\n\n0,1", "points.csv:3: found 2 cells"),
        (f"trust.start,{THEMES}\n0.1,2\n0.2", "points.csv:3: found 1 cell"),
        ("trust.start,trust.start\n0.1,0.2", "points.csv:1: 'trust.start' stands twice"),
        (
            'trust.start\n"0.1',
            "points.csv: cannot be read as CSV (unexpected end of data); close every quote",
        ),
    ],
)
def test_a_bad_point_of_a_file_is_told_with_its_line(rows, said, capsys):
    Path("points.csv").write_text(rows)
    assert main(["sweep", str(SMALL), "--points", "points.csv", "--dry-run"]) == 2
    assert said in capsys.readouterr().err


def test_a_file_of_points_that_is_no_text_is_told_what_to_be(capsys):
    Path("points.csv").write_bytes("trust.start\n0.1\n".encode("utf-16"))
    for name, said in (
        ("points.csv", "is not text in UTF-8; save it"),
        (".", "Is a directory; name a CSV file"),
    ):
        assert main(["sweep", str(SMALL), "--points", name, "--dry-run"]) == 2
        assert capsys.readouterr().err.startswith(f"{name}: {said}")


def test_a_list_of_scenarios_is_compared(capsys):
    file = written("design: {kind: scenarios, scenarios: [small-forum.yaml], replicates: 2}")
    assert main(["sweep", file, "--dry-run"]) == 0
    said = capsys.readouterr().out
    assert "design: 2 worlds" in said
    assert "small-forum: 2 worlds" in said
    assert not Path("runs").exists()
    assert main(["sweep", file, *QUICK, "--set", "years.last=2008"]) == 0
    said = capsys.readouterr().out
    assert "in 2008" in said
    assert "design " in said
    assert "small-forum " in said


@pytest.mark.parametrize("command", ["check", "sweep"])
def test_a_scenario_to_compare_that_is_not_there_is_told_with_its_place(command, capsys):
    file = written("design:\n  kind: scenarios\n  scenarios: [no-forum, small-form.yaml, atlantis]")
    assert main([command, file]) == 2
    first, second = capsys.readouterr().err.splitlines()
    assert first.startswith("design.yaml:5:25: design.scenarios.1: no file or scenario 'small-form.yaml'")
    assert "did you mean small-forum.yaml?" in first
    assert second.startswith("design.yaml:5:42: design.scenarios.2: no file or scenario 'atlantis'")


@pytest.mark.parametrize("command", ["check", "sweep"])
def test_a_list_that_holds_its_own_file_is_refused(command, capsys):
    file = written("design:\n  kind: scenarios\n  scenarios: [no-forum, design.yaml]")
    assert main([command, file]) == 2
    said = capsys.readouterr().err
    assert said.startswith("design.yaml:5:25: design.scenarios.1: 'design.yaml', the file itself; other")


@pytest.mark.parametrize("words", ["--points 4", "--kind grid", "--steps 3", "--tables all"])
def test_options_of_a_design_of_settings_are_refused_where_scenarios_are_compared(words, capsys):
    file = written("design: {kind: scenarios, scenarios: [no-forum]}")
    assert main(["sweep", file, "--dry-run", *words.split()]) == 2
    option = words.split()[0]
    assert capsys.readouterr().err.startswith(f"design.yaml:3:16: design.kind: {option} beside kind")


@pytest.mark.parametrize(
    ("design", "said"),
    [
        ("kind: sobol, steps: 4, over: [{path: trust.start}]", ":3:30: design.steps: are of a grid"),
        ("points: 4, over: [{path: trust.start}]", ":3:18: design.points: a grid has those of its values"),
        ("over: [{path: luck}]", ":3:9: design: luck: in a grid, name the numbers"),
        ("over: [{path: luck, values: [0.5]}]", ":3:17: design.over.0: luck: found 0.5"),
        (
            "over: [{path: years.last, values: [2000]}]",
            ":3:17: design.over.0: years.last: 2000; at least 2001",
        ),
        ("kind: morris, over: [{path: luck}]", ":3:9: design: luck: each Morris walk has its own"),
        (
            "kind: morris, replicates: 2, over: [{path: trust.start}]",
            "design.replicates: each Morris walk has",
        ),
        (
            "steps: 1000, over: [{path: trust.start}, {path: follow_up.pull}]",
            "20,000,000 worlds; allowed",
        ),
        ("parameters: ranged, over: [{path: luck, values: [0]}]", ":3:9: design: parameters ranged: luck is"),
        ("over: [{path: facts, values: [facts.csv]}]", ":3:9: design: facts: a file may change"),
    ],
)
def test_a_design_that_sweep_refuses_is_refused_by_check(design, said, capsys):
    file = written(f"design: {{{design}}}")
    Path("facts.csv").write_text("state,quantity,year,value,source\nMexico,unemployment,2005,9.5,Ours\n")
    assert main(["sweep", file, "--dry-run"]) == 2
    capsys.readouterr()
    assert main(["check", file]) == 2
    assert said in capsys.readouterr().err


def test_all_that_is_wrong_with_a_design_is_told_at_once(capsys):
    over = "[{path: luck, values: [-1]}, {path: years.last, values: [2000]}]"
    assert main(["check", written(f"design: {{points: 5, replicates: 2, over: {over}}}")]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 4


def test_scenarios_beside_the_file_are_found_from_elsewhere(tmp_path, monkeypatch, capsys):
    file = tmp_path / written("design: {kind: scenarios, scenarios: [small-forum.yaml, no-forum]}")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert main(["check", str(file)]) == 0
    assert "fine" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "no design of its own"),
        (["--over", "=1"], "--over"),
        (["--over", f"{THEMES}="], "PATH=1,2,3"),
        (["--over", f"{THEMES}=1,x"], THEMES),
        (["--over", "trust.start=0.5..0.1"], "low below high"),
        (["--over", "trust.start=0.1.."], "trust.start=0.1..0.9"),
        (["--over", "trust.start=0.2,,0.3"], "trust.start=1,2,3"),
        (["--over", "world.flows.hump=hump..none"], "allowed is"),
        (["--over", "trust.start=0.2", "--over", "trust.start=0.3"], "twice"),
        (["--over", "trust.start=0.2,0.3", "--set", "trust.start=0.4"], "trust.start: is set by --set and"),
        (["--over", "trust.start", "--set", "trust={start: 0.4}"], "leave out one of the two"),
        (["--over", "luck"], "name the numbers"),
        (["--over", "trust.strt"], "did you mean start"),
        (["--over", THEMES, "--tables", "wrld"], "--tables"),
        (["--over", THEMES, "--tables", "all,world"], "allowed are all by itself, or some of world"),
        (["--points", "nowhere.csv"], "no such file"),
        (["--over", THEMES, "--kind", "cube"], "--kind"),
    ],
)
def test_bad_input_ends_in_a_message_and_code_2(words, said, capsys):
    assert main(["sweep", str(SMALL), *words, *QUICK]) == 2
    told = capsys.readouterr().err
    assert said in told
    assert "Traceback" not in told


def test_where_nothing_comes_of_it_noughts_are_shown(capsys):
    words = ["--over", "trust.start=0.2,0.4", "--replicates", "1", "--set", "years.last=2006"]
    assert main(["sweep", str(SMALL), *words, *QUICK]) == 0
    assert "+0.000" in capsys.readouterr().out
