"""Every broken scenario file ends in a located message that says what to do."""

# ruff: noqa: E501 (a case a line reads best)

import re

import pytest

from migsim.errors import ScenarioError
from migsim.scenario.load import load

SESSION = "{year: 2007, chair: BEL, themes: [remittances]}"
GFMD = f"processes:\n  gfmd:\n    sessions:\n      - {SESSION}\n"

# Name: text, where the first fault is (line, column), its path, and words that its message must hold.
BROKEN = {
    # keys
    "unknown key": ("yeers: {last: 2010}\n", (1, 1), "yeers", ["unknown key", "did you mean years?"]),
    "unknown key deep": (GFMD + "    max_theme: 3\n", (5, 5), "processes.gfmd.max_theme", ["max_themes?"]),
    "parameter out of its group": (GFMD + "    tolerance: 0.1\n", (5, 5), "processes.gfmd.tolerance", ["protocol.tolerance"]),
    "unknown session key": (
        "processes:\n  gfmd:\n    sessions:\n      - {year: 2007, chair: BEL, themes: [remittances], sise: 1}\n",
        (4, 57), "processes.gfmd.sessions.0.sise", ["did you mean size?"],
    ),
    "dotted key": ("world.flows.network: 0.8\n", (1, 1), "world.flows.network", ["unknown key"]),
    "duplicate key": ("title: a\ntitle: b\n", (2, 1), "title", ["twice", "line 1"]),
    "duplicate year": (
        "shocks:\n  s: {kind: growth, states: all, change: {2008: 1, 2008: 2}}\n",
        (2, 52), "shocks.s.change.2008", ["twice"],
    ),
    "flag as key": ("true: 1\n", (1, 1), "", ["key true", "text"]),
    "null as key": ("~: 1\n", (1, 1), "", ["key null"]),
    "list as key": ("? [a]\n: 1\n", (1, 3), "", ["a list"]),
    "number as key": ("1: 1\n", (1, 1), "1", ["unknown key '1'"]),
    "missing year": ("processes: {gfmd: {sessions: [{themes: [remittances]}]}}\n", (1, 31), "processes.gfmd.sessions.0", ["year is missing"]),
    "idle process": ("processes:\n  gfmd: {max_themes: 2}\n", (2, 9), "processes.gfmd.sessions", ["nothing that it does"]),
    # types
    "text for mapping": ("years: soon\n", (1, 8), "years", ["'soon'", "a mapping"]),
    "list for mapping": ("processes: [gfmd]\n", (1, 12), "processes", ["a list", "a mapping"]),
    "mapping for list": ("record: {a: 1}\n", (1, 9), "record", ["a mapping", "a list"]),
    "number for group": ("world: 3\n", (1, 8), "world", ["3", "a mapping"]),
    "number for inner group": ("world:\n  flows: 3\n", (2, 10), "world.flows", ["3", "a mapping"]),
    "quoted number": ('world: {flows: {network: "0.8"}}\n', (1, 26), "world.flows.network", ["'0.8'", "drop the quotes"]),
    "flag for number": ("world: {flows: {network: true}}\n", (1, 26), "world.flows.network", ["true", "a number"]),
    "flag for integer": (GFMD + "    max_themes: true\n", (5, 17), "processes.gfmd.max_themes", ["true", "whole number"]),
    "fraction for integer": (GFMD + "    max_themes: 2.5\n", (5, 17), "processes.gfmd.max_themes", ["2.5", "1 to 12"]),
    "number for flag": (GFMD + "    switches: {texts: 1}\n", (5, 23), "processes.gfmd.switches.texts", ["true or false"]),
    "yes for flag": (GFMD + "    switches: {texts: yes}\n", (5, 23), "processes.gfmd.switches.texts", ["'yes'", "write true"]),
    "number for text": ("title: 2007\n", (1, 8), "title", ["2007", "quote it"]),
    "list for number": ("world: {flows: {network: [1]}}\n", (1, 26), "world.flows.network", ["a list", "a number"]),
    "null for mapping": ("processes:\n", (1, 1), "processes", ["null", "write {}"]),
    "null for parameter": ("world: {flows: {network: null}}\n", (1, 26), "world.flows.network", ["null", "delete the line"]),
    "other digits": ("years: {last: ٢٠١٠}\n", (1, 15), "years.last", ["a whole number", "write 2010"]),
    "wide digit": (GFMD + "    max_themes: \uff11\n", (5, 17), "processes.gfmd.max_themes", ["1 to 12", "write 1"]),
    "underscore in a number": ("years: {last: 2_010}\n", (1, 15), "years.last", ["'2_010'", "write 2010"]),
    "word in place of a number": ("years: {last: inf}\n", (1, 15), "years.last", ["'inf'", "write a number"]),
    # ranges
    "above the bounds": (GFMD + "    protocol: {tolerance: 1.5}\n", (5, 27), "processes.gfmd.protocol.tolerance", ["1.5", "0 to 1"]),
    "below the bounds": (GFMD + "    protocol: {tolerance: -0.1}\n", (5, 27), "processes.gfmd.protocol.tolerance", ["-0.1", "0 to 1"]),
    "too many themes": (GFMD + "    max_themes: 13\n", (5, 17), "processes.gfmd.max_themes", ["13", "1 to 12"]),
    "no themes": (GFMD + "    max_themes: 0\n", (5, 17), "processes.gfmd.max_themes", ["0", "1 to 12"]),
    "not a number": ("world: {flows: {network: .nan}}\n", (1, 26), "world.flows.network", ["nan", "finite"]),
    "infinite": ("world: {flows: {network: -.inf}}\n", (1, 26), "world.flows.network", ["-inf"]),
    "overflow": ("world: {flows: {network: 1e999}}\n", (1, 26), "world.flows.network", ["inf"]),
    "huge integer": (f"world: {{flows: {{network: {'9' * 5000}}}}}\n", (1, 26), "world.flows.network", ["5000 characters"]),
    "size of nothing": (
        "processes: {g: {agenda: survey, sessions: [{year: 2007, chair: BEL, size: 0}]}}\n",
        (1, 75), "processes.g.sessions.0.size", ["more than 0"],
    ),
    "negative people": (
        "shocks: {s: {kind: displacement, origin: SYR, refugees_abroad: {2012: -5}}}\n",
        (1, 71), "shocks.s.refugees_abroad.2012", ["-5", "at least 0"],
    ),
    "deep recession": ("shocks: {r: {kind: recession, scale: 4}}\n", (1, 38), "shocks.r.scale", ["4", "at most 3"]),
    # years
    "year with a fraction": ("years: {last: 2006.5}\n", (1, 15), "years.last", ["2006.5", "whole number"]),
    "quoted year": ('years: {last: "2010"}\n', (1, 15), "years.last", ["'2010'", "drop the quotes"]),
    "other first year": ("years: {first: 2007}\n", (1, 16), "years.first", ["2007", "at most 2006"]),
    "last year too late": ("years: {last: 2051}\n", (1, 15), "years.last", ["2051", "at most 2050"]),
    "first year without figures": ("years: {first: 2000}\n", (1, 16), "years.first", ["2000", "at least 2001"]),
    "last before first": ("years: {last: 2005}\n", (1, 15), "years.last", ["from 2006 to 2005", "2006 or later"]),
    "last before an early first": (
        "years: {first: 2003, last: 2002}\n", (1, 28), "years.last", ["from 2003 to 2002", "2003 or later"],
    ),
    "shock before the base year": (
        "years: {first: 2001}\nshocks: {s: {kind: growth, states: all, change: {2004: 1}}}\n",
        (2, 50), "shocks.s.change.2004", ["2005 to 2050"],
    ),
    "shock year too early": (
        "shocks: {s: {kind: growth, states: all, change: {1999: 1}}}\n", (1, 50), "shocks.s.change.1999", ["2005 to 2050"],
    ),
    "shock year in words": (
        "shocks: {s: {kind: growth, states: all, change: {soon: 1}}}\n", (1, 50), "shocks.s.change.soon", ["years"],
    ),
    "two sessions in a year": (
        GFMD + f"      - {SESSION}\n", (5, 16), "processes.gfmd.sessions.1.year", ["second session in 2007", "line 4"],
    ),
    # names
    "unknown state": ("states: [BEL, XXX]\n", (1, 15), "states.1", ["unknown state 'XXX'", "ISO 3166"]),
    "state by name": ("states: [Norway, BEL]\n", (1, 10), "states.0", ["did you mean NOR (Norway)?"]),
    "state in lower case": ("states: [bel, MEX]\n", (1, 10), "states.0", ["did you mean BEL"]),
    "Norway by two letters": ("states: [NO, BEL]\n", (1, 10), "states.0", ["unknown state 'NO'"]),
    "state twice": ("states: [BEL, BEL]\n", (1, 9), "states", ["'BEL' twice"]),
    "no states": ("states: []\n", (1, 9), "states", ["nothing in it", "at least 2"]),
    "one state": ("states: [BEL]\n", (1, 9), "states", ["only 1 in it", "at least 2"]),
    "one unsound state": ("states: [BEL, XXX]\n", (1, 15), "states.1", ["unknown state 'XXX'"]),
    "word for states": ("states: every\n", (1, 9), "states", ["'every'", "'all'"]),
    "chair not among the states": (
        "states: [MEX, USA]\n" + GFMD, (5, 29), "processes.gfmd.sessions.0.chair", ["'BEL' is not in this scenario"],
    ),
    "unknown theme": (GFMD.replace("remittances", "remitances"), (4, 43), "processes.gfmd.sessions.0.themes.0", ["remittances?"]),
    "theme twice": (
        GFMD.replace("[remittances]", "[remittances, remittances]"),
        (4, 42), "processes.gfmd.sessions.0.themes", ["'remittances' twice"],
    ),
    "unknown choice": (GFMD + "    civil_society: exclude\n", (5, 20), "processes.gfmd.civil_society", ["did you mean excluded?"]),
    "unknown record": ("record: [corridor]\n", (1, 10), "record.0", ["'corridors'"]),
    "unknown shock": ("shocks: {r: {kind: recesion}}\n", (1, 13), "shocks.r", ["did you mean recession?"]),
    "shock without kind": ("shocks: {r: {scale: 1}}\n", (1, 10), "shocks.r", ["kind is missing"]),
    "key of another shock": ("shocks: {r: {kind: recession, origin: SYR}}\n", (1, 31), "shocks.r.origin", ["unknown key"]),
    "process name": ("processes: {The Forum: {sessions: []}}\n", (1, 13), "processes.The Forum", ["the-forum"]),
    "scenario name": ("name: ../etc\n", (1, 7), "name", ["lower-case"]),
    "unknown evidence": (
        "processes: {g: {sessions: [], evidence: [gfmd-open, gfmd-opne]}}\n",
        (1, 53), "processes.g.evidence.1", ["unknown claim 'gfmd-opne'", "did you mean gfmd-open?"],
    ),
    "unknown evidence of a session": (
        GFMD.replace("]}", "], evidence: [nosuch]}"),
        (4, 68), "processes.gfmd.sessions.0.evidence.0", ["unknown claim 'nosuch'", "migsim evidence"],
    ),
    "given agenda without themes": (
        GFMD.replace("[remittances]", "[]"), (4, 42), "processes.gfmd.sessions.0.themes", ["no themes", "agenda: survey"],
    ),
    "given agenda and themes left out": (
        "processes: {gfmd: {agenda: given, sessions: [{year: 2007, chair: BEL}]}}\n",
        (1, 46), "processes.gfmd.sessions.0.themes", ["no themes", "name themes"],
    ),
    "evidence": ("processes: {g: {sessions: [], evidence: ['no such id!']}}\n", (1, 42), "processes.g.evidence.0", ["lower-case"]),
    # YAML
    "empty": ("", (1, 1), "", ["empty"]),
    "comments only": ("# nothing\n", (2, 1), "", ["empty"]),
    "scalar": ("gfmd\n", (1, 1), "", ["'gfmd'", "mapping"]),
    "list": ("- a\n", (1, 1), "", ["a list", "mapping"]),
    "two documents": ("title: a\n---\ntitle: b\n", (2, 1), "", ["second document"]),
    "tab": ("years:\n\tlast: 2010\n", (2, 1), "", ["a tab", "spaces"]),
    "unclosed list": ("record: [corridors\n", (2, 1), "", ["not YAML"]),
    "unclosed quote": ("title: 'a\n", (2, 1), "", ["not YAML"]),
    "colon in text": ("title: a: b\n", (1, 9), "", ["not YAML"]),
    "bad indentation": ("years:\n  last: 2010\n first: 2006\n", (3, 2), "", ["not YAML"]),
    "anchor": ("title: &a b\n", (1, 8), "title", ["anchor &a", "delete"]),
    "alias": ("title: &a b\ndescription: *a\n", (2, 14), "description", ["alias *a"]),
    "merge key": ("<<: {title: a}\n", (1, 1), "", ["merge key", "extends"]),
    "python tag": ("title: !!python/object/apply:os.system [ls]\n", (1, 8), "title", ["tag", "refused"]),
    "own tag": ("title: !secret a\n", (1, 8), "title", ["tag '!secret'"]),
    "directive": ("%YAML 1.1\n---\ntitle: a\n", (1, 1), "", ["directive"]),
    "deep": ("a: " + "[" * 100 + "]" * 100 + "\n", (1, 34), None, ["nested deeper than 30"]),
    "half a character": ('title: "\\ud800"\n', (1, 8), "title", ["half a character in '\\ud800'", "printable text"]),
    "half a character as key": ('"\\ud800": 1\n', (1, 1), "", ["half a character in '\\ud800'"]),
    "control character as key": ('"\\x1b[2J": 1\n', (1, 1), None, ["unknown key '\\x1b[2J'"]),
    "escape to control character": ('title: "\\x1b[2J"\n', (1, 8), "title", ["control characters"]),
}  # fmt: skip

