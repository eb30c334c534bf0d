"""A negotiation alone: options, turns, tables."""

import numpy as np
import pandas as pd
import pytest

from migsim.errors import InputError
from migsim.negotiation.alone import negotiate, options_for
from migsim.negotiation.alone.outcome import Settlement, written
from migsim.negotiation.alone.seating import ROLES
from migsim.negotiation.alone.settling import MOST_COSTLY
from migsim.negotiation.registry import protocol, protocol_names

TEXT = ["theme", "position", "ambiguity", "adopted", "strength", "objections", "pledged", "compromise"]
OF_TEXT = ["text_position", "text_ambiguity", "adopted", "strength", "objections", "pledged", "compromise"]


def room(n=6, n_themes=2, seed=1):
    """Actors of all roles, whose saliences are at most one together."""
    draw = np.random.Generator(np.random.PCG64(seed))
    rows = [
        (f"actor {i}", ROLES[i % len(ROLES)], 1.0 + i, f"theme {k}", *draw.uniform([0.0, 0.1], [100.0, 0.4]))
        for i in range(n)
        for k in range(n_themes)
    ]
    return pd.DataFrame(rows, columns=["actor", "role", "capability", "theme", "position", "salience"])


@pytest.mark.parametrize("name", protocol_names())
def test_every_protocol_gives_the_same_tables(name):
    given = room()
    found = negotiate(given, protocol=name)
    assert isinstance(found, Settlement)
    assert list(found.positions.columns) == ["turn", "actor", "theme", "position"]
    assert list(found.outcome.columns) == ["turn", "theme", "quantity", "value"]
    assert list(found.text.columns) == TEXT
    start = found.positions[found.positions["turn"] == 0].reset_index(drop=True)
    pd.testing.assert_frame_equal(
        start[["actor", "theme", "position"]], given[["actor", "theme", "position"]], check_exact=True
    )
    assert found.positions["position"].between(0, 100).all()
    last = found.outcome[found.outcome["turn"] == found.outcome["turn"].max()]
    assert set(OF_TEXT) <= set(last["quantity"])
    by_theme = last[last["quantity"] == "text_position"].set_index("theme")["value"]
    assert by_theme.to_dict() == dict(zip(found.text["theme"], found.text["position"], strict=True))
    assert found.outcome["turn"].is_monotonic_increasing
    assert found.outcome["value"].notna().all()
    assert len(repr(found).splitlines()) <= 12
    assert found.protocol.title in found._repr_html_()


@pytest.mark.parametrize("name", protocol_names())
def test_the_same_input_gives_the_same_text_and_a_seed_another_if_lots_are_drawn(name):
    first, again, other = (negotiate(room(), protocol=name, seed=seed) for seed in (1, 1, 2))
    pd.testing.assert_frame_equal(first.outcome, again.outcome, check_exact=True)
    is_random = protocol(name).is_random(protocol(name).options())
    assert first.text["position"].equals(other.text["position"]) is not is_random


@pytest.mark.parametrize("name", sorted(set(protocol_names()) - {"single_text"}))
def test_the_order_of_rows_does_not_matter(name):
    given = room()
    one = negotiate(given, protocol=name).text.set_index("theme")
    other = negotiate(given.iloc[::-1], protocol=name).text.set_index("theme").loc[one.index]
    np.testing.assert_allclose(other["position"], one["position"], atol=1e-9)


def test_win_probabilities_are_a_table_of_their_own():
    found = negotiate(room(), protocol="smp")
    wins = found.win_probabilities
    assert list(wins.columns) == ["turn", "actor", "win_probability"]
    assert len(wins) == 6 * (found.n_turns + 1)
    assert wins["win_probability"].between(0, 1).all()
    rows = found.outcome[found.outcome["quantity"] == "win_probability:actor 3"]
    assert rows["theme"].unique().tolist() == [""]
    assert rows["value"].tolist() == wins[wins["actor"] == "actor 3"]["win_probability"].tolist()
    assert negotiate(room(), protocol="nash").win_probabilities.empty


def test_events_name_actors_and_themes():
    exchanges = negotiate(room(8, 3), protocol="exchange").events["exchanges"]
    assert set(exchanges["actor_i"]) <= {f"actor {i}" for i in range(8)}
    assert set(exchanges["supply_issue_j"]) <= {f"theme {k}" for k in range(3)}


