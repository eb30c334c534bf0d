"""The last year of each series of figures that drives a world or is held against it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

__all__ = ["LAST_YEARS", "LAST_YEAR_OF_DATA"]

LAST_YEARS: Final[Mapping[str, int]] = MappingProxyType(
    {
        "growth": 2013,
        "free_movement": 2013,
        "stocks": 2010,
        "refugees": 2010,
        "ratifications": 2010,
        "remittances": 2007,
    }
)
"""Growth of income and accession to free movement drive the worlds year by year; the others are held against
them, and end sooner. Population and unemployment go on to 2017, but nothing follows them after the base year
and the recession.
"""

LAST_YEAR_OF_DATA: Final = LAST_YEARS["growth"]
"""The last year in which figures drive a world; what comes later rests on rules for growth, and on what a
scenario declares.
"""
