"""Score later ratifications that a user brings: how many, and by which states.

For the migrant workers' convention the parties of 2010 are on record, and the simple forecast is the yearly
rate by region and income group up to 2010. Of other instruments nobody's parties are known: states are ranked
by their chances from the opening on, beside their role as countries of departure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from migsim.forum.instruments import opening
from migsim.validation.checks import Check, told, wins
from migsim.validation.later import Later
from migsim.validation.ratifications import (
    LAST,
    MIGRANT_WORKERS,
    Outlook,
    by_region_and_income,
    outlook,
    record,
)
from migsim.validation.runs import Reading
from migsim.validation.scores import ranking
from migsim.world.corridors import Array, Index

__all__ = ["later_ratification_checks"]

SECTION = "Later ratifications"


@dataclass(frozen=True, eq=False)
class Joined:
    """Who ratified one instrument from ``first`` to ``last``, among the states at ``open_to`` that could."""

    name: str
    first: int
    last: int
    open_to: Index
    new: Array

    def chances(self, seen: Outlook) -> Array:
        """Chance of each state to ratify in these years, ``(..., state)``."""
        span = range(self.first, self.last + 1)
        if self.name == MIGRANT_WORKERS:
            return seen.chances(self.name, span, record(LAST, seen.setting))[self.last][:, self.open_to]
        years = range(opening(self.name, seen.setting), self.last + 1)
        course = seen.chances(self.name, years)
        before = course.get(self.first - 1, 0.0)
        gained: Array = (course[self.last] - before)[:, self.open_to]
        return gained

    def simple(self, seen: Outlook) -> tuple[str, Array, float]:
        """The simple forecast: its name, its score of each state, and the number it expects."""
        setting = seen.setting
        if self.name != MIGRANT_WORKERS:
            return "by departure role", setting.states.departure[self.open_to], float("nan")
        rates = by_region_and_income(self.name, LAST, setting)[self.open_to]
        likely = 1.0 - (1.0 - rates) ** (self.last - self.first + 1)
        return "region and income", likely, float(likely.sum())


def later_ratification_checks(later: Later, worlds: int) -> Iterator[Check]:
    """The number of new parties, and whether they were ranked above the others, for each instrument given."""
    years = later.figures.get("ratification", {})
    if not years:
        return
    central, ranged = outlook(), outlook(worlds) if worlds else None
    for name in sorted({states[0] for figures in years.values() for states in figures}):
        joined = _joined(name, years, central)
        if joined is not None:
            yield from _scored(joined, central, ranged, later.source("ratification"))


def _joined(name: str, years: Mapping[int, Mapping[tuple[str, ...], float]], seen: Outlook) -> Joined | None:
    setting = seen.setting
    first_scored = LAST + 1 if name == MIGRANT_WORKERS else min(years)
    mine = {
        states[1]: year
        for year, figures in sorted(years.items())
        for states in figures
        if states[0] == name and year >= first_scored
    }
    last = max(years)
    may = setting.members(last) > 0.0
    if name == MIGRANT_WORKERS:
        may = may & (record(LAST, setting) == 0.0)
    open_to = np.flatnonzero(may)
    new = np.array([1.0 if setting.states.iso3[n] in mine else 0.0 for n in open_to])
    if not 0.0 < new.sum() < new.size:
        return None
    return Joined(name, first_scored, last, open_to, new)


def _scored(joined: Joined, central: Outlook, ranged: Outlook | None, source: str) -> Iterator[Check]:
    span, n = f"{joined.first}-{joined.last}", float(joined.new.sum())
    simple, score, number = joined.simple(central)
    forecasts = {simple: number} if np.isfinite(number) else {}
    reading = _reading(float(joined.chances(central)[0].sum()), ranged, joined, is_number=True)
    won = not forecasts or abs(reading.model - n) < abs(number - n)
    beside = f"; {simple}: {told(number)}" if forecasts else ""
    yield Check(
        SECTION, f"new parties of {joined.name}", span, "states", reading.model, reading.low, reading.high, n,
        forecasts, won if forecasts else None, source,
        f"Expected beside counted{beside}; intervals are over parameters only.",
    )  # fmt: skip
    rivals = {simple: float(ranking(score, joined.new))}
    area = _reading(float(ranking(joined.chances(central), joined.new)[0]), ranged, joined, is_number=False)
    won, best = wins(area.model, rivals, is_larger_better=True)
    yield Check(
        SECTION, f"ranking of new parties of {joined.name} (area under ROC)", span, "score", area.model,
        area.low, area.high, 1.0, rivals, won, source,
        f"{n:.0f} new parties among {joined.new.size} states; {'better' if won else 'no better'} than {best}"
        f" ({told(rivals[best])}), ½ is a coin's.",
    )  # fmt: skip


def _reading(central: float, ranged: Outlook | None, joined: Joined, *, is_number: bool) -> Reading:
    if ranged is None:
        return Reading(central)
    chances = joined.chances(ranged)
    values = chances.sum(axis=-1) if is_number else ranking(chances, joined.new)
    low, high = np.quantile(values, (0.05, 0.95))
    return Reading(central, float(low), float(high))
