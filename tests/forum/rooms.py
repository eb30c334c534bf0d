"""Sessions in the making, for the tests of their phases."""

from dataclasses import replace
from typing import Any

import numpy as np

from migsim.forum.calendar import in_session, open_session
from migsim.forum.session import Session
from migsim.world.setting import Setting
from migsim.world.state import World
from tests.lives import Life


def open_room(life: Life, year: int = 2007, **filled: Any) -> tuple[World, Session, Setting]:
    """The world of the year's end so far, and an empty session of that year with some fields filled."""
    setting, world = life.setting, replace(life.at(year - 1), year=year)
    name, meeting = next(in_session(setting, year))
    return world, replace(open_session(name, meeting, world, setting), **filled), setting


def everybody(life: Life) -> np.ndarray:
    """Attendance of all states."""
    return np.ones((life.setting.n_replicates, len(life.setting.states)))


def on_agenda(life: Life, *themes: int) -> np.ndarray:
    """An agenda of these themes in every replicate."""
    agenda = np.zeros((life.setting.n_replicates, 12))
    agenda[:, list(themes)] = 1.0
    return agenda
