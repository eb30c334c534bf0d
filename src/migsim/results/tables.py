"""The tables of a run, whether they are in memory or in the shards of a folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

from migsim.ensemble.batch import KEYS, Tables
from migsim.ensemble.store import arrow_table, number_of
from migsim.errors import InputError, shown
from migsim.scenario.wording import did_you_mean

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

__all__ = ["HeldTables", "Reduction", "StoredTables", "TableSource", "no_column"]

ROWS_OF_A_PART: Final = 60_000
"""Shards are taken together until they have so many rows: few enough to hold, and worth a frame."""

type Reduction = Callable[[pd.DataFrame], pd.DataFrame]
"""Makes less of some rows of a table: all rows of some worlds, or of all."""


class TableSource(Protocol):
    """Gives tables as frames, rows in the order of their keys; of a sweep, scenario by scenario."""

    @property
    def names(self) -> tuple[str, ...]:
        """The tables there are, in the order of `migsim.ensemble.batch.KEYS`."""

    def columns(self, name: str) -> tuple[str, ...]:
        """The columns of a table."""

    def parts(
        self, name: str, columns: Sequence[str] | None = None, state: str | None = None
    ) -> Iterator[pd.DataFrame]:
        """A table, or some columns of it, or the rows of one state, some worlds after the others.

        Each part holds all rows of its worlds, so that no more than one of them need be in memory.
        """

    def read(
        self,
        name: str,
        columns: Sequence[str] | None = None,
        state: str | None = None,
        reduce: Reduction | None = None,
    ) -> pd.DataFrame:
        """The same in one frame; with ``reduce``, what it makes of each part."""


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

    def parts(
        self, name: str, columns: Sequence[str] | None = None, state: str | None = None
    ) -> Iterator[pd.DataFrame]:
        """The table, in one part."""
        held = self.tables[name]
        wanted = _columns_of(name, self.columns(name), columns)
        rows: Any = slice(None) if state is None else held["state"] == state
        yield arrow_table({column: held[column][rows] for column in wanted}).to_pandas()

    def read(
        self,
        name: str,
        columns: Sequence[str] | None = None,
        state: str | None = None,
        reduce: Reduction | None = None,
    ) -> pd.DataFrame:
        """A table as a frame, or what is made of it."""
        (frame,) = self.parts(name, columns, state)
        return frame if reduce is None else reduce(frame).reset_index(drop=True)


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

    def parts(
        self, name: str, columns: Sequence[str] | None = None, state: str | None = None
    ) -> Iterator[pd.DataFrame]:
        """The table, some shards after the others."""
        import pyarrow as pa

        held: list[pa.Table] = []
        for shard in self._read(name, columns, state):
            held.append(shard)
            if sum(len(each) for each in held) >= ROWS_OF_A_PART:
                yield pa.concat_tables(held).to_pandas()
                held = []
        if held:
            yield pa.concat_tables(held).to_pandas()

    def read(
        self,
        name: str,
        columns: Sequence[str] | None = None,
        state: str | None = None,
        reduce: Reduction | None = None,
    ) -> pd.DataFrame:
        """A table as a frame, or what is made of its parts."""
        import pandas as pd
        import pyarrow as pa

        if reduce is not None:
            made = [reduce(part) for part in self.parts(name, columns, state)]
            return pd.concat([part for part in made if len(part)] or made[:1], ignore_index=True)
        frame: pd.DataFrame = pa.concat_tables([*self._read(name, columns, state)]).to_pandas()
        return frame

    def _read(self, name: str, columns: Sequence[str] | None, state: str | None) -> Iterator[pa.Table]:
        """The shards of a table, each read when it is asked for."""
        import pyarrow as pa
        import pyarrow.compute as pc
        import pyarrow.parquet as pq

        try:
            wanted = _columns_of(name, self.columns(name), columns)
            asked = wanted if state is None else list(dict.fromkeys([*wanted, "state"]))
            for shard in self._shards(name):
                # Not `read_table`, which makes a dataset of the file: that takes longer than reading it.
                with pq.ParquetFile(shard, page_checksum_verification=True) as file:
                    part = file.read(columns=asked, use_threads=False)  # each thread would keep memory
                yield part if state is None else part.filter(pc.field("state") == state).select(wanted)
        except (OSError, pa.ArrowException) as error:
            raise InputError(
                f"{self.folder / name}: cannot be read ({error}); run the scenario again"
            ) from None

    def _shards(self, name: str) -> list[Path]:
        return sorted((self.folder / name).glob("part-*.parquet"), key=number_of)


def no_column(table: str, column: str, known: Sequence[str]) -> InputError:
    """The refusal of a column that a table lacks, with the one that may be meant, or else with all."""
    hint = did_you_mean(column, tuple(known)) or f"it has {', '.join(known)}"
    return InputError(f"table {table} has no column {shown(column)}; {hint}")


def _columns_of(table: str, known: Sequence[str], wanted: Sequence[str] | None) -> list[str]:
    if wanted is None:
        return list(known)
    for column in wanted:
        if column not in known:
            raise no_column(table, column, known)
    return list(wanted)
