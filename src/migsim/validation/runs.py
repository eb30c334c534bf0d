"""The world alone, run on from 2005 without refitting: what validation looks at."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from migsim.calibration.calm import HISTORY
from migsim.ensemble.defaults import DEFAULT_SEED
from migsim.provenance.parameters import registry
from migsim.provenance.sources import findings
from migsim.scenario.load import load
from migsim.start import begin
from migsim.world.noise import QUIET
from migsim.world.vocabulary import BASE_YEAR, CLASSES
from migsim.year import live

if TYPE_CHECKING:
    from migsim.scenario.definition import Scenario
    from migsim.world.corridors import Array, Corridors, Index
    from migsim.world.parameters import Spread
    from migsim.world.setting import Setting
    from migsim.world.state import World

__all__ = [
    "LAST_YEAR",
    "Course",
    "Courses",
    "Measure",
    "Reading",
    "Snapshot",
    "elasticities",
    "follow",
    "no_elasticities",
    "syrians_abroad",
    "world_alone",
]

LAST_YEAR: Final = 2020
SYRIA_BEFORE: Final = 2010
"""The last year before the war: refugees from Syria are those of the base year until then."""
DISPLACED: Final = CLASSES.index("displaced")
DRIVERS: Final = "world.flows"
"""Registry group whose elasticities say what moves people; at zero each corridor goes on as in 2000-05."""

type Measure = Callable[[Course], Array]
"""Something to look at in a course: one number for each of its worlds."""


@dataclass(frozen=True, eq=False)
class Snapshot:
    """One year of a batch of worlds, ``(world, ...)``.

    ``stock`` and ``displaced`` persons ``(world, corridor)``; ``fled`` persons newly displaced in the year;
    ``moves`` and ``returns`` persons of the year ``(world,)``; by state: ``population``, ``immigrants`` and
    ``emigrants`` persons, ``unemployment`` share, ``received`` million USD of 2005, ``hostile`` share of the
    public, and the share ``wanting_less`` immigration, of which the hostile are the resolute part.
    """

    stock: Array
    displaced: Array
    fled: Array
    moves: Array
    returns: Array
    population: Array
    immigrants: Array
    emigrants: Array
    unemployment: Array
    received: Array
    hostile: Array
    wanting_less: Array


@dataclass(frozen=True, eq=False)
class Course:
    """A batch of worlds over the years from 2005 on; states stand in the order of the facts."""

    corridors: Corridors
    years: Mapping[int, Snapshot]

    def __getitem__(self, year: int) -> Snapshot:
        return self.years[year]

    @cached_property
    def _place(self) -> Index:
        """Corridor by origin and destination; one past the last where nobody can move."""
        place = np.full((self.corridors.n_states,) * 2, len(self.corridors), dtype=np.intp)
        place[self.corridors.origin, self.corridors.destination] = np.arange(len(self.corridors))
        return place

    def on(self, people: Array, origin: Index, destination: Index) -> Array:
        """Values ``(world, corridor)`` on some pairs of states; 0 where there is no corridor."""
        padded = np.concatenate([people, np.zeros((len(people), 1))], axis=-1)
        found: Array = padded[:, self._place[origin, destination]]
        return found


@dataclass(frozen=True, slots=True)
class Reading:
    """One measure: in the central run, over ranged worlds (5 and 95 %), and without elasticities."""

    model: float
    low: float = float("nan")
    high: float = float("nan")
    without: float = float("nan")


@dataclass(frozen=True, eq=False)
class Courses:
    """The runs that one validation looks at.

    ``central``: parameters at their defaults, no noise. ``without``: the same with every elasticity of the
    flows at zero. ``ranged``: worlds that differ in parameters and chance, for the intervals; may be missing.
    """

    central: Course
    without: Course | None = None
    ranged: Course | None = None

    def read(self, measure: Measure) -> Reading:
        """Take one measure in every run."""
        low = high = without = float("nan")
        if self.ranged is not None:
            low, high = (float(end) for end in np.nanquantile(measure(self.ranged), (0.05, 0.95)))
        if self.without is not None:
            without = float(measure(self.without)[0])
        return Reading(float(measure(self.central)[0]), low, high, without)


def elasticities() -> tuple[str, ...]:
    """Paths of the elasticities that move people.

    Examples
    --------
    >>> "world.flows.network" in elasticities()
    True
    """
    return tuple(row.path for row in registry().group(DRIVERS) if row.unit == "elasticity")


def no_elasticities() -> dict[str, object]:
    """Settings of the model's own null: every elasticity of the flows at zero, and no hump."""
    switched_off: dict[str, object] = dict.fromkeys(elasticities(), 0)
    for row in registry().group(DRIVERS):
        if row.kind == "choice" and "none" in row.options:
            switched_off[row.path] = "none"
    return switched_off


