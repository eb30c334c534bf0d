"""Intergovernmental organisations.

Fourteen of them, those that the documents name and a rest without a mandate of its own.

Document 000 counts fourteen and names few (w-igo-14). A named organisation speaks on the themes on which the
documents give it a stance, and has expertise there; the generic rest sits in the middle and adds general
expertise.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from migsim.actors.stances import position_of, strength_of
from migsim.themes import THEMES
from migsim.world.setting import Observers

__all__ = ["NAMED", "N_ORGANISATIONS", "organisations"]

N_ORGANISATIONS: Final = 14
NAMED: Final = {
    "IOM": "IOM",
    "ILO": "ILO",
    "UNHCR": "UNHCR",
    "World Bank": "World Bank",
    "WTO": "WTO",
    "OECD": "OECD secretariat",
    "UN DESA": "UN DESA/Secretary-General",
    "UNRWA": "UNHCR",
    "UN regional commissions": "",
}
"""Organisation and the stakeholder row of the stance table that speaks for it (none.

Only its expertise counts).
"""


def organisations(mandate: float, general: float, ignorance_salience: float) -> Observers:
    """The organisations of every session.

    Parameters
    ----------
    mandate, general : float
        Expertise in [0, 1] on a theme of its mandate, and of a generic organisation on any theme.
    ignorance_salience : float
        Salience of a theme on which an organisation has no stance.
    """
    rest = [f"Organisation {n}" for n in range(len(NAMED) + 1, N_ORGANISATIONS + 1)]
    rows = list(NAMED.items()) + [(name, "") for name in rest]
    position = np.array([[position_of(row, theme) for theme in THEMES] for _, row in rows])
    strength = np.array([[strength_of(row, theme) for theme in THEMES] for _, row in rows])
    expertise = np.where(strength > 0.0, mandate, general)
    return Observers(
        names=tuple(name for name, _ in rows),
        position=position,
        salience=np.where(strength > 0.0, strength, ignorance_salience),
        expertise=expertise,
        weight=np.ones(len(rows)),
    )
