"""Standpoints: where the states stand on a theme, and where the texts come out among them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from migsim.plots.fan import EndLabel, handles, label_ends, year_axis
from migsim.plots.intervals import Interval, one_scenario
from migsim.plots.sheet import GivenAxes, open_sheet
from migsim.plots.style import COLOURS, INK, MOST_BANDS, dashed, in_house_style, line_styles
from migsim.plots.wins import EMPTY
from migsim.plots.wording import interval_words, theme_words
from migsim.results.tallies import (
    ALL,
    DEPARTURES,
    HOSTS,
    MEASURES,
    refuse_unknown,
    standpoints,
    text_points,
)
from migsim.results.texts import of_process

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

__all__ = ["positions"]

LOOKS: Final[Mapping[str, tuple[str, tuple[float, ...]]]] = {
    ALL: (COLOURS[0], ()),
    HOSTS: (COLOURS[0], ()),
    DEPARTURES: (COLOURS[1], (5.0, 2.0)),
}
"""Colour and dashes of each group of states."""


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
        Table ``states`` of a run, or what `migsim.results.tallies.standpoints` makes of it. With columns
        ``role_host`` and ``role_departure``, states are shown as host and departure states by the larger of
        the two.
    texts : DataFrame
        Table ``texts`` of the same run, or what `migsim.results.tallies.text_points` makes of it.
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
    refuse_unknown(theme)
    rows, discussed = one_scenario(states, scenario), one_scenario(texts, scenario)
    if len(rows) and "who" not in rows.columns:
        rows = standpoints(rows, theme)
    if "on_agenda" in discussed.columns:
        discussed = text_points(of_process(discussed, process), theme)
    sheet = open_sheet(ax, height=3.0)
    panel = sheet.axes[0]
    panel.set_ylabel("Position, 0 (no cooperation)\nto 1 (full cooperation)")
    panel.set_xlabel("Year")
    title = f"{theme_words(theme)}: where states stand and where the text comes out"
    if rows.empty:
        sheet.finish_empty(title, EMPTY)
        return panel
    year_axis(panel, rows["year"].unique(), most=11)
    ends = _spread_of_states(panel, rows)
    _texts_on(panel, discussed)
    panel.set_ylim(-0.02, 1.02)
    lines = [] if label_ends(panel, ends, height=2.4) else handles(line_styles(_groups_of(rows)).values())
    marks = [*lines, *(_marks() if len(discussed) else ())]
    sheet.finish(title, _positions_caption(rows, discussed), marks)
    return panel


def _groups_of(stands: pd.DataFrame) -> list[str]:
    """The groups that are drawn: all states only where there is no other."""
    return [who for who in dict.fromkeys(stands["who"]) if who != ALL] or [ALL]


def _spread_of_states(ax: Axes, stands: pd.DataFrame) -> list[EndLabel]:
    """Median and 5-95 % of the states' positions within a world; the median world is drawn."""
    ends = []
    shown_groups = _groups_of(stands)
    styles = line_styles(shown_groups)
    for who in shown_groups:
        colour, dashes = LOOKS.get(who, (styles[who].colour, styles[who].dashes))
        within = stands[stands["who"] == who]
        drawn = within.groupby("year")[["median", "low", "high"]].median()
        years = drawn.index.to_numpy(float)
        ax.plot(years, drawn["median"], color=colour, linestyle=dashed(dashes))
        if len(shown_groups) <= MOST_BANDS:
            ax.fill_between(years, drawn["low"], drawn["high"], color=colour, alpha=0.15, linewidth=0)
        ends.append(EndLabel(years[-1], float(drawn["median"].iloc[-1]), who, colour))
    return ends


def _texts_on(ax: Axes, discussed: pd.DataFrame) -> None:
    """The paragraphs of each session side by side, adopted ones filled, and the compromise beside them."""
    if discussed.empty:
        return
    names = list(dict.fromkeys(discussed["paragraph"].astype(str)))
    sums = discussed.groupby(["year", "paragraph"], observed=True)[["texts", *MEASURES]].sum()
    means = sums[[*MEASURES]].div(sums["texts"], axis=0).reset_index()
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


def _positions_caption(stands: pd.DataFrame, discussed: pd.DataFrame) -> str:
    everyone = stands[stands["who"] == ALL]
    worlds = int(everyone["replicate"].nunique())
    last = everyone[everyone["year"] == everyone["year"].max()]
    middle = interval_words(Interval.of(last["median"]), places=2)
    sentences = [f"The median state stands at {middle} in {last['year'].max()}; n = {worlds}."]
    if discussed.empty:
        sentences.append("The theme was on no agenda.")
    else:
        sums = discussed.groupby("replicate")[["texts", "position", "compromise"]].sum()
        apart = Interval.of((sums["position"] - sums["compromise"]) / sums["texts"])
        words = interval_words(apart, of_difference=True)
        sentences.append(f"Texts stand {words} from the compromise mean, on average.")
        sentences.append("One mark per paragraph, mean over worlds.")
    has_bands = len(_groups_of(stands)) <= MOST_BANDS
    told = "Line and band: median and 5–95 % of states" if has_bands else "Line: median of the states"
    sentences.append(f"{told}, in the median world.")
    return " ".join(sentences)
