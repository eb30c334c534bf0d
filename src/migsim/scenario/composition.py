"""What a process is composed of, in words: who comes, when, to talk of what, by which rule, to what end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from migsim.themes import THEMES

if TYPE_CHECKING:
    from migsim.scenario.schema import Process

__all__ = ["agenda", "binds", "chair", "links", "output", "participants", "rule", "when"]

_WHO: Final = {
    "all": "all states",
    "region": "{n} states of a region",
    "invited": "{n} states invited",
    "experts": "experts",
    "ratifiers": "parties to {of}",
    "club": "{n} members",
    "nobody": "nobody",
}
_CHAIRS: Final = {
    "given": "nobody",
    "rotating": "the regions in turn",
    "alternating": "a host and a departure country in turn",
}
_BLOCKS: Final = {
    "each_delegation": "any delegation",
    "share": "more than a small share of delegations",
    "regional_groups": "a regional group",
}
_CONVENED: Final = {
    "calendar": "",
    "uptake": "if it is taken up",
    "support": "if enough capability is for it",
}
_LINKS: Final = {
    "feeds": "feeds",
    "reports_to": "reports to",
    "takes_stock_of": "takes stock of",
    "side_event_of": "beside",
}
_WITH_TEXT: Final = ("common_understanding", "recommendation", "declaration")


def participants(process: Process) -> str:
    """Who may take part."""
    who = process.participants
    told = _WHO[who.who].format(n=len(who.states), of=who.of or "its own instrument")
    if who.who == "all" and who.states:
        return f"{len(who.states)} states"
    return f"{told} of {len(who.states)} states" if who.who == "experts" and who.states else told


def _meets(process: Process) -> bool:
    return bool(process.sessions or process.cadence)


def chair(process: Process) -> str:
    """Who presides, where anybody meets."""
    listed = [meeting.chair for meeting in process.sessions if meeting.chair]
    if listed:
        return " ".join(dict.fromkeys(listed))
    if not _meets(process) or process.participants.who == "nobody":
        return ""
    if process.chair_rule == "rotating" and process.participants.states:
        return "the members in turn"
    return _CHAIRS[process.chair_rule]


def when(process: Any) -> str:
    """The calendar, and what it takes for a session of it to take place."""
    if process.cadence:
        cadence = process.cadence
        every = "every year" if cadence.every == 1 else f"every {cadence.every} years"
        told = [f"{every} {cadence.first} to {cadence.last}"]
        told += [f"not {_years(cadence.skip)}"] if cadence.skip else []
    elif process.sessions:
        told = [_years(tuple(meeting.year for meeting in process.sessions))]
    else:
        return "never meets"
    wants = process.convening
    told += [_CONVENED[wants.rule]] if _CONVENED[wants.rule] else []
    since = f"at least {wants.wait} years after " if wants.wait > 1 else "after "
    told += [since + " or ".join(wants.after)] if wants.after else []
    told += ["once"] if wants.once else []
    told += [f"at least {wants.least_interval} years apart"] if wants.least_interval > 1 else []
    return ", ".join(told)


def _years(years: tuple[int, ...]) -> str:
    """Years with runs of them told by their ends.

    Examples
    --------
    >>> _years((2007, 2008, 2009, 2011))
    '2007-2009, 2011'
    """
    runs: list[list[int]] = []
    for year in sorted(years):
        if runs and year == runs[-1][-1] + 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    return ", ".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)


def agenda(process: Any) -> str:
    """Where the themes come from, and how many there may be."""
    if not _meets(process):
        return ""
    most = f"at most {process.max_themes} {'theme' if process.max_themes == 1 else 'themes'}"
    if process.agenda != "given":
        told = f"by {process.agenda}" if process.agenda == "survey" else "at random"
        return f"{told}, {most}"
    meetings = [process.cadence] if process.cadence else process.sessions
    themes = dict.fromkeys(theme for meeting in meetings for theme in meeting.themes)
    told = "all themes" if len(themes) == len(THEMES) else ", ".join(themes)
    only = f" (only {', '.join(process.scope)})" if process.scope else ""
    return f"given: {told}{only}"


def rule(process: Any) -> str:
    """How a text comes about, and who can block it."""
    told = []
    if process.agreements:
        told.append("consent of the two states")
    if process.instrument.opened is not None:
        told.append("ratification, state by state")
    if _meets(process) and process.output in _WITH_TEXT:
        if process.reading == "chair_summary":
            told.append("the chair sums up")
        elif process.protocol.name == "no_objection":
            told.append(f"no objection; {_BLOCKS[process.who_can_block]} can block")
        else:
            told.append(process.protocol.name.replace("_", " "))
        if process.deadline:
            told.append(f"nobody against it before {process.deadline}")
        if process.vote.is_taken:
            told.append("a vote is taken")
    return "; ".join(told) or "no text"


def output(process: Any) -> str:
    """Where what comes out stands on the ladder of cooperation."""
    told = ["convention"] if process.instrument.opened is not None else []
    told += ["agreements of two"] if process.agreements else []
    told += [process.output.replace("_", " ")] if _meets(process) else []
    return "; ".join(told)


def binds(process: Process) -> str:
    """Whom the outcome binds."""
    if process.instrument.opened is not None:
        return "those who ratify"
    if process.agreements:
        return "the two states"
    return "nobody"


def links(process: Process) -> str:
    """What it gives to which other processes."""
    return "; ".join(_links(process))


def _links(process: Process) -> Iterator[str]:
    for key, told in _LINKS.items():
        if names := getattr(process.links, key):
            yield f"{told} {', '.join(names)}"
