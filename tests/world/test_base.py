"""The figures of 2005 are reproduced."""

import numpy as np
import pytest

from migsim.ensemble.batch import run_batch
from migsim.facts import complete, load
from migsim.scenario.load import load as load_scenario
from migsim.world.vocabulary import CLASSES
from tests.lives import SEED, lived

FACTS, COMPLETED = load(), complete(load())


@pytest.fixture(scope="module", params=["central", "ranged"])
def life(request):
    return lived(load_scenario("gfmd-2007-2015"), (0, 1), request.param, last=2005)


def test_income_population_and_remittances(life):
    world = life.worlds[0]
    for replicate in range(2):
        np.testing.assert_array_equal(world.economies.income[replicate], COMPLETED.income_2005)
        np.testing.assert_array_equal(world.people.population[replicate], COMPLETED.population[:, 1])
        np.testing.assert_array_equal(
            world.transfers.received[replicate], COMPLETED.remittances_received_2005
        )
        np.testing.assert_allclose(
            life.setting.corridors.by_origin(world.transfers.sent)[replicate]
            + life.setting.base.unattributed_receipts[replicate],
            COMPLETED.remittances_received_2005,
            rtol=1e-9,
            atol=1e-6,
        )


def test_corridors_and_the_unattributed_give_the_immigrants(life):
    corridors, base = life.setting.corridors, life.setting.base
    living = life.worlds[0].people.stock.sum(axis=-2)
    immigrants = corridors.by_destination(living) + base.unattributed
    np.testing.assert_allclose(immigrants[0], COMPLETED.immigrants[:, 1], rtol=1e-9, atol=1e-6)


def test_emigrants_are_the_figures_or_what_corridors_and_refugees_add_up_to(life):
    """Where the corridors with UNHCR's refugees hold more than the recorded emigrants, they are kept."""
    corridors, base = life.setting.corridors, life.setting.base
    on_corridors = corridors.by_origin(life.worlds[0].people.stock.sum(axis=-2))
    emigrants = (on_corridors + base.unattributed_emigrants)[0]
    figures = FACTS.emigrants[:, 1]
    np.testing.assert_allclose(emigrants, np.maximum(figures, on_corridors[0]), rtol=1e-9, atol=1e-6)
    excess = emigrants - figures
    assert (excess > 1.0).sum() <= 20
    assert excess.sum() < 1e-3 * figures.sum()


def test_corridors_hold_the_recorded_stocks_and_refugees(life):
    corridors, people = life.setting.corridors, life.worlds[0].people
    place = {pair: c for c, pair in enumerate(zip(corridors.origin, corridors.destination, strict=True))}
    stock = people.stock[0].sum(axis=0)
    pairs = zip(FACTS.corridor_origin, FACTS.corridor_destination, strict=True)
    for row, pair in enumerate(pairs):
        if FACTS.corridor_stock[row, :2].sum() > 0.0:
            assert stock[place[pair]] == pytest.approx(FACTS.corridor_stock[row, 1], abs=1e-6)
    displaced = people.stock[0, CLASSES.index("displaced")]
    pairs = zip(FACTS.refugee_origin, FACTS.refugee_host, strict=True)
    for row, pair in enumerate(pairs):
        if pair in place:
            c = place[pair]
            assert displaced[c] == pytest.approx(min(FACTS.refugees[row, 0], stock[c]), abs=1e-6)


def test_classes_are_shares_of_a_stock(life):
    stock = life.worlds[0].people.stock
    assert stock.min() >= 0.0
    others = stock[:, :3].sum(axis=-2)
    share = life.setting.parameters["world.base.irregular_share"]
    np.testing.assert_allclose(stock[:, 2], share * others, rtol=1e-9)


def test_nothing_has_moved_yet(life):
    world = life.worlds[0]
    assert not world.conditions.host.any()
    assert not world.ledger.grants_given.any()
    assert np.all(world.commitments.pledged == 0.0)
    np.testing.assert_array_equal(
        world.commitments.trust, life.setting.parameters["trust.start"] + 0.0 * world.commitments.trust
    )


def test_rows_of_2005_in_the_tables():
    definition = load_scenario("gfmd-2007-2015").vary(
        "one year", {"years.last": 2006, "processes": {}, "shocks": {}}
    )
    states = run_batch(definition, (0,), SEED, "ranged")["states"]
    first = states["year"] == 2005
    assert tuple(states["state"][first]) == FACTS.iso3
    np.testing.assert_array_equal(states["income"][first], COMPLETED.income_2005)
    np.testing.assert_array_equal(states["population"][first], COMPLETED.population[:, 1])
    np.testing.assert_allclose(states["immigrants"][first], COMPLETED.immigrants[:, 1], rtol=1e-9, atol=1e-6)
    np.testing.assert_allclose(states["emigrants"][first], FACTS.emigrants[:, 1], rtol=0.05, atol=2.0)
    np.testing.assert_array_equal(states["remittances_received"][first], COMPLETED.remittances_received_2005)
    np.testing.assert_allclose(states["unemployment"][first], COMPLETED.unemployment_2005 / 100.0)
    for gain in ("gain_host", "gain_departure", "gain", "gain_output", "gain_money"):
        assert not states[gain][first].any(), gain
