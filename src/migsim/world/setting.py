"""What stays the same through a run.

The states, the corridors, the base year, the cast, and the numbers drawn.

These are records only. `migsim.world.base` fills the base year, `migsim.actors` the cast, `migsim.start` puts
everything together.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from migsim.world.corridors import Array, Corridors, Index
from migsim.world.noise import Noise
from migsim.world.parameters import Parameters
from migsim.world.policy import Levers
from migsim.world.shocks import Shocks
from migsim.world.state import Conditions, Opinions
from migsim.world.vocabulary import BASE_YEAR, CLASSES
from migsim.world.worlds import Worlds

if TYPE_CHECKING:
    from migsim.scenario.definition import Scenario

__all__ = ["Base", "Cast", "Earlier", "Observers", "Setting", "States", "Units"]


@dataclass(frozen=True, eq=False)
class States:
    """The member states of a run and what does not change about them; arrays are ``(state,)``.

    ``registered``: position among all registered states in ISO order, by which random blocks are shared out.
    ``host``, ``departure``, ``transit``: role weights that sum to one; ``capability``: weight in a
    negotiation, mean one. ``exits``: share of new immigrants gone within five years, and ``wanting_less``:
    adults who want less immigration, both with gaps (nan). ``moves_freely_since``: year of joining the area
    of free movement.
    """

    iso3: tuple[str, ...]
    name: tuple[str, ...]
    region: tuple[str, ...]
    subregion: tuple[str, ...]
    income_group: tuple[str, ...]
    registered: Index
    region_index: Index
    subregion_index: Index
    is_developed: Array
    is_least_developed: Array
    member_since: Array
    latitude: Array
    longitude: Array
    host: Array
    departure: Array
    transit: Array
    capability: Array
    refugees_hosted: Array
    exits: Array
    wanting_less: Array
    moves_freely_since: Index

    def __len__(self) -> int:
        return len(self.iso3)

    def index(self, iso3: str) -> int:
        """Position of a state on the state axis."""
        return self.iso3.index(iso3)


@dataclass(frozen=True, eq=False)
class Base:
    """The base year, 2005: figures, and what is calibrated to them.

    ``flow`` and ``home``: persons a year who come and who go home; ``usual_inflow``: each state's share of
    all arrivals; ``stay``: rates of return from each host relative to others; ``free_since``: year from which
    both ends of a corridor move freely; ``hump``: value of the income term of leaving; ``ageing``:
    percentage points by which natural increase lies below developed states';
    ``disorderly_arrivals``: arrivals without papers or in flight per inhabitant; ``policy`` and ``effect``:
    policy of 2005, and what each lever did by it; ``growth_path``: log growth of income per head, ``(year,
    state)``, from `migsim.world.vocabulary.BASE_YEAR` + 1 on.
    """

    population: Array
    natives: Array
    income: Array
    unemployment: Array
    migrant_unemployment: Array
    market_rate: Array
    stock: Array
    small_stock: Array
    diaspora: Array
    flow: Array
    home: Array
    usual_inflow: Array
    stay: Array
    free_since: Index
    natural_increase: Array
    increase_fades: Array
    ageing: Array
    hump: Array
    unattributed: Array
    unattributed_emigrants: Array
    migrant_share: Array
    sent: Array
    received: Array
    remittance_share: Array
    propensity: Array
    unattributed_receipts: Array
    skilled_at_home: Array
    skill_loss: Array
    returning_skills: Array
    diaspora_reach: Array
    disorderly_arrivals: Array
    opinions: Opinions
    policy: Array
    effect: Array
    lever_sizes: Array
    growth_path: Array

    @cached_property
    def n_migrants(self) -> Array:
        """Migrants of 2005 on all corridors, ``(...,)``."""
        return np.ascontiguousarray(self.stock).sum(axis=-1).sum(axis=-1)

    def free_corridors(self, year: int) -> Index:
        """Corridors on which movement is free in a year."""
        return np.flatnonzero(self.free_since <= year)

    def free_movement(self, year: int) -> tuple[Index, Array]:
        """Corridors on which movement is free in a year, and who usually moves there, ``(..., corridor)``."""
        free = self.free_corridors(year)
        if free.size not in self._usual_on_free:
            self._usual_on_free[free.size] = self.flow.take(free, axis=-1).sum(axis=-2)
        return free, self._usual_on_free[free.size]

    @cached_property
    def _usual_on_free(self) -> dict[int, Array]:
        """Who usually moves on so many free corridors: once free, a corridor stays free."""
        return {}

    def increase(self, year: int) -> Array:
        """Births less deaths per inhabitant in a year, ``(..., state)``; an excess of births fades."""
        fading = np.exp(-self.increase_fades * (year - BASE_YEAR - 1))
        return np.where(self.natural_increase > 0.0, self.natural_increase * fading, self.natural_increase)

    def growth(self, year: int) -> Array:
        """Log growth of income per head on its own path, ``(state,)``; the last year's rule goes on."""
        growth: Array = self.growth_path[min(year - BASE_YEAR - 1, len(self.growth_path) - 1)]
        return growth


