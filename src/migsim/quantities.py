"""The units of the model's numbers, each with the hard bounds that no value may leave.

A bound here says what the number can mean at all (a share is never above one); the narrower range that is
plausible for one parameter stands in the parameter registry.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

__all__ = ["UNITS", "Unit", "plain"]

_BILLION: Final = 1e9


def plain(number: float) -> str:
    """A number as a reader would write it.

    Examples
    --------
    >>> plain(1.0), plain(0.05), plain(2e9)
    ('1', '0.05', '2e+09')
    """
    return f"{number:.6g}"


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit and its hard bounds (both inclusive)."""

    name: str
    minimum: float
    maximum: float
    text: str

    def admits(self, number: float) -> bool:
        """Whether the number lies within the bounds.

        Examples
        --------
        >>> UNITS["share"].admits(1.0), UNITS["share"].admits(1.01)
        (True, False)
        """
        return self.minimum <= number <= self.maximum

    @property
    def bounds(self) -> str:
        """The bounds in words.

        Examples
        --------
        >>> UNITS["share"].bounds
        '0 to 1'
        """
        return f"{plain(self.minimum)} to {plain(self.maximum)}"


UNITS: Final[Mapping[str, Unit]] = MappingProxyType(
    {
        unit.name: unit
        for unit in (
            Unit("share", 0, 1, "a share of a whole"),
            Unit("rate", 0, 1, "a share per year"),
            Unit("probability", 0, 1, "a probability"),
            Unit("elasticity", -10, 10, "per cent of response per per cent of cause"),
            Unit("years", 0, 200, "years"),
            Unit("year", 1900, 2200, "a calendar year"),
            Unit("count", 0, _BILLION, "a number of things"),
            Unit("themes", 1, 12, "a number of themes"),
            Unit("turns", 0, 100, "a number of turns"),
            Unit("persons", 0, 2e10, "people"),
            Unit("musd", 0, _BILLION, "million US dollars"),
            Unit("usd", 0, 1e13, "US dollars"),
            Unit("km", 0, 50_000, "kilometres"),
            Unit("percent", -100, 100, "per cent"),
            Unit("points", 0, 100, "percentage points"),
            Unit("log", -5, 5, "a difference of logarithms"),
            Unit("change", -1, 1, "a change of a share"),
            Unit("swing", 0.01, 5, "a difference of logarithms, more than none"),
            Unit("part", 0.001, 1, "a share above zero"),
            Unit("multiple", 0.01, 100, "a ratio above zero"),
            Unit("income", 100, 1e6, "US dollars a year per head"),
            Unit("span", 0.1, 200, "years, more than none"),
            Unit("headcount", 1, 2e10, "people, at least one"),
            Unit("rise", 0.01, 100, "percentage points, more than none"),
            Unit("months", 0, 60, "months"),
            Unit("spending", 0.01, _BILLION, "million US dollars, more than nothing"),
            Unit("weight", 0, 100, "a relative weight"),
            Unit("ratio", 0, 100, "a ratio"),
            Unit("index", -100, 100, "an index without unit"),
            Unit("scale", 0, 3, "a multiple of what happened"),
            Unit("choice", 0, 0, "one of several named options"),
            Unit("flag", 0, 1, "true or false"),
        )
    }
)
