"""What became of each claim, and how it is shown."""

from __future__ import annotations

import csv
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path

import pytest

from migsim import plots
from migsim.errors import InputError
from migsim.provenance.claims import claims, stances
from migsim.provenance.coverage import COVERED_KINDS, coverage, uses
from migsim.provenance.parameters import registry
from migsim.provenance.show import coverage_text, evidence_list, evidence_of, evidence_text

SCENARIOS = Path(__file__).parents[2] / "scenarios"


def decisions() -> list[dict[str, str]]:
    text = (files("migsim.provenance") / "model_use.csv").read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))


def test_every_claim_of_a_covered_kind_has_one_row():
    due = [each.id for each in claims().values() if each.kind in COVERED_KINDS]
    assert [each.id for each in coverage()] == due
    assert len(due) == 347


def test_used_and_excluded_say_where_and_why():
    for each in coverage():
        assert each.status in ("used", "excluded", "open")
        assert bool(each.where) == (each.status != "open")


def test_no_claim_is_open():
    assert [each.id for each in coverage() if each.status == "open"] == []


def test_no_claim_is_decided_twice():
    decided = [row["id"] for row in decisions()]
    assert len(decided) == len(set(decided))
    found = uses()
    assert [row["id"] for row in decisions() if row["status"] == "excluded" and row["id"] in found] == []


def test_places_of_use_exist():
    paths = {parameter.path for parameter in registry().rows}
    scenarios = {file.stem for file in SCENARIOS.glob("*.yaml")}
    for row in decisions():
        for part in row["where"].split("; ") if row["status"] == "used" else ():
            place = part.partition(": ")[0]
            kind, _, name = place.partition(" ")
            is_there = (
                place in paths
                or place == "check of the figures"
                or (kind == "scenario" and name in scenarios)
                or (kind == "figure" and name in plots.__all__)
                or (place.replace(".", "").replace("_", "").isalpha() and find_spec(f"migsim.{place}"))
            )
            assert is_there, f"{row['id']}: there is no {place}"


def test_covering_claims_are_themselves_used():
    found, known = uses(), claims()
    for row in decisions():
        if row["status"] == "excluded" and "covered by " in row["where"]:
            named = row["where"].partition("covered by ")[2].replace(",", " ").replace(";", " ").split()
            named = [word for word in named if word in known]
            assert named, f"{row['id']}: covered by no claim"
            assert all(word in found for word in named), row["id"]


def test_stances_and_registry_rows_count_as_use():
    found = uses()
    for (stakeholder, issue), stance in stances().items():
        for identifier in stance.evidence:
            assert f"stance of {stakeholder} on {issue}" in found[identifier]
    for parameter in registry().rows:
        for token in parameter.sources:
            if token.startswith("evidence:"):
                assert parameter.path in found[token.removeprefix("evidence:")]


def test_scenarios_count_as_use(tmp_path):
    (tmp_path / "one.yaml").write_text(
        "processes:\n"
        "  gfmd:\n"
        "    evidence: [w-annual-cadence, n-days-2]\n"
        "    sessions:\n"
        "      - year: 2007\n"
        "        evidence:\n"
        "          - t-brussels-equality\n"
        "          - w-mauritius  # a comment\n"
        "        title: n-host-leads\n",
        encoding="utf-8",
    )
    found = uses(tmp_path)
    for identifier in ("w-annual-cadence", "n-days-2", "t-brussels-equality", "w-mauritius"):
        assert "scenario one" in found[identifier]
    assert "scenario one" not in found.get("n-host-leads", ())


def test_a_claim_in_full():
    text = evidence_text("w-gfmd-2004")
    assert "document 000, sentence 7" in text
    assert "Reading used: The forum begins in 2007" in text
    with pytest.raises(InputError, match="did you mean"):
        evidence_text("w-gfmd-2040")


def test_lists():
    assert len(evidence_list().splitlines()) == 501
    assert len(evidence_list("rule").splitlines()) == 51
    assert evidence_list(text="micro-credit").startswith("n-market-example")
    with pytest.raises(InputError, match="it must be one of actor, concept"):
        evidence_list("rumour")


def test_what_a_path_rests_on():
    row = next(row for row in registry().rows if any(s.startswith("evidence:") for s in row.sources))
    text = evidence_of(row.path.replace("*", "gfmd"))
    assert text.startswith(row.path)
    assert all(token in text for token in row.sources)
    group = row.path.rpartition(".")[0]
    assert row.path in evidence_of(group)
    with pytest.raises(InputError, match="there is no parameter"):
        evidence_of("world.nowhere")


def test_every_parameter_can_be_shown():
    for row in registry().rows:
        assert evidence_of(row.path).startswith(row.path)


def test_the_table_of_coverage_adds_up():
    lines = coverage_text().splitlines()
    counts = {line.split()[0]: [int(cell) for cell in line.split()[1:]] for line in lines[1:7]}
    assert sum(counts["all"]) == 347
    assert counts["all"] == [sum(column) for column in zip(*(counts[k] for k in COVERED_KINDS), strict=True)]
