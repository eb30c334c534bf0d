"""Whether outer processes take the subject up."""

from dataclasses import dataclass, replace

import numpy as np
import pytest

from migsim.forum.uptake import mean_distance, take_up
from tests.lives import lived, small, varied

MANY = (0, 3, 5)


@dataclass(frozen=True)
class Fixed:
    """Draws of one value."""

    replicates: tuple[int, ...]
    value: float

    def unit(self, purpose, *, year):
        assert (purpose, year) == ("uptake", 2009)
        return np.full((len(self.replicates), 1), self.value)


def probability(world, setting):
    """The probability of uptake in each replicate, to a part in 2000."""
    draws = np.linspace(0.0, 1.0, 2001)
    happens = [
        take_up(world, replace(setting, noise=Fixed(setting.noise.replicates, draw))).uptake[:, 0]
        for draw in draws
    ]
    return np.mean(happens, axis=0)


def test_the_probability_is_the_stated_one():
    life = lived(varied({"uptake.convergence": 10.0}), MANY, "ranged")
    world, setting = replace(life.last, minutes=()), life.setting
    stance, ideal = setting.actors.stance, world.policies.ideal
    usual, apart = (
        np.abs(each - each.mean(axis=1, keepdims=True)).mean(axis=(1, 2)) for each in (stance, ideal)
    )
    p = {name: setting.parameters[f"uptake.{name}"][:, 0] for name in ("level", "trust", "attention")}
    trust = world.commitments.trust.mean(axis=1) - setting.parameters["trust.start"][:, 0]
    attention = (
        world.opinions.attention.max(axis=-1).mean(axis=-1) - setting.parameters["world.base.attention"][:, 0]
    )
    odds = p["level"] + p["trust"] * trust + p["attention"] * attention + 10.0 * (usual - apart)
    np.testing.assert_allclose(probability(world, setting), 1.0 / (1.0 + np.exp(-odds)), atol=1e-3)


@pytest.mark.parametrize("change", ["trust", "attention"])
def test_trust_and_attention_make_uptake_likelier(change):
    life = lived(small(), MANY)
    world = life.last
    if change == "trust":
        moved = replace(world, commitments=replace(world.commitments, trust=world.commitments.trust + 0.2))
    else:
        moved = replace(
            world, opinions=replace(world.opinions, attention=np.minimum(world.opinions.attention + 0.2, 1.0))
        )
    assert np.all(probability(moved, life.setting) > probability(world, life.setting))


def test_uptake_lifts_attention_to_every_theme():
    life = lived(small(), MANY)
    sure = replace(life.setting, noise=Fixed(MANY, 0.0))
    never = replace(life.setting, noise=Fixed(MANY, 1.0))
    world = replace(life.last, minutes=())
    lifted, left = take_up(world, sure), take_up(world, never)
    assert np.all(lifted.uptake == 1.0)
    assert np.all(left.uptake == 0.0)
    np.testing.assert_array_equal(left.opinions.attention, world.opinions.attention)
    lift = life.setting.parameters["uptake.lift"][..., None]
    np.testing.assert_allclose(
        lifted.opinions.attention, world.opinions.attention + lift * (1.0 - world.opinions.attention)
    )


def test_a_year_s_draw_depends_on_neither_the_batch_nor_the_states_listed():
    """Where only the draw decides, the same replicate sees the same years of uptake."""
    even = {"uptake.trust": 0.0, "uptake.attention": 0.0, "uptake.convergence": 0.0, "uptake.level": 0.0}
    codes = small().spec.states
    among = lived(varied(even), tuple(range(20)))
    alone = lived(varied(even | {"states": sorted(codes, reverse=True)}), (7,))
    years = [world.uptake[7, 0] for world in among.worlds[1:]]
    assert years == [world.uptake[0, 0] for world in alone.worlds[1:]]
    drawn = np.array([world.uptake[:, 0] for world in among.worlds[1:]])
    assert 0.25 < drawn.mean() < 0.75
    assert np.all(drawn.std(axis=1) > 0.0)
    assert np.any(drawn.std(axis=0) > 0.0)


def test_mean_distance():
    positions = np.array([[[0.0, 0.4], [1.0, 0.4]], [[0.2, 0.2], [0.2, 0.2]]])
    np.testing.assert_allclose(mean_distance(positions), [[0.25], [0.0]], atol=1e-15)


def test_ordinary_years_seldom_see_one():
    life = lived(varied({"processes": {}, "shocks": {}}), tuple(range(60)))
    yearly = np.mean([world.uptake.mean() for world in life.worlds[1:]])
    assert yearly < 0.3
