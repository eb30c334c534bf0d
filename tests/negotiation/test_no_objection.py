"""Agreement when nobody objects, against brute force, its published values and its properties."""

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import migsim.negotiation
from migsim.negotiation import Table
from migsim.negotiation.no_objection import BLOCKING, Options, settle
from migsim.negotiation.table import acceptable
from tests.negotiation.rooms import ROOM, rules, seat
from tests.negotiation.rooms import settled as negotiate

PUBLISHED = Path(migsim.negotiation.__file__).parent / "cases" / "published"
EMISSIONS = [
    row | dict(option.split("=") for option in row["parameter"].split(";"))
    for row in csv.DictReader((PUBLISHED / "protocols_emissions_reference.csv").open())
    if row["protocol"] == "no_objection_min_ambiguity"
]
share = st.floats(0, 1)
care = st.just(0.0) | st.floats(1e-3, 1)
delegations = st.lists(st.tuples(share, care, st.floats(0, 0.5)), min_size=1, max_size=9)


def numbers(text):
    return text.position.item(), text.ambiguity.item()


def least_ambiguity(rows, z):
    """Straight from the rule: the least ambiguity at which no delegation objects to ``z``."""
    needed = [0.0]
    for position, salience, tolerance in rows:
        if salience > 0.0:
            needed.append(abs(z - position) - tolerance / salience)
    return max(needed)


@settings(max_examples=300, deadline=None)
@given(rows=delegations, draft=share)
def test_plain_rule_against_brute_force(rows, draft):
    z, a = numbers(negotiate(seat(rows, draft), rules(max_ambiguity=1.0)))
    grid = np.concatenate([np.linspace(0.0, 1.0, 401), [draft, z]])
    least = min(least_ambiguity(rows, other) for other in grid)
    assert a <= least + 1e-9
    assert least_ambiguity(rows, z) <= a + 1e-9
    nearest = min(abs(other - draft) for other in grid if least_ambiguity(rows, other) <= a + 1e-12)
    assert abs(z - draft) <= nearest + 1e-9
    assert 0.0 <= z <= 1.0


@settings(max_examples=300, deadline=None)
@given(rows=delegations, draft=share, pull=st.floats(0.05, 60))
def test_drafter_s_pull_against_brute_force(rows, draft, pull):
    z, a = numbers(negotiate(seat(rows, draft), rules(max_ambiguity=2.0, drafter_pull=pull)))

    def cost(other):
        return least_ambiguity(rows, other) + 0.5 * pull * (other - draft) ** 2

    assert least_ambiguity(rows, z) == pytest.approx(a, abs=1e-9)
    assert cost(z) <= min(cost(other) for other in np.linspace(0.0, 1.0, 1001)) + 1e-9


@settings(max_examples=100, deadline=None)
@given(rows=delegations, draft=share)
def test_a_vanishing_pull_is_the_plain_rule_and_a_strong_one_is_the_draft(rows, draft):
    plain = numbers(negotiate(seat(rows, draft), rules(max_ambiguity=2.0)))
    assert numbers(negotiate(seat(rows, draft), rules(max_ambiguity=2.0, drafter_pull=1e-6))) == plain
    z, _ = numbers(negotiate(seat(rows, draft), rules(max_ambiguity=2.0, drafter_pull=1e9)))
    assert z == pytest.approx(draft, abs=1e-6)


@settings(max_examples=100, deadline=None)
@given(rows=delegations, draft=share, factor=st.floats(0.1, 1.0))
def test_scaling_salience_and_tolerance_together_changes_nothing(rows, draft, factor):
    scaled = [(x, s * factor, t * factor) for x, s, t in rows]
    one, other = (numbers(negotiate(seat(each, draft), rules(1.0))) for each in (rows, scaled))
    assert one == pytest.approx(other, abs=1e-6)


@settings(max_examples=100, deadline=None)
@given(rows=delegations, draft=share, extra=st.tuples(share, care, st.floats(0, 0.5)))
def test_a_state_more_never_makes_the_text_clearer_and_its_double_changes_nothing(rows, draft, extra):
    z, a = numbers(negotiate(seat(rows, draft), rules(1.0)))
    assert numbers(negotiate(seat([*rows, extra], draft), rules(1.0)))[1] >= a - 1e-12
    assert numbers(negotiate(seat([*rows, rows[0]], draft), rules(1.0))) == (z, a)


@settings(max_examples=100, deadline=None)
@given(rows=delegations, draft=share, more=st.floats(0, 1))
def test_more_tolerance_never_makes_the_text_vaguer(rows, draft, more):
    _, before = numbers(negotiate(seat(rows, draft), rules(1.0)))
    _, after = numbers(negotiate(seat([(x, s, t + more) for x, s, t in rows], draft), rules(1.0)))
    assert after <= before + 1e-12


