"""Screening after Morris: how much each parameter moves each gain, alone and with others.

Walks through the space change one parameter at a time; a step's *elementary effect* is the change of the
outcome for the whole range of the parameter. The mean of its size, ``mu_star``, says how much the parameter
matters; its standard deviation, ``sigma``, how much that depends on where the others stand (Morris 1991;
Campolongo et al. 2007). Each walk is lived with one luck from start to end. A choice is switched and a whole
number jumps whatever the length of a step, so that they have no such effect: they are left to the indices of
variance.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from migsim.analysis.groups import group_of
from migsim.analysis.outcomes import OUTCOMES, UNITS, whole
from migsim.ensemble.designs import Design, sampled
from migsim.ensemble.samples import MORRIS_LEVELS, morris, problem

if TYPE_CHECKING:
    import pandas as pd

    from migsim.analysis.space import Space
    from migsim.scenario.definition import Scenario

__all__ = ["largest", "screening", "screening_design"]


def screening_design(definition: Scenario, space: Space, walks: int, seed: int) -> Design:
    """Walks over the drawn parameters; structure, choices and whole numbers stay as the scenario has them."""
    sample = space.everywhere(morris(space.measured, walks, seed))
    return sampled(definition, sample, 1, seed, "central")


def screening(found: pd.DataFrame, plan: Design, space: Space, seed: int) -> pd.DataFrame:
    """The effect of each parameter on each outcome.

    Parameters
    ----------
    found
        Outcomes by point; walks with a failed world are left out.
    plan
        The design that was run.
    space
        Its factors.
    seed
        Of the resampling behind the confidence intervals.

    Returns
    -------
    DataFrame
        ``outcome``, ``path``, ``title``, ``group``, ``mu_star``, ``mu_star_conf`` (half the width of the 95 %
        interval), ``mu``, ``sigma``, ``unit``, ``n`` (walks); effects are those of the whole range.
    """
    import pandas as pd
    from SALib.analyze import morris as effects

    assert plan.sample is not None
    places, titles = np.array(plan.sample.places), space.titles()
    paths = [each.path for each in space.measured]
    block = len(paths) + 1
    parts = []
    for outcome in OUTCOMES:
        values = found[outcome].to_numpy(dtype=float)
        kept = whole(values, block)
        n_walks = int(kept.sum()) // block
        if not n_walks:
            continue
        told = effects.analyze(
            problem(space.measured), places[kept], values[kept], num_levels=MORRIS_LEVELS, seed=seed % 2**32
        )
        parts.append(
            pd.DataFrame(
                {
                    "outcome": outcome,
                    "path": paths,
                    "title": [titles[path] for path in paths],
                    "group": [group_of(path) for path in paths],
                    **{name: np.asarray(told[name], float) for name in _MEASURES},
                    "unit": UNITS[outcome],
                    "n": n_walks,
                }
            )
        )
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=[*_COLUMNS])


_MEASURES = ("mu_star", "mu_star_conf", "mu", "sigma")
_COLUMNS = ("outcome", "path", "title", "group", *_MEASURES, "unit", "n")


def largest(frame: pd.DataFrame, outcome: str, n: int) -> list[str]:
    """Paths of the parameters that move an outcome most, the first first."""
    rows = frame[frame["outcome"] == outcome].sort_values("mu_star", ascending=False, kind="stable")
    return [str(path) for path in rows["path"].head(n)]
