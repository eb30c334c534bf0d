"""What one scenario does that another does not: differences, world by world where runs share their draws."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from migsim.errors import InputError, shown
from migsim.results.run import Run
from migsim.results.summary import TRIPLE_WIN_GROUPS, share_positive, spread

if TYPE_CHECKING:
    import pandas as pd

    from migsim.world.corridors import Array

__all__ = [
    "DIFFERENCE_COLUMNS",
    "Pairing",
    "by_draw",
    "difference_table",
    "differences_of",
    "pairing",
    "warn_of",
]

DIFFERENCE_COLUMNS: Final = (
    "scenario", "reference", "year", "quantity", "difference_median", "difference_p05", "difference_p95",
    "share_positive", "n", "is_paired",
)  # fmt: skip
MOST_PAIRS: Final = 1000
"""Worlds of each run that unpaired runs are compared on, all with all."""


@dataclass(frozen=True, slots=True)
class Pairing:
    """How two runs are held against each other.

    Attributes
    ----------
    is_paired
        Whether the same replicate is the same draw in both.
    reason
        Why not, or what is left out; empty if there is nothing to say.
    """

    is_paired: bool
    reason: str


def pairing(run: Run, reference: Run) -> Pairing:
    """Whether two runs can be compared world by world.

    Raises
    ------
    InputError
        If the points of one are not those of the other.
    """
    points, other_points = (None if each.sample is None else each.sample.hash for each in (run, reference))
    if points != other_points:
        said = f"{run.name} and {reference.name} are not runs of the same points"
        raise InputError(f"{said}; compare a sweep with one of the same design, by migsim.sweep")
    if run.seed != reference.seed:
        return Pairing(False, f"their seeds differ ({run.seed} and {reference.seed})")
    if run.parameters != reference.parameters:
        return Pairing(False, f"their parameters differ ({run.parameters} and {reference.parameters})")
    asked, other = set(run.replicates), set(reference.replicates)
    if not asked & other:
        return Pairing(False, "they have no replicate in common")
    code, other_code = (each.manifest.get("versions", {}).get("migsim_code") for each in (run, reference))
    if code != other_code:
        return Pairing(True, "they were made by different versions of migsim; run both again to be sure")
    is_same = asked == other
    return Pairing(True, "" if is_same else f"only the {len(asked & other)} worlds of both are compared")


def warn_of(label: str, reference: str, found: Pairing) -> None:
    """Tell the user if two runs cannot be compared world by world, or not safely."""
    if not found.is_paired:
        said = f"{label} and {reference} are compared unpaired, with wider ranges: {found.reason}"
        warnings.warn(said, stacklevel=3)
    elif found.reason:
        warnings.warn(f"{label} and {reference}: {found.reason}", stacklevel=3)


def difference_table(
    label: str, run: Run, reference_label: str, reference: Run, quantity: str, only: int | None = None
) -> pd.DataFrame:
    """Difference of one run from another by year.

    Parameters
    ----------
    label, run
        The run and what it is called.
    reference_label, reference
        The one it is held against.
    quantity
        ``triple_win`` for the gains of the three groups and the weakest of them, in standard deviations of
        the base year, or a column of table ``world``.
    only
        The year that is wanted; by default all that both have.

    Returns
    -------
    DataFrame
        With ``n`` 0 and no numbers if one of them has no finished replicate.
    """
    import pandas as pd

    found = pairing(run, reference)
    rows: list[tuple[object, ...]] = []
    years, columns = _years((run, reference), only), _columns(quantity, (run, reference))
    wanted = ["replicate", "year", *columns.values()]
    world, other_world = (each.columns_of_world(wanted) for each in (run, reference))
    for year in years:
        for name, column in columns.items():
            one, other = _of_year(world, column, year), _of_year(other_world, column, year)
            values, n = differences_of(run, reference, one, other, found.is_paired)
            share = share_positive(values, 0.0)
            rows.append((label, reference_label, year, name, *spread(values), share, n, found.is_paired))
    return pd.DataFrame(rows, columns=list(DIFFERENCE_COLUMNS))


def _years(runs: tuple[Run, Run], only: int | None) -> range:
    """The years that both runs have, or one of them."""
    spans = [run.scenario.spec.years for run in runs]
    years = range(max(span.first for span in spans) - 1, min(span.last for span in spans) + 1)
    if only is None:
        return years
    if only not in years:
        raise InputError(f"year {only}; the runs have {years[0]} to {years[-1]}")
    return range(only, only + 1)


def _columns(quantity: str, runs: tuple[Run, Run]) -> dict[str, str]:
    if quantity == "triple_win":
        return {group: "weakest" if group == "weakest" else f"gain_sd_{group}" for group in TRIPLE_WIN_GROUPS}
    for run in runs:
        if not run.n_replicates:
            continue
        known = [name for name in run.columns("world") if name not in ("replicate", "year")]
        if quantity not in known:
            raise InputError(f"no quantity {shown(quantity)}; allowed are triple_win, {', '.join(known)}")
    return {quantity: quantity}


def _of_year(world: pd.DataFrame, column: str, year: int) -> pd.Series[float]:
    """Values by world."""
    rows = world.loc[world["year"] == year, ["replicate", column]]
    return rows.set_index("replicate")[column].astype(float)


def differences_of(
    run: Run, reference: Run, values: pd.Series[float], others: pd.Series[float], is_paired: bool
) -> tuple[Array, int]:
    """Differences of what two runs have in each world, and of how many worlds they are.

    Of the worlds that both have; of all with all if replicates are not the same draws. One a draw: with
    several lucks, the mean over these.
    """
    if is_paired:
        found = by_draw(run, (values - others).dropna())
        return np.asarray(found, dtype=np.float64), len(found)
    both = (by_draw(run, values), by_draw(reference, others))
    some, rest = (np.asarray(each, dtype=np.float64)[:MOST_PAIRS] for each in both)
    return np.subtract.outer(some, rest).ravel(), min(some.size, rest.size)


def by_draw[T: (pd.Series[float], pd.DataFrame)](run: Run, values: T) -> T:
    """Values by world of a run, one a draw: with several lucks, the mean over these."""
    draws = run.draw_of(values.index)
    return values if len(np.unique(draws)) == len(values) else values.groupby(draws).mean()
