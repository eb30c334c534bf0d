"""A process taken from the library, and laid over."""

import pytest

from migsim.errors import ScenarioError
from migsim.scenario.load import library, load, shipped


def of(tmp_path, text):
    path = tmp_path / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    return load(path)


def test_a_process_of_the_library_is_taken_whole(tmp_path):
    mine = of(tmp_path, "processes: {puebla: {extends: puebla}}\n")
    assert mine.content["processes"]["puebla"] == load("puebla").content["processes"]["puebla"]


def test_own_keys_lie_over_those_of_the_library_under_any_name(tmp_path):
    mine = of(tmp_path, "processes: {here: {extends: puebla, title: Mine, max_themes: 4}}\n")
    process, original = mine.content["processes"]["here"], load("puebla").content["processes"]["puebla"]
    assert (process["title"], process["max_themes"]) == ("Mine", 4)
    kept = {key for key in original if key not in ("title", "max_themes")}
    assert {key: process[key] for key in kept} == {key: original[key] for key in kept}


def test_python_and_the_command_line_can_add_one():
    grown = load("gfmd-2007-2015").vary("more", {"processes.puebla": {"extends": "puebla"}})
    same = load("gfmd-2007-2015", ["processes.puebla={extends: puebla}"])
    assert list(grown.content["processes"]) == ["gfmd", "puebla"]
    assert grown.content["processes"] == same.content["processes"]


def test_a_library_process_runs_by_its_name():
    assert list(load("puebla").content["processes"]) == ["puebla"]
    assert library()["puebla"]
    assert not set(library()) & set(shipped())


@pytest.mark.parametrize(
    ("name", "says"),
    [("puebl", "did you mean puebla?"), ("../secret", "migsim processes"), ("3", "no process")],
)
def test_an_unknown_one_is_told_where(tmp_path, name, says):
    with pytest.raises(ScenarioError) as caught:
        of(tmp_path, f"processes:\n  here:\n    extends: {name}\n")
    (fault,) = caught.value.faults
    assert (fault.line, fault.column, fault.path) == (3, 14, "processes.here.extends")
    assert says in str(fault)
