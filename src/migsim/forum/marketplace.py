"""The marketplace: demands for help meet offers, in parallel with the forum.

(evidence n-market, n-market-condition).

Departure countries that know little about a theme of the agenda ask; developed states offer a small part of
their income, more when they trust. A task force pairs them by the assignment that serves need and ties best.
It opens only if interest and support suffice. Every dollar is debited to a donor.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from migsim.actors.behaviour import answers, number
from migsim.forum.session import Session, switches
from migsim.world.accounts import product
from migsim.world.corridors import Array, Index
from migsim.world.setting import Setting
from migsim.world.state import World

__all__ = ["MarketParameters", "match_market", "pair"]

MOST_PROJECTS = 40


@dataclass(frozen=True)
class MarketParameters:
    """Registry group ``processes.*.marketplace``, each ``(..., 1)``."""

    budget: Array
    project: Array
    projects_per_donor: Array
    least_interest: Array
    practice: Array
    ties: Array


def match_market(world: World, session: Session, setting: Setting) -> tuple[World, Session]:
    """Pair demands with offers and enter the grants."""
    p = setting.parameters.group(MarketParameters, session.path("marketplace"))
    is_on = switches(setting, session.process).marketplace
    offers = offered(world, session, setting, p) * is_on
    need = needed(world, session, setting)
    interest = (need > 0.0).sum(axis=-1, keepdims=True) / np.maximum(
        session.attended.sum(axis=-1, keepdims=True), 1.0
    )
    opens = (interest >= p.least_interest) & (is_on > 0.0)
    given, received = np.zeros_like(need), np.zeros_like(need)
    n_projects = np.zeros_like(opens, dtype=np.float64)
    for r in np.flatnonzero(opens[:, 0]):
        donors, askers, amounts = pair(
            offers[r],
            need[r],
            setting.distance,
            project=float(p.project[r, 0]),
            most=float(p.projects_per_donor[r, 0]),
            ties=float(p.ties[r, 0]),
        )
        np.add.at(given[r], donors, amounts)
        np.add.at(received[r], askers, amounts)
        n_projects[r] = donors.size
    served = np.minimum(received / p.project, 1.0)
    learned = session.on_agenda[..., None, :] * (p.practice * served)[..., None]
    practice = world.policies.practice + learned * (1.0 - world.policies.practice)
    ledger = replace(
        world.ledger,
        grants_given=world.ledger.grants_given + given,
        grants_received=world.ledger.grants_received + received,
    )
    world = replace(world, ledger=ledger, policies=replace(world.policies, practice=practice))
    return world, replace(session, matches=n_projects, grants=given.sum(axis=-1, keepdims=True))


def offered(world: World, session: Session, setting: Setting, p: MarketParameters) -> Array:
    """What each state puts up, million USD, ``(..., state)``."""
    budget = p.budget * product(world, setting) * setting.states.is_developed * world.commitments.trust
    offers = budget * session.attended
    for index, said in answers("offers", world, setting, session.process):
        values = number(said, 0.0, 1e6, f"offers of {setting.states.iso3[index]}", setting.n_replicates)
        offers[:, index] = values * session.attended[:, index]
    return offers


def needed(world: World, session: Session, setting: Setting) -> Array:
    """How much practice each departure country present lacks on the agenda's themes, ``(..., state)``."""
    lacks = ((1.0 - world.policies.practice) * session.on_agenda[..., None, :]).sum(axis=-1)
    asks = session.attended * (1.0 - setting.states.is_developed) * setting.states.departure
    return lacks * asks


def pair(
    offers: Array, need: Array, distance: Array, *, project: float, most: float, ties: float
) -> tuple[Index, Index, Array]:
    """Assign projects of one size: donors, askers, and million USD of each.

    Donors with the largest budgets may fund several projects, each asker gets one; the value of a pair is the
    need less ``ties`` times the distance in 10,000 km.
    """
    from scipy.optimize import linear_sum_assignment

    slots = np.minimum(np.floor(offers / project), most).astype(np.intp)
    donors = np.repeat(np.arange(offers.size), slots)
    donors = donors[np.argsort(-offers[donors], kind="stable")][:MOST_PROJECTS]
    askers = np.argsort(-need, kind="stable")[:MOST_PROJECTS]
    askers = askers[need[askers] > 0.0]
    if donors.size == 0 or askers.size == 0:
        empty: Index = np.zeros(0, dtype=np.intp)
        return empty, empty, np.zeros(0)
    value = need[askers][None, :] - ties * distance[np.ix_(donors, askers)] / 10_000.0
    rows, columns = linear_sum_assignment(value, maximize=True)
    chosen: Index = donors[rows]
    served: Index = askers[columns]
    return chosen, served, np.full(rows.size, project)
