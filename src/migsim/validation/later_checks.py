"""Score later figures that a user brings: corridors, immigrant shares, and where the displaced arrived."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Final

import numpy as np

from migsim.facts import load
from migsim.validation.checks import Check, told, wins
from migsim.validation.displacement import LEAST_DISPLACED, Split, shocks_of, split_check
from migsim.validation.forecasts import BETWEEN
from migsim.validation.later import Later
from migsim.validation.runs import Course, Courses, follow, syrians_abroad
from migsim.validation.scores import median_error
from migsim.validation.stocks import Stocks, recorded_stocks, stock_checks
from migsim.world.corridors import Array, Index
from migsim.world.vocabulary import BASE_YEAR

__all__ = ["corridor_checks", "immigrant_checks", "later_population", "later_stocks", "refugee_checks"]

SYRIA: Final = "SYR"


def later_stocks(later: Later) -> Iterator[Stocks]:
    """The later stocks on recorded corridors, year by year.

    Those of 2010 are the project's own and scored in any case: a table that carries them along changes
    nothing.
    """
    facts = load()
    pairs = list(zip(facts.corridor_origin, facts.corridor_destination, strict=True))
    for year, figures in sorted(later.figures.get("stock", {}).items()):
        if year in facts.stock_years:
            continue
        actual = [figures.get((facts.iso3[o], facts.iso3[d]), np.nan) for o, d in pairs]
        yield recorded_stocks(year, np.array(actual), later.source("stock"))


def corridor_checks(courses: Courses, later: Later) -> Iterator[Check]:
    """The three scores of corridor stocks, for each year given."""
    for stocks in later_stocks(later):
        if stocks.actual.size > 1:
            yield from stock_checks(courses, stocks)


def later_population(year: int) -> Array:
    """Persons by state: the panel, and after its last year the growth of that year going on."""
    facts = load()
    last = int(facts.years[-1])
    people = facts.population[:, facts.year(min(year, last))]
    growth = facts.population[:, -1] / facts.population[:, -2]
    grown: Array = people * growth ** max(year - last, 0)
    return grown


def immigrant_checks(courses: Courses, later: Later) -> Iterator[Check]:
    """Immigrant shares of states: median absolute error in points beside no change and the linear trend."""
    facts = load()
    everything = later.figures.get("immigrants", {})
    largest = max((max(figures.values()) for figures in everything.values()), default=0.0)
    for year, figures in sorted(everything.items()):
        given = np.array([figures.get((code,), np.nan) for code in facts.iso3])
        shares = given if largest <= 1.0 else given / later_population(year)
        first, base = (
            facts.immigrants[:, n] / facts.population[:, facts.year(facts.stock_years[n])] for n in (0, 1)
        )
        known = np.flatnonzero(np.isfinite(shares) & np.isfinite(first) & np.isfinite(base))
        if not known.size:
            continue
        years = (year - BASE_YEAR) / BETWEEN
        rivals = {"no change": base, "linear trend": np.clip(base + (base - first) * years, 0.0, 1.0)}
        yield _of_shares(courses, year, known, shares[known], rivals, later.source("immigrants"))


def _of_shares(
    courses: Courses, year: int, known: Index, actual: Array, rivals: Mapping[str, Array], source: str
) -> Check:
    def error(course: Course) -> Array:
        share = course[year].immigrants / course[year].population
        return 100.0 * median_error(share[:, known], actual)

    reading = courses.read(error)
    simple = {name: 100.0 * float(median_error(values[known], actual)) for name, values in rivals.items()}
    forecasts = {"no elasticities": reading.without, **simple}
    won, best = wins(reading.model, forecasts, is_larger_better=False)
    remark = f"{known.size} states; {'nearer' if won else 'no nearer'} than {best} ({told(forecasts[best])})."
    return Check(
        f"Immigrant shares in {year}", "median absolute error", str(year), "points", reading.model,
        reading.low, reading.high, 0.0, forecasts, won, source, remark,
    )  # fmt: skip


def refugee_checks(courses: Courses, later: Later) -> Iterator[Check]:
    """The split of refugees over hosts, beside equal parts, the stock of 2005, and gravity.

    For origins other than Syria their numbers in the file are declared, in a run of its own: how many flee is
    input, where they go is scored.
    """
    facts = load()
    years = later.figures.get("refugees", {})
    splits = list(_splits(years))
    others: dict[str, dict[int, float]] = {}
    for year, split in splits:
        code = facts.iso3[split.origin]
        if code != SYRIA or year not in syrians_abroad():
            others.setdefault(code, {})[year] = split.total
    own = courses
    if others:
        last = max(courses.central.years)
        own = Courses(follow(last, shocks_of(_with_start(others))))
    for year, split in splits:
        seen = own if facts.iso3[split.origin] in others else courses
        yield _of_split(seen, year, split, later.source("refugees"))


def _with_start(totals: Mapping[str, Mapping[int, float]]) -> dict[str, dict[int, float]]:
    """Totals for every year from 2006 on: straight lines between those known."""
    facts = load()
    found = {}
    for code, given in totals.items():
        mine = facts.refugee_origin == facts.index(code)
        known = {BASE_YEAR: float(facts.refugees[mine, 0].sum()), **given}
        if code == SYRIA:
            known = syrians_abroad() | known
        at = sorted(known)
        years = range(BASE_YEAR + 1, at[-1] + 1)
        found[code] = {year: float(np.interp(year, at, [known[y] for y in at])) for year in years}
    return found


def _splits(years: Mapping[int, Mapping[tuple[str, ...], float]]) -> Iterator[tuple[int, Split]]:
    facts = load()
    for year, figures in sorted(years.items()):
        table = np.zeros((facts.n_states, facts.n_states))
        for (origin, host), persons in figures.items():
            table[facts.index(origin), facts.index(host)] = persons
        for place in np.flatnonzero(table.sum(axis=1) >= LEAST_DISPLACED):
            yield year, Split(int(place), table[place])


def _of_split(courses: Courses, year: int, split: Split, source: str) -> Check:
    facts = load()
    on = courses.central.corridors.of_origin[split.origin]
    hosts = courses.central.corridors.destination[on]
    ours = courses.central[year].displaced[0, on]
    top = [
        f"{facts.iso3[n]} {split.by_host[n] / split.total:.0%}"
        for n in np.argsort(-split.by_host)[:4]
        if split.by_host[n]
    ]
    most = [f"{facts.iso3[hosts[k]]} {ours[k] / max(ours.sum(), 1e-9):.0%}" for k in np.argsort(-ours)[:4]]
    outside = 1.0 - split.by_host[hosts].sum() / split.total
    remark = (
        f"Figures: {', '.join(top)}; model: {', '.join(most)}; {outside:.1%} are where the model has no host."
    )
    section, persons = f"Where the displaced are in {year}", partial(_displaced, year=year)
    return split_check(courses, split, persons, section, str(year), source, remark)


def _displaced(course: Course, year: int) -> Array:
    return course[year].displaced
