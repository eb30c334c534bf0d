"""The groups of settings whose weight is told apart, in words that a reader of the documents uses."""

from __future__ import annotations

from typing import Final

from migsim.ensemble.factors import LUCK
from migsim.provenance.parameters import registry

__all__ = ["GROUPS", "PARAMETERS", "SOURCES", "STRUCTURE", "group_of", "source_of", "title_of"]

STRUCTURE: Final = "structure"
PARAMETERS: Final = "parameters"
SOURCES: Final = (LUCK, PARAMETERS, STRUCTURE)

GROUPS: Final = {
    "people and flows": ("world.base", "world.flows"),
    "status and displacement": ("world.status", "world.displacement"),
    "economy and accounts": ("world.economy", "world.shocks", "world.accounts"),
    "remittances": ("world.remittances", "world.base.largest_remitted_share"),
    "opinion": (
        "world.opinion",
        "world.base.less_europe",
        "world.base.less_elsewhere",
        "world.base.resolute",
        "world.base.pro",
        "world.base.attention",
    ),
    "well-being": ("world.wellbeing",),
    "levers and policy": ("levers", "world.policy"),
    "interests and stances": ("actors",),
    "session and negotiation": ("processes",),
    "follow-up and trust": ("follow_up", "trust", "ladder"),
    "uptake, instruments and agreements": ("uptake", "instruments", "bilateral", "processes.*.convening"),
    STRUCTURE: (
        "world.flows.hump",
        "world.opinion.reading",
        "world.policy.start",
        "world.policy.rights_against_numbers",
        "actors.interests.payoff_share",
        "processes.*.reading",
        "processes.*.who_can_block",
        "processes.*.blocking_share",
        "processes.*.civil_society",
        "processes.*.protocol.name",
        "processes.*.report.backlash",
    ),
    LUCK: (LUCK,),
}
"""By group the beginnings of its paths; the longest beginning of a path decides."""

_BEGINNINGS: Final = {start: group for group, starts in GROUPS.items() for start in starts}


def group_of(path: str) -> str:
    """The group of a setting; of one that no world draws, such as ``years.last``, its section.

    Examples
    --------
    >>> group_of("world.flows.network"), group_of("world.flows.hump"), group_of("processes.gfmd.reading")
    ('people and flows', 'structure', 'structure')
    """
    names = registry().pattern(path).split(".")
    starts = (".".join(names[:depth]) for depth in range(len(names), 0, -1))
    return next((_BEGINNINGS[start] for start in starts if start in _BEGINNINGS), names[0])


def source_of(path: str) -> str:
    """Whether a setting is luck, a parameter or structure."""
    group = group_of(path)
    return group if group in (LUCK, STRUCTURE) else PARAMETERS


def title_of(path: str) -> str:
    """What a setting is, in words."""
    row = registry().match(path)
    return path if row is None else row.title
