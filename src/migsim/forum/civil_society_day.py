"""The civil-society day: opposed components bargain among themselves and report to governments the next day.

Components listen to those whose position is not too far from their own (bounded confidence, Hegselmann and
Krause), and stand firm by a share ``phi`` on what they exist for (after Friedkin and Johnsen; unions and
employers on decent work, see `migsim.actors.civil_society`)::

    x_b <- phi_b x_b(0) + (1 - phi_b) mean of { x_c : |x_c - x_b| <= epsilon }

by weight and by how much the theme matters to ``c``. The report is their mean; it reaches governments with a
declared weight: none if civil society is excluded, more in a common space than on a day before
(n-cs-compromise). A foundation that organises the day gives the floor to all alike (n-cs-day); a government
lets those speak less who are far from its own position. Migrants' own voice grows with each session at which
it is heard.

Governments learn from what they hear, unless they would rather have no outside voice (i-belgium-cs,
i-states-exclusive); academics add to what there is to learn (n-participants-cs)::

    K' = K + kappa w (1 + alpha) (1 - zeta (1 - open_i)) (1 - K)

with ``w`` the weight of the report, ``alpha`` the academics' part and ``zeta`` how far the closed camp shuts
its ears.

References: Hegselmann and Krause 2002, *Opinion dynamics and bounded confidence*, JASSS 5(3), 2; Friedkin and
Johnsen 1990, *Social influence and opinions*, Journal of Mathematical Sociology 15, 193-206.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from migsim.forum.session import Session, effects
from migsim.negotiation.persuasion import listen
from migsim.negotiation.table import Number
from migsim.world.corridors import Array
from migsim.world.policy import theme_means
from migsim.world.setting import Observers, Setting
from migsim.world.state import World

__all__ = ["CivilParameters", "deliberate", "floor_given", "hear_civil_society", "report"]

EXCLUDED, DAY_BEFORE, COMMON_SPACE = range(3)
BY_GOVERNMENT = 1


@dataclass(frozen=True)
class CivilParameters:
    """Registry group ``processes.*.civil``, each ``(..., 1)``."""

    confidence: Array
    turns: Array
    weight_day_before: Array
    weight_common_space: Array
    voice_growth: Array
    organiser: Array
    favour: Array
    knowledge: Array


def hear_civil_society(world: World, session: Session, setting: Setting) -> tuple[World, Session]:
    """Components bargain, and their report is weighed."""
    p = setting.parameters.group(CivilParameters, session.path("civil"))
    mode = setting.parameters[session.path("civil_society")]
    room = setting.actors.civil_society
    growth = np.where(mode == EXCLUDED, 0.0, p.voice_growth * session.n_before)
    weights = np.minimum(room.weight * (1.0 + np.where(room.weight < 1.0, growth, 0.0)), 1.0)
    firmness = setting.parameters["actors.civil_society.firmness"]
    agreed = deliberate(room, weights, p.confidence, int(p.turns[0, 0]), firmness)
    weight = np.where(
        mode == COMMON_SPACE, p.weight_common_space, np.where(mode == DAY_BEFORE, p.weight_day_before, 0.0)
    )
    said = report(agreed, room, weights, floor_given(world, session, setting, p))
    session = replace(session, civil_report=said, civil_weight=weight)
    return inform(world, session, setting, p), session


def inform(world: World, session: Session, setting: Setting, p: CivilParameters) -> World:
    """Governments that listen learn something about their own interest."""
    policies, on = world.policies, effects(setting, session.process).knowledge
    cast, closed = setting.actors, setting.parameters["actors.civil_society.closed_camp"]
    studied = cast.civil_society.knowledge.sum(axis=0)
    academics = setting.parameters["actors.civil_society.academics"] * studied
    taught = session.on_agenda * np.minimum(on * p.knowledge * session.civil_weight * (1.0 + academics), 1.0)
    if not taught.any():
        return world
    listens = session.attended * (1.0 - closed * (1.0 - cast.hears_civil_society))
    knowledge = 1.0 - policies.knowledge
    knowledge *= listens[..., None] * taught[..., None, :]
    knowledge += policies.knowledge
    return replace(world, policies=replace(policies, knowledge=knowledge))


def floor_given(world: World, session: Session, setting: Setting, p: CivilParameters) -> Array:
    """Share of its voice that each component is left with in the report, ``(..., component, theme)``."""
    position = setting.actors.civil_society.position
    if session.chair < 0:
        return np.ones_like(position)
    lost = np.where(p.organiser == BY_GOVERNMENT, p.favour, 0.0)[..., None]
    if not lost.any():
        return np.ones_like(position)
    chair = theme_means(world.policies.ideal[:, session.chair, None], setting.levers)
    left: Array = 1.0 - lost * np.abs(position - chair)
    return left


def deliberate(room: Observers, weights: Array, confidence: Array, n_turns: int, firmness: Number) -> Array:
    """Positions after the day's bargaining, ``(..., component, theme)``.

    Parameters
    ----------
    room
    weights : array, shape ``(..., component)``
    confidence : array, shape ``(..., 1)``
    n_turns
    firmness : float or array, shape ``(..., 1)``, in [0, 1]
        How far those who give no ground (``room.holds``) keep to where they started.
    """
    voice = weights[..., None] * room.salience
    start = np.broadcast_to(room.position, voice.shape)
    firm = np.asarray(firmness)[..., None] * room.holds
    kept, loose = firm * start, 1.0 - firm
    stand = start
    for _ in range(n_turns):
        stand = kept + loose * listen(stand, confidence, voice)
    return stand


def report(position: Array, room: Observers, weights: Array, floor: Number = 1.0) -> Array:
    """What governments are told, ``(..., theme)``: the mean by weight, salience and the floor given."""
    heard = weights[..., None] * room.salience * floor
    total = heard.sum(axis=-2)
    said: Array = (heard * position).sum(axis=-2) / np.where(total > 0.0, total, 1.0)
    return np.where(total > 0.0, said, 0.5)
