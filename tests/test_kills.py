"""Whoever runs the worlds and whenever somebody is killed, the same tables and the same files."""

import os
import pickle
import signal
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path
from types import SimpleNamespace

import pytest

import migsim as ms
from migsim.ensemble import shards
from migsim.ensemble.designs import design
from migsim.ensemble.executors import cluster as clusters
from migsim.ensemble.executors.travel import _packed
from migsim.ensemble.runner import begin_in
from migsim.ensemble.versions import decisive_versions
from migsim.errors import EnvironmentProblem, InputError
from tests.killing import (
    children,
    dask_cluster,
    moments,
    n_notes,
    of_session,
    sha256_of_files,
    started,
    tables_sha256,
    wait_for_notes,
)
from tests.lives import SMALL, small

N = 64
pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs a list of processes")


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The run that nobody disturbs."""
    out = tmp_path_factory.mktemp("whole") / "small"
    ms.run(ms.load(SMALL), replicates=N, workers=1, out=out)
    return out


def assert_same(out, whole):
    assert tables_sha256(out) == tables_sha256(whole)
    assert sha256_of_files(out) == sha256_of_files(whole)


def finish(out, *words):
    running = started(out, N, *words)
    _, said = running.communicate(timeout=300)
    assert running.returncode == 0, said
    return said


def disturb(out, key, ending):
    """Kill a run, or one of its workers, at a moment of its own; gives what was killed."""
    chance = moments(key)
    held = n_notes(out)
    running = started(out, N, "--workers", "2")
    if wait_for_notes(out, held + int(chance.integers(0, 4))):
        time.sleep(float(chance.uniform(0.0, 0.4)))
        if ending == "worker":
            for worker in children(running.pid)[:1]:
                os.kill(worker, signal.SIGKILL)
        else:
            send = os.killpg if ending == "SIGINT" else os.kill
            send(running.pid, getattr(signal, ending))
    _, said = running.communicate(timeout=300)
    deadline = time.monotonic() + 60
    while of_session(running.pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert of_session(running.pid) == []
    return running.returncode, said


def check_after(ending, keys, out, whole):
    for key in keys:
        code, said = disturb(out, key, ending)
        match ending:
            case "worker":
                assert code == 0, said
                break
            case "SIGINT":
                assert code in (0, 130, -signal.SIGINT), said
            case _:
                assert code in (0, -signal.SIGKILL), said
    finish(out, "--workers", "1")
    assert_same(out, whole)


@pytest.mark.parametrize(("ending", "keys"), [("SIGKILL", (1,)), ("worker", (4,))])
def test_a_run_that_was_disturbed_ends_in_the_same_bytes(ending, keys, tmp_path, whole):
    check_after(ending, keys, tmp_path / "small", whole)


@pytest.mark.slow
@pytest.mark.parametrize("ending", ["SIGKILL", "SIGINT", "worker"])
@pytest.mark.parametrize("key", range(100, 108))
def test_a_run_may_be_disturbed_at_any_moment(ending, key, tmp_path, whole):
    check_after(ending, (key, key + 50, key + 100), tmp_path / "small", whole)


@pytest.mark.slow
def test_every_worker_may_be_killed_one_after_the_other(tmp_path, whole):
    running = started(tmp_path / "small", N, "--workers", "2")
    for n in (1, 3):
        if wait_for_notes(tmp_path / "small", n):
            for worker in children(running.pid):
                os.kill(worker, signal.SIGKILL)
    _, said = running.communicate(timeout=300)
    assert running.returncode == 0, said
    assert_same(tmp_path / "small", whole)


def test_two_processes_that_start_at_once_do_not_harm_each_other(tmp_path, whole):
    out = tmp_path / "small"
    both = [started(out, N, "--workers", "1") for _ in range(2)]
    said = [each.communicate(timeout=300)[1] for each in both]
    codes = sorted(each.returncode for each in both)
    assert codes in ([0, 0], [0, 2]), said
    if codes == [0, 2]:
        assert any("another process is writing this run" in each for each in said)
    assert_same(out, whole)
    assert os.listdir(tmp_path) == ["small"]


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    with dask_cluster(tmp_path_factory.mktemp("dask")) as (address, _):
        yield address


def test_a_cluster_gives_the_same_tables(cluster):
    held = ms.run(ms.load(SMALL), replicates=20, cluster=cluster)
    alone = ms.run(ms.load(SMALL), replicates=20, workers=1)
    assert held.manifest["tables_sha256"] == alone.manifest["tables_sha256"]
    assert held.manifest["workers"] == 2


def test_a_cluster_is_sent_a_design_once(cluster, monkeypatch):
    import distributed

    sizes = []
    submit = distributed.Client.submit

    def weighed(client, *words, **named):
        sizes.append(len(pickle.dumps([word for word in words if not isinstance(word, distributed.Future)])))
        return submit(client, *words, **named)

    monkeypatch.setattr(distributed.Client, "submit", weighed)
    ms.run(ms.load(SMALL), replicates=48, cluster=cluster)
    assert len(sizes) == 4
    assert max(sizes[1:]) < 2000 < sizes[0]


@pytest.mark.slow
def test_a_run_goes_from_pool_to_cluster_and_back(cluster, tmp_path, whole):
    out = tmp_path / "small"
    ms.run(ms.load(SMALL), replicates=10, workers=2, out=out)
    ms.run(ms.load(SMALL), replicates=N - 20, cluster=cluster, out=out)
    ms.run(ms.load(SMALL), replicates=N, workers=2, out=out)
    assert_same(out, whole)


def test_a_worker_of_a_cluster_is_killed_in_mid_run(tmp_path, whole):
    out = tmp_path / "small"
    with dask_cluster(tmp_path) as (address, workers):
        running = started(out, N, "--cluster", address)
        wait_for_notes(out, 1)
        workers[0].kill()
        _, said = running.communicate(timeout=300)
    assert (running.returncode, said) == (0, "")
    assert_same(out, whole)


@pytest.mark.slow
def test_a_cluster_that_loses_all_its_workers_is_said_so(tmp_path, whole, monkeypatch):
    monkeypatch.setattr(clusters, "SECONDS_WITHOUT_WORKERS", 1.0)
    out = tmp_path / "small"
    with dask_cluster(tmp_path, 1) as (address, workers):

        def kill(*_):
            workers[0].kill()

        monkeypatch.setattr(clusters.Cluster, "_refuse_odd_workers", kill)
        with pytest.raises(EnvironmentProblem, match=r"no worker is left; what is finished is kept"):
            ms.run(ms.load(SMALL), replicates=N, cluster=address, out=out)
    finish(out, "--workers", "1")
    assert_same(out, whole)


@pytest.mark.slow
def test_a_lost_scheduler_is_said_so(tmp_path):
    out = tmp_path / "small"
    with dask_cluster(tmp_path) as (address, _):
        running = started(out, 2000, "--cluster", address)
        wait_for_notes(out, 1)
    _, said = running.communicate(timeout=120)
    assert running.returncode == 3
    assert said.count("\n") == 1
    assert "what is finished is kept" in said


@pytest.mark.slow
def test_a_cluster_of_this_machine_leaves_nothing_behind(tmp_path):
    out = tmp_path / "small"
    running = started(out, 2000, "--cluster", "local", "--workers", "2")
    wait_for_notes(out, 1)
    os.killpg(running.pid, signal.SIGINT)
    _, said = running.communicate(timeout=120)
    assert running.returncode == 130
    assert said.startswith("interrupted; what is finished is kept")
    assert said.count("\n") == 1
    deadline = time.monotonic() + 30
    while of_session(running.pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert of_session(running.pid) == []


WITHOUT_GUARD = """
from pathlib import Path
with Path("times").open("a") as file:
    file.write("once ")
