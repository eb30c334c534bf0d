"""How many worlds an analysis takes and about how long, before it is begun."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migsim.ensemble.designs import Design, sampled
from migsim.ensemble.pilot import duration, pilot
from migsim.ensemble.samples import latin_hypercube

if TYPE_CHECKING:
    from migsim.analysis.plans import Plans

__all__ = ["told_cost"]

PILOT_POINTS = 2048
"""Most points of the pilot's sample: so many fill the shards of every variant of structure."""


def told_cost(plans: Plans, parts: tuple[str, ...], workers: int) -> str:
    """The worlds of each design and, from a pilot of three, the time of all, in words.

    Each design starts its workers once.
    """
    counts = plans.worlds(parts)
    total = sum(counts.values())
    cost = pilot(_sample_of(plans, total), workers)
    told = {name: f"at most {n:,}" if name == "tornado" else f"{n:,}" for name, n in counts.items()}
    named = ", ".join(f"{name} {n}" for name, n in told.items())
    most = "at most " if "tornado" in counts else ""
    seconds = len(counts) * cost.starting + (cost.seconds - cost.starting) / cost.worlds * total
    processes = "one process" if workers == 1 else f"{workers} processes"
    return f"{most}{total:,} worlds ({named}): about {duration(seconds)} with {processes}"


def _sample_of(plans: Plans, total: int) -> Design:
    """Some worlds like those of the analysis, in full shards and among all variants of structure."""
    points = min(PILOT_POINTS, total)
    sample = plans.space.everywhere(latin_hypercube(plans.space.everything, points, plans.seed))
    return sampled(plans.definition, sample, 1, plans.seed, "central")
