"""Score later remittances: whose receipts fell and whose rose, and whether those more exposed fell more.

Amounts in current dollars are brought to those of 2005 by the deflator of the United States.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np

from migsim.facts import complete, dollar_of, load
from migsim.validation.checks import Check, told, wins
from migsim.validation.later import Later
from migsim.validation.runs import Course, Courses
from migsim.validation.scores import median_error, rank_correlation, right_signs
from migsim.world.corridors import Array, Index
from migsim.world.vocabulary import BASE_YEAR

__all__ = ["exposure", "remittance_change_checks"]

LEAST_RECEIVED: Final = 10.0
"""Million USD: the changes of smaller receipts are accounting."""
KNOWN_UNTIL: Final = 2007
"""The last year of remittances in the project's own figures."""
BEFORE_SLUMP: Final = (2005, 2006, 2007)
SLUMP: Final = (2008, 2009)


@dataclass(frozen=True, eq=False)
class _Change:
    """Change of log receipts between two years, of the receivers ``known``, ``(receiver,)``."""

    start: int
    end: int
    known: Index
    actual: Array
    rivals: Mapping[str, Array]

    @property
    def span(self) -> str:
        """The two years."""
        return f"{self.start}-{self.end}"

    @property
    def section(self) -> str:
        """Of the report."""
        return f"Remittances {self.span}"

    def of(self, course: Course) -> Array:
        """The same change in a course, ``(world, receiver)``."""
        one, other = (course[year].received[:, self.known] for year in (self.start, self.end))
        change: Array = np.log(other / one)
        return change


def exposure() -> Array:
    """How hard the recession hit where a state's migrants lived, ``(state,)``, log points of income.

    Growth of income per head in 2005-07 less that of 2008-09, mean over hosts by the stock of 2005.
    """
    facts = load()
    completed = complete(facts)
    years = list(completed.growth_years)

    def mean(chosen: tuple[int, ...]) -> Array:
        growth: Array = np.log1p(completed.growth_per_head[:, [years.index(y) for y in chosen]]).mean(axis=1)
        return growth

    fall = mean(BEFORE_SLUMP) - mean(SLUMP)
    stock, n = facts.corridor_stock[:, 1], facts.n_states
    weighted = np.bincount(facts.corridor_origin, stock * fall[facts.corridor_destination], n)
    people = np.bincount(facts.corridor_origin, stock, n)
    found: Array = np.where(people > 0.0, weighted / np.maximum(people, 1.0), np.nan)
    return found


def remittance_change_checks(courses: Courses, later: Later) -> Iterator[Check]:
    """Each year's change and, from 2009 on, the change since 2007, beside simple forecasts."""
    real = dict(_real(later))
    for year in sorted(later.figures.get("remittances", {})):
        starts = {year - 1, KNOWN_UNTIL if year > KNOWN_UNTIL else year - 1}
        for start in sorted(starts & set(real), reverse=True):
            change = _change(start, year, real)
            if change.known.size > 2:
                yield from _of_change(courses, change, later.source("remittances"))


def _real(later: Later) -> Iterator[tuple[int, Array]]:
    """Receipts by year, million USD of 2005, ``(state,)``."""
    facts = load()
    for year in range(BASE_YEAR, KNOWN_UNTIL + 1):
        yield year, facts.remittances_received[:, facts.year(year)] / dollar_of(year)
    for year, figures in later.figures.get("remittances", {}).items():
        given = np.array([figures.get((code,), np.nan) for code in facts.iso3])
        yield year, given / dollar_of(year)


