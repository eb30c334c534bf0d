"""Running an ensemble: shard by shard, through an executor, into memory or into a folder.

Of a run into a folder nothing is kept in memory but the numbers of what is still to be run.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path
from typing import Any

from migsim.ensemble.designs import Design, Shard
from migsim.ensemble.executors import Executor
from migsim.ensemble.folders import BEGUN, clear_leftovers, on_disk
from migsim.ensemble.ledger import take_up
from migsim.ensemble.progress import meter
from migsim.ensemble.store import Outcome, clear, notes, whole, write_text
from migsim.ensemble.versions import decisive_versions
from migsim.errors import InputError

__all__ = ["begin_in", "keep_only", "simulate", "simulate_into"]

REMEDY = "choose another folder with --out, or remove it"


def simulate(
    design: Design,
    executor: Executor,
    is_shown: bool | None = None,
    shards: tuple[Shard, ...] | None = None,
) -> list[Outcome]:
    """Run shards of a design, and give what became of each, with its tables, in the order of their numbers.

    Parameters
    ----------
    design
        What to run.
    executor
        Who runs it.
    is_shown
        Whether to show progress: always, never, or (None) on a terminal only.
    shards
        By default all.
    """
    chosen = design.shards if shards is None else shards
    total = sum(len(shard.replicates) for shard in chosen) * design.n_years
    outcomes = []
    with meter(design.definition.name, total, is_shown) as shown:
        for outcome in executor.outcomes(design, chosen, None, shown.advance):
            shown.fail(len(outcome.failures))
            outcomes.append(outcome)
    return sorted(outcomes, key=lambda outcome: outcome.number)


def begin_in(folder: Path, design: Design, sources: Collection[Path] = ()) -> set[int]:
    """Make a folder ready for a design: shards that it or an earlier run holds of it are kept.

    Parameters
    ----------
    folder
        Where the run is made.
    design
        What is to be run; shards that other versions of migsim made are removed.
    sources
        Folders of finished runs, whose worlds need not be run again.

    Returns
    -------
    set of int
        Numbers of the worlds that it holds by then, finished or failed.

    Raises
    ------
    InputError
        If the folder holds unfinished work of another run, or of more worlds.
    """
    key = design.key(decisive_versions())
    with on_disk(folder):
        if not (folder / BEGUN).exists():
            clear_leftovers(folder)
        take_up(folder, folder, key)
        _refuse_other_work(folder, design, key)
        for source in sources:
            take_up(source, folder, key)
        clear(folder, {note.outcome.number for note in notes(folder) if note.key == key})
        said = json.dumps(_identity(design))
        write_text(folder / BEGUN, f"{said}\n")
        return _held(folder, key)


def simulate_into(
    folder: Path,
    design: Design,
    executor: Executor,
    is_shown: bool | None = None,
    known: Collection[Shard] = (),
) -> None:
    """Run what a folder does not hold of a design, and write it there.

    Parameters
    ----------
    folder
        Made ready by `begin_in`.
    design, executor, is_shown
        As for `simulate`.
    known
        Shards that were run just before, and need not be looked at again.
    """
    key = design.key(decisive_versions())
    left: list[Shard] = []
    n_left = 0
    with on_disk(folder):
        for shard in design.shards:
            if shard in known:
                continue
            note = whole(folder, shard.number, key)
            there = set() if note is None else set(note.outcome.replicates)
            if there != set(shard.replicates):
                left.append(shard)
                n_left += len(set(shard.replicates) - there)
    n_all = len(design.replicates)
    total, before = n_all * design.n_years, (n_all - n_left) * design.n_years
    with meter(design.definition.name, total, is_shown, before) as shown:
        for outcome in executor.outcomes(design, tuple(left), folder, shown.advance):
            shown.fail(len(outcome.failures))


def keep_only(folder: Path, design: Design) -> None:
    """Remove shards without worlds of the design."""
    with on_disk(folder):
        clear(folder, {shard.number for shard in design.shards})


def _identity(design: Design) -> dict[str, Any]:
    """What a run in the making is of, whatever version of migsim makes it."""
    return {
        "name": design.definition.name,
        "seed": design.seed,
        "parameters": design.spread,
        "design": design.key({}),
    }


def _refuse_other_work(folder: Path, design: Design, key: str) -> None:
    try:
        begun = json.loads((folder / BEGUN).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        begun = None
    n_done = sum(len(note.outcome.replicates) for note in notes(folder))
    if isinstance(begun, dict) and begun != _identity(design) and n_done:
        told = f"{begun.get('name')}, seed {begun.get('seed')}, parameters {begun.get('parameters')}"
        same = begun | {"design": ""} == _identity(design) | {"design": ""}
        raise InputError(
            f"{folder}: holds {n_done} worlds of an unfinished run of {told}"
            f"{', as it was set before' if same else ''}; "
            f"finish it with the command that began it, {REMEDY}"
        )
    _refuse_more(folder, design, key)


def _refuse_more(folder: Path, design: Design, key: str) -> None:
    asked, held = set(design.replicates), _held(folder, key)
    if lost := len(held - asked):
        raise InputError(
            f"{folder}: holds {len(held)} worlds of an unfinished run, {lost} more than the {len(asked)} "
            f"that are asked for; finish it with as many, {REMEDY}"
        )


def _held(folder: Path, key: str) -> set[int]:
    """Numbers of the worlds that a folder holds of a design, finished or failed."""
    return {number for note in notes(folder) if note.key == key for number in note.outcome.asked}
