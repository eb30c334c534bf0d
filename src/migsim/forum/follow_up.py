"""Follow-up: what states do at home, in every world and after every session.

In every world policy drifts toward the state's own ideal. An adopted paragraph adds a pull on those who
pledged it::

    target = x + beta b / (c + beta b) gap          gap: signed distance from x to [z - a, z + a], less on
    those above it
    p     += rho (target - p)

with ``b`` the strength, ``beta`` rising with trust and with what peers were seen to deliver, and ``c`` the
cost at home: opinion and lack of practice raise it. A dropped paragraph pulls nobody.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from migsim.actors.behaviour import answers, number
from migsim.world.corridors import Array
from migsim.world.policy import PolicyParameters, theme_means
from migsim.world.setting import Setting
from migsim.world.state import World

__all__ = ["FollowUpParameters", "follow_up", "gap_to_text", "pull"]


@dataclass(frozen=True)
class FollowUpParameters:
    """Registry group ``follow_up``, each ``(..., 1)``."""

    pull: Array
    peers: Array
    cost: Array
    cost_of_hostility: Array
    cost_of_inexperience: Array
    downward: Array
    fade: Array


def gap_to_text(ideal: Array, position: Array, ambiguity: Array, downward: Array) -> Array:
    """Signed distance from each state's ideal to what the text allows, ``(..., state, paragraph)``.

    A voluntary text asks for at least so much; those who would do more feel only the part ``downward`` of the
    distance.
    """
    low, high = (position - ambiguity)[..., None, :], (position + ambiguity)[..., None, :]
    return np.maximum(low - ideal, 0.0) - downward[..., None] * np.maximum(ideal - high, 0.0)


def pull(world: World, setting: Setting, p: FollowUpParameters) -> Array:
    """Share of the gap that a pledged state means to close, ``(..., state, paragraph)`` in [0, 1)."""
    standing = world.commitments
    promised = standing.promised.sum(axis=-1, keepdims=True)
    seen = np.where(
        promised > 0.0,
        standing.delivered.sum(axis=-1, keepdims=True) / np.where(promised > 0.0, promised, 1.0),
        0.0,
    )
    beta = p.pull * standing.trust * (1.0 + p.peers * np.minimum(seen, 1.0))
    inexperience = p.cost_of_inexperience[..., None] * (1.0 - world.policies.practice)
    hostility = (p.cost_of_hostility * world.opinions.anti)[..., None]
    cost = p.cost[..., None] * (1.0 + hostility + inexperience)[..., setting.levers.theme]
    force = beta[..., None] * standing.strength[..., None, :]
    share = force / (cost + force) * standing.pledged
    for index, said in answers("acts", world, setting, ""):
        acts = number(said, 0.0, 1.0, f"acts of {setting.states.iso3[index]}", setting.n_replicates)
        share[:, index, :] = np.atleast_1d(acts)[:, None] * standing.pledged[:, index, :] * standing.strength
    return share


def follow_up(world: World, setting: Setting) -> World:
    """States move their policies, and what was promised and delivered is noted."""
    p = setting.parameters.group(FollowUpParameters, "follow_up")
    w = setting.parameters.group(PolicyParameters, "world.policy")
    policies, standing = world.policies, world.commitments
    gap = gap_to_text(policies.ideal, standing.position, standing.ambiguity, p.downward)
    share = pull(world, setting, p)
    target = policies.ideal + share * gap
    policy = policies.policy + w.pace[..., None] * (target - policies.policy)
    asked = standing.pledged * standing.strength[..., None, :] * np.maximum(gap, 0.0)
    practice = learn_by_doing(policies.practice, policy, setting, w)
    commitments = replace(
        standing,
        promised=asked.mean(axis=-1),
        delivered=np.minimum(share * np.maximum(gap, 0.0), asked).mean(axis=-1),
        strength=standing.strength * (1.0 - p.fade),
    )
    return replace(
        world,
        policies=replace(policies, policy=np.clip(policy, 0.0, 1.0), practice=practice),
        commitments=commitments,
    )


def learn_by_doing(practice: Array, policy: Array, setting: Setting, w: PolicyParameters) -> Array:
    """Practice grows a little with use, in every world, ``(..., state, theme)``."""
    return practice + w.experience[..., None] * theme_means(policy, setting.levers) * (1.0 - practice)
