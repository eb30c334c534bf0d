"""What a design will cost, from a pilot of three of its worlds."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from migsim.ensemble.batch import Tables, run_batch
from migsim.ensemble.designs import Design
from migsim.ensemble.fingerprints import fingerprints
from migsim.ensemble.store import Outcome, write_shard

__all__ = ["Cost", "pilot"]

PILOT: Final = 3
STARTING: Final = 1.5
"""Seconds until a worker process has loaded what it needs."""


@dataclass(frozen=True)
class Cost:
    """What a design costs, about.

    Attributes
    ----------
    worlds, shards
        How many there are.
    seconds
        From start to end, with this many workers.
    memory
        Bytes of main memory, all processes together.
    disk
        Bytes of the tables on disk.
    starting
        Seconds of ``seconds`` that pass before the first world, however many there are.
    """

    worlds: int
    shards: int
    workers: int
    seconds: float
    memory: float
    disk: float
    starting: float = 0.0

    def __str__(self) -> str:
        workers = "one process" if self.workers == 1 else f"{self.workers} processes"
        shards = "one shard" if self.shards == 1 else f"{self.shards:,} shards"
        return (
            f"{self.worlds:,} worlds in {shards}: about {duration(self.seconds)}"
            f" with {workers}, {size(self.memory)} of memory, {size(self.disk)} on disk"
        )


def pilot(design: Design, workers: int) -> Cost:
    """Run three worlds of a design and reckon from them what all of it costs.

    A first world shows how long a process takes to be ready, a second how long one takes by itself, and a
    batch of three how much each further world of a batch adds.
    """
    shard = design.shards[0]
    first, several = shard.replicates[:1], shard.replicates[:PILOT]
    begun = time.perf_counter()
    _on_disk(_run(design, first), first)
    ready = time.perf_counter()
    _run(design, first)
    alone, peak = time.perf_counter() - ready, _peak_memory()
    started = time.perf_counter()
    tables = _run(design, several)
    together = time.perf_counter() - started
    started = time.perf_counter()
    disk = _on_disk(tables, several) / len(several)
    writing = (time.perf_counter() - started) / len(several)
    more = max(len(several) - 1, 1)
    further = max((together - alone) / more, 0.1 * alone)
    sizes = [len(each.replicates) for each in design.shards]
    work = sum(alone + (n - 1) * further + n * writing for n in sizes)
    busy = min(workers, len(sizes))
    memory = peak + (_peak_memory() - peak) / more * max(sizes)
    starting = ready - begun + (STARTING if busy > 1 else 0.0)
    return Cost(
        worlds=sum(sizes),
        shards=len(sizes),
        workers=busy,
        seconds=starting + work / busy,
        memory=memory * (busy + (busy > 1)),
        disk=disk * sum(sizes),
        starting=starting,
    )


def duration(seconds: float) -> str:
    """Seconds in words.

    Examples
    --------
    >>> duration(4.2), duration(200), duration(9000)
    ('4 s', '3 min 20 s', '2 h 30 min')
    """
    whole = max(round(seconds), 1)
    hours, minutes = whole // 3600, whole // 60 % 60
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {whole % 60} s" if minutes else f"{whole} s"


def size(n_bytes: float) -> str:
    """Bytes in words.

    Examples
    --------
    >>> size(2_300_000), size(4.1e9)
    ('2 MB', '4.1 GB')
    """
    return f"{n_bytes / 1e9:.1f} GB" if n_bytes >= 1e9 else f"{max(n_bytes / 1e6, 1.0):.0f} MB"


def _run(design: Design, numbers: tuple[int, ...]) -> Tables:
    scenario, worlds = design.batch(numbers)
    return run_batch(scenario, worlds, design.seed, design.spread, None, design.tables)


def _peak_memory() -> float:
    """Bytes of main memory that this process has needed so far; macOS counts bytes, others kilobytes."""
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1.0 if sys.platform == "darwin" else 1024.0)


def _on_disk(tables: Tables, numbers: tuple[int, ...]) -> int:
    with TemporaryDirectory() as place:
        folder = Path(place)
        write_shard(folder, Outcome(0, numbers, fingerprints(tables, numbers), (), 0.0, tables), "pilot")
        return sum(path.stat().st_size for path in folder.rglob("*.parquet"))
