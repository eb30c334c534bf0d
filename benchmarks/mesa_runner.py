"""The same worlds through Mesa's own runner, and through `migsim.run`."""

from __future__ import annotations

import mesa

import migsim
from benchmarks.clock import seconds_of
from benchmarks.figures import Figure
from benchmarks.scene import SEED, Scene

__all__ = ["measure"]

PROCESSES = 2


def measure(scene: Scene) -> list[Figure]:
    """The figures of this part."""
    n_runs = scene.size(200, 4)

    def by_mesa() -> None:
        mesa.batch_run(  # noqa: TID251
            migsim.ForumModel,
            {"definition": scene.file, "replicate": range(n_runs), "parameters": "ranged"},
            number_processes=PROCESSES,
            rng=SEED,
            display_progress=False,
        )

    def by_migsim() -> None:
        migsim.run(scene.file, replicates=n_runs, seed=SEED, workers=PROCESSES, progress=False)

    raw = {"mesa": seconds_of(by_mesa), "migsim": seconds_of(by_migsim)}
    return [
        Figure(
            "mesa_batch_run",
            f"{n_runs} runs of ForumModel by mesa.batch_run",
            raw["mesa"],
            "s",
            f"{PROCESSES} processes, replicates 0 to {n_runs - 1}, ranged; the last year of each collected",
            raw=raw,
        ),
        Figure(
            "versus_mesa_batch_run",
            "the same worlds by migsim.run",
            raw["mesa"] / raw["migsim"],
            "times as fast",
            f"{PROCESSES} workers, all tables of all years in memory",
            raw=raw,
        ),
    ]
