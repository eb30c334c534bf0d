"""The majority."""

import csv
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import migsim.negotiation
from migsim.negotiation import Chance, Table
from migsim.negotiation.majority import PROTOCOL, RULES, VOTES_AT_ONCE, Options, negotiate
from migsim.negotiation.options import chosen
from migsim.negotiation.table import weighted_median
from migsim.negotiation.voting import PCE_MODELS, VICTORY_PROB_MODELS, VOTING_RULES
from tests.negotiation.rooms import sit as seat

PUBLISHED = Path(migsim.negotiation.__file__).parent / "cases" / "published"

share = st.integers(0, 100).map(lambda n: n / 100)
care = st.sampled_from([0.0, 0.1, 0.25, 0.5, 1.0])
rows = st.lists(st.tuples(share, care, st.sampled_from([0.0, 1.0, 2.0, 3.5])), min_size=1, max_size=7)


def room(rows, **more):
    """One paragraph, from rows of position, salience, weight."""
    position, salience, weight = (np.array(column, dtype=float) for column in zip(*rows, strict=True))
    return seat(position[:, None], salience[:, None], weight, **more)


def run(table, **options):
    return negotiate(table, chosen(Options, options), Chance.alone(1, ["nobody draws"]))


def emission_standards():
    with (PUBLISHED / "emission_standards_input.csv").open() as lines:
        rows = list(csv.DictReader(lines))
    return room(
        [
            (
                (float(row["position_years"]) - 4) / 6,
                float(row["salience_pct"]) / 100,
                float(row["capability"]),
            )
            for row in rows
        ]
    )


def crowd(seed, *shape):
    draw = np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed)))
    return seat(
        draw.integers(0, 8, shape) / 8.0,
        draw.random(shape),
        draw.uniform(0.5, 2.0, shape[:-1]),
        (draw.random(shape[:-1]) < 0.8).astype(float),
        draw.random((*shape[:-2], shape[-1])),
    )


def test_published_median_of_the_emission_standards():
    assert 4.0 + 6.0 * run(emission_standards()).text.position.item() == 7.0


@pytest.mark.parametrize("pce_model", PCE_MODELS)
@pytest.mark.parametrize("victory_prob_model", VICTORY_PROB_MODELS)
@pytest.mark.parametrize("voting_rule", VOTING_RULES)
def test_published_elections_on_the_emission_standards(voting_rule, victory_prob_model, pce_model):
    words = {"voting_rule": voting_rule, "victory_prob_model": victory_prob_model, "pce_model": pce_model}
    with (PUBLISHED / "ktab_unit_pce_emissions.csv").open() as lines:
        published = next(
            row
            for row in csv.DictReader(lines)
            if (row["voting_rule"], row["vp_model"], row["pce_model"]) == tuple(words.values())
        )
    course = run(emission_standards(), rule="condorcet", **words)
    expected = 4.0 + 6.0 * course.outcomes["expected"].item()
    likeliest = max((4, 7, 10), key=lambda years: float(published[f"p_{years}yr"]))
    assert expected == pytest.approx(float(published["expected_years"]), abs=1e-6)
    assert 4.0 + 6.0 * course.text.position.item() == pytest.approx(likeliest)


@given(rows=rows)
def test_median_is_the_first_position_at_which_half_the_weight_is_reached(rows):
    weights = [c * s for _, s, c in rows]
    weights = weights if any(weights) else [1.0] * len(rows)
    held = sorted(x for x, _, _ in rows)
    reached = [sum(w for (x, _, _), w in zip(rows, weights, strict=True) if x <= z) for z in held]
    brute = next(z for z, w in zip(held, reached, strict=True) if w >= sum(weights) / 2 - 1e-12)
    assert run(room(rows)).text.position.item() == brute


def test_of_two_equal_halves_the_lower():
    assert run(seat([[0.2], [0.8]])).text.position.item() == 0.2
    assert run(seat([[0.8], [0.2]])).text.position.item() == 0.2
    tenths = run(seat([[0.1], [0.2], [0.7]], weight=[0.1, 0.2, 0.3]))
    assert tenths.text.position.item() == 0.2


def test_if_nobody_cares_the_plain_lower_median():
    course = run(seat([[0.9], [0.1], [0.4], [0.6]], salience=np.zeros((4, 1)), weight=[9.0, 1.0, 1.0, 1.0]))
    assert course.text.position.item() == 0.4


