"""Sending a design to other processes, and running it here if it cannot be sent.

With the design go the payoffs that its scenario begins with, which take a second to find.
"""

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
from migsim.start import Payoffs, find_payoffs, keep_payoffs

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
        for outcome in there(_packed(design, shards)):
            del left[outcome.number]
            yield outcome
    except CannotTravel as error:
        remedy = "define behaviours in a module of their own to use more"
        warnings.warn(f"{error}; running in one process: {remedy}", stacklevel=2)
        yield from here(design, tuple(left.values()), folder, tick)


def _packed(design: Design, shards: tuple[Shard, ...]) -> bytes:
    """The design as bytes, without what workers do not need.

    The numbers of worlds come with the shards, and the places of points are for their analysis.
    """
    sample = None if design.sample is None else replace(design.sample, places=())
    sent = replace(design, replicates=(), sample=sample)
    try:
        return pickle.dumps((sent, _payoffs(design, shards)))
    except Exception as error:
        raise CannotTravel(f"the scenario cannot be sent to worker processes ({error})") from None


def _payoffs(design: Design, shards: tuple[Shard, ...]) -> dict[str, Payoffs]:
    """Those of the scenario that is run first; workers find those of other variants when they need them."""
    try:
        return find_payoffs(design.batch(shards[0].replicates[:1])[0]) if shards else {}
    except Exception:  # a scenario that cannot begin is refused where it is run, world by world
        return {}


@lru_cache(maxsize=1)
def unpacked(payload: bytes) -> Design:
    """The design that was sent; kept until another comes.

    Raises
    ------
    CannotTravel
        If it cannot be read here.
    """
    try:
        found, payoffs = pickle.loads(payload)
    except Exception as error:
        raise CannotTravel(f"the scenario cannot be read in a worker process ({error})") from None
    keep_payoffs(payoffs)
    design: Design = found
    return design
