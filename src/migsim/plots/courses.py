"""Courses: where the actors of a negotiation stand turn by turn, and the text they end with."""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil
from typing import TYPE_CHECKING, Any, Final

from migsim.plots.course_wording import MOST_PANELS, caption, theme_called
from migsim.plots.fan import EndLabel, label_ends
from migsim.plots.sheet import GivenAxes, open_sheet, wrapped
from migsim.plots.style import COLOURS, GREY, INK, MOST_LABELS, SMALL, dashed, in_house_style

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

__all__ = ["course"]

MOST_NAMED: Final = 20
"""With more actors than this, those who never move are drawn by role, not by name."""
ROLES: Final[Mapping[str, tuple[str, str, tuple[float, ...]]]] = {
    "host": ("host states", COLOURS[0], ()),
    "departure": ("departure states", COLOURS[1], (5.0, 2.0)),
    "transit": ("transit states", COLOURS[2], (1.0, 1.2)),
    "igo": ("international organisations", COLOURS[3], (6.0, 1.5, 1.0, 1.5)),
    "civil": ("civil society", COLOURS[4], (3.0, 1.0, 1.0, 1.0, 1.0, 1.0)),
}
"""Words, colour and dashes of each role."""
SCALE: Final = 100.0
EDGE: Final = 3.0
"""Room beyond either end of the scale, in points."""
BINS: Final = 50
TITLE: Final = 9.0
ROOM: Final = 5.0
"""Inches that the titles of a row of panels may take together."""


@in_house_style
def course(
    positions: pd.DataFrame,
    text: pd.DataFrame,
    *,
    roles: Mapping[str, str] | None = None,
    protocol: str = "",
    ax: GivenAxes = None,
) -> Axes | np.ndarray[Any, Any]:
    """Where the actors stand turn by turn, and the text at the end: a panel for each theme, twelve at most.

    Where nobody moves, the actors are dots on the scale, in rows by name or, if they are many, by role.

    Parameters
    ----------
    positions : DataFrame
        ``turn`` (0 is the start), ``actor``, ``theme``, ``position`` from 0 to 100.
    text : DataFrame
        ``theme``, ``position`` and ``ambiguity`` from 0 to 100, ``adopted``, ``objections``, ``compromise``.
    roles : mapping, optional
        Role of each actor: host, departure, transit, igo or civil; by default all are hosts.
    protocol : str
        What the protocol is called, for the title.
    ax : Axes, optional
        One for each theme shown.

    Returns
    -------
    Axes or array of Axes
        Several panels if there are several themes.
    """
    themes = [str(theme) for theme in text["theme"]][:MOST_PANELS]
    actors = list(dict.fromkeys(positions["actor"].astype(str)))
    of = {actor: _role(roles, actor) for actor in actors}
    moves = int(positions["turn"].max()) > 0
    columns = _n_columns(len(themes), len(actors) <= MOST_LABELS and moves)
    n_rows = ceil(len(themes) / columns)
    sheet = open_sheet(ax, *_grid(ax, n_rows, columns, len(themes)), height=_height(n_rows, of, moves))
    lines = dict(zip(text["theme"].astype(str), text.to_dict("records"), strict=True))
    is_named = True
    for place, (panel, theme) in enumerate(zip(sheet.axes, themes, strict=False)):
        part = positions[positions["theme"].astype(str) == theme]
        panel.set_title(wrapped(theme_called(theme), ROOM / columns, TITLE))
        if moves:
            ends = _lines(panel, part, of)
            _text_at_end(panel, lines[theme], part["turn"].max())
            is_named = label_ends(panel, ends, height=1.6) and is_named
            panel.set_ylabel("Position, 0 to 100" if place % columns == 0 else "")
        else:
            _dots(panel, part, of, with_names=place % columns == 0)
            _text_across(panel, lines[theme])
    for panel in sheet.axes[len(themes) :]:
        panel.set_visible(False)
    heading = "positions by turn, and the text" if moves else "positions and the text"
    sheet.finish(
        f"{protocol}: {heading}" if protocol else heading.capitalize(),
        caption(positions, text, len(actors), moves),
        _marks(of, moves, has_actors=moves or len(actors) > 1),
    )
    return sheet.axes[0] if len(themes) == 1 else sheet.array()[: len(themes)]


def _role(roles: Mapping[str, str] | None, actor: str) -> str:
    said = (roles or {}).get(actor, "host")
    return said if said in ROLES else "host"


def _n_columns(n_themes: int, is_wide: bool) -> int:
    """Panels side by side: fewer where the lines are named beside them."""
    most = 2 if is_wide or n_themes == 4 else 3
    return min(n_themes, most)


def _grid(ax: GivenAxes, n_rows: int, columns: int, n_themes: int) -> tuple[int, int]:
    """Rows and columns of panels; Axes that were given stand where they stand."""
    return (n_rows, columns) if ax is None else (1, n_themes)


def _height(n_rows: int, of: Mapping[str, str], moves: bool) -> float:
    if moves:
        return 3.2 if n_rows == 1 else 2.1 * n_rows
    lines = len(of) if len(of) <= MOST_NAMED else 2 * len(set(of.values()))
    return n_rows * (1.0 + 0.19 * max(lines, 3))


