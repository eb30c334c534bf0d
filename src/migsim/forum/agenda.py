"""The agenda: the themes of a session, given by the scenario or found by survey.

In a survey, focal points report what matters to their states. The Friends of the Forum admit a theme only if
it is of perceived interest on both sides and seems able to give both something (n-theme-criteria); nobody
reads the lever table. The chair's region and attention lean on the choice (w-region-agenda); at most
``max_themes`` are taken (n-max-themes).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from migsim.actors.interests import salience, theme_positions
from migsim.forum.links import reported
from migsim.forum.session import Session
from migsim.world.corridors import Array
from migsim.world.setting import Setting
from migsim.world.state import World
from migsim.world.vocabulary import THEMES

__all__ = ["AgendaParameters", "set_agenda", "side_mean", "survey"]

_, SURVEYED, RANDOM = range(3)


@dataclass(frozen=True)
class AgendaParameters:
    """Registry group ``processes.*.agenda_rule``, each ``(..., 1)``."""

    least_interest: Array
    least_wish: Array
    chair_region: Array
    chair_attention: Array
    programme_years: Array
    recently_treated: Array
    survey_noise: Array


def set_agenda(world: World, session: Session, setting: Setting) -> tuple[World, Session]:
    """Choose the themes."""
    most = setting.parameters[session.path("max_themes")]
    rule = setting.parameters[session.path("agenda")]
    given = np.zeros(len(THEMES))
    for rank, theme in enumerate(session.themes):
        given[THEMES.index(theme)] = len(THEMES) - rank
    wanted = np.broadcast_to(given, (setting.n_replicates, len(THEMES)))
    if np.any(rule == SURVEYED):
        wanted = np.where(rule == SURVEYED, survey(world, session, setting), wanted)
    if np.any(rule == RANDOM):
        wanted = np.where(rule == RANDOM, lots(session, setting, world.year), wanted)
    order = np.argsort(-wanted, axis=-1, kind="stable")
    rank_of = np.argsort(order, axis=-1, kind="stable")
    chosen = (rank_of < most) & (wanted > 0.0) & (session.held > 0.0)
    return world, replace(session, on_agenda=chosen.astype(np.float64))


def lots(session: Session, setting: Setting, year: int) -> Array:
    """A lot for each theme in (0, 1]: an agenda by chance, a null, ``(..., theme)``."""
    streams = setting.noise.streams("agenda by lot", process=session.process, year=year)
    return 1.0 - np.stack([stream.random(len(THEMES)) for stream in streams])


def survey(world: World, session: Session, setting: Setting) -> Array:
    """Rank of each theme in the Friends' eyes, ``(..., theme)``.

    Above 0 if admissible, the higher the more wanted.
    """
    p = setting.parameters.group(AgendaParameters, session.path("agenda_rule"))
    states = setting.states
    noise = setting.noise.normals("survey", (len(THEMES),), process=session.process, year=world.year)
    cares = _state_by_state(salience(world, setting, for_objection=False))
    hosts, departures = side_mean(cares, states.host), side_mean(cares, states.departure)
    wishes = _state_by_state(theme_positions(world, setting))
    wish = np.minimum(side_mean(wishes, states.host), side_mean(wishes, states.departure))
    interest = np.minimum(hosts, departures)
    score = interest + wish + p.survey_noise * noise
    if session.chair >= 0:
        region = np.where(states.region_index == states.region_index[session.chair], 1.0, 0.0)
        score = score + p.chair_region * side_mean(cares, region)
        score = score + p.chair_attention * world.opinions.attention[:, session.chair, :]
    score = score + reported(session, world, setting)
    recent = world.year - world.proceedings.discussed[:, session.place] < p.programme_years
    score = np.where(recent, p.recently_treated * score, score)
    admissible = (interest >= p.least_interest) & (wish >= p.least_wish)
    return np.where(admissible, np.maximum(score, 1e-6), 0.0)


def _state_by_state(values: Array) -> Array:
    """The same, ``(..., state, theme)``, but with the states of a theme side by side in memory."""
    return np.moveaxis(np.ascontiguousarray(np.swapaxes(values, -2, -1)), -1, -2)


def side_mean(values: Array, weights: Array) -> Array:
    """Mean over states by role weight, ``(..., state, theme)`` to ``(..., theme)``."""
    by_theme = np.ascontiguousarray(np.swapaxes(values, -2, -1)) * weights
    return by_theme.sum(axis=-1) / weights.sum()
