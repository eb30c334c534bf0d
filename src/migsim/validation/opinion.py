"""Opinion: whether it moves the way the literature says, and whether it starts where surveys have it.

The signs are read from pairs of runs that differ in one shock, so that nothing else moves opinion apart.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from migsim.facts import load, wanting_less
from migsim.provenance.sources import findings
from migsim.validation.checks import Check, against_figure, told
from migsim.validation.runs import Course, Courses, follow
from migsim.validation.scores import median_error
from migsim.world.corridors import Array
from migsim.world.vocabulary import BASE_YEAR

__all__ = ["PAIRED_YEARS", "opinion_checks", "slope"]

SLUMP_YEAR, ARRIVAL_YEAR, LAST_YEAR = 2010, 2015, 2030
"""When the recession and the arrivals from Syria are looked at, and how long habituation is waited for."""
PAIRED_YEARS: Final = 2 * (LAST_YEAR - BASE_YEAR + 1) + SLUMP_YEAR - BASE_YEAR + 1
"""Years of all runs made here."""
LEAST_RISE: Final = 0.001
"""Rise of the immigrant share, a tenth of a point, from which a host counts as one that received many."""
SURVEYED: Final = 2013
"""The middle of the surveys of 2012-14."""
SLACK: Final = 0.05
SECTION: Final = "Opinion"


def slope(moved: Array, driver: Array) -> float:
    """What moves per unit of a driver, least squares through zero.

    Examples
    --------
    >>> slope(np.array([1.0, 2.0]), np.array([2.0, 4.0]))
    0.5
    """
    return float(moved @ driver / (driver @ driver))


def opinion_checks(courses: Courses, on_year: Callable[[], None] | None = None) -> list[Check]:
    """Signs of what moves the hostile share, and its level beside surveys."""
    full = follow(LAST_YEAR, on_year=on_year)
    calm = follow(SLUMP_YEAR, {"shocks.recession": None}, on_year=on_year)
    peace = follow(LAST_YEAR, {"shocks.syria": None}, on_year=on_year)
    return [*_signs(full, calm, peace), *_levels(courses)]


def _apart(one: Course, other: Course, year: int) -> tuple[Array, Array, Array]:
    """Hostile share, unemployment and immigrant share in one run less another, ``(state,)``."""
    a, b = one[year], other[year]
    immigrants = a.immigrants[0] / a.population[0] - b.immigrants[0] / b.population[0]
    return a.hostile[0] - b.hostile[0], a.unemployment[0] - b.unemployment[0], immigrants


def _signs(full: Course, calm: Course, peace: Course) -> list[Check]:
    hostile, idle, _ = _apart(full, calm, SLUMP_YEAR)
    by_jobs = slope(hostile, idle)
    hostile, _, arrived = _apart(full, peace, ARRIVAL_YEAR)
    many = np.flatnonzero(arrived > LEAST_RISE)
    by_arrivals = slope(hostile[many], arrived[many])
    later = np.stack([_apart(full, peace, y)[0][many] for y in range(ARRIVAL_YEAR - 3, LAST_YEAR + 1)])
    left = float(np.median(later[-1] / later.max(axis=0))) if many.size else float("nan")
    peak = ARRIVAL_YEAR - 3 + int(np.median(later.argmax(axis=0))) if many.size else 0
    strength = "weaker" if abs(by_jobs) < abs(by_arrivals) else "not weaker"
    unit = "points of hostile share per point"
    return [
        Check(
            SECTION, "hostility by unemployment, recession against none", str(SLUMP_YEAR), unit, by_jobs,
            passed=0.0 < by_jobs < by_arrivals, source="literature:att_unemp evidence:s-opinion-economy",
            remark=f"Plus and weak is expected: {strength} than that of immigrants ({told(by_arrivals)}).",
        ),
        Check(
            SECTION, "hostility by immigrant share, war in Syria against none", str(ARRIVAL_YEAR), unit,
            by_arrivals, passed=by_arrivals > 0.0, source="literature:att_unemp literature:att_backlash",
            remark=f"Plus is expected; {many.size} hosts whose share rises by a tenth of a point or more.",
        ),
        Check(
            SECTION, "hostility left of its peak in those hosts", str(LAST_YEAR), "share of the peak", left,
            passed=left < 1.0, source="literature:att_backlash",
            remark=f"Below one is expected: people get used to change in 10 to 30 years; peak in {peak}.",
        ),
    ]  # fmt: skip


def _levels(courses: Courses) -> list[Check]:
    facts = load()
    world, surveyed = findings()["att_decrease"], wanting_less(facts)
    known = np.flatnonzero(np.isfinite(surveyed))

    def mean(course: Course) -> Array:
        now = course[SURVEYED]
        share: Array = (now.wanting_less * now.population).sum(axis=-1) / now.population.sum(axis=-1)
        return share

    def error(course: Course) -> Array:
        return median_error(course[SURVEYED].wanting_less[:, known], surveyed[known])

    reading = courses.read(error)
    alike = float(median_error(np.full(known.size, float(world.central)), surveyed[known]))
    names = ", ".join(facts.iso3[n] for n in known)
    return [
        against_figure(
            SECTION, "people of the world who want less immigration", SURVEYED, "share of people",
            courses.read(mean), float(world.central), source="literature:att_decrease", slack=SLACK,
        ),
        Check(
            SECTION, "median error of that share where surveys name the state", str(SURVEYED),
            "share of people", reading.model, reading.low, reading.high, 0.0,
            {"the world's share everywhere": alike}, reading.model < alike, "literature:att_country",
            f"{known.size} states ({names}); surveys of 2012-14. A check of the start, which may use them,"
            " and of the drift since.",
        ),
    ]  # fmt: skip
