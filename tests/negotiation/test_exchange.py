"""Equal-gain exchange against the recorded runs, against the equations one deal at a time, at its edges."""

import csv
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import migsim.negotiation
from migsim.negotiation.alone import negotiate as ask
from migsim.negotiation.chance import Chance
from migsim.negotiation.compromise import compromise
from migsim.negotiation.exchange import PROTOCOL, Options, negotiate
from migsim.negotiation.options import chosen
from migsim.negotiation.table import Table
from tests.negotiation.exchange_by_hand import ByHand, in_decimals

CASES = Path(migsim.negotiation.__file__).parent / "cases" / "reference"
NAMES = ("exch_i_8x4", "exch_k_15x8")
PLACES = ("round_start", "supply", "voting", "target")


def lines(case, name):
    with (CASES / case / name).open() as file:
        return list(csv.DictReader(file))


def read(case):
    """Names of actors and issues; positions, saliences, capabilities."""
    rows = lines(case, "input.csv")
    actors = list(dict.fromkeys(row["actor"] for row in rows))
    issues = list(dict.fromkeys(row["issue"] for row in rows))
    cell = {(row["actor"], row["issue"]): row for row in rows}

    def column(name):
        return np.array([[float(cell[actor, issue][name]) for issue in issues] for actor in actors])

    return actors, issues, (column("position_0_100"), column("salience_0_1"), column("capability")[:, 0])


def seated(position, salience, capability):
    shape = np.shape(position)
    return Table(
        position=np.asarray(position, dtype=float) / 100,
        salience=np.asarray(salience, dtype=float),
        tolerance=np.full(shape, 0.15),
        weight=np.asarray(capability, dtype=float),
        seated=np.ones(shape[0]),
        may_block=np.ones(shape[0]),
        objects=np.zeros(shape),
        draft=np.full(shape[1], 0.5),
        group=np.arange(shape[0]),
        max_ambiguity=0.3,
    )


def play(position, salience, capability, seed=1, **options):
    luck = Chance.alone(seed, [str(actor) for actor in range(len(position))])
    return negotiate(seated(position, salience, capability), Options(**options), luck)


def exchanges(course):
    """The realised exchanges as rows."""
    return np.array(list(course.events["exchanges"].columns.values()), dtype=float).T


def following(course):
    """Next round's starts, ``(round, actor, issue)``."""
    turns, n_actors, n_issues = course.positions.shape
    starts = np.empty((turns - 1, n_actors, n_issues))
    for turn, actor, issue, position in zip(*course.events["next_round"].columns.values(), strict=True):
        starts[turn - 1, actor, issue] = position
    return starts


def recorded(case, actors, issues):
    rows = []
    for row in lines(case, "exchanges.csv"):
        sides = [
            [actors.index(row[f"actor_{side}"]), issues.index(row[f"supply_issue_{side}"])]
            + [float(row[f"{place}_position_{side}"]) for place in PLACES]
            for side in "ij"
        ]
        rows.append([int(row["round"]), int(row["seq"]), *sides[0], *sides[1], float(row["equal_gain"])])
    return np.array(rows)


def drawn(seed, n_actors, n_issues, of_positions=2, of_saliences=3):
    draw = np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed)))
    shape = (n_actors, n_issues)
    least = 10.0**-of_saliences
    return (
        np.round(100 * draw.beta(0.8, 0.8, shape), of_positions),
        np.maximum(np.round(draw.uniform(0.05, 1, shape), of_saliences), least),
        np.round(draw.uniform(0.1, 1, n_actors), 4),
    )


def coarse(seed, n_actors, n_issues):
    """Inputs full of ties, of equal positions, and of actors who do not mind an issue."""
    draw = np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed)))
    shape = (n_actors, n_issues)
    return (
        draw.choice([0, 25, 50, 75, 100], shape),
        draw.choice([0, 0.2, 0.4, 0.5, 0.8, 1], shape),
        draw.choice([0.5, 1, 1, 2], n_actors),
    )


@pytest.mark.parametrize("case", NAMES)
def test_recorded_exchanges(case):
    actors, issues, given = read(case)
    want = recorded(case, actors, issues)
    found = play(*given)
    assert np.array_equal(exchanges(found)[:, [0, 1, 2, 3, 8, 9]], want[:, [0, 1, 2, 3, 8, 9]])
    np.testing.assert_allclose(exchanges(found), want, rtol=0, atol=1e-10)
    assert tuple(found.events["exchanges"].columns) == tuple(lines(case, "exchanges.csv")[0])