def carried(rows, z, y, quota):
    """Whether a text is carried, vote by vote."""
    weights = [c * s for _, s, c in rows]
    weights = weights if any(weights) else [c for _, _, c in rows]
    weights = weights if any(weights) else [1.0] * len(rows)
    votes = sum(w for (x, _, _), w in zip(rows, weights, strict=True) if abs(z - x) <= abs(y - x) + 1e-9)
    return votes >= quota * sum(weights) - 1e-9


@settings(max_examples=200)
@given(rows=rows, draft=share, y=share, quota=st.sampled_from([0.5, 0.6, 2 / 3, 0.75, 1.0]))
def test_qualified_majority_against_every_text_put_to_the_vote(rows, draft, y, quota):
    course = run(room(rows, draft=draft), rule="qualified_majority", quota=quota, status_quo=y)
    passing = [n / 100 for n in range(101) if carried(rows, n / 100, y, quota)]
    nearest = min(passing, key=lambda z: abs(z - draft))
    text = course.text
    assert text.position.item() == pytest.approx(nearest, abs=1e-9)
    assert text.adopted.item() == float(abs(nearest - y) > 1e-9)
    assert course.outcomes["lowest_carried"].item() == pytest.approx(min(passing), abs=1e-9)
    assert course.outcomes["highest_carried"].item() == pytest.approx(max(passing), abs=1e-9)


def test_the_drafter_gets_what_the_decisive_vote_will_bear():
    table = seat([[0.1], [0.3], [0.4], [0.9]], draft=1.0)
    by_quota = {
        quota: run(table, rule="qualified_majority", quota=quota).text.position.item()
        for quota in (0.5, 0.75, 1.0)
    }
    assert by_quota == pytest.approx({0.5: 0.8, 0.75: 0.6, 1.0: 0.2})


def test_nothing_but_the_status_quo_is_dropped():
    text = run(seat([[0.1], [0.9]], draft=0.5), rule="qualified_majority", status_quo=0.5).text
    assert (text.position.item(), text.adopted.item(), text.strength.item()) == (0.5, 0.0, 0.0)
    assert not text.against.any()


def test_who_loses_more_than_it_bears_is_against_though_it_voted_for_the_text():
    stand = (0.2, 0.55, 0.56, 0.57, 0.9)
    found = run(seat([[x] for x in stand], draft=0.55), rule="qualified_majority", quota=0.8)
    assert found.text.position.item() == pytest.approx(0.55)
    assert found.text.adopted.item() == 1.0
    z, a = found.text.position.item(), found.text.ambiguity.item()
    assert found.text.against.tolist() == [[abs(z - x) - a > 0.15 for x in stand]]
    assert found.text.against.sum() == 2


@pytest.mark.parametrize("rule", RULES)
@given(seed=st.integers(0, 99))
def test_one_table_is_its_place_in_a_batch(rule, seed):
    batch, at = crowd(seed, 2, 3, 6, 2), (1, 2)
    alone = Table(
        *(getattr(batch, name)[at] for name in ("position", "salience", "tolerance", "weight", "seated")),
        *(getattr(batch, name)[at] for name in ("may_block", "objects", "draft")),
        batch.group,
        batch.max_ambiguity,
    )
    of_batch, of_alone = run(batch, rule=rule), run(alone, rule=rule)
    np.testing.assert_array_equal(of_batch.text.position[at], of_alone.text.position)
    np.testing.assert_array_equal(of_batch.text.ambiguity[at], of_alone.text.ambiguity)
    for name, values in of_alone.outcomes.items():
        np.testing.assert_array_equal(of_batch.outcomes[name][(0, *at)], values[0])


@pytest.mark.parametrize("rule", RULES)
@given(seed=st.integers(0, 99))
def test_the_absent_are_as_if_they_were_not_there(rule, seed):
    table = crowd(seed, 6, 1)
    here = table.seated > 0.0
    if not here.any():
        return
    rest = seat(table.position[here], table.salience[here], table.weight[here], draft=table.draft)
    with_them, without = run(table, rule=rule), run(rest, rule=rule)
    np.testing.assert_allclose(with_them.text.position, without.text.position, atol=1e-9)
    assert with_them.text.joined[~here].sum() == 0.0


