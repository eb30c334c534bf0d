"""Changes of class within a corridor: papers gained and lost, and the displaced who settle."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from migsim.world.corridors import Array
from migsim.world.vocabulary import CLASSES

if TYPE_CHECKING:
    from migsim.world.setting import Setting
    from migsim.world.state import World

__all__ = ["StatusParameters", "change_of_status", "usual_change"]

REGULAR, IRREGULAR, DISPLACED = (CLASSES.index(name) for name in ("regular", "irregular", "displaced"))


@dataclass(frozen=True)
class StatusParameters:
    """Registry group ``world.status``, each ``(..., 1)``."""

    overstay: Array
    job_loss: Array
    regularisation: Array
    settlement_of_displaced: Array


def change_of_status(stock: Array, world: World, setting: Setting, p: StatusParameters) -> Array:
    """Net change of class within a corridor, ``(..., class, corridor)``; sums to zero over classes.

    Regular migrants lose their papers by overstaying, and more of them when they lose their work
    (s-status-loss, s-average-transitions); irregular ones gain papers by regularisation; displaced people
    become residents.
    """
    destination = setting.corridors.destination
    regularised = np.clip(p.regularisation + world.conditions.at_host("regularisation"), 0.0, 0.5)
    idle = 100.0 * (world.economies.migrant_unemployment - setting.base.migrant_unemployment)
    lost = np.minimum(p.overstay * np.exp(p.job_loss * idle), 0.5)
    return _between(stock, regularised.take(destination, axis=-1), lost.take(destination, axis=-1), p)


def usual_change(stock: Array, p: StatusParameters) -> Array:
    """The same in a year like the base year."""
    return _between(stock, p.regularisation, p.overstay, p)


def _between(stock: Array, regularised: Array, lost: Array, p: StatusParameters) -> Array:
    settles = p.settlement_of_displaced * stock[..., DISPLACED, :]
    gained = regularised * stock[..., IRREGULAR, :] - lost * stock[..., REGULAR, :]
    change = np.zeros_like(stock)
    change[..., REGULAR, :] = gained + settles
    change[..., IRREGULAR, :] = -gained
    change[..., DISPLACED, :] = -settles
    return change
