"""A world-year with 50 to 800 synthetic states."""

from __future__ import annotations

from functools import partial

import numpy as np

from benchmarks.clock import medians
from benchmarks.figures import Figure
from benchmarks.scene import Scene
from benchmarks.synthetic import synthetic_world
from migsim.world.setting import Setting
from migsim.world.state import World
from migsim.year import live_world

__all__ = ["measure"]

BATCH = 4


def second_year(scene: Scene, n_states: int) -> tuple[World, Setting]:
    """Worlds that have lived a year, which must be one of numbers."""
    setting, start = synthetic_world(scene.definition, n_states, BATCH)
    world = live_world(start, setting)
    if not (np.isfinite(world.people.stock).all() and np.isfinite(world.economies.income).all()):
        msg = f"a world of {n_states} synthetic states is not finite"
        raise ValueError(msg)
    return world, setting


def measure(scene: Scene) -> list[Figure]:
    """The figures of this part."""
    sizes = (50,) if scene.quick else (50, 100, 200, 400, 800)
    worlds = {n: second_year(scene, n) for n in sizes}
    taken = medians({str(n): partial(live_world, *worlds[n]) for n in sizes}, scene.size(11, 2))
    return [
        Figure(
            f"states_{n}",
            f"a world-year of {n} synthetic states, {len(worlds[n][1].corridors)} corridors",
            1000.0 * taken[str(n)] / BATCH,
            "ms",
            f"the phases of the world and its accounts, {BATCH} worlds at once; copies of registered states",
            raw={"batch": taken[str(n)], "corridors (number)": len(worlds[n][1].corridors)},
        )
        for n in sizes
    ]
