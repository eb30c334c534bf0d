"""What is known of one path of a scenario, fit to be read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from migsim.errors import shown
from migsim.provenance.parameters import Parameter, Scalar, registry
from migsim.scenario.tree import Node

__all__ = ["Description", "described"]

_MOST_LINES = 12


@dataclass(frozen=True, repr=False)
class Description:
    """A value of a scenario with its unit, range, source and who set it.

    Attributes
    ----------
    children
        Names (or, in lists, numbers) of what lies below; empty for a single value.
    """

    path: str
    title: str
    value: Any
    unit: str
    range: str
    default: Scalar | None
    source: tuple[str, ...]
    set_by: str
    children: tuple[str, ...]

    def __repr__(self) -> str:
        lines = [f"{self.path}: {self.title}" if self.title else self.path]
        if self.children:
            kind = "items" if isinstance(self.value, list) else "keys"
            lines.append(f"  {len(self.children)} {kind}")
            room = _MOST_LINES - len(lines) - 2
            for name, value in list(zip(self.children, _members(self.value), strict=True))[:room]:
                lines.append(f"  {name}: {_brief(value)}")
            if len(self.children) > room:
                lines.append(f"  ... and {len(self.children) - room} more")
        else:
            lines.append(f"  value    {_brief(self.value)}" + (f" ({self.unit})" if self.unit else ""))
        if self.unit:
            lines += [f"  range    {self.range}", f"  default  {_brief(self.default)}"]
            lines.append(f"  source   {' '.join(self.source)}")
        lines.append(f"  set by   {self.set_by}")
        return "\n".join(lines)


def _members(value: Any) -> list[Any]:
    return list(value.values()) if isinstance(value, Mapping) else list(value)


def _brief(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_brief(member)}" for key, member in list(value.items())[:3])
    if isinstance(value, list):
        return ", ".join(_brief(item) for item in value[:4]) if len(value) <= 4 else f"{len(value)} items"
    return value if isinstance(value, str) and value.isprintable() and len(value) < 80 else shown(value)


def _documented(path: str, kind: object) -> str:
    """The docstring of the field at a path that is no parameter."""
    from migsim.scenario.json_schema import field_docstrings
    from migsim.scenario.schema import section_at

    *parent, name = path.split(".")
    section = section_at(tuple(parent), kind)
    return field_docstrings().get(section.__name__, {}).get(name, "").rstrip(".") if section else ""


def described(
    path: str, value: Any, row: Parameter | None, node: Node | None, kind: object = None
) -> Description:
    """The description of a path.

    Parameters
    ----------
    path, value
        The path and its value.
    row
        Its row in the registry, if it is a parameter.
    node
        What sets it, if anything does.
    kind
        Inside a shock, the kind of shock.
    """
    if own := _own_figure(path, value, node):
        return own
    if isinstance(value, Mapping):
        children = tuple(value)
    else:
        children = tuple(str(number) for number in range(len(value))) if isinstance(value, list) else ()
    table = registry()
    unset = "registry" if row or table.pattern(path) in table.groups else "default"
    title = row.title if row else _documented(path, kind)
    return Description(
        path=path,
        title=title,
        value=value,
        unit=row.unit if row else "",
        range=row.range_text if row else "",
        default=row.default if row else None,
        source=row.sources if row else (),
        set_by=str(node.place) if node else unset,
        children=children,
    )


def _own_figure(path: str, value: Any, node: Node | None) -> Description | None:
    """The description of a figure of a user's own, ours as its default; none for any other path."""
    names = path.split(".")
    if names[0] != "facts" or len(names) != 4 or not isinstance(value, Mapping):
        return None
    from migsim.facts.codes import state_names
    from migsim.facts.own import QUANTITIES, recorded

    _, state, name, year = names
    quantity = QUANTITIES[name]
    return Description(
        path=path,
        title=f"{quantity.title}, {state_names()[state]}, {year}; ours is the default",
        value=value["value"],
        unit=quantity.unit,
        range=quantity.range_text,
        default=recorded(state, name, int(year)),
        source=(str(value["source"]),),
        set_by=str(node.place) if node else "default",
        children=(),
    )
