"""The rows of some states in the tables of a run, and their reduction to one value a world."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final

from migsim.errors import InputError
from migsim.plots.intervals import Interval
from migsim.results.run import Run
from migsim.world.worlds import DRAWS

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["interval_of", "median_of_others", "rows_of_states", "texts_on_agenda"]

KEYS: Final = ["replicate", "year", "state"]


def rows_of_states(run: Run, table: str, states: Iterable[str], columns: Sequence[str]) -> pd.DataFrame:
    """Some columns of some states, shard by shard, so that a large table is never held whole.

    Parameters
    ----------
    run
    table
        ``states`` or ``attendance``.
    states
        Their codes.
    columns
        Names beside replicate, year and state; those that the table lacks are left out.

    Returns
    -------
    DataFrame
        Empty if the run has no such table.

    Raises
    ------
    InputError
        If a shard cannot be read.
    """
    return _rows(run, table, "state", sorted(set(states)), [*KEYS, *columns]).sort_values(
        KEYS, ignore_index=True
    )


def texts_on_agenda(run: Run) -> pd.DataFrame:
    """The paragraphs on agendas, shard by shard: replicate, year, process, theme and position of each.

    Raises
    ------
    InputError
        If a shard cannot be read.
    """
    return _rows(run, "texts", "on_agenda", [True], ["replicate", "year", "process", "theme", "position"])


def _rows(run: Run, table: str, column: str, values: list[Any], columns: Sequence[str]) -> pd.DataFrame:
    """The rows of a table with one of some values in a column."""
    import pandas as pd

    if table not in run.tables:
        return pd.DataFrame(columns=list(dict.fromkeys(columns)))
    known = run.columns(table)
    wanted = [name for name in dict.fromkeys(columns) if name in known]
    if run.folder is None:
        frame = run.table(table, list(dict.fromkeys([*wanted, column])))
        return frame.loc[frame[column].isin(values), wanted]
    import pyarrow as pa
    import pyarrow.parquet as pq

    parts, rows = [], [(column, "in", values)]
    for shard in sorted((run.folder / table).glob("part-*.parquet")):
        try:
            parts.append(pq.read_table(shard, columns=wanted, filters=rows, partitioning=None))
        except (OSError, pa.ArrowException) as error:
            raise InputError(f"{shard}: cannot be read ({error}); run the scenario again") from None
    whole: pd.DataFrame = pa.concat_tables(parts).to_pandas()
    return whole


def interval_of(values: pd.Series[Any]) -> Interval:
    """Median and 5-95 % range over draws of values by replicate; lucks of a draw count as one mean."""
    draws = values.groupby(values.index.to_numpy() % DRAWS).mean()
    return Interval.of(draws.to_numpy(dtype=float))


def median_of_others(rows: pd.DataFrame, own: str, column: str) -> pd.Series[Any]:
    """The median of the other states in each world, by replicate."""
    others: pd.Series[Any] = rows[rows["state"] != own].groupby("replicate")[column].median()
    return others
