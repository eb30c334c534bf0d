"""Follow-up: what states do at home, in every world and after every session.

In every world policy drifts toward the state's own ideal. An adopted paragraph adds a pull on those who
pledged it::

    target = x + beta b / (c + beta b) gap          gap: signed distance from x to [z - a, z + a], less on
    those above it
    p     += rho (target - p)

with ``b`` the strength, ``beta`` rising with trust and with what peers were seen to deliver, and ``c`` the
cost at home: opinion and lack of practice raise it. A dropped paragraph pulls nobody. Agreements of two add
to what a state aims at, see `migsim.forum.bilateral`; a secretariat keeps texts from fading, see
`migsim.forum.between`. As a null, the mean pull of all texts can act on all states and paragraphs alike.

Before 2006 only texts and agreements move policy: the policy of 2005, from which all worlds start, already
holds what drift and use had brought about by then.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from migsim.actors.behaviour import answers, number
from migsim.forum.between import kept_from_fading
from migsim.forum.instruments import comply
from migsim.world.corridors import Array, total
from migsim.world.policy import PolicyParameters, laid_by_paragraph, theme_means
from migsim.world.setting import Setting
from migsim.world.state import Commitments, World
from migsim.world.vocabulary import BASE_YEAR

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
    evenly: Array


def gap_to_text(ideal: Array, position: Array, ambiguity: Array, downward: Array) -> Array:
    """Signed distance from each state's ideal to what the text allows, ``(..., state, paragraph)``.

    A voluntary text asks for at least so much; those who would do more feel only the part ``downward`` of the
    distance.
    """
    short = position - ambiguity - ideal
    beyond = ideal - (position + ambiguity)
    for one_sided in (short, beyond):
        np.clip(one_sided, 0.0, np.inf, out=one_sided)
    return short - downward[..., None] * beyond


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
    cost = p.cost[..., None] * (1.0 + hostility + inexperience)
    force = beta[..., None] * standing.strength
    share: Array = force / (cost.take(setting.levers.theme, axis=-1, mode="wrap") + force) * standing.pledged
    for index, said in answers("acts", world, setting, ""):
        acts = number(said, 0.0, 1.0, f"acts of {setting.states.iso3[index]}", setting.n_replicates)
        share[:, index, :] = (
            np.atleast_1d(acts)[:, None] * standing.pledged[:, index, :] * standing.strength[:, index, :]
        )
    return share


def follow_up(world: World, setting: Setting) -> World:
    """States move their policies, and what was promised and delivered is noted."""
    p = setting.parameters.group(FollowUpParameters, "follow_up")
    w = setting.parameters.group(PolicyParameters, "world.policy")
    policies, standing = world.policies, world.commitments
    aim = policies.ideal if world.year > BASE_YEAR else setting.actors.first_policy
    target = aim
    if standing.strength.any():
        pulled, commitments = keep_promises(aim, world, setting, p)
        target = target + laid_by_paragraph(pulled)
    else:  # as in every world where nobody meets
        commitments = nothing_asked(standing)
    if standing.agreements.any():
        target = target + laid_by_paragraph(standing.agreements)
    if target is not aim:
        np.clip(target, 0.0, 1.0, out=target)
    target = comply(target, world, setting)
    policy = policies.policy + w.pace[..., None] * (target - policies.policy)
    practice = policies.practice
    if world.year > BASE_YEAR:
        practice = learn_by_doing(practice, policy, setting, w)
    np.clip(policy, 0.0, 1.0, out=policy)
    return replace(
        world, policies=replace(policies, policy=policy, practice=practice), commitments=commitments
    )


def nothing_asked(standing: Commitments) -> Commitments:
    """Commitments of a year in which no text asks anything of anybody."""
    by_state = np.zeros_like(standing.promised)
    kept = np.zeros_like(standing.kept) if standing.kept.any() else standing.kept
    return replace(standing, promised=by_state, delivered=by_state, kept=kept)


def keep_promises(
    aim: Array, world: World, setting: Setting, p: FollowUpParameters
) -> tuple[Array, Commitments]:
    """How far texts pull each state from its aim, ``(..., state, paragraph)``, and what is left of them."""
    standing = world.commitments
    gap = gap_to_text(np.ascontiguousarray(aim), standing.position, standing.ambiguity, p.downward)
    share = pull(world, setting, p)
    pulled = share * gap
    is_even = p.evenly > 0.0
    if is_even.any():
        pulled = np.where(is_even[..., None], alike(pulled), pulled)
    upward = np.clip(gap, 0.0, np.inf, out=gap)
    asked = standing.pledged * standing.strength * upward
    share *= upward
    left = replace(
        nothing_asked(standing),
        promised=asked.mean(axis=-1),
        delivered=np.minimum(share, asked, out=share).mean(axis=-1),
        strength=standing.strength * (1.0 - fading(world, setting, p)),
    )
    return pulled, left


def fading(world: World, setting: Setting, p: FollowUpParameters) -> Array:
    """Share of texts' strength lost in a year, ``(..., state, paragraph)`` or alike ``(..., 1, 1)``."""
    fade, secretariats = p.fade[..., None], kept_from_fading(world, setting)
    if not (secretariats.any() or world.commitments.kept.any()):
        return fade
    return fade * (1.0 - np.maximum(world.commitments.kept, secretariats[..., None]))


def alike(pulled: Array) -> Array:
    """The mean pull of all texts, on every state and paragraph alike: a drift of equal size, a null."""
    flat = pulled.reshape(pulled.shape[0], -1)
    return np.broadcast_to(total(flat)[..., None] / flat.shape[-1], pulled.shape)


def learn_by_doing(practice: Array, policy: Array, setting: Setting, w: PolicyParameters) -> Array:
    """Practice grows a little with use, in every world, ``(..., state, theme)``."""
    return practice + w.experience[..., None] * theme_means(policy, setting.levers) * (1.0 - practice)
