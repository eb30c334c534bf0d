"""The figures as they are shipped: counts, known totals, shapes and order."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from migsim.facts import iso3_codes, load, state_names

FACTS = load()


def test_counts():
    assert FACTS.n_states == 193
    assert FACTS.n_corridors == 7116
    assert FACTS.refugees.shape == (1186, 3)
    assert len(FACTS.region_labels) == 5
    assert len(FACTS.subregion_labels) == 22


def test_states_stand_in_order_of_code():
    assert FACTS.iso3 == tuple(sorted(FACTS.iso3)) == iso3_codes()
    assert FACTS.name == tuple(state_names().values())
    assert FACTS.iso3[FACTS.index("NOR")] == "NOR"


def test_labels_and_numbers_agree():
    assert tuple(FACTS.region_labels[i] for i in FACTS.region_index) == FACTS.region
    assert tuple(FACTS.subregion_labels[i] for i in FACTS.subregion_index) == FACTS.subregion


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        ("population", (193, 18)),
        ("income", (193, 18)),
        ("growth", (193, 18)),
        ("unemployment", (193, 18)),
        ("remittances_received", (193, 18)),
        ("immigrants", (193, 3)),
        ("emigrants", (193, 3)),
        ("corridor_stock", (7116, 3)),
        ("corridor_origin", (7116,)),
        ("refugee_host", (1186,)),
    ],
)
def test_shapes_and_no_writing(name, shape):
    array = getattr(FACTS, name)
    assert array.shape == shape
    with pytest.raises(ValueError, match="read-only"):
        array[0] = 1


@pytest.mark.parametrize(
    ("year", "world"), [(0, 173.6e6), (1, 191.6e6), (2, 220.8e6)], ids=["2000", "2005", "2010"]
)
def test_world_total_of_migrants(year, world):
    # The source's world total has territories that are no member states as well: two to three per cent.
    assert 0.96 < np.nansum(FACTS.immigrants[:, year]) / world < 1.0


def test_migrants_of_2000_are_the_175_million_of_the_documents():
    assert np.nansum(FACTS.immigrants[:, 0]) == pytest.approx(175e6, rel=0.04)


def test_two_in_five_migrants_of_2000_live_in_developing_states():
    # Document 002 says 40 per cent; later revisions of the series moved it by little.
    share = np.nansum(FACTS.immigrants[~FACTS.is_developed, 0]) / np.nansum(FACTS.immigrants[:, 0])
    assert share == pytest.approx(0.40, abs=0.04)


def test_world_population_and_refugees():
    assert FACTS.population[:, FACTS.year(2005)].sum() == pytest.approx(6.54e9, rel=0.01)
    assert FACTS.refugees.sum(axis=0) == pytest.approx([7.95e6, 10.66e6, 10.09e6], rel=0.01)


def test_known_numbers():
    usa, mexico = FACTS.index("USA"), FACTS.index("MEX")
    corridor = (FACTS.corridor_origin == mexico) & (FACTS.corridor_destination == usa)
    assert FACTS.corridor_stock[corridor, 1] == pytest.approx([10.61e6], rel=0.01)
    assert FACTS.income[usa, FACTS.year(2005)] == 44310
    assert FACTS.remittances_received_2005[mexico] == FACTS.remittances_received[mexico, FACTS.year(2005)]
    assert FACTS.is_developed[usa]
    assert FACTS.is_least_developed[FACTS.index("BGD")]


def test_corridors_stay_below_the_totals():
    for year in range(3):
        arrived = np.bincount(FACTS.corridor_destination, FACTS.corridor_stock[:, year], FACTS.n_states)
        known = ~np.isnan(FACTS.immigrants[:, year])
        assert (arrived[known] <= 1.05 * FACTS.immigrants[known, year]).all()
        assert arrived.sum() / np.nansum(FACTS.immigrants[:, year]) == pytest.approx(0.93, abs=0.01)


def test_corridors_are_pairs_of_two_states_each_once():
    assert (FACTS.corridor_origin != FACTS.corridor_destination).all()
    pairs = FACTS.corridor_origin * FACTS.n_states + FACTS.corridor_destination
    assert len(np.unique(pairs)) == FACTS.n_corridors


def test_every_state_has_an_income_group_and_three_are_filled():
    assert set(FACTS.income_group) == {"L", "LM", "UM", "H"}
    assert [FACTS.iso3[i] for i in np.flatnonzero(FACTS.is_group_filled)] == ["NRU", "SSD", "TUV"]


def test_three_states_join_later():
    joined = np.flatnonzero(FACTS.member_since > 2000)
    since = [(FACTS.iso3[i], int(FACTS.member_since[i])) for i in joined]
    assert since == [("MNE", 2006), ("SSD", 2011), ("TLS", 2002)]


def test_later_years_are_left_out():
    for last, panel in ((2013, FACTS.growth), (2007, FACTS.remittances_received)):
        assert np.isnan(panel[:, FACTS.years > last]).all()


def test_loaded_once_and_shown_briefly():
    assert load() is FACTS
    assert len(repr(FACTS).splitlines()) <= 12


def test_codes_and_checks_need_no_numpy():
    code = "import sys, migsim.facts as f, migsim.facts.checks; f.iso3_codes(); print('numpy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
