"""How large an analysis is: from a look in a minute to one for publication."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from migsim.errors import InputError, shown

__all__ = ["DEFAULT_SIZE", "SIZES", "Size", "size_of"]


@dataclass(frozen=True)
class Size:
    """How many worlds each part of an analysis takes.

    Attributes
    ----------
    walks
        Walks of the screening, each with as many worlds as there are parameters, and one.
    base
        Base points of the indices of groups, times the groups and two.
    base_apart
        Base points for luck, parameters and structure, times five.
    worlds
        Worlds in which each coalition of phases is lived, and each of themes.
    orders
        Orders in which themes join, where there are too many for all coalitions.
    scaled
        Worlds at each product of strength, pace and lever size.
    points
        Points of the hypercube for discovery and weights.
    lucks
        Lucks with which the tornado is run.
    """

    walks: int
    base: int
    base_apart: int
    worlds: int
    orders: int
    scaled: int
    points: int
    lucks: int


DEFAULT_SIZE: Final = "default"
SIZES: Final[Mapping[str, Size]] = MappingProxyType(
    {
        "quick": Size(walks=2, base=16, base_apart=32, worlds=4, orders=8, scaled=40, points=250, lucks=2),
        "default": Size(
            walks=8, base=128, base_apart=512, worlds=16, orders=16, scaled=200, points=1000, lucks=4
        ),
        "large": Size(
            walks=24, base=512, base_apart=1024, worlds=128, orders=32, scaled=256, points=6000, lucks=16
        ),
    }
)


def size_of(name: str) -> Size:
    """The size of this name.

    Raises
    ------
    InputError
        If there is none.
    """
    if name not in SIZES:
        raise InputError(f"size {shown(name)}; allowed are {', '.join(SIZES)}")
    return SIZES[name]
