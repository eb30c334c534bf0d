"""Shares of the variance of each gain: by groups of settings, and luck, parameters and structure apart.

Grouped Sobol indices (Sobol 2001; Saltelli et al. 2010). *S1* is the share that goes when the group alone is
known; *ST* the share that stays when all but the group is known, that is, what it does alone and together
with others. Luck is a factor like any other, so its ST is the share of variance between worlds that differ in
nothing but luck. The indices explain the mean square: where a few worlds lie far out, they decide.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from migsim.analysis.groups import GROUPS, SOURCES, group_of, source_of
from migsim.analysis.outcomes import N_RESAMPLES, OUTCOMES, ends_of, whole
from migsim.ensemble.designs import Design, sampled
from migsim.ensemble.samples import sobol

if TYPE_CHECKING:
    import pandas as pd

    from migsim.analysis.space import Space
    from migsim.scenario.definition import Scenario
    from migsim.world.corridors import Array

__all__ = ["apart", "crossed_design", "indices", "parts_of", "sobol_shares"]


def crossed_design(
    definition: Scenario, space: Space, base: int, seed: int, by: Callable[[str], str] = group_of
) -> Design:
    """Saltelli's design over everything that varies, luck included.

    Parameters
    ----------
    definition, space
    base
        Points of either of its two samples, a power of two; as many again are run for each group.
    seed
    by
        The group of each path: `group_of`, or `source_of` to tell luck, parameters and structure apart.
    """
    factors = space.everything
    sample = sobol(factors, base, seed, {each.path: by(each.path) for each in factors})
    return sampled(definition, space.everywhere(sample), 1, seed, "central")


def parts_of(space: Space, by: Callable[[str], str]) -> list[str]:
    """The groups of a space, in the order in which SALib takes them."""
    return list(dict.fromkeys(by(each.path) for each in space.everything))


def indices(found: pd.DataFrame, space: Space, seed: int) -> pd.DataFrame:
    """The share of each group of settings in the variance of each outcome.

    Parameters
    ----------
    found
        Outcomes by point of `crossed_design`; rows of the design with a failed world are left out.
    space
    seed
        Of the resampling behind the confidence intervals.

    Returns
    -------
    DataFrame
        ``outcome``, ``group``, ``S1``, ``S1_low``, ``S1_high``, ``ST``, ``ST_low``, ``ST_high`` (the ends
        are percentiles of resamples, 95 % between them), ``n`` (base points); ``ST_ranks`` with its ends, of
        the ranks of worlds instead of their values, which no world far out decides; ``S1_sum`` with its ends,
        the first-order shares of all groups added up, alike in all rows of an outcome.
    """
    return _shares(found, parts_of(space, group_of), seed, "group", list(GROUPS))


def apart(found: pd.DataFrame, space: Space, seed: int) -> pd.DataFrame:
    """The shares of luck, parameters and structure; as `indices`, with ``source`` for ``group``."""
    return _shares(found, parts_of(space, source_of), seed, "source", list(SOURCES))


def _shares(found: pd.DataFrame, names: list[str], seed: int, column: str, order: list[str]) -> pd.DataFrame:
    import pandas as pd

    rows = [
        {"outcome": outcome, column: name, **shares}
        for outcome in OUTCOMES
        for name, shares in sorted(
            _with_ranks(found[outcome], names, seed).items(), key=lambda pair: order.index(pair[0])
        )
    ]
    return pd.DataFrame(rows, columns=["outcome", column, *_SHARES, "n", *_RANKS, *_SUM])


def _with_ends(name: str) -> tuple[str, str, str]:
    """The columns of a share and of its interval."""
    return name, f"{name}_low", f"{name}_high"


_SHARES: Final = (*_with_ends("S1"), *_with_ends("ST"))
_RANKS: Final = _with_ends("ST_ranks")
_SUM: Final = _with_ends("S1_sum")


def _with_ranks(values: pd.Series[float], names: list[str], seed: int) -> dict[str, dict[str, float]]:
    """Shares of the values, and in total of their ranks; a failed world has none."""
    on_ranks = sobol_shares(values.rank().to_numpy(dtype=float), names, seed)
    return {
        name: {
            **shares,
            **{to: on_ranks[name][of] for to, of in zip(_RANKS, _with_ends("ST"), strict=True)},
        }
        for name, shares in sobol_shares(values.to_numpy(dtype=float), names, seed).items()
    }


def sobol_shares(values: Any, names: list[str], seed: int) -> dict[str, dict[str, float]]:
    """S1 and ST of each group for the values at a crossed sample's points; ``nan`` if they never vary.

    Rows are resampled for all groups at once, so that the sum of S1 has an interval too.
    """
    from SALib.analyze import sobol as shares

    block = len(names) + 2
    kept = values[whole(values, block)]
    n = len(kept) // block
    if n < 2 or float(np.ptp(kept)) == 0.0:
        none = dict.fromkeys((*_SHARES, *_SUM), float("nan"))
        return {name: {**none, "n": n} for name in names}
    asked = {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}
    told = shares.analyze(
        asked, kept, calc_second_order=False, num_resamples=N_RESAMPLES, keep_resamples=True,
        seed=seed % 2**32 or 1,
    )  # fmt: skip
    alone, in_all = (_ends(told[name], told[f"{name}_conf_all"]) for name in ("S1", "ST"))
    summed = _ends(told["S1"].sum(keepdims=True), told["S1_conf_all"].sum(axis=1, keepdims=True))
    return {
        name: dict(zip((*_SHARES, *_SUM), (*alone[:, n_th], *in_all[:, n_th], *summed[:, 0]), strict=True))
        | {"n": n}
        for n_th, name in enumerate(names)
    }


def _ends(estimates: Array, resamples: Array) -> Array:
    """Estimates with both ends of their intervals, ``(3, share)``, of ``(resample, share)``."""
    return np.array([estimates, *ends_of(resamples)])
