"""Where results go, and what is never touched."""

import contextlib
import errno
import json
import os
import platform
import signal
import subprocess
import sys
import threading
import time
import warnings
from pathlib import Path

import pytest

import migsim as ms
from migsim.analysis.saving import claim
from migsim.ensemble.folders import MARK, beside, read_manifest, take_place, write_manifest
from migsim.ensemble.places import made_at_once
from migsim.errors import EnvironmentProblem, InputError
from migsim.results.crate import crate
from migsim.results.group_tables import keep_groups
from migsim.results.groups import grouping_of
from migsim.results.manifest import add_outputs, output_sha256
from tests.lives import SMALL, small


def make(out, **options):
    return ms.run(small(), **({"replicates": 1, "workers": 1, "out": out} | options))


def test_an_empty_folder_is_used_and_others_are_refused(tmp_path, monkeypatch):
    (tmp_path / "empty").mkdir()
    assert make(tmp_path / "empty").folder == tmp_path / "empty"
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("chapter 1")
    with pytest.raises(InputError, match="holds other files than a run of migsim; choose another folder"):
        make(tmp_path / "mine")
    with pytest.raises(InputError, match="is not a folder"):
        make(tmp_path / "mine" / "thesis.txt")
    monkeypatch.chdir(tmp_path / "mine")
    for here, said in ((".", "is"), ("..", "holds"), ("/", "/: holds")):
        with pytest.raises(InputError, match=f"{said} the folder you are in"):
            make(here)
    assert os.listdir(tmp_path / "mine") == ["thesis.txt"]
    assert sorted(os.listdir(tmp_path)) == ["empty", "mine"]


def test_a_run_is_replaced_by_the_same_and_keeps_what_the_user_added(tmp_path):
    out = tmp_path / "small"
    make(out)
    (out / "notes").mkdir()
    (out / "notes" / "mine.txt").write_text("look at 2008")
    assert make(out, replicates=2).n_replicates == 2
    assert (out / "notes" / "mine.txt").read_text() == "look at 2008"
    assert os.listdir(tmp_path) == ["small"]
    for options in ({"seed": 1}, {"parameters": "central"}):
        with pytest.raises(InputError, match=r"holds a result with .* choose another folder"):
            make(out, **options)
    assert ms.Run.open(out).n_replicates == 2


def test_a_finished_run_is_used_again_and_never_lost(tmp_path):
    out = tmp_path / "small"
    make(out, replicates=2)
    written = (out / "manifest.json").stat().st_mtime_ns
    with pytest.warns(UserWarning, match="holds this very run, finished before"):
        again = make(out, replicates=2)
    assert (out / "manifest.json").stat().st_mtime_ns == written
    assert len(again.world) == 2 * 5
    with pytest.raises(InputError, match="holds a run of 2 worlds, 1 more than asked for; choose another"):
        make(out, replicates=1)
    other = ms.load(SMALL, ["processes.gfmd.max_themes=1"])
    was = (
        "a run of small-forum as it was set before \\(processes.gfmd.max_themes: 3, now 1\\); choose another"
    )
    with pytest.raises(InputError, match=was):
        ms.run(other, replicates=2, workers=1, out=out)


