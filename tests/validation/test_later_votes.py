"""Votes on record: the files, the scores, and rivals that have seen the outcome."""

import numpy as np
import pytest

from migsim.errors import InputError
from migsim.facts import load
from migsim.validation.later import read_later
from migsim.validation.later_votes import VoteOnRecord, brier, has_votes, read_votes, score, vote_checks
from migsim.world.vocabulary import VOTES

YES, NO = VOTES.index("yes"), VOTES.index("no")


def written(tmp_path, text, name="votes.csv"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def part(votes, replicate=0, year=2018):
    """Votes of one world as the table has them."""
    n = len(votes)
    return {
        "replicate": np.full(n, replicate),
        "year": np.full(n, year),
        "instrument": np.full(n, "compact-migration"),
        "state": np.array(list(votes)),
        "vote": np.array(list(votes.values())),
    }


def made_up():
    """Europe votes no, all others yes."""
    facts = load()
    return {
        iso3: "no" if region == "Europe" else "yes"
        for iso3, region in zip(facts.iso3, facts.region, strict=True)
    }


def record(votes):
    return VoteOnRecord("compact-migration", 2018, "votes.csv", {s: VOTES.index(v) for s, v in votes.items()})


def test_names_and_votes_as_others_write_them(tmp_path):
    text = (
        "year,instrument,iso3,vote\n2018,compact-migration,MEX,Yes\n2018,Global Compact for Migration,USA,N\n"
        "2018,gcm,BRA,A\n2018,GCM,CHN,absent\n2018,compact-refugees,MEX,yes\n"
    )
    path = written(tmp_path, text)
    assert has_votes(path)
    migration, refugees = read_votes([path])
    assert (migration.instrument, migration.year) == ("compact-migration", 2018)
    assert {s: VOTES[v] for s, v in migration.votes.items()} == {
        "MEX": "yes",
        "USA": "no",
        "BRA": "abstain",
        "CHN": "absent",
    }
    assert refugees.votes == {"MEX": YES}


def test_votes_stand_beside_other_figures(tmp_path):
    votes = written(tmp_path, "year,instrument,state,vote\n2018,gcm,MEX,yes\n")
    stocks = written(tmp_path, "origin,destination,year,stock\nMEX,USA,2015,5\n", "stocks.csv")
    later = read_later([votes, stocks])
    assert [each.votes for each in later.votes] == [{"MEX": YES}]
    assert set(later.figures) == {"stock"}
    assert read_later([stocks]).votes == ()
    assert not has_votes(stocks)
    assert not has_votes(tmp_path / "nowhere.csv")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("year,iso3,vote\n2018,MEX,yes\n", ":1: a file of votes also needs instrument"),
        ("year,instrument,iso3,vote\nsoon,gcm,MEX,yes\n", ":2: year is 'soon'"),
        ("year,instrument,iso3,vote\n2018,gcm,mex,yes\n", "did you mean MEX?"),
        ("year,instrument,iso3,vote\n2018,gcm,MEX,perhaps\n", "it must be one of yes, no, abstain, absent"),
        ("year,instrument,iso3,vote\n2018,compact-migrations,MEX,yes\n", "did you mean compact-migration?"),
        ("year,instrument,iso3,vote\n2018,gcm,MEX,yes\n2018,gcm,MEX,no\n", ":3: the vote of MEX"),
    ],
)
def test_broken_files_are_refused_with_place_and_remedy(tmp_path, text, said):
    with pytest.raises(InputError) as refused:
        read_later([written(tmp_path, text)])
    assert "votes.csv" in str(refused.value)
    assert said in str(refused.value)


def test_a_model_that_foresees_all_is_perfect_and_no_better_than_who_has_seen_it():
    votes = made_up()
    whole, rank = score(record(votes), [part(votes)], worlds=1)
    assert (whole.model, rank.model) == (0.0, 1.0)
    assert whole.forecasts["region"] == pytest.approx(0.0)
    assert rank.forecasts["region"] == pytest.approx(1.0)
    assert whole.forecasts["income group"] > 0.05
    assert rank.forecasts["all alike"] == 0.5
    assert not whole.passed
    assert "193 states; 1 of 1 worlds vote" in whole.remark


def test_a_model_of_yes_alone_is_scored_as_such():
    votes = made_up()
    share = np.mean([vote == "no" for vote in votes.values()])
    whole, rank = score(record(votes), [part(dict.fromkeys(votes, "yes"))], worlds=1)
    assert whole.model == pytest.approx(2.0 * share)
    assert rank.model == pytest.approx(0.5)


def test_forecasts_are_shares_of_worlds_with_a_vote():
    votes = made_up()
    worlds = [part(votes, 0), part(dict.fromkeys(votes, "yes"), 3, year=2016)]
    whole, _ = score(record(votes), worlds, worlds=5)
    share = np.mean([vote == "no" for vote in votes.values()])
    assert whole.model == pytest.approx(0.5 * share)
    assert "2 of 5 worlds vote" in whole.remark


def test_brier_by_hand():
    forecast = np.array([[0.5, 0.5, 0.0, 0.0], [0.0, 0.0, 0.0, 1.0]])
    assert brier(forecast, np.array([YES, NO])) == pytest.approx((0.5 + 2.0) / 2)


def test_without_a_vote_in_any_world_there_is_nothing_to_score():
    (check,) = score(record(made_up()), [], worlds=4)
    assert check.passed is None
    assert "in no world of 4" in check.remark
    assert list(vote_checks((), 2)) == []
