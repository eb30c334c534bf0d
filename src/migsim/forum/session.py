"""One session of one process, as its phases fill it in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from migsim.negotiation import Chance, Text
from migsim.world.corridors import Array
from migsim.world.setting import Setting
from migsim.world.state import World
from migsim.world.vocabulary import THEMES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["Session", "Switches", "chance_of", "in_session", "open_session", "switches"]


@dataclass(frozen=True)
class Switches:
    """Registry group ``processes.*.switches``: what a process may do at all, each ``(..., 1)`` in {0, 1}."""

    texts: Array
    practice: Array
    trust: Array
    attention: Array
    linkage: Array
    marketplace: Array
    costs: Array
    backlash: Array


def switches(setting: Setting, process: str) -> Switches:
    """The switches of a process."""
    return setting.parameters.group(Switches, f"processes.{process}.switches")


@dataclass(frozen=True)
class Session:
    """A session in the making.

    ``friends``: states that negotiate where a protocol cannot be left to all; ``protocol_options``: what the
    scenario says of the protocol's own options. ``chair``: position of the chair on the state axis, or -1;
    ``size``: relative size; ``n_before``: sessions of the process before this one. The arrays are filled
    phase by phase: ``attended`` ``(..., state)``, ``on_agenda`` and ``civil_report`` ``(..., theme)``,
    ``civil_weight`` ``(..., 1)``, ``proposals`` ``(..., state, paragraph)``, ``draft`` and ``compromise``
    ``(..., paragraph)``, ``matches`` and ``grants`` ``(..., 1)``.
    """

    process: str
    themes: tuple[str, ...]
    friends: tuple[str, ...]
    protocol_options: Mapping[str, object]
    chair: int
    size: float
    n_before: int
    attended: Array
    on_agenda: Array
    civil_report: Array
    civil_weight: Array
    proposals: Array
    draft: Array
    compromise: Array
    text: Text
    matches: Array
    grants: Array

    def path(self, rest: str) -> str:
        """Registry path of one of the process's parameters."""
        return f"processes.{self.process}.{rest}"


def chance_of(purpose: str, session: Session, setting: Setting, year: int) -> Chance:
    """Chance of all rooms of a session, by registered state."""
    streams = setting.noise.streams(purpose, process=session.process, year=year)
    return Chance(streams, setting.states.registered, setting.noise.n_registered, is_single=False)


def in_session(setting: Setting, year: int) -> Iterator[tuple[str, Any, int]]:
    """Processes that meet in a year: name, the session as the scenario gives it, and how many came before."""
    for name, process in setting.definition.spec.processes.items():
        for meeting in process.sessions:
            if meeting.year == year:
                yield name, meeting, sum(other.year < year for other in process.sessions)


def open_session(name: str, meeting: Any, n_before: int, world: World, setting: Setting) -> Session:
    """An empty session."""
    process = setting.definition.spec.processes[name]
    n_replicates, n_states, n_paragraphs = world.policies.ideal.shape
    nothing = np.zeros((n_replicates, n_paragraphs))
    chair = meeting.chair if meeting.chair in setting.states.iso3 else None
    return Session(
        process=name,
        themes=tuple(meeting.themes),
        friends=tuple(process.friends),
        protocol_options=process.protocol.options,
        chair=setting.states.index(chair) if chair is not None else -1,
        size=float(meeting.size),
        n_before=n_before,
        attended=np.zeros((n_replicates, n_states)),
        on_agenda=np.zeros((n_replicates, len(THEMES))),
        civil_report=np.full((n_replicates, len(THEMES)), 0.5),
        civil_weight=np.zeros((n_replicates, 1)),
        proposals=world.policies.ideal,
        draft=nothing,
        compromise=nothing,
        text=Text.blank(n_states, nothing.shape),
        matches=np.zeros((n_replicates, 1)),
        grants=np.zeros((n_replicates, 1)),
    )
