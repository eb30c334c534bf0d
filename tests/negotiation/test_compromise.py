"""The compromise mean."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from migsim.negotiation import PROTOCOLS
from migsim.negotiation.compromise import compromise, negotiate
from migsim.negotiation.text import weighted_mean
from migsim.provenance.parameters import registry
from tests.negotiation.rooms import ROOM, rules, seat

share = st.floats(0, 1)
care = st.just(0.0) | st.floats(1e-3, 1)


def test_published_value_on_the_emission_standards():
    rows = [((x - 4.0) / 6.0, s / 100.0, 0.0) for _, _, x, s in ROOM]
    table = seat(rows, 0.5, weight=[c for _, c, _, _ in ROOM])
    assert 4.0 + 6.0 * compromise(table).item() == pytest.approx(7.389955686853766, abs=1e-12)


@given(rows=st.lists(st.tuples(share, care, share), min_size=1, max_size=8))
def test_compromise_lies_among_the_positions_and_nobody_blocks(rows):
    table = seat(rows, 0.5)
    text = negotiate(table, rules())
    positions = [x for x, _, _ in rows]
    assert min(positions) - 1e-9 <= text.position.item() <= max(positions) + 1e-9
    assert text.adopted.item() == 1.0
    assert text.objections.item() == 0.0
    assert 0.0 <= text.strength.item() <= 1.0


def test_if_no_one_cares_capabilities_weigh():
    table = seat([(0.0, 0.0, 0.0), (1.0, 0.0, 0.0)], 0.5, weight=[1.0, 3.0])
    assert compromise(table).item() == pytest.approx(0.75)


def test_the_absent_do_not_count():
    table = seat([(0.0, 1.0, 0.0), (1.0, 1.0, 0.0)], 0.5, seated=[1.0, 0.0])
    assert compromise(table).item() == 0.0


def test_strength_falls_with_the_spread():
    near = negotiate(seat([(0.45, 1.0, 0.0), (0.55, 1.0, 0.0)], 0.5), rules(0.3))
    far = negotiate(seat([(0.3, 1.0, 0.0), (0.7, 1.0, 0.0)], 0.5), rules(0.3))
    assert near.ambiguity.item() == pytest.approx(0.05)
    assert far.ambiguity.item() == pytest.approx(0.2)
    assert near.strength.item() == pytest.approx(1.0 - 0.05 / 0.3)
    assert far.strength.item() < near.strength.item()


def test_weighted_mean_of_nobody_is_the_middle():
    values, weights = np.ones((1, 3, 2)), np.zeros((1, 3, 2))
    np.testing.assert_array_equal(weighted_mean(values, weights), 0.5)


def test_the_registry_offers_the_protocols_in_their_order():
    assert registry()["processes.*.protocol.name"].options == tuple(PROTOCOLS)
