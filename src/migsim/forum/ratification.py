"""Ratification: how strongly each state is drawn to a binding instrument, and held back from it.

A state that has not ratified does so in a year with the chance ``h = 1 - exp(-rate)``::

    ln rate = level + benefit * value - depth * adjustment - equality * E * host
              + security * S - sovereignty * reluctance + peers * (share of its sub-region that are parties)

* ``value = departure * D * (what it cares about and the text binds hosts to) / (all it cares about that is in
  hosts' hands)``: what a state of departure gains for its nationals (i-developing-mwc). It grows with depth
  and with breadth: a text that asks nothing, or of nobody, gives nothing.
* ``adjustment``: how much of all its policy a state would have to move, and how far: the sum over the text's
  paragraphs of the distance from its own ideal up to ``D``, weighted by its role on the side that acts, over
  the same sum with every paragraph at distance one. Breadth costs, as it gives.
* ``E host``: equality clauses deter hosts (i-gov-equality, s-equality-blocks); ``S``: rules against crime are
  wanted by all (s-security-consensus, i-govts-palermo); ``reluctance``: the documents' stances on binding
  norms by role, sign reversed and in [-1, 1] (i-developed-mwc, i-states-no-law).

Where reservations are allowed they take a share off ``D`` and ``E``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from migsim.actors.interests import by_roles, salience
from migsim.actors.stances import score_of
from migsim.world.corridors import Array, total
from migsim.world.kept import once
from migsim.world.setting import Setting, States
from migsim.world.state import World

__all__ = [
    "Instruments",
    "Interests",
    "Stakes",
    "Terms",
    "asked",
    "bound",
    "chance",
    "expected",
    "interests",
    "log_rate",
    "share_of_peers",
    "stakes",
    "stakes_in",
]

LARGEST_SCORE: Final = 2.0
"""Stances run from -2 to 2."""


@dataclass(frozen=True)
class Instruments:
    """Registry group ``instruments``, each ``(..., 1)``."""

    level: Array
    benefit: Array
    depth: Array
    equality: Array
    security: Array
    sovereignty: Array
    peers: Array
    reservations: Array
    compliance: Array
    compliance_practice: Array


@dataclass(frozen=True)
class Terms:
    """Registry group ``processes.*.instrument``: what one instrument is like, each ``(..., 1)``."""

    depth: Array
    equality: Array
    security: Array
    reservations: Array
    is_imposed: Array


@dataclass(frozen=True)
class Stakes:
    """What an instrument means to each state, ``(..., state)``; ``security`` ``(..., 1)``."""

    value: Array
    adjustment: Array
    equality: Array
    security: Array
    reluctance: Array


def asked(terms: Terms, p: Instruments) -> tuple[Array, Array]:
    """Depth and weight of equality clauses after reservations, ``(..., 1)`` each."""
    left = 1.0 - terms.reservations * p.reservations
    return terms.depth * left, terms.equality * left


@dataclass(frozen=True)
class Interests:
    """What states care about in any text, ``(..., state, paragraph)``.

    ``cares``: how much each cares about what is in hosts' hands; ``ideal``: what it would do of itself.
    """

    cares: Array
    ideal: Array


def interests(world: World, setting: Setting) -> Interests:
    """What states care about this year, whatever the text."""
    table = setting.levers
    cares = salience(world, setting, for_objection=False).take(table.theme, axis=-1) * table.at_host
    return Interests(cares, np.ascontiguousarray(world.policies.ideal))


def stakes(name: str, world: World, setting: Setting, known: Interests | None = None) -> Stakes:
    """What the instrument of a process means to each state this year; ``known``: as for `stakes_in`."""
    terms = setting.parameters.group(Terms, f"processes.{name}.instrument")
    return stakes_in(bound(name, setting), terms, world, setting, known)


def stakes_in(
    binds: Array, terms: Terms, world: World, setting: Setting, known: Interests | None = None
) -> Stakes:
    """What a text means to each state this year.

    Parameters
    ----------
    binds : array, shape ``(paragraph,)``
        The paragraphs that it binds, in {0, 1}.
    terms : Terms
    world : World
    setting : Setting
    known : Interests, optional
        What `interests` gives, if it is at hand.
    """
    depth, equality = asked(terms, setting.parameters.group(Instruments, "instruments"))
    states, known = setting.states, interests(world, setting) if known is None else known
    covered = _part(total(known.cares * binds), total(known.cares))[..., 0]
    side = _acting_side(setting)
    way = np.maximum(depth[..., None] - known.ideal, 0.0)
    way *= side * binds
    moved = _part(total(way), total(side))[..., 0]
    return Stakes(
        value=states.departure * depth * covered,
        adjustment=moved,
        equality=equality * states.host,
        security=terms.security,
        reluctance=reluctance(states),
    )


@once
def _acting_side(setting: Setting) -> Array:
    """Weight of each state's role on the side that acts on a paragraph, ``(state, paragraph)``."""
    states, table = setting.states, setting.levers
    return states.host[:, None] * table.at_host + states.departure[:, None] * table.at_origin


