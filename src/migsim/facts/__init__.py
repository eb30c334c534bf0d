"""The figures the model starts from: states, corridors, yearly panel and refugees.

The numbers, their originals and their licences are described in ``README.md`` beside this file. Importing
the package itself is light; the names below load numpy when first asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from migsim.facts.codes import iso3_codes, state_names

if TYPE_CHECKING:
    from migsim.facts.completion import Completed, complete
    from migsim.facts.geography import distances, neighbours
    from migsim.facts.tables import Facts, load

__all__ = [
    "Completed",
    "Facts",
    "complete",
    "distances",
    "iso3_codes",
    "load",
    "neighbours",
    "state_names",
]

_HOME = {
    "Facts": "tables",
    "load": "tables",
    "Completed": "completion",
    "complete": "completion",
    "distances": "geography",
    "neighbours": "geography",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
