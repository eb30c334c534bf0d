"""The commands that look at runs again, driven as a user drives them."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

import migsim as ms
from migsim.cli import main
from tests.lives import SMALL, small

CLOSED = {"processes.gfmd.max_themes": 1}


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made")
    shutil.copy(SMALL, folder / SMALL.name)
    (folder / "closed.yaml").write_text(f"extends: {SMALL.name}\nprocesses: {{gfmd: {{max_themes: 1}}}}\n")
    for name in ("small-forum", "closed"):
        ms.run(folder / f"{name}.yaml", replicates=2, seed=3, workers=1, out=folder / "runs" / name)
    return folder


@pytest.fixture(autouse=True)
def _elsewhere(runs, tmp_path, monkeypatch):
    shutil.copytree(runs, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)


def test_diff_of_scenarios(capsys):
    assert main(["diff", "small-forum.yaml", "closed.yaml"]) == 0
    said = capsys.readouterr()
    assert said.out.splitlines()[2:] == [
        "They differ in 1 place:",
        "path                       A  B  unit    set by",
        "processes.gfmd.max_themes  3  1  themes  A small-forum.yaml:14, B closed.yaml:2",
    ]
    assert said.err == ""
    assert main(["diff", "closed.yaml", "closed.yaml"]) == 0
    assert capsys.readouterr().out == "closed and closed: the two set the same things\n"


def test_diff_of_runs_tells_outcomes_and_writes_tables(capsys):
    assert main(["diff", "runs/small-forum", "runs/closed", "--out", "apart"]) == 0
    said = capsys.readouterr().out
    assert "Outcomes (B less A; 2 worlds of A and 2 of B, compared world by world)" in said
    assert "weakest gain in 2009" in said
    assert "Texts adopted at least once" in said
    assert said.endswith("Results: apart\n")
    assert sorted(os.listdir("apart")) == ["manifest.json", "outcomes.csv", "settings.csv", "texts.csv"]
    assert pd.read_csv("apart/settings.csv")["path"].tolist() == ["processes.gfmd.max_themes"]
    assert (pd.read_csv("apart/outcomes.csv")["n"] == 2).all()
    assert main(["diff", "small-forum.yaml", "closed.yaml", "--outcomes"]) == 0
    assert capsys.readouterr().out.splitlines()[5:] == said.splitlines()[5:-1]


def test_replay_tells_where_the_story_is(capsys):
    assert main(["replay", "runs/small-forum", "1"]) == 0
    said = capsys.readouterr()
    assert said.out.startswith("World 1 of small-forum gives the same bytes as recorded (world, states,")
    assert (
        "Results: runs/small-forum-world-1\n  trace.md, sessions.csv, plenary.csv, decisions.csv" in said.out
    )
    assert said.err == ""
    story = Path("runs/small-forum-world-1/trace.md").read_text("utf-8")
    assert story.startswith("# Small forum, world 1\n")
    assert sorted(os.listdir("runs")) == ["closed", "small-forum", "small-forum-world-1"]
    assert main(["replay", "runs/small-forum", "0", "--out", "elsewhere", "--quiet"]) == 0
    assert Path("elsewhere/plenary.csv").is_file()
    assert main(["replay", "elsewhere", "0"]) == 2
    said = capsys.readouterr().err
    assert said == "elsewhere: holds a migsim replay, not a run; name the folder of a run\n"


def test_rerun_and_crate(capsys):
    assert main(["crate", "runs/small-forum"]) == 0
    assert capsys.readouterr().out == "Results: runs/small-forum/ro-crate-metadata.json\n"
    assert json.loads(Path("runs/small-forum/ro-crate-metadata.json").read_text("utf-8"))["@graph"]
    assert main(["rerun", "runs/small-forum", "--workers", "1"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("small-forum: 2 worlds, seed 3\ntable ")
    assert "small-forum comes out as recorded." in said
    with Path("runs/small-forum/gains.csv").open("a") as file:
        file.write("forged\n")
    assert main(["rerun", "runs/small-forum", "--workers", "1", "--quiet"]) == 1
    assert "gains.csv: changed in the folder since the run" in capsys.readouterr().out
    assert main(["crate", "runs/small-forum"]) == 2
    assert "gains.csv (changed)" in capsys.readouterr().err


def test_rerun_of_a_comparison(capsys):
    ms.compare([small(), small().vary("closed", CLOSED)], replicates=1, workers=1, out="study")
    assert main(["rerun", "study", "--workers", "1", "--quiet", "--out", "again"]) == 0
    said = capsys.readouterr().out
    assert said.count("comes out as recorded.") == 2
    assert len(os.listdir("again")) == 2
    assert main(["rerun", "study", "--workers", "1", "--out", "again"]) == 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["diff", "small-forum.yaml", "no-such"], "no such file or scenario"),
        (["diff", "small-forum.yaml", "taken"], "not a run folder of migsim"),
        (
            ["diff", "gfmd-2007-2015", "closed.yaml", "--outcomes"],
            "no finished run of gfmd-2007-2015 in runs/",
        ),
        (["diff", "small-forum.yaml"], "Missing argument"),
        (
            ["diff", "runs/small-forum", "runs/closed", "--out", "runs/closed"],
            "runs/closed: holds a result with format migsim run, not migsim diff; choose another folder",
        ),
        (["diff", "small-forum.yaml", "closed.yaml", "--out", "closed.yaml"], "closed.yaml: is not a folder"),
        (["replay", "runs/small-forum", "2"], "no world 2 in small-forum; it has 0-1"),
        (["replay", "runs/small-forum", "two"], "a valid int"),
        (["replay", "taken", "0"], "not a run folder of migsim"),
        (["replay", "no-such", "0"], "no such folder"),
        (["replay", "n" * 300, "0"], "nnn...: File name too long; use a shorter name"),
        (["diff", "n" * 300, "closed.yaml"], "nnn...: File name too long; use a shorter name"),
        (["replay", "runs/small-forum", "0", "--out", "taken"], "taken: holds other files than a replay"),
        (["replay", "runs/small-forum", "0", "--out", "runs/closed"], "not migsim replay"),
        (["rerun", "taken"], "not a run folder of migsim"),
        (["rerun", "runs/small-forum", "--out", "taken"], "taken: is there already"),
        (["rerun", "runs/small-forum", "--workers", "0"], "--workers"),
        (["crate", "taken"], "not a run folder of migsim"),
    ],
)
def test_bad_input_ends_with_a_message_and_code_2(words, said, capsys):
    Path("taken").mkdir()
    Path("taken/mine.txt").write_text("mine")
    before = sorted(Path().rglob("*"))
    assert main(words) == 2
    told = capsys.readouterr()
    assert said in told.err.replace(os.sep, "/")
    assert "Traceback" not in told.err
    assert told.out == ""
    assert sorted(Path().rglob("*")) == before


def test_a_tampered_table_ends_a_replay_with_code_2(capsys):
    Path("runs/small-forum/world/part-00000.parquet").write_bytes(b"no table")
    assert main(["replay", "runs/small-forum", "0"]) == 2
    assert "world/part-00000.parquet: cannot be read" in capsys.readouterr().err
    assert not Path("runs/small-forum-world-0").exists()


def test_a_place_within_a_file_ends_with_code_2(capsys):
    Path("file").write_text("")
    assert main(["replay", "runs/small-forum", "0", "--out", "file/replay", "--quiet"]) == 2
    assert main(["diff", "small-forum.yaml", "closed.yaml", "--out", "file/apart"]) == 2
    said = capsys.readouterr()
    assert said.err.count("file is not a folder; choose another place with --out\n") == 2
    assert said.out == ""


def test_a_diff_is_replaced_by_one_of_the_same_two_alone(capsys):
    assert main(["diff", "runs/small-forum", "runs/closed", "--out", "apart"]) == 0
    Path("apart/mine.txt").write_text("mine")
    assert main(["diff", "runs/small-forum", "runs/closed", "--out", "apart"]) == 0
    assert main(["diff", "runs/closed", "runs/small-forum", "--out", "apart"]) == 2
    assert "apart: holds a result with A runs/small-forum, not runs/closed" in capsys.readouterr().err
    assert Path("apart/mine.txt").read_text() == "mine"


def test_help_lists_the_four():
    done = subprocess.run(
        [sys.executable, "-m", "migsim", "--help"], capture_output=True, text=True, timeout=60, check=True
    )
    for name in ("diff", "replay", "rerun", "crate"):
        assert f"  {name} " in done.stdout
