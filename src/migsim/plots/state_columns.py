"""The columns of table ``states`` in words: what a map or its scale calls them, and in which unit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from migsim.plots.wording import theme_words

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


_MEASURES: Final[Mapping[str, Measure]] = {
    "population": Measure("Population", "million persons", 1e-6),
    "income": Measure("Income per head", "international dollars of 2005"),
    "unemployment": Measure("Unemployment", "%", 100.0),
    "immigrants": Measure("Immigrants", "thousand persons", 1e-3),
    "emigrants": Measure("Emigrants", "thousand persons", 1e-3),
    "inflow": Measure("Moves into the state", "thousand persons a year", 1e-3),
    "outflow": Measure("Moves out of the state", "thousand persons a year", 1e-3),
    "remittances_received": Measure("Remittances received", "million USD of 2005 a year"),
    "remittances_paid": Measure("Remittances paid", "million USD of 2005 a year"),
    "opinion_pro": Measure("Public for migration", "%", 100.0),
    "opinion_ambivalent": Measure("Public ambivalent about migration", "%", 100.0),
    "opinion_anti": Measure("Public against migration", "%", 100.0),
    "attention": Measure("Attention to migration", "%", 100.0),
    "trust": Measure("Trust in other states", "%", 100.0),
    "practice": Measure("Practice, mean of themes", "%", 100.0),
    "knowledge": Measure("Knowledge, mean of themes", "%", 100.0),
    "wellbeing": Measure("Well-being of the migrants a state hosts", "points"),
    "protection_of_nationals": Measure("Well-being of a state's nationals abroad", "points"),
    "role_host": Measure("Weight as a host state", "%", 100.0),
    "role_departure": Measure("Weight as a departure state", "%", 100.0),
    "role_transit": Measure("Weight as a transit state", "%", 100.0),
    "gain": Measure("Gain", "% of income", is_difference=True),
    "gain_host": Measure("Gain as a host", "% of income", is_difference=True),
    "gain_departure": Measure("Gain as a departure state", "% of income", is_difference=True),
}


def measure_of(column: str) -> Measure:
    """A column in words.

    Examples
    --------
    >>> measure_of("policy_legal_mobility").words, measure_of("gain_fiscal").unit
    ('Policy on legal mobility', '% of income')
    """
    if column in _MEASURES:
        return _MEASURES[column]
    kind, _, rest = column.partition("_")
    match kind:
        case "policy":
            return Measure(f"Policy on {theme_words(rest).lower()}", "%", 100.0)
        case "position":
            return Measure(f"Position on {theme_words(rest).lower()}", "%", 100.0)
        case "gain":
            return Measure(f"Gain by {rest}", "% of income", is_difference=True)
    return Measure(column.replace("_", " ").capitalize(), "")
