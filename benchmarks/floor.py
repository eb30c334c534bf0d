"""The floor of speed: the exponentials, logarithms, normals and assignments of the same work, by themselves.

There are two. The floor *of the equations* counts what `docs/odd.md` writes down: an exponential for each
class and corridor, and so on; a faster way to compute the same does not lower it. The floor *of the calls*
repeats, on the same numbers, every call that one run really made; work that the engine avoids lowers it. The
first tells how well the equations are computed, the second how much of a run is neither of these functions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, Final
from unittest.mock import patch

import numpy as np
import scipy.optimize

import migsim.year
from migsim.world.noise import Noise
from migsim.world.setting import Setting
from migsim.world.state import World

__all__ = ["Calls", "recorded", "world_floor"]

FUNCTIONS: Final = ("exp", "expm1", "log", "log1p", "power", "sqrt", "tanh")
DRAWS: Final = ("normals", "state_uniforms", "streams", "unit", "units")
FUNCTIONS_OF_STATES: Final = 60
BLOCKS_OF_NORMALS: Final = ("flows", "growth", "opinion events")


def world_floor(setting: Setting, world: World) -> None:
    """What the equations of one year of the world hold, of a batch.

    One exponential for each class and corridor (flows), one logarithm (diaspora) and one exponential
    (remittances) for each corridor, some sixty functions of states (income, jobs, opinion, work, status), and
    three blocks of normals.
    """
    np.exp(-world.people.stock)
    np.log1p(world.people.everybody)
    np.exp(-world.people.everybody)
    for _ in range(FUNCTIONS_OF_STATES // 2):
        np.exp(np.log(world.people.population))
    for purpose in BLOCKS_OF_NORMALS:
        setting.noise.state_normals(purpose, setting.states.registered, year=2010)


@dataclass
class Calls:
    """Calls that were made, to be made again."""

    made: list[tuple[Callable[..., object], tuple[Any, ...], dict[str, Any]]] = field(default_factory=list)
    is_open: bool = True

    def again(self) -> None:
        """Make all of them."""
        for call, arguments, named in self.made:
            call(*arguments, **named)

    def keep[**P, R](self, call: Callable[P, R]) -> Callable[P, R]:
        """The same function, which is noted when it is called; not what it calls itself."""

        @wraps(call)
        def noted(*arguments: P.args, **named: P.kwargs) -> R:
            if not self.is_open:
                return call(*arguments, **named)
            self.made.append((call, tuple(_kept(each) for each in arguments), dict(named)))
            with self.closed():
                return call(*arguments, **named)

        return noted

    def unheard[**P, R](self, call: Callable[P, R]) -> Callable[P, R]:
        """The same function, within which nothing is noted."""

        @wraps(call)
        def silent(*arguments: P.args, **named: P.kwargs) -> R:
            with self.closed():
                return call(*arguments, **named)

        return silent

    @contextmanager
    def closed(self) -> Iterator[None]:
        """Nothing is noted in here."""
        before, self.is_open = self.is_open, False
        try:
            yield
        finally:
            self.is_open = before


def _kept(argument: object) -> object:
    return argument.copy() if isinstance(argument, np.ndarray) else argument


def recorded(work: Callable[[], object], *, world_too: bool) -> Calls:
    """The calls of mathematical functions, draws and assignments that a work makes.

    Parameters
    ----------
    work
        Called once.
    world_too
        Whether to note those of the phases of the world, or only those of all else.
    """
    calls = Calls()
    with ExitStack() as stack:
        for name in FUNCTIONS:
            stack.enter_context(patch.object(np, name, calls.keep(getattr(np, name))))
        for name in DRAWS:
            stack.enter_context(patch.object(Noise, name, calls.keep(getattr(Noise, name))))
        assign = scipy.optimize.linear_sum_assignment
        stack.enter_context(patch.object(scipy.optimize, "linear_sum_assignment", calls.keep(assign)))
        if not world_too:
            phases = tuple(
                calls.unheard(phase) if phase in migsim.year.WORLD_PHASES else phase
                for phase in migsim.year.PHASES
            )
            stack.enter_context(patch.object(migsim.year, "PHASES", phases))
        work()
    return calls