def syrians_abroad() -> dict[int, float]:
    """Refugees from Syria abroad at the end of each year, persons; literature syria_2010 to syria_2017."""
    rows = {name: row for name, row in findings().items() if name.startswith("syria_")}
    return {int(name.rpartition("_")[2]): float(row.central) for name, row in rows.items()}


def world_alone(last: int, settings: Mapping[str, object] | None = None) -> Scenario:
    """The history of 2006 to ``last`` with no process in it.

    The recession is declared and, of the displaced from Syria, how many there are, through 2017; where they
    go is the model's to say. After the last year declared, they return and settle like others.
    """
    totals = {year: n for year, n in syrians_abroad().items() if SYRIA_BEFORE < year <= last}
    history = load(HISTORY)
    syria = {"kind": "displacement", "origin": "SYR", "refugees_abroad": totals} if totals else None
    years = {"years.first": BASE_YEAR + 1, "years.last": last}
    changes: dict[str, object] = {"processes": {}, **years, "shocks.syria": syria}
    return history.vary("World alone", changes | dict(settings or {}))


def follow(
    last: int,
    settings: Mapping[str, object] | None = None,
    *,
    worlds: int = 1,
    spread: Spread = "central",
    on_year: Callable[[], None] | None = None,
) -> Course:
    """Run the world alone through ``last``, and keep what validation looks at.

    Parameters
    ----------
    last
        Up to 2020.
    settings
        Parameters or shocks to change, by dotted path.
    worlds, spread
        How many worlds; ``central`` is silent on chance, ``ranged`` draws parameters and chance.
    on_year
        Called after each year.
    """
    quiet: Mapping[str, object] = QUIET if spread == "central" else {}
    definition = world_alone(last, {**quiet, **(settings or {})})
    setting, world = begin(definition, tuple(range(worlds)), DEFAULT_SEED, spread)
    years = {}
    for seen in _lived(setting, world, last):
        years[seen.year] = _snapshot(seen, setting)
        if on_year is not None:
            on_year()
    return Course(setting.corridors, years)


def _lived(setting: Setting, world: World, last: int) -> Iterator[World]:
    yield world
    while world.year < last:
        world = live(world, setting)
        yield world


def _snapshot(world: World, setting: Setting) -> Snapshot:
    people, corridors, base = world.people, setting.corridors, setting.base
    stock = people.stock.sum(axis=-2)

    def whole(persons: Any) -> Array:
        total: Array = persons.sum(axis=(-2, -1))
        return total

    return Snapshot(
        stock=stock,
        displaced=people.stock[..., DISPLACED, :].copy(),
        fled=people.flow[..., DISPLACED, :].copy(),
        moves=whole(people.flow),
        returns=whole(people.returns),
        population=people.population,
        immigrants=corridors.by_destination(stock) + base.unattributed,
        emigrants=corridors.by_origin(stock) + base.unattributed_emigrants,
        unemployment=world.economies.unemployment,
        received=world.transfers.received,
        hostile=world.opinions.anti,
        wanting_less=world.opinions.anti / np.maximum(setting.parameters["world.base.resolute"], 1e-9),
    )
