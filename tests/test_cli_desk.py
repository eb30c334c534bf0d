"""Groups, own figures and exports, driven as a user drives them."""

import json
from pathlib import Path

import pandas as pd
import pytest

import migsim as ms
from migsim.cli import main
from tests.lives import SMALL

FEW = ["--replicates", "2", "--workers", "1", "--quiet"]
FACTS = "state,quantity,year,value,source\nMexico,unemployment,2005,9.5,My office\n"
GROUPS = "state,group\nMexico,North\nUSA,North\nMEX,OECD\nViet Nam,ASEAN\n"


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A folder with groups, own figures, and a run made with both."""
    folder = tmp_path_factory.mktemp("desk")
    (folder / "mine.csv").write_text(GROUPS, encoding="utf-8")
    (folder / "facts.csv").write_text(FACTS, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        words = ["--groups", "mine.csv", "--set", "facts=facts.csv", "--out", "A"]
        assert main(["run", str(SMALL), *FEW, *words]) == 0
    return folder


@pytest.fixture(autouse=True)
def _there(place, monkeypatch):
    monkeypatch.chdir(place)


def test_a_run_is_told_by_groups():
    table = pd.read_csv("A/by_group.csv")
    assert set(table["group"]) == {"North", "OECD", "ASEAN", "in no group"}
    assert Path("A/groups.csv").read_text(encoding="utf-8").count("VNM,ASEAN,1\n") == 1
    manifest = json.loads(Path("A/manifest.json").read_text(encoding="utf-8"))
    assert manifest["groups"]["groups"] == {"North": 2, "OECD": 1, "ASEAN": 0}
    assert {"by_group.csv", "groups.csv", "by_region.csv", "figures/triple_win.png"} <= set(
        manifest["outputs"]
    )


def test_bad_groups_stop_a_run_before_it_begins(capsys):
    Path("bad.csv").write_text("state,group\nMexcio,A\n", encoding="utf-8")
    assert main(["run", str(SMALL), *FEW, "--groups", "bad.csv", "--out", "B"]) == 2
    said = capsys.readouterr().err
    assert said.startswith("bad.csv:2:1: state: unknown state 'Mexcio'")
    assert not list(Path().glob("B*"))
    assert main(["compare", str(SMALL), "no-forum", *FEW, "--groups", "bad.csv", "--out", "B"]) == 2
    assert not list(Path().glob("B*"))


def test_a_run_is_exported_with_the_groups_it_was_made_with(capsys):
    assert main(["export", "A"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("Results: A-export\n  README.txt, codebook.csv, triple_win.csv, ")
    assert set(pd.read_csv("A-export/by_group.csv")["group"]) == {"North", "OECD", "ASEAN", "in no group"}
    assert main(["export", "A", "--format", "dta", "--groups", "region", "--table", "by_group"]) == 0
    assert set(pd.read_stata("A-export/by_group.dta")["group"]) >= {"Africa", "Europe"}
    assert not Path("A-export/by_group.csv").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["export", "nowhere"], "nowhere: no such folder"),
        (["export", "A", "--table", "sates"], "did you mean states?"),
        (["export", "A", "--missing", "a,b"], "a short text without commas"),
        (["export", "A", "--out", "A"], "A: holds something else"),
        (["export", "A", "--format", "xlsx"], "xlsx"),
    ],
)
def test_what_cannot_be_exported_is_refused(words, said, capsys):
    assert main(words) == 2
    assert said in capsys.readouterr().err


def test_a_comparison_is_told_by_groups_for_every_scenario(capsys):
    ms.run(SMALL, replicates=2, workers=1, out="E")
    assert main(["compare", "A", "E", "--quiet", "--groups", "mine.csv", "--out", "C"]) == 0
    said = capsys.readouterr().err
    assert "Note: Groups of mine: 3; without a state in this run: ASEAN; 22 states are in no group" in said
    table = pd.read_csv("C/by_group.csv")
    assert set(table["group"]) == {"North", "OECD", "ASEAN", "in no group"}
    assert table["scenario"].nunique() == 2
    manifest = json.loads(Path("C/manifest.json").read_text(encoding="utf-8"))
    assert len(manifest["groups"]["in_no_group"]) == 22
    assert "by_group.csv" in manifest["outputs"]


def test_a_run_with_own_figures_keeps_them_and_is_no_run_without(capsys):
    assert "My office" in Path("A/facts.csv").read_text(encoding="utf-8")
    manifest = json.loads(Path("A/manifest.json").read_text(encoding="utf-8"))
    assert manifest["own_facts"]["sources"] == ["My office"]
    assert main(["run", str(SMALL), *FEW, "--out", "A"]) == 2
    assert "holds a run of small-forum as it was set before" in capsys.readouterr().err
