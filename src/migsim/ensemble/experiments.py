"""The design that a scenario file holds: what it varies, and what a sweep would refuse of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from migsim.ensemble.factors import LUCK, Factor, factor, refuse_files
from migsim.ensemble.sizes import (
    POINTS,
    STEPS,
    counted_points,
    refuse_odd_sizes,
    refuse_odd_worlds,
    spread_of,
    usual_replicates,
)
from migsim.errors import Fault, InputError, ScenarioError
from migsim.scenario.tree import fault_at

if TYPE_CHECKING:
    from migsim.scenario.definition import Scenario
    from migsim.scenario.experiment import Experiment

__all__ = ["factors_of", "over_of", "refuse_odd_design"]


def over_of(experiment: Experiment) -> dict[str, object]:
    """What the design of a file varies: by path a list of values, a pair of ends, or None."""
    over: dict[str, object] = {}
    for varied in experiment.over:
        pair = None if varied.low is None else (varied.low, varied.high)
        over[varied.path] = list(varied.values) if varied.values is not None else pair
    return over


def factors_of(definition: Scenario, experiment: Experiment) -> tuple[Factor, ...]:
    """The factors of the design of a file.

    Raises
    ------
    ScenarioError
        At each setting that cannot be varied so.
    """
    found: list[Factor] = []
    faults: list[Fault] = []
    for number, (path, given) in enumerate(over_of(experiment).items()):
        with _gathered(definition, f"design.over.{number}", faults):
            found.append(_factor(definition, path, given))
    if faults:
        raise ScenarioError(faults)
    return tuple(found)


def _factor(definition: Scenario, path: str, given: object) -> Factor:
    try:
        return factor(definition, path, given)
    except ScenarioError as error:
        # It is told of the variation that was tried, and belongs where the design says so.
        raise InputError(str(error.faults[0]).removeprefix("vary: over: ")) from None


def refuse_odd_design(definition: Scenario, experiment: Experiment) -> None:
    """Refuse what a sweep would refuse of the design of a file; its points are counted and not drawn.

    Raises
    ------
    ScenarioError
        With what a sweep would refuse.
    """
    kind, has_luck = experiment.kind, any(varied.path == LUCK for varied in experiment.over)
    size = experiment.steps or STEPS if kind == "grid" else experiment.points or POINTS[kind]
    replicates = experiment.replicates or usual_replicates(kind, has_luck)
    number, faults = 1, list[Fault]()
    with _gathered(definition, "design", faults):
        refuse_files(varied.path for varied in experiment.over)
    with _gathered(definition, "design", faults):
        spread_of(kind, has_luck, experiment.parameters)
    with _gathered(definition, "design", faults):
        refuse_odd_sizes(kind, experiment.points, experiment.steps)
    with _gathered(definition, "design", faults):
        number = counted_points(kind, factors_of(definition, experiment), size)
    with _gathered(definition, "design", faults):
        refuse_odd_worlds(kind, has_luck, number, replicates)
    if faults:
        raise ScenarioError(faults)


@contextmanager
def _gathered(definition: Scenario, where: str, faults: list[Fault]) -> Iterator[None]:
    """Keep what is refused as a fault with its place in the file, so that all can be told at once."""
    node = definition.tree.find(where) or definition.tree
    try:
        yield
    except ScenarioError as error:
        faults += error.faults
    except InputError as error:
        name, _, rest = str(error).partition(": ")
        if own := node.get(name):
            faults.append(fault_at(own.place, f"{where}.{name}", rest))
        else:
            faults.append(fault_at(node.place, where, str(error)))
