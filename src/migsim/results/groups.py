"""Groups of states: those that are built in, and a user's own from a CSV file.

A grouping says which states a group has, and which share of each counts. A state may be in several groups;
states in none form a group of their own, `NO_GROUP`, so that nobody is left out unsaid. How columns are taken
together over a group is in `migsim.results.group_tables`.
"""

from __future__ import annotations

import csv
import hashlib
import io
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from migsim.errors import Fault, InputError, ScenarioError, shown
from migsim.facts.codes import iso3_codes
from migsim.facts.naming import state_code, unknown_state
from migsim.facts.user_csv import Row, number_in, rows_of
from migsim.results.tallies import DEPARTURES, HOSTS, ROLES
from migsim.scenario.files import read_bytes, shown_path

if TYPE_CHECKING:
    import pandas as pd

    from migsim.results.tables import TableSource
    from migsim.scenario.definition import Scenario

__all__ = [
    "BUILT_IN", "INCOMES", "NO_GROUP", "Grouping", "grouping_of", "read_groups", "states_of",
    "whole_grouping",
]  # fmt: skip

NO_GROUP: Final = "in no group"
"""The group of the states that a grouping leaves out."""
BUILT_IN: Final[Mapping[str, str]] = {
    "region": "region of the United Nations (Africa, America, Asia, Europe, Oceania)",
    "subregion": "sub-region of the United Nations, such as Western Africa",
    "income_group": "income group of the World Bank in 2007",
    "development": "more, less and least developed countries, as the United Nations count them",
    "role": "host and departure states, by the larger of the two weights",
}
"""The groupings that need no file."""
INCOMES: Final = {
    "L": "low income",
    "LM": "lower middle income",
    "UM": "upper middle income",
    "H": "high income",
}
LONGEST_NAME: Final = 80
COLUMNS: Final = ("state", "group")
WEIGHT: Final = "weight"

type By = Grouping | str | os.PathLike[str] | Mapping[str, Any] | None
"""A grouping, the name of one that is built in, a CSV file, or a mapping from group to states."""


