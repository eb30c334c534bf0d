"""Where people who flee arrive: the model's split over hosts against simple splits.

How many flee an origin is input; here it is taken from UNHCR's totals and declared as a shock in a run of its
own. Which hosts they come to is the model's to say.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np

from migsim.facts import distances, load
from migsim.validation.checks import Check, told
from migsim.validation.runs import Course, Courses, follow
from migsim.validation.scores import variation_distance
from migsim.world.corridors import Array
from migsim.world.vocabulary import BASE_YEAR

__all__ = [
    "LEAST_DISPLACED",
    "Split",
    "arrivals_checks",
    "newly_displaced",
    "shocks_of",
    "split_check",
    "totals_to_2010",
]

LEAST_DISPLACED: Final = 10_000.0
"""Newly displaced persons from an origin, below which its split is chance."""
FROM_YEAR, TO_YEAR = 2007, 2010
"""UNHCR's arrivals of 2005-07 serve to fit the split; these years do not."""
SECTION: Final = "Where the displaced arrive"
SPAN: Final = f"{FROM_YEAR}-{TO_YEAR}"
UNIT: Final = "share that would have to move"


@dataclass(frozen=True, eq=False)
class Split:
    """Persons from one origin by host, ``(state,)``, as counted."""

    origin: int
    by_host: Array

    @property
    def total(self) -> float:
        """All of them."""
        return float(self.by_host.sum())


def newly_displaced() -> tuple[Split, ...]:
    """Increases of refugees by host between 2007 and 2010, of origins with at least 10,000 in all."""
    facts = load()
    first, last = (facts.refugee_years.index(year) for year in (FROM_YEAR, TO_YEAR))
    rise = np.maximum(facts.refugees[:, last] - facts.refugees[:, first], 0.0)
    arrived = np.zeros((facts.n_states, facts.n_states))
    arrived[facts.refugee_origin, facts.refugee_host] = rise
    origins = np.flatnonzero(arrived.sum(axis=1) >= LEAST_DISPLACED)
    return tuple(Split(int(origin), arrived[origin]) for origin in origins)


def totals_to_2010(splits: tuple[Split, ...]) -> dict[str, dict[int, float]]:
    """Refugees abroad by origin and year, 2006 to 2010, that bring the newly displaced in 2008 to 2010.

    From 2007 on, a third of them arrive each year; who leaves a host is left out, for arrivals are what is
    looked at.
    """
    facts = load()
    totals = {}
    for split in splits:
        mine = facts.refugee_origin == split.origin
        in_2005, in_2007 = (
            float(facts.refugees[mine, facts.refugee_years.index(y)].sum()) for y in (2005, 2007)
        )
        years = {2006: 0.5 * (in_2005 + in_2007), 2007: in_2007}
        for year in range(FROM_YEAR + 1, TO_YEAR + 1):
            years[year] = in_2007 + split.total * (year - FROM_YEAR) / (TO_YEAR - FROM_YEAR)
        totals[facts.iso3[split.origin]] = years
    return totals


def shocks_of(totals: Mapping[str, Mapping[int, float]]) -> dict[str, object]:
    """The totals as shocks of a scenario."""
    shocks: dict[str, object] = {}
    for iso3, years in totals.items():
        abroad = dict(years.items())
        shocks[f"shocks.displaced_{iso3.lower()}"] = {
            "kind": "displacement",
            "origin": iso3,
            "refugees_abroad": abroad,
        }
    return shocks


def simple_splits(course: Course, origin: int) -> dict[str, Array]:
    """What anybody could say of the hosts, ``(state,)`` shares of any scale, over the model's hosts.

    Equal parts; in proportion to the migrants from there in 2005; gravity: inhabitants over distance.
    """
    facts = load()
    on = course.corridors.of_origin[origin]
    hosts = course.corridors.destination[on]
    population = facts.population[hosts, facts.year(BASE_YEAR)]
    weights = {
        "equal parts": np.ones(hosts.size),
        "stock of 2005": course[BASE_YEAR].stock[0, on] + 1.0,
        "gravity": population / (1.0 + distances(facts)[origin, hosts]),
    }
    found = {}
    for name, values in weights.items():
        found[name] = np.zeros(facts.n_states)
        found[name][hosts] = values
    return found


