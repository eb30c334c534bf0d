"""The claims, stances and flags hold together, and every reference leads somewhere."""

from __future__ import annotations

from collections import Counter

import pytest

from migsim.errors import InputError
from migsim.provenance.claims import claim, claims, documents, find, flags, flags_of, rows, stances
from migsim.provenance.sources import FIGURES, findings, resolve
from migsim.themes import ATTITUDES, THEMES


def test_counts():
    assert len(claims()) == 501
    assert len(stances()) == 97
    assert len(flags()) == 15
    assert list(documents()) == ["000", "001", "002", "003", "004"]
    assert Counter(each.kind for each in claims().values()) == {
        "mechanism": 147,
        "interest": 86,
        "event": 70,
        "actor": 61,
        "rule": 51,
        "figure": 43,
        "concept": 23,
        "theme": 20,
    }


@pytest.mark.parametrize("file", ["claims.csv", "documents.csv", "flags.csv"])
def test_no_row_stands_twice(file):
    first = [next(iter(row.values())) for row in rows(file)]
    assert len(first) == len(set(first))


def test_claims_name_known_documents_and_places():
    for each in claims().values():
        assert each.document in documents()
        assert each.locator
        assert each.claim
        assert each.confidence in ("stated", "implied")


def test_stances_are_on_known_issues_and_rest_on_known_claims():
    for (_, issue), stance in stances().items():
        assert issue in THEMES + ATTITUDES
        assert -2 <= stance.score <= 2
        assert stance.basis in ("stated", "implied")
        assert stance.evidence
        assert all(resolve(f"evidence:{identifier}") for identifier in stance.evidence)


def test_every_claim_resolves_to_its_document_and_place():
    for each in claims().values():
        found = resolve(f"evidence:{each.id}")
        assert f"document {each.document}, {each.locator}" in found
        assert found.endswith(each.claim)


@pytest.mark.parametrize("file", ["processes.csv", "timeline.csv"])
def test_processes_and_timeline_rest_on_known_claims(file):
    cited = [identifier for row in rows(file) for identifier in row["evidence"].split()]
    assert cited
    assert set(cited) <= set(claims())


def test_flags_concern_known_documents_and_claims():
    for flag in flags().values():
        assert set(flag.documents) <= set(documents())
        assert set(flag.claims) <= set(claims())
        assert {claims()[identifier].document for identifier in flag.claims} <= set(flag.documents)
        assert flag.issue
        assert flag.reading
    assert [flag.id for flag in flags_of("w-gfmd-2004")] == ["birth-of-forum"]


def test_findings_and_figures_resolve():
    assert len(findings()) == 90
    for identifier in findings():
        assert resolve(f"literature:{identifier}")
    for file in FIGURES:
        assert resolve(f"facts:{file}").endswith(f"(facts: {file})")
    assert resolve("assumption").startswith("assumption")


def test_a_number_that_was_not_checked_says_so():
    assert "[not checked against a text]" in resolve("literature:skill_share")


def test_an_implied_claim_says_so():
    assert ", implied: " in resolve("evidence:oda-2015-derived")
    assert ", implied" not in claim("n-days-2").citation


@pytest.mark.parametrize(
    ("token", "said"),
    [
        ("evidence:n-max-theme", "did you mean n-max-themes"),
        ("literature:netwrk", "did you mean network"),
        ("facts:corridor.csv", "did you mean corridors.csv"),
        ("assumption:really", "it must be evidence:<id>"),
        ("hearsay", "it must be evidence:<id>"),
    ],
)
def test_a_source_that_leads_nowhere_is_refused(token, said):
    with pytest.raises(InputError, match=said):
        resolve(token)


def test_find_wants_every_word_in_any_case():
    assert "n-cs-report" in {each.id for each in find("OFFICIALS reported")}
    assert find("no such words in any claim") == ()
    assert len(find("")) == 501
