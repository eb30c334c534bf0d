"""Links: what one process gives to another.

Regional bodies bring what they know to the round tables of a forum and open the way to it (g-rcp-input,
g-rcp-channels, g-iscm-spread); a process that reports to another has its themes counted there
(s-ifsd-feeds-csd): of both, what was done this year or last counts. One that takes stock keeps the texts of
another, once that has met, from fading (w-forum-takes-stock). Links to processes that are not in the scenario
do nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from migsim.forum.session import Session, place_of
from migsim.world.corridors import Array
from migsim.world.kept import once
from migsim.world.setting import Setting
from migsim.world.state import World

__all__ = ["LinkParameters", "brought_knowledge", "opened_way", "reported", "stock_taken"]

RECENT = 1
"""Years after which what a process has done is no longer news."""


@dataclass(frozen=True)
class LinkParameters:
    """Registry group ``processes.*.links``, each ``(..., 1)``."""

    feed: Array
    opens_way: Array
    report: Array
    stock: Array


def linked(
    kind: Literal["feeds", "reports_to"], session: Session, world: World, setting: Setting
) -> Iterator[tuple[LinkParameters, int, Array]]:
    """The processes so linked to a session's: their parameters, their places, and whether they met lately."""
    for name in _names_linked(setting, kind, session.process):
        place = place_of(setting, name)
        is_recent = world.year - world.proceedings.last_met[:, place, None] <= RECENT
        p = setting.parameters.group(LinkParameters, f"processes.{name}.links")
        yield p, place, np.where(is_recent, 1.0, 0.0)


@once
def _names_linked(setting: Setting, kind: str, process: str) -> tuple[str, ...]:
    processes = setting.definition.spec.processes
    return tuple(name for name, other in processes.items() if process in getattr(other.links, kind))


def brought_knowledge(session: Session, world: World, setting: Setting) -> Array:
    """Expertise that others bring to the round tables, ``(..., theme)`` in [0, 1].

    Each adds its share of what is still unknown, on the themes that it treated itself.
    """
    unknown = np.ones_like(session.on_agenda)
    for p, place, recent in linked("feeds", session, world, setting):
        unknown = unknown * (1.0 - p.feed * recent * world.proceedings.treated[:, place])
    return 1.0 - unknown


def opened_way(world: World, session: Session, setting: Setting) -> Array:
    """Addition to the log odds of coming of those who met elsewhere, ``(..., state)``."""
    way = np.zeros_like(session.attended)
    for p, place, recent in linked("feeds", session, world, setting):
        way = np.maximum(way, p.opens_way * recent * world.proceedings.attended[:, place])
    return way


def reported(session: Session, world: World, setting: Setting) -> Array:
    """Weight of what others have reported in a survey of themes, ``(..., theme)``."""
    weight = np.zeros_like(session.on_agenda)
    for p, place, recent in linked("reports_to", session, world, setting):
        weight = weight + p.report * recent * world.proceedings.treated[:, place]
    return weight


def stock_taken(world: World, session: Session, setting: Setting) -> Array:
    """Share of the year's fading that is made good, ``(..., state, paragraph)``.

    By a session that takes stock of a process of the scenario: for those who attend, on what it discusses.
    """
    process = setting.definition.spec.processes[session.process]
    known = [name for name in process.links.takes_stock_of if name in setting.definition.spec.processes]
    if not known:
        return np.zeros((1, 1, 1))
    p = setting.parameters.group(LinkParameters, session.path("links"))
    met = [world.proceedings.times_met[:, place_of(setting, name), None] > 0.0 for name in known]
    share = p.stock * np.where(np.logical_or.reduce(met), 1.0, 0.0)
    discussed = session.attended[..., None] * session.on_paragraphs(setting)[..., None, :]
    stock: Array = share[..., None] * discussed
    return stock
