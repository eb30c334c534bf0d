"""The triple win: three gains against the paired world."""

from dataclasses import replace

import numpy as np
import pytest

from migsim.ensemble.batch import run_batch
from migsim.triple_win import GROUPS, measure, spread, surplus
from tests.lives import SEED, lived, paired, small, varied

MANY = tuple(range(6))
HOST = ("output", "fiscal", "order", "integration")
DEPARTURE = ("money", "skills", "development")


@pytest.fixture(scope="module")
def pair():
    return lived(small(), MANY, "ranged"), paired(small(), MANY, "ranged")


@pytest.fixture(scope="module")
def wins(pair):
    forum, nobody = pair
    return [
        measure(one, other, forum.setting) for one, other in zip(forum.worlds, nobody.worlds, strict=True)
    ]


def test_intensive_and_extensive_parts_are_the_whole(pair, wins):
    forum, nobody = pair
    first = forum.setting.base.stock.sum(axis=(-2, -1))
    for world, other, win in zip(forum.worlds, nobody.worlds, wins, strict=True):
        home = other.wellbeing.home
        total = (world.people.stock * surplus(world, home, forum.setting)).sum(axis=(-2, -1)) / first
        usual = (other.people.stock * surplus(other, home, forum.setting)).sum(axis=(-2, -1)) / first
        np.testing.assert_allclose(win.intensive + win.extensive, total - usual, atol=1e-12)
        np.testing.assert_allclose(win.gain["migrants"], total - usual, atol=1e-12)


def test_a_gain_is_a_level_less_the_baseline(wins):
    for win in wins:
        for group in GROUPS:
            np.testing.assert_allclose(win.gain[group], win.level[group] - win.baseline[group], atol=1e-12)


def test_gains_before_the_first_session_are_nought(wins):
    for win in wins[:2]:
        for group in GROUPS:
            assert not win.gain[group].any()
        assert not win.weakest.any()
    assert wins[-1].gain["migrants"].any()


def test_a_world_against_itself_gains_nothing(pair):
    forum, _ = pair
    win = measure(forum.last, forum.last, forum.setting)
    assert not any(win.gain[group].any() for group in GROUPS)


def test_the_weakest_win_is_the_least_in_spreads(wins):
    for win in wins:
        least = np.min([win.in_spreads[group] for group in GROUPS], axis=0)
        np.testing.assert_array_equal(win.weakest, least)


def test_spreads_are_standard_deviations_of_2005_at_central_parameters(pair):
    central = lived(small())
    start, setting = central.worlds[0], central.setting
    units = spread(start, setting)
    for group, role in (("hosts", setting.states.host), ("departures", setting.states.departure)):
        values = getattr(start.gains, group)[0]
        variance = np.average((values - np.average(values, weights=role)) ** 2, weights=role)
        np.testing.assert_allclose(getattr(units, group), np.sqrt(variance))
    above = surplus(start, start.wellbeing.home, setting)[0].ravel()
    stock = start.people.stock[0].ravel()
    variance = np.average((above - np.average(above, weights=stock)) ** 2, weights=stock)
    assert units.migrants.item() == pytest.approx(np.sqrt(variance))
    forum, _ = pair
    for group in GROUPS:
        assert getattr(forum.setting.units, group).item() == pytest.approx(getattr(units, group).item())


def test_indices_add_up_from_the_components_of_the_tables():
    weights = {name: 0.4 + 0.3 * n for n, name in enumerate((*HOST, *DEPARTURE))}
    changes = {f"world.accounts.weight_{name}": weight for name, weight in weights.items()}
    world = run_batch(varied(changes), MANY, SEED, "ranged")["world"]
    for group, names in (("hosts", HOST), ("departures", DEPARTURE)):
        total = sum(weights[name] * world[f"gain_{name}"] for name in names)
        np.testing.assert_allclose(world[f"gain_{group}"], total, atol=1e-12)
    np.testing.assert_allclose(
        world["gain_migrants"],
        world["gain_migrants_intensive"] + world["gain_migrants_extensive"],
        atol=1e-12,
    )
    for group in GROUPS:
        np.testing.assert_allclose(world[f"gain_sd_{group}"], world[f"gain_{group}"] / world[f"sd_{group}"])


def test_more_migrants_with_the_same_lives_is_an_extensive_gain_alone(pair):
    _, nobody = pair
    other, setting = nobody.last, nobody.setting
    hosted, emigrants = 1.01 * other.people.hosted, 1.01 * other.people.emigrants
    more = replace(other, people=replace(other.people, hosted=hosted, emigrants=emigrants))
    win = measure(more, other, setting)
    np.testing.assert_allclose(win.intensive, 0.0, atol=1e-12)
    np.testing.assert_allclose(win.extensive, 0.01 * win.baseline["migrants"], rtol=1e-9)
    better = replace(other, wellbeing=replace(other.wellbeing, index=other.wellbeing.index + 2.0))
    win = measure(better, other, setting)
    np.testing.assert_allclose(win.extensive, 0.0, atol=1e-12)
    stock = other.people.stock.sum(axis=(-2, -1)) / setting.base.stock.sum(axis=(-2, -1))
    np.testing.assert_allclose(win.intensive, 2.0 * stock, rtol=1e-9)


CONTESTED = {
    "processes.gfmd.report.backlash": 0.2,
    "processes.gfmd.switches.practice": False,
    "processes.gfmd.switches.marketplace": False,
    "trust.meeting": 0.0,
    "trust.disappointment": 1.5,
    "follow_up.pull": 0.0,
    "actors.interests.opinion_shift": 1.0,
    "actors.interests.payoff_share": 0.0,
    "world.policy.pace": 0.2,
}
"""A forum that provokes, teaches nothing, funds nothing, and promises what nobody does."""


@pytest.mark.parametrize("parameters", ["central", "ranged"])
def test_a_forum_can_hurt_all_three(parameters):
    definition = varied(CONTESTED)
    forum, nobody = lived(definition, MANY, parameters), paired(definition, MANY, parameters)
    win = measure(forum.last, nobody.last, forum.setting)
    for group in GROUPS:
        assert np.all(win.gain[group] < 0.0), group
    assert np.all(win.weakest < -0.01)
    assert np.all(forum.last.commitments.trust.mean(axis=-1) < nobody.last.commitments.trust.mean(axis=-1))
    assert np.all(forum.last.opinions.anti.mean(axis=-1) > nobody.last.opinions.anti.mean(axis=-1))
