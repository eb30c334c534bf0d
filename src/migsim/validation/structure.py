"""The shape of migration in 2005 and 2010: concentration, directions, who leaves and who receives."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache, partial
from typing import Final

import numpy as np

from migsim.facts import Facts, complete, load
from migsim.facts.tables import Bools
from migsim.provenance.claims import claim
from migsim.validation.checks import Check, against_figure
from migsim.validation.runs import Course, Courses, Reading
from migsim.world.corridors import Array, Index
from migsim.world.vocabulary import BASE_YEAR

__all__ = ["BIN_LABELS", "concentration", "emigration_by_bin", "emigration_in_bin", "structure_checks"]

YEARS: Final = (2005, 2010)
LARGEST: Final = (0.01, 0.05)
"""Parts of all recorded corridors, the largest first, whose share of the world's migrants is looked at."""
BINS: Final = (2_000.0, 5_000.0, 10_000.0, 20_000.0, 40_000.0)
"""Upper ends of the bins of income per head in 2005, international dollars, but for the last."""
BIN_LABELS: Final = ("below 2", "2 to 5", "5 to 10", "10 to 20", "20 to 40", "above 40")
"""The bins in thousands of international dollars."""
GROUPS: Final = {"L": "low", "LM": "lower-middle", "UM": "upper-middle", "H": "high"}
CORRIDORS: Final = "facts:corridors.csv"
STATES: Final = "facts:states.csv facts:panel.csv"

type Stat = Callable[[Array], Array]


def structure_checks(courses: Courses) -> list[Check]:
    """Every stylised fact of 2010 beside its figure, and beside the figure of 2005 as no change."""
    return [
        *_of_corridors(courses),
        *_immigrant_shares(courses),
        *_emigration(courses),
        *_directions_in_documents(courses),
    ]


def concentration(stock: Array, part: float) -> Array:
    """Share of all migrants on the largest ``part`` of the corridors, ``(...,)``.

    Examples
    --------
    >>> float(concentration(np.array([6.0, 2.0, 1.0, 1.0]), 0.25))
    0.6
    """
    ordered = -np.sort(-stock, axis=-1)
    n_largest = max(1, round(part * stock.shape[-1]))
    share: Array = ordered[..., :n_largest].sum(axis=-1) / ordered.sum(axis=-1)
    return share


def holding_half(stock: Array) -> Array:
    """Number of corridors, the largest first, that hold half of all migrants.

    Examples
    --------
    >>> float(holding_half(np.array([4.0, 3.0, 2.0, 1.0])))
    2.0
    """
    ordered = -np.sort(-stock, axis=-1)
    sums = ordered.cumsum(axis=-1)
    number: Array = (sums < 0.5 * sums[..., -1:]).sum(axis=-1).astype(np.float64) + 1.0
    return number


def _share(stock: Array, chosen: Bools) -> Array:
    share: Array = stock[..., chosen].sum(axis=-1) / stock.sum(axis=-1)
    return share


@cache
def _stats() -> dict[str, tuple[str, Stat]]:
    """What is measured of the stocks on recorded corridors: unit and function."""
    facts = load()
    origin, destination = facts.corridor_origin, facts.corridor_destination
    leaves, arrives = facts.is_developed[origin], facts.is_developed[destination]
    same = facts.region_index[origin] == facts.region_index[destination]
    found: dict[str, tuple[str, Stat]] = {
        f"on the largest {part:.0%} of corridors": ("share of stock", partial(concentration, part=part))
        for part in LARGEST
    }
    found["corridors that hold half of the stock"] = ("corridors", holding_half)
    for name, chosen in (
        ("South to South", ~leaves & ~arrives),
        ("South to North", ~leaves & arrives),
        ("North to South", leaves & ~arrives),
        ("North to North", leaves & arrives),
        ("within one continent", same),
    ):
        found[name] = ("share of stock", partial(_share, chosen=chosen))
    return found


def _of_corridors(courses: Courses) -> Iterator[Check]:
    facts = load()
    for year in YEARS:
        actual = _recorded(facts, year)
        for name, (unit, stat) in _stats().items():
            section = "Concentration of corridors" if "corridors" in name else "Directions"
            figure, before = float(stat(actual)), float(stat(_recorded(facts, BASE_YEAR)))
            reading = courses.read(partial(_of_course, stat=stat, year=year))
            yield _beside(section, name, year, unit, reading, figure, before, CORRIDORS)


def _of_course(course: Course, stat: Stat, year: int) -> Array:
    facts = load()
    return stat(course.on(course[year].stock, facts.corridor_origin, facts.corridor_destination))


def _recorded(facts: Facts, year: int) -> Array:
    return facts.corridor_stock[:, facts.stock_years.index(year)]


