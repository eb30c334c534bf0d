"""The published experiment: what two find by a mediator when issues depend on each other."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migsim.negotiation.chance import Chance
from migsim.negotiation.interdependent_contract import mediate_contract

N_SEEDS, N_ISSUES, STEPS, HEAT = 50, 100, 20_000, 3.0
HILL, ANNEAL = "hill_climber", "annealer"


def stream(seed):
    return np.random.Generator(np.random.PCG64(seed))


def lots(seeds, n, seats=None):
    return Chance(
        [stream(seed) for seed in seeds], np.arange(n) if seats is None else seats, n, is_single=False
    )


def wishes(seeds, n_actors, n_issues):
    """Entries between -1 and 1, symmetrised."""
    drawn = np.stack([stream(1000 + seed).uniform(-1, 1, (n_actors, n_issues, n_issues)) for seed in seeds])
    return 0.5 * (drawn + np.swapaxes(drawn, -1, -2))


def utilities(contract, interdependence):
    return np.einsum("pi,paij,pj->pa", contract, interdependence, contract)


@pytest.fixture(scope="module")
def found():
    """Contracts and welfare by the kinds of the two, in fifty draws."""
    both = wishes(range(N_SEEDS), 2, N_ISSUES)
    pairs = [(HILL, HILL), (HILL, ANNEAL), (ANNEAL, ANNEAL)]
    return both, {
        kinds: mediate_contract(both, kinds, STEPS, HEAT, lots(range(N_SEEDS), 2)) for kinds in pairs
    }


def test_annealers_find_the_better_contract(found):
    hills, mixed, annealers = (welfare for _, welfare in found[1].values())
    assert hills.mean() < mixed.mean() < annealers.mean()
    assert (mixed < annealers).mean() >= 0.95
    assert (hills < annealers).mean() >= 0.95
    assert (hills < mixed).mean() > 0.5
    assert hills.mean() == pytest.approx(0.74, abs=0.06)
    assert annealers.mean() == pytest.approx(0.98, abs=0.02)


def test_giving_way_alone_is_a_prisoner_s_dilemma(found):
    both, runs = found
    hills, mixed, annealers = (utilities(contract, both) for contract, _ in runs.values())
    stubborn, yielding = mixed[:, 0].mean(), mixed[:, 1].mean()
    assert yielding < hills.mean() < annealers.mean() < stubborn
    assert np.mean(mixed[:, 0] > mixed[:, 1]) >= 0.95


def test_hill_climbers_stop_where_every_flip_hurts_one_of_them(found):
    both, runs = found
    contract, _ = runs[HILL, HILL]
    put = 1.0 - 2.0 * contract
    pull = np.einsum("paij,pj->pai", both, contract)
    gains = 2.0 * put[:, None] * pull + np.diagonal(both, axis1=-2, axis2=-1)
    assert np.all(gains.min(axis=1) < 0.0)


def enumerated(interdependence):
    n = interdependence.shape[-1]
    contracts = (np.arange(2**n)[:, None] >> np.arange(n)) & 1
    return np.einsum("ci,ij,cj->c", contracts, interdependence.sum(axis=0), contracts).max()


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_welfare_is_never_above_the_best_of_all_contracts(seed):
    both = wishes([seed], 3, 8)
    contract, welfare = mediate_contract(both, (ANNEAL,) * 3, 400, HEAT, lots([seed], 3))
    value = utilities(contract, both).sum()
    assert value <= enumerated(both[0]) + 1e-9
    assert np.isin(contract, (0.0, 1.0)).all()
    assert np.isnan(welfare[0]) or np.sign(welfare[0]) == np.sign(np.round(value, 12))


def test_the_yardstick_is_usually_the_best_of_all_contracts():
    both = wishes(range(20), 2, 10)
    contract, welfare = mediate_contract(both, (ANNEAL, ANNEAL), 3000, HEAT, lots(range(20), 2))
    best = np.array([enumerated(each) for each in both])
    yardstick = utilities(contract, both).sum(axis=1) / welfare
    assert np.mean(np.isclose(yardstick, best)) >= 0.8


def test_one_row_is_its_place_among_many():
    both = wishes(range(6), 2, 12)
    kinds = (HILL, ANNEAL)
    contracts, welfare = mediate_contract(both, kinds, 1500, HEAT, lots(range(6), 2))
    for place in (0, 5):
        row, row_welfare = mediate_contract(both[place : place + 1], kinds, 1500, HEAT, lots([place], 2))
        alone = Chance((stream(place),), np.arange(2), 2)
        single, single_welfare = mediate_contract(both[place], kinds, 1500, HEAT, alone)
        np.testing.assert_array_equal(row[0], contracts[place])
        np.testing.assert_array_equal(single, contracts[place])
        assert float(row_welfare[0]) == float(single_welfare) == float(welfare[place])


def test_the_order_of_actors_does_not_matter():
    three = wishes(range(4), 3, 15)
    order = np.array([2, 0, 1])
    kinds = (HILL, ANNEAL, ANNEAL)
    one, _ = mediate_contract(three, kinds, 2000, HEAT, lots(range(4), 3))
    permuted = np.ascontiguousarray(three[:, order])
    other, _ = mediate_contract(
        permuted, [kinds[k] for k in order], 2000, HEAT, lots(range(4), 3, seats=order)
    )
    np.testing.assert_array_equal(one, other)


def test_nothing_to_gain_and_no_time():
    none = np.zeros((2, 4, 4))
    contract, welfare = mediate_contract(none, (HILL, HILL), 0, HEAT, Chance((stream(1),), np.arange(2), 2))
    assert contract.shape == (4,)
    assert np.isnan(welfare)
    bad = -np.eye(4)[None]
    contract, welfare = mediate_contract(bad, (HILL,), 500, HEAT, Chance((stream(1),), np.arange(1), 1))
    assert contract.tolist() == [0.0] * 4
    assert np.isnan(welfare)
