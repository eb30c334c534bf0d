"""Figures of states by regions and by a reader's own groups, and tables counted by them."""

import matplotlib.pyplot as plt
import pytest

import migsim as ms
from migsim import plots
from migsim.errors import InputError
from migsim.results.group_counts import COUNTED
from migsim.results.study import Study

OWN = {"North": ["USA", "CAN", "DEU"], "South": {"MEX": 1.0, "BRA": 0.5}, "Both": ["MEX", "USA"]}


@pytest.fixture(scope="module")
def run():
    return ms.run("tests/small-forum.yaml", replicates=4, seed=7)


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def labels(panel):
    return [tick.get_text().replace("\n", " ") for tick in panel.get_yticklabels()]


def test_attendance_is_counted_by_groups_each_state_by_its_share(run):
    found = run.by_group(OWN, table="attendance")
    came = run.table("attendance")
    by_hand = came[came["state"].isin(OWN["North"])].groupby(["replicate", "year"])["attended"].sum()
    north = found[found["group"] == "North"]
    assert north["attended"].tolist() == by_hand.tolist()
    assert set(found.loc[found["group"] == "South", "n_states"]) == {1.5}
    alone = run.by_group({"All": list(dict.fromkeys(came["state"]))}, table="attendance")
    assert alone["objections"].sum() == came["objections"].sum()


def test_every_table_with_states_is_counted_and_others_say_why_not(run):
    for table in COUNTED:
        assert "group" in run.by_group(table=table).columns
    for table in set(run.tables) - {*COUNTED, "states"}:
        with pytest.raises(InputError, match="cannot be told by groups"):
            run.by_group(table=table)


@pytest.mark.parametrize("by", ["region", "role", OWN], ids=["region", "role", "own"])
def test_every_figure_of_states_takes_groups(run, by):
    names = [*run.groups(by).members]
    for figure in (run.plot.opinion, run.plot.remittances, run.plot.attendance):
        drawn = figure(by=by)
        assert " under " not in plots.caption_of(drawn)
    assert plots.caption_of(run.plot.positions("remittances", by=by))
    told = " ".join(labels(run.plot.winners(by=by)[2])).lower()
    rows = labels(run.plot.by_group(by=by)[0])
    assert all(name.lower() in told for name in names)
    assert [row.rpartition(" (")[0] for row in rows] == names


def test_groups_are_compared_with_an_earlier_year_and_with_another_run(run):
    other = ms.run(run.scenario.vary("No forum", {"processes": {}}), replicates=4, seed=7)
    study = Study([run, other])
    drawn = study.plot.by_group("opinion_anti", by=OWN, against=other.name)
    assert "difference to No forum" in drawn[0].get_figure().texts[0].get_text()
    assert "change since 2005" in run.plot.by_group("trust", since=2005)[0].get_figure().texts[0].get_text()
    with pytest.raises(InputError, match="no year 1990"):
        run.plot.by_group(year=1990)
    with pytest.raises(InputError, match="a list of one to 4"):
        run.plot.by_group([])
    with pytest.raises(InputError, match="did you mean"):
        run.plot.by_group("gian")


def test_a_state_is_drawn_beside_its_own_groups(run):
    assert "other states of North and Both" in plots.caption_of(run.plot.state_story("USA", by=OWN))
    with pytest.raises(InputError, match="is in none of the groups North, South, Both"):
        run.plot.state_story("ARG", by=OWN)


def test_a_year_past_the_data_is_said_to_be_one(run):
    assert "projection" not in plots.caption_of(run.plot.winners())
    later = ms.run(run.scenario.vary("Later", {"years.last": 2014}), replicates=2, seed=7)
    for name in ("weakest", "plane", "winners", "by_group", "breadth_depth", "texts", "regimes"):
        caption = plots.caption_of(getattr(later.plot, name)())
        assert "2014 is a projection: figures on growth end in 2013." in caption
