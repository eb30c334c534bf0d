"""The self-enforcing club, against closed forms, enumeration, plain loops, and its properties."""

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import migsim.negotiation
from migsim.negotiation import Chance
from migsim.negotiation.club import Options, negotiate
from migsim.negotiation.verification.equal_members import largest_modest_pledge, payoffs
from tests.negotiation.rooms import sit

PUBLISHED = Path(migsim.negotiation.__file__).parent / "cases" / "published"
CHANCE = Chance.alone(1, ["a"])
share = st.floats(0, 1)
care = st.just(0.0) | st.floats(1e-3, 1)
actors = st.lists(st.tuples(share, care, st.floats(0.01, 5)), min_size=1, max_size=8)
ways = st.builds(
    Options,
    pledge=st.floats(0.02, 1),
    spillover=share,
    pledge_rule=st.sampled_from(["fixed", "fixed", "best"]),
)


def club(rows, seated=None, **options):
    x, s, c = zip(*rows, strict=True)
    table = sit([[z] for z in x], [[z] for z in s], c, seated)
    return negotiate(table, Options(**options), CHANCE)


def told(course):
    return {name: values.item() for name, values in course.outcomes.items()}


def members_of(course):
    return set(np.flatnonzero(course.text.joined[:, 0]).tolist())


def published():
    with (PUBLISHED / "iea_linear_quadratic_analytic.csv").open() as file:
        return list(csv.DictReader(file))


def test_closed_forms_are_the_published_ones():
    rows = published()
    assert [int(row["N"]) for row in rows] == [3, 5, 10, 20, 50, 100, 150, 193]
    for row in rows:
        n = int(row["N"])
        pledge = largest_modest_pledge(n)
        assert enumerated(n)[-1] == int(row["stable_coalition_kstar"])
        assert pledge == pytest.approx(float(row["alpha_max_full_participation"]), abs=1e-6)
        noncooperative, at_most, best = (
            float(row[name])
            for name in ("payoff_noncoop_bb_over_c", "payoff_consensus_at_alpha_max", "payoff_first_best")
        )
        assert payoffs(n, 0)[1] == pytest.approx(noncooperative, abs=1e-6)
        assert payoffs(n, n, pledge)[0] == pytest.approx(at_most, abs=5.1e-5)
        assert payoffs(n, n)[0] == pytest.approx(best, abs=1e-6)


def enumerated(n, pledge=1.0):
    """Sizes that neither a member would leave nor an outsider join, from the payoffs alone."""
    close = 1e-9
    return [
        k
        for k in range(1, n + 1)
        if (k == 1 or payoffs(n, k, pledge)[0] >= payoffs(n, k - 1, pledge)[1] - close)
        and (k == n or payoffs(n, k, pledge)[1] >= payoffs(n, k + 1, pledge)[0] - close)
    ]


@pytest.mark.parametrize("n", [1, 2, 3, 4, 5, 10, 20, 50, 193])
def test_the_stable_size_by_enumeration(n):
    # At three members exactly, a member is indifferent, and so is the outsider of a club of two.
    assert enumerated(n)[-1] == min(n, 3)


@pytest.mark.parametrize("n", [3, 4, 5, 10, 20, 50, 193])
def test_the_largest_modest_pledge_by_enumeration(n):
    grid = np.arange(1, 100_001) / 100_000
    inside = grid * n * n - (grid * n) ** 2 / 2
    outside = grid * (n - 1) ** 2 + 1 - 0.5
    holds = grid[inside >= outside - 1e-9]
    assert holds[-1] == pytest.approx(largest_modest_pledge(n), abs=1.1e-5)
    assert payoffs(n, n, 0.5)[0] == pytest.approx(0.5 * n * n - (0.5 * n) ** 2 / 2)
    assert payoffs(n, n - 1, 0.5)[1] == pytest.approx(0.5 * (n - 1) ** 2 + 1 - 0.5)


