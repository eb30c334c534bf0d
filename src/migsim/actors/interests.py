"""Interests: what each state would ideally do on each paragraph, and how much it cares.

``x = clip((1 - chi) x_doc + chi [p0 + kappa (tanh(g_own + T (g_joint - g_own)) + e)], 0, 1)``: partly the
documents' stances through role weights, partly the state's own payoffs, which it may misjudge: ``sd(e) =
sigma (1 - K)``. Trust prices reciprocity.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from migsim.actors.stances import is_known, position_of, strength_of
from migsim.themes import THEMES
from migsim.world.corridors import Array
from migsim.world.kept import once, while_same
from migsim.world.policy import paragraph_first, theme_means
from migsim.world.setting import Setting, States
from migsim.world.state import World

__all__ = [
    "InterestParameters",
    "StanceParameters",
    "by_roles",
    "circumstances",
    "documents_say",
    "form_interests",
    "payoff_pull",
    "salience",
    "theme_positions",
]

ROLES = ("Host states", "Departure states", "Transit states")
OPINION_THEMES = {
    "legal_mobility": -1.0,
    "border_security": 1.0,
    "equal_treatment": -1.0,
    "secure_status": -1.0,
    "protection_mixed_flows": -1.0,
}
"""Themes on which a hostile public shifts its state's stance, and in which direction.

(evidence i-anti-minority).
"""

OPINION_DIRECTION = np.array([OPINION_THEMES.get(theme, 0.0) for theme in THEMES])


@dataclass(frozen=True)
class InterestParameters:
    """Registry group ``actors.interests``, each ``(..., 1)``."""

    payoff_share: Array
    payoff_pull: Array
    misjudgement: Array
    misjudgement_regional: Array
    opinion_shift: Array
    ignorance_spread: Array
    salience_floor: Array
    attention_to_objection: Array


@dataclass(frozen=True)
class StanceParameters:
    """Registry group ``actors.stances``, each ``(..., 1)``: how a state's circumstances shift its stance."""

    remittance_scale: Array
    refugee_scale: Array
    small_population: Array
    salience_shift: Array
    stance_shift: Array


def circumstances(states: States, population: Array, received_share: Array, p: StanceParameters) -> Array:
    """How far facts bring a theme home to each state, ``(..., state, theme)`` in [0, 1].

    Receivers care for remittances, hosts of refugees for protection, small departure states for safeguards
    against brain drain (evidence i-departure-braindrain).
    """
    felt = {
        "remittances": np.tanh(p.remittance_scale * received_share),
        "protection_mixed_flows": np.tanh(p.refugee_scale * 1000.0 * states.refugees_hosted),
        "brain_drain_safeguards": states.departure / (1.0 + population / np.maximum(p.small_population, 1.0)),
    }
    nothing = np.zeros(np.broadcast_shapes(p.remittance_scale.shape, population.shape))
    return np.stack([felt.get(theme, nothing) + nothing for theme in THEMES], axis=-1)


def documents_say(states: States, facts: Array, p: StanceParameters) -> tuple[Array, Array, Array]:
    """Stance ``(..., state, theme)``, salience likewise, and ignorance ``(state, theme)``, all in [0, 1].

    A role on which the documents are silent stands in the middle with no salience; its weight is the state's
    ignorance. Facts raise both the stance and the salience.

    Parameters
    ----------
    states : States
    facts : array, shape ``(..., state, theme)``
        What `circumstances` says.
    p : StanceParameters
    """
    weights = np.stack([states.host, states.departure, states.transit], axis=-1)
    position = np.array([[position_of(role, theme) for theme in THEMES] for role in ROLES])
    strength = np.array([[strength_of(role, theme) for theme in THEMES] for role in ROLES])
    silent = np.array([[0.0 if is_known(role, theme) else 1.0 for theme in THEMES] for role in ROLES])
    stance = _mix(weights, position)
    care = _mix(weights, strength)
    stance = stance + p.stance_shift[..., None] * facts * (1.0 - stance)
    care = care + p.salience_shift[..., None] * facts * (1.0 - care)
    return stance, care, _mix(weights, silent)


def _mix(weights: Array, rows: Array) -> Array:
    """Role-weighted mean ``(state, theme)``, added role by role so that no batching changes the order."""
    mixed = np.zeros((weights.shape[0], rows.shape[1]))
    for role in range(rows.shape[0]):
        mixed = mixed + weights[:, role, None] * rows[role]
    return mixed


def by_roles(states: States, number_of: Callable[[str], float]) -> Array:
    """Mean of a number that each role has, by each state's shares of the roles, ``(state,)``."""
    mean = np.zeros(len(states))
    for role, weights in zip(ROLES, (states.host, states.departure, states.transit), strict=True):
        mean = mean + weights * number_of(role)
    return mean


