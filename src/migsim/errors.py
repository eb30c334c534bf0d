"""What can go wrong, said so that the reader knows where, what and what to do.

Exit codes of the command line: 0 fine, 1 some runs failed, 2 bad input, 3 environment.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from operator import index
from typing import Any, Final

__all__ = [
    "BAD_INPUT",
    "ENVIRONMENT",
    "FINE",
    "SOME_RUNS_FAILED",
    "EnvironmentProblem",
    "Fault",
    "InputError",
    "ScenarioError",
    "shown",
    "whole_number",
]

FINE: Final = 0
SOME_RUNS_FAILED: Final = 1
BAD_INPUT: Final = 2
ENVIRONMENT: Final = 3

_FAULTS_SHOWN: Final = 100
_LONGEST: Final = 60


def shown(value: object) -> str:
    r"""A stranger's value as it may safely stand in a message: one line, printable, not too long.

    Examples
    --------
    >>> print(shown("a\x1bb"))
    'a\x1bb'
    >>> shown(True), shown(None), shown({})
    ('true', 'null', 'a mapping')
    """
    match value:
        case None:
            return "null"
        case bool():
            return str(value).lower()
        case dict():
            return "a mapping"
        case list() | tuple():
            return "a list"
    try:
        text = repr(value) if isinstance(value, str) else " ".join(repr(value).split())
    except Exception:
        # A stranger's object may refuse to be shown, as whole numbers of thousands of digits do.
        text = f"a value of type {type(value).__name__}"
    text = text if text.isprintable() else ascii(value if isinstance(value, str) else text)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."


def whole_number(value: Any, what: str, least: int, most: int) -> int:
    """A whole number of Python or numpy, as Python's own.

    Raises
    ------
    InputError
        If it is none, or out of bounds.
    """
    try:
        number = None if isinstance(value, bool) else index(value)
    except TypeError:
        number = None
    if number is None or not least <= number <= most:
        raise InputError(f"{what} {shown(value)}; allowed are whole numbers from {least} to {most}")
    return number


def _on_one_line(text: str) -> str:
    return text if text.isprintable() else ascii(text)[1:-1]


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with an input, and where.

    Attributes
    ----------
    file
        The file as the user named it, or the option or variation that carried the value.
    line, column
        Counted from one; zero where the input has no lines.
    path
        Dotted path of the value inside the scenario; empty for the whole file.
    found, allowed, suggestion
        What was found, what is allowed, and what to do or which name was probably meant.
    """

    file: str
    line: int
    column: int
    path: str
    found: str
    allowed: str = ""
    suggestion: str = ""

    def __str__(self) -> str:
        file, path = _on_one_line(self.file), _on_one_line(self.path)
        where = f"{file}:{self.line}:{self.column}" if self.line else file
        said = "; ".join(part for part in (self.found, self.allowed, self.suggestion) if part)
        return f"{where}: {path}: {said}" if path else f"{where}: {said}"


class InputError(Exception):
    """Bad input from the user: the command line ends with exit code 2 and this message."""


class ScenarioError(InputError):
    """Everything that is wrong with a scenario, all at once and in the order of the files.

    Attributes
    ----------
    faults
        The faults, sorted by position.
    """

    faults: tuple[Fault, ...]

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(set(faults), key=lambda f: (f.file, f.line, f.column, f.path, f.found)))
        super().__init__(self.faults)

    def __str__(self) -> str:
        lines = [str(fault) for fault in self.faults[:_FAULTS_SHOWN]]
        if (unsaid := len(self.faults) - _FAULTS_SHOWN) > 0:
            lines.append(f"... and {unsaid} more faults; mend these first")
        return "\n".join(lines)


class EnvironmentProblem(Exception):
    """The machine lacks something (a library, a writable folder): exit code 3."""
