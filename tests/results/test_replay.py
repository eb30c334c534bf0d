"""One world of a run lived again: the same bytes, and a story that agrees with the tables."""

import json
import shutil
import signal
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import migsim as ms
from migsim.actors.behaviour import Behaviour
from migsim.errors import InputError
from migsim.results import recorded
from migsim.results.recorded import distance
from migsim.results.replay import default_replay, replay, save_replay
from migsim.results.sweep import sweep
from migsim.results.trace import trace
from migsim.results.trace_tables import decisions, plenary, tables
from migsim.results.trace_words import story
from migsim.scenario.load import load
from migsim.start import begin
from migsim.world.worlds import Worlds
from migsim.year import live
from tests.lives import SEED, SMALL, differing, small, varied

HARD = {
    "processes.gfmd.protocol.tolerance": 0.01,
    "processes.gfmd.protocol.max_ambiguity": 0.2,
    "processes.gfmd.switches.linkage": False,
}
"""A forum in which many object and paragraphs are dropped."""


class Tough(Behaviour):
    def objects(self, delegation):
        return {"remittances": True}


@pytest.fixture(scope="module")
def original(tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs") / "hard"
    ms.run(varied(HARD), replicates=3, seed=SEED, workers=1, out=folder)
    return folder


@pytest.fixture
def folder(original, tmp_path):
    return Path(shutil.copytree(original, tmp_path / "hard"))


@pytest.fixture(scope="module")
def done(original):
    return replay(original, 1)


def files_of(folder):
    return {path: sha256(path.read_bytes()).hexdigest() for path in folder.rglob("*") if path.is_file()}


def rewritten(folder, table, column, change):
    """Change one value of world 1 in a table, and write the table back."""
    path = folder / table / "part-00000.parquet"
    frame = pq.read_table(path).to_pandas()
    row = frame.index[frame["replicate"] == 1][5]
    frame.loc[row, column] = change(frame.loc[row, column])
    pq.write_table(pa.Table.from_pandas(frame, preserve_index=False), path)


def edited(folder, **changes):
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    (folder / "manifest.json").write_text(json.dumps(manifest | changes), "utf-8")


@pytest.mark.parametrize("number", [0, 1, 2])
def test_every_world_comes_out_as_recorded_and_leaves_the_run_as_it_was(folder, number):
    before = files_of(folder)
    found = replay(folder, number)
    assert found.is_same
    assert set(found.tables) == set(ms.Run.open(folder).tables) >= {"world", "states", "texts", "corridors"}
    assert files_of(folder) == before
    assert "the same bytes as recorded" in repr(found)


def test_watching_changes_nothing():
    definition = small()
    setting, world = begin(definition, (0,), SEED, "central")
    watched, seen = world, []
    for _ in range(2):
        world = live(world, setting)
        watched = live(watched, setting, lambda phase, *_: seen.append(phase))
        assert not differing(world, watched)
    assert seen.count("meet_in_plenary") == 1
    assert seen.count("account") == 2


def test_the_plenary_agrees_with_the_tables(original, done):
    run = ms.Run.open(original)
    keys = ["year", "process", "theme", "paragraph"]
    texts = run.table("texts")
    texts = texts[(texts["replicate"] == 1) & texts["on_agenda"]].set_index(keys).sort_index()
    said = done.frames["plenary"]
    by_text = said.assign(objects=said["says"] == "objects").groupby(keys)
    assert by_text["objects"].sum().tolist() == texts["objections"].tolist()
    assert by_text["pledged"].sum().tolist() == texts["pledged"].tolist()
    assert by_text["adopted"].first().tolist() == texts["adopted"].tolist()
    for mine, theirs in (("draft", "draft"), ("text", "position"), ("ambiguity", "ambiguity")):
        assert by_text[mine].first().tolist() == texts[theirs].tolist()
    assert texts["objections"].sum() > 10
    assert 0 < texts["adopted"].sum() < len(texts)
    came = run.table("attendance")
    came = came[(came["replicate"] == 1)].set_index(["year", "state"])["attended"]
    here = said.groupby(["year", "state"])["says"].agg(lambda words: (words != "absent").all())
    assert here.to_dict() == came[here.index].to_dict()


def test_who_objects_loses_more_than_it_bears_and_blocks_only_what_is_dropped(done):
    said = done.frames["plenary"]
    objects, accepts = said[said["says"] == "objects"], said[said["says"] == "accepts"]
    assert (objects["loss"] > objects["tolerance"]).all()
    assert (accepts["loss"] <= accepts["tolerance"] + 1e-9).all()
    assert len(accepts)
    dropped = said[~said["adopted"]]
    assert (said["blocks"] == ((said["says"] == "objects") & ~said["adopted"])).all()
    assert dropped.groupby(["year", "paragraph"])["blocks"].any().all()
    beyond = np.maximum((said["text"] - said["position"]).abs() - said["ambiguity"], 0.0)
    assert np.allclose(said["loss"], said["salience"] * beyond)


def test_isolated_objections_are_noted_and_block_nothing():
    noted = {**HARD, "processes.gfmd.who_can_block": "share", "processes.gfmd.blocking_share": 0.45}
    said = pd.DataFrame(plenary(trace(varied(noted), Worlds.plain((0,)), SEED, "central")))
    overruled = said[(said["says"] == "objects") & said["adopted"]]
    assert len(overruled)
    assert not overruled["blocks"].any()
    traced = trace(
        varied({**HARD, "processes.gfmd.protocol.name": "majority"}), Worlds.plain((0,)), SEED, "central"
    )
    said = pd.DataFrame(plenary(traced))
    assert (said["says"] == "objects").any()
    assert not said["blocks"].any()


def test_acts_at_home_add_up_and_agree_with_the_states(original, done):
    acts = done.frames["decisions"]
    causes = acts[[name for name in acts.columns if name.startswith("by_")]].sum(axis=1)
    assert np.allclose(acts["policy_after"] - acts["policy_before"], causes, rtol=0.0, atol=1e-15)
    assert (acts["by_text"].abs() > 1e-6).any()
    assert not acts.loc[acts["text"].isna(), "by_text"].any()
    states = ms.Run.open(original).table("states")
    states = states[states["replicate"] == 1].set_index(["year", "state"])
    by_theme = acts.groupby(["theme", "year", "state"])["policy_after"].mean()
    for theme in ("remittances", "border_security"):
        mine = by_theme[theme]
        assert np.allclose(mine, states.loc[mine.index, f"policy_{theme}"], rtol=0.0, atol=1e-12)


def test_each_cause_is_told_apart():
    everything = load(SMALL).vary(
        "everything",
        {
            "processes.bilateral-agreements": {"extends": "bilateral-agreements"},
            "processes.convention": {
                "instrument": {"opened": 2006, "paragraphs": ["equal_pay"], "is_imposed": True},
                "participants": {"who": "all"},
            },
        },
    )
    acts = pd.DataFrame(decisions(trace(everything, Worlds.plain((0,)), SEED, "central")))
    assert {"ideal", "agreement", "instrument"} <= set(acts["because"])
    causes = acts[[name for name in acts.columns if name.startswith("by_")]].sum(axis=1)
    assert np.allclose(acts["policy_after"] - acts["policy_before"], causes, rtol=0.0, atol=1e-15)
    plain = pd.DataFrame(decisions(trace(small(), Worlds.plain((0,)), SEED, "central")))
    assert not plain[["by_agreement", "by_instrument"]].any(axis=None)


def test_readings_end_in_the_text(tmp_path):
    read = varied({**HARD, "processes.gfmd.protocol.readings": 6, "processes.gfmd.protocol.tolerance": 0.1})
    found = ms.run(read, replicates=1, seed=SEED, workers=1)
    again = replay(found, 0)
    turns = again.frames["readings"]
    assert turns["reading"].max() == 6
    keys = ["year", "paragraph"]
    texts = found.table("texts")
    texts = texts[texts["on_agenda"]].set_index(keys).sort_index()
    last = turns[turns["reading"] == 6].set_index(keys).sort_index()
    assert last["text"].tolist() == texts["position"].tolist()
    assert last["is_accepted"].tolist() == texts["adopted"].tolist()
    assert "readings: " in again.story


def test_in_a_chairs_summary_nobody_is_asked():
    traced = trace(varied({"processes.gfmd.reading": "chair_summary"}), Worlds.plain((0,)), SEED, "central")
    assert set(plenary(traced)["says"]) == {"silent", "absent"}
    assert not plenary(traced)["blocks"].any()
    assert "The chair sums up; nobody decides." in story(traced)


def test_where_nobody_meets_there_is_a_story_too():
    traced = trace(varied({"processes": {}}), Worlds.plain((0,)), SEED, "central")
    assert set(tables(traced)) == {"decisions"}
    assert "## 2009" in story(traced)


def test_the_story_names_who_objects(done):
    said = done.frames["plenary"]
    row = said[said["blocks"]].iloc[0]
    assert f"{row['state']} objects and blocks: asks for {row['position']:.3f}" in done.story
    assert "**Who came.**" in done.story
    assert done.story.count("### gfmd") == 3
    assert [line for line in done.story.splitlines() if line.startswith("## ")] == [
        f"## {year}" for year in range(2006, 2010)
    ]


def test_it_is_saved_whole_beside_the_run(folder, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert default_replay(ms.Run.open("hard"), 1) == Path("hard-world-1")
    assert default_replay(ms.Run.open(folder), 1) == Path("hard-world-1")
    found = replay("hard", 1, out="hard-world-1")
    names = {path.name for path in Path("hard-world-1").iterdir()}
    assert names == {"trace.md", "manifest.json", "sessions.csv", "plenary.csv", "decisions.csv"}
    held = pd.read_csv("hard-world-1/plenary.csv")
    assert held["says"].tolist() == found.frames["plenary"]["says"].tolist()
    assert held["text"].tolist() == found.frames["plenary"]["text"].tolist()
    first = files_of(Path("hard-world-1"))
    Path("hard-world-1/mine.txt").write_text("mine")
    replay("hard", 1, out="hard-world-1")
    assert Path("hard-world-1/mine.txt").read_text() == "mine"
    assert {path: files_of(Path("hard-world-1"))[path] for path in first} == first
    with pytest.raises(InputError, match="replicate 1, not 2"):
        replay("hard", 2, out="hard-world-1")
    with pytest.raises(InputError, match="holds a result with format migsim run"):
        save_replay(found, Path("hard"))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["hard", "hard-world-1"]


def test_a_killed_replay_leaves_nothing_half_written(folder, tmp_path):
    code = (
        "import os, signal, sys\n"
        "from migsim.results import replay\n"
        "replay.write_manifest = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
        "replay.replay(sys.argv[1], 1, out=sys.argv[2])\n"
    )
    target = tmp_path / "replayed"
    killed = subprocess.run([sys.executable, "-c", code, folder, target], timeout=120, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert not target.exists()
    replay(folder, 1, out=target)
    assert (target / "trace.md").is_file()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["hard", "replayed"]


@pytest.mark.parametrize("number", [3, -1, 1_000_001, True, 1.0])
def test_a_world_that_is_not_there_is_refused(original, number):
    with pytest.raises(InputError, match=r"no world .* in changed; it has 0-2"):
        replay(original, number)


def test_a_world_that_failed_is_refused(folder):
    edited(folder, failures=[{"replicate": 1, "error": "ValueError: no", "traceback": ""}])
    with pytest.raises(InputError, match="world 1 of changed was not finished: ValueError: no"):
        replay(folder, 1)


def test_a_value_that_was_changed_is_found(folder):
    rewritten(folder, "states", "income", lambda value: value * 1.01)
    with pytest.raises(InputError) as refused:
        replay(folder, 1, out=folder.parent / "replayed")
    said = str(refused.value)
    assert "world 1 of changed is not what was recorded" in said
    assert "states: 1 rows differ; income of replicate 1, year 2005, state" in said
    assert "states/part-00000.parquet: changed since the run" in said
    assert "other versions" not in said
    assert not (folder.parent / "replayed").exists()
    assert replay(folder, 2).is_same


def test_a_value_changed_by_a_hair_is_found_too(folder):
    rewritten(folder, "states", "income", lambda value: np.nextafter(value, np.inf))
    with pytest.raises(InputError, match=r"states/part-00000.parquet: changed since the run"):
        replay(folder, 1)


def test_a_file_that_is_no_table_is_told(folder):
    (folder / "world" / "part-00000.parquet").write_bytes(b"PAR1 no")
    with pytest.raises(InputError, match=r"part-00000.parquet: cannot be read"):
        replay(folder, 1)


def test_a_scenario_that_was_edited_is_refused(folder):
    text = (folder / "scenario.yaml").read_text("utf-8")
    (folder / "scenario.yaml").write_text(text.replace("tolerance: 0.01", "tolerance: 0.02"), "utf-8")
    with pytest.raises(InputError, match=r"scenario.yaml: is not the scenario that was run"):
        replay(folder, 1)


def test_other_versions_may_differ_by_rounding_and_no_more(folder):
    versions = ms.Run.open(folder).manifest["versions"]
    rewritten(folder, "states", "income", lambda value: value * (1.0 + 1e-13))
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    outputs = manifest["outputs"]
    outputs["states/part-00000.parquet"] = sha256(
        (folder / "states" / "part-00000.parquet").read_bytes()
    ).hexdigest()
    edited(folder, versions={**versions, "numpy": "1.99"}, outputs=outputs)
    found = replay(folder, 1)
    assert not found.is_same
    assert "within 1e-09" in found.verdict
    rewritten(folder, "states", "income", lambda value: value * (1.0 + 1e-6))
    with pytest.raises(InputError, match=rf"by other versions: numpy 1.99 then, {versions['numpy']} now"):
        replay(folder, 1)


def test_a_run_with_a_behaviour_is_replayed_with_it_alone(tmp_path):
    tough = small().with_behaviour("MEX", Tough())
    ms.run(tough, replicates=1, seed=SEED, workers=1, out=tmp_path / "tough")
    with pytest.raises(InputError, match=r"behaviours of its author's own.*MEX \(.*Tough\)"):
        replay(tmp_path / "tough", 0)
    with pytest.raises(InputError, match="the behaviour of MEX is not the one"):
        replay(tmp_path / "tough", 0, behaviours={"MEX": Behaviour()})
    with pytest.raises(InputError, match="was run without a behaviour of USA"):
        replay(tmp_path / "tough", 0, behaviours={"MEX": Tough(), "USA": Tough()})
    found = replay(tmp_path / "tough", 0, behaviours={"MEX": Tough()})
    assert found.is_same
    said = found.frames["plenary"]
    mexico = said[(said["state"] == "MEX") & (said["theme"] == "remittances") & (said["says"] != "absent")]
    assert set(mexico["says"]) == {"objects"}
    assert replay(ms.run(tough, replicates=1, seed=SEED, workers=1), 0).is_same


def test_a_point_of_a_sweep_is_replayed_with_its_settings(tmp_path):
    over = {"processes.gfmd.protocol.tolerance": [0.01, 0.3], "processes.gfmd.max_themes": [1, 2]}
    points = sweep(small(), over, replicates=2, seed=SEED, workers=1, out=tmp_path / "sweep")
    for number in (1, 1_000_002):
        found = replay(tmp_path / "sweep", number)
        assert found.is_same
        row = points.points.set_index("replicate").loc[number]
        most = int(row["processes.gfmd.max_themes"])
        assert f"processes.gfmd.max_themes = {most}." in found.story
        assert {len(themes.split()) for themes in found.frames["sessions"]["themes"]} == {most}


def test_distances():
    one = {"replicate": np.array([1, 1]), "year": np.array([2005, 2006]), "trust": np.array([0.5, np.nan])}
    assert distance("world", one, one).largest == 0.0
    other = {**one, "trust": np.array([0.5, 0.1])}
    assert distance("world", one, other).largest == np.inf
    far = {**one, "trust": np.array([0.5 + 1e-7, np.nan])}
    assert not distance("world", one, far).is_close
    assert distance("world", one, far).n_rows == 1
    assert "trust of replicate 1, year 2005" in distance("world", one, far).where
    assert distance("world", one, {**one, "trust": np.array([0.5 + 1e-11, np.nan])}).is_close
    assert (
        "2 rows recorded, 1 now"
        in distance("world", one, {name: each[:1] for name, each in one.items()}).where
    )
    assert "columns" in distance("world", one, {"replicate": one["replicate"]}).where


@pytest.mark.parametrize("name", ["world", "votes", "states"])
def test_a_missing_table_is_told(folder, name):
    shutil.rmtree(folder / name)
    with pytest.raises(InputError, match=f"(?s)world 1 of .* is not what was recorded.*{name}: the table is"):
        replay(folder, 1)


def test_no_tables_at_all_verify_nothing(folder):
    edited(folder, tables_sha256={})
    with pytest.raises(InputError, match="the manifest names no table"):
        replay(folder, 1)


def test_the_ledger_is_held_against_the_world(folder):
    path = folder / "ledger.jsonl"
    line = json.loads(path.read_text("utf-8"))
    line["fingerprints"]["states"]["1"] = "0" * 64
    path.write_text(json.dumps(line) + "\n", "utf-8")
    assert replay(folder, 0).is_same
    with pytest.raises(InputError, match=r"states: ledger.jsonl has another fingerprint of this world"):
        replay(folder, 1)


def test_a_damaged_or_another_sample_is_told(tmp_path):
    over = {"processes.gfmd.protocol.tolerance": [0.01, 0.3]}
    sweep(small(), over, replicates=1, seed=SEED, workers=1, out=tmp_path / "sweep")
    path = tmp_path / "sweep" / "sample.json"
    sample = json.loads(path.read_text("utf-8"))
    for points in (sample["points"][:1], [[0.02], [0.3]]):
        path.write_text(json.dumps(sample | {"points": points}), "utf-8")
        with pytest.raises(InputError, match=r"sample.json: does not hold the points that were run"):
            replay(tmp_path / "sweep", 1)
        with pytest.raises(InputError, match=r"sample.json: does not hold the points that were run"):
            ms.rerun(tmp_path / "sweep", workers=1)


def test_the_rows_of_a_world_are_read_from_its_own_shard(tmp_path, monkeypatch):
    run = ms.run(small(), replicates=[3, 20, 40], workers=1, out=tmp_path / "small")
    read, old = [], recorded.shard_columns
    monkeypatch.setattr(
        recorded, "shard_columns", lambda shard, number: read.append(shard) or old(shard, number)
    )
    rows = recorded.recorded_rows(run, "world", 20)
    assert set(rows["replicate"]) == {20}
    assert [path.name for path in read] == ["part-00001.parquet"]
