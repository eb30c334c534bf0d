"""The same tables for any workers and batches; what fails is named, and what was finished is kept."""

import errno
import os
import pickle
import sys
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from multiprocessing.context import SpawnProcess

import numpy as np
import pytest

import migsim as ms
from migsim.ensemble import shards
from migsim.ensemble.batch import run_batch
from migsim.ensemble.designs import design, sampled
from migsim.ensemble.executors import executor
from migsim.ensemble.executors.processes import without_main
from migsim.ensemble.fingerprints import fingerprints
from migsim.ensemble.runner import begin_in, simulate_into
from migsim.ensemble.samples import Sample
from migsim.ensemble.store import whole
from migsim.ensemble.versions import decisive_versions
from migsim.errors import EnvironmentProblem, InputError
from tests.lives import small

N = 18


class Asks(ms.Behaviour):
    """Its answer is what it holds."""

    def __init__(self, share):
        self.share = share

    def position(self, delegation):
        return {"remittances": self.share}


class Absent(ms.Behaviour):
    """A delegation that stays at home."""

    def attends(self, delegation):
        return False


class Broken(ms.Behaviour):
    """A behaviour with a fault of its own."""

    def attends(self, delegation):
        raise ZeroDivisionError("a fault\nof two lines")


class Wrong(ms.Behaviour):
    """A behaviour that answers what is not allowed."""

    def acts(self, delegation):
        return 7.0


@pytest.fixture(scope="module")
def alone():
    return ms.run(small(), replicates=N, workers=1)


@pytest.fixture(scope="module")
def together(tmp_path_factory):
    return ms.run(small(), replicates=N, workers=2, out=tmp_path_factory.mktemp("runs") / "small")


def test_tables_do_not_depend_on_workers_or_place(alone, together):
    assert alone.manifest["tables_sha256"] == together.manifest["tables_sha256"]
    for name in alone.tables:
        assert alone.table(name).equals(together.table(name)), name


def test_files_do_not_depend_on_workers(together, tmp_path):
    again = ms.run(small(), replicates=N, workers=1, out=tmp_path / "small")
    assert without_ledger(again) == without_ledger(together)


def without_ledger(run):
    """The files of a run but the one that says how long shards took."""
    return {name: sha256 for name, sha256 in run.manifest["outputs"].items() if name != "ledger.jsonl"}


def test_a_replicate_does_not_depend_on_the_others(alone):
    some = ms.run(small(), replicates=[17, 3], workers=1)
    for name in alone.tables:
        whole = alone.table(name)
        assert some.table(name).equals(whole[whole["replicate"].isin([3, 17])].reset_index(drop=True)), name


def test_fingerprints_do_not_depend_on_batches():
    whole = run_batch(small(), (0, 1, 2), 5, "ranged")
    parts = [run_batch(small(), numbers, 5, "ranged") for numbers in ((0,), (1, 2))]
    marks = [fingerprints(part, numbers) for part, numbers in zip(parts, ((0,), (1, 2)), strict=True)]
    assert fingerprints(whole, (0, 1, 2)) == {name: marks[0][name] | marks[1][name] for name in whole}
    assert fingerprints(shards.joined(parts), (0, 1, 2)) == fingerprints(whole, (0, 1, 2))


def failing_on(bad, calls):
    """`run_batch` as it would be if some replicates could not be run."""

    def run(definition, worlds, *arguments):
        calls.append(worlds.numbers)
        if bad & set(worlds.numbers):
            raise FloatingPointError(f"no solution for {sorted(bad & set(worlds.numbers))}")
        return run_batch(definition, worlds, *arguments)

    return run


def test_a_failed_batch_is_tried_replicate_by_replicate(monkeypatch, alone, tmp_path):
    calls = []
    monkeypatch.setattr(shards, "run_batch", failing_on({2}, calls))
    run = ms.run(small(), replicates=4, workers=1, out=tmp_path / "small")
    assert calls == [(0, 1, 2, 3), (0,), (1,), (2,), (3,)]
    assert run.manifest["replicates"] == {"asked": "0-3", "finished": "0-1,3", "n_finished": 3}
    [failure] = run.manifest["failures"]
    assert failure["replicate"] == 2
    assert failure["error"] == "FloatingPointError: no solution for [2]"
    assert "Traceback" in failure["traceback"]
    expected = alone.table("world")
    assert run.table("world").equals(expected[expected["replicate"].isin([0, 1, 3])].reset_index(drop=True))
    assert set(run.triple_win["n"]) == {3}


