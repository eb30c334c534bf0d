"""The library: every process of the documents is in it, rests on what it cites, and runs alone."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

import numpy as np
import pytest

import migsim as ms
from migsim.ensemble.batch import Tables, run_batch
from migsim.provenance.claims import rows
from migsim.provenance.sources import resolve
from migsim.scenario.files import library_files
from migsim.scenario.library import COLUMNS, entries, entry
from migsim.scenario.process_rules import years_of_sessions

ROWS = list(rows("processes.csv"))
NAMES = tuple(library_files())
# fmt: off
STATES = [
    "ARG", "AUS", "BEL", "BGD", "BRA", "CAN", "CHE", "CHN", "DEU", "EGY", "ETH", "FRA", "GRC",
    "IND", "JOR", "LBN", "MAR", "MEX", "MOZ", "MUS", "NGA", "PHL", "SEN", "SWE", "SYR", "TUR",
    "USA", "ZAF",
]
# fmt: on
"""A world of a few states, in which every process has members and the forum its chairs."""
every_process = pytest.mark.parametrize("name", NAMES)


def text_of(name: str) -> str:
    return library_files()[name].read_text(encoding="utf-8")


@cache
def alone(name: str) -> Tables:
    """Two replicates of the process by itself, in a world of a few states."""
    return run_batch(ms.load(name).vary(name, {"states": STATES}), (0, 1), 2026, "ranged")


def met(name: str) -> set[int]:
    """The years in which anybody came, in some replicate."""
    world = alone(name)["world"]
    return {int(year) for year in world["year"][world["n_attending"].astype(float) > 0.0]}


def test_the_documents_know_28_processes():
    assert len(ROWS) == 28


@pytest.mark.parametrize("row", ROWS, ids=[row["process"] for row in ROWS])
def test_every_process_of_the_documents_is_in_the_library(row):
    files = row["library"].split()
    assert files
    assert set(files) <= set(NAMES)
    cited = {claim for name in files for claim in entry(name).evidence}
    assert set(row["evidence"].split()) <= cited
    assert all(entry(name).row == row["process"] for name in files)


def test_every_file_stands_for_one_process_of_the_documents():
    listed = [name for row in ROWS for name in row["library"].split()]
    assert len(listed) == len(set(listed))
    assert set(listed) == set(NAMES)


@every_process
def test_a_file_holds_one_process_and_says_what_it_is(name):
    scenario = ms.load(name)
    assert list(scenario.spec.processes) == [name]
    assert scenario.name == name
    assert scenario.title != name
    assert 80 < len(scenario.description) < 600
    assert entry(name).title
    assert entry(name).convener


@every_process
def test_its_evidence_can_be_looked_up(name):
    cited = entry(name).evidence
    assert cited
    assert all(resolve(f"evidence:{claim}") for claim in cited)


@every_process
def test_its_links_lead_into_the_library(name):
    process = ms.load(name).spec.processes[name]
    links, wants = process.links, process.convening.after
    named = (*links.feeds, *links.reports_to, *links.takes_stock_of, *links.side_event_of, *wants)
    assert set(named) <= set(NAMES)


@every_process
def test_members_are_marked_as_general_knowledge(name):
    has_members = bool(ms.load(name).spec.processes[name].participants.states)
    assert has_members == ("general knowledge, not from the documents" in text_of(name))


@every_process
def test_what_the_documents_leave_open_is_said(name):
    if entry(name).silent_on:
        assert "#" in text_of(name)


def test_the_forum_meets_where_and_when_it_did():
    history = Path(ms.__file__).parent / "facts" / "forum_history.csv"
    with history.open(encoding="utf-8", newline="") as table:
        sessions = [row for row in csv.DictReader(table) if row["event_type"] == "GFMD" and row["date_start"]]
    held = {(int(float(row["year"])), row["country_iso3"]): row["city"] for row in sessions}
    listed = {(each.year, each.chair): each.city for each in ms.load("gfmd").spec.processes["gfmd"].sessions}
    assert len(listed) == 11
    assert set(listed) == set(held)
    assert all(held[key].startswith(city) for key, city in listed.items())
    assert not any(each.themes for each in ms.load("gfmd").spec.processes["gfmd"].sessions)


@every_process
def test_it_runs_alone(name):
    tables, process = alone(name), ms.load(name).spec.processes[name]
    numbers = [column for column in tables["world"].values() if column.dtype.kind == "f"]
    assert numbers
    assert all(np.isfinite(column).all() for column in numbers)
    calendar = years_of_sessions(process.model_dump())
    assert met(name) <= set(calendar)
    came = {iso3 for iso3, was in zip(*attendance(name), strict=True) if was}
    if process.participants.who == "nobody" or not calendar:
        assert not came
    elif process.participants.states:
        assert came <= set(process.participants.states)


def attendance(name: str) -> tuple[np.ndarray, np.ndarray]:
    """State and whether it came, of every replicate, session and state."""
    table = alone(name)["attendance"]
    return table["state"], table["attended"]


@every_process
def test_what_must_meet_does(name):
    process, rule = entry(name), ms.load(name).value(f"processes.{name}.convening.rule")
    first, last = (ms.load(name).value(f"years.{end}") for end in ("first", "last"))
    calendar = years_of_sessions(ms.load(name).spec.processes[name].model_dump())
    due = {year for year in calendar if first <= year <= last}
    is_certain = rule == "calendar" and "nobody" not in process.participants
    if is_certain and "once" not in process.when and "parties" not in process.participants:
        assert met(name) == due


def test_only_the_forum_holds_a_market():
    with_market = {name for name in NAMES if alone(name)["world"]["matches"].astype(float).max() > 0.0}
    assert with_market == {"gfmd", "gfmd-marketplace"}


def test_the_library_as_a_table():
    told = ms.processes()
    assert tuple(told.columns) == COLUMNS
    assert set(told["name"]) == set(NAMES)
    by_name = told.set_index("name")
    assert by_name.loc["ilo-c97", "when"] == "never meets"
    assert by_name.loc["ilo-c97", "binds"] == "those who ratify"
    assert by_name.loc["gfmd", "when"] == "2007-2012, 2014-2018"
    assert by_name.loc["summits", "rule"] == "no text"
    assert "majority" in by_name.loc["general-assembly-committees", "rule"]
    assert by_name.loc["gats-mode-4", "agenda"].endswith("(only skilled_admission)")


def test_all_together(tmp_path):
    lines = [f"  {name}: {{extends: {name}}}" for name in entries()]
    path = tmp_path / "everything.yaml"
    path.write_text(
        "\n".join(["years: {last: 2008}", f"states: [{', '.join(STATES)}]", "processes:", *lines])
    )
    scenario = ms.load(path)
    assert list(scenario.spec.processes) == list(entries())
    world = run_batch(scenario, (0, 1), 2026, "ranged")["world"]
    assert world["n_attending"].max() > 0
    assert all(np.isfinite(column).all() for column in world.values() if column.dtype.kind == "f")
