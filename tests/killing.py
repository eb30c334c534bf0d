"""Commands that are started and killed, and what is left of them."""

import contextlib
import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from tests.lives import SMALL

VARYING = ("ledger.jsonl", "manifest.json")
"""Files that say how long things took."""

WITHOUT_FIGURES = """
from migsim.results.figures import Figures
Figures.save_all = lambda *_, **__: []
from migsim.cli import main
raise SystemExit(main())
"""
"""The command line, without the figures, which take as long as these runs."""


def sha256_of_files(folder: Path) -> dict[str, str]:
    """SHA-256 of every file of a run that does not say how long things took."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in VARYING
    }


def tables_sha256(folder: Path) -> dict[str, str]:
    return json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["tables_sha256"]


def started(out: Path, n: int, *words: str) -> subprocess.Popen[str]:
    """``migsim run`` of the small forum, in a session of its own."""
    command = [sys.executable, "-c", WITHOUT_FIGURES, "run", str(SMALL), "--replicates", str(n)]
    return subprocess.Popen(
        [*command, "--out", str(out), "--quiet", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=hear_interrupts,
    )


def hear_interrupts() -> None:
    """A shell lets what it starts in the background ignore SIGINT, and so would these tests' own children."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def wait_for_notes(out: Path, n: int, seconds: float = 120.0) -> bool:
    """Until a run in the making has notes of so many shards; false if it ended before."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if n_notes(out) >= n:
            return True
        if out.exists():
            return False
        time.sleep(0.01)
    raise TimeoutError(f"no {n} shards of {out}")


def n_notes(out: Path) -> int:
    """How many shards of a run in the making have notes."""
    notes = out.with_name(f"{out.name}.partial") / "shards"
    with contextlib.suppress(OSError):
        return len([name for name in os.listdir(notes) if name.endswith(".json")])
    return 0


def children(pid: int) -> list[int]:
    """Living children of a process whose command line speaks of a pool worker."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            state, parent = path.read_text().rpartition(")")[2].split()[:2]
            command = (path.parent / "cmdline").read_bytes()
            if int(parent) == pid and state not in "ZX" and b"spawn_main" in command:
                found.append(int(path.parent.name))
    return sorted(found)


def of_session(session: int) -> list[int]:
    """Living processes of a session."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            state, _, _, its_session = path.read_text().rpartition(")")[2].split()[:4]
            if int(its_session) == session and state not in "ZX":
                found.append(int(path.parent.name))
    return found


def moments(key: int) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(20260, spawn_key=(key,))))


@contextmanager
def dask_cluster(folder: Path, n_workers: int = 2) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """A scheduler and workers on loopback, each a process of its own: its address, and the workers."""
    told = folder / "scheduler.json"
    quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder}
    module = [sys.executable, "-m", "distributed.cli.dask_scheduler"]
    scheduler = subprocess.Popen(
        [*module, "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(told), "--no-dashboard"],
        **quiet,
    )
    workers: list[subprocess.Popen[bytes]] = []
    try:
        address = _address(told)
        for _ in range(n_workers):
            words = ["--host", "127.0.0.1", "--nthreads", "1", "--no-nanny", "--no-dashboard"]
            module = [sys.executable, "-m", "distributed.cli.dask_worker", address]
            workers.append(subprocess.Popen([*module, *words, "--local-directory", str(folder)], **quiet))
        yield address, workers
    finally:
        for process in (*workers, scheduler):
            process.kill()
            process.wait()


def _address(told: Path) -> str:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError, ValueError, KeyError):
            return str(json.loads(told.read_text(encoding="utf-8"))["address"])
        time.sleep(0.05)
    raise TimeoutError("the scheduler does not start")