def split_distance(course: Course, split: Split, persons: Callable[[Course], Array]) -> Array:
    """Total variation distance of the model's split from the figures, ``(world,)``.

    Parameters
    ----------
    persons
        What is split in a course, ``(world, corridor)``.
    """
    on = course.corridors.of_origin[split.origin]
    by_host = np.zeros((len(persons(course)), split.by_host.size))
    by_host[:, course.corridors.destination[on]] = persons(course)[:, on]
    return variation_distance(by_host, split.by_host)


def split_check(
    courses: Courses,
    split: Split,
    persons: Callable[[Course], Array],
    section: str,
    span: str,
    source: str,
    remark: str,
) -> Check:
    """A check that passes if the model's split is nearer to the figures than every simple split.

    Parameters
    ----------
    persons
        What is split in a course, ``(world, corridor)``.
    """
    reading = courses.read(partial(split_distance, split=split, persons=persons))
    simple = {
        name: float(variation_distance(shares, split.by_host))
        for name, shares in simple_splits(courses.central, split.origin).items()
    }
    return Check(
        section, f"from {load().name[split.origin]}", span, UNIT, reading.model, reading.low, reading.high,
        0.0, simple, reading.model < min(simple.values()), source, remark,
    )  # fmt: skip


def _fled(course: Course) -> Array:
    people = sum(course[year].fled for year in range(FROM_YEAR + 1, TO_YEAR + 1))
    return np.asarray(people)


def arrivals_checks(worlds: int, on_year: Callable[[], None] | None = None) -> list[Check]:
    """The split of those newly displaced between 2007 and 2010, pooled over origins and origin by origin."""
    facts, splits = load(), newly_displaced()
    shocks = shocks_of(totals_to_2010(splits))
    ranged = follow(TO_YEAR, shocks, worlds=worlds, spread="ranged", on_year=on_year) if worlds else None
    courses = Courses(follow(TO_YEAR, shocks, on_year=on_year), ranged=ranged)
    weights = np.array([split.total for split in splits])

    def pooled(course: Course) -> Array:
        each = np.stack([split_distance(course, split, _fled) for split in splits], axis=-1)
        mean: Array = each @ (weights / weights.sum())
        return mean

    by_origin = [_of_origin(courses, split) for split in splits]
    simple = {
        name: float(np.average([check.forecasts[name] for check in by_origin], weights=weights))
        for name in by_origin[0].forecasts
    }
    reading = courses.read(pooled)
    wins = sum(bool(check.passed) for check in by_origin)
    best = min(simple, key=lambda name: simple[name])
    top = Counter(facts.iso3[int(split.by_host.argmax())] for split in splits).most_common(1)[0]
    remark = (
        f"{len(splits)} origins, {weights.sum() / 1e6:.2f} million persons, weighted by them; on {wins} of"
        f" {len(splits)} origins the model is nearer than every simple split; overall the best of these is"
        f" {best} ({told(simple[best])}). For {top[1]} origins the largest increase is in {top[0]}, where a"
        f" new way of counting may be part of it. The numbers declared are UNHCR's, the hosts the model's."
    )
    overall = Check(
        SECTION, "distance of the split over hosts, all origins", SPAN, UNIT, reading.model, reading.low,
        reading.high, 0.0, simple, reading.model < simple[best], "facts:refugees.csv", remark,
    )  # fmt: skip
    return [overall, *by_origin]


def _of_origin(courses: Courses, split: Split) -> Check:
    facts = load()
    first = int(split.by_host.argmax())
    on = courses.central.corridors.of_origin[split.origin]
    fled = _fled(courses.central)[0, on]
    ours = int(courses.central.corridors.destination[on][fled.argmax()])
    remark = (
        f"{split.total:,.0f} persons; most went to {facts.iso3[first]}"
        f" ({split.by_host[first] / split.total:.0%}), in the model to {facts.iso3[ours]}"
        f" ({fled.max() / max(fled.sum(), 1e-9):.0%})."
    )
    return split_check(courses, split, _fled, SECTION, SPAN, "facts:refugees.csv", remark)
