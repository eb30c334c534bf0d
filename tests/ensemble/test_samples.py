"""Factors, samples of them, and the designs that run them."""

import json

import numpy as np
import pytest

from migsim.ensemble.designs import SHARD_SIZE, sampled
from migsim.ensemble.factors import LUCK, Factor, every_factor, factor, factors
from migsim.ensemble.samples import Sample, grid, latin_hypercube, listed, morris, sobol
from migsim.errors import InputError
from migsim.provenance.parameters import registry
from migsim.world.worlds import DRAWS
from tests.lives import SEED, small

TRUST = "trust.start"


@pytest.fixture(scope="module")
def process():
    return next(iter(small().spec.processes))


def test_a_factor_takes_its_range_its_values_or_what_the_registry_says(process):
    row = registry()[TRUST]
    assert factor(small(), TRUST) == Factor(TRUST, row.low, row.high)
    assert factor(small(), TRUST, (0.0, 1.0)).at(0.25) == 0.25
    whole = factor(small(), f"processes.{process}.max_themes", (1, 3))
    assert [whole.at(place) for place in (0.0, 0.34, 0.67, 0.999, 1.0)] == [1, 2, 3, 3, 3]
    assert factor(small(), f"processes.{process}.reading").values == registry()["processes.*.reading"].options
    assert factor(small(), f"processes.{process}.mediator").values == (False, True)
    assert factor(small(), "years.last", [2008, 2009]).at(0.5) == 2009


@pytest.mark.parametrize(
    ("path", "given", "said"),
    [
        ("trust.strt", None, "did you mean start"),
        (TRUST, (0.5, 0.2), "low below high"),
        (TRUST, (0.5, 7.0), "low below high"),
        (TRUST, [0.1, 0.1], "same value twice"),
        (TRUST, [1, 1.0], "same value twice"),
        (TRUST, [1, True], "trust.start: true"),
        (TRUST, "0.1", "a list of values"),
        (TRUST, [7.0], "trust.start"),
        ("years.last", None, "no plausible range"),
        ("years.last", [1999], "years.last"),
        ("title", ["a", "b"], "changes nothing"),
        ("record", [[], ["corridors"]], "numbers, names"),
        (LUCK, [1.5], "whole numbers"),
        (LUCK, (-1, 5), "found -1; allowed are whole numbers"),
        (LUCK, (5, 1), "low below high"),
        (LUCK, 3, "found 3; allowed are whole numbers"),
    ],
)
def test_what_cannot_be_varied_is_refused(path, given, said):
    with pytest.raises(InputError, match=said):
        factor(small(), path, given)


def test_luck_may_be_named():
    assert factor(small(), LUCK, [3, 4]).values == (3, 4)
    assert factor(small(), LUCK, (0, 9)).at(0.99) == 9
    with pytest.raises(InputError, match="name the numbers"):
        grid([factor(small(), LUCK)])
    with pytest.raises(InputError, match="walk has its own"):
        morris([factor(small(), LUCK), factor(small(), TRUST)], 2, 1)
    with pytest.raises(InputError, match="whole numbers"):
        listed([LUCK], [["abc"]])


def test_every_factor_is_one_that_ranged_worlds_draw(process):
    found = {each.path for each in every_factor(small())}
    pinned = {path for path in map(str, small().tree.paths()) if registry().match(path)}
    assert not found & pinned
    assert TRUST in found
    assert all(registry().match(path).is_drawn for path in found)
    assert any(path.startswith(f"processes.{process}.") for path in found)
    assert len(every_factor(small().vary("x", {TRUST: 0.2}))) == len(found) - 1


def test_a_grid_takes_all_combinations():
    sample = grid(factors(small(), {TRUST: (0.0, 1.0), "years.last": [2008, 2009]}), 3)
    assert sample.points == ((0.0, 2008), (0.0, 2009), (0.5, 2008), (0.5, 2009), (1.0, 2008), (1.0, 2009))
    with pytest.raises(InputError, match="points"):
        grid([Factor(name, 0.0, 1.0) for name in "abcd"], 100)


