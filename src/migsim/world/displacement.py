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

__all__ = ["DisplacementParameters", "displace", "host_scores"]

DISPLACED = CLASSES.index("displaced")


@dataclass(frozen=True)
class DisplacementParameters:
    """Registry group ``world.displacement``, each ``(..., 1)``."""

    diaspora: Array
    distance: Array
    border: Array
    crossing: Array
    capacity: Array


def displace(
    flow: Array, returns: Array, staying: Array, world: World, setting: Setting
) -> tuple[Array, Array]:
    """Bring the refugees abroad of each displaced origin to the scenario's total for the year.

    The total replaces the usual flow of the displaced from this origin. When it rises, the newly
    displaced split over hosts by diaspora, distance, capacity and openness, see `host_scores`; nobody flees
    where every host is shut. When it falls, refugees return in proportion.

    Parameters
    ----------
    flow, returns : array, shape ``(..., class, corridor)``
        Moves of the year before displacement.
    staying : array, shape ``(..., 1)``
        Share of the displaced who neither die nor settle during the year.
    """
    p = setting.parameters.group(DisplacementParameters, "world.displacement")
    declared = setting.shocks.displaced(world.year)
    if declared:
        flow, returns = flow.copy(), returns.copy()
    for origin, total_abroad in declared:
        on = setting.corridors.of_origin[origin]
        hosts = setting.corridors.destination[on]
        refugees = world.people.stock[..., DISPLACED, :].take(on, axis=-1)
        leaving = returns[..., DISPLACED, :].take(on, axis=-1)
        remaining = np.maximum(staying * refugees - leaving, 0.0)
        change = total_abroad - total(remaining)
        weights = host_weights(world, setting, p, on, hosts)
        flow[..., DISPLACED, on] = np.maximum(change, 0.0) * weights
        share = remaining / np.maximum(total(remaining), 1e-9)
        returns[..., DISPLACED, on] += np.minimum(np.maximum(-change, 0.0) * share, remaining)
    return flow, returns


def host_weights(world: World, setting: Setting, p: DisplacementParameters, on: Index, hosts: Index) -> Array:
    """Shares of the newly displaced by host, ``(..., corridor of the origin)``, summing to one.

    By people and incomes of before the year's moves.
    """
    corridors = setting.corridors
    product = world.people.population * world.economies.income
    score = host_scores(
        world.people.everybody.take(on, axis=-1) + setting.base.small_stock,
        corridors.distance[on],
        corridors.border[on],
        corridors.crossing[on],
        product.take(hosts, axis=-1),
        p,
    )
    score = score + world.conditions.at_host("openness_displaced").take(hosts, axis=-1)
    is_shut = (corridors.closed[on] > 0.0) | setting.shocks.shuts_out_displaced(world.year)[hosts]
    weights = np.exp(score - score.max(axis=-1, keepdims=True)) * ~is_shut
    all_weights = total(weights)
    shares: Array = weights / np.where(all_weights > 0.0, all_weights, np.inf)
    return shares


def host_scores(
    diaspora: Array,
    distance: Array,
    border: Array,
    crossing: Array,
    product: Array,
    p: DisplacementParameters,
) -> Array:
    """Log of each host's weight: ``a ln S - b ln(1 + d) + c [border] + s [crossing] + e ln(N y)``.

    Parameters
    ----------
    diaspora : array
        Migrants from the origin who live there, persons, above zero.
    distance : array
        Of the two states' centres, km.
    border, crossing : array
        1 where a land border can be passed, or a narrow sea lies between.
    product : array
        Population times income per head.
    p : DisplacementParameters
    """
    near = p.border * border + p.crossing * crossing - p.distance * np.log1p(distance)
    score: Array = p.diaspora * np.log(diaspora) + near + p.capacity * np.log(product)
    return score
