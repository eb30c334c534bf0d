"""The plenary: paragraph by paragraph, under one of two readings of what a voluntary forum produces.

*Negotiated conclusions*: the process's protocol settles the paragraphs on the agenda; adopted ones pledge
those whom the protocol says they pledge, as a rule all who attend. *Chair's summary*: the forum takes no
decisions (document 001), so the text is the draft, its ambiguity the weighted spread, nobody blocks and
nobody is pledged.

The draft is ``(1 - w) mean of states + w mean of non-states``, pulled toward the chair; a delegation's
tolerance grows with what it expects to gain: ``tau_i = tau (1 + psi max(0, expected gain))``.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from migsim.actors.behaviour import answers, by_paragraph
from migsim.actors.interests import payoff_pull, salience
from migsim.forum.session import Session
from migsim.forum.settlement import ProtocolParameters, settle
from migsim.negotiation import Table, Text
from migsim.negotiation.compromise import compromise
from migsim.negotiation.table import weighted_mean
from migsim.negotiation.text import unblocked
from migsim.world.corridors import Array
from migsim.world.setting import Setting
from migsim.world.state import World

__all__ = ["meet_in_plenary", "propose"]

NEGOTIATED = 0
BESIDE_GOVERNMENTS, FACILITATING = 1, 2


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
    on = session.on_agenda[..., setting.levers.theme] > 0.0
    text = summary(table)
    is_negotiated = setting.parameters[session.path("reading")] == NEGOTIATED
    if is_negotiated.any():
        text = settle(table, on, session, setting, p, world.year).where(is_negotiated, text)
    text = replace(
        text, adopted=text.adopted * on, strength=text.strength * on, against=text.against & on[..., None]
    )
    return world, replace(session, draft=table.draft, compromise=compromise(table), text=text)


def summary(table: Table) -> Text:
    """The chair's summary: the draft, with what divides the delegations for ambiguity."""
    text = unblocked(table, table.draft)
    nothing = np.zeros_like(table.draft)
    return replace(text, adopted=nothing, strength=nothing, against=np.zeros_like(text.against))


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
        may_block=np.ones_like(session.attended),
        objects=objects,
        draft=draft(session, setting, care, weight, p),
        group=setting.states.region_index,
        max_ambiguity=p.max_ambiguity,
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
