"""A user's own figures in a scenario: files, messages, identity, and what they change in a run."""

import pickle

import numpy as np
import pandas as pd
import pytest

import migsim as ms
from migsim.cli import main
from migsim.errors import InputError, ScenarioError
from migsim.facts.own import QUANTITIES, Own
from migsim.scenario.load import load
from tests.lives import SMALL, small

HEADER = "state,quantity,year,value,source\n"
GOOD = HEADER + 'Mexico,unemployment,2005,9.5,"My office, 2024"\nMAR,population,2005,33000000,HCP\n'


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "my-facts.csv"
    path.write_text(GOOD, encoding="utf-8")
    return path


def faults(tmp_path, rows):
    path = tmp_path / "bad.csv"
    path.write_text(HEADER + rows, encoding="utf-8")
    with pytest.raises(ScenarioError) as refused:
        small().with_facts(path)
    return [str(fault).replace(str(path), "bad.csv") for fault in refused.value.faults]


def test_a_scenario_with_own_figures_says_so(file):
    own = small().with_facts(file)
    assert own.own_facts == (
        Own("MAR", "population", 2005, 33_000_000.0),
        Own("MEX", "unemployment", 2005, 9.5),
    )
    assert own.title == "Small forum, own figures"
    assert "own figures: 2, of MAR, MEX" in repr(own)
    told = own.describe("facts.MEX.unemployment.2005")
    assert (told.value, told.unit, told.default) == (9.5, "percent of the labour force", 3.558)
    assert told.source == ("My office, 2024",)
    assert told.set_by == f"{file}:2"
    assert small().own_facts == ()


def test_a_file_names_them_beside_it_and_children_lay_theirs_over(tmp_path, file):
    (tmp_path / "own.yaml").write_text(f"extends: base.yaml\nfacts: {file.name}\n", encoding="utf-8")
    (tmp_path / "base.yaml").write_text(
        "title: Base\nfacts: {MEX: {unemployment: {2005: {value: 1, source: a}}, "
        "income: {2005: {value: 9000, source: b}}}}\n",
        encoding="utf-8",
    )
    own = load(tmp_path / "own.yaml")
    assert own.value("facts.MEX.unemployment.2005.value") == 9.5
    assert own.value("facts.MEX.income.2005.source") == "b"
    again = tmp_path / "again.yaml"
    again.write_text(own.to_yaml(), encoding="utf-8")
    file.unlink()
    assert load(again).hash == own.hash
    assert pickle.loads(pickle.dumps(own)) == own


def test_the_command_line_takes_them_too(file, capsys):
    assert main(["check", str(SMALL), "--set", f"facts={file}"]) == 0
    assert "own figures: 2, of MAR, MEX" in capsys.readouterr().out
    assert load(SMALL, [f"facts={file}"]).own_facts == small().with_facts(file).own_facts


def test_the_hash_covers_what_the_file_holds(file, tmp_path):
    own = small().with_facts(file)
    assert own.hash != small().hash
    assert small().with_facts(file).hash == own.hash
    elsewhere = tmp_path / "other.csv"
    lines = GOOD.splitlines()
    elsewhere.write_text("\n".join([lines[0], lines[2], lines[1], ""]), encoding="utf-8")
    assert small().with_facts(elsewhere).hash == own.hash, "neither name nor order means anything"
    elsewhere.write_text(GOOD.replace("9.5", "9.6"), encoding="utf-8")
    assert small().with_facts(elsewhere).hash != own.hash


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("Mexcio,income,2005,9000,x", "bad.csv:2:1: state: unknown state 'Mexcio'; an ISO 3166 code or the"),
        ("Mexcio,income,2005,9000,x", "did you mean MEX (Mexico)?"),
        ("MEX,incme,2005,9000,x", "bad.csv:2:1: quantity: unknown quantity 'incme'; one of population, "),
        ("MEX,incme,2005,9000,x", "did you mean income?"),
        ("MEX,income,05,9000,x", "bad.csv:2:1: year: year '05'; a year of four figures"),
        ("MEX,income,2006,9000,x", "bad.csv:2:1: facts.MEX.income.2006: income of '2006'; of income, 2005"),
        ('MEX,income,2005,"9,000",x', "bad.csv:2:1: value: value '9,000'; a number; write a point for"),
        ("MEX,income,2005,9,x", "9; 100 to 500,000 international dollars of 2005; check the unit; ours is 1"),
        ("MEX,income,2005,9000,", "facts.MEX.income.2005.source: no source; where the figure is from"),
        ("MEX,immigrants,2005,3,x", "whom our corridors of 2005 hold already"),
        ("ARE,population,2005,2000000,x", "a population of 2,000,000 with 3,281,000 immigrants"),
        ("MEX,income,2005,9000,x\nmexico,income,2005,9001,y", "bad.csv:3:1: income of MEX in 2005 a second"),
        ("GRC,wanting_less,2010,0.5,x\nGRC,wanting_less,2012,0.5,x", "wanting_less of 2 years; one year"),
        ("", "no rows"),
    ],
)
def test_what_is_wrong_is_said_where_it_stands(tmp_path, row, said):
    assert any(said in fault for fault in faults(tmp_path, f"{row}\n" if row else ""))


def test_all_faults_of_a_file_are_said_at_once(tmp_path):
    found = faults(tmp_path, "Mexcio,income,2005,x,a\nMEX,incme,2005,1,a\n")
    assert [fault.split(":")[1] for fault in found] == ["2", "2", "3"]


