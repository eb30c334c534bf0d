"""What differs between two scenarios."""

import csv
import subprocess
import sys

import pytest

import migsim as ms
from migsim.actors.behaviour import Behaviour
from migsim.scenario.diff import COLUMNS, differences
from migsim.scenario.load import load, shipped
from tests.lives import SMALL, small


class Asks(Behaviour):
    def __init__(self, share, by=None):
        self.share, self.by = share, by

    def position(self, delegation):
        return {"remittances": self.share}


def only(a, b):
    [row] = differences(a, b)
    return row


def test_what_is_called_otherwise_is_the_same():
    other = small().vary("another name", {})
    found = differences(small(), other)
    assert not len(found)
    assert repr(found) == f"{small().name} and another-name: the two set the same things"


def test_a_value_is_told_with_unit_and_who_set_it():
    row = only(small(), small().vary("one", {"processes.gfmd.max_themes": 1}))
    assert row.path == "processes.gfmd.max_themes"
    assert (row.a.text, row.b.text, row.unit) == ("3", "1", "themes")
    assert row.a.set_by == f"{SMALL}:14"
    assert row.b.set_by == "vary: one"


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("world.policy.pace", 0.0),
        ("processes.gfmd.protocol.tolerance", 0.31),
        ("processes.gfmd.civil_society", "excluded"),
        ("processes.gfmd.participants.who", "invited"),
        ("years.last", 2008),
        ("record", []),
        ("shocks.recession.scale", 0.5),
        ("shocks.flight.refugees_abroad.2008", 10),
        ("triple_win.margin", 0.25),
        ("states", ["ARG", "AUS", "BEL", "GRC", "PHL", "SYR", "ZAF"]),
    ],
)
def test_one_change_is_one_place(path, value):
    changes = {path: value}
    if path.endswith("who"):
        changes["processes.gfmd.participants.states"] = ["BEL", "PHL", "GRC"]
    found = list(differences(small(), small().vary("changed", changes)))
    assert {row.path for row in found} == set(changes)
    assert all(row.b.set_by == "vary: changed" for row in found)
    assert [row.path for row in differences(small().vary("changed", changes), small())] == [
        row.path for row in found
    ]


def test_a_default_that_is_spelled_out_differs_only_where_it_would_be_drawn():
    drawn = only(small(), small().vary("pinned", {"world.policy.pace": small().value("world.policy.pace")}))
    assert "drawn" in drawn.a.text
    assert "drawn" not in drawn.b.text
    held = {"processes.gfmd.protocol.readings": small().value("processes.gfmd.protocol.readings")}
    assert not len(differences(small(), small().vary("pinned", held)))
    assert not len(differences(small(), small().vary("spelled", {"years.first": 2006})))


def test_a_process_that_only_one_has_is_one_place():
    both = small().vary("two", {"processes.puebla": {"extends": "puebla"}})
    row = only(small(), both)
    assert row.path == "processes.puebla"
    assert row.a.text == "–"
    assert row.b.text == load("puebla").content["processes"]["puebla"]["title"]
    assert only(both, small()).a.text == load("puebla").content["processes"]["puebla"]["title"]
    assert [row.path for row in differences(small(), small().vary("none", {"processes": {}}))] == [
        "processes.gfmd"
    ]


def test_sessions_are_matched_by_their_year():
    sessions = [
        {"year": 2007, "chair": "BEL", "themes": ["remittances", "equal_treatment", "decent_work"]},
        {
            "year": 2009,
            "chair": "PHL",
            "themes": ["dev_coherence", "border_security", "remittances"],
            "size": 0.8,
        },
    ]
    changed = small().vary("fewer", {"processes.gfmd.sessions": sessions})
    found = {row.path: row for row in differences(small(), changed)}
    assert set(found) == {"processes.gfmd.sessions[2008]", "processes.gfmd.sessions[2009].chair"}
    assert found["processes.gfmd.sessions[2008]"].b.text == "–"
    assert found["processes.gfmd.sessions[2009].chair"].row[1:3] == ("GRC", "PHL")


def test_words_for_readers_stand_apart():
    named = small().vary("named", {"processes.gfmd.title": "Forum", "processes.gfmd.max_themes": 2})
    found = differences(small(), named)
    assert [row.is_wording for row in found] == [False, True] or [row.is_wording for row in found] == [
        True,
        False,
    ]
    said = repr(found)
    assert "In 1 place they differ in words alone (title)." in said
    assert "They differ in 1 place:" in said
    assert "processes.gfmd.title" not in said
    assert "processes.gfmd.title" in found.to_csv()


def test_behaviours_differ_by_what_they_are():
    one = small().with_behaviour("MEX", Asks(0.2))
    assert not len(differences(one, small().with_behaviour("MEX", Asks(0.2))))
    row = only(small(), one)
    assert (row.path, row.a.text, row.b.text[:6]) == ("behaviour of MEX", "–", "Asks (")
    for other in (Asks(0.3), Asks(0.2, float), Behaviour()):
        assert len(differences(one, small().with_behaviour("MEX", other))) == 1
    (mine,), (yours,) = (small().with_behaviour("MEX", Asks(0.2, by)).behaviour_records for by in (min, max))
    assert mine["class"] == yours["class"]
    assert mine["source_sha256"] != yours["source_sha256"]


def test_csv_and_frame_hold_what_is_printed():
    found = differences(load("gfmd-2007-2015"), small())
    rows = list(csv.reader(found.to_csv().splitlines()))
    assert tuple(rows[0]) == COLUMNS
    assert found.to_frame().to_numpy().tolist() == rows[1:]
    assert len(rows) == len(found) + 1


def test_every_shipped_scenario_can_be_held_against_the_forum():
    forum = load("gfmd-2007-2015")
    for name in shipped():
        other = load(name)
        assert bool(len(differences(forum, other))) == (forum.content != other.content) or name == forum.name


def test_python_has_it_too():
    found = ms.diff("gfmd-2007-2015", "no-civil-society")
    assert [row.path for row in found.settings] == ["processes.gfmd.civil_society"]
    assert found.outcomes is None


def test_no_numerical_library_is_loaded():
    code = (
        "import sys; from migsim.cli import main; code = main(['diff', 'gfmd-2007-2015', 'strong-chair']);"
        "sys.exit(', '.join({'numpy', 'pandas', 'matplotlib', 'mesa'} & set(sys.modules)) or code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "processes.gfmd.protocol.chair_pull" in done.stdout
