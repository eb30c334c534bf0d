"""How numbers are rounded wherever they are shown: nothing that is, is shown as nothing, nor most as all."""

from __future__ import annotations

import math
from typing import Any, Final

__all__ = ["NOTHING", "percent", "places_shown", "plain_value"]

NOTHING: Final = 1e-12
"""Differences this small are rounding."""


def places_shown(value: float, places: int) -> int:
    """Decimals that show a number that is not zero as another than zero, at least ``places``.

    Examples
    --------
    >>> places_shown(-0.0004, 2), places_shown(0.04, 2)
    (4, 2)
    """
    if not math.isfinite(value) or value == 0.0 or round(value, places) != 0.0:
        return places
    return -math.floor(math.log10(abs(value)))


def percent(share: float) -> str:
    """A share in percent; never all or none unless it is.

    Examples
    --------
    >>> percent(0.83), percent(0.998), percent(1.0)
    ('83 %', 'over 99 %', '100 %')
    """
    if not math.isfinite(share):
        return "no figure"
    if 0.995 <= share < 1.0:
        return "over 99 %"
    if 0.0 < share < 0.005:
        return "under 1 %"
    return f"{100 * share:.0f} %"


def plain_value(value: Any, digits: int = 4) -> str:
    """A value of a setting: yes or no, a name, or a number; years and counts keep all their digits.

    Examples
    --------
    >>> plain_value(False), plain_value(979612), plain_value(2007.0), plain_value(0.123456)
    ('no', '979612', '2007', '0.1235')
    """
    value = value.item() if hasattr(value, "item") else value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if not isinstance(value, float):
        return str(value)
    return f"{value:.1f}".removesuffix(".0") if abs(value) >= 100.0 else f"{value:.{digits}g}"
