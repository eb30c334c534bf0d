"""A mediated single text: who lets it pass, where it comes to rest, and what does not matter."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migsim.negotiation.chance import Chance
from migsim.negotiation.options import chosen
from migsim.negotiation.single_text import N_TURNS, Options, cooling, lets_pass, negotiate
from tests.negotiation.rooms import sit

share = st.floats(0, 1)
care = st.just(0.0) | st.floats(1e-3, 1)
rooms = st.lists(st.tuples(share, care, care), min_size=1, max_size=8)
FEW_STEPS = 300
STEP = Options().step


def stream(seed):
    return np.random.Generator(np.random.PCG64(seed))


def lots(seeds, n):
    return Chance([stream(seed) for seed in seeds], np.arange(n), n, is_single=False)


def lot(seed, n):
    return Chance((stream(seed),), np.arange(n), n)


def table(position, draft=0.5, salience=None, weight=None, seated=None):
    return sit(position, salience, weight, seated, draft)


def settled(room, options, seed=1):
    return negotiate(room, options, lot(seed, room.position.shape[-2])).text.position


def weighted_median(position, weight):
    order = np.argsort(position)
    reached = np.cumsum(weight[order]) >= 0.5 * weight.sum()
    return position[order][np.argmax(reached)]


def test_who_lets_what_pass():
    gain = np.array([0.0, 0.1, -0.1, -0.1, -0.1, 0.0])
    anneals = np.array([False, False, False, True, True, True])
    chance = np.array([0.99, 0.99, 0.0, 0.36, 0.37, 0.99])
    passes = lets_pass(gain, anneals, np.array(0.1), chance)
    assert passes.tolist() == [True, True, False, True, False, True]
    assert lets_pass(gain, anneals, np.array(0.0), chance).tolist() == [True, True, False, False, False, True]


def test_the_temperature_falls_to_nothing_after_nine_tenths_of_the_steps():
    assert [cooling(step, 1000) for step in (0, 450, 900, 999)] == [1.0, 0.5, 0.0, 0.0]


@settings(max_examples=100, deadline=None)
@given(rows=rooms, draft=share, seed=st.integers(0, 999))
def test_unanimous_hill_climbers_never_lose_by_the_text(rows, draft, seed):
    position, salience, _ = (np.array(column)[:, None] for column in zip(*rows, strict=True))
    room = table(position, draft, salience)
    z = settled(room, Options(steps=FEW_STEPS, annealers=0.0), seed)
    loses = salience * (np.abs(z - position) - np.abs(draft - position))
    assert np.all(loses <= 1e-9)


def test_unanimous_hill_climbers_leave_the_draft_between_their_positions():
    room = table(stream(1).random((193, 4)), 0.4)
    np.testing.assert_array_equal(settled(room, Options(annealers=0.0)), room.draft)


@pytest.mark.parametrize("n", [3, 25, 193])
def test_unanimous_annealers_come_to_rest_near_the_median_by_salience(n):
    chance = stream(n)
    position, salience = chance.random((16, n, 1)), chance.random((16, n, 1))
    room = table(position, 0.1, salience, weight=chance.random((16, n)))
    z = negotiate(room, Options(steps=4000), lots(range(16), n)).text.position[:, 0]
    median = [weighted_median(position[k, :, 0], salience[k, :, 0]) for k in range(16)]
    loss = (salience[..., 0] * np.abs(z[:, None] - position[..., 0])).sum(axis=1)
    least = (salience[..., 0] * np.abs(np.array(median)[:, None] - position[..., 0])).sum(axis=1)
    assert np.all(loss <= least + 0.03 * salience.sum(axis=(1, 2)))
    assert np.sqrt(np.mean((z - median) ** 2)) < 0.08


def test_half_of_the_weight_takes_the_text_to_the_median_by_capability():
    chance = stream(3)
    position, weight = chance.random((16, 101, 1)), chance.random((16, 101))
    options = Options(quota=0.5, annealers=0.0)
    z = negotiate(table(position, 0.1, weight=weight), options, lots(range(16), 101)).text.position[:, 0]
    median = [weighted_median(position[k, :, 0], weight[k]) for k in range(16)]
    np.testing.assert_allclose(z, median, atol=1.5 * STEP)


@pytest.mark.parametrize("annealers", [0.0, 1.0])
def test_a_lower_quota_lets_more_of_the_room_decide(annealers):
    room = table(np.concatenate([np.full((7, 1), 0.8), np.full((3, 1), 0.2)]), 0.2)
    held, free = (settled(room, Options(quota=quota, annealers=0.0)).item() for quota in (0.71, 0.7))
    assert held == 0.2
    assert free == pytest.approx(0.8, abs=STEP)
    annealed = settled(room, Options(quota=0.6, annealers=annealers)).item()
    assert annealed == pytest.approx(0.8, abs=0.1)


@pytest.mark.parametrize("annealers", [0.0, 1.0])
def test_one_actor_and_equal_positions_get_the_text_they_want(annealers):
    options = Options(annealers=annealers)
    assert settled(table(np.array([[0.7]]), 0.2), options).item() == pytest.approx(0.7, abs=2 * STEP)
    assert settled(table(np.full((5, 1), 0.7), 0.2), options).item() == pytest.approx(0.7, abs=2 * STEP)


@settings(max_examples=60, deadline=None)
@given(rows=rooms, draft=share, step=st.floats(0.01, 1), heat=st.floats(0, 10), quota=st.floats(0.5, 1))
def test_the_text_stays_in_its_bounds(rows, draft, step, heat, quota):
    position, salience, weight = (np.array(column)[:, None] for column in zip(*rows, strict=True))
    room = table(np.hstack([position, salience]), draft, np.hstack([salience, weight]), weight[:, 0])
    options = Options(FEW_STEPS, start_temperature=heat, step=step, quota=quota, annealers=0.5)
    course = negotiate(room, options, lot(1, len(rows)))
    texts = course.outcomes["text"]
    assert np.all((texts >= 0.0) & (texts <= 1.0))
    assert np.all((course.text.strength >= 0.0) & (course.text.strength <= 1.0))
    np.testing.assert_array_equal(texts[0], room.draft)
    np.testing.assert_array_equal(texts[-1], course.text.position)


def test_a_text_without_anybody_who_cares_or_is_there_stays_as_drafted():
    position = stream(1).random((6, 3))
    salience = np.ones_like(position)
    salience[:, 1] = 0.0
    z = settled(table(position, 0.0, salience), Options(quota=0.5))
    assert z[1] == 0.0
    assert np.all(z[[0, 2]] > 0.1)
    careless = table(position, 0.5, np.zeros_like(position))
    assert settled(careless, Options()).tolist() == [0.5] * 3
    assert settled(table(position, 0.5, seated=np.zeros(6)), Options()).tolist() == [0.5] * 3
    assert settled(table(np.zeros((0, 3)), 0.5), Options()).tolist() == [0.5] * 3
    assert settled(table(np.zeros((4, 0))), Options()).shape == (0,)


def test_the_absent_are_not_asked():
    chance = stream(6)
    position, salience, weight = chance.random((9, 2)), chance.random((9, 2)), chance.random(9)
    here = np.array([0, 2, 3, 5, 8])
    seated = np.isin(np.arange(9), here).astype(float)
    among = settled(table(position, 0.5, salience, weight, seated), Options())
    alone = table(position[here], 0.5, salience[here], weight[here])
    without = negotiate(alone, Options(), Chance((stream(1),), here, 9)).text.position
    np.testing.assert_allclose(among, without, atol=1e-12)


def test_without_any_capability_all_votes_count_alike():
    position = stream(2).random((7, 2))
    powerless = settled(table(position, weight=np.zeros(7)), Options(quota=0.6))
    alike = settled(table(position), Options(quota=0.6))
    np.testing.assert_array_equal(powerless, alike)


def test_who_has_no_capability_has_no_vote():
    position = np.array([[0.9], [0.9], [0.1]])
    heard = settled(table(position, 0.5), Options(annealers=0.0))
    unheard = settled(table(position, 0.5, weight=np.array([1.0, 1.0, 0.0])), Options(annealers=0.0))
    assert heard.item() == 0.5
    assert unheard.item() == pytest.approx(0.9, abs=STEP)


@pytest.mark.parametrize("options", [Options(), Options(quota=0.7, annealers=0.5)])
def test_the_order_of_actors_does_not_matter(options):
    chance = stream(3)
    position, salience, weight = chance.random((20, 3)), chance.random((20, 3)), chance.random(20)
    order = chance.permutation(20)
    one = negotiate(table(position, 0.4, salience, weight), options, lot(5, 20)).text
    permuted = table(position[order], 0.4, salience[order], weight[order])
    other = negotiate(permuted, options, Chance((stream(5),), order, 20)).text
    np.testing.assert_allclose(other.position, one.position, atol=1e-9)
    np.testing.assert_array_equal(other.against, one.against[:, order])


@pytest.mark.parametrize("n_paragraphs", [1, 4])
def test_one_row_is_its_place_among_many(n_paragraphs):
    chance = stream(9)
    position, salience = chance.random((2, 5, 30, n_paragraphs))
    weight, seated = chance.random((5, 30)), np.round(chance.random((5, 30)))
    among = table(position, 0.3, salience, weight, seated)
    each = {
        "start_temperature": np.linspace(0.0, 0.05, 5)[:, None],
        "step": np.linspace(0.01, 0.05, 5)[:, None],
        "annealers": np.linspace(0.2, 1.0, 5)[:, None],
        "quota": np.linspace(0.5, 1.0, 5)[:, None],
    }
    many = negotiate(among, Options(FEW_STEPS, **each), lots(range(5), 30))
    fields = ("position", "salience", "tolerance", "weight", "seated", "may_block", "objects", "draft")
    for place in (0, 2, 4):
        own = Options(FEW_STEPS, **{name: float(value[place, 0]) for name, value in each.items()})
        row = replace(among, **{name: getattr(among, name)[place : place + 1] for name in fields})
        single = replace(among, **{name: getattr(among, name)[place] for name in fields})
        one, alone = negotiate(row, own, lots([place], 30)), negotiate(single, own, lot(place, 30))
        np.testing.assert_array_equal(one.outcomes["text"][:, 0], many.outcomes["text"][:, place])
        np.testing.assert_array_equal(alone.outcomes["text"], many.outcomes["text"][:, place])
        np.testing.assert_array_equal(one.text.ambiguity[0], many.text.ambiguity[place])


@pytest.mark.parametrize(("steps", "n_turns"), [(0, 1), (1, 2), (30, 31), (2000, N_TURNS + 1)])
def test_the_course_tells_the_text_at_some_turns(steps, n_turns):
    room = table(stream(1).random((5, 2)))
    course = negotiate(room, Options(steps=steps), lot(1, 5))
    assert course.outcomes["text"].shape == (n_turns, 2)
    np.testing.assert_array_equal(course.positions, room.position[None])
    assert course.text.adopted.tolist() == [1.0, 1.0]


def test_who_loses_more_than_it_bears_is_noted():
    course = negotiate(table(np.array([[0.5], [0.5], [0.5], [1.0]])), Options(annealers=0.0), lot(1, 4))
    assert course.text.position.item() == 0.5
    assert course.text.against[0].tolist() == [False, False, False, True]
    assert course.text.ambiguity.item() == pytest.approx(0.125)


def test_options_go_by_their_symbols():
    options = chosen(Options, {"T0": 0.5, "quota": 0.75})
    assert (options.start_temperature, options.quota, options.steps) == (0.5, 0.75, 2000)
