"""A world-year in a batch and an ensemble as a whole, each beside its floor; batches of rising size."""

from __future__ import annotations

from functools import partial

from benchmarks.clock import medians
from benchmarks.figures import Figure
from benchmarks.floor import recorded, world_floor
from benchmarks.scene import BATCH, SEED, Scene
from migsim.ensemble.batch import run_batch
from migsim.start import begin, without_processes
from migsim.year import live, live_world

__all__ = ["measure"]

OF_EQUATIONS = (
    "what the equations hold: an exponential for each class and corridor, and so on (benchmarks/floor.py)"
)
OF_CALLS = "every call of these functions that the run made, made again on the same numbers"


def measure(scene: Scene) -> list[Figure]:
    """The figures of this part."""
    return [*_world_year(scene), *_ensemble(scene), *_batches(scene)]


def _world_year(scene: Scene) -> list[Figure]:
    setting, start = begin(scene.definition, tuple(range(BATCH)), SEED, "ranged")
    lone = without_processes(setting)
    second = live(start, lone)
    work = partial(live_world, second, lone)
    calls = recorded(work, world_too=True)
    taken = medians(
        {"work": work, "equations": partial(world_floor, lone, second), "calls": calls.again},
        scene.size(21, 3),
    )
    seconds = {name: each / BATCH for name, each in taken.items()}
    how = f"the phases of the world and its accounts, {BATCH} worlds at once, over"
    return _over_floors("world_year", "a world-year without a forum", seconds, how)


def _ensemble(scene: Scene) -> list[Figure]:
    """The whole of a batch: start, both worlds, sessions, tables as columns; nothing is written to disk."""
    numbers = tuple(range(BATCH))
    work = partial(run_batch, scene.definition, numbers, SEED, "ranged")
    work()
    everything, states_alone = recorded(work, world_too=True), recorded(work, world_too=False)
    setting, start = begin(scene.definition, numbers, SEED, "ranged")
    world = live(start, setting)

    def floor() -> None:
        for _ in range(scene.n_world_years):
            world_floor(setting, world)
        states_alone.again()

    taken = medians({"work": work, "equations": floor, "calls": everything.again}, scene.size(5, 2))
    seconds = {name: each / BATCH / scene.n_world_years for name, each in taken.items()}
    how = (
        f"run_batch of {BATCH} replicates of {scene.definition.name}, parameters ranged: start, each world "
        "and its pair, sessions, tables; over"
    )
    forum = f", and what states, sessions and draws add to it: {OF_CALLS}"
    return _over_floors("ensemble", "the whole ensemble", seconds, how, forum)


def _over_floors(
    name: str, title: str, seconds: dict[str, float], how: str, further: str = ""
) -> list[Figure]:
    """Seconds of a world-year over those of its two floors, of which that of equations has a bar.

    Parameters
    ----------
    name, title
        What was timed.
    seconds
        A world-year of ``work``, ``equations`` and ``calls``.
    how
        How it was timed, up to the floor.
    further
        What the floor of equations holds beside them.
    """
    floors = (
        ("floor", "equations", f"{OF_EQUATIONS}{further}", 2.3),
        ("calls", "calls", OF_CALLS, None),
    )
    return [
        Figure(
            f"{name}_over_{key}",
            f"{title}, over the floor of its {floor}",
            seconds["work"] / seconds[floor],
            "times",
            f"{how} {what}",
            at_most=bar,
            raw={"world_year": seconds["work"], "floor": seconds[floor]},
        )
        for key, floor, what, bar in floors
    ]


def _batches(scene: Scene) -> list[Figure]:
    """Milliseconds a world-year in batches of rising size."""
    sizes = (1, 2) if scene.quick else (1, 4, 8, 16, 32, 64)
    works = {
        str(size): partial(run_batch, scene.definition, tuple(range(size)), SEED, "ranged") for size in sizes
    }
    taken = medians(works, scene.size(3, 1))
    each = {size: 1000.0 * taken[str(size)] / size / scene.n_world_years for size in sizes}
    return [
        Figure(
            f"batch_{size}",
            f"a world-year in a batch of {size}, tables included",
            each[size],
            "ms",
            f"run_batch of {size} replicates, over replicates, years and both worlds",
            raw={"batch": taken[str(size)]},
        )
        for size in sizes
    ]