@pytest.mark.parametrize("case", NAMES)
def test_recorded_positions_and_outcomes(case):
    actors, issues, given = read(case)
    found = play(*given)
    starts = following(found)
    by_name = {
        "outcome_initial": lambda turn, _, d: 100 * found.outcomes["outcome"][turn, d],
        "outcome_voting": lambda turn, _, d: 100 * found.outcomes["outcome"][turn, d],
        "voting_position": lambda turn, k, d: 100 * found.positions[turn, k, d],
        "start_position_next": lambda turn, k, d: starts[turn - 1, k, d],
    }
    rows = lines(case, "output.csv")
    seats = [actors.index(row["actor"]) if row["actor"] else -1 for row in rows]
    values = [
        by_name[row["quantity"]](int(row["round"]), seat, issues.index(row["issue"]))
        for row, seat in zip(rows, seats, strict=True)
    ]
    np.testing.assert_allclose(values, [float(row["value"]) for row in rows], rtol=0, atol=1e-10)
    assert {row["quantity"] for row in rows} == set(by_name)


@pytest.mark.parametrize("case", NAMES)
@pytest.mark.parametrize("close", ["0", "1e-9"])
def test_by_hand_in_decimals_is_as_recorded(case, close):
    actors, issues, given = read(case)
    rows, _, _, starts = in_decimals(*given, close=close).play()
    want = recorded(case, actors, issues)
    np.testing.assert_allclose(np.array(rows, dtype=float), want, rtol=0, atol=1e-12)
    last = [row for row in lines(case, "output.csv") if row["quantity"] == "start_position_next"]
    for row in last:
        found = starts[int(row["round"]) - 1][actors.index(row["actor"])][issues.index(row["issue"])]
        assert float(found) == pytest.approx(float(row["value"]), abs=1e-12)


def differs(given, by_hand, rounds=5):
    """Largest difference from the same by hand; infinite if the exchanges are others."""
    rows, votes, outcomes, starts = by_hand.play(rounds)
    found = play(*given, rounds=rounds)
    mine, want = exchanges(found), np.array(rows, dtype=float)
    if len(mine) != len(want):
        return np.inf
    pairs = [
        (mine, want if len(want) else mine),
        (100 * found.positions[1:], votes),
        (100 * found.outcomes["outcome"], outcomes),
        (following(found), starts),
    ]
    return max(np.abs(a - np.array(b, dtype=float)).max(initial=0) for a, b in pairs)


@pytest.mark.parametrize("seed", range(24))
def test_as_by_hand(seed):
    n_actors, n_issues = 2 + seed * 5 % 11, 2 + seed % 5
    given = drawn(seed, n_actors, n_issues, (0, 1, 2, 12)[seed % 4], (2, 3, 12)[seed % 3])
    assert differs(given, ByHand(*given)) < 1e-8
    assert differs(given, in_decimals(*given)) < 1e-8


@pytest.mark.parametrize("seed", range(40))
def test_as_by_hand_where_gains_are_equal(seed):
    given = coarse(seed, 2 + seed % 4, 2 + seed % 3)
    assert differs(given, ByHand(*given)) < 1e-8
    assert differs(given, in_decimals(*given)) < 1e-8