def _beside(
    section: str, what: str, year: int, unit: str, reading: Reading, figure: float, before: float, source: str
) -> Check:
    no_change = float("nan") if year == BASE_YEAR else before
    check = against_figure(section, what, year, unit, reading, figure, no_change=no_change, source=source)
    if year == BASE_YEAR:
        return replace(check, passed=None, remark="The base year: reproduced, not predicted.")
    return check


def _ratio(people: Array, population: Array, chosen: Index) -> Array:
    ratio: Array = people[..., chosen].sum(axis=-1) / population[..., chosen].sum(axis=-1)
    return ratio


def _immigrant_shares(courses: Courses) -> Iterator[Check]:
    facts = load()
    groups = np.array(facts.income_group)
    known = np.isfinite(facts.immigrants).all(axis=1)
    for group, words in GROUPS.items():
        chosen = np.flatnonzero((groups == group) & known)
        figures = [
            float(_ratio(facts.immigrants[:, n], facts.population[:, facts.year(year)], chosen))
            for n, year in enumerate(facts.stock_years)
        ]
        for year in YEARS:
            reading = courses.read(partial(_immigrant_share, year=year, chosen=chosen))
            yield _beside(
                "Immigrants by income group", f"immigrants in {words}-income states ({chosen.size})", year,
                "share of population", reading, figures[facts.stock_years.index(year)], figures[1], STATES,
            )  # fmt: skip


def _immigrant_share(course: Course, year: int, chosen: Index) -> Array:
    return _ratio(course[year].immigrants, course[year].population, chosen)


def emigration_by_bin(emigrants: Array, population: Array) -> Array:
    """Emigrants per inhabitant by bin of income per head in 2005, ``(..., bin)``; see `BIN_LABELS`."""
    bins = np.digitize(complete(load()).income_2005, BINS)
    return np.stack(
        [_ratio(emigrants, population, np.flatnonzero(bins == n)) for n in range(len(BIN_LABELS))], axis=-1
    )


def _emigration(courses: Courses) -> Iterator[Check]:
    facts = load()
    by_year = {
        year: emigration_by_bin(facts.emigrants[:, n], facts.population[:, facts.year(year)])
        for n, year in enumerate(facts.stock_years)
    }
    section = "Emigration by income"
    for year in YEARS:
        for n, label in enumerate(BIN_LABELS):
            reading = courses.read(partial(emigration_in_bin, year=year, n=n))
            yield _beside(
                section, f"emigrants where income is {label} thousand", year, "share of population", reading,
                float(by_year[year][n]), float(by_year[BASE_YEAR][n]), STATES,
            )  # fmt: skip
        # The poorest bin stands apart, in the figures too: the hump is looked for above it.
        reading = courses.read(partial(_top_bin, year=year))
        top = 2 + int(by_year[year][1:].argmax())
        yield _peak(section, year, reading, top)


def emigration_in_bin(course: Course, year: int, n: int) -> Array:
    """Emigrants per inhabitant in one bin, ``(world,)``."""
    share: Array = emigration_by_bin(course[year].emigrants, course[year].population)[..., n]
    return share


def _top_bin(course: Course, year: int) -> Array:
    """Number of the bin that most leave, the first left out; bins count from one."""
    shares = emigration_by_bin(course[year].emigrants, course[year].population)
    return 2.0 + shares[..., 1:].argmax(axis=-1).astype(np.float64)


def _peak(section: str, year: int, reading: Reading, top: int) -> Check:
    found = BIN_LABELS[int(reading.model) - 1]
    remark = (
        f"The most leave where income is {found} thousand; in the figures, {BIN_LABELS[top - 1]} thousand."
    )
    return Check(
        section, "top of the hump, bins above the first", str(year), "number of the bin", reading.model,
        reading.low, reading.high, float(top), passed=None if year == BASE_YEAR else reading.model == top,
        source=f"{STATES} literature:hump_turn", remark=remark,
    )  # fmt: skip


def _directions_in_documents(courses: Courses) -> Iterator[Check]:
    """What document 002 says of 2000, beside the base year."""
    said = claim("migrant-share-developing")
    facts = load()
    to_south = ~facts.is_developed[facts.corridor_destination]
    stat = partial(_share, chosen=to_south)
    reading = courses.read(partial(_of_course, stat=stat, year=BASE_YEAR))
    share = float(said.value) / 100.0
    in_2000 = float(stat(_recorded(facts, 2000)))
    check = against_figure(
        "Directions", "migrants who live in the South, beside document 002", f"{BASE_YEAR} and {said.year}",
        "share of stock", reading, share, source="evidence:migrant-share-developing", slack=0.05,
    )  # fmt: skip
    more = f" The project's own figures give {in_2000:.3f} for 2000."
    yield replace(check, remark=check.remark + more)
