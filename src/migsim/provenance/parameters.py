"""The registry of parameters: every number of the model with unit, range, default and source.

The rows stand in ``parameters.csv`` and, for the levers of policy, in ``levers.csv``. Nothing else in the
program holds a default.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Final, Literal, cast

from migsim.errors import InputError
from migsim.quantities import UNITS, Unit, plain

__all__ = ["Kind", "Parameter", "Registry", "Scalar", "read_registry", "registry"]

type Scalar = float | int | bool | str
type Kind = Literal["number", "integer", "choice", "flag"]

FOLDER: Final = Path(__file__).parent
KINDS: Final = ("number", "integer", "choice", "flag")
COLUMNS: Final = (
    "path", "kind", "unit", "default", "low", "high", "options", "title", "source", "note",
)  # fmt: skip
_SEGMENT: Final = r"[a-z][a-z0-9_]*"
_PATH: Final = re.compile(rf"{_SEGMENT}(\.\*)?(\.{_SEGMENT})+")
_SOURCE: Final = re.compile(r"assumption|(literature|evidence|calibration):[\w.+-]+|facts:[\w./-]+")


@dataclass(frozen=True, slots=True)
class Parameter:
    """One row of the registry.

    Attributes
    ----------
    path
        Dotted path in a scenario; ``*`` stands for the name of a process.
    low, high
        Plausible range, drawn uniformly when parameters are ranged unless the note says ``held``.
    options
        The names a choice may take; empty for other kinds.
    sources
        Where the number comes from: ``literature:id``, ``evidence:id``, ``facts:file``,
        ``calibration:id`` or ``assumption``.
    """

    path: str
    kind: Kind
    unit: str
    default: Scalar
    low: float | None
    high: float | None
    options: tuple[str, ...]
    title: str
    sources: tuple[str, ...]
    note: str

    @property
    def segments(self) -> tuple[str, ...]:
        """The path in pieces."""
        return tuple(self.path.split("."))

    @property
    def quantity(self) -> Unit:
        """The unit, with its hard bounds."""
        return UNITS[self.unit]

    @property
    def is_drawn(self) -> bool:
        """Whether the ranged mode draws it: a number with a range, unless held, or a ``varied`` choice."""
        if self.kind == "choice":
            return "varied" in self.note.split()
        return self.low is not None and not self.is_held

    @property
    def is_held(self) -> bool:
        """Whether the ranged mode leaves it alone although it has a range; the note says why."""
        return self.note.startswith("held")

    @property
    def allowed(self) -> str:
        """What a scenario may set it to, in words."""
        match self.kind:
            case "choice":
                return f"one of {', '.join(self.options)}"
            case "flag":
                return "true or false"
            case "integer":
                return f"a whole number from {self.quantity.bounds} ({self.quantity.text})"
            case "number":
                return f"a number from {self.quantity.bounds} ({self.quantity.text})"

    @property
    def range_text(self) -> str:
        """The plausible range in words, or the options of a choice."""
        if self.low is not None and self.high is not None:
            return f"{plain(self.low)} to {plain(self.high)}" + (", held" if self.is_held else "")
        return " | ".join(self.options) if self.options else "not varied"


class Registry(Mapping[str, Parameter]):
    """All parameters by path, in the order of the table.

    Examples
    --------
    >>> row = registry().match("processes.gfmd.max_themes")
    >>> row.path, row.kind
    ('processes.*.max_themes', 'integer')
    """

    def __init__(self, rows: Iterable[Parameter]) -> None:
        self.rows: Final = tuple(rows)
        self._rows = {row.path: row for row in self.rows}

    def __getitem__(self, path: str) -> Parameter:
        return self._rows[path]

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    @cached_property
    def paths(self) -> tuple[str, ...]:
        """Every path, in the order of the table."""
        return tuple(self._rows)

    @cached_property
    def groups(self) -> frozenset[str]:
        """Every prefix under which parameters stand, such as ``world.flows``."""
        return frozenset(
            ".".join(row.segments[:depth]) for row in self.rows for depth in range(1, len(row.segments))
        )

    def pattern(self, path: str) -> str:
        """The path as the table writes it: the name of a process becomes ``*``."""
        head, dot, rest = path.partition(".")
        if head != "processes" or not dot:
            return path
        _, dot, rest = rest.partition(".")
        return f"processes.*{dot}{rest}"

    def match(self, path: str) -> Parameter | None:
        """The row that a concrete path such as ``processes.gfmd.max_themes`` falls under, if any."""
        return self._rows.get(self.pattern(path))

    def group(self, prefix: str) -> tuple[Parameter, ...]:
        """The rows under a prefix, which may name a process or hold ``*``."""
        start = f"{self.pattern(prefix)}."
        return tuple(row for row in self.rows if row.path.startswith(start))

    def suggest(self, path: str) -> str | None:
        """The known path nearest to a mistyped one; one with the same last word comes first.

        Examples
        --------
        >>> registry().suggest("processes.gfmd.max_theme")
        'processes.gfmd.max_themes'
        """
        from difflib import get_close_matches

        pattern = self.pattern(path)
        last = pattern.rpartition(".")[2]
        namesakes = [row.path for row in self.rows if row.segments[-1] == last]
        near = get_close_matches(pattern, namesakes, n=1, cutoff=0.0)
        near = near or get_close_matches(pattern, self.paths, n=1, cutoff=0.7)
        if not near:
            return None
        process = path.split(".")[1] if pattern != path else "NAME"
        return near[0].replace("*", process)

    def check(self) -> list[str]:
        """What is wrong with the table itself, one sentence a fault; empty when it is sound."""
        seen: set[str] = set()
        problems: list[str] = []
        for row in self.rows:
            if row.path in seen:
                problems.append(f"{row.path}: stands twice")
            seen.add(row.path)
            problems += [f"{row.path}: {problem}" for problem in _row_problems(row)]
        clashes = sorted(self.groups & seen)
        return problems + [f"{path}: is both a parameter and a group of parameters" for path in clashes]


def _row_problems(row: Parameter) -> Iterator[str]:
    if not _PATH.fullmatch(row.path):
        yield "path is not dotted lower-case words"
    if (row.segments[0] == "processes") != ("*" in row.segments):
        yield "a path under processes has * for the process, and no other path has"
    if not row.title:
        yield "has no title"
    if not row.sources:
        yield "has no source; write assumption if there is none"
    for token in row.sources:
        if not _SOURCE.fullmatch(token):
            forms = "literature:id, evidence:id, facts:file, calibration:id or assumption"
            yield f"source {token!r} is not {forms}"
    if row.unit not in UNITS:
        yield f"unit {row.unit!r} is not in migsim.quantities"
    elif row.kind in ("number", "integer"):
        yield from _number_problems(row)
    if row.kind == "choice" and (row.default not in row.options or len(set(row.options)) != len(row.options)):
        yield "the default is not among the options, or an option stands twice"
    if row.kind != "choice" and row.options:
        yield "only a choice has options"


def _number_problems(row: Parameter) -> Iterator[str]:
    default = cast(float, row.default)
    if (row.low is None) != (row.high is None):
        yield "has one end of a range without the other"
    elif row.low is not None and row.high is not None and not row.low <= default <= row.high:
        yield f"default {default} is outside its range {row.range_text}"
    for number in (default, row.low, row.high):
        if number is not None and not row.quantity.admits(number):
            yield f"{number} is outside the bounds of {row.unit}, {row.quantity.bounds}"


def _scalar(kind: str, text: str) -> Scalar:
    match kind:
        case "number":
            return float(text)
        case "integer":
            return int(text)
        case "flag":
            return {"true": True, "false": False}[text]
        case _:
            return text


def _parameter(row: Mapping[str, str], where: str) -> Parameter:
    kind = row["kind"]
    if kind not in KINDS:
        raise InputError(f"{where}: kind {kind!r}; it must be one of {', '.join(KINDS)}")
    try:
        return Parameter(
            path=row["path"],
            kind=cast(Kind, kind),
            unit=row["unit"],
            default=_scalar(kind, row["default"]),
            low=float(row["low"]) if row["low"] else None,
            high=float(row["high"]) if row["high"] else None,
            options=tuple(filter(None, row["options"].split("|"))),
            title=row["title"],
            sources=tuple(row["source"].split()),
            note=row["note"],
        )
    except (ValueError, KeyError) as error:
        raise InputError(f"{where}: {row['path']}: cannot be read as {kind}: {error}") from error


def _rows(path: Path) -> Iterator[tuple[str, dict[str, str]]]:
    with path.open(encoding="utf-8", newline="") as table:
        reader = csv.DictReader(table)
        for row in reader:
            where = f"{path.name}:{reader.line_num}"
            if None in row or None in row.values():
                raise InputError(f"{where}: the row has more or fewer cells than there are columns")
            yield where, row


def _as_parameter_row(lever: Mapping[str, str]) -> dict[str, str]:
    """A lever as a row of the registry: its size is a number under ``levers``."""
    row = {column: lever.get(column, "") for column in COLUMNS}
    return row | {"path": f"levers.{lever['paragraph']}", "kind": "number"}


def read_registry(folder: Path = FOLDER) -> Registry:
    """Read the two tables of a folder.

    Raises
    ------
    InputError
        If a row cannot be read; what is wrong beyond that is said by `Registry.check`.
    """
    rows = [_parameter(row, where) for where, row in _rows(folder / "parameters.csv")]
    rows += [_parameter(_as_parameter_row(row), where) for where, row in _rows(folder / "levers.csv")]
    return Registry(rows)


@cache
def registry() -> Registry:
    """The registry of the installed program, read once."""
    return read_registry()