@pytest.mark.slow
def test_as_by_hand_many_times():
    worst = 0.0
    for seed in range(100, 500):
        given = drawn(seed, 2 + seed % 11, 2 + seed // 11 % 5, seed % 3, 2 + seed % 2)
        rough = coarse(seed, 2 + seed % 6, 2 + seed % 3)
        worst = max(worst, differs(given, in_decimals(*given)), differs(rough, in_decimals(*rough)))
    assert worst < 1e-8


def test_two_actors_who_mind_different_issues():
    """Each moves all the way, and both outcomes from 80 to 100: 20 gained at salience 1, 20 lost at 1/4."""
    course = play([[100, 0], [0, 100]], [[1, 0.25], [0.25, 1]], [1, 1], rounds=1)
    np.testing.assert_allclose(exchanges(course), [[1, 1, 0, 1, 0, 0, 100, 100, 1, 0, 0, 0, 100, 100, 15]])
    np.testing.assert_allclose(course.outcomes["outcome"], [[0.8, 0.8], [1, 1]])
    np.testing.assert_allclose(course.text.position, [1, 1])
    # A quarter of the salience: k = 0.75 * 0.4 + 0.1 of the way is kept.
    np.testing.assert_allclose(following(course)[0], [[100, 40], [40, 100]])


def test_a_move_is_held_back_where_the_outcome_would_pass_the_target():
    """A move from 80 to 40 would take the outcome from 45 to 35: it stops at 60, where the outcome is 40."""
    given = [[60, 40], [20, 80], [40, 20]], [[0.25, 1], [1, 1], [0.5, 0.5]], [2, 1, 2]
    first = exchanges(play(*given, rounds=1))[0]
    np.testing.assert_allclose(first, [1, 1, 1, 1, 80, 80, 60, 40, 0, 0, 60, 60, 20, 20, 3])
    voted = seated([[20, 40], [20, 60], [40, 20]], *given[1:])
    assert 100 * compromise(voted)[1] == pytest.approx(40)


def test_weights_say_how_far_votes_are_kept():
    given = read("exch_i_8x4")[2]
    stay = play(*given, rounds=1, salience_weight=0.0, fixed_weight=1.0)
    np.testing.assert_allclose(following(stay)[0], 100 * stay.positions[1], atol=1e-12)
    back = play(*given, rounds=3, salience_weight=0.0, fixed_weight=0.0)
    np.testing.assert_allclose(following(back), np.broadcast_to(given[0], (3, *given[0].shape)), atol=1e-12)
    most = play(*given, rounds=1, salience_weight=1.0, fixed_weight=1.0)
    np.testing.assert_allclose(following(most), following(stay))


def test_of_equal_gains_the_first_or_one_by_lot():
    """Two alike face one partner: whoever comes first, or by lot."""
    given = [[100, 0], [100, 0], [0, 100]], [[1, 0.25], [1, 0.25], [0.25, 1]], [1, 1, 1]
    assert exchanges(play(*given, rounds=1))[0, 2] == 0
    drawn_first = {
        exchanges(play(*given, rounds=1, allow_random=True, seed=seed))[0, 2] for seed in range(20)
    }
    assert drawn_first == {0, 1}
    again = [exchanges(play(*given, allow_random=True, seed=3)).tolist() for _ in range(2)]
    assert again[0] == again[1]


@pytest.mark.parametrize("case", NAMES)
def test_lots_decide_nothing_without_ties(case):
    given = read(case)[2]
    assert np.array_equal(exchanges(play(*given, allow_random=True)), exchanges(play(*given)))


@pytest.mark.parametrize("shape", [(1, 1), (1, 3), (4, 1)])
def test_no_exchange_without_partner_or_second_issue(shape):
    given = drawn(7, *shape)
    course = play(*given)
    assert len(exchanges(course)) == 0
    assert np.array_equal(course.positions, np.broadcast_to(course.positions[0], course.positions.shape))
    np.testing.assert_allclose(course.text.position, compromise(seated(*given)), atol=1e-15)


def test_nobody_at_the_table():
    course = play(np.empty((0, 2)), np.empty((0, 2)), [], rounds=2)
    assert course.positions.shape == (3, 0, 2)
    assert course.text.position.tolist() == [0.5, 0.5]


def test_no_exchange_where_all_agree_on_an_issue():
    position, salience, able = drawn(8, 6, 2)
    position[:, 1] = 33.3
    course = play(position, salience, able)
    assert len(exchanges(course)) == 0
    assert course.text.position[1] == pytest.approx(0.333)


def test_who_does_not_mind_an_issue_makes_no_deal_over_it():
    position, salience, able = drawn(1, 6, 3)
    salience[2, 0] = 0.0
    rows = exchanges(play(position, salience, able))
    with_it = rows[(rows[:, 2] == 2) | (rows[:, 8] == 2)]
    assert len(with_it) > 0
    assert not np.any(with_it[:, [3, 9]] == 0)


def test_an_issue_nobody_minds_gets_the_mean_by_capability():
    position, salience, able = drawn(10, 5, 3)
    salience[:, 1] = 0.0
    course = play(position, salience, able)
    rows = exchanges(course)
    assert len(rows) > 0
    assert not np.any(rows[:, [3, 9]] == 1)
    np.testing.assert_allclose(
        course.outcomes["outcome"][:, 1], np.average(position[:, 1], weights=able) / 100
    )
    others = play(position[:, [0, 2]], salience[:, [0, 2]], able)
    np.testing.assert_allclose(others.text.position, course.text.position[[0, 2]], atol=1e-12)


@pytest.mark.parametrize("least", [0.0, 1e-300, 1e-12])
def test_the_incapable_and_the_all_but_indifferent_do_no_harm(least):
    position, salience, able = drawn(11, 6, 3)
    salience[0], salience[1, 1], able[2], able[3] = least, least, 0.0, least
    course = play(position, salience, able)
    assert np.all(np.isfinite(course.positions))
    assert np.all((course.positions >= 0) & (course.positions <= 1))
    assert not np.any(exchanges(course)[:, [2, 8]] == 2)


def test_the_sum_of_moves_limits_moves_upwards_only():
    """The remembered moves of a deal add up with their signs."""
    position, salience, able = read("exch_k_15x8")[2]
    upside_down = play(100 - position, salience, able)
    assert len(exchanges(upside_down)) != len(exchanges(play(position, salience, able)))


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.integers(2, 8), st.integers(2, 5))
def test_both_sides_gain_the_same(seed, n_actors, n_issues):
    position, salience, able = drawn(seed, n_actors, n_issues)
    course = play(position, salience, able)
    share = able[:, None] * salience / (able[:, None] * salience).sum(axis=0)
    for row in exchanges(course):
        i, q, j, p = (int(row[column]) for column in (2, 3, 8, 9))
        e_q = share[i, q] * abs(row[6] - row[5])
        e_p = share[j, p] * abs(row[12] - row[11])
        assert e_p * salience[i, p] - e_q * salience[i, q] == pytest.approx(row[14], abs=1e-9)
        assert e_q * salience[j, q] - e_p * salience[j, p] == pytest.approx(row[14], abs=1e-9)
        assert row[14] >= 1e-10
        assert (row[6] - row[5]) * (row[7] - row[5]) > 0
        assert (row[12] - row[11]) * (row[13] - row[11]) > 0
    assert np.all((course.positions >= 0) & (course.positions <= 1))


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.randoms(use_true_random=False))
def test_order_of_actors_does_not_matter(seed, shuffle):
    position, salience, able = drawn(seed, 7, 4, 12, 12)
    order = list(range(7))
    shuffle.shuffle(order)
    course = play(position, salience, able)
    shuffled = play(position[order], salience[order], able[order])
    np.testing.assert_allclose(shuffled.positions, course.positions[:, order], atol=1e-9)
    np.testing.assert_allclose(shuffled.outcomes["outcome"], course.outcomes["outcome"], atol=1e-9)
    np.testing.assert_allclose(shuffled.text.ambiguity, course.text.ambiguity, atol=1e-9)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6), st.floats(0.01, 100))
