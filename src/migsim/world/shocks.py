"""Shocks: what happens to the world from outside, as a scenario declares it.

The economy's own path is the panel cleaned of the recession and of the Syrian war; a scenario adds them back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from migsim.themes import THEMES
from migsim.world.corridors import Array, Index
from migsim.world.vocabulary import COEFFICIENTS

if TYPE_CHECKING:
    from migsim.facts import Completed, Facts

__all__ = ["AT_WAR", "RECESSION_YEARS", "ShockParameters", "Shocks", "clean_growth", "declare"]

RECESSION_YEARS = (2008, 2009, 2010)
NORMAL_YEARS = (2005, 2006, 2007, 2011, 2012, 2013)
CLOSED = 1e-9
"""Openness that counts as none: a logarithm must be finite."""
ENTRY = {
    "skilled": ("openness_skilled",),
    "regular": ("openness_regular", "openness_family"),
    "irregular": ("openness_irregular",),
    "displaced": ("openness_displaced",),
}
"""The coefficients that openness to a class consists of."""
AT_WAR = ("SYR",)
"""States whose growth after 2010 is not their own path, whatever a scenario declares."""


@dataclass(frozen=True)
class ShockParameters:
    """Registry group ``world.shocks``, each ``(..., 1)``."""

    okun: Array
    recovery: Array


@dataclass(frozen=True, eq=False)
class Shocks:
    """Declared shocks by year.

    Additions to log growth, to the log of those who leave (beyond any guard) and to unemployment
    ``(state,)``, to the openness of hosts ``(coefficient, state)``, calls on attention ``(state, theme)``,
    and totals of refugees abroad by state of origin.
    """

    n_states: int
    growth_by_year: Mapping[int, Array]
    push_by_year: Mapping[int, Array]
    entry_by_year: Mapping[int, Array]
    unemployment_by_year: Mapping[int, Array]
    attention_by_year: Mapping[int, Array]
    refugees_abroad: Mapping[int, Mapping[int, float]]

    def growth(self, year: int) -> Array:
        """Addition to log growth of income per head, ``(..., state)``."""
        return self.growth_by_year.get(year, np.zeros(self.n_states))

    def push(self, year: int) -> Array:
        """Addition to the log of those who leave, ``(state,)``."""
        return self.push_by_year.get(year, np.zeros(self.n_states))

    def entry(self, year: int) -> Array:
        """Addition to the log openness of hosts, ``(coefficient, state)``."""
        return self.entry_by_year.get(year, np.zeros((len(COEFFICIENTS), self.n_states)))

    def shuts_out_displaced(self, year: int) -> NDArray[np.bool_]:
        """Hosts that a scenario closes to the displaced, ``(state,)``."""
        openness = self.entry(year)[COEFFICIENTS.index("openness_displaced")]
        shut: NDArray[np.bool_] = openness <= np.log(CLOSED) + 1e-6
        return shut

    def unemployment(self, year: int) -> Array:
        """Addition to unemployment, share of the labour force, ``(..., state)``."""
        return self.unemployment_by_year.get(year, np.zeros(self.n_states))

    def attention(self, year: int) -> Array:
        """Attention that events call for, ``(state, theme)`` in [0, 1]."""
        return self.attention_by_year.get(year, np.zeros((self.n_states, len(THEMES))))

    def displaced(self, year: int) -> list[tuple[int, float]]:
        """Origins with a declared total of refugees abroad this year: state, persons."""
        return [(origin, totals[year]) for origin, totals in self.refugees_abroad.items() if year in totals]


def clean_growth(completed: Completed) -> Array:
    """Log growth per head as it would have been, ``(state, year)``.

    Recession years replaced by the mean of the years around.
    """
    years = list(completed.growth_years)
    growth = np.log1p(completed.growth_per_head)
    normal = growth[:, [years.index(y) for y in NORMAL_YEARS]].mean(axis=1, keepdims=True)
    cleaned = growth.copy()
    cleaned[:, [years.index(y) for y in RECESSION_YEARS]] = normal
    return cleaned


def recession(
    scale: float, facts: Facts, completed: Completed, last: int, p: ShockParameters
) -> tuple[dict[int, Array], dict[int, Array]]:
    """The recession of 2008-10: the panel's growth and unemployment minus the cleaned path, scaled."""
    years = list(completed.growth_years)
    gap = np.log1p(completed.growth_per_head) - clean_growth(completed)
    growth = {y: scale * gap[:, years.index(y)] for y in RECESSION_YEARS}
    unemployment: dict[int, Array] = {}
    before = facts.unemployment[:, facts.year(2007)]
    shortfall = np.zeros(facts.n_states)
    for year in RECESSION_YEARS:
        shortfall = shortfall + np.maximum(-gap[:, years.index(year)], 0.0)
        known = (facts.unemployment[:, facts.year(year)] - before) / 100.0
        unemployment[year] = scale * np.where(np.isnan(known), p.okun * shortfall, np.maximum(known, 0.0))
    for year in range(RECESSION_YEARS[-1] + 1, last + 1):
        unemployment[year] = unemployment[year - 1] * (1.0 - p.recovery)
    return growth, unemployment


