"""The command, driven as a user drives it."""

import os
from pathlib import Path

import pytest

from migsim.cli import main


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def test_the_command_writes_table_page_and_figures(later_files, capsys):
    words = ["validate", "--worlds", "0", "--later", str(later_files[-1]), "--out", "seen"]
    assert main(words) == 0
    said = capsys.readouterr()
    assert "Corridor stocks in 2010" in said.out
    assert "Immigrant shares in 2012" in said.out
    assert "Results: seen" in said.out
    assert sorted(os.listdir("seen")) == ["figures", "validation.csv", "validation.html"]
    page = Path("seen/validation.html").read_text(encoding="utf-8")
    assert page.count("<svg") == 3
    assert set(os.listdir("seen/figures")) == {
        "corridors_2010.png", "scores_2010.png", "emigration_by_income.png"
    }  # fmt: skip


@pytest.mark.slow
def test_the_report_is_the_same_bytes_each_time():
    for folder in ("one", "two"):
        assert main(["validate", "--worlds", "2", "--quiet", "--out", folder]) == 0
    for path in sorted(Path("one").rglob("*.*")):
        assert path.read_bytes() == (Path("two") / path.relative_to("one")).read_bytes(), path


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("state,year,remittances\nXYZ,2010,1\n", "bad.csv:2: state is 'XYZ'"),
        ("joy\n1\n", "bad.csv:1: columns are"),
    ],
)
def test_bad_files_end_with_a_message_and_code_2(text, said, capsys):
    Path("bad.csv").write_text(text, encoding="utf-8")
    assert main(["validate", "--later", "bad.csv"]) == 2
    assert said in capsys.readouterr().err
    assert not Path("validation").exists()


def test_bad_options_end_with_code_2(capsys):
    assert main(["validate", "--worlds", "-1"]) == 2
    assert "--worlds" in capsys.readouterr().err
