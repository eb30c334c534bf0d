"""The spatial model of politics."""

import csv
import json
from dataclasses import asdict, replace
from functools import cache
from itertools import pairwise
from math import sqrt
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import migsim.negotiation
from migsim.errors import InputError
from migsim.negotiation import Chance
from migsim.negotiation.options import chosen, options_of
from migsim.negotiation.smp import PROTOCOL, Options, negotiate
from migsim.negotiation.spatial_bargain import meet
from migsim.negotiation.spatial_contest import utility
from migsim.negotiation.voting import Election
from tests.negotiation.rooms import sit as seat

CASES = Path(migsim.negotiation.__file__).parent / "cases"
REFERENCE = CASES / "reference"
STOP_RULE = ("min_turns", "max_turns", "min_delta_ratio", "min_sig_delta")


def draw(n, m, seed):
    """A table of strangers."""
    stream = np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed)))
    salience = stream.uniform(0.05, 1.0, (n, m))
    salience *= stream.uniform(0.4, 1.0, (n, 1)) / salience.sum(axis=1, keepdims=True)
    return seat(stream.random((n, m)).round(4), salience.round(4), stream.uniform(5.0, 150.0, n).round(3))


def lots(n, seed=1):
    return Chance.alone(seed, [str(actor) for actor in range(n)])


def run(table, seed=1, **options):
    return negotiate(table, chosen(Options, options), lots(table.weight.size, seed))


def read(path):
    with path.open() as lines:
        return list(csv.DictReader(lines))


@cache
def recorded(name):
    """Table, options and outputs of a run of the other program, by set of options."""
    rows, said = (
        read(REFERENCE / name / "input.csv"),
        json.loads((REFERENCE / name / "options.json").read_text()),
    )
    actors, issues = (list(dict.fromkeys(row[key] for row in rows)) for key in ("actor", "issue"))
    shape = (len(actors), len(issues))
    position, salience = (
        np.array([float(row[key]) for row in rows]).reshape(shape) / 100.0
        for key in ("position_0_100", "salience_pct")
    )
    capability = np.array([float(row["capability"]) for row in rows]).reshape(shape)[:, 0]
    stop = {key: said["stop"][key] for key in STOP_RULE}
    runs = {}
    for key, entry in said["option_sets"].items():
        turns = entry["turns"] + 1
        positions, wins = np.full((turns, *shape), np.nan), np.full((turns, shape[0]), np.nan)
        runs[key] = (entry["options"] | stop, positions, wins)
    for row in read(REFERENCE / name / "output.csv"):
        _, positions, wins = runs[row["option_set"]]
        at = int(row["turn"]), actors.index(row["actor"])
        if row["quantity"] == "win_probability":
            wins[at] = float(row["value"])
        else:
            positions[(*at, issues.index(row["issue"]))] = float(row["value"])
    return seat(position, salience, capability), runs


def recorded_sets():
    for folder in sorted(REFERENCE.glob("smp_*")):
        said = json.loads((folder / "options.json").read_text())["option_sets"]
        yield from ((folder.name, key) for key, entry in said.items() if "excluded" not in entry)


@pytest.mark.parametrize(("name", "key"), list(recorded_sets()))
def test_runs_of_the_other_program(name, key):
    table, runs = recorded(name)
    options, positions, wins = runs[key]
    course = run(table, **options)
    assert course.positions.shape == positions.shape
    np.testing.assert_allclose(100.0 * course.positions, positions, rtol=0.0, atol=1e-6)
    np.testing.assert_allclose(course.by_actor["win_probability"], wins, rtol=0.0, atol=1e-9)


def test_the_excluded_run_takes_as_many_turns():
    # Its digits hinge on the order of sums, and are not recorded.
    table, runs = recorded("smp_h_8x3")
    options, positions, _ = runs["voting_rule=Binary"]
    assert run(table, **options).positions.shape == positions.shape


@pytest.mark.parametrize("row", read(CASES / "published" / "ktab_unit_bsutil.csv"))
def test_published_utilities(row):
    worth = utility(np.array([float(row["d"])]), float(row["R"])).item()
    assert worth == pytest.approx(float(row["util"]), abs=1e-12)


@pytest.mark.parametrize("row", read(CASES / "published" / "ktab_unit_bargain.csv"))
def test_published_bargains(row):
    one = {key: np.array([float(number)]) for key, number in row.items()}
    kind = {"1": "S1P1", "2": "S2P2"}[row["n"]]
    b_i, b_j = meet(kind, (one["t_i"], one["t_j"]), (one["s_i"], one["s_j"]), one["p_i"])
    assert (b_i.item(), b_j.item()) == pytest.approx((float(row["b_i"]), float(row["b_j"])), abs=1e-9)


