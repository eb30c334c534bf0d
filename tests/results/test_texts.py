"""The texts of several runs side by side."""

import numpy as np
import pandas as pd
import pytest

import migsim as ms
from migsim.errors import InputError
from migsim.negotiation import protocol_names
from migsim.plots import caption_of
from migsim.results.texts import (
    by_world,
    most_against,
    objector_table,
    text_table,
    under_each_protocol,
    written,
)
from migsim.results.wording import text_words
from tests.lives import small, varied

NAMES = ("no_objection", "compromise", "challenge")


@pytest.fixture(scope="module")
def study():
    return ms.compare(under_each_protocol(small(), NAMES), replicates=3, seed=4, workers=1)


def test_the_same_scenario_under_every_protocol():
    ways = under_each_protocol(small())
    assert [way.value("processes.gfmd.protocol.name") for way in ways] == list(protocol_names())
    assert [way.name for way in ways][:2] == ["small-forum-no-objection", "small-forum-compromise"]
    assert len({way.title for way in ways}) == len(protocol_names())


def test_options_stay_with_the_protocol_they_belong_to():
    given = varied(
        {"processes.gfmd.protocol.name": "smp", "processes.gfmd.protocol.options": {"max_turns": 4}}
    )
    kept, dropped = under_each_protocol(given, ["smp", "exchange"])
    assert kept.spec.processes["gfmd"].protocol.options == {"max_turns": 4}
    assert dropped.spec.processes["gfmd"].protocol.options == {}


def test_unknown_protocols_and_worlds_without_a_process_are_refused():
    with pytest.raises(InputError, match=r"protocol 'majorty' does not exist.*did you mean majority"):
        under_each_protocol(small(), ["majorty"])
    with pytest.raises(InputError, match="reading is chair_summary, under which no protocol is used"):
        under_each_protocol(varied({"processes.gfmd.reading": "chair_summary"}))
    with pytest.raises(InputError, match="has no process"):
        under_each_protocol(varied({"processes": {}}))


def test_the_table_of_texts_is_that_of_the_worlds(study):
    run = study["small-forum-no-objection"]
    table, raw = text_table(run), run.table("texts")
    seen = raw[raw["on_agenda"]]
    assert set(table["paragraph"]) == set(seen["paragraph"])
    row = table.iloc[0]
    same = seen[(seen["year"] == row["year"]) & (seen["paragraph"] == row["paragraph"])]
    assert row["position"] == np.median(same["position"])
    assert row["adopted"] == same["adopted"].mean()
    assert row["on_agenda"] == len(same) / 3
    assert row["from_compromise"] == np.median((same["position"] - same["compromise"]).abs())


def test_who_objects_is_counted_from_those_who_came(study):
    run = study["small-forum-challenge"]
    table = objector_table(run)
    came, texts = run.table("attendance"), run.table("texts")
    row = table.iloc[0]
    own = came[(came["state"] == row["state"]) & came["attended"]]
    assert row["sessions"] == len(own) / 3
    assert row["objections"] == own["objections"].sum() / 3
    assert row["share_against"] == row["objections"] / row["paragraphs"]
    assert table["objections"].is_monotonic_decreasing
    assert most_against(run, 2) == [
        (each["state"], each["share_against"]) for each in table.head(2).to_dict("records")
    ]
    assert came["objections"].sum() == texts["objections"].sum() > 0
    assert not came.loc[~came["attended"], "objections"].any()


def test_the_worlds_texts_are_held_against_the_compromise(study):
    under_compromise = by_world(study["small-forum-compromise"])
    assert under_compromise["from_compromise"].max() < 1e-12
    assert (by_world(study["small-forum-challenge"])["from_compromise"] > 0).all()
    assert (under_compromise["adopted"] == 1.0).all()


def test_a_study_tells_its_texts(study):
    assert list(study.texts["scenario"].unique()) == list(study.runs)
    assert list(study.objectors["scenario"].unique()) == list(study.runs)
    words = text_words(study)
    for label in study.runs:
        assert label in words
    assert "most often against" in words
    assert "Opposition is widest under" in caption_of(study.plot.texts())


def test_without_texts_there_is_nothing_to_tell():
    study = ms.compare([varied({"processes": {}})], replicates=1, workers=1)
    assert text_words(study) == ""
    assert study.texts.empty
    assert study.objectors.empty


def test_processes_that_write_no_text_say_nothing_of_texts():
    rows = pd.DataFrame(
        {"process": ["forum", "forum", "talk"], "adopted": [True, False, False], "strength": [0.8, 0.0, 0.0]}
    )
    assert written(rows)["process"].tolist() == ["forum", "forum"]
    talk = rows[rows["process"] == "talk"]
    assert written(talk).equals(talk)
