"""As many worlds as it takes until the mean of an outcome is known closely enough.

Worlds are added in fixed rounds, so that how many there are depends on what came out and on nothing else:
not on the number of workers, nor on interruptions. An interval is that of the mean over draws of the
parameters; where each draw is lived with several lucks, of the mean over these.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from math import inf, isfinite, sqrt
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from migsim.ensemble.batch import KEYS
from migsim.ensemble.designs import Design
from migsim.errors import InputError, shown
from migsim.results.summary import over_lucks
from migsim.results.tables import TableSource, no_column
from migsim.world.worlds import DRAWS

if TYPE_CHECKING:
    import pandas as pd

    from migsim.world.corridors import Array

__all__ = [
    "LEAST",
    "Precision",
    "draws_of",
    "is_enough",
    "parts",
    "precisions",
    "read_targets",
    "refuse_unknown",
    "rounds",
    "stop_record",
    "targets",
    "told_precision",
]

LEAST: Final = 32
"""Fewest draws; also what rounds are multiples of."""
CONFIDENCE: Final = 0.95


@dataclass(frozen=True, slots=True)
class Precision:
    """How closely the mean of an outcome is known.

    Attributes
    ----------
    outcome
        A column of table ``world``, in the last year.
    tolerance
        What the half-width is to be at most.
    mean, half_width
        Of the 95 % confidence interval of the mean over draws.
    n
        Draws that it rests on.
    """

    outcome: str
    tolerance: float
    mean: float
    half_width: float
    n: int

    @property
    def is_reached(self) -> bool:
        """Whether there are enough draws, and the interval is narrow enough."""
        return self.n >= LEAST and self.half_width <= self.tolerance

    def __str__(self) -> str:
        said = f"{self.outcome}: mean {self.mean:.4g} ± {self.half_width:.2g} (95 %) over {self.n} draws"
        if self.n < LEAST:
            return f"{said}; fewer than the {LEAST} after which it is first asked whether that is enough"
        if self.is_reached:
            return f"{said}, within {self.tolerance:g}"
        return f"{said}, not yet within {self.tolerance:g}; allow more worlds with --replicates"


def read_targets(texts: Iterable[str]) -> dict[str, float]:
    """Outcomes and tolerances from texts such as ``gain_hosts=0.002``.

    Raises
    ------
    InputError
        If a text is no such pair, or an outcome comes twice.
    """
    found: dict[str, float] = {}
    for text in texts:
        outcome, _, tolerance = (part.strip() for part in text.partition("="))
        if outcome in found:
            raise InputError(f"until {shown(outcome)}: twice; name each outcome once, with one tolerance")
        try:
            found[outcome] = float(tolerance)
        except ValueError:
            raise InputError(
                f"until {shown(text)}; write an outcome and a tolerance, such as gain_hosts=0.002"
            ) from None
    return targets(found)


def targets(until: Mapping[str, float]) -> dict[str, float]:
    """Outcomes and tolerances, checked.

    Raises
    ------
    InputError
        If it is not such a mapping, or a tolerance is not a number above zero.
    """
    if not isinstance(until, Mapping):
        raise InputError(f'until {shown(until)}; allowed is a mapping, such as {{"gain_hosts": 0.002}}')
    for outcome, tolerance in until.items():
        is_number = isinstance(tolerance, int | float) and not isinstance(tolerance, bool)
        if not outcome or not is_number or not (isfinite(tolerance) and tolerance > 0.0):
            raise InputError(
                f"until {shown(outcome)}={shown(tolerance)}; allowed are a column of table world and a "
                "number above 0"
            )
    return {outcome: float(tolerance) for outcome, tolerance in until.items()}


def refuse_unknown(plan: Design, until: Mapping[str, float]) -> None:
    """Refuse an outcome that table ``world`` will not have, before a world is run.

    Raises
    ------
    InputError
        With the outcomes that there are.
    """
    if not until:
        return
    from migsim.ensemble.columns import world_columns
    from migsim.start import begin
    from migsim.triple_win import measure

    definition, worlds = plan.batch(plan.replicates[:1])
    setting, world = begin(definition, worlds, plan.seed, plan.spread)
    columns = world_columns(world, world, measure(world, world, setting), setting)
    known = [
        name for name, values in columns.items() if name not in KEYS["world"] and values.dtype.kind in "fi"
    ]
    for outcome in until:
        if outcome not in known:
            raise no_column("world", outcome, known)


def rounds(most: int) -> Iterator[int]:
    """Numbers of draws at which to look: each a quarter more than the one before, in steps of whole 32s.

    The step is rounded up to a multiple of 32, so that after 32 draws twice as many are next.

    They are the same whatever is there already, so that a run that goes on ends where a new one does.

    Parameters
    ----------
    most
        The last of them.

    Examples
    --------
    >>> list(rounds(400))
    [32, 64, 96, 128, 160, 224, 288, 384, 400]
    """
    n = LEAST
    while n < most:
        yield n
        n += LEAST * max(1, -(-n // (4 * LEAST)))
    yield most


def draws_of(numbers: Iterable[int]) -> list[int]:
    """Draws of worlds, rising, each once."""
    return sorted({number % DRAWS for number in numbers})


def first_draws(plan: Design, n: int) -> Design:
    """The design with its first draws only."""
    draws = set(draws_of(plan.replicates)[:n])
    return replace(plan, replicates=tuple(each for each in plan.replicates if each % DRAWS in draws))


def parts(plan: Design, until: Mapping[str, float]) -> Iterable[Design]:
    """The design, or more and more of it."""
    if not until:
        return (plan,)
    if plan.sample is not None:
        raise InputError("until: a sweep has the worlds of its design; leave it out")
    return (first_draws(plan, n) for n in rounds(len(draws_of(plan.replicates))))


def is_enough(found: tuple[Precision, ...]) -> bool:
    """Whether to stop: all is known closely enough or, without finished worlds, nothing ever will be."""
    return all(each.is_reached for each in found) or max(each.n for each in found) < 2


def precisions(
    source: TableSource, until: Mapping[str, float], replicates: Collection[int]
) -> tuple[Precision, ...]:
    """How closely outcomes are known from some worlds of a run.

    Raises
    ------
    InputError
        If table ``world`` has no such column, or it is not a number.
    """
    if not until:
        return ()
    if "world" not in source.names:
        return tuple(Precision(outcome, tolerance, np.nan, inf, 0) for outcome, tolerance in until.items())
    keys = ("replicate", "year")
    columns = [*keys, *(outcome for outcome in until if outcome not in keys)]
    last = source.read("world", columns, reduce=lambda rows: rows[rows["year"] == rows["year"].max()])
    rows = over_lucks(last[last["replicate"].isin(list(replicates))])
    return tuple(_precision(rows, outcome, tolerance) for outcome, tolerance in until.items())


def stop_record(found: Iterable[Precision]) -> dict[str, Any]:
    """Entry of the manifest on why a run has as many worlds as it has; empty where that was not asked."""
    until = {
        each.outcome: {
            "tolerance": each.tolerance,
            "mean": each.mean if isfinite(each.mean) else None,
            "half_width": each.half_width if isfinite(each.half_width) else None,
            "draws": each.n,
            "is_reached": each.is_reached,
        }
        for each in found
    }
    return {"until": until} if until else {}


def told_precision(manifest: Mapping[str, Any]) -> str:
    """Lines on how closely outcomes are known, if they decided how many worlds a run has; else empty."""
    return "\n".join(
        str(
            Precision(
                outcome,
                each["tolerance"],
                np.nan if each["mean"] is None else each["mean"],
                inf if each["half_width"] is None else each["half_width"],
                each["draws"],
            )
        )
        for outcome, each in manifest.get("until", {}).items()
    )


def _precision(rows: pd.DataFrame, outcome: str, tolerance: float) -> Precision:
    values = np.asarray(rows[outcome], dtype=np.float64)
    mean, half_width = _interval(values)
    return Precision(outcome, tolerance, mean, half_width, len(values))


def _interval(values: Array) -> tuple[float, float]:
    """Mean, and half the width of its 95 % confidence interval by Student's t."""
    from scipy.special import stdtrit

    n = len(values)
    if n < 2:
        return (float(values.mean()) if n else np.nan), inf
    quantile = float(stdtrit(n - 1, (1.0 + CONFIDENCE) / 2.0))
    return float(values.mean()), quantile * float(values.std(ddof=1)) / sqrt(n)
