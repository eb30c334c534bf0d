"""Worlds that many tests look at, each lived once."""

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from migsim.scenario.definition import Scenario
from migsim.scenario.load import load
from migsim.start import begin, without_processes
from migsim.world.parameters import Spread
from migsim.world.setting import Setting
from migsim.world.state import Conditions, World
from migsim.world.vocabulary import COEFFICIENTS
from migsim.year import live

SEED = 7
SMALL = Path(__file__).with_name("small-forum.yaml")
HELD = {"processes": {}, "world.policy.pace": 0.0, "world.policy.experience": 0.0}
"""Changes by which policy stays that of 2005, so that only what a test moves is moved."""


@dataclass(frozen=True)
class Life:
    """A setting, and its world at the end of each year from 2005 on."""

    setting: Setting
    worlds: tuple[World, ...]

    def at(self, year: int) -> World:
        return self.worlds[year - self.worlds[0].year]

    @property
    def last(self) -> World:
        return self.worlds[-1]

    @property
    def years(self) -> list[tuple[World, World]]:
        """Pairs of a year and the year after."""
        return list(zip(self.worlds, self.worlds[1:], strict=False))


@cache
def small(**changes: object) -> Scenario:
    """The small forum; the changes are by dotted path, with ``__`` for the dots."""
    return varied({name.replace("__", "."): value for name, value in changes.items()})


def varied(changes: dict[str, object]) -> Scenario:
    """The small forum with changes by dotted path."""
    definition = load(SMALL)
    return definition.vary("changed", changes) if changes else definition


@cache
def lived(
    definition: Scenario, replicates: tuple[int, ...] = (0,), spread: Spread = "central", last: int = 0
) -> Life:
    """The scenario's years, up to ``last`` if that is sooner."""
    setting, world = begin(definition, replicates, SEED, spread)
    return _on(setting, world, min(last or 9999, definition.spec.years.last))


@cache
def paired(definition: Scenario, replicates: tuple[int, ...] = (0,), spread: Spread = "central") -> Life:
    """The same years without processes."""
    life = lived(definition, replicates, spread)
    return _on(without_processes(life.setting), life.worlds[0], definition.spec.years.last)


@cache
def moved(definition: Scenario, side: str = "host", last: int = 0, **sizes: float) -> Life:
    """The scenario's years with coefficients of the world moved in every state, as if by policy."""
    setting, world = begin(definition, (0,), SEED, "central")
    return _on(nudged(setting, side, **sizes), world, min(last or 9999, definition.spec.years.last))


def nudged(setting: Setting, side: str = "host", **sizes: float) -> Setting:
    """A setting in which coefficients are moved by so much in every state."""
    change = np.zeros((setting.n_replicates, len(COEFFICIENTS), len(setting.states)))
    for name, size in sizes.items():
        change[:, COEFFICIENTS.index(name)] = size
    none = np.zeros_like(change)
    nudge = Conditions(change, none, none) if side == "host" else Conditions(none, change, none)
    return replace(setting, nudge=nudge)


def _on(setting: Setting, world: World, last: int) -> Life:
    worlds = [world]
    while worlds[-1].year < last:
        worlds.append(live(worlds[-1], setting))
    return Life(setting, tuple(worlds))


def arrays(record: Any, prefix: str = "") -> Iterator[tuple[str, np.ndarray]]:
    """Every array of a record by its dotted name; the minutes of sessions are left out."""
    for field in fields(record):
        value = getattr(record, field.name)
        if is_dataclass(value):
            yield from arrays(value, f"{prefix}{field.name}.")
        elif isinstance(value, np.ndarray):
            yield prefix + field.name, value


def differing(one: World, other: World) -> set[str]:
    """Names of the arrays in which two worlds differ by a single bit."""
    others = dict(arrays(other))
    return {name for name, values in arrays(one) if not np.array_equal(values, others[name], equal_nan=True)}
