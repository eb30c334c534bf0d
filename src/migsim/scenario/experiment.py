"""The design of a scenario file: what ``migsim sweep`` varies, and the rules that it obeys."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Final, Literal

from pydantic import Field

from migsim.errors import Fault, ScenarioError, shown
from migsim.provenance.parameters import registry
from migsim.scenario.files import file_beside, found_by_name
from migsim.scenario.tree import Node, fault_at
from migsim.scenario.values import Line, Once, Section

if TYPE_CHECKING:
    from migsim.provenance.parameters import Parameter

__all__ = ["LUCK", "Experiment", "Varied", "broken_design_rules", "compared_with", "odd_range", "odd_value"]

LUCK: Final = "luck"
"""The factor that is no setting: whose luck a world has."""


class Varied(Section):
    """One setting that a design varies: over values, over a range, or over its plausible range."""

    path: Annotated[str, Field(min_length=1, max_length=200)]
    """Dotted path of the setting, such as processes.gfmd.max_themes, or luck."""
    values: (
        Annotated[tuple[bool | int | float | Line, ...], Field(min_length=1, max_length=1000), Once] | None
    ) = None
    """The values it takes; without values and range, all options or the plausible range of the registry."""
    low: Annotated[float | int, Field(allow_inf_nan=False)] | None = None
    """Lower end of its range."""
    high: Annotated[float | int, Field(allow_inf_nan=False)] | None = None
    """Upper end of its range."""


class Experiment(Section):
    """Which runs of a scenario ``migsim sweep`` makes."""

    kind: Literal["grid", "latin_hypercube", "morris", "sobol", "scenarios"] = "grid"
    """How the points are chosen: all combinations, a Latin hypercube, Morris walks, Sobol samples; or other
    scenarios to compare with."""
    points: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    """Points of a Latin hypercube, walks of a Morris design, or base points of Sobol (a power of two)."""
    steps: Annotated[int, Field(ge=2, le=1000)] | None = None
    """Values that a grid takes of a range, by default 5."""
    replicates: Annotated[int, Field(ge=1, le=1000)] | None = None
    """Worlds at each point, or of each scenario."""
    parameters: Literal["ranged", "central"] | None = None
    """Whether what the design does not vary is drawn, alike at all points, or keeps its default."""
    over: Annotated[tuple[Varied, ...], Field(max_length=1000)] = ()
    """The settings that are varied."""
    scenarios: Annotated[tuple[Annotated[str, Field(max_length=200)], ...], Field(max_length=60), Once] = ()
    """Names or files of the scenarios to compare this one with."""


def odd_range(row: Parameter, low: object, high: object) -> tuple[str, str] | None:
    """What was found and what is allowed, if a setting cannot vary over a range."""
    unit = row.quantity
    found = f"a range from {shown(low)} to {shown(high)}"
    if row.kind not in ("number", "integer"):
        return found, row.allowed
    if any(isinstance(end, bool) or not isinstance(end, int | float) for end in (low, high)):
        return found, "two numbers"
    if not unit.minimum <= low < high <= unit.maximum:  # type: ignore[operator]
        return found, f"low below high, each {unit.bounds} ({unit.text})"
    if row.kind == "integer" and not all(float(end).is_integer() for end in (low, high)):  # type: ignore[arg-type]
        return found, "whole numbers"
    return None


def odd_value(row: Parameter, value: object) -> tuple[str, str] | None:
    """What was found and what is allowed, if a parameter cannot take a value."""
    unit, is_flag = row.quantity, isinstance(value, bool)
    match row.kind:
        case "choice":
            is_fine = value in row.options
        case "flag":
            is_fine = is_flag
        case kind:
            numbers = int if kind == "integer" else int | float
            is_fine = isinstance(value, numbers) and not is_flag and unit.minimum <= value <= unit.maximum
    return None if is_fine else (shown(value), row.allowed)


def compared_with(file: str | os.PathLike[str], tree: Node) -> list[str]:
    """The scenarios that the design of a file names, as they are found from here.

    Not a rule of loading: a run folder holds its scenario, and not those beside it.

    Parameters
    ----------
    file
        The file, or the name of a shipped scenario.
    tree
        What it holds.

    Raises
    ------
    ScenarioError
        With each that is not there, or is the file itself.
    """
    named = tree.find("design.scenarios")
    if named is None:
        return []
    own = found_by_name(file)
    found: list[str] = []
    faults: list[Fault] = []
    for number, item in enumerate(named.items()):
        try:
            found.append(file_beside(own, item, f"design.scenarios.{number}"))
        except ScenarioError as error:
            faults += error.faults
            continue
        if found_by_name(found[-1]).resolve() == own.resolve():
            said = f"{shown(item.value)}, the file itself"
            remedy = "delete it (design: null drops an inherited design)"
            faults.append(fault_at(item.place, f"design.scenarios.{number}", said, "other scenarios", remedy))
    if faults:
        raise ScenarioError(faults)
    return found


def broken_design_rules(tree: Node) -> Iterator[Fault]:
    """The faults of a design that lie beyond the type of each value."""
    node = tree.get("design")
    if node is None or not isinstance(node.value, Mapping):
        return
    kind = node.get("kind")
    is_comparison = kind is not None and kind.value == "scenarios"
    needed, other = ("scenarios", "over") if is_comparison else ("over", "scenarios")
    given, idle = node.get(needed), node.get(other)
    if given is None or (isinstance(given.value, tuple | None) and not given.items()):
        what = "scenarios to compare" if is_comparison else "settings to vary"
        yield fault_at(node.key, f"design.{needed}", f"no {what}", "at least one", f"add {needed}: [...]")
    if idle is not None and idle.items():
        allowed = "with kind: scenarios only" if other == "scenarios" else "with other kinds only"
        yield fault_at(idle.place, f"design.{other}", other, allowed, "delete it, or change the kind")
    points = node.get("points")
    if kind is not None and kind.value == "sobol" and points is not None and _is_no_power(points.value):
        allowed = "a power of two with kind: sobol"
        yield fault_at(points.place, "design.points", shown(points.value), allowed, "write 64, 128 or 256")
    over = node.get("over")
    seen: set[object] = set()
    for number, item in enumerate(over.items() if over else ()):
        yield from _broken_factor(tree, item, f"design.over.{number}", seen)


def _is_no_power(number: object) -> bool:
    return isinstance(number, int) and (number < 2 or number & (number - 1) != 0)


def _broken_factor(tree: Node, item: Node, where: str, seen: set[object]) -> Iterator[Fault]:
    path = item.get("path")
    if path is None or not isinstance(path.value, str):
        return
    if path.value in seen:
        yield fault_at(path.place, f"{where}.path", f"{path.value} twice", "each setting once", "delete one")
    seen.add(path.value)
    values, low, high = item.get("values"), item.get("low"), item.get("high")
    if (low is None) != (high is None):
        lone = low or high
        assert lone is not None
        missing = "high" if high is None else "low"
        yield fault_at(lone.place, where, f"a range without {missing}", "low and high", f"add {missing}")
        return
    if values is not None and low is not None:
        yield fault_at(values.place, f"{where}.values", "values and a range", "one of them", "delete one")
        return
    yield from _strange_path(tree, path, where)
    row = registry().match(path.value)
    if row is None:
        is_bare = path.value != LUCK and not (values and values.items())
        if is_bare and not list(_strange_path(tree, path, where)):
            found = "a setting without a range of its own"
            yield fault_at(path.place, f"{where}.path", found, "a list of values", "add values: [...]")
        return
    if low is not None and high is not None and (odd := odd_range(row, low.value, high.value)):
        yield fault_at(low.place, f"{where}.low", *odd, "mend the range")
    for value in values.items() if values else ():
        if odd := odd_value(row, value.value):
            yield fault_at(value.place, f"{where}.values", *odd, "mend or delete it")


def _strange_path(tree: Node, path: Node, where: str) -> Iterator[Fault]:
    """The fault of a path that is none of this scenario."""
    from migsim.scenario.wording import absent_name, did_you_mean

    said = str(path.value)
    if said == LUCK:
        return
    if absent := absent_name(tree, said, path.place):
        yield fault_at(path.place, f"{where}.path", absent.found, absent.allowed, absent.suggestion)
    elif registry().match(said) is None and not _is_structural(said):
        near = registry().suggest(said)
        suggestion = f"did you mean {near}?" if near else did_you_mean(said, registry().paths) or "delete it"
        allowed = "a path of the registry or of a scenario's own keys"
        yield fault_at(path.place, f"{where}.path", f"unknown path {shown(said)}", allowed, suggestion)


def _is_structural(path: str) -> bool:
    """Whether the path names a key of the scenario that is no parameter."""
    from migsim.scenario.schema import section_at

    *parent, name = path.split(".")
    section = section_at(tuple(parent))
    return section is not None and name in section.model_fields and path != "design"