@given(x=share, s=st.floats(0.01, 1), tolerance=share, draft=share)
def test_one_state_accepts_what_is_near_enough(x, s, tolerance, draft):
    z, a = numbers(negotiate(seat([(x, s, tolerance)], draft), rules()))
    assert a == 0.0
    assert z == pytest.approx(min(max(draft, x - tolerance / s), x + tolerance / s), abs=1e-12)


def test_equal_positions_need_no_ambiguity():
    z, a = numbers(negotiate(seat([(0.4, 1.0, 0.0)] * 5, 0.9), rules()))
    assert (z, a) == (0.4, 0.0)


def test_without_tolerance_the_text_is_the_middle_of_the_range():
    rows = [(0.1, 0.7, 0.0), (0.5, 1.0, 0.0), (0.7, 0.2, 0.0)]
    z, a = numbers(negotiate(seat(rows, 0.9), rules(1.0)))
    assert z == pytest.approx(0.4)
    assert a == pytest.approx(0.3)


def test_infinite_tolerance_gives_the_draft():
    z, a = numbers(negotiate(seat([(0.0, 1.0, 1e9), (1.0, 1.0, 1e9)], 0.37), rules()))
    assert (z, a) == (0.37, 0.0)


@settings(max_examples=100, deadline=None)
@given(rows=delegations, draft=share, absent=share)
def test_the_absent_and_the_careless_do_not_constrain(rows, draft, absent):
    alone = negotiate(seat(rows, draft), rules(1.0))
    n = len(rows)
    with_absent = seat([*rows, (absent, 1.0, 0.0)], draft, seated=[1.0] * n + [0.0])
    with_careless = seat([*rows, (absent, 0.0, 0.0)], draft)
    for table in (with_absent, with_careless):
        text = negotiate(table, rules(1.0))
        assert numbers(text) == numbers(alone)
        assert text.objections.item() == alone.objections.item()


@settings(max_examples=200, deadline=None)
@given(rows=delegations, draft=share, largest=share, pull=st.floats(0, 20))
def test_an_adopted_text_has_no_objector_and_a_dropped_one_has(rows, draft, largest, pull):
    text = negotiate(seat(rows, draft), rules(largest, pull))
    z, a = numbers(text)
    objectors = [s * max(0.0, abs(z - x) - a) > t + 1e-7 * (1.0 + s) for x, s, t in rows]
    if text.adopted.item():
        assert not any(objectors)
        assert text.objections.item() == 0
        assert a <= largest + 1e-12
    else:
        assert text.objections.item() > 0
        assert text.strength.item() == 0.0
    assert 0.0 <= text.strength.item() <= 1.0


def test_strength_falls_with_ambiguity():
    rows = [(0.2, 1.0, 0.1), (0.8, 1.0, 0.1)]
    text = negotiate(seat(rows, 0.5), rules(0.4))
    assert text.ambiguity.item() == pytest.approx(0.2)
    assert text.strength.item() == pytest.approx(0.5)
    assert negotiate(seat(rows, 0.5), rules(0.2)).adopted.item() == 1.0
    assert negotiate(seat(rows, 0.5), rules(0.19)).adopted.item() == 0.0
    assert negotiate(seat([(0.5, 1.0, 0.0)], 0.5), rules(0.0)).strength.item() == 1.0


def ends(rows):
    bears = [t / s if s > 0.0 else np.inf for _, s, t in rows]
    low = [x - h for (x, _, _), h in zip(rows, bears, strict=True)]
    high = [x + h for (x, _, _), h in zip(rows, bears, strict=True)]
    return low, high


@settings(max_examples=200, deadline=None)
@given(
    rows=st.lists(st.tuples(share, st.floats(0.05, 1), st.floats(0, 0.3)), min_size=3, max_size=12),
    draft=share,
    q=st.floats(0, 0.4),
)
def test_an_isolated_objection_is_only_noted(rows, draft, q):
    text = negotiate(seat(rows, draft), rules(2.0, blocking_share=q, who="share"))
    low, high = ends(rows)
    noted = int(np.floor(q * len(rows)))
    left, right = sorted(low)[len(low) - 1 - noted], sorted(high)[noted]
    z, a = numbers(text)
    expected = settle(*(np.array([[each]]) for each in (left, right, draft, 0.0)))
    assert (z, a) == (expected[0].item(), expected[1].item())
    assert text.objections.item() <= 2 * noted


GRID = np.linspace(0.0, 1.0, 201)


def least_cost(draft, pull, passes):
    """The least of ambiguity and distance from the draft, over all texts and ambiguities that pass."""
    return min(
        a + 0.5 * pull * (z - draft) ** 2 for z in GRID for a in np.linspace(0.0, 1.0, 101) if passes(z, a)
    )


