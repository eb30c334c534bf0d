"""The columns of table ``states`` in the words of the codebook, in units that a map's scale can show."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from migsim.results.codebook import codebook

__all__ = ["Measure", "measure_of"]


@dataclass(frozen=True, slots=True)
class Measure:
    """What a column holds: its name in words, its unit, what its numbers are multiplied by for that unit."""

    words: str
    unit: str
    times: float = 1.0
    is_difference: bool = False
    """Whether the column is a difference to the paired world already."""

    @property
    def unit_of_difference(self) -> str:
        """The unit of a change: of shares, percentage points."""
        return "percentage points" if self.unit == "%" else self.unit


_SHOWN: Final[Mapping[str, tuple[str, float]]] = {
    "share": ("%", 100.0),
    "share of the labour force": ("%", 100.0),
    "persons": ("thousand persons", 1e-3),
    "persons a year": ("thousand persons a year", 1e-3),
    "percent of income": ("% of income", 1.0),
    "points, 0 to 100": ("points", 1.0),
}
"""Units of the codebook that are shown in another, and what numbers are multiplied by."""
_BESIDES: Final = r"[,;] .*| over the paired world|(?<=part of the gain).*"
"""What a label says that a heading has no room for or says already."""


def measure_of(column: str) -> Measure:
    """A column in words.

    Examples
    --------
    >>> measure_of("policy_legal_mobility").words, measure_of("gain_fiscal").unit
    ('Policy: legal mobility', '% of income')
    """
    known = codebook().get(("states", column))
    if known is None:
        return Measure(column.replace("_", " ").capitalize(), "")
    unit, times = _SHOWN.get(known.unit, (known.unit, 1.0))
    if column == "population":
        unit, times = "million persons", 1e-6
    return Measure(re.sub(_BESIDES, "", known.label), unit, times, column.partition("_")[0] == "gain")
