"""Expected-utility challenges, against another program, a printed table, plain loops and their properties."""

import csv
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import migsim.negotiation
from migsim.negotiation import Chance
from migsim.negotiation.challenge import (
    PROTOCOL,
    Options,
    Theme,
    chances,
    first_least,
    negotiate,
)
from tests.negotiation import rooms

CASES = Path(migsim.negotiation.__file__).parent / "cases"
share = st.floats(0, 1)
whole_share = st.integers(0, 10).map(lambda tenths: tenths / 10)
actors = st.lists(
    st.tuples(share, st.just(0.0) | st.floats(1e-3, 1), st.floats(0.01, 5)), min_size=1, max_size=7
)
equal_actors = st.lists(st.tuples(whole_share, whole_share, st.just(1.0)), min_size=1, max_size=7)


def rows_of(*parts):
    with CASES.joinpath(*parts).open() as file:
        return list(csv.DictReader(file))


def sit(position, salience, capability):
    """A table of one theme, or of as many as there are columns."""
    x, s = (np.array(each, dtype=float) for each in (position, salience))
    return rooms.sit(x[:, None], s[:, None], capability) if x.ndim == 1 else rooms.sit(x, s, capability)


def course(rows, **options):
    x, s, c = zip(*rows, strict=True)
    return negotiate(sit(x, s, c), Options(**options), Chance.alone(1, [str(i) for i in range(len(rows))]))


def drawn(seed, n):
    stream = np.random.Generator(np.random.PCG64(seed))
    return [(x, s, c) for x, s, c in stream.uniform(0.01, 1.0, (n, 3)).tolist()]


def reference():
    given_rows = rows_of("reference", "bdm_l_8", "input.csv")
    names = [row["actor"] for row in given_rows]
    found = course(
        [
            (float(row["position_0_100"]) / 100, float(row["salience_0_1"]), float(row["capability"]))
            for row in given_rows
        ]
    )
    return names, found


def emissions(rounds):
    rows = rows_of("published", "emission_standards_input.csv")
    names = [row["actor"] for row in rows]
    scaled = [
        ((float(r["position_years"]) - 4) / 6, float(r["salience_pct"]) / 100, float(r["capability"]))
        for r in rows
    ]
    return names, course(scaled, rounds=rounds)


def test_positions_exponents_and_outcomes_are_those_of_the_other_program():
    names, found = reference()
    listed = found.events["risk_exponents"].columns
    exponents = {
        (turn, actor): value
        for turn, actor, value in zip(listed["round"], listed["actor"], listed["value"], strict=True)
    }
    told = {"position": 0, "weighted_mean": 0, "median_pairwise_vote": 0, "risk_exponent": 0}
    for row in rows_of("reference", "bdm_l_8", "output.csv"):
        turn, name = int(row["round"]), row["quantity"]
        match name:
            case "position":
                value = 100 * found.positions[turn, names.index(row["actor"]), 0]
            case "risk_exponent":
                value = exponents[turn, names.index(row["actor"])]
            case "weighted_mean":
                value = 100 * found.outcomes["weighted_mean"][turn, 0]
            case "median_pairwise_vote":
                value = 100 * found.outcomes["weighted_median"][turn, 0]
        assert value == pytest.approx(float(row["value"]), abs=1e-9)
        told[name] += 1
    assert told == {"position": 72, "weighted_mean": 9, "median_pairwise_vote": 9, "risk_exponent": 64}


def test_offers_are_those_of_the_other_program_one_by_one():
    names, found = reference()
    offers = found.events["offers"]
    expected = rows_of("reference", "bdm_l_8", "offers.csv")
    assert offers.of_actors == ("actor", "from_actor")
    assert offers.of_paragraphs == ("theme",)
    assert len(offers.columns["round"]) == len(expected) == 38
    for place, row in enumerate(expected):
        told = {name: cells[place] for name, cells in offers.columns.items()}
        assert (told["round"], told["offer_type"], told["theme"]) == (int(row["round"]), row["offer_type"], 0)
        assert (names[told["actor"]], names[told["from_actor"]]) == (row["actor"], row["from_actor"])
        for name in ("eu_own_challenge", "eu_other_challenge", "new_position"):
            assert told[name] == pytest.approx(float(row[name]), abs=1e-9)


def test_ten_rounds_on_the_emission_standards():
    names, found = emissions(10)
    rows = rows_of("published", "emission_bdm_scholz_code_faithful_rounds.csv")
    assert len(rows) == len(found.positions) == 11
    for row in rows:
        turn = int(row["round"])
        expected = [float(row[name]) for name in names]
        np.testing.assert_allclose(4 + 6 * found.positions[turn, :, 0], expected, rtol=0, atol=1e-9)
        for name in ("weighted_median", "weighted_mean"):
            assert 4 + 6 * found.outcomes[name][turn, 0] == pytest.approx(float(row[name]), abs=1e-9)


