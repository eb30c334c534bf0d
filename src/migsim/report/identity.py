"""Which state is meant, and what the figures say of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

import numpy as np

from migsim.errors import InputError, shown
from migsim.facts import load
from migsim.facts.codes import BASE_YEAR, state_names

if TYPE_CHECKING:
    from migsim.scenario.definition import Scenario

__all__ = ["Fact", "facts_of", "neighbours", "own_figures", "region_of", "state_named"]

GROUPS: Final = {
    "L": "low income",
    "LM": "lower middle income",
    "UM": "upper middle income",
    "H": "high income",
}
DESA, BANK, UNHCR, TREATIES = (
    "UN DESA, International Migrant Stock 2019 and World Population Prospects 2019",
    "World Bank, World Development Indicators and income classification",
    "UNHCR, Refugee Population Statistics Database",
    "United Nations Treaty Collection, chapter IV-13",
)
ILO: Final = "ILO, ILOSTAT, by way of the World Bank"


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact on a state: what, the figure with its unit, and whose figure it is."""

    what: str
    figure: str
    source: str


def state_named(asked: str) -> str:
    """The code of the state that a code or an English name means.

    Raises
    ------
    InputError
        If there is none, with those that are near.

    Examples
    --------
    >>> state_named("mex"), state_named("Belgium")
    ('MEX', 'BEL')
    """
    names = state_names()
    if asked.strip().upper() in names:
        return asked.strip().upper()
    by_name = {name.casefold(): code for code, name in names.items()}
    wanted = asked.strip().casefold()
    if wanted in by_name:
        return by_name[wanted]
    within = [code for name, code in by_name.items() if len(wanted) > 3 and wanted in name]
    near = [by_name[name] for name in get_close_matches(wanted, by_name, n=3, cutoff=0.6)]
    near += get_close_matches(wanted.upper(), names, n=2, cutoff=0.6)
    told = [f"{code} ({names[code]})" for code in dict.fromkeys([*within[:3], *near])][:4]
    hint = f"did you mean {' or '.join(told)}?" if told else "name it as MEX or as Mexico"
    allowed = "allowed are the 193 members of the United Nations by ISO 3166 code or English name"
    raise InputError(f"STATE: found {shown(asked)}; {allowed}; {hint}")


def region_of(iso3: str) -> str:
    """The United Nations region of a state."""
    facts = load()
    return facts.region[facts.iso3.index(iso3)]


def neighbours(iso3: str) -> list[str]:
    """The states of a state's region, itself included, in order of code."""
    facts, region = load(), region_of(iso3)
    return [code for code, each in zip(facts.iso3, facts.region, strict=True) if each == region]


def facts_of(iso3: str, own: Mapping[str, tuple[float, str]] | None = None) -> list[Fact]:
    """What the figures say of a state about the base year; what is not known is left out.

    Parameters
    ----------
    iso3
        The state.
    own
        Figures of 2005 that the scenario lays over ours, each with its source, by the name of the quantity.
    """
    facts, laid = load(), own or {}
    i, base = facts.iso3.index(iso3), list(facts.years).index(BASE_YEAR)
    stock = facts.stock_years.index(BASE_YEAR)

    def known(quantity: str, value: float, source: str) -> tuple[float, str]:
        return laid.get(quantity, (float(value), source))

    people, census = known("population", facts.population[i, base], BANK)
    income, accounts = known("income", facts.income[i, base], BANK)
    jobless, survey = known("unemployment", facts.unemployment[i, base], ILO)
    came, register = known("immigrants", facts.immigrants[i, stock], DESA)
    left, count = known("emigrants", facts.emigrants[i, stock], DESA)
    received, bank = known("remittances_received", facts.remittances_received_2005[i], BANK)
    paid, balance = known("remittances_paid", facts.remittances_paid_2005[i], BANK)
    found = [
        Fact("Population 2005", _persons(people), census),
        Fact("Income per head 2005", _dollars(income, "int. dollars"), accounts),
        Fact("Income group 2007", GROUPS.get(facts.income_group[i], ""), BANK),
        Fact("Unemployment 2005", _percent(jobless), survey),
        Fact("Immigrants 2005", _of_people(came, people), register),
        Fact("Emigrants 2005", _of_people(left, people), count),
        Fact("Remittances received 2005", _dollars(received, "million USD"), bank),
        Fact("Remittances paid 2005", _dollars(paid, "million USD"), balance),
        Fact("Refugees hosted 2010", _persons(float(facts.refugees_hosted_2010[i])), UNHCR),
        Fact("Refugees from there 2010", _persons(float(facts.refugees_from_2010[i])), UNHCR),
    ]
    return [fact for fact in found if fact.figure] + _treaty(iso3)


def own_figures(definition: Scenario, iso3: str) -> dict[str, tuple[float, str]]:
    """The figures of 2005 that a scenario lays over ours for a state, each with the source its file names."""
    laid = definition.content.get("facts", {}).get(iso3, {})
    return {
        quantity: (
            float(by_year[str(BASE_YEAR)]["value"]),
            f"own figure: {by_year[str(BASE_YEAR)]['source']}",
        )
        for quantity, by_year in laid.items()
        if str(BASE_YEAR) in by_year
    }


def _treaty(iso3: str) -> list[Fact]:
    import csv
    from importlib.resources import files

    text = files("migsim.facts").joinpath("ratifications.csv").read_text(encoding="utf-8")
    joined = {row["iso3"]: row["date"] for row in csv.DictReader(text.splitlines())}
    figure = f"party since {joined[iso3]}" if iso3 in joined else "no party by 2010"
    return [Fact("Migrant workers’ convention", figure, TREATIES)]


def _persons(number: float) -> str:
    if not np.isfinite(number):
        return ""
    return f"{number / 1e6:.3g} million" if number >= 1e6 else f"{number:,.0f}"


def _of_people(number: float, people: float) -> str:
    told = _persons(number)
    return f"{told} ({100 * number / people:.2g} % of people)" if told and people > 0 else told


def _dollars(number: float, unit: str) -> str:
    return f"{number:,.0f} {unit}" if np.isfinite(number) else ""


def _percent(number: float) -> str:
    return f"{number:.2g} %" if np.isfinite(number) else ""
