"""A batch of replicates, run beside its paired worlds, with everything that the tables need written down."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from migsim.ensemble.columns import (
    attendance_columns,
    corridor_columns,
    ratification_columns,
    rows_by_state,
    state_columns,
    text_columns,
    vote_columns,
    world_columns,
)
from migsim.ensemble.implementation import implementation_columns
from migsim.ensemble.moves import main_corridor_columns, migration_columns
from migsim.start import begin, without_processes
from migsim.triple_win import TripleWin, measure
from migsim.world.parameters import Spread
from migsim.world.worlds import Worlds
from migsim.year import live

if TYPE_CHECKING:
    from migsim.scenario.definition import Scenario
    from migsim.world.setting import Setting
    from migsim.world.state import World

__all__ = ["KEYS", "Columns", "Tables", "run_batch"]

type Columns = dict[str, NDArray[np.generic]]
type Tables = dict[str, Columns]

KEYS = {
    "world": ("replicate", "year"),
    "states": ("replicate", "year", "state"),
    "texts": ("replicate", "year", "process", "theme", "paragraph"),
    "attendance": ("replicate", "year", "process", "state"),
    "ratifications": ("replicate", "year", "instrument", "state"),
    "votes": ("replicate", "year", "instrument", "state"),
    "implementation": ("replicate", "year", "theme"),
    "migrations": ("replicate", "year", "origin", "destination"),
    "main_corridors": ("replicate", "year", "origin", "destination"),
    "corridors": ("replicate", "year", "origin", "destination", "class"),
}
"""Key columns of each table; rows are sorted by them."""


KINDS: Final[dict[str, dict[str, type]]] = {
    "texts": {
        "replicate": np.int64,
        "year": np.int64,
        "process": object,
        "theme": object,
        "paragraph": object,
        "on_agenda": np.bool_,
        "draft": np.float64,
        "position": np.float64,
        "ambiguity": np.float64,
        "adopted": np.bool_,
        "strength": np.float64,
        "objections": np.int64,
        "pledged": np.int64,
        "compromise": np.float64,
    },
    "attendance": {
        "replicate": np.int64,
        "year": np.int64,
        "process": object,
        "state": object,
        "attended": np.bool_,
        "objections": np.int64,
    },
    "votes": {
        "replicate": np.int64,
        "year": np.int64,
        "instrument": object,
        "state": object,
        "vote": object,
    },
}
"""Columns of the tables of a scenario in which no process meets, or none votes."""

_WRITERS: Final[dict[str, Callable[[World, World, TripleWin, Setting], list[Columns]]]] = {
    "world": lambda world, paired, win, setting: [world_columns(world, paired, win, setting)],
    "states": lambda world, paired, _, setting: [
        rows_by_state(state_columns(world, paired, setting), setting.states)
    ],
    "texts": lambda world, _, __, setting: text_columns(world, setting),
    "attendance": lambda world, _, __, setting: attendance_columns(world, setting),
    "ratifications": lambda world, _, __, setting: [ratification_columns(world, setting)],
    "votes": lambda world, _, __, setting: vote_columns(world, setting),
    "implementation": lambda world, paired, _, setting: [implementation_columns(world, paired, setting)],
    "migrations": lambda world, paired, _, setting: migration_columns(world, paired, setting),
    "main_corridors": lambda world, paired, _, setting: main_corridor_columns(world, paired, setting),
    "corridors": lambda world, _, __, setting: (
        [corridor_columns(world, setting)] if world.year >= setting.definition.spec.years.first else []
    ),
}
"""What is written of each year into each table."""


def run_batch(
    definition: Scenario,
    worlds: Worlds | tuple[int, ...],
    seed: int,
    spread_of_parameters: Spread = "ranged",
    on_year: Callable[[int], None] | None = None,
    tables: tuple[str, ...] | None = None,
) -> Tables:
    """Run worlds of a scenario from its first to its last year, beside their worlds without processes.

    Parameters
    ----------
    definition : Scenario
    worlds : Worlds or tuple of int
        The worlds, or the numbers of plain ones; what a world gives does not depend on the others.
    seed : int
    spread_of_parameters : {"ranged", "central"}
        Whether parameters vary over their ranges or keep their defaults.
    on_year : callable, optional
        Told each finished year.
    tables : tuple of str, optional
        Names of the tables to write; by default all, ``corridors`` only if the scenario records them.

    Returns
    -------
    dict of str to dict of str to array
        Tables as columns, rows sorted by `KEYS`; ``corridors`` only if the scenario records them.
    """
    setting, world = begin(definition, worlds, seed, spread_of_parameters)
    silent, paired = without_processes(setting), world
    processes = definition.spec.processes.values()
    # Without treaties the two worlds are one until somebody meets.
    only_sessions_matter = not any(each.has_treaties for each in processes)
    kept = [name for name in KEYS if _is_kept(name, definition, tables)]
    parts: dict[str, list[Columns]] = {name: [] for name in kept}

    def write_down() -> None:
        win = measure(world, paired, setting)
        for name in kept:
            parts[name] += _WRITERS[name](world, paired, win, setting)

    write_down()
    for year in range(definition.spec.years.first, definition.spec.years.last + 1):
        is_same = world is paired and only_sessions_matter
        world = live(world, setting)
        paired = world if is_same and not world.minutes else live(paired, silent)
        write_down()
        if on_year is not None:
            on_year(year)
    return {
        name: _joined(written, setting.worlds.numbers)
        if written
        else {column: np.zeros(0, dtype=kind) for column, kind in KINDS[name].items()}
        for name, written in parts.items()
    }


def _is_kept(name: str, definition: Scenario, tables: tuple[str, ...] | None) -> bool:
    if name == "corridors":
        return name in (definition.spec.record if tables is None else tables)
    return tables is None or name in tables


def _joined(parts: list[Columns], numbers: tuple[int, ...]) -> Columns:
    """One table of parts that follow each other: by replicate, and those of each as they were written."""
    rising = np.sort(np.array(numbers))
    if all(_has_blocks(part["replicate"], rising) for part in parts):
        return {
            name: np.concatenate([part[name].reshape(rising.size, -1) for part in parts], axis=1).ravel()
            for name in parts[0]
        }
    order = np.argsort(np.concatenate([part["replicate"] for part in parts]), kind="stable")
    return {name: np.concatenate([part[name] for part in parts]).take(order) for name in parts[0]}


def _has_blocks(replicates: NDArray[np.generic], rising: NDArray[np.int64]) -> bool:
    """Whether rows stand replicate by replicate, as many of each."""
    n_rows = replicates.size // rising.size
    return np.array_equal(replicates, np.repeat(rising, n_rows))
