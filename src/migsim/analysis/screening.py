"""Screening after Morris: how much each parameter moves each gain, alone and with others.

Walks through the space change one parameter at a time; a step's *elementary effect* is the change of the
outcome for the whole range of the parameter. The mean of its size, ``mu_star``, says how much the parameter
matters, and is 0 if it never moves the outcome; its standard deviation, ``sigma``, says how much that depends
on where the others stand (Morris 1991; Campolongo et al. 2007). Each walk is lived with one luck from start
to end. A choice is switched and a whole number jumps whatever the length of a step, so that they have no such
effect: they are left to the indices of variance.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from migsim.analysis.groups import group_of, title_of
from migsim.analysis.outcomes import N_RESAMPLES, OUTCOMES, UNITS, ends_of, whole
from migsim.ensemble.designs import Design, sampled
from migsim.ensemble.samples import Sample, morris
from migsim.plots.screening import FEWEST_WALKS

if TYPE_CHECKING:
    import pandas as pd

    from migsim.analysis.space import Space
    from migsim.scenario.definition import Scenario
    from migsim.world.corridors import Array

__all__ = ["largest", "screening", "screening_design"]


def screening_design(definition: Scenario, space: Space, walks: int, seed: int) -> Design:
    """Walks over the drawn parameters; structure, choices and whole numbers stay as the scenario has them."""
    sample = space.everywhere(morris(space.measured, walks, seed))
    return sampled(definition, sample, 1, seed, "central")


def screening(found: pd.DataFrame, sample: Sample, seed: int) -> pd.DataFrame:
    """The effect of each parameter on each outcome.

    Parameters
    ----------
    found
        Outcomes by point; walks with a failed world are left out.
    sample
        The walks that were run.
    seed
        Of the resampling behind the confidence intervals.

    Returns
    -------
    DataFrame
        ``outcome``, ``path``, ``title``, ``group``, ``mu_star``, ``mu_star_low``, ``mu_star_high``
        (percentiles of resampled walks, a 95 % interval; missing if fewer than `FEWEST_WALKS` are left),
        ``mu``, ``sigma``, ``unit``, ``n`` (walks); effects are those of the whole range.
    """
    import pandas as pd

    places = np.array(sample.places)
    paths = sample.paths[: places.shape[1]]  # beyond stand the luck, and what is set alike with one of them
    block = len(paths) + 1
    parts = []
    for outcome in OUTCOMES:
        values = found[outcome].to_numpy(dtype=float)
        kept = whole(values, block)
        n_walks = int(kept.sum()) // block
        if not n_walks:
            continue
        effects = _effects(places[kept].reshape(n_walks, block, -1), values[kept].reshape(n_walks, block))
        parts.append(
            pd.DataFrame(
                {
                    "outcome": outcome,
                    "path": paths,
                    "title": [title_of(path) for path in paths],
                    "group": [group_of(path) for path in paths],
                    **_measures(effects, seed),
                    "unit": UNITS[outcome],
                    "n": n_walks,
                }
            )
        )
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=[*_COLUMNS])


_COLUMNS: Final = (
    "outcome", "path", "title", "group", "mu_star", "mu_star_low", "mu_star_high", "mu", "sigma", "unit", "n",
)  # fmt: skip


def _effects(places: Array, values: Array) -> Array:
    """Elementary effects, ``(walk, factor)``, of places ``(walk, point, factor)`` and values there."""
    steps = np.diff(places, axis=1)
    moved = np.abs(steps).argmax(axis=2)
    lengths = np.take_along_axis(steps, moved[..., np.newaxis], axis=2)[..., 0]
    effects = np.empty((places.shape[0], places.shape[2]))
    np.put_along_axis(effects, moved, np.diff(values, axis=1) / lengths, axis=1)
    return effects


def _measures(effects: Array, seed: int) -> dict[str, Array]:
    """Mean size with the ends of its interval, mean and standard deviation of effects ``(walk, factor)``."""
    n_walks, sizes = len(effects), np.abs(effects)
    low, high, sigma = np.full((3, effects.shape[1]), np.nan)
    if n_walks > 1:
        sigma = effects.std(axis=0, ddof=1)
    if n_walks >= FEWEST_WALKS:
        stream = np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed)))
        weights = stream.multinomial(n_walks, np.full(n_walks, 1.0 / n_walks), N_RESAMPLES) / n_walks
        low, high = ends_of(weights @ sizes)
    return {
        "mu_star": sizes.mean(axis=0),
        "mu_star_low": low,
        "mu_star_high": high,
        "mu": effects.mean(axis=0),
        "sigma": sigma,
    }


def largest(frame: pd.DataFrame, outcome: str, n: int) -> list[str]:
    """Paths of the parameters that move an outcome most, the first first."""
    rows = frame[frame["outcome"] == outcome].sort_values("mu_star", ascending=False, kind="stable")
    return [str(path) for path in rows["path"].head(n)]
