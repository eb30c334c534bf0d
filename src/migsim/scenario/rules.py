"""What a scenario must obey beyond the type of each value: rules between its parts.

They look at the tree, not at the validated model, so that they speak even when something else is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from migsim.errors import Fault, shown
from migsim.provenance.parameters import registry
from migsim.scenario.experiment import broken_design_rules
from migsim.scenario.files import library_files, shown_path
from migsim.scenario.process_rules import broken_process_rules, ratifiers_of_nothing
from migsim.scenario.schema import FIRST_YEAR, SLUG, Years
from migsim.scenario.tree import Node, fault_at

__all__ = ["broken_rules", "without_absent_chairs"]

_SLUG: Final = re.compile(SLUG)


def broken_rules(tree: Node) -> Iterator[Fault]:
    """The faults that lie between the parts of a scenario."""
    yield from _names(tree)
    yield from _years(tree)
    yield from broken_design_rules(tree)
    if tree.get("facts") is not None:
        from migsim.scenario.own_facts import broken_facts

        yield from broken_facts(tree)
    present = _present(tree)
    processes = tree.get("processes")
    known = (*(name for name, _ in processes.members()), *library_files()) if processes else ()
    for name, process in processes.members() if processes else ():
        yield from _sessions(f"processes.{name}.sessions", process.get("sessions"), present)
        yield from broken_process_rules(f"processes.{name}", process, known)
        yield from _options(f"processes.{name}.protocol.options", process)
        if friends := process.get("friends"):
            yield from _absentees(f"processes.{name}.friends", friends, present)
    if processes:
        yield from ratifiers_of_nothing(processes)
    shocks = tree.get("shocks")
    for name, shock in shocks.members() if shocks else ():
        for key in ("origin", "states"):
            if node := shock.get(key):
                yield from _absentees(f"shocks.{name}.{key}", node, present)


def _whole(node: Node | None) -> int | None:
    return node.value if node and isinstance(node.value, int) and not isinstance(node.value, bool) else None


def _names(tree: Node) -> Iterator[Fault]:
    for key in ("processes", "shocks"):
        group = tree.get(key)
        for name, node in group.members() if group else ():
            if not _SLUG.fullmatch(name):
                allowed = "names are lower-case letters, digits, hyphens and underscores"
                suggestion = f"write {slug(name)}" if slug(name) else "rename it"
                yield fault_at(node.key, f"{key}.{name}", f"name {shown(name)}", allowed, suggestion)


def _years(tree: Node) -> Iterator[Fault]:
    """A run ends no sooner than it begins."""
    first, node = tree.find("years.first"), tree.find("years.last")
    begins = Years.model_fields["first"].default if first is None else _whole(first)
    ends = _whole(node)
    if node is None or ends is None or begins is None or ends >= begins or ends < FIRST_YEAR:
        return
    found = f"a run from {begins} to {ends}"
    yield fault_at(
        node.place, "years.last", found, f"the last year is {begins} or later", "set years.first too"
    )


def slug(text: str) -> str:
    """The text as a short name: lower-case letters, digits and hyphens.

    Examples
    --------
    >>> slug("No civil society!")
    'no-civil-society'
    """
    return re.sub(r"[^a-z0-9_]+", "-", text.lower()).strip("-_")[:80].rstrip("-_")


def _present(tree: Node) -> frozenset[str] | None:
    """The states the scenario names; none if all exist."""
    states = tree.get("states")
    if states is None or not isinstance(states.value, tuple):
        return None
    return frozenset(str(item.value) for item in states.items())


def _absentees(path: str, node: Node, present: frozenset[str] | None) -> Iterator[Fault]:
    if present is None:
        return
    named = [(path, node)] if isinstance(node.value, str) else []
    named += [(f"{path}.{number}", item) for number, item in enumerate(node.items())]
    for where, item in named:
        if isinstance(item.value, str) and item.value not in present and item.value != "all":
            found = f"state {shown(item.value)} is not in this scenario"
            yield fault_at(item.place, where, found, "a state of the key states", "add it to states")


def _sessions(path: str, sessions: Node | None, present: frozenset[str] | None) -> Iterator[Fault]:
    met: dict[int, Node] = {}
    for number, session in enumerate(sessions.items() if sessions else ()):
        where = f"{path}.{number}"
        node = session.get("year")
        year = _whole(node)
        if node is not None and year is not None:
            if year in met:
                found = f"a second session in {year}"
                suggestion = f"the other is on line {met[year].place.line}; move or delete one"
                yield fault_at(node.place, f"{where}.year", found, "one session a year", suggestion)
            met.setdefault(year, node)
        if chair := session.get("chair"):
            yield from _absentees(f"{where}.chair", chair, present)


def without_absent_chairs(tree: Node) -> Node:
    """The scenario without the chairs that the library names and a world of few states does not have.

    Nobody presides there: who takes a process into such a world cannot mend the library's list.
    """
    present, processes = _present(tree), tree.get("processes")
    if present is None or processes is None:
        return tree
    shipped = {shown_path(path) for path in library_files().values()}

    def kept(session: Node) -> Node:
        chair = session.get("chair")
        is_absent = chair is not None and chair.place.file in shipped and chair.value not in present
        return session.without("chair") if is_absent else session

    for name, process in processes.members():
        if (sessions := process.get("sessions")) and sessions.items():
            listed = replace(sessions, value=tuple(kept(item) for item in sessions.items()))
            processes = processes.having(name, process.having("sessions", listed))
    return tree.having("processes", processes)


def _options(path: str, process: Node) -> Iterator[Fault]:
    """A protocol's own options are what that protocol knows.

    The protocols are asked, which stand above the scenario, and only where a file sets options: reading any
    other imports none of them.
    """
    options = process.find("protocol.options")
    given = {name: node.value for name, node in options.members()} if options else {}
    if options is None or not given:
        return
    from migsim.negotiation.registry import protocol, protocol_names

    named = process.find("protocol.name")
    name = named.value if named else registry()["processes.*.protocol.name"].default
    if name == "no_objection":
        place = next(iter(options.members()))[1].key
        allowed = "the options of no_objection are parameters of the process"
        yield fault_at(
            place, path, "options of no_objection", allowed, "set processes.*.protocol.tolerance and the like"
        )
    elif isinstance(name, str) and name in protocol_names():
        from migsim.negotiation.options import faults_of

        for option, fault in faults_of(protocol(name).options, given, name):
            node = options.get(option)
            if node is not None:
                yield fault_at(node.place, f"{path}.{option}", fault.found, fault.allowed, fault.suggestion)
