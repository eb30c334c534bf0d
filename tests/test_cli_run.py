"""The commands that run and compare, and the evidence, driven as a user drives them."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import migsim as ms
from migsim.cli import main
from migsim.results import simulation
from migsim.results.figures import Figures
from tests.lives import SMALL

FEW = ["--replicates", "2", "--workers", "1"]


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def test_run_says_where_the_results_are_and_what_they_are(tmp_path, capsys):
    assert main(["run", str(SMALL), *FEW, "--seed", "3"]) == 0
    said = capsys.readouterr()
    folder = Path("runs/small-forum-3")
    assert f"Results: {folder}\n" in said.out
    assert "2 worlds, each against the same world without a forum" in said.out
    assert "Departure countries" in said.out
    assert "2009" in said.out
    assert said.err == ""
    run = ms.Run.open(folder)
    assert run.n_replicates == 2
    figures = {path.name for path in (folder / "figures").iterdir()}
    assert {"triple_win.png", "agenda.png", "positions.png", "opinion.png", "remittances.png"} <= figures
    assert f"figures/{min(figures)}" in run.manifest["outputs"]
    assert main(["run", str(SMALL), *FEW, "--seed", "3", "--quiet"]) == 0
    said = capsys.readouterr()
    assert said.out == f"Results: {folder}\n"
    assert said.err.startswith(f"Note: {folder}: holds this very run")
    assert os.listdir("runs") == ["small-forum-3"]


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-"])
def test_a_run_whose_output_is_closed_goes_on_in_silence(closed):
    command = ["sh", "-c", f'"$0" -m migsim "$@" {closed}', sys.executable]
    words = ["run", str(SMALL), *FEW, "--quiet", "--out", "small"]
    done = subprocess.run([*command, *words], capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert ms.Run.open("small").n_replicates == 2


def test_what_is_set_has_a_folder_of_its_own(capsys):
    words = ["--set", "processes.gfmd.max_themes=1", "--parameters", "central", "--quiet"]
    assert main(["run", str(SMALL), *FEW, *words]) == 0
    [folder] = Path("runs").iterdir()
    assert folder.name.startswith("small-forum-2026-central-")
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["overrides"] == {"processes.gfmd.max_themes": 1}
    assert manifest["parameters"] == "central"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["run", "no-such"], "no such file or scenario"),
        (["run", str(SMALL), "--replicates", "0"], "--replicates"),
        (["run", str(SMALL), "--seed", "-1"], "--seed"),
        (["run", str(SMALL), "--workers", "0"], "--workers"),
        (["run", str(SMALL), "--workers", "9999"], "workers 9999"),
        (["run", str(SMALL), "--parameters", "wide"], "--parameters"),
        (["run", str(SMALL), "--inner", "0"], "--inner"),
        (["run", str(SMALL), "--until", "gain_hosts"], "write an outcome and a tolerance"),
        (["run", str(SMALL), "--until", "trust=1", "--until", "trust=2"], "until 'trust': twice"),
        (["run", str(SMALL), "--until", "gain_hosts=0"], "a number above 0"),
        (["run", str(SMALL), "--cluster", "here"], "cluster 'here'; allowed are local"),
        (
            ["run", str(SMALL), "--cluster", "tcp://127.0.0.1:1", "--workers", "2"],
            "has the workers that joined",
        ),
        (["run", str(SMALL), "--set", "years.lst=2008"], "did you mean last?"),
        (["run", str(SMALL), "--out", "taken"], "taken: holds other files than a run of migsim"),
        (["compare", str(SMALL)], "at least two"),
        (["compare", str(SMALL), "no-such"], "no such file or scenario"),
        (["compare", str(SMALL), "taken"], "not a run folder of migsim"),
        (["compare", str(SMALL), str(SMALL), "--out", "taken"], "taken: holds other files than a study"),
        (["evidence", "no-such"], "no-such"),
        (["evidence", "gfmd-open", "--coverage"], "ask for one thing"),
        (["evidence", "--of", "world.flows", "--find", "forum"], "ask for one thing"),
        (["evidence", "--kind", "rumour"], "rumour"),
        (["evidence", "--of", "world.flow"], "did you mean"),
    ],
)
def test_bad_input_ends_with_a_message_and_code_2(words, said, capsys):
    Path("taken").mkdir()
    Path("taken/mine.txt").write_text("mine")
    assert main(words) == 2
    told = capsys.readouterr()
    assert said in told.err
    assert "Traceback" not in told.err
    assert told.out == ""
    assert os.listdir(".") == ["taken"]


def test_a_place_within_a_file_ends_with_code_2(capsys):
    Path("file").write_text("")
    assert main(["run", str(SMALL), *FEW, "--out", "file/small"]) == 2
    assert capsys.readouterr().err.endswith("file is not a folder; choose another place with --out\n")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["run", str(SMALL)], "the run is finished in out, and the same command draws its figures"),
        (
            ["sweep", str(SMALL), "--over", "follow_up.pull=0.5,1"],
            "the run is finished in out, and the same command draws its figures",
        ),
        (
            ["compare", str(SMALL), str(SMALL)],
            "all runs are finished, and the same command draws figures and writes tables",
        ),
    ],
)
def test_who_interrupts_the_figures_is_told_what_is_there(words, said, monkeypatch, capsys):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(Figures, "save_all", interrupted)
    assert main([*words, *FEW, "--quiet", "--out", "out"]) == 130
    assert capsys.readouterr().err == f"interrupted; {said}\n"


@pytest.mark.parametrize(
    ("function", "is_done", "said"),
    [
        ("beside", False, "nothing new was finished"),
        (
            "take_place",
            False,
            "what is finished is kept in out.partial, and the same command goes on from there",
        ),
        ("take_place", True, "the run is finished in out, and the same command goes on from there"),
    ],
)
def test_who_interrupts_a_run_is_told_what_is_there(function, is_done, said, monkeypatch, capsys):
    done = getattr(simulation, function)

    def interrupted(*given):
        if is_done:
            done(*given)
        raise KeyboardInterrupt

    monkeypatch.setattr(simulation, function, interrupted)
    assert main(["run", str(SMALL), *FEW, "--quiet", "--out", "out"]) == 130
    assert capsys.readouterr().err == f"interrupted; {said}\n"


def test_a_file_in_the_place_of_the_figures_of_a_study_ends_with_code_3(capsys):
    Path("study").mkdir()
    words = ["compare", str(SMALL), str(SMALL), *FEW, "--quiet", "--out", "study"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Figures, "save_all", lambda *_, **__: [])
        assert main(words) == 0
    capsys.readouterr()
    Path("study/figures").write_text("mine")
    assert main(words) == 3
    assert capsys.readouterr().err.splitlines()[-1].startswith("study/figures: File exists; choose another ")


def test_a_full_memory_ends_with_code_3(monkeypatch, capsys):
    def full(*_, **__):
        raise MemoryError

    monkeypatch.setattr(Figures, "save_all", full)
    assert main(["run", str(SMALL), *FEW, "--quiet"]) == 3
    assert capsys.readouterr().err.startswith("the memory is full; ")


def test_failed_replicates_end_with_code_1(monkeypatch, capsys):
    from migsim.ensemble import shards
    from migsim.ensemble.batch import run_batch

    def failing(definition, worlds, *arguments):
        if 1 in worlds.numbers:
            raise FloatingPointError("no solution")
        return run_batch(definition, worlds, *arguments)

    monkeypatch.setattr(shards, "run_batch", failing)
    assert main(["run", str(SMALL), *FEW]) == 1
    said = capsys.readouterr()
    assert "small-forum: 1 of 2 replicates failed" in said.err
    assert "the same command runs them alone again" in said.err
    assert "One world, each against" in said.out
    assert "Results: " in said.out


def test_worlds_are_added_until_an_outcome_is_known(capsys):
    words = [
        "run",
        str(SMALL),
        "--until",
        "gain_hosts=10",
        "--until",
        "trust=1",
        "--workers",
        "1",
        "--inner",
        "2",
    ]
    assert main(words) == 0
    said = capsys.readouterr()
    assert "64 worlds of 32 draws" in said.out
    assert "gain_hosts: mean -" in said.out
    assert "(95 %) over 32 draws, within 10\n" in said.out
    assert "trust: mean" in said.out
    assert main([*words[:2], "--until", "gain_hosts=1e-9", "--replicates", "33", "--workers", "1"]) == 2
    assert "32 more than asked for" in capsys.readouterr().err
    as_many = [*words[:2], "--replicates", "32", "--inner", "2"]
    assert main(as_many) == 0
    said = capsys.readouterr()
    assert "holds this very run" in said.err
    assert "within 10" not in said.out  # nobody asked


def test_a_dry_run_tells_the_most_worlds_that_there_may_be(capsys):
    words = ["run", str(SMALL), "--workers", "1", "--dry-run", "--until"]
    assert main([*words, "gain_hosts=0.1", "--replicates", "40"]) == 0
    assert capsys.readouterr().out.startswith("at most 40 worlds in 3 shards: about ")
    assert main([*words, "gain_host=0.1"]) == 2
    assert "table world has no column 'gain_host'; did you mean gain_hosts" in capsys.readouterr().err


def test_a_run_without_a_finished_world_still_says_so(monkeypatch, capsys):
    monkeypatch.setattr("migsim.ensemble.shards.run_batch", lambda *_: 1 / 0)
    assert main(["run", str(SMALL), *FEW]) == 1
    said = capsys.readouterr().out
    assert "no world was finished" in said
    assert "figures" not in said
    assert "tables" not in said
    assert main(["compare", str(SMALL), "runs/small-forum-2026", *FEW]) == 1
    assert "failed: no world was finished" in capsys.readouterr().out


def test_compare_takes_scenarios_and_run_folders(tmp_path, capsys):
    Path("closed.yaml").write_text(f"extends: {SMALL.name}\nprocesses: {{gfmd: {{max_themes: 1}}}}\n")
    Path(SMALL.name).write_text(SMALL.read_text(encoding="utf-8"))
    assert main(["run", SMALL.name, *FEW, "--quiet"]) == 0
    capsys.readouterr()
    assert main(["compare", "runs/small-forum-2026", "closed.yaml", "--workers", "1", "--out", "study"]) == 0
    said = capsys.readouterr()
    assert said.err == ""
    assert "(the first)" in said.out
    assert "unpaired" not in said.out
    assert "Results: study\n" in said.out
    figures = {path.name for path in Path("study/figures").iterdir()}
    assert {"triple_win.png", "differences.png", "weakest.png"} <= figures
    assert Path("study/differences.csv").is_file()
    assert ms.Run.open("study/runs/closed").replicates == (0, 1)
    assert main(["compare", "runs/small-forum-2026", "closed.yaml", "--workers", "1", "--seed", "9"]) == 0
    said = capsys.readouterr()
    assert said.err.count("unpaired") == 1
    assert said.err.startswith("Note: closed and small-forum are compared unpaired")
    assert "unpaired" in said.out
    for words in (["--seed", "9"], ["--set", "years.last=2008"], ["--replicates", "1"]):
        assert main(["compare", "runs/small-forum-2026", "study/runs/closed", *words]) == 2
        assert f"{words[0][2:]}: cannot apply" in capsys.readouterr().err
    assert main(["compare", "runs/small-forum-2026", "study/runs/closed"]) == 0
    assert "runs/" not in capsys.readouterr().out.rpartition("\n  ")[2]


def test_compare_runs_a_scenario_under_several_protocols(capsys):
    words = ["compare", str(SMALL), "--protocols", "no_objection,exchange", *FEW, "--out", "ways"]
    assert main(words) == 0
    said = capsys.readouterr()
    assert said.err == ""
    assert "small-forum-exchange" in said.out
    assert "most often against" in said.out
    assert Path("ways/texts.csv").read_text("utf-8").startswith("scenario,process,year,is_projection,theme,")
    assert Path("ways/objectors.csv").is_file()
    assert Path("ways/figures/texts.png").is_file()
    assert main(["compare", str(SMALL), "--protocols", "voting", *FEW]) == 2
    assert "protocol 'voting' does not exist; there are no_objection" in capsys.readouterr().err
    assert main(["compare", "ways/runs/small-forum-exchange", "--protocols", "all"]) == 2
    assert "is a finished run; name its scenario instead" in capsys.readouterr().err


def test_evidence_is_shown(capsys):
    assert main(["evidence", "gfmd-open"]) == 0
    assert capsys.readouterr().out.startswith("gfmd-open")
    assert main(["evidence", "--of", "processes.gfmd.max_themes"]) == 0
    assert capsys.readouterr().out.startswith("processes.*.max_themes")
    assert main(["evidence", "--coverage"]) == 0
    assert "used" in capsys.readouterr().out
    assert main(["evidence", "--find", "civil society"]) == 0
    some = capsys.readouterr().out.splitlines()
    assert main(["evidence"]) == 0
    assert 0 < len(some) < len(capsys.readouterr().out.splitlines())
    assert main(["evidence", "--find", "no claim says this"]) == 0
    assert capsys.readouterr().out == "no claim has all these words\n"


def test_evidence_imports_nothing_heavy():
    code = (
        "import sys; from migsim.cli import main; main(['evidence']);"
        "sys.exit(', '.join({'numpy', 'pandas', 'matplotlib', 'mesa'} & set(sys.modules)) or 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