def test_an_interrupted_run_goes_on_where_it_stopped(monkeypatch, tmp_path, together):
    def interrupted(definition, worlds, *arguments):
        if 16 in worlds.numbers:
            raise KeyboardInterrupt
        return run_batch(definition, worlds, *arguments)

    out, partial = tmp_path / "small", tmp_path / "small.partial"
    monkeypatch.setattr(shards, "run_batch", interrupted)
    with pytest.raises(KeyboardInterrupt):
        ms.run(small(), replicates=N, workers=1, out=out)
    assert not out.exists()
    assert (partial / "shards" / "00000.json").is_file()
    (partial / "world" / "part-00007.parquet").write_text("left by a run with more replicates")
    calls = []
    monkeypatch.setattr(shards, "run_batch", failing_on(set(), calls))
    run = ms.run(small(), replicates=N, workers=1, out=out)
    assert calls == [(16, 17)]
    assert not partial.exists()
    assert without_ledger(run) == without_ledger(together)


@pytest.mark.parametrize("harm", ["another seed", "a damaged file", "a damaged note", "a missing file"])
def test_what_does_not_fit_is_not_taken_over(harm, tmp_path):
    def run(plan):
        begin_in(tmp_path, plan)
        with executor(1) as executing:
            simulate_into(tmp_path, plan, executing)
        return whole(tmp_path, 0, plan.key(decisive_versions()))

    plan = design(small(), 2, seed=1)
    run(plan)
    table, note = tmp_path / "world" / "part-00000.parquet", tmp_path / "shards" / "00000.json"
    match harm:
        case "a damaged file":
            table.write_bytes(table.read_bytes()[:-1] + b"?")
        case "a damaged note":
            note.write_text(note.read_text(encoding="utf-8")[:-9], encoding="utf-8")
        case "a missing file":
            table.unlink()
    old = note.stat().st_mtime_ns
    assert run(plan).outcome.replicates == (0, 1)
    assert (note.stat().st_mtime_ns == old) == (harm == "another seed")
    if harm == "another seed":
        with pytest.raises(InputError, match="holds 2 worlds of an unfinished run of small-forum, seed 1,"):
            run(design(small(), 2, seed=2))
        assert note.stat().st_mtime_ns == old


def test_whole_numbers_of_numpy_are_whole_numbers():
    two, one = np.int64(2), np.int64(1)
    run = ms.run(small(), replicates=two, seed=np.int64(3), inner=one, workers=one)
    assert run.replicates == (0, 1)
    assert run.replay(one).number == 1
    assert ms.sweep(small(), {"trust.start": None}, steps=two, replicates=one, workers=1).n_replicates == 2


def test_a_behaviour_travels_to_workers():
    definition = small().with_behaviour("MEX", Absent())
    runs = [ms.run(definition, replicates=N, workers=workers) for workers in (1, 2)]
    assert runs[0].manifest["tables_sha256"] == runs[1].manifest["tables_sha256"]
    [behaviour] = runs[0].manifest["behaviours"]
    assert behaviour["state"] == "MEX"
    assert behaviour["class"].endswith("Absent")
    assert not runs[0].state("MEX")["attended"].any()


def test_a_behaviour_that_holds_another_value_is_another_run(tmp_path):
    shy, bold = (small().with_behaviour("MEX", Asks(share)) for share in (0.0, 1.0))
    made = ms.run(shy, replicates=1, workers=1, out=tmp_path / "asks")
    with pytest.raises(InputError, match="choose another folder"):
        ms.run(bold, replicates=2, workers=1, out=tmp_path / "asks")
    with pytest.warns(UserWarning, match="holds this very run"):
        again = ms.run(small().with_behaviour("MEX", Asks(0.0)), replicates=1, workers=1, out=made.folder)
    assert again.manifest == made.manifest
    alone, others = (
        ms.diff(made, ms.run(bold, replicates=1, workers=1)).settings,
        ms.diff(made, made).settings,
    )
    assert [row.path for row in alone] == ["behaviour of MEX"]
    assert not len(others)


def test_a_behaviour_that_cannot_travel_runs_here():
    class Local(Absent):
        """Defined where no worker can find it, as in a notebook."""

    definition = small().with_behaviour("MEX", Local())
    with pytest.warns(UserWarning, match="running in one process: define behaviours in a module"):
        run = ms.run(definition, replicates=N, workers=2)
    assert run.n_replicates == N
    assert not run.state("MEX")["attended"].any()


def test_a_run_without_a_finished_replicate_stays_visible():
    run = ms.run(small().with_behaviour("MEX", Broken()), replicates=2, workers=1)
    assert run.n_replicates == 0
    assert list(run.failures["error"]) == ["ZeroDivisionError: a fault"] * 2
    assert set(run.triple_win["n"]) == {0}
    assert run.triple_win["difference_median"].isna().all()
    assert "failed: 2 replicates" in repr(run)
    with pytest.raises(InputError, match="no replicate was finished"):
        run.table("states")


