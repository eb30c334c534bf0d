"""The plenary: paragraph by paragraph, under one of two readings of what a voluntary forum produces.

*Negotiated conclusions*: the process's protocol settles the paragraphs on the agenda; adopted ones pledge
those whom the protocol says they pledge, as a rule all who attend. *Chair's summary*: the forum takes no
decisions (document 001), so the text is the draft, its ambiguity the weighted spread, nobody blocks and
nobody is pledged.

The draft is ``(1 - w) mean of states + w mean of non-states``, lifted toward the floor that bodies of
standards and protection defend where it falls short of it, and pulled toward the chair. A delegation's
tolerance grows with what it expects to gain, and with a mediator: ``tau_i = tau (1 + psi max(0, expected
gain)) (1 + mu)`` (n-consult-srsg).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from migsim.actors.behaviour import answers, by_paragraph
from migsim.actors.interests import payoff_pull, salience
from migsim.actors.organisations import present
from migsim.forum.session import Session, reaches
from migsim.forum.settlement import ProtocolParameters, settle, taken_up
from migsim.negotiation import Table, Text
from migsim.negotiation.compromise import compromise
from migsim.negotiation.table import weighted_mean
from migsim.negotiation.text import disagreement
from migsim.world.corridors import Array, Index
from migsim.world.kept import once
from migsim.world.setting import Setting
from migsim.world.state import World

__all__ = ["meet_in_plenary", "propose"]

NEGOTIATED = 0
BESIDE_GOVERNMENTS, FACILITATING = 1, 2


def propose(world: World, session: Session, setting: Setting) -> tuple[World, Session]:
    """Each delegation brings its position: its ideal, or what its behaviour says instead."""
    said_otherwise = list(answers("position", world, setting, session.process))
    proposals = world.policies.ideal.copy() if said_otherwise else world.policies.ideal
    for index, said in said_otherwise:
        what = f"position of {setting.states.iso3[index]}"
        for paragraph, values in by_paragraph(said, setting, what):
            proposals[:, index, paragraph] = values
    return world, replace(session, proposals=proposals)


def meet_in_plenary(world: World, session: Session, setting: Setting) -> tuple[World, Session]:
    """Draft, read and settle every paragraph."""
    p = setting.parameters.group(ProtocolParameters, session.path("protocol"))
    on = session.on_paragraphs(setting) > 0.0
    at = taken_up(on, session, setting, p)
    if not at.size:
        return world, session
    table = seat(world, session, setting, p, at)
    is_negotiated = setting.parameters[session.path("reading")] == NEGOTIATED
    if not is_negotiated.any():
        text = summary(table)
    else:
        text = settle(table, on[:, at], session, setting, p, world.year)
        if not is_negotiated.all():
            text = text.where(is_negotiated, summary(table))
    text = as_agreed(text.among(at, on), session, setting, world.year)
    text = permuted(text, session, setting, world.year)
    draft, mean = np.zeros(on.shape), np.zeros(on.shape)
    draft[:, at], mean[:, at] = table.draft * on[:, at], compromise(table) * on[:, at]
    return world, replace(session, draft=draft, compromise=mean, text=text)


def as_agreed(text: Text, session: Session, setting: Setting, year: int) -> Text:
    """Nothing is adopted by nobody, or below a common understanding; nor, before a deadline, against anybody.

    Experts pledge nobody.
    """
    anybody = session.attended.any(axis=-1, keepdims=True)
    may_adopt = reaches(setting, session.process, "common_understanding") * anybody
    text = replace(text, adopted=text.adopted * may_adopt, strength=text.strength * may_adopt)
    deadline = setting.definition.spec.processes[session.process].deadline
    if deadline is not None and year < deadline:
        unopposed = np.where(text.against.any(axis=-1), 0.0, 1.0)
        text = replace(text, adopted=text.adopted * unopposed, strength=text.strength * unopposed)
    return text if session.binds else replace(text, joined=np.zeros_like(text.joined))


def permuted(text: Text, session: Session, setting: Setting, year: int) -> Text:
    """As a null, adopted paragraphs change places: what was agreed on one is written into another.

    Position, ambiguity and the strength that goes with it move; what is adopted, and by whom, does not.
    """
    is_on = setting.parameters[session.path("switches.permuted_texts")] > 0.0
    if not is_on.any():
        return text
    streams = setting.noise.streams("permuted texts", process=session.process, year=year)
    lots = np.stack([stream.random(text.adopted.shape[-1]) for stream in streams])
    takes_part = (text.adopted > 0.0) & is_on
    places = np.argsort(~takes_part, axis=-1, kind="stable")
    order = np.argsort(np.where(takes_part, lots, np.inf), axis=-1, kind="stable")
    moved = {}
    for name in ("position", "ambiguity", "strength"):
        values = getattr(text, name)
        moved[name] = np.zeros_like(values)
        np.put_along_axis(moved[name], places, np.take_along_axis(values, order, axis=-1), axis=-1)
    return replace(text, **moved)


def summary(table: Table) -> Text:
    """The chair's summary: the draft, with what divides the delegations for ambiguity."""
    blank = Text.blank(table.position.shape[-2], table.draft.shape)
    divided = disagreement(table, table.draft)
    everybody = np.broadcast_to(table.seated[..., None], table.position.shape)
    return replace(blank, position=table.draft, ambiguity=divided, joined=everybody)


