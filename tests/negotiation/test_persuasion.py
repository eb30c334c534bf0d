"""Bounded confidence, against the definition, counts of clusters and its limits."""

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import migsim.negotiation
from migsim.negotiation.chance import Chance
from migsim.negotiation.compromise import compromise
from migsim.negotiation.options import chosen
from migsim.negotiation.persuasion import FEW, Persuasion, deffuant, hegselmann_krause, persuade
from tests.negotiation.rooms import sit

MEASURED = (
    Path(migsim.negotiation.__file__).parent / "cases" / "published" / "bounded_confidence_measured.csv"
)
CLUSTERS = list(csv.DictReader(MEASURED.open()))
QUICK = ("0.5", "0.25", "0.15")
MAJOR, N_SEEDS = 0.02, 10

share = st.floats(0, 1)
voice_or_none = st.just(0.0) | st.floats(1e-6, 1)
rooms = st.lists(st.tuples(share, voice_or_none, voice_or_none), min_size=1, max_size=9)


def stream(seed):
    return np.random.Generator(np.random.PCG64(seed))


def lots(seeds, n, seats=None, n_seats=None):
    """Chance for each of some leading places."""
    seats = np.arange(n) if seats is None else seats
    return Chance([stream(seed) for seed in seeds], seats, n_seats or n, is_single=False)


def lot(seed, n):
    return Chance((stream(seed),), np.arange(n), n)


def table(position, seated=None, salience=None, weight=None):
    return sit(position, salience, weight, seated)


def round_by_hand(position, confidence, voice):
    """One round, straight from the definition."""
    after = position.copy()
    for i, own in enumerate(position):
        heard = [(v, x) for v, x in zip(voice, position, strict=True) if abs(x - own) <= confidence + 1e-12]
        if sum(v for v, _ in heard) > 0.0:
            after[i] = sum(v * x for v, x in heard) / sum(v for v, _ in heard)
    return after


@settings(max_examples=200, deadline=None)
@given(rows=rooms, confidence=share)
def test_a_round_against_the_definition(rows, confidence):
    position, voice, _ = (np.array(column)[:, None] for column in zip(*rows, strict=True))
    found = hegselmann_krause(position, confidence, 2, voice)
    first = round_by_hand(position[:, 0], confidence, voice[:, 0])
    np.testing.assert_allclose(found[1, :, 0], first, atol=1e-12)
    np.testing.assert_allclose(
        found[2, :, 0], round_by_hand(found[1, :, 0], confidence, voice[:, 0]), atol=1e-12
    )


@pytest.mark.parametrize("n", [FEW, FEW + 1, 100])
@pytest.mark.parametrize("confidence", [0.0, 0.07, 0.25, 1.0])
def test_many_and_few_are_persuaded_alike(n, confidence):
    chance = stream(n)
    position = np.round(chance.random((3, n, 2)), 2)
    voice = chance.random((3, n, 2)) * (chance.random((3, n, 2)) < 0.8)
    found = hegselmann_krause(position, confidence, 1, voice)[1]
    for place in range(3):
        for k in range(2):
            expected = round_by_hand(position[place, :, k], confidence, voice[place, :, k])
            np.testing.assert_allclose(found[place, :, k], expected, atol=1e-12)


def n_clusters(position, apart):
    """Groups separated by more than a gap, with at least two in a hundred of the actors."""
    ordered = np.sort(position)
    sizes = np.diff(np.concatenate([[-1], np.flatnonzero(np.diff(ordered) > apart), [len(ordered) - 1]]))
    return int((sizes >= MAJOR * len(ordered)).sum())


def counted(row, turns):
    """Numbers of major clusters in ten draws."""
    n, confidence = int(row["N"]), float(row["epsilon"])
    start = stream(7).random((N_SEEDS, n, 1))
    if row["model"] == "deffuant":
        end = deffuant(start, confidence, float(row["mu"]), turns, lots(range(N_SEEDS), n))[-1]
        return [n_clusters(place[:, 0], 0.02) for place in end]
    end = hegselmann_krause(start, confidence, turns)[-1]
    return [n_clusters(place[:, 0], 1e-3) for place in end]


def within_band(found, row):
    """Another ten draws: means within 0.8, extremes within one of those measured."""
    near_mean = abs(np.mean(found) - float(row["mean_major_clusters"])) <= 0.8
    return near_mean and int(row["min"]) - 1 <= min(found) and max(found) <= int(row["max"]) + 1


@pytest.mark.parametrize(
    "row",
    [row for row in CLUSTERS if row["epsilon"] in QUICK],
    ids=lambda row: f"{row['model']}-{row['epsilon']}",
)
def test_clusters(row):
    found = counted(row, turns=25 if row["model"] == "deffuant" else 30)
    assert within_band(found, row)


