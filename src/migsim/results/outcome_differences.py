"""What two runs, or two scenarios, differ in: what they set, and what came of it.

Outcomes are those of the last year that both have, or sums over the years of both; a difference is the second
less the first, world by world where the runs share their draws.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from migsim.errors import InputError
from migsim.results.comparison import opened
from migsim.results.differences import DIFFERENCE_COLUMNS, difference_table, differences_of, pairing
from migsim.results.rounding import NOTHING, percent
from migsim.results.run import Run
from migsim.results.summary import share_positive, spread
from migsim.results.wording import difference_interval
from migsim.scenario.definition import Scenario
from migsim.scenario.diff import Differences, Records, differences

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Diff", "diff", "found_run", "outcome_differences", "text_differences"]

OF_LAST_YEAR: Final = {
    "policy": "share",
    "practice": "share",
    "trust": "share",
    "migrants": "persons",
    "irregular": "persons",
    "displaced": "persons",
    "remittances": "million USD a year",
    "opinion_anti": "share",
}
"""Columns of table ``world`` that are compared in the last year of both, and their units."""

OVER_THE_YEARS: Final = {
    "n_attending": "delegations, all years",
    "n_adopted": "paragraphs, all years",
    "matches": "projects, all years",
    "forum_costs": "million USD, all years",
}
"""Columns that are summed over the years of both."""
SD: Final = "standard deviations of 2005"
MOST_TEXTS: Final = 12


@dataclass(frozen=True, repr=False)
class Diff:
    """What two scenarios set differently and, of two runs, what came out differently.

    Attributes
    ----------
    settings
        Path by path; see `migsim.scenario.diff`.
    outcomes, texts
        Tables of `outcome_differences` and `text_differences`; None unless both are runs.
    pairing
        How the runs are held against each other, in words.
    """

    settings: Differences
    outcomes: pd.DataFrame | None = None
    texts: pd.DataFrame | None = None
    pairing: str = ""

    def __repr__(self) -> str:
        told = [repr(self.settings)]
        if self.outcomes is not None and self.texts is not None:
            told += ["", *_outcome_words(self.outcomes, self.pairing), *_text_words(self.texts)]
        return "\n".join(told)

    def _repr_html_(self) -> str:
        return f"<pre>{escape(repr(self))}</pre>"


def diff(a: Scenario | Run | str | os.PathLike[str], b: Scenario | Run | str | os.PathLike[str]) -> Diff:
    """What differs between two scenarios and, if both are runs, between what came of them.

    Parameters
    ----------
    a, b
        Scenarios, their names or files; runs or run folders.

    Examples
    --------
    >>> diff("gfmd-2007-2015", "no-civil-society").settings.rows[0].path
    'processes.gfmd.civil_society'
    """
    first, second = opened(a), opened(b)
    settings = differences(_scenario(first), _scenario(second), (_behaviours(first), _behaviours(second)))
    if not isinstance(first, Run) or not isinstance(second, Run):
        return Diff(settings)
    return Diff(
        settings,
        outcome_differences(first, second),
        text_differences(first, second),
        _paired_words(first, second),
    )


def _scenario(each: Scenario | Run) -> Scenario:
    return each.scenario if isinstance(each, Run) else each


def _behaviours(each: Scenario | Run) -> Records:
    """Of a run, those that it was made with, which its folder tells of but does not hold."""
    return each.manifest.get("behaviours", ()) if isinstance(each, Run) else each.behaviour_records


def found_run(definition: Scenario, folder: Path = Path("runs")) -> Run:
    """The finished run of a scenario with the most worlds, among the runs of a folder.

    Raises
    ------
    InputError
        If there is none.
    """
    found: list[Run] = []
    for path in sorted(folder.glob("*/manifest.json")):
        try:
            run = Run.open(path.parent)
        except InputError:
            continue
        if run.manifest.get("scenario_hash") == definition.hash and run.n_replicates:
            found.append(run)
    if not found:
        raise InputError(f"no finished run of {definition.name} in {folder}/; run it first: migsim run ...")
    return max(found, key=lambda run: run.n_replicates)


def outcome_differences(a: Run, b: Run) -> pd.DataFrame:
    """The outcomes of two runs and how the second differs from the first.

    Returns
    -------
    DataFrame
        One row a quantity: ``quantity``, ``unit``, ``year`` (the last of both; empty for sums over years),
        ``a`` and ``b``, their medians (where worlds are paired, of those of both), and the difference as in
        `migsim.results.differences.difference_table`.
    """
    import pandas as pd

    columns = ["quantity", "unit", "year", "a", "b", *DIFFERENCE_COLUMNS[4:]]
    if not a.n_replicates or not b.n_replicates:
        return pd.DataFrame(columns=columns)
    worlds = [run.over_lucks(world) for run, world in zip((a, b), _worlds(a, b), strict=True)]
    rows = [*_of_last_year(a, b, worlds), *_over_the_years(a, b, worlds)]
    return pd.DataFrame(rows)[columns]


def _worlds(a: Run, b: Run) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Table ``world`` of both; where worlds are paired, of those that both have."""
    if not pairing(b, a).is_paired:
        return a.world, b.world
    common = set(a.world["replicate"]) & set(b.world["replicate"])
    some, others = (run.world[run.world["replicate"].isin(common)] for run in (a, b))
    return some, others


