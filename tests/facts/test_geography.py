"""Distances over the globe."""

from __future__ import annotations

import numpy as np

from migsim.facts import distances, load
from migsim.facts.geography import neighbours

FACTS = load()
KM = distances(FACTS)


def test_distances_are_symmetric_and_bounded():
    assert KM.shape == (193, 193)
    assert np.array_equal(KM, KM.T)
    assert (np.diag(KM) == 0).all()
    assert KM.max() < np.pi * 6371.01


def test_triangle_inequality():
    some = np.arange(0, 193, 16)
    small = KM[np.ix_(some, some)]
    assert (small[:, None, :] <= small[:, :, None] + small[None, :, :] + 1e-6).all()


def test_known_distances():
    def between(one, other):
        return KM[FACTS.index(one), FACTS.index(other)]

    assert 700 < between("FRA", "DEU") < 1000
    assert 17_000 < between("NZL", "ESP") < 20_100
    # Across the date line, not around the world.
    assert between("FJI", "WSM") < 1500


def test_neighbours():
    near = neighbours(FACTS, 1000)
    assert near[FACTS.index("SYR"), FACTS.index("LBN")]
    assert not near.diagonal().any()
    assert np.array_equal(near, near.T)
    assert not neighbours(FACTS, 0).any()
