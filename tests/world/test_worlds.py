"""Which worlds a batch holds, and what makes them differ."""

import numpy as np
import pytest

from migsim.start import begin
from migsim.world.worlds import DRAWS, Worlds
from tests.lives import SEED, small

PATH = "trust.start"


def test_a_number_holds_draw_and_luck():
    plain = Worlds.plain((3, 2 * DRAWS + 3))
    assert plain.draws == (3, 3)
    assert plain.lucks == plain.numbers


@pytest.fixture(scope="module")
def settings():
    worlds = Worlds((0, 1, 2, 3), (7, 7, 8, 8), (5, 6, 5, 6), {PATH: (0.1, 0.2, 0.3, 0.4)})
    return begin(small(), worlds, SEED, "ranged")[0]


def test_draws_key_the_parameters_and_lucks_the_rest(settings):
    drawn = settings.parameters["world.flows.network"][:, 0]
    assert drawn[0] == drawn[1] != drawn[2] == drawn[3]
    luck = settings.noise.normals("growth", (1,))[:, 0]
    assert luck[0] == luck[2] != luck[1] == luck[3]


def test_values_go_before_draws(settings):
    assert settings.parameters[PATH][:, 0].tolist() == [0.1, 0.2, 0.3, 0.4]
    assert settings.n_replicates == 4


def test_a_plain_world_is_its_draw_with_its_own_luck():
    plain = begin(small(), (9,), SEED, "ranged")[0]
    told = begin(small(), Worlds((0,), (9,), (9,)), SEED, "ranged")[0]
    np.testing.assert_array_equal(plain.parameters[PATH], told.parameters[PATH])
    np.testing.assert_array_equal(plain.noise.normals("x", (3,)), told.noise.normals("x", (3,)))
