"""A state as an agent, and the corridors that lead out of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import log
from types import SimpleNamespace
from typing import Any, Final

import mesa

__all__ = ["DISPLACED", "IRREGULAR", "N_CLASSES", "REGULAR", "SKILLED", "Corridor", "StateAgent"]

SKILLED, REGULAR, IRREGULAR, DISPLACED = range(4)
N_CLASSES: Final = 4


@dataclass(slots=True, eq=False)
class Corridor:
    """A pair of states between which people move; lists are by class, moves are of the year, in persons."""

    origin: StateAgent
    host: StateAgent
    distance: float
    border: float
    crossing: float
    is_closed: bool
    free_since: int
    base_flow: list[float]
    base_diaspora: float
    stock: list[float]
    flow: list[float] = field(default_factory=lambda: [0.0] * N_CLASSES)
    returns: list[float] = field(default_factory=lambda: [0.0] * N_CLASSES)
    sent: float = 0.0

    @property
    def everybody(self) -> float:
        """Migrants of all classes."""
        return sum(self.stock)


class StateAgent(mesa.Agent):  # type: ignore[misc]
    """A member state: host to those who arrive on some corridors, origin of those who leave on others."""

    base: SimpleNamespace
    happens: SimpleNamespace
    is_developed: float
    # people
    population: float
    immigrants: float
    hosted: list[float]
    # economy and money
    path: float
    income: float
    unemployment: float
    migrant_unemployment: float
    host_effect: float
    origin_effect: float
    skill_loss: float
    received: float
    # opinion and lives
    pro: float
    ambivalent: float
    anti: float
    control: float
    noticed: list[float]
    attention: dict[str, float]
    wellbeing: list[float]
    participation: list[float]
    home: float
    # policy
    policy: list[float]
    ideal: list[float]
    practice: dict[str, float]
    at_host: dict[str, float]
    at_origin: dict[str, float]
    costs: list[float]

    def __init__(self, model: Any, iso3: str) -> None:
        super().__init__(model)
        self.iso3 = iso3
        self.corridors: list[Corridor] = []
        self.arriving: list[Corridor] = []

    @property
    def rules(self) -> SimpleNamespace:
        """The parameters of the world, by group."""
        rules: SimpleNamespace = self.model.rules
        return rules

    def own(self, coefficient: str) -> float:
        """How far the state's own policy has moved a coefficient, in either role."""
        return self.at_host[coefficient] + self.at_origin[coefficient]

    @property
    def richer(self) -> float:
        """Log income relative to the base year."""
        return log(self.income / self.base.income)

    @property
    def migrant_share(self) -> float:
        """Migrants as a share of the population."""
        return self.immigrants / self.population

    @property
    def native_share(self) -> float:
        """The others, as far as a share can say so."""
        return min(max(1.0 - self.migrant_share, 0.02), 1.0)

    @property
    def product(self) -> float:
        """Yearly income at market exchange rates, million USD."""
        product: float = self.income * self.population * self.base.market_rate / 1e6
        return product
