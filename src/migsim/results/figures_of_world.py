"""The figures of the world itself: marketplaces, what was done, migrants' lives, corridors, moves, maps."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from migsim.errors import InputError, shown
from migsim.results.tallies import in_years, words_once
from migsim.themes import MIGRANT_CLASSES, THEMES

if TYPE_CHECKING:
    import pandas as pd

    from migsim.results.run import Run
    from migsim.results.tables import Reduction

__all__ = ["LIVES", "MARKET", "FiguresOfWorld", "draws", "rows_of"]

ASPECTS: Final = ("", "_work", "_status", "_services", "_participation")
LIVES: Final = tuple(
    f"{whose}wellbeing_{name}{aspect}"
    for whose in ("", "baseline_")
    for name in MIGRANT_CLASSES
    for aspect in ASPECTS
)
"""Columns of table ``world`` that tell how migrants live."""
MARKET: Final = (
    "market_demands", "market_offers", "matches", "market_grants", *(f"matches_{theme}" for theme in THEMES),
)  # fmt: skip
"""Columns of table ``world`` that tell what marketplaces did."""
KEPT: Final[Mapping[str, tuple[str, str]]] = {
    "wellbeing": ("world", LIVES[0]),
    "marketplace": ("world", MARKET[0]),
    "implementation": ("implementation", ""),
    "corridors": ("main_corridors", ""),
    "migrations": ("migrations", ""),
}
"""Table and column without which a figure cannot be drawn."""
EARLIER: Final = "it was written before migsim kept this; run the scenario again"


class FiguresOfWorld:
    """Figures of what happens in the worlds; `migsim.results.figures.Figures` has them all."""

    _runs: Mapping[str, Run]
    _last: int | None

    def marketplace(self, **options: Any) -> Any:
        """What marketplaces matched: demands, offers, projects by year and theme, grants."""
        self._demand_columns(MARKET[0])
        return self._overlaid("marketplace", **options)

    def wellbeing(self, **options: Any) -> Any:
        """How migrants of each class live, by aspect, over years and beside the paired world."""
        self._demand_columns(LIVES[0])
        return self._overlaid("wellbeing", **options)

    def implementation(self, scenario: str | None = None, **options: Any) -> Any:
        """How far policies moved towards the texts, by theme and year, beside the paired world."""
        return self._of_one("implementation", "implementation", scenario, **options)

    def corridors(self, scenario: str | None = None, **options: Any) -> Any:
        """The largest corridors: people then and now, moves, and what the forum changes."""
        return self._of_one("corridors", "main_corridors", scenario, **options)

    def migrations(self, scenario: str | None = None, *, amount: str = "flow", **options: Any) -> Any:
        """Moves, or people (``amount="stock"``), between parts of the world as a flow diagram."""
        columns = ("replicate", "year", "origin", "destination", amount, f"baseline_{amount}")
        return self._of_one("migrations", "migrations", scenario, columns, amount=amount, **options)

    def world_map(
        self,
        column: str = "gain",
        *,
        year: int | None = None,
        since: int | None = None,
        against: str | None = None,
        scenario: str | None = None,
        **options: Any,
    ) -> Any:
        """A variable of every state on a map, its change since a year, or its difference to another run.

        Parameters
        ----------
        column
            A column of table ``states``; those that begin with ``gain`` are differences to the paired world.
        year, since
            The year shown, by default the last, and an earlier one to compare with.
        against
            Label of another run to compare with, world by world: one with the same seed, such as that of
            ``no-forum``.
        scenario
            Label of the run, by default the first.
        **options
            As for `migsim.plots.world_map`.
        """
        run = self._one(scenario)
        wanted = self._last if year is None and self._last is not None else year
        given: dict[str, Any] = {"year": wanted, "since": since, "called": self._called(run)}
        given["spread"] = run.parameters
        if against is not None:
            other = self._one(against)
            given |= {"paired": _of_years(other, column, wanted, since), "against": self._called(other)}
        return draws("world_map")(_of_years(run, column, wanted, since), column, **(given | options))

    def _of_one(
        self,
        name: str,
        table: str,
        scenario: str | None,
        columns: Sequence[str] | None = None,
        **options: Any,
    ) -> Any:
        """A figure of a small table of one run."""
        run = self._one(scenario)
        if table not in run.tables and run.n_replicates:
            raise InputError(f"{run.name}: has no table {shown(table)}; {EARLIER}")
        given = {"called": self._called(run), "spread": run.parameters}
        rows = self._to_last(rows_of(run, table, columns, words_once))
        return draws(name)(rows, **(given | options))

    def _is_kept(self, name: str) -> bool:
        """Whether every run has what a figure shows: runs written before migsim kept it have not."""
        table, column = KEPT.get(name, ("", ""))
        runs = [run for run in self._runs.values() if run.n_replicates] if table else []
        return all(table in run.tables and (not column or column in run.columns(table)) for run in runs)

    def _demand_columns(self, column: str) -> None:
        """Refuse where no run has what the figure shows."""
        lacking = [
            run for run in self._runs.values() if "world" in run.tables and column not in run.columns("world")
        ]
        if lacking:
            raise InputError(f"{lacking[0].name}: table world has no column {shown(column)}; {EARLIER}")

    if TYPE_CHECKING:

        def _called(self, run: Run) -> str: ...

        def _one(self, scenario: str | None) -> Run: ...

        def _overlaid(self, name: str, **options: Any) -> Any: ...

        def _to_last(self, table: pd.DataFrame) -> pd.DataFrame: ...


def draws(name: str) -> Callable[..., Any]:
    """The function of `migsim.plots` that draws a figure."""
    import migsim.plots

    found: Callable[..., Any] = getattr(migsim.plots, name)
    return found


def rows_of(
    run: Run, name: str, columns: Sequence[str] | None, reduce: Reduction | None = None
) -> pd.DataFrame:
    """What a figure needs of a table, of those columns that it has; empty if no replicate was finished."""
    import pandas as pd

    if name not in run.tables:
        return pd.DataFrame()
    known = run.columns(name)
    return run.table(name, columns and [column for column in columns if column in known], reduce=reduce)


def _of_years(run: Run, column: str, year: int | None, since: int | None) -> pd.DataFrame:
    """One variable of every state in the years that a map needs."""
    import pandas as pd

    if "states" not in run.tables:
        return pd.DataFrame()
    if column not in run.columns("states") or column in ("replicate", "year", "state"):
        known = [name for name in run.columns("states") if name not in ("replicate", "year", "state")]
        raise InputError(f"no numbers {shown(column)} of states; there are {', '.join(known)}")
    years = run.scenario.spec.years
    wanted = {years.last if year is None else year, *(() if since is None else (since,))}
    for each in sorted(wanted):
        if not years.first - 1 <= each <= years.last:
            raise InputError(f"no year {each} in {run.name}; it has {years.first - 1} to {years.last}")
    return rows_of(run, "states", ("replicate", "year", "state", column), partial(in_years, years=wanted))