def test_the_printed_table_but_for_the_median_of_the_second_round():
    _, found = emissions(8)
    printed = [row for row in rows_of("published", "emission_standards_published.csv") if row["round"]]
    assert len(printed) == 16
    for row in printed:
        turn, name = int(row["round"]), row["quantity"]
        value = 4 + 6 * found.outcomes[name][turn, 0]
        if (name, turn) == ("weighted_median", 2):
            assert value == pytest.approx(9.611, abs=1e-3)
        else:
            assert value == pytest.approx(float(row["value"]), abs=0.08)


def plain_round(rows, span, r, q, pair):
    """Expected utilities straight from the equations: (E^i_ij, E^i_ji) for every i, j."""
    n = len(rows)

    def vote(k, a, b):
        far_a, far_b = ((abs(rows[k][0] - rows[z][0]) / span) ** r[k] for z in (a, b))
        return rows[k][1] * rows[k][2] * (far_b - far_a)

    everything = sum(abs(vote(k, a, b)) for k in range(n) for a in range(n) for b in range(n))

    def chance(i, j):
        if rows[i][0] == rows[j][0]:
            return 0.0
        total = sum(abs(vote(k, i, j)) for k in range(n)) if pair else everything
        return sum(max(0.0, vote(k, i, j)) for k in range(n)) / total if total else 0.0

    def expects(h, i, j):
        d, s, p = abs(rows[i][0] - rows[j][0]) / span, rows[j][1], chance(i, j)
        us, uf, u0 = 2 - 4 * (0.5 - 0.5 * d) ** r[h], 2 - 4 * (0.5 + 0.5 * d) ** r[h], 2 - 4 * 0.5 ** r[h]
        return s * (p * us + (1 - p) * uf) + (1 - s) * us - q * u0

    return [[(expects(i, i, j), expects(i, j, i)) for j in range(n)] for i in range(n)]


def plain(rows, rounds, q=1.0, pair=False):
    """The whole model in plain loops."""
    n, span = len(rows), max(x for x, _, _ in rows) - min(x for x, _, _ in rows)
    for _ in range(rounds):
        seen = plain_round(rows, span, [1.0] * n, q, pair)
        danger = [sum(seen[i][j][1] for j in range(n) if j != i) for i in range(n)]
        most, least = max(danger), min(danger)
        secure = [(2 * g - most - least) / (most - least) if most > least else 0.0 for g in danger]
        seen = plain_round(rows, span, [(1 - R / 3) / (1 + R / 3) for R in secure], q, pair)
        after = []
        for i in range(n):
            x, confronted, met = rows[i][0], [], []
            for j in range(n):
                (a, b), other = seen[i][j], rows[j][0]
                if other == x:
                    continue
                if b > a > 0:
                    confronted.append((abs(other - x), other))
                elif b > 0 > a and b > abs(a):
                    lies = (abs(a) * x + abs(b) * other) / (abs(a) + abs(b))
                    met.append((lies, x + (other - x) * abs(a / b)))
            after.append(min(confronted or met or [(0.0, x)], key=lambda offer: offer[0])[1])
        rows = [(x, s, c) for x, (_, s, c) in zip(after, rows, strict=True)]
    return [x for x, _, _ in rows]


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("denominator", ["global", "pair"])
@pytest.mark.parametrize("q", [1.0, 0.6])
def test_vectorised_and_plain_loops_agree(seed, denominator, q):
    rows = drawn(seed, 3 + seed % 6)
    found = course(rows, rounds=3, q=q, denominator=denominator)
    expected = plain(rows, 3, q, denominator == "pair")
    np.testing.assert_allclose(found.positions[-1, :, 0], expected, rtol=0, atol=1e-9)


def test_under_the_paper_s_denominator_two_chances_sum_to_one():
    x, s, c = (np.array(column) for column in zip(*drawn(3, 8), strict=True))
    theme = Theme(x, s, s * c, float(np.ptp(x)))
    r = np.linspace(0.5, 2.0, 8)
    pair, everything = (chances(theme, r, each) for each in ("pair", "global"))
    apart = ~np.eye(8, dtype=bool)
    np.testing.assert_allclose((pair + pair.T)[apart], 1.0, atol=1e-12)
    assert everything.sum() == pytest.approx(0.5)
    assert np.all(np.diag(pair) == 0.0)


def test_the_range_may_be_that_of_the_round():
    rows = drawn(5, 8)
    fixed, moving = (course(rows, position_range=each).positions for each in ("initial", "current"))
    np.testing.assert_array_equal(fixed[:2], moving[:2])
    assert np.all((moving >= 0.0) & (moving <= 1.0))


@pytest.mark.parametrize("seed", range(6))
def test_the_order_of_actors_does_not_matter(seed):
    rows = drawn(seed, 4)
    straight = course(rows).positions
    for order in list(permutations(range(4)))[1::5]:
        turned = course([rows[i] for i in order]).positions
        np.testing.assert_allclose(turned, straight[:, list(order)], rtol=0, atol=1e-9)


