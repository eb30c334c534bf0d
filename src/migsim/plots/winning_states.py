"""Who wins: states ranked by what they gain, and what regions, roles or other groups of states do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from migsim.errors import InputError, shown
from migsim.facts.codes import state_names
from migsim.plots.intervals import Interval, last_year, one_scenario
from migsim.plots.rows import ROW, dot_rows
from migsim.plots.sheet import GivenAxes, Sheet, open_sheet, say
from migsim.plots.style import COLOURS, GREY, INK, SMALL, LineStyle, in_house_style
from migsim.plots.wins import CONDITION, EMPTY
from migsim.plots.wording import NOTHING, interval_words, percent, ranged_words, several_words
from migsim.results.story import regions
from migsim.results.tallies import ALL, ROLES

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

__all__ = ["winners"]

MOST: Final = 12
"""States at either end of the ranking."""
NAMED: Final = 3
"""States that the caption names at either end."""
EDGE: Final = 1.02
HOST, DEPARTURE = "mainly a host", "mainly a country of departure"
LOOKS: Final = {HOST: (COLOURS[0], "o"), DEPARTURE: (COLOURS[1], "s")}
UNITS: Final[Mapping[str, str]] = {
    "gain": "% of income",
    "gain_host": "% of income, as hosts",
    "gain_departure": "% of income, as countries of departure",
}


@dataclass(frozen=True, slots=True)
class Row:
    """A state or a group of states: its gain over worlds, and in which share of them it gains."""

    style: LineStyle
    gain: Interval
    share: float


@in_house_style
def winners(
    states: pd.DataFrame,
    *,
    by: str = "region",
    groups: Mapping[str, Mapping[str, float]] | None = None,
    of: str = "gain",
    most: int = MOST,
    scenario: str | None = None,
    spread: str | None = None,
    ax: GivenAxes = None,
) -> np.ndarray[Any, Any]:
    """Which states gain most and least in the last year, and what groups of states gain on average.

    Parameters
    ----------
    states : DataFrame
        Table ``states`` of a run, or its rows of the last year: ``replicate``, ``year``, ``state``, ``of``,
        ``role_host`` and ``role_departure``, and a column ``by`` unless that is ``region``.
    by : str
        Column that says which group a state belongs to, such as ``region`` or one of the user's own; states
        without one are counted as "no group". With ``groups``, what these are called.
    groups : mapping, optional
        By group its states and their shares in it; a state may be in several.
    of : {"gain", "gain_host", "gain_departure"} or another column
        What is ranked: the state's gain, in percent of income, or the gain in one of its roles.
    most : int
        States shown at either end of the ranking.
    scenario : str, optional
        Which scenario, if the frame holds several.
    spread : {"ranged", "central"}, optional
        What the worlds differ in, for the caption.
    ax : four Axes, optional

    Returns
    -------
    array of Axes
        States that gain most; states that gain least; groups; roles.

    Raises
    ------
    InputError
        If the frame lacks a column, or several scenarios are in it and none is named.
    """
    rows = one_scenario(states, scenario)
    ranked = [] if rows.empty else _states(_checked(rows, by if groups is None else "region", of), of)
    top, bottom = _ends(ranked, most)
    means, roles = ([], []) if rows.empty else (_groups(rows, by, of, groups), _roles(rows, of))
    heights = [0.75 + ROW * max(len(top), len(bottom), 2), 0.75 + ROW * max(len(means), len(roles), 2)]
    sheet = open_sheet(ax, 2, 2, height=sum(heights))
    if sheet.is_own:
        grid: Any = sheet.axes[0].get_gridspec()
        grid.set_height_ratios(heights)
    unit = UNITS.get(of, of)
    _name(sheet, by, unit, is_whole=len(top) + len(bottom) == len(ranked))
    if not ranked:
        return sheet.finish_empty("Who wins", EMPTY)
    for panel, part in zip(sheet.axes, (top, bottom, means, roles), strict=True):
        _draw(panel, part)
    if means:
        sheet.axes[3].set_ylim(sheet.axes[2].get_ylim() if len(means) > len(roles) else None)
    _alike(sheet.axes[:2])
    _alike(sheet.axes[2:])
    year = last_year(rows) if "year" in rows else None
    title = f"Who wins{f' by {year}' if year else ''}: {len(ranked)} states ranked by their gain"
    sheet.finish(title, _caption(ranked, means, roles, unit, spread), _legend(top + bottom), year=year)
    return sheet.array()


def _checked(rows: pd.DataFrame, by: str, of: str) -> pd.DataFrame:
    """The frame, if it has what is needed."""
    needed = ["replicate", "state", of, *ROLES, *(() if by == "region" else (by,))]
    missing = [name for name in needed if name not in rows.columns]
    if missing:
        had = ", ".join(map(str, rows.columns))
        raise InputError(f"winners: the table has no column {shown(missing[0])}; it has {had}")
    return rows


def _states(rows: pd.DataFrame, of: str) -> list[Row]:
    """Every state with a gain, best first."""
    now = _now(rows)
    names = state_names()
    weights = now.groupby("state", observed=True)[list(ROLES)].mean()
    is_host = dict(zip(map(str, weights.index), weights[ROLES[0]] >= weights[ROLES[1]], strict=True))
    found = []
    for code, values in now.groupby("state", observed=True)[of]:
        iso3 = str(code)
        role = HOST if is_host[iso3] else DEPARTURE
        gain = Interval.of(values)
        if gain.n:
            found.append(
                Row(_style(names.get(iso3, iso3), role), gain, float((values.dropna() > 0.0).mean()))
            )
    return sorted(found, key=lambda row: (-row.gain.median, row.style.name))


def _style(name: str, role: str | None) -> LineStyle:
    colour, marker = LOOKS.get(role or "", (INK, "D"))
    return LineStyle(name, name, colour, (), marker)


def _now(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of the last year."""
    is_last = rows["year"] == rows["year"].max() if "year" in rows.columns else None
    return rows if is_last is None or is_last.all() else rows[is_last]


