"""What follows from a setting alone, and so is found once for it and not in every session."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import wraps
from typing import Any, Concatenate
from weakref import WeakKeyDictionary

from migsim.world.setting import Setting

__all__ = ["once"]


def once[**P, T](find: Callable[Concatenate[Setting, P], T]) -> Callable[Concatenate[Setting, P], T]:
    """Keep what a function finds for a setting, and for names or numbers beside it, as long as the setting.

    What is kept is shared: nobody may write into it.
    """
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
