"""Draws are keyed by what they are for."""

from collections import Counter
from zlib import crc32

import numpy as np
import pytest

import migsim
from migsim.ensemble.batch import run_batch
from migsim.world.noise import Noise

ALL = np.arange(193)


def test_a_replicate_draws_the_same_in_any_batch():
    alone, among = Noise(5, (8,), 193), Noise(5, (2, 8, 30), 193)
    for year in (2006, 2007):
        np.testing.assert_array_equal(
            alone.state_normals("growth", ALL, 2, year=year)[0],
            among.state_normals("growth", ALL, 2, year=year)[1],
        )
    np.testing.assert_array_equal(
        alone.state_uniforms("uptake", ALL)[0], among.state_uniforms("uptake", ALL)[1]
    )
    assert alone.unit("x")[0, 0] == among.unit("x")[1, 0]
    assert alone.unit("x", year=2007)[0, 0] == among.unit("x", year=2007)[1, 0]


def test_seed_replicate_purpose_process_and_year_each_change_the_draw():
    def draw(seed=1, replicate=0, purpose="attendance", process="gfmd", year=2007):
        return float(Noise(seed, (replicate,), 5).normals(purpose, (1,), process=process, year=year)[0, 0])

    draws = {draw(), draw(seed=2), draw(replicate=1), draw(purpose="flows"), draw(process="hld")}
    assert len(draws | {draw(year=2008)}) == 6
    noise = Noise(1, (0,), 5)
    units = {noise.unit("uptake", year=year).item() for year in (2006, 2007)}
    assert len(units | {noise.unit("uptake").item(), noise.unit("x", year=2006).item()}) == 4


def test_noise_follows_the_state():
    noise = Noise(1, (0, 1), 193)
    order = np.array([20, 3, 190, 0])
    for draws in (noise.state_normals("flows", ALL, 3), noise.state_uniforms("attendance", ALL)[..., None]):
        columns = draws.shape[-1]
        chosen = (
            noise.state_normals("flows", order, 3)
            if columns == 3
            else noise.state_uniforms("attendance", order)[..., None]
        )
        np.testing.assert_array_equal(chosen, draws[:, order])


def test_units_lie_in_range_and_spread():
    lies = Noise(1, tuple(range(400)), 1).unit("parameter world.flows.network")
    assert lies.shape == (400, 1)
    assert 0.0 <= lies.min() < 0.02
    assert 0.98 < lies.max() < 1.0
    assert abs(lies.mean() - 0.5) < 0.05


@pytest.mark.parametrize("seed", [0, 1, 2026, 2**32 - 1, 2**32, 2**200 + 3])
def test_streams_are_those_of_the_rule(seed):
    """`migsim.world.noise.SEED_RULE`, for numbers of one word and of several."""
    replicates = (0, 3, 2**32 - 1, 5_000_000_001)
    noise, key = Noise(seed, replicates, 5), crc32(b"flows|gfmd|2007")
    for number, stream in zip(replicates, noise.streams("flows", process="gfmd", year=2007), strict=True):
        rule = np.random.SeedSequence(seed, spawn_key=(number, key))
        assert stream.random() == np.random.Generator(np.random.PCG64(rule)).random()
    for number, lies in zip(replicates, noise.unit("x"), strict=True):
        rule = np.random.SeedSequence(seed, spawn_key=(number, crc32(b"x||0")))
        assert lies.item() == (int(rule.generate_state(1, np.uint64)[0]) >> 11) * 2.0**-53


def test_what_was_drawn_once_cannot_be_written_over():
    noise = Noise(1, (0,), 5)
    first = noise.state_normals("flows", np.arange(5))
    kept = first.copy()
    first[:] = 0.0
    np.testing.assert_array_equal(noise.state_normals("flows", np.arange(5)), kept)


def test_a_world_and_its_pair_draw_what_they_share_once(monkeypatch):
    """However many processes draw in between."""
    drawn = Counter()
    streams = Noise.streams

    def counted(noise, purpose, *, process="", year=0):
        drawn[noise, purpose, process, year] += 1
        return streams(noise, purpose, process=process, year=year)

    monkeypatch.setattr(Noise, "streams", counted)
    run_batch(migsim.load("ecosystem").vary("short", {"years.last": 2009}), (901, 902), 8)
    assert {purpose for _, purpose, _, _ in drawn} >= {"flows", "growth", "opinion events", "attendance"}
    assert set(drawn.values()) == {1}


def test_units_of_many_purposes_are_those_of_each():
    noise, purposes = Noise(7, (3, 0, 9), 5), ["parameter a", "parameter b", "c"]
    together = noise.units(purposes, year=2007)
    assert together.shape == (3, 3)
    for purpose, lies in zip(purposes, together, strict=True):
        np.testing.assert_array_equal(noise.unit(purpose, year=2007)[:, 0], lies)
