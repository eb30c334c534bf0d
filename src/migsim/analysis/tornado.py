"""The tornado: the gains with one parameter at either end of its range and all others at their defaults.

What the screening finds important is shown once more where a reader can check it: one parameter at a time,
the same few lucks everywhere. A choice has no ends and is left out, as are whole numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from migsim.analysis.groups import title_of
from migsim.analysis.outcomes import OUTCOMES
from migsim.analysis.screening import largest
from migsim.ensemble.designs import Design, sampled
from migsim.ensemble.factors import LUCK
from migsim.ensemble.samples import listed
from migsim.plots.tornado import reach
from migsim.provenance.parameters import registry

if TYPE_CHECKING:
    import pandas as pd

    from migsim.analysis.space import Space
    from migsim.scenario.definition import Scenario

__all__ = ["tornado", "tornado_design", "tornado_paths"]

LONGEST: Final = 15
_COLUMNS: Final = (
    "outcome", "path", "title", "at_low", "at_high", "central", "low", "high", "unit", "n", "error",
)  # fmt: skip


def tornado_paths(screened: pd.DataFrame, space: Space) -> dict[str, tuple[float, float]]:
    """The parameters with the largest effects on any outcome, each with the ends of its range."""
    ends = {each.path: (each.low, each.high) for each in space.measured}
    ranged = _of_paths(screened, ends)
    chosen = dict.fromkeys(path for outcome in OUTCOMES for path in largest(ranged, outcome, LONGEST))
    return {path: ends[path] for path in chosen}


def tornado_design(
    definition: Scenario, space: Space, ends: Mapping[str, tuple[float, float]], lucks: int, seed: int
) -> Design:
    """The central point, then each parameter at its lower and at its upper end, with several lucks each."""
    middle = {path: definition.value(path) for path in ends}
    rows = [tuple(middle.values())]
    for path in ends:
        rows += [tuple({**middle, path: end}.values()) for end in ends[path]]
    points = [(*row, luck) for row in rows for luck in range(lucks)]
    sample = space.everywhere(listed((*ends, LUCK), points))
    return sampled(definition, sample, 1, seed, "central")


def tornado(
    found: pd.DataFrame, screened: pd.DataFrame, ends: Mapping[str, tuple[float, float]], lucks: int
) -> pd.DataFrame:
    """The mean outcome at both ends of each parameter.

    Parameters
    ----------
    found
        Outcomes by point of `tornado_design`; a luck with which a world failed is left out everywhere.
    screened
        The screening, which says what is shown for which outcome.
    ends, lucks
        As they were run.

    Returns
    -------
    DataFrame
        Without rows where no luck was finished. ``outcome``, ``path``, ``title``, ``at_low``, ``at_high``
        (mean over lucks), ``central``, ``low``, ``high`` and ``unit`` (the ends, and their unit), ``n``
        (lucks), ``error`` (standard error of ``at_high - at_low``), those that move it most first.
    """
    import pandas as pd

    cube = found[list(OUTCOMES)].to_numpy(dtype=float).reshape(-1, lucks, len(OUTCOMES))
    kept = np.isfinite(cube).all(axis=(0, 2))
    n, place = int(kept.sum()), {path: 1 + 2 * k for k, path in enumerate(ends)}
    ranged = _of_paths(screened, ends)
    rows: list[tuple[Any, ...]] = []
    for k, outcome in enumerate(OUTCOMES if n else ()):
        table = cube[:, kept, k]
        for path in largest(ranged, outcome, LONGEST):
            low, high = table[place[path]], table[place[path] + 1]
            error = float((high - low).std(ddof=1) / np.sqrt(n)) if n > 1 else float("nan")
            means = (float(low.mean()), float(high.mean()), float(table[0].mean()))
            rows.append((outcome, path, title_of(path), *means, *ends[path], _unit(path), n, error))
    frame = pd.DataFrame(rows, columns=list(_COLUMNS))
    order = {outcome: n for n, outcome in enumerate(OUTCOMES)}
    keys = frame.assign(place=frame["outcome"].map(order), width=-reach(frame))
    return frame.loc[keys.sort_values(["place", "width"], kind="stable").index].reset_index(drop=True)


def _of_paths(screened: pd.DataFrame, paths: Iterable[str]) -> pd.DataFrame:
    """What the screening found of some parameters; nothing where too many worlds failed."""
    return screened[screened["path"].isin(list(paths)) & screened["mu_star"].notna()]


def _unit(path: str) -> str:
    row = registry().match(path)
    return "" if row is None else row.unit
