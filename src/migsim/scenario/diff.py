"""What two scenarios set differently, path by path, with who set it and in which unit.

Defaults that neither sets are left out. A value spelled out that is the default anyhow counts as a difference
only where the default would be drawn from a range. What a scenario is called says nothing about the world
and is left out too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from migsim.errors import shown
from migsim.facts.own import QUANTITIES, recorded
from migsim.provenance.parameters import registry
from migsim.quantities import plain

if TYPE_CHECKING:
    import pandas as pd

    from migsim.scenario.definition import Scenario

__all__ = ["COLUMNS", "Difference", "Differences", "Records", "Side", "differences"]

type Records = Sequence[Mapping[str, str]]
"""Behaviours, as `migsim.scenario.behaviour_marks` tells them."""

COLUMNS: Final = ("path", "a", "b", "unit", "set_by_a", "set_by_b")
_LABELS: Final = ("name", "title", "description")
_WORDS: Final = ("title", "convener", "facilitator", "city", "evidence")
"""Keys that tell readers something and do nothing in the world."""
_NAMED: Final = ("processes", "shocks")
"""Sections whose members have names of their own: one that only one scenario has is told as a whole."""
_ABSENT: Final = "–"
_NOBODY: Final = "default"
_WIDEST: Final = 40
_BRIEF: Final = 3
"""So many differences are told in one line."""


@dataclass(frozen=True, slots=True)
class Side:
    """One path as one scenario has it.

    Attributes
    ----------
    value
        What is there: set, or the default; None if there is nothing.
    is_drawn
        Whether the scenario leaves it to be drawn from its range.
    set_by
        File and line that set it, or that nobody did.
    """

    value: Any
    text: str
    is_drawn: bool
    set_by: str

    @property
    def meaning(self) -> tuple[str, bool]:
        """What of it acts on the world."""
        return self.text, self.is_drawn


@dataclass(frozen=True, slots=True)
class Difference:
    """One path on which two scenarios differ."""

    path: str
    a: Side
    b: Side
    unit: str

    @property
    def is_wording(self) -> bool:
        """Whether it is about words for readers alone."""
        return self.path.rpartition(".")[2] in _WORDS

    @property
    def row(self) -> tuple[str, ...]:
        """The difference as texts, in the order of `COLUMNS`."""
        return self.path, self.a.text, self.b.text, self.unit, self.a.set_by, self.b.set_by


@dataclass(frozen=True, repr=False)
class Differences:
    """What two scenarios set differently; its ``repr`` is a table.

    Attributes
    ----------
    a, b
        Names of the two.
    rows
        Path by path, in the order of the first scenario and then of the second.
    """

    a: str
    b: str
    rows: tuple[Difference, ...]

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Difference]:
        return iter(self.rows)

    @property
    def brief(self) -> str:
        """The first few in one line, what A has before what B has; empty if they set the same things."""
        told = [f"{path}: {a}, now {b}" for path, a, b, *_ in map(_told, self.rows[:_BRIEF])]
        more = len(self.rows) - len(told)
        return "; ".join([*told, *([f"{more} more"] if more else [])])

    def to_frame(self) -> pd.DataFrame:
        """The differences as texts, one row a path."""
        import pandas as pd

        return pd.DataFrame([row.row for row in self.rows], columns=list(COLUMNS), dtype=str)

    def to_csv(self) -> str:
        """The same as CSV."""
        import csv
        import io

        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(row.row for row in self.rows)
        return text.getvalue()

    def __repr__(self) -> str:
        if not self.rows:
            return f"{self.a} and {self.b}: the two set the same things"
        told = [row for row in self.rows if not row.is_wording]
        head = f"A: {self.a}\nB: {self.b}\n"
        if n_wordings := len(self.rows) - len(told):
            names = dict.fromkeys(row.path.rpartition(".")[2] for row in self.rows if row.is_wording)
            head += f"In {_places(n_wordings)} they differ in words alone ({', '.join(names)}).\n"
        if not told:
            return f"{head}Otherwise the two set the same things."
        head += f"They differ in {_places(len(told))}:\n"
        table = [("path", "A", "B", "unit", "set by"), *(_told(row) for row in told)]
        widths = [max(len(line[column]) for line in table) for column in range(4)]
        lines = [
            "  ".join([*(cell.ljust(width) for cell, width in zip(line, widths, strict=False)), line[4]])
            for line in table
        ]
        return head + "\n".join(line.rstrip() for line in lines)


def _places(number: int) -> str:
    return f"{number} {'place' if number == 1 else 'places'}"


def differences(a: Scenario, b: Scenario, behaviours: tuple[Records, Records] | None = None) -> Differences:
    """What two scenarios set differently.

    Parameters
    ----------
    a, b
    behaviours
        Records of the behaviours of both, where scenarios that were read from folders do not hold them.

    Examples
    --------
    >>> from migsim.scenario.load import load
    >>> gfmd = load("gfmd-2007-2015")
    >>> print(differences(gfmd, gfmd.vary("the same", {})))
    gfmd-2007-2015 and the-same: the two set the same things
    """
    records = behaviours or (a.behaviour_records, b.behaviour_records)
    return Differences(a.name, b.name, tuple([*_of_sections(a, b), *_of_behaviours(*records)]))


def _of_sections(a: Scenario, b: Scenario) -> Iterator[Difference]:
    contents = [{key: value for key, value in each.content.items() if key not in _LABELS} for each in (a, b)]
    for path in _paths("", *contents):
        sides = _side(a, path), _side(b, path)
        if sides[0].meaning != sides[1].meaning:
            yield Difference(path, *sides, _unit(path))


def _unit(path: str) -> str:
    row = registry().match(path)
    if _is_figure(path):
        return QUANTITIES[path.split(".")[2]].unit
    return row.unit if row and row.kind in ("number", "integer") else ""


def _is_figure(path: str) -> bool:
    """Whether a path is that of a figure of a user's own, with its source."""
    return path.startswith("facts.") and path.count(".") == 3


