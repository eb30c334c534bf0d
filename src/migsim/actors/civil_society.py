"""Civil society: components with opposed interests and one common aim (evidence w-cs-opposed, i-cs-mobility).

Migrants' own voice starts near nothing (s-migrants-unheard) and is raised by being heard.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from migsim.actors.stances import position_of, strength_of
from migsim.themes import THEMES
from migsim.world.setting import Observers

__all__ = ["COMPONENTS", "MIGRANTS", "civil_society"]

COMPONENTS: Final = (
    "Migrants'/human-rights associations",
    "Development NGOs",
    "Trade unions",
    "Employers/private sector",
    "Churches/charities",
    "Refugee/undocumented lobbies",
    "Academics/think tanks",
    "Diasporas",
)
MIGRANTS: Final = (
    "Privileged migrants",
    "Average migrants",
    "Victim/undocumented migrants",
    "Women migrants",
)


def civil_society(migrants_voice: float, ignorance_salience: float) -> Observers:
    """The components of the civil-society day, and migrants themselves.

    Parameters
    ----------
    migrants_voice : float
        Weight of each group of migrants beside a component's weight of one, in [0, 1].
    ignorance_salience : float
        Salience of a theme on which a component has no stance.
    """
    names = COMPONENTS + MIGRANTS
    position = np.array([[position_of(name, theme) for theme in THEMES] for name in names])
    strength = np.array([[strength_of(name, theme) for theme in THEMES] for name in names])
    return Observers(
        names=names,
        position=position,
        salience=np.where(strength > 0.0, strength, ignorance_salience),
        expertise=np.zeros_like(position),
        weight=np.array([1.0] * len(COMPONENTS) + [migrants_voice] * len(MIGRANTS)),
    )