def test_a_hypercube_fills_every_slice_once():
    sample = latin_hypercube([Factor("a", 0.0, 1.0), Factor("b", 0.0, 10.0)], 20, 1)
    for column, width in ((0, 0.05), (1, 0.5)):
        assert sorted(int(point[column] / width) for point in sample.points) == list(range(20))
    assert sample == latin_hypercube([Factor("a", 0.0, 1.0), Factor("b", 0.0, 10.0)], 20, 1)
    assert sample != latin_hypercube([Factor("a", 0.0, 1.0), Factor("b", 0.0, 10.0)], 20, 2)


def test_a_morris_walk_changes_one_factor_at_a_time_and_keeps_its_luck():
    sample = morris([Factor(name, 0.0, 1.0) for name in "abc"], 4, 1)
    places = np.array(sample.places).reshape(4, 4, 3)
    assert (np.count_nonzero(np.diff(places, axis=1), axis=2) == 1).all()
    assert sample.paths[-1] == LUCK
    assert [point[-1] for point in sample.points] == [0] * 4 + [1] * 4 + [2] * 4 + [3] * 4


def test_a_sobol_design_changes_groups_together():
    chosen = [Factor("a", 0.0, 1.0), Factor("b", 0.0, 1.0), Factor("c", 0.0, 1.0)]
    assert len(sobol(chosen, 8, 1)) == 8 * (3 + 2)
    grouped = sobol(chosen, 8, 1, {"a": "one", "b": "one", "c": "two"})
    assert len(grouped) == 8 * (2 + 2)
    base, crossed = np.array(grouped.places)[:2]
    assert (base != crossed).tolist() == [True, True, False]
    with pytest.raises(InputError, match="power of two"):
        sobol(chosen, 100, 1)


def test_a_sample_outlives_a_file():
    sample = sobol([factor(small(), LUCK), factor(small(), TRUST)], 2, 1)
    again = Sample.restored(json.loads(json.dumps(sample.plain())))
    assert again == sample
    assert again.hash == sample.hash != listed([TRUST], [[0.1]]).hash


def test_points_of_one_scenario_share_a_shard_and_structure_does_not(process):
    paths = [f"processes.{process}.reading", TRUST]
    options = registry()["processes.*.reading"].options
    points = [(options[n % 2], n / 100) for n in range(2 * SHARD_SIZE + 6)]
    plan = sampled(small(), listed(paths, points), 2, SEED)
    seen = []
    for shard in plan.shards:
        scenario, worlds = plan.batch(shard.replicates)
        assert len(shard.replicates) <= SHARD_SIZE
        for number, value in zip(worlds.numbers, worlds.values[TRUST], strict=True):
            assert (scenario.value(paths[0]), value) == points[number % DRAWS]
        assert worlds.lucks == worlds.draws == tuple(number // DRAWS for number in worlds.numbers)
        seen += worlds.numbers
    assert sorted(seen) == list(plan.replicates)
    assert len(seen) == 2 * len(points)


def test_more_replicates_leave_finished_shards_where_they_are():
    sample = listed([TRUST], [[n / 100] for n in range(24)])
    few, many = (sampled(small(), sample, n, SEED) for n in (2, 5))
    later = {shard.number: shard.replicates for shard in many.shards}
    for shard in few.shards:
        assert later[shard.number][: len(shard.replicates)] == shard.replicates
    assert few.key({}) == many.key({})


def test_luck_as_a_factor_is_the_luck_of_the_world():
    sample = listed([LUCK, TRUST], [[11, 0.1], [12, 0.2]])
    _, worlds = sampled(small(), sample, 1, SEED).batch((0, 1))
    assert worlds.lucks == worlds.draws == (11, 12)
    assert set(worlds.values) == {TRUST}
    with pytest.raises(InputError, match="luck is a factor"):
        sampled(small(), sample, 2, SEED)


@pytest.mark.parametrize("made", [np.arange(1, 3), list(np.arange(1, 3)), [np.int64(1), 2]])
def test_values_of_numpy_are_values(made):
    themes = "processes.gfmd.max_themes"
    assert factor(small(), themes, made).values == (1, 2)
    assert {type(value) for value in factor(small(), themes, made).values} == {int}
    assert factor(small(), LUCK, made).values == (1, 2)
    assert factor(small(), themes, (np.int64(1), np.int64(2))) == Factor(themes, 1.0, 2.0, is_whole=True)
