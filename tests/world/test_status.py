"""Papers gained and lost."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migsim.world.status import (
    DISPLACED,
    IRREGULAR,
    REGULAR,
    StatusParameters,
    by_class,
    change_of_status,
    usual_change,
)
from tests.lives import lived, nudged, small

MANY = (0, 1, 2)


@pytest.fixture(scope="module")
def life():
    return lived(small(), MANY, "ranged")


def changed(life, world=None, **moved):
    world = life.worlds[0] if world is None else world
    p = life.setting.parameters.group(StatusParameters, "world.status")
    conditions = replace(world.conditions, host=world.conditions.host)
    if moved:
        conditions = nudged(life.setting, **moved).nudge
    world = replace(world, conditions=conditions)
    return by_class(*change_of_status(life.worlds[0].people.stock, world, life.setting, p))


def jobless(life, points):
    start = life.worlds[0]
    idle = start.economies.migrant_unemployment + 0.01 * points
    return replace(start, economies=replace(start.economies, migrant_unemployment=idle))


def test_in_a_year_like_the_base_year_the_usual_number_change_class(life):
    p = life.setting.parameters.group(StatusParameters, "world.status")
    usual = usual_change(life.worlds[0].people.stock, p)
    np.testing.assert_allclose(changed(life), usual, rtol=1e-9, atol=1e-6)


@settings(max_examples=30, deadline=None)
@given(points=st.floats(-5, 60), regularisation=st.floats(-1, 1))
def test_nobody_is_made_or_lost_and_no_class_gives_more_than_it_has(life, points, regularisation):
    change = changed(life, jobless(life, points), regularisation=regularisation)
    stock = life.worlds[0].people.stock
    np.testing.assert_allclose(change.sum(axis=-2), 0.0, atol=1e-6)
    assert np.all(change >= -stock - 1e-6)


def test_who_loses_work_loses_papers(life):
    p = life.setting.parameters.group(StatusParameters, "world.status")
    stock = life.worlds[0].people.stock
    more = changed(life, jobless(life, 10.0)) - changed(life)
    lost = p.overstay * np.expm1(10.0 * p.job_loss) * stock[:, REGULAR]
    np.testing.assert_allclose(more[:, IRREGULAR], lost, rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(more[:, REGULAR], -lost, rtol=1e-6, atol=1e-6)
    assert not more[:, DISPLACED].any()


def test_regularisation_gives_papers(life):
    more = changed(life, regularisation=0.05) - changed(life)
    stock = life.worlds[0].people.stock
    np.testing.assert_allclose(more[:, REGULAR], 0.05 * stock[:, IRREGULAR], rtol=1e-9, atol=1e-6)


def test_the_displaced_settle(life):
    p = life.setting.parameters.group(StatusParameters, "world.status")
    stock = life.worlds[0].people.stock
    np.testing.assert_allclose(
        changed(life)[:, DISPLACED], -p.settlement_of_displaced * stock[:, DISPLACED], rtol=1e-12
    )
