"""Flight: how many is the scenario's to say, where they go the model's."""

import numpy as np
import pytest

from migsim.world.displacement import DisplacementParameters, host_weights
from migsim.world.flows import DISPLACED, FlowParameters
from migsim.world.flows import transitions as change_of_class
from tests.lives import lived, small, varied

TOTALS = {2007: 500_000, 2008: 1_200_000, 2009: 700_000}


@pytest.fixture(scope="module")
def life():
    return lived(small(), (0, 1, 2), "ranged")


@pytest.fixture(scope="module")
def on(life):
    return life.setting.corridors.of_origin[life.setting.states.index("SYR")]


@pytest.mark.parametrize("year", TOTALS)
def test_refugees_abroad_at_the_year_s_end_are_the_declared_total(life, on, year):
    abroad = life.at(year).people.stock[:, DISPLACED][:, on].sum(axis=-1)
    np.testing.assert_allclose(abroad, TOTALS[year], rtol=1e-9)
    coming = life.at(year).people.flow[:, DISPLACED][:, on].sum(axis=-1)
    assert np.all(coming > 0.0) if year < 2009 else np.all(coming == 0.0)


def test_all_refugees_may_go_home_without_making_people():
    definition = varied({"shocks.flight.refugees_abroad": {2007: 500_000, 2008: 0}})
    life = lived(definition)
    p = life.setting.parameters.group(FlowParameters, "world.flows")
    before, after = life.at(2007), life.at(2008)
    stock, people = before.people.stock, after.people
    changed = change_of_class(stock, after.conditions, life.setting.corridors, p)
    expected = stock + people.flow - people.returns - p.death[..., None] * stock + changed
    np.testing.assert_allclose(people.stock.sum(), expected.sum(), rtol=1e-12)
    np.testing.assert_allclose(people.stock, expected, rtol=1e-9, atol=1e-6)


def test_hosts_share_the_displaced(life, on):
    setting, world = life.setting, life.at(2007)
    p = setting.parameters.group(DisplacementParameters, "world.displacement")
    weights = host_weights(world, setting, p, on, setting.corridors.destination[on])
    np.testing.assert_allclose(weights.sum(axis=-1), 1.0, rtol=1e-12)
    assert weights.min() >= 0.0


def test_nearness_diaspora_and_size_draw_and_without_them_all_hosts_share_alike(life, on):
    setting, world = life.setting, life.worlds[0]
    hosts = setting.corridors.destination[on]

    def shares(**weights):
        zero = np.zeros((setting.n_replicates, 1))
        named = {name: zero for name in DisplacementParameters.__dataclass_fields__}
        p = DisplacementParameters(**named | {name: zero + w for name, w in weights.items()})
        return host_weights(world, setting, p, on, hosts)[0]

    np.testing.assert_allclose(shares(), 1.0 / on.size)
    next_door = setting.corridors.distance[on] <= 800.0
    assert 0 < next_door.sum() < on.size
    border = shares(border=1.0, border_distance=800.0)
    expected = np.where(next_door, np.e, 1.0)
    np.testing.assert_allclose(border, expected / expected.sum())
    near = shares(distance=1.0)
    assert np.argmax(near) == np.argmin(setting.corridors.distance[on])
    assert np.argmax(shares(diaspora=1.0)) == np.argmax(world.people.stock[0].sum(axis=0)[on])
    product = (world.people.population * world.economies.income)[0, hosts]
    np.testing.assert_allclose(shares(capacity=1.0), product / product.sum(), rtol=1e-9)


def test_neighbours_of_a_declared_origin_can_receive_although_no_corridor_is_recorded():
    with_shock, without = lived(small(), last=2005), lived(varied({"shocks": {}}), last=2005)
    assert len(with_shock.setting.corridors) >= len(without.setting.corridors)


def test_other_origins_are_left_alone(life):
    quiet = lived(varied({"shocks.flight": None}), (0, 1, 2), "ranged")
    one, other = life.at(2007), quiet.at(2007)

    def of_mexico(it):
        corridors, mexico = it.setting.corridors, it.setting.states.index("MEX")
        on = corridors.of_origin[mexico]
        return dict(
            zip(corridors.destination[on].tolist(), it.at(2007).people.flow[0][:, on].T.tolist(), strict=True)
        )

    assert of_mexico(life) == of_mexico(quiet)
    assert one.people.stock[:, DISPLACED].sum() > other.people.stock[:, DISPLACED].sum()