def test_the_unit_of_capability_does_not_matter(seed, unit):
    position, salience, able = drawn(seed, 6, 3, 12, 12)
    course, rescaled = play(position, salience, able), play(position, salience, unit * able)
    np.testing.assert_allclose(rescaled.positions, course.positions, atol=1e-9)


def test_names_of_options_are_those_of_the_program():
    options = chosen(Options, {"SALIENCE_WEIGHT": 0.3, "FIXED_WEIGHT": 0, "rounds": 2, "ALLOW_RANDOM": True})
    assert options == Options(2, 0.3, 0.0, True)
    assert PROTOCOL.is_costly(options)
    assert not PROTOCOL.is_vectorised


def test_alone_it_tells_the_exchanges_by_name():
    rows = lines("exch_i_8x4", "input.csv")
    frame = {
        "actor": [row["actor"] for row in rows],
        "theme": [row["issue"] for row in rows],
        "capability": [float(row["capability"]) for row in rows],
        "position": [float(row["position_0_100"]) for row in rows],
        "salience": [float(row["salience_0_1"]) for row in rows],
    }
    told = ask(frame, protocol="exchange").events["exchanges"]
    want = lines("exch_i_8x4", "exchanges.csv")
    assert list(told.columns) == list(want[0])
    assert told["actor_i"].tolist() == [row["actor_i"] for row in want]
    assert told["supply_issue_j"].tolist() == [row["supply_issue_j"] for row in want]
    starts = [Decimal(row["round_start_position_i"]) for row in want if row["round"] == "1"]
    assert [Decimal(str(float(each))) for each in told["round_start_position_i"][: len(starts)]] == starts
