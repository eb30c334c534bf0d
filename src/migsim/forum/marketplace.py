"""The marketplace: demands for help meet offers, in parallel with the forum.

(evidence n-market, n-market-condition).

Departure countries that know little about a theme of the agenda ask; developed states offer a small part of
their income, more when they trust. A task force pairs them by the assignment that serves need and ties best.
It opens only if interest and support suffice: enough delegations ask, and enough of those that could give
would fund a project. Every dollar is debited to a donor.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from migsim.actors.behaviour import answers, number
from migsim.forum.session import Session, effects
from migsim.world.corridors import Array, Index, total
from migsim.world.economy import product
from migsim.world.setting import Setting
from migsim.world.state import World

__all__ = ["MarketParameters", "match_market", "pair", "support"]

MOST_PROJECTS = 40
"""Bound on the size of the assignment; the neediest askers and the largest donors come first."""


@dataclass(frozen=True)
class MarketParameters:
    """Registry group ``processes.*.marketplace``, each ``(..., 1)``."""

    budget: Array
    project: Array
    projects_per_donor: Array
    largest_share: Array
    least_interest: Array
    least_support: Array
    practice: Array
    ties: Array


def match_market(world: World, session: Session, setting: Setting) -> tuple[World, Session]:
    """Pair demands with offers and enter the grants."""
    p = setting.parameters.group(MarketParameters, session.path("marketplace"))
    is_on = effects(setting, session.process).marketplace
    if not is_on.any():
        return world, session
    offers = offered(world, session, setting, p) * is_on
    lacks = lacking(world, session)
    need = needed(lacks, session, setting)
    interest = (need > 0.0).sum(axis=-1, keepdims=True) / np.maximum(
        session.attended.sum(axis=-1, keepdims=True), 1.0
    )
    opens = (interest >= p.least_interest) & (support(offers, session, setting, p) >= p.least_support)
    opens = opens & (is_on > 0.0)
    given, received = np.zeros_like(need), np.zeros_like(need)
    n_projects = np.zeros_like(opens, dtype=np.float64)
    sizes = np.minimum(p.project, p.largest_share * product(world, setting))
    payable = np.minimum(np.floor(offers / p.project), p.projects_per_donor)
    slots = np.where(opens, payable, 0.0).astype(np.intp)
    for r in np.flatnonzero(opens[:, 0]):
        donors, askers = pair(slots[r], need[r], setting.distance, ties=float(p.ties[r, 0]))
        received[r, askers] = sizes[r, askers]
        given[r] = np.bincount(donors, weights=received[r, askers], minlength=need.shape[-1])
        n_projects[r] = donors.size
    learned = session.on_agenda[..., None, :] * (p.practice * (received > 0.0))[..., None]
    practice = world.policies.practice + learned * (1.0 - world.policies.practice)
    ledger = replace(
        world.ledger,
        grants_given=world.ledger.grants_given + given,
        grants_received=world.ledger.grants_received + received,
    )
    world = replace(world, ledger=ledger, policies=replace(world.policies, practice=practice))
    session = replace(
        session,
        matches=n_projects,
        grants=given.sum(axis=-1, keepdims=True),
        demands=total(np.where(need > 0.0, is_on, 0.0)),
        offers=total(payable),
        matched=by_theme(lacks, received > 0.0),
    )
    return world, session


def offered(world: World, session: Session, setting: Setting, p: MarketParameters) -> Array:
    """What each state puts up, million USD, ``(..., state)``."""
    budget = p.budget * product(world, setting) * setting.states.is_developed * world.commitments.trust
    offers = budget * session.attended
    for index, said in answers("offers", world, setting, session.process):
        values = number(said, 0.0, 1e6, f"offers of {setting.states.iso3[index]}", setting.n_replicates)
        offers[:, index] = values * session.attended[:, index]
    return offers


def support(offers: Array, session: Session, setting: Setting, p: MarketParameters) -> Array:
    """What the task force finds before the forum meets, ``(..., 1)`` in [0, 1] (n-market-taskforce).

    The share of the possible donors that come who would fund at least one project.
    """
    would_fund = np.where(offers >= p.project, 1.0, 0.0)
    possible = np.maximum(session.attended * setting.states.is_developed, would_fund)
    share: Array = total(would_fund) / np.maximum(total(possible), 1.0)
    return share


def lacking(world: World, session: Session) -> Array:
    """How much practice each state lacks on each theme of the agenda, ``(..., state, theme)`` in [0, 1]."""
    return (1.0 - world.policies.practice) * session.on_agenda[..., None, :]


def needed(lacks: Array, session: Session, setting: Setting) -> Array:
    """How much practice each departure country present lacks on the agenda's themes, ``(..., state)``."""
    asks = session.attended * (1.0 - setting.states.is_developed) * setting.states.departure
    need: Array = lacks.sum(axis=-1) * asks
    return need


def by_theme(lacks: Array, is_served: NDArray[np.bool_]) -> Array:
    """The projects, one for each state served, divided among themes by what it lacks, ``(..., theme)``."""
    whole = lacks.sum(axis=-1, keepdims=True)
    shares = np.where(is_served[..., None], lacks / np.where(whole > 0.0, whole, 1.0), 0.0)
    matched: Array = np.ascontiguousarray(np.moveaxis(shares, -1, -2)).sum(axis=-1)
    return matched


def pair(slots: Index, need: Array, distance: Array, *, ties: float) -> tuple[Index, Index]:
    """Assign projects: the donor and the asker of each.

    Donors fund as many projects as they have slots, each asker gets one; the value of a pair is the need less
    ``ties`` times the distance in 10,000 km.
    """
    from scipy.optimize import linear_sum_assignment

    donors, askers = np.flatnonzero(slots), np.flatnonzero(need > 0.0)
    donors = donors[np.argsort(-slots[donors], kind="stable")]
    donors = np.repeat(donors, slots[donors])[:MOST_PROJECTS]
    askers = askers[np.argsort(-need[askers], kind="stable")][:MOST_PROJECTS]
    value = need[askers] - ties * distance[donors[:, None], askers] / 10_000.0
    rows, columns = linear_sum_assignment(value, maximize=True)
    chosen: Index = donors[rows]
    served: Index = askers[columns]
    return chosen, served
