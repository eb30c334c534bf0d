"""Running shards in this process, one after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from migsim.ensemble.designs import Design, Shard
from migsim.ensemble.executors.travel import here
from migsim.ensemble.store import Outcome

__all__ = ["Serial"]


class Serial:
    """The process itself."""

    workers: Final = 1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing to end."""

    def outcomes(
        self, design: Design, shards: tuple[Shard, ...], folder: Path | None, tick: Callable[[int], None]
    ) -> Iterator[Outcome]:
        """Run shards one after the other."""
        yield from here(design, shards, folder, tick)
