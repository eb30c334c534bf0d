"""What every column of every table is: meaning, unit, range, and how it is taken together over states.

The rows stand in ``codebook.csv`` beside this file, with ``<theme>``, ``<class>``, ``<aspect>``, ``<group>``
and ``<component>`` for each theme, class of migrants, aspect of well-being, group of the triple win and
component of a gain. Tests hold it against what `migsim.ensemble` writes.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final

from migsim.ensemble.columns import COMPONENTS, HOST_COMPONENTS
from migsim.errors import InputError, shown
from migsim.themes import MIGRANT_CLASSES, THEMES
from migsim.triple_win import GROUPS
from migsim.world.vocabulary import ASPECTS

__all__ = ["AVERAGES", "Column", "codebook", "columns_of", "described"]

AVERAGES: Final[Mapping[str, str]] = {
    "sum": "sum over the states",
    "plain": "mean over the states, all of which count alike",
    "by population": "mean over the people of the states",
    "by immigrants": "mean over the immigrants of the states",
    "by emigrants": "mean over the emigrants of the states",
    "by role_host": "mean over the states by their weight as hosts",
    "by role_departure": "mean over the states by their weight as departure countries",
}
"""How columns of table ``states`` are taken together over a group of states."""

_STAND_FOR: Final[Mapping[str, tuple[str, ...]]] = {
    "theme": THEMES,
    "class": MIGRANT_CLASSES,
    "aspect": ASPECTS,
    "group": GROUPS,
    "component": COMPONENTS,
}
_UNITS: Final[Mapping[str, str]] = {
    "migrants": "points per migrant of 2005",
    "hosts": "percent of income",
    "departures": "percent of income",
}
_WORDS: Final[Mapping[str, str]] = {
    "departures": "departure countries",
    "output": "Output",
    "fiscal": "Public finances",
    "order": "Order",
    "integration": "Integration",
    "money": "Remittances",
    "skills": "Skills",
    "development": "Development",
    "dev_coherence": "development coherence",
    "services_portability": "services and portability",
    "integration_participation": "integration and participation",
    "protection_mixed_flows": "protection in mixed flows",
}


@dataclass(frozen=True, repr=False)
class Column:
    """A column of a table.

    Attributes
    ----------
    kind
        ``whole`` or ``number``; ``flag``, true or false; ``state``, a code; ``word``, one of a few words.
    label, unit
        What it is; both together fit in a variable label of Stata.
    low, high
        What it may be; none if there is no bound.
    over_states
        How it is taken together over a group of states, one of `AVERAGES`; empty for keys and other tables.
    """

    table: str
    name: str
    kind: str
    label: str
    unit: str
    low: float | None
    high: float | None
    over_states: str

    @property
    def range_text(self) -> str:
        """What it may be, in words; empty without bounds."""
        match self.low, self.high:
            case None, None:
                return ""
            case low, None:
                return f"{low:g} and more"
            case low, high:
                return f"{low:g} to {high:g}"

    @property
    def title(self) -> str:
        """Label and unit on one line of at most 80 letters."""
        return f"{self.label} ({self.unit})" if self.unit else self.label

    def __repr__(self) -> str:
        lines = [f"{self.name} (table {self.table}): {self.label}"]
        told = {
            "unit": self.unit,
            "range": self.range_text,
            "of a group of states": AVERAGES.get(self.over_states, ""),
        }
        return "\n".join([*lines, *(f"  {name}: {text}" for name, text in told.items() if text)])


@cache
def codebook() -> Mapping[tuple[str, str], Column]:
    """Every column by table and name, in the order of the file.

    Examples
    --------
    >>> codebook()["states", "policy_remittances"].over_states
    'plain'
    """
    text = files("migsim.results").joinpath("codebook.csv").read_text(encoding="utf-8")
    rows = [column for row in csv.DictReader(text.splitlines()) for column in _spelt(_column(row))]
    return MappingProxyType({(column.table, column.name): column for column in rows})


def columns_of(table: str) -> tuple[Column, ...]:
    """The columns of a table."""
    return tuple(column for (name, _), column in codebook().items() if name == table)


def described(name: str, tables: tuple[str, ...]) -> tuple[Column, ...]:
    """The columns of a name in some tables.

    Raises
    ------
    InputError
        With names that are near, if none of the tables has such a column.
    """
    found = tuple(codebook()[table, name] for table in tables if (table, name) in codebook())
    if not found:
        known = dict.fromkeys(each.name for each in codebook().values() if each.table in tables)
        near = get_close_matches(str(name), list(known), n=3, cutoff=0.6)
        hint = f"did you mean {' or '.join(near)}?" if near else "`migsim export` writes a codebook of all"
        raise InputError(f"no column {shown(name)} in the tables {', '.join(tables)}; {hint}")
    return found


def _column(row: Mapping[str, str]) -> Column:
    low, high = (float(row[end]) if row[end] else None for end in ("low", "high"))
    table, name, kind, label, unit = (row[each] for each in ("table", "column", "kind", "label", "unit"))
    return Column(table, name, kind, label, unit, low, high, row["over_states"])


def _spelt(column: Column) -> Iterator[Column]:
    """The columns that one row stands for."""
    for sign, values in _STAND_FOR.items():
        if f"<{sign}>" in column.name:
            for value in values:
                words = _WORDS.get(value, value.replace("_", " "))
                label = column.label.replace(f"<{sign}>", words).replace("<Component>", words)
                role = "role_host" if value in HOST_COMPONENTS else "role_departure"
                spelt = replace(
                    column,
                    name=column.name.replace(f"<{sign}>", value),
                    label=label,
                    unit=column.unit.replace("<unit of group>", _UNITS.get(value, "")),
                    over_states=column.over_states.replace("role of component", role),
                )
                yield from _spelt(spelt)
            return
    yield column
