"""Ten parts of the world, made of the United Nations' sub-regions: few enough to read who moves where."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

__all__ = ["PART_OF_SUBREGION", "WORLD_PARTS"]

_SUBREGIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "Northern America": ("Northern America",),
    "Latin America and the Caribbean": ("Caribbean", "Central America", "South America"),
    "Europe": ("Eastern Europe", "Northern Europe", "Southern Europe", "Western Europe"),
    "Central Asia": ("Central Asia",),
    "Eastern and South-eastern Asia": ("Eastern Asia", "South-eastern Asia"),
    "Southern Asia": ("Southern Asia",),
    "Western Asia": ("Western Asia",),
    "Northern Africa": ("Northern Africa",),
    "Sub-Saharan Africa": ("Eastern Africa", "Middle Africa", "Southern Africa", "Western Africa"),
    "Oceania": ("Australia and New Zealand", "Melanesia", "Micronesia", "Polynesia"),
}

WORLD_PARTS: Final = tuple(_SUBREGIONS)
"""The parts, in the order in which they stand around a circle: neighbours side by side."""

PART_OF_SUBREGION: Final[Mapping[str, str]] = MappingProxyType(
    {subregion: part for part, subregions in _SUBREGIONS.items() for subregion in subregions}
)
"""The part that each sub-region belongs to."""