def _of_last_year(a: Run, b: Run, worlds: Sequence[pd.DataFrame]) -> Iterator[dict[str, Any]]:
    year = min(run.scenario.spec.years.last for run in (a, b))
    for quantity in ("triple_win", *OF_LAST_YEAR):
        for row in difference_table(b.name, b, a.name, a, quantity, year).to_dict("records"):
            name = str(row["quantity"])
            column = (
                "weakest" if name == "weakest" else f"gain_sd_{name}" if quantity == "triple_win" else name
            )
            medians = [float(world.loc[world["year"] == year, column].median()) for world in worlds]
            label = f"gain of {name}" if quantity == "triple_win" and name != "weakest" else name
            label = "weakest gain" if name == "weakest" else label
            unit = SD if quantity == "triple_win" else OF_LAST_YEAR[quantity]
            yield {**row, "quantity": label, "unit": unit, "year": year, "a": medians[0], "b": medians[1]}  # type: ignore[dict-item]


def _over_the_years(a: Run, b: Run, worlds: Sequence[pd.DataFrame]) -> Iterator[dict[str, Any]]:
    years = _years_of_both(a, b)
    is_paired = pairing(b, a).is_paired
    for quantity, unit in OVER_THE_YEARS.items():
        sums = []
        for world in worlds:
            rows = world[world["year"].isin(years)]
            sums.append(rows.groupby("replicate")[quantity].sum())
        values, n = differences_of(b, a, sums[1], sums[0], is_paired)
        middle, low, high = spread(values)
        yield {
            "quantity": quantity,
            "unit": unit,
            "year": None,
            "a": float(sums[0].median()),
            "b": float(sums[1].median()),
            "difference_median": middle,
            "difference_p05": low,
            "difference_p95": high,
            "share_positive": share_positive(values, 0.0),
            "n": n,
            "is_paired": is_paired,
        }


def _years_of_both(a: Run, b: Run) -> range:
    spans = [run.scenario.spec.years for run in (a, b)]
    return range(max(span.first for span in spans), min(span.last for span in spans) + 1)


