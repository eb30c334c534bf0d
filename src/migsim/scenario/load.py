"""From a file, its parents and the user's overrides to a checked scenario.

Precedence, lowest first: the registry's default, the chain of parents, the file, then ``--set`` or `vary`. A
process that extends one of the library is laid over it in the file that says so.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from migsim.errors import Fault, InputError, ScenarioError, shown
from migsim.provenance.parameters import Parameter, registry
from migsim.scenario.definition import Scenario
from migsim.scenario.files import (
    found_by_name,
    library_file,
    library_files,
    parent_of,
    read_bytes,
    shipped_files,
    shown_path,
)
from migsim.scenario.groups import spec_model, validated
from migsim.scenario.rules import broken_rules, slug, without_absent_chairs
from migsim.scenario.schema import Spec
from migsim.scenario.tree import Node, Place, fault_at, grown, merged, nested
from migsim.scenario.yaml_reader import read_yaml

__all__ = ["OPTION", "checked", "library", "load", "overlaid", "shipped"]

LONGEST_CHAIN: Final = 10
DEEPEST_PATH: Final = 30
# A child is another scenario than its parent, so these say nothing about it.
_OWN: Final = ("name", "title", "description")
_DOTTED: Final = re.compile(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*")
OPTION: Final = "--set"
"""What stands as the file of a value that the command line set."""


def load(name_or_path: str | os.PathLike[str], overrides: Iterable[str] = ()) -> Scenario:
    """Load a scenario by the name of a shipped one or by the path of a file.

    Parameters
    ----------
    name_or_path
        ``"gfmd-2007-2015"`` or ``"my/forum.yaml"``.
    overrides
        Texts such as ``"processes.gfmd.max_themes=3"``, applied after the file.

    Raises
    ------
    ScenarioError
        With every fault, each at its file, line and column.
    InputError
        If an argument is no text or path at all.
    """
    if not isinstance(name_or_path, str) and not isinstance(name_or_path, os.PathLike):
        allowed = "the name of a shipped scenario or the path of a file"
        raise InputError(f"scenario: found {shown(name_or_path)}; allowed is {allowed}.")
    path = found_by_name(name_or_path)
    tree = _inherited(path)
    if tree.get("name") is None:
        place = Place(shown_path(path), 1, 1)
        tree = merged(tree, nested("name", Node(slug(path.stem) or "scenario", place, place)))
    return checked(overlaid(tree, _options(overrides)))


def shipped() -> dict[str, str]:
    """The shipped scenarios: their names and titles."""
    return _titles(shipped_files())


def library() -> dict[str, str]:
    """The processes of the library: their names and titles."""
    return _titles(library_files())


def _titles(files: Mapping[str, Path]) -> dict[str, str]:
    titles: dict[str, str] = {}
    for name, path in files.items():
        title = read_yaml(read_bytes(path), shown_path(path)).get("title")
        titles[name] = str(title.value) if title else name
    return titles


def _inherited(path: Path) -> Node:
    """The file laid over its parents."""
    chain: list[Node] = []
    seen: list[str] = []
    asked: Node | None = None
    while True:
        content = read_bytes(path, asked.place if asked else None, "extends" if asked else "")
        seen.append(os.path.realpath(path))
        tree = read_yaml(content, shown_path(path))
        if not isinstance(tree.value, Mapping):
            found, allowed = f"the file holds {shown(tree.plain())}", "a scenario is a mapping"
            raise ScenarioError([fault_at(tree.place, "", found, allowed, "write key: value lines")])
        chain.append(_with_facts(adopted(tree.without("extends")), path))
        asked = tree.get("extends")
        if asked is None:
            break
        path = parent_of(path, asked)
        if os.path.realpath(path) in seen:
            found, allowed = f"{shown(asked.plain())} leads back to {shown_path(path)}", "no circles"
            raise ScenarioError([fault_at(asked.place, "extends", found, allowed, "extend another file")])
        if len(seen) >= LONGEST_CHAIN:
            found, allowed = f"a chain of more than {LONGEST_CHAIN} files", "a shorter chain"
            raise ScenarioError([fault_at(asked.place, "extends", found, allowed, "merge some files")])
    whole = chain.pop()
    while chain:
        # A file with nothing but extends changes nothing; it does not empty its parent.
        child, parent = chain.pop(), whole.without(*_OWN)
        whole = merged(parent, child) if child.value else parent
    return whole


def _with_facts(tree: Node, file: Path | None = None) -> Node:
    """The tree with the CSV file of own figures that it names, if any, read in."""
    if tree.get("facts") is None:
        return tree
    from migsim.scenario.own_facts import with_facts_read

    return with_facts_read(tree, file)


def adopted(tree: Node) -> Node:
    """The tree with every process that extends one of the library laid over that one.

    Raises
    ------
    ScenarioError
        If the library has no process of that name.
    """
    processes = tree.get("processes")
    if processes is None:
        return tree
    for name, process in processes.members():
        if asked := process.get("extends"):
            path = library_file(asked, f"processes.{name}.extends")
            library = read_yaml(read_bytes(path), shown_path(path)).find(f"processes.{path.stem}")
            own = process.without("extends")
            laid = merged(library, own) if library and own.value else library or own
            processes = processes.having(name, replace(laid, key=process.key))
    return tree.having("processes", processes)


def _texts(overrides: Iterable[str]) -> tuple[str, ...]:
    """The overrides, if they are a list of texts."""
    found: object = overrides
    if isinstance(overrides, Iterable) and not isinstance(overrides, str | bytes | Mapping):
        texts = tuple(overrides)
        strangers = [text for text in texts if not isinstance(text, str)]
        if not strangers:
            return texts
        found = strangers[0]
    allowed = 'a list of texts, such as ["processes.gfmd.max_themes=3"]'
    raise InputError(f"overrides: found {shown(found)}; allowed is {allowed}.")


def _options(texts: Iterable[str]) -> Iterator[tuple[str, Node, list[Fault]]]:
    """Path and value of each override of the command line."""
    seen: set[str] = set()
    for text in _texts(texts):
        path, equals, written = text.partition("=")
        path = path.strip()
        place = Place(OPTION)
        node, faults = Node(None, place, place), []
        if not equals or not path:
            suggestion = "write for instance processes.gfmd.max_themes=3"
            faults.append(fault_at(place, "", shown(text), "path=value", suggestion))
        elif not written.strip():
            suggestion = "write null to remove a parent's value"
            faults.append(fault_at(place, path, "no value", "path=value", suggestion))
        elif path in seen:
            faults.append(fault_at(place, path, "set twice", "each path once", "delete one of the two"))
        else:
            try:
                node = _unlined(read_yaml(written, OPTION), place)
            except ScenarioError as error:
                faults += [replace(f, line=0, column=0, path=f.path or path) for f in error.faults]
        seen.add(path)
        yield path, node, faults


def _unlined(node: Node, place: Place) -> Node:
    """The same tree, all of it at one place: an option has no lines."""
    if isinstance(node.value, Mapping):
        return Node({name: _unlined(member, place) for name, member in node.value.items()}, place, place)
    if isinstance(node.value, tuple):
        return Node(tuple(_unlined(item, place) for item in node.value), place, place)
    return Node(node.value, place, place)


def changes(title: str, values: Mapping[str, object]) -> Iterator[tuple[str, Node, list[Fault]]]:
    """Path and value of each change that a user makes in Python."""
    place = Place(f"vary: {title}")
    for path, value in values.items():
        node, faults = grown(value, place, str(path))
        yield str(path), node, faults


def overlaid(tree: Node, laid: Iterable[tuple[str, Node, list[Fault]]]) -> Node:
    """The tree with single paths set anew.

    Raises
    ------
    ScenarioError
        If a path cannot be a path of this scenario, or a value cannot be read.
    """
    faults: list[Fault] = []
    for path, node, more in laid:
        faults += more
        if more:
            continue
        if not _DOTTED.fullmatch(path):
            found = f"path {shown(path)}"
            faults.append(fault_at(node.place, "", found, "names joined by dots", "mend the path"))
        elif path.count(".") >= DEEPEST_PATH:
            found = f"path {shown(path)} of {path.count('.') + 1} names"
            faults.append(fault_at(node.place, "", found, f"at most {DEEPEST_PATH}", "mend the path"))
        elif path.split(".")[0] == "extends":
            allowed = "only a file can extend another"
            faults.append(fault_at(node.place, path, "a parent", allowed, "load that file"))
        elif fault := _stray(tree, path, node):
            faults.append(fault)
        else:
            tree = merged(tree, _with_facts(adopted(nested(path, node))))
    if faults:
        raise ScenarioError(faults)
    return tree


def _stray(tree: Node, path: str, node: Node) -> Fault | None:
    """The fault of setting something inside a process or shock that is not there, or inside a list."""
    from migsim.scenario.wording import absent_name

    names = path.split(".")
    if len(names) > 2 and (fault := absent_name(tree, path, node.place)):
        return fault
    for depth in range(1, len(names)):
        above = tree.find(".".join(names[:depth]))
        if above is not None and isinstance(above.value, tuple):
            whole = ".".join(names[:depth])
            return fault_at(node.place, path, "a place inside a list", "lists are set whole", f"set {whole}")
    return None


@cache
def _model(rows: tuple[Parameter, ...]) -> type[Spec]:
    return spec_model(rows)


def _mentioned(tree: Node) -> tuple[Parameter, ...]:
    """The rows of the registry that the tree sets, and one of each group that it names."""
    table = registry()
    rows: dict[str, Parameter] = {}
    for path in tree.paths():
        pattern = table.pattern(path)
        if row := table.get(pattern):
            rows[row.path] = row
        elif pattern in table.groups and pattern not in ("processes", "processes.*"):
            first = table.group(pattern)[0]
            rows[first.path] = first
    return tuple(rows[path] for path in table.paths if path in rows)


def checked(tree: Node, behaviours: tuple[tuple[str, object], ...] = ()) -> Scenario:
    """The scenario that a tree describes.

    Raises
    ------
    ScenarioError
        With everything that is wrong with it.
    """
    tree = without_absent_chairs(tree)
    faults = list(broken_rules(tree))
    content: dict[str, Any] = {}
    try:
        spec = validated(_model(_mentioned(tree)), tree)
        content = spec.model_dump(mode="json", exclude_unset=True)
    except ValidationError as error:
        from migsim.scenario.wording import worded

        faults += worded(error, tree)
    if faults:
        raise ScenarioError(_first_of_each(faults))
    return Scenario(tree, content, behaviours)


def _first_of_each(faults: Iterable[Fault]) -> list[Fault]:
    """One fault for each value: a second one about the same value says nothing new."""
    kept: dict[tuple[str, int, int, str], Fault] = {}
    for fault in faults:
        kept.setdefault((fault.file, fault.line, fault.column, fault.path), fault)
    return list(kept.values())
