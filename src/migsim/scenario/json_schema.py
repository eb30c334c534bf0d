"""The JSON Schema of scenario files, for editors; descriptions are the models' field docstrings."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path
from typing import Any, Final

from migsim.scenario import experiment, schema
from migsim.scenario.groups import complete_model

__all__ = ["field_docstrings", "json_schema"]

_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_ITEMS: Final = ("Session",)
"""What stands only in lists."""
_NEVER_NULL: Final = ("name", "kind")


@cache
def field_docstrings() -> dict[str, dict[str, str]]:
    """The docstring of each field of each model, by the names of model and field.

    Examples
    --------
    >>> field_docstrings()["Session"]["city"]
    'Where it meets.'
    """
    files = [Path(each.__file__ or "") for each in (schema, experiment)]
    modules = [ast.parse(file.read_text(encoding="utf-8")) for file in files]
    found: dict[str, dict[str, str]] = {}
    for model in (statement for module in modules for statement in module.body):
        if not isinstance(model, ast.ClassDef):
            continue
        fields = found.setdefault(model.name, {})
        for field, after in zip(model.body, model.body[1:], strict=False):
            match field, after:
                case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(text))):
                    fields[name] = text
    return found


def json_schema() -> dict[str, Any]:
    """The schema of a scenario file, with title, unit, range and source of every parameter.

    A file that extends another may leave out what its parent says, and write null for what it takes away.
    The schema sees one file alone and so admits both anywhere, but not in the items of a list, which replaces
    its parent's whole.
    """
    made = complete_model().model_json_schema()
    made = {"$schema": _DIALECT, **made, "title": "migsim scenario"}
    for name, model in [("Spec", made), *made.get("$defs", {}).items()]:
        if name not in _ITEMS:
            model.pop("required", None)
            _admit_null(model["properties"])
    made["properties"] = {
        "extends": {
            "type": "string",
            "description": "A file beside this one, or a shipped scenario, that this one changes.",
        },
        **made["properties"],
    }
    made["properties"]["facts"] = {"anyOf": [{"type": "string"}, made["properties"]["facts"]]}
    process = made["$defs"]["Process"]
    process["properties"] = {
        "extends": {"type": "string", "description": "A process of the library that this one changes."},
        **process["properties"],
    }
    documented = field_docstrings()
    for name, model in [("Spec", made), *made.get("$defs", {}).items()]:
        for field, text in documented.get(name, {}).items():
            if field in model.get("properties", {}):
                model["properties"][field].setdefault("description", text)
    return made


def _admit_null(properties: dict[str, Any]) -> None:
    """Let null stand for each property of a mapping, and for each member of those that hold any names."""
    for name, field in properties.items():
        if isinstance(members := field.get("additionalProperties"), dict):
            # Without its kind, which the parent may say, a shock can be of several.
            members.pop("discriminator", None)
            if "oneOf" in members:
                members["anyOf"] = members.pop("oneOf")
            field["additionalProperties"] = _or_null(members)
        if name not in _NEVER_NULL:
            properties[name] = _or_null(field)


def _or_null(field: dict[str, Any]) -> dict[str, Any]:
    """The same schema, admitting null besides."""
    for union in ("anyOf", "oneOf"):
        if union in field:
            return {**field, union: [*field[union], {"type": "null"}]}
    if "$ref" in field:
        rest = {key: value for key, value in field.items() if key != "$ref"}
        return {"anyOf": [{"$ref": field["$ref"]}, {"type": "null"}], **rest}
    made = dict(field)
    if "enum" in made:
        made["enum"] = [*made["enum"], None]
    if "type" in made:
        made["type"] = [made["type"], "null"]
    return made
