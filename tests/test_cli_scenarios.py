"""The scenario commands, driven as a user drives them."""

import json
import subprocess
import sys

import pytest

import migsim as ms
from migsim.cli import main

HEAVY = ("numpy", "pandas", "matplotlib", "mesa", "scipy")


def migsim(*words, cwd=None):
    return subprocess.run(
        [sys.executable, "-m", "migsim", *words],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_check_says_that_a_sound_scenario_is_fine():
    done = migsim("check", "gfmd-2007-2015", "--set", "processes.gfmd.max_themes=3")
    assert (done.returncode, done.stderr) == (0, "")
    assert "gfmd-2007-2015: fine" in done.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["check", "no-such"], "no such file or scenario"),
        (["check", "gfmd-2007-2015", "--set", "processes.gfmd.max_theme=3"], "did you mean max_themes?"),
        (["check", "--set", "processes.gfmd.max_theme=3", "gfmd-2007-2015"], "did you mean max_themes?"),
        (["check", "gfmd-2007-2015", "--set"], "--set"),
        (["check", "gfmd-2007-2015", "--sett", "a=1"], "--set"),
        (["check"], "FILE"),
        (["check", "a", "b"], "b"),
        (["chek", "a"], "check"),
        (["check", "/dev/zero"], "a device"),
        (["check", ""], "no such file"),
        (["check", ".."], "a folder"),
        (["check", "nosuch.yaml"], "migsim scenarios lists"),
        (["check", "gfmd-2007-2015", "--set", ".".join("a" * 5000) + "=1"], "at most 30"),
        (["check", "gfmd-2007-2015", "--set", "processes.gfmd.evidence=[gfmd-opne]"], "mean gfmd-open?"),
    ],
)
def test_bad_input_ends_with_a_message_and_code_2(words, said):
    done = migsim(*words)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_broken_file_is_located(tmp_path):
    (tmp_path / "a.yaml").write_text("years:\n  last: 1999\n", encoding="utf-8")
    done = migsim("check", "a.yaml", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith("a.yaml:2:9: years.last: 1999; ")


def test_scenarios_lists_the_shipped_ones(capsys):
    assert main(["scenarios"]) == 0
    listed = dict(line.split(maxsplit=1) for line in capsys.readouterr().out.splitlines())
    assert listed["gfmd-2007-2015"] == "Global Forum on Migration and Development, 2007-2015"
    assert set(listed) == set(ms.shipped())


def test_schema_is_json(capsys):
    assert main(["schema"]) == 0
    assert json.loads(capsys.readouterr().out)["title"] == "migsim scenario"


def test_help_and_version(capsys):
    assert main(["--help"]) == 0
    assert main(["--version"]) == 0
    said = capsys.readouterr().out
    assert "scenarios" in said
    assert "0.1.0" in said


def test_environment_problem_ends_with_code_3(monkeypatch, capsys):
    import migsim.scenario.checking
    from migsim.errors import EnvironmentProblem

    def fail(*_):
        raise EnvironmentProblem("no room on the disk")

    monkeypatch.setattr(migsim.scenario.checking, "check", fail)
    assert main(["check", "gfmd-2007-2015"]) == 3
    assert capsys.readouterr().err == "no room on the disk\n"


@pytest.mark.parametrize("words", [["--help"], ["check", "gfmd-2007-2015"], ["scenarios"], ["schema"]])
def test_light_commands_import_nothing_heavy(words):
    code = (
        "import sys; from migsim.cli import main; main(sys.argv[1:]);"
        f"loaded = [name for name in {HEAVY!r} if name in sys.modules];"
        "sys.exit(str(loaded) if loaded else 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *words], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr


def test_package_offers_its_names_lazily():
    import migsim

    assert migsim.load("gfmd-2007-2015").name == "gfmd-2007-2015"
    assert "load" in dir(migsim)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = migsim.nothing