@pytest.mark.slow
@pytest.mark.parametrize("row", CLUSTERS, ids=lambda row: f"{row['model']}-{row['epsilon']}")
def test_all_clusters(row):
    found = counted(row, turns=100)
    assert within_band(found, row)


@settings(max_examples=100, deadline=None)
@given(rows=rooms)
def test_who_hears_everybody_agrees_on_the_mean_in_one_turn(rows):
    position, voice, _ = (np.array(column)[:, None] for column in zip(*rows, strict=True))
    voice = voice + 0.01
    found = hegselmann_krause(position, 1.0, 1, voice)[-1]
    np.testing.assert_allclose(found, np.full_like(found, (voice * position).sum() / voice.sum()), atol=1e-12)
    alike = hegselmann_krause(position, 1.0, 1)[-1]
    np.testing.assert_allclose(alike, np.full_like(alike, position.mean()), atol=1e-12)


@pytest.mark.parametrize("n", [1, 2, 8, 60])
def test_without_confidence_nothing_moves(n):
    position = stream(n).random((2, n, 3))
    voice = stream(n + 1).random((2, n, 3))
    rounds = hegselmann_krause(position, 0.0, 3, voice)
    meetings = deffuant(position, 0.0, 0.5, 3, lots((1, 2), n))
    np.testing.assert_array_equal(rounds, np.broadcast_to(position, rounds.shape))
    np.testing.assert_array_equal(meetings, np.broadcast_to(position, meetings.shape))


@pytest.mark.parametrize("n", [3, 40])
def test_equal_positions_stay(n):
    position = np.full((n, 2), 0.3)
    rounds = hegselmann_krause(position, 0.2, 4, stream(1).random((n, 2)))
    meetings = deffuant(position, 0.2, 0.5, 4, lot(1, n))
    np.testing.assert_array_equal(rounds, np.broadcast_to(position, rounds.shape))
    np.testing.assert_array_equal(meetings, np.broadcast_to(position, meetings.shape))


@settings(max_examples=50, deadline=None)
@given(rows=rooms, confidence=share, convergence=st.floats(0, 0.5), seed=st.integers(0, 99))
def test_meetings_keep_the_mean_and_the_range(rows, confidence, convergence, seed):
    position = np.array([row[:2] for row in rows])
    found = deffuant(position, confidence, convergence, 6, lot(seed, len(rows)))
    np.testing.assert_allclose(found.mean(axis=1), np.broadcast_to(position.mean(axis=0), (7, 2)), atol=1e-12)
    assert np.all(np.diff(np.ptp(found, axis=1), axis=0) <= 1e-12)
    assert np.all((found >= 0.0) & (found <= 1.0))


@settings(max_examples=50, deadline=None)
@given(rows=rooms, confidence=share)
def test_rounds_stay_in_the_range_and_keep_the_order(rows, confidence):
    position, voice, _ = (np.array(column)[:, None] for column in zip(*rows, strict=True))
    found = hegselmann_krause(position, confidence, 5, voice + 0.01)
    order = np.argsort(position[:, 0], kind="stable")
    assert np.all((found >= 0.0) & (found <= 1.0))
    assert np.all(np.diff(np.ptp(found, axis=1), axis=0) <= 1e-12)
    assert np.all(np.diff(found[:, order, 0], axis=1) >= -1e-12)


def test_two_who_meet_at_exactly_the_confidence_are_heard_in_rounds_only():
    position = np.array([[0.25], [0.5]])
    assert hegselmann_krause(position, 0.25, 1)[-1].ravel().tolist() == [0.375, 0.375]
    assert deffuant(position, 0.25, 0.5, 5, lot(1, 2))[-1].ravel().tolist() == [0.25, 0.5]
    assert deffuant(position, 0.26, 0.5, 5, lot(1, 2))[-1].ravel().tolist() == [0.375, 0.375]


@pytest.mark.parametrize("way", ["hegselmann_krause", "deffuant"])
def test_the_absent_neither_move_nor_persuade(way):
    position = stream(4).random((2, 30, 3))
    here = np.ones((2, 30))
    here[:, ::3] = 0.0
    options = Persuasion(persuasion=way, confidence=0.4)
    after, _ = persuade(table(position, here), options, lots((5, 6), 30))
    present = np.flatnonzero(here[0])
    alone = table(np.ascontiguousarray(position[:, present]))
    without, _ = persuade(alone, options, lots((5, 6), 20, seats=present, n_seats=30))
    np.testing.assert_allclose(after.position[:, present], without.position, atol=1e-12)
    np.testing.assert_array_equal(after.position[:, ::3], position[:, ::3])
    assert not np.allclose(after.position[:, present], position[:, present])


