"""The figures the model starts from: states, corridors, yearly panel, refugees, borders and circumstances.

The numbers, their originals and their licences are described in ``README.md`` beside this file. Importing
the package itself is light; the names below load numpy when first asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from migsim.facts.codes import iso3_codes, state_names

if TYPE_CHECKING:
    from migsim.facts.circumstances import dollar_of, exit_rates, free_movement_since, wanting_less
    from migsim.facts.completion import Completed, complete
    from migsim.facts.geography import distances
    from migsim.facts.laying import figures_with
    from migsim.facts.neighbours import Borders, borders
    from migsim.facts.tables import Facts, load
    from migsim.facts.treaties import recorded_parties

__all__ = [
    "Borders",
    "Completed",
    "Facts",
    "borders",
    "complete",
    "distances",
    "dollar_of",
    "exit_rates",
    "figures_with",
    "free_movement_since",
    "iso3_codes",
    "load",
    "recorded_parties",
    "state_names",
    "wanting_less",
]

_HOME = {
    "Borders": "neighbours",
    "borders": "neighbours",
    "Completed": "completion",
    "complete": "completion",
    "Facts": "tables",
    "load": "tables",
    "recorded_parties": "treaties",
    "distances": "geography",
    "figures_with": "laying",
    "dollar_of": "circumstances",
    "exit_rates": "circumstances",
    "free_movement_since": "circumstances",
    "wanting_less": "circumstances",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
