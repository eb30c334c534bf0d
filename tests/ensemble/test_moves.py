"""The small tables of the world: moves, main corridors, what is done of texts, and lives by class."""

import numpy as np
import pandas as pd
import pytest

from migsim.ensemble.batch import run_batch
from migsim.ensemble.moves import corridors_followed
from migsim.facts import load as load_facts
from migsim.facts.world_groups import PART_OF_SUBREGION, WORLD_PARTS
from migsim.themes import MIGRANT_CLASSES, THEMES
from tests.lives import SEED, lived, small, varied

WORLDS = (0, 1)
ENDS = ["replicate", "year", "origin", "destination"]


@pytest.fixture(scope="module")
def tables():
    found = run_batch(small(), WORLDS, SEED, "ranged")
    return {name: pd.DataFrame(columns) for name, columns in found.items()}


def test_every_sub_region_is_in_one_part():
    assert set(PART_OF_SUBREGION) == set(load_facts().subregion)
    assert set(PART_OF_SUBREGION.values()) == set(WORLD_PARTS)


def test_everybody_is_in_some_pair_of_parts(tables):
    moves, world = tables["migrations"], tables["world"].set_index(["replicate", "year"])
    assert set(moves["year"]) == {2005, 2009}
    sums = moves.groupby(["replicate", "year"])[["stock", "baseline_stock"]].sum()
    here = world.loc[sums.index]
    np.testing.assert_allclose(sums["stock"], here["migrants"])
    np.testing.assert_allclose(sums["baseline_stock"], here["baseline_migrants"])


def test_pairs_of_parts_and_main_corridors_are_those_of_the_record(tables):
    record = tables["corridors"].groupby(ENDS)[["stock", "flow"]].sum()
    main = tables["main_corridors"]
    main = main[main["year"] >= 2006].set_index(ENDS)
    np.testing.assert_allclose(main[["stock", "flow"]], record.loc[main.index])
    facts = load_facts()
    part = {code: PART_OF_SUBREGION[sub] for code, sub in zip(facts.iso3, facts.subregion, strict=True)}
    rows = record.reset_index()
    rows = rows[rows["year"] == 2009].assign(
        origin=rows["origin"].map(part), destination=rows["destination"].map(part)
    )
    summed = rows.groupby(ENDS)[["stock", "flow"]].sum()
    np.testing.assert_allclose(
        tables["migrations"].set_index(ENDS).loc[summed.index, ["stock", "flow"]], summed
    )


def test_followed_are_the_largest_and_the_ways_out_of_declared_war():
    setting = lived(small(), (0,), "central", 2005).setting
    codes, corridors = setting.states.iso3, setting.corridors
    followed = corridors_followed(setting)
    names = {(codes[corridors.origin[n]], codes[corridors.destination[n]]) for n in followed}
    assert {("MEX", "USA"), ("SYR", "TUR"), ("SYR", "JOR"), ("SYR", "LBN")} <= names
    calm = lived(varied({"shocks.flight": None}), (0,), "central", 2005).setting
    assert len(corridors_followed(calm)) < len(followed)


def test_texts_ask_for_less_where_more_is_done(tables):
    rows = tables["implementation"]
    assert list(rows["theme"][: len(THEMES)]) == sorted(THEMES)
    assert not rows.loc[rows["year"] < 2007, ["pledges", "asked", "missing"]].any(axis=None)
    last = rows[rows["year"] == 2009]
    treated = {"remittances", "equal_treatment", "decent_work", "legal_mobility"}
    assert set(last.loc[last["asked"] > 0.0, "theme"]) <= treated | {"dev_coherence", "border_security"}
    assert last["pledges"].sum() > 0.0
    assert last["missing"].sum() < last["asked"].sum()
    alone = pd.DataFrame(run_batch(varied({"processes": {}}), (0,), SEED, "ranged")["implementation"])
    assert not alone[["pledges", "asked", "missing"]].any(axis=None)


def test_lives_by_class_are_means_over_migrants():
    life = lived(small(), WORLDS, "ranged")
    world = life.last
    row = pd.DataFrame(run_batch(small(), WORLDS, SEED, "ranged")["world"])
    row = row[row["year"] == 2009]
    for k, name in enumerate(MIGRANT_CLASSES):
        people = world.people.hosted[:, k]
        mean = (people * world.wellbeing.index[:, k]).sum(axis=-1) / people.sum(axis=-1)
        np.testing.assert_allclose(row[f"wellbeing_{name}"], mean)
        work = (people * world.wellbeing.aspects[:, k, 0]).sum(axis=-1) / people.sum(axis=-1)
        np.testing.assert_allclose(row[f"wellbeing_{name}_work"], 100.0 * work)
    start = (
        pd.DataFrame(run_batch(small(), WORLDS, SEED, "ranged")["world"]).groupby("year").first().loc[2005]
    )
    assert start["wellbeing_regular"] == start["baseline_wellbeing_regular"]
