"""The marketplace: who asked, what donors would pay for, what was matched, and the money that followed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from migsim.plots.intervals import Frames, Interval, gather, over_worlds
from migsim.plots.projections import mark_projection
from migsim.plots.rows import dot_rows, rows_height
from migsim.plots.sheet import GivenAxes, open_sheet, say
from migsim.plots.style import (
    COLOURS,
    INK,
    MOST_BANDS,
    MOST_LABELS,
    SMALL,
    LineStyle,
    in_house_style,
    line_styles,
)
from migsim.plots.wins import CONDITION, EMPTY
from migsim.plots.wording import (
    interval_words,
    least_and_most,
    number,
    ranged_words,
    theme_words,
    worlds_words,
)
from migsim.themes import THEMES

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

__all__ = ["marketplace"]

EDGE: Final = 0.03
"""Part of a panel's width left of zero, so that a mark there is whole."""
NO_MARKET: Final = "no marketplace was held"
SIDES: Final[Mapping[str, tuple[str, str, str]]] = {
    "market_demands": ("delegations that ask", COLOURS[0], "o"),
    "market_offers": ("projects that donors would pay for", COLOURS[1], "s"),
    "matches": ("projects matched", INK, "D"),
}
"""What a market brings together: words, colour and marker."""


@in_house_style
def marketplace(
    world: Frames,
    *,
    scenarios: Sequence[str] | None = None,
    labels: Mapping[str, str] | None = None,
    spread: str | None = None,
    ax: GivenAxes = None,
) -> np.ndarray[Any, Any]:
    """What the marketplaces of each year brought together, and on which themes.

    Of one scenario: demands, offers and matches by year, and the matched projects by theme and year. Of
    several: matched projects by year, and the grants of all years.

    Parameters
    ----------
    world : DataFrame or mapping of str to DataFrame
        Table ``world``: ``replicate``, ``year``, ``market_demands``, ``market_offers``, ``matches``,
        ``market_grants`` (million USD), ``matches_<theme>``, and ``n_attending``, which tells a year without
        a session.
    scenarios, labels, spread
        As for `migsim.plots.triple_win`.
    ax : two Axes, optional

    Returns
    -------
    array of Axes
        Demands, offers and matches, and themes; or matches and grants of each scenario.
    """
    table, order = gather(world, scenarios)
    styles = list(line_styles(order, labels).values())
    is_one, is_many = len(styles) == 1, len(styles) > MOST_LABELS
    height = 4.4 if is_one else rows_height(styles) if is_many else 2.6
    sheet = open_sheet(ax, 2 if is_one else 1, 1 if is_one else 2, height=height)
    first, second = sheet.axes
    _headings(first, second, is_one=is_one, is_many=is_many)
    if table.empty:
        return sheet.finish_empty("The marketplace", EMPTY)
    years = _years(table)
    if not years:
        return sheet.finish_empty("The marketplace", NO_MARKET)
    held = table[table["year"].isin(years)]
    if is_one:
        _sides(first, held, years)
        _themes(second, held, years)
        handles: Sequence[Artist] = _marks()
    elif is_many:
        totals = _totals(held)
        for panel, column in ((first, "matches"), (second, "market_grants")):
            found = {s.name: Interval.of(totals[totals["scenario"] == s.name][column]) for s in styles}
            dot_rows(panel, styles, found, is_named=panel is first, zero=False)
            most = panel.get_xlim()[1]
            panel.set_xlim(-EDGE * most, most)
        handles = ()
    else:
        _dots(first, held, styles, years, "matches")
        _dots(second, held, styles, years, "market_grants")
        handles = _names(styles)
    span = f"{years[0]}–{years[-1]}" if len(years) > 1 else f"{years[0]}"
    sheet.finish(f"The marketplace: what met, {span}", _caption(held, styles, spread), handles)
    return sheet.array()


def _years(table: pd.DataFrame) -> list[int]:
    """Years in which somebody asked, offered or was matched in some world."""
    active = table[[name for name in SIDES if name in table.columns]].fillna(0.0).sum(axis=1) > 0.0
    return sorted({int(year) for year in table.loc[active, "year"]})


def _headings(first: Axes, second: Axes, *, is_one: bool, is_many: bool) -> None:
    if is_many:
        first.set_xlabel("Projects matched, all years")
        first.set_ylabel("Scenario")
        second.set_xlabel("Grants, all years,\nmillion USD of 2005")
        return
    for panel in (first, second):
        panel.set_xlabel("Year of the session")
    first.set_ylabel("Number" if is_one else "Projects matched")
    second.set_ylabel("Theme" if is_one else "Grants of the year,\nmillion USD of 2005")


def _totals(held: pd.DataFrame) -> pd.DataFrame:
    """Sums over all years, a row a scenario and world."""
    sums = held.groupby(["scenario", "replicate"])[[*SIDES, "market_grants"]].sum().reset_index()
    return sums.assign(scenario=sums["scenario"].astype(str))


def _axis(ax: Axes, years: Sequence[int]) -> None:
    ax.set_xlim(-0.6, len(years) - 0.4)
    every = 1 if len(years) <= 12 else 2
    ax.set_xticks(range(0, len(years), every), [str(year) for year in years[::every]])
    mark_projection(ax, years, places=range(len(years)))


