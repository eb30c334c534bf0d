"""What a run takes over from an earlier one, and that the files are those of a run of all at once."""

import hashlib
import json
import resource
import shutil
import subprocess
import sys
import warnings
from dataclasses import replace
from pathlib import Path

import pytest

import migsim as ms
from migsim.ensemble import ledger as ledgers
from migsim.ensemble import shards, store
from migsim.ensemble.batch import run_batch
from migsim.ensemble.designs import design
from migsim.ensemble.executors import executor
from migsim.ensemble.fingerprints import Marks
from migsim.ensemble.folders import read_manifest, write_manifest
from migsim.ensemble.ledger import ledger
from migsim.ensemble.runner import begin_in, simulate_into
from migsim.ensemble.store import Note, number_of
from migsim.ensemble.versions import decisive_versions
from migsim.errors import EnvironmentProblem, InputError
from migsim.results.tables import StoredTables
from tests.killing import sha256_of_files
from tests.lives import SMALL, small

N = 36


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    out = tmp_path_factory.mktemp("whole") / "small"
    return ms.run(small(), replicates=N, workers=1, out=out)


@pytest.fixture
def lived(monkeypatch):
    """Numbers of the worlds that are run."""
    numbers = []

    def run(definition, worlds, *arguments):
        numbers.extend(worlds.numbers)
        return run_batch(definition, worlds, *arguments)

    monkeypatch.setattr(shards, "run_batch", run)
    return numbers


def assert_same(run, whole):
    assert run.manifest["tables_sha256"] == whole.manifest["tables_sha256"]
    assert sha256_of_files(run.folder) == sha256_of_files(whole.folder)


def test_a_ledger_says_what_each_shard_holds(whole):
    lines = list(ledger(whole.folder))
    assert [line.outcome.number for line in lines] == [0, 1, 2]
    assert [len(line.outcome.replicates) for line in lines] == [16, 16, 4]
    for line in lines:
        assert line.files
        assert all(store.file_sha256(whole.folder / name) == sha256 for name, sha256 in line.files.items())
        assert set(line.outcome.fingerprints["world"]) == set(line.outcome.replicates)
    assert "ledger.jsonl" in whole.manifest["outputs"]
    assert not (whole.folder / "shards").exists()


@pytest.mark.parametrize("steps", [(5, N), (16, 20, N), ([3, 17, 30], [3, 4, 17, 30, 31], range(N))])
def test_worlds_that_are_added_are_run_alone(steps, tmp_path, whole, lived):
    out = tmp_path / "small"
    for step in steps:
        run = ms.run(small(), replicates=step, workers=1, out=out)
    assert sorted(lived) == list(range(N))
    assert_same(run, whole)