contested = st.lists(st.tuples(share, st.floats(0.3, 1), st.floats(0, 0.2)), min_size=4, max_size=9)


@settings(max_examples=40, deadline=None)
@given(rows=contested, draft=share, q=st.floats(0, 0.4), pull=st.floats(0.5, 30))
def test_share_that_blocks_against_counting_on_a_grid(rows, draft, q, pull):
    noted = int(np.floor(q * len(rows)))

    def passes(z, a, more=1e-9):
        against = [s * max(0.0, abs(z - x) - a) > t + more for x, s, t in rows]
        above = sum(said and x > z for said, (x, _, _) in zip(against, rows, strict=True))
        return above <= noted and sum(against) - above <= noted

    z, a = numbers(negotiate(seat(rows, draft), rules(2.0, pull, blocking_share=q, who="share")))
    assert passes(z, a + 1e-9)
    assert a + 0.5 * pull * (z - draft) ** 2 <= least_cost(draft, pull, passes) + 1e-9


@settings(max_examples=40, deadline=None)
@given(rows=contested, draft=share, pull=st.floats(0.5, 30))
def test_groups_that_block_against_means_on_a_grid(rows, draft, pull):
    group = [n % 3 for n in range(len(rows))]

    def passes(z, a):
        for each in set(group):
            members = [row for row, of in zip(rows, group, strict=True) if of == each]
            low = sum(x - t / s for x, s, t in members) / len(members)
            high = sum(x + t / s for x, s, t in members) / len(members)
            if z < low - a - 1e-9 or z > high + a + 1e-9:
                return False
        return True

    table = seat(rows, draft, group=group)
    z, a = numbers(negotiate(table, rules(2.0, pull, who="regional_groups")))
    assert passes(z, a)
    assert a + 0.5 * pull * (z - draft) ** 2 <= least_cost(draft, pull, passes) + 1e-9


def test_share_of_nought_and_one_state_a_group_are_the_plain_rule():
    chance = np.random.Generator(np.random.PCG64(11))
    for _ in range(50):
        rows = [tuple(chance.random(3) * (1.0, 1.0, 0.3)) for _ in range(7)]
        plain = negotiate(seat(rows, 0.4), rules(1.0))
        for who in ("share", "regional_groups"):
            text = negotiate(seat(rows, 0.4), rules(1.0, who=who))
            assert numbers(text) == pytest.approx(numbers(plain), abs=1e-12)


def test_a_group_objects_by_the_mean_of_its_members():
    rows = [(0.0, 1.0, 0.1), (0.4, 1.0, 0.1), (1.0, 1.0, 0.1), (0.8, 1.0, 0.3)]
    text = negotiate(seat(rows, 0.5, group=[0, 0, 1, 1]), rules(1.0, who="regional_groups"))
    left, right = max(0.1, 0.7), min(0.3, 1.1)
    assert numbers(text) == pytest.approx((0.5 * (left + right), 0.5 * (left - right)))
    absent = seat(rows, 0.5, seated=[1.0, 0.0, 1.0, 1.0], group=[0, 0, 1, 1])
    text = negotiate(absent, rules(1.0, who="regional_groups"))
    assert numbers(text) == pytest.approx((0.5 * (0.7 + 0.1), 0.5 * (0.7 - 0.1)))


@pytest.mark.parametrize("who", ["each_delegation", "share"])
def test_a_delegation_may_object_to_everything_or_to_nothing(who):
    rows = [(0.5, 1.0, 0.5), (0.5, 1.0, 0.5), (0.0, 1.0, 0.0)]
    always = negotiate(seat(rows, 0.5, objects=[1.0, 0.0, -1.0]), rules(0.3, who=who))
    assert always.adopted.item() == 0.0
    assert always.objections.item() == 1
    never = negotiate(seat(rows, 0.5, objects=[0.0, 0.0, -1.0]), rules(0.3, who=who))
    assert numbers(never) == (0.5, 0.0)
    assert never.objections.item() == 0


def test_a_group_of_one_that_always_objects_blocks_as_it_would_alone():
    rows = [(0.5, 1.0, 0.5), (0.5, 1.0, 0.5)]
    text = negotiate(seat(rows, 0.5, objects=[1.0, 0.0]), rules(0.3, who="regional_groups"))
    assert text.adopted.item() == 0.0


def test_one_that_always_objects_speaks_for_its_group_and_one_that_never_does_is_left_out():
    rows = [(0.5, 1.0, 0.1), (0.9, 1.0, 0.1), (0.5, 1.0, 0.1)]
    always = seat(rows, 0.5, objects=[1.0, 0.0, 0.0], group=[0, 0, 1])
    assert negotiate(always, rules(0.9, who="regional_groups")).adopted.item() == 0.0
    never = seat(rows, 0.5, objects=[0.0, -1.0, 0.0], group=[0, 0, 1])
    assert numbers(negotiate(never, rules(0.9, who="regional_groups"))) == pytest.approx((0.5, 0.0))
    both = seat(rows, 0.5, objects=[1.0, -1.0, 0.0], group=[0, 0, 1])
    assert negotiate(both, rules(0.9, who="regional_groups")).adopted.item() == 0.0


