"""One session of one process, as its phases fill it in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from migsim.negotiation import Chance, Text
from migsim.provenance.parameters import registry
from migsim.world.corridors import Array
from migsim.world.kept import once
from migsim.world.setting import Setting

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "RUNGS",
    "Effects",
    "Session",
    "Switches",
    "chance_of",
    "effects",
    "force_of_texts",
    "listed",
    "place_of",
    "reaches",
    "switches",
]


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


RUNGS: Final = registry()["processes.*.output"].options
"""The ladder of cooperation, from plain discussion to a declaration (s-coop-spectrum)."""


def reaches(setting: Setting, process: str, rung: str) -> Array:
    """Whether a process's output stands on a rung of the ladder or above it, ``(..., 1)`` in {0, 1}."""
    output = setting.parameters[f"processes.{process}.output"]
    return np.where(output >= RUNGS.index(rung), 1.0, 0.0)


def force_of_texts(setting: Setting, process: str) -> Array:
    """Force of a process's texts relative to a recommendation, ``(..., 1)``; 0 where there are none."""
    output = setting.parameters[f"processes.{process}.output"]
    forces = {
        RUNGS.index("common_understanding"): setting.parameters["ladder.common_understanding"],
        RUNGS.index("recommendation"): np.ones_like(output),
        RUNGS.index("declaration"): setting.parameters["ladder.declaration"],
    }
    force = np.zeros_like(output)
    for rung, of_rung in forces.items():
        force = np.where(output == rung, of_rung, force)
    return force


@dataclass(frozen=True)
class Effects:
    """What a session can do: its switches, as far as its output reaches up the ladder; each ``(..., 1)``.

    ``texts`` is the force of adopted texts relative to a recommendation; the others are in {0, 1}.
    """

    texts: Array
    knowledge: Array
    practice: Array
    trust: Array
    attention: Array
    linkage: Array
    marketplace: Array
    costs: Array
    backlash: Array


@once
def effects(setting: Setting, process: str) -> Effects:
    """What sessions of a process do.

    All are noticed and build trust; from an exchange on they teach, from practices on they train and hold a
    market, and from a common understanding on their texts count and themes are worth trading.
    """
    on = switches(setting, process)
    force = force_of_texts(setting, process)
    practices = reaches(setting, process, "practices")
    return Effects(
        texts=on.texts * force,
        knowledge=on.practice * reaches(setting, process, "exchange"),
        practice=on.practice * practices,
        trust=on.trust,
        attention=on.attention,
        linkage=on.linkage * np.where(force > 0.0, 1.0, 0.0),
        marketplace=on.marketplace * practices,
        costs=on.costs,
        backlash=on.backlash,
    )


@dataclass(frozen=True)
class Session:
    """A session in the making.

    ``place``: the process's place in the scenario; ``held`` ``(..., 1)`` in {0, 1}: in which replicates it
    takes place; ``eligible`` ``(..., state)`` and ``scope`` ``(paragraph,)``, both in {0, 1}: who may come
    and what may be treated; ``binds``: whether those who come speak for their governments. ``friends``:
    states that negotiate where a protocol cannot be left to all; ``protocol_options``: what the scenario
    says of the protocol's own options. ``chair``: position of the chair on the state axis, or -1; ``size``:
    relative size; ``n_before`` ``(..., 1)``: sessions of the process before this one.

    The other arrays are filled phase by phase: ``attended`` ``(..., state)``, ``on_agenda`` and
    ``civil_report`` ``(..., theme)``, ``civil_weight`` ``(..., 1)``, ``proposals`` ``(..., state,
    paragraph)``, ``draft`` and ``compromise`` ``(..., paragraph)``, ``votes`` ``(..., state)`` as in
    `migsim.world.state.Minutes`, ``matches``, ``grants``, ``demands``
    and ``offers`` ``(..., 1)``, and ``matched`` ``(..., theme)``, of the marketplace.
    """

    process: str
    place: int
    held: Array
    eligible: Array
    scope: Array
    binds: bool
    themes: tuple[str, ...]
    friends: tuple[str, ...]
    protocol_options: Mapping[str, object]
    chair: int
    size: float
    n_before: Array
    attended: Array
    on_agenda: Array
    civil_report: Array
    civil_weight: Array
    proposals: Array
    draft: Array
    compromise: Array
    text: Text
    votes: Array
    matches: Array
    grants: Array
    demands: Array
    offers: Array
    matched: Array

    def path(self, rest: str) -> str:
        """Registry path of one of the process's parameters."""
        return f"processes.{self.process}.{rest}"

    def on_paragraphs(self, setting: Setting) -> Array:
        """The paragraphs on the agenda, ``(..., paragraph)`` in {0, 1}."""
        return self.on_agenda[..., setting.levers.theme] * self.scope


@once
def place_of(setting: Setting, process: str) -> int:
    """The place of a process in the scenario, which is its place in `migsim.world.state.Proceedings`."""
    return list(setting.definition.spec.processes).index(process)


class _Streams(Sequence[np.random.Generator]):
    """Streams that are made when one is first drawn from: most negotiations leave nothing to chance."""

    def __init__(self, make: Callable[[], tuple[np.random.Generator, ...]]) -> None:
        self._make = make

    @cached_property
    def _made(self) -> tuple[np.random.Generator, ...]:
        return self._make()

    def __len__(self) -> int:
        return len(self._made)

    def __getitem__(self, place: Any) -> Any:
        return self._made[place]


@once
def listed(setting: Setting, codes: tuple[str, ...]) -> NDArray[np.bool_]:
    """Which states a process names, ``(state,)``; all of them if it names none."""
    return np.isin(np.array(setting.states.iso3), codes or setting.states.iso3)


def chance_of(purpose: str, session: Session, setting: Setting, year: int) -> Chance:
    """Chance of all rooms of a session, by registered state."""
    streams = _Streams(partial(setting.noise.streams, purpose, process=session.process, year=year))
    return Chance(streams, setting.states.registered, setting.noise.n_registered, is_single=False)
