"""The columns and cells of an input: what each may be, and what to do where it is something else.

An input has a row for each actor and theme, under the columns

========== ====================================================== =================================
actor      name                                                   must be there
role       host, departure, transit (states), igo or civil        host
capability 0 or more; more than 0 where a protocol needs it       1
theme      name; also ``issue``                                   ``text``
position   0 to 100; also ``position_0_100``                      must be there
salience   0 to 1; also ``salience_0_1``, or ``salience_pct``     1, unless the protocol needs it
           from 0 to 100
group      regional group, for ``who_can_block=regional_groups``  each actor its own
========== ====================================================== =================================

Every actor has one row on every theme, and one role, capability and group. Actors and themes keep the order
in which they first appear. Other columns are left alone, with a warning that names them; one whose name is
near to that of a column that is missing is refused, for it was probably meant.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from migsim.errors import shown
from migsim.negotiation.alone.rows import Faults, Rows
from migsim.negotiation.protocol import Protocol
from migsim.scenario.wording import did_you_mean

__all__ = ["COLUMNS", "ROLES", "SCALE", "STATES", "cells_of", "columns_of"]

ROLES: Final = ("host", "departure", "transit", "igo", "civil")
STATES: Final = ROLES[:3]
"""Roles of states, whose delegations can block; the others only advise."""
MOST_LETTERS: Final = 200
MOST_CAPABILITY: Final = 1e12
SCALE: Final = 100.0
"""Positions are written from 0 to this."""
WORDS: Final = ("actor", "role", "theme", "group")
ALIASES: Final[Mapping[str, str]] = {
    "issue": "theme",
    "position_0_100": "position",
    "salience_0_1": "salience",
    "salience_pct": "salience",
}
COLUMNS: Final = ("actor", "role", "capability", "theme", "position", "salience", "group")
DEFAULTS: Final[Mapping[str, object]] = {
    "role": STATES[0],
    "capability": 1.0,
    "theme": "text",
    "salience": 1.0,
    "group": "",
}
MOST: Final[Mapping[str, float]] = {
    "capability": MOST_CAPABILITY,
    "position": SCALE,
    "position_0_100": SCALE,
    "salience": 1.0,
    "salience_0_1": 1.0,
    "salience_pct": 100.0,
}


def columns_of(rows: Rows, protocol: Protocol, faults: Faults) -> dict[str, tuple[int, str]]:
    """Where each known column stands and what it is called there."""
    places: dict[str, tuple[int, str]] = {}
    unknown = []
    if len(rows.header) == 1 and ";" in rows.header[0]:
        found = f"found {shown(rows.header[0])}"
        faults.add(rows.head, "", found, "allowed: cells separated by commas", "export the table with commas")
        return places
    for place, said in enumerate(rows.header):
        heading = said.strip().lower()
        name = ALIASES.get(heading, heading)
        if name not in COLUMNS:
            unknown.append(said.strip())
        elif name in places:
            faults.add(
                rows.head, said, f"{name} stands twice, also as {places[name][1]}", "one column of each"
            )
        else:
            places[name] = (place, heading)
    missing = [name for name in COLUMNS if name not in places]
    near = {said: meant for said in unknown if (meant := _meant(said, missing))}
    for said, meant in near.items():
        faults.add(rows.head, said, "unknown column", f"columns: {', '.join(COLUMNS)}", meant)
    named = f"columns are {shown(','.join(map(str.strip, rows.header)))}"
    for name in missing:
        if name not in DEFAULTS:
            faults.add(rows.head, name, f"column is missing; {named}", f"allowed: {', '.join(COLUMNS)}")
    if "salience" in missing and protocol.needs_salience:
        found = f"column is missing, and protocol {protocol.name} rests on how much each actor cares; {named}"
        faults.add(rows.head, "salience", found, "allowed: 0 to 1", "add it, or choose another protocol")
    others = [shown(said)[1:-1] for said in unknown if said and said not in near]
    if others and not faults:
        warnings.warn(f"{rows.head.words}: columns not used: {', '.join(others)}", UserWarning, stacklevel=5)
    return places


def _meant(said: str, missing: Sequence[str]) -> str:
    """The missing column that a heading is near to, as a question."""
    known = tuple([*missing, *(alias for alias, name in ALIASES.items() if name in missing)])
    return did_you_mean(said, known) if said else ""


def cells_of(
    rows: Rows, name: str, column: tuple[int, str] | None, faults: Faults, protocol: Protocol
) -> list[Any]:
    """What a column says row by row; None where it says nothing that is allowed."""
    if column is None:
        return [DEFAULTS[name]] * len(rows.cells)
    place, heading = column
    values: list[Any] = []
    for row, cells in enumerate(rows.cells):
        cell = cells[place]
        value = _word(name, cell) if name in WORDS else _number(heading, cell, protocol)
        if value is None:
            faults.add(rows.at(row), heading, *_refusal(heading, name, cell, protocol))
        values.append(value)
    return values


def _word(name: str, cell: object) -> str | None:
    said = "" if _is_nothing(cell) else str(cell).strip()
    if name == "role":
        return said.lower() if said.lower() in ROLES else None
    if not said:
        return "" if name == "group" else None
    return said if len(said) <= MOST_LETTERS and said.isprintable() else None


def _number(heading: str, cell: object, protocol: Protocol) -> float | None:
    if isinstance(cell, str):
        text = cell.strip()
        if not text.isascii() or "_" in text:
            return None
    elif isinstance(cell, bool | np.bool_) or _is_nothing(cell):
        return None
    try:
        value = float(cell)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        return None
    if not 0.0 <= value <= MOST[heading] or (
        heading == "capability" and value == 0.0 and protocol.needs_capability
    ):
        return None
    return value / 100.0 if heading == "salience_pct" else value


def _is_nothing(cell: object) -> bool:
    return (
        cell is None
        or (isinstance(cell, float) and math.isnan(cell))
        or type(cell).__name__ in ("NAType", "NaTType")
    )


def _refusal(heading: str, name: str, cell: object, protocol: Protocol) -> tuple[str, str, str]:
    """What was found in a cell, what is allowed there, and what to do."""
    empty = _is_nothing(cell) or (isinstance(cell, str) and not cell.strip())
    found = "found nothing" if empty else f"found {shown(cell)}"
    if name == "role":
        return found, f"allowed: {', '.join(ROLES)}", did_you_mean(str(cell), ROLES) or "write one of them"
    if name in WORDS:
        return found, f"allowed: a name of up to {MOST_LETTERS} printable characters", "write a name"
    if heading == "capability":
        least = f"more than 0 for protocol {protocol.name}" if protocol.needs_capability else "0 or more"
        return found, f"allowed: a number, {least}", "write how much the actor is able to do"
    allowed = f"allowed: a number from 0 to {MOST[heading]:g}"
    if isinstance(cell, str) and _number(heading, cell.replace(",", "."), protocol) is not None:
        return found, allowed, "write a decimal point"
    if heading in ("salience", "salience_0_1"):
        return found, allowed, "or name the column salience_pct, from 0 to 100"
    return found, allowed, "write a number"
