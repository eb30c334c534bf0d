"""What an export writes: tables with names that R and Stata take, some rows after the others."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import partial
from typing import TYPE_CHECKING, Final

from migsim.ensemble.batch import KEYS
from migsim.errors import InputError, shown
from migsim.facts.codes import state_names
from migsim.results.codebook import Column, columns_of
from migsim.results.groups import BUILT_IN, INCOMES, By, states_of, whole_grouping
from migsim.results.projections import IS_PROJECTION, with_projection
from migsim.results.run import SUMMARIES

if TYPE_CHECKING:
    import pandas as pd

    from migsim.results.run import Run

__all__ = ["OF_GROUPS", "STATE_LIST", "Exported", "chosen_tables", "export_names"]

OF_GROUPS: Final = ("groups", "by_group", "summary_by_group")
"""Tables that there are if groups are named."""
STATE_LIST: Final = "state_list"
_LONGEST_NAME: Final = 32
_RESERVED: Final = frozenset({
    "_all", "_b", "_coef", "_cons", "_n", "_N", "_pi", "_pred", "_rc", "_skip", "aggregate", "array",
    "boolean", "break", "byte", "case", "catch", "class", "colvector", "complex", "const", "continue",
    "default", "delegate", "delete", "do", "double", "else", "eltypedef", "end", "enum", "explicit",
    "export", "external", "FALSE", "float", "for", "friend", "function", "global", "goto", "if", "in",
    "inline", "int", "local", "long", "next", "NULL", "pragma", "protected", "quad", "repeat",
    "rowvector", "short", "str#", "strL", "TRUE", "typedef", "typename", "using", "virtual", "with",
})  # fmt: skip
"""Words that mean something else in Stata or R."""
_BETTER: Final = {"class": "migrant_class"}
_SHORTER: Final = (
    ("integration_participation", "integration"),
    ("baseline_wellbeing", "baseline_wb"),
    ("participation", "particip"),
)
"""What is shortened in a name that is too long, one after the other until it fits."""


@dataclass(frozen=True)
class Exported:
    """A table to be written.

    Attributes
    ----------
    columns
        Its columns in order.
    parts
        Gives its rows, or some columns of them, some after the others and as often as asked.
    key
        Columns that tell the rows apart.
    """

    name: str
    columns: tuple[Column, ...]
    parts: Callable[[list[str] | None], Iterable[pd.DataFrame]]
    key: tuple[str, ...] = ()

    @property
    def names(self) -> dict[str, str]:
        """Names in the file by names in the run."""
        return export_names([column.name for column in self.columns])

    def words(self) -> dict[str, list[str]]:
        """By name in the file, the words that each column of words holds."""
        wanted = [column.name for column in self.columns if column.kind == "word"]
        found: dict[str, set[str]] = {name: set() for name in wanted}
        for part in self.parts(wanted) if wanted else ():
            for name in wanted:
                found[name] |= set(part[name].dropna().unique())
        named = self.names
        return {named[name]: _in_order(name, words) for name, words in found.items()}

    def rows(self) -> Iterator[pd.DataFrame]:
        """The rows under the names that they have in the file, true and false as 1 and 0."""
        named = self.names
        flags = {named[column.name]: "int8" for column in self.columns if column.kind == "flag"}
        for part in map(with_projection, self.parts(None)):
            yield part[list(named)].rename(columns=named).astype(flags)


def export_names(names: Iterable[str]) -> dict[str, str]:
    """Names that R and Stata take, by the names they are made from.

    At most 32 letters, digits and underscores that do not begin with a digit and mean nothing else; no two
    are the same, capitals aside.

    Examples
    --------
    >>> export_names(["stock", "class"])
    {'stock': 'stock', 'class': 'migrant_class'}
    """
    found: dict[str, str] = {}
    taken: set[str] = set()
    for name in names:
        plain = re.sub(r"[^A-Za-z0-9_]", "_", _BETTER.get(name, name))
        if not plain or not plain[0].isalpha() or plain in _RESERVED or re.fullmatch(r"str\d+", plain):
            plain = f"v_{plain}"
        for long, brief in _SHORTER:
            plain = plain.replace(long, brief) if len(plain) > _LONGEST_NAME else plain
        short, number = plain[:_LONGEST_NAME], 2
        while short.lower() in taken:
            short, number = f"{plain[: _LONGEST_NAME - len(str(number)) - 1]}_{number}", number + 1
        taken.add(short.lower())
        found[name] = short
    return found


def chosen_tables(run: Run, tables: Iterable[str] | None, groups: By) -> list[Exported]:
    """The tables that a user names, or all.

    Raises
    ------
    InputError
        If there is no such table, or something is wrong with the groups.
    """
    named = run.kept_groups if groups is None else groups
    by = None if named is None else run.groups(named)
    known = (*SUMMARIES, *run.tables, STATE_LIST, *(OF_GROUPS if by is not None else ()))
    if isinstance(tables, str):
        raise InputError(f"tables: found {shown(tables)}; allowed is a list, such as [{shown(tables)}]")
    wanted = list(dict.fromkeys(known if tables is None else tables))
    for name in wanted:
        if name not in known:
            raise InputError(f"no table {shown(name)}; there are {', '.join(known)}; {_hint(name, known)}")
    if not wanted:
        raise InputError(f"tables: none named; there are {', '.join(known)}")
    return [_dated(_table(run, name, by)) for name in wanted]


def _dated(table: Exported) -> Exported:
    """A table with a column that says which years lie past the data, if it has years."""
    names = [column.name for column in table.columns]
    if "year" not in names:
        return table
    place = names.index("year") + 1
    label = "Whether the year lies past the data, and is a projection"
    told = Column(table.name, IS_PROJECTION, "flag", label, "", 0, 1, "")
    return replace(table, columns=(*table.columns[:place], told, *table.columns[place:]))


def _hint(name: str, known: Sequence[str]) -> str:
    if name in OF_GROUPS:
        return "say which groups, with --groups FILE"
    if name in KEYS:
        return "this run does not have it"
    near = get_close_matches(str(name), known, n=1, cutoff=0.6)
    return f"did you mean {near[0]}?" if near else "choose one of them"


def _table(run: Run, name: str, by: By) -> Exported:
    if name in run.tables:
        held = {column.name: column for column in columns_of(name)}
        return Exported(
            name, tuple(held[each] for each in run.columns(name)), partial(run.parts, name), KEYS[name]
        )
    if name in SUMMARIES:
        return _whole(name, partial(getattr, run, name))
    if name == STATE_LIST:
        return _whole(name, partial(_states, run), ("state",))
    if name == "groups":
        return _whole(name, lambda: run.groups(by).to_frame(), ("group", "state"))
    if name == "summary_by_group":
        return _whole(name, partial(run.summary_by_group, by), ("year", "group", "quantity"))
    measures = tuple(column for column in columns_of("states") if column.over_states)
    return _whole(name, lambda: run.by_group(by), ("replicate", "year", "group"), measures)


def _whole(
    name: str,
    make: Callable[[], pd.DataFrame],
    key: tuple[str, ...] = (),
    more: tuple[Column, ...] = (),
) -> Exported:
    """A table that is small enough to be made as a whole, when it is first asked for."""
    held: list[pd.DataFrame] = []

    def parts(wanted: list[str] | None) -> list[pd.DataFrame]:
        if not held:
            held.append(make())
        return [held[0] if wanted is None else held[0][wanted]]

    return Exported(name, (*columns_of(name), *more), parts, key)


def _states(run: Run) -> pd.DataFrame:
    """Name and built-in groups of each state of a run."""
    import pandas as pd

    states = states_of(run.scenario)
    frame = pd.DataFrame({"state": states, "name": [state_names()[state] for state in states]})
    for by in BUILT_IN:
        if by != "role":
            held = whole_grouping(by).members.items()
            group_of = {state: group for group, members in held for state in members}
            frame[by] = frame["state"].map(group_of)
    return frame


def _in_order(name: str, words: Iterable[str]) -> list[str]:
    """Words in the order of the world where they have one, else of the alphabet."""
    orders = {"vote": ("yes", "no", "abstain", "absent"), "income_group": tuple(INCOMES.values())}
    return [word for word in orders[name] if word in words] if name in orders else sorted(words)