@dataclass(frozen=True, eq=False)
class Earlier:
    """The figures of 2000, from which those of 2001 to 2005 are interpolated.

    ``stock`` ``(..., class, corridor)`` and ``sent`` ``(..., corridor)``; by state ``population``,
    ``unattributed``, ``unattributed_emigrants`` and ``received``. ``income`` and ``unemployment`` ``(year,
    state)``: year by year from 2000 to 2005. Units as in `migsim.world.state`.
    """

    stock: Array
    sent: Array
    population: Array
    unattributed: Array
    unattributed_emigrants: Array
    received: Array
    income: Array
    unemployment: Array


@dataclass(frozen=True, eq=False)
class Observers:
    """Non-state participants.

    ``position``, ``salience``, ``knowledge`` and ``practice``: where they stand, how much they care, and what
    they can teach, ``(observer, theme)`` in [0, 1]; ``holds``: where they give no ground, likewise in {0, 1};
    ``speaks``: on which paragraphs they have a say, ``(observer, paragraph)`` in {0, 1}; ``weight``
    ``(observer,)``.
    """

    names: tuple[str, ...]
    position: Array
    salience: Array
    knowledge: Array
    practice: Array
    holds: Array
    speaks: Array
    weight: Array


@dataclass(frozen=True, eq=False)
class Cast:
    """Who takes part and what they bring.

    Interests of the states, organisations, and components of civil society.

    ``stance`` and ``salience``: of the documents, ``(state, theme)`` in [0, 1]; ``ignorance``: weight of
    roles on which the documents are silent, ``(state, theme)``; ``misjudgement``: standard normals, ``(...,
    state, theme)``; ``own_gain`` and ``joint_gain``: gain in percent of income of the state's own, and of
    everybody's, full use of each lever, ``(..., state, paragraph)``, and ``gain_scale`` their usual size;
    ``first_policy``: policy of 2005, ``(..., state, paragraph)``; ``hears_civil_society``: governments that
    want it heard, ``(..., state)`` in {0, 1}.
    """

    stance: Array
    salience: Array
    ignorance: Array
    misjudgement: Array
    own_gain: Array
    joint_gain: Array
    gain_scale: float
    first_policy: Array
    organisations: Observers
    civil_society: Observers
    hears_civil_society: Array


@dataclass(frozen=True, eq=False)
class Units:
    """The unit of comparison: how far migrants, hosts and departure countries lay apart in 2005.

    Standard deviation of each index at central parameters, ``(1,)``; the same for every replicate.
    """

    migrants: Array
    hosts: Array
    departures: Array


@dataclass(frozen=True, eq=False)
class Setting:
    """Everything a phase may read besides the world itself.

    ``outer``: the scenario's processes that are convened by uptake, known also to the world in which they do
    not meet, so that neither draws what lies outside the scenario.
    """

    definition: Scenario
    worlds: Worlds
    states: States
    corridors: Corridors
    parameters: Parameters
    noise: Noise
    shocks: Shocks
    levers: Levers
    base: Base
    earlier: Earlier
    distance: Array
    cast: Cast | None = None
    measured_in: Units | None = None
    nudge: Conditions | None = None
    outer: tuple[str, ...] = ()

    @property
    def n_replicates(self) -> int:
        """Length of the leading axis."""
        return len(self.worlds)

    @cached_property
    def refuge(self) -> tuple[Index, Corridors]:
        """Where refugees of 2005 went: their places among the corridors, and these by themselves."""
        taken = np.flatnonzero(self.base.stock[..., CLASSES.index("displaced"), :].any(axis=0))
        return taken, self.corridors.only(taken)

    def members(self, year: int) -> Array:
        """States that are members of the United Nations in a year, ``(state,)`` in {0, 1}."""
        return np.where(self.states.member_since <= year, 1.0, 0.0)

    @property
    def units(self) -> Units:
        """The unit of comparison; only a setting that has one can be measured."""
        if self.measured_in is None:
            msg = "This setting has no unit of comparison: begin a run with migsim.start.begin."
            raise RuntimeError(msg)
        return self.measured_in

    @property
    def actors(self) -> Cast:
        """The cast; a setting without one can only move the world."""
        if self.cast is None:
            msg = "This setting has no cast: the world can move, but nobody can meet."
            raise RuntimeError(msg)
        return self.cast
