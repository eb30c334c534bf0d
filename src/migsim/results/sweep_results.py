"""What a sweep comes to: a table of outcomes, a few words, and the figures that fit what was varied."""

from __future__ import annotations

from collections.abc import Iterator
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from migsim.ensemble.factors import LUCK
from migsim.ensemble.folders import on_disk
from migsim.ensemble.store import write_csv
from migsim.results.manifest import add_outputs
from migsim.results.points import GAINS, last_years
from migsim.results.rounding import percent, places_shown, plain_value

if TYPE_CHECKING:
    import pandas as pd

    from migsim.results.run import Run

__all__ = ["BESIDE_POINTS", "point_summary", "rank_correlations", "save_sweep", "sweep_words"]

OUTCOMES: Final = dict(zip(GAINS, ("migrants, points", "hosts, %", "departure countries, %"), strict=True))
"""The three gains, and how a table heads them."""
QUANTILES: Final = {"median": 0.5, "p05": 0.05, "p95": 0.95}
BESIDE_POINTS: Final = (
    "point", "n", *(f"{outcome}_{name}" for outcome in (*OUTCOMES, "weakest") for name in QUANTILES), "share",
)  # fmt: skip
"""Columns of `point_summary` that are no settings."""
MOST_ROWS: Final = 24


def point_summary(run: Run) -> pd.DataFrame:
    """What came out at each point: median gains with the range of nine worlds in ten, and triple wins.

    Returns
    -------
    DataFrame
        ``point``, a column a path, ``n`` finished worlds, ``<gain>_median``, ``_p05`` and ``_p95`` for the
        three gains and ``weakest``, and ``share``, the share of worlds in which all three gain.
    """
    by = run.outcomes().groupby("point", sort=True)
    frame: Any = run.points.drop_duplicates("point").set_index("point")[list(_paths(run))]
    frame = frame.assign(n=by.size().reindex(frame.index, fill_value=0))
    for outcome in (*OUTCOMES, "weakest"):
        for name, share in QUANTILES.items():
            frame[f"{outcome}_{name}"] = by[outcome].quantile(share)
    table: pd.DataFrame = frame.assign(share=by["triple_win"].mean()).reset_index()
    return table


def rank_correlations(run: Run) -> pd.DataFrame:
    """How outcomes rise or fall with each setting over the whole sweep: Spearman's rank correlation.

    Outcomes are means over the worlds that have the same settings.

    Returns
    -------
    DataFrame
        A row a setting that is a number, luck left out, a column an outcome; NaN where either does not vary.
    """
    means = _means(run)
    paths = [path for path in _settings(run) if means[path].dtype.kind in "iufb"]
    ranks = means[[*paths, *OUTCOMES, "weakest"]].astype(float).rank()
    table: pd.DataFrame = ranks.corr().loc[paths, [*OUTCOMES, "weakest"]]
    return table


def _means(run: Run) -> pd.DataFrame:
    """Mean outcomes of the worlds that differ in luck or in what was drawn alone, beside their settings."""
    outcomes, paths = run.outcomes(), list(_settings(run))
    if not paths:
        return outcomes
    means: pd.DataFrame = outcomes.groupby(paths, sort=False)[[*OUTCOMES, "weakest"]].mean().reset_index()
    return means


def save_sweep(run: Run, folder: Path) -> None:
    """Write outcomes and figures of a sweep into its folder."""
    with on_disk(folder):
        tables = {folder / "outcomes.csv": run.outcomes(), folder / "points.csv": point_summary(run)}
        for path, table in tables.items():
            write_csv(path, table)
        figures = run.plot.save_all(folder / "figures")
    add_outputs(folder, run.manifest, [*tables, *figures])


def sweep_words(run: Run) -> str:
    """A sweep in a few lines: each point, if they are few, or how outcomes go with the settings."""
    points = point_summary(run)
    worlds = f"{run.n_replicates:,} worlds at {len(points):,} points"
    years = last_years(run)
    when = f"in {years[0]}" if len(years) == 1 else f"each in its last year, {years[0]} to {years[-1]}"
    head = f"{run.title}: {worlds}, {when}"
    lines = _of_points(points, list(_paths(run))) if len(points) <= MOST_ROWS else _of_settings(run)
    return "\n".join([head, "", *lines])


def _of_points(points: pd.DataFrame, paths: list[str]) -> Iterator[str]:
    settings = ([f"{_last(path)} {plain_value(value)}" for value in points[path]] for path in paths)
    told = [", ".join(words) for words in zip(*settings, strict=True)]
    cells = {title: _gains(points, outcome) for outcome, title in OUTCOMES.items()}
    cells["all gain"] = [percent(share) for share in points["share"]]
    widths = {title: max(map(len, (title, *column))) for title, column in cells.items()}
    width = max(map(len, told))
    yield f"{'':{width}}  " + "  ".join(f"{title:{size}}" for title, size in widths.items())
    for n, words in enumerate(told):
        row = "  ".join(f"{cells[title][n]:{size}}" for title, size in widths.items())
        yield f"{words:{width}}  {row if points['n'].iloc[n] else 'no world was finished'}"
    yield ""
    if points["n"].max() > 1:
        yield "Medians; in brackets the range that holds nine worlds in ten."
    else:
        yield "Of one world at each point; more tell how far worlds differ: --replicates."


def _gains(points: pd.DataFrame, outcome: str) -> list[str]:
    """Median and range at each point, with as many decimals as the largest needs to show two digits."""
    columns = [points[f"{outcome}_{name}"] for name in ("median", "p05", "p95")]
    largest = max(float(column.abs().max()) for column in columns)
    places = max(places_shown(largest, 2), 2) + 1
    if points["n"].max() <= 1:
        return [f"{middle:+.{places}f}" for middle in columns[0]]
    return [
        f"{m:+.{places}f} ({low:+.{places}f} to {high:+.{places}f})"
        for m, low, high in zip(*columns, strict=True)
    ]


def _of_settings(run: Run) -> Iterator[str]:
    table = rank_correlations(run)
    if table.empty:
        yield f"Worlds with a triple win: {_wins(run)}."
        return
    strongest = table.abs().max(axis=1).sort_values(ascending=False).index[:MOST_ROWS]
    width = max(map(len, strongest))
    yield "How the gains go with each setting (Spearman's rank correlation; 1 always together, 0 not at all):"
    yield f"{'':{width}}  " + "  ".join(f"{name:>22}" for name in OUTCOMES.values())
    for path in strongest:
        found = [float(table.loc[path, name]) for name in OUTCOMES]
        yield f"{path:{width}}  " + "  ".join(
            f"{each:>+22.2f}" if isfinite(each) else f"{'no figure':>22}" for each in found
        )
    yield ""
    yield f"{_chance(run)}Worlds with a triple win: {_wins(run)}."


def _chance(run: Run) -> str:
    """Beyond where a correlation is hardly chance; points of walks and of crossed samples hang together."""
    n = len(_means(run))
    if n < 2 or (run.sample is not None and run.sample.kind in ("morris", "sobol")):
        return ""
    return f"Of settings without effect, one in twenty lies beyond ±{2.0 / (n - 1) ** 0.5:.2f} ({n} points). "


def _wins(run: Run) -> str:
    return percent(float(run.outcomes()["triple_win"].mean()))


def _paths(run: Run) -> tuple[str, ...]:
    return run.sample.paths if run.sample is not None else ()


def _settings(run: Run) -> tuple[str, ...]:
    return tuple(path for path in _paths(run) if path != LUCK)


def _last(path: str) -> str:
    return path.rpartition(".")[2]