def _sides(ax: Axes, held: pd.DataFrame, years: Sequence[int]) -> None:
    """Demands, offers and matches of each year: medians and 5-95 % of worlds, on a logarithmic scale."""
    for n, (column, (_, colour, marker)) in enumerate(SIDES.items()):
        for row in over_worlds(held, column, ["year"]).to_dict("records"):
            x = years.index(row["year"]) + 0.2 * (n - 1)
            if row["n"] > 1:
                ends = [row["low"], row["high"]]
                ax.plot([x, x], ends, color=colour, linewidth=1.8, solid_capstyle="butt")
            ax.plot(x, row["median"], marker=marker, markersize=4.5, color=colour, linestyle="none")
    ax.set_yscale("symlog", linthresh=10.0, linscale=1.2)
    ax.set_ylim(-0.6, 1.5 * max(100.0, float(held[list(SIDES)].max().max())))
    ax.set_yticks([0, 5, 10, 30, 100], ["0", "5", "10", "30", "100"])
    ax.minorticks_off()
    ax.set_title("Demands, offers and matches (scale widens below 10)")
    _axis(ax, years)


def _themes(ax: Axes, held: pd.DataFrame, years: Sequence[int]) -> None:
    """Matched projects by theme and year: means over worlds, a cell each."""
    import matplotlib as mpl
    from matplotlib.colors import Normalize
    from matplotlib.patches import Rectangle

    means = held.groupby("year")[[f"matches_{theme}" for theme in THEMES]].mean()
    themes = [theme for theme in THEMES if means[f"matches_{theme}"].max() > 0.0]
    shades, norm = mpl.colormaps["YlGnBu"], Normalize(0.0, float(means.to_numpy().max()) or 1.0)
    for y, theme in enumerate(themes):
        for x, year in enumerate(years):
            value = float(means[f"matches_{theme}"][year])
            if value <= 0.0:
                continue
            colour = shades(norm(value))
            dark = 0.299 * colour[0] + 0.587 * colour[1] + 0.114 * colour[2] < 0.5
            ax.add_patch(Rectangle((x - 0.46, y - 0.44), 0.92, 0.88, facecolor=colour, linewidth=0))
            words = f"{value:.1f}"
            ink = "white" if dark else INK
            ax.text(x, y, words, ha="center", va="center", size=SMALL, color=ink)
    ax.set_ylim(max(len(themes), 1) - 0.5, -0.5)
    ax.set_yticks(range(len(themes)), [theme_words(theme) for theme in themes])
    ax.tick_params(length=0)
    ax.set_title("Projects matched, by what those served lack: mean of worlds")
    _axis(ax, years)
    if not themes:
        say(ax, "no project was matched")


def _dots(
    ax: Axes, held: pd.DataFrame, styles: Sequence[LineStyle], years: Sequence[int], column: str
) -> None:
    step = 0.7 / (len(styles) + 1)
    summary = over_worlds(held, column)
    for n, style in enumerate(styles):
        for row in summary[summary["scenario"].astype(str) == style.name].to_dict("records"):
            x = years.index(row["year"]) + step * (n - (len(styles) - 1) / 2)
            if row["n"] > 1:
                ax.plot([x, x], [row["low"], row["high"]], color=style.colour, linewidth=1.5)
            ax.plot(x, row["median"], marker=style.marker, markersize=3, color=style.colour)
    _axis(ax, years)
    if len(years) > 5:
        ax.set_xticks(range(0, len(years), 2), [str(year) for year in years[::2]])
    ax.set_ylim(bottom=0.0)


def _marks() -> list[Artist]:
    from matplotlib.lines import Line2D

    return [
        Line2D([], [], linestyle="None", marker=marker, color=colour, markersize=5, label=words)
        for words, colour, marker in SIDES.values()
    ]


def _names(styles: Sequence[LineStyle]) -> list[Artist]:
    from matplotlib.lines import Line2D

    return [
        Line2D([], [], linestyle="None", marker=s.marker, color=s.colour, markersize=5, label=s.label)
        for s in styles
    ]


def _caption(held: pd.DataFrame, styles: Sequence[LineStyle], spread: str | None) -> str:
    """How many projects were matched of those asked for, and what they cost; all years together."""
    totals = _totals(held)
    sums = {s: totals[totals["scenario"] == s.name] for s in styles}
    matched = {s: Interval.of(rows["matches"]) for s, rows in sums.items()}
    known = [s for s in styles if matched[s].n]
    sentences = []
    if len(known) > MOST_BANDS:
        by_label = {s.label: matched[s] for s in known}
        sentences.append(least_and_most("Projects matched in all years", by_label, "projects"))
    for style in known if len(known) <= MOST_BANDS else ():
        rows = sums[style]
        who = f"{style.label}: " if style.name else ""
        if not rows["market_demands"].any():
            sentences.append(f"{style.label}: {NO_MARKET}.")
            continue
        asked = Interval.of(rows["market_demands"])
        paid = Interval.of(rows["market_grants"])
        sentences.append(
            f"{who}{interval_words(matched[style], 'projects')} are matched in all years, where delegations "
            f"ask {number(asked.median, 0)} times in the median world; grants come to "
            f"{interval_words(paid, 'million USD of 2005')}."
        )
    if missing := [s.label for s in styles if s not in known]:
        sentences.append(f"No result: {', '.join(missing)}.")
    counts = [matched[s].n for s in known]
    worlds = f"Median and 5–95 % of {worlds_words(*counts)}{ranged_words(spread)}."
    sentences.append("n = 1: no interval." if max(counts, default=0) == 1 else worlds)
    return " ".join([*sentences, CONDITION])
