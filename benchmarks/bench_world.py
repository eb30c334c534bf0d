"""How long a world takes: one with its pair, a batch, and the start of the command line.

Run with ``make bench``; figures of speed are never tests. Each figure is the median of several runs.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

import migsim
from migsim.ensemble.batch import run_batch
from migsim.start import begin, without_processes
from migsim.world.setting import Setting
from migsim.world.state import World
from migsim.year import live, live_world

ROOT = Path(__file__).resolve().parents[1]
SCENARIO = "gfmd-2007-2015"
BATCH = 16


def median_seconds(work: Callable[[], object], n_runs: int = 5) -> float:
    """Median wall time of some runs after one that is not counted."""
    work()
    seconds = []
    for _ in range(n_runs):
        started = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - started)
    return statistics.median(seconds)


def command_seconds(*arguments: str) -> float:
    """Median wall time of a whole command."""
    return median_seconds(lambda: subprocess.run(arguments, cwd=ROOT, check=True, capture_output=True))


def floor_seconds(setting: Setting, world: World) -> float:
    """Exponentials, logarithms and normals that the equations of one year of the world cannot do without.

    One exponential for each class and corridor (flows), one logarithm (diaspora) and one exponential
    (remittances) for each corridor, some sixty functions of states (income, jobs, opinion, work, status),
    and the three blocks of normals (flows, growth, events).
    """
    classes, corridors, states = world.people.stock, world.people.everybody, world.people.population

    def work() -> None:
        np.exp(-classes)
        np.log1p(corridors)
        np.exp(-corridors)
        for _ in range(30):
            np.exp(np.log(states))
        for purpose in ("flows", "growth", "opinion events"):
            setting.noise.state_normals(purpose, setting.states.registered, year=2010)

    return median_seconds(work, n_runs=15)


def main() -> None:
    """Print the table."""
    gfmd = migsim.load(SCENARIO)
    setting, start = begin(gfmd, (0,), 2026)
    silent = without_processes(setting)
    years = range(2006, gfmd.spec.years.last + 1)

    def one_world_with_pair() -> None:
        world = paired = start
        for _ in years:
            world, paired = live(world, setting), live(paired, silent)

    whole = "import migsim; migsim.ForumModel().run()"
    n_years = 2 * len(years)
    alone = median_seconds(one_world_with_pair)
    many, many_start = begin(gfmd, tuple(range(BATCH)), 2026, "ranged")
    lone = without_processes(many)
    floor = floor_seconds(many, many_start) / BATCH
    second = live(many_start, lone)
    world_year = median_seconds(lambda: live_world(second, lone), n_runs=15) / BATCH
    batch = median_seconds(lambda: run_batch(gfmd, tuple(range(BATCH)), 2026, "ranged"), n_runs=3) / BATCH
    numpy = command_seconds(sys.executable, "-c", "import numpy")
    rows = [
        ("one world with its pair, 2006-2015", alone, f"{1000 * alone / n_years:.2f} ms a world-year"),
        (
            f"a replicate in a batch of {BATCH}, tables included",
            batch,
            f"{1000 * batch / n_years:.2f} ms a world-year",
        ),
        ("floor of a world-year: exponentials, logarithms, normals", floor, f"{1000 * floor:.2f} ms"),
        (
            f"a world-year in a batch of {BATCH}",
            world_year,
            f"{1000 * world_year:.2f} ms, {world_year / floor:.1f} x its floor (aim 2.3)",
        ),
        ("a new process that runs one world and its pair", command_seconds(sys.executable, "-c", whole), ""),
        ("import numpy", numpy, ""),
    ]
    for words in (["--help"], ["check", f"scenarios/{SCENARIO}.yaml"]):
        seconds = command_seconds(sys.executable, "-m", "migsim", *words)
        rows.append((f"migsim {' '.join(words)}", seconds, f"{seconds / numpy:.2f} x import numpy (bar 2)"))
    for name, seconds, note in rows:
        print(f"{name:55s} {seconds:8.3f} s  {note}")


if __name__ == "__main__":
    main()
