"""The plenary: paragraph by paragraph, under one of two readings of what a voluntary forum produces.

*Negotiated conclusions*: the process's protocol settles each paragraph; adopted ones pledge those who attend.
  *Chair's
summary*: the forum takes no decisions (document 001), so the text is the draft, its ambiguity the weighted
spread, nobody
blocks and nobody is pledged.

The draft is ``(1 - w) mean of states + w mean of non-states``, pulled toward the chair; a delegation's
tolerance grows with what it expects to gain: ``tau_i = tau (1 + psi max(0, expected gain))``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from migsim.actors.behaviour import answers, by_paragraph
from migsim.actors.interests import payoff_pull, salience
from migsim.forum.session import Session
from migsim.negotiation import PROTOCOLS, Rules, Table, Text
from migsim.negotiation.compromise import compromise
from migsim.negotiation.text import weighted_mean
from migsim.world.corridors import Array
from migsim.world.setting import Setting
from migsim.world.state import World

__all__ = ["ProtocolParameters", "meet_in_plenary", "propose"]

NEGOTIATED = 0
BESIDE_GOVERNMENTS, FACILITATING = 1, 2


@dataclass(frozen=True)
class ProtocolParameters:
    """Registry group ``processes.*.protocol``, each ``(..., 1)``."""

    tolerance: Array
    stake_tolerance: Array
    max_ambiguity: Array
    observer_weight: Array
    chair_pull: Array
    drafter_pull: Array
    facilitation: Array


def propose(world: World, session: Session, setting: Setting) -> tuple[World, Session]:
    """Each delegation brings its position: its ideal, or what its behaviour says instead."""
    proposals = world.policies.ideal.copy()
    for index, said in answers("position", world, setting, session.process):
        what = f"position of {setting.states.iso3[index]}"
        for paragraph, values in by_paragraph(said, setting, what):
            proposals[:, index, paragraph] = values
    return world, replace(session, proposals=proposals)


def meet_in_plenary(world: World, session: Session, setting: Setting) -> tuple[World, Session]:
    """Draft, read and settle every paragraph."""
    p = setting.parameters.group(ProtocolParameters, session.path("protocol"))
    table = seat(world, session, setting, p)
    rules = Rules(
        max_ambiguity=p.max_ambiguity,
        drafter_pull=p.drafter_pull,
        blocking_share=setting.parameters[session.path("blocking_share")],
        who_can_block=setting.parameters[session.path("who_can_block")],
    )
    negotiated = by_protocol(table, rules, setting.parameters[session.path("protocol.name")])
    spread = weighted_mean(
        np.abs(table.position - table.draft[..., None, :]), table.weight[..., None] * table.salience
    )
    is_negotiated = setting.parameters[session.path("reading")] == NEGOTIATED
    on = session.on_agenda[..., setting.levers.theme]
    text = Text(
        position=np.where(is_negotiated, negotiated.position, table.draft),
        ambiguity=np.where(is_negotiated, negotiated.ambiguity, spread),
        adopted=np.where(is_negotiated, negotiated.adopted, 0.0) * on,
        strength=np.where(is_negotiated, negotiated.strength, 0.0) * on,
        objections=np.where(is_negotiated, negotiated.objections, 0.0) * on,
    )
    return world, replace(session, draft=table.draft, compromise=compromise(table), text=text)


def by_protocol(table: Table, rules: Rules, chosen: Array) -> Text:
    """The text under the chosen protocol; replicates may differ in it."""
    texts = {n: settle(table, rules) for n, settle in enumerate(PROTOCOLS.values()) if np.any(chosen == n)}
    first, *others = texts.items()
    text = first[1]
    for n, other in others:
        fields = ("position", "ambiguity", "adopted", "strength", "objections")
        text = Text(*(np.where(chosen == n, getattr(other, f), getattr(text, f)) for f in fields))
    return text


def seat(world: World, session: Session, setting: Setting, p: ProtocolParameters) -> Table:
    """The delegations at the table and the draft before them."""
    cast, table = setting.actors, setting.levers
    care = salience(world, setting, for_objection=True)[..., table.theme]
    expected = payoff_pull(cast.own_gain, cast.joint_gain, world.commitments.trust, cast.gain_scale)
    tolerance = p.tolerance[..., None] * (1.0 + p.stake_tolerance[..., None] * np.maximum(expected, 0.0))
    weight = setting.states.capability * session.attended
    objects = np.zeros_like(session.proposals)
    for index, said in answers("objects", world, setting, session.process):
        what = f"objects of {setting.states.iso3[index]}"
        for paragraph, values in by_paragraph(said, setting, what):
            objects[:, index, paragraph] = np.where(values > 0.0, 1.0, -1.0)
    return Table(
        position=session.proposals,
        salience=care,
        tolerance=tolerance,
        weight=weight,
        seated=session.attended,
        objects=objects,
        draft=draft(session, setting, care, weight, p),
        group=setting.states.region_index,
    )


def draft(session: Session, setting: Setting, care: Array, weight: Array, p: ProtocolParameters) -> Array:
    """What the chair puts on the table, ``(..., paragraph)`` in [0, 1]."""
    by_states = weighted_mean(session.proposals, weight[..., None] * care)
    by_others, share = outside_voice(session, setting, p)
    mixed = (1.0 - share) * by_states + share * by_others[..., setting.levers.theme]
    if session.chair < 0:
        return mixed
    return mixed + p.chair_pull * (session.proposals[..., session.chair, :] - mixed)


def outside_voice(session: Session, setting: Setting, p: ProtocolParameters) -> tuple[Array, Array]:
    """What organisations and civil society say together ``(..., theme)``.

    And their share in the draft ``(..., 1)``.

    Organisations beside governments draft with them, facilitators somewhat more; seated with civil society
    they are heard only through it.
    """
    room = setting.actors.organisations
    seat_of_igos = setting.parameters[session.path("organisations")]
    weights = room.weight[:, None] * room.salience
    cares = weights.sum(axis=0)
    of_igos = np.where(cares > 0.0, (weights * room.position).sum(axis=0) / np.maximum(cares, 1e-12), 0.5)
    igo_weight = np.where(
        seat_of_igos == BESIDE_GOVERNMENTS, 1.0, np.where(seat_of_igos == FACILITATING, p.facilitation, 0.0)
    )
    both = igo_weight + session.civil_weight
    said = igo_weight * of_igos + session.civil_weight * session.civil_report
    anybody = both > 0.0
    voice = np.where(anybody, said / np.where(anybody, both, 1.0), 0.5)
    return voice, np.where(anybody, p.observer_weight, 0.0)