def test_what_delegations_let_pass():
    low, high = acceptable(
        seat([(0.5, 0.5, 0.1), (0.2, 0.0, 0.0), (0.9, 1.0, 0.0)], 0.5, seated=[1.0, 1.0, 0.0])
    )
    np.testing.assert_allclose(low[0, 0], [0.3, -np.inf, -np.inf])
    np.testing.assert_allclose(high[0, 0], [0.7, np.inf, np.inf])


@pytest.mark.parametrize("row", EMISSIONS, ids=lambda row: f"tau={row['tau']}")
def test_closed_form_on_the_emission_standards(row):
    tolerance = float(row["tau"])
    rows = [((x - 4.0) / 6.0, s / 100.0, tolerance) for _, _, x, s in ROOM]
    weight = [c for _, c, _, _ in ROOM]
    total = sum(c * s for _, c, _, s in ROOM)
    draft = sum(c * s * (x - 4.0) / 6.0 for _, c, x, s in ROOM) / total
    text = negotiate(seat(rows, draft, weight=weight), rules(float(row["a_max"])))
    z, a = numbers(text)
    assert 4.0 + 6.0 * z == pytest.approx(float(row["outcome_years"]), abs=1e-12)
    assert a == pytest.approx(float(row["ambiguity"]), abs=1e-12)
    assert text.adopted.item() == 1.0


def test_one_row_is_its_place_among_many():
    luck = np.random.Generator(np.random.PCG64(2))
    shape = (9, 30, 5)
    largest = np.full((9, 1), 0.3)
    table = Table(
        position=luck.random(shape),
        salience=luck.random(shape),
        tolerance=0.2 * luck.random(shape),
        weight=luck.random(shape[:2]),
        seated=np.round(luck.random(shape[:2])),
        may_block=np.ones(shape[:2]),
        objects=np.zeros(shape),
        draft=luck.random((9, 5)),
        group=np.arange(30, dtype=np.intp) % 4,
        max_ambiguity=largest,
    )
    share, who = luck.random((9, 1)) * 0.1, np.arange(9.0)[:, None] % 3
    for readings in (0, 4):
        options = Options(who, share, largest * 10.0, readings)
        many = negotiate(table, (largest, options))
        for row in (0, 4, 8):
            one = slice(row, row + 1)
            fields = (
                "position",
                "salience",
                "tolerance",
                "weight",
                "seated",
                "may_block",
                "objects",
                "draft",
            )
            alone = replace(table, **{f: np.ascontiguousarray(getattr(table, f)[one]) for f in fields})
            own = Options(who[one], share[one], largest[one] * 10.0, readings)
            if readings == 0 or row == 0:
                text = negotiate(alone, (largest[one], own))
                for field in ("position", "ambiguity", "adopted", "strength", "against"):
                    np.testing.assert_array_equal(getattr(text, field)[0], getattr(many, field)[row])


def test_the_order_of_delegations_does_not_matter():
    chance = np.random.Generator(np.random.PCG64(8))
    rows = [tuple(chance.random(3) * (1.0, 1.0, 0.2)) for _ in range(12)]
    order = list(chance.permutation(12))
    for who in BLOCKING:
        one = seat(rows, 0.3, group=[n % 3 for n in range(12)])
        other = seat([rows[n] for n in order], 0.3, group=[n % 3 for n in order])
        texts = [negotiate(each, rules(1.0, 3.0, 0.1, who)) for each in (one, other)]
        assert numbers(texts[0]) == pytest.approx(numbers(texts[1]), abs=1e-12)


@settings(max_examples=100, deadline=None)
@given(rows=delegations, outside=st.lists(share, min_size=1, max_size=5), draft=share)
def test_those_who_are_not_states_never_widen_or_narrow_what_states_let_pass(rows, outside, draft):
    n = len(rows)
    others = [(x, 1.0, 0.0) for x in outside]
    beside = seat([*rows, *others], draft, may_block=[1.0] * n + [0.0] * len(others))
    assert numbers(negotiate(beside, rules(1.0))) == numbers(negotiate(seat(rows, draft), rules(1.0)))


def test_without_states_the_draft_passes():
    text = negotiate(seat([(0.1, 1.0, 0.0), (0.9, 1.0, 0.0)], 0.4, may_block=[0.0, 0.0]), rules())
    assert numbers(text) == (0.4, 0.0)
    assert text.objections.item() == 0
