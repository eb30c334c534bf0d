"""The figures of 2005 are reproduced."""

import numpy as np
import pytest

from migsim.ensemble.batch import run_batch
from migsim.facts import complete, load
from migsim.scenario.load import load as load_scenario
from migsim.world.flows import FlowParameters, return_rates
from migsim.world.status import StatusParameters, usual_change
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


def test_the_figures_of_2005_are_those_from_which_nobody_need_move_to_stay_the_same(life):
    """Flows make up for deaths, returns and changes of class, and bring what lasts of recent change."""
    setting, stock, flow = life.setting, life.worlds[0].people.stock, life.setting.base.flow
    p = setting.parameters.group(FlowParameters, "world.flows")
    status = setting.parameters.group(StatusParameters, "world.status")
    rates = return_rates(setting.base.stay, life.worlds[0].conditions, 2005, p)
    leaving = rates.take(setting.corridors.destination, axis=-1) + p.death[..., None]
    net = flow - leaving * stock + usual_change(stock, status)
    displaced = CLASSES.index("displaced")
    least = setting.parameters["world.base.least_flow"][..., None] * stock
    above = flow > least * (1.0 + 1e-9)
    np.testing.assert_allclose(net[:, displaced][above[:, displaced]], 0.0, atol=1e-6)
    growth = net / np.maximum(stock, 1e-9)
    for k in range(displaced):
        both = above[:, 0] & above[:, k] & (stock[:, 0] > 0.0) & (stock[:, k] > 0.0)
        np.testing.assert_allclose(growth[:, k][both], growth[:, 0][both], rtol=1e-6, atol=1e-9)
    assert np.all(flow >= least)


def test_people_stay_longest_where_the_published_rates_say_so(life):
    """Of new immigrants fewer leave Canada and the United States within five years than Germany."""
    stay, states = life.setting.base.stay, life.setting.states
    assert np.all(stay > 0.0)
    known = ~np.isnan(states.exits)
    assert known.sum() >= 3
    for replicate in stay:
        order = np.argsort(states.exits[known], kind="stable")
        assert np.all(np.diff(replicate[known][order]) >= 0.0)
    germany, america = (states.index(code) for code in ("DEU", "USA"))
    assert np.all(stay[:, germany] > stay[:, america])


def test_an_excess_of_births_fades_and_an_excess_of_deaths_stays(life):
    base = life.setting.base
    first, later = base.increase(2006), base.increase(2050)
    np.testing.assert_array_equal(first, base.natural_increase)
    growing = base.natural_increase > 0.0
    assert np.all(later[growing] < first[growing])
    assert np.all(later[growing] > 0.0)
    np.testing.assert_array_equal(later[~growing], first[~growing])


def test_the_growth_of_2000_to_2005_is_births_less_deaths_and_the_balance_of_migration(life):
    """The balance is the change of the recorded stocks, and those who died in them."""
    setting, base, order = life.setting, life.setting.base, life.setting.states.registered
    death = setting.parameters["world.flows.death"]
    before, after = COMPLETED.population[order, 0], COMPLETED.population[order, 1]
    joined = {pair: c for c, pair in enumerate(zip(*ends(setting.corridors), strict=True))}
    change = np.zeros(len(setting.corridors))
    for row, pair in enumerate(zip(FACTS.corridor_origin, FACTS.corridor_destination, strict=True)):
        if pair in joined:
            change[joined[pair]] = FACTS.corridor_stock[row, 1] - FACTS.corridor_stock[row, 0]
    came = change / 5.0 + death * life.worlds[0].people.everybody
    balance = setting.corridors.by_destination(came) - setting.corridors.by_origin(came)
    natural = (after / before) ** 0.2 - 1.0 - balance / after
    least, most = (setting.parameters[f"world.base.{end}_natural_increase"] for end in ("least", "largest"))
    expected = np.clip(natural, least, most)
    alike = np.isclose(base.natural_increase, expected, rtol=1e-6, atol=1e-9)
    assert alike.mean() > 0.95
    assert (np.abs(base.natural_increase - expected) < 1e-3).all()


def ends(corridors):
    """Origins and destinations as plain numbers."""
    return corridors.origin.tolist(), corridors.destination.tolist()