def text_differences(a: Run, b: Run) -> pd.DataFrame:
    """The paragraphs that are adopted in another share of worlds.

    Returns
    -------
    DataFrame
        By theme and paragraph, the largest difference first: ``a`` and ``b``, shares of worlds in which it is
        adopted at least once in the years of both, by any process.
    """
    import pandas as pd

    columns = ["theme", "paragraph", "a", "b", "difference"]
    if any("texts" not in run.tables for run in (a, b)):
        return pd.DataFrame(columns=columns)
    years = _years_of_both(a, b)
    shares = [
        _adopted(run, years, set(world["replicate"]))
        for run, world in zip((a, b), _worlds(a, b), strict=True)
    ]
    table = pd.concat(shares, axis=1, keys=["a", "b"]).fillna(0.0)
    table["difference"] = table["b"] - table["a"]
    table = table[table["difference"] != 0.0]
    order = np.argsort(-table["difference"].abs().to_numpy(), kind="stable")
    return table.iloc[order].reset_index()[columns]


def _adopted(run: Run, years: range, worlds: set[int]) -> pd.Series[float]:
    """Share of worlds in which each paragraph is adopted at least once, by theme and paragraph."""

    def counts(texts: pd.DataFrame) -> pd.DataFrame:
        is_seen = texts["adopted"] & texts["year"].isin(years) & texts["replicate"].isin(worlds)
        rows = texts[is_seen].drop_duplicates(["replicate", "theme", "paragraph"])
        return rows.groupby(["theme", "paragraph"]).size().rename("worlds").reset_index()

    rows = run.table("texts", ["replicate", "year", "theme", "paragraph", "adopted"], reduce=counts)
    return rows.groupby(["theme", "paragraph"])["worlds"].sum() / max(len(worlds), 1)


def _paired_words(a: Run, b: Run) -> str:
    found = pairing(b, a)
    worlds = f"{a.n_replicates} worlds of A and {b.n_replicates} of B"
    way = "world by world" if found.is_paired else "unpaired"
    return f"{worlds}, compared {way}" + (f": {found.reason}" if found.reason else "")


def _outcome_words(table: pd.DataFrame, paired: str) -> Iterator[str]:
    yield f"Outcomes (B less A; {paired})"
    if table.empty:
        yield "No world was finished in one of the runs, so there is nothing to compare."
        return
    ends = table[["difference_median", "difference_p05", "difference_p95"]].abs().max(axis=1)
    levels = table[["a", "b"]].abs().max(axis=1).clip(lower=1.0)
    is_different = ends > NOTHING * levels
    different = table[is_different]
    if different.empty:
        yield "Every outcome is the same."
        return
    is_one = int(different["n"].max()) == 1
    rows = [("", "A", "B", "difference" if is_one else "difference (nine worlds in ten)", "unit")]
    for row in different.to_dict("records"):
        year = "" if row["year"] is None or row["year"] != row["year"] else f" in {row['year']:.0f}"
        between = difference_interval(row, most=6)
        rows.append((f"{row['quantity']}{year}", f"{row['a']:.5g}", f"{row['b']:.5g}", between, row["unit"]))
    widths = [max(len(line[column]) for line in rows) for column in range(4)]
    for line in rows:
        cells = [cell.ljust(width) for cell, width in zip(line, widths, strict=False)]
        yield "  ".join([*cells, line[4]]).rstrip()
    if not is_one:
        yield "A and B are medians of their worlds, and the difference is the median of differences."
    if same := [str(name) for name in table.loc[~is_different, "quantity"]]:
        yield f"The same in both: {', '.join(same)}."


def _text_words(table: pd.DataFrame) -> Iterator[str]:
    if table.empty:
        return
    yield ""
    yield "Texts adopted at least once, share of worlds (A, B)"
    rows = table.head(MOST_TEXTS).to_dict("records")
    width = max(len(f"{row['theme']}: {row['paragraph']}") for row in rows)
    for row in rows:
        name = f"{row['theme']}: {row['paragraph']}"
        yield f"{name:{width}}  {percent(row['a']):>9}  {percent(row['b']):>9}"
    if len(table) > MOST_TEXTS:
        yield f"... and {len(table) - MOST_TEXTS} more paragraphs"
