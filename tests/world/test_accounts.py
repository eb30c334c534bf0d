"""The ledger and the indices."""

from dataclasses import replace

import numpy as np
import pytest

from migsim.world.accounts import account, aid, counted
from migsim.world.economy import product
from migsim.world.remittances import RemittanceParameters, earnings
from migsim.world.vocabulary import CLASSES, COEFFICIENTS, COST_BASES
from tests.lives import HELD, lived, small, varied

MANY = (0, 1, 2)
HOST = ("output", "fiscal", "order", "integration")
DEPARTURE = ("money", "skills", "development")


@pytest.fixture(scope="module")
def life():
    return lived(small(), MANY, "ranged")


def given_and_received(life):
    for world in life.worlds[1:]:
        yield world.ledger.grants_given.sum(axis=-1), world.ledger.grants_received.sum(axis=-1)


def test_every_grant_given_is_received(life):
    for gave, got in given_and_received(life):
        np.testing.assert_allclose(gave, got, rtol=1e-12, atol=1e-12)
    assert max(gave.max() for gave, _ in given_and_received(life)) > 1.0


def test_the_market_s_grants_alone():
    life = lived(varied({"levers.migration_aid": 0.0}), MANY, "ranged")
    for world, (gave, got) in zip(life.worlds[1:], given_and_received(life), strict=True):
        np.testing.assert_allclose(gave, got, rtol=1e-12)
        granted = sum((m.grants[:, 0] for m in world.minutes), np.zeros(3))
        np.testing.assert_allclose(gave, granted, rtol=1e-12)
        projects = sum((m.matches[:, 0] for m in world.minutes), np.zeros(3))
        size = life.setting.parameters["processes.gfmd.marketplace.project"][:, 0]
        np.testing.assert_allclose(granted, projects * size, rtol=1e-12)


def test_aid_alone():
    changes = {"levers.migration_aid": 0.03, "processes.gfmd.switches.marketplace": False}
    life = lived(varied(changes), MANY, "ranged")
    for gave, got in given_and_received(life):
        np.testing.assert_allclose(gave, got, rtol=1e-12, atol=1e-12)
    world = life.last
    given, received = aid(world, life.setting, product(world, life.setting))
    np.testing.assert_array_equal(world.ledger.grants_given, given)
    assert np.abs(given[:, life.setting.states.is_developed == 0.0]).max() == 0.0
    assert np.abs(received).max() > 0.0


def test_aid_below_that_of_2005_is_given_by_nobody():
    """Aid counts beyond that of 2005: who gives less than then takes nothing back from its partners."""
    life = lived(varied({"levers.migration_aid": 0.03, "world.policy.start": 1.0}), MANY, "ranged")
    world = life.last
    less = world.conditions.host.copy()
    less[:, COEFFICIENTS.index("aid")] = -1.0
    cut = replace(world, conditions=replace(world.conditions, host=less))
    for side in aid(cut, life.setting, product(world, life.setting)):
        assert not side.any()
    for each in life.worlds[1:]:
        assert each.ledger.grants_given.min() >= 0.0
        assert each.ledger.grants_received.min() >= 0.0


def test_costs_of_meetings_are_paid_in_full_and_by_those_who_can(life):
    states = life.setting.states
    for world in life.worlds[1:]:
        due = np.zeros(len(MANY))
        for session in world.minutes:
            report = {
                name: life.setting.parameters[f"processes.gfmd.report.{name}"][:, 0]
                for name in ("delegation_cost", "chair_cost")
            }
            sessions = life.setting.definition.spec.processes["gfmd"].sessions
            meeting = next(each for each in sessions if each.year == world.year)
            due = due + report["delegation_cost"] * session.attended.sum(axis=-1)
            due = due + report["chair_cost"] * meeting.size
            chair = states.index(meeting.chair)
            assert np.all(world.ledger.forum_costs[:, chair] >= report["chair_cost"] * meeting.size)
            assert not world.ledger.forum_costs[session.attended == 0.0].any()
            poor = np.flatnonzero(states.is_least_developed)
            assert not np.delete(world.ledger.forum_costs[:, poor], poor == chair, axis=1).any()
        np.testing.assert_allclose(world.ledger.forum_costs.sum(axis=-1), due, rtol=1e-12)


def test_indices_are_the_weighted_sums_of_their_components():
    weights = {name: 0.3 + 0.2 * n for n, name in enumerate((*HOST, *DEPARTURE))}
    life = lived(varied({f"world.accounts.weight_{name}": weight for name, weight in weights.items()}))
    for world in life.worlds:
        for index, names in (("hosts", HOST), ("departures", DEPARTURE)):
            total = sum(weights[name] * getattr(world.gains, name) for name in names)
            np.testing.assert_allclose(getattr(world.gains, index), total, rtol=1e-12, atol=1e-12)