@pytest.mark.parametrize("n", [1, 2, 3, 4, 5, 10, 50, 193])
@pytest.mark.parametrize(("x", "s", "c"), [(0.01, 1.0, 1.0), (0.3, 0.37, 0.11), (1e-4, 0.9, 1e6)])
def test_equal_actors_end_with_three(n, x, s, c):
    found = club([(x, s, c)] * n)
    outcome = told(found)
    assert outcome["members"] == min(n, 3)
    assert outcome["externally_stable"] == 1.0
    assert outcome["depth"] == pytest.approx(min(n, 3) * x, rel=1e-12)
    assert found.text.position.item() == pytest.approx(min(1.0, min(n, 3) * x), rel=1e-12)
    assert outcome["share_of_weight"] == pytest.approx(min(n, 3) / n)
    # On ties the first in input order goes.
    assert members_of(found) == set(range(n - min(n, 3), n))


@pytest.mark.parametrize("n", [4, 5, 10, 20, 50, 193])
def test_equal_actors_all_stay_up_to_the_largest_modest_pledge(n):
    rows, most = [(0.002, 0.7, 0.3)] * n, largest_modest_pledge(n)
    for pledge in (1 / n, 0.5 * (1 / n + most), most * (1 - 1e-9), most):
        outcome = told(club(rows, pledge=pledge))
        assert outcome["members"] == n
        assert outcome["depth"] == pytest.approx(pledge * n * 0.002, rel=1e-12)
    for pledge in (most * (1 + 1e-6), 0.5 * (most + 1.0)):
        assert told(club(rows, pledge=pledge))["members"] < n


def plain(rows, pledge, spillover):
    """The club in plain loops, payoffs in full: who stays, the depth, whether an outsider would join."""
    benefit = {i: c * s for i, (x, s, c) in enumerate(rows) if x >= 1e-9 and c * s > 0}
    everybody = sorted(benefit)

    def depth(club):
        if len(club) == 1:
            return rows[club[0]][0]
        best = (1 + spillover * (len(club) - 1)) * sum(benefit[i] for i in club)
        return min(1.0, pledge * best / sum(benefit[i] / rows[i][0] for i in club))

    def payoff(i, club):
        does = {j: depth(club) if j in club else rows[j][0] for j in everybody}
        others = sum(effort for j, effort in does.items() if j != i)
        return benefit[i] * (does[i] + spillover * others) - benefit[i] / rows[i][0] * does[i] ** 2 / 2

    club = everybody
    while len(club) > 1:
        gains = [payoff(i, [j for j in club if j != i]) - payoff(i, club) for i in club]
        if max(gains) <= 1e-11:
            break
        club = [j for j in club if j != club[int(np.argmax(gains))]]
    if len(club) < 2:
        return set(), 0.0, True
    joins = [payoff(i, sorted([*club, i])) - payoff(i, club) for i in everybody if i not in club]
    return set(club), depth(club), max(joins, default=0.0) <= 1e-11


@pytest.mark.parametrize("seed", range(30))
@pytest.mark.parametrize(("pledge", "spillover"), [(1.0, 1.0), (0.4, 1.0), (0.7, 0.5), (0.3, 0.9)])
def test_different_actors_against_plain_loops(seed, pledge, spillover):
    stream = np.random.Generator(np.random.PCG64(seed))
    rows = stream.uniform(0.05, 1.0, (2 + seed % 7, 3)).tolist()
    found = club(rows, pledge=pledge, spillover=spillover)
    members, depth, is_stable = plain(rows, pledge, spillover)
    assert members_of(found) == members
    assert told(found)["depth"] == pytest.approx(depth, abs=1e-12)
    assert told(found)["externally_stable"] == float(is_stable)


def test_the_joint_optimum_is_best_for_its_members():
    x, b, spillover = np.array([0.28, 0.29, 0.3]), np.array([1.0, 2.0, 0.5]), 0.9
    found = club(list(zip(x, b, [1.0] * 3, strict=True)), spillover=spillover)
    among = sorted(members_of(found))
    assert len(among) >= 2
    x, b, q = x[among], b[among], np.linspace(0, 1, 10_001)[:, None]
    joint = (b * (q + spillover * (len(among) - 1) * q) - b / x * q**2 / 2).sum(axis=1)
    assert told(found)["depth"] == pytest.approx(q[joint.argmax()].item(), abs=1e-4)


