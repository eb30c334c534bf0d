"""Displacement: how many flee a country is scenario input; where they arrive is the model's to say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from migsim.world.corridors import Array, Index, total
from migsim.world.state import World
from migsim.world.vocabulary import CLASSES

if TYPE_CHECKING:
    from migsim.world.setting import Setting

__all__ = ["DisplacementParameters", "displace"]

DISPLACED = CLASSES.index("displaced")


@dataclass(frozen=True)
class DisplacementParameters:
    """Registry group ``world.displacement``, each ``(..., 1)``."""

    diaspora: Array
    distance: Array
    border: Array
    border_distance: Array
    capacity: Array


def displace(
    flow: Array, returns: Array, staying: Array, world: World, setting: Setting
) -> tuple[Array, Array]:
    """Bring the refugees abroad of each displaced origin to the scenario's total for the year.

    When the total rises, the newly displaced split over hosts by ``S^a d^-b (N y)^c exp(border + openness)``:
    diaspora, distance and capacity, openness of the host. When it falls, refugees return in proportion.
    Source: literature dist; the weights are assumptions.

    Parameters
    ----------
    flow, returns : array, shape ``(..., class, corridor)``
        Moves of the year before displacement.
    staying : array, shape ``(..., 1)``
        Share of the displaced who neither die nor settle during the year.
    """
    p = setting.parameters.group(DisplacementParameters, "world.displacement")
    for origin, total_abroad in setting.shocks.displaced(world.year):
        on = setting.corridors.of_origin[origin]
        hosts = setting.corridors.destination[on]
        refugees = world.people.stock[..., DISPLACED, :].take(on, axis=-1)
        leaving = returns[..., DISPLACED, :].take(on, axis=-1)
        remaining = np.maximum(staying * refugees - leaving, 0.0)
        change = total_abroad - total(remaining)
        weights = host_weights(world, setting, p, on, hosts)
        flow, returns = flow.copy(), returns.copy()
        flow[..., DISPLACED, on] = np.maximum(change, 0.0) * weights
        share = remaining / np.maximum(total(remaining), 1e-9)
        returns[..., DISPLACED, on] += np.minimum(np.maximum(-change, 0.0) * share, remaining)
    return flow, returns


def host_weights(world: World, setting: Setting, p: DisplacementParameters, on: Index, hosts: Index) -> Array:
    """Shares of the newly displaced by host, ``(..., corridor of the origin)``, summing to one."""
    diaspora = np.log(1.0 + world.people.stock.sum(axis=-2).take(on, axis=-1))
    distance = np.log(1.0 + setting.corridors.distance[on])
    capacity = np.log(world.people.population.take(hosts, axis=-1)) + np.log(
        world.economies.income.take(hosts, axis=-1)
    )
    openness = world.conditions.at_host("openness_displaced").take(hosts, axis=-1)
    next_door = p.border * (setting.corridors.distance[on] <= p.border_distance)
    score = p.diaspora * diaspora - p.distance * distance + next_door + p.capacity * capacity + openness
    weights = np.exp(score - score.max(axis=-1, keepdims=True))
    shares: Array = weights / total(weights)
    return shares
