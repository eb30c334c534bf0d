"""The engine of all processes: a session is a composition of phases, in one order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from migsim.forum.agenda import set_agenda
from migsim.forum.aid_instead import give_instead
from migsim.forum.attendance import attend
from migsim.forum.calendar import in_session, open_session
from migsim.forum.civil_society_day import hear_civil_society
from migsim.forum.consultations import consult
from migsim.forum.linkage import link_themes
from migsim.forum.marketplace import match_market
from migsim.forum.plenary import meet_in_plenary, propose
from migsim.forum.report import publish
from migsim.forum.round_tables import hold_round_tables
from migsim.forum.session import Session
from migsim.forum.vote import vote
from migsim.world.setting import Setting
from migsim.world.state import World

__all__ = ["SESSION", "Watch", "hold_sessions"]

type Watch = Callable[[str, World, Session | None], None]
"""Told each finished phase by name, with the world and, within a session, the session as they then are."""

SESSION: Final = (
    attend,
    give_instead,
    set_agenda,
    hear_civil_society,
    hold_round_tables,
    propose,
    link_themes,
    consult,
    meet_in_plenary,
    vote,
    match_market,
    publish,
)
"""The phases of a session, from the invitation to the report."""


def hold_sessions(world: World, setting: Setting, watch: Watch | None = None) -> World:
    """Let every process that is due this year meet, in the order of the scenario."""
    for name, meeting in in_session(setting, world.year):
        session = open_session(name, meeting, world, setting)
        for phase in SESSION:
            world, session = phase(world, session, setting)
            if watch is not None:
                watch(phase.__name__, world, session)
    return world
