"""What a process must obey: its calendar, its participants, its links, its instrument."""

import pytest

from migsim.errors import ScenarioError
from migsim.scenario.load import load
from migsim.scenario.process_rules import years_of_sessions

SESSIONS = "sessions: [{year: 2007, chair: BEL, themes: [remittances]}]"


def faults_of(tmp_path, process):
    path = tmp_path / "forum.yaml"
    path.write_text(f"processes:\n  forum:\n    {process}\n", encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        load(path)
    return [(fault.line, fault.path, str(fault)) for fault in caught.value.faults]


@pytest.mark.parametrize(
    ("process", "path", "says"),
    [
        ("title: Idle", "sessions", "nothing that it does"),
        (
            f"{SESSIONS}\n    cadence: {{first: 2008, last: 2009, themes: [decent_work]}}",
            "cadence",
            "one of the two",
        ),
        ("cadence: {first: 2010, last: 2008, themes: [decent_work]}", "cadence.last", "before first 2010"),
        ("cadence: {first: 2007, last: 2008}", "cadence.themes", "agenda: survey"),
        ("sessions: [{year: 2007, chair: BEL}]", "sessions.0.themes", "agenda: survey"),
        (f"{SESSIONS}\n    participants: {{who: club}}", "participants.states", "a list of states"),
        (f"{SESSIONS}\n    participants: {{who: ratifiers}}", "participants.of", "ratifiers of 'forum'"),
        (
            "instrument: {threshold: 2, paragraphs: [equal_pay]}",
            "instrument.opened",
            "the year of its opening",
        ),
        ("instrument: {opened: 1990}", "instrument.paragraphs", "the paragraphs on which it binds"),
        (f"{SESSIONS}\n    links: {{feeds: [gmfd]}}", "links.feeds.0", "did you mean gfmd?"),
        (f"{SESSIONS}\n    convening: {{after: [nobody-knows]}}", "convening.after.0", "of the library"),
        (f"{SESSIONS}\n    participants: {{who: ratifiers, of: mwx}}", "participants.of", "no process 'mwx'"),
        (f"{SESSIONS}\n    scope: [equal_pays]", "scope.0", "did you mean equal_pay?"),
    ],
)
def test_a_broken_process_is_told_where_and_what_to_do(tmp_path, process, path, says):
    told = faults_of(tmp_path, process)
    assert [(line, where) for line, where, _ in told] == [(told[0][0], f"processes.forum.{path}")]
    assert told[0][0] >= 2
    assert says in told[0][2]


def test_all_faults_of_a_process_are_told_at_once(tmp_path):
    told = faults_of(
        tmp_path, "cadence: {first: 2010, last: 2008}\n    participants: {who: region}\n    instrument: {}"
    )
    assert {path for _, path, _ in told} == {
        "processes.forum.cadence.last",
        "processes.forum.cadence.themes",
        "processes.forum.participants.states",
        "processes.forum.instrument.opened",
        "processes.forum.instrument.paragraphs",
    }


def test_a_link_may_name_a_process_of_the_library_that_is_not_here(tmp_path):
    path = tmp_path / "forum.yaml"
    path.write_text(f"processes:\n  forum:\n    {SESSIONS}\n    links: {{feeds: [gfmd]}}\n", encoding="utf-8")
    assert load(path).value("processes.forum.links.feeds") == ["gfmd"]


def test_the_years_of_a_process_follow_from_its_list_or_its_cadence():
    assert years_of_sessions({"sessions": [{"year": 2009}, {"year": 2007}]}) == (2009, 2007)
    assert years_of_sessions({"cadence": {"first": 2006, "last": 2009, "skip": [2008]}}) == (2006, 2007, 2009)
    assert years_of_sessions({"instrument": {"opened": 1990}}) == ()


def test_a_world_of_few_states_can_take_a_process_with_other_chairs(tmp_path):
    path = tmp_path / "few.yaml"
    path.write_text("states: [MEX, USA, PHL]\nprocesses: {gfmd: {extends: gfmd}}\n", encoding="utf-8")
    assert load(path).spec.states == ("MEX", "USA", "PHL")


@pytest.mark.parametrize(
    ("process", "path"),
    [
        ("convening: {after: [forum]}", "convening.after.0"),
        ("links: {feeds: [forum]}", "links.feeds.0"),
        ("participants: {who: ratifiers, of: forum}", "participants.of"),
    ],
)
def test_a_process_is_no_cause_or_instrument_of_its_own(tmp_path, process, path):
    assert [where for _, where, _ in faults_of(tmp_path, f"{SESSIONS}\n    {process}")] == [
        f"processes.forum.{path}"
    ]


def test_agreements_that_are_off_are_nothing_to_do(tmp_path):
    assert faults_of(tmp_path, "agreements: false")[0][1] == "processes.forum.sessions"


def test_a_chair_of_the_library_that_is_not_here_presides_over_nothing_and_the_file_stays_sound(tmp_path):
    path = tmp_path / "few.yaml"
    path.write_text("states: [MEX, USA, PHL]\nprocesses: {gfmd: {extends: gfmd}}\n", encoding="utf-8")
    few = load(path)
    again = tmp_path / "again.yaml"
    again.write_text(few.to_yaml(), encoding="utf-8")
    assert load(again).content["processes"] == few.content["processes"]
    chairs = {
        session["year"]: session.get("chair") for session in few.content["processes"]["gfmd"]["sessions"]
    }
    assert (chairs[2007], chairs[2008], chairs[2010]) == (None, "PHL", "MEX")


def test_what_is_laid_over_the_library_is_mended_in_the_readers_own_file(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(
        "processes:\n  puebla:\n    extends: puebla\n    sessions: [{year: 2008, themes: [remittances]}]\n",
        encoding="utf-8",
    )
    with pytest.raises(ScenarioError) as caught:
        load(path)
    (fault,) = caught.value.faults
    assert (fault.file, fault.line, fault.path) == (str(path), 4, "processes.puebla.sessions")
    assert "write null" in str(fault)