def test_option_words_are_those_of_the_records():
    _, runs = recorded("smp_h_8x3")
    for key, (options, _, _) in runs.items():
        assert set(options) == set(options_of(Options)), key
        assert asdict(chosen(Options, options)) == options, key
    assert asdict(Options()) == runs["default"][0]


class Slow:
    """The same model once more, number by number, for comparison."""

    def __init__(self, table, options):
        self.x = table.position.tolist()
        self.s, self.c, self.o = table.salience.tolist(), table.weight.tolist(), options
        self.total = [sum(row) for row in self.s]
        self.n, self.m = table.position.shape

    def distance(self, a, point):
        top = sum((s * (x - y)) ** 2 for s, x, y in zip(self.s[a], self.x[a], point, strict=True))
        return sqrt(top / sum(s * s for s in self.s[a]))

    @staticmethod
    def worth(d, r):
        return (1 - d) * (1 + d * r) if d <= 1 else (1 - d) * (1 + r)

    def vote(self, w, d):
        b = max(-1, min(1, d / 1e-8))
        return {
            "Binary": w * b,
            "PropBin": w * (0.8 * d + 0.2 * b),
            "Prop": w * d,
            "PropCbc": w * (0.5 * d + 0.5 * d**3),
            "Cubic": w * d**3,
            "ASymProsp": w * d if d < 0 else 2 * w * d / 3,
        }[self.o.voting_rule]

    def elect(self, utilities):
        return self.o.election.probabilities(np.array(self.c), np.array(utilities)).tolist()

    def see(self):
        everyone = range(self.n)
        self.d = [[self.distance(i, self.x[j]) for j in everyone] for i in everyone]
        p = self.elect([[1 - d for d in row] for row in self.d])
        high, low = max(p), min(p)
        self.over = not high - low > 1e-13 * high
        formula = {
            "Min": lambda q: (q - low) / (high - low),
            "Mid": lambda q: (3 * q - high - 2 * low) / (2 * (high - low)),
            "Max": lambda q: (2 * q - high - low) / (high - low),
        }[self.o.big_r_range]
        self.r = [0.0 if self.over else formula(q) for q in p]

    def u(self, h, i, j):
        b = {"None": 0, "OneThird": 1 / 3, "Half": 0.5, "TwoThirds": 2 / 3, "Full": 1}[self.o.big_r_adjust]
        return self.worth(self.d[i][j], (1 - b) * self.r[h] + b * self.r[i])

    def contest(self, i, j, h):
        u, w = lambda a, b: self.u(h, a, b), [c * s for c, s in zip(self.c, self.total, strict=True)]
        first, second = self.vote(w[i], u(i, i) - u(i, j)), self.vote(w[j], u(j, i) - u(j, j))
        for_i = start_i = 1e-10 + max(first, 0) + max(second, 0)
        for_j = start_j = 1e-10 + max(-first, 0) + max(-second, 0)
        for k in set(range(self.n)) - {i, j}:
            alone = self.vote(w[k], u(k, i) - u(k, j))
            with_i, with_j = start_i + max(alone, 0), start_j + max(-alone, 0)
            p = with_i / (with_i + with_j)
            semi = (2 * u(k, i) + u(k, k), 3 * u(k, j), 3 * u(k, i), 2 * u(k, j) + u(k, k))
            full, none = (3 * u(k, i), 3 * u(k, j)) * 2, (2 * u(k, i) + u(k, k), 2 * u(k, j) + u(k, k)) * 2
            x1, y1, x2, y2 = {"SemiCommit": semi, "FullCommit": full, "NoCommit": none}[
                self.o.third_party_commit
            ]
            last = self.vote(w[k], (p * x1 + (1 - p) * y1) - (p * x2 + (1 - p) * y2))
            for_i, for_j = for_i + max(last, 0), for_j + max(-last, 0)
        p, s = for_i / (for_i + for_j), self.total[j]
        gain = (1 - s) * 2 * u(i, i) + s * (p * 2 * u(i, i) + (1 - p) * 2 * u(i, j)) - (u(i, i) + u(i, j))
        return p, gain

    def meet(self, i, j, p):
        return tuple(zip(*(self.meet_on(i, j, p, k) for k in range(self.m)), strict=True))

    def meet_on(self, i, j, p, k):
        x, y, s, t, q = self.x[i][k], self.x[j][k], self.s[i][k], self.s[j][k], 1 - p
        if self.o.inter_vec_bargain == "S2PMax":
            f, g = max(0, q - p), max(0, p - q)
            left = x + (y - x) * f * t**2 / (f * t**2 + 1e-6 + (1 - f) * s**2)
            return left, y + (x - y) * g * s**2 / (g * s**2 + 1e-6 + (1 - g) * t**2)
        power = {"S1P1": 1, "S2P2": 2}[self.o.inter_vec_bargain]
        a, b = (s * p) ** power, (t * q) ** power
        left, right = (
            ((a + 1e-6) * x + b * y) / (a + 1e-6 + b),
            (a * x + (b + 1e-6) * y) / (a + 1e-6 + b),
        )
        return tuple(int(z * 1e4 + 0.5) / 1e4 for z in (left, right))

    def bargains(self):
        for i in range(self.n):
            gains = [self.contest(i, j, i)[1] if j != i else -9 for j in range(self.n)]
            j = gains.index(max(gains))
            if not gains[j] > 1e-5:
                continue
            own = self.meet(i, j, self.contest(i, j, i)[0])
            if self.o.bargain_model != "InitOnlyInterp":
                theirs = self.meet(i, j, self.contest(i, j, j)[1])
            if self.o.bargain_model == "PWCompInterp":
                w, v = self.c[i] * self.total[i], self.c[i] * self.total[j]
                own = tuple(
                    tuple((w * a + v * b) / (w + v) for a, b in zip(*two, strict=True))
                    for two in zip(own, theirs, strict=True)
                )
            yield i, j, *own
            if self.o.bargain_model == "InitRcvrInterp":
                yield i, j, *theirs

    def score(self, a, bargain):
        i, j, b_i, b_j = bargain
        own = lambda point: self.worth(self.distance(a, point), self.r[a])  # noqa: E731
        rest = [self.worth(self.d[a][k], self.r[a]) for k in range(self.n) if k not in (i, j)]
        return sum(rest, own(b_i) + own(b_j)) / self.n

    def turn(self):
        made = list(self.bargains())
        everyone = range(self.n)
        now = [sum(self.worth(self.d[a][k], self.r[a]) for k in everyone) / self.n for a in everyone]
        moved = [list(row) for row in self.x]
        for k in everyone:
            queue = [bargain for bargain in made if k in bargain[:2]]
            p = self.elect([[now[a], *(self.score(a, bargain) for bargain in queue)] for a in everyone])
            best = p.index(max(p))
            if best:
                i, _, b_i, b_j = queue[best - 1]
                moved[k] = list(b_i if i == k else b_j)
        self.x = moved

    def run(self):
        self.see()
        turns, moves = [self.x], []
        while not self.over and len(moves) < self.o.max_turns:
            self.turn()
            self.see()
            turns.append(self.x)
            moves.append(
                sum(
                    sqrt(sum((a - b) ** 2 for a, b in zip(*two, strict=True)))
                    for two in zip(*turns[-2:], strict=True)
                )
            )
            still = moves[-1] / (moves[0] + self.o.min_sig_delta) < self.o.min_delta_ratio
            if len(moves) >= self.o.min_turns and still:
                break
        return np.array(turns)


