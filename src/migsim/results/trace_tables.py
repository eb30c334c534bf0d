"""What a traced world says in tables: every delegation in every plenary, every session, every act at home.

*plenary*: one row a session, paragraph and delegation that might have come. ``loss``: what the text costs it,
salience by distance beyond the ambiguity. ``says``: a delegation *objects* where that is more than its
``tolerance``, or chance lets it; it is *silent* where it does not care or nobody is asked (a chair's
summary); else it *accepts*; or it is *absent*. ``blocks``: the paragraph was dropped over such an objection.

*decisions*: what a state's policy did on a paragraph, and why. The phase in which states act is run again on
the same world without texts, agreements of two and instruments, and with one after the other; each cause is
the difference that it makes, so that the causes add up to the whole movement.

*readings*: where chance decides who takes the floor, the text after each reading: the same negotiation, ended
so early.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from migsim.forum.follow_up import follow_up
from migsim.forum.plenary import NEGOTIATED, seat
from migsim.forum.session import Session, chance_of, reaches
from migsim.forum.settlement import ProtocolParameters, options_in_force
from migsim.forum.vote import losses
from migsim.negotiation import Table, protocol
from migsim.results.trace import Sitting, Trace, Year
from migsim.start import without_processes
from migsim.world.corridors import Array
from migsim.world.setting import Setting
from migsim.world.state import World
from migsim.world.vocabulary import THEMES, VOTES

__all__ = [
    "SAYS",
    "Columns",
    "decisions",
    "plenary",
    "protocol_name",
    "readings",
    "said",
    "sessions",
    "tables",
]

type Columns = dict[str, NDArray[Any]]

SAYS: Final = ("accepts", "silent", "objects", "absent")
ACCEPTS, SILENT, OBJECTS, ABSENT = range(len(SAYS))
NO_OBJECTION: Final = "no_objection"


def tables(traced: Trace) -> dict[str, Columns]:
    """All tables of a trace by name; one in which nothing stands is left out."""
    found = {
        "sessions": sessions(traced),
        "plenary": plenary(traced),
        "readings": readings(traced),
        "decisions": decisions(traced),
    }
    return {name: columns for name, columns in found.items() if columns}


def plenary(traced: Trace) -> Columns:
    """What each delegation said on each paragraph, session by session."""
    held = ((year, sitting) for year in traced.years for sitting in year.sittings if sitting.is_held)
    return _below([_of_plenary(year, sitting, traced.setting) for year, sitting in held])


def _of_plenary(year: Year, sitting: Sitting, setting: Setting) -> Columns:
    """One session: rows by paragraph on the agenda and by state that might have come."""
    session, levers, states = sitting.sessions["meet_in_plenary"], setting.levers, setting.states
    on = np.flatnonzero(session.on_paragraphs(setting)[0])
    may = np.flatnonzero(session.eligible[0])
    paragraph, state = (grid.ravel() for grid in np.meshgrid(on, may, indexing="ij"))
    table = table_of(sitting, setting)
    says, blocks = said(sitting, table, setting)
    text, final = session.text, sitting.last.text
    by_state = {
        "ideal": sitting.worlds["meet_in_plenary"].policies.ideal,
        "position": session.proposals,
        "salience": table.salience,
        "tolerance": table.tolerance,
    }
    by_paragraph = {"draft": session.draft, "text": text.position, "ambiguity": text.ambiguity}
    return {
        "year": np.full(paragraph.size, year.year),
        "process": np.full(paragraph.size, sitting.process),
        "theme": np.array(THEMES)[levers.theme[paragraph]],
        "paragraph": np.array(levers.paragraphs)[paragraph],
        "state": np.array(states.iso3)[state],
        "is_chair": state == session.chair,
        **{name: values[0, state, paragraph] for name, values in by_state.items()},
        "loss": losses(table, text)[0, state, paragraph],
        "weight": table.weight[0, state],
        **{name: values[0, paragraph] for name, values in by_paragraph.items()},
        "says": np.array(SAYS)[says[state, paragraph]],
        "blocks": blocks[state, paragraph],
        "adopted": final.adopted[0, paragraph] > 0.0,
        "strength": final.strength[0, paragraph],
        "pledged": (final.joined[0, state, paragraph] * final.adopted[0, paragraph]) > 0.0,
    }


def table_of(sitting: Sitting, setting: Setting) -> Table:
    """The table as it was when the plenary met."""
    world, session = sitting.worlds["consult"], sitting.sessions["consult"]
    return seat(world, session, setting, parameters_of(session, setting))


def parameters_of(session: Session, setting: Setting) -> ProtocolParameters:
    """The parameters of the process's protocol."""
    return setting.parameters.group(ProtocolParameters, session.path("protocol"))