def test_the_users_own_mistake_ends_the_run():
    with pytest.raises(InputError, match="MEX"):
        ms.run(small().with_behaviour("MEX", Wrong()), replicates=2, workers=1)


def test_a_full_memory_is_said_so(monkeypatch):
    def full(*_):
        raise MemoryError

    for name in ("run_batch", "fingerprints"):
        with monkeypatch.context() as patch:
            patch.setattr(shards, name, full)
            with pytest.raises(EnvironmentProblem, match="memory is full"):
                ms.run(small(), replicates=1, workers=1)


def test_a_memory_that_gets_full_while_a_shard_is_written_is_said_so(monkeypatch, tmp_path):
    import pyarrow as pa

    def full(*_):
        raise pa.lib.ArrowMemoryError("malloc of size 1 failed")

    monkeypatch.setattr(shards, "write_shard", full)
    with pytest.raises(EnvironmentProblem, match="memory is full"):
        ms.run(small(), replicates=1, workers=1, out=tmp_path / "small")


@pytest.mark.parametrize("n_started", [0, 1])
def test_workers_that_cannot_be_started_are_said_so(n_started, monkeypatch):
    start = SpawnProcess.start
    begun = []

    def refused(process):
        if len(begun) == n_started:
            raise OSError(errno.EAGAIN, os.strerror(errno.EAGAIN))
        begun.append(process)
        start(process)

    monkeypatch.setattr(SpawnProcess, "start", refused)
    said = r"worker processes cannot be started \(Resource temporarily unavailable\); use fewer"
    with pytest.raises(EnvironmentProblem, match=said):
        ms.run(small(), replicates=N, workers=2)
    for process in begun:
        process.join(20)
        assert process.exitcode is not None


def test_a_pool_whose_thread_cannot_be_started_is_said_so(monkeypatch):
    def refused(_):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr("concurrent.futures.process._ExecutorManagerThread.start", refused)
    with pytest.raises(EnvironmentProblem, match=r"cannot be started \(can't start new thread\)"):
        ms.run(small(), replicates=N, workers=2)


def test_the_main_module_comes_back_when_the_last_of_overlapping_starts_is_over():
    main = sys.modules["__main__"]
    first, second = ExitStack(), ExitStack()
    for each in (first, second):
        each.enter_context(without_main)
    first.close()
    assert sys.modules["__main__"] is not main
    second.close()
    assert sys.modules["__main__"] is main


def test_a_killed_worker_is_said_so():
    class Deadly(Absent):
        """Stands for a worker that the system kills."""

        def __reduce__(self):
            return (os._exit, (9,))

    with pytest.raises(EnvironmentProblem, match="worker process was killed, 3 times in a row"):
        ms.run(small().with_behaviour("MEX", Deadly()), replicates=N, workers=2)


def test_tables_are_in_the_order_of_their_keys(alone):
    from migsim.ensemble.batch import KEYS

    for name in alone.tables:
        rows = alone.table(name)
        keys = rows[list(KEYS[name])]
        assert keys.equals(keys.sort_values(list(KEYS[name])).reset_index(drop=True)), name
        assert not keys.duplicated().any(), name
    assert np.isfinite(alone.table("world").to_numpy(dtype=float)).all()


def swept(n_points):
    paths = ("trust.start", "processes.gfmd.protocol.tolerance")
    points = tuple((0.1 + 0.4 * n / n_points, 0.3) for n in range(n_points))
    return sampled(small(), Sample("morris", paths, points, points), 1, 3)


def test_the_points_of_a_design_are_not_sent_with_every_shard(tmp_path, monkeypatch):
    sizes = []
    submit = ProcessPoolExecutor.submit

    def weighed(pool, *words):
        sizes.append(len(pickle.dumps(words)))
        return submit(pool, *words)

    monkeypatch.setattr(ProcessPoolExecutor, "submit", weighed)
    plan = swept(2000)
    few = plan.shards[:3]
    with executor(2) as pool:
        there = sorted(pool.outcomes(plan, few, None, lambda _: None), key=lambda each: each.number)
        (tmp_path / "run").mkdir()
        begin_in(tmp_path / "run", plan)
        assert len(list(pool.outcomes(plan, few, tmp_path / "run", lambda _: None))) == 3
    assert len(sizes) == 2 + 6, "one wakes each worker"
    assert max(sizes) < 1000
    here = executor(1).outcomes(plan, few, None, lambda _: None)
    assert [each.fingerprints for each in there] == [each.fingerprints for each in here]
    key = plan.key(decisive_versions())
    assert all(whole(tmp_path / "run", shard.number, key) for shard in few)
