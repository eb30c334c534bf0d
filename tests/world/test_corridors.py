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
    np.testing.assert_array_equal(corridors.by_destination(people), arriving)
    np.testing.assert_array_equal(corridors.by_origin(people), leaving)


def test_one_row_is_its_place_among_many(corridors):
    people = np.random.Generator(np.random.PCG64(5)).random((17, len(corridors))) ** 9
    for row in (0, 8, 16):
        alone = np.ascontiguousarray(people[row : row + 1])
        np.testing.assert_array_equal(corridors.by_origin(alone)[0], corridors.by_origin(people)[row])
        np.testing.assert_array_equal(total(alone)[0], total(people)[row])


def test_corridors_of_an_origin(corridors):
    for state in range(9):
        assert set(corridors.origin[corridors.of_origin[state]]) <= {state}
    assert sum(on.size for on in corridors.of_origin) == len(corridors)
