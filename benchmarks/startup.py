"""How long it takes until something happens: imports, the command line, a first world, a first batch."""

from __future__ import annotations

import statistics
import subprocess
import sys
from functools import partial

from benchmarks.clock import ROOT, environment, rounds
from benchmarks.figures import Figure
from benchmarks.scene import BATCH, SEED, Scene

__all__ = ["measure"]

FIRST_BATCH = f"""
import migsim
from migsim.ensemble.batch import run_batch
run_batch(migsim.load({{file!r}}), tuple(range({BATCH})), {SEED}, "ranged")
"""


def python(*words: str) -> None:
    """A new Python process, to its end."""
    subprocess.run([sys.executable, *words], cwd=ROOT, env=environment(), check=True, capture_output=True)


def measure(scene: Scene) -> list[Figure]:
    """The figures of this part."""
    light = {
        "python": ("-c", "pass"),
        "numpy": ("-c", "import numpy"),
        "migsim": ("-c", "import migsim"),
        "help": ("-m", "migsim", "--help"),
        "check": ("-m", "migsim", "check", scene.file),
    }
    heavy = {
        "model": ("-c", f"import migsim; migsim.ForumModel({scene.file!r})"),
        "batch": ("-c", FIRST_BATCH.format(file=scene.file)),
    }
    taken = rounds({name: partial(python, *words) for name, words in light.items()}, scene.size(15, 2))
    taken |= rounds({name: partial(python, *words) for name, words in heavy.items()}, scene.size(2, 1))
    seconds = {name: statistics.median(each) for name, each in taken.items()}
    titles = {
        "python": "an empty Python process",
        "numpy": "import numpy",
        "migsim": "import migsim",
        "model": "a new process to its first ForumModel",
        "batch": f"a new process to the tables of its first {BATCH} replicates",
    }
    plain = [
        Figure(f"start_{name}", title, seconds[name], "s", "median of new processes", raw=dict(seconds))
        for name, title in titles.items()
    ]
    return [*plain, *(_over_numpy(name, taken) for name in ("help", "check"))]


def _over_numpy(name: str, taken: dict[str, list[float]]) -> Figure:
    """How long a command takes over ``import numpy``: the median of the ratios of pairs."""
    ratios = [mine / numpy for mine, numpy in zip(taken[name], taken["numpy"], strict=True)]
    title = {"help": "migsim --help", "check": "migsim check FILE"}[name]
    return Figure(
        f"{name}_over_numpy",
        f"{title}, over import numpy",
        statistics.median(ratios),
        "times",
        "new processes in turn; the median of the ratios of pairs",
        at_most=2.0,
        raw={name: statistics.median(taken[name]), "numpy": statistics.median(taken["numpy"])},
    )