def seat(
    world: World, session: Session, setting: Setting, p: ProtocolParameters, at: Index | None = None
) -> Table:
    """The delegations at the table and the draft before them, on the paragraphs ``at``; on all by default."""
    cast, at = setting.actors, np.arange(len(setting.levers)) if at is None else at
    care = salience(world, setting, for_objection=True)[..., setting.levers.theme[at]]
    own, joint, trust = cast.own_gain[..., at], cast.joint_gain[..., at], world.commitments.trust
    expected = payoff_pull(own, joint, trust, cast.gain_scale)
    mediated = p.tolerance * (1.0 + p.mediation * setting.parameters[session.path("mediator")])
    tolerance = mediated[..., None] * (1.0 + p.stake_tolerance[..., None] * np.maximum(expected, 0.0))
    weight = setting.states.capability * session.attended
    objects = np.zeros_like(world.policies.ideal)
    for index, said in answers("objects", world, setting, session.process):
        what = f"objects of {setting.states.iso3[index]}"
        for paragraph, values in by_paragraph(said, setting, what):
            objects[:, index, paragraph] = np.where(values > 0.0, 1.0, -1.0)
    return Table(
        position=session.proposals[..., at],
        salience=care,
        tolerance=tolerance,
        weight=weight,
        seated=session.attended,
        may_block=np.ones_like(session.attended),
        objects=objects[..., at],
        draft=draft(session, setting, care, weight, p, at),
        group=setting.states.region_index,
        max_ambiguity=p.max_ambiguity,
    )


def draft(
    session: Session, setting: Setting, care: Array, weight: Array, p: ProtocolParameters, at: Index
) -> Array:
    """What the chair puts on the table, ``(..., paragraph)`` in [0, 1], on the paragraphs ``at``."""
    proposals = session.proposals[..., at]
    by_states = weighted_mean(proposals, weight[..., None] * care)
    by_others, share = (each[..., at] for each in outside_voice(session, setting, p))
    mixed: Array = (1.0 - share) * by_states + share * by_others
    lift = setting.parameters["actors.organisations.floor"] * at_the_table(session, setting, p)
    mixed = mixed + np.minimum(lift, 1.0) * np.maximum(floor(session, setting)[at] - mixed, 0.0)
    if session.chair < 0:
        return mixed
    pulled: Array = mixed + p.chair_pull * (proposals[..., session.chair, :] - mixed)
    return pulled


def at_the_table(session: Session, setting: Setting, p: ProtocolParameters) -> Array:
    """Weight of organisations in the drafting, ``(..., 1)``.

    Beside governments they draft with them, as facilitators somewhat more; seated with civil society they are
    heard only through it.
    """
    seat_of_igos = setting.parameters[session.path("organisations")]
    return np.where(
        seat_of_igos == BESIDE_GOVERNMENTS, 1.0, np.where(seat_of_igos == FACILITATING, p.facilitation, 0.0)
    )


def outside_voice(session: Session, setting: Setting, p: ProtocolParameters) -> tuple[Array, Array]:
    """What organisations and civil society say together, and their share in the draft.

    Both ``(..., paragraph)``; the share is nothing where nobody has a say.
    """
    of_igos, has_said = _said_by_organisations(setting, session.process)
    igo_weight = at_the_table(session, setting, p) * has_said
    both = igo_weight + session.civil_weight
    said = igo_weight * of_igos + session.civil_weight * session.civil_report[..., setting.levers.theme]
    anybody = both > 0.0
    voice = np.where(anybody, said / np.where(anybody, both, 1.0), 0.5)
    return voice, np.where(anybody, p.observer_weight, 0.0)


@once
def _said_by_organisations(setting: Setting, process: str) -> tuple[Array, Array]:
    """Mean position of the organisations that take part, and whether any has one, ``(paragraph,)`` each."""
    room, theme = setting.actors.organisations, setting.levers.theme
    here = (room.weight * present(process, setting))[:, None]
    weights = here * room.salience[:, theme] * room.speaks
    cares = weights.sum(axis=0)
    mean = (weights * room.position[:, theme]).sum(axis=0) / np.where(cares > 0.0, cares, 1.0)
    return mean, np.where(cares > 0.0, 1.0, 0.0)


def floor(session: Session, setting: Setting) -> Array:
    """What bodies of standards and protection defend, ``(paragraph,)`` in [0, 1]; 0 where none does."""
    return _defended(setting, session.process)


@once
def _defended(setting: Setting, process: str) -> Array:
    room = setting.actors.organisations
    defended = room.holds * room.position * present(process, setting)[:, None]
    lowest: Array = defended.max(axis=0)[setting.levers.theme]
    return lowest
