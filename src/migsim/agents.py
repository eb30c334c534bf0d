"""What the agents of a `migsim.model.ForumModel` show: one row each of the model's arrays, in plain numbers.

A row stores nothing but which row it is, and looks every value up in the model when asked. Nothing here knows
Mesa: `migsim.model` makes the agents of these rows.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from migsim.themes import THEMES
from migsim.world.corridors import Array
from migsim.world.setting import Observers

__all__ = ["CivilSocietyRow", "OrganisationRow", "StateRow"]


def _fixed(name: str, meaning: str) -> property:
    """A property of a state that stays the same through a run."""
    return property(lambda row: getattr(row.model.setting.states, name)[row.index], doc=meaning)


def _figure(column: str, meaning: str) -> property:
    """A property of a state that the ``states`` table has as a column."""
    return property(lambda row: row.model.state_figures[column][row.index].item(), doc=meaning)


def _by_theme(values: Array) -> dict[str, float]:
    return dict(zip(THEMES, values.tolist(), strict=True))


class Row:
    """One row of the model's arrays.

    Properties cannot be set: change a parameter with ``settings``, and what a state does with
    `Scenario.with_behaviour`.
    """

    model: Any
    index: int

    @property
    def kind(self) -> str:
        """Name of the agent's class."""
        return type(self).__name__


class StateRow(Row):
    """A member state: its roles, and how it stands at the end of the year.

    Positions, policies and the like are by theme; money is million USD of 2005 a year.
    """

    iso3 = _fixed("iso3", "Code of the state.")
    name = _fixed("name", "Name of the state.")
    region = _fixed("region", "Region of the state.")
    subregion = _fixed("subregion", "Sub-region of the state.")
    host = _fixed("host", "Share of the role of host, in [0, 1]; the three shares sum to one.")
    departure = _fixed("departure", "Share of the role of departure country, in [0, 1].")
    transit = _fixed("transit", "Share of the role of transit country, in [0, 1].")
    capability = _fixed("capability", "Weight in a negotiation; the mean state has one.")

    population = _figure("population", "Inhabitants, persons.")
    income = _figure("income", "Income per head, international dollars of 2005.")
    unemployment = _figure("unemployment", "Share of the labour force without work.")
    immigrants = _figure("immigrants", "Migrants who live here, persons.")
    emigrants = _figure("emigrants", "Nationals who live abroad, persons.")
    inflow = _figure("inflow", "Moves into the state in the year, returns included, persons.")
    outflow = _figure("outflow", "Moves out of the state in the year, returns included, persons.")
    remittances_received = _figure("remittances_received", "Remittances to the state, million USD.")
    remittances_paid = _figure("remittances_paid", "Remittances from the state, million USD.")
    opinion_anti = _figure("opinion_anti", "Share of the public against migration.")
    trust = _figure("trust", "Trust in the other states, in [0, 1].")
    wellbeing = _figure("wellbeing", "Mean well-being of the migrants it hosts, 0 to 100 points.")
    protection_of_nationals = _figure(
        "protection_of_nationals", "Mean well-being of its nationals abroad, 0 to 100 points."
    )
    gain = _figure("gain", "What it has of the forum this year, its roles weighted, percent of income.")
    gain_host = _figure("gain_host", "What it has of it as a host, percent of income.")
    gain_departure = _figure("gain_departure", "What it has of it as a departure country, percent of income.")

    def __repr__(self) -> str:
        roles = f"host {self.host:.2f}, departure {self.departure:.2f}, transit {self.transit:.2f}"
        return f"{self.kind} {self.iso3} ({self.name}): {roles}; trust {self.trust:.2f}"

    def _figures(self, prefix: str, names: Iterable[str]) -> dict[str, float]:
        return {name: self.model.state_figures[f"{prefix}_{name}"][self.index].item() for name in names}

    @property
    def opinion(self) -> dict[str, float]:
        """Shares of the public that are pro, ambivalent and anti; they sum to one."""
        return self._figures("opinion", ("pro", "ambivalent", "anti"))

    @property
    def position(self) -> dict[str, float]:
        """What the state would ideally do on each theme, in [0, 1]."""
        return self._figures("position", THEMES)

    @property
    def policy(self) -> dict[str, float]:
        """What the state does on each theme, in [0, 1]."""
        return self._figures("policy", THEMES)

    @property
    def practice(self) -> dict[str, float]:
        """How well the state knows how to do it, by theme, in [0, 1]."""
        return _by_theme(self.model.world.policies.practice[0, self.index])

    @property
    def knowledge(self) -> dict[str, float]:
        """How well the state knows its own interest, by theme, in [0, 1]."""
        return _by_theme(self.model.world.policies.knowledge[0, self.index])

    @property
    def attention(self) -> dict[str, float]:
        """How much the public attends to each theme, in [0, 1]."""
        return _by_theme(self.model.world.opinions.attention[0, self.index])

    @property
    def attended(self) -> bool:
        """Whether the state came when processes last met (to any of them); before the first session, no."""
        return any(bool(session.attended[0, self.index] > 0.0) for session in self.model.last_sessions)


class ObserverRow(Row):
    """A participant that is not a state; what it brings stays the same through a run."""

    table: ClassVar[str]
    """Which observers of `migsim.world.setting.Cast` it is one of."""

    def __repr__(self) -> str:
        return f"{self.kind} {self.name}"

    @property
    def _observers(self) -> Observers:
        observers: Observers = getattr(self.model.setting.actors, self.table)
        return observers

    @property
    def name(self) -> str:
        """Name of the participant."""
        return self._observers.names[self.index]

    @property
    def position(self) -> dict[str, float]:
        """What it asks of states on each theme, in [0, 1]."""
        return _by_theme(self._observers.position[self.index])

    @property
    def salience(self) -> dict[str, float]:
        """How much each theme matters to it, in [0, 1]."""
        return _by_theme(self._observers.salience[self.index])


class OrganisationRow(ObserverRow):
    """An intergovernmental organisation."""

    table = "organisations"

    @property
    def knowledge(self) -> dict[str, float]:
        """What it can tell states about their own interest in each theme, in [0, 1]."""
        return _by_theme(self._observers.knowledge[self.index])

    @property
    def practice(self) -> dict[str, float]:
        """What it can teach states to do on each theme, in [0, 1]."""
        return _by_theme(self._observers.practice[self.index])


class CivilSocietyRow(ObserverRow):
    """A component of civil society, or a group of migrants that speaks for itself."""

    table = "civil_society"

    @property
    def weight(self) -> float:
        """Weight beside a component's weight of one; migrants' own voice starts near nothing."""
        return float(self._observers.weight[self.index])
