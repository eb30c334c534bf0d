"""Whether a share of worlds differs between two points of a sweep by more than sampling error."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from migsim.plots.sweep_worlds import at_point, differences, independent

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["apart_words"]

CHANCE: Final = 0.05


def apart_words(
    rows: pd.DataFrame,
    outcome: str,
    paths: Sequence[str],
    by: Sequence[str],
    points: tuple[Sequence[Any], Sequence[Any]],
    n_points: int,
) -> str:
    """Whether two points differ in how often an outcome is true, as the end of a sentence.

    Where both hold the same worlds, by a sign test of the worlds that changed (McNemar 1947), else by
    Fisher's exact test; each times the number of pairs from which the two were picked (Bonferroni).

    Parameters
    ----------
    rows
        The worlds of a sweep.
    outcome
        A column of yes and no.
    paths, by
        The settings that tell points apart, and the columns that hold their values or bins.
    points
        Values of ``by`` at either point.
    n_points
        How many there were to pick from.
    """
    first, second = (at_point(rows, by, point) for point in points)
    changes = _changes(first, second, outcome, paths)
    chance = _chance_apart(first, second, outcome) if changes is None else _chance_of_signs(changes)
    if chance * (n_points * (n_points - 1) / 2) >= CHANCE:
        return "; the difference may be sampling error"
    pairs = "" if changes is None else "world by world, "
    return f"; {pairs}the difference exceeds sampling error"


def _changes(
    first: pd.DataFrame, second: pd.DataFrame, outcome: str, paths: Sequence[str]
) -> pd.Series | None:
    """By world the second less the first, over all other settings; none if they hold different worlds.

    Of a single luck, the points at which it was lived stand for worlds.
    """
    by_world = differences(first, second, outcome, paths)
    if by_world is None or 2 * len(by_world) <= max(len(first), len(second)):
        return None
    lucks = by_world.groupby(level="luck").sum()
    return lucks if len(lucks) > 1 else by_world


def _chance_of_signs(changes: pd.Series) -> float:
    from scipy.stats import binomtest

    differ = changes[changes != 0.0]
    return float(binomtest(int((differ > 0.0).sum()), len(differ)).pvalue) if len(differ) else 1.0


def _chance_apart(first: pd.DataFrame, second: pd.DataFrame, outcome: str) -> float:
    from scipy.stats import fisher_exact

    table = []
    for rows in (first, second):
        n = independent(rows)
        k = round(float(rows[outcome].mean()) * n)
        table.append([k, n - k])
    return float(fisher_exact(np.array(table)).pvalue)