BYTES = {
    "not UTF-8": (b"title: caf\xe9\n", (1, 11), "UTF-8"),
    "UTF-16": ("title: a\n".encode("utf-16"), (1, 1), "UTF-8"),
    "NUL": (b"title: a\n\x00", (2, 1), "U+0000"),
    "escape": (b"title: \x1b[2J\n", (1, 8), "U+001B"),
    "random": (bytes(range(256)) * 40, (2, 118), "UTF-8"),
}


def faults_of(path, *overrides):
    with pytest.raises(ScenarioError) as caught:
        load(path, overrides)
    return caught.value.faults


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_refused_at_the_right_place(tmp_path, name):
    text, (line, column), path, words = BROKEN[name]
    file = tmp_path / "broken.yaml"
    file.write_text(text, encoding="utf-8")
    fault = faults_of(file)[0]
    assert (fault.line, fault.column) == (line, column), str(fault)
    assert path is None or fault.path == path
    for word in words:
        assert word in str(fault)
    assert str(fault).startswith(f"{file}:{line}:{column}: ")
    assert fault.found


@pytest.mark.parametrize("name", BROKEN)
def test_every_message_says_what_is_allowed_or_what_to_do(tmp_path, name):
    file = tmp_path / "broken.yaml"
    file.write_text(BROKEN[name][0], encoding="utf-8")
    for fault in faults_of(file):
        assert fault.allowed or fault.suggestion, str(fault)
        assert re.fullmatch(r"[^\x00-\x1f]+", str(fault))


