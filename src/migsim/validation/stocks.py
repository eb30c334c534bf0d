"""Corridor stocks of a later year against simple forecasts, and where and why the model falls short."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np

from migsim.facts import Facts, load
from migsim.validation.checks import Check, signed, told
from migsim.validation.forecasts import simple_forecasts
from migsim.validation.runs import Course, Courses, Reading, elasticities, follow
from migsim.validation.scores import SCORES, beats, stock_scores
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


def recorded_stocks(year: int, actual: Array, source: str, facts: Facts | None = None) -> Stocks:
    """Figures of a later year on the recorded corridors; ``nan`` where there is none.

    Parameters
    ----------
    actual : array, shape ``(recorded corridor,)``
        Persons, in the order of the facts' corridors.
    """
    known = facts or load()
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


def stock_checks(courses: Courses, stocks: Stocks) -> list[Check]:
    """The three scores beside the simple forecasts, and how often the model wins."""
    section = f"Corridor stocks in {stocks.year}"
    readings = {name: courses.read(partial(_score, stocks, name)) for name in SCORES}
    rivals = {name: stock_scores(made, stocks.actual) for name, made in stocks.forecasts().items()}
    checks = []
    for score, reading in readings.items():
        simple = {name: float(scores[score]) for name, scores in rivals.items()}
        checks.append(_of_score(section, score, reading, simple, stocks))
    return [*checks, *_verdicts(section, checks, readings, stocks, courses)]


def _score(stocks: Stocks, score: str, course: Course) -> Array:
    return stock_scores(stocks.predicted(course), stocks.actual)[score]


def _best(score: str, simple: Mapping[str, float]) -> str:
    best = max if SCORES[score].is_larger_better else min
    return best(simple, key=lambda name: simple[name])


def _of_score(section: str, score: str, reading: Reading, simple: dict[str, float], stocks: Stocks) -> Check:
    rival = _best(score, simple)
    forecasts = {WITHOUT: reading.without, **simple}
    won = {name: beats(score, reading.model, value) for name, value in forecasts.items()}
    words = {name: "beats" if is_won else "does not beat" for name, is_won in won.items()}
    remark = (
        f"{stocks.actual.size:,} corridors; the model {words[WITHOUT]} its own variant without elasticities"
        f" ({told(reading.without)}) and {words[rival]} the best simple forecast, {rival}"
        f" ({told(simple[rival])})."
    )
    return Check(
        section=section,
        what=SCORES[score].name,
        year=str(stocks.year),
        unit="score",
        model=reading.model,
        low=reading.low,
        high=reading.high,
        figure=1.0 if SCORES[score].is_larger_better else 0.0,
        forecasts=forecasts,
        passed=won[WITHOUT] and won[rival],
        source=stocks.source,
        remark=remark,
    )


def _verdicts(
    section: str, checks: list[Check], readings: dict[str, Reading], stocks: Stocks, courses: Courses
) -> list[Check]:
    """On how many scores the model wins, and if on too few, where and why."""
    scores = list(SCORES)
    beats_null = [beats(s, readings[s].model, readings[s].without) for s in scores]
    rivals = [
        _best(s, {k: v for k, v in c.forecasts.items() if k != WITHOUT})
        for s, c in zip(scores, checks, strict=True)
    ]
    beats_best = [
        beats(s, c.model, c.forecasts[rival]) for s, c, rival in zip(scores, checks, rivals, strict=True)
    ]
    lost = [s for s, won in zip(scores, beats_best, strict=True) if not won]
    where, why = "", ""
    if lost:
        rival = rivals[scores.index(lost[0])]
        where = _where(stocks, courses.central, stocks.forecasts()[rival], rival)
    if not all(beats_null):
        why = _why(stocks, courses, [s for s, won in zip(scores, beats_null, strict=True) if not won])

    def verdict(what: str, won: list[bool], needed: int, more: str) -> Check:
        named = [SCORES[s].name for s, is_won in zip(scores, won, strict=True) if not is_won]
        short = f"Falls short on {', '.join(named)}. {more}" if named else "Wins on every score."
        return Check(
            section, what, str(stocks.year), "scores of three", float(sum(won)), figure=float(needed),
            passed=sum(won) >= needed, source="assumption", remark=short.strip(),
        )  # fmt: skip

    return [
        verdict(
            "scores on which the model beats its variant without elasticities", beats_null, len(scores), why
        ),
        verdict("scores on which the model beats the best simple forecast", beats_best, NEEDED, where),
    ]


def _where(stocks: Stocks, course: Course, rival: Array, name: str) -> str:
    """The groups of corridors that make up the model's excess of absolute error over a rival."""
    model = stocks.predicted(course)[0]
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


def _why(stocks: Stocks, courses: Courses, lost: list[str]) -> str:
    """Which elasticity costs most: the model run again with each at zero in turn."""
    score = lost[0]
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
