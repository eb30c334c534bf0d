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
    state_columns,
    text_columns,
    vote_columns,
    world_columns,
)
from migsim.start import begin, without_processes
from migsim.triple_win import measure
from migsim.world.parameters import Spread
from migsim.world.worlds import Worlds
from migsim.year import live

if TYPE_CHECKING:
    from migsim.scenario.definition import Scenario

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
    "corridors": ("replicate", "year", "origin", "destination", "class"),
}
"""Key columns of each table; rows are sorted by them."""


def run_batch(
    definition: Scenario,
    worlds: Worlds | tuple[int, ...],
    seed: int,
    spread_of_parameters: Spread = "ranged",
    on_year: Callable[[int], None] | None = None,
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

    Returns
    -------
    dict of str to dict of str to array
        Tables as columns, rows sorted by `KEYS`; ``corridors`` only if the scenario records them.
    """
    setting, world = begin(definition, worlds, seed, spread_of_parameters)
    silent, paired = without_processes(setting), world
    parts: dict[str, list[Columns]] = {name: [] for name in KEYS}
    win = measure(world, paired, setting)
    parts["world"].append(world_columns(world, paired, win, setting))
    parts["states"].append(state_columns(world, paired, setting))
    parts["ratifications"].append(ratification_columns(world, setting))
    for year in range(definition.spec.years.first, definition.spec.years.last + 1):
        world, paired = live(world, setting), live(paired, silent)
        win = measure(world, paired, setting)
        parts["world"].append(world_columns(world, paired, win, setting))
        parts["states"].append(state_columns(world, paired, setting))
        parts["texts"].extend(text_columns(world, setting))
        parts["attendance"].extend(attendance_columns(world, setting))
        parts["ratifications"].append(ratification_columns(world, setting))
        parts["votes"].extend(vote_columns(world, setting))
        if "corridors" in definition.spec.record:
            parts["corridors"].append(corridor_columns(world, setting))
        if on_year is not None:
            on_year(year)
    tables = {name: _in_order(_joined(columns), KEYS[name]) for name, columns in parts.items() if columns}
    for name, kinds in KINDS.items():
        tables.setdefault(name, {column: np.zeros(0, dtype=kind) for column, kind in kinds.items()})
    return tables


def _joined(parts: list[Columns]) -> Columns:
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _in_order(columns: Columns, keys: tuple[str, ...]) -> Columns:
    order = np.lexsort([columns[key] for key in reversed(keys)])
    return {name: column[order] for name, column in columns.items()}


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