def bound(name: str, setting: Setting) -> Array:
    """The paragraphs that the instrument of a process binds, ``(paragraph,)`` in {0, 1}."""
    return _bound(setting, name)


@once
def _bound(setting: Setting, name: str) -> Array:
    named = setting.definition.spec.processes[name].instrument.paragraphs
    return np.isin(np.array(setting.levers.paragraphs), named).astype(np.float64)


def reluctance(states: States) -> Array:
    """How far a state's roles hold back from binding norms, ``(state,)`` in [-1, 1]; silence is 0."""
    return -by_roles(states, lambda role: score_of(role, "binding_norms")) / LARGEST_SCORE


def log_rate(means: Stakes, p: Instruments) -> Array:
    """Log of the yearly rate of ratifying where no neighbour has, ``(..., state)``."""
    rate: Array = (
        p.level
        + p.benefit * means.value
        - p.depth * means.adjustment
        - p.equality * means.equality
        + p.security * means.security
        - p.sovereignty * means.reluctance
    )
    return rate


def chance(alone: Array, share: Array, p: Instruments) -> Array:
    """Chance of ratifying within the year, ``(..., state)`` in [0, 1).

    Parameters
    ----------
    alone : array
        `log_rate`.
    share : array
        `share_of_peers`.
    p : Instruments
    """
    likely: Array = -np.expm1(-np.exp(alone + p.peers * share))
    return likely


def expected(
    means: Stakes, years: range, members: Array, states: States, p: Instruments, start: Array | None = None
) -> dict[int, Array]:
    """Chance of each state to be a party at the end of each year, ``(..., state)``.

    ``P' = P + (1 - P) h``, with the expected share of neighbours in place of the actual one.

    Parameters
    ----------
    means : Stakes
    years : range
    members : array, shape ``(state,)``
        States that may ratify, in {0, 1}.
    states : States
    p : Instruments
    start : array, shape ``(..., state)``, optional
        Parties before, in {0, 1} or as chances; none by default.
    """
    alone = log_rate(means, p)
    parties = np.zeros_like(alone) if start is None else np.broadcast_to(start, alone.shape)
    found = {}
    for year in years:
        likely = chance(alone, share_of_peers(parties, members, states), p)
        parties = parties + (1.0 - parties) * likely * members
        found[year] = parties
    return found


def share_of_peers(parties: Array, members: Array, states: States) -> Array:
    """Share of the members of each state's sub-region that are parties, ``(..., state)``.

    Parameters
    ----------
    parties : array, shape ``(..., state)``
        Parties, in {0, 1} or as chances.
    members : array, shape ``(state,)``
        Members of the year, in {0, 1}.
    states : States
    """
    order = np.argsort(states.subregion_index, kind="stable")
    first, place = np.unique(states.subregion_index[order], return_index=True)
    of = np.searchsorted(first, states.subregion_index)
    joined = np.add.reduceat(np.ascontiguousarray((parties * members)[..., order]), place, axis=-1)
    there = np.add.reduceat(members[order], place)
    share: Array = _part(joined, there)[..., of]
    return share


def _part(some: Array, everything: Array) -> Array:
    """A share; of nothing, none."""
    return np.where(everything > 0.0, some / np.where(everything > 0.0, everything, 1.0), 0.0)
