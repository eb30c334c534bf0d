"""Draws are keyed by what they are for."""

from zlib import crc32

import numpy as np
import pytest

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
    drawn = Noise(1, (0,), 5).normals("flows", (5,))
    with pytest.raises(ValueError, match="read-only"):
        drawn[:] = 0.0
