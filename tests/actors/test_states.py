"""Roles and weights of states."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migsim.actors.states import capability, is_host, role_weights
from migsim.scenario.load import load
from tests.lives import lived

ALL = lived(load("gfmd-2007-2015"), last=2005).setting.states
people = st.lists(st.floats(0, 1e8), min_size=3, max_size=3).map(np.array)


@settings(max_examples=100, deadline=None)
@given(
    immigrants=people, emigrants=people, paid=people, received=people, refugees=people, most=st.floats(0, 1)
)
def test_roles_are_shares_of_one(immigrants, emigrants, paid, received, refugees, most):
    roles = role_weights(immigrants, emigrants, paid, received, np.full(3, 1e9), refugees / 1e8, most, 100.0)
    assert min(role.min() for role in roles) >= 0.0
    np.testing.assert_allclose(sum(roles), 1.0)


def test_roles_of_all_states():
    np.testing.assert_allclose(ALL.host + ALL.departure + ALL.transit, 1.0)
    for code in ("USA", "DEU", "SAU", "CHE", "AUS"):
        assert ALL.host[ALL.index(code)] > 1.5 * ALL.departure[ALL.index(code)], code
    for code in ("PHL", "MEX", "BGD", "NPL", "SLV"):
        assert ALL.departure[ALL.index(code)] > 1.5 * ALL.host[ALL.index(code)], code
    assert is_host(ALL)[ALL.index("USA")]
    assert not is_host(ALL)[ALL.index("PHL")]


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
