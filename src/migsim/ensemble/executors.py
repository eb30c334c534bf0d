"""Who runs the shards: this process, or several processes of this machine.

Worker processes start afresh and never import the user's main module, so a script needs no main guard. They
do not hear Ctrl-C, which is this process's business, and end by themselves when it is gone.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from functools import lru_cache
from multiprocessing import parent_process
from multiprocessing.connection import wait as wait_for
from multiprocessing.context import SpawnContext, SpawnProcess
from pathlib import Path
from types import ModuleType, TracebackType
from typing import Any, Final, Self

from migsim.ensemble.designs import Design, Shard
from migsim.ensemble.shards import run_shard
from migsim.ensemble.store import Outcome
from migsim.errors import EnvironmentProblem

__all__ = ["Executor", "n_cores"]

SECONDS_BETWEEN_LOOKS: Final = 0.2


def n_cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class CannotTravel(Exception):
    """A scenario that a worker process cannot read."""


class Executor:
    """Runs shards in this process (one worker) or in a pool of processes, which serves several runs.

    Use it in a ``with`` statement: its processes end with the block.
    """

    def __init__(self, workers: int) -> None:
        self.workers: Final = workers
        self._pool: ProcessPoolExecutor | None = None
        self._context: Final = _Context()
        self._lived: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool is None:
            return
        if kind is not None:
            for process in self._context.started:
                process.kill()
        self._pool.shutdown(wait=True, cancel_futures=True)

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
        if self.workers > 1 and len(shards) > 1:
            try:
                yield from self._shared_out(_packed(design), shards, folder, tick)
            except CannotTravel as error:
                remedy = "define behaviours in a module of their own to use more"
                warnings.warn(f"{error}; running in one process: {remedy}", stacklevel=2)
            else:
                return
        for shard in shards:
            yield run_shard(design, shard, folder, tick)

    def _shared_out(
        self, payload: bytes, shards: tuple[Shard, ...], folder: Path | None, tick: Callable[[int], None]
    ) -> Iterator[Outcome]:
        pool = self._open()
        told = self._lived.get_obj().value
        pending: set[Future[Outcome]] = set()
        try:
            pending |= {pool.submit(_work, payload, shard, folder) for shard in shards}
            while pending:
                done, pending = wait(pending, SECONDS_BETWEEN_LOOKS, FIRST_COMPLETED)
                lived = self._lived.get_obj().value
                tick(lived - told)
                told = lived
                for future in done:
                    yield future.result()
        except BrokenProcessPool:
            msg = "a worker process was killed (is the memory full?); use fewer workers (--workers 1)"
            raise EnvironmentProblem(msg) from None
        finally:
            for future in pending:
                future.cancel()

    def _open(self) -> ProcessPoolExecutor:
        if self._pool is None:
            self._lived = self._context.Value("q", 0)
            self._pool = ProcessPoolExecutor(
                self.workers, mp_context=self._context, initializer=_join, initargs=(self._lived,)
            )
        return self._pool


class _Worker(SpawnProcess):
    """A process that is started without the user's main module and deaf to Ctrl-C."""

    def start(self) -> None:
        main = sys.modules["__main__"]
        blocked = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        sys.modules["__main__"] = ModuleType("__main__")
        try:
            super().start()
        finally:
            sys.modules["__main__"] = main
            signal.pthread_sigmask(signal.SIG_SETMASK, blocked)


class _Context(SpawnContext):
    """Starts workers and remembers them."""

    def __init__(self) -> None:
        super().__init__()
        self.started: Final[list[_Worker]] = []

    def Process(self, *arguments: Any, **named: Any) -> _Worker:  # type: ignore[override]  # noqa: N802
        worker = _Worker(*arguments, **named)
        self.started.append(worker)
        return worker


def _packed(design: Design) -> bytes:
    try:
        return pickle.dumps(design)
    except Exception as error:
        raise CannotTravel(f"the scenario cannot be sent to worker processes ({error})") from None


@lru_cache(maxsize=1)
def _unpacked(payload: bytes) -> Design:
    try:
        found: Design = pickle.loads(payload)
    except Exception as error:
        raise CannotTravel(f"the scenario cannot be read in a worker process ({error})") from None
    return found


_counters: list[Any] = []
"""In a worker: the world-years lived by all workers, shared with the process that started them."""


def _join(lived: Any) -> None:
    """First act of a worker."""
    _counters[:] = [lived]
    threading.Thread(target=_leave_with_parent, daemon=True).start()


def _leave_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        wait_for([parent.sentinel])
        os._exit(1)


def _work(payload: bytes, shard: Shard, folder: Path | None) -> Outcome:
    return run_shard(_unpacked(payload), shard, folder, _count)


def _count(lived: int) -> None:
    with _counters[0].get_lock():
        _counters[0].value += lived
