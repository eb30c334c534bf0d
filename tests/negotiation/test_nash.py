"""The asymmetric Nash point, against published values, brute force, the fixed point, and its properties."""

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import migsim.negotiation
from migsim.negotiation import Chance
from migsim.negotiation.compromise import compromise
from migsim.negotiation.nash import Options, nash_point, negotiate
from tests.negotiation.rooms import sit

PUBLISHED = Path(migsim.negotiation.__file__).parent / "cases" / "published"
share = st.floats(0, 1)
care = st.just(0.0) | st.floats(1e-3, 1)
actors = st.lists(st.tuples(share, care, st.floats(0.01, 5)), min_size=1, max_size=8)
costs = st.sampled_from([1.000001, 1.01, 1.25, 2.0, 10.0, 1e12])
CHANCE = Chance.alone(1, ["a"])


def one(rows, seated=None):
    x, s, c = zip(*rows, strict=True)
    return sit([[z] for z in x], [[z] for z in s], c, seated)


def point(rows, disagreement=2.0, seated=None):
    return nash_point(one(rows, seated), disagreement).item()


def many(seed=7, shape=(5, 9, 3)):
    stream = np.random.Generator(np.random.PCG64(seed))
    salience = stream.random(shape) * (stream.random(shape) < 0.7)
    return sit(stream.random(shape), salience, stream.random(shape[:-1]), stream.random(shape[:-1]) < 0.8)


def test_published_values_on_the_emission_standards():
    with (PUBLISHED / "emission_standards_input.csv").open() as file:
        rows = [
            ((float(r["position_years"]) - 4) / 6, float(r["salience_pct"]) / 100, float(r["capability"]))
            for r in csv.DictReader(file)
        ]
    with (PUBLISHED / "protocols_emissions_reference.csv").open() as file:
        told = [row for row in csv.DictReader(file) if row["protocol"] == "nash_quadratic"]
    assert len(told) == 8
    for row in told:
        disagreement = float(row["parameter"].removeprefix("D="))
        assert 4 + 6 * point(rows, disagreement) == pytest.approx(float(row["outcome_years"]), abs=1e-9)


@settings(max_examples=100, deadline=None)
@given(rows=actors, disagreement=costs)
def test_nothing_on_a_grid_is_better(rows, disagreement):
    z = np.append(np.linspace(0, 1, 401), point(rows, disagreement))
    x, s, c = (np.array(column)[:, None] for column in zip(*rows, strict=True))
    product = (c * np.log1p(-s * (z - x) ** 2 / disagreement)).sum(axis=0)
    assert product[-1] >= product[:-1].max() - 1e-12 * np.abs(product).max()


@settings(max_examples=100, deadline=None)
@given(rows=actors)
def test_it_is_the_fixed_point_of_the_first_order_condition(rows):
    z = point(rows)
    x, s, c = (np.array(column) for column in zip(*rows, strict=True))
    k = c * s / (2.0 - s * (z - x) ** 2)
    if k.sum() > 0:
        assert (k * x).sum() / k.sum() == pytest.approx(z, abs=1e-12)


@settings(max_examples=100, deadline=None)
@given(rows=actors)
def test_great_disagreement_gives_the_compromise_and_so_does_indifference(rows):
    assert point(rows, 1e12) == pytest.approx(compromise(one(rows)).item(), abs=1e-9)
    careless = [(x, 0.0, c) for x, _, c in rows]
    assert point(careless) == compromise(one(careless)).item()


@settings(max_examples=100, deadline=None)
@given(rows=actors, disagreement=costs)
def test_it_lies_among_those_who_care_and_leaves_the_rest_out(rows, disagreement):
    z = point(rows, disagreement)
    caring = [row for row in rows if row[1] > 0.0]
    if caring:
        assert min(x for x, _, _ in caring) <= z <= max(x for x, _, _ in caring)
        assert point(caring, disagreement) == pytest.approx(z, abs=1e-12)
        extra = [*rows, (1.0, 1.0, 5.0)]
        assert point(extra, disagreement, [1.0] * len(rows) + [0.0]) == pytest.approx(z, abs=1e-12)


@settings(max_examples=50, deadline=None)
@given(rows=actors, data=st.data())
def test_the_order_of_actors_does_not_matter(rows, data):
    shuffled = data.draw(st.permutations(rows))
    assert point(shuffled) == pytest.approx(point(rows), abs=1e-12)


@given(x=share, n=st.integers(1, 6))
def test_equal_positions_and_one_actor_give_that_position(x, n):
    assert point([(x, 0.5, 1.0)] * n) == x


def test_the_more_disagreement_costs_the_less_a_lone_opponent_pulls():
    rows = [(0.0, 1.0, 1.0), (0.0, 1.0, 1.0), (1.0, 1.0, 1.0)]
    found = [point(rows, d) for d in (1.01, 1.25, 2.0, 5.0, 100.0)]
    assert found == sorted(found, reverse=True)
    assert found[-1] > 1 / 3


def test_a_table_s_text_is_the_same_alone_and_among_many():
    table = many()
    together = nash_point(table, 1.01)
    for row in range(5):
        own = {name: getattr(table, name)[row] for name in ("position", "salience", "weight", "seated")}
        alone = sit(own["position"], own["salience"], own["weight"], own["seated"])
        np.testing.assert_array_equal(nash_point(alone, 1.01), together[row])
        for paragraph in range(3):
            only = sit(
                own["position"][:, [paragraph]], own["salience"][:, [paragraph]], own["weight"], own["seated"]
            )
            assert nash_point(only, 1.01).item() == together[row, paragraph]


@pytest.mark.parametrize("n_actors", [0, 4])
def test_nobody_there_writes_the_middle(n_actors):
    x = np.zeros((2, n_actors, 3))
    text = negotiate(sit(x, x + 1.0, x[..., 0] + 1.0, x[..., 0]), Options(), CHANCE).text
    np.testing.assert_array_equal(text.position, np.full((2, 3), 0.5))
    assert np.isfinite(text.ambiguity).all()
    assert text.objections.sum() == 0


def test_the_text_is_adopted_and_pledges_all_who_are_there():
    table = many()
    found = negotiate(table, Options(), CHANCE)
    np.testing.assert_array_equal(found.positions, table.position[None])
    np.testing.assert_array_equal(found.text.position, nash_point(table, 2.0))
    assert np.all(found.text.adopted == 1.0)
    np.testing.assert_array_equal(found.text.joined[..., 0], table.seated)
    assert np.all((found.text.strength >= 0.0) & (found.text.strength <= 1.0))
