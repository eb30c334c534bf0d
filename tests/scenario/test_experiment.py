"""The design of a scenario file, and what it must obey."""

import pytest

from migsim.errors import ScenarioError
from migsim.scenario.load import load
from tests.lives import SMALL

HEAD = f"extends: {SMALL.name}\n"


@pytest.fixture
def written(tmp_path):
    (tmp_path / SMALL.name).write_bytes(SMALL.read_bytes())

    def write(design):
        path = tmp_path / "design.yaml"
        path.write_text(HEAD + design, encoding="utf-8")
        return path

    return write


def test_a_design_changes_nothing_in_a_run(written):
    with_design = load(written("design: {over: [{path: trust.start, low: 0.1, high: 0.4}]}"))
    assert with_design.spec.design.over[0].high == 0.4
    assert with_design.hash == load(SMALL).hash


@pytest.mark.parametrize("design", ["3", "{kind: scenarios, scenarios: chair-summary}"])
def test_a_design_of_the_wrong_kind_has_one_fault(written, design):
    with pytest.raises(ScenarioError) as caught:
        load(written(f"design: {design}\n"))
    assert len(caught.value.faults) == 1


@pytest.mark.parametrize(
    ("design", "path", "says"),
    [
        ("{kind: grid}", "over", "no settings to vary"),
        ("{kind: scenarios}", "scenarios", "no scenarios to compare"),
        ("{over: [{path: luck}], scenarios: [no-forum]}", "scenarios", "kind: scenarios only"),
        ("{kind: sobol, points: 100, over: [{path: luck}]}", "points", "power of two"),
        ("{kind: sobols, over: [{path: luck}]}", "kind", "sobol"),
        ("{over: [{path: luck}, {path: luck}]}", "over.1.path", "each setting once"),
        ("{over: [{path: trust.strt}]}", "over.0.path", "did you mean trust.start?"),
        ("{over: [{path: processes.gfmt.reading}]}", "over.0.path", "did you mean gfmd?"),
        ("{over: [{path: trust.start, low: 0.1}]}", "over.0", "without high"),
        ("{over: [{path: trust.start, low: 0.4, high: 0.1}]}", "over.0.low", "low below high"),
        ("{over: [{path: trust.start, low: 0.1, high: 7}]}", "over.0.low", "low below high"),
        ("{over: [{path: processes.gfmd.reading, low: 0, high: 1}]}", "over.0.low", "chair_summary"),
        ("{over: [{path: processes.gfmd.max_themes, low: 1.5, high: 3}]}", "over.0.low", "whole numbers"),
        ("{over: [{path: trust.start, values: [0.1, 7]}]}", "over.0.values", "7"),
        ("{over: [{path: trust.start, values: [0.1], low: 0, high: 1}]}", "over.0.values", "one of them"),
        ("{over: [{path: trust.start, values: []}]}", "over.0.values", "at least"),
        ("{over: [{path: years.last}]}", "over.0.path", "a list of values"),
        ("{over: [{values: [1]}]}", "over.0.path", "add path"),
        ("{over: [{path: luck, value: [1]}]}", "over.0.value", "unknown key"),
    ],
)
def test_a_broken_design_is_told_where_and_what_to_do(written, design, path, says):
    with pytest.raises(ScenarioError) as caught:
        load(written(f"design: {design}\n"))
    faults = caught.value.faults
    assert {fault.line for fault in faults} == {2}
    assert any(fault.path.removeprefix("design.") in (path, path.rpartition(".")[0]) for fault in faults)
    assert any(says in str(fault) for fault in faults), [str(fault) for fault in faults]
