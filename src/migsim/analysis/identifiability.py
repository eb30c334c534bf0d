"""Identifiability: whether strength, pace and the size of levers matter apart, or only as a product.

How hard texts pull, how fast policy follows and what policy does once changed come one after the other, so
that data on gains may tell no more than their product. Each alone, and all three together (each by the cube
root), are multiplied in worlds that differ in nothing else; if only the product matters, the four curves lie
on each other. Where they do not, an end of the chain saturates before the others. Where hard bounds keep many
values from being multiplied, a point is shown and not compared.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from migsim.analysis.outcomes import LEVEL, WEAKEST, share_of
from migsim.ensemble.designs import Design, sampled
from migsim.ensemble.factors import LUCK
from migsim.ensemble.samples import listed
from migsim.provenance.parameters import registry
from migsim.results.summary import spread
from migsim.world.noise import Noise
from migsim.world.parameters import Parameters

if TYPE_CHECKING:
    import pandas as pd

    from migsim.scenario.definition import Scenario
    from migsim.world.corridors import Array

__all__ = ["SCALED", "break_evens", "identifiability", "identifiability_design", "products_of"]

STRENGTH, PACE, SIZE, TOGETHER = SCALED = ("strength", "pace", "lever size", "all together")
CHANCE: Final = 0.05
"""That any point at all is said to lie apart where none does."""
PRODUCTS: Final = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0)
MOST_CLIPPED: Final = 0.05
"""Share of values at hard bounds beyond which a point is not compared."""


@cache
def _paths() -> dict[str, tuple[str, ...]]:
    """By what is multiplied the parameters that are."""
    levers = tuple(row.path for row in registry().group("levers"))
    return {STRENGTH: ("follow_up.pull",), PACE: ("world.policy.pace",), SIZE: levers}


def products_of(definition: Scenario, scaled: str) -> tuple[float, ...]:
    """The products that hard bounds allow, from what the scenario sets and defaults of the rest."""
    return tuple(product for product in PRODUCTS if _is_within(definition, scaled, product, "hard"))


def identifiability_design(definition: Scenario, worlds: int, seed: int) -> Design:
    """Ranged worlds at each product of each curve; the product 1 is run once for all of them."""
    from migsim.facts import load

    paths = tuple(path for group in _paths().values() for path in group)
    columns = Parameters(definition, Noise(seed, tuple(range(worlds)), load().n_states), "ranged")
    drawn = {path: columns[path][:, 0] for path in paths}
    points: list[tuple[Any, ...]] = []
    for scaled, product in _cells(definition):
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
        Without rows where no world was finished. ``scaled``, ``product`` (multiple of the draws), ``share``
        with its 95 % interval ``low`` and ``high``, ``n``, ``margin``; ``weakest``, ``weakest_low`` and
        ``weakest_high``, the median weakest win and the range of nine worlds in ten; ``plausible``, whether
        the central values so multiplied stay in their ranges; ``clipped``, the share of values that would
        lie beyond a hard bound (of all together, of the link with most), and ``at_bounds``, whether those
        are more than 5 %. Against all together at the same product, worlds paired: ``difference`` of the
        share and ``difference_p``, ``gap``, the median difference of the weakest win, and ``gap_p``, how
        likely chance alone has the signs of either; ``compared``, whether both points are there and neither
        is at bounds; ``share_apart`` and ``weakest_apart``, whether chance is less than 0.05 over all
        points compared. By ``scaled``, ``even``, the product of break-even, with its 95 % interval
        ``even_low`` and ``even_high``; see `break_evens`.
    """
    import pandas as pd

    definition = plan.definition
    cells = list(_cells(definition))
    table = found[WEAKEST].to_numpy(dtype=float).reshape(len(cells), worlds)
    kept = np.isfinite(table).all(axis=0)
    values = {cell: table[n, kept] for n, cell in enumerate(cells)}
    clipped = dict(zip(cells, _clipped(plan, worlds), strict=True))
    rows = []
    for scaled, product in ((name, at) for name in SCALED for at in products_of(definition, name)):
        cell, beside = _cell(scaled, product), _cell(TOGETHER, product)
        weakest, is_paired = values[cell], beside in values
        share = share_of(int((weakest > margin).sum()), len(weakest))
        most_clipped = max(clipped[cell], clipped[beside]) if is_paired else clipped[cell]
        row = (
            scaled, product, share.median, share.low, share.high, share.n, margin,
            *spread(weakest), *_median_between(weakest),
            _is_within(definition, scaled, product, "plausible"),
            clipped[cell], clipped[cell] > MOST_CLIPPED,
            is_paired and cell != beside and most_clipped <= MOST_CLIPPED,
            *_against(weakest, values[beside] if is_paired else weakest[:0], margin),
        )  # fmt: skip
        rows.append(row)
    return _with_verdicts(pd.DataFrame(rows if kept.any() else [], columns=list(_COLUMNS)))


_COLUMNS: Final = (
    "scaled", "product", "share", "low", "high", "n", "margin", "weakest", "weakest_low", "weakest_high",
    "median_low", "median_high", "plausible", "clipped", "at_bounds", "compared", "difference",
    "difference_p", "gap", "gap_p",
)  # fmt: skip


