"""Identifiability: whether strength, pace and the size of levers matter apart, or only as a product.

How hard texts pull, how fast policy follows and what policy does once changed come one after the other, so
that data on gains may tell no more than their product. Each alone, and all three together (each by the cube
root), are multiplied in worlds that differ in nothing else; if only the product matters, the four curves lie
on each other. Where they do not, an end of the chain saturates before the others.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from migsim.analysis.outcomes import WEAKEST, interval_of_share
from migsim.ensemble.designs import Design, sampled
from migsim.ensemble.factors import LUCK
from migsim.ensemble.samples import Sample, listed
from migsim.provenance.parameters import registry
from migsim.world.noise import Noise
from migsim.world.parameters import Parameters

if TYPE_CHECKING:
    import pandas as pd

    from migsim.scenario.definition import Scenario
    from migsim.world.corridors import Array

__all__ = ["SCALED", "break_evens", "identifiability", "identifiability_design", "products_of"]

STRENGTH, PACE, SIZE, TOGETHER = SCALED = ("strength", "pace", "lever size", "all together")
PRODUCTS: Final = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0)


@cache
def _paths() -> dict[str, tuple[str, ...]]:
    """By what is multiplied the parameters that are."""
    levers = tuple(row.path for row in registry().group("levers"))
    return {STRENGTH: ("follow_up.pull",), PACE: ("world.policy.pace",), SIZE: levers}


def products_of(scaled: str) -> tuple[float, ...]:
    """The products that the hard bounds allow where the parameters stand at their central values."""
    return tuple(product for product in PRODUCTS if _is_within(scaled, product, "hard"))


def identifiability_design(definition: Scenario, worlds: int, seed: int) -> Design:
    """Ranged worlds at each product of each curve; the product 1 is run once for all of them."""
    from migsim.facts import load

    paths = tuple(path for group in _paths().values() for path in group)
    columns = Parameters(definition, Noise(seed, tuple(range(worlds)), load().n_states), "ranged")
    drawn = {path: columns[path][:, 0] for path in paths}
    points: list[tuple[Any, ...]] = []
    for scaled, product in _cells():
        by = _multiples(scaled, product)
        values = [_bounded(path, drawn[path] * by.get(path, 1.0)) for path in paths]
        points += [(*(float(column[world]) for column in values), world) for world in range(worlds)]
    return sampled(definition, listed((*paths, LUCK), points), 1, seed, "ranged")


def identifiability(found: pd.DataFrame, plan: Design, worlds: int, margin: float) -> pd.DataFrame:
    """The share of worlds in which all three gain, by what is multiplied and by the product.

    Parameters
    ----------
    found
        Outcomes by point of `identifiability_design`.
    plan
        That design.
    worlds
        Worlds at each point; one that failed anywhere is left out everywhere.
    margin
        What a gain must exceed, standard deviations of 2005.

    Returns
    -------
    DataFrame
        ``scaled``, ``product`` (multiple of the draws), ``share`` with its 95 % interval ``low`` and
        ``high``, ``n``, ``margin``; ``weakest``, ``weakest_low`` and ``weakest_high``, the median weakest
        win and the range of nine worlds in ten; ``plausible``, whether the central values so multiplied
        stay in their ranges; ``clipped``, the share of values that met a hard bound; ``difference`` of the
        share from that of all together at the same product, and its standard error ``difference_error``,
        worlds paired; ``gap``, the median paired difference of the weakest win, and ``gap_p``, how likely
        chance alone has its signs.
    """
    import pandas as pd

    cells = list(_cells())
    table = found[WEAKEST].to_numpy(dtype=float).reshape(len(cells), worlds)
    kept = np.isfinite(table).all(axis=0)
    values = {cell: table[n, kept] for n, cell in enumerate(cells)}
    clipped = dict(zip(cells, _clipped(plan.sample, worlds), strict=True))
    rows = []
    for scaled in SCALED:
        for product in products_of(scaled):
            cell, beside = _cell(scaled, product), _cell(TOGETHER, product)
            weakest = values[cell]
            wins, n = int((weakest > margin).sum()), len(weakest)
            low, high = interval_of_share(wins, n)
            gap = (weakest > margin).astype(float) - (values[beside] > margin)
            ends = np.percentile(weakest, [50.0, 5.0, 95.0]) if n else [np.nan] * 3
            rows.append(
                (
                    *(scaled, product, wins / n if n else np.nan, low, high, n, margin, *ends),
                    *(_is_within(scaled, product, "plausible"), clipped[cell]),
                    *(gap.mean() if n else np.nan, gap.std(ddof=1) / np.sqrt(n) if n > 1 else np.nan),
                    *_paired(weakest - values[beside]),
                )
            )
    return pd.DataFrame(rows, columns=list(_COLUMNS))


_COLUMNS: Final = (
    "scaled", "product", "share", "low", "high", "n", "margin", "weakest", "weakest_low", "weakest_high",
    "plausible", "clipped", "difference", "difference_error", "gap", "gap_p",
)  # fmt: skip


def _paired(gaps: Array) -> tuple[float, float]:
    """The median difference of paired worlds, and how likely chance alone has its signs (sign test)."""
    from scipy.stats import binomtest

    differ = gaps[gaps != 0.0]
    if not gaps.size:
        return float("nan"), float("nan")
    chance = float(binomtest(int((differ > 0.0).sum()), differ.size).pvalue) if differ.size else 1.0
    return float(np.median(gaps)), chance


def break_evens(frame: pd.DataFrame) -> dict[str, float]:
    """By what is multiplied the least product at which the median weakest win is above nothing.

    Between two products by a straight line over the logarithm; infinity where there is none.
    """
    found = {}
    for scaled, rows in frame.groupby("scaled", sort=False):
        course = rows.sort_values("product")
        products, medians = course["product"].to_numpy(float), course["weakest"].to_numpy(float)
        found[str(scaled)] = _crossing(products, medians)
    return found


def _crossing(products: Array, medians: Array) -> float:
    above = np.flatnonzero(medians > 0.0)
    if not above.size:
        return float("inf")
    n = int(above[0])
    if n == 0:
        return float(products[0])
    part = -medians[n - 1] / (medians[n] - medians[n - 1])
    return float(np.exp(np.log(products[n - 1]) + part * np.log(products[n] / products[n - 1])))


def _cells() -> list[tuple[str, float]]:
    """What is run: each curve's products, and 1 once."""
    return list(dict.fromkeys(_cell(scaled, product) for scaled in SCALED for product in products_of(scaled)))


