"""The world's totals: the base year, people who move in five years, stocks, and money sent home."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Final

import numpy as np

from migsim.facts import complete, dollar_of, load
from migsim.facts.tables import Bools
from migsim.provenance.claims import claim
from migsim.provenance.sources import findings
from migsim.validation.checks import LAST_BITS, Check, against_figure, told
from migsim.validation.runs import Course, Courses, Measure
from migsim.world.corridors import Array
from migsim.world.vocabulary import BASE_YEAR

__all__ = ["base_year_checks", "movement_checks", "remittance_checks", "world_stock_checks"]

FIVE_YEARS: Final = tuple(range(BASE_YEAR + 1, BASE_YEAR + 6))
RETURN_SLACK: Final = 0.05
"""A quarter returning, as the literature rounds it: 20 to 30 %."""
POPULATION_SLACK: Final = 0.02
"""Counts of people are better known than others: within this part of the figure."""
RATIO_SLACK: Final = 0.5
"""Three times aid, as the documents round it: 2.5 to 3.5."""


def base_year_checks(courses: Courses) -> list[Check]:
    """How far the model's 2005 is from the figures of 2005."""
    facts = load()
    completed = complete(facts)
    # Where there is no stock, refugees that UNHCR counts stand in.
    counted = facts.corridor_stock[:, :2].sum(axis=1) > 0.0
    stocks = facts.corridor_stock[counted, 1]

    def corridors(course: Course) -> Array:
        ends = facts.corridor_origin[counted], facts.corridor_destination[counted]
        return _largest_gap(course.on(course[BASE_YEAR].stock, *ends), stocks)

    def states(course: Course, name: str, figures: Array) -> Array:
        return _largest_gap(getattr(course[BASE_YEAR], name), figures)

    found: dict[str, tuple[Measure, str]] = {
        "stock of a corridor": (corridors, "facts:corridors.csv"),
        "population of a state": (
            partial(states, name="population", figures=completed.population[:, 1]), "facts:panel.csv",
        ),
        "remittances received by a state": (
            partial(states, name="received", figures=completed.remittances_received_2005), "facts:panel.csv",
        ),
    }  # fmt: skip
    return [
        against_figure(
            "Base year", f"largest deviation: {what}", BASE_YEAR, "relative", courses.read(measure), 0.0,
            source=source, slack=LAST_BITS,
        )
        for what, (measure, source) in found.items()
    ]  # fmt: skip


def _largest_gap(found: Array, figures: Array) -> Array:
    """Largest deviation relative to a figure, or to one where the figure is less, ``(world,)``."""
    gap: Array = (np.abs(found - figures) / np.maximum(figures, 1.0)).max(axis=-1)
    return gap


