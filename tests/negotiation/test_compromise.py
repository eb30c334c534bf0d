"""The compromise mean."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from migsim.negotiation import protocol, protocol_names
from migsim.negotiation.compromise import Options, compromise
from migsim.negotiation.table import weighted_mean
from tests.negotiation.rooms import ROOM, chance, seat

share = st.floats(0, 1)


def negotiate(table):
    return protocol("compromise").negotiate(table, Options(), chance(table.position.shape[-2])).text


care = st.just(0.0) | st.floats(1e-3, 1)


def test_published_value_on_the_emission_standards():
    rows = [((x - 4.0) / 6.0, s / 100.0, 0.0) for _, _, x, s in ROOM]
    table = seat(rows, 0.5, weight=[c for _, c, _, _ in ROOM])
    assert 4.0 + 6.0 * compromise(table).item() == pytest.approx(7.389955686853766, abs=1e-12)


@given(rows=st.lists(st.tuples(share, care, share), min_size=1, max_size=8))
def test_compromise_lies_among_the_positions_and_nobody_blocks(rows):
    table = seat(rows, 0.5)
    text = negotiate(table)
    positions = [x for x, _, _ in rows]
    assert min(positions) - 1e-9 <= text.position.item() <= max(positions) + 1e-9
    assert text.adopted.item() == 1.0
    z, a = text.position.item(), text.ambiguity.item()
    against = [s * max(0.0, abs(z - x) - a) > t + 1e-7 for x, s, t in rows]
    assert sum(against) <= text.objections.item()
    assert 0.0 <= text.strength.item() <= 1.0


def test_if_no_one_cares_capabilities_weigh():
    table = seat([(0.0, 0.0, 0.0), (1.0, 0.0, 0.0)], 0.5, weight=[1.0, 3.0])
    assert compromise(table).item() == pytest.approx(0.75)


def test_the_absent_do_not_count():
    table = seat([(0.0, 1.0, 0.0), (1.0, 1.0, 0.0)], 0.5, seated=[1.0, 0.0])
    assert compromise(table).item() == 0.0


def test_strength_falls_with_the_spread():
    near = negotiate(seat([(0.45, 1.0, 0.0), (0.55, 1.0, 0.0)], 0.5))
    far = negotiate(seat([(0.3, 1.0, 0.0), (0.7, 1.0, 0.0)], 0.5))
    assert near.ambiguity.item() == pytest.approx(0.05)
    assert far.ambiguity.item() == pytest.approx(0.2)
    assert near.strength.item() == pytest.approx(1.0 - 0.05 / 0.3)
    assert far.strength.item() < near.strength.item()


def test_weighted_mean_of_nobody_is_the_middle():
    values, weights = np.ones((1, 3, 2)), np.zeros((1, 3, 2))
    np.testing.assert_array_equal(weighted_mean(values, weights), 0.5)


def test_every_protocol_of_the_registry_is_there_under_its_name():
    assert {"no_objection", "compromise"} < set(protocol_names())
    for name in protocol_names():
        assert protocol(name).name == name


def test_where_nobody_is_capable_all_count_alike():
    table = seat([(0.0, 1.0, 0.0), (0.6, 0.1, 0.0)], 0.5, weight=[0.0, 0.0])
    assert compromise(table).item() == pytest.approx(0.3)


def test_one_alone_gets_its_position():
    assert compromise(seat([(0.3, 0.0, 0.0)], 0.5)).item() == 0.3
