"""What changes from year to year: the state of the world, as records of arrays.

Plural nouns are arrays. Every array has the replicate as its first axis; the other axes trail, in the order
class, aspect, state, theme, paragraph, corridor. A phase takes a `World` and returns a new one; nothing is
written in place.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from migsim.world.corridors import Array
from migsim.world.vocabulary import COEFFICIENTS, COST_BASES

__all__ = [
    "Commitments",
    "Conditions",
    "Economies",
    "Gains",
    "Ledger",
    "Minutes",
    "Opinions",
    "People",
    "Policies",
    "Proceedings",
    "Transfers",
    "Treaties",
    "Wellbeing",
    "World",
    "unmoved",
]


@dataclass(frozen=True)
class People:
    """Migrants on corridors, and the population of states.

    ``stock``, ``flow``, ``returns``: persons, ``(..., class, corridor)``, flows per year; ``everybody``: the
    stock of all classes, ``(..., corridor)``; ``hosted``: the stock by host, ``(..., class, state)``. By
    state, ``(..., state)``: ``immigrants``, those of unknown origin included; ``emigrants``; ``population``;
    ``inflow`` and ``outflow`` count moves in and out, returns included.
    """

    stock: Array
    flow: Array
    returns: Array
    everybody: Array
    hosted: Array
    immigrants: Array
    emigrants: Array
    population: Array
    inflow: Array
    outflow: Array

    @cached_property
    def living_abroad(self) -> Array:
        """Migrants of all classes who live in each state, ``(..., state)``, those of known origin."""
        abroad: Array = self.hosted.sum(axis=-2)
        return abroad


@dataclass(frozen=True)
class Economies:
    """``path``: income per head without migration's effects, 2005 PPP dollars; ``income`` with them.

    ``unemployment`` and ``migrant_unemployment``: shares of the labour force; ``host_effect``,
    ``origin_effect``: log points of income that migrants add in the host and in the state of departure since
    2005. All ``(..., state)``.
    """

    path: Array
    income: Array
    unemployment: Array
    migrant_unemployment: Array
    host_effect: Array
    origin_effect: Array
    skill_loss: Array


@dataclass(frozen=True)
class Transfers:
    """Remittances: ``sent`` ``(..., corridor)``, ``received`` and ``paid`` ``(..., state)``.

    Million USD of 2005 a year; ``cost``: share of a transfer lost to fees, ``(..., state)`` of receipt.
    """

    sent: Array
    received: Array
    paid: Array
    cost: Array


@dataclass(frozen=True)
class Opinions:
    """Shares of the public ``(..., state)`` that sum to one.

    ``attention`` ``(..., state, theme)`` in [0, 1]; ``control``, the public's sense that the state is in
    charge, in [0, 1]; ``noticed`` ``(..., state, 3)``: what the public saw of the year, see
    `migsim.world.opinion.notice`.
    """

    pro: Array
    ambivalent: Array
    anti: Array
    attention: Array
    control: Array
    noticed: Array


@dataclass(frozen=True)
class Wellbeing:
    """``aspects``: ``(..., class, aspect, state)`` in [0, 1].

    ``index``: ``(..., class, state)`` points in [0, 100], and ``first``, the index of 2005; ``home``: the
    same index for life at home, ``(..., state)``; ``home_shift`` ``(..., 1)``: what places its scale, see
    `migsim.triple_win.anchor_home`.
    """

    aspects: Array
    index: Array
    first: Array
    home: Array
    home_shift: Array


@dataclass(frozen=True)
class Policies:
    """``policy`` and ``ideal``: ``(..., state, paragraph)`` in [0, 1].

    Both lie paragraph first in memory, see `migsim.world.policy.laid_by_paragraph`.

    ``practice`` and ``knowledge``: ``(..., state, theme)`` in [0, 1].
    """

    policy: Array
    ideal: Array
    practice: Array
    knowledge: Array


@dataclass(frozen=True)
class Conditions:
    """How far policy has moved each coefficient of the world since the base year.

    ``host`` and ``origin``: ``(..., coefficient, state)``, the part that a state's policy moves as a host and
    as a state of departure; ``costs``: USD a year per person of each cost base, ``(..., cost base, state)``.
    """

    host: Array
    origin: Array
    costs: Array

    def at_host(self, name: str) -> Array:
        """Coefficient ``name`` as moved by hosts, ``(..., state)``."""
        return self.host[..., COEFFICIENTS.index(name), :]

    def at_origin(self, name: str) -> Array:
        """Coefficient ``name`` as moved by states of departure, ``(..., state)``."""
        return self.origin[..., COEFFICIENTS.index(name), :]

    def own(self, name: str) -> Array:
        """Coefficient ``name`` as moved by the state itself in either role, ``(..., state)``."""
        return self.at_host(name) + self.at_origin(name)


def unmoved(shape: tuple[int, ...]) -> Conditions:
    """Conditions of the base year, for replicates and states of ``shape``."""
    *lead, n_states = shape
    coefficients = np.zeros((*lead, len(COEFFICIENTS), n_states))
    return Conditions(coefficients, coefficients, np.zeros((*lead, len(COST_BASES), n_states)))


@dataclass(frozen=True)
class Commitments:
    """What stands of adopted texts for each state that pledged them, and the trust among states.

    ``position``, ``ambiguity``, ``strength``, ``pledged``: the text that a state stands by, all ``(...,
    state, paragraph)``, ``pledged`` in {0, 1}; ``promised`` and ``delivered``: mean distance pledged and
    covered this year, ``(..., state)``; ``kept`` ``(..., state, paragraph)`` in [0, 1]: share of this year's
    fading that taking stock makes good; ``agreements`` ``(..., state, paragraph)``: how far agreements of two
    move what a state aims at; ``trust`` ``(..., state)`` in [0, 1].
    """

    position: Array
    ambiguity: Array
    strength: Array
    pledged: Array
    promised: Array
    delivered: Array
    kept: Array
    agreements: Array
    trust: Array


@dataclass(frozen=True)
class Proceedings:
    """What each process of the scenario has done so far, in the scenario's order.

    ``first_met`` and ``last_met`` ``(..., process)``: years of the first and the last session held, plus and
    minus infinity if none; ``times_met`` likewise; ``attended`` ``(..., process, state)`` and ``treated``
    ``(..., process, theme)``, both in {0, 1}: who came to that last session, and what was on its agenda;
    ``discussed`` ``(..., process, theme)``: the year in which a theme was last on the process's agenda.
    """

    first_met: Array
    last_met: Array
    times_met: Array
    attended: Array
    treated: Array
    discussed: Array


@dataclass(frozen=True)
class Treaties:
    """Binding instruments: ``joined`` ``(..., instrument, state)``, the year in which a state ratified.

    Infinity where it has not. Instruments stand in the order in which the scenario names them.
    """

    joined: Array


@dataclass(frozen=True)
class Ledger:
    """Money of the year that is nobody's remittance, million USD, ``(..., state)``.

    ``grants_given``, ``grants_received``, ``forum_costs``, ``policy_costs``.
    """

    grants_given: Array
    grants_received: Array
    forum_costs: Array
    policy_costs: Array


@dataclass(frozen=True)
class Minutes:
    """The record of one session of one process.

    ``held`` ``(..., 1)`` in {0, 1}: whether it took place; ``attended`` ``(..., state)``, ``on_agenda``
    ``(..., theme)`` and ``on_paragraphs`` ``(..., paragraph)``, all in {0, 1}; for each paragraph
    ``(..., paragraph)`` the ``draft``, the text's ``position`` and ``ambiguity``, whether ``adopted``, its
    ``strength``, the ``objections`` counted and the ``compromise`` mean; ``proposals`` ``(..., state,
    paragraph)``: what each delegation asked for; of the marketplace, ``matches`` and ``grants`` ``(..., 1)``:
    projects and million USD, ``demands`` and ``offers`` ``(..., 1)``: delegations that ask, and projects that
    donors would pay for, and ``matched`` ``(..., theme)``: the projects, divided among the themes by what
    those served lack; ``civil_report`` ``(..., theme)``; ``votes`` ``(..., state)``:
    position in `migsim.world.vocabulary.VOTES`, or -1 where no vote was taken.
    """

    process: str
    held: Array
    attended: Array
    on_agenda: Array
    on_paragraphs: Array
    proposals: Array
    civil_report: Array
    draft: Array
    position: Array
    ambiguity: Array
    adopted: Array
    strength: Array
    objections: Array
    against: Array
    pledged: Array
    compromise: Array
    matches: Array
    grants: Array
    demands: Array
    offers: Array
    matched: Array
    votes: Array


@dataclass(frozen=True)
class Gains:
    """The three indices of the triple win by state, and what they are made of; see `migsim.triple_win`."""

    hosts: Array
    departures: Array
    output: Array
    fiscal: Array
    order: Array
    integration: Array
    money: Array
    skills: Array
    development: Array


@dataclass(frozen=True)
class World:
    """Everything that changes, at the end of one year, for a batch of replicates."""

    year: int
    people: People
    economies: Economies
    transfers: Transfers
    opinions: Opinions
    wellbeing: Wellbeing
    policies: Policies
    conditions: Conditions
    commitments: Commitments
    proceedings: Proceedings
    treaties: Treaties
    ledger: Ledger
    gains: Gains
    uptake: Array
    minutes: tuple[Minutes, ...] = ()