def declare(
    specified: Mapping[str, Any],
    iso3: tuple[str, ...],
    order: Index,
    facts: Facts,
    completed: Completed,
    last: int,
    p: ShockParameters,
) -> Shocks:
    """Turn a scenario's shocks into arrays on the state axis ``iso3`` (``order``: places in the facts)."""
    n_states = len(iso3)
    growth: dict[int, Array] = {}
    push: dict[int, Array] = {}
    entry: dict[int, Array] = {}
    unemployment: dict[int, Array] = {}
    attention: dict[int, Array] = {}
    abroad: dict[int, dict[int, float]] = {}
    for shock in specified.values():
        match shock.kind:
            case "recession":
                slump, idle = recession(float(shock.scale), facts, completed, last, p)
                _add(growth, {y: v[order] for y, v in slump.items()})
                _add(unemployment, {y: v.take(order, axis=-1) for y, v in idle.items()})
            case "displacement":
                if shock.origin in iso3:
                    totals = abroad.setdefault(iso3.index(shock.origin), {})
                    totals.update({int(y): float(n) for y, n in shock.refugees_abroad.items()})
            case "growth":
                chosen = struck(shock, iso3)
                _add(growth, {int(y): chosen * float(points) / 100.0 for y, points in shock.change.items()})
            case "push":
                chosen = struck(shock, iso3)
                _add(push, {int(y): chosen * np.log1p(more / 100.0) for y, more in shock.change.items()})
            case "entry":
                meant = np.isin(np.array(COEFFICIENTS), [q for k in shock.classes for q in ENTRY[k]])
                chosen = np.outer(meant, struck(shock, iso3))
                _add(
                    entry,
                    {int(y): chosen * np.log(max(1.0 + v / 100.0, CLOSED)) for y, v in shock.change.items()},
                )
            case "attention":
                chosen = struck(shock, iso3)
                column = np.zeros(len(THEMES))
                column[THEMES.index(shock.theme)] = 1.0
                _add(
                    attention, {int(y): np.outer(chosen, column) * float(v) for y, v in shock.change.items()}
                )
    return Shocks(n_states, growth, push, entry, unemployment, attention, abroad)


def struck(shock: Any, iso3: tuple[str, ...]) -> Array:
    """The states that a shock names, ``(state,)`` in {0, 1}."""
    if shock.states == "all":
        return np.ones(len(iso3))
    return np.isin(np.array(iso3), list(shock.states)).astype(float)


def _add(totals: dict[int, Array], additions: Mapping[int, Array]) -> None:
    for year, addition in additions.items():
        totals[year] = totals[year] + addition if year in totals else addition