def movement_checks(courses: Courses) -> list[Check]:
    """Moves over five years, returns included, per inhabitant of the world; and the share of returns."""
    published, returning = findings()["global_flow5"], findings()["return_share"]
    low, high = float(published.low), float(published.high)

    def moved(course: Course, *, only_returns: bool) -> Array:
        years = [course[year] for year in FIVE_YEARS]
        back: Array = np.sum([year.returns for year in years], axis=0)
        out: Array = np.sum([year.moves for year in years], axis=0)
        return back if only_returns else back + out

    def per_inhabitant(course: Course) -> Array:
        population = np.mean([course[year].population.sum(axis=-1) for year in FIVE_YEARS], axis=0)
        rate: Array = moved(course, only_returns=False) * all_to_known(course) / population
        return rate

    def all_to_known(course: Course) -> Array:
        middle = course[FIVE_YEARS[len(FIVE_YEARS) // 2]]
        ratio: Array = middle.immigrants.sum(axis=-1) / middle.stock.sum(axis=-1)
        return ratio

    def returns(course: Course) -> Array:
        share: Array = moved(course, only_returns=True) / moved(course, only_returns=False)
        return share

    section, span = "Five-year migration", f"{FIVE_YEARS[0]}-{FIVE_YEARS[-1]}"
    rate = courses.read(per_inhabitant)
    inside = low <= rate.model <= high
    place = "inside" if inside else "outside"
    known = rate.model / courses.read(all_to_known).model
    remark = (
        f"The literature has {low:.2%} to {high:.2%}; the model's {rate.model:.2%} is {place}. It takes"
        f" migrants of unknown origin to move like others; on known corridors alone it is {known:.2%}."
    )
    return [
        Check(
            section, "all moves, returns included", span, "share of world population", rate.model, rate.low,
            rate.high, (low + high) / 2.0, passed=inside, source="literature:global_flow5", remark=remark,
        ),
        against_figure(
            section, "returns among moves", span, "share of moves", courses.read(returns),
            float(returning.central), source="literature:return_share", slack=RETURN_SLACK,
        ),
    ]  # fmt: skip


def world_stock_checks(courses: Courses) -> list[Check]:
    """The world's stock of migrants and its population, against counts."""
    facts = load()

    def in_world(course: Course, name: str, year: int) -> Array:
        total: Array = getattr(course[year], name).sum(axis=-1) / 1e6
        return total

    base = float(np.nansum(facts.immigrants[:, 1])) / 1e6
    ours = float(np.nansum(facts.immigrants[:, 2])) / 1e6
    checks = [
        against_figure(
            "World totals", "migrants in member states", 2010, "million persons",
            courses.read(partial(in_world, name="immigrants", year=2010)), ours, no_change=base,
            source="facts:states.csv",
        )
    ]  # fmt: skip
    for year in (2010, 2015):
        published = _stock_of(f"remit_pp_{year}")
        check = against_figure(
            "World totals", "migrants, as published for the world", year, "million persons",
            courses.read(partial(in_world, name="immigrants", year=year)), published, no_change=base,
            source=f"literature:remit_pp_{year}",
        )  # fmt: skip
        more = (
            f" In 2010 the member states hold {ours / _stock_of('remit_pp_2010'):.1%} of the published total."
        )
        checks.append(replace(check, remark=check.remark + more))
    for year in (2010, 2015):
        now = float(facts.population[:, facts.year(year)].sum()) / 1e6
        before = float(facts.population[:, facts.year(BASE_YEAR)].sum()) / 1e6
        checks.append(
            against_figure(
                "World totals", "population of member states", year, "million persons",
                courses.read(partial(in_world, name="population", year=year)), now, no_change=before,
                source="facts:panel.csv", slack=POPULATION_SLACK * now,
            )
        )  # fmt: skip
    return checks


def _stock_of(name: str) -> float:
    """World stock of migrants in million persons, as the literature on money per migrant gives it."""
    said = findings()[name].how_to_use
    found = re.search(r"([\d.]+) m\b", said)
    if found is None:
        raise ValueError(f"literature.csv: {name}: no stock in {said!r}")
    return float(found[1])


def remittance_checks(courses: Courses) -> list[Check]:
    """Money received by developing states, beside the documents, the literature and aid."""
    return [*_to_developing(courses), *_per_migrant(courses)]


def _developing() -> Bools:
    """States that are not high-income, ``(state,)``."""
    developing: Bools = np.array(load().income_group) != "H"
    return developing


def _received(course: Course, year: int) -> Array:
    """Money received by developing states, billion USD of the year."""
    total: Array = course[year].received[..., _developing()].sum(axis=-1) * dollar_of(year) / 1e3
    return total


def _to_developing(courses: Courses) -> Iterator[Check]:
    section, unit = "Remittances", "billion USD of the year"
    facts = load()

    def recorded(year: int) -> float:
        return float(np.nansum(facts.remittances_received[_developing(), facts.year(year)])) / 1e3

    for year in (2006, 2007):
        yield against_figure(
            section, "received by states that are not high-income", year, unit,
            courses.read(partial(_received, year=year)), recorded(year), no_change=recorded(BASE_YEAR),
            source="facts:panel.csv",
        )  # fmt: skip
    published, early = findings()["remit_total"], claim("remittances-2003")
    reading = courses.read(partial(_received, year=2015))
    # Twice the five years over which it grew.
    trend = recorded(BASE_YEAR) * (recorded(BASE_YEAR) / recorded(2000)) ** 2.0
    check = against_figure(
        section, "received by states that are not high-income", 2015, unit, reading, float(published.central),
        no_change=recorded(BASE_YEAR), source="literature:remit_total evidence:remittances-2015",
    )  # fmt: skip
    says, late = float(early.value), float(claim("remittances-2015").value)
    yield replace(
        check,
        forecasts={**check.forecasts, "growth of 2000-05 goes on": trend},
        remark=f"{check.remark} Document 000 has {told(late)} for 2015. Document 002 has {told(says)} for"
        f" 2003, where the panel, a later vintage, has {told(recorded(2003))} for these states: the growth of"
        f" the documents, {late / says:.2f}-fold, is partly revision; from the panel's figure of 2003 the"
        f" model grows {reading.model / recorded(2003):.2f}-fold.",
    )
    aid, ratio = float(claim("oda-2015-derived").value), findings()["remit_oda"]
    yield against_figure(
        section, "received, relative to aid", 2015, "ratio",
        courses.read(lambda course: _received(course, 2015) / aid), float(ratio.central),
        source="literature:remit_oda evidence:remittance-oda-ratio-2015 evidence:oda-2015-derived",
        slack=RATIO_SLACK,
    )  # fmt: skip


def _per_migrant(courses: Courses) -> Iterator[Check]:
    def each(course: Course, year: int) -> Array:
        money = course[year].received.sum(axis=-1) * dollar_of(year) * 1e6
        usd: Array = money / course[year].immigrants.sum(axis=-1)
        return usd

    facts = load()
    first = np.nansum(facts.remittances_received_2005) * 1e6 / np.nansum(facts.immigrants[:, 1])
    for year in (2010, 2015):
        yield against_figure(
            "Remittances", "received in the world per migrant", year, "USD of the year",
            courses.read(partial(each, year=year)), float(findings()[f"remit_pp_{year}"].central),
            no_change=float(first), source=f"literature:remit_pp_{year}",
        )  # fmt: skip
