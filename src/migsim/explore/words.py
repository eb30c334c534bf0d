"""What a year is told in: the three groups' gains, the two worlds side by side, the last text."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from migsim.plots.wording import GAIN_UNITS, GROUPS, NOTHING, number, theme_words
from migsim.themes import THEMES

if TYPE_CHECKING:
    from migsim.explore.life import Look

__all__ = [
    "Sheet",
    "comparison",
    "first_theme",
    "gain_tiles",
    "last_session",
    "met_so_far",
    "signed",
    "sized",
    "title_of",
]

MILLION: Final = 1e6
OUTCOMES: Final = (
    ("migrants", "Migrants, million", 1 / MILLION),
    ("irregular", "of them without papers, million", 1 / MILLION),
    ("displaced", "of them refugees, million", 1 / MILLION),
    ("remittances", "Remittances, billion USD of 2005 a year", 1 / 1000),
    ("policy", "Cooperation in policy, 0 to 1", 1.0),
    ("trust", "Trust among states, 0 to 1", 1.0),
    ("opinion_pro", "Public for migration, %", 100.0),
    ("opinion_anti", "Public against migration, %", 100.0),
    ("level_migrants", "Migrants’ index, points of well-being", 1.0),
    ("level_hosts", "Host countries’ index, % of income", 1.0),
    ("level_departures", "Departure countries’ index, % of income", 1.0),
)
"""Columns of table ``world`` that are set against the paired world: name, words, and what to multiply by."""
PARAGRAPH: Final = (
    "Theme", "Paragraph", "Draft", "Text", "Ambiguity", "Compromise", "Outcome", "Strength", "Objections",
)  # fmt: skip
"""What is told of a paragraph."""
FIGURES: Final = 5
"""Digits that tell a level beside its small change."""
SMALLEST: Final = 1e-6
"""Gains and differences smaller than this, in the units shown, are not spelled out."""


@dataclass(frozen=True)
class Sheet:
    """A table as it is shown: texts, row by row, under a caption."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str


def signed(value: float) -> str:
    """A gain with its sign, to two digits.

    Examples
    --------
    >>> signed(0.01234), signed(-3.46), signed(0.0), signed(3e-9)
    ('+0.012', '−3.5', '0', 'under +0.000001')
    """
    if NOTHING < abs(value) < SMALLEST:
        return f"under {'+' if value > 0 else '−'}0.000001"
    text = sized(value, 2)
    return f"+{text}" if value > NOTHING else text


def sized(value: float, digits: int = 3) -> str:
    """A number to so many digits.

    Examples
    --------
    >>> sized(0.31415), sized(1234567.0), sized(float("nan"))
    ('0.314', '1,234,567', 'no figure')
    """
    if not math.isfinite(value) or abs(value) <= NOTHING:
        return number(value, 0)
    places, size = 0, abs(value)
    while size < 10 ** (digits - 1) and places < 12:
        size, places = size * 10, places + 1
    return number(value, places)


def gain_tiles(look: Look) -> list[dict[str, str]]:
    """The gains of the year: who, how much, in what, and which way (``up``, ``down``, ``level``)."""
    figures = look.figures
    tiles = [
        _tile(who, figures[f"gain_{group}"], GAIN_UNITS[group], figures[f"gain_sd_{group}"])
        for group, who in GROUPS.items()
    ]
    weakest = float(figures["weakest"])
    if abs(weakest) <= NOTHING and all(tile["way"] == "level" for tile in tiles):
        said = (
            "no session has changed anything yet" if look.definition.spec.processes else "nobody meets here"
        )
    else:
        said = "a triple win this year" if weakest > NOTHING else "no triple win this year"
    least = _tile("Whoever gains least", weakest, "standard deviations of 2005", None)
    return [*tiles, least | {"note": said}]


