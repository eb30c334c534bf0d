"""Who lives and moves between whom, in few rows: between ten parts of the world, and on main corridors.

Written at the start and in the last year, main corridors in every fifth year too, beside the paired world.
Persons; flows a year.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from migsim.ensemble.columns import Columns
from migsim.facts import figures_with
from migsim.facts.world_groups import PART_OF_SUBREGION, WORLD_PARTS
from migsim.world.corridors import Array, Index, Runs
from migsim.world.kept import once
from migsim.world.setting import Setting
from migsim.world.state import World
from migsim.world.vocabulary import BASE_YEAR

__all__ = ["corridors_followed", "main_corridor_columns", "migration_columns"]

EVERY: Final = 5
"""Years between those in which main corridors are written."""
LARGEST: Final = 16
"""Corridors followed because most people lived on them in the base year."""
GROWING: Final = 8
"""Corridors followed because they had grown most in the five years before."""


def is_end(world: World, setting: Setting) -> bool:
    """Whether this is the start or the last year of the run."""
    years = setting.definition.spec.years
    return world.year in (years.first - 1, years.last)


def migration_columns(world: World, paired: World, setting: Setting) -> list[Columns]:
    """One row a replicate and pair of parts of the world, those within a part among them."""
    if not is_end(world, setting):
        return []
    order, runs = _pairs_of_parts(setting)
    n_pairs = len(WORLD_PARTS) ** 2
    names = np.array(sorted(WORLD_PARTS), dtype=object)

    def summed(people: Array) -> Array:
        return runs.sums(people.take(order, axis=-1)).ravel()

    n = setting.n_replicates
    return [
        {
            "replicate": np.repeat(np.array(setting.worlds.numbers), n_pairs),
            "year": np.full(n * n_pairs, world.year),
            "origin": np.tile(np.repeat(names, len(names)), n),
            "destination": np.tile(names, n * len(names)),
            "stock": summed(world.people.everybody),
            "flow": summed(world.people.flow.sum(axis=-2)),
            "baseline_stock": summed(paired.people.everybody),
            "baseline_flow": summed(paired.people.flow.sum(axis=-2)),
        }
    ]


@once
def _pairs_of_parts(setting: Setting) -> tuple[Index, Runs]:
    """Corridors by the parts of the world that they join, in order of names, and the runs of each pair."""
    names = sorted(WORLD_PARTS)
    part = np.array(
        [names.index(PART_OF_SUBREGION[each]) for each in setting.states.subregion], dtype=np.intp
    )
    pair = part[setting.corridors.origin] * len(names) + part[setting.corridors.destination]
    order = np.argsort(pair, kind="stable")
    return order, Runs.of(pair[order], len(names) ** 2)


def main_corridor_columns(world: World, paired: World, setting: Setting) -> list[Columns]:
    """One row a replicate and corridor that is followed; see `corridors_followed`."""
    if world.year % EVERY and not is_end(world, setting):
        return []
    followed = corridors_followed(setting)
    corridors, iso3, n = setting.corridors, np.array(setting.states.iso3, dtype=object), setting.n_replicates

    def taken(people: Array) -> Array:
        return people.take(followed, axis=-1)

    return [
        {
            "replicate": np.repeat(np.array(setting.worlds.numbers), followed.size),
            "year": np.full(n * followed.size, world.year),
            "origin": np.tile(iso3[corridors.origin[followed]], n),
            "destination": np.tile(iso3[corridors.destination[followed]], n),
            "stock": taken(world.people.everybody).ravel(),
            "flow": taken(world.people.flow).sum(axis=-2).ravel(),
            "baseline_stock": taken(paired.people.everybody).ravel(),
            "baseline_flow": taken(paired.people.flow).sum(axis=-2).ravel(),
        }
    ]


@once
def corridors_followed(setting: Setting) -> Index:
    """The corridors that are followed in every world, in order of the codes of origin and destination.

    Those with most people in the base year, those that had grown most before it, and those over a border or a
    narrow sea out of a state whose displacement the scenario declares. Facts alone decide, so all worlds have
    the same.
    """
    facts, _ = figures_with(setting.definition.own_facts)
    corridors, iso3 = setting.corridors, setting.states.iso3
    places = np.array([facts.index(code) for code in iso3])
    origins, destinations = places[corridors.origin], places[corridors.destination]
    counted = np.full((facts.n_states, facts.n_states, 2), np.nan)
    base = facts.stock_years.index(BASE_YEAR)
    counted[facts.corridor_origin, facts.corridor_destination] = facts.corridor_stock[:, base - 1 : base + 1]
    before, now = counted[origins, destinations].T
    near = (corridors.border > 0.0) | (corridors.crossing > 0.0)
    chosen = near & np.isin(corridors.origin, list(setting.shocks.refugees_abroad))
    for size, most in ((now, LARGEST), (now - before, GROWING)):
        first = np.argsort(-size, kind="stable")[:most]  # those that nobody counted come last
        chosen[first[~np.isnan(size[first])]] = True
    codes = np.array(iso3)
    found = np.flatnonzero(chosen)
    return found[np.lexsort((codes[corridors.destination[found]], codes[corridors.origin[found]]))]
