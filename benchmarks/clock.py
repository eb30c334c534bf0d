"""Timing: medians of works run in turn, commands in processes of their own, and the memory they take."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psutil

__all__ = ["ROOT", "Watched", "environment", "medians", "rounds", "seconds_of", "watch"]

ROOT: Final = Path(__file__).resolve().parents[1]
SECONDS_BETWEEN_LOOKS: Final = 0.05
MEGABYTE: Final = 1e6


def seconds_of(work: Callable[[], object]) -> float:
    """Wall time of one call."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def rounds(works: Mapping[str, Callable[[], object]], n_rounds: int) -> dict[str, list[float]]:
    """Wall times of works that take turns, so that what else the machine does strikes all alike.

    Each work has one turn before that is not counted.
    """
    for work in works.values():
        work()
    seconds: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(n_rounds):
        for name, work in works.items():
            seconds[name].append(seconds_of(work))
    return seconds


def medians(works: Mapping[str, Callable[[], object]], n_rounds: int = 5) -> dict[str, float]:
    """Median wall time of each of some works that take turns."""
    return {name: statistics.median(seconds) for name, seconds in rounds(works, n_rounds).items()}


def environment() -> dict[str, str]:
    """Environment of a child process, which finds the package and the benchmarks as this one does."""
    path = os.pathsep.join(dict.fromkeys([str(ROOT / "src"), str(ROOT), *filter(None, sys.path)]))
    return {**os.environ, "PYTHONPATH": path}


@dataclass(frozen=True)
class Watched:
    """What a command took: seconds, and the peak memory (MB) of it and of the largest process it started."""

    seconds: float
    driver: float
    worker: float


def watch(arguments: Sequence[str]) -> Watched:
    """Run a command to its end and look at the memory of its processes all the while.

    Raises
    ------
    RuntimeError
        If the command fails.
    """
    started = time.perf_counter()
    process = subprocess.Popen(
        arguments, cwd=ROOT, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    peaks: dict[int, float] = {}
    while process.poll() is None:
        for pid in (process.pid, *_children(process.pid)):
            peaks[pid] = max(peaks.get(pid, 0.0), _peak(pid))
        time.sleep(SECONDS_BETWEEN_LOOKS)
    seconds = time.perf_counter() - started
    said = process.stderr.read().decode() if process.stderr else ""
    if process.returncode:
        msg = f"{' '.join(arguments)}: exit {process.returncode}\n{said}"
        raise RuntimeError(msg)
    driver = peaks.pop(process.pid, 0.0)
    return Watched(seconds, driver, max(peaks.values(), default=0.0))


def _children(pid: int) -> list[int]:
    try:
        return [child.pid for child in psutil.Process(pid).children(recursive=True)]
    except psutil.Error:
        return []


def _peak(pid: int) -> float:
    """Peak resident memory of a process so far, MB; where the system keeps no peak, what it has now."""
    try:
        for line in Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines():
            if line.startswith("VmHWM:"):
                return float(line.split()[1]) * 1024 / MEGABYTE
    except OSError:
        pass
    try:
        return float(psutil.Process(pid).memory_info().rss) / MEGABYTE
    except psutil.Error:
        return 0.0
