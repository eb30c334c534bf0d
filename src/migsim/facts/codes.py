"""The 193 member states by their three-letter codes, without the weight of the figures."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

__all__ = ["BASE_YEAR", "iso3_codes", "state_names"]

BASE_YEAR: Final = 2005
"""The year from which every world starts, and to which the figures are completed."""


@cache
def state_names() -> Mapping[str, str]:
    """Code and English short name of each state, in order of code.

    Examples
    --------
    >>> state_names()["BEL"]
    'Belgium'
    """
    with (Path(__file__).parent / "states.csv").open(encoding="utf-8", newline="") as source:
        named = {row["iso3"]: row["name"] for row in csv.DictReader(source)}
    return MappingProxyType(dict(sorted(named.items())))


@cache
def iso3_codes() -> tuple[str, ...]:
    """ISO 3166 codes of the states, alphabetical: the order of every state axis.

    Examples
    --------
    >>> len(iso3_codes()), iso3_codes()[0]
    (193, 'AFG')
    """
    return tuple(state_names())
