"""The figures: tidy tables in, matplotlib Axes out.

Every function takes frames with the columns of a run's tables, draws on ``ax`` or on a figure of its own, and
returns
the Axes. Nothing is shown and no setting of matplotlib is changed for good. A figure made here is the
caller's:
`save` writes it and closes it.

Where several scenarios are drawn they come as one frame with a ``scenario`` column or as a mapping of name to
frame;
``scenarios`` gives their order and so their colours, which are then the same in every figure, and ``labels``
what
they are called. A scenario named there is never dropped: without rows it is marked "no result".

Importing the package is light; pandas and matplotlib load when a figure is drawn.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from migsim.plots.agendas import agenda
    from migsim.plots.chronicle import history
    from migsim.plots.comparison import differences, ranking_table
    from migsim.plots.corridor_rows import corridors
    from migsim.plots.depths import breadth_depth
    from migsim.plots.fulfilment import implementation
    from migsim.plots.gain_fans import triple_win
    from migsim.plots.group_rows import by_group
    from migsim.plots.interests import stance_and_gain, stance_to_payoff
    from migsim.plots.lives import wellbeing
    from migsim.plots.markets import marketplace
    from migsim.plots.one_page import conditions
    from migsim.plots.opinions import opinion
    from migsim.plots.planes import plane
    from migsim.plots.ratifications import breadth, break_even
    from migsim.plots.regime_rows import regimes
    from migsim.plots.saving import save
    from migsim.plots.sessions import attendance
    from migsim.plots.sheet import caption_of
    from migsim.plots.standpoints import positions
    from migsim.plots.stories import state_story
    from migsim.plots.streams import migrations
    from migsim.plots.sweep_maps import heat_map
    from migsim.plots.sweeps import boxes, course
    from migsim.plots.text_qualities import texts
    from migsim.plots.transfers import remittances
    from migsim.plots.votes import vote
    from migsim.plots.winning_states import winners
    from migsim.plots.wins import weakest
    from migsim.plots.world_maps import world_map

__all__ = [
    "agenda",
    "attendance",
    "boxes",
    "breadth",
    "breadth_depth",
    "break_even",
    "by_group",
    "caption_of",
    "conditions",
    "corridors",
    "course",
    "differences",
    "heat_map",
    "history",
    "implementation",
    "marketplace",
    "migrations",
    "opinion",
    "plane",
    "positions",
    "ranking_table",
    "regimes",
    "remittances",
    "save",
    "stance_and_gain",
    "stance_to_payoff",
    "state_story",
    "texts",
    "triple_win",
    "vote",
    "weakest",
    "wellbeing",
    "winners",
    "world_map",
]

_HOMES = {
    "agenda": "agendas",
    "attendance": "sessions",
    "boxes": "sweeps",
    "breadth": "ratifications",
    "breadth_depth": "depths",
    "break_even": "ratifications",
    "by_group": "group_rows",
    "caption_of": "sheet",
    "corridors": "corridor_rows",
    "conditions": "one_page",
    "course": "sweeps",
    "differences": "comparison",
    "heat_map": "sweep_maps",
    "history": "chronicle",
    "implementation": "fulfilment",
    "marketplace": "markets",
    "migrations": "streams",
    "opinion": "opinions",
    "plane": "planes",
    "positions": "standpoints",
    "ranking_table": "comparison",
    "regimes": "regime_rows",
    "remittances": "transfers",
    "save": "saving",
    "stance_and_gain": "interests",
    "stance_to_payoff": "interests",
    "state_story": "stories",
    "texts": "text_qualities",
    "triple_win": "gain_fans",
    "vote": "votes",
    "weakest": "wins",
    "wellbeing": "lives",
    "world_map": "world_maps",
    "winners": "winning_states",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
