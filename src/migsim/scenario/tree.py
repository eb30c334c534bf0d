"""A scenario before it is understood: values that remember the file, line and column they came from.

This is also where the rule of inheritance is written: mappings merge key by key, ``null`` removes what the
parent set, an explicit empty mapping replaces the parent's whole mapping, lists and scalars replace.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from numbers import Integral, Real
from typing import Final

from migsim.errors import Fault, shown

__all__ = ["Node", "Place", "Plain", "Value", "fault_at", "grown", "merged", "nested"]

type Scalar = str | float | int | bool | None
type Value = Scalar | Mapping[str, Node] | tuple[Node, ...]
type Plain = Scalar | dict[str, Plain] | tuple[Plain, ...]

_DEEPEST: Final = 30


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands; line 0 for what was not read from a file."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file


@dataclass(frozen=True, slots=True)
class Node:
    """A value, its place, and the place of the key that names it."""

    value: Value
    place: Place
    key: Place

    def get(self, name: str) -> Node | None:
        """The member of a mapping (or, by number, of a list); none if there is none."""
        if isinstance(self.value, Mapping):
            return self.value.get(name)
        if isinstance(self.value, tuple) and name.isdecimal() and int(name) < len(self.value):
            return self.value[int(name)]
        return None

    def find(self, path: str) -> Node | None:
        """The node at a dotted path."""
        node: Node | None = self
        for name in path.split("."):
            node = node.get(name) if node else None
        return node

    def members(self) -> Iterator[tuple[str, Node]]:
        """Name and node of each member of a mapping; nothing for other values."""
        if isinstance(self.value, Mapping):
            yield from self.value.items()

    def items(self) -> tuple[Node, ...]:
        """The items of a list; nothing for other values."""
        return self.value if isinstance(self.value, tuple) else ()

    def plain(self) -> Plain:
        """The bare value, without places."""
        if isinstance(self.value, Mapping):
            return {name: node.plain() for name, node in self.value.items()}
        if isinstance(self.value, tuple):
            return tuple(node.plain() for node in self.value)
        return self.value

    def paths(self, prefix: str = "") -> Iterator[str]:
        """The dotted path of every member, at every depth of mappings."""
        for name, node in self.members():
            yield f"{prefix}{name}"
            yield from node.paths(f"{prefix}{name}.")

    def having(self, name: str, node: Node) -> Node:
        """The same mapping with one of its keys set anew."""
        return replace(self, value={**dict(self.members()), name: node})

    def without(self, *names: str) -> Node:
        """The same mapping without some of its keys."""
        kept = {name: node for name, node in self.members() if name not in names}
        return replace(self, value=kept) if isinstance(self.value, Mapping) else self


def fault_at(place: Place, path: str, found: str, allowed: str = "", suggestion: str = "") -> Fault:
    """A fault about the value at a place."""
    return Fault(place.file, place.line, place.column, path, found, allowed, suggestion)


def merged(parent: Node, child: Node) -> Node:
    """The child laid over its parent."""
    if not isinstance(parent.value, Mapping) or not isinstance(child.value, Mapping) or not child.value:
        return child
    members = dict(parent.value)
    for name, node in child.value.items():
        if name not in members:
            members[name] = node
        elif node.value is None:
            del members[name]
        else:
            laid = merged(members[name], node)
            # A mapping from which the last member was removed says nothing any more.
            if laid.value or node.value == laid.value:
                members[name] = laid
            else:
                del members[name]
    return replace(child, value=members)


def nested(path: str, node: Node) -> Node:
    """A tree that holds one node at a dotted path, to be laid over another tree."""
    for name in reversed(path.split(".")):
        node = Node({name: node}, node.place, node.key)
    return node


def grown(value: object, place: Place, path: str, depth: int = 0) -> tuple[Node, list[Fault]]:
    """A Python value (as a user passes it to `vary`) as a tree, with what could not be taken."""
    faults: list[Fault] = []
    taken: Value = None
    match value:
        case None | str() | bool():
            taken = value
        case Integral():
            taken = int(value)
        case Real():
            taken = float(value)
        case Mapping() if depth < _DEEPEST:
            members: dict[str, Node] = {}
            for key, member in value.items():
                name = str(key) if isinstance(key, str | int) and not isinstance(key, bool) else ""
                if not name:
                    faults.append(fault_at(place, path, f"key {shown(key)}", "keys are text or years"))
                members[name], more = grown(member, place, f"{path}.{name}", depth + 1)
                faults += more
            taken = members
        case list() | tuple() if depth < _DEEPEST:
            grown_items = [grown(item, place, f"{path}.{n}", depth + 1) for n, item in enumerate(value)]
            faults += [fault for _, more in grown_items for fault in more]
            taken = tuple(node for node, _ in grown_items)
        case _:
            allowed = "a value is text, a number, true, false, None, a list or a mapping"
            faults.append(fault_at(place, path, f"a value of type {type(value).__name__}", allowed))
    return Node(taken, place, place), faults
