"""The triple win: three gains against the paired world."""

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
    units = spread(forum.worlds[0], forum.setting)
    return [measure(one, other, forum.setting, units) for one, other in zip(forum.worlds, nobody.worlds, strict=True)]


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
    win = measure(forum.last, forum.last, forum.setting, spread(forum.worlds[0], forum.setting))
    assert not any(win.gain[group].any() for group in GROUPS)


def test_the_weakest_win_is_the_least_in_spreads(wins):
    for win in wins:
        least = np.min([win.in_spreads[group] for group in GROUPS], axis=0)
        np.testing.assert_array_equal(win.weakest, least)


def test_spreads_are_standard_deviations_of_2005(pair):
    forum, _ = pair
    units, start, states = spread(forum.worlds[0], forum.setting), forum.worlds[0], forum.setting.states
    for group, role in (("hosts", states.host), ("departures", states.departure)):
        values = getattr(start.gains, group)
        mean = np.average(values, axis=1, weights=role)
        variance = np.average((values - mean[:, None]) ** 2, axis=1, weights=role)
        np.testing.assert_allclose(getattr(units, group), np.sqrt(variance))
    above = surplus(start, start.wellbeing.home, forum.setting)
    for r in MANY:
        stock = start.people.stock[r].ravel()
        mean = np.average(above[r].ravel(), weights=stock)
        variance = np.average((above[r].ravel() - mean) ** 2, weights=stock)
        assert units.migrants[r] == pytest.approx(np.sqrt(variance))


def test_indices_add_up_from_the_components_of_the_tables():
    weights = {name: 0.4 + 0.3 * n for n, name in enumerate((*HOST, *DEPARTURE))}
    changes = {f"world.accounts.weight_{name}": weight for name, weight in weights.items()}
    world = run_batch(varied(changes), MANY, SEED, "ranged")["world"]
    for group, names in (("hosts", HOST), ("departures", DEPARTURE)):
        total = sum(weights[name] * world[f"gain_{name}"] for name in names)
        np.testing.assert_allclose(world[f"gain_{group}"], total, atol=1e-12)
    np.testing.assert_allclose(
        world["gain_migrants"], world["gain_migrants_intensive"] + world["gain_migrants_extensive"], atol=1e-12
    )
    for group in GROUPS:
        np.testing.assert_allclose(world[f"gain_sd_{group}"], world[f"gain_{group}"] / world[f"sd_{group}"])


def test_more_migrants_with_the_same_lives_is_an_extensive_gain_alone(pair):
    from dataclasses import replace

    _, nobody = pair
    other, setting = nobody.last, nobody.setting
    more = replace(other, people=replace(other.people, stock=1.01 * other.people.stock))
    win = measure(more, other, setting, spread(nobody.worlds[0], setting))
    np.testing.assert_allclose(win.intensive, 0.0, atol=1e-12)
    np.testing.assert_allclose(win.extensive, 0.01 * win.baseline["migrants"], rtol=1e-9)
    better = replace(other, wellbeing=replace(other.wellbeing, index=other.wellbeing.index + 2.0))
    win = measure(better, other, setting, spread(nobody.worlds[0], setting))
    np.testing.assert_allclose(win.extensive, 0.0, atol=1e-12)
    stock = other.people.stock.sum(axis=(-2, -1)) / setting.base.stock.sum(axis=(-2, -1))
    np.testing.assert_allclose(win.intensive, 2.0 * stock, rtol=1e-9)
