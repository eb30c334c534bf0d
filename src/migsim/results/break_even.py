"""Break-even depth: how deep a binding text must be to do as well as the voluntary forum.

A convention is run at several depths on the same draws as the forum, twice: ratified by whoever will, and
laid on all states, the benchmark that nobody can refuse. Each run is measured against the world in which
nobody meets. A deeper text asks more of those who ratify, and fewer do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

import numpy as np

from migsim.errors import InputError, shown
from migsim.results.comparison import compare, opened
from migsim.results.run import Run
from migsim.results.tallies import parties
from migsim.scenario.definition import Scenario
from migsim.world.parameters import Spread

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "DEPTHS", "FORUM", "IMPOSED", "MEASURES", "RATIFIED", "break_even", "break_even_depths", "whole_worlds",
]  # fmt: skip

FORUM, RATIFIED, IMPOSED = "voluntary forum", "ratified", "laid on all"
DEPTHS: Final = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0)
MEASURES: Final = {
    "policy": "mean policy gained over paragraphs and states",
    "weakest": "gain of whoever gains least, standard deviations of the base year",
    "gain_sd_migrants": "gain of migrants, standard deviations of the base year",
    "gain_sd_hosts": "gain of hosts, standard deviations of the base year",
    "gain_sd_departures": "gain of departure countries, standard deviations of the base year",
}


def break_even(
    depths: Iterable[float] = DEPTHS,
    *,
    convention: Scenario | str = "binding-convention",
    forum: Scenario | str = "gfmd-2007-2015",
    replicates: int | None = None,
    seed: int | None = None,
    parameters: Spread | None = None,
    workers: int | None = None,
    progress: bool | None = None,
) -> pd.DataFrame:
    """Run a convention at several depths beside the voluntary forum, all on the same draws.

    Parameters
    ----------
    depths
        From 0 to 1.
    convention
        A scenario in which one process has an instrument.
    forum
        The scenario that it is held against.
    replicates, seed, parameters, workers, progress
        As for `migsim.compare`.

    Returns
    -------
    DataFrame
        ``regime`` (`FORUM`, `RATIFIED`, `IMPOSED`), ``depth`` (missing for the forum), ``replicate``,
        ``parties`` at the end, and each of `MEASURES` in the last year.

    Raises
    ------
    InputError
        If a depth is not from 0 to 1, or the scenario has not one instrument.
    """
    import pandas as pd

    given = list(depths)
    for depth in given:
        if not 0.0 <= depth <= 1.0:
            raise InputError(f"depths: found {shown(depth)}; a depth is from 0 to 1.")
    binding, voluntary = opened(convention), opened(forum)
    if isinstance(binding, Run) or isinstance(voluntary, Run):
        raise InputError("break_even runs scenarios; give scenarios, their names or files, no runs.")
    name = _instrument_of(binding)
    variants = list(_variants(binding, name, given))
    study = compare(
        [voluntary, *(scenario for *_, scenario in variants)],
        replicates=replicates, seed=seed, parameters=parameters, workers=workers, progress=progress,
    )  # fmt: skip
    keys = [(FORUM, float("nan"), ""), *((regime, depth, name) for regime, depth, _ in variants)]
    last = study.last_year
    parts = [
        _last(run, last, instrument).assign(regime=regime, depth=depth)
        for (regime, depth, instrument), run in zip(keys, study.runs.values(), strict=True)
    ]
    return pd.concat(parts, ignore_index=True)[["regime", "depth", "replicate", "parties", *MEASURES]]


def _instrument_of(scenario: Scenario) -> str:
    processes = scenario.spec.processes
    names = [name for name, process in processes.items() if process.instrument.opened is not None]
    if len(names) != 1:
        raise InputError(f"convention: {len(names)} of its processes have an instrument; one must.")
    return names[0]


def _variants(
    scenario: Scenario, name: str, depths: Iterable[float]
) -> Iterator[tuple[str, float, Scenario]]:
    """Each regime at each depth."""
    for depth in depths:
        for regime, is_imposed in ((RATIFIED, False), (IMPOSED, True)):
            changes = {"depth": depth, "is_imposed": is_imposed}
            values = {f"processes.{name}.instrument.{key}": value for key, value in changes.items()}
            yield regime, depth, scenario.vary(f"{regime} {depth:g}", values)


def _last(run: Run, year: int, instrument: str) -> pd.DataFrame:
    names = ["replicate", *(name for name in MEASURES if name != "policy")]
    columns = [*names, "year", "policy", "baseline_policy"]
    now = run.table("world", columns, reduce=lambda rows: rows[rows["year"] == year])
    now = now.sort_values("replicate", ignore_index=True)
    found = now[names].copy()
    found["policy"] = now["policy"] - now["baseline_policy"]
    joined = run.table("ratifications", ["replicate", "year", "instrument"], reduce=parties)
    counted = joined[joined["instrument"] == instrument].groupby("replicate")["joined"].sum()
    found["parties"] = found["replicate"].map(counted).fillna(0).astype(int)
    return found


def whole_worlds(runs: pd.DataFrame) -> pd.DataFrame:
    """The rows of worlds that failed neither in the forum nor in either regime at any depth.

    Parameters
    ----------
    runs
        As `break_even` gives them.
    """
    lived = runs[["replicate", "regime", "depth"]].drop_duplicates()
    n_lived = lived.groupby("replicate").size()
    n_runs = len(lived[["regime", "depth"]].drop_duplicates())
    return runs[runs["replicate"].isin(n_lived.index[n_lived == n_runs])]


def break_even_depths(runs: pd.DataFrame, measure: str, regime: str = RATIFIED) -> np.ndarray:
    """The least depth at which each world's convention does as well as its forum, ``(replicate,)``.

    Between two depths by a straight line; infinity where no depth of the runs is enough. Worlds that failed
    somewhere are left out (`whole_worlds`), since nobody knows what they would have done there.

    Parameters
    ----------
    runs
        As `break_even` gives them.
    measure
        One of `MEASURES`.
    regime
        `RATIFIED` or `IMPOSED`.
    """
    whole = whole_worlds(runs)
    aims = whole[whole["regime"] == FORUM].set_index("replicate")[measure]
    table = whole[whole["regime"] == regime].pivot_table(index="replicate", columns="depth", values=measure)
    table = table.reindex(aims.index)
    return np.array(
        [
            _crossing(table.columns.to_numpy(dtype=float), row, aim)
            for row, aim in zip(table.to_numpy(), aims.to_numpy(), strict=True)
        ]
    )


def _crossing(depths: np.ndarray, gains: np.ndarray, aim: float) -> float:
    """Where a course over depth first reaches an aim."""
    enough = np.flatnonzero(gains >= aim)
    if not enough.size:
        return float("inf")
    n = int(enough[0])
    if n == 0:
        return float(depths[0])
    step = (aim - gains[n - 1]) / (gains[n] - gains[n - 1])
    return float(depths[n - 1] + step * (depths[n] - depths[n - 1]))
