"""Two processes: what two workers of one run give, of what the machine itself gives two processes.

The machine's ceiling is measured in the same run: two separate runs in one process each, at the same time,
each of half the worlds. A run with two workers that took as long as those two would be at the ceiling.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.clock import ROOT, environment
from benchmarks.figures import Figure
from benchmarks.scene import Scene

__all__ = ["measure"]

RUN = """
import json, sys, time
started = time.perf_counter()
import migsim
file, first, last, workers, out = sys.argv[1:]
migsim.run(file, replicates=range(int(first), int(last)), workers=int(workers), out=out, progress=False)
print(json.dumps(time.perf_counter() - started))
"""


def together(file: str, n_worlds: int, n_runs: int, workers: int) -> float:
    """Seconds until the last of some runs that start together is done; they share the worlds."""
    share = n_worlds // n_runs
    with TemporaryDirectory() as folder:
        started = [
            subprocess.Popen(
                [
                    *(sys.executable, "-c", RUN, file, str(k * share), str((k + 1) * share), str(workers)),
                    str(Path(folder) / str(k)),
                ],
                cwd=ROOT,
                env=environment(),
                stdout=subprocess.PIPE,
            )
            for k in range(n_runs)
        ]
        said = [process.communicate()[0] for process in started]
    if any(process.returncode for process in started):
        raise RuntimeError("a run failed; what it said stands above")
    return max(float(json.loads(each)) for each in said)


def measure(scene: Scene) -> list[Figure]:
    """The figures of this part."""
    worlds = scene.size(480, 64)
    taken: dict[str, list[float]] = {"alone": [], "two_runs": [], "two_workers": []}
    works = {
        "alone": partial(together, scene.file, worlds // 2, 1, 1),
        "two_runs": partial(together, scene.file, worlds, 2, 1),
        "two_workers": partial(together, scene.file, worlds, 1, 2),
    }
    for _ in range(scene.size(2, 1)):
        for name, work in works.items():
            taken[name].append(work())
    seconds = {name: statistics.median(each) for name, each in taken.items()}
    ceiling = 2.0 * seconds["alone"] / seconds["two_runs"]
    gained = 2.0 * seconds["alone"] / seconds["two_workers"]
    raw = {**seconds, "worlds (number)": worlds}
    return [
        Figure(
            "machine_ceiling",
            "two runs at once, against one alone",
            ceiling,
            "times the worlds a second",
            f"two runs of {worlds // 2} replicates in one process each, at once, against one such run",
            raw=raw,
        ),
        Figure(
            "two_workers",
            "two workers, against one",
            gained,
            "times the worlds a second",
            f"a run of {worlds} replicates with two workers, {worlds // 2} with one; start-up included",
            raw=raw,
        ),
        Figure(
            "two_process_efficiency",
            "two workers, of the machine's own ceiling",
            gained / ceiling,
            "share",
            "the gain of two workers over the gain of two separate runs, measured in turn",
            at_least=0.8,
            raw=raw,
        ),
    ]
