"""Registry parameters as columns of a batch."""

import numpy as np

from migsim.provenance.parameters import registry
from migsim.world.noise import Noise
from migsim.world.parameters import Parameters
from tests.lives import small, varied

NOISE = Noise(3, tuple(range(50)), 193)


def concrete():
    return [(row, row.path.replace("*", "gfmd")) for row in registry().rows]


def test_central_columns_are_the_scenario():
    parameters = Parameters(small(), NOISE, "central")
    for row, path in concrete():
        value = small().value(path)
        number = row.options.index(value) if row.kind == "choice" else float(value)
        assert np.all(parameters[path] == number), path
        assert parameters[path].shape == (50, 1)


def test_ranged_columns_lie_in_range_and_only_what_is_drawn_varies():
    parameters = Parameters(small(), NOISE, "ranged")
    for row, path in concrete():
        column = parameters[path]
        pinned = small().is_pinned(path)
        assert (np.unique(column).size > 1) == (row.is_drawn and not pinned), path
        if row.is_drawn and not pinned and row.kind != "choice":
            assert row.low <= column.min(), path
            assert column.max() <= row.high, path
        if row.kind == "choice":
            assert set(np.unique(column)) <= set(range(len(row.options))), path


def test_a_varied_choice_takes_every_option():
    column = Parameters(small(), NOISE, "ranged")["world.flows.hump"]
    assert set(column[:, 0]) == {0.0, 1.0, 2.0}


def test_what_a_scenario_sets_is_pinned_and_moves_no_other_draw():
    free = Parameters(small(), NOISE, "ranged")
    set_here = Parameters(varied({"world.flows.network": 0.7}), NOISE, "ranged")
    assert np.all(set_here["world.flows.network"] == 0.7)
    for _, path in concrete():
        if path != "world.flows.network":
            np.testing.assert_array_equal(set_here[path], free[path], err_msg=path)
