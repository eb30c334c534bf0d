"""The JSON Schema of scenario files, for editors; descriptions are the models' field docstrings."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path
from typing import Any, Final

from migsim.scenario import schema
from migsim.scenario.groups import complete_model

__all__ = ["field_docstrings", "json_schema"]

_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"


@cache
def field_docstrings() -> dict[str, dict[str, str]]:
    """The docstring of each field of each model, by the names of model and field.

    Examples
    --------
    >>> field_docstrings()["Session"]["city"]
    'Where it meets.'
    """
    module = ast.parse(Path(schema.__file__).read_text(encoding="utf-8"))
    found: dict[str, dict[str, str]] = {}
    for model in module.body:
        if not isinstance(model, ast.ClassDef):
            continue
        fields = found.setdefault(model.name, {})
        for field, after in zip(model.body, model.body[1:], strict=False):
            match field, after:
                case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(text))):
                    fields[name] = text
    return found


def json_schema() -> dict[str, Any]:
    """The schema of a scenario file, with title, unit, range and source of every parameter."""
    made = complete_model().model_json_schema()
    made = {"$schema": _DIALECT, **made, "title": "migsim scenario"}
    made["required"] = [name for name in made.get("required", []) if name != "name"]
    made["properties"] = {
        "extends": {
            "type": "string",
            "description": "A file beside this one, or a shipped scenario, that this one changes.",
        },
        **made["properties"],
    }
    documented = field_docstrings()
    for name, model in [("Spec", made), *made.get("$defs", {}).items()]:
        for field, text in documented.get(name, {}).items():
            if field in model.get("properties", {}):
                model["properties"][field].setdefault("description", text)
    if not made["required"]:
        del made["required"]
    return made