def payoff_pull(own: Array, joint: Array, trust: Array, scale: float) -> Array:
    """Direction and force of a state's own payoffs, ``(..., state, paragraph)`` in (-1, 1).

    ``tanh((g_own + T (g_joint - g_own)) / s)``; the scale ``s`` is the mean size of the joint gains.
    """
    force: Array = joint - own
    force *= trust[..., None]
    force += own
    force /= scale
    return np.tanh(force, out=force)


def form_interests(world: World, setting: Setting) -> World:
    """Each state reviews its ideal policy on every paragraph."""
    policies = world.policies
    reasons = usual_reasons(setting, world.commitments.trust, policies.knowledge)
    return replace(world, policies=replace(policies, ideal=weighed(reasons, world, setting)))


@dataclass(frozen=True)
class Reasons:
    """What a state's ideal policy is made of besides its public.

    ``documents``: weight of the documents, ``(..., 1)``; ``blur``: by how much they are misread where they
    are silent, ``(theme, ..., state)``; ``payoffs``: ideal policy by payoffs, times their weight, ``(...,
    state, paragraph)``.
    """

    documents: Array
    blur: Array
    payoffs: Array


@while_same
def usual_reasons(setting: Setting, trust: Array, knowledge: Array) -> Reasons:
    """The reasons of states with this trust ``(..., state)`` and knowledge ``(..., state, theme)``."""
    p = setting.parameters.group(InterestParameters, "actors.interests")
    error = p.misjudgement[..., None] * (1.0 - knowledge) * setting.actors.misjudgement
    return reasons_of(setting, p.payoff_share, trust, error)


def reasons_of(setting: Setting, payoff_share: Array, trust: Array, error: Array) -> Reasons:
    """What weighs with each state: see `ideal_policy`."""
    p = setting.parameters.group(InterestParameters, "actors.interests")
    cast = setting.actors
    by_payoff = setting.levers.by_theme(error)
    by_payoff += payoff_pull(cast.own_gain, cast.joint_gain, trust, cast.gain_scale)
    by_payoff *= p.payoff_pull[..., None]
    by_payoff += cast.first_policy
    by_payoff *= payoff_share[..., None]
    blur = p.ignorance_spread[..., None] * cast.ignorance * error
    return Reasons(1.0 - payoff_share, paragraph_first(blur), by_payoff)


def weighed(reasons: Reasons, world: World, setting: Setting) -> Array:
    """Ideal policy by the documents, as opinion moves them, and by payoffs, ``(..., state, paragraph)``."""
    p = setting.parameters.group(InterestParameters, "actors.interests")
    hostile = p.opinion_shift * (world.opinions.anti - setting.base.opinions.anti)
    position = np.multiply.outer(OPINION_DIRECTION, hostile)
    position += stance_by_theme(setting)
    position += reasons.blur
    position *= reasons.documents
    ideal = setting.levers.by_theme(np.moveaxis(position, 0, -1))
    ideal += reasons.payoffs
    return np.clip(ideal, 0.0, 1.0, out=ideal)


@once
def stance_by_theme(setting: Setting) -> Array:
    """The documents' stances, ``(theme, ..., state)``."""
    return paragraph_first(setting.actors.stance)


def ideal_policy(world: World, setting: Setting, payoff_share: Array, trust: Array, error: Array) -> Array:
    """What a state would do, ``(..., state, paragraph)`` in [0, 1], by the documents and by its payoffs.

    Parameters
    ----------
    world : World
    setting : Setting
    payoff_share : array, shape ``(..., 1)``
        0: the documents' stance alone; 1: the payoffs alone (chi).
    trust : array, shape ``(..., state)``
        Share of what others' moving adds to a gain that counts.
    error : array, shape ``(..., state, theme)``
        By how much a state misjudges its interest.
    """
    return weighed(reasons_of(setting, payoff_share, trust, error), world, setting)


def salience(world: World, setting: Setting, *, for_objection: bool) -> Array:
    """How much each theme matters to each state, ``(..., state, theme)`` in [0, 1].

    Attention raises what a state wants discussed; it raises the readiness to object only by
    ``attention_to_objection``.
    """
    p = setting.parameters.group(InterestParameters, "actors.interests")
    floor = p.salience_floor[..., None]
    cares = floor + (1.0 - floor) * setting.actors.salience
    attention = world.opinions.attention
    weight = p.attention_to_objection[..., None] if for_objection else np.ones_like(floor)
    return np.clip(cares + weight * attention * (1.0 - cares), 0.0, 1.0)


def theme_positions(world: World, setting: Setting) -> Array:
    """Mean ideal policy over the paragraphs of each theme, ``(..., state, theme)``."""
    return theme_means(world.policies.ideal, setting.levers)
