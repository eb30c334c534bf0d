"""A run: one scenario, its worlds, and what came of them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from migsim.ensemble.batch import KEYS, Tables
from migsim.ensemble.designs import Design
from migsim.ensemble.fingerprints import fingerprints
from migsim.ensemble.folders import read_manifest
from migsim.ensemble.store import Outcome
from migsim.errors import InputError, shown
from migsim.results.manifest import RUN_FORMAT, STUDY_FORMAT, manifest_of, numbers_of, refuse_damaged
from migsim.results.points import outcome_table, point_table, read_sample
from migsim.results.story import state_story
from migsim.results.summary import gain_table, over_lucks, summary_columns, triple_win_table
from migsim.results.tables import HeldTables, Reduction, StoredTables, TableSource
from migsim.results.wording import difference_interval
from migsim.world.parameters import Spread
from migsim.world.worlds import DRAWS

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike

    from migsim.ensemble.samples import Sample
    from migsim.results.codebook import Column
    from migsim.results.figures import Figures
    from migsim.results.groups import By, Grouping
    from migsim.results.replay import Replay
    from migsim.scenario.definition import Scenario
    from migsim.world.corridors import Index

__all__ = ["OWN_FACTS", "SCENARIO", "Run"]

SCENARIO: Final = "scenario.yaml"
OWN_FACTS: Final = "facts.csv"
SUMMARIES: Final = {"triple_win": "triple_win.csv", "gains": "gains.csv"}


class Run:
    """The worlds of one scenario, each beside the same world in which nobody meets.

    Made by `migsim.run`, by ``ForumModel.run()``, or by `Run.open` from a folder.

    Attributes
    ----------
    scenario
        The scenario that was run.
    manifest
        How it was run: seed, replicates, versions, failures, fingerprints.
    folder
        Where it is kept; None if it is only in memory.
    sample
        The points at which it was run, if it is a sweep.
    """

    def __init__(
        self,
        scenario: Scenario,
        manifest: Mapping[str, Any],
        source: TableSource,
        folder: Path | None = None,
        sample: Sample | None = None,
    ) -> None:
        self.scenario: Final = scenario
        self.manifest: Final = manifest
        self.folder: Final = folder
        self.sample: Final = sample
        self._source: Final = source

    @classmethod
    def open(cls, folder: str | os.PathLike[str]) -> Run:
        """Open a run folder.

        Raises
        ------
        InputError
            If it is not the folder of a finished run, a later version wrote it, or its manifest is damaged.
        """
        from migsim.scenario.load import load

        path = Path(folder)
        manifest = read_manifest(path)
        if manifest["format"] != RUN_FORMAT:
            is_study = manifest["format"] == STUDY_FORMAT
            remedy = f"the runs are in {path / 'runs'}" if is_study else "name the folder of a run"
            raise InputError(f"{path}: holds a {manifest['format']}, not a run; {remedy}")
        refuse_damaged(path, manifest)
        return cls(load(path / SCENARIO), manifest, StoredTables(path), path, read_sample(path))

    @classmethod
    def from_tables(cls, definition: Scenario, tables: Tables, *, seed: int, parameters: Spread) -> Run:
        """A run in memory, of tables that `migsim.ensemble.batch.run_batch` gave."""
        replicates = tuple(sorted({int(replicate) for replicate in tables["world"]["replicate"]}))
        marks = fingerprints(tables, replicates)
        outcome = Outcome(0, replicates, marks, (), 0.0, tables)
        manifest = manifest_of(Design(definition, replicates, seed, parameters), [outcome], 1, 0.0)
        return cls(definition, manifest, HeldTables(tables))

    @property
    def name(self) -> str:
        """Short name of the scenario."""
        return self.scenario.name

    @property
    def title(self) -> str:
        """Name of the scenario for figures."""
        return self.scenario.title

    @property
    def seed(self) -> int:
        """Seed of the random numbers."""
        return int(self.manifest["seed"])

    @property
    def parameters(self) -> Spread:
        """Whether parameters varied over their ranges (ranged) or kept their defaults (central)."""
        spread: Spread = self.manifest["parameters"]
        return spread

    @property
    def replicates(self) -> tuple[int, ...]:
        """Numbers of the replicates that were asked for."""
        return numbers_of(str(self.manifest["replicates"]["asked"]))

    @property
    def n_replicates(self) -> int:
        """How many worlds were finished."""
        return int(self.manifest["replicates"]["n_finished"])

    @cached_property
    def failures(self) -> pd.DataFrame:
        """Replicates that failed: replicate, error, traceback."""
        import pandas as pd

        return pd.DataFrame(self.manifest["failures"], columns=["replicate", "error", "traceback"])

    @property
    def tables(self) -> tuple[str, ...]:
        """Names of the tables that `table` gives."""
        return self._source.names

    def columns(self, table: str) -> tuple[str, ...]:
        """Names of the columns of a table."""
        self._demand(table)
        return self._source.columns(table)

    def table(
        self, name: str, columns: Sequence[str] | None = None, *, reduce: Reduction | None = None
    ) -> pd.DataFrame:
        """A table, rows in the order of its keys, or what is made of it while it is read.

        In a sweep over settings that make another scenario each, scenario by scenario.

        Parameters
        ----------
        name
            One of `tables`; `migsim.ensemble.batch.KEYS` has the keys of each.
        columns
            Only these columns.
        reduce
            Makes a smaller frame of a frame, such as the rows of some states, or counts by world. It is given
            all rows of some worlds at a time (of all of them, if the run is in memory), and what it gives for
            each is put together: so no more of a large table is ever in memory.

        Raises
        ------
        InputError
            If the run has no such table or column.
        """
        self._demand(name)
        return self._source.read(name, columns, reduce=reduce)

    def parts(self, name: str, columns: Sequence[str] | None = None) -> Iterator[pd.DataFrame]:
        """A table, or some columns of it, some worlds after the others, so that few are in memory."""
        self._demand(name)
        yield from self._source.parts(name, columns)

    @cached_property
    def world(self) -> pd.DataFrame:
        """Table ``world``; without rows if no replicate was finished."""
        import pandas as pd

        return (
            self._source.read("world") if "world" in self.tables else pd.DataFrame(columns=[*KEYS["world"]])
        )

    def columns_of_world(self, columns: Sequence[str]) -> pd.DataFrame:
        """Some columns of table ``world``, which is not kept; without rows if no replicate was finished."""
        import pandas as pd

        return self.table("world", columns) if "world" in self.tables else pd.DataFrame(columns=list(columns))

    def draw_of(self, worlds: ArrayLike) -> Index:
        """Number of the draw that each of some worlds is of; in a sweep every world is one of its own."""
        numbers = np.asarray(worlds, dtype=np.intp)
        return numbers % DRAWS if self.sample is None else numbers

    def over_lucks(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Rows of table ``world`` or ``states``, one a draw: with several lucks, the mean over these."""
        return over_lucks(rows) if self.sample is None else rows

    @cached_property
    def triple_win(self) -> pd.DataFrame:
        """The triple win by year and group, in standard deviations of the base year."""
        return triple_win_table(self._by_draw(), self.scenario)

    @cached_property
    def gains(self) -> pd.DataFrame:
        """Gains and their components by year, in natural units."""
        return gain_table(self._by_draw(), self.scenario)

    def _by_draw(self) -> pd.DataFrame:
        return self.over_lucks(self.columns_of_world(summary_columns()))

    @cached_property
    def points(self) -> pd.DataFrame:
        """Draw, luck and, in a sweep, settings of each world; see `migsim.results.points.point_table`."""
        return point_table(self.replicates, self.sample)

    def outcomes(self, year: int | None = None) -> pd.DataFrame:
        """Gains of each world in a year (by default the last) beside its settings, one row a world."""
        return outcome_table(self, year)

    def groups(self, by: By = None) -> Grouping:
        """Groups of this run's states: those kept in its folder, else regions; or as ``by`` says.

        Parameters
        ----------
        by
            ``region``, ``subregion``, ``income_group``, ``development`` or ``role``; a CSV file with columns
            ``state``, ``group`` and perhaps ``weight``; or a mapping from group to states.

        Raises
        ------
        InputError
            If there is no such grouping or file, or something is wrong with it.
        """
        from migsim.results.groups import grouping_of

        return grouping_of(self.kept_groups if by is None else by, self.scenario, self._source)

    @property
    def kept_groups(self) -> Grouping | None:
        """The groups that were given when the run was made, with all their states; none if none were."""
        from migsim.results.group_tables import kept_in

        return None if self.folder is None else kept_in(self.folder, self.manifest)

    def by_group(
        self,
        by: By = None,
        columns: Sequence[str] | None = None,
        *,
        table: str = "states",
        by_population: bool = False,
    ) -> pd.DataFrame:
        """A table taken together over groups of states: one row a world, year and group.

        Of ``states``: sums of people and money; means over people for income and unemployment; gains by role
        weights; the rest plain, all states alike. See `migsim.results.group_tables.group_table`, and for the
        other tables `migsim.results.group_counts.group_counts`.

        Parameters
        ----------
        by
            As for `groups`.
        columns
            Columns of table ``states``; by default all.
        table
            ``states``, or who of each group came, voted or ratified: ``attendance``, ``votes`` or
            ``ratifications``.
        by_population
            Whether states count by their people in plain means and in gains as well.
        """
        from migsim.results.group_counts import group_counts
        from migsim.results.group_tables import group_table

        if table != "states":
            return group_counts(self._source, self.groups(by), table)
        return group_table(self._source, self.groups(by), columns, by_population=by_population)

    def summary_by_group(
        self, by: By = None, columns: Sequence[str] | None = None, *, by_population: bool = False
    ) -> pd.DataFrame:
        """Medians of `by_group` over worlds, with the range of nine in ten, by year, group and column."""
        from migsim.results.group_tables import summed_up

        table = self.by_group(by, columns, by_population=by_population)
        return summed_up(table.assign(replicate=self.draw_of(table["replicate"])))

    def describe(self, column: str) -> Column:
        """What a column of the tables is: meaning, unit, range, and how it is taken over groups of states.

        Parameters
        ----------
        column
            Its name; where several tables have it, ``table.name`` says which.

        Raises
        ------
        InputError
            If no table of this run has it.
        """
        from migsim.results.codebook import described

        table, dot, name = str(column).rpartition(".")
        tables = (table,) if dot else (*self.tables, *SUMMARIES)
        return described(name, tables)[0]

    @cached_property
    def plot(self) -> Figures:
        """The figures of this run: ``run.plot.triple_win()``, ``run.plot.agenda()`` and so on."""
        from migsim.results.figures import Figures

        return Figures({self.name: self})

    def state(self, iso3: str) -> pd.DataFrame:
        """One state's story: by year, the median world's view of what it lived through, and its gain.

        Raises
        ------
        InputError
            If the run has no such state.
        """
        self._demand("states")
        rows = self._source.read("states", state=iso3)
        if rows.empty:
            raise InputError(f"no state {shown(iso3)} in this run; name it by its ISO 3166 code, such as MEX")
        came = self._source.read("attendance", state=iso3) if "attendance" in self.tables else None
        return state_story(self.over_lucks(rows), came)

    def replay(self, number: int, behaviours: Mapping[str, object] | None = None) -> Replay:
        """Live one world again, and keep everything it went through; see `migsim.results.replay.replay`."""
        from migsim.results.replay import replay

        return replay(self, number, behaviours=behaviours)

    def report(
        self, path: str | os.PathLike[str], *, figures: Sequence[str] | None = None, force: bool = False
    ) -> Path:
        """Write what was found as one HTML file; see `migsim.report.reporting.report`."""
        from migsim.report.reporting import report

        return report(self, path, figures=figures, force=force)

    def brief(self, state: str, path: str | os.PathLike[str], **options: Any) -> Path:
        """Write one page on a state, by code or name; see `migsim.report.briefing.brief`."""
        from migsim.report.briefing import brief

        return brief(self, state, path, **options)

    def to_csv(self, folder: str | os.PathLike[str]) -> list[Path]:
        """Write every table and summary as CSV into a folder, for other tools; gives the files."""
        from migsim.results.exports import write_plain

        return write_plain(self, Path(folder))

    def _demand(self, name: str) -> None:
        if name not in self.tables:
            hint = "; the scenario does not record them (record: [corridors])" if name == "corridors" else ""
            known = ", ".join(self.tables) or "none, because no replicate was finished"
            raise InputError(f"no table {shown(name)} in this run{hint}; it has {known}")

    def __repr__(self) -> str:
        lines = [
            f"Run {self.name}: {self.title}",
            f"  worlds: {self.n_replicates}, each beside the same world without the forum",
            f"  seed {self.seed}, parameters {self.parameters}",
            f"  tables: {', '.join(self.tables) or 'none'}",
        ]
        if len(self.failures):
            lines.append(f"  failed: {len(self.failures)} replicates (see failures)")
        if self.folder is not None:
            lines.append(f"  folder: {self.folder}")
        if self.n_replicates:
            last = self.triple_win[self.triple_win["year"] == self.triple_win["year"].max()]
            lines.append(f"  triple win in {last['year'].max()}, standard deviations of 2005:")
            for group, row in last.set_index("group").to_dict("index").items():
                lines.append(f"    {group:<10} {difference_interval(row)}")
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        from migsim.results.representations import run_card

        return run_card(self)