words = {name: option.choices for name, option in options_of(Options).items() if option.choices}
some_options = st.builds(
    Options, max_turns=st.just(4), **{name: st.sampled_from(choices) for name, choices in words.items()}
).map(lambda options: replace(options, state_transition="Deterministic"))


# Under Binary and PropBin, rounding decides whether identical bargains count as one.
# The same examples every time, for a narrow choice may go either way by rounding under any rule.
@settings(max_examples=150, deadline=None, derandomize=True)
@given(options=some_options, n=st.integers(2, 6), m=st.integers(1, 3), seed=st.integers(0, 10**6))
def test_every_combination_of_options_against_the_model_number_by_number(options, n, m, seed):
    if options.voting_rule in ("Binary", "PropBin"):
        options = replace(options, voting_rule="Prop")
    table = draw(n, m, seed)
    course, slow = negotiate(table, options, lots(n)), Slow(table, options).run()
    assert course.positions.shape == slow.shape
    np.testing.assert_allclose(course.positions, slow, rtol=0.0, atol=1e-6)


@pytest.mark.parametrize(("name", "word"), [(name, word) for name in words for word in words[name]])
def test_every_word_of_every_option_against_the_model_number_by_number(name, word):
    table, options = draw(7, 2, 3), chosen(Options, {name: word, "max_turns": 5})
    if options.state_transition == "Stochastic":
        assert PROTOCOL.is_random(options)
        return
    slow = Slow(table, options).run()
    np.testing.assert_allclose(negotiate(table, options, lots(7)).positions, slow, rtol=0.0, atol=1e-8)


