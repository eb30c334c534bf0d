"""Sending a design to other processes, and running it here if it cannot be sent."""

from __future__ import annotations

import pickle
import warnings
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from migsim.ensemble.designs import Design, Shard
from migsim.ensemble.shards import run_shard
from migsim.ensemble.store import Outcome

__all__ = ["CannotTravel", "here", "there_or_here", "unpacked"]

type Tick = Callable[[int], None]


class CannotTravel(Exception):
    """A scenario that another process cannot read."""


def here(design: Design, shards: tuple[Shard, ...], folder: Path | None, tick: Tick) -> Iterator[Outcome]:
    """Run shards in this process."""
    for shard in shards:
        yield run_shard(design, shard, folder, tick)


def there_or_here(
    there: Callable[[bytes], Iterator[Outcome]],
    design: Design,
    shards: tuple[Shard, ...],
    folder: Path | None,
    tick: Tick,
) -> Iterator[Outcome]:
    """Run shards elsewhere, or those that are left in this process if the design cannot be sent.

    Parameters
    ----------
    there
        Runs the shards of a packed design elsewhere.
    design, shards, folder, tick
        As for `here`.
    """
    left = {shard.number: shard for shard in shards}
    try:
        for outcome in there(_packed(design)):
            del left[outcome.number]
            yield outcome
    except CannotTravel as error:
        remedy = "define behaviours in a module of their own to use more"
        warnings.warn(f"{error}; running in one process: {remedy}", stacklevel=2)
        yield from here(design, tuple(left.values()), folder, tick)


def _packed(design: Design) -> bytes:
    """The design as bytes, without what workers do not need.

    The numbers of worlds come with the shards, and the places of points are for SALib.
    """
    sample = None if design.sample is None else replace(design.sample, places=())
    try:
        return pickle.dumps(replace(design, replicates=(), sample=sample))
    except Exception as error:
        raise CannotTravel(f"the scenario cannot be sent to worker processes ({error})") from None


@lru_cache(maxsize=1)
def unpacked(payload: bytes) -> Design:
    """The design that was sent; kept until another comes.

    Raises
    ------
    CannotTravel
        If it cannot be read here.
    """
    try:
        found: Design = pickle.loads(payload)
    except Exception as error:
        raise CannotTravel(f"the scenario cannot be read in a worker process ({error})") from None
    return found