@pytest.mark.parametrize("seed", range(5))
def test_the_best_pledge_brings_the_most_of_all_on_the_grid(seed):
    stream = np.random.Generator(np.random.PCG64(seed))
    rows = stream.uniform(0.05, 1.0, (9, 3)).tolist()

    def brings(found):
        depth = told(found)["depth"]
        return sum(rows[i][1] * rows[i][2] * (depth - rows[i][0]) for i in members_of(found))

    best = club(rows, pledge_rule="best")
    tried = {step / 50: brings(club(rows, pledge=step / 50)) for step in range(1, 51)}
    assert brings(best) == pytest.approx(max(tried.values()), abs=1e-12)
    assert tried[told(best)["pledge"]] == pytest.approx(brings(best), abs=1e-12)


def test_breadth_is_traded_against_depth():
    rows = [(0.05, 1.0, 1.0)] * 20
    deep, broad = told(club(rows)), told(club(rows, pledge_rule="best"))
    assert (deep["members"], deep["pledge"]) == (3, 1.0)
    assert (broad["members"], broad["pledge"]) == (20, 0.18)
    assert broad["depth"] > deep["depth"]


@settings(max_examples=150, deadline=None)
@given(rows=actors, way=ways)
def test_bounds(rows, way):
    x, s, c = zip(*rows, strict=True)
    found = negotiate(sit([[z] for z in x], [[z] for z in s], c), way, CHANCE)
    outcome, text = told(found), found.text
    assert found.not_positions == set(found.outcomes) - {"depth"}
    assert all(np.isfinite(value) for value in outcome.values())
    assert 0.0 <= text.position.item() <= 1.0
    assert text.ambiguity.item() == 0.0
    assert text.adopted.item() == text.strength.item() == float(outcome["members"] >= 2 or len(rows) == 1)
    assert outcome["members"] == len(members_of(found))
    assert 0.0 <= outcome["share_of_weight"] <= 1.0 + 1e-12
    assert 0.0 < outcome["pledge"] <= 1.0
    if len(rows) > 1:
        assert all(rows[i][0] > 0.0 and rows[i][1] > 0.0 for i in members_of(found))


@pytest.mark.parametrize("seed", range(20))
def test_the_order_of_actors_does_not_matter(seed):
    stream = np.random.Generator(np.random.PCG64(seed))
    rows, order = stream.uniform(0.05, 1.0, (8, 3)).tolist(), stream.permutation(8).tolist()
    straight, turned = (club(each, pledge=0.5) for each in (rows, [rows[i] for i in order]))
    assert {order[place] for place in members_of(turned)} == members_of(straight)
    assert turned.text.position.item() == pytest.approx(straight.text.position.item(), abs=1e-12)


@settings(max_examples=60, deadline=None)
@given(n=st.integers(2, 7), x=st.floats(0.01, 1), extra=share, pledge=st.floats(0.02, 1))
def test_those_who_do_not_care_or_do_nothing_or_are_absent_change_nothing(n, x, extra, pledge):
    rows = [(x, 1.0, 1.0)] * n
    plain_club = club(rows, pledge=pledge)
    careless = club([(extra, 0.0, 5.0), *rows], pledge=pledge)
    idle = club([(0.0, 1.0, 5.0), *rows], pledge=pledge)
    absent = club([(extra, 1.0, 5.0), *rows], seated=[0.0] + [1.0] * n, pledge=pledge)
    for other in (careless, idle, absent):
        assert {place - 1 for place in members_of(other)} == members_of(plain_club)
        if members_of(plain_club):
            assert other.text.position.item() == pytest.approx(plain_club.text.position.item(), abs=1e-12)