@settings(max_examples=30, deadline=None)
@given(n=st.integers(1, 7), m=st.integers(1, 3), seed=st.integers(0, 10**6), data=st.data())
def test_order_of_actors_does_not_matter(n, m, seed, data):
    order = list(data.draw(st.permutations(range(n))))
    table = draw(n, m, seed)
    course = run(table)
    turned = run(seat(table.position[order], table.salience[order], table.weight[order]))
    np.testing.assert_allclose(turned.positions, course.positions[:, order], rtol=0.0, atol=1e-9)
    # Which of several positions close to each other stands for all goes by the order.
    apart = np.sqrt(((course.positions[:, :, None] - course.positions[:, None]) ** 2).sum(axis=-1))
    clear = ((apart == 0.0) | (apart > 0.002)).all(axis=(1, 2))
    wins, turned_wins = (each.by_actor["win_probability"][clear] for each in (course, turned))
    np.testing.assert_allclose(turned_wins, wins[:, order], rtol=0.0, atol=1e-9)


@settings(max_examples=40, deadline=None)
@given(
    n=st.integers(1, 7),
    m=st.integers(1, 3),
    seed=st.integers(0, 10**6),
    inter_vec=st.sampled_from(words["inter_vec_bargain"]),
)
def test_positions_stay_among_those_at_the_start(n, m, seed, inter_vec):
    table = draw(n, m, seed)
    course = run(table, inter_vec_bargain=inter_vec)
    rounding = 0.5e-4 + 1e-9
    assert (course.positions >= table.position.min(axis=0) - rounding).all()
    assert (course.positions <= table.position.max(axis=0) + rounding).all()


@settings(max_examples=30, deadline=None)
@given(n=st.integers(2, 6), seed=st.integers(0, 10**6))
def test_a_theme_nobody_cares_about_changes_nothing_elsewhere(n, seed):
    table = draw(n, 1, seed)
    other = draw(n, 1, seed + 1)
    both = seat(
        np.hstack([table.position, other.position]),
        np.hstack([table.salience, 0.0 * table.salience]),
        table.weight,
    )
    one, two = run(table), run(both, min_delta_ratio=0.0, max_turns=len(run(table).positions) - 1)
    np.testing.assert_allclose(two.positions[..., 0], one.positions[..., 0], rtol=0.0, atol=1e-8)
    assert np.abs(two.positions[..., 1] - other.position[:, 0]).max() <= 1.0


def test_equal_positions_stay():
    course = run(seat(np.full((4, 2), 0.3), np.full((4, 2), 0.4), np.array([1.0, 2.0, 3.0, 4.0])))
    assert course.positions.shape == (1, 4, 2)
    np.testing.assert_array_equal(course.by_actor["win_probability"], 1.0)
    np.testing.assert_allclose(course.text.position, 0.3)
    np.testing.assert_allclose(course.text.ambiguity, 0.0, atol=1e-12)


def test_equals_who_face_equals_stay():
    # Nobody is likelier to win than anybody else, though sums in different order differ in the last digit.
    course = run(
        seat(np.array([[0.2], [0.2], [0.8], [0.8]]), np.full((4, 1), 0.7), np.array([0.1, 0.3, 0.3, 0.1]))
    )
    assert course.positions.shape == (1, 4, 1)


def test_two_at_the_same_place_and_one_apart():
    table = seat(np.array([[0.2], [0.2], [0.9]]), np.array([[0.5], [0.8], [0.6]]), np.array([1.0, 2.0, 2.5]))
    course = run(table)
    wins = course.by_actor["win_probability"][0]
    assert wins[0] == wins[1]
    assert wins[0] + wins[2] == pytest.approx(1.0)
    np.testing.assert_allclose(course.positions, Slow(table, Options()).run(), atol=1e-9)


def test_a_position_close_to_several_counts_with_the_last():
    x = np.array([[0.3], [0.3015], [0.3008], [0.9]])
    course = run(seat(x, np.full((4, 1), 0.5), np.array([1.0, 2.0, 3.0, 4.0])), max_turns=0)
    wins = course.by_actor["win_probability"][0]
    assert wins[2] == wins[1]
    assert wins[2] != wins[0]
    assert wins[[0, 1, 3]].sum() == pytest.approx(1.0)


