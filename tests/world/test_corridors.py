"""Sums over corridors."""

import numpy as np
import pytest

from migsim.world.corridors import Corridors, total


@pytest.fixture(scope="module")
def corridors():
    chance = np.random.Generator(np.random.PCG64(3))
    origin, destination = np.nonzero(chance.random((9, 9)) < 0.4)
    none = np.zeros(origin.size)
    return Corridors(
        origin.astype(np.intp), destination.astype(np.intp), chance.random(origin.size), 9, none, none, none
    )


def test_sums_are_those_of_a_loop(corridors):
    people = np.random.Generator(np.random.PCG64(4)).random((3, 2, len(corridors)))
    arriving, leaving = np.zeros((3, 2, 9)), np.zeros((3, 2, 9))
    for c in range(len(corridors)):
        arriving[..., corridors.destination[c]] += people[..., c]
        leaving[..., corridors.origin[c]] += people[..., c]
    np.testing.assert_allclose(corridors.by_destination(people), arriving, rtol=1e-14)
    np.testing.assert_allclose(corridors.by_origin(people), leaving, rtol=1e-14)


def test_what_holds_at_either_end(corridors):
    income = np.random.Generator(np.random.PCG64(6)).random((3, 9))
    np.testing.assert_array_equal(corridors.at_origin(income), income[:, corridors.origin])
    np.testing.assert_array_equal(corridors.at_destination(income), income[:, corridors.destination])


def test_a_state_that_nobody_leaves_or_comes_to_has_sums_of_zero():
    ends, none = np.array([1, 1]), np.zeros(2)
    lonely = Corridors(ends, np.array([3, 2]), np.ones(2), 5, none, none, none)
    people = np.array([[2.0, 3.0]])
    np.testing.assert_array_equal(lonely.by_origin(people), [[0.0, 5.0, 0.0, 0.0, 0.0]])
    np.testing.assert_array_equal(lonely.by_destination(people), [[0.0, 0.0, 3.0, 2.0, 0.0]])


def test_corridors_out_of_order_are_refused():
    none = np.zeros(2)
    with pytest.raises(ValueError, match="sort them by origin"):
        Corridors(np.array([1, 0]), np.array([0, 1]), np.ones(2), 2, none, none, none)


def test_one_row_is_its_place_among_many(corridors):
    people = np.random.Generator(np.random.PCG64(5)).random((17, len(corridors))) ** 9
    for row in (0, 8, 16):
        alone = np.ascontiguousarray(people[row : row + 1])
        for sums in (corridors.by_origin, corridors.by_destination):
            np.testing.assert_array_equal(sums(alone)[0], sums(people)[row])
        np.testing.assert_array_equal(total(alone)[0], total(people)[row])


def test_corridors_of_an_origin(corridors):
    for state in range(9):
        assert set(corridors.origin[corridors.of_origin[state]]) <= {state}
    assert sum(on.size for on in corridors.of_origin) == len(corridors)


@pytest.mark.parametrize("at_origins", [1.0, 0.5])
def test_what_holds_at_both_ends_is_a_product(corridors, at_origins):
    hosts = np.random.Generator(np.random.PCG64(7)).random((3, 9))
    origins = np.where(np.arange(9) == 4, at_origins, np.ones((3, 1)))
    wanted = origins[:, corridors.origin] * hosts[:, corridors.destination]
    np.testing.assert_array_equal(corridors.between(origins, hosts), wanted)


def test_some_corridors_are_corridors_between_the_same_states(corridors):
    few = corridors.only(np.flatnonzero(corridors.destination == 3))
    people = np.ones((1, len(few)))
    assert few.by_destination(people)[0].tolist() == [0, 0, 0, len(few), 0, 0, 0, 0, 0]
    np.testing.assert_array_equal(few.distance, corridors.distance[corridors.destination == 3])
    assert few.by_origin(people).shape == (1, 9)
