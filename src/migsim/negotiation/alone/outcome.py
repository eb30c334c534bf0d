"""What a negotiation alone came to, as tables: positions by turn, outcomes, the text, and what happened."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from migsim.negotiation.alone.cells import SCALE
from migsim.negotiation.alone.seating import Sitting
from migsim.negotiation.compromise import compromise
from migsim.negotiation.protocol import Protocol
from migsim.negotiation.table import Array
from migsim.negotiation.text import Course, Events

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["WIN", "Settlement", "settled", "written"]

WIN: Final = "win_probability"
_PLACES: Final = 10
_THEMES_SHOWN: Final = 8

type Row = tuple[int, str, str, float]


@dataclass(frozen=True, eq=False)
class Settlement:
    """What a negotiation came to, as tables; positions and ambiguities from 0 to 100.

    Attributes
    ----------
    protocol
        How it was negotiated.
    options
        Every option, by name, as it was used.
    roles
        Role of each actor, by name.
    positions
        Where the actors stand: turn (0 is the input), actor, theme, position.
    outcome
        Turn, theme, quantity, value: what the protocol reports of each turn, and after the last the text.
        Quantities of actors are called ``win_probability:NAME`` and the like, under no theme.
    text
        Theme by theme: position, ambiguity, adopted, strength, objections, number of states pledged, and the
        compromise mean beside it.
    events
        What happened one by one, by name, such as the exchanges realised.
    input_sha256
        A mark of what was given.
    """

    protocol: Protocol
    options: Mapping[str, object]
    roles: Mapping[str, str]
    positions: pd.DataFrame = field(repr=False)
    outcome: pd.DataFrame = field(repr=False)
    text: pd.DataFrame = field(repr=False)
    events: Mapping[str, pd.DataFrame] = field(repr=False)
    input_sha256: str = field(repr=False)

    @cached_property
    def win_probabilities(self) -> pd.DataFrame:
        """How likely each actor is to win, where the protocol says: turn, actor, win_probability."""
        rows = self.outcome[self.outcome["quantity"].str.startswith(f"{WIN}:")]
        found = rows.assign(actor=rows["quantity"].str.removeprefix(f"{WIN}:")).rename(columns={"value": WIN})
        return found[["turn", "actor", WIN]].reset_index(drop=True)

    @property
    def mark(self) -> str:
        """A short mark of the input, the protocol and the options, by which negotiations are told apart."""
        told = (self.input_sha256, self.protocol.name, *sorted(map(str, self.options.items())))
        return hashlib.sha256("\n".join(told).encode()).hexdigest()[:8]

    @property
    def n_turns(self) -> int:
        """Turns after the start."""
        return int(self.positions["turn"].max())

    def __repr__(self) -> str:
        turns = _counted(self.n_turns, "turn") if self.n_turns else "nobody moves"
        actors, themes = _counted(len(self.roles), "actor"), _counted(len(self.text), "theme")
        lines = [f"{self.protocol.title}: {actors}, {themes}, {turns}"]
        for row in self.text.head(_THEMES_SHOWN).to_dict("records"):
            stands = f"{row['position']:.1f} ± {row['ambiguity']:.1f}"
            against = f"{row['objections']} against" if row["objections"] else "nobody against"
            said = "adopted" if row["adopted"] else "not adopted"
            lines.append(
                f"  {row['theme']}: {stands} of 100, {said}, {against}; compromise {row['compromise']:.1f}"
            )
        if (more := len(self.text) - _THEMES_SHOWN) > 0:
            lines.append(f"  ... and {more} more in .text")
        wins = ["win_probabilities"] if len(self.win_probabilities) else []
        tables = ["positions", "outcome", "text", *wins, *(f"events[{name!r}]" for name in self.events)]
        return "\n".join([*lines, f"  Tables: {', '.join(tables)}"])

    def _repr_html_(self) -> str:
        rows = self.text.to_html(index=False, float_format="{:.2f}".format, escape=True)
        return f"<p><b>{escape(repr(self).splitlines()[0])}</b></p>{rows}"


def _counted(n: int, what: str) -> str:
    return f"{n:,} {what}{'' if n == 1 else 's'}"


def written(inside: Array) -> Array:
    """Positions from 0 to 100, for positions from 0 to 1; what was read comes out as it was written.

    Examples
    --------
    >>> float(100 * np.array(0.29)), float(written(np.array(0.29)))
    (28.999999999999996, 29.0)
    """
    outside = SCALE * inside
    near = np.round(outside, _PLACES)
    return np.where(near / SCALE == inside, near, outside)


def settled(
    rules: Protocol, used: Mapping[str, object], sitting: Sitting, before: Array, course: Course
) -> Settlement:
    """The tables of a negotiation; ``before`` are positions by turn of persuasion."""
    import pandas as pd

    n_before = len(before) - 1
    turns = np.concatenate([before[:n_before], course.positions])
    text, table = course.text, sitting.table
    frame = pd.DataFrame(
        {
            "theme": sitting.themes,
            "position": written(text.position),
            "ambiguity": SCALE * text.ambiguity,
            "adopted": text.adopted > 0.0,
            "strength": text.strength,
            "objections": text.objections.astype(np.intp),
            "pledged": ((text.joined * table.may_block[:, None]).sum(axis=0) * text.adopted).astype(np.intp),
            "compromise": written(compromise(table)),
        }
    )
    # A text may be noted more often than actors move.
    last = n_before + max(len(each) for each in (course.positions, *course.outcomes.values())) - 1
    rows: list[Row] = [*_outcomes(sitting, course, n_before), *_of_text(frame, last)]
    rows.sort(key=lambda row: row[0])
    outcome = pd.DataFrame(rows, columns=["turn", "theme", "quantity", "value"])
    n_turns, n_actors, n_themes = turns.shape
    positions = pd.DataFrame(
        {
            "turn": np.repeat(np.arange(n_turns), n_actors * n_themes),
            "actor": np.tile(np.repeat(np.array(sitting.actors, dtype=object), n_themes), n_turns),
            "theme": np.tile(np.array(sitting.themes, dtype=object), n_turns * n_actors),
            "position": written(turns).ravel(),
        }
    )
    roles = dict(zip(sitting.actors, sitting.roles, strict=True))
    events = {name: _of_events(each, sitting) for name, each in course.events.items()}
    return Settlement(rules, used, roles, positions, outcome, frame, events, sitting.sha256)


def _outcomes(sitting: Sitting, course: Course, n_before: int) -> Iterator[Row]:
    """What the protocol reports of each turn, where it reports something."""
    for name, values in course.outcomes.items():
        scaled = values if name in course.not_positions else written(values)
        for turn, by_theme in enumerate(scaled):
            for theme, value in zip(sitting.themes, by_theme, strict=True):
                if not np.isnan(value):
                    yield n_before + turn, theme, name, float(value)
    for name, values in course.by_actor.items():
        for turn, by_actor in enumerate(values):
            for actor, value in zip(sitting.actors, by_actor, strict=True):
                if not np.isnan(value):
                    yield n_before + turn, "", f"{name}:{actor}", float(value)


def _of_text(text: pd.DataFrame, last: int) -> Iterator[Row]:
    for row in text.to_dict("records"):
        yield last, row["theme"], "text_position", float(row["position"])
        yield last, row["theme"], "text_ambiguity", float(row["ambiguity"])
        for name in ("adopted", "strength", "objections", "pledged", "compromise"):
            yield last, row["theme"], name, float(row[name])


def _of_events(events: Events, sitting: Sitting) -> pd.DataFrame:
    """What happened one by one, with names in place of seats."""
    import pandas as pd

    def named_by(column: str, cells: Sequence[Any]) -> list[Any]:
        if column in events.of_actors:
            return [sitting.actors[int(cell)] for cell in cells]
        if column in events.of_paragraphs:
            return [sitting.themes[int(cell)] for cell in cells]
        return [_tidy(cell) if isinstance(cell, float) else cell for cell in cells]

    return pd.DataFrame({column: named_by(column, list(cells)) for column, cells in events.columns.items()})


def _tidy(value: float) -> float:
    """A number without what rounding left at its end."""
    near = round(value, _PLACES)
    return near if abs(near - value) <= 4.0 * math.ulp(value) else value