@pytest.mark.parametrize("harm", ["a damaged file", "another version"])
def test_a_run_that_is_not_the_same_is_made_anew(harm, tmp_path):
    out = tmp_path / "small"
    marks = make(out).manifest["tables_sha256"]
    if harm == "a damaged file":
        (out / "world" / "part-00000.parquet").write_bytes(b"not Parquet")
    else:
        manifest = read_manifest(out)
        manifest["versions"]["migsim_code"] = "of old"
        (out / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert make(out).manifest["tables_sha256"] == marks
    assert len(ms.Run.open(out).world) == 5


def test_a_failed_attempt_leaves_the_earlier_run(tmp_path, monkeypatch):
    out = tmp_path / "small"
    make(out)
    monkeypatch.setattr("migsim.results.simulation.take_place", lambda *_: pytest.fail("not reached"))
    monkeypatch.setattr("migsim.results.simulation.manifest_of", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        make(out, replicates=2)
    assert ms.Run.open(out).n_replicates == 1


def test_only_one_process_writes_a_run(tmp_path):
    with beside(tmp_path / "small"), pytest.raises(InputError, match="another process is writing this run"):
        make(tmp_path / "small")


def test_a_disk_that_cannot_lock_is_said_so(tmp_path, monkeypatch):
    def refuse(*_):
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr("migsim.ensemble.folders.fcntl.flock", refuse)
    with pytest.raises(
        EnvironmentProblem, match=r"small: this disk cannot lock files \(No locks available\)"
    ):
        make(tmp_path / "small")
    assert os.listdir(tmp_path) == []


def test_a_run_that_fails_at_once_leaves_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr("migsim.results.simulation.simulate_into", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        make(tmp_path / "small")
    assert os.listdir(tmp_path) == []


def test_a_strangers_partial_folder_is_left_alone(tmp_path):
    (tmp_path / "small.partial").mkdir()
    (tmp_path / "small.partial" / "mine.txt").write_text("mine")
    with pytest.raises(InputError, match=r"small.partial: is in the way and no unfinished run; move it"):
        make(tmp_path / "small")


def cut_short(out):
    """Leave a run as a process does that is killed between the two renames of a swap."""
    (out / MARK).touch()
    out.rename(out.with_name(f"{out.name}.replaced"))


def test_a_swap_that_was_cut_short_is_mended(tmp_path):
    make(tmp_path / "small")
    cut_short(tmp_path / "small")
    with beside(tmp_path / "small"):
        assert ms.Run.open(tmp_path / "small").n_replicates == 1
    assert os.listdir(tmp_path) == ["small"]
    assert MARK not in os.listdir(tmp_path / "small")


@pytest.fixture
def half_written():
    """Name of a file that a process was killed at, and of one that a process is writing."""
    gone = subprocess.Popen(["true"])
    gone.wait()
    return [f"manifest.json.{platform.node()[:40]}-{process}.writing" for process in (gone.pid, os.getpid())]


def test_what_a_killed_process_left_in_a_finished_run_is_removed(half_written, tmp_path):
    out = make(tmp_path / "small").folder
    for name in (".lock", ".begun.json", *half_written):
        (out / name).touch()
    assert not set(half_written) & set(output_sha256(out))
    with beside(out):
        assert [name for name in os.listdir(out) if name.startswith((".", "manifest.json."))] == half_written[
            1:
        ]


@pytest.mark.parametrize(
    "make_there",
    [
        make,
        lambda out: ms.compare([small()], replicates=1, workers=1, out=out),
        lambda out: claim(out, small(), "quick", 1),
    ],
    ids=["run", "study", "analysis"],
)
def test_a_folder_whose_first_file_was_never_finished_is_as_good_as_empty(make_there, half_written, tmp_path):
    out = tmp_path / "made"
    out.mkdir()
    (out / half_written[0]).touch()
    make_there(out)
    assert "manifest.json" in os.listdir(out)
    assert half_written[0] not in os.listdir(out)


def test_a_larger_run_outlives_a_swap_that_was_cut_short(tmp_path, monkeypatch):
    out = tmp_path / "small"
    make(out)

    def killed(*_):
        cut_short(out)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("migsim.results.simulation.take_place", killed)
        with pytest.raises(KeyboardInterrupt):
            make(out, replicates=3)
    with pytest.warns(UserWarning, match="this very run"):
        assert make(out).n_replicates == 1
    monkeypatch.setattr("migsim.ensemble.shards.run_batch", lambda *_: pytest.fail("run again"))
    assert make(out, replicates=3).n_replicates == 3
    assert os.listdir(tmp_path) == ["small"]


@pytest.mark.parametrize("options", [{"seed": 1}, {"parameters": "central"}])
def test_a_run_that_comes_back_is_not_handed_out_as_another(options, tmp_path):
    make(tmp_path / "small")
    cut_short(tmp_path / "small")
    with pytest.raises(InputError, match=r"holds a result with .* choose another folder"):
        make(tmp_path / "small", **options)
    assert os.listdir(tmp_path) == ["small"]
    assert ms.Run.open(tmp_path / "small").n_replicates == 1


@pytest.mark.parametrize("n_removed", [0, 1, 3, 99])
def test_a_removal_that_was_cut_short_is_finished(n_removed, tmp_path):
    out, replaced = tmp_path / "small", tmp_path / "small.replaced"
    make(out)
    (out / "mine.txt").write_text("mine")
    cut_short(out)
    make(tmp_path / "two", replicates=2)
    (tmp_path / "two").rename(out)
    (replaced / "mine.txt").rename(out / "mine.txt")
    for path in [path for path in sorted(replaced.rglob("*.*")) if path.name != MARK][:n_removed]:
        path.unlink(missing_ok=True)
    assert make(out, replicates=3).n_replicates == 3
    assert (out / "mine.txt").read_text() == "mine"
    assert os.listdir(tmp_path) == ["small"]


def test_notes_that_were_not_carried_over_yet_come_along(tmp_path):
    out = tmp_path / "small"
    make(out)
    (out / "mine.txt").write_text("mine")
    cut_short(out)
    make(tmp_path / "two", replicates=2)
    (tmp_path / "two").rename(out)
    with pytest.warns(UserWarning, match="this very run"):
        make(out, replicates=2)
    assert (out / "mine.txt").read_text() == "mine"
    assert os.listdir(tmp_path) == ["small"]


@pytest.mark.parametrize("is_run", [False, True])
def test_a_strangers_replaced_folder_is_left_alone(is_run, tmp_path):
    replaced = tmp_path / "small.replaced"
    if is_run:
        make(replaced)
    else:
        replaced.mkdir()
        (replaced / "mine.txt").write_text("mine")
    before = sorted(os.listdir(replaced))
    with pytest.raises(
        InputError, match=r"small.replaced: is in the way and no run that was being replaced; move it"
    ):
        make(tmp_path / "small")
    (tmp_path / "new").mkdir()
    with pytest.raises(InputError, match=r"small.replaced: is in the way"):
        take_place(tmp_path / "new", tmp_path / "small")
    assert sorted(os.listdir(replaced)) == before
    assert not (tmp_path / "small").exists()


def test_what_a_user_adds_outlives_figures_and_two_more_runs(tmp_path):
    out = tmp_path / "small"
    for n in (1, 2, 3):
        done = make(out, replicates=n)
        (out / "figures").mkdir(exist_ok=True)
        (out / "figures" / "gains.png").write_bytes(b"drawn")
        add_outputs(out, done.manifest, [out / "figures" / "gains.png"])
        if n == 1:
            (out / "notes.txt").write_text("x")
            (out / "figures" / "mine.png").write_bytes(b"mine")
    assert (out / "notes.txt").read_text() == "x"
    assert (out / "figures" / "mine.png").read_bytes() == b"mine"
    outputs = read_manifest(out)["outputs"]
    assert "figures/gains.png" in outputs
    assert not {"notes.txt", "figures/mine.png"} & set(outputs)


def test_links_that_a_user_adds_outlive_another_run(tmp_path):
    out = tmp_path / "small"
    make(out)
    (tmp_path / "paper").mkdir()
    (out / "paper").symlink_to(tmp_path / "paper")
    make(out, replicates=2)
    assert (out / "paper").is_symlink()
    assert (tmp_path / "paper").is_dir()


def drawn(out):
    (out / "figures").mkdir(exist_ok=True)
    (out / "figures" / "gains.png").write_bytes(b"drawn")
    return out / "figures" / "gains.png"


def test_figures_of_a_run_that_was_replaced_meanwhile_are_not_entered(tmp_path):
    out = tmp_path / "small"
    first = make(out)
    make(out, replicates=2)
    before = read_manifest(out)
    said = (
        "another process has replaced this run meanwhile, so nothing was entered in it; run the same command"
    )
    with pytest.raises(EnvironmentProblem, match=said):
        add_outputs(out, first.manifest, [drawn(out)])
    grouping = grouping_of("region", first.scenario)
    with pytest.raises(EnvironmentProblem, match=said):
        keep_groups(out, grouping, [], first.summary_by_group("region"), first.manifest)
    assert read_manifest(out) == before
    assert os.listdir(tmp_path) == ["small"]


def test_what_others_entered_meanwhile_stays_entered(tmp_path):
    out = tmp_path / "small"
    done = make(out)
    crate(out)
    add_outputs(out, done.manifest, [drawn(out)])
    assert {"ro-crate-metadata.json", "figures/gains.png"} <= set(read_manifest(out)["outputs"])


def test_nothing_is_entered_while_the_run_is_written(tmp_path, monkeypatch):
    out = tmp_path / "small"
    done = make(out)
    before = read_manifest(out)
    monkeypatch.setattr("migsim.ensemble.folders.PATIENCE", 0.1)
    with beside(out):
        for work in (lambda: add_outputs(out, done.manifest, [drawn(out)]), lambda: crate(out)):
            with pytest.raises(InputError, match="another process is writing this run"):
                work()
    assert read_manifest(out) == before


def test_who_enters_files_waits_a_moment_for_others(tmp_path):
    out = tmp_path / "small"
    done = make(out)
    is_held = threading.Event()

    def other():
        with beside(out):
            is_held.set()
            time.sleep(0.3)

    holding = threading.Thread(target=other)
    holding.start()
    is_held.wait()
    add_outputs(out, done.manifest, [drawn(out)])
    holding.join()
    assert "figures/gains.png" in read_manifest(out)["outputs"]


def test_files_are_hashed_once_and_only_if_the_worlds_suffice(tmp_path, monkeypatch):
    from migsim.results import earlier

    out, looked, old = tmp_path / "small", [], earlier.changed_files
    make(out)
    monkeypatch.setattr(earlier, "changed_files", lambda *given: looked.append(given) or old(*given))
    make(out, replicates=2)
    assert looked == []
    with pytest.warns(UserWarning, match="this very run"):
        make(out, replicates=2)
    assert len(looked) == 1


def stopped(monkeypatch, out, n, **options):
    """Finish the shards of a run and be killed before it takes its place."""
    with monkeypatch.context() as patch:
        patch.setattr("migsim.results.simulation.keep_only", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            make(out, replicates=n, **options)


def files_in(folder):
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*.parquet")}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (
            {"seed": 1},
            r"holds 18 worlds of an unfinished run of small-forum, seed 2026, parameters ranged; fin",
        ),
        ({"parameters": "central"}, r"holds 18 worlds .*; finish it with the command that began it, choose"),
        (
            {"replicates": 16},
            r"holds 18 worlds of an unfinished run, 2 more than the 16 .*; finish it with as",
        ),
    ],
)
def test_finished_work_of_another_run_is_not_thrown_away(options, said, tmp_path, monkeypatch):
    out, partial = tmp_path / "small", tmp_path / "small.partial"
    stopped(monkeypatch, out, 18)
    before = files_in(partial)
    with pytest.raises(InputError, match=said):
        make(out, **({"replicates": 18} | options))
    other = ms.load(SMALL, ["processes.gfmd.max_themes=1"])
    with pytest.raises(InputError, match="as it was set before; finish it"):
        ms.run(other, replicates=18, workers=1, out=out)
    assert files_in(partial) == before
    monkeypatch.setattr("migsim.ensemble.shards.run_batch", lambda *_: pytest.fail("run again"))
    assert make(out, replicates=18).n_replicates == 18
    assert os.listdir(tmp_path) == ["small"]
    assert not [name for name in os.listdir(out) if name.startswith(".")]


NOTE = {"format": "migsim note"}


def write_note(out):
    with made_at_once(out, NOTE, "a note") as folder:
        (folder / "note.txt").write_text("new")
        write_manifest(folder, NOTE)


def test_what_is_made_at_once_takes_its_place_and_replaces_its_like_alone(tmp_path):
    for _ in range(2):
        write_note(tmp_path / "note")
    assert sorted(os.listdir(tmp_path / "note")) == ["manifest.json", "note.txt"]
    with pytest.raises(InputError, match="not migsim note; choose another folder"):
        write_note(make(tmp_path / "small").folder)
    assert sorted(os.listdir(tmp_path)) == ["note", "small"]


def test_nothing_takes_the_place_of_an_unfinished_run(tmp_path, monkeypatch):
    out, partial = tmp_path / "small", tmp_path / "small.partial"
    stopped(monkeypatch, out, 2)
    before = files_in(partial)
    with pytest.raises(
        InputError, match=r"small.partial: holds an unfinished run; finish it, or choose anoth"
    ):
        write_note(out)
    assert files_in(partial) == before
    assert not out.exists()


def test_nothing_takes_the_place_of_a_run_that_comes_back(tmp_path):
    cut_short(make(tmp_path / "small").folder)
    with pytest.raises(InputError, match="holds a result with format migsim run, not migsim note"):
        write_note(tmp_path / "small")
    assert ms.Run.open(tmp_path / "small").n_replicates == 1
    assert os.listdir(tmp_path) == ["small"]


def test_a_run_takes_over_nothing_that_was_left_of_something_else(tmp_path):
    def killed(out):
        with made_at_once(out, NOTE, "a note") as folder:
            (folder / "note.txt").write_text("half of it")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        killed(tmp_path / "small")
    assert "note.txt" in os.listdir(tmp_path / "small.partial")
    assert "note.txt" not in make(tmp_path / "small").manifest["outputs"]
    assert os.listdir(tmp_path) == ["small"]


def test_unfinished_work_of_another_version_is_made_anew(tmp_path, monkeypatch):
    def older():
        return {"migsim": "0.0.1", "migsim_code": "of old", "numpy": "1.0"}

    with monkeypatch.context() as patch:
        for where in ("runner", "shards"):
            patch.setattr(f"migsim.ensemble.{where}.decisive_versions", older)
        stopped(monkeypatch, tmp_path / "small", 2)
    assert make(tmp_path / "small").n_replicates == 1


@pytest.mark.parametrize(
    "name", ["scenario_hash", "outputs", "failures", "replicates", "versions", "tables_sha256"]
)
def test_a_manifest_without_an_entry_is_said_to_be_damaged(name, tmp_path):
    out = tmp_path / "small"
    make(out)
    manifest = read_manifest(out)
    del manifest[name]
    (out / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    for again in (
        make,
        ms.Run.open,
        crate,
        lambda out: ms.rerun(out, workers=1),
        lambda out: ms.replay(out, 0),
        lambda out: ms.compare([out, small()], replicates=1, workers=1),
    ):
        with pytest.raises(InputError, match=r"manifest.json: is damaged.*run the scenario again"):
            again(out)


@pytest.mark.parametrize("odd", [{"seed": "2026"}, {"parameters": "wide"}, {"replicates": {}}])
def test_a_manifest_with_an_odd_entry_is_said_to_be_damaged(odd, tmp_path):
    out = tmp_path / "small"
    make(out)
    (out / "manifest.json").write_text(json.dumps(read_manifest(out) | odd), encoding="utf-8")
    with pytest.raises(InputError, match=rf"manifest.json: is damaged \({next(iter(odd))}.*run the scenario"):
        ms.Run.open(out)


def test_a_run_of_a_later_format_is_left_alone(tmp_path):
    out = tmp_path / "small"
    make(out)
    later = json.dumps(read_manifest(out) | {"format_version": 2})
    (out / "manifest.json").write_text(later, encoding="utf-8")
    said = r"format_version is 2, and this migsim knows versions up to 1; open the run with a newer migsim"
    for again in (ms.Run.open, make, lambda out: ms.rerun(out, workers=1), crate):
        with pytest.raises(InputError, match=said):
            again(out)
    assert (out / "manifest.json").read_text(encoding="utf-8") == later


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_is_said_so(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(EnvironmentProblem, match="--out"):
        make(tmp_path / "small")


def test_what_cannot_be_a_folder_is_said_so(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match=r"file is not a folder; choose another place with --out"):
        make(tmp_path / "file" / "small")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("n" * 250, "the name is too long; choose one of at most 246 bytes"),
        (f"{'n' * 300}/small", "the name is too long"),
        ("c\udcff", "is not text in UTF-8; choose another name"),
    ],
)
def test_names_that_no_run_can_have_are_refused_at_once(name, said, tmp_path, monkeypatch):
    monkeypatch.setattr("migsim.ensemble.shards.run_batch", lambda *_: pytest.fail("a world was run"))
    with pytest.raises(InputError, match=said):
        make(tmp_path / name)
    assert os.listdir(tmp_path) == []


def test_a_full_disk_is_said_so(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("migsim.ensemble.store.os.fsync", full)
    with pytest.raises(EnvironmentProblem, match="No space left on device"):
        make(tmp_path / "small")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "not a run folder"),
        ("{", "cannot be read"),
        ("[]", "not a manifest"),
        ("[" * 100_000, "cannot be read"),
    ],
)
def test_manifests_of_strangers_are_refused(text, said, tmp_path):
    if text is not None:
        (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(InputError, match=said):
        read_manifest(tmp_path)


def test_a_damaged_run_is_refused(tmp_path):
    out = tmp_path / "small"
    make(out)
    for shard in (out / "world").iterdir():
        shard.write_bytes(b"not Parquet")
    with pytest.raises(InputError, match="run the scenario again"):
        ms.Run.open(out).table("world")
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    (out / "manifest.json").write_text(json.dumps({**manifest, "seed": None}), encoding="utf-8")
    with pytest.raises(InputError, match="damaged"):
        ms.Run.open(out)


def processes_of(session):
    """Living processes of a session."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            state, _, _, its_session = path.read_text().rpartition(")")[2].split()[:4]
            found += [path] if int(its_session) == session and state not in "ZX" else []
    return found


def hear_interrupts():
    """A shell lets what it starts in the background ignore SIGINT, and so would these tests' own children."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs a list of processes")
@pytest.mark.parametrize("ending", ["SIGINT", "SIGKILL"])
def test_no_process_outlives_the_command(ending, tmp_path):
    words = ["run", str(SMALL), "--replicates", "4000", "--workers", "2", "--quiet"]
    command = [sys.executable, "-m", "migsim", *words, "--out", str(tmp_path / "small")]
    running = subprocess.Popen(
        command, stderr=subprocess.PIPE, text=True, start_new_session=True, preexec_fn=hear_interrupts
    )
    shards = tmp_path / "small.partial" / "shards"
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and not (shards.is_dir() and any(shards.iterdir())):
        time.sleep(0.05)
    send = os.killpg if ending == "SIGINT" else os.kill
    send(running.pid, getattr(signal, ending))
    _, said = running.communicate(timeout=30)
    while time.monotonic() < deadline and processes_of(running.pid):
        time.sleep(0.05)
    assert processes_of(running.pid) == []
    if ending == "SIGINT":
        assert running.returncode == 130
        assert said.startswith(f"interrupted; what is finished is kept in {tmp_path / 'small'}.partial, and ")
        assert said.count("\n") == 1
