"""What states would gain by moving a lever."""

import numpy as np
import pytest

from migsim.actors.payoffs import utility
from migsim.world.vocabulary import COEFFICIENTS
from tests.lives import lived, small, varied


@pytest.fixture(scope="module")
def setting():
    return lived(small()).setting


def of_paragraph(gains, setting, name):
    return gains[0, :, setting.levers.paragraphs.index(name)]


def test_gains_grow_with_the_size_of_the_lever(setting):
    """This lever costs nothing, so that its gain is in proportion to its size."""
    doubled = lived(varied({"levers.transfer_cost": -0.54})).setting
    for name in ("own_gain", "joint_gain"):
        once, twice = (of_paragraph(getattr(s.actors, name), s, "transfer_cost") for s in (setting, doubled))
        np.testing.assert_allclose(twice, 2.0 * once, rtol=1e-9)
        other = [of_paragraph(getattr(s.actors, name), s, "equal_pay") for s in (setting, doubled)]
        np.testing.assert_array_equal(*other)


def test_cheaper_transfers_are_worth_most_to_receivers(setting):
    gain = of_paragraph(setting.actors.joint_gain, setting, "transfer_cost")
    states = setting.states
    assert gain[states.index("LBN")] > gain[states.index("USA")]
    assert gain[states.index("PHL")] > 0.0


def test_aid_costs_the_donor_and_helps_the_partner(setting):
    own = of_paragraph(setting.actors.own_gain, setting, "migration_aid")
    joint = of_paragraph(setting.actors.joint_gain, setting, "migration_aid")
    donor, partner = setting.states.index("DEU"), setting.states.index("MAR")
    assert own[donor] < 0.0
    assert joint[partner] > 0.0


def test_everybody_s_moving_differs_from_one_s_own(setting):
    own, joint = setting.actors.own_gain, setting.actors.joint_gain
    assert own.shape == joint.shape == (1, 24, len(setting.levers))
    assert np.isfinite(own).all()
    assert np.isfinite(joint).all()
    assert np.abs(own - joint).max() > 1e-3
    assert setting.actors.gain_scale > 0.0


def test_payoff_weighs_the_roles_and_the_lives_of_nationals():
    life = lived(small())
    world, states = life.last, life.setting.states
    selfish = utility(world, life.setting, np.zeros((1, 1)))
    np.testing.assert_allclose(
        selfish, states.host * world.gains.hosts + states.departure * world.gains.departures
    )
    caring = utility(world, life.setting, np.ones((1, 1)))
    nationals = caring - selfish
    corridors, people = life.setting.corridors, world.people.stock[0]
    mexico = states.index("MEX")
    on = corridors.of_origin[mexico]
    lives = world.wellbeing.index[0][:, corridors.destination[on]]
    expected = (people[:, on] * lives).sum() / people[:, on].sum()
    assert nationals[0, mexico] == pytest.approx(expected)


def test_payoffs_do_not_depend_on_processes_shocks_or_replicates(setting):
    calm = lived(varied({"processes": {}, "shocks.recession": None}), last=2005).setting
    many = lived(small(), (0, 3, 4)).setting
    np.testing.assert_array_equal(setting.actors.own_gain, calm.actors.own_gain)
    np.testing.assert_array_equal(setting.actors.own_gain[0], many.actors.own_gain[1])
    assert len(COEFFICIENTS) == 24
