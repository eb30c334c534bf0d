"""The report: minutes are written, costs are entered, the subject is noticed.

And adopted paragraphs begin to stand.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from migsim.forum.session import Session, switches
from migsim.world.corridors import Array, total
from migsim.world.economy import product
from migsim.world.setting import Setting
from migsim.world.state import Commitments, Minutes, Opinions, World

__all__ = ["ReportParameters", "publish"]


@dataclass(frozen=True)
class ReportParameters:
    """Registry group ``processes.*.report``, each ``(..., 1)``."""

    chair_cost: Array
    delegation_cost: Array
    attention: Array
    backlash: Array
    overload: Array


def publish(world: World, session: Session, setting: Setting) -> tuple[World, Session]:
    """Close the session."""
    p = setting.parameters.group(ReportParameters, session.path("report"))
    on = switches(setting, session.process)
    world = replace(
        world,
        ledger=replace(
            world.ledger, forum_costs=world.ledger.forum_costs + costs(world, session, setting, p) * on.costs
        ),
        opinions=notice(world, session, setting, p),
        commitments=stand(world.commitments, session, on.texts),
        minutes=(*world.minutes, minutes(session)),
    )
    return world, session


def costs(world: World, session: Session, setting: Setting, p: ReportParameters) -> Array:
    """What the chair and the delegations spend, million USD, ``(..., state)`` (n-funding-host).

    Delegations of the least developed countries are paid for by the developed ones that attend, by income
    (n-contributions).
    """
    travel = p.delegation_cost * session.attended
    donors = session.attended * setting.states.is_developed * product(world, setting)
    there_are_donors = total(donors) > 0.0
    share = donors / np.where(there_are_donors, total(donors), 1.0)
    helped = np.where(there_are_donors, travel * setting.states.is_least_developed, 0.0)
    spent = travel - helped + share * total(helped)
    if session.chair >= 0:
        spent[:, session.chair] += p.chair_cost[:, 0] * session.size
    return spent


def notice(world: World, session: Session, setting: Setting, p: ReportParameters) -> Opinions:
    """Attention to the themes discussed, and a possible backlash in hosts against a visible text."""
    on, opinions = switches(setting, session.process), world.opinions
    seen = session.attended[..., None] * session.on_agenda[..., None, :]
    lift = (p.attention * on.attention)[..., None] * seen
    attention = opinions.attention + lift * (1.0 - opinions.attention)
    n_paragraphs = np.maximum(session.on_agenda[..., setting.levers.theme].sum(axis=-1, keepdims=True), 1.0)
    visible = (session.text.adopted * session.text.strength).sum(axis=-1, keepdims=True) / n_paragraphs
    turned = (
        p.backlash
        * on.backlash
        * on.texts
        * visible
        * setting.states.host
        * session.attended
        * opinions.ambivalent
    )
    return replace(
        opinions, attention=attention, anti=opinions.anti + turned, ambivalent=opinions.ambivalent - turned
    )


def stand(commitments: Commitments, session: Session, texts: Array) -> Commitments:
    """A newly adopted paragraph replaces what stood; a dropped one leaves it to fade."""
    new = session.text.adopted * texts > 0.0
    return replace(
        commitments,
        position=np.where(new, session.text.position, commitments.position),
        ambiguity=np.where(new, session.text.ambiguity, commitments.ambiguity),
        strength=np.where(new, session.text.strength, commitments.strength),
        pledged=np.where(new[..., None, :], session.text.joined, commitments.pledged),
    )


def minutes(session: Session) -> Minutes:
    """The record of the session."""
    text = session.text
    return Minutes(
        process=session.process,
        attended=session.attended,
        on_agenda=session.on_agenda,
        proposals=session.proposals,
        civil_report=session.civil_report,
        draft=session.draft,
        position=text.position,
        ambiguity=text.ambiguity,
        adopted=text.adopted,
        strength=text.strength,
        objections=text.objections,
        against=text.against.sum(axis=-2).astype(np.float64),
        pledged=text.joined.sum(axis=-2) * text.adopted,
        compromise=session.compromise,
        matches=session.matches,
        grants=session.grants,
    )