import migsim as ms
ms.run(ms.load("{small}"), replicates={n}, cluster="local", workers=1, out="small", progress=False)
"""
"""A script that runs worlds wherever it is imported."""


def test_a_worker_that_takes_the_place_of_a_lost_one_does_not_run_the_script_again(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(WITHOUT_GUARD.format(small=SMALL, n=N), encoding="utf-8")
    running = subprocess.Popen(
        [sys.executable, str(script)], cwd=tmp_path, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    try:
        assert wait_for_notes(tmp_path / "small", 1)
        for worker in children(running.pid):
            os.kill(worker, signal.SIGKILL)
        _, said = running.communicate(timeout=60)
    finally:
        for left in of_session(running.pid):
            os.kill(left, signal.SIGKILL)
    assert running.returncode == 0, said
    assert (tmp_path / "times").read_text() == "once "


def test_a_late_shard_of_a_run_that_was_ended_is_not_written(tmp_path, monkeypatch):
    plan = design(small(), 1)
    begin_in(tmp_path, plan)
    token = clusters._leave_token(tmp_path)
    run_batch = shards.run_batch

    def slow(*given):
        tables = run_batch(*given)
        clusters._leave_token(tmp_path)
        return tables

    monkeypatch.setattr(shards, "run_batch", slow)
    with pytest.raises(EnvironmentProblem, match="does not see"):
        clusters._work(_packed(plan, plan.shards), plan.shards[0], tmp_path, decisive_versions(), token)
    assert not (tmp_path / "world").exists()


def test_a_folder_in_which_no_token_can_be_left_is_said_so(tmp_path):
    with pytest.raises(EnvironmentProblem, match="No such file or directory; choose another folder"):
        clusters._leave_token(tmp_path / "gone")


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("127.0.0.1:8786", "allowed are local, or the address of a Dask scheduler such as tcp://"),
        ("tcp://", "allowed are local"),
        ("tcp://127.0.0.1", "allowed are local"),
        ("tcp://127.0.0.1:abc", "a port of 1 to 65535"),
        ("tcp://127.0.0.1:0", "a port of 1 to 65535"),
        ("tcp://127.0.0.1:65536", "a port of 1 to 65535"),
        ("tls://127.0.0.1:1", "allowed are local"),
        ("ucx://127.0.0.1:1", "allowed are local"),
    ],
)
def test_addresses_are_checked(address, said):
    with pytest.raises(InputError, match=said):
        ms.run(small(), replicates=1, cluster=address)


def test_a_cluster_has_its_own_workers():
    with pytest.raises(InputError, match="a cluster has the workers that joined it"):
        ms.run(small(), replicates=1, cluster="tcp://127.0.0.1:1", workers=2)


def test_whatever_goes_wrong_with_a_connection_is_one_line(monkeypatch):
    import distributed

    def fail(*_, **__):
        raise TypeError("no such\nthing")

    monkeypatch.setattr(distributed, "Client", fail)
    with pytest.raises(EnvironmentProblem, match=r"no Dask scheduler answers \(no such thing\)"):
        ms.run(small(), replicates=1, cluster="tcp://localhost:8786")


def test_a_scheduler_that_is_not_there_is_said_so(monkeypatch):
    monkeypatch.setattr(clusters, "SECONDS_TO_CONNECT", 1)
    with pytest.raises(
        EnvironmentProblem, match=r"no Dask scheduler answers .* start one with `dask scheduler`"
    ):
        ms.run(small(), replicates=1, cluster="tcp://127.0.0.1:1")


def test_a_cluster_of_this_machine_that_cannot_start_is_said_so(monkeypatch):
    monkeypatch.setattr(clusters, "_start", lambda _: 1 / 0)
    with pytest.raises(EnvironmentProblem, match=r"cluster: cannot be started \(division by zero\); ask for"):
        ms.run(small(), replicates=1, cluster="local")


@pytest.mark.parametrize(
    "ask",
    [
        lambda **given: ms.compare([small()], replicates=1, **given),
        lambda **given: ms.sensitivity(small(), size="quick", only=["weights"], **given),
    ],
    ids=["comparison", "analysis"],
)
def test_where_no_scheduler_answers_no_folder_is_claimed(ask, tmp_path, monkeypatch):
    monkeypatch.setattr(clusters, "SECONDS_TO_CONNECT", 1)
    with pytest.raises(EnvironmentProblem, match="no Dask scheduler answers"):
        ask(cluster="tcp://127.0.0.1:1", out=tmp_path / "made")
    assert not (tmp_path / "made").exists()


def test_a_worker_that_is_lost_while_workers_are_asked_is_no_odd_one(monkeypatch):
    said = {"tcp://lost": ConnectionResetError("reset by peer"), "tcp://well": None}
    asked = clusters.Cluster("tcp://there", 2)
    monkeypatch.setattr(asked, "_client", SimpleNamespace(run=lambda *_, **__: said))
    asked._refuse_odd_workers(None, "")
    said["tcp://well"] = "has other code of migsim"
    with pytest.raises(EnvironmentProblem, match="the worker tcp://well has other code of migsim"):
        asked._refuse_odd_workers(None, "")


def test_a_cluster_without_workers_is_said_so(tmp_path, monkeypatch):
    monkeypatch.setattr(clusters, "SECONDS_TO_CONNECT", 2)
    with (
        dask_cluster(tmp_path, 0) as (address, _),
        pytest.raises(EnvironmentProblem, match="no worker has joined; start some with `dask worker`"),
    ):
        ms.run(small(), replicates=1, cluster=address)


def test_workers_of_another_version_are_refused(cluster, monkeypatch):
    def other():
        return {"migsim": "0.0.1", "migsim_code": "of old", "numpy": "1.0"}

    monkeypatch.setattr(clusters, "decisive_versions", other)
    with pytest.raises(
        EnvironmentProblem, match=r"the worker tcp://.* has migsim .*, not 0.0.1; install the same"
    ):
        ms.run(small(), replicates=1, cluster=cluster)


@pytest.mark.parametrize("library", ["numpy", "pyarrow", "scipy"])
def test_a_worker_with_another_library_is_refused(library):
    said = clusters._complaint({**decisive_versions(), library: "1.0"}, None, "")
    assert said == f"has {library} {version(library)}, not 1.0; install the same there"


def test_workers_that_do_not_see_the_folder_are_refused(cluster, tmp_path, monkeypatch):
    monkeypatch.setattr(clusters, "_leave_token", lambda _: "never written")
    with pytest.raises(
        EnvironmentProblem, match=r"does not see .*small.partial; choose a folder of a shared disk"
    ):
        ms.run(small(), replicates=1, cluster=cluster, out=tmp_path / "small")


def test_a_missing_library_is_said_so(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "distributed", None)
    with pytest.raises(EnvironmentProblem, match=r'pip install "migsim\[cluster\]"'):
        ms.run(small(), replicates=1, cluster="local")