def test_one_actor_gets_its_position():
    course = run(seat(np.array([[0.3, 0.7]]), np.array([[0.5, 0.0]]), np.array([2.0])))
    np.testing.assert_array_equal(course.text.position, [0.3, 0.7])
    np.testing.assert_array_equal(course.by_actor["win_probability"], [[1.0]])


def test_nobody_writes_the_middle():
    course = run(seat(np.zeros((0, 2)), np.zeros((0, 2)), np.zeros(0)))
    np.testing.assert_array_equal(course.text.position, 0.5)


def test_without_capability_nobody_moves():
    course = run(seat(np.array([[0.1], [0.5], [0.8]]), np.full((3, 1), 0.5), np.zeros(3)))
    assert course.positions.shape == (1, 3, 1)


@pytest.mark.parametrize("salience", [[[0.0], [0.5]], [[0.5], [1.01]]])
def test_saliences_that_cannot_be_are_refused(salience):
    table = seat(np.array([[0.1], [0.5]]), np.array(salience), np.ones(2))
    with pytest.raises(InputError, match=r"sum to actor . of 2: .*more than 0, at most 1; divide"):
        run(table)


def test_saliences_may_sum_to_one_but_for_rounding():
    salience = np.full((3, 3), 0.1 + 0.2 + 1e-16) + np.array([0.1, 0.0, 0.0])
    assert run(seat(np.eye(3), salience, np.ones(3) + np.arange(3))).positions.shape[0] > 1


def test_outcomes_of_each_turn():
    table = draw(6, 2, 5)
    course = run(table)
    wins, positions = course.by_actor["win_probability"], course.positions
    for turn, at in enumerate(wins.argmax(axis=1)):
        np.testing.assert_array_equal(course.outcomes["winner"][turn], positions[turn, at])
    np.testing.assert_allclose(course.outcomes["expected"][0], (wins[0, :, None] * positions[0]).sum(axis=0))
    weigh = table.weight[:, None] * table.salience
    means = (positions * weigh).sum(axis=1) / weigh.sum(axis=0)
    np.testing.assert_allclose(course.outcomes["weighted_mean"], means)
    assert course.outcomes["weighted_median"].shape == (len(positions), 2)
    np.testing.assert_array_equal(course.text.position, course.outcomes["winner"][-1])


def test_turns_end_when_asked():
    table = draw(6, 1, 8)
    assert len(run(table, rounds=3, min_delta_ratio=0.0).positions) == 4
    assert len(run(table, min_delta_ratio=1.0).positions) == 3
    course = run(table)
    moves = [np.sqrt(((b - a) ** 2).sum(axis=-1)).sum() for a, b in pairwise(course.positions)]
    assert moves[-1] / (moves[0] + 1e-4) < 0.02
    assert all(move / (moves[0] + 1e-4) >= 0.02 for move in moves[1:-1])


def test_stochastic_turns_draw_bargains_and_repeat_with_the_seed():
    table = draw(8, 2, 4)
    first, again, other = (run(table, seed, state_transition="stochastic") for seed in (1, 1, 2))
    np.testing.assert_array_equal(first.positions, again.positions)
    assert first.positions.shape != other.positions.shape or (first.positions != other.positions).any()


def test_draws_fall_on_bargains_by_their_probability():
    table = seat(np.array([[0.0], [1.0], [0.4]]), np.array([[0.9], [0.8], [0.1]]), np.array([3.0, 2.0, 0.5]))
    ends = [run(table, seed, state_transition="Stochastic", max_turns=1).positions[-1] for seed in range(400)]
    stays = np.mean([(end == table.position).all(axis=-1) for end in ends], axis=0)
    assert (stays[:2] > 0.1).all()
    assert (stays[:2] < 0.9).all()


def test_bargains_that_take_a_gain_for_a_probability_may_leave_the_scale_but_the_text_does_not():
    options = {"bargain_model": "InitRcvrInterp", "inter_vec_bargain": "S1P1"}
    texts = [run(draw(6, 2, seed), **options).text.position for seed in range(40)]
    assert all(((text >= 0.0) & (text <= 1.0)).all() for text in texts)


def test_election_words_reach_the_election():
    options = chosen(Options, {"voting_rule": "Cubic", "victory_prob_model": "Octic"})
    assert options.election == Election("Cubic", "Octic", "Conditional")


def test_what_the_protocol_says_of_itself():
    assert PROTOCOL.is_costly(Options())
    assert not PROTOCOL.is_vectorised
    assert not PROTOCOL.is_random(Options())
    assert (PROTOCOL.themes, PROTOCOL.needs_salience) == ("together", True)
