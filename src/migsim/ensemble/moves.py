"""Who lives and moves between whom, in few rows: between ten parts of the world, and on main corridors.

Written at the start and in the last year, main corridors in every fifth year too, beside the paired world.
Persons; flows a year.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from migsim.ensemble.columns import Columns
from migsim.facts import figures_with
from migsim.facts.tables import Facts
from migsim.facts.world_groups import PART_OF_SUBREGION, WORLD_PARTS
from migsim.world.corridors import Array, Index, Runs
from migsim.world.kept import once
from migsim.world.setting import Setting
from migsim.world.state import World
from migsim.world.vocabulary import BASE_YEAR

if TYPE_CHECKING:
    from collections.abc import Iterable

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
        return people.take(followed, axis=-1).ravel()

    return [
        {
            "replicate": np.repeat(np.array(setting.worlds.numbers), followed.size),
            "year": np.full(n * followed.size, world.year),
            "origin": np.tile(iso3[corridors.origin[followed]], n),
            "destination": np.tile(iso3[corridors.destination[followed]], n),
            "stock": taken(world.people.everybody),
            "flow": taken(world.people.flow.sum(axis=-2)),
            "baseline_stock": taken(paired.people.everybody),
            "baseline_flow": taken(paired.people.flow.sum(axis=-2)),
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
    place = {
        pair: n
        for n, pair in enumerate(zip(corridors.origin.tolist(), corridors.destination.tolist(), strict=True))
    }
    here = {code: n for n, code in enumerate(iso3)}
    now = facts.stock_years.index(BASE_YEAR)
    stocks = facts.corridor_stock[:, now]
    chosen: set[int] = set()
    for size, most in ((stocks, LARGEST), (stocks - facts.corridor_stock[:, now - 1], GROWING)):
        chosen |= _first(np.argsort(-size, kind="stable"), most, facts, place, here)
    near = (corridors.border > 0.0) | (corridors.crossing > 0.0)
    for origin in setting.shocks.refugees_abroad:
        chosen |= set(np.flatnonzero(near & (corridors.origin == origin)).tolist())
    codes = sorted((iso3[corridors.origin[n]], iso3[corridors.destination[n]], n) for n in chosen)
    return np.array([n for *_, n in codes], dtype=np.intp)


def _first(
    order: Iterable[int], most: int, facts: Facts, place: dict[tuple[int, int], int], here: dict[str, int]
) -> set[int]:
    """The first so many corridors of the facts that the scenario has."""
    found = set[int]()
    for row in order:
        ends = facts.iso3[facts.corridor_origin[row]], facts.iso3[facts.corridor_destination[row]]
        if ends[0] in here and ends[1] in here and (pair := (here[ends[0]], here[ends[1]])) in place:
            found.add(place[pair])
            if len(found) == most:
                break
    return found
