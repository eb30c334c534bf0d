"""Which state is meant, and what the figures say of it."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

import numpy as np

from migsim.errors import InputError, shown
from migsim.facts import load
from migsim.facts.codes import BASE_YEAR, state_names

__all__ = ["Fact", "facts_of", "neighbours", "region_of", "state_named"]

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


def facts_of(iso3: str) -> list[Fact]:
    """What the figures say of a state about the base year; what is not known is left out."""
    facts = load()
    i, base = facts.iso3.index(iso3), list(facts.years).index(BASE_YEAR)
    stock = facts.stock_years.index(BASE_YEAR)
    people = float(facts.population[i, base])
    found = [
        Fact("Population 2005", _persons(people), BANK),
        Fact("Income per head 2005", _dollars(float(facts.income[i, base]), "int. dollars"), BANK),
        Fact("Income group 2007", GROUPS.get(facts.income_group[i], ""), BANK),
        Fact("Unemployment 2005", _percent(float(facts.unemployment[i, base])), ILO),
        Fact("Immigrants 2005", _of_people(float(facts.immigrants[i, stock]), people), DESA),
        Fact("Emigrants 2005", _of_people(float(facts.emigrants[i, stock]), people), DESA),
        Fact(
            "Remittances received 2005",
            _dollars(float(facts.remittances_received_2005[i]), "million USD"),
            BANK,
        ),
        Fact("Remittances paid 2005", _dollars(float(facts.remittances_paid_2005[i]), "million USD"), BANK),
        Fact("Refugees hosted 2010", _persons(float(facts.refugees_hosted_2010[i])), UNHCR),
        Fact("Refugees from there 2010", _persons(float(facts.refugees_from_2010[i])), UNHCR),
    ]
    return [fact for fact in found if fact.figure] + _treaty(iso3)


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
