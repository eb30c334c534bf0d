"""The models of the parameters, made from the registry, and the scenario model that holds them.

`spec_model` makes the model from any selection of the registry's rows: checking a file needs only those that
the file mentions, running it needs all.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Annotated, Any, cast

from pydantic import Field, WithJsonSchema, create_model

from migsim.interrupts import held
from migsim.provenance.parameters import Parameter, registry
from migsim.scenario.schema import MOST_PROCESSES, Process, Section, Spec, one_of
from migsim.scenario.tree import Node

__all__ = ["complete_model", "spec_model", "validated"]


def _field(row: Parameter) -> tuple[Any, Any]:
    """A registry row as a pydantic field: type, bounds, default and documentation."""
    unit = row.quantity
    extra = {"unit": row.unit, "range": row.range_text, "source": list(row.sources)}
    documented: dict[str, Any] = {"title": row.title, "json_schema_extra": extra}
    match row.kind:
        case "flag":
            return bool, Field(row.default, **documented)
        case "choice":
            options = WithJsonSchema({"enum": list(row.options)})
            option = Annotated[str, one_of("option", lambda: row.options), options]
            return option, Field(row.default, **documented)
        case "integer":
            return int, Field(row.default, ge=int(unit.minimum), le=int(unit.maximum), **documented)
        case "number":
            documented |= {"ge": unit.minimum, "le": unit.maximum, "allow_inf_nan": False}
            return float, Field(row.default, **documented)


def _model(
    name: str, base: type[Section], rows: Iterable[Parameter], depth: int, **changed: Any
) -> type[Section]:
    """A model with a field for each row, and a nested model for each group of rows below it."""
    fields: dict[str, Any] = dict(changed)
    groups: dict[str, list[Parameter]] = {}
    for row in rows:
        if len(row.segments) == depth + 1:
            fields[row.segments[depth]] = _field(row)
        else:
            groups.setdefault(row.segments[depth], []).append(row)
    for group, members in groups.items():
        known = base.model_fields.get(group)
        written = cast(type[Section], known.annotation) if known else Section
        inner = _model(f"{name}{group.title().replace('_', '')}", written, members, depth + 1)
        fields[group] = (inner, Field(default={}, validate_default=True))
    made = create_model(name, __base__=base, __module__=__name__, **fields)
    return cast(type[Section], made)


def spec_model(rows: Iterable[Parameter]) -> type[Spec]:
    """The model of a scenario that may set these parameters."""
    rows = tuple(rows)
    of_processes = [row for row in rows if row.segments[0] == "processes"]
    process = _model("Process", Process, of_processes, 2)
    processes = Annotated[dict[str, process], Field(max_length=MOST_PROCESSES)]  # type: ignore[valid-type]
    others = [row for row in rows if row.segments[0] != "processes"]
    return cast(type[Spec], _model("Scenario", Spec, others, 0, processes=(processes, {})))


@cache
def complete_model() -> type[Spec]:
    """The model with every parameter of the registry."""
    return spec_model(registry().rows)


def validated(model: type[Spec], tree: Node) -> Spec:
    """What a tree says, as a model reads it.

    Raises
    ------
    ValidationError
        If the model refuses it.
    """
    with held():  # pydantic would make an error of its own of one
        return model.model_validate(tree.plain())
