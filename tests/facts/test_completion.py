"""After completion nothing is missing, and what was known is as it was."""

from __future__ import annotations

import numpy as np
import pytest

from migsim.facts import complete, load

FACTS = load()
DONE = complete(FACTS)
Y2005 = FACTS.year(2005)


def states(mask):
    return [FACTS.iso3[i] for i in np.flatnonzero(mask)]


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        ("income_2005", (193,)),
        ("growth_per_head", (193, 13)),
        ("price_change", (13,)),
        ("unemployment_2005", (193,)),
        ("remittances_received_2005", (193,)),
        ("population", (193, 3)),
        ("immigrants", (193, 2)),
        ("emigrants", (193, 2)),
    ],
)
def test_nothing_is_missing(name, shape):
    array = getattr(DONE, name)
    assert array.shape == shape
    assert np.isfinite(array).all()


@pytest.mark.parametrize(
    ("filled", "mask", "known"),
    [
        (DONE.income_2005, DONE.imputed_income, FACTS.income[:, Y2005]),
        (DONE.unemployment_2005, DONE.imputed_unemployment, FACTS.unemployment[:, Y2005]),
        (DONE.remittances_received_2005, DONE.imputed_remittances, FACTS.remittances_received_2005),
        (DONE.immigrants, DONE.imputed_immigrants, FACTS.immigrants[:, :2]),
    ],
    ids=["income", "unemployment", "remittances", "immigrants"],
)
def test_only_gaps_are_filled(filled, mask, known):
    assert np.array_equal(mask, np.isnan(known))
    assert np.array_equal(filled[~mask], known[~mask])


def test_states_without_income():
    assert " ".join(states(DONE.imputed_income)) == "AND CUB DJI LIE MCO NRU PRK SOM SSD SYR"
    assert (DONE.income_2005 > 400).all()
    assert (DONE.income_2005 < 150_000).all()


def test_north_korea_takes_the_median_of_low_income_states():
    low = np.array(FACTS.income_group) == "L"
    assert DONE.income_2005[FACTS.index("PRK")] == np.nanmedian(FACTS.income[low, Y2005])


def test_income_of_another_year_is_carried_by_growth_and_prices():
    djibouti = FACTS.index("DJI")
    after = DONE.growth_years > 2005
    until = after & (DONE.growth_years <= 2011)
    carried = np.prod((1 + DONE.growth_per_head[djibouti, until]) * (1 + DONE.price_change[until]))
    assert DONE.income_2005[djibouti] == pytest.approx(FACTS.income[djibouti, FACTS.year(2011)] / carried)


def test_prices_are_those_of_the_united_states():
    # The deflator of the United States rose by between 0.7 and 3.2 % in every one of these years.
    assert (DONE.price_change > 0.005).all()
    assert (DONE.price_change < 0.036).all()


def test_growth_per_head():
    usa, year = FACTS.index("USA"), FACTS.year(2006)
    people = FACTS.population[usa, year] / FACTS.population[usa, year - 1]
    assert DONE.growth_per_head[usa, 5] == pytest.approx((1 + FACTS.growth[usa, year] / 100) / people - 1)
    assert states(DONE.imputed_growth[:, :11].any(axis=1)) == ["TUV"]


def test_unemployment_of_the_nearest_year():
    armenia = FACTS.index("ARM")
    near = FACTS.unemployment[armenia, FACTS.year(2003) : FACTS.year(2010)]
    assert DONE.unemployment_2005[armenia] in near


def test_remittances_by_emigrants_of_the_income_group():
    cuba = FACTS.index("CUB")
    assert np.isnan(FACTS.remittances_received[cuba]).all()
    per_emigrant = DONE.remittances_received_2005[cuba] / DONE.emigrants[cuba, 1]
    assert 1e-4 < per_emigrant < 3e-3  # 100 to 3,000 dollars


def test_stocks_without_a_record_begin_at_nought():
    assert states(DONE.imputed_immigrants.any(axis=1)) == ["MNE", "SSD"]
    assert (DONE.immigrants[DONE.imputed_immigrants] == 0).all()


def test_completed_once_read_only_and_shown_briefly():
    assert complete(FACTS) is DONE
    assert not DONE.population.flags.writeable
    assert repr(DONE).startswith("<Completed: 193 states in 2005; filled: income 10, ")