def _change(start: int, end: int, real: Mapping[int, Array]) -> _Change:
    facts = load()
    one, other = real[start], real[end]
    trend = [facts.remittances_received[:, facts.year(y)] / dollar_of(y) for y in (BASE_YEAR, KNOWN_UNTIL)]
    enough = (one >= LEAST_RECEIVED) & (other > 0.0) & (trend[0] > 0.0) & (trend[1] > 0.0)
    known = np.flatnonzero(enough & np.isfinite(exposure()))
    span = (end - start) / (KNOWN_UNTIL - BASE_YEAR)
    own = span * np.log(trend[1][known] / trend[0][known])
    equal = span * np.log(trend[1][known].sum() / trend[0][known].sum())
    rivals = {
        "no change": np.zeros(known.size),
        "own trend 2005-07": own,
        "equal growth, as all 2005-07": np.full(known.size, equal),
    }
    return _Change(start, end, known, np.log(other[known] / one[known]), rivals)


@dataclass(frozen=True, eq=False)
class _Scored:
    """A score of changes with its rivals; ``added``: log price change, to look at current dollars."""

    what: str
    score: Callable[[Array, Array], Array]
    unit: str
    is_larger_better: bool
    rivals: Mapping[str, Array]
    added: float = 0.0


def _scored(course: Course, change: _Change, each: _Scored) -> Array:
    return each.score(change.of(course) + each.added, change.actual + each.added)


def _of_change(courses: Courses, change: _Change, source: str) -> Iterator[Check]:
    hit = exposure()[change.known]
    prices = float(np.log(dollar_of(change.end) / dollar_of(change.start)))
    trends = {name: values for name, values in change.rivals.items() if name != "no change"}
    fell, rose = (float((sign * change.actual > 0.0).mean()) for sign in (-1.0, 1.0))
    one_way = {"all fall": -np.ones(hit.size), "all rise": np.ones(hit.size)}
    nominal = {name: values + prices for name, values in trends.items()} | one_way
    scores: list[_Scored] = [
        _Scored("median absolute error of the log change", median_error, "log points", False, change.rivals),
        _Scored(
            "rank correlation of the changes", rank_correlation, "correlation", True,
            {**trends, "the less exposed, the better": -hit},
        ),
        _Scored("right signs of the changes, real terms", right_signs, "share", True, {**trends, **one_way}),
        _Scored("right signs of the changes, current USD", right_signs, "share", True, nominal, prices),
    ]  # fmt: skip
    said = f"{change.known.size} receivers, of which {fell:.0%} fell and {rose:.0%} rose in real terms"
    for each in scores:
        actual = change.actual + each.added
        reading = courses.read(partial(_scored, change=change, each=each))
        simple = {name: float(each.score(values, actual)) for name, values in each.rivals.items()}
        rivals = {"no elasticities": reading.without, **simple}
        won, best = wins(reading.model, rivals, is_larger_better=each.is_larger_better)
        yield Check(
            change.section, each.what, change.span, each.unit, reading.model, reading.low, reading.high,
            1.0 if each.is_larger_better else 0.0, rivals, won, source,
            f"{said}; {'better' if won else 'no better'} than {best} ({told(rivals[best])}).",
        )  # fmt: skip
    yield _by_exposure(courses, change, source)


def _by_exposure(courses: Courses, change: _Change, source: str) -> Check:
    """Mean change of the third of receivers most exposed to the recession, less the least exposed."""
    hit = exposure()[change.known]
    low, high = np.quantile(hit, (1.0 / 3.0, 2.0 / 3.0))
    most, least = hit >= high, hit <= low

    def gap(values: Array) -> Array:
        difference: Array = values[..., most].mean(axis=-1) - values[..., least].mean(axis=-1)
        return difference

    reading, figure = courses.read(lambda course: gap(change.of(course))), float(gap(change.actual))
    simple = {name: float(gap(values)) for name, values in change.rivals.items()}
    part = told(reading.model / figure) if figure else "no part"
    return Check(
        change.section, "mean log change: third most exposed less third least", change.span, "log points",
        reading.model, reading.low, reading.high, figure, simple,
        bool(np.sign(reading.model) == np.sign(figure)), source,
        f"Passes if the sign is right; the model has {part} of the difference in the figures.",
    )  # fmt: skip
