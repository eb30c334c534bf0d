"""States by groups: which there are, how they are read, and what is taken together over them."""

import json

import numpy as np
import pandas as pd
import pytest

import migsim as ms
from migsim.ensemble.store import file_sha256
from migsim.errors import InputError, ScenarioError
from migsim.facts import load as load_facts
from migsim.facts.codes import iso3_codes
from migsim.results.group_tables import MAIN, group_table, keep_groups, summed_up, told_groups
from migsim.results.groups import BUILT_IN, NO_GROUP, grouping_of, read_groups
from migsim.results.projections import with_projection
from migsim.results.run import Run
from migsim.results.tables import StoredTables
from tests.lives import SEED, small

FILE = "state,group,weight\nMexico,North,1\nUSA,North,\nBrazil,South,0.5\nMEX,OECD,\nViet Nam,ASEAN,\n"


@pytest.fixture(scope="module")
def stored(tmp_path_factory):
    folder = tmp_path_factory.mktemp("groups") / "small"
    return ms.run(small(), replicates=18, seed=SEED, workers=1, out=folder)


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text(FILE, encoding="utf-8")
    return path


@pytest.mark.parametrize("by", [name for name in BUILT_IN if name != "role"])
def test_built_in_groups_divide_all_states(by):
    grouping = grouping_of(by, ms.load("gfmd-2007-2015"))
    members = [state for held in grouping.members.values() for state in held]
    assert sorted(members) == list(iso3_codes())
    assert grouping.in_no_group(iso3_codes()) == ()


def test_built_in_groups_are_those_of_the_figures():
    facts, gfmd = load_facts(), ms.load("gfmd-2007-2015")
    regions = grouping_of(None, gfmd).members
    assert {state: region for region, held in regions.items() for state in held} == dict(
        zip(facts.iso3, facts.region, strict=True)
    )
    incomes = grouping_of("income_group", gfmd).members
    assert list(incomes) == ["low income", "lower middle income", "upper middle income", "high income"]
    assert set(incomes["high income"]) == {
        code for code, group in zip(facts.iso3, facts.income_group, strict=True) if group == "H"
    }
    least = grouping_of("development", gfmd).members["least developed"]
    assert len(least) == facts.is_least_developed.sum()


def test_roles_are_found_from_the_tables(stored):
    roles = stored.groups("role").members
    rows = stored.table("states").drop_duplicates("state").set_index("state")
    hosts = rows.index[rows["role_host"] >= rows["role_departure"]]
    assert set(roles["host states"]) == set(hosts)
    assert len(roles["host states"]) + len(roles["departure states"]) == len(rows)
    with pytest.raises(InputError, match="role is found from a run's table"):
        grouping_of("role", small())


def test_a_file_is_read_with_overlaps_weights_and_whom_it_leaves_out(stored, file):
    grouping = stored.groups(file)
    assert {group: len(held) for group, held in grouping.members.items()} == {
        "North": 2, "South": 1, "OECD": 1, "ASEAN": 0, NO_GROUP: 21,
    }  # fmt: skip
    assert grouping.members["South"] == {"BRA": 0.5}
    assert grouping.sha256 == file_sha256(file)
    said = told_groups(grouping)
    assert "without a state in this run: ASEAN" in said
    assert "21 states are in no group, and told as 'in no group': ARG, AUS, " in said
    file.write_text(read_groups(file).to_csv(), encoding="utf-8")
    assert stored.groups(file).members == grouping.members
    assert read_groups(file).members["ASEAN"] == {"VNM": 1.0}


def test_mappings_say_the_same_as_files(stored, file):
    by_group = {"North": ["Mexico", "USA"], "South": {"BRA": 0.5}, "OECD": ["MEX"], "ASEAN": ["VNM"]}
    assert stored.groups(by_group).members == stored.groups(file).members
    by_state = {"MEX": "North", "USA": "North"}
    assert list(stored.groups(by_state).members) == ["North", NO_GROUP]
    assert stored.groups(stored.groups(by_group)).members == stored.groups(file).members


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("Mexcio,A,1\n", "mine.csv:2:1: state: unknown state 'Mexcio'; an ISO 3166 code or the name of a UN"),
        ("Mexcio,A,1\n", "did you mean MEX (Mexico)?"),
        ("MEX,A,2\n", "mine.csv:2:1: weight: weight '2'; the share of the state that counts"),
        ("MEX,A,0\n", "weight '0'"),
        ("MEX,A,half\n", "write a number in place of 'half'"),
        ("MEX,,1\n", "mine.csv:2:1: group: group ''"),
        ("MEX,in no group,1\n", "group 'in no group'"),
        (
            "MEX,A,1\nUSA,a,1\n",
            "mine.csv:3:1: group: group 'a'; groups differ in more than capitals; line 2 has",
        ),
        ("MEX,A,1\nMexico,A,1\n", "mine.csv:3:1: MEX in 'A' a second time; once; line 2 has it"),
        ("", "no rows"),
    ],
)
def test_what_is_wrong_with_a_file_is_said_where_it_stands(tmp_path, rows, said):
    path = tmp_path / "mine.csv"
    path.write_text(f"state,group,weight\n{rows}", encoding="utf-8")
    with pytest.raises(ScenarioError) as refused:
        read_groups(path)
    assert said in str(refused.value).replace(f"{tmp_path}/", "")


