"""What stands beside exported tables: a codebook of every column, and a note on how to read them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from migsim.errors import shown
from migsim.results.codebook import AVERAGES
from migsim.results.column_sources import dates_of_figures, source_of
from migsim.results.export_tables import Exported

if TYPE_CHECKING:
    from migsim.results.run import Run

__all__ = ["HEAD", "codebook_text", "readme_text"]

HEAD: Final = "Tables of a run of migsim"
"""The first line of the note, by which an export is known again."""
_COLUMNS: Final = (
    "table", "column", "name_in_run", "kind", "meaning", "unit", "low", "high", "values", "of_a_group",
    "source",
)  # fmt: skip
_MOST_WORDS: Final = 60


def codebook_text(chosen: Sequence[Exported], words: Mapping[str, Mapping[str, list[str]]], fmt: str) -> str:
    """What every column of the written tables is, as CSV.

    Parameters
    ----------
    chosen
    words
        By table and column, the words that it holds.
    fmt
        In Stata words are numbers with labels, and both are told.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for table in chosen:
        for column in table.columns:
            name = table.names[column.name]
            ends = ("" if end is None else f"{end:g}" for end in (column.low, column.high))
            average = AVERAGES.get(column.over_states, "")
            told = _values(words[table.name].get(name, []), fmt)
            writer.writerow(
                (
                    table.name,
                    name,
                    column.name,
                    column.kind,
                    column.label,
                    column.unit,
                    *ends,
                    told,
                    average,
                    source_of(column),
                )
            )
    return text.getvalue()


def _values(words: Sequence[str], fmt: str) -> str:
    told = [f"{n} {word}" if fmt == "dta" else word for n, word in enumerate(words[:_MOST_WORDS])]
    more = [f"and {len(words) - _MOST_WORDS} more"] if len(words) > _MOST_WORDS else []
    return " | ".join([*told, *more])


def readme_text(
    run: Run, chosen: Sequence[Exported], n_rows: Mapping[str, int], fmt: str, missing: str, codebook: str
) -> str:
    """The note: which run, which tables, how to read them, and what is missing."""
    first = next((table.name for table in chosen if table.name == "world"), chosen[0].name)
    strings = f', na.strings = "{missing}"' if missing else ""
    reading = {
        "csv": (
            f'R      read.csv("{first}.csv", fileEncoding = "UTF-8"{strings})',
            f'Stata  import delimited "{first}.csv", varnames(1) case(preserve) encoding("UTF-8")',
        ),
        "dta": (f'Stata  use "{first}.dta"', f'R      haven::read_dta("{first}.dta")'),
        "parquet": (f'R      arrow::read_parquet("{first}.parquet")',),
    }
    empty = {
        "csv": f"Missing values: {shown(missing) if missing else 'empty cells'}.",
        "dta": "Missing values: the system missing value (.). Words are numbers with labels.",
        "parquet": "Missing values: null.",
    }
    drawn = "drawn from their ranges" if run.parameters == "ranged" else "at their central values"
    lines = [
        HEAD,
        "",
        f"{run.title} ({run.name}): {run.n_replicates} worlds, seed {run.seed}, parameters {drawn}.",
        f"Scenario {run.manifest['scenario_hash']}, migsim {run.manifest['versions']['migsim']}.",
        "Each world is held against the same world in which nobody meets; a gain is the difference.",
        "Conditional on the model's assumptions. Levels are no forecasts.",
        f"Figures: {dates_of_figures()}. Later years are projections (is_projection is 1).",
        *_own_figures(run),
        "",
        *(_told(table, n_rows[table.name], fmt) for table in chosen),
        "",
        *reading[fmt],
        "",
        f"{empty[fmt]} True and false are 1 and 0. States are ISO 3166 codes.",
        f"What every column is, with unit, range and source, stands in {codebook}.",
        "",
    ]
    return "\n".join(lines)


def _own_figures(run: Run) -> Iterator[str]:
    """The sources of figures that the scenario lays over ours, if it does."""
    from migsim.scenario.own_facts import facts_record

    if held := facts_record(run.scenario):
        yield f"Own figures: {held['figures']}; sources: {'; '.join(map(str, held['sources']))}."  # type: ignore[call-overload]


def _told(table: Exported, n: int, fmt: str) -> str:
    named = table.names
    key = f"; one row for each {', '.join(named[name] for name in table.key)}" if table.key else ""
    return f"{table.name}.{fmt}: {n:,} rows, {len(table.columns)} columns{key}"
