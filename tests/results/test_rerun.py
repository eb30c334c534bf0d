"""A run made again from its own folder, and held against what was recorded."""

import json
import shutil
import tempfile
from hashlib import sha256
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import migsim as ms
from migsim.actors.behaviour import Behaviour
from migsim.cli import main
from migsim.errors import InputError
from migsim.results.rerun import rerun, runs_of
from migsim.results.sweep import sweep
from tests.lives import SEED, SMALL, small

PART = "states/part-00000.parquet"


class Tough(Behaviour):
    def attends(self, delegation):
        return True


@pytest.fixture(scope="module")
def original(tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs") / "small"
    ms.run(small(), replicates=2, seed=SEED, workers=1, out=folder)
    (folder / "note.png").write_bytes(b"not of the run's making")
    return folder


@pytest.fixture
def folder(original, tmp_path):
    return Path(shutil.copytree(original, tmp_path / "small"))


@pytest.fixture(autouse=True)
def scratch(tmp_path, monkeypatch):
    place = tmp_path / "scratch"
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    return place


def test_a_run_stands_for_its_folder(folder):
    assert rerun(ms.Run.open(folder), workers=1).is_same
    with pytest.raises(InputError, match="small-forum: is in memory only; make the run with out="):
        rerun(ms.run(small(), replicates=1, workers=1))


def manifest_of(folder):
    return json.loads((folder / "manifest.json").read_text("utf-8"))


def edited(folder, **changes):
    (folder / "manifest.json").write_text(json.dumps(manifest_of(folder) | changes), "utf-8")


def scaled(folder, factor, *, is_entered):
    """Change one value of a stored table, with or without its hash in the manifest."""
    frame = pq.read_table(folder / PART).to_pandas()
    frame.loc[7, "income"] *= factor
    pq.write_table(pa.Table.from_pandas(frame, preserve_index=False), folder / PART)
    if is_entered:
        outputs = manifest_of(folder)["outputs"]
        marks = manifest_of(folder)["tables_sha256"]
        edited(
            folder,
            outputs={**outputs, PART: sha256((folder / PART).read_bytes()).hexdigest()},
            tables_sha256={**marks, "states": "0" * 64},
        )


def test_the_same_program_gives_the_same_bytes_and_leaves_nothing_behind(folder, scratch):
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    found = rerun(folder, workers=1)
    assert found.is_same
    assert {each.name for each in found.tables} == set(ms.Run.open(folder).tables)
    assert {each.verdict for each in (*found.tables, *found.files)} == {"same"}
    names = {each.name for each in found.files}
    assert {"scenario.yaml", "triple_win.csv", "gains.csv", PART} <= names
    assert not names & {"manifest.json", "ledger.jsonl"}
    assert repr(found).splitlines()[-1] == f"{small().name} comes out as recorded."
    assert not list(scratch.iterdir())
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_a_changed_table_is_found_both_in_the_folder_and_in_the_run(folder):
    scaled(folder, 1.5, is_entered=False)
    found = rerun(folder, workers=1)
    assert not found.is_same
    assert dict(found.changed) == {PART: "changed"}
    assert {each.verdict for each in found.tables} == {"same"}
    assert f"{PART}: changed in the folder since the run" in repr(found)
    assert "does not come out as it stands in its folder" in repr(found)


def test_a_forged_table_differs_and_is_located(folder):
    scaled(folder, 1.5, is_entered=True)
    found = rerun(folder, workers=1)
    assert not found.is_same
    assert not found.changed
    assert {each.name for each in found.tables if not each.is_fine} == {"states"}
    [detail] = found.details
    assert detail.startswith("states: 1 rows differ; income of replicate 0, year 2005, state")
    assert [each.name for each in found.files if not each.is_fine] == [PART]


def test_a_wrong_fingerprint_alone_is_told(folder):
    marks = manifest_of(folder)["tables_sha256"]
    edited(folder, tables_sha256={**marks, "world": "1" * 64})
    found = rerun(folder, workers=1)
    assert not found.is_same
    assert "world: 0 rows differ; the stored rows agree, so the manifest's fingerprint is not theirs" in repr(
        found
    )


@pytest.mark.parametrize("name", ["gains.csv", PART, "scenario.yaml"])
def test_a_lost_file_is_told(folder, name):
    (folder / name).unlink()
    if name == "scenario.yaml":
        with pytest.raises(InputError, match=r"scenario.yaml: no such file"):
            rerun(folder, workers=1)
        return
    found = rerun(folder, workers=1)
    assert not found.is_same
    assert dict(found.changed) == {name: "missing"}


def test_other_versions_are_told_and_may_differ_by_rounding(folder):
    versions = {**manifest_of(folder)["versions"], "numpy": "1.99", "migsim": "0.0.9"}
    scaled(folder, 1.0 + 1e-13, is_entered=True)
    edited(folder, versions=versions)
    found = rerun(folder, workers=1)
    assert found.is_same
    assert {each.name: each.verdict for each in found.tables}["states"] == "within 1e-9"
    assert f"migsim: 0.0.9 then, {ms.__version__} now" in repr(found)
    scaled(folder, 1.0 + 1e-6, is_entered=True)
    found = rerun(folder, workers=1)
    assert not found.is_same
    assert {each.name: each.verdict for each in found.tables}["states"] == "differs"


def test_the_same_program_may_not_differ_by_rounding(folder):
    scaled(folder, 1.0 + 1e-13, is_entered=True)
    found = rerun(folder, workers=1)
    assert not found.is_same
    assert {each.name: each.verdict for each in found.tables}["states"] == "differs"


def test_figures_are_drawn_again(folder):
    run = ms.Run.open(folder)
    run.plot.save_all(folder / "figures")
    outputs = {
        path.relative_to(folder).as_posix(): sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*.png")
    }
    edited(folder, outputs={**manifest_of(folder)["outputs"], **outputs})
    found = rerun(folder, workers=1)
    drawn = [each for each in found.files if each.name.startswith("figures/")]
    assert len(drawn) > 3
    assert {each.verdict for each in drawn} == {"same"}


def test_the_second_run_can_be_kept(folder, tmp_path):
    assert rerun(folder, workers=1, out=tmp_path / "second").is_same
    assert ms.Run.open(tmp_path / "second").n_replicates == 2
    for taken in (tmp_path / "second", folder):
        with pytest.raises(InputError, match="is there already; name a new folder"):
            rerun(folder, workers=1, out=taken)


def test_behaviours_are_asked_for(tmp_path):
    tough = small().with_behaviour("MEX", Tough())
    ms.run(tough, replicates=1, seed=SEED, workers=1, out=tmp_path / "tough")
    with pytest.raises(InputError, match="behaviours of its author's own"):
        rerun(tmp_path / "tough", workers=1)
    assert rerun(tmp_path / "tough", workers=1, behaviours={"MEX": Tough()}).is_same


def test_a_sweep_is_run_again_at_its_points(tmp_path):
    over = {"processes.gfmd.protocol.tolerance": [0.01, 0.3], "processes.gfmd.max_themes": [1, 2]}
    sweep(small(), over, replicates=1, seed=SEED, workers=1, out=tmp_path / "sweep")
    found = rerun(tmp_path / "sweep", workers=1)
    assert found.is_same
    assert [each.name for each in found.tables] == ["world"]


def test_a_sweep_of_the_command_line_is_run_again_with_its_tables_and_figures(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    over = "processes.gfmd.max_themes=1,2"
    words = ["--replicates", "2", "--workers", "1", "--out", "swept", "--quiet"]
    assert main(["sweep", str(SMALL), "--over", over, *words]) == 0
    found = rerun("swept", workers=1)
    assert found.is_same, repr(found)
    names = {each.name for each in found.files}
    assert {"outcomes.csv", "points.csv"} <= names
    assert any(name.startswith("figures/") for name in names)
    assert main(["rerun", "swept", "--workers", "1"]) == 0


def test_a_study_stands_for_its_runs(folder, tmp_path):
    closed = small().vary("closed", {"processes.gfmd.civil_society": "excluded"})
    ms.compare([ms.Run.open(folder), closed], workers=1, out=tmp_path / "study")
    assert runs_of(tmp_path / "study") == [folder, tmp_path / "study" / "runs" / "closed"]
    assert runs_of(folder) == [folder]
    ms.compare([small(), closed], replicates=1, workers=1, out=tmp_path / "other")
    assert [path.name for path in runs_of(tmp_path / "other")] == [small().name, "closed"]
    with pytest.raises(InputError, match="not a run folder"):
        runs_of(tmp_path)


def test_a_new_title_makes_no_other_run(tmp_path):
    definition = small()
    ms.run(definition, replicates=1, seed=SEED, workers=1, out=tmp_path / "run")
    with pytest.warns(UserWarning, match="used as it is"):
        again = ms.run(
            definition.vary("small-forum", {"title": "Other"}), replicates=1, seed=SEED, workers=1,
            out=tmp_path / "run",
        )  # fmt: skip
    assert again.title == definition.title