@pytest.mark.parametrize(
    ("by", "said"),
    [
        ("regoin", "no file 'regoin', .* did you mean region?"),
        ({"A": ["Mexcio"]}, r"A: unknown state 'Mexcio'"),
        ({"A": {"MEX": 3}}, "weight 3 of MEX"),
        ({}, "an empty mapping"),
        (3, "found 3"),
    ],
)
def test_what_is_no_grouping_is_refused(stored, by, said):
    with pytest.raises(InputError, match=said):
        stored.groups(by)


def test_all_states_together_are_the_world(stored):
    """What table world says of all states must come out of the states again."""
    table = stored.by_group({"all": list(stored.scenario.spec.states)})
    assert (table["n_states"] == 24).all()
    both = table.merge(stored.world, on=["replicate", "year"], suffixes=("", "_of_world"))
    same = {
        "population": "population_of_world",
        "remittances_received": "remittances",
        "gain_host": "gain_hosts",
        "gain_departure": "gain_departures",
        "practice": "practice_of_world",
        "trust": "trust_of_world",
        **{f"opinion_{side}": f"opinion_{side}_of_world" for side in ("pro", "anti", "ambivalent")},
        **{f"gain_{name}": f"gain_{name}_of_world" for name in ("output", "fiscal", "money", "skills")},
    }
    for ours, of_world in same.items():
        np.testing.assert_allclose(both[ours], both[of_world], rtol=1e-12, atol=1e-15, err_msg=ours)


def test_sums_and_means_by_hand(stored, file):
    rows = stored.table("states").query("replicate == 3 and year == 2008").set_index("state")
    table = stored.by_group(file).query("replicate == 3 and year == 2008").set_index("group")
    north = rows.loc[["MEX", "USA"]]
    assert table.loc["North", "population"] == pytest.approx(north["population"].sum())
    assert table.loc["South", "immigrants"] == pytest.approx(0.5 * rows.loc["BRA", "immigrants"])
    income = np.average(north["income"], weights=north["population"])
    assert table.loc["North", "income"] == pytest.approx(income)
    assert table.loc["North", "opinion_pro"] == pytest.approx(north["opinion_pro"].mean())
    wellbeing = np.average(north["wellbeing"], weights=north["immigrants"])
    assert table.loc["North", "wellbeing"] == pytest.approx(wellbeing)
    gain = np.average(north["gain_host"], weights=north["role_host"])
    assert table.loc["North", "gain_host"] == pytest.approx(gain)
    assert table.loc["ASEAN", "population"] == 0.0
    assert np.isnan(table.loc["ASEAN", "income"])
    by_people = stored.by_group(file, ["gain_host", "trust"], by_population=True)
    found = by_people.query("replicate == 3 and year == 2008").set_index("group").loc["North"]
    weights = north["role_host"] * north["population"]
    assert found["gain_host"] == pytest.approx(np.average(north["gain_host"], weights=weights))
    assert found["trust"] == pytest.approx(np.average(north["trust"], weights=north["population"]))


def test_a_group_with_those_left_out_sums_to_all(stored, file):
    rows = stored.table("states", ["replicate", "year", "inflow"]).groupby(["replicate", "year"]).sum()
    whole = stored.by_group(file, ["inflow"])
    whole = whole[whole["group"] != "OECD"]  # Mexico is in two groups
    table = stored.by_group(file, ["inflow"]).merge(rows, on=["replicate", "year"])
    assert len(table) == 18 * 5 * 5
    half = stored.table("states").query("state == 'BRA'").set_index(["replicate", "year"])["inflow"] / 2
    summed = whole.groupby(["replicate", "year"])["inflow"].sum()
    np.testing.assert_allclose(summed + half, rows["inflow"], rtol=1e-12)


