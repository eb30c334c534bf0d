"""Inheritance, overrides and the YAML that is understood."""

import pytest

from migsim.errors import InputError, ScenarioError
from migsim.model import ForumModel
from migsim.scenario.load import load, shipped

PARENT = """\
title: Parent
name: parent
years: {last: 2020}
record: [corridors]
world: {flows: {network: 0.7, income_destination: 0.5}}
shocks: {recession: {kind: recession}, slump: {kind: growth, states: [BEL], change: {2010: -2}}}
processes:
  gfmd:
    max_themes: 4
    sessions: [{year: 2007, chair: BEL, themes: [remittances]}]
"""


def family(folder, child, **overrides):
    (folder / "parent.yaml").write_text(PARENT, encoding="utf-8")
    (folder / "child.yaml").write_text(f"extends: parent\n{child}", encoding="utf-8")
    return load(folder / "child.yaml", **overrides)


def test_mappings_merge_and_scalars_replace(tmp_path):
    child = family(tmp_path, "world: {flows: {network: 0.9}}\n")
    assert child.value("world.flows.network") == 0.9
    assert child.value("world.flows.income_destination") == 0.5
    assert child.value("years.last") == 2020


def test_lists_replace(tmp_path):
    child = family(
        tmp_path,
        "processes: {gfmd: {sessions: [{year: 2009, chair: GRC, themes: [decent_work]}]}}\nrecord: []\n",
    )
    assert [session.year for session in child.spec.processes["gfmd"].sessions] == [2009]
    assert child.spec.record == ()


def test_null_removes_what_the_parent_set(tmp_path):
    child = family(tmp_path, "world: {flows: {network: null}}\nshocks: {slump: null}\n")
    assert not child.is_pinned("world.flows.network")
    assert child.is_pinned("world.flows.income_destination")
    assert list(child.spec.shocks) == ["recession"]


def test_removing_the_last_member_leaves_nothing(tmp_path):
    child = family(tmp_path, "world: {flows: {network: null, income_destination: null}}\n")
    assert not child.is_pinned("world")


def test_empty_mapping_replaces_the_whole_mapping(tmp_path):
    child = family(tmp_path, "processes: {}\nshocks: {}\n")
    assert child.spec.processes == {}
    assert child.spec.shocks == {}


def test_labels_are_not_inherited(tmp_path):
    child = family(tmp_path, "")
    assert (child.name, child.title) == ("child", "child")


def test_override_beats_file_beats_parent_beats_registry(tmp_path):
    child = family(tmp_path, "world: {flows: {network: 0.9}}\n", overrides=["processes.gfmd.max_themes=5"])
    described = {
        path: child.describe(path).set_by
        for path in (
            "processes.gfmd.max_themes",
            "world.flows.network",
            "years.last",
            "processes.gfmd.reading",
        )
    }
    assert child.value("processes.gfmd.max_themes") == 5
    assert described["processes.gfmd.max_themes"] == "--set"
    assert described["world.flows.network"].endswith("child.yaml:2")
    assert described["years.last"].endswith("parent.yaml:3")
    assert described["processes.gfmd.reading"] == "registry"


@pytest.mark.parametrize(
    ("override", "path", "value"),
    [
        ("processes.gfmd.max_themes=3", "processes.gfmd.max_themes", 3),
        ("processes.gfmd.civil_society=excluded", "processes.gfmd.civil_society", "excluded"),
        ("processes.gfmd.switches.texts=false", "processes.gfmd.switches.texts", False),
        ("title=Yes", "title", "Yes"),
        ("title='a = b'", "title", "a = b"),
        ("shocks={}", "shocks", {}),
        ("states=[BEL, PHL, GRC, MEX, CHE, MUS, SWE, TUR, SYR]", "states.1", "PHL"),
        (
            "processes.gfmd.sessions=[{year: 2010, chair: MEX, themes: [remittances]}]",
            "processes.gfmd.sessions.0.chair",
            "MEX",
        ),
        ("processes.gfmd=null", "processes", {}),
    ],
)
def test_override_is_read_as_yaml(override, path, value):
    assert load("gfmd-2007-2015", [override]).value(path) == value