def _median_between(values: Array) -> tuple[float, float]:
    """Where the median of what the worlds were drawn from lies, with 95 % confidence.

    Between the worlds whose ranks a share of one half allows; of a few worlds, anywhere.
    """
    from scipy.stats import binom

    n = values.size
    below = int(binom.ppf((1.0 - LEVEL) / 2.0, n, 0.5)) if n else 0
    if not below:
        return -math.inf, math.inf
    ranked = np.sort(values)
    return float(ranked[below - 1]), float(ranked[n - below])


def _against(weakest: Array, together: Array, margin: float) -> tuple[float, float, float, float]:
    """How the share of wins and the weakest win differ from those of all together; missing without them."""
    if not together.size:
        return (float("nan"),) * 4
    won = (weakest > margin).astype(float) - (together > margin)
    return (*_paired(won, np.mean), *_paired(weakest - together, np.median))


def _paired(gaps: Array, middle: Callable[[Array], Any]) -> tuple[float, float]:
    """The middle of differences of paired worlds, and how likely chance alone has their signs (sign test)."""
    from scipy.stats import binomtest

    differ = gaps[gaps != 0.0]
    chance = float(binomtest(int((differ > 0.0).sum()), differ.size).pvalue) if differ.size else 1.0
    return float(middle(gaps)), chance


def _with_verdicts(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with what it says: which points lie apart from all together, and where break-even is."""
    is_compared = frame["compared"].astype(bool)
    bar = CHANCE / max(int(is_compared.sum()), 1)
    told = {
        "share_apart": is_compared & (frame["difference_p"] < bar),
        "weakest_apart": is_compared & (frame["gap_p"] < bar),
    }
    evens = break_evens(frame)
    for n, name in enumerate(("even", "even_low", "even_high")):
        told[name] = frame["scaled"].map({scaled: ends[n] for scaled, ends in evens.items()})
    return frame.assign(**told)


def break_evens(frame: pd.DataFrame) -> dict[str, tuple[float, float, float]]:
    """By what is multiplied the product of break-even, and the ends of its 95 % interval.

    The least product at which the median weakest win reaches the margin, so that all three gain in half of
    the worlds. Between two products by a straight line over the logarithm; the least product that was run
    where it is above the margin already, infinity where it never is. The interval is where the ends of the
    median's own interval reach the margin. Points at hard bounds do not count.
    """
    found = {}
    for scaled, rows in frame.groupby("scaled", sort=False):
        course = rows[~rows["at_bounds"].astype(bool)].sort_values("product")
        products, margin = course["product"].to_numpy(float), course["margin"].to_numpy(float)
        even, low, high = (
            _crossing(products, course[name].to_numpy(float) - margin)
            for name in ("weakest", "median_high", "median_low")
        )
        found[str(scaled)] = (even, low, high)
    return found


def _crossing(products: Array, above_margin: Array) -> float:
    above = np.flatnonzero(above_margin > 0.0)
    if not above.size:
        return float("inf")
    n = int(above[0])
    if n == 0:
        return float(products[0])
    part = -above_margin[n - 1] / (above_margin[n] - above_margin[n - 1])
    return float(np.exp(np.log(products[n - 1]) + part * np.log(products[n] / products[n - 1])))


def _cells(definition: Scenario) -> list[tuple[str, float]]:
    """What is run: each curve's products, and 1 once."""
    cells = (_cell(scaled, product) for scaled in SCALED for product in products_of(definition, scaled))
    return list(dict.fromkeys((*cells, _cell(TOGETHER, 1.0))))


def _cell(scaled: str, product: float) -> tuple[str, float]:
    return (TOGETHER if product == 1.0 else scaled), product


def _multiples(scaled: str, product: float) -> dict[str, float]:
    """By path the factor by which it is multiplied."""
    if scaled == TOGETHER:
        return {path: product ** (1.0 / 3.0) for group in _paths().values() for path in group}
    return dict.fromkeys(_paths()[scaled], product)


def _is_within(definition: Scenario, scaled: str, product: float, bounds: str) -> bool:
    """Whether central values so multiplied stay within their hard bounds, or their plausible ranges."""
    for path, factor in _multiples(scaled, product).items():
        row = registry()[path]
        if row.low is None or row.high is None:
            continue
        value = float(definition.value(path)) * factor
        low, high = row.quantity.minimum, row.quantity.maximum
        if bounds == "plausible":
            low, high = row.low, row.high
        if not low <= value <= high:
            return False
    return True


def _bounded(path: str, values: Array) -> Array:
    unit = registry()[path].quantity
    return np.clip(values, unit.minimum, unit.maximum)


def _clipped(plan: Design, worlds: int) -> Array:
    """Share of the multiplied values of each cell that a hard bound keeps from it, of the link with most."""
    assert plan.sample is not None
    values = np.array(plan.sample.points, dtype=float)
    values = values.reshape(-1, worlds, values.shape[1])
    place = {path: n for n, path in enumerate(plan.sample.paths)}
    cells = _cells(plan.definition)
    drawn = values[cells.index(_cell(TOGETHER, 1.0))]
    shares = []
    for n, (scaled, product) in enumerate(cells):
        by = _multiples(scaled, product)
        links = [[place[path] for path in paths if path in by] for paths in _paths().values()]
        wanted = next(iter(by.values())) * drawn
        is_kept = np.isclose(values[n], wanted, rtol=1e-9, atol=0.0)
        shares.append(max(float((~is_kept[:, link]).mean()) for link in links if link))
    return np.array(shares)
