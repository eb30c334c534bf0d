"""Civil society: components with opposed interests and one common aim (evidence w-cs-opposed, i-cs-mobility).

Each stands firm on what it exists for, which is where the documents give it a stance of full strength: unions
and employers on decent work, from opposite sides, lobbies on the status and protection of those for whom they
speak (i-unions-labour, i-employers-cheap, i-lobbies-refugee). Academics take no side; they are there for what
they know (n-participants-cs). Migrants' own voice starts near nothing (s-migrants-unheard) and is raised by
being heard.

Governments are of two camps on whether to hear any of them (i-states-exclusive, i-states-inclusive). Who
belongs to which, the documents do not say: it is drawn.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from migsim.actors.interests import by_roles
from migsim.actors.stances import position_of, strength_of
from migsim.themes import THEMES
from migsim.world.corridors import Array
from migsim.world.noise import Noise
from migsim.world.setting import Observers, States

__all__ = ["COMPONENTS", "MIGRANTS", "civil_society", "open_camp"]

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
ACADEMICS: Final = "Academics/think tanks"
MIGRANTS: Final = (
    "Privileged migrants",
    "Average migrants",
    "Victim/undocumented migrants",
    "Women migrants",
)
FULL: Final = 1.0
"""Strength of the stances on which a component gives no ground."""


def civil_society(migrants_voice: float, ignorance_salience: float, n_paragraphs: int) -> Observers:
    """The components of the civil-society day, and migrants themselves.

    Parameters
    ----------
    migrants_voice : float
        Weight of each group of migrants beside a component's weight of one, in [0, 1].
    ignorance_salience : float
        Salience of a theme on which a component has no stance.
    n_paragraphs : int
        They may speak on each.
    """
    names = COMPONENTS + MIGRANTS
    position = np.array([[position_of(name, theme) for theme in THEMES] for name in names])
    strength = np.array([[strength_of(name, theme) for theme in THEMES] for name in names])
    knows = np.array([[1.0 if name == ACADEMICS else 0.0] for name in names])
    return Observers(
        names=names,
        position=position,
        salience=np.where(strength > 0.0, strength, ignorance_salience),
        knowledge=np.broadcast_to(knows, position.shape),
        practice=np.zeros_like(position),
        holds=np.where(strength >= FULL, 1.0, 0.0),
        speaks=np.ones((len(names), n_paragraphs)),
        weight=np.array([1.0] * len(COMPONENTS) + [migrants_voice] * len(MIGRANTS)),
    )


def open_camp(states: States, noise: Noise) -> Array:
    """Governments that want civil society heard, ``(..., state)`` in {0, 1}.

    A state is of the open camp with the chance that is the position of its roles on the issue: one half where
    the documents tell of both camps.
    """
    chance = by_roles(states, lambda role: position_of(role, "cso_voice"))
    drawn = noise.state_uniforms("open to civil society", states.registered)
    return np.where(drawn < chance, 1.0, 0.0)
