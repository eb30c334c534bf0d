"""Faults and their texts."""

import pickle

from migsim.errors import EnvironmentProblem, Fault, InputError, ScenarioError, shown


def test_a_fault_says_where_what_and_what_to_do():
    fault = Fault("a.yaml", 3, 5, "years.last", "2060", "2006 to 2050", "choose an earlier year")
    assert str(fault) == "a.yaml:3:5: years.last: 2060; 2006 to 2050; choose an earlier year"


def test_a_fault_without_a_line_names_its_option():
    assert str(Fault("--set", 0, 0, "x", "unknown key 'x'")) == "--set: x: unknown key 'x'"


def test_faults_are_sorted_by_position_and_said_once():
    late, early = Fault("a", 10, 1, "", "late"), Fault("a", 9, 1, "", "early")
    assert ScenarioError([late, early, late]).faults == (early, late)


def test_a_flood_of_faults_is_cut():
    text = str(ScenarioError(Fault("a", n, 1, "", "x") for n in range(1, 1000)))
    assert len(text.splitlines()) == 101
    assert text.endswith("and 899 more faults; mend these first")


def test_a_scenario_error_travels_between_processes():
    error = ScenarioError([Fault("a", 1, 1, "", "x")])
    assert pickle.loads(pickle.dumps(error)).faults == error.faults


def test_a_scenario_error_is_bad_input_and_an_environment_problem_is_not():
    assert issubclass(ScenarioError, InputError)
    assert not issubclass(EnvironmentProblem, InputError)


def test_strangers_values_cannot_steer_the_terminal():
    assert "\x1b" not in shown("\x1b[2J")
    assert len(shown("x" * 1000)) <= 60
