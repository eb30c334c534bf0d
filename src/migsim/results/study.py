"""A study: several runs side by side, none of them ever left out."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from migsim.errors import InputError, shown
from migsim.results.additionality import additionality_table
from migsim.results.differences import difference_table, pairing, warn_of
from migsim.results.points import last_years
from migsim.results.ranking import ranking_table
from migsim.results.regimes import regime_table
from migsim.results.run import Run
from migsim.results.texts import objector_table, text_table
from migsim.results.wording import difference_interval

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

    from migsim.results.figures import Figures
    from migsim.results.groups import By
    from migsim.scenario.definition import Scenario

__all__ = ["Study", "refuse_apart"]


def refuse_apart(scenarios: Iterable[Scenario]) -> None:
    """Refuse scenarios that have no year in common.

    Raises
    ------
    InputError
        If one begins after another has ended.
    """
    given = list(scenarios)
    late = max(given, key=lambda each: each.spec.years.first)
    early = min(given, key=lambda each: each.spec.years.last)
    first, last = late.spec.years.first, early.spec.years.last
    if first - 1 > last:
        said = f"{late.name} begins in {first} and {early.name} ends in {last}"
        raise InputError(f"{said}; compare scenarios that have a year in common")


class Study:
    """Runs of several scenarios, compared with the first.

    A scenario whose run failed stays in every table, with ``n`` 0 and no numbers.

    Attributes
    ----------
    runs
        The runs by label, in the order in which they were given. The label is the scenario's name; runs of
        scenarios with the same name are told apart by their seed or a number.
    """

    def __init__(self, runs: Iterable[Run]) -> None:
        self.runs: Mapping[str, Run] = MappingProxyType(_labelled(list(runs)))
        self._warned: set[tuple[str, str]] = set()
        if not self.runs:
            raise InputError("there is nothing to compare; name at least one scenario or run")
        refuse_apart(run.scenario for run in self.runs.values())

    def __getitem__(self, label: str) -> Run:
        if label not in self.runs:
            raise InputError(f"no run {shown(label)} in this study; it has {', '.join(self.runs)}")
        return self.runs[label]

    def __iter__(self) -> Iterator[str]:
        return iter(self.runs)

    def __len__(self) -> int:
        return len(self.runs)

    @property
    def reference(self) -> str:
        """Label of the run with which the others are compared: the first."""
        return next(iter(self.runs))

    @property
    def last_year(self) -> int:
        """The last year that all worlds have, which scenarios are compared in."""
        return min(last_years(run)[0] for run in self.runs.values())

    @property
    def why_last_year(self) -> str:
        """Why not a later year; empty if no world has one, and else begins with a space."""
        later = any(last_years(run)[-1] > self.last_year for run in self.runs.values())
        return " (the last year of all)" if later else ""

    @cached_property
    def triple_win(self) -> pd.DataFrame:
        """The triple win of every run, one below the other."""
        return self._made(lambda run: run.triple_win)

    @cached_property
    def gains(self) -> pd.DataFrame:
        """The gains of every run, one below the other."""
        return self._made(lambda run: run.gains)

    @cached_property
    def texts(self) -> pd.DataFrame:
        """What was agreed in every run; see `migsim.results.texts.text_table`."""
        return self._made(text_table)

    @cached_property
    def objectors(self) -> pd.DataFrame:
        """Who is against the texts of every run; see `migsim.results.texts.objector_table`."""
        return self._made(objector_table)

    @cached_property
    def failures(self) -> pd.DataFrame:
        """Replicates that failed: scenario, replicate, error, traceback."""
        return self._made(lambda run: run.failures)

    @cached_property
    def plot(self) -> Figures:
        """The figures of all runs together, such as ``study.plot.differences()``."""
        from migsim.results.figures import Figures

        return Figures(self.runs, self.last_year)

    def difference(
        self, quantity: str = "triple_win", reference: str | None = None, *, year: int | None = None
    ) -> pd.DataFrame:
        """How every other run differs from the reference, by year.

        The replicates of both runs are compared with each other where they share seed and spread of
        parameters, so that chance cancels; otherwise unpaired, with a warning.

        Parameters
        ----------
        quantity
            ``triple_win``, or a column of table ``world`` such as ``remittances``.
        reference
            Label of the run to compare with; by default the first.
        year
            Only this year; by default all that both runs have.

        Returns
        -------
        DataFrame
            By scenario, year and quantity (for the triple win, the group): median, 5th and 95th percentile of
            the difference, share of positive ones, number of worlds, and whether worlds were paired.
        """
        import pandas as pd

        against = self._against(reference)
        base = self[against]
        parts = []
        for label, run in self.runs.items():
            if label != against:
                if (label, against) not in self._warned:
                    warn_of(label, against, pairing(run, base))
                    self._warned.add((label, against))
                parts.append(difference_table(label, run, against, base, quantity, year))
        if not parts:
            return difference_table(against, base, against, base, quantity, year).iloc[:0]
        return pd.concat(parts, ignore_index=True)

    def additionality(self) -> pd.DataFrame:
        """How much policy moves in every run beyond what states would do alone, by year from 2005 on.

        Returns
        -------
        DataFrame
            By scenario, year and quantity: ``drift``, what mean policy did since 2005 where nobody meets;
            ``added``, what the scenario's processes add; ``ratio``, that as a percentage of the drift. See
            `migsim.results.additionality`.
        """
        return self._made(additionality_table)

    def by_group(
        self, by: By = None, columns: Sequence[str] | None = None, *, by_population: bool = False
    ) -> pd.DataFrame:
        """Table ``states`` of every run taken together over groups of states; see `Run.by_group`."""
        return self._made(lambda run: run.by_group(by, columns, by_population=by_population))

    def summary_by_group(
        self, by: By = None, columns: Sequence[str] | None = None, *, by_population: bool = False
    ) -> pd.DataFrame:
        """Medians of `by_group` over the worlds of every run, with the range of nine in ten."""
        return self._made(lambda run: run.summary_by_group(by, columns, by_population=by_population))

    def regimes(self, reference: str | None = None) -> pd.DataFrame:
        """One row a run: gains, shares of worlds, differences from the reference, and what policy is added.

        In the last year that all runs have; see `migsim.results.regimes.regime_table`.

        Parameters
        ----------
        reference
            Label of the run to compare with; by default the first.
        """
        return regime_table(self.runs, self._against(reference), self.last_year)

    def ranking(self, reference: str | None = None) -> pd.DataFrame:
        """Every run once, best first, with intervals of rank, gains and differences; none is left out.

        In the last year that all runs have; see `migsim.results.ranking.ranking_table`.

        Parameters
        ----------
        reference
            Label of the run to compare with; by default the first.
        """
        return ranking_table(self, self._against(reference))

    def to_frame(self) -> pd.DataFrame:
        """Table ``world`` of every run, one below the other, with a column ``scenario`` first."""
        import pandas as pd

        parts = [run.world.assign(scenario=label) for label, run in self.runs.items() if run.n_replicates]
        if not parts:
            return pd.DataFrame(columns=["scenario", "replicate", "year"])
        whole = pd.concat(parts, ignore_index=True)
        return whole[["scenario", *(name for name in whole.columns if name != "scenario")]]

    def to_xarray(self) -> xr.Dataset:
        """Table ``world`` of every run as labelled arrays over scenario, replicate and year.

        Where a scenario lacks a replicate or a year, its values are NaN.
        """
        return self.to_frame().set_index(["scenario", "replicate", "year"]).to_xarray()

    def report(
        self, path: str | os.PathLike[str], *, figures: Sequence[str] | None = None, force: bool = False
    ) -> Path:
        """Write what was found as one HTML file; see `migsim.report.reporting.report`."""
        from migsim.report.reporting import report

        return report(self, path, figures=figures, force=force)

    def _against(self, reference: str | None) -> str:
        """The label that is meant by a reference."""
        label = self.reference if reference is None else reference
        self[label]  # says which there are, if there is no such run
        return label

    def _made(self, table: Callable[[Run], pd.DataFrame]) -> pd.DataFrame:
        """A table made from each run, one below the other, with a column ``scenario`` first."""
        import pandas as pd

        parts = [table(run).assign(scenario=label) for label, run in self.runs.items()]
        whole = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
        return whole[["scenario", *(name for name in whole.columns if name != "scenario")]]

    def _last(self) -> pd.DataFrame:
        """The weakest win of each run in the last year of all."""
        table = self.triple_win
        return table[(table["group"] == "weakest") & (table["year"] == self.last_year)]

    def __repr__(self) -> str:
        last = self._last().set_index("scenario").to_dict("index")
        when = f"{self.last_year}{self.why_last_year}"
        lines = [f"Study of {len(self)} runs; weakest win in {when}, standard deviations of 2005:"]
        for label, run in list(self.runs.items())[:9]:
            row = last[label]
            worlds = "one world" if run.n_replicates == 1 else f"{run.n_replicates} worlds"
            told = f"{difference_interval(row)}, {worlds}"
            lines.append(f"  {label}: {told if run.n_replicates else 'failed, no finished replicate'}")
        if len(self) > 9:
            lines.append(f"  ... and {len(self) - 9} more")
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        from migsim.results.representations import study_card

        return study_card(self)


def _labelled(runs: list[Run]) -> dict[str, Run]:
    """Runs by a label of their own: the name, then the seed, then a number."""
    labels: dict[str, Run] = {}
    for place, run in enumerate(runs):
        namesakes = [n for n, other in enumerate(runs) if other.name == run.name]
        is_told_by_seed = len({runs[n].seed for n in namesakes}) == len(namesakes)
        label = run.name
        if len(namesakes) > 1:
            label = (
                f"{run.name} (seed {run.seed})"
                if is_told_by_seed
                else f"{run.name} ({namesakes.index(place) + 1})"
            )
        labels[label] = run
    return labels
