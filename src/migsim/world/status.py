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

__all__ = ["StatusParameters", "by_class", "change_of_status", "usual_change"]

REGULAR, IRREGULAR, DISPLACED = (CLASSES.index(name) for name in ("regular", "irregular", "displaced"))


@dataclass(frozen=True)
class StatusParameters:
    """Registry group ``world.status``, each ``(..., 1)``."""

    overstay: Array
    job_loss: Array
    regularisation: Array
    settlement_of_displaced: Array


def change_of_status(
    stock: Array, world: World, setting: Setting, p: StatusParameters
) -> tuple[Array, Array]:
    """Papers gained less papers lost, and the displaced who settle, each ``(..., corridor)``, persons.

    Regular migrants lose their papers by overstaying, and more of them when they lose their work
    (s-status-loss, s-average-transitions); irregular ones gain papers by regularisation; displaced people
    become residents.
    """
    corridors = setting.corridors
    regularised = np.clip(p.regularisation + world.conditions.at_host("regularisation"), 0.0, 0.5)
    idle = 100.0 * (world.economies.migrant_unemployment - setting.base.migrant_unemployment)
    lost = np.minimum(p.overstay * np.exp(p.job_loss * idle), 0.5)
    return _between(stock, corridors.at_destination(regularised), corridors.at_destination(lost), p)


def usual_change(stock: Array, p: StatusParameters) -> Array:
    """Net change of class in a year like the base year, ``(..., class, corridor)``."""
    return by_class(*_between(stock, p.regularisation, p.overstay, p))


def by_class(papers: Array, settled: Array) -> Array:
    """What `change_of_status` says as net change of each class, ``(..., class, corridor)``; sums to zero."""
    return np.stack([np.zeros_like(papers), papers + settled, -papers, -settled], axis=-2)


def _between(stock: Array, regularised: Array, lost: Array, p: StatusParameters) -> tuple[Array, Array]:
    papers = regularised * stock[..., IRREGULAR, :] - lost * stock[..., REGULAR, :]
    return papers, p.settlement_of_displaced * stock[..., DISPLACED, :]