def test_own_figures_written_into_the_scenario_obey_the_same_rules():
    for facts, said in (
        ({"XXX": {"income": {2005: {"value": 9e3, "source": "x"}}}}, "unknown state 'XXX'"),
        ({"MEX": {"income": {2005: {"value": 9e3}}}}, "no source"),
        ({"MEX": {"income": {2005: {"value": "many", "source": "x"}}}}, "a number"),
        ({"MEX": {"income": {"soon": {"value": 9e3, "source": "x"}}}}, "income of 'soon'"),
        ({"MEX": 3}, "a mapping"),
    ):
        with pytest.raises(ScenarioError, match=said):
            small().vary("x", {"facts": facts})


def test_a_file_outside_the_folder_or_missing_is_refused(tmp_path):
    inside = tmp_path / "in"
    inside.mkdir()
    (tmp_path / "out.csv").write_text(GOOD, encoding="utf-8")
    (inside / "facts.csv").write_text(GOOD, encoding="utf-8")
    (inside / "link.csv").symlink_to(tmp_path / "out.csv")
    for name, said in (
        ("../out.csv", "a path outside the folder"),
        ("link.csv", "leads outside the folder"),
        ("fact.csv", "did you mean facts.csv"),
        ("http://x.org/a.csv", "an address"),
    ):
        scenario = inside / "s.yaml"
        scenario.write_text(f"title: S\nfacts: {name}\n", encoding="utf-8")
        with pytest.raises(ScenarioError, match=said) as refused:
            load(scenario)
        assert refused.value.faults[0].line == 2
    with pytest.raises(InputError, match="the path of a CSV file"):
        small().with_facts(3)


def test_a_difference_tells_our_figure_its_unit_and_the_source(file):
    [first, *_] = ms.diff(small(), small().with_facts(file)).settings
    assert first.row[:4] == (
        "facts.MEX.unemployment.2005",
        "3.558",
        "9.5 (My office, 2024)",
        "percent of the labour force",
    )


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("own")
    (folder / "my-facts.csv").write_text(GOOD, encoding="utf-8")
    own = small().with_facts(folder / "my-facts.csv")
    return [
        ms.run(each, replicates=2, seed=3, parameters="central", workers=1, out=folder / each.name)
        for each in (small(), own)
    ]


def test_the_base_year_changes_where_it_should_and_nowhere_else(runs):
    ours, own = (
        run.table("states").query("replicate == 0 and year == 2005").set_index("state") for run in runs
    )
    figures = ["population", "income", "unemployment", "immigrants", "emigrants", "remittances_received"]
    changed = (ours[figures] != own[figures]).stack()
    assert set(changed[changed].index) == {("MAR", "population"), ("MEX", "unemployment")}
    assert own.loc["MAR", "population"] == 33_000_000
    assert own.loc["MEX", "unemployment"] == 0.095


def test_what_follows_from_it_changes_too(runs):
    ours, own = (run.table("states").set_index(["replicate", "year", "state"]) for run in runs)
    later = (0, 2009, "MEX")
    assert own.loc[later, "unemployment"] > ours.loc[later, "unemployment"]
    assert own.loc[later, "population"] == pytest.approx(ours.loc[later, "population"], rel=0.01)
    assert np.isfinite(own.select_dtypes("number").drop(columns=["wellbeing"])).to_numpy().mean() > 0.99


def test_the_run_folder_holds_them_and_runs_again(runs):
    _, own = runs
    kept = pd.read_csv(own.folder / "facts.csv")
    assert kept["state"].tolist() == ["MAR", "MEX"]
    assert kept["ours"].tolist() == [30_360_000, 3.558]
    assert kept["source"].tolist() == ["HCP", "My office, 2024"]
    assert own.manifest["own_facts"] == {
        "figures": 2,
        "states": ["MAR", "MEX"],
        "quantities": ["population", "unemployment"],
        "sources": ["HCP", "My office, 2024"],
    }
    assert "facts.csv" in own.manifest["outputs"]
    again = ms.rerun(own.folder, workers=1)
    assert again.is_same, again
    assert small().with_facts(own.folder / "facts.csv").own_facts == own.scenario.own_facts
    assert "own_facts" not in runs[0].manifest
    assert not (runs[0].folder / "facts.csv").exists()


@pytest.mark.parametrize("name", QUANTITIES)
def test_every_quantity_moves_the_model(name):
    """A quantity that changed nothing would be no figure of the base year."""
    from migsim.start import begin

    quantity = QUANTITIES[name]
    year = quantity.years[-1] if name != "growth" else 2007
    value = {"population": 1.3e8, "income": 2e4, "immigrants": 9e5, "emigrants": 1.3e7}.get(
        name, 0.5 if quantity.high == 1 else 20.0
    )
    facts = {"MEX": {name: {year: {"value": value, "source": "x"}}}}
    own = small().vary("own", {"facts": facts})
    settings = [begin(each, (0,), 3)[0] for each in (small(), own)]
    bases = [
        [np.asarray(getattr(setting.base, field)) for field in ("growth_path", "income", "natives", "stay")]
        + [setting.base.opinions.anti, setting.base.received, setting.base.unemployment]
        + [setting.states.host, setting.base.unattributed_emigrants]
        for setting in settings
    ]
    assert any(not np.array_equal(a, b) for a, b in zip(*bases, strict=True))
