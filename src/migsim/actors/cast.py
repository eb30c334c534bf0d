"""The cast of a run: interests of the states, organisations, and civil society.

Put on the axes of the model.
"""

from __future__ import annotations

import numpy as np

from migsim.actors.civil_society import civil_society, open_camp
from migsim.actors.interests import InterestParameters, StanceParameters, circumstances, documents_say
from migsim.actors.organisations import Expertise, organisations
from migsim.actors.payoffs import CoefficientGains, lever_gains
from migsim.world.accounts import lever_costs
from migsim.world.corridors import Array
from migsim.world.parameters import Parameters
from migsim.world.policy import Levers, PolicyParameters, effect
from migsim.world.setting import Cast, Setting, States
from migsim.world.vocabulary import THEMES

__all__ = ["REGIONS", "assemble_cast", "first_policy", "stances_of"]

REGIONS = 32
"""Rows of the block of regional draws: at least the number of sub-regions."""


def stances_of(
    states: States, population: Array, received_share: Array, parameters: Parameters
) -> tuple[Array, Array, Array]:
    """Stance, salience and ignorance of each state: see `migsim.actors.interests.documents_say`."""
    p = parameters.group(StanceParameters, "actors.stances")
    return documents_say(states, circumstances(states, population, received_share, p), p)


def first_policy(stance: Array, income: Array, table: Levers, parameters: Parameters) -> tuple[Array, Array]:
    """Policy ``(..., state, paragraph)`` and practice ``(..., state, theme)`` of 2005.

    Policy starts at a share of what the stances ask for; practice grows with income (assumptions).
    """
    p = parameters.group(PolicyParameters, "world.policy")
    policy = p.start[..., None] * stance
    capacity = (income / (income + p.practice_income))[..., None]
    practice = p.practice_at_base[..., None] * np.broadcast_to(capacity, policy.shape)
    return table.by_theme(policy), np.ascontiguousarray(practice)


def assemble_cast(setting: Setting, policy: Array, practice: Array, per_unit: CoefficientGains) -> Cast:
    """Everybody who takes part, with what they want, know and weigh."""
    states, table, parameters = setting.states, setting.levers, setting.parameters
    stance, care, ignorance = stances_of(
        states, setting.base.population, setting.base.remittance_share, parameters
    )
    without_practice = parameters["world.policy.effect_without_practice"]
    reach = effect(np.ones(policy.shape), practice[..., table.theme], without_practice)
    own, joint = lever_gains(per_unit, table, setting.base.lever_sizes, lever_costs(setting), reach)
    central = np.array([[float(setting.definition.value(f"levers.{name}")) for name in table.paragraphs]])
    usual = lever_gains(per_unit, table, central, np.zeros(1))[1]
    voice, ignorant, *expertise = (
        float(parameters[f"actors.{path}"][0, 0])
        for path in (
            "civil_society.migrants_voice",
            "ignorance_salience",
            "organisations.mandate",
            "organisations.general",
            "organisations.other_side",
            "organisations.voice_of_data",
        )
    )
    return Cast(
        stance=stance,
        salience=care,
        ignorance=ignorance,
        misjudgement=misjudgement(setting),
        own_gain=own,
        joint_gain=joint,
        gain_scale=float(np.abs(usual).mean()) or 1.0,
        first_policy=policy,
        organisations=organisations(Expertise(*expertise), ignorant, table),
        civil_society=civil_society(voice, ignorant, len(table)),
        hears_civil_society=open_camp(states, setting.noise),
    )


def misjudgement(setting: Setting) -> Array:
    """Errors of states about their own interest, standard normal, ``(..., state, theme)``.

    Regional and national.
    """
    states, noise = setting.states, setting.noise
    p = setting.parameters.group(InterestParameters, "actors.interests")
    national = noise.state_normals("misjudgement", states.registered, len(THEMES))
    regional = noise.normals("regional misjudgement", (REGIONS, len(THEMES)))[:, states.subregion_index]
    share = p.misjudgement_regional[..., None]
    return np.sqrt(share) * regional + np.sqrt(1.0 - share) * national
