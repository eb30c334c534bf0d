"""Votes, coalitions and probabilistic elections."""

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import migsim.negotiation
from migsim.negotiation.voting import (
    PCE_MODELS,
    VICTORY_PROB_MODELS,
    VOTING_RULES,
    Election,
    coalitions,
    in_order,
    victory_probability,
    vote,
)

PUBLISHED = Path(migsim.negotiation.__file__).parent / "cases" / "published"
STEADY = tuple(rule for rule in VOTING_RULES if rule != "ASymProsp")
"""Rules under which the order of the options does not matter."""

elections = st.builds(
    Election, st.sampled_from(VOTING_RULES), st.sampled_from(VICTORY_PROB_MODELS), st.sampled_from(PCE_MODELS)
)
share = st.integers(0, 1000).map(lambda n: n / 1000)


def rows(name):
    with (PUBLISHED / name).open() as lines:
        return list(csv.DictReader(lines))


def electorate(n_voters, n_options, seed, *lead):
    draw = np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed)))
    return draw.uniform(0.1, 3.0, (*lead, n_voters)), draw.random((*lead, n_voters, n_options))


@pytest.mark.parametrize("row", rows("ktab_unit_vote.csv"))
def test_published_votes(row):
    gain = float(row["u_i"]) - float(row["u_j"])
    cast = float(vote(row["voting_rule"], float(row["weight"]), gain))
    assert cast == pytest.approx(float(row["vote"]), abs=1e-11)


@pytest.mark.parametrize("row", rows("ktab_unit_vprob.csv"))
def test_published_victory_probabilities(row):
    p = float(victory_probability(row["vp_model"], float(row["s1"]), float(row["s2"])))
    assert p == pytest.approx(float(row["p1"]), abs=1e-11)


def emission_standards():
    """Weights, and utilities of four, seven and ten years."""
    column = {
        name: np.array([float(row[name]) for row in rows("emission_standards_input.csv")])
        for name in ("capability", "position_years", "salience_pct")
    }
    years = np.array([4.0, 7.0, 10.0])
    utilities = 1.0 - np.abs(column["position_years"][:, None] - years) / 6.0
    return column["capability"] * column["salience_pct"] / 100.0, utilities, years


@pytest.mark.parametrize("row", rows("ktab_unit_pce_emissions.csv"))
def test_published_elections_on_the_emission_standards(row):
    weights, utilities, years = emission_standards()
    p = Election(row["voting_rule"], row["vp_model"], row["pce_model"]).probabilities(weights, utilities)
    np.testing.assert_allclose(p, [float(row[f"p_{n}yr"]) for n in (4, 7, 10)], rtol=0.0, atol=1e-9)
    assert (p * years).sum() == pytest.approx(float(row["expected_years"]), abs=1e-6)


def test_words_are_those_of_the_published_tables():
    assert {row["voting_rule"] for row in rows("ktab_unit_pce_emissions.csv")} == set(VOTING_RULES)
    assert {row["vp_model"] for row in rows("ktab_unit_pce_emissions.csv")} == set(VICTORY_PROB_MODELS)
    assert {row["pce_model"] for row in rows("ktab_unit_pce_emissions.csv")} == set(PCE_MODELS)


@given(election=elections, n_voters=st.integers(1, 6), seed=st.integers(0, 99))
def test_one_option_alone_is_certain(election, n_voters, seed):
    weights, utilities = electorate(n_voters, 1, seed)
    np.testing.assert_array_equal(election.probabilities(weights, utilities), [1.0])


@given(election=elections, n_options=st.integers(1, 6), n_voters=st.integers(1, 6), seed=st.integers(0, 99))
def test_probabilities_sum_to_one(election, n_options, n_voters, seed):
    p = election.probabilities(*electorate(n_voters, n_options, seed))
    assert p.sum() == pytest.approx(1.0, abs=1e-9)
    assert (p >= 0.0).all()


@given(election=elections, n_options=st.integers(1, 5), seed=st.integers(0, 99))
def test_one_place_is_its_place_in_a_batch(election, n_options, seed):
    weights, utilities = electorate(5, n_options, seed, 2, 3)
    batch = election.probabilities(weights, utilities)
    alone = election.probabilities(weights[1, 2], utilities[1, 2])
    np.testing.assert_array_equal(batch[1, 2], alone)


@given(election=elections, seed=st.integers(0, 99))
def test_options_that_do_not_stand_are_as_if_they_were_not_there(election, seed):
    weights, utilities = electorate(4, 5, seed)
    stands = np.array([True, False, True, True, False])
    p = election.probabilities(weights, utilities, stands)
    np.testing.assert_allclose(p[stands], election.probabilities(weights, utilities[:, stands]), atol=1e-9)
    np.testing.assert_array_equal(p[~stands], 0.0)


@given(
    rule=st.sampled_from(STEADY),
    model=st.sampled_from(VICTORY_PROB_MODELS),
    pce=st.sampled_from(PCE_MODELS),
    order=st.permutations(range(5)),
    seed=st.integers(0, 99),
)
def test_order_of_options_and_voters_does_not_matter(rule, model, pce, order, seed):
    weights, utilities = electorate(5, 5, seed)
    election = Election(rule, model, pce)
    p = election.probabilities(weights, utilities)
    by_option = election.probabilities(weights, utilities[:, order])
    by_voter = election.probabilities(weights[list(order)], utilities[order])
    np.testing.assert_allclose(by_option, p[list(order)], atol=1e-9)
    np.testing.assert_allclose(by_voter, p, atol=1e-9)


def test_under_asymmetric_prospects_the_order_of_options_matters():
    weights, utilities = np.array([1.0, 1.0]), np.array([[0.9, 0.1], [0.2, 0.6]])
    strengths = coalitions("ASymProsp", weights, utilities)
    swapped = coalitions("ASymProsp", weights, utilities[:, ::-1])
    np.testing.assert_allclose(strengths, [[1e-8, 0.8 + 1e-8], [0.8 / 3.0 + 1e-8, 1e-8]], rtol=1e-12)
    np.testing.assert_allclose(swapped, [[1e-8, 0.4 + 1e-8], [1.6 / 3.0 + 1e-8, 1e-8]], rtol=1e-12)


@given(election=elections, n=st.integers(2, 6))
def test_equal_options_share_alike(election, n):
    p = election.probabilities(np.ones(3), np.full((3, n), 0.4))
    np.testing.assert_allclose(p, 1.0 / n, atol=1e-12)


@given(election=elections, seed=st.integers(0, 99))
def test_a_voter_without_weight_has_no_influence(election, seed):
    weights, utilities = electorate(5, 4, seed)
    weights[2] = 0.0
    rest = [0, 1, 3, 4]
    with_it = election.probabilities(weights, utilities)
    np.testing.assert_array_equal(with_it, election.probabilities(weights[rest], utilities[rest]))


def test_very_many_options_still_have_probabilities():
    n = 200
    cycle = (np.arange(n)[:, None] + np.arange(n)) % n / n
    p = Election("Binary", "Octic", "Conditional").probabilities(np.ones(n), cycle)
    assert p.sum() == pytest.approx(1.0)


@settings(max_examples=20)
@given(terms=st.lists(share, min_size=1, max_size=20))
def test_sum_in_order_is_the_sum_one_after_the_other(terms):
    total = 0.0
    for term in terms:
        total += term
    assert float(in_order(np.array(terms))) == total
