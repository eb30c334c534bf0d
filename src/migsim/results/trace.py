"""One world lived under observation: what every phase of every year and session left behind.

The world is lived by the engine itself; the observer is told the state after each phase and changes nothing.
What is said of it in tables and words is in `migsim.results.trace_tables` and `migsim.results.trace_words`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from migsim.forum.session import Session
from migsim.start import begin, without_processes
from migsim.triple_win import TripleWin, measure
from migsim.world.parameters import Spread
from migsim.world.setting import Setting
from migsim.world.state import World
from migsim.world.worlds import Worlds
from migsim.year import live

if TYPE_CHECKING:
    from migsim.scenario.definition import Scenario

__all__ = ["Sitting", "Trace", "Year", "trace"]


@dataclass(frozen=True)
class Sitting:
    """One session of one process, after each of its phases.

    Attributes
    ----------
    worlds, sessions
        The world and the session after each phase, by the name of the phase.
    """

    process: str
    worlds: dict[str, World] = field(default_factory=dict)
    sessions: dict[str, Session] = field(default_factory=dict)

    @property
    def is_held(self) -> bool:
        """Whether it took place in this world."""
        return bool(self.last.held[0, 0] > 0.0)

    @property
    def last(self) -> Session:
        """The session as it was closed."""
        return self.sessions["publish"]


@dataclass(frozen=True)
class Year:
    """One year of one world.

    Attributes
    ----------
    before
        The world at the end of the year before.
    after
        The world after each phase of the year, by the name of the phase.
    sittings
        The sessions that were due, in their order.
    win
        What the year's end gives beside the world in which nobody meets.
    """

    before: World
    after: dict[str, World]
    sittings: tuple[Sitting, ...]
    end: World
    win: TripleWin

    @property
    def year(self) -> int:
        """Which year."""
        return self.end.year


@dataclass(frozen=True)
class Trace:
    """A world from its first year to its last.

    Attributes
    ----------
    number
        Number of the world, as in column ``replicate`` of the tables.
    """

    definition: Scenario
    setting: Setting
    number: int
    years: tuple[Year, ...]


class _Observer:
    """Keeps what it is told of one year."""

    def __init__(self) -> None:
        self.after: dict[str, World] = {}
        self.sittings: list[Sitting] = []

    def __call__(self, phase: str, world: World, session: Session | None) -> None:
        if session is None:
            self.after[phase] = world
            return
        if not self.sittings or "publish" in self.sittings[-1].sessions:
            self.sittings.append(Sitting(session.process))
        self.sittings[-1].worlds[phase] = world
        self.sittings[-1].sessions[phase] = session


def trace(
    definition: Scenario,
    worlds: Worlds,
    seed: int,
    spread: Spread,
    on_year: Callable[[int], None] | None = None,
) -> Trace:
    """Live one world from its first to its last year, beside its pair, and keep what every phase left.

    Parameters
    ----------
    definition
    worlds
        A single one.
    seed, spread
        As for `migsim.ensemble.batch.run_batch`.
    on_year
        Told each finished year.
    """
    setting, world = begin(definition, worlds, seed, spread)
    silent, paired = without_processes(setting), world
    years = []
    for year in range(definition.spec.years.first, definition.spec.years.last + 1):
        before, seen = world, _Observer()
        world, paired = live(world, setting, seen), live(paired, silent)
        win = measure(world, paired, setting)
        years.append(Year(before, seen.after, tuple(seen.sittings), world, win))
        if on_year is not None:
            on_year(year)
    return Trace(definition, setting, worlds.numbers[0], tuple(years))
