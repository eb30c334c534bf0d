"""Running shards in a pool of processes on this machine.

The design, which may have many points, is sent as a file that each worker reads once; with a shard go its own
numbers only. Worker processes start afresh and never import the user's main module, so a script needs no main
guard. They
do not hear Ctrl-C, which is this process's business, and end by themselves when it is gone. What they send
back fits into one write to a pipe, and what they share is made anew with each pool, so that one of them may
be killed at any moment without the others waiting for it for ever.
"""

from __future__ import annotations

import os
import pickle
import tempfile
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from migsim.ensemble.designs import Design, Shard
from migsim.ensemble.executors.processes import FreshProcesses, leave_with_parent
from migsim.ensemble.executors.travel import there_or_here, unpacked
from migsim.ensemble.shards import run_shard
from migsim.ensemble.store import Failure, Outcome
from migsim.errors import EnvironmentProblem
from migsim.facts.tables import load
from migsim.interrupts import held

__all__ = ["Pool"]

SECONDS_BETWEEN_LOOKS: Final = 0.2
MOST_BREAKS: Final = 2
"""So often in a row a pool that lost a worker is made anew although no shard was finished."""
LONGEST_ERROR: Final = 100


class Pool:
    """Worker processes, which serve several runs; they end with the ``with`` block."""

    def __init__(self, workers: int) -> None:
        self.workers: Final = workers
        self._pool: ProcessPoolExecutor | None = None
        self._context: Final = FreshProcesses()
        self._lived: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close(is_killed=kind is not None)

    def outcomes(
        self, design: Design, shards: tuple[Shard, ...], folder: Path | None, tick: Callable[[int], None]
    ) -> Iterator[Outcome]:
        """Run shards side by side; those of a worker that was killed are run again."""

        def there(payload: bytes) -> Iterator[Outcome]:
            with _exchange() as exchange:
                sent = _sent(payload, exchange)
                places = (folder, None if folder is not None else exchange)
                yield from self._shared_out(sent, shards, places, _Count(tick, design.n_years))

        self._wake(min(self.workers, len(shards)))
        yield from there_or_here(there, design, shards, folder, tick)

    def _shared_out(
        self,
        sent: Path,
        shards: tuple[Shard, ...],
        places: tuple[Path | None, Path | None],
        count: _Count,
    ) -> Iterator[Outcome]:
        left = {shard.number: shard for shard in shards}
        n_breaks = 0
        while left:
            try:
                for outcome in self._until_broken(sent, tuple(left.values()), places, count):
                    n_breaks = 0
                    del left[outcome.number]
                    count.finish(outcome)
                    yield outcome
            except BrokenProcessPool:
                self._close(is_killed=True)
                count.restart()
                n_breaks += 1
                if n_breaks > MOST_BREAKS:
                    said = f"a worker process was killed, {n_breaks} times in a row (is the memory full?)"
                    raise EnvironmentProblem(f"{said}; use fewer workers (--workers 1)") from None

    def _until_broken(
        self,
        sent: Path,
        shards: tuple[Shard, ...],
        places: tuple[Path | None, Path | None],
        count: _Count,
    ) -> Iterator[Outcome]:
        self._open()
        waiting = deque(shards)
        pending: set[Future[Outcome | Path]] = set()
        told = self._lived.get_obj().value
        try:
            while waiting or pending:
                while waiting and len(pending) < 2 * self.workers:
                    pending.add(self._submit(_work, sent, waiting.popleft(), *places))
                done, pending = wait(pending, SECONDS_BETWEEN_LOOKS, FIRST_COMPLETED)
                lived = self._lived.get_obj().value
                count.live(lived - told)
                told = lived
                for future in done:
                    yield _fetched(future.result())
        finally:
            for future in pending:
                future.cancel()

    def _wake(self, n: int) -> None:
        """Let some processes load what they need while this one packs the design."""
        if self._pool is None:
            with suppress(BrokenProcessPool):
                for _ in range(n):
                    self._submit(_load)

    def _submit[**P, T](self, work: Callable[P, T], *given: P.args, **named: P.kwargs) -> Future[T]:
        """Let a worker do some work; each call starts a process, as long as all are busy."""
        pool = self._open()
        with held(), _starting():
            return pool.submit(work, *given, **named)

    def _open(self) -> ProcessPoolExecutor:
        if self._pool is None:
            with _starting():
                self._lived = self._context.Value("q", 0)
                self._pool = ProcessPoolExecutor(
                    self.workers, mp_context=self._context, initializer=_join, initargs=(self._lived,)
                )
        return self._pool

    def _close(self, *, is_killed: bool) -> None:
        if self._pool is None:
            return
        if is_killed:
            self._context.kill()
        with suppress(RuntimeError):  # a pool whose own thread could not be started cannot wait for it
            self._pool.shutdown(wait=True, cancel_futures=True)
        self._context.started.clear()
        self._pool = None