def protocol_name(session: Session, setting: Setting) -> str:
    """The protocol that the session's texts came about by; empty for a chair's summary."""
    from migsim.negotiation import protocol_names

    if setting.parameters[session.path("reading")][0, 0] != NEGOTIATED:
        return ""
    return protocol_names()[int(parameters_of(session, setting).name[0, 0])]


def said(sitting: Sitting, table: Table, setting: Setting) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """What each state said on each paragraph (position in `SAYS`), and whose objection blocked it.

    Both ``(state, paragraph)``.
    """
    session = sitting.sessions["meet_in_plenary"]
    name = protocol_name(session, setting)
    text, here = session.text, session.attended[0][:, None] > 0.0
    against = np.moveaxis(text.against[0], -1, 0)
    is_asked = (table.salience[0] > 0.0) & bool(name)
    says = np.where(against, OBJECTS, np.where(is_asked, ACCEPTS, SILENT))
    says = np.where(here, says, ABSENT)
    deadline = setting.definition.spec.processes[session.process].deadline
    is_early = deadline is not None and sitting.worlds["consult"].year < deadline
    can_block = (name == NO_OBJECTION or (bool(name) and is_early)) and may_adopt(session, setting)
    blocks = (says == OBJECTS) & (text.adopted[0] == 0.0) & can_block
    return says, blocks


def may_adopt(session: Session, setting: Setting) -> bool:
    """Whether the process's output reaches up to a text at all."""
    return bool(reaches(setting, session.process, "common_understanding")[0, 0] > 0.0)


def readings(traced: Trace) -> Columns:
    """The text after each reading, where the default protocol reads it out several times."""
    parts = []
    for year in traced.years:
        for sitting in year.sittings:
            if sitting.is_held and (part := _of_readings(year, sitting, traced.setting)):
                parts.append(part)
    return _below(parts)


def _of_readings(year: Year, sitting: Sitting, setting: Setting) -> Columns:
    session = sitting.sessions["meet_in_plenary"]
    p = parameters_of(session, setting)
    n_readings = int(p.readings[0, 0])
    if protocol_name(session, setting) != NO_OBJECTION or not n_readings:
        return {}
    table, way = table_of(sitting, setting), protocol(NO_OBJECTION)
    options: Any = options_in_force(NO_OBJECTION, session, setting, p)
    on = np.flatnonzero(session.on_paragraphs(setting)[0])
    turns = []
    for turn in range(n_readings + 1):
        chance = chance_of("protocol", session, setting, year.year)
        turns.append(way.negotiate(table, replace(options, readings=turn), chance).text)
    return {
        "year": np.full(on.size * len(turns), year.year),
        "process": np.full(on.size * len(turns), sitting.process),
        "paragraph": np.tile(np.array(setting.levers.paragraphs)[on], len(turns)),
        "reading": np.repeat(np.arange(len(turns)), on.size),
        "text": np.concatenate([text.position[0, on] for text in turns]),
        "is_accepted": np.concatenate(
            [(text.adopted[0, on] > 0.0) & (turn > 0) for turn, text in enumerate(turns)]
        ),
    }


def sessions(traced: Trace) -> Columns:
    """One row a session that was due: whether it was held, who came, what came of it."""
    rows = [_of_session(year, sitting, traced.setting) for year in traced.years for sitting in year.sittings]
    if not rows:
        return {}
    return {name: np.array([row[name] for row in rows]) for name in rows[0]}


