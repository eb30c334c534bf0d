"""Shapley values: what each of several players adds, averaged over the orders in which they may join.

The values of all players add up to what all have together beyond what there is without any (Shapley 1953).
A coalition is a whole number whose binary digits say who is in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import factorial

import numpy as np

from migsim.world.corridors import Array

__all__ = ["coalitions_of", "exact", "joining_orders", "over_orders"]


def exact(worth: Mapping[int, Array], n_players: int) -> Array:
    """What each player adds, of all coalitions.

    Parameters
    ----------
    worth
        By coalition its worth in each world, ``(world,)``; all ``2 ** n_players`` of them.
    n_players

    Returns
    -------
    Array
        ``(player, world)``.

    Examples
    --------
    >>> import numpy as np
    >>> exact({0: np.array([0.0]), 1: np.array([2.0]), 2: np.array([3.0]), 3: np.array([7.0])}, 2).ravel()
    array([3., 4.])
    """
    added = np.zeros((n_players, len(worth[0])))
    for player in range(n_players):
        for coalition in range(2**n_players):
            if coalition >> player & 1:
                continue
            size = coalition.bit_count()
            weight = factorial(size) * factorial(n_players - size - 1) / factorial(n_players)
            added[player] += weight * (worth[coalition | 1 << player] - worth[coalition])
    return added


def joining_orders(n_players: int, n_orders: int, seed: int) -> list[tuple[int, ...]]:
    """Orders in which the players join, in pairs of which one is the other from its end.

    Parameters
    ----------
    n_players
    n_orders
        How many; one more if it is odd.
    seed
        The first orders do not depend on how many are asked for.
    """
    stream = np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=(n_players,))))
    orders = []
    for _ in range((n_orders + 1) // 2):
        order = tuple(int(player) for player in stream.permutation(n_players))
        orders += [order, order[::-1]]
    return orders


def coalitions_of(orders: Iterable[tuple[int, ...]]) -> list[int]:
    """Every coalition that these orders pass through, each once, from the smallest number."""
    found = {0}
    for order in orders:
        coalition = 0
        for player in order:
            coalition |= 1 << player
            found.add(coalition)
    return sorted(found)


def over_orders(worth: Mapping[int, Array], orders: list[tuple[int, ...]]) -> Array:
    """What each player adds, averaged over some orders.

    Returns
    -------
    Array
        ``(order, player, world)``; averaged over orders an estimate without bias, which adds up as the exact
        values do.
    """
    added = np.zeros((len(orders), len(orders[0]), len(worth[0])))
    for n, order in enumerate(orders):
        coalition = 0
        for player in order:
            joined = coalition | 1 << player
            added[n, player] = worth[joined] - worth[coalition]
            coalition = joined
    return added