def _cell(scaled: str, product: float) -> tuple[str, float]:
    return (TOGETHER if product == 1.0 else scaled), product


def _multiples(scaled: str, product: float) -> dict[str, float]:
    """By path the factor by which it is multiplied."""
    if scaled == TOGETHER:
        return {path: product ** (1.0 / 3.0) for group in _paths().values() for path in group}
    return dict.fromkeys(_paths()[scaled], product)


def _is_within(scaled: str, product: float, bounds: str) -> bool:
    """Whether central values so multiplied stay within their hard bounds, or their plausible ranges."""
    for path, factor in _multiples(scaled, product).items():
        row = registry()[path]
        if row.low is None or row.high is None:
            continue
        value = float(row.default) * factor
        low, high = row.quantity.minimum, row.quantity.maximum
        if bounds == "plausible":
            low, high = row.low, row.high
        if not low <= value <= high:
            return False
    return True


def _bounded(path: str, values: Array) -> Array:
    unit = registry()[path].quantity
    return np.clip(values, unit.minimum, unit.maximum)


def _clipped(sample: Sample | None, worlds: int) -> Array:
    """Share of the multiplied values of each cell that lie on a hard bound."""
    assert sample is not None
    bounds = {path: registry()[path].quantity for path in sample.paths if path != LUCK}
    shares = []
    for n, (scaled, product) in enumerate(_cells()):
        block = np.array(sample.points[n * worlds : (n + 1) * worlds], dtype=float)
        at = [
            (block[:, place] <= bounds[path].minimum) | (block[:, place] >= bounds[path].maximum)
            for place, path in enumerate(sample.paths)
            if path in _multiples(scaled, product)
        ]
        shares.append(np.mean(at))
    return np.array(shares)
