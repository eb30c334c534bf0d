"""Weights: whether the triple win hangs on how the indices of the gains are put together.

The indices of hosts and departure countries are sums of components, each with weight 1. Weights are drawn
evenly from all that have the same sum (a flat Dirichlet distribution), the same for every world. Beside stand
the principal components of the three gains: if one holds more than nine tenths of their variance, the three
are one index under three names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from migsim.analysis.outcomes import COMPONENTS, GAINS, SPREADS, WEAKEST, are_wins
from migsim.results.summary import spread

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from migsim.world.corridors import Array

__all__ = ["components", "shares_by_weights", "weights"]

N_WEIGHTS: Final = 2000


def shares_by_weights(found: pd.DataFrame, seed: int, margin: float = 0.0) -> pd.DataFrame:
    """The share of worlds in which each side gains, and all three, for each draw of the weights.

    Parameters
    ----------
    found
        Outcomes and components by world; failed worlds are left out.
    seed
        Of the draws.
    margin
        What a gain must exceed, standard deviations of 2005 under equal weights.

    Returns
    -------
    DataFrame
        A row a draw: ``gain_migrants``, ``gain_hosts``, ``gain_departures``, ``weakest`` (all three), and the
        weight of each component.
    """
    import pandas as pd

    done = found[found[WEAKEST].notna()]
    migrants = are_wins(done, GAINS[0], margin)
    wins: dict[str, NDArray[np.bool_]] = {GAINS[0]: np.broadcast_to(migrants, (N_WEIGHTS, len(done)))}
    drawn: dict[str, Array] = {}
    for key, (gain, names) in enumerate(COMPONENTS.items()):
        stream = np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=(key,))))
        by = stream.dirichlet(np.ones(len(names)), N_WEIGHTS) * len(names)
        values = by @ done[list(names)].to_numpy().T
        wins[gain] = values > margin * done[SPREADS[gain]].to_numpy()
        drawn |= {name.removeprefix("gain_"): by[:, n] for n, name in enumerate(names)}
    wins[WEAKEST] = wins[GAINS[0]] & wins[GAINS[1]] & wins[GAINS[2]]
    return pd.DataFrame({**{name: table.mean(axis=1) for name, table in wins.items()}, **drawn})


def weights(found: pd.DataFrame, seed: int, margin: float = 0.0) -> pd.DataFrame:
    """The share of worlds won over all weights, for each side, and for all three in the row ``weakest``.

    Returns
    -------
    DataFrame
        Without rows where no world was finished. ``outcome``, ``share`` (median over weights), ``low``,
        ``high`` (5th and 95th percentile), ``equal`` (with equal weights), ``n`` (worlds), ``n_weights``.
    """
    import pandas as pd

    columns = ["outcome", "share", "low", "high", "equal", "n", "n_weights"]
    done = found[found[WEAKEST].notna()]
    if done.empty:
        return pd.DataFrame(columns=columns)
    table = shares_by_weights(done, seed, margin)
    rows = []
    for outcome in (*GAINS, WEAKEST):
        middle, low, high = spread(table[outcome].to_numpy())
        equal = float(are_wins(done, outcome, margin).mean())
        rows.append((outcome, middle, low, high, equal, len(done), N_WEIGHTS))
    return pd.DataFrame(rows, columns=columns)


def components(found: pd.DataFrame) -> pd.DataFrame:
    """Principal components of the three gains over worlds, each gain in its standard deviations.

    Returns
    -------
    DataFrame
        ``component`` (1 to 3), ``share`` of the variance, and the loading of each gain; shares are 0 where no
        gain varies. Without rows where no world was finished.
    """
    import pandas as pd

    gains = found[list(GAINS)].dropna().to_numpy()
    if not len(gains):
        return pd.DataFrame(columns=["component", "share", *GAINS])
    sizes_of = gains.std(axis=0)
    scaled = (gains - gains.mean(axis=0)) / np.where(sizes_of > 0.0, sizes_of, 1.0)
    _, sizes, axes = np.linalg.svd(scaled, full_matrices=False)
    shares = sizes**2 / max(float((sizes**2).sum()), np.finfo(float).tiny)
    rows: list[dict[str, Any]] = [
        {"component": n + 1, "share": float(share), **dict(zip(GAINS, map(float, axis), strict=True))}
        for n, (share, axis) in enumerate(zip(shares, axes, strict=True))
    ]
    return pd.DataFrame(rows)
