"""Tables for R and Stata: what is written is what the run holds, under names and labels that both take."""

import csv
import re
from datetime import datetime

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from pandas.io.stata import StataReader

import migsim as ms
from migsim.errors import InputError
from migsim.results import stata
from migsim.results.codebook import Column, codebook, columns_of
from migsim.results.export_tables import export_names
from migsim.results.exports import default_export, export
from migsim.results.stata import write_stata
from migsim.results.tables import StoredTables
from tests.lives import SEED, small

N = 18
WHEN = datetime(2026, 1, 2, 3, 4)
GROUPS = {"Côte, “and” others": ["MEX", "USA"], "South": ["BRA"]}
"""A name with a comma, quotes and letters beyond ASCII."""


@pytest.fixture(scope="module")
def stored(tmp_path_factory):
    folder = tmp_path_factory.mktemp("exports") / "small"
    return ms.run(small(), replicates=N, seed=SEED, workers=1, out=folder)


@pytest.fixture(scope="module", params=["csv", "dta", "parquet"])
def exported(request, stored, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param) / "export"
    files = export(stored, folder, fmt=request.param, groups=GROUPS)
    return folder, request.param, files


def read(folder, name, fmt):
    path = folder / f"{name}.{fmt}"
    match fmt:
        case "csv":
            return pd.read_csv(path, encoding="utf-8")
        case "dta":
            return pd.read_stata(path)
    return pd.read_parquet(path)


def same(found, wanted):
    """Whether two columns say the same, whatever their types."""
    if wanted.dtype.kind in "fib":
        np.testing.assert_allclose(found.astype(float), wanted.astype(float), rtol=1e-15, atol=0)
    else:
        assert found.astype(str).tolist() == wanted.astype(str).tolist()


def test_every_table_comes_back_as_the_run_has_it(exported, stored):
    folder, fmt, _ = exported
    for name in stored.tables:
        whole, found = stored.table(name), read(folder, name, fmt)
        names = export_names(whole.columns)
        assert [name for name in found.columns if name != "is_projection"] == list(names.values())
        assert (found["is_projection"].astype(bool) == (found["year"] > 2013)).all()
        assert len(found) == len(whole), name
        for column, renamed in names.items():
            if len(whole):
                same(found[renamed], whole[column])
    assert len(read(folder, "corridors", fmt)) > 50_000
    assert read(folder, "texts", fmt)["draft"].isna().any()


def test_summaries_groups_and_states_are_there_too(exported, stored):
    folder, fmt, files = exported
    named = {path.name for path in folder.iterdir()}
    assert named == {path.name for path in files}
    tables = {*stored.tables, "triple_win", "gains", "state_list", "groups", "by_group", "summary_by_group"}
    assert named == {"README.txt", "codebook.csv", *(f"{name}.{fmt}" for name in tables)}
    found = read(folder, "by_group", fmt)
    wanted = stored.by_group(GROUPS)
    same(found["group"], wanted["group"])
    same(found["gain_host"], wanted["gain_host"])
    assert "Côte, “and” others" in set(read(folder, "groups", fmt)["group"].astype(str))
    states = read(folder, "state_list", fmt).set_index("state")
    assert states.loc["TUR", "name"] == "Türkiye"
    assert states.loc["MEX", "income_group"] == "upper middle income"
    told = read(folder, "summary_by_group", fmt)
    assert set(told["group"].astype(str)) == {*GROUPS, "in no group"}


