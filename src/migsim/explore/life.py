"""One world as a page sees it: lived year by year, with what the tables say of every year so far."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from migsim.ensemble.batch import KINDS
from migsim.ensemble.columns import attendance_columns, state_columns, text_columns
from migsim.explore.choices import Choice
from migsim.forum.calendar import eligible
from migsim.start import without_processes

if TYPE_CHECKING:
    import pandas as pd

    from migsim.model import ForumModel
    from migsim.scenario.definition import Scenario
    from migsim.world.setting import States
    from migsim.world.state import World

__all__ = ["Life", "Look"]

_NUMBERS: Final = itertools.count(1)


@dataclass(frozen=True, eq=False)
class Look:
    """The world at the end of one year and in the years before; nothing in it changes.

    Attributes
    ----------
    number
        Tells every look of this process from every other.
    choice, definition, members
        What was chosen, its scenario, and the states in it.
    year
        The year whose end it is; before the first step, the one before the scenario's first.
    world, states, texts, attendance
        The tables of a run so far; ``attendance`` says as well who was ``invited``.
    unforced
        Table ``states`` of the paired world, in which nobody meets.
    """

    number: int
    choice: Choice
    definition: Scenario
    members: States
    year: int
    world: pd.DataFrame
    states: pd.DataFrame
    unforced: pd.DataFrame
    texts: pd.DataFrame
    attendance: pd.DataFrame

    @property
    def first(self) -> int:
        """The scenario's first year."""
        return self.definition.spec.years.first

    @property
    def last(self) -> int:
        """The scenario's last year."""
        return self.definition.spec.years.last

    @property
    def is_over(self) -> bool:
        """Whether the last year has been lived."""
        return self.year >= self.last

    @property
    def figures(self) -> Mapping[str, Any]:
        """The row of table ``world`` of this year."""
        return _row(self.world.iloc[-1])

    def state(self, iso3: str, *, is_paired: bool = False) -> Mapping[str, Any]:
        """The row of a state this year, in the world or in its pair."""
        rows = self.unforced if is_paired else self.states
        return _row(rows[(rows["year"] == self.year) & (rows["state"] == iso3)].iloc[0])


def _kinds(name: str) -> Mapping[str, type]:
    """The columns of a table that has no rows yet."""
    return {**KINDS[name], "invited": np.bool_} if name == "attendance" else KINDS[name]


def _row(found: pd.Series[Any]) -> Mapping[str, Any]:
    return {str(name): value for name, value in found.items()}


class Life:
    """A world that a visitor steps through; one visitor's life is never another's.

    Parameters
    ----------
    choice
        What the world is of.

    Raises
    ------
    InputError
        If the choice cannot be lived; as `ScenarioError`, everything wrong with it.
    """

    def __init__(self, choice: Choice) -> None:
        from migsim.model import ForumModel

        self._choice: Final = choice
        self._model: Final = ForumModel(
            choice.definition(), rng=choice.seed, parameters=choice.parameters, replicate=choice.replicate
        )
        self._silent: Final = without_processes(self._model.setting)
        self._lock: Final = threading.Lock()
        self._parts: Final[dict[str, list[pd.DataFrame]]] = {
            name: [] for name in ("world", "states", "unforced", "texts", "attendance")
        }
        self._note(self._model.world)
        self.look = self._seen()

    @property
    def model(self) -> ForumModel:
        """The Mesa model that is stepped."""
        return self._model

    def step(self) -> Look:
        """Live one year; after the last year, nothing."""
        with self._lock:
            if not self.look.is_over:
                before = self._model.world
                self._model.step()
                self._note(before)
                self.look = self._seen()
            return self.look

    def _note(self, before: World) -> None:
        """Write the year down, in the columns of the tables; ``before`` is the world as it began."""
        import pandas as pd

        model, setting = self._model, self._model.setting
        paired = state_columns(model.baseline, model.baseline, self._silent)
        parts = self._parts
        parts["world"].append(pd.DataFrame([model.figures]))
        parts["states"].append(pd.DataFrame(dict(model.state_figures)))
        parts["unforced"].append(pd.DataFrame(paired))
        parts["texts"] += [pd.DataFrame(each) for each in text_columns(model.world, setting)]
        for each in attendance_columns(model.world, setting):
            came = pd.DataFrame(each)
            if len(came):
                invited = eligible(str(came["process"].iloc[0]), before, setting)[0] > 0.0
                parts["attendance"].append(came.assign(invited=invited))

    def _seen(self) -> Look:
        import pandas as pd

        tables = {
            name: pd.concat(parts, ignore_index=True)
            if parts
            else pd.DataFrame({column: np.zeros(0, dtype=kind) for column, kind in _kinds(name).items()})
            for name, parts in self._parts.items()
        }
        model = self._model
        return Look(
            number=next(_NUMBERS),
            choice=self._choice,
            definition=model.definition,
            members=model.setting.states,
            year=model.year,
            **tables,
        )