@dataclass(frozen=True)
class Grouping:
    """A division of states into groups, which may overlap.

    Attributes
    ----------
    name
        What it is called: that of the one built in, or of the file.
    members
        By group the weights of its states, above 0 and at most 1: the share of the state that counts.
    sha256
        Of the file that it was read from; empty if it was not.
    """

    name: str
    members: Mapping[str, Mapping[str, float]]
    sha256: str = ""

    def in_no_group(self, states: Iterable[str]) -> tuple[str, ...]:
        """The states that are in none of the groups."""
        taken = {state for members in self.members.values() for state in members}
        return tuple(state for state in states if state not in taken)

    def among(self, states: Iterable[str]) -> Grouping:
        """The same among some states, those in none of the groups in one of their own at the end."""
        present = tuple(states)
        members = {
            group: {state: weight for state, weight in held.items() if state in present}
            for group, held in self.members.items()
        }
        if outside := self.in_no_group(present):
            members[NO_GROUP] = dict.fromkeys(outside, 1.0)
        return Grouping(self.name, MappingProxyType(members), self.sha256)

    def to_frame(self) -> pd.DataFrame:
        """One row a state and group: ``grouping``, ``group``, ``state``, ``weight``."""
        import pandas as pd

        rows = [
            (self.name, group, state, weight)
            for group, members in self.members.items()
            for state, weight in members.items()
        ]
        return pd.DataFrame(rows, columns=["grouping", "group", "state", "weight"])

    def to_csv(self) -> str:
        """The same as a file that `read_groups` reads."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow((*COLUMNS, WEIGHT))
        for group, members in self.members.items():
            writer.writerows((state, group, f"{weight:.15g}") for state, weight in members.items())
        return text.getvalue()

    def __reduce__(self) -> tuple[Any, ...]:
        return Grouping, (self.name, {group: dict(held) for group, held in self.members.items()}, self.sha256)

    def __repr__(self) -> str:
        lines = [f"Grouping {self.name}: {len(self.members)} groups"]
        told = list(self.members.items())
        for group, members in told[:9]:
            some = ", ".join(list(members)[:6]) + (", ..." if len(members) > 6 else "")
            n = "one state" if len(members) == 1 else f"{len(members)} states"
            lines.append(f"  {group}: {n} ({some})" if members else f"  {group}: no state")
        if len(told) > 9:
            lines.append(f"  ... and {len(told) - 9} more")
        return "\n".join(lines)


def states_of(definition: Scenario) -> tuple[str, ...]:
    """Codes of the states of a scenario, in order."""
    chosen = definition.spec.states
    return iso3_codes() if chosen == "all" else tuple(sorted(chosen))


def grouping_of(by: By, definition: Scenario, source: TableSource | None = None) -> Grouping:
    """The groups that a user means, among the states of a scenario; see `whole_grouping`.

    Groups without a state of the scenario are kept if a user named them, and left out of those built in.
    """
    found = whole_grouping(by, source).among(states_of(definition))
    if found.name in BUILT_IN and not found.sha256:
        return replace(found, members={group: held for group, held in found.members.items() if held})
    return found


def whole_grouping(by: By, source: TableSource | None = None) -> Grouping:
    """The groups that a user means, with all states that they have.

    Parameters
    ----------
    by
        ``region`` (also by default) or another name of `BUILT_IN`; a CSV file; a mapping from group to its
        states (or to their weights) or from state to group; or a grouping.
    source
        The tables of a run, which ``role`` asks for the weights of the roles.

    Raises
    ------
    InputError
        If there is no such grouping or file, or something is wrong with it.
    """
    if isinstance(by, Grouping):
        return by
    if isinstance(by, Mapping):
        return _from_mapping(by)
    name = "region" if by is None else by
    if not isinstance(name, str | os.PathLike):
        raise InputError(f"groups: found {shown(by)}; allowed are {', '.join(BUILT_IN)}, a file or a mapping")
    if name == "role":
        return _roles(source)
    if name in BUILT_IN:
        return _built_in(str(name))
    if isinstance(name, str) and not os.path.lexists(name):
        near = get_close_matches(name, list(BUILT_IN), n=1, cutoff=0.6)
        hint = f"did you mean {near[0]}?" if near else "check the name"
        said = f"no file {shown(name)}, and no grouping of this name is built in"
        raise InputError(f"groups: {said}; allowed are {', '.join(BUILT_IN)} and CSV files; {hint}")
    return read_groups(name)


def read_groups(path: str | os.PathLike[str]) -> Grouping:
    """The groups of a CSV file with the columns ``state`` and ``group`` and perhaps ``weight``.

    States by code or name; a row for each group that a state is in. The weight is the share of the state that
    counts in the group, above 0 and at most 1, and 1 where none stands.

    Raises
    ------
    InputError
        With everything that is wrong with the file, each at its line.
    """
    file = Path(path)
    name = shown_path(file)
    content = read_bytes(file)
    rows, faults = rows_of(content, name, COLUMNS, (WEIGHT,))
    members: dict[str, dict[str, float]] = {}
    lines: dict[tuple[str, str], int] = {}
    spelt: dict[str, tuple[str, int]] = {}
    for row in rows:
        group, wrong = row["group"], list(_wrong(row, name, spelt))
        state = state_code(row["state"]) or ""
        weight = number_in(row.cells[WEIGHT])[0] if row.cells.get(WEIGHT) else 1.0
        if not wrong and (state, group) in lines:
            said = f"{state} in {shown(group)} a second time"
            wrong = [
                Fault(name, row.line, 1, "", said, "once", f"line {lines[state, group]} has it; delete one")
            ]
        faults += wrong
        if not wrong and weight is not None:
            lines[state, group] = row.line
            members.setdefault(group, {})[state] = weight
    if not rows and not faults:
        faults.append(Fault(name, 1, 1, "", "no rows", "a state and its group, or more", "add some"))
    if faults:
        raise ScenarioError(faults)
    ordered = {group: dict(sorted(held.items())) for group, held in members.items()}
    return Grouping(file.stem, MappingProxyType(ordered), hashlib.sha256(content).hexdigest())


def _wrong(row: Row, file: str, spelt: dict[str, tuple[str, int]]) -> Iterable[Fault]:
    """What is wrong with a row; the spellings of groups so far are kept in ``spelt``."""

    def fault(column: str, found: str, allowed: str, suggestion: str) -> Fault:
        return Fault(file, row.line, 1, column, found, allowed, suggestion)

    if state_code(row["state"]) is None:
        yield fault("state", *unknown_state(row["state"]))
    group = row["group"]
    if not group or not group.isprintable() or len(group) > LONGEST_NAME or group == NO_GROUP:
        allowed = f"a name of at most {LONGEST_NAME} letters, and not {shown(NO_GROUP)}"
        yield fault("group", f"group {shown(group)}", allowed, "name it")
    first, line = spelt.setdefault(group.casefold(), (group, row.line))
    if first != group:
        said = f"line {line} has {shown(first)}; write both alike"
        yield fault("group", f"group {shown(group)}", "groups differ in more than capitals", said)
    if text := row.cells.get(WEIGHT):
        weight, remedy = number_in(text)
        if weight is None or not 0 < weight <= 1:
            allowed = "the share of the state that counts, above 0 and at most 1"
            yield fault(WEIGHT, f"weight {shown(text)}", allowed, remedy or "divide all by the largest")


def _from_mapping(given: Mapping[str, Any]) -> Grouping:
    """A grouping from a mapping in Python."""
    if given and all(isinstance(value, str) for value in given.values()):
        turned: dict[str, list[str]] = {}
        for state, group in given.items():
            turned.setdefault(group, []).append(str(state))
        given = turned
    members: dict[str, dict[str, float]] = {}
    faults = []
    for group, states in given.items():
        weights = states if isinstance(states, Mapping) else dict.fromkeys(states, 1.0)
        held = members.setdefault(str(group), {})
        for text, weight in weights.items():
            code = state_code(str(text))
            if code is None:
                faults.append(Fault("groups", 0, 0, str(group), *unknown_state(str(text))))
            elif isinstance(weight, bool) or not isinstance(weight, int | float) or not 0 < weight <= 1:
                allowed = "the share of the state that counts, above 0 and at most 1"
                faults.append(Fault("groups", 0, 0, str(group), f"weight {shown(weight)} of {code}", allowed))
            else:
                held[code] = float(weight)
    if faults:
        raise ScenarioError(faults)
    if not members:
        raise InputError("groups: an empty mapping; allowed is a mapping from group to its states")
    return Grouping("own groups", MappingProxyType(members))


@cache
def _built_in(name: str) -> Grouping:
    from migsim.facts import load

    facts = load()
    of_state = {
        "region": facts.region,
        "subregion": facts.subregion,
        "income_group": tuple(INCOMES[group] for group in facts.income_group),
        "development": _development(),
    }[name]
    order = INCOMES.values() if name == "income_group" else sorted(set(of_state))
    members: dict[str, dict[str, float]] = {group: {} for group in order}
    for state, group in zip(facts.iso3, of_state, strict=True):
        members[group][state] = 1.0
    return Grouping(name, MappingProxyType(members))


def _development() -> tuple[str, ...]:
    """More, less or least developed: each state, in order of code."""
    from migsim.facts import load

    facts = load()
    return tuple(
        "least developed" if is_least else "more developed" if is_more else "less developed"
        for is_least, is_more in zip(facts.is_least_developed, facts.is_developed, strict=True)
    )


def _roles(source: TableSource | None) -> Grouping:
    """Host and departure states by the weights in the tables, which are the same in every world and year."""
    if source is None or "states" not in source.names:
        raise InputError("groups: role is found from a run's table states, and there is none")
    rows = next(iter(source.parts("states", ["state", *ROLES]))).drop_duplicates("state")
    is_host = rows[ROLES[0]] >= rows[ROLES[1]]
    members = {
        name: dict.fromkeys(sorted(rows.loc[which, "state"].astype(str)), 1.0)
        for name, which in ((HOSTS, is_host), (DEPARTURES, ~is_host))
    }
    return Grouping("role", MappingProxyType(members))
