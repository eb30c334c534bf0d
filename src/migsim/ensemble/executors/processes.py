"""Processes that start afresh: without the user's main module, deaf to Ctrl-C, and gone with their parent."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import parent_process, resource_tracker
from multiprocessing.connection import wait
from multiprocessing.context import SpawnContext, SpawnProcess
from types import ModuleType
from typing import Any, Final

__all__ = ["FreshProcesses", "afresh", "leave_with_parent", "without_main"]


class _HiddenMain:
    """The user's main module, out of sight while any process is being started: starts may overlap."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._n_starts = 0
        self._module: ModuleType | None = None

    def __enter__(self) -> None:
        with self._lock:
            if not self._n_starts:
                self._module = sys.modules["__main__"]
                sys.modules["__main__"] = ModuleType("__main__")
            self._n_starts += 1

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._n_starts -= 1
            if not self._n_starts and self._module is not None:
                sys.modules["__main__"] = self._module
                self._module = None


without_main: Final = _HiddenMain()
"""A block in which processes that are started do not import the user's main module."""


@contextmanager
def afresh() -> Iterator[None]:
    """Start processes within the block: they do not hear Ctrl-C, nor import the user's main module."""
    # The tracker is started with the first process and would let Ctrl-C through to it.
    resource_tracker.ensure_running()
    blocked = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        with without_main:
            yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, blocked)


class _Worker(SpawnProcess):
    """A process that is started afresh."""

    def start(self) -> None:
        with afresh():
            super().start()


class FreshProcesses(SpawnContext):
    """Starts workers and remembers them."""

    def __init__(self) -> None:
        super().__init__()
        self.started: Final[list[_Worker]] = []

    def Process(self, *arguments: Any, **named: Any) -> _Worker:  # type: ignore[override]  # noqa: N802
        """Make one, and remember it."""
        worker = _Worker(*arguments, **named)
        self.started.append(worker)
        return worker

    def kill(self) -> None:
        """End at once those that still run."""
        for worker in self.started:
            if worker.pid is not None:
                worker.kill()


def leave_with_parent() -> None:
    """First act of such a process: end as soon as the one that started it is gone."""
    threading.Thread(target=_leave_with_parent, daemon=True).start()


def _leave_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
