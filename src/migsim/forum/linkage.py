"""Linkage: before the plenary, the two sides may trade one theme of the agenda against another.

The equal-gain exchange between hosts and departure countries (Stokman and van Oosten 1994, two actors of
equal weight): on two themes ``p``
and ``q``, the side that cares relatively less for ``p`` moves toward the other's position there, and is met
on ``q``. With ``a_id = s_id / sum_j s_jd`` the outcome shifts by ``e_p = m_p a_Ip`` and ``e_q = e_p
(s_Jp + s_Ip) / (s_Jq + s_Iq)``, so that both gain the same; nobody moves past the other.
Where a theme could be traded against several, the largest move counts.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np

from migsim.actors.interests import salience
from migsim.forum.session import Session, switches
from migsim.world.corridors import Array
from migsim.world.policy import theme_means
from migsim.world.setting import Setting
from migsim.world.state import World
from migsim.world.vocabulary import THEMES

__all__ = ["equal_gain", "link_themes"]


def equal_gain(
    gap_p: Array, gap_q: Array, moves_p: tuple[Array, Array], moves_q: tuple[Array, Array]
) -> tuple[Array, Array]:
    """Shares of the two gaps that the two sides cross, each in [0, 1].

    Parameters
    ----------
    gap_p, gap_q : array
        Distance of the two sides on each theme, >= 0.
    moves_p, moves_q : pair of arrays
        Saliences of a theme to the side that moves on it, and to the side that is met.
    """
    s_p, s_q = moves_p[0] + moves_p[1], moves_q[0] + moves_q[1]
    reach_p, reach_q = gap_p * moves_p[0] / s_p, gap_q * moves_q[0] / s_q
    shift_p = np.minimum(reach_p, reach_q * s_q / s_p)
    shift_q = shift_p * s_p / s_q
    tiny = 1e-12
    return shift_p / np.maximum(reach_p, tiny), shift_q / np.maximum(reach_q, tiny)


def link_themes(world: World, session: Session, setting: Setting) -> tuple[World, Session]:
    """Trade themes of the agenda, and let delegations carry the trade into their proposals by their role."""
    states, table = setting.states, setting.levers
    strength = (
        setting.parameters[session.path("linkage.strength")] * switches(setting, session.process).linkage
    )
    care = salience(world, setting, for_objection=True)
    here = session.attended
    host_care, departure_care = _present(care, here * states.host), _present(care, here * states.departure)
    wants = theme_means(session.proposals, table)
    host_wants, departure_wants = (
        _present(wants, here * states.host),
        _present(wants, here * states.departure),
    )
    host_moves = np.zeros_like(host_wants)
    departure_moves = np.zeros_like(host_wants)
    for p, q in combinations(range(len(THEMES)), 2):
        on = session.on_agenda[..., p] * session.on_agenda[..., q]
        if not np.any(on):
            continue
        cheaper = host_care[..., p] * departure_care[..., q] < host_care[..., q] * departure_care[..., p]
        for first, second, trades in ((p, q, cheaper), (q, p, ~cheaper)):
            share_host, share_departure = equal_gain(
                np.abs(host_wants - departure_wants)[..., first],
                np.abs(host_wants - departure_wants)[..., second],
                (host_care[..., first], departure_care[..., first]),
                (departure_care[..., second], host_care[..., second]),
            )
            best_host = np.maximum(host_moves[..., first], on * share_host)
            host_moves[..., first] = np.where(trades, best_host, host_moves[..., first])
            best_departure = np.maximum(departure_moves[..., second], on * share_departure)
            departure_moves[..., second] = np.where(trades, best_departure, departure_moves[..., second])
    toward = departure_wants - host_wants
    step = (
        states.host[:, None] * (host_moves * toward)[..., None, :]
        - states.departure[:, None] * (departure_moves * toward)[..., None, :]
    )
    proposals = session.proposals + (strength[..., None] * step)[..., table.theme]
    return world, replace(session, proposals=np.clip(proposals, 0.0, 1.0))


def _present(values: Array, weights: Array) -> Array:
    """Mean over those present, ``(..., theme)``, by weights ``(..., state)``.

    The mean of all where nobody is present.
    """
    weights = np.where(weights.sum(axis=-1, keepdims=True) > 0.0, weights, 1.0)
    by_theme = np.ascontiguousarray(np.moveaxis(values * weights[..., None], -2, -1)).sum(axis=-1)
    return by_theme / weights.sum(axis=-1)[..., None]