def _lines(ax: Axes, part: pd.DataFrame, of: Mapping[str, str]) -> list[EndLabel]:
    """A line for each actor, coloured by role."""
    by_actor = part.assign(actor=part["actor"].astype(str)).pivot(
        index="turn", columns="actor", values="position"
    )
    n = len(of)
    width, alpha = (1.4, 1.0) if n <= 15 else (0.9, 0.8) if n <= 60 else (0.6, 0.5)
    ends = []
    for actor, role in of.items():
        _, colour, dashes = ROLES[role]
        course = by_actor[actor]
        ax.plot(
            course.index,
            course,
            color=colour,
            linestyle=dashed(dashes),
            linewidth=width,
            alpha=alpha,
            zorder=2,
        )
        ends.append(EndLabel(float(course.index[-1]), float(course.iloc[-1]), actor, colour))
    ax.set_ylim(-EDGE, SCALE + EDGE)
    ax.set_xlabel("Turn")
    last = int(by_actor.index.max())
    step = max(1, ceil(last / 6))
    ax.set_xticks(range(0, last + 1, step))
    return ends


def _text_at_end(ax: Axes, line: Mapping[Any, Any], last: int) -> None:
    """The text right of the last turn, with its ambiguity, and the compromise across."""
    place = last * 1.07
    ax.axhline(line["compromise"], color=GREY, linewidth=0.9, linestyle=dashed((1.5, 1.5)), zorder=1)
    ax.axvline(last * 1.02, color="#CCCCCC", linewidth=0.6, zorder=1)
    low, high = _reach(line)
    ax.plot(
        [place, place], [low, high], color=INK, linewidth=2.2, alpha=0.45, solid_capstyle="butt", zorder=4
    )
    ax.plot(
        place, line["position"], marker="o", markersize=5, color=INK, markerfacecolor=_fill(line),
        linestyle="none", zorder=5, clip_on=False,
    )  # fmt: skip
    ax.set_xlim(-0.02 * last, last * 1.12)


def _reach(line: Mapping[Any, Any]) -> tuple[float, float]:
    return max(line["position"] - line["ambiguity"], 0.0), min(line["position"] + line["ambiguity"], SCALE)


def _fill(line: Mapping[Any, Any]) -> str:
    return INK if line["adopted"] else "white"


def _dots(ax: Axes, part: pd.DataFrame, of: Mapping[str, str], *, with_names: bool) -> None:
    """Actors who never move, each at its position: in a row of its own, or among those of its role."""
    import numpy as np

    stands = dict(zip(part["actor"].astype(str), part["position"].astype(float), strict=True))
    by_name = len(of) <= MOST_NAMED
    rows = list(of) if by_name else [role for role in ROLES if role in set(of.values())]
    for row, name in enumerate(rows):
        members = [name] if by_name else [actor for actor, role in of.items() if role == name]
        colour = ROLES[of[name] if by_name else name][1]
        at = np.array([stands[member] for member in members])
        ax.scatter(
            at, row + _stacked(at), s=14 if by_name else 5, color=colour, alpha=1.0 if by_name else 0.7,
            linewidths=0, zorder=3, clip_on=False,
        )  # fmt: skip
    ax.set_ylim(len(rows) - 0.4, -0.6)
    words = rows if by_name else [f"{ROLES[role][0]} ({list(of.values()).count(role)})" for role in rows]
    ax.set_yticks(range(len(rows)), [_two_lines(each) for each in words] if with_names else [""] * len(rows))
    ax.tick_params(axis="y", length=0, labelsize=SMALL)
    ax.set_xlim(-EDGE, SCALE + EDGE)
    ax.set_xlabel("Position, 0 to 100")
    if with_names:
        ax.set_ylabel("Actor" if by_name else "Actors by role")


def _two_lines(words: str) -> str:
    from textwrap import fill

    return fill(words, 18)


def _stacked(at: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """How far dots of one row stand above and below it, so that those near each other are told apart."""
    import numpy as np

    bins = np.floor(at / SCALE * BINS).astype(int)
    order = np.argsort(at, kind="stable")
    rank = np.zeros(len(at), dtype=int)
    seen: dict[int, int] = {}
    for n in order:
        rank[n] = seen.get(int(bins[n]), 0)
        seen[int(bins[n])] = int(rank[n]) + 1
    side = np.where(rank % 2 == 0, 1, -1) * ((rank + 1) // 2)
    return 0.7 * np.asarray(side) / max(max(seen.values(), default=1), 6)


def _text_across(ax: Axes, line: Mapping[Any, Any]) -> None:
    """The text through all rows, with its ambiguity as a band, and the compromise."""
    low, high = _reach(line)
    if high > low:
        ax.axvspan(low, high, color=INK, alpha=0.12, linewidth=0, zorder=0)
    ax.axvline(line["compromise"], color=GREY, linewidth=1.0, linestyle=dashed((1.5, 1.5)), zorder=1)
    bottom = ax.get_ylim()[0]
    ax.axvline(line["position"], color=INK, linewidth=1.1, zorder=2)
    ax.plot(
        line["position"], bottom, marker="o", markersize=5, color=INK, markerfacecolor=_fill(line),
        linestyle="none", zorder=5, clip_on=False,
    )  # fmt: skip


def _marks(of: Mapping[str, str], moves: bool, *, has_actors: bool) -> list[Artist]:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    present = [role for role in ROLES if role in set(of.values())] if has_actors else []
    marks: list[Artist] = []
    for words, colour, dashes in (ROLES[role] for role in present):
        if moves:
            marks.append(Line2D([], [], color=colour, linestyle=dashed(dashes), label=words))
        elif len(of) <= MOST_NAMED:
            marks.append(
                Line2D([], [], color=colour, marker="o", markersize=4, linestyle="none", label=words)
            )
    marks.append(
        Line2D(
            [], [], color=INK, marker="o", markersize=5, linestyle="none", label="text (hollow: not adopted)"
        )
    )
    marks.append(Patch(facecolor=INK, alpha=0.45 if moves else 0.15, label="± ambiguity"))
    marks.append(
        Line2D([], [], color=GREY, linewidth=1.0, linestyle=dashed((1.5, 1.5)), label="compromise mean")
    )
    return marks
