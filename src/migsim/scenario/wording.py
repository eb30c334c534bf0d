"""What the models refuse, in words: each of pydantic's errors becomes a located fault."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import TYPE_CHECKING, Any, Final

from migsim.errors import Fault, shown
from migsim.facts.codes import state_names
from migsim.provenance.parameters import Parameter, registry
from migsim.scenario import schema
from migsim.scenario.tree import Node, Place, fault_at
from migsim.scenario.yaml_reader import is_number

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails, ValidationError

__all__ = ["absent_name", "did_you_mean", "known_keys", "unknown_path", "worded"]

_MOST_NAMES: Final = 14
_WANTED: Final[Mapping[str, str]] = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "finite_number": "a number",
    "bool_type": "true or false",
    "tuple_type": "a list",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
    "unprintable": "printable text",
    "string_unicode": "printable text",
}
_REMEDIES: Final[Mapping[str, str]] = {
    "tuple_type": "write it as [a, b]",
    "int_type": "write it without a fraction",
    "int_from_float": "write it without a fraction",
    "finite_number": "write a number that is finite",
    "unprintable": "delete the control characters",
    "string_unicode": "delete the half of a character (U+D800 to U+DFFF)",
    "model_type": "write it as key: value lines",
    "model_attributes_type": "write it as key: value lines",
    "dict_type": "write it as key: value lines",
}


def did_you_mean(name: str, known: tuple[str, ...]) -> str:
    """The nearest of the known names as a question; empty if none is near."""
    from difflib import get_close_matches

    for spelling in (name, name.lower()):
        if near := get_close_matches(spelling, known, n=1, cutoff=0.6):
            return f"did you mean {near[0]}?"
    return ""


def known_keys(parent: tuple[str, ...], node: Node | None) -> tuple[str, ...]:
    """The keys that a mapping of the scenario may have, by where it stands."""
    table = registry()
    kind = node.get("kind") if node else None
    section = schema.section_at(parent, kind.value if kind else None)
    fields = list(section.model_fields) if section else []
    if parent == () or (len(parent) == 2 and parent[0] == "processes"):
        fields.append("extends")
    elif len(parent) == 2 and parent[0] == "shocks" and section is None:
        fields.append("kind")
    pattern = table.pattern(".".join(parent))
    start = f"{pattern}." if pattern else ""
    under = [row.path.removeprefix(start) for row in table.rows if row.path.startswith(start)]
    below = [path.partition(".")[0] for path in under if not path.startswith("*")]
    return tuple(dict.fromkeys([*fields, *below]))


def _listed(names: tuple[str, ...]) -> str:
    cut = names[:_MOST_NAMES]
    return ", ".join(cut) + (f", ... ({len(names)} in all)" if len(names) > len(cut) else "")


def absent_name(tree: Node, path: str, place: Place) -> Fault | None:
    """The fault of a path into a process or shock that the scenario does not have."""
    kind, _, rest = path.partition(".")
    name = rest.partition(".")[0]
    group = tree.get(kind)
    if kind not in ("processes", "shocks") or not name or (group and group.get(name)):
        return None
    known = tuple(known for known, _ in group.members()) if group else ()
    allowed = f"there are {', '.join(known)}" if known else f"there are no {kind}"
    suggestion = did_you_mean(name, known) or f"set {kind}.{name} as a whole first"
    return fault_at(place, path, f"no {kind} named {shown(name)}", allowed, suggestion)


def unknown_path(path: str, node: Node | None, place_of: Node) -> Fault:
    """The fault of a key or path that does not exist."""
    *parent, name = path.split(".")
    known = known_keys(tuple(parent), node)
    if not known and parent and parent[-1] not in known_keys(tuple(parent[:-1]), None):
        return unknown_path(".".join(parent), None, place_of)
    near = registry().suggest(path)
    elsewhere = f"did you mean {near}?" if near else ""
    is_namesake = near is not None and near.rpartition(".")[2] == name
    suggestion = (is_namesake and elsewhere) or did_you_mean(name, known) or elsewhere or "delete it"
    allowed = f"known here: {_listed(known)}" if known else "there are no keys here"
    return fault_at(place_of.key, path, f"unknown key {shown(name)}", allowed, suggestion)


def worded(error: ValidationError, tree: Node) -> list[Fault]:
    """Every fault of a validation, each at the value it is about."""
    details = error.errors(include_url=False, include_input=False)
    return [fault for detail in details if (fault := _fault(detail, tree)) is not None]


def _fault(detail: ErrorDetails, tree: Node) -> Fault | None:
    node, parent, names = tree, tree, []
    kind = detail["type"]
    for segment in detail["loc"]:
        member = node.get(str(segment))
        # The location also names the member of a union that was tried; such a name is no key of the tree.
        if member is None:
            continue
        node, parent = member, node
        names.append(str(segment))
    path = ".".join(names)
    if kind == "too_short" and _length(node) >= detail["ctx"]["min_length"]:
        # Only sound items are counted, and each unsound one has a fault of its own.
        return None
    if kind == "extra_forbidden":
        return unknown_path(path, parent, node)
    if kind in ("missing", "union_tag_not_found"):
        missing = "kind" if kind == "union_tag_not_found" else str(detail["loc"][-1])
        found = f"key {missing} is missing"
        if isinstance(node.value, Mapping):
            return fault_at(node.key, path, found, _missing_allowed(missing), f"add {missing}")
        return fault_at(node.place, path, shown(node.plain()), "a mapping", "write it as key: value lines")
    row = registry().match(path)
    if detail["loc"] and detail["loc"][-1] == "[key]":
        found, allowed = f"key {shown(names[-1])}", _year_range(detail) or "keys are years"
        return fault_at(node.key, path, found, allowed, "write a year, such as 2008")
    return fault_at(node.place, path, *_words(detail, node, row))


def _length(node: Node) -> int:
    return len(node.value) if isinstance(node.value, Mapping | tuple) else 0


def _missing_allowed(name: str) -> str:
    if name == "kind":
        return f"kind is one of {', '.join(schema.SHOCKS)}"
    return "it has no default"


def _year_range(detail: ErrorDetails) -> str:
    bounds = detail.get("ctx", {})
    if "ge" in bounds or "le" in bounds:
        return f"keys are years from {schema.BASE_YEAR} to {schema.LAST_YEAR}"
    return ""


def _words(detail: ErrorDetails, node: Node, row: Parameter | None) -> tuple[str, str, str]:
    """What was found, what is allowed, what to do."""
    kind, facts = detail["type"], detail.get("ctx", {})
    value, text = node.plain(), shown(node.plain())
    if value is None:
        allowed = "null removes what a parent sets, and no parent sets this"
        remedy = "delete the line" if node.place.line else "leave it out"
        return text, allowed, f"{remedy}, or write {{}} or []"
    match kind:
        case "unknown_name":
            return _unknown_name(str(value), str(facts["what"]), tuple(facts["options"]))
        case "union_tag_invalid":
            name = str(facts["tag"])
            suggestion = did_you_mean(name, tuple(schema.SHOCKS)) or "choose one of them"
            return f"kind {shown(name)}", f"one of {', '.join(schema.SHOCKS)}", suggestion
        case "repeated":
            return f"{shown(facts['name'])} twice", "each once", "delete the second"
        case "literal_error":
            return text, f"one of {facts['expected']}", "choose one of them"
        case "string_pattern_mismatch":
            return text, "lower-case letters, digits, hyphens and underscores", "write it so"
        case "string_too_long" | "too_long":
            return f"{text} is too long", f"at most {facts.get('max_length')}", "shorten it"
        case "too_short":
            found = f"only {_length(node)} in it" if _length(node) else "nothing in it"
            return found, f"at least {facts.get('min_length')}", "add one, or delete the key"
        case "greater_than_equal" | "greater_than" | "less_than_equal" | "less_than":
            return text, row.allowed if row else _bound(facts), _plausible(row)
    allowed = row.allowed if row else _WANTED.get(kind, detail["msg"])
    return text, allowed, _remedy(value, kind)


def _bound(facts: Mapping[str, Any]) -> str:
    words = {"ge": "at least", "gt": "more than", "le": "at most", "lt": "less than"}
    return " and ".join(f"{words[name]} {facts[name]}" for name in words if name in facts)


def _plausible(row: Parameter | None) -> str:
    if row is None or row.low is None:
        return "choose a value in these bounds"
    return f"plausible is {row.range_text}"


def _remedy(value: object, kind: str) -> str:
    if isinstance(value, str) and kind in ("int_type", "float_type"):
        return "drop the quotes" if is_number(value) else _in_figures(value)
    if kind == "bool_type":
        return "write true or false"
    if isinstance(value, bool):
        return "true and false are not numbers; write the value" if kind != "string_type" else "quote it"
    if kind == "string_type" and isinstance(value, int | float):
        return "quote it"
    return _REMEDIES.get(kind, "write the value so")


def _in_figures(text: str) -> str:
    """What to write in place of a text in which Python, but not YAML, sees a number (2_010)."""
    for read in (int, float):
        try:
            number = read(text)
        except ValueError:
            continue
        if isfinite(number):
            return f"write {number}"
    return "write a number"


def _unknown_name(name: str, what: str, options: tuple[str, ...]) -> tuple[str, str, str]:
    if what == "claim":
        suggestion = did_you_mean(name, options) or "see migsim evidence"
        return f"unknown claim {shown(name)}", "the id of a claim that migsim evidence lists", suggestion
    if what != "state":
        return f"unknown {what} {shown(name)}", f"one of {_listed(options)}", did_you_mean(name, options)
    from difflib import get_close_matches

    names = state_names()
    codes = {full.casefold(): code for code, full in names.items()}
    near = get_close_matches(name.casefold(), list(codes), n=1, cutoff=0.8)
    code = name.upper() if name.upper() in names else codes[near[0]] if near else ""
    suggestion = f"did you mean {code} ({names[code]})?" if code else did_you_mean(name.upper(), options)
    return f"unknown state {shown(name)}", "the ISO 3166 code of a UN member, such as BEL", suggestion