@pytest.mark.parametrize("way", ["hegselmann_krause", "deffuant"])
@pytest.mark.parametrize("n", [10, 50])
def test_the_order_of_actors_does_not_matter(way, n):
    position, weight = stream(3).random((n, 4)), stream(4).random(n)
    order = stream(5).permutation(n)
    options = Persuasion(persuasion=way, confidence=0.3)
    first = table(position, salience=position[::-1].copy(), weight=weight)
    other = table(position[order], salience=position[::-1][order], weight=weight[order])
    one, _ = persuade(first, options, lot(9, n))
    permuted, _ = persuade(other, options, Chance((stream(9),), order, n))
    np.testing.assert_allclose(permuted.position, one.position[order], atol=1e-9)


@pytest.mark.parametrize("way", ["hegselmann_krause", "deffuant"])
@pytest.mark.parametrize("n_paragraphs", [1, 3])
@pytest.mark.parametrize("n", [12, 50])
def test_one_row_is_its_place_among_many(way, n, n_paragraphs):
    position, salience, weight = (stream(n + k).random((6, n, n_paragraphs)) for k in range(3))
    seated = np.round(0.2 + stream(8).random((6, n)))
    among = table(position, seated, salience, weight[..., 0])
    each = np.linspace(0.1, 0.9, 6)[:, None]
    many, course = persuade(
        among, Persuasion(way, confidence=each, convergence=0.5 * each), lots(range(6), n)
    )
    for place in (0, 3, 5):
        here = slice(place, place + 1)
        fields = {name: getattr(among, name)[here] for name in ("position", "seated", "salience", "weight")}
        own = Persuasion(way, confidence=float(each[place, 0]), convergence=0.5 * float(each[place, 0]))
        row, _ = persuade(replace(among, **fields), own, lots([place], n))
        single = {name: value[0] for name, value in fields.items()}
        _, alone = persuade(replace(among, **single), own, lot(place, n))
        np.testing.assert_array_equal(row.position[0], many.position[place])
        np.testing.assert_array_equal(alone, course[:, place])


def test_two_places_have_meetings_of_their_own():
    position = np.broadcast_to(stream(1).random((8, 1)), (2, 8, 1))
    found = deffuant(position, 1.0, 0.3, 1, lots((1, 2), 8))[-1]
    assert not np.array_equal(found[0], found[1])


def test_by_default_nobody_is_persuaded():
    before = table(stream(1).random((5, 2)))
    after, course = persuade(before, Persuasion(), lot(1, 5))
    assert after is before
    assert course.shape == (1, 5, 2)


def test_the_draft_is_left_as_it_was_and_positions_are_told_by_turn():
    before = table(stream(1).random((5, 2)))
    after, course = persuade(before, Persuasion("deffuant", persuasion_turns=3), lot(1, 5))
    np.testing.assert_array_equal(after.draft, before.draft)
    np.testing.assert_array_equal(course[0], before.position)
    np.testing.assert_array_equal(course[-1], after.position)
    assert len(course) == 4


@settings(max_examples=50, deadline=None)
@given(rows=rooms)
def test_full_confidence_leads_all_to_the_compromise(rows):
    position, salience, weight = (np.array(column)[:, None] for column in zip(*rows, strict=True))
    before = table(position, salience=salience, weight=weight[:, 0])
    after, _ = persuade(before, Persuasion("hegselmann_krause", 1.0, persuasion_turns=1), lot(1, len(rows)))
    expected = np.broadcast_to(compromise(before), position.shape)
    np.testing.assert_allclose(after.position, expected, atol=1e-9)


@pytest.mark.parametrize("way", ["hegselmann_krause", "deffuant"])
@pytest.mark.parametrize("case", ["nobody", "all_absent", "one", "careless", "powerless"])
def test_edges(way, case):
    n = {"nobody": 0, "one": 1}.get(case, 4)
    position = stream(2).random((n, 2))
    seated = np.zeros(n) if case == "all_absent" else None
    salience = np.zeros((n, 2)) if case == "careless" else None
    weight = np.zeros(n) if case == "powerless" else None
    before = table(position, seated, salience, weight)
    after, _ = persuade(before, Persuasion(way, confidence=1.0, convergence=0.5), lot(1, n))
    if case in ("careless", "powerless"):
        np.testing.assert_allclose(after.position.mean(axis=0), position.mean(axis=0), atol=1e-12)
        assert np.all(np.ptp(after.position, axis=0) < np.ptp(position, axis=0))
    else:
        np.testing.assert_array_equal(after.position, position)


def test_options_go_by_their_symbols():
    options = chosen(Persuasion, {"persuasion": "Deffuant", "epsilon": 0.3, "mu": 0.2})
    assert (options.persuasion, options.confidence, options.convergence) == ("deffuant", 0.3, 0.2)
    assert options.persuasion_turns == 5
