"""Corridor stocks of a later year against simple forecasts, and where and why the model falls short."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np

from migsim.facts import load
from migsim.validation.checks import Check, signed, told, wins
from migsim.validation.forecasts import simple_forecasts
from migsim.validation.runs import Course, Courses, Reading, elasticities, follow
from migsim.validation.scores import SCORES, stock_scores
from migsim.world.corridors import Array, Index
from migsim.world.vocabulary import BASE_YEAR

__all__ = ["LEAST_STOCK", "Stocks", "recorded_stocks", "stock_checks"]

LEAST_STOCK: Final = 1_000.0
"""Persons in 2005: smaller corridors are rounding in the original and are not scored."""
WITHOUT: Final = "no elasticities"
NEEDED: Final = 2
"""Scores, of three, on which the best simple forecast must be beaten."""


@dataclass(frozen=True, eq=False)
class Stocks:
    """Stocks of one later year on corridors that had at least `LEAST_STOCK` in 2005, ``(corridor,)``."""

    year: int
    origin: Index
    destination: Index
    before: Array
    last: Array
    actual: Array
    source: str

    def predicted(self, course: Course) -> Array:
        """The stocks of a course, ``(world, corridor)``."""
        return course.on(course[self.year].stock, self.origin, self.destination)

    def forecasts(self) -> dict[str, Array]:
        """The simple forecasts by name."""
        years = float(self.year - BASE_YEAR)
        return simple_forecasts(self.before, self.last, years, float(self.actual.sum()))


def recorded_stocks(year: int, actual: Array, source: str) -> Stocks:
    """Figures of a later year on the recorded corridors; ``nan`` where there is none.

    Parameters
    ----------
    actual : array, shape ``(recorded corridor,)``
        Persons, in the order of the facts' corridors.
    """
    known = load()
    before, last = known.corridor_stock[:, 0], known.corridor_stock[:, 1]
    scored = (last >= LEAST_STOCK) & np.isfinite(actual)
    return Stocks(
        year=year,
        origin=known.corridor_origin[scored],
        destination=known.corridor_destination[scored],
        before=before[scored],
        last=last[scored],
        actual=actual[scored],
        source=source,
    )


@dataclass(frozen=True, eq=False)
class _Scored:
    """One score of the model, and the same of the simple forecasts."""

    score: str
    reading: Reading
    simple: Mapping[str, float]

    @property
    def name(self) -> str:
        return SCORES[self.score].name

    @property
    def beats_without(self) -> bool:
        """Whether the model is better than its own variant without elasticities."""
        return self._against({WITHOUT: self.reading.without})[0]

    @property
    def beats_simple(self) -> bool:
        """Whether it is better than every simple forecast."""
        return self._against(self.simple)[0]

    @property
    def best(self) -> str:
        """The best simple forecast."""
        return self._against(self.simple)[1]

    def _against(self, rivals: Mapping[str, float]) -> tuple[bool, str]:
        return wins(self.reading.model, rivals, is_larger_better=SCORES[self.score].is_larger_better)


def stock_checks(courses: Courses, stocks: Stocks) -> list[Check]:
    """The three scores beside the simple forecasts, and how often the model wins."""
    section = f"Corridor stocks in {stocks.year}"
    rivals = {name: stock_scores(made, stocks.actual) for name, made in stocks.forecasts().items()}
    scored = [
        _Scored(
            score,
            courses.read(partial(_score, stocks, score)),
            {name: float(scores[score]) for name, scores in rivals.items()},
        )
        for score in SCORES
    ]
    return [
        *(_of_score(section, each, stocks) for each in scored),
        *_verdicts(section, scored, stocks, courses),
    ]


def _score(stocks: Stocks, score: str, course: Course) -> Array:
    return stock_scores(stocks.predicted(course), stocks.actual)[score]


def _of_score(section: str, each: _Scored, stocks: Stocks) -> Check:
    words = {True: "beats", False: "does not beat"}
    reading = each.reading
    remark = (
        f"{stocks.actual.size:,} corridors; the model {words[each.beats_without]} its own variant without"
        f" elasticities ({told(reading.without)}) and {words[each.beats_simple]} the best simple forecast,"
        f" {each.best} ({told(each.simple[each.best])})."
    )
    return Check(
        section=section,
        what=each.name,
        year=str(stocks.year),
        unit="score",
        model=reading.model,
        low=reading.low,
        high=reading.high,
        figure=1.0 if SCORES[each.score].is_larger_better else 0.0,
        forecasts={WITHOUT: reading.without, **each.simple},
        passed=each.beats_without and each.beats_simple,
        source=stocks.source,
        remark=remark,
    )


def _verdicts(section: str, scored: list[_Scored], stocks: Stocks, courses: Courses) -> Iterator[Check]:
    """On how many scores the model wins, and if on too few, where and why."""

    def verdict(rivals: str, lost: list[_Scored], needed: int, more: str) -> Check:
        names = ", ".join(each.name for each in lost)
        return Check(
            section, f"scores on which the model beats {rivals}", str(stocks.year), "scores of three",
            float(len(scored) - len(lost)), figure=float(needed), passed=len(scored) - len(lost) >= needed,
            source="assumption", remark=f"Falls short on {names}. {more}" if lost else "Wins on every score.",
        )  # fmt: skip

    lost = [each for each in scored if not each.beats_without]
    why = _why(stocks, courses, lost[0].score) if lost else ""
    yield verdict("its variant without elasticities", lost, len(scored), why)
    lost = [each for each in scored if not each.beats_simple]
    where = _where(stocks, courses.central, lost[0].best) if lost else ""
    yield verdict("the best simple forecast", lost, NEEDED, where)


def _where(stocks: Stocks, course: Course, name: str) -> str:
    """The groups of corridors that make up the model's excess of absolute error over a simple forecast."""
    model, rival = stocks.predicted(course)[0], stocks.forecasts()[name]
    excess = np.abs(model - stocks.actual) - np.abs(rival - stocks.actual)
    logs = np.log(np.maximum(stocks.actual, 1.0))
    worse = np.abs(np.log(np.maximum(model, 1.0)) - logs) > np.abs(np.log(np.maximum(rival, 1.0)) - logs)
    facts = load()
    regions = facts.region_index[stocks.destination]
    by_region = {label: float(excess[regions == n].sum()) for n, label in enumerate(facts.region_labels)}
    total = float(stocks.actual.sum())
    order = sorted(by_region, key=lambda label: -abs(by_region[label]))[:3]
    parts = ", ".join(f"{label} {signed(by_region[label] / total, 4)}" for label in order)
    worst = np.argsort(-excess)[:3]
    pairs = [f"{facts.iso3[stocks.origin[n]]}–{facts.iso3[stocks.destination[n]]}" for n in worst]
    codes = ", ".join(
        f"{pair} ({excess[n] / 1e3:,.0f} thousand)" for pair, n in zip(pairs, worst, strict=True)
    )
    bias = float(np.median(np.log(np.maximum(model, 1.0)) - logs))
    many = "too many" if bias > 0 else "too few"
    return (
        f"Where: against {name}, the model is farther off on {worse.mean():.0%} of the corridors; excess of"
        f" absolute error over the end stock by region of destination: {parts}; most on {codes}; its median"
        f" log error is {signed(bias, 3)} ({many} migrants in the middle corridor)."
    )


def _why(stocks: Stocks, courses: Courses, score: str) -> str:
    """Which elasticity costs most: the model run again with each at zero in turn."""
    full = _score(stocks, score, courses.central)[0]
    sign = 1.0 if SCORES[score].is_larger_better else -1.0
    # One at zero may run a small state empty, where logarithms fail: such a variant explains nothing.
    with np.errstate(all="ignore"):
        gains = {
            path: sign * float(_score(stocks, score, follow(stocks.year, {path: 0}))[0] - full)
            for path in elasticities()
        }
    costly = sorted((path for path in gains if gains[path] > 0), key=lambda path: -gains[path])[:2]
    if not costly:
        return f"Why: no single elasticity, set to zero, makes {SCORES[score].name} better; all together do."
    parts = " and ".join(f"`{path}` (better by {told(gains[path])})" for path in costly)
    return f"Why: {SCORES[score].name} gets better if one of these is set to zero: {parts}."