def _tile(who: str, gain: float, unit: str, in_spreads: float | None) -> dict[str, str]:
    way = "level" if abs(gain) <= NOTHING else "up" if gain > 0 else "down"
    note = "" if in_spreads is None else f"{signed(in_spreads)} standard deviations"
    return {"who": who, "gain": signed(gain), "unit": unit, "note": note, "way": way}


def comparison(look: Look) -> Sheet:
    """The world with the forum beside the same world without it, at the end of the year."""
    figures = look.figures
    rows = []
    for column, words, times in OUTCOMES:
        paired = f"baseline_{column}"
        with_forum, without = times * figures[column], times * figures[paired]
        rows.append((words, *_pair(with_forum, without)))
    return Sheet(
        ("", "With the forum", "Without it", "Difference"),
        tuple(rows),
        f"End of {look.year}. The same world twice, with the same luck: in the second nobody meets.",
    )


def _pair(with_forum: float, without: float) -> tuple[str, str, str]:
    """Two levels and their difference."""
    return sized(with_forum, FIGURES), sized(without, FIGURES), signed(with_forum - without)


def title_of(look: Look, process: str) -> str:
    """The title of a process."""
    titles: Mapping[str, str] = {
        name: each.title or name for name, each in look.definition.spec.processes.items()
    }
    return titles.get(process, process)


def met_so_far(look: Look) -> dict[str, str]:
    """The processes that have held a session, and their titles."""
    return {name: title_of(look, name) for name in dict.fromkeys(look.texts["process"].astype(str))}


def last_session(look: Look, process: str = "") -> Sheet:
    """The paragraphs of the last session of a process, or of all that met last.

    What was drafted, what came out, and how many were against it.
    """
    texts = look.texts[look.texts["process"].astype(str) == process] if process else look.texts
    if texts.empty:
        return Sheet(PARAGRAPH, (), "No session has been held yet.")
    year = int(texts["year"].max())
    of_year = texts[texts["year"] == year]
    names = list(dict.fromkeys(of_year["process"].astype(str)))
    seen = of_year[of_year["on_agenda"].astype(bool)].to_dict("records")
    said = "; ".join(_came(look, name, year) for name in names)
    said += ". Positions run from 0 (no cooperation) to 1; the compromise is the mean of the delegations."
    if len(names) == 1:
        return Sheet(PARAGRAPH, tuple(_paragraph(row) for row in seen), said)
    every = tuple((title_of(look, str(row["process"])), *_paragraph(row)) for row in seen)
    return Sheet(("Process", *PARAGRAPH), every, said)


def _came(look: Look, process: str, year: int) -> str:
    """Which session it was, and how many states came."""
    held = look.attendance[(look.attendance["year"] == year) & (look.attendance["process"] == process)]
    n = int(held["attended"].astype(bool).sum())
    who = "one state" if n == 1 else f"{n} states"
    return f"{title_of(look, process)}, {_where(look, process, year)}: {who} came"


def _where(look: Look, process: str, year: int) -> str:
    """When a session was held, and in which city, if the scenario says so."""
    sessions = look.definition.spec.processes[process].sessions
    city = next((each.city for each in sessions if each.year == year), None)
    return f"{city} {year}" if city else str(year)


def first_theme(look: Look) -> str:
    """The theme to look at before one is chosen: the first that the scenario puts on an agenda."""
    for process in look.definition.spec.processes.values():
        sessions = sorted(process.sessions, key=lambda each: each.year)
        planned = [theme for each in sessions for theme in each.themes]
        planned += process.cadence.themes if process.cadence else ()
        if planned:
            return str(planned[0])
    return THEMES[0]


def _paragraph(row: Mapping[Any, Any]) -> tuple[str, ...]:
    against = int(row["objections"])
    return (
        theme_words(str(row["theme"])),
        theme_words(str(row["paragraph"])),
        *(f"{float(row[name]):.2f}" for name in ("draft", "position", "ambiguity", "compromise")),
        "adopted" if row["adopted"] else "not adopted",
        f"{float(row['strength']):.2f}",
        f"{against} {'delegation' if against == 1 else 'delegations'}" if against else "none",
    )
