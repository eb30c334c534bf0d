"""Lay a user's own figures over ours: what they name is changed, and nothing else.

Gaps that rules of `migsim.facts.completion` fill stay filled as from our figures alone, so that a figure of
one state moves no other state's. What follows for the state itself:

* population of 2005 without one of 2000: that of 2000 is moved in proportion;
* growth of real GDP is turned into growth per head by our figures of population;
* a figure of its own is no longer counted as filled.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from functools import lru_cache
from typing import Any, Final

import numpy as np

from migsim.facts.codes import BASE_YEAR
from migsim.facts.completion import Completed, complete
from migsim.facts.own import Own
from migsim.facts.tables import Facts, load

__all__ = ["figures_with"]

_START: Final = 2000


@lru_cache(maxsize=8)
def figures_with(own: tuple[Own, ...] = ()) -> tuple[Facts, Completed]:
    """Our figures and their completed form, with a user's own laid over them.

    Parameters
    ----------
    own
        Own figures, checked before; without any, ours as they are.

    Examples
    --------
    >>> facts, completed = figures_with((Own("MEX", "unemployment", 2005, 9.5),))
    >>> float(completed.unemployment_2005[facts.index("MEX")])
    9.5
    """
    facts = load()
    completed = complete(facts)
    if not own:
        return facts, completed
    facts = replace(facts, own=own, **_laid_over_facts(facts, own))
    return facts, replace(completed, **_laid_over_completed(facts, completed, own))


def _laid_over_facts(facts: Facts, own: tuple[Own, ...]) -> dict[str, Any]:
    """The arrays of the figures that differ."""
    names = ("unemployment", "remittances_received", "emigrants", "immigrants")
    arrays = {name: getattr(facts, name).copy() for name in names}
    base = {
        name: getattr(facts, f"{name}_2005").copy() for name in ("remittances_received", "remittances_paid")
    }
    for each in own:
        state = facts.index(each.state)
        if each.quantity in ("unemployment", "remittances_received"):
            arrays[each.quantity][state, facts.year(each.year)] = each.value
        elif each.quantity in ("emigrants", "immigrants"):
            arrays[each.quantity][state, facts.stock_years.index(each.year)] = each.value
        if each.quantity in base and each.year == BASE_YEAR:
            base[each.quantity][state] = each.value
    return _fixed({**arrays, **{f"{name}_2005": values for name, values in base.items()}})


def _laid_over_completed(facts: Facts, completed: Completed, own: tuple[Own, ...]) -> dict[str, Any]:
    """The arrays of the completed figures that differ."""
    laid = {each.name: getattr(completed, each.name).copy() for each in fields(completed)}
    given = {(each.state, each.quantity, each.year) for each in own}
    for each in own:
        state, stock = facts.index(each.state), int(each.year != _START)
        match each.quantity:
            case "population":
                if each.year == BASE_YEAR and (each.state, each.quantity, _START) not in given:
                    laid["population"][state, 0] *= each.value / completed.population[state, stock]
                laid["population"][state, stock] = each.value
            case "income":
                laid["income_2005"][state] = each.value
                laid["imputed_income"][state] = False
            case "growth":
                year = list(completed.growth_years).index(each.year)
                people = facts.population[state, facts.year(each.year)]
                before = facts.population[state, facts.year(each.year - 1)]
                laid["growth_per_head"][state, year] = (1.0 + each.value / 100.0) / (people / before) - 1.0
                laid["imputed_growth"][state, year] = False
            case "unemployment" if each.year == BASE_YEAR:
                laid["unemployment_2005"][state] = each.value
                laid["imputed_unemployment"][state] = False
            case "remittances_received":
                if each.year == BASE_YEAR:
                    laid["remittances_received_2005"][state] = each.value
                laid["imputed_remittances"][state] = False
            case "immigrants":
                laid["immigrants"][state, stock] = each.value
                laid["imputed_immigrants"][state, stock] = False
            case "emigrants":
                laid["emigrants"][state, stock] = each.value
    return _fixed(laid)


def _fixed(arrays: Mapping[str, Any]) -> dict[str, Any]:
    for values in arrays.values():
        if isinstance(values, np.ndarray):
            values.setflags(write=False)
    return dict(arrays)
