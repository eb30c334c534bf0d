"""How far a run is: a bar on a terminal, a line now and then elsewhere, always on standard error."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, Protocol

from migsim.interrupts import heed, heeding

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

__all__ = ["Meter", "meter"]

SECONDS_BETWEEN_LINES: Final = 10.0


class Meter(Protocol):
    """Told how much of the work is done."""

    def advance(self, amount: int) -> None:
        """Add to what is done; less than nothing if some of it was in vain.

        Raises
        ------
        KeyboardInterrupt
            If the user asked for it and a library lost it.
        """

    def fail(self, n_worlds: int) -> None:
        """Count worlds that failed."""


class _Silent:
    def advance(self, amount: int) -> None:
        """Nobody looks."""
        heed()

    def fail(self, n_worlds: int) -> None:
        """Nobody looks."""


class _Bar:
    def __init__(self, shown: Progress, task: TaskID) -> None:
        self._shown, self._task, self._failed = shown, task, 0

    def advance(self, amount: int) -> None:
        heed()
        self._shown.advance(self._task, amount)

    def fail(self, n_worlds: int) -> None:
        if n_worlds:
            self._failed += n_worlds
            self._shown.update(self._task, failed=f"{self._failed} failed")


class _Lines:
    """At most one line in ten seconds, so that a log stays short; none for what takes less."""

    def __init__(self, title: str, total: int, before: int) -> None:
        self._title, self._total, self._before, self._done, self._failed = title, total, before, before, 0
        self._started = self._said = time.monotonic()

    def advance(self, amount: int) -> None:
        heed()
        self._done = min(self._done + amount, self._total)
        now = time.monotonic()
        if self._done > self._before and now - self._said >= SECONDS_BETWEEN_LINES:
            self._said = now
            left = (now - self._started) * (self._total - self._done) / (self._done - self._before)
            share = self._done / self._total
            failed = f", {self._failed} failed" if self._failed else ""
            said = f"{self._title}: {share:.0%} done{failed}, about {left:.0f} s left"
            print(said, file=sys.stderr, flush=True)

    def fail(self, n_worlds: int) -> None:
        self._failed += n_worlds


@contextmanager
def meter(title: str, total: int, is_shown: bool | None, before: int = 0) -> Iterator[Meter]:
    """Show the progress of a piece of work while the block lasts, and hear Ctrl-C.

    Parameters
    ----------
    title
        What is being done.
    total
        How much work there is, in any unit.
    is_shown
        True: on a terminal a bar, elsewhere lines; None: only on a terminal; False: never.
    before
        How much of it was done before.
    """
    with heeding():
        if is_shown is not False and sys.stderr.isatty():
            with _bar() as shown:
                yield _Bar(shown, shown.add_task(title, total=total, completed=before, failed=""))
        else:
            yield _Lines(title, total, before) if is_shown else _Silent()


def _bar() -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(),
        TextColumn("[red]{task.fields[failed]}"),
    )
    return Progress(*columns, console=Console(stderr=True), transient=True)
