"""From 100 to 1,000 replicates: whether a world-year takes longer, and a run more memory.

Each run is the command ``migsim run`` in a process of its own, with two workers, tables and figures.
"""

from __future__ import annotations

import json
import statistics
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.clock import Watched, watch
from benchmarks.figures import Figure
from benchmarks.scene import Scene

__all__ = ["measure"]

WORKERS = 2


@dataclass(frozen=True)
class Grown:
    """One run: its processes, its seconds from start to last table, and its median seconds a shard."""

    watched: Watched
    simulation: float
    shard: float


def command(scene: Scene, replicates: int) -> Grown:
    """Run the scenario from the command line."""
    with TemporaryDirectory() as folder:
        out = Path(folder) / "run"
        words = [*("--replicates", str(replicates)), *("--workers", str(WORKERS)), *("--out", str(out))]
        watched = watch([sys.executable, "-m", "migsim", "run", scene.file, *words, "--quiet"])
        timings = json.loads((out / "manifest.json").read_text(encoding="utf-8"))["timings"]
        shards = [
            json.loads(line) for line in (out / "ledger.jsonl").read_text(encoding="utf-8").splitlines()
        ]
    # The last shard may be short, and the first of each worker holds its start: the median is neither.
    return Grown(watched, timings["seconds"], statistics.median(shard["seconds"] for shard in shards))


def measure(scene: Scene) -> list[Figure]:
    """The figures of this part."""
    few, many = scene.size(100, 32), scene.size(1000, 64)
    command(scene, few)  # not counted: the files are then in the system's memory
    small = [command(scene, few) for _ in range(scene.size(2, 1))]
    large = [command(scene, many) for _ in range(scene.size(2, 1))]
    raw: dict[str, float] = {}
    for name, runs in (("few", small), ("many", large)):
        raw |= {
            f"{name}_command": statistics.median(run.watched.seconds for run in runs),
            f"{name}_simulation": statistics.median(run.simulation for run in runs),
            f"{name}_shard": statistics.median(run.shard for run in runs),
            f"{name}_driver_mb": statistics.median(run.watched.driver for run in runs),
            f"{name}_worker_mb": statistics.median(run.watched.worker for run in runs),
        }
    command_growth = raw["many_command"] / many / (raw["few_command"] / few)
    shard_growth = raw["many_shard"] / raw["few_shard"]
    driver_growth = raw["many_driver_mb"] / raw["few_driver_mb"]
    worker_growth = raw["many_worker_mb"] / raw["few_worker_mb"]
    return [
        Figure(
            "replicate_growth",
            f"time of a world-year, {many} replicates over {few}",
            max(command_growth, shard_growth),
            "times",
            "the larger of two: whole commands over their world-years, start-up included; and median "
            "shards, free of start-up",
            at_most=1.1,
            raw={**raw, "command_growth (ratio)": command_growth, "shard_growth (ratio)": shard_growth},
        ),
        Figure(
            "memory_growth",
            f"peak memory, {many} replicates over {few}",
            max(driver_growth, worker_growth),
            "times",
            "the larger of two: the peak of the process that leads the run, figures included; and that of "
            "its largest worker",
            at_most=1.1,
            raw={**raw, "driver_growth (ratio)": driver_growth, "worker_growth (ratio)": worker_growth},
        ),
        Figure(
            "thousand_replicates",
            f"{many} replicates on two cores, to the last table",
            raw["many_simulation"],
            "s",
            "migsim run --workers 2, from the start of the run to its manifest; without import and figures",
            at_most=10.0,
            raw={"simulation": raw["many_simulation"], "whole_command": raw["many_command"]},
        ),
    ]
