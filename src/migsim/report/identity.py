"""Which state is meant, and what the figures say of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from migsim.errors import InputError, shown
from migsim.facts import load
from migsim.facts.codes import BASE_YEAR, state_names
from migsim.facts.naming import near_states, state_code
from migsim.results.groups import INCOMES, NO_GROUP, By

if TYPE_CHECKING:
    from migsim.results.run import Run
    from migsim.scenario.definition import Scenario

__all__ = ["Company", "Fact", "company_of", "facts_of", "own_figures", "state_named"]

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
    >>> state_named("mex"), state_named("Belgium"), state_named("Cote d'Ivoire")
    ('MEX', 'BEL', 'CIV')
    """
    if (code := state_code(asked)) is not None:
        return code
    names, wanted = state_names(), asked.strip().casefold()
    within = [code for code, name in names.items() if len(wanted) > 3 and wanted in name.casefold()]
    told = [f"{code} ({names[code]})" for code in dict.fromkeys([*within[:3], *near_states(asked)])][:4]
    hint = f"did you mean {' or '.join(told)}?" if told else "name it as MEX or as Mexico"
    allowed = "allowed are the 193 members of the United Nations by ISO 3166 code or English name"
    raise InputError(f"STATE: found {shown(asked)}; {allowed}; {hint}")


@dataclass(frozen=True, slots=True)
class Company:
    """The states beside which a state is told, itself among them, and what they are called."""

    name: str
    states: tuple[str, ...]
    is_region: bool = False

    @property
    def words(self) -> str:
        """What a sentence calls them."""
        return "its region" if self.is_region else self.name


def company_of(run: Run, iso3: str, by: By = None) -> Company:
    """The states beside which a state is told: those of its groups, or of its region.

    Parameters
    ----------
    run
    iso3
        The state.
    by
        Groups, as for `migsim.results.run.Run.groups`; by default those that the run was made with, if the
        state is in one of them, and else the regions of the United Nations.

    Raises
    ------
    InputError
        If the groups cannot be read, or the state is in none of them.
    """
    held = run.kept_groups if by is None else by
    grouping = run.groups("region" if held is None else held)
    own = [name for name, states in grouping.members.items() if iso3 in states and name != NO_GROUP]
    if not own and by is None:
        return company_of(run, iso3, "region")
    if not own:
        known = ", ".join(name for name in grouping.members if name != NO_GROUP)
        raise InputError(
            f"groups: {iso3} is in none of {grouping.name}, which has {known}; add it, or leave out --groups"
        )
    states = sorted({state for name in own for state in grouping.members[name]})
    return Company(" and ".join(own), tuple(states), is_region=grouping.name == "region")


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
        Fact("Income group 2007", INCOMES.get(facts.income_group[i], ""), BANK),
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
