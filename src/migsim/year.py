"""One year of the world, phase by phase.

1. Policies in force: what was decided at home last year begins to act.
2. People move; displacement follows the scenario's totals.
3. Economies grow; 4. money is sent home; 5. opinion forms; 6. migrants' and stayers' lives are assessed.
7. States review their interests.
8. Work groups of last sessions go on, processes in session meet, states strike agreements of two and may
   ratify binding instruments.
9. States act at home, with or without a text; 10. trust follows; 11. outer processes may take the subject up.
12. The year's accounts are closed.

In the years up to 2005 the world is recalled (in place of 1 to 5).

Shocks enter where they strike: in flows (displacement), economy (growth, unemployment) and opinion
(attention).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from migsim.actors.interests import form_interests
from migsim.forum.between import work_between_sessions
from migsim.forum.bilateral import strike_agreements
from migsim.forum.follow_up import follow_up
from migsim.forum.instruments import ratify
from migsim.forum.process import Watch, hold_sessions
from migsim.forum.trust import build_trust
from migsim.forum.uptake import take_up
from migsim.world.accounts import account, blank_ledger
from migsim.world.earlier import recall
from migsim.world.economy import grow
from migsim.world.flows import move_people
from migsim.world.opinion import form_opinion
from migsim.world.policy import put_in_force
from migsim.world.remittances import send_money
from migsim.world.setting import Setting
from migsim.world.state import World
from migsim.world.vocabulary import BASE_YEAR
from migsim.world.wellbeing import feel

__all__ = ["EARLIER_PHASES", "PHASES", "WORLD_PHASES", "live", "live_world"]

type Phase = Callable[[World, Setting], World]

WORLD_PHASES: Final[tuple[Phase, ...]] = (
    put_in_force,
    move_people,
    grow,
    send_money,
    form_opinion,
    feel,
)

STATES_PHASES: Final[tuple[Phase, ...]] = (
    form_interests,
    work_between_sessions,
    hold_sessions,
    strike_agreements,
    ratify,
    follow_up,
    build_trust,
)

PHASES: Final[tuple[Phase, ...]] = (*WORLD_PHASES, *STATES_PHASES, take_up, account)

EARLIER_PHASES: Final[tuple[Phase, ...]] = (recall, feel, *STATES_PHASES, take_up, account)


def live(world: World, setting: Setting, watch: Watch | None = None) -> World:
    """The next year; ``watch`` is told each phase of it, and of its sessions."""
    blank = blank_ledger(world.ledger.forum_costs.shape)
    world = replace(world, year=world.year + 1, ledger=blank, minutes=())
    for phase in PHASES if world.year > BASE_YEAR else EARLIER_PHASES:
        world = hold_sessions(world, setting, watch) if phase is hold_sessions else phase(world, setting)
        if watch is not None:
            watch(phase.__name__, world, None)
    return world


def live_world(world: World, setting: Setting) -> World:
    """A year of the world alone, with policies held: what states look at when they weigh a lever."""
    for phase in (*WORLD_PHASES, account):
        world = phase(world, setting)
    return world
