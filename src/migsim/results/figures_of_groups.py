"""The figures that tell states, and so can tell them by groups: regions, or a user's own.

With ``by`` each draws groups in the place of scenarios: of one run, by default the first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from migsim.errors import InputError, shown
from migsim.results.figures_of_world import draws, rows_of
from migsim.results.gainers import state_gains
from migsim.results.groups import NO_GROUP, By, Grouping
from migsim.results.story import TOLD, company_rows
from migsim.results.tallies import attending
from migsim.themes import THEMES

if TYPE_CHECKING:
    import pandas as pd

    from migsim.results.run import Run

__all__ = ["VIEWS", "FiguresOfGroups"]

VIEWS: Final = tuple(
    f"{whose}opinion_{view}" for whose in ("", "baseline_") for view in ("pro", "ambivalent", "anti")
)
GAINS: Final = ("gain_host", "gain_departure", "gain")


class FiguresOfGroups:
    """Figures of states; `migsim.results.figures.Figures` has them all."""

    _runs: Mapping[str, Run]
    _last: int | None

    def by_group(
        self,
        columns: Sequence[str] | str = GAINS,
        *,
        by: By = None,
        against: str | None = None,
        scenario: str | None = None,
        **options: Any,
    ) -> Any:
        """Groups of states side by side: what they gain, or any column of table ``states``.

        Parameters
        ----------
        columns
            One to four columns, a panel each.
        by
            Groups, as for `Run.groups`: those that the run was made with, or regions, if none are named.
        against
            Label of another run to compare with, world by world, such as that of ``no-forum``.
        scenario
            Label of the run, by default the first.
        **options
            As for `migsim.plots.by_group`: ``year``, ``since``.
        """
        run = self._one(scenario)
        wanted = [columns] if isinstance(columns, str) else list(columns)
        given: dict[str, Any] = {"called": run.title, "spread": run.parameters}
        groups = run.groups(by)
        if against is not None:
            other = self._one(against)
            given |= {"paired": self._grouped(other, groups, wanted), "against": other.title}
        return draws("by_group")(self._grouped(run, groups, wanted), wanted, **(given | options))

    def winners(self, scenario: str | None = None, *, by: By = None, **options: Any) -> Any:
        """States ranked by what they gain in the last year, and the means of groups and roles."""
        run, of = self._one(scenario), options.get("of", "gain")
        if isinstance(by, str) and "states" in run.tables and by in run.columns("states"):
            rows = state_gains(run, of, self._last, (by,))
            return draws("winners")(rows, **({"by": by, "spread": run.parameters} | options))
        groups = run.groups(by)
        given = {"by": groups.name, "groups": groups.members, "spread": run.parameters}
        return draws("winners")(state_gains(run, of, self._last), **(given | options))

    def opinion(self, *, by: By = None, scenario: str | None = None, **options: Any) -> Any:
        """Shares of the public for migration, ambivalent and against it."""
        if by is None:
            return self._overlaid("opinion", **options)
        return self._by("opinion", by, VIEWS[:3], scenario, **options)

    def remittances(self, *, by: By = None, scenario: str | None = None, **options: Any) -> Any:
        """The world's remittances, beside what the documents say; or what groups of states receive."""
        if by is None:
            is_whole = all(run.scenario.spec.states == "all" for run in self._runs.values())
            return self._overlaid("remittances", **({"is_whole": is_whole} | options))
        renamed = {"remittances_received": "remittances"}
        return self._by("remittances", by, [*renamed], scenario, renamed, **({"is_whole": False} | options))

    def attendance(self, *, by: By = None, scenario: str | None = None, **options: Any) -> Any:
        """States that attend each session, beside what is known of the Global Forum; or by groups."""
        titles = {
            name: process.title
            for run in self._runs.values()
            for name, process in run.scenario.spec.processes.items()
        }
        if by is None:
            frames = {label: _sessions(run) for label, run in self._runs.items()}
            return self._drawn("attendance", frames, **({"titles": titles} | options))
        run = self._one(scenario)
        counted = run.by_group(by, table="attendance")
        frames = _apart(counted, run.groups(by)) if len(counted) else {"": counted}
        given = {
            "scenarios": [*frames],
            "spread": run.parameters,
            "titles": titles,
            "is_whole": False,
            "by": "group",
        }
        return draws("attendance")(frames, **(given | options))

    def vote(
        self,
        instrument: str | None = None,
        year: int | None = None,
        *,
        by: By = None,
        scenario: str | None = None,
        **options: Any,
    ) -> Any:
        """How states vote on a text, by default the last: by groups, and by income group."""
        run = self._one(scenario)
        rows = rows_of(run, "votes", None)
        groups = run.groups(by)
        titles = {name: process.title for name, process in run.scenario.spec.processes.items()}
        given = {"titles": titles, "spread": run.parameters, "groups": groups.members, "by": groups.name}
        return draws("vote")(rows, **({"instrument": instrument, "year": year} | given | options))

    def state_story(self, iso3: str, scenario: str | None = None, *, by: By = None, **options: Any) -> Any:
        """What happens in one state, against the median state of its region, or of its own groups."""
        run = self._one(scenario)
        policies = [f"policy_{theme}" for theme in THEMES]
        given: dict[str, Any] = {"spread": run.parameters}
        if by is not None:
            members = run.groups(by).members
            own = [name for name, states in members.items() if iso3 in states and name != NO_GROUP]
            if not own:
                known = ", ".join(name for name in members if name != NO_GROUP)
                raise InputError(f"state {shown(iso3)} is in none of the groups {known}; choose others")
            beside = sorted({state for name in own for state in members[name]})
            given |= {"beside": beside, "called": " and ".join(own)}
        reduce = partial(company_rows, iso3=iso3, beside=given.get("beside"))
        rows = rows_of(run, "states", ("replicate", "year", "state", *TOLD, "gain", *policies), reduce)
        return draws("state_story")(run.over_lucks(rows), iso3, **(given | options))

    def _by(
        self,
        name: str,
        by: By,
        columns: Sequence[str],
        scenario: str | None,
        renamed: Mapping[str, str] | None = None,
        **options: Any,
    ) -> Any:
        """A figure over years with groups of states in the place of scenarios."""
        run = self._one(scenario)
        groups = run.groups(by)
        table = self._grouped(run, groups, columns).rename(columns=dict(renamed or {}))
        frames = _apart(table, groups)
        given = {"scenarios": [*frames], "spread": run.parameters, "by": "group"} | options
        return draws(name)(frames, **given)

    def _grouped(self, run: Run, groups: Grouping, columns: Sequence[str]) -> pd.DataFrame:
        """Columns of table ``states`` over groups, one row a draw, year and group."""
        import pandas as pd

        table = self._to_last(run.by_group(groups, columns))
        if table.empty:
            return table
        draws = table.assign(replicate=run.draw_of(table["replicate"]))
        if not draws.duplicated(["replicate", "year", "group"]).any():
            return draws
        parts = [run.over_lucks(part).assign(group=name) for name, part in table.groupby("group", sort=False)]
        return pd.concat(parts, ignore_index=True)

    if TYPE_CHECKING:

        def _one(self, scenario: str | None) -> Run: ...

        def _overlaid(self, name: str, **options: Any) -> Any: ...

        def _drawn(self, name: str, frames: Mapping[str, pd.DataFrame], **options: Any) -> Any: ...

        def _to_last(self, table: pd.DataFrame) -> pd.DataFrame: ...


def _apart(table: pd.DataFrame, groups: Grouping) -> dict[str, pd.DataFrame]:
    """The rows of each group, by its name."""
    return {name: table[table["group"] == name] for name in groups.members}


def _sessions(run: Run) -> pd.DataFrame:
    """How many states came to each session; processes, which are few, as a category."""
    import pandas as pd

    names = pd.CategoricalDtype([*run.scenario.spec.processes])
    columns = ("replicate", "year", "process", "attended")
    return rows_of(run, "attendance", columns, lambda rows: attending(rows).astype({"process": names}))
