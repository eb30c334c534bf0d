"""The verification tables: every check within its stated precision, and checks that would notice."""

from dataclasses import replace
from math import inf, nan

import pytest

from migsim.negotiation.registry import protocol_names
from migsim.negotiation.verification import checks
from migsim.negotiation.verification import runs as verified_runs
from migsim.negotiation.verification import tables as verified_tables
from migsim.negotiation.verification.verdicts import Check, agree, case, largest, options_of_case, rows_of

READ: set[tuple[str, ...]] = set()


@pytest.fixture(scope="module")
def made():
    """Every check, made once; the tables that were read for it are noted."""

    def noted(*parts):
        READ.add(parts)
        return rows_of(*parts)

    with pytest.MonkeyPatch.context() as patch:
        for module in (verified_runs, verified_tables):
            patch.setattr(module, "rows_of", noted)
        yield list(checks())


def test_every_check_is_within_its_stated_precision(made):
    failed = [
        f"{check.case}: {check.quantity}: {check.difference}" for check in made if check.passed is False
    ]
    assert failed == []
    assert all(check.n > 0 for check in made)


def test_only_the_median_of_round_two_is_known_not_to_match(made):
    (known,) = [check for check in made if check.passed is None]
    assert known.quantity == "weighted median of round 2"
    assert known.difference == pytest.approx(9.9 - 9.610859134120192)
    assert known.difference > known.precision
    assert known.verdict == "known not to match"


def test_every_protocol_is_checked(made):
    assert {check.protocol for check in made} == {*protocol_names(), "persuasion"}


def test_every_table_among_the_cases_is_read(made):
    there = {("published", path.name) for path in case("published").iterdir()}
    for folder in case("reference").iterdir():
        tables = (path.name for path in folder.iterdir() if path.name.endswith(".csv"))
        there |= {("reference", folder.name, name) for name in tables}
    assert there - READ == set()
    assert {check.n > 0 for check in made} == {True}


def test_every_recorded_option_set_is_run_but_those_excluded(made):
    names = {check.case for check in made if check.protocol == "smp"}
    for name in verified_runs.SPATIAL:
        for label, each in options_of_case(name)["option_sets"].items():
            assert (f"{name} {label}" in names) is ("excluded" not in each)


@pytest.mark.parametrize(
    ("check", "passed"),
    [
        (Check("p", "c", "q", 3, 0.0, 0.0), True),
        (Check("p", "c", "q", 3, 1e-10, 1e-9), True),
        (Check("p", "c", "q", 3, 1e-8, 1e-9), False),
        (Check("p", "c", "q", 3, inf, 1e-9), False),
        (Check("p", "c", "q", 3, nan, 1e-9), False),
        (Check("p", "c", "q", 0, 0.0, 1e-9), False),
        (Check("p", "c", "q", 3, 9.0, 1e-9, is_known_to_differ=True), None),
    ],
)
def test_a_check_passes_within_its_precision(check, passed):
    assert check.passed is passed


def test_numbers_that_are_missing_or_none_are_infinitely_far():
    assert largest([1.0, 2.0], [1.0, 2.25]) == (2, 0.25)
    assert largest([1.0], [1.0, 2.0]) == (2, inf)
    assert largest([nan, 1.0], [1.0, 1.0]) == (2, inf)
    assert agree(["a", "b", "c"], ["a", "c"]) == (2, 2.0)


@pytest.mark.parametrize(("name", "option"), [("smp", "big_r_range"), ("smp", "bargain_model")])
def test_another_option_is_noticed(name, option, monkeypatch):
    real = verified_runs.run_of_case

    def otherwise(case_name, protocol, options):
        other = {"big_r_range": "Max", "bargain_model": "InitRcvrInterp"}[option]
        return real(case_name, protocol, {**options, option: other})

    monkeypatch.setattr(verified_runs, "run_of_case", otherwise)
    monkeypatch.setattr(verified_runs, "SPATIAL", ("smp_a_6x1",))
    positions = next(iter(verified_runs.spatial_runs()))
    assert positions.passed is False


def test_a_difference_and_a_precision_are_told_shortly():
    check = Check("p", "c", "q", 3, 3.14e-13, 0.0)
    assert (check.difference_told, check.precision_told) == ("3.1e-13", "exact")
    assert replace(check, difference=0.289, precision=0.08).difference_told == "0.289"
