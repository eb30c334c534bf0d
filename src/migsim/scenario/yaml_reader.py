"""YAML 1.2 text to a tree, reading no more of YAML than a scenario needs.

Strangers' files are read here, so the reader takes plain data only (no tags, anchors, aliases or merge
keys), bounds depth and size, and says of everything it refuses where it stands. Scanning and parsing are
ruamel.yaml's; building the tree from its events is ours, because every key and value keeps its position.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final

from migsim.errors import Fault, ScenarioError, shown
from migsim.scenario.text import Unreadable, sound_text
from migsim.scenario.tree import Node, Place, Scalar, fault_at

__all__ = ["is_number", "read_yaml"]

MOST_VALUES: Final = 20_000
DEEPEST: Final = 30
LONGEST_INTEGER: Final = 18

# The core schema of YAML 1.2: yes, no, on, off and NO stay text.
_NULLS: Final = frozenset(("", "~", "null", "Null", "NULL"))
_FLAGS: Final = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INTEGER: Final = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_NUMBER: Final = re.compile(
    r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)"
)


def read_yaml(source: bytes | str, file: str) -> Node:
    """The tree of one YAML document.

    Parameters
    ----------
    source
        The file's bytes, or text that was given on the command line.
    file
        The name that faults give to it.

    Raises
    ------
    ScenarioError
        With every fault that could be found before the text stopped making sense.
    """
    try:
        builder = _Builder(sound_text(source, file), file)
        root = builder.document()
    except Unreadable as stop:
        raise ScenarioError([stop.fault]) from None
    if builder.faults:
        raise ScenarioError(builder.faults)
    return root


_HALF: Final = re.compile("[\ud800-\udfff]")


def is_number(text: str) -> bool:
    """Whether a text without quotes is read as a number.

    Examples
    --------
    >>> is_number("2010"), is_number("2_010"), is_number("1e3"), is_number("inf")
    (True, False, True, False)
    """
    return bool(_INTEGER.fullmatch(text) or _NUMBER.fullmatch(text))


@cache
def _parser() -> tuple[type[Any], Any]:
    """ruamel.yaml's event parser for YAML 1.2, and the module of its events."""
    from ruamel.yaml import events
    from ruamel.yaml.parser import Parser
    from ruamel.yaml.reader import Reader
    from ruamel.yaml.scanner import Scanner

    class EventParser(Reader, Scanner, Parser):
        processing_version = (1, 2)
        comment_handling = None

        def __init__(self, text: str) -> None:
            self._resolver = self
            Reader.__init__(self, text, loader=self)
            Scanner.__init__(self, loader=self)
            Parser.__init__(self, loader=self)

    return EventParser, events


def _parsed(text: str, file: str) -> Iterator[Any]:
    """The parser's events; its complaints become ours."""
    parser_class, _ = _parser()
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    try:
        parser = parser_class(text)
        while (event := parser.get_event()) is not None:
            yield event
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(file, mark.line + 1, mark.column + 1) if mark else Place(file, 1, 1)
        raise Unreadable(_syntax_fault(text, place, error.problem or "cannot be read")) from None
    except (YAMLError, ValueError, IndexError, AttributeError, AssertionError, TypeError) as error:
        # The scanner is known to fail in these ways on directives and escapes that are not well formed.
        found = f"not YAML: {shown(str(error).strip().split(chr(10))[0])}"
        raise Unreadable(fault_at(Place(file, 1, 1), "", found, "", "mend the syntax")) from None


def _syntax_fault(text: str, place: Place, problem: str) -> Fault:
    lines = text.splitlines()
    line = lines[place.line - 1] if place.line <= len(lines) else ""
    if "\t" in line[: max(place.column, 1)] or "'\\t'" in problem:
        return fault_at(place, "", "a tab", "YAML is indented with spaces", "replace the tab by spaces")
    problem = problem.replace("\n", " ")
    if "alias" in problem or "anchor" in problem:
        return fault_at(
            place, "", f"not YAML: {problem}", "anchors and aliases are refused", "quote the text"
        )
    return fault_at(place, "", f"not YAML: {problem}", "", "mend the syntax here or on the line above")


