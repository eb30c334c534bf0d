"""The world held against figures that nothing was fitted to, with honest simple forecasts beside it.

Importing the package is light; what it offers loads when first asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from migsim.validation.checks import Check
    from migsim.validation.validating import Validation, validate

__all__ = ["DEFAULT_WORLDS", "Check", "Validation", "validate"]

DEFAULT_WORLDS: Final = 20
"""Ranged worlds behind the intervals, unless told otherwise."""
_HOMES = {"Check": "checks", "Validation": "validating", "validate": "validating"}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
