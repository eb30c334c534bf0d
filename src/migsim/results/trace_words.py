"""A traced world as a story: year by year who met, who said what, what was agreed, and what came of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from migsim.actors.interests import salience
from migsim.forum.agenda import survey
from migsim.forum.instruments import instruments_of
from migsim.negotiation import Table
from migsim.provenance.parameters import registry
from migsim.results.trace import Sitting, Trace, Year
from migsim.results.trace_tables import (
    ABSENT,
    ACCEPTS,
    OBJECTS,
    SILENT,
    decisions,
    may_adopt,
    protocol_name,
    readings,
    said,
    table_of,
)
from migsim.results.wording import WHO
from migsim.triple_win import GROUPS
from migsim.world.corridors import Array
from migsim.world.setting import Setting
from migsim.world.vocabulary import THEMES, VOTES

__all__ = ["story"]

MOST_NAMED: Final = 8
"""States named one by one where only the first matter."""
CIVIL: Final = ("excluded", "heard on a day before the forum", "heard in a common space")
MOVED: Final = 5e-5
"""A smaller movement is not told."""


def story(traced: Trace, settings: Mapping[str, object] | None = None) -> str:
    """The whole story as Markdown.

    Parameters
    ----------
    traced
    settings
        What the world's point of a sweep sets, by path.
    """
    definition = traced.definition
    lines = [
        f"# {definition.title}, world {traced.number}",
        "",
        "One world of a run, lived again. Positions, texts and policies lie between 0 (no cooperation on the"
        " subject) and 1; states are named by their codes. Every delegation's words on every paragraph are in"
        " plenary.csv, every act at home in decisions.csv.",
    ]
    if settings:
        told = ", ".join(f"{path} = {value}" for path, value in settings.items())
        lines += ["", f"It is lived at this point of its sweep: {told}."]
    of_home = decisions(traced)
    of_readings = readings(traced)
    for year in traced.years:
        lines += ["", f"## {year.year}"]
        for sitting in year.sittings:
            lines += ["", *_sitting(year, sitting, traced, of_readings)]
        lines += ["", "### At home and in the world", "", *_home(year, traced.setting, of_home)]
    return "\n".join(lines) + "\n"


def _sitting(year: Year, sitting: Sitting, traced: Trace, read: dict[str, Any]) -> Iterator[str]:
    """One session, from the invitation to the report."""
    setting, process = traced.setting, traced.definition.spec.processes[sitting.process]
    first = sitting.sessions["attend"]
    meeting = next((each for each in process.sessions if each.year == year.year), None)
    city = f", {meeting.city}" if meeting and meeting.city else ""
    yield f"### {process.title or sitting.process}{city}"
    yield ""
    if not sitting.is_held:
        called_off = bool(first.held[0, 0] > 0.0)
        yield (
            "The session was called off, and its cost given as aid."
            if called_off
            else "No session was convened: it was not taken up, or the time had not come."
        )
        return
    yield from _attendance(sitting, setting, process.convener)
    yield from _agenda(sitting, setting)
    yield from _before_the_plenary(sitting, setting)
    yield from _plenary(year, sitting, setting, read)
    yield from _afterwards(sitting, setting)


def _attendance(sitting: Sitting, setting: Setting, convener: str) -> Iterator[str]:
    session = sitting.last
    may, came = session.eligible[0] > 0.0, session.attended[0] > 0.0
    chair = f"in the chair {_who(setting, session.chair)}" if session.chair >= 0 else "no state in the chair"
    by = f"; convened by {convener}" if convener else ""
    yield f"**Who came.** {came.sum()} of {may.sum()} invited, {chair}{by}: {_codes(setting, came)}."
    yield f"Stayed away: {_codes(setting, may & ~came)}."


def _agenda(sitting: Sitting, setting: Setting) -> Iterator[str]:
    session, world = sitting.last, sitting.worlds["give_instead"]
    rules = registry()["processes.*.agenda"].options
    rule = rules[int(setting.parameters[session.path("agenda")][0, 0])]
    themes = np.flatnonzero(session.on_agenda[0])
    names = ", ".join(THEMES[theme] for theme in themes) or "nothing"
    yield ""
    if rule == "given":
        yield f"**Agenda.** Given by the programme: {names}."
    elif rule == "random":
        yield f"**Agenda.** Drawn by lot: {names}."
    else:
        wanted = survey(world, sitting.sessions["give_instead"], setting)[0]
        order = [theme for theme in np.argsort(-wanted, kind="stable") if wanted[theme] > 0.0]
        ranked = ", ".join(f"{THEMES[theme]} {wanted[theme]:.2f}" for theme in order)
        yield f"**Agenda.** Found by survey of the focal points: {names}. Their marks: {ranked or 'none'}."
    care = salience(world, setting, for_objection=False)[0]
    for theme in themes:
        keen = np.argsort(-np.where(session.attended[0] > 0.0, care[:, theme], -1.0), kind="stable")
        told = ", ".join(
            f"{setting.states.iso3[state]} {care[state, theme]:.2f}" for state in keen[:MOST_NAMED]
        )
        yield f"- {THEMES[theme]}: matters most to {told}"


def _before_the_plenary(sitting: Sitting, setting: Setting) -> Iterator[str]:
    """Civil society, round tables, linkage and consultations."""
    session = sitting.last
    themes = np.flatnonzero(session.on_agenda[0])
    way = CIVIL[int(setting.parameters[session.path("civil_society")][0, 0])]
    yield ""
    if session.civil_weight[0, 0] > 0.0:
        told = ", ".join(f"{THEMES[theme]} {session.civil_report[0, theme]:.2f}" for theme in themes)
        weight = session.civil_weight[0, 0]
        yield f"**Civil society** was {way}, with weight {weight:.2f}; it asked for {told}."
    else:
        yield f"**Civil society** was {way}."
    before, after = (sitting.worlds[each].policies for each in ("hear_civil_society", "hold_round_tables"))
    gained = (after.practice - before.practice)[0, :, themes].max(axis=0) if themes.size else np.zeros(1)
    if gained.max() > MOVED:
        yield f"**Round tables.** Most learned by {_most(setting, gained, '+.3f')} (practice)."
    for phase, earlier, what in (
        ("link_themes", "propose", "**Linkage.** Traded theme against theme"),
        ("consult", "link_themes", "**Consultations.** Moved by what others say"),
    ):
        moved = (sitting.sessions[phase].proposals - sitting.sessions[earlier].proposals)[0]
        moved = moved * (session.on_paragraphs(setting)[0] * session.attended[0][:, None])
        if np.abs(moved).max() > MOVED:
            yield f"{what}: {_most(setting, _largest(moved), '+.3f')} (largest movement of a proposal)."


def _plenary(year: Year, sitting: Sitting, setting: Setting, read: dict[str, Any]) -> Iterator[str]:
    session = sitting.sessions["meet_in_plenary"]
    name = protocol_name(session, setting)
    yield ""
    yield f"**Plenary**, under {name}." if name else "**Plenary.** The chair sums up; nobody decides."
    if name and not may_adopt(session, setting):
        yield "What comes out is less than a common understanding, so no text is adopted."
    table = table_of(sitting, setting)
    says, blocks = said(sitting, table, setting)
    for paragraph in np.flatnonzero(session.on_paragraphs(setting)[0]):
        yield ""
        yield from _paragraph(
            sitting, setting, int(paragraph), table, says[:, paragraph], blocks[:, paragraph]
        )
        yield from _turns(year, sitting, setting.levers.paragraphs[paragraph], read)


def _paragraph(
    sitting: Sitting,
    setting: Setting,
    paragraph: int,
    table: Table,
    says: NDArray[np.intp],
    blocks: NDArray[np.bool_],
) -> Iterator[str]:
    """What was drafted, what each delegation said, and what became of it."""
    text, final, levers = sitting.sessions["meet_in_plenary"].text, sitting.last.text, setting.levers
    draft = sitting.last.draft[0, paragraph]
    z, a = text.position[0, paragraph], text.ambiguity[0, paragraph]
    if final.adopted[0, paragraph] > 0.0:
        became = f"adopted with strength {final.strength[0, paragraph]:.2f}"
    elif text.adopted[0, paragraph] > 0.0:
        became = "written, and lost in the vote"
    else:
        became = "dropped" if protocol_name(sitting.last, setting) else "summed up, not adopted"
    title = (
        f"{THEMES[levers.theme[paragraph]]}: {levers.titles[paragraph]} (`{levers.paragraphs[paragraph]}`)"
    )
    yield f"- **{title}**: draft {draft:.3f}, text {z:.3f}{f' ± {a:.3f}' if a else ''}, {became}."
    position, bears = table.position[0, :, paragraph], table.tolerance[0, :, paragraph]
    lost = table.salience[0, :, paragraph] * np.maximum(np.abs(z - position) - a, 0.0)
    against = np.flatnonzero(says == OBJECTS)
    for state in against[np.argsort(bears[against] - lost[against], kind="stable")]:
        told = f"asks for {position[state]:.3f}, loses {lost[state]:.3f}, bears {bears[state]:.3f}"
        yield f"  - {setting.states.iso3[state]} objects{' and blocks' if blocks[state] else ''}: {told}"
    if (says == ACCEPTS).any():
        near = np.where(says == ACCEPTS, lost / np.maximum(bears, 1e-12), -1.0)
        first = [
            f"{setting.states.iso3[state]} (asks for {position[state]:.2f})"
            for state in np.argsort(-near, kind="stable")[:3]
            if near[state] > 0.0
        ]
        hardest = f"; hardest for {', '.join(first)}" if first else ""
        yield f"  - {_all_but(setting, says, ACCEPTS)} accept{hardest}"
    if (says == SILENT).any():
        yield f"  - {_all_but(setting, says, SILENT)} silent"
    joined = final.joined[0, :, paragraph] * final.adopted[0, paragraph] > 0.0
    if joined.any() and not np.array_equal(joined, says != ABSENT):
        yield f"  - pledged only by {_codes(setting, joined)}"


def _all_but(setting: Setting, says: NDArray[np.intp], word: int) -> str:
    """Who says it: their codes, or, of most who came, the codes of the others."""
    own, others = says == word, (says != word) & (says != ABSENT)
    if not others.any():
        return f"all {own.sum()}"
    if others.sum() < own.sum() / 4:
        return f"all {own.sum()} but {_codes(setting, others)}"
    return f"{own.sum()} ({_codes(setting, own)})"


def _turns(year: Year, sitting: Sitting, paragraph: str, read: dict[str, Any]) -> Iterator[str]:
    """How the text moved through the readings, where there are any."""
    if not read:
        return
    rows = (
        (read["year"] == year.year) & (read["process"] == sitting.process) & (read["paragraph"] == paragraph)
    )
    if rows.any():
        texts, accepted = read["text"][rows], read["is_accepted"][rows]
        turn = int(np.argmax(accepted)) if accepted.any() else None
        shown = texts[: turn + 1] if turn is not None else texts
        ended = f"accepted at reading {turn}" if turn is not None else "still disputed at the last reading"
        yield f"  - readings: {' → '.join(f'{text:.3f}' for text in shown)}; {ended}"


def _afterwards(sitting: Sitting, setting: Setting) -> Iterator[str]:
    """The vote and the marketplace."""
    session, states = sitting.last, np.array(setting.states.iso3)
    if (session.votes[0] >= 0.0).any():
        yield ""
        told = [
            f"{name} {(session.votes[0] == number).sum()} ({' '.join(states[session.votes[0] == number])})"
            for number, name in enumerate(VOTES)
            if (session.votes[0] == number).any()
        ]
        yield f"**Vote.** {'; '.join(told)}."
    before, after = (sitting.worlds[phase].ledger for phase in ("vote", "match_market"))
    given = (after.grants_given - before.grants_given)[0]
    got = (after.grants_received - before.grants_received)[0]
    if given.any():
        yield ""
        yield (
            f"**Marketplace.** {session.matches[0, 0]:.0f} projects, {session.grants[0, 0]:.2f} million USD:"
            f" {_most(setting, given, '.2f')} give, {_most(setting, got, '.2f')} receive."
        )


def _home(year: Year, setting: Setting, of_home: dict[str, Any]) -> Iterator[str]:
    """What followed: acts at home, agreements, ratifications, trust, and the gains."""
    rows = of_home["year"] == year.year
    n_levers = len(setting.levers)
    for cause, what in (("text", "texts"), ("agreement", "agreements of two"), ("instrument", "instruments")):
        moved = of_home[f"by_{cause}"][rows].reshape(-1, n_levers).mean(axis=-1)
        if np.abs(moved).max() > MOVED / n_levers:
            n_moved = int((np.abs(moved) > 1e-12).sum())
            yield f"- Moved by {what}: {n_moved} states, most {_most(setting, moved, '+.4f')} (mean policy)."
    drift = of_home["by_ideal"][rows].mean()
    yield f"- By their own ideals states move on the mean by {drift:+.4f}."
    joined = year.end.treaties.joined[0]
    for number, name in enumerate(instruments_of(setting)):
        if (new := joined[number] == year.year).any():
            yield f"- Ratified {name}: {_codes(setting, new)}."
    before, after = (year.after[phase].commitments.trust[0] for phase in ("follow_up", "build_trust"))
    change = after - before
    yield (
        f"- Trust: {before.mean():.3f} → {after.mean():.3f}; gained most {_most(setting, change, '+.3f')};"
        f" lost most {_most(setting, -change, '.3f')}."
    )
    if year.end.uptake[0, 0] > 0.0:
        yield "- An outer process took the subject up."
    gains = [
        f"{WHO[group][0].lower()} {year.win.gain[group][0]:+.4g} {WHO[group][2]}"
        f" ({year.win.in_spreads[group][0]:+.2g} SD)"
        for group in GROUPS
    ]
    yield f"- **Gains** over the same world in which nobody meets: {', '.join(gains)}."


def _codes(setting: Setting, members: NDArray[np.bool_]) -> str:
    return " ".join(np.array(setting.states.iso3)[members]) or "nobody"


def _who(setting: Setting, state: int) -> str:
    return f"{setting.states.name[state]} ({setting.states.iso3[state]})"


def _most(setting: Setting, values: Array, form: str) -> str:
    """The states with the largest positive values, or, where all are negative, with the lowest."""
    order: Iterable[int] = np.argsort(-np.abs(np.where(values > 0.0, values, 0.0)), kind="stable")[
        :MOST_NAMED
    ]
    told = [
        f"{setting.states.iso3[state]} {values[state]:{form}}" for state in order if values[state] > MOVED
    ]
    return ", ".join(told) or "nobody"


def _largest(moved: Array) -> Array:
    """The largest movement of each state over paragraphs, ``(state, paragraph)`` to ``(state,)``."""
    sizes: Array = np.abs(moved).max(axis=-1)
    return sizes
