"""Who runs the shards: this process, several processes of this machine, or the workers of a Dask cluster.

Whoever it is gives the same outcomes, so that nothing else needs to know.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Final, Protocol, Self

from migsim.ensemble.designs import Design, Shard
from migsim.ensemble.store import Outcome
from migsim.errors import InputError, shown, whole_number

__all__ = ["LOCAL", "Executor", "executor", "n_cores", "n_workers"]

LOCAL: Final = "local"
"""Name of a cluster that is started for the run, on this machine."""
MOST_WORKERS: Final = 1024
ADDRESS: Final = re.compile(r"tcp://(\[[0-9A-Fa-f:.%\w]+\]|[A-Za-z0-9][\w.-]*):(\d{1,5})", re.ASCII)
LAST_PORT: Final = 65535


class Executor(Protocol):
    """Runs shards; use it in a ``with`` statement, with which its processes and connections end."""

    @property
    def workers(self) -> int:
        """How many shards are run at a time."""

    def outcomes(
        self, design: Design, shards: tuple[Shard, ...], folder: Path | None, tick: Callable[[int], None]
    ) -> Iterator[Outcome]:
        """Run shards and give what became of each, in the order in which they finish.

        Parameters
        ----------
        design, shards
            What to run.
        folder
            Where shards are written; none to have their tables in the outcomes.
        tick
            Told how many world-years have been lived since it was last told.
        """

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


def executor(workers: int | None = None, cluster: str | None = None) -> Executor:
    """Find who is to run the shards.

    Parameters
    ----------
    workers
        Processes of this machine; by default as many as there are cores. One is this process itself.
    cluster
        Address of the scheduler of a Dask cluster, such as ``tcp://127.0.0.1:8786``, or ``local`` for one
        that is started for the run.

    Raises
    ------
    InputError
        If an argument is not allowed.
    """
    if cluster is None:
        if n_workers(workers) == 1:
            from migsim.ensemble.executors.serial import Serial

            return Serial()
        from migsim.ensemble.executors.pool import Pool

        return Pool(n_workers(workers))
    from migsim.ensemble.executors.cluster import Cluster

    if cluster == LOCAL:
        return Cluster(None, n_workers(workers))
    if not _is_address(cluster):
        raise InputError(
            f"cluster {shown(cluster)}; allowed are local, or the address of a Dask scheduler such as "
            f"tcp://127.0.0.1:8786 (tcp://, a host, and a port of 1 to {LAST_PORT})"
        )
    if workers is not None:
        raise InputError(
            f"workers {workers}: a cluster has the workers that joined it; leave --workers out, or use "
            "--cluster local"
        )
    return Cluster(cluster, 0)


def _is_address(text: object) -> bool:
    found = ADDRESS.fullmatch(text) if isinstance(text, str) else None
    return found is not None and 1 <= int(found[2]) <= LAST_PORT


def n_cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def n_workers(workers: int | None) -> int:
    """The number of processes asked for, or one for each core.

    Raises
    ------
    InputError
        If it is not allowed.
    """
    if workers is None:
        return min(n_cores(), MOST_WORKERS)
    return whole_number(workers, "workers", 1, MOST_WORKERS)