class _Count:
    """World-years lived, without those that a killed worker had lived in vain."""

    def __init__(self, tick: Callable[[int], None], n_years: int) -> None:
        self._tick, self._n_years = tick, n_years
        self._lived = self._finished = 0

    def live(self, n: int) -> None:
        self._lived += n
        self._tick(n)

    def finish(self, outcome: Outcome) -> None:
        self._finished += outcome.n_run * self._n_years

    def restart(self) -> None:
        self.live(self._finished - self._lived)


@contextmanager
def _starting() -> Iterator[None]:
    """Turn what the system refuses, for want of processes, threads or open files, into one line."""
    try:
        yield
    except BrokenProcessPool:
        raise
    except (OSError, RuntimeError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else error
        raise EnvironmentProblem(
            f"worker processes cannot be started ({reason}); use fewer (--workers 1)"
        ) from None


@contextmanager
def _exchange() -> Iterator[Path]:
    """A folder through which the design goes, and tables come back that are written nowhere else."""
    try:
        exchange = tempfile.TemporaryDirectory(prefix="migsim-", ignore_cleanup_errors=True)
    except OSError as error:
        raise EnvironmentProblem(f"no temporary folder can be made ({error.strerror or error})") from None
    with exchange as name:
        yield Path(name)


def _sent(payload: bytes, exchange: Path) -> Path:
    """The design as a file."""
    path = exchange / "design"
    try:
        path.write_bytes(payload)
    except OSError as error:
        raise EnvironmentProblem(f"{exchange}: cannot be written ({error.strerror or error})") from None
    return path


def _fetched(came: Outcome | Path) -> Outcome:
    if isinstance(came, Outcome):
        return came
    outcome: Outcome = pickle.loads(came.read_bytes())
    came.unlink()
    return outcome


_counters: list[Any] = []
"""In a worker: the world-years lived by all workers, shared with the process that started them."""


def _join(lived: Any) -> None:
    """First act of a worker."""
    _counters[:] = [lived]
    leave_with_parent()


def _load() -> None:
    """In a worker: load what every world needs."""
    import scipy.optimize  # noqa: F401  # imported only where a market is held, and slow to import

    load()


def _work(sent: Path, shard: Shard, folder: Path | None, exchange: Path | None) -> Outcome | Path:
    """Run a shard; what is sent and returned is small, and the rest is on disk."""
    outcome = run_shard(_read(sent), shard, folder, _count)
    if exchange is None:
        failures = tuple(Failure(each.replicate, each.error[:LONGEST_ERROR], "") for each in outcome.failures)
        return replace(outcome, failures=failures)
    path = exchange / f"{shard.number}-{os.getpid()}"
    try:
        path.write_bytes(pickle.dumps(outcome))
    except OSError as error:
        said = f"{exchange}: cannot be written ({error.strerror or error})"
        raise EnvironmentProblem(f"{said}; make room, or keep the results in a folder with --out") from None
    return path


@lru_cache(maxsize=1)
def _read(sent: Path) -> Design:
    """In a worker: the design, read once."""
    try:
        return unpacked(sent.read_bytes())
    except OSError as error:
        raise EnvironmentProblem(f"{sent}: cannot be read ({error.strerror or error})") from None


def _count(lived: int) -> None:
    with _counters[0].get_lock():
        _counters[0].value += lived