def test_money_is_receipts_over_income(life):
    world = life.last
    np.testing.assert_allclose(
        world.gains.money, 100.0 * world.transfers.received / product(world, life.setting), rtol=1e-12
    )


def test_a_cost_lowers_its_payer_s_fiscal_balance_by_its_share_of_income():
    with_costs, without = lived(small()), lived(varied({"processes.gfmd.switches.costs": False}))
    for one, other in zip(with_costs.worlds, without.worlds, strict=True):
        income = product(one, with_costs.setting)
        np.testing.assert_allclose(
            one.gains.fiscal - other.gains.fiscal,
            -100.0 * one.ledger.forum_costs / income,
            rtol=1e-6,
            atol=1e-12,
        )


def test_costs_of_policy_are_counted_by_whom_they_concern(life):
    world, corridors = life.last, life.setting.corridors
    stock, population = world.people.stock, world.people.population
    counts = counted(world.people.hosted, world.people.emigrants, population)
    people = dict(zip(COST_BASES, np.moveaxis(counts, -2, 0), strict=True))
    n_states = len(life.setting.states)
    for name, end, classes in (
        ("migrants", corridors.destination, range(len(CLASSES))),
        ("emigrants", corridors.origin, range(len(CLASSES))),
        ("irregular", corridors.destination, [CLASSES.index("irregular")]),
        ("displaced", corridors.destination, [CLASSES.index("displaced")]),
    ):
        counts = stock[:, list(classes)].sum(axis=1)
        expected = [np.bincount(end, row, n_states) for row in counts]
        np.testing.assert_allclose(people[name], expected, rtol=1e-9)
    np.testing.assert_array_equal(people["population_share"], population)


def test_policy_costs_nothing_before_it_has_moved(life):
    assert not life.at(2006).ledger.policy_costs.any()
    assert life.last.ledger.policy_costs.any()
    free = lived(varied({"world.policy.cost_scale": 0.0}))
    assert not free.last.ledger.policy_costs.any()


@pytest.mark.parametrize("more", [-0.2, 0.1, 0.5])
def test_a_dollar_more_for_migrants_is_a_dollar_less_for_the_host(more):
    """All of it at an incidence of one, its share at another; nobody else's books are touched."""
    for incidence, last in ((1.0, 2009), (0.5, 2009), (0.0, 2006)):
        life = lived(varied({"world.accounts.wage_incidence": incidence}), MANY, "ranged", last=last)
        setting, world = life.setting, life.last
        host = world.conditions.host.copy()
        host[:, COEFFICIENTS.index("migrant_wage")] += more
        dearer = replace(world, conditions=replace(world.conditions, host=host))
        p = setting.parameters.group(RemittanceParameters, "world.remittances")
        one = np.ones_like(world.people.population)
        earned = [
            setting.corridors.by_destination(earnings(each, setting, p, one)) for each in (world, dearer)
        ]
        income = world.economies.income * setting.base.market_rate * world.people.population / 1e6
        before, after = (account(each, setting).gains for each in (world, dearer))
        lost = 0.01 * (before.output - after.output) * income
        np.testing.assert_allclose(lost, incidence * (earned[1] - earned[0]), rtol=1e-9, atol=1e-6)
        for name in ("fiscal", "order", "integration", "departures", "money", "development"):
            np.testing.assert_array_equal(getattr(before, name), getattr(after, name))


def test_pay_as_in_2005_costs_the_host_nothing():
    life = lived(varied({"world.accounts.wage_incidence": 0.0}), MANY, "ranged", last=2005)
    np.testing.assert_array_equal(
        lived(small(), MANY, "ranged").worlds[0].gains.output, life.last.gains.output
    )


def test_receiving_the_displaced_costs_by_the_head():
    """A share of income per head for each of them, in the base year as in any other, and nothing besides."""
    dear, usual, free = (
        lived(varied({**HELD, "world.accounts.reception": part}), MANY, "ranged") for part in (0.2, 0.1, 0.0)
    )
    for costly, middle, none in zip(dear.worlds, usual.worlds, free.worlds, strict=True):
        present = none.people.hosted[:, CLASSES.index("displaced")] / none.people.population
        for life, part in ((costly, 0.2), (middle, 0.1)):
            paid = none.gains.fiscal - life.gains.fiscal
            np.testing.assert_allclose(paid, 100.0 * part * present, rtol=1e-6, atol=1e-9)
    lebanon = usual.setting.states.index("LBN")
    heads = usual.at(2008).people.hosted[:, CLASSES.index("displaced")] / usual.at(2008).people.population
    assert np.all(heads[:, lebanon] > 0.02)
