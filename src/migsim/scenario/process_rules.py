"""What a process must obey beyond the type of each value: when it meets, who may come, what it links to."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

from migsim.errors import Fault, shown
from migsim.provenance.parameters import registry
from migsim.scenario.tree import Node, fault_at
from migsim.scenario.wording import did_you_mean

__all__ = ["broken_process_rules", "ratifiers_of_nothing", "years_of_cadence", "years_of_sessions"]

NEEDS_STATES: Final = ("region", "invited", "club")
NAMED: Final = {
    "links": ("feeds", "reports_to", "takes_stock_of", "side_event_of"),
    "convening": ("after",),
    "participants": ("of",),
}
"""Where a process names other processes."""


def years_of_sessions(process: Mapping[str, Any]) -> tuple[int, ...]:
    """The years in which a process may meet, by its list of sessions or its cadence.

    Examples
    --------
    >>> years_of_sessions({"cadence": {"first": 2006, "last": 2012, "every": 3}})
    (2006, 2009, 2012)
    """
    if cadence := process.get("cadence"):
        return years_of_cadence(
            cadence["first"], cadence["last"], cadence.get("every", 1), cadence.get("skip", ())
        )
    return tuple(session["year"] for session in process.get("sessions", ()))


def years_of_cadence(first: int, last: int, every: int, skip: Collection[int]) -> tuple[int, ...]:
    """The years of a cadence."""
    return tuple(year for year in range(first, last + 1, every) if year not in skip)


def broken_process_rules(path: str, process: Node, known: tuple[str, ...]) -> Iterator[Fault]:
    """The faults of one process; ``known`` are the names that it may link to."""
    if not isinstance(process.value, Mapping):
        return
    yield from _calendar(path, process)
    yield from _agendas(path, process)
    yield from _participants(path, process)
    yield from _instrument(path, process)
    own = path.removeprefix("processes.")
    for part, keys in NAMED.items():
        for key in keys:
            others = known if key in ("of", "takes_stock_of") else tuple(n for n in known if n != own)
            if node := process.find(f"{part}.{key}"):
                yield from _strangers(f"{path}.{part}.{key}", node, others)


def _calendar(path: str, process: Node) -> Iterator[Fault]:
    """A process has something to do, and one calendar."""
    sessions, cadence = process.get("sessions"), process.get("cadence")
    if cadence and sessions and sessions.items():
        found, allowed = "sessions and a cadence", "one of the two"
        # Of what is laid over a process of the library, the reader can mend his own line alone.
        own = sessions if cadence.key.file != process.place.file else cadence
        key = "cadence" if own is cadence else "sessions"
        suggestion = "delete one; of one that is extended, write null"
        yield fault_at(own.key, f"{path}.{key}", found, allowed, suggestion)
    does = [process.get(key) for key in ("sessions", "cadence", "instrument")]
    agreements = process.get("agreements")
    if not any(does) and not (agreements and agreements.value):
        allowed = "sessions, a cadence, an instrument or agreements"
        suggestion = "list its sessions; [] if it never meets"
        yield fault_at(process.place, f"{path}.sessions", "nothing that it does", allowed, suggestion)
    first, last = (process.find(f"cadence.{end}") for end in ("first", "last"))
    if first and last and _is_year(first) and _is_year(last) and _number(first) > _number(last):
        found = f"last {last.value}, before first {first.value}"
        yield fault_at(last.place, f"{path}.cadence.last", found, "a year from first on", "mend one of them")


def _agendas(path: str, process: Node) -> Iterator[Fault]:
    """Where the scenario gives the themes, every session has some."""
    agenda, sessions, cadence = (process.get(key) for key in ("agenda", "sessions", "cadence"))
    row = registry().get("processes.*.agenda")
    if (agenda.value if agenda else row and row.default) != "given":
        return
    held = [(f"{path}.sessions.{n}", item) for n, item in enumerate(sessions.items() if sessions else ())]
    held += [(f"{path}.cadence", cadence)] if cadence else []
    for where, session in held:
        themes = session.get("themes")
        if not isinstance(session.value, Mapping) or (themes is not None and themes.value != ()):
            continue
        place = themes.place if themes else session.place
        allowed = "with agenda: given every session has at least one"
        yield fault_at(place, f"{where}.themes", "no themes", allowed, "name themes, or write agenda: survey")


def _participants(path: str, process: Node) -> Iterator[Fault]:
    """Who takes part is said in full."""
    node = process.get("participants")
    who = node.get("who") if node else None
    if node is None or who is None:
        return
    states = node.get("states")
    if who.value in NEEDS_STATES and not (states and states.items()):
        found = f"{who.value} without states"
        yield fault_at(
            who.place, f"{path}.participants.states", found, "a list of states", "add states: [MEX, ...]"
        )


def _instrument(path: str, process: Node) -> Iterator[Fault]:
    """An instrument is open from a year on and binds on something."""
    node = process.get("instrument")
    if node is None or not isinstance(node.value, Mapping):
        return
    opened, paragraphs = node.get("opened"), node.get("paragraphs")
    if opened is None:
        found, suggestion = "an instrument that was never opened", "add opened: a year"
        yield fault_at(node.key, f"{path}.instrument.opened", found, "the year of its opening", suggestion)
    if not (paragraphs and paragraphs.items()):
        found, suggestion = "an instrument on nothing", "add paragraphs: [equal_pay, ...]"
        allowed = "the paragraphs on which it binds"
        yield fault_at(node.key, f"{path}.instrument.paragraphs", found, allowed, suggestion)


def ratifiers_of_nothing(processes: Node) -> Iterator[Fault]:
    """Processes of ratifiers whose instrument is not in the scenario: nobody would ever come."""
    for name, process in processes.members():
        who, of = process.find("participants.who"), process.find("participants.of")
        if who is None or who.value != "ratifiers":
            continue
        meant = str(of.value) if of and of.value else name
        if processes.find(f"{meant}.instrument.opened") is None:
            allowed = "a process of this scenario that has an instrument"
            found = f"ratifiers of {shown(meant)}, which has none"
            path = f"processes.{name}.participants.of"
            yield fault_at((of or who).place, path, found, allowed, "name another, or add it here")


def _strangers(path: str, node: Node, known: tuple[str, ...]) -> Iterator[Fault]:
    """Processes that are neither in the scenario nor in the library."""
    for number, item in enumerate(node.items()):
        yield from _stranger(f"{path}.{number}", item, known)
    yield from _stranger(path, node, known)


def _stranger(path: str, item: Node, known: tuple[str, ...]) -> Iterator[Fault]:
    if isinstance(item.value, str) and item.value == path.split(".")[1] and item.value not in known:
        found, allowed = f"{shown(item.value)} itself", "another process"
        yield fault_at(item.place, path, found, allowed, "name another, or delete it")
    elif isinstance(item.value, str) and item.value and item.value not in known:
        allowed = "a process of this scenario or of the library"
        suggestion = did_you_mean(item.value, known) or "migsim processes lists the library"
        yield fault_at(item.place, path, f"no process {shown(item.value)}", allowed, suggestion)


def _is_year(node: Node) -> bool:
    return isinstance(node.value, int) and not isinstance(node.value, bool)


def _number(node: Node) -> int:
    return node.value if isinstance(node.value, int) else 0
