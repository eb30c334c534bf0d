"""The command that asks what the gains depend on, driven as a user drives it."""

from pathlib import Path

import pytest

from migsim.analysis import sizes
from migsim.analysis.sizes import SIZES
from migsim.cli import main
from tests.analysis.test_sensitivity import TINY
from tests.lives import SMALL


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sizes, "SIZES", {**SIZES, "tiny": TINY})


def test_a_dry_run_says_how_many_worlds_and_how_long(tmp_path, capsys):
    assert main(["sensitivity", str(SMALL), "--size", "tiny", "--dry-run", "--workers", "1"]) == 0
    said = capsys.readouterr()
    assert said.out.startswith("at most ")
    assert " worlds (screening 582, " in said.out
    assert "tornado at most 121" in said.out
    assert ": about " in said.out
    assert "with one process" in said.out
    assert not list(tmp_path.iterdir())


def test_the_tornado_alone_is_announced_with_the_screening_that_it_runs(capsys):
    words = ["--size", "tiny", "--only", "tornado", "--workers", "1", "--dry-run"]
    assert main(["sensitivity", str(SMALL), *words]) == 0
    assert capsys.readouterr().out.startswith(
        "at most 703 worlds (screening 582, tornado at most 121): about"
    )


def test_a_part_of_the_analysis(capsys):
    words = ["--size", "tiny", "--only", "weights,attribution", "--workers", "1", "--set", "years.last=2007"]
    assert main(["sensitivity", str(SMALL), *words, "--out", "found"]) == 0
    said = capsys.readouterr()
    assert "In short: all three gain in" in said.out
    assert said.out.endswith("Results: found\n")
    assert "hypercube: 24 worlds" in said.err
    assert {"attribution.csv", "weights.csv", "findings.txt", "figures", "runs", "manifest.json"} <= {
        path.name for path in Path("found").iterdir()
    }


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([str(SMALL), "--size", "huge"], "size 'huge'"),
        ([str(SMALL), "--only", "chance"], "only 'chance'"),
        (["no-forum"], "nobody meets in it"),
    ],
)
def test_faults_end_in_a_message(words, said, capsys):
    assert main(["sensitivity", *words, "--dry-run"]) == 2
    assert said in capsys.readouterr().err
