"""What a notebook shows of a scenario, and the parts of which every such card is made.

A card is a heading, facts and tables in plain HTML: every text escaped, nothing loaded from elsewhere, and no
colours of its own, so that it can be read on a dark page as on a light one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Any, Final

from migsim.errors import shown
from migsim.provenance.parameters import registry
from migsim.quantities import plain
from migsim.scenario.composition import agenda, rule, when

if TYPE_CHECKING:
    from migsim.scenario.definition import Scenario

__all__ = ["card", "folded", "grid", "note", "scenario_card"]

MOST_PROCESSES: Final = 6
"""With more of them the table of processes is folded."""
MOST_SESSIONS: Final = 20
MOST_SETTINGS: Final = 60
CELL: Final = "text-align:left;vertical-align:top;padding:.15em 1.2em .15em 0"
QUIET: Final = "opacity:.75"
"""Paler than the text around it, whatever colour that has."""
NO_TYPESETTING: Final = "mathjax_ignore tex2jax_ignore"
"""A sum in dollars is no formula."""


def card(title: str, lead: str, facts: Mapping[str, str], *parts: str) -> str:
    """A heading, a sentence, facts by name, and below them parts that are HTML already.

    Parameters
    ----------
    title, lead, facts
        Plain text, which is escaped here; an empty lead or fact is left out.
    parts
        What `grid`, `folded` and `note` gave.
    """
    rows = [
        f'<tr><th scope="row" style="{CELL};font-weight:normal;{QUIET}">{escape(name)}</th>'
        f'<td style="{CELL}">{escape(told)}</td></tr>'
        for name, told in facts.items()
        if told
    ]
    told = note(lead) if lead else ""
    return (
        f'<div class="{NO_TYPESETTING}" style="max-width:62em;line-height:1.4">'
        f'<div style="font-weight:600;font-size:1.1em">{escape(title)}</div>'
        f"{told}{_table(rows) if rows else ''}{''.join(parts)}</div>"
    )


def note(text: str) -> str:
    """A sentence below or above a table."""
    return f'<div style="margin:.3em 0;{QUIET}">{escape(text)}</div>'


def grid(head: Sequence[str], rows: Iterable[Sequence[str]], drawn: Sequence[int] = ()) -> str:
    """A table with a heading; the cells of columns ``drawn`` are HTML already, all others plain text."""
    told = "".join(f'<th scope="col" style="{CELL}">{escape(name)}</th>' for name in head)
    body = [
        "<tr>"
        + "".join(
            f'<td style="{CELL}">{cell if n in drawn else escape(cell)}</td>' for n, cell in enumerate(row)
        )
        + "</tr>"
        for row in rows
    ]
    return _table(body, f"<thead><tr>{told}</tr></thead>")


def folded(summary: str, part: str) -> str:
    """A part that opens when its summary is clicked."""
    return f'<details><summary style="cursor:pointer">{escape(summary)}</summary>{part}</details>'


def scenario_card(scenario: Scenario) -> str:
    """A scenario in a notebook: what it is about, who meets, and what it sets otherwise than the registry."""
    spec = scenario.spec
    facts = {
        "years": f"{spec.years.first} to {spec.years.last}",
        "states": "all" if spec.states == "all" else ", ".join(spec.states),
        "shocks": "; ".join(f"{name} ({shock.kind})" for name, shock in spec.shocks.items()) or "none",
        "behaviours replaced": ", ".join(iso3 for iso3, _ in scenario.behaviours),
        "processes": "" if spec.processes else "none: the world without a forum",
    }
    parts = []
    if spec.processes:
        processes = grid(
            ("process", "meets", "agenda", "text"),
            (
                (process.title or name, when(process), _words(agenda(process)), rule(process))
                for name, process in spec.processes.items()
            ),
        )
        many = len(spec.processes) > MOST_PROCESSES
        parts.append(folded(f"{len(spec.processes)} processes", processes) if many else processes)
        parts += _sessions(spec.processes)
    return card(
        f"{scenario.name}: {scenario.title}", scenario.description, facts, *parts, _settings(scenario)
    )


def _sessions(processes: Mapping[str, Any]) -> list[str]:
    """The sessions that are listed one by one."""
    rows = [
        (
            str(meeting.year),
            process.title or name,
            meeting.city or "",
            meeting.chair or "",
            _listed(meeting.themes),
        )
        for name, process in processes.items()
        for meeting in process.sessions
    ]
    if not rows:
        return []
    rows.sort(key=lambda row: row[0])
    table = grid(("year", "process", "city", "chair", "themes, the most wanted first"), rows[:MOST_SESSIONS])
    more = note(f"... and {len(rows) - MOST_SESSIONS} more") if len(rows) > MOST_SESSIONS else ""
    return [folded(f"{len(rows)} {'session' if len(rows) == 1 else 'sessions'}", table + more)]


def _settings(scenario: Scenario) -> str:
    """The parameters that keep the scenario's value, with the registry's beside them."""
    table = registry()
    known = ((path, table.match(path)) for path in scenario.tree.paths())
    pinned = [(path, row) for path, row in known if row is not None]
    others = f"the others from the registry ({len(table)} rows): scenario.describe(path) tells of each"
    if not pinned:
        return note(f"No parameter is set here; {others}.")
    rows = [
        (path, row.title, _value(scenario.value(path)), _value(row.default), row.range_text, row.unit)
        for path, row in pinned[:MOST_SETTINGS]
    ]
    more = note(f"... and {len(pinned) - MOST_SETTINGS} more") if len(pinned) > MOST_SETTINGS else ""
    listed = grid(("path", "meaning", "here", "default", "range", "unit"), rows) + more
    counted = f"{len(pinned)} {'parameter' if len(pinned) == 1 else 'parameters'}"
    return folded(f"{counted} set here, {others}", listed)


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return plain(value)
    return value if isinstance(value, str) else shown(value)


def _listed(names: Iterable[str]) -> str:
    return _words(", ".join(names))


def _words(text: str) -> str:
    return text.replace("_", " ")


def _table(rows: Iterable[str], head: str = "") -> str:
    style = "margin:.4em 0;border-collapse:collapse;table-layout:auto;color:inherit;font-size:1em"
    return f'<table style="{style}">{head}<tbody>{"".join(rows)}</tbody></table>'
