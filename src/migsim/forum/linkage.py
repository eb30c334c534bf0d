"""Linkage: before the plenary, the two sides may trade one theme of the agenda against another.

The equal-gain exchange between hosts and departure countries (Stokman and van Oosten 1994, two actors of
equal weight): on two themes ``p`` and ``q``, the side that cares relatively less for ``p`` moves toward the
other's position there, and is met on ``q``. With ``a_id = s_id / sum_j s_jd`` the outcome shifts by ``e_p =
m_p a_Ip`` and ``e_q = e_p (s_Jp + s_Ip) / (s_Jq + s_Iq)``, so that both gain the same; nobody moves past the
other. Each theme is traded at most once, the trade with the largest gain first.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import permutations

import numpy as np

from migsim.actors.interests import salience
from migsim.forum.session import Session, effects
from migsim.world.corridors import Array, Index
from migsim.world.setting import Setting
from migsim.world.state import World
from migsim.world.vocabulary import THEMES

__all__ = ["equal_gain", "link_themes", "pairs", "trades"]

TINY = 1e-12


@cache
def pairs(n_themes: int) -> Index:
    """Pairs of themes, ``(2, pair)``: on the first hosts move, on the second departure countries do."""
    return np.array(list(permutations(range(n_themes), 2)), dtype=np.intp).reshape(-1, 2).T


def equal_gain(
    gap_p: Array, gap_q: Array, moves_p: tuple[Array, Array], moves_q: tuple[Array, Array]
) -> tuple[Array, Array, Array]:
    """Shares of the two gaps that the two sides cross, each in [0, 1], and what each side gains.

    Parameters
    ----------
    gap_p, gap_q : array
        Distance of the two sides on each theme, >= 0.
    moves_p, moves_q : pair of arrays
        Saliences of a theme to the side that moves on it, and to the side that is met.
    """
    s_p = np.maximum(moves_p[0] + moves_p[1], TINY)
    s_q = np.maximum(moves_q[0] + moves_q[1], TINY)
    reach_p, reach_q = gap_p * moves_p[0] / s_p, gap_q * moves_q[0] / s_q
    shift_p = np.minimum(reach_p, reach_q * s_q / s_p)
    shift_q = shift_p * s_p / s_q
    gain = shift_q * moves_q[1] - shift_p * moves_p[0]
    return shift_p / np.maximum(reach_p, TINY), shift_q / np.maximum(reach_q, TINY), gain


def trades(on_agenda: Array, gap: Array, host_care: Array, departure_care: Array) -> tuple[Array, Array]:
    """Shares in [0, 1] of the gap that hosts and departure countries cross, each ``(..., theme)``."""
    first, second = pairs(gap.shape[-1])
    host_share, departure_share, gain = equal_gain(
        gap[..., first],
        gap[..., second],
        (host_care[..., first], departure_care[..., first]),
        (departure_care[..., second], host_care[..., second]),
    )
    open_to_trade = on_agenda[..., first] * on_agenda[..., second] > 0.0
    worth = np.where(open_to_trade, np.maximum(gain, 0.0), 0.0)
    order = np.argsort(-worth, axis=-1, kind="stable")
    rows = np.arange(worth.shape[0])
    host_moves, departure_moves = np.zeros_like(gap), np.zeros_like(gap)
    is_traded = np.zeros(gap.shape, dtype=np.bool_)
    for rank in range(int((worth > 0.0).sum(axis=-1).max(initial=0))):
        pair = order[:, rank]
        p, q = first[pair], second[pair]
        goes = (worth[rows, pair] > 0.0) & ~is_traded[rows, p] & ~is_traded[rows, q]
        host_moves[rows, p] = np.where(goes, host_share[rows, pair], host_moves[rows, p])
        departure_moves[rows, q] = np.where(goes, departure_share[rows, pair], departure_moves[rows, q])
        is_traded[rows, p] |= goes
        is_traded[rows, q] |= goes
    return host_moves, departure_moves


def link_themes(world: World, session: Session, setting: Setting) -> tuple[World, Session]:
    """Trade themes of the agenda, and let delegations carry the trade into their proposals by their role."""
    states, table, here = setting.states, setting.levers, session.attended
    is_on = effects(setting, session.process).linkage
    strength = setting.parameters[session.path("linkage.strength")] * is_on
    themes = np.flatnonzero(session.on_agenda.any(axis=0))
    if themes.size < 2 or not strength.any():
        return world, session
    care = salience(world, setting, for_objection=True)[..., themes]
    by_theme = [session.proposals[..., table.of_theme(THEMES[theme])].mean(axis=-1) for theme in themes]
    wants = np.moveaxis(np.stack(by_theme), 0, -1)
    hosts, departures = here * states.host, here * states.departure
    toward = _present(wants, departures) - _present(wants, hosts)
    agenda, gap = session.on_agenda[:, themes], np.abs(toward)
    host_moves, departure_moves = trades(agenda, gap, _present(care, hosts), _present(care, departures))
    by_host, by_departure = (host_moves * toward)[..., None], (departure_moves * toward)[..., None]
    step = strength[..., None] * (states.host * by_host - states.departure * by_departure)
    proposals = session.proposals.copy(order="K")
    for place, theme in enumerate(themes):
        for paragraph in table.of_theme(THEMES[theme]):
            proposals[..., paragraph] += step[:, place]
    return world, replace(session, proposals=np.clip(proposals, 0.0, 1.0, out=proposals))


def _present(values: Array, weights: Array) -> Array:
    """Mean over those present, ``(..., theme)``, by weights ``(..., state)``.

    Of all where nobody is present.
    """
    weights = np.where(weights.sum(axis=-1, keepdims=True) > 0.0, weights, 1.0)
    by_theme = np.ascontiguousarray(np.swapaxes(values * weights[..., None], -2, -1)).sum(axis=-1)
    return by_theme / weights.sum(axis=-1)[..., None]