def test_the_finished_run_stays_whole_until_it_is_replaced(tmp_path, monkeypatch, lived):
    out = tmp_path / "small"
    ms.run(small(), replicates=5, workers=1, out=out)
    before = sha256_of_files(out)
    monkeypatch.setattr("migsim.results.simulation.take_place", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        ms.run(small(), replicates=7, workers=1, out=out)
    assert sha256_of_files(out) == before
    monkeypatch.undo()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert ms.run(small(), replicates=7, workers=1, out=out).n_replicates == 7
    assert lived == [0, 1, 2, 3, 4, 5, 6]


def test_files_are_copied_where_they_cannot_be_linked(tmp_path, monkeypatch, whole, lived):
    def refuse(*_):
        raise OSError(18, "Invalid cross-device link")

    out = tmp_path / "small"
    ms.run(small(), replicates=20, workers=1, out=out)
    monkeypatch.setattr(ledgers.os, "link", refuse)
    assert_same(ms.run(small(), replicates=N, workers=1, out=out), whole)
    assert len(lived) == N


def failing_once(monkeypatch, bad):
    def run(definition, worlds, *arguments):
        if bad & set(worlds.numbers):
            raise FloatingPointError("no solution")
        return run_batch(definition, worlds, *arguments)

    monkeypatch.setattr(shards, "run_batch", run)


def test_failures_alone_are_tried_again(tmp_path, monkeypatch, whole):
    out = tmp_path / "small"
    with monkeypatch.context() as patch:
        failing_once(patch, {2, 20, 21})
        run = ms.run(small(), replicates=N, workers=1, out=out)
    assert list(run.failures["replicate"]) == [2, 20, 21]
    assert [failure.replicate for line in ledger(out) for failure in line.outcome.failures] == [2, 20, 21]
    assert "Traceback" in next(ledger(out)).outcome.failures[0].traceback
    numbers = []

    def counting(definition, worlds, *arguments):
        numbers.extend(worlds.numbers)
        return run_batch(definition, worlds, *arguments)

    monkeypatch.setattr(shards, "run_batch", counting)
    run = ms.run(small(), replicates=N, workers=1, out=out)
    assert numbers == [2, 20, 21]
    assert run.failures.empty
    assert_same(run, whole)


def test_a_shard_of_failures_alone_is_tried_again(tmp_path, monkeypatch):
    out = tmp_path / "small"
    with monkeypatch.context() as patch:
        failing_once(patch, {0, 1})
        assert ms.run(small(), replicates=2, workers=1, out=out).n_replicates == 0
    assert ms.run(small(), replicates=2, workers=1, out=out).n_replicates == 2


def test_fewer_worlds_than_a_killed_run_had_are_refused(tmp_path, lived):
    partial = tmp_path / "small.partial"
    plan = design(small(), 60)
    with executor(1) as executing:
        partial.mkdir()
        begin_in(partial, plan)
        simulate_into(partial, plan, executing)
    (partial / ".lock").touch()
    with pytest.raises(
        InputError, match=f"holds 60 worlds of an unfinished run, {60 - N} more than the {N} "
    ):
        ms.run(small(), replicates=N, workers=1, out=tmp_path / "small")
    assert ms.run(small(), replicates=60, workers=1, out=tmp_path / "small").n_replicates == 60
    assert len(lived) == 60


def test_a_damaged_ledger_is_of_no_harm(tmp_path, whole):
    out = tmp_path / "small"
    ms.run(small(), replicates=20, workers=1, out=out)
    lines = (out / "ledger.jsonl").read_text(encoding="utf-8").splitlines()
    evil = json.loads(lines[1])
    evil["files"] = {"../../outside.parquet": "0", "/etc/hostname": "0"}
    (out / "ledger.jsonl").write_text(f"{lines[0][:-40]}\n[]\n{json.dumps(evil)}\n\x00\n", encoding="utf-8")
    assert_same(ms.run(small(), replicates=N, workers=1, out=out), whole)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["small"]


def test_inner_replicates_can_be_added(tmp_path, lived):
    out = tmp_path / "small"
    ms.run(small(), replicates=3, inner=1, workers=1, out=out)
    more = ms.run(small(), replicates=4, inner=2, workers=1, out=out)
    assert len(lived) == 8
    at_once = ms.run(small(), replicates=4, inner=2, workers=1, out=tmp_path / "at-once")
    assert_same(more, at_once)
    assert (out / "world" / "part-62500.parquet").is_file()
    assert set(more.triple_win["n"]) == {4}
    last = more.world[more.world["year"] == 2009].assign(draw=lambda rows: rows["replicate"] % 1_000_000)
    medians = last.groupby("draw")["gain_hosts"].mean().median()
    told = more.gains.query("year == 2009 and quantity == 'gain_hosts'")["median"].item()
    assert told == pytest.approx(medians, rel=1e-12)


def test_shards_are_read_in_the_order_of_their_numbers(tmp_path):
    (tmp_path / "world").mkdir()
    for number in (99_999, 100_000, 7):
        (tmp_path / "world" / f"part-{number:05}.parquet").touch()
    found = [number_of(path) for path in StoredTables(tmp_path)._shards("world")]
    assert found == [7, 99_999, 100_000]


def test_marks_are_those_of_the_whole_table():
    by_replicate = {number: f"{number:064x}" for number in (5, 1_000_000, 2)}
    marks = Marks()
    for number, sha256 in by_replicate.items():
        marks.add({number: sha256})
    lines = "".join(f"{number}:{by_replicate[number]}\n" for number in sorted(by_replicate))
    assert marks.sha256 == hashlib.sha256(lines.encode()).hexdigest()


@pytest.mark.parametrize("line", ["", "{", "[]", "{}", '{"number": "x"}', "[" * 100_000])
def test_a_line_that_is_no_note_is_none(line):
    assert Note.of_json(line) is None


@pytest.mark.parametrize("what", ["a table", "a note"])
def test_a_full_disk_loses_nothing_that_is_finished(what, tmp_path, monkeypatch, whole):
    out, calls = tmp_path / "small", []
    old = store._flush

    def full(path):
        calls.append(path)
        if ("world" if what == "a table" else "00001.json") in str(path) and "00001" in path.name:
            raise OSError(28, "No space left on device")
        old(path)

    with monkeypatch.context() as patch:
        patch.setattr(store, "_flush", full)
        with pytest.raises(EnvironmentProblem, match=r"No space left on device.*make room or choose another"):
            ms.run(small(), replicates=N, workers=1, out=out)
    left = [path.name for path in (tmp_path / "small.partial").rglob("*") if path.is_file()]
    assert not any(name.endswith(".writing") for name in left)
    assert "00000.json" in left
    numbers = []

    def counting(definition, worlds, *arguments):
        numbers.extend(worlds.numbers)
        return run_batch(definition, worlds, *arguments)

    monkeypatch.setattr(shards, "run_batch", counting)
    assert_same(ms.run(small(), replicates=N, workers=1, out=out), whole)
    assert numbers == list(range(16, N))


@pytest.mark.parametrize("workers", ["1", "2"])
def test_files_that_may_not_grow_end_in_one_line(workers, tmp_path, whole):
    limit = sorted(path.stat().st_size for path in whole.folder.rglob("*.parquet"))[-1] // 2
    words = [
        "run",
        str(SMALL),
        "--replicates",
        str(N),
        "--workers",
        workers,
        "--out",
        str(tmp_path / "small"),
    ]
    done = subprocess.run(
        [sys.executable, "-m", "migsim", *words, "--quiet"],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
    )
    assert done.returncode == 3
    assert done.stderr.count("\n") == 1
    assert "File too large" in done.stderr
    assert not (tmp_path / "small").exists()


def test_something_else_that_writes_into_a_run_is_noticed(tmp_path, monkeypatch):
    from migsim.results import simulation

    old = simulation.write_ledger

    def meddled(folder: Path):
        old(folder)
        (folder / "world" / "part-00000.parquet").write_bytes(b"other")

    monkeypatch.setattr(simulation, "write_ledger", meddled)
    with pytest.raises(EnvironmentProblem, match="is not as it was written"):
        ms.run(small(), replicates=1, workers=1, out=tmp_path / "small")


def of_another_seed(folder, patch):
    """What a task of a cluster does that belongs to an interrupted run and ends late."""
    late = design(small(), N, seed=1)
    shards.run_shard(late, late.shards[1], folder, lambda _: None)


def of_another_version(folder, patch):
    plan = design(small(), N)
    with patch.context() as other:
        other.setattr(shards, "decisive_versions", lambda: {"migsim_code": "changed meanwhile"})
        shards.run_shard(plan, plan.shards[1], folder, lambda _: None)


def unseen(folder, patch):
    """A listing of a folder on another machine may lack what was just written there."""
    old = ledgers.notes
    patch.setattr(ledgers, "notes", lambda where: (each for each in old(where) if each.outcome.number != 1))


def of_another_shard(folder, patch):
    shutil.copyfile(folder / "world" / "part-00001.parquet", folder / "world" / "part-00009.parquet")


@pytest.mark.parametrize(
    ("meddle", "said"),
    [
        (of_another_seed, "small.partial: holds worlds of another run, or of another version of migsim"),
        (of_another_version, "small.partial: holds worlds of another run, or of another version of migsim"),
        (unseen, "small.partial: 16 worlds are missing or were not asked for"),
        (of_another_shard, r"world/part-00009.parquet: is of no world of this run"),
    ],
)
def test_shards_of_others_never_pass_as_a_finished_run(meddle, said, tmp_path, monkeypatch, whole):
    from migsim.results import simulation

    out, old = tmp_path / "small", simulation.keep_only

    def meanwhile(folder, part):
        old(folder, part)
        meddle(folder, monkeypatch)

    monkeypatch.setattr(simulation, "keep_only", meanwhile)
    with pytest.raises(EnvironmentProblem, match=f"{said}, so something else .*; run the same command again"):
        ms.run(small(), replicates=N, workers=1, out=out)
    assert not out.exists()
    monkeypatch.undo()
    assert_same(ms.run(small(), replicates=N, workers=1, out=out), whole)
    assert [path.name for path in tmp_path.iterdir()] == ["small"]


def test_a_shard_with_a_table_that_is_not_its_own_is_run_again(tmp_path):
    plan = replace(design(small(), 2), tables=("world",))
    key = plan.key(decisive_versions())
    shards.run_shard(plan, plan.shards[0], tmp_path, lambda _: None)
    assert store.whole(tmp_path, 0, key)
    (tmp_path / "states").mkdir()
    shutil.copyfile(tmp_path / "world" / "part-00000.parquet", tmp_path / "states" / "part-00000.parquet")
    assert store.whole(tmp_path, 0, key) is None
    shards.run_shard(plan, plan.shards[0], tmp_path, lambda _: None)
    assert store.whole(tmp_path, 0, key)
    assert [path.parent.name for path in tmp_path.rglob("*.parquet")] == ["world"]


def test_a_finished_run_that_lacks_worlds_is_not_taken_as_it_is(tmp_path, whole, lived):
    out = tmp_path / "small"
    ms.run(small(), replicates=N, workers=1, out=out)
    lines = (out / "ledger.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    (out / "ledger.jsonl").write_text(lines[0] + lines[2], encoding="utf-8")
    manifest = read_manifest(out)
    gone = [name for name in manifest["outputs"] if name.endswith("part-00001.parquet")]
    for name in gone:
        (out / name).unlink()
        del manifest["outputs"][name]
    manifest["outputs"]["ledger.jsonl"] = store.file_sha256(out / "ledger.jsonl")
    manifest["replicates"] |= {"finished": "0-15,32-35", "n_finished": 20}
    write_manifest(out, manifest)
    lived.clear()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert_same(ms.run(small(), replicates=N, workers=1, out=out), whole)
    assert lived == list(range(16, 32))


def test_files_of_worlds_that_fail_when_run_again_go(tmp_path, monkeypatch):
    out = tmp_path / "small"
    with monkeypatch.context() as patch:
        patch.setattr("migsim.results.simulation.keep_only", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            ms.run(small(), replicates=2, workers=1, out=out)
    (tmp_path / "small.partial" / "texts" / "part-00000.parquet").unlink()
    failing_once(monkeypatch, {0, 1})
    run = ms.run(small(), replicates=2, workers=1, out=out)
    assert list(run.failures["replicate"]) == [0, 1]
    assert list(out.rglob("*.parquet")) == []


def test_failures_of_more_worlds_than_asked_for_are_not_told_as_of_these(tmp_path, monkeypatch):
    out = tmp_path / "small"
    failing_once(monkeypatch, {2})
    with monkeypatch.context() as patch:
        patch.setattr("migsim.results.simulation.keep_only", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            ms.run(small(), replicates=3, workers=1, out=out)
    with pytest.raises(InputError, match="holds 3 worlds of an unfinished run, 1 more than the 2 that are"):
        ms.run(small(), replicates=2, workers=1, out=out)
    assert list(ms.run(small(), replicates=3, workers=1, out=out).failures["replicate"]) == [2]


@pytest.mark.parametrize("harm", [b'"number":\xff', b'"number":Infinity'])
def test_a_damaged_note_is_of_no_harm(harm, tmp_path, monkeypatch, whole):
    out = tmp_path / "small"
    with monkeypatch.context() as patch:
        patch.setattr("migsim.results.simulation.keep_only", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            ms.run(small(), replicates=N, workers=1, out=out)
    note = tmp_path / "small.partial" / "shards" / "00001.json"
    note.write_bytes(note.read_bytes().replace(b'"number":1', harm))
    assert_same(ms.run(small(), replicates=N, workers=1, out=out), whole)


def test_a_changed_design_is_refused(tmp_path):
    ms.run(small(), replicates=2, workers=1, out=tmp_path / "small")
    with pytest.raises(InputError, match="holds a run of 2 worlds, 2 more than asked for"):
        ms.run(small(), replicates=[5, 6], workers=1, out=tmp_path / "small")
