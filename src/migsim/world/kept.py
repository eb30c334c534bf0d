"""What is found once and kept: what a setting alone decides, and what rests on arrays that rarely change.

What is kept is shared: nobody may write into it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import wraps
from typing import Any, Concatenate
from weakref import WeakKeyDictionary

import numpy as np

from migsim.world.corridors import Array
from migsim.world.setting import Setting

__all__ = ["once", "while_same"]


def once[**P, T](find: Callable[Concatenate[Setting, P], T]) -> Callable[Concatenate[Setting, P], T]:
    """Keep what a function finds for a setting, and names or numbers beside it, as long as the setting is."""
    found: WeakKeyDictionary[Setting, dict[Hashable, Any]] = WeakKeyDictionary()

    @wraps(find)
    def kept(setting: Setting, /, *args: P.args, **named: P.kwargs) -> T:
        of_setting = found.setdefault(setting, {})
        key = args, tuple(named.items())
        if key not in of_setting:
            of_setting[key] = find(setting, *args, **named)
        answer: T = of_setting[key]
        return answer

    return kept


def while_same[T](find: Callable[..., T]) -> Callable[..., T]:
    """Keep what a function last found for a setting until one of the arrays beside it is another.

    Arrays are told apart by their values: one that was changed in place would not be noticed.
    """
    found: WeakKeyDictionary[Setting, tuple[tuple[Array, ...], T]] = WeakKeyDictionary()

    @wraps(find)
    def kept(setting: Setting, /, *given: Array) -> T:
        before = found.get(setting)
        if before is None or not all(map(_is_same, before[0], given)):
            before = found[setting] = (given, find(setting, *given))
        return before[1]

    return kept


def _is_same(before: Array, now: Array) -> bool:
    return before is now or np.array_equal(before, now)