def _ends(ranked: Sequence[Row], most: int) -> tuple[list[Row], list[Row]]:
    """The best and the worst, none of them in both; all of them where there are few."""
    n = min(most, (len(ranked) + 1) // 2)
    return list(ranked[:n]), list(ranked[max(n, len(ranked) - n) :])


def _groups(
    rows: pd.DataFrame, by: str, of: str, groups: Mapping[str, Mapping[str, float]] | None
) -> list[Row]:
    """The mean over the states of each group, best first."""
    now = _now(rows)
    if groups is not None:
        shares = ((name, now["state"].map(dict(held)).astype(float)) for name, held in groups.items())
        means = [_mean(name, now[share.notna()], of, None, share.dropna()) for name, share in shares]
        return sorted((row for row in means if row.gain.n), key=lambda row: -row.gain.median)
    named = now[by] if by in now.columns else now["state"].map(regions())
    named = named.astype(object).where(named.notna(), "no group").astype(str)
    found = [_mean(name, part, of, None) for name, part in now.groupby(named, sort=True)]
    return sorted((row for row in found if row.gain.n), key=lambda row: -row.gain.median)


def _roles(rows: pd.DataFrame, of: str) -> list[Row]:
    """The mean over all states, and over those of either role."""
    now = _now(rows)
    is_host = now[ROLES[0]] >= now[ROLES[1]]
    parts = (
        (ALL, now, None),
        ("host states", now[is_host], HOST),
        ("departure states", now[~is_host], DEPARTURE),
    )
    found = [_mean(name, part, of, role) for name, part, role in parts]
    return [row for row in found if row.gain.n]


def _mean(
    name: str, part: pd.DataFrame, of: str, role: str | None, share: pd.Series[Any] | None = None
) -> Row:
    """What the states of a group gain on average, over worlds, each by its share in the group."""
    weight = part[of].notna() * (1.0 if share is None else share)
    sums = (part[of] * weight).groupby(part["replicate"]).sum()
    values = (sums / weight.groupby(part["replicate"]).sum()).dropna()
    n_states = part["state"].nunique()
    words = f"{name.capitalize() if name.islower() else name} ({n_states})"
    return Row(_style(words, role), Interval.of(values), float((values > 0.0).mean()))


def _name(sheet: Sheet, by: str, unit: str, *, is_whole: bool) -> None:
    """Titles and axis labels of the four panels."""
    words = "Region" if by == "region" else by.replace("_", " ").capitalize()
    titles = ("Gain most", "Gain least", f"{words}: mean of its states", "Role: mean of its states")
    if is_whole:
        titles = ("Better half", "Other half", *titles[2:])
    for panel, title in zip(sheet.axes, titles, strict=True):
        panel.set_title(title, pad=16)
        panel.set_xlabel(f"Gain, {unit}")
    for panel, what in zip(sheet.axes, ("State", "State", words, "Role"), strict=True):
        panel.set_ylabel(what if panel in (sheet.axes[0], sheet.axes[2]) else "")


def _draw(panel: Any, rows: Sequence[Row]) -> None:
    """A row a state or group, and at its right in how many worlds, if there are several, it gains."""
    if not rows:
        say(panel, "no state")
        return
    styles = [row.style for row in rows]
    dot_rows(panel, styles, {row.style.name: row.gain for row in rows}, is_named=True)
    panel.locator_params(axis="x", nbins=4)
    if max(row.gain.n for row in rows) == 1:
        return
    panel.annotate(
        "better off in", xy=(1.0, 1.0), xycoords="axes fraction", xytext=(8, 4), textcoords="offset points",
        ha="center", size=SMALL, color=GREY,
    )  # fmt: skip
    for n, row in enumerate(rows):
        words = "" if max(abs(row.gain.low), abs(row.gain.high)) <= NOTHING else percent(row.share)
        place = panel.get_yaxis_transform()
        panel.text(EDGE, n, words, transform=place, ha="left", va="center", size=SMALL, color=INK)


def _alike(panels: Sequence[Any]) -> None:
    """The same scale for two panels side by side."""
    ends = [end for panel in panels for end in panel.get_xlim() if panel.lines]
    for panel in panels:
        if ends and panel.lines:
            slack = 0.03 * (max(ends) - min(ends))
            panel.set_xlim(min(ends) - slack, max(ends) + slack)


def _legend(rows: Sequence[Row]) -> list[Any]:
    """What the colours mean, of the roles that are shown."""
    from matplotlib.lines import Line2D

    drawn = {row.style.colour for row in rows}
    return [
        Line2D([], [], linestyle="None", marker=marker, markersize=5.5, color=colour, label=role)
        for role, (colour, marker) in LOOKS.items()
        if colour in drawn
    ]


def _caption(
    ranked: Sequence[Row], groups: Sequence[Row], roles: Sequence[Row], unit: str, spread: str | None
) -> str:
    n = max(row.gain.n for row in ranked)
    if all(max(abs(row.gain.low), abs(row.gain.high)) <= NOTHING for row in ranked):
        return f"No state gains or loses anything in any of {n:,} worlds. {CONDITION}"
    up = [row for row in ranked if row.gain.low > 0.0]
    down = [row for row in ranked if row.gain.high < 0.0]
    if n == 1:
        n_up = sum(row.gain.median > 0.0 for row in ranked)
        sentences = [f"In the one world run {n_up} of {len(ranked)} states gain."]
    else:
        rest = len(ranked) - len(up) - len(down)
        sentences = [
            f"Of {len(ranked)} states {len(up)} gain and {len(down)} lose in nearly every world; the sign of"
            f" {rest} is open."
        ]
    best, worst = ranked[0], ranked[-1]
    names = several_words([row.style.label for row in ranked[:NAMED]])
    sentences.append(f"Most: {names}, the first {interval_words(best.gain, unit, of_difference=True)}.")
    if len(ranked) > NAMED:
        lowest = several_words([row.style.label for row in ranked[: -NAMED - 1 : -1]])
        sentences.append(
            f"Least: {lowest}, the first {interval_words(worst.gain, unit, of_difference=True)}."
        )
    if len(groups) > 1:
        first, last = groups[0], groups[-1]
        sentences.append(
            f"On average {first.style.label} gains most, {interval_words(first.gain, of_difference=True)},"
            f" and {last.style.label} least, {interval_words(last.gain, of_difference=True)}."
        )
    sentences += [f"{row.style.label}: {interval_words(row.gain, of_difference=True)}." for row in roles[1:]]
    reading = f"Dot: median; bar: 5–95 % of {n:,} worlds{ranged_words(spread)}; open dot: zero included."
    sentences.append("n = 1: no interval." if n == 1 else reading)
    sentences.append("Ranked by the median; means count states alike; in brackets how many states.")
    return " ".join([*sentences, CONDITION])