def test_the_codebook_has_every_column_of_every_file(exported):
    folder, fmt, files = exported
    with (folder / "codebook.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for path in files[2:]:
        told = [row for row in rows if row["table"] == path.stem]
        assert [row["column"] for row in told] == list(read(folder, path.stem, fmt).columns)
        assert all(row["meaning"] for row in told)
    vote = next(row for row in rows if (row["table"], row["column"]) == ("texts", "theme"))
    first = vote["values"].split(" | ")[0]
    assert first == ("0 border_security" if fmt == "dta" else "border_security")
    policy = next(row for row in rows if row["column"] == "policy_remittances")
    assert (policy["unit"], policy["low"], policy["high"]) == ("share", "0", "1")
    assert policy["source"] == "the model"
    assert policy["of_a_group"] == "mean over the states, all of which count alike"


def test_the_note_says_what_this_is_and_how_to_read_it(exported, stored):
    folder, fmt, _ = exported
    text = (folder / "README.txt").read_text(encoding="utf-8")
    assert f"Small forum (changed): {N} worlds, seed {SEED}" in text.replace("(small-forum)", "(changed)")
    n_rows = len(stored.table("states"))
    assert f"states.{fmt}: {n_rows:,} rows, 59 columns; one row for each replicate, year, state" in text
    assert {"csv": "import delimited", "dta": "haven::read_dta", "parquet": "arrow::"}[fmt] in text
    assert "Conditional on the model's assumptions." in text


def test_nothing_is_read_as_a_whole(stored, tmp_path, monkeypatch):
    monkeypatch.setattr("migsim.results.tables.ROWS_OF_A_PART", 1)
    parts, largest = StoredTables.parts, {}

    def noted(self, name, *arguments, **options):
        for part in parts(self, name, *arguments, **options):
            largest[name] = max(largest.get(name, 0), len(part))
            yield part

    def refused(self, name, columns=None, state=None, reduce=None):
        assert reduce is not None or name == "world", name
        return whole(self, name, columns, state, reduce)

    whole = StoredTables.read
    monkeypatch.setattr(StoredTables, "parts", noted)
    monkeypatch.setattr(StoredTables, "read", refused)
    for fmt in ("csv", "dta", "parquet"):
        export(ms.Run.open(stored.folder), tmp_path / fmt, fmt=fmt, groups="region")
    assert largest["states"] == 16 * 5 * 24
    assert largest["corridors"] * N == len(whole(stored._source, "corridors")) * 16


@pytest.fixture(scope="module")
def of_stata(stored, tmp_path_factory):
    folder = tmp_path_factory.mktemp("stata") / "export"
    export(stored, folder, fmt="dta", groups="region")
    return folder


def test_stata_takes_names_labels_and_values(of_stata):
    reserved = {"class", "byte", "int", "long", "float", "double", "if", "in", "using", "with"}
    for path in of_stata.glob("*.dta"):
        with StataReader(path) as reader:
            names, labels = list(reader.read(convert_categoricals=False).columns), reader.variable_labels()
            values = reader.value_labels()
        assert path.read_bytes().startswith(b"<stata_dta><header><release>118</release>")
        assert all(re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{0,31}", name) for name in names)
        assert len({name.lower() for name in names}) == len(names)
        assert not reserved & set(names)
        assert all(0 < len(label) <= 80 for label in labels.values())
        for known in values.values():
            assert list(known) == list(range(len(known)))
    with StataReader(of_stata / "states.dta") as reader:
        assert reader.variable_labels()["unemployment"] == "Unemployed (share of the labour force)"
        assert "position_integration" in reader.variable_labels()


def test_words_are_numbers_with_labels_and_codes_are_text(of_stata):
    raw = pd.read_stata(of_stata / "corridors.dta", convert_categoricals=False)
    assert raw["migrant_class"].dtype.kind == "i"
    assert sorted(raw["migrant_class"].unique()) == [0, 1, 2, 3]
    assert raw["origin"].str.fullmatch("[A-Z]{3}").all()


def test_a_stata_file_of_parts_is_the_file_of_the_whole(tmp_path):
    """Byte for byte what pandas writes of all rows at once."""
    n = 1000
    rng = np.random.Generator(np.random.PCG64(1))
    frame = pd.DataFrame(
        {
            "replicate": np.arange(n) * 1_000_003 // 10,
            "state": rng.choice(["MEX", "USA", "CIV"], n),
            "vote": rng.choice(["yes", "no", "Über", None], n),
            "attended": rng.random(n) > 0.5,
            "gain": np.where(rng.random(n) > 0.9, np.nan, rng.normal(size=n) * 1e6),
        }
    )
    kinds = {"replicate": "whole", "state": "state", "vote": "word", "attended": "flag", "gain": "number"}
    columns = {
        name: Column("x", name, kind, name.title(), "", None, None, "") for name, kind in kinds.items()
    }
    words = {"vote": ["no", "yes", "Über"]}
    path = tmp_path / "parts.dta"
    parts = [frame[:1], frame[1:1], frame[1:640], frame[640:]]
    assert write_stata(path, parts, columns, words, "Ein Titel", WHEN) == n
    whole = stata._bytes_of(frame, columns, words, "Ein Titel", WHEN)
    assert path.read_bytes() == whole
    found = pd.read_stata(path)
    assert found["vote"].isna().sum() == frame["vote"].isna().sum()
    np.testing.assert_array_equal(found["gain"], frame["gain"])


def test_a_stata_file_without_rows_can_be_read(tmp_path):
    columns = {column.name: column for column in columns_of("votes")}
    path = tmp_path / "none.dta"
    assert write_stata(path, [], columns, {"instrument": [], "vote": []}, "None", WHEN) == 0
    assert list(pd.read_stata(path).columns) == ["replicate", "year", "instrument", "state", "vote"]


def test_labels_of_parquet_are_kept_in_the_file(stored, tmp_path):
    export(stored, tmp_path / "p", fmt="parquet", tables=["states"])
    schema = pq.read_schema(tmp_path / "p" / "states.parquet")
    assert (
        schema.field("income").metadata[b"label"] == b"Income: GDP per head (international dollars of 2005)"
    )


def test_what_is_missing_is_written_as_asked(stored, tmp_path):
    export(stored, tmp_path / "na", tables=["texts"], missing="NA")
    found = pd.read_csv(tmp_path / "na" / "texts.csv", keep_default_na=False)
    assert (found["draft"] == "NA").sum() == stored.table("texts")["draft"].isna().sum() > 0
    assert found["adopted"].isin([0, 1]).all()
    assert 'na.strings = "NA"' in (tmp_path / "na" / "README.txt").read_text(encoding="utf-8")


def test_the_same_run_gives_the_same_bytes(stored, tmp_path):
    for name in ("a", "b"):
        export(stored, tmp_path / name, fmt="dta", tables=["world", "votes", "attendance"])
    for path in (tmp_path / "a").iterdir():
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes(), path.name


def test_an_export_replaces_an_earlier_one_and_nothing_else(stored, tmp_path):
    folder = tmp_path / "out"
    export(stored, folder, tables=["world", "states"])
    (folder / "mine.txt").write_text("mine", encoding="utf-8")
    export(stored, folder, tables=["world"])
    assert {path.name for path in folder.iterdir()} == {"README.txt", "codebook.csv", "world.csv", "mine.txt"}
    strange = tmp_path / "strange"
    strange.mkdir()
    (strange / "world.csv").write_text("theirs", encoding="utf-8")
    with pytest.raises(InputError, match="holds something else"):
        export(stored, strange)
    with pytest.raises(InputError, match="holds something else"):
        export(stored, stored.folder)
    with pytest.raises(InputError, match="is not a folder"):
        export(stored, strange / "world.csv")
    assert (strange / "world.csv").read_text(encoding="utf-8") == "theirs"
    assert default_export(stored) == stored.folder.with_name("small-export")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"fmt": "xlsx"}, "format 'xlsx'; allowed are csv, dta, parquet"),
        ({"tables": ["sates"]}, "no table 'sates'; .* did you mean states?"),
        ({"tables": ["by_group"]}, "say which groups, with --groups FILE"),
        ({"tables": "states"}, "allowed is a list"),
        ({"tables": []}, "none named"),
        ({"groups": "regoin"}, "did you mean region?"),
        ({"missing": ",", "tables": ["world"]}, "a short text without commas"),
        ({"missing": "NA", "fmt": "dta"}, "has a value of its own"),
    ],
)
def test_what_cannot_be_exported_is_refused_before_anything_is_written(stored, tmp_path, options, said):
    with pytest.raises(InputError, match=said):
        export(stored, tmp_path / "out", **options)
    assert not (tmp_path / "out").exists()


def test_a_run_in_memory_needs_a_place(tmp_path):
    held = ms.run(small(), replicates=1, seed=SEED, workers=1)
    with pytest.raises(InputError, match="in memory only"):
        export(held)
    export(held, tmp_path / "out", tables=["world"])
    assert len(pd.read_csv(tmp_path / "out" / "world.csv")) == 5


def test_names_are_made_fit_and_unique():
    long = "x" * 40
    found = export_names([long, f"{long}y", "class", "Class_", "2005", "in", "a b", "a.b", "str12", "_n", ""])
    assert len(set(map(str.lower, found.values()))) == len(found)
    assert all(re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{0,31}", name) for name in found.values())
    assert found[long] == "x" * 32
    assert found[f"{long}y"] == "x" * 30 + "_2"
    assert found["class"] == "migrant_class"
    assert found["in"] == "v_in"
    for table in {table for table, _ in codebook()}:
        names = export_names(column.name for column in columns_of(table))
        assert all(len(name) <= 32 for name in names.values())
        for old, new in names.items():
            assert old == new or len(old) > 32 or old == "class"
            assert old == new or old[:32] != new, f"{old} is cut in the middle of a word"