@pytest.mark.parametrize("name", BYTES)
def test_bytes_that_are_no_text_are_refused_where_they_stand(tmp_path, name):
    content, (line, column), word = BYTES[name]
    file = tmp_path / "broken.yaml"
    file.write_bytes(content)
    (fault,) = faults_of(file)
    assert (fault.line, fault.column) == (line, column)
    assert word in str(fault)


def test_a_surveyed_agenda_needs_no_themes(tmp_path):
    file = tmp_path / "open.yaml"
    file.write_text(
        "processes: {g: {agenda: survey, sessions: [{year: 2007, chair: BEL}]}}\n", encoding="utf-8"
    )
    assert load(file).value("processes.g.sessions.0.themes") == []
    (fault,) = faults_of(file, "processes.g.agenda=given")
    assert (fault.line, fault.path, fault.found) == (1, "processes.g.sessions.0.themes", "no themes")


def test_a_session_without_year_and_themes_lacks_both(tmp_path):
    file = tmp_path / "bare.yaml"
    file.write_text("processes: {g: {sessions: [{chair: BEL}]}}\n", encoding="utf-8")
    assert [fault.found for fault in faults_of(file)] == ["key year is missing", "no themes"]


def test_all_faults_are_said_at_once_and_in_order(tmp_path):
    file = tmp_path / "broken.yaml"
    file.write_text(
        "years: {last: 2060}\n"
        "states: [XXX]\n"
        "shocks: {r: {kind: boom}}\n"
        "processes:\n  gfmd:\n    max_themes: 99\n    sessions:\n"
        "      - {year: 2007, chair: BEL, themes: [money]}\n"
        "      - {year: 2007, chair: ZZZ}\n"
        "oops: 1\n",
        encoding="utf-8",
    )
    faults = faults_of(file)
    assert [fault.line for fault in faults] == sorted(fault.line for fault in faults)
    assert {fault.path for fault in faults} >= {
        "years.last",
        "states.0",
        "shocks.r",
        "processes.gfmd.max_themes",
        "processes.gfmd.sessions.0.themes.0",
        "processes.gfmd.sessions.1.year",
        "processes.gfmd.sessions.1.chair",
        "oops",
    }
