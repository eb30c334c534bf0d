"""Every protocol against results from elsewhere: published tables, other programs, known limits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from migsim.negotiation.verification.runs import challenge_runs, exchange_runs, spatial_runs
from migsim.negotiation.verification.tables import (
    clubs,
    clusters,
    contracts,
    elections,
    emission_rounds,
    emission_texts,
)
from migsim.negotiation.verification.verdicts import Check

__all__ = ["SUITES", "Check", "checks"]

SUITES: Final[dict[str, Callable[[], Iterator[Check]]]] = {
    "emission_texts": emission_texts,
    "elections": elections,
    "spatial_runs": spatial_runs,
    "exchange_runs": exchange_runs,
    "challenge_runs": challenge_runs,
    "emission_rounds": emission_rounds,
    "contracts": contracts,
    "clubs": clubs,
    "clusters": clusters,
}
"""What is checked, in the order in which it is told."""


def checks() -> Iterator[Check]:
    """Make every check, one after the other.

    Examples
    --------
    >>> next(checks()).passed
    True
    """
    for suite in SUITES.values():
        yield from suite()
