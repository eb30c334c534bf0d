"""Shapley values against games with known answers."""

from itertools import permutations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from migsim.analysis.shapley import coalitions_of, exact, joining_orders, over_orders


def test_an_additive_game_gives_each_player_his_own_worth():
    own = np.array([[1.0, -2.0], [0.5, 4.0], [3.0, 0.0]])
    worth = {c: sum((own[p] for p in range(3) if c >> p & 1), np.zeros(2)) for c in range(8)}
    np.testing.assert_allclose(exact(worth, 3), own)
    np.testing.assert_allclose(over_orders(worth, [(2, 0, 1)])[0], own)


def test_the_glove_game():
    """Two have a left glove, one a right one; a pair is worth 1 (Shapley 1953)."""
    worth = {c: np.array([1.0 if c & 0b100 and c & 0b011 else 0.0]) for c in range(8)}
    np.testing.assert_allclose(exact(worth, 3).ravel(), [1 / 6, 1 / 6, 2 / 3])


@given(st.integers(1, 5), st.integers(0, 2**32 - 1))
def test_values_add_up_and_all_orders_are_exact(n_players, seed):
    stream = np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed)))
    worth = {c: stream.normal(size=3) for c in range(2**n_players)}
    values = exact(worth, n_players)
    np.testing.assert_allclose(values.sum(axis=0), worth[2**n_players - 1] - worth[0], atol=1e-12)
    orders = list(permutations(range(n_players)))
    np.testing.assert_allclose(over_orders(worth, orders).mean(axis=0), values, atol=1e-12)
    some = over_orders(worth, orders[: max(1, len(orders) // 3)]).mean(axis=0)
    np.testing.assert_allclose(some.sum(axis=0), worth[2**n_players - 1] - worth[0], atol=1e-12)


def test_orders_come_with_their_reverse_and_do_not_depend_on_how_many_are_asked():
    orders = joining_orders(7, 4, 2026)
    assert orders[1] == orders[0][::-1]
    assert orders[3] == orders[2][::-1]
    assert joining_orders(7, 8, 2026)[:4] == orders
    coalitions = coalitions_of(orders)
    assert coalitions[0] == 0
    assert coalitions[-1] == 2**7 - 1
    assert len(coalitions) <= 4 * 6 + 2
