"""Processes that start afresh: without the user's main module, deaf to Ctrl-C, and gone with their parent."""

from __future__ import annotations

import os
import signal
import sys
import threading
from multiprocessing import parent_process, resource_tracker
from multiprocessing.connection import wait
from multiprocessing.context import SpawnContext, SpawnProcess
from types import ModuleType
from typing import Any, Final

__all__ = ["FreshProcesses", "leave_with_parent"]


class _Worker(SpawnProcess):
    """A process that is started without the user's main module and deaf to Ctrl-C."""

    def start(self) -> None:
        # The tracker is started with the first process and would let Ctrl-C through to it.
        resource_tracker.ensure_running()
        main = sys.modules["__main__"]
        blocked = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        sys.modules["__main__"] = ModuleType("__main__")
        try:
            super().start()
        finally:
            sys.modules["__main__"] = main
            signal.pthread_sigmask(signal.SIG_SETMASK, blocked)


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


def leave_with_parent() -> None:
    """First act of such a process: end as soon as the one that started it is gone."""
    threading.Thread(target=_leave_with_parent, daemon=True).start()


def _leave_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