@pytest.mark.parametrize("rule", RULES)
@given(rows=rows, data=st.data())
def test_order_of_actors_does_not_matter(rule, rows, data):
    turned = data.draw(st.permutations(rows))
    one, other = (run(room(each, draft=0.6), rule=rule) for each in (rows, turned))
    if rule == "condorcet":
        np.testing.assert_allclose(other.outcomes["expected"], one.outcomes["expected"], atol=1e-9)
    else:
        np.testing.assert_allclose(other.text.position, one.text.position, atol=1e-9)


@pytest.mark.parametrize("rule", ["weighted_median", "qualified_majority"])
@given(rows=rows, position=share)
def test_who_does_not_care_has_no_influence(rule, rows, position):
    if not any(s * c for _, s, c in rows):
        return
    one, other = (run(room(each, draft=0.6), rule=rule) for each in (rows, [*rows, (position, 0.0, 3.0)]))
    np.testing.assert_allclose(other.text.position, one.text.position, atol=1e-12)


def test_who_does_not_care_casts_no_vote_but_puts_a_position_up():
    rows = [(0.2, 1.0, 1.0), (0.9, 0.8, 1.0)]
    same_options = [*rows, (0.2, 0.0, 3.0)]
    one, other = (run(room(each), rule="condorcet").outcomes["expected"] for each in (rows, same_options))
    np.testing.assert_allclose(other, one, atol=1e-12)


@pytest.mark.parametrize("rule", ["weighted_median", "condorcet"])
@given(n=st.integers(1, 5), x=share, s=care)
def test_equal_positions_and_one_actor_get_the_position(rule, n, x, s):
    course = run(room([(x, s, 1.0)] * n), rule=rule)
    assert course.text.position.item() == x
    assert course.text.adopted.item() == 1.0
    if rule == "condorcet":
        assert course.outcomes["expected"].item() == pytest.approx(x)


@pytest.mark.parametrize("rule", RULES)
@given(rows=rows)
def test_positions_stay_among_those_held(rule, rows):
    course = run(room(rows, draft=0.5), rule=rule, status_quo=rows[0][0])
    held = [x for x, _, _ in rows]
    if rule == "qualified_majority":
        low, high = sorted((0.5, rows[0][0]))
        assert low <= course.text.position.item() <= high
    else:
        assert course.text.position.item() in held
    np.testing.assert_array_equal(course.positions[0, :, 0], held)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("n", [0, 3])
def test_nobody_decides_nothing(rule, n):
    text = run(seat(np.full((2, n, 1), 0.9), seated=np.zeros((2, n))), rule=rule).text
    settled = (0.0, 0.0) if rule == "qualified_majority" else (0.5, 1.0)
    assert (text.position[0].item(), text.adopted[1].item()) == settled


def test_very_many_places_are_elected_in_parts():
    few = crowd(3, 40, 8, 2)
    places = VOTES_AT_ONCE // 8**3 // 40 + 1
    many = replace(
        few,
        **{
            name: np.concatenate([getattr(few, name)] * places)
            for name in asdict(few)
            if name not in ("group", "max_ambiguity")
        },
    )
    assert many.position.shape[0] * 2 > VOTES_AT_ONCE // 8**3
    one, all_of_them = (run(each, rule="condorcet").text.position for each in (few, many))
    np.testing.assert_array_equal(all_of_them, np.concatenate([one] * places))


def test_weighted_median_takes_any_leading_axes():
    table = crowd(1, 4, 3, 5, 2)
    values = weighted_median(table.position, table.salience)
    assert values.shape == (4, 3, 2)
    assert values[2, 1, 0] == weighted_median(table.position[2, 1], table.salience[2, 1])[0]


def test_what_the_protocol_says_of_itself():
    assert PROTOCOL.is_costly(Options(rule="condorcet"))
    assert not PROTOCOL.is_costly(Options())
    assert not PROTOCOL.is_random(Options())
    assert PROTOCOL.is_vectorised
    assert (PROTOCOL.themes, PROTOCOL.needs_salience) == ("one by one", False)


def test_the_weighted_median_is_the_lower_one_at_exactly_half():
    def median(weights):
        return weighted_median(np.array([[0.5], [0.1], [0.9]]), np.array(weights)[:, None]).item()

    assert median([1.0, 2.0, 1.0]) == 0.1
    assert median([2.0, 1.0, 1.0]) == 0.5
    assert median([0.03, 0.06, 0.03]) == 0.1
    assert median([0.0, 0.0, 0.0]) == 0.5
