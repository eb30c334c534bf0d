"""The report: minutes are written, costs are entered, the public may turn.

And adopted paragraphs begin to stand.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from migsim.forum.between import paid_by
from migsim.forum.calendar import in_session
from migsim.forum.links import stock_taken
from migsim.forum.session import Session, effects, place_of
from migsim.world.corridors import Array, total
from migsim.world.economy import product
from migsim.world.setting import Setting
from migsim.world.state import Commitments, Minutes, Opinions, Proceedings, World

__all__ = ["ReportParameters", "costs", "publish"]

CHAIR, CONVENER = range(2)


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
    on = effects(setting, session.process)
    world = replace(
        world,
        ledger=replace(
            world.ledger, forum_costs=world.ledger.forum_costs + costs(world, session, setting, p) * on.costs
        ),
        opinions=react(world, session, setting, p),
        commitments=stand(keep(world, session, setting), session, on.texts),
        proceedings=proceed(world, session),
        minutes=(*world.minutes, minutes(session, setting)),
    )
    return world, session


def costs(world: World, session: Session, setting: Setting, p: ReportParameters) -> Array:
    """What a session and its delegations cost each state, million USD, ``(..., state)``.

    Delegations of the least developed countries are paid for by the developed ones that attend, by income
    (n-contributions). Beside a session of another process nobody travels twice, and its chair, who presides
    here too, hosts both at the cost of one.
    """
    apart = 1.0 - is_side_event(world, session, setting)
    travel = p.delegation_cost * session.attended * apart
    donors = session.attended * setting.states.is_developed * product(world, setting)
    there_are_donors = total(donors) > 0.0
    share = donors / np.where(there_are_donors, total(donors), 1.0)
    helped = np.where(there_are_donors, travel * setting.states.is_least_developed, 0.0)
    bill = p.chair_cost * session.held * session.size * apart
    return travel - helped + share * total(helped) + bill * funded_by(world, session, setting)


def funded_by(world: World, session: Session, setting: Setting) -> Array:
    """Share of each state in what it takes to hold the session, ``(..., state)``.

    The chair bears it (n-funding-host), and nobody where no state presides; or, where it is the convener's,
    all who may come, by income; or it is met by contributions of developed states that attend
    (n-contributions).
    """
    funding = setting.parameters[session.path("funding")]
    by_chair = np.zeros_like(session.attended)
    if session.chair >= 0:
        by_chair[:, session.chair] = 1.0
    if np.all(funding == CHAIR):
        return by_chair
    income = session.eligible * product(world, setting)
    by_all = income / np.where(total(income) > 0.0, total(income), 1.0)
    by_contribution = paid_by(session.attended, world, setting)
    return np.where(funding == CHAIR, by_chair, np.where(funding == CONVENER, by_all, by_contribution))


def is_side_event(world: World, session: Session, setting: Setting) -> Array:
    """Whether the session is held beside one of another process this year, ``(..., 1)`` in {0, 1}.

    Of processes that are yet to meet this year only the calendar is known.
    """
    beside = np.zeros((setting.n_replicates, 1))
    mains = setting.definition.spec.processes[session.process].links.side_event_of
    due = {name for name, _ in in_session(setting, world.year)} if mains else set()
    for name in mains:
        if name in due:
            place = place_of(setting, name)
            has_met = world.proceedings.last_met[:, place, None] == world.year
            beside = np.maximum(beside, np.where(has_met | (place > session.place), 1.0, 0.0))
    return beside


def react(world: World, session: Session, setting: Setting, p: ReportParameters) -> Opinions:
    """A possible backlash in hosts against a visible text."""
    on, opinions = effects(setting, session.process), world.opinions
    n_paragraphs = np.maximum(session.on_paragraphs(setting).sum(axis=-1, keepdims=True), 1.0)
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
    return replace(opinions, anti=opinions.anti + turned, ambivalent=opinions.ambivalent - turned)


def stand(commitments: Commitments, session: Session, texts: Array) -> Commitments:
    """Those who pledge a newly adopted paragraph stand by it, unless they stand by a stronger text.

    For all others, and where a paragraph was dropped, what stood is left to fade.
    """
    text, counts = session.text, session.text.adopted * texts > 0.0
    if not counts.any():
        return commitments
    strength = np.minimum(text.strength * texts, 1.0)[..., None, :]
    is_new = counts[..., None, :] & (text.joined > 0.0) & (strength >= commitments.strength)
    written = {
        "position": text.position[..., None, :],
        "ambiguity": text.ambiguity[..., None, :],
        "strength": strength,
        "pledged": np.ones_like(strength),
    }
    after = {name: getattr(commitments, name).copy() for name in written}
    for name, values in written.items():
        np.copyto(after[name], values, where=is_new)
    return replace(commitments, **after)


def keep(world: World, session: Session, setting: Setting) -> Commitments:
    """Those who take stock of what they stand by keep it from fading this year."""
    stock = stock_taken(world, session, setting)
    if not stock.any():
        return world.commitments
    return replace(world.commitments, kept=np.maximum(world.commitments.kept, stock))


def proceed(world: World, session: Session) -> Proceedings:
    """What the process has done so far, with this session if it was held."""
    past, place, is_held = world.proceedings, session.place, session.held > 0.0
    year = float(world.year)

    def entered(before: Array, now: Array | float, where: NDArray[np.bool_]) -> Array:
        after = before.copy()
        after[:, place] = np.where(where, now, before[:, place])
        return after

    of_place = is_held[:, 0]
    return Proceedings(
        first_met=entered(past.first_met, np.minimum(past.first_met[:, place], year), of_place),
        last_met=entered(past.last_met, year, of_place),
        times_met=entered(past.times_met, past.times_met[:, place] + 1.0, of_place),
        attended=entered(past.attended, session.attended, is_held),
        treated=entered(past.treated, session.on_agenda, is_held),
        discussed=entered(past.discussed, year, is_held & (session.on_agenda > 0.0)),
    )


def minutes(session: Session, setting: Setting) -> Minutes:
    """The record of the session."""
    text, on = session.text, session.on_paragraphs(setting)
    at = np.flatnonzero(on.any(axis=0))
    against, objections, pledged = text.against[:, at], np.zeros(on.shape), np.zeros(on.shape)
    objections[:, at] = against.sum(axis=-1)
    pledged[:, at] = text.joined[..., at].sum(axis=-2) * text.adopted[:, at]
    return Minutes(
        process=session.process,
        held=session.held,
        attended=session.attended,
        on_agenda=session.on_agenda,
        on_paragraphs=on,
        proposals=session.proposals,
        civil_report=session.civil_report,
        draft=session.draft,
        position=text.position,
        ambiguity=text.ambiguity,
        adopted=text.adopted,
        strength=text.strength,
        objections=objections,
        against=against.sum(axis=-2).astype(np.float64),
        pledged=pledged,
        compromise=session.compromise,
        matches=session.matches,
        grants=session.grants,
        demands=session.demands,
        offers=session.offers,
        matched=session.matched,
        votes=session.votes,
    )