def _of_session(year: Year, sitting: Sitting, setting: Setting) -> dict[str, Any]:
    session, text, states = sitting.last, sitting.last.text, setting.states
    on = session.on_paragraphs(setting)[0]
    first, last = (sitting.worlds[phase] for phase in ("attend", "publish"))
    votes = {name: int((session.votes[0] == number).sum()) for number, name in enumerate(VOTES)}
    paid = last.ledger.forum_costs - first.ledger.forum_costs
    return {
        "year": year.year,
        "process": sitting.process,
        "is_held": sitting.is_held,
        "chair": states.iso3[session.chair] if session.chair >= 0 else "",
        "n_invited": int(session.eligible[0].sum()),
        "n_attending": int(session.attended[0].sum()),
        "themes": " ".join(np.array(THEMES)[session.on_agenda[0] > 0.0]),
        "protocol": protocol_name(session, setting),
        "n_paragraphs": int(on.sum()),
        "n_adopted": int(text.adopted[0].sum()),
        "mean_strength": float(text.strength[0].sum() / max(text.adopted[0].sum(), 1.0)),
        "n_objections": int(text.against[0].sum()),
        "civil_weight": float(session.civil_weight[0, 0]),
        **{f"votes_{name}": count for name, count in votes.items()},
        "projects": int(session.matches[0, 0]),
        "grants": float(session.grants[0, 0]),
        "costs": float(paid[0].sum()),
    }


def decisions(traced: Trace) -> Columns:
    """What each state did at home on each paragraph in each year, and because of what."""
    return _below([_of_year(year, traced.setting) for year in traced.years])


def _of_year(year: Year, setting: Setting) -> Columns:
    before, after = year.after["ratify"], year.after["follow_up"]
    states, levers, silent = setting.states, setting.levers, without_processes(setting)
    standing = before.commitments
    nothing = np.zeros_like(standing.agreements)
    untold = replace(standing, pledged=np.zeros_like(standing.pledged))
    steps = [
        before.policies.policy,
        _policy(before, replace(untold, agreements=nothing), silent),
        _policy(before, replace(standing, agreements=nothing), silent),
        _policy(before, standing, silent),
        after.policies.policy,
    ]
    n_rows = len(states) * len(levers)
    moved = {
        f"by_{cause}": (steps[number + 1] - steps[number])[0].ravel()
        for number, cause in enumerate(("ideal", "text", "agreement", "instrument"))
    }
    texts = {
        "text": standing.position,
        "ambiguity": standing.ambiguity,
        "strength": standing.strength * standing.pledged,
    }
    return {
        "year": np.full(n_rows, year.year),
        "state": np.repeat(np.array(states.iso3), len(levers)),
        "theme": np.tile(np.array(THEMES)[levers.theme], len(states)),
        "paragraph": np.tile(np.array(levers.paragraphs), len(states)),
        "policy_before": steps[0][0].ravel(),
        "policy_after": steps[-1][0].ravel(),
        "ideal": before.policies.ideal[0].ravel(),
        **{
            name: np.where(standing.pledged[0] > 0.0, values[0], np.nan).ravel()
            for name, values in texts.items()
        },
        **moved,
        "because": because(moved),
    }


def _policy(world: World, commitments: Any, setting: Setting) -> Array:
    """Where policy would go from the same world under other commitments."""
    return follow_up(replace(world, commitments=commitments), setting).policies.policy


def because(moved: dict[str, Array]) -> NDArray[Any]:
    """The cause that moved a policy most; ``nothing`` where it stood still."""
    names = np.array([name.removeprefix("by_") for name in moved])
    sizes = np.abs(np.stack(list(moved.values())))
    return np.where(sizes.max(axis=0) > 1e-12, names[sizes.argmax(axis=0)], "nothing")


def _below(parts: Iterable[Columns]) -> Columns:
    """Tables of the same columns, one below the other."""
    given = [part for part in parts if part]
    return {name: np.concatenate([part[name] for part in given]) for name in given[0]} if given else {}
