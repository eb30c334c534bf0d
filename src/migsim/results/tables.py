"""The tables of a run, whether they are in memory or in the shards of a folder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from migsim.ensemble.batch import KEYS, Tables
from migsim.ensemble.store import arrow_table, number_of
from migsim.errors import InputError, shown

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["HeldTables", "StoredTables", "TableSource"]


class TableSource(Protocol):
    """Gives tables as frames, rows in the order of their keys."""

    @property
    def names(self) -> tuple[str, ...]:
        """The tables there are, in the order of `migsim.ensemble.batch.KEYS`."""

    def columns(self, name: str) -> tuple[str, ...]:
        """The columns of a table."""

    def read(self, name: str, columns: Sequence[str] | None = None, state: str | None = None) -> pd.DataFrame:
        """A table, or some columns of it, or the rows of one state."""


@dataclass(frozen=True)
class HeldTables:
    """Tables in memory."""

    tables: Tables

    @property
    def names(self) -> tuple[str, ...]:
        """The tables there are."""
        return tuple(name for name in KEYS if name in self.tables)

    def columns(self, name: str) -> tuple[str, ...]:
        """The columns of a table."""
        return tuple(self.tables[name])

    def read(self, name: str, columns: Sequence[str] | None = None, state: str | None = None) -> pd.DataFrame:
        """A table as a frame."""
        held = self.tables[name]
        wanted = _columns_of(name, self.columns(name), columns)
        rows: Any = slice(None) if state is None else held["state"] == state
        frame: pd.DataFrame = arrow_table({column: held[column][rows] for column in wanted}).to_pandas()
        return frame


@dataclass(frozen=True)
class StoredTables:
    """Tables in the shards of a run folder."""

    folder: Path

    @property
    def names(self) -> tuple[str, ...]:
        """The tables there are."""
        return tuple(name for name in KEYS if self._shards(name))

    def columns(self, name: str) -> tuple[str, ...]:
        """The columns of a table."""
        import pyarrow.parquet as pq

        return tuple(pq.read_schema(self._shards(name)[0]).names)

    def read(self, name: str, columns: Sequence[str] | None = None, state: str | None = None) -> pd.DataFrame:
        """A table as a frame."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        shards = self._shards(name)
        try:
            wanted = _columns_of(name, self.columns(name), columns)
            rows = None if state is None else [("state", "==", state)]
            parts = [
                pq.read_table(
                    shard, columns=wanted, filters=rows, partitioning=None, page_checksum_verification=True
                )
                for shard in shards
            ]
        except (OSError, pa.ArrowException) as error:
            raise InputError(
                f"{self.folder / name}: cannot be read ({error}); run the scenario again"
            ) from None
        frame: pd.DataFrame = pa.concat_tables(parts).to_pandas()
        return frame

    def _shards(self, name: str) -> list[Path]:
        return sorted((self.folder / name).glob("part-*.parquet"), key=number_of)


def _columns_of(table: str, known: Sequence[str], wanted: Sequence[str] | None) -> list[str]:
    if wanted is None:
        return list(known)
    for column in wanted:
        if column not in known:
            raise InputError(f"table {table} has no column {shown(column)}; it has {', '.join(known)}")
    return list(wanted)
