"""What states would gain by moving levers: the model's own payoffs, by perturbation.

``U_i = host_i H_i + departure_i D_i + w M_i``. Each coefficient of the world is nudged in the central world,
once for everybody together and once for each of some groups of states that share few migrants, and followed
for some years. The quotients are the gains from a unit of a coefficient; a lever's gain is its size times
that.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from migsim.world.accounts import blank_ledger
from migsim.world.corridors import Array, Index
from migsim.world.policy import Levers
from migsim.world.setting import Setting
from migsim.world.state import Conditions, World
from migsim.world.vocabulary import COEFFICIENTS

__all__ = ["N_RUNS", "CoefficientGains", "lever_gains", "perturb", "utility"]

type Year = Callable[[World, Setting], World]

N_GROUPS = 8
"""How many groups of states are nudged in turn to find a state's gain from its own policy."""

N_RUNS = 2 + N_GROUPS
"""Worlds followed side by side: nobody nudged, everybody, and each group."""


@dataclass(frozen=True, eq=False)
class CoefficientGains:
    """Gain in percent of income per unit of each coefficient, ``(state, coefficient)``.

    A state's own move as a host or as a state of departure, and everybody's moving together.
    """

    own_host: Array
    own_origin: Array
    joint_host: Array
    joint_origin: Array


def utility(world: World, setting: Setting, concern: Array) -> Array:
    """Payoff of each state in percent of its income, ``(..., state)``.

    ``concern``: percent per point by which its nationals abroad live better than at home, for each of those
    abroad in the base year, so that nobody's leaving lowers the mean.
    """
    states, corridors = setting.states, setting.corridors
    people, home = world.people.stock, corridors.at_origin(world.wellbeing.home)
    better = corridors.at_destination(world.wellbeing.index) - home[..., None, :]
    first = np.maximum(corridors.by_origin(setting.base.stock.sum(axis=-2)), 1.0)
    nationals = corridors.by_origin((people * better).sum(axis=-2)) / first
    return states.host * world.gains.hosts + states.departure * world.gains.departures + concern * nationals


def perturb(
    start: World, setting: Setting, move: Year, concern: float, n_years: int, step: float
) -> CoefficientGains:
    """Nudge each coefficient and follow the world for some years.

    Parameters
    ----------
    start : World
        The base year as a batch of `N_RUNS` like replicates, at central parameters.
    setting : Setting
        The same batch, without shocks.
    move : callable
        One year of the world alone, without any meeting.
    concern : float
        Weight of migrants' well-being in a state's payoff.
    n_years : int
        Years that states look ahead.
    step : float
        Size of the nudge.
    """
    n_states = len(setting.states)
    group = far_apart(setting)
    masks = np.stack(
        [np.zeros(n_states), np.ones(n_states), *(np.where(group == g, 1.0, 0.0) for g in range(N_GROUPS))]
    )
    gains: dict[str, Array] = {}
    for side in ("host", "origin"):
        own = np.zeros((n_states, len(COEFFICIENTS)))
        joint = np.zeros_like(own)
        for q in acted_on(setting.levers, side):
            world, nudged = start, replace(setting, nudge=_nudge(side, q, step * masks))
            for _ in range(n_years):
                world = move(replace(world, year=world.year + 1, ledger=blank_ledger(masks.shape)), nudged)
            payoff = utility(world, setting, np.full((1, 1), concern))
            gain = (payoff[1:] - payoff[0]) / step
            joint[:, q] = gain[0]
            own[:, q] = gain[1 + group, np.arange(n_states)]
        gains[f"own_{side}"], gains[f"joint_{side}"] = own, joint
    return CoefficientGains(**gains)


def far_apart(setting: Setting) -> Index:
    """Group of each state, ``(state,)``, such that few migrants live between states of one group.

    In order of their links, each state joins the group with which it shares the least: what others of its
    group do when they are nudged with it then hardly reaches it. A link counts migrants per inhabitant of
    either state, at central class shares, so that a run has the same groups in every replicate.
    """
    base, corridors = setting.base, setting.corridors
    people = base.stock[0].sum(axis=0)
    links = np.zeros((len(setting.states), len(setting.states)))
    for end, other in ((corridors.origin, corridors.destination), (corridors.destination, corridors.origin)):
        np.add.at(links, (end, other), people / base.population[end] + people / base.population[other])
    group = np.full(len(setting.states), -1)
    for state in np.argsort(-links.sum(axis=0), kind="stable"):
        shared = [links[state, group == g].sum() for g in range(N_GROUPS)]
        group[state] = int(np.argmin(shared))
    return group


def acted_on(table: Levers, side: str) -> list[int]:
    """Coefficients that some lever moves on one side; the others cannot matter to anybody's choice."""
    strength = table.at_host if side == "host" else table.at_origin
    return sorted({int(q) for q, acts in zip(table.coefficient, strength, strict=True) if acts > 0.0})


def _nudge(side: str, q: int, sizes: Array) -> Conditions:
    """A nudge of coefficient ``q`` on one side, ``sizes`` ``(run, state)``."""
    n_runs, n_states = sizes.shape
    moved = np.zeros((n_runs, len(COEFFICIENTS), n_states))
    moved[:, q, :] = sizes
    none = np.zeros_like(moved)
    return Conditions(moved, none, none) if side == "host" else Conditions(none, moved, none)


def lever_gains(
    per_unit: CoefficientGains, table: Levers, sizes: Array, costs: Array, reach: Array | float = 1.0
) -> tuple[Array, Array]:
    """Own and joint gain of each state from full use of each lever, net of its cost, percent of income.

    Parameters
    ----------
    per_unit : CoefficientGains
    table : Levers
    sizes : array, shape ``(..., paragraph)``
    costs : array, shape ``(..., state, paragraph)``
        What full use costs the state itself, percent of its income.
    reach : array, shape ``(..., state, paragraph)``
        Share of a lever's effect that a state with its practice gets.

    Returns
    -------
    own, joint : arrays, shape ``(..., state, paragraph)``
    """
    own = (
        table.at_host * per_unit.own_host[:, table.coefficient]
        + table.at_origin * per_unit.own_origin[:, table.coefficient]
    )
    joint = (
        table.at_host * per_unit.joint_host[:, table.coefficient]
        + table.at_origin * per_unit.joint_origin[:, table.coefficient]
    )
    acting = sizes[..., None, :] * reach
    return acting * own - costs, acting * joint - costs