def test_persuasion_comes_first_and_leaves_the_start_as_given():
    given = room()
    plain = negotiate(given, protocol="challenge", rounds=3)
    found = negotiate(
        given, protocol="challenge", rounds=3, persuasion="hegselmann_krause", epsilon=1, persuasion_turns=2
    )
    assert plain.n_turns == 3
    assert found.n_turns == 5
    at = found.positions.set_index("turn")["position"]
    assert at[0].tolist() == given["position"].tolist()
    agreed = found.positions[found.positions["turn"] == 1].groupby("theme")["position"]
    np.testing.assert_allclose(agreed.max() - agreed.min(), 0.0, atol=1e-9)
    medians = found.outcome[found.outcome["quantity"] == "weighted_median"]
    assert medians["turn"].min() == 2
    np.testing.assert_array_equal(found.text["compromise"], plain.text["compromise"])


def test_persuasion_moves_the_draft():
    given = {"actor": list("ABC"), "capability": [1, 1, 4], "position": [0, 10, 90], "salience": [0.5] * 3}
    draft = negotiate(given, tolerance=float("inf")).text["position"].item()
    assert draft == pytest.approx(370 / 6)
    parted = negotiate(given, tolerance=float("inf"), persuasion="hegselmann_krause", epsilon=0.2)
    assert parted.text["position"].item() == pytest.approx((2 * 5 + 4 * 90) / 6)


def test_options_go_where_they_belong_by_name_or_symbol():
    given = {"tau": "0.2", "SEED": "7", "epsilon": 0.3, "phi": 5, "who_can_block": "Share"}
    setup, persuasion, own = options_for(protocol("no_objection"), given, "option")
    assert (setup.tolerance, setup.seed) == (0.2, 7)
    assert persuasion.confidence == 0.3
    assert (own.drafter_pull, own.who_can_block) == (5.0, "share")
    used = negotiate(room(), **given).options
    assert [used[name] for name in ("tolerance", "seed", "confidence", "drafter_pull")] == [0.2, 7, 0.3, 5.0]


def test_every_unknown_option_is_named_with_those_there_are():
    with pytest.raises(InputError) as error:
        negotiate(room(), protocol="smp", pce_modle="x", pce_model="Markov", rounds=-1, tolerance="wide")
    lines = {line.split(": ")[1]: line for line in str(error.value).splitlines()}
    assert list(lines) == ["pce_model", "pce_modle", "rounds", "tolerance"]
    assert "did you mean pce_model?" in lines["pce_modle"]
    for name in ("voting_rule", "persuasion", "tolerance", "seed"):
        assert name in lines["pce_modle"]
    assert "allowed: Conditional, MarkovIncentive, MarkovUniform" in lines["pce_model"]
    assert "found 'wide'; allowed: a number, 0 to inf" in lines["tolerance"]


def test_an_unknown_protocol_is_told_with_those_there_are():
    with pytest.raises(InputError, match=r"did you mean exchange\?"):
        negotiate(room(), protocol="exchang")


def test_what_would_take_too_long_is_refused():
    many = room(MOST_COSTLY + 1, 1)
    with pytest.raises(InputError, match="at most 250"):
        negotiate(many, protocol="challenge")
    with pytest.raises(InputError, match="2,500 positions"):
        negotiate(room(60, 60), protocol="exchange")
    assert len(negotiate(many, protocol="compromise").roles) == MOST_COSTLY + 1


def test_saliences_beyond_one_are_told_by_the_spatial_model():
    given = room()
    given["salience"] = 0.9
    with pytest.raises(InputError, match="at most 1"):
        negotiate(given, protocol="smp")


def test_what_was_read_is_written_alike():
    given = np.arange(0, 10001) / 100.0
    np.testing.assert_array_equal(written(given / 100.0), given)


@pytest.mark.parametrize(
    "name", ["no_objection", "compromise", "majority", "nash", "club", "single_text", "challenge"]
)
def test_one_actor_alone(name):
    found = negotiate({"actor": ["A"], "position": [30], "salience": [0.5]}, protocol=name)
    assert found.text["position"].item() == pytest.approx(30, abs=2.5)


def test_a_long_list_of_themes_is_cut_in_its_summary():
    said = repr(negotiate(room(3, 30), protocol="compromise")).splitlines()
    assert len(said) <= 12
    assert "22 more" in said[-2]
