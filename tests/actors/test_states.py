"""Roles and weights of states."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migsim.actors.states import capability, is_host, lies_between, role_weights
from migsim.scenario.load import load
from tests.lives import lived, small, varied

ALL = lived(load("gfmd-2007-2015"), last=2005).setting.states
people = st.lists(st.floats(0, 1e8), min_size=3, max_size=3).map(np.array)


@settings(max_examples=100, deadline=None)
@given(
    immigrants=people,
    emigrants=people,
    paid=people,
    received=people,
    between=st.lists(st.floats(0, 1), min_size=3, max_size=3).map(np.array),
    most=st.floats(0, 1),
)
def test_roles_are_shares_of_one(immigrants, emigrants, paid, received, between, most):
    roles = role_weights(immigrants, emigrants, paid, received, np.full(3, 1e9), between, most)
    assert min(role.min() for role in roles) >= 0.0
    np.testing.assert_allclose(sum(roles), 1.0)
    np.testing.assert_array_equal(roles[2], most * between)


def test_transit_is_taken_from_both_other_roles_alike():
    figures = [np.array([3e6, 1e6]), np.array([1e6, 1e6]), np.zeros(2), np.zeros(2), np.full(2, 1e9)]
    none, some = (role_weights(*figures, np.array([0.5, 1.0]), most) for most in (0.0, 0.4))
    np.testing.assert_allclose(none[0], [0.75, 0.5])
    np.testing.assert_allclose(none[1], [0.25, 0.5])
    assert not none[2].any()
    for role in (0, 1):
        np.testing.assert_allclose(some[role], none[role] * np.array([0.8, 0.6]))
    np.testing.assert_allclose(some[2], [0.2, 0.4])


def test_where_what_is_paid_is_not_known_people_alone_place_a_state():
    """A gap is no nought: receipts alone would make a host of migrants a country of departure."""
    people = [np.array([3e6, 3e6, 3e6]), np.array([1e6, 1e6, 1e6])]
    paid, received = np.array([np.nan, 0.0, 5.0]), np.array([500.0, 500.0, 5.0])
    host, departure, _ = role_weights(*people, paid, received, np.full(3, 1e6), np.zeros(3), 0.4)
    np.testing.assert_allclose(host, [0.75, 0.375, 0.75], rtol=1e-12)
    np.testing.assert_allclose(departure, [0.25, 0.625, 0.25], rtol=1e-12)


NEAR = np.zeros((3, 3))


def between_of(income, distance, within, rich, population=(5e6, 5e6, 5e6)):
    return lies_between(income, np.array(population), distance, within, rich, 1e6)


def test_microstates_are_nobody_s_destination_but_may_lie_between_themselves():
    income = np.array([1_000.0, 3_000.0, 9_000.0])
    assert between_of(income, NEAR, 2_000.0, 30_000.0, (5e6, 5e6, 40_000.0))[1] == 0.0
    assert between_of(income, NEAR, 2_000.0, 30_000.0, (5e6, 40_000.0, 5e6))[1] == pytest.approx(0.8)


incomes = st.lists(st.floats(100, 1e6), min_size=3, max_size=3).map(np.array)


def test_who_lies_between_a_poorer_and_a_richer_state():
    """``tanh(ln 3) = 0.8`` for one in the middle of a ninefold gap; the ends are no states of transit."""
    income = np.array([1_000.0, 3_000.0, 9_000.0])
    np.testing.assert_allclose(between_of(income, NEAR, 2_000.0, 30_000.0), [0.0, 0.8, 0.0], atol=1e-12)
    uneven = np.array([1_000.0, 6_000.0, 9_000.0])
    np.testing.assert_allclose(
        between_of(uneven, NEAR, 2_000.0, 30_000.0)[1], np.tanh(np.log(1.5)), atol=1e-12
    )
    alike = np.full(3, 5_000.0)
    assert not between_of(alike, NEAR, 2_000.0, 30_000.0).any()


def test_only_what_is_near_makes_a_state_of_transit():
    income = np.array([1_000.0, 3_000.0, 9_000.0])
    distance = np.array([[0.0, 500.0, 2_500.0], [500.0, 0.0, 2_000.0], [2_500.0, 2_000.0, 0.0]])
    assert between_of(income, distance, 2_000.0, 30_000.0)[1] == pytest.approx(0.8)
    assert not between_of(income, distance, 1_999.0, 30_000.0).any()
    assert not between_of(income, distance, 400.0, 30_000.0).any()


def test_nobody_passes_through_one_rich_state_to_a_richer_one():
    income = np.array([1_000.0, 40_000.0, 90_000.0])
    assert not between_of(income, NEAR, 2_000.0, 30_000.0).any()
    assert between_of(income, NEAR, 2_000.0, 60_000.0)[1] > 0.3
    capped = np.array([1_000.0, 3_000.0, 9_000.0])
    np.testing.assert_array_equal(
        between_of(np.array([1_000.0, 3_000.0, 90_000.0]), NEAR, 2_000.0, 9_000.0),
        between_of(capped, NEAR, 2_000.0, 9_000.0),
    )


@settings(max_examples=100, deadline=None)
@given(income=incomes, rich=st.floats(100, 1e6), factor=st.floats(0.1, 10))
def test_lying_between_is_a_share_whatever_the_money_is_counted_in(income, rich, factor):
    between = between_of(income, NEAR, 1.0, rich)
    assert between.min() >= 0.0
    assert between.max() < 1.0
    np.testing.assert_allclose(between_of(factor * income, NEAR, 1.0, factor * rich), between, atol=1e-9)
    assert between[np.argmax(income)] == between[np.argmin(income)] == 0.0


def test_roles_of_all_states():
    np.testing.assert_allclose(ALL.host + ALL.departure + ALL.transit, 1.0)
    for code in ("USA", "DEU", "SAU", "CHE", "AUS"):
        assert ALL.host[ALL.index(code)] > 1.5 * ALL.departure[ALL.index(code)], code
    for code in ("PHL", "MEX", "BGD", "NPL", "SLV"):
        assert ALL.departure[ALL.index(code)] > 1.5 * ALL.host[ALL.index(code)], code
    most = lived(load("gfmd-2007-2015"), last=2005).setting.parameters["actors.states.most_transit"].item()
    assert ALL.transit.max() < most
    for code in ("MAR", "TUR", "EGY", "GTM"):
        assert ALL.transit[ALL.index(code)] > 0.5 * most, code
    for code in ("USA", "DEU", "NOR", "JPN", "AUS"):
        assert ALL.transit[ALL.index(code)] < 0.1 * most, code
    assert is_host(ALL)[ALL.index("USA")]
    assert not is_host(ALL)[ALL.index("PHL")]


def test_mexico_is_a_state_of_transit():
    assert ALL.transit[ALL.index("MEX")] > 0.0


def test_roles_are_those_of_the_whole_world_whichever_states_take_part():
    few = lived(small()).setting.states
    here = [ALL.index(code) for code in few.iso3]
    for role in ("host", "departure", "transit"):
        np.testing.assert_array_equal(getattr(few, role), getattr(ALL, role)[here])


def test_transit_can_be_left_out():
    states = lived(varied({"actors.states.most_transit": 0.0}), last=2005).setting.states
    assert not states.transit.any()
    np.testing.assert_allclose(states.host + states.departure, 1.0)


def test_size_counts_between_not_at_all_and_in_proportion():
    product, population = np.array([1.0, 4.0, 100.0]), np.array([4.0, 1.0, 100.0])
    np.testing.assert_allclose(capability(product, population, 0.0), 1.0)
    in_full = capability(product, population, 1.0)
    np.testing.assert_allclose(in_full / in_full[0], [1.0, 1.0, 50.0])
    assert in_full.mean() == pytest.approx(1.0)
    assert capability(product, population, 0.5)[2] == pytest.approx(
        np.sqrt(50.0) * capability(product, population, 0.5)[0]
    )
    assert np.mean(ALL.capability) == pytest.approx(1.0)


def test_members_of_the_united_nations():
    setting = lived(load("gfmd-2007-2015"), last=2005).setting
    assert setting.members(2005).sum() == 191
    assert setting.members(2006)[ALL.index("MNE")] == 1.0
    assert setting.members(2010)[ALL.index("SSD")] == 0.0
    assert setting.members(2011).sum() == 193