def _paths(path: str, a: Any, b: Any) -> Iterator[str]:
    """The paths at which two trees are to be held against each other, as deep as they differ."""
    if a == b:
        return
    first, second = _by_year(a), _by_year(b)
    if first is not None and second is not None:
        for year in sorted({*first, *second}):
            if first.get(year) != second.get(year):
                yield from _paths_below(f"{path}[{year}]", first.get(year), second.get(year))
    elif isinstance(a, Mapping) or isinstance(b, Mapping):
        yield from _paths_below(path, a, b)
    else:
        yield path


def _paths_below(path: str, a: Any, b: Any) -> Iterator[str]:
    """The paths below a mapping; the mapping itself where it is named and only one scenario has it."""
    is_named = path.rpartition(".")[0] in _NAMED or path.endswith("]")
    if _is_figure(path):
        yield path
        return
    if is_named and (a is None or b is None):
        yield path
        return
    some, others = (each if isinstance(each, Mapping) else {} for each in (a, b))
    for key in dict.fromkeys([*some, *others]):
        yield from _paths(f"{path}.{key}" if path else str(key), some.get(key), others.get(key))


def _by_year(items: Any) -> dict[int, Any] | None:
    """The items of a list by their years, if each has one of its own."""
    if not isinstance(items, list) or not all(isinstance(item, Mapping) and "year" in item for item in items):
        return None
    by_year = {item["year"]: item for item in items}
    return by_year if len(by_year) == len(items) else None


def _side(scenario: Scenario, path: str) -> Side:
    """What a scenario has at a path; in a list by year, the session is named by its year in brackets."""
    found, place = _found(scenario, path)
    if found is not None:
        return Side(found, _text(path, found), False, place)
    if _is_figure(path):
        _, state, quantity, year = path.split(".")
        ours = recorded(state, quantity, int(year))
        return Side(ours, "filled by a rule" if ours is None else f"{ours:.15g}", False, _NOBODY)
    row = registry().match(path)
    if row is not None and _has_owner(scenario, path):
        is_drawn = row.is_drawn
        text = _text(path, row.default) + (f" (drawn, {row.range_text})" if is_drawn else "")
        return Side(row.default, text, is_drawn, _NOBODY)
    value = _default(scenario, path)
    if value is None:
        return Side(None, _ABSENT, False, "")
    return Side(value, _text(path, value), False, _NOBODY)