class _Builder:
    """Builds nodes from events, collecting what can be refused without losing the thread."""

    def __init__(self, text: str, file: str) -> None:
        self.file = file
        self.faults: list[Fault] = []
        self._events = _parsed(text, file)
        self._kinds = _parser()[1]
        self._values = 0

    def document(self) -> Node:
        kinds = self._kinds
        for event in self._events:
            if isinstance(event, kinds.StreamEndEvent):
                raise self._stop(
                    event, "", "an empty file", "a scenario is a mapping", "write {} for no forum"
                )
            if isinstance(event, kinds.DocumentStartEvent):
                break
        root = self._node(next(self._events), "", 0, None)
        for event in self._events:
            if isinstance(event, kinds.DocumentStartEvent):
                raise self._stop(event, "", "a second document", "one document a file", "delete the --- line")
        return root

    def _place(self, event: Any) -> Place:
        return Place(self.file, event.start_mark.line + 1, event.start_mark.column + 1)

    def _stop(self, event: Any, path: str, found: str, allowed: str, suggestion: str = "") -> Unreadable:
        return Unreadable(fault_at(self._place(event), path, found, allowed, suggestion))

    def _note(self, place: Place, path: str, found: str, allowed: str, suggestion: str = "") -> None:
        self.faults.append(fault_at(place, path, found, allowed, suggestion))

    def _node(self, event: Any, path: str, depth: int, key: Place | None) -> Node:
        kinds = self._kinds
        place = self._place(event)
        if key and isinstance(event, kinds.ScalarEvent) and event.start_mark.index == event.end_mark.index:
            place = (
                key  # An absent value has no place of its own: the parser puts it where the next line begins.
            )
        self._values += 1
        if self._values > MOST_VALUES:
            raise self._stop(
                event, path, f"more than {MOST_VALUES} values", "a scenario is smaller than this"
            )
        if depth > DEEPEST:
            raise self._stop(event, path, f"nested deeper than {DEEPEST}", "a scenario is flatter than this")
        if isinstance(event, kinds.AliasEvent):
            raise self._stop(event, path, f"alias *{event.anchor}", "aliases are refused", "write it out")
        if event.anchor:
            self._note(place, path, f"anchor &{event.anchor}", "anchors are refused", "delete it")
        if event.tag is not None:
            self._note(
                place, path, f"tag {shown(str(event.tag))}", "tags are refused", "write the bare value"
            )
        match event:
            case kinds.MappingStartEvent():
                return Node(self._mapping(path, depth), place, key or place)
            case kinds.SequenceStartEvent():
                return Node(self._sequence(path, depth), place, key or place)
        return Node(self._scalar(event, path), place, key or place)

    def _sequence(self, path: str, depth: int) -> tuple[Node, ...]:
        items: list[Node] = []
        for event in self._events:
            if isinstance(event, self._kinds.SequenceEndEvent):
                break
            items.append(self._node(event, f"{path}.{len(items)}", depth + 1, None))
        return tuple(items)

    def _mapping(self, path: str, depth: int) -> Mapping[str, Node]:
        members: dict[str, Node] = {}
        for event in self._events:
            if isinstance(event, self._kinds.MappingEndEvent):
                break
            place = self._place(event)
            name = self._key(event, path, depth)
            inner = f"{path}.{name}" if path else name
            node = self._node(next(self._events), inner, depth + 1, place)
            if name in members:
                first = members[name].key.line
                self._note(place, inner, "key stands twice", f"first on line {first}", "keep one of them")
            members.setdefault(name, node)
        return members

    def _key(self, event: Any, path: str, depth: int) -> str:
        node = self._node(event, path, depth + 1, None)
        match node.value:
            case bool() | float() | None:
                self._note(node.place, path, f"key {shown(node.value)}", "keys are text or years", "quote it")
            case int():
                return str(node.value)
            case "<<":
                self._note(node.place, path, "merge key <<", "merge keys are refused", "use extends")
                return "<<"
            case str():
                return node.value
            case _:
                self._note(node.place, path, f"a key that is {shown(node.plain())}", "keys are text or years")
        return f"?{len(self.faults)}"

    def _scalar(self, event: Any, path: str) -> Scalar:
        text: str = event.value
        if _HALF.search(text):
            found = f"half a character in {shown(text)}"
            self._note(self._place(event), path, found, "printable text", "write the character itself")
        if not event.implicit[0]:
            return text
        if text in _NULLS:
            return None
        if text in _FLAGS:
            return _FLAGS[text]
        if _INTEGER.fullmatch(text):
            if len(text) > LONGEST_INTEGER:
                found = f"a whole number of {len(text)} characters"
                self._note(self._place(event), path, found, f"at most {LONGEST_INTEGER} characters")
                return 0
            return int(text, 0) if text[:2] in ("0o", "0x") else int(text)
        if _NUMBER.fullmatch(text):
            return float(text.lower().replace(".inf", "inf").replace(".nan", "nan"))
        return text