@pytest.mark.parametrize("row", [(0.4, 0.7, 1.0), (0.0, 0.7, 1.0), (0.4, 0.0, 1.0), (0.4, 0.7, 0.0)])
def test_one_actor_has_its_position(row):
    for found in (club([row], pledge=0.3), club([row, (0.9, 1.0, 1.0)], seated=[1.0, 0.0], pledge=0.3)):
        assert found.text.position.item() == row[0]
        assert found.text.adopted.item() == 1.0
        assert members_of(found) == {0}
        assert told(found)["members"] == 1.0


def test_without_spillovers_equal_actors_have_nothing_to_gain_nor_to_lose():
    found = club([(0.4, 0.5, 1.0)] * 5, spillover=0.0)
    assert told(found)["members"] == 5
    assert told(found)["depth"] == pytest.approx(0.4)
    apart = club([(0.2, 0.5, 1.0), (0.8, 0.5, 1.0)], spillover=0.0)
    assert apart.text.adopted.item() == 0.0
    assert apart.text.position.item() == pytest.approx(0.5)
    assert told(apart)["members"] == told(apart)["depth"] == 0.0


@pytest.mark.parametrize("rule", ["fixed", "best"])
def test_where_nobody_cares_there_is_no_club(rule):
    found = club([(0.2, 0.0, 1.0), (0.8, 0.0, 1.0)], pledge_rule=rule)
    assert found.text.adopted.item() == 0.0
    assert found.text.strength.item() == 0.0
    assert found.text.position.item() == pytest.approx(0.5)


@pytest.mark.parametrize("n_actors", [0, 4])
@pytest.mark.parametrize("rule", ["fixed", "best"])
def test_nobody_there_adopts_nothing(n_actors, rule):
    x = np.zeros((2, n_actors, 3))
    found = negotiate(sit(x + 0.2, x + 1, x[..., 0] + 1, x[..., 0]), Options(pledge_rule=rule), CHANCE)
    assert np.all(found.text.adopted == 0.0)
    np.testing.assert_array_equal(found.text.position, np.full((2, 3), 0.5))
    assert all(np.isfinite(values).all() for values in found.outcomes.values())
    assert np.all(found.outcomes["members"] == 0.0)


@pytest.mark.parametrize("rule", ["fixed", "best"])
def test_a_table_s_club_is_the_same_alone_and_among_many(rule):
    stream = np.random.Generator(np.random.PCG64(3))
    shape = (30, 11, 3)
    salience = stream.random(shape) * (stream.random(shape) < 0.8)
    position, weight, seated = (
        stream.random(shape),
        stream.random(shape[:-1]),
        stream.random(shape[:-1]) < 0.8,
    )
    options = Options(pledge=0.4, spillover=0.9, pledge_rule=rule)
    together = negotiate(sit(position, salience, weight, seated), options, CHANCE)
    for row in range(0, 30, 7):
        alone = negotiate(sit(position[row], salience[row], weight[row], seated[row]), options, CHANCE)
        np.testing.assert_array_equal(alone.text.position, together.text.position[row])
        np.testing.assert_array_equal(alone.text.joined, together.text.joined[row])
        np.testing.assert_array_equal(alone.text.against, together.text.against[row])
        for name, values in alone.outcomes.items():
            np.testing.assert_array_equal(values[0], together.outcomes[name][0, row])
    assert together.outcomes["members"].max() > 2


def test_an_outsider_may_be_against_but_blocks_nothing():
    found = club([(0.3, 1.0, 1.0)] * 3 + [(0.0, 1.0, 1.0)])
    assert found.text.position.item() == pytest.approx(0.9)
    assert found.text.adopted.item() == 1.0
    assert found.text.against[0].tolist() == [True] * 4
    assert members_of(found) == {0, 1, 2}


def test_where_the_scale_ends_members_weigh_the_depth_that_they_pledge():
    found = club([(0.6, 1.0, 1.0)] * 3)
    # Of three at depth 1 each has 3 - 1 / 1.2, and 2 + 0.6 - 0.3 by leaving; of two, 2 - 1 / 1.2, and 0.9.
    assert told(found)["members"] == 2
    assert told(found)["depth"] == found.text.position.item() == 1.0
