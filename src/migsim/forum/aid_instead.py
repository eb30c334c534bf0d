"""The same money as aid: a null against which a session can be held.

Nobody meets. What the session would have cost, the travel of those who would have come included, is given by
those who would have paid for it to the departure countries that would have come, in proportion to their role.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from migsim.forum.report import ReportParameters, costs
from migsim.forum.session import Session, effects
from migsim.world.corridors import total
from migsim.world.setting import Setting
from migsim.world.state import World

__all__ = ["give_instead"]


def give_instead(world: World, session: Session, setting: Setting) -> tuple[World, Session]:
    """Where the scenario says so, call the session off and give what it would have cost."""
    is_on = np.where(setting.parameters[session.path("switches.aid_instead")] > 0.0, 1.0, 0.0)
    if not is_on.any():
        return world, session
    states = setting.states
    p = setting.parameters.group(ReportParameters, session.path("report"))
    need = session.attended * states.departure * (states.departure > states.host)
    spent = costs(world, session, setting, p) * effects(setting, session.process).costs
    given = spent * is_on * (total(need) > 0.0)
    received = total(given) * need / np.where(total(need) > 0.0, total(need), 1.0)
    ledger = replace(
        world.ledger,
        grants_given=world.ledger.grants_given + given,
        grants_received=world.ledger.grants_received + received,
    )
    meets = 1.0 - is_on
    called_off = replace(session, attended=session.attended * meets, held=session.held * meets)
    return replace(world, ledger=ledger), called_off