def test_the_table_is_read_some_worlds_at_a_time_with_the_same_result(stored, monkeypatch):
    monkeypatch.setattr("migsim.results.tables.ROWS_OF_A_PART", 1)
    seen = []
    parts = StoredTables.parts

    def noted(self, name, *arguments, **options):
        for part in parts(self, name, *arguments, **options):
            seen.append((len(part), tuple(part.columns)))
            yield part

    monkeypatch.setattr(StoredTables, "parts", noted)
    found = stored.by_group("region", ["gain", "population"])
    assert [rows for rows, _ in seen] == [16 * 5 * 24, 2 * 5 * 24]
    assert set(seen[0][1]) == {"replicate", "year", "state", "gain", "population"}
    held = ms.run(small(), replicates=18, seed=SEED, workers=1)
    pd.testing.assert_frame_equal(held.by_group("region", ["gain", "population"]), found)
    assert found.columns.tolist() == ["replicate", "year", "group", "n_states", "gain", "population"]
    assert found["group"].tolist()[:5] == ["Africa", "America", "Asia", "Europe", "Oceania"]


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        (["gian"], "no column 'gian' .* did you mean gain"),
        (["state"], "'state' cannot be taken together"),
        ("gain", "allowed is a list"),
    ],
)
def test_columns_that_cannot_be_taken_together_are_refused(stored, columns, said):
    with pytest.raises(InputError, match=said):
        stored.by_group("region", columns)


def test_intervals_are_over_worlds_and_count_what_is_there(stored, file):
    table = stored.by_group(file, ["gain", "income"])
    told = stored.summary_by_group(file, ["gain", "income"])
    assert told.columns.tolist() == ["year", "group", "quantity", "unit", "median", "low", "high", "n"]
    row = told.query("year == 2009 and group == 'North' and quantity == 'gain'").iloc[0]
    values = table.query("year == 2009 and group == 'North'")["gain"]
    assert (row["low"], row["median"], row["high"]) == pytest.approx(
        tuple(np.quantile(values, [0.05, 0.5, 0.95]))
    )
    assert (row["n"], row["unit"]) == (18, "percent of income")
    nobody = told.query("group == 'ASEAN' and quantity == 'income'")
    assert (nobody["n"] == 0).all()
    assert nobody["median"].isna().all()
    assert told["group"].drop_duplicates().tolist() == ["North", "South", "OECD", "ASEAN", NO_GROUP]


def test_lucks_of_a_draw_are_one_world():
    table = pd.DataFrame(
        {
            "replicate": [0, 1, 0, 1],
            "year": 2009,
            "group": "A",
            "n_states": 1,
            "gain": [1.0, 5.0, 3.0, 7.0],
        }
    )
    row = summed_up(table).iloc[0]
    assert (row["median"], row["n"]) == (4.0, 2)


def test_a_run_without_finished_worlds_has_an_empty_table(stored):
    class Nothing:
        names = ()

    table = group_table(Nothing(), stored.groups("region"), ["gain"])
    assert table.empty
    assert summed_up(table).empty


def test_the_run_folder_tells_the_main_columns_by_region(stored):
    kept = pd.read_csv(stored.folder / "by_region.csv")
    wanted = with_projection(stored.summary_by_group("region", MAIN))
    pd.testing.assert_frame_equal(kept, wanted, check_dtype=False, rtol=1e-12)
    assert (stored.folder / "by_region.csv").stat().st_size < 100_000


def test_groups_are_kept_with_the_run(stored, file):
    whole = read_groups(file)
    summary = stored.summary_by_group(whole)
    keep_groups(stored.folder, whole, stored.scenario.spec.states, summary, stored.manifest)
    run = Run.open(stored.folder)
    assert run.groups().members == stored.groups(file).members
    assert run.groups().name == "mine"
    manifest = json.loads((stored.folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["groups"]["groups"] == {"North": 2, "South": 1, "OECD": 1, "ASEAN": 0}
    assert len(manifest["groups"]["in_no_group"]) == 21
    assert manifest["outputs"]["groups.csv"] == file_sha256(stored.folder / "groups.csv")
    again = ms.rerun(stored.folder, workers=1)
    assert again.is_same, again
    assert "by_group.csv" in {each.name for each in again.files}


def test_a_study_tells_every_run_by_groups(stored):
    study = ms.compare([stored, stored])
    table = study.summary_by_group("region", ["gain"])
    assert table.columns[0] == "scenario"
    assert table["scenario"].nunique() == 2
    assert len(study.by_group("region", ["gain"])) == 2 * 18 * 5 * 5
