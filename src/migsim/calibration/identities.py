"""What the base year must meet without being fitted: people, money, and the continued change of stocks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from migsim.calibration.calm import calm_world
from migsim.facts.codes import BASE_YEAR

if TYPE_CHECKING:
    from migsim.facts import Facts

__all__ = ["Identity", "identities"]

YEARS_BETWEEN: Final = 5


@dataclass(frozen=True, slots=True)
class Identity:
    """One quantity of the base year in the figures and in the model."""

    quantity: str
    unit: str
    figure: float
    model: float

    @property
    def difference(self) -> float:
        """Model less figure, relative to the figure."""
        return self.model / self.figure - 1.0


def identities(facts: Facts) -> tuple[Identity, ...]:
    """Stocks and receipts of 2005, which must be met, and the change of stocks, which need not.

    The model continues the lasting part of the change of 2000-05, with a least flow on each corridor.
    """
    from migsim.facts import complete
    from migsim.year import live

    setting, world = calm_world(BASE_YEAR + 1)
    recorded = facts.corridor_stock[:, :2].sum(axis=0)
    people = float(recorded[1]) + _refugees_without_corridor(facts)
    yearly = float(recorded[1] - recorded[0]) / YEARS_BETWEEN
    receipts = float(complete(facts).remittances_received_2005.sum())
    first, second = (float(each.people.stock.sum()) for each in (world, live(world, setting)))
    return (
        Identity("migrants on corridors 2005", "persons", people, first),
        Identity("remittances received 2005", "million USD", receipts, float(world.transfers.received.sum())),
        Identity("yearly change of stocks, 2000-05 and 2006", "persons", yearly, second - first),
    )


def _refugees_without_corridor(facts: Facts) -> float:
    """Refugees of 2005 on pairs of states without a stock of migrants."""
    n = facts.n_states
    stock = np.zeros(n * n)
    stock[facts.corridor_origin * n + facts.corridor_destination] = facts.corridor_stock[:, :2].sum(axis=1)
    counted = facts.refugees[:, facts.refugee_years.index(BASE_YEAR)]
    return float(counted[stock[facts.refugee_origin * n + facts.refugee_host] == 0.0].sum())