@pytest.mark.parametrize(
    ("override", "said"),
    [
        ("processes.gfmd.max_theme=3", "did you mean max_themes?"),
        ("processes.gfdm.max_themes=3", "did you mean gfmd?"),
        ("shocks.siria.origin=SYR", "did you mean syria?"),
        ("proceses.gfmd.max_themes=3", "did you mean processes?"),
        ("processes.gfmd.max_themes", "path=value"),
        ("=3", "path=value"),
        ("processes.gfmd.max_themes=", "no value"),
        ("processes.gfmd.max_themes=[", "not YAML"),
        ("processes.gfmd.max_themes=2.5", "whole number"),
        ("processes.gfmd.max_themes=&a 3", "anchor"),
        ("processes.gfmd.max_themes=a\x00", "control character"),
        ("processes..max_themes=3", "names joined by dots"),
        ("processes.gfmd.sessions.0.chair=BEL", "lists are set whole"),
        ("extends=other", "only a file can extend"),
        ("world=null", "no parent sets this; leave it out"),
        ("a" + 5000 * ".a" + "=1", "of 5001 names; at most 30"),
        ("a" + 29 * ".a" + "=1", "unknown key 'a'"),
        ("years.last.x=3", "a mapping"),
    ],
)
def test_bad_override_is_refused_with_a_way_out(override, said):
    with pytest.raises(ScenarioError) as caught:
        load("gfmd-2007-2015", [override])
    assert said in str(caught.value)
    assert str(caught.value).startswith("--set: ")


@pytest.mark.parametrize("found", [5, None, b"gfmd-2007-2015", ["gfmd-2007-2015"], object])
def test_what_is_neither_name_nor_path_is_refused(found):
    with pytest.raises(InputError, match=r"^scenario: found .+; allowed is the name of a shipped scenario"):
        load(found)


@pytest.mark.parametrize("found", [5, b"gfmd-2007-2015", ["gfmd-2007-2015"], object])
def test_a_model_of_no_scenario_is_refused(found):
    with pytest.raises(InputError, match=r"^definition: found .+; allowed is a Scenario, the name"):
        ForumModel(found)


@pytest.mark.parametrize("found", [5, None, "years.last=2010", {"years.last": 2010}, [("years.last", 2010)]])
def test_overrides_are_a_list_of_texts(found):
    with pytest.raises(InputError, match=r"^overrides: found .+; allowed is a list of texts"):
        load("gfmd-2007-2015", found)


def test_all_bad_overrides_are_said_at_once_and_clashes_refused():
    with pytest.raises(ScenarioError) as caught:
        load("gfmd-2007-2015", ["a", "b=", "years.last=2016", "years.last=2017"])
    assert len(caught.value.faults) == 3
    assert "set twice" in str(caught.value)


def test_yaml_is_version_1_2(tmp_path):
    file = tmp_path / "a.yaml"
    file.write_bytes(b"\xef\xbb\xbftitle: NO\r\ndescription: on\r\nyears: {last: 0x7d9}\r\n")
    scenario = load(file)
    assert (scenario.title, scenario.description, scenario.value("years.last")) == ("NO", "on", 2009)


def test_name_comes_from_the_file(tmp_path):
    file = tmp_path / "My Forum (2).yaml"
    file.write_text("{}\n", encoding="utf-8")
    assert load(file).name == "my-forum-2"


@pytest.mark.parametrize("name", shipped())
def test_every_shipped_scenario_is_sound_and_titled(name):
    scenario = load(name)
    assert scenario.name == name
    assert shipped()[name] == scenario.title != name
    assert len(scenario.spec.processes) == len(scenario.content.get("processes", {}))
