"""A run folder described as an RO-Crate."""

import json
import re
import shutil
from hashlib import sha256
from pathlib import Path
from urllib.parse import unquote

import pytest

import migsim as ms
from migsim.errors import InputError
from migsim.results.crate import CRATE, LICENCE, crate
from migsim.results.recorded import changed_files
from tests.lives import SEED, small

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def original(tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs") / "small"
    ms.run(small(), replicates=2, seed=SEED, workers=1, out=folder)
    return folder


@pytest.fixture
def folder(original, tmp_path):
    return Path(shutil.copytree(original, tmp_path / "small"))


def graph_of(folder):
    said = json.loads((folder / CRATE).read_text("utf-8"))
    assert said["@context"][0] == "https://w3id.org/ro/crate/1.1/context"
    entities = {each["@id"]: each for each in said["@graph"]}
    assert len(entities) == len(said["@graph"])
    return entities


def references(value):
    if isinstance(value, dict):
        if set(value) == {"@id"}:
            yield value["@id"]
        for each in value.values():
            yield from references(each)
    elif isinstance(value, list):
        for each in value:
            yield from references(each)


def test_what_the_specification_asks_for_is_there(folder):
    assert crate(folder) == folder / CRATE
    entities = graph_of(folder)
    descriptor, root = entities[CRATE], entities["./"]
    assert descriptor["@type"] == "CreativeWork"
    assert descriptor["conformsTo"] == {"@id": "https://w3id.org/ro/crate/1.1"}
    assert descriptor["about"] == {"@id": "./"}
    assert root["@type"] == "Dataset"
    assert root["name"]
    assert root["description"]
    assert re.match(r"\d{4}-\d\d-\d\dT", root["datePublished"])
    inside = [name for name in references(list(entities.values())) if not name.startswith("http")]
    assert set(inside) <= set(entities)
    assert {each["@id"] for each in root["hasPart"]} == {
        name for name, each in entities.items() if each["@type"] == "File"
    }


def test_every_file_is_described_as_it_is(folder):
    crate(folder)
    entities = graph_of(folder)
    manifest = ms.Run.open(folder).manifest
    described = {unquote(name): each for name, each in entities.items() if each["@type"] == "File"}
    assert set(described) == {*manifest["outputs"], "manifest.json"} - {CRATE}
    for name, each in described.items():
        if name != "manifest.json":
            content = (folder / name).read_bytes()
            assert each["sha256"] == sha256(content).hexdigest()
            assert each["contentSize"] == str(len(content))
        assert each["encodingFormat"], name


def test_the_action_says_what_made_what_of_what(folder):
    crate(folder)
    entities, manifest = graph_of(folder), ms.Run.open(folder).manifest
    [action] = [each for each in entities.values() if each["@type"] == "CreateAction"]
    software = entities[action["instrument"]["@id"]]
    assert software["softwareVersion"] == ms.__version__
    assert software["identifier"] == f"sha256:{manifest['versions']['migsim_code']}"
    put_in = {each["@id"] for each in action["object"]}
    assert "scenario.yaml" in put_in
    assert entities["#seed"]["value"] == SEED
    results = {each["@id"] for each in action["result"]}
    assert "world/part-00000.parquet" in results
    assert not results & put_in
    assert action["endTime"] == manifest["finished_at"]


def test_nobody_is_invented_and_the_licence_is_the_projects(folder):
    crate(folder)
    text = (folder / CRATE).read_text("utf-8")
    assert "author" not in text.lower()
    assert f"license: {LICENCE}\n" in (ROOT / "CITATION.cff").read_text("utf-8")
    assert (ROOT / "LICENSE").read_text("utf-8").startswith(f"{LICENCE} License")
    assert graph_of(folder)["./"]["license"] == {"@id": f"https://spdx.org/licenses/{LICENCE}"}


def test_it_is_the_same_each_time_and_disturbs_nothing(folder, recwarn):
    crate(folder)
    first = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    crate(folder)
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == first
    assert not changed_files(folder, ms.Run.open(folder).manifest)
    with pytest.warns(UserWarning, match="holds this very run"):
        ms.run(small(), replicates=2, seed=SEED, workers=1, out=folder)
    assert (folder / CRATE).is_file()
    assert ms.rerun(folder, workers=1).is_same


def test_the_description_of_a_run_that_is_replaced_goes_with_a_word(folder):
    crate(folder)
    with pytest.warns(
        UserWarning, match=f"small: {CRATE} told of the run before: what is not asked for again is gone$"
    ):
        ms.run(small(), replicates=3, seed=SEED, workers=1, out=folder)
    assert not (folder / CRATE).exists()


def test_a_note_that_a_user_laid_there_is_not_entered(folder):
    (folder / "note.txt").write_text("mine")
    crate(folder)
    assert "note.txt" not in ms.Run.open(folder).manifest["outputs"]
    assert "note.txt" not in graph_of(folder)


def test_what_was_changed_is_not_vouched_for(folder):
    with (folder / "gains.csv").open("a") as file:
        file.write("forged\n")
    (folder / "triple_win.csv").unlink()
    with pytest.raises(InputError, match=r"gains.csv \(changed\), triple_win.csv \(missing\)"):
        crate(folder)
    assert not (folder / CRATE).exists()


def test_a_crate_that_was_broken_off_is_made_again(folder, monkeypatch):
    crate(folder)
    whole = (folder / CRATE).read_bytes()
    (folder / CRATE).write_text("{", "utf-8")
    crate(folder)
    assert (folder / CRATE).read_bytes() == whole
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    later = {**manifest, "finished_at": "2030-01-01T00:00:00+00:00"}
    (folder / "manifest.json").write_text(json.dumps(later), "utf-8")
    monkeypatch.setattr("migsim.results.crate.with_outputs", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        crate(folder)
    assert (folder / CRATE).read_bytes() != whole
    assert not changed_files(folder, ms.Run.open(folder).manifest)


def test_other_folders_are_refused(tmp_path):
    with pytest.raises(InputError, match="not a run folder"):
        crate(tmp_path)
