"""Standpoints: where the states stand on a theme, and where the texts come out among them."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from migsim.errors import InputError, shown
from migsim.plots.agendas import of_process
from migsim.plots.fan import EndLabel, label_ends, year_axis
from migsim.plots.intervals import Interval, one_scenario, over_worlds
from migsim.plots.sheet import GivenAxes, open_sheet, say
from migsim.plots.style import COLOURS, INK, dashed, in_house_style
from migsim.plots.wins import EMPTY
from migsim.plots.wording import interval_words, theme_words
from migsim.themes import THEMES

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

__all__ = ["positions"]

HOSTS, DEPARTURES, EVERYONE = COLOURS[0], COLOURS[1], COLOURS[0]


@in_house_style
def positions(
    states: pd.DataFrame,
    texts: pd.DataFrame,
    theme: str,
    *,
    scenario: str | None = None,
    process: str | None = None,
    ax: GivenAxes = None,
) -> Axes:
    """Where the states stand on a theme over the rounds, and where the text and the compromise come out.

    Parameters
    ----------
    states : DataFrame
        Table ``states`` of a run. With columns ``role_host`` and ``role_departure``, states are shown as
        host and
        departure states by the larger of the two.
    texts : DataFrame
        Table ``texts`` of the same run.
    theme : str
    scenario, process
        As for `agenda`.
    ax : Axes, optional

    Returns
    -------
    Axes

    Raises
    ------
    InputError
        If there is no such theme.
    """
    if theme not in THEMES:
        near = get_close_matches(theme, THEMES, n=1)
        meant = f"; did you mean {near[0]}?" if near else ""
        raise InputError(f"no theme {shown(theme)}{meant} Themes: {', '.join(THEMES)}")
    rows, text = one_scenario(states, scenario), of_process(one_scenario(texts, scenario), process)
    sheet = open_sheet(ax, height=3.0)
    panel = sheet.axes[0]
    panel.set_ylabel("Position, 0 (no cooperation)\nto 1 (full cooperation)")
    panel.set_xlabel("Year")
    title = f"{theme_words(theme)}: where states stand and where the text comes out"
    if rows.empty:
        say(panel, EMPTY)
        sheet.finish(title, f"Nothing to show: {EMPTY}.")
        return panel
    year_axis(panel, rows["year"].unique(), most=11)
    ends = _spread_of_states(panel, rows, f"position_{theme}")
    discussed = (
        text[(text["theme"].astype(str) == theme) & text["on_agenda"].astype(bool)] if len(text) else text
    )
    _texts_on(panel, discussed)
    panel.set_ylim(-0.02, 1.02)
    label_ends(panel, ends, height=2.4)
    sheet.finish(title, _positions_caption(rows, discussed, theme), _marks() if len(discussed) else ())
    return panel


def _spread_of_states(ax: Axes, states: pd.DataFrame, column: str) -> list[EndLabel]:
    """Median and 5-95 % of the states' positions within a world; the median world is drawn."""
    groups: list[tuple[str, str, tuple[float, ...], pd.DataFrame]] = [("all states", EVERYONE, (), states)]
    if {"role_host", "role_departure"} <= set(states.columns):
        is_host = states["role_host"] >= states["role_departure"]
        groups = [
            ("host states", HOSTS, (), states[is_host]),
            ("departure states", DEPARTURES, (5.0, 2.0), states[~is_host]),
        ]
    ends = []
    for words, colour, dashes, part in groups:
        if part.empty:
            continue
        within = over_worlds(part, column, ("year", "replicate"))
        drawn = within.groupby("year")[["median", "low", "high"]].median()
        if drawn.empty:
            continue
        years = drawn.index.to_numpy(float)
        ax.plot(years, drawn["median"], color=colour, linestyle=dashed(dashes))
        ax.fill_between(years, drawn["low"], drawn["high"], color=colour, alpha=0.15, linewidth=0)
        ends.append(EndLabel(years[-1], float(drawn["median"].iloc[-1]), words, colour))
    return ends


def _texts_on(ax: Axes, discussed: pd.DataFrame) -> None:
    """The paragraphs of each session side by side, adopted ones filled, and the compromise beside them."""
    if discussed.empty:
        return
    names = list(dict.fromkeys(discussed["paragraph"].astype(str)))
    measures = ["position", "ambiguity", "adopted", "compromise"]
    numbers = discussed.assign(**{name: discussed[name].astype(float) for name in measures})
    means = numbers.groupby(["year", "paragraph"], observed=True)[measures].mean().reset_index()
    for row in means.to_dict("records"):
        x = row["year"] + 0.22 * (names.index(row["paragraph"]) - (len(names) - 1) / 2)
        filled = INK if row["adopted"] >= 0.5 else "white"
        ax.errorbar(
            x - 0.04, row["position"], yerr=row["ambiguity"], fmt="o", color=INK, markersize=3.8,
            linewidth=1.2,
            markerfacecolor=filled, zorder=4,
        )  # fmt: skip
        ax.plot(
            x + 0.06,
            row["compromise"],
            marker="D",
            markersize=3,
            color=COLOURS[2],
            linestyle="none",
            zorder=4,
        )


def _marks() -> list[Artist]:
    from matplotlib.lines import Line2D

    def mark(shape: str, colour: str, fill: str, words: str) -> Line2D:
        return Line2D(
            [],
            [],
            marker=shape,
            linestyle="none",
            color=colour,
            markerfacecolor=fill,
            markersize=4.5,
            label=words,
        )

    return [
        mark("o", INK, INK, "text adopted, ± ambiguity"),
        mark("o", INK, "white", "not adopted in most worlds"),
        mark("D", COLOURS[2], COLOURS[2], "compromise mean"),
    ]


def _positions_caption(states: pd.DataFrame, discussed: pd.DataFrame, theme: str) -> str:
    worlds = int(states["replicate"].nunique())
    last = states[states["year"] == states["year"].max()]
    middle = Interval.of(last.groupby("replicate")[f"position_{theme}"].median())
    stands = interval_words(middle, places=2)
    sentences = [f"The median state stands at {stands} in {last['year'].max()}; n = {worlds}."]
    if discussed.empty:
        sentences.append("The theme was on no agenda.")
    else:
        gap = discussed["position"].astype(float) - discussed["compromise"].astype(float)
        apart = Interval.of(gap.groupby(discussed["replicate"]).mean())
        words = interval_words(apart, of_difference=True)
        sentences.append(f"Texts stand {words} from the compromise mean, on average.")
        sentences.append("One mark per paragraph, mean over worlds.")
    sentences.append("Line and band: median and 5–95 % of states, in the median world.")
    return " ".join(sentences)
