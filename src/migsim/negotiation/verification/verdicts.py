"""A check of a protocol against results from elsewhere, and the tables that hold those results."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, Final

from migsim.quantities import plain

__all__ = ["EXACT", "Check", "agree", "case", "largest", "options_of_case", "rows_of"]

EXACT: Final = 0.0
"""Precision of what is counted or put in order."""


@dataclass(frozen=True, slots=True)
class Check:
    """One quantity of one protocol, held against a table.

    Attributes
    ----------
    protocol, case, quantity
        What was compared, and with which table.
    n
        Numbers compared.
    difference
        The largest difference; infinite if there are more or fewer numbers than there should be. Where an
        order or a count is compared, how many do not agree.
    precision
        How large it may be, by what is stated of the table.
    is_known_to_differ
        Whether the table is known not to match; it is shown, and not judged.
    """

    protocol: str
    case: str
    quantity: str
    n: int
    difference: float
    precision: float
    is_known_to_differ: bool = False

    @property
    def passed(self) -> bool | None:
        """Whether the difference is within the precision; None if it is known not to be."""
        return None if self.is_known_to_differ else bool(self.n > 0 and self.difference <= self.precision)

    @property
    def verdict(self) -> str:
        """The same in a word."""
        return {True: "passes", False: "FAILS", None: "known not to match"}[self.passed]

    @property
    def difference_told(self) -> str:
        """The difference as a reader would write it."""
        return f"{self.difference:.1e}" if 0.0 < self.difference < 1e-3 else plain(self.difference)

    @property
    def precision_told(self) -> str:
        """The precision likewise."""
        return "exact" if self.precision == EXACT else plain(self.precision)


def largest(found: Iterable[float], expected: Iterable[float]) -> tuple[int, float]:
    """How many numbers are compared, and the largest difference among them.

    Examples
    --------
    >>> largest([1.0, 2.5], [1.0, 2.0]), largest([1.0], [])
    ((2, 0.5), (0, inf))
    """
    ours, theirs = list(found), list(expected)
    if len(ours) != len(theirs):
        return len(theirs), math.inf
    gaps = [abs(float(one) - float(other)) for one, other in zip(ours, theirs, strict=True)]
    return len(gaps), max((math.inf if math.isnan(gap) else gap for gap in gaps), default=0.0)


def agree(found: Sequence[object], expected: Sequence[object]) -> tuple[int, float]:
    """How many entries there should be, and how many are others, too few or too many.

    Examples
    --------
    >>> agree(["a", "b"], ["a", "c", "d"])
    (3, 2.0)
    """
    others = sum(one != other for one, other in zip(found, expected, strict=False))
    return len(expected), float(others + abs(len(found) - len(expected)))


def case(*parts: str) -> Traversable:
    """A file among the cases, such as ``published/ktab_unit_vote.csv``."""
    return files("migsim.negotiation").joinpath("cases", *parts)


@cache
def rows_of(*parts: str) -> tuple[dict[str, str], ...]:
    """The rows of a table among the cases, by column."""
    return tuple(csv.DictReader(case(*parts).read_text(encoding="utf-8").splitlines()))


@cache
def options_of_case(name: str) -> Any:
    """What is recorded of the options of a reference run."""
    return json.loads(case("reference", name, "options.json").read_text(encoding="utf-8"))
