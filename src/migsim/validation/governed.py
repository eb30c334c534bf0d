"""Worlds with every process in them, from 2001 to 2018: what the checks of history look at."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from migsim.actors.interests import salience
from migsim.ensemble.defaults import DEFAULT_SEED
from migsim.forum.agenda import side_mean
from migsim.forum.instruments import instruments_of
from migsim.scenario.load import load
from migsim.start import begin
from migsim.world.vocabulary import THEMES
from migsim.year import live

if TYPE_CHECKING:
    from migsim.scenario.definition import Scenario
    from migsim.world.corridors import Array
    from migsim.world.parameters import Spread
    from migsim.world.setting import Setting
    from migsim.world.state import Minutes, World

__all__ = ["GFMD", "HISTORY", "Governed", "first_years", "govern", "n_steps"]

HISTORY: Final = "governance-2001-2018"
GFMD: Final = "gfmd"
AT_ONCE: Final = 10
"""Worlds that are run at once; what one gives does not depend on the others."""


@dataclass(frozen=True, eq=False)
class Governed:
    """What happened in a batch of worlds; axes are worlds, then years from ``first`` on.

    ``held`` and ``came`` by process: whether it met, in {0, 1}, and how many states came; ``themes``: what
    was on its agenda, ``(world, year, theme)`` in {0, 1}; ``parties`` by instrument: how many states had
    ratified it at the end of the year; ``cares`` ``(world, year, theme)``: how much the region of the Global
    Forum's host cares, 0 where it does not meet; ``trust``, and ``noticed``, attention to the leading theme,
    as means over states.
    """

    first: int
    last: int
    held: Mapping[str, Array]
    came: Mapping[str, Array]
    themes: Mapping[str, Array]
    parties: Mapping[str, Array]
    cares: Array
    trust: Array
    noticed: Array

    @property
    def worlds(self) -> int:
        """How many there are."""
        return len(self.trust)

    @property
    def years(self) -> range:
        """Every year of the run."""
        return range(self.first, self.last + 1)

    def at(self, year: int) -> int:
        """The place of a year on the second axis."""
        return year - self.first

    def attending(self, process: str, year: int) -> Array:
        """States that came, in those worlds in which the process met, ``(world,)``."""
        met = self.held[process][:, self.at(year)] > 0.0
        counts: Array = self.came[process][met, self.at(year)]
        return counts

    def share_by(self, process: str, year: int, since: int | None = None) -> float:
        """Share of worlds in which a process has met by the end of a year, counted from ``since`` on."""
        span = slice(0 if since is None else self.at(since), self.at(year) + 1)
        return float(self.held[process][:, span].any(axis=-1).mean())


def govern(
    worlds: int,
    settings: Mapping[str, object] | None = None,
    *,
    spread: Spread = "ranged",
    definition: Scenario | None = None,
    on_year: Callable[[], object] | None = None,
) -> Governed:
    """Run the history of governance, with changes by dotted path, or another scenario.

    Parameters
    ----------
    worlds
        How many; 0 is one at central parameters.
    settings
        Parameters to change.
    spread
        ``ranged`` draws parameters and chance, ``central`` chance alone.
    definition
        The scenario; by default the history of 2001 to 2018.
    on_year
        Told each finished year of a batch.
    """
    scenario = definition or load(HISTORY)
    if settings:
        scenario = scenario.vary("changed", dict(settings))
    numbers = tuple(range(max(worlds, 1)))
    parts = []
    for start in range(0, len(numbers), AT_ONCE):
        setting, world = begin(
            scenario, numbers[start : start + AT_ONCE], DEFAULT_SEED, spread if worlds else "central"
        )
        parts.append(_seen(setting, world, on_year))
    together = {name: _joined([part[name] for part in parts]) for name in parts[0]}
    return Governed(scenario.spec.years.first, scenario.spec.years.last, **together)


def n_steps(worlds: int) -> int:
    """How many years of batches `govern` tells of."""
    spec = load(HISTORY).spec
    return (spec.years.last - spec.years.first + 1) * ceil(max(worlds, 1) / AT_ONCE)


def first_years(held: Array, first: int) -> Array:
    """The first year in which a process met in each world, ``inf`` where it never did.

    Examples
    --------
    >>> first_years(np.array([[0.0, 1.0, 1.0], [0.0, 0.0, 0.0]]), 2001)
    array([2002.,   inf])
    """
    met = held > 0.0
    return np.where(met.any(axis=-1), first + met.argmax(axis=-1), np.inf)


def _joined(parts: list[Any]) -> Any:
    """Batches put together along the worlds."""
    if isinstance(parts[0], dict):
        return {name: _joined([part[name] for part in parts]) for name in parts[0]}
    return np.concatenate(parts)


def _seen(setting: Setting, world: World, on_year: Callable[[], object] | None) -> dict[str, Any]:
    """The records of one batch, ``(world, year, ...)``."""
    years = list(_lived(setting, world, on_year))
    names = list(setting.definition.spec.processes)
    return {
        "held": {name: _over([_held(_minutes(year, name), setting) for year, _ in years]) for name in names},
        "came": {name: _over([_came(_minutes(year, name), setting) for year, _ in years]) for name in names},
        "themes": {
            name: _over([_themes(_minutes(year, name), setting) for year, _ in years]) for name in names
        },
        "parties": {
            name: _over(
                [
                    np.where(year.treaties.joined[:, n] <= year.year, 1.0, 0.0).sum(axis=-1)
                    for year, _ in years
                ]
            )
            for n, name in enumerate(instruments_of(setting))
        },
        "cares": _over([cares for _, cares in years]),
        "trust": _over([year.commitments.trust.mean(axis=-1) for year, _ in years]),
        "noticed": _over([year.opinions.attention.max(axis=-1).mean(axis=-1) for year, _ in years]),
    }


def _lived(
    setting: Setting, world: World, on_year: Callable[[], object] | None
) -> Iterator[tuple[World, Array]]:
    """Each year, with how much the region of the Global Forum's host cared when it began."""
    while world.year < setting.definition.spec.years.last:
        cares = _cares(world, setting)
        world = live(world, setting)
        if on_year is not None:
            on_year()
        yield world, cares


def _cares(world: World, setting: Setting) -> Array:
    """Salience of each theme in the region of the next host of the Global Forum, ``(world, theme)``."""
    states, process = setting.states, setting.definition.spec.processes.get(GFMD)
    chairs = [s.chair for s in process.sessions if s.year == world.year + 1] if process else []
    if not chairs or chairs[0] not in states.iso3:
        return np.zeros((setting.n_replicates, len(THEMES)))
    host = states.index(str(chairs[0]))
    region = np.where(states.region_index == states.region_index[host], 1.0, 0.0)
    return side_mean(salience(world, setting, for_objection=False), region)


def _minutes(world: World, process: str) -> Minutes | None:
    return next((minutes for minutes in world.minutes if minutes.process == process), None)


def _held(minutes: Minutes | None, setting: Setting) -> Array:
    nobody = np.zeros(setting.n_replicates)
    return nobody if minutes is None else np.broadcast_to(minutes.held[:, 0], nobody.shape)


def _came(minutes: Minutes | None, setting: Setting) -> Array:
    return np.zeros(setting.n_replicates) if minutes is None else minutes.attended.sum(axis=-1)


def _themes(minutes: Minutes | None, setting: Setting) -> Array:
    return np.zeros((setting.n_replicates, len(THEMES))) if minutes is None else minutes.on_agenda


def _over(years: list[Array]) -> Array:
    """Years beside each other, after the worlds."""
    return np.stack(years, axis=1)