@settings(max_examples=100, deadline=None)
@given(rows=actors | equal_actors, denominator=st.sampled_from(["global", "pair"]))
def test_positions_stay_among_those_of_the_start_and_exponents_in_bounds(rows, denominator):
    found = course(rows, rounds=4, denominator=denominator)
    x = [x for x, _, _ in rows]
    assert found.positions.min() >= min(x)
    assert found.positions.max() <= max(x)
    assert min(x) <= found.text.position.item() <= max(x)
    exponents = np.array(found.events["risk_exponents"].columns["value"])
    assert len(exponents) == 4 * len(rows)
    assert np.all((exponents >= 0.5 - 1e-12) & (exponents <= 2.0 + 1e-12))
    assert found.text.adopted.item() == 1.0
    assert np.isfinite(found.text.ambiguity).all()


@settings(max_examples=50, deadline=None)
@given(rows=equal_actors)
def test_a_position_taken_over_is_exactly_another_s(rows):
    found = course(rows, rounds=3)
    offers = found.events["offers"].columns
    for place, kind in enumerate(offers["offer_type"]):
        if kind == "confrontation":
            turn, actor, by = (offers[name][place] for name in ("round", "actor", "from_actor"))
            assert found.positions[turn, actor, 0] == found.positions[turn - 1, by, 0]


def test_one_actor_and_equal_positions_stay():
    alone = course([(0.3, 0.7, 1.0)])
    assert alone.positions.shape == (9, 1, 1)
    assert np.all(alone.positions == 0.3)
    agreed = course([(0.29, 0.7, 1.0), (0.29, 0.2, 3.0)])
    assert np.all(agreed.positions == 0.29)
    assert agreed.text.position.item() == 0.29
    assert not agreed.events["offers"].columns["round"]


def test_nobody_at_the_table_writes_the_middle():
    found = negotiate(sit(np.zeros((0, 2)), np.zeros((0, 2)), []), Options(), Chance.alone(1, []))
    np.testing.assert_array_equal(found.text.position, 0.5)


@pytest.mark.parametrize("denominator", ["global", "pair"])
def test_a_theme_that_matters_to_nobody_is_settled_all_the_same(denominator):
    found = course([(0.1, 0.0, 1.0), (0.5, 0.0, 1.0), (0.8, 0.0, 1.0)], denominator=denominator)
    assert np.isfinite(found.positions).all()
    assert 0.1 <= found.text.position.item() <= 0.8


def test_zero_capability_does_not_break_it():
    found = course([(0.1, 0.5, 0.0), (0.5, 0.5, 0.0), (0.8, 0.5, 0.0)])
    assert np.isfinite(found.positions).all()


def test_one_whom_it_does_not_matter_weighs_nothing():
    found = course([(0.0, 0.0, 9.0), (0.6, 0.5, 1.0), (0.9, 0.5, 1.0)], rounds=1)
    assert found.outcomes["weighted_median"][0, 0] == 0.6
    assert found.outcomes["weighted_mean"][0, 0] == pytest.approx(0.75)


def test_each_theme_is_settled_by_itself():
    first, second = drawn(1, 6), drawn(2, 6)
    capability = [c for _, _, c in first]
    second = [(x, s, c) for (x, s, _), c in zip(second, capability, strict=True)]
    both = sit(*([[a[k], b[k]] for a, b in zip(first, second, strict=True)] for k in (0, 1)), capability)
    found = negotiate(both, Options(), Chance.alone(1, list("abcdef")))
    for theme, rows in enumerate((first, second)):
        alone = course(rows)
        np.testing.assert_array_equal(found.positions[..., theme], alone.positions[..., 0])
        assert found.text.position[theme] == alone.text.position[0]
        listed = found.events["offers"].columns
        mine = [at for at, other in enumerate(listed["theme"]) if other == theme]
        assert [listed["actor"][at] for at in mine] == list(alone.events["offers"].columns["actor"])


def test_of_equally_near_ones_the_first_is_taken_whatever_binary_makes_of_them():
    near = np.abs(np.array([0.4, 0.2]) - 0.3)
    assert near[0] != near[1]
    assert first_least(near) == first_least(near[::-1]) == 0
    assert first_least(np.array([np.inf, 0.3, 0.2, 0.2])) == 2


@pytest.mark.parametrize("seed", range(20))
def test_the_scale_does_not_matter_even_where_actors_are_equally_near(seed):
    stream = np.random.Generator(np.random.PCG64(seed))
    tens = [(10.0 * stream.integers(0, 11), s, c) for s, c in stream.uniform(0.1, 1.0, (8, 2)).tolist()]
    found = course([(x / 100, s, c) for x, s, c in tens], rounds=2)
    np.testing.assert_allclose(100 * found.positions[-1, :, 0], plain(tens, 2), rtol=0, atol=1e-9)


@pytest.mark.parametrize("denominator", ["global", "pair"])
def test_what_differs_by_rounding_only_moves_nobody(denominator):
    rows = [(0.1, 0.7, 0.3), (0.1, 0.7, 0.6), (0.7, 0.7, 0.7), (0.7, 0.7, 0.2)]
    found = course(rows, denominator=denominator)
    np.testing.assert_array_equal(found.positions[-1], found.positions[0])


def test_it_says_what_it_costs_and_needs():
    assert PROTOCOL.is_costly(Options())
    assert not PROTOCOL.is_vectorised
    assert PROTOCOL.needs_salience
    assert PROTOCOL.themes == "one by one"
