"""The codebook says of every column what it is, and of no other."""

import numpy as np
import pytest

import migsim as ms
from migsim.ensemble.batch import KEYS
from migsim.errors import InputError
from migsim.results.codebook import AVERAGES, codebook, columns_of
from migsim.results.summary import DIFFERENCE_UNITS, GAIN_COLUMNS, GAIN_UNITS, TRIPLE_WIN_COLUMNS
from tests.lives import SEED, small


@pytest.fixture(scope="module")
def run():
    changes = {
        "processes.gfmd.vote.is_taken": True,
        "processes.treaty": {"extends": "migrant-workers-convention"},
    }
    return ms.run(small().vary("With a treaty", changes), replicates=2, seed=SEED, workers=1)


def test_the_columns_are_those_that_are_written(run):
    for table in run.tables:
        assert {column.name for column in columns_of(table)} == set(run.columns(table)), table
    assert set(run.tables) == set(KEYS)
    assert [column.name for column in columns_of("triple_win")] == list(TRIPLE_WIN_COLUMNS)
    assert [column.name for column in columns_of("gains")] == list(GAIN_COLUMNS)


def test_values_are_of_the_kind_and_in_the_range(run):
    assert all(len(run.table(name)) for name in ("states", "texts", "votes", "ratifications", "corridors"))
    for table in run.tables:
        frame = run.table(table)
        for column in columns_of(table):
            values = frame[column.name]
            match column.kind:
                case "number":
                    assert values.dtype.kind == "f", (table, column.name)
                case "whole":
                    assert values.dtype.kind == "i", (table, column.name)
                case "flag":
                    assert values.dtype.kind == "b", (table, column.name)
                case "state":
                    assert values.astype(str).str.fullmatch("[A-Z]{3}").all()
                case "word":
                    assert values.nunique() < 200
            if column.kind in ("number", "whole"):
                known = values.dropna()
                slack = 1e-9 * max(1.0, float(np.abs(known).max()))
                assert column.low is None or known.min() >= column.low - slack, (table, column.name)
                assert column.high is None or known.max() <= column.high + slack, (table, column.name)


def test_units_agree_with_those_of_the_summaries():
    for name, unit in {**GAIN_UNITS, **DIFFERENCE_UNITS}.items():
        told = codebook()["world", name].unit
        assert told.replace(" of 2005 a year", " a year") == unit.replace("of well-being ", ""), name


def test_everything_is_told_and_fits_a_label_of_stata():
    for column in codebook().values():
        assert column.label, column
        assert "<" not in f"{column.name}{column.label}{column.unit}"
        assert len(column.title) <= 80, column
        assert column.unit or column.kind != "number", column
    keys = {"replicate", "year", "state"}
    for column in columns_of("states"):
        assert (column.over_states in AVERAGES) == (column.name not in keys), column
    assert {column.over_states for column in codebook().values()} - {""} == set(AVERAGES)


def test_components_are_weighted_by_the_role_in_which_they_arise():
    for name, role in (("output", "host"), ("integration", "host"), ("money", "departure")):
        assert codebook()["states", f"gain_{name}"].over_states == f"by role_{role}"


def test_a_run_describes_its_columns(run):
    assert repr(run.describe("gain_hosts")) == (
        "gain_hosts (table world): Gain of hosts over the paired world\n  unit: percent of income"
    )
    assert run.describe("wellbeing").range_text == "0 to 100"
    assert run.describe("texts.objections").label == "Delegations that object"
    assert run.describe("objections").table == "texts"
    with pytest.raises(InputError, match=r"no column 'gain_hots' .* mean gain_hosts or gain_host"):
        run.describe("gain_hots")
    with pytest.raises(InputError, match="in the tables text;"):
        run.describe("text.objections")