def _found(scenario: Scenario, path: str) -> tuple[Any, str]:
    """The value that a scenario sets at a path and the place of it; none if it does not."""
    content: Any = scenario.content
    node: Any = scenario.tree
    for name in path.replace("[", ".[").split("."):
        if name.startswith("["):
            year = int(name[1:-1])
            number = next((n for n, item in enumerate(content or ()) if item["year"] == year), None)
            content = None if number is None else content[number]
            node = None if number is None or node is None else node.get(str(number))
        else:
            content = content.get(name) if isinstance(content, Mapping) else None
            node = node.get(name) if node is not None else None
    return content, "" if node is None else str(node.place)


def _has_owner(scenario: Scenario, path: str) -> bool:
    """Whether the process that a path is about, if any, is in the scenario."""
    names = path.split(".")
    return names[0] != "processes" or names[1] in scenario.content.get("processes", {})


def _default(scenario: Scenario, path: str) -> Any:
    """The default of a path that is no parameter, as plain data; none if it has none."""
    value: Any = scenario.resolved()
    for name in path.replace("[", ".[").split("."):
        if name.startswith("[") and isinstance(value, list):
            value = next((item for item in value if item.get("year") == int(name[1:-1])), None)
        else:
            value = value.get(name) if isinstance(value, Mapping) else None
    return value


def _text(path: str, value: Any) -> str:
    """A value in words; a process or shock by its title or kind."""
    if isinstance(value, Mapping):
        if path.rpartition(".")[0] in _NAMED:
            return str(value.get("title") or value.get("kind") or path.rpartition(".")[2])
        if _is_figure(path):
            return f"{value['value']:.15g} ({value['source']})"
        told = ", ".join(f"{key} {_text('', member)}" for key, member in value.items() if key != "year")
        return told or "set"
    if isinstance(value, list | tuple):
        return " ".join(_text("", item) for item in value) or "none"
    if isinstance(value, str):
        return (value if value.isprintable() else shown(value)) or "none"
    return plain(value) if isinstance(value, float) else shown(value)


def _told(row: Difference) -> tuple[str, str, str, str, str]:
    """A row of the printed table: long values cut, and who set which side."""
    a, b = _apart(row)
    who = [f"{side} {by}" for side, by in (("A", row.a.set_by), ("B", row.b.set_by)) if by and by != _NOBODY]
    return row.path, a, b, row.unit, ", ".join(who)


def _apart(row: Difference) -> tuple[str, str]:
    """Both values short enough for a table; of two long lists only what one has and the other has not."""
    sides = row.a, row.b
    lists = [side.value for side in sides]
    if all(isinstance(each, list) for each in lists) and max(len(side.text) for side in sides) > _WIDEST:
        some, others = lists
        return _beyond(some, others), _beyond(others, some)
    return _cut(sides[0].text), _cut(sides[1].text)


def _beyond(items: list[Any], others: list[Any]) -> str:
    """How long a list is, and what it has that another has not."""
    own = [item for item in items if item not in others]
    length = "1 item" if len(items) == 1 else f"{len(items)} items"
    return _cut(f"{length}, also {_text('', own)}" if own else length)


def _cut(text: str) -> str:
    return text if len(text) <= _WIDEST else f"{text[: _WIDEST - 3]}..."


def _of_behaviours(a: Records, b: Records) -> Iterator[Difference]:
    """States whose behaviour is replaced in only one of the two, or by another behaviour."""
    first, second = ({each["state"]: each for each in records} for records in (a, b))
    for iso3 in sorted({*first, *second}):
        if first.get(iso3) != second.get(iso3):
            sides = [
                Side(each[iso3], _kind(each[iso3]), False, "Python") if iso3 in each
                else Side(None, _ABSENT, False, "")
                for each in (first, second)
            ]  # fmt: skip
            yield Difference(f"behaviour of {iso3}", sides[0], sides[1], "")


def _kind(record: Mapping[str, str]) -> str:
    """A behaviour's class, and the beginning of its hash, by which two of a class are told apart."""
    return f"{record['class'].rpartition('.')[2]} ({record['source_sha256'][:6]})"
