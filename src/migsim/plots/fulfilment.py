"""Implementation: how much of what texts ask for states have done that they would not have done anyway."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from migsim.plots.intervals import Interval, one_scenario
from migsim.plots.projections import mark_projection
from migsim.plots.sheet import GivenAxes, open_sheet
from migsim.plots.style import GREY, INK, SMALL, in_house_style
from migsim.plots.wins import CONDITION, EMPTY
from migsim.plots.wording import interval_words, percent, ranged_words, theme_words, worlds_words
from migsim.themes import THEMES

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["done_by_world", "implementation"]

NOTHING_PLEDGED: Final = "no text was pledged"
SHADES: Final = "YlGnBu"
MOST_YEARS: Final = 14
"""Beyond so many years cells are too narrow for figures."""
LEAST: Final = 0.1
"""States' worth of policy below which texts ask for too little to speak of a share of it."""


@in_house_style
def implementation(
    rows: pd.DataFrame,
    *,
    scenario: str | None = None,
    called: str = "",
    spread: str | None = None,
    ax: GivenAxes = None,
) -> Axes:
    """Themes by years: how far policies moved towards the texts, beside the same worlds without a forum.

    Texts ask of a state that pledged them for at least so much. A cell shows which part of that is done, of
    what states would not have done without the forum: 1 less what is missing over what is asked.

    Parameters
    ----------
    rows : DataFrame
        Table ``implementation``: ``replicate``, ``year``, ``theme``, ``pledges``, ``asked``, ``missing``.
    scenario : str, optional
        Which scenario, if the frame holds several.
    called : str
        What to call the scenario, for the caption.
    spread : {"ranged", "central"}, optional
        What the worlds differ in, for the caption.
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    table = one_scenario(rows, scenario)
    sheet = open_sheet(ax, height=3.6)
    panel = sheet.axes[0]
    panel.set_ylabel("Theme")
    panel.set_xlabel("Year, at its end")
    title = "How far policies moved towards the texts"
    why = EMPTY if table.empty else NOTHING_PLEDGED
    if table.empty or not table["pledges"].any():
        sheet.finish_empty(title, why)
        return panel
    table = table[table["theme"].isin(THEMES)]
    first = int(table.loc[table["pledges"] > 0, "year"].min())
    table = table[table["year"] >= first]
    years = sorted({int(year) for year in table["year"]})
    done = done_by_world(table)
    medians = done.groupby(["theme", "year"], observed=True)["done"].median()
    _cells(panel, medians, table, years)
    mark_projection(panel, years, places=range(len(years)), word=True)
    _scale(sheet.figure, panel, _most(medians))
    span = f"{years[0]}–{years[-1]}" if len(years) > 1 else f"{years[0]}"
    n = int(table["replicate"].nunique())
    sheet.finish(f"{title}, {span}", _caption(table, medians, years[-1], n, called, spread))
    return panel


def done_by_world(rows: pd.DataFrame) -> pd.DataFrame:
    """Which part is done of what texts ask for, by world, theme and year.

    Returns
    -------
    DataFrame
        Columns ``replicate``, ``theme``, ``year`` and ``done``, in percent; without the rows in which next to
        nothing is asked. Below 0 where states do less than without the forum.
    """
    asking = rows[rows["asked"] >= LEAST]
    done = 100.0 * (1.0 - asking["missing"] / asking["asked"])
    return asking[["replicate", "theme", "year"]].assign(done=done)


def _most(medians: pd.Series[Any]) -> float:
    """The upper end of the scale: the largest median, or 1 %."""
    return max(float(medians.max()) if len(medians) else 0.0, 1.0)


def _cells(ax: Axes, medians: pd.Series[Any], table: pd.DataFrame, years: Sequence[int]) -> None:
    import matplotlib as mpl
    from matplotlib.patches import Rectangle

    shades, most = mpl.colormaps[SHADES], _most(medians)
    pledged = table.groupby(["theme", "year"], observed=True)["pledges"].mean()
    for y, theme in enumerate(THEMES):
        for x, year in enumerate(years):
            key = (theme, year)
            if key not in medians.index:
                if pledged.get(key, 0.0) > 0.0:  # pledged by those who do as much already
                    ax.text(x, y, "–", ha="center", va="center", size=SMALL, color=GREY)
                continue
            value = float(medians[key])
            colour = shades(min(max(value / most, 0.0), 1.0))
            ax.add_patch(Rectangle((x - 0.47, y - 0.44), 0.94, 0.88, facecolor=colour, linewidth=0))
            if len(years) > MOST_YEARS:
                continue
            dark = 0.299 * colour[0] + 0.587 * colour[1] + 0.114 * colour[2] < 0.5
            words = f"{value:.1f}" if most < 10.0 else f"{value:.0f}"
            ax.text(
                x, y, words.replace("-", "−"), ha="center", va="center", size=SMALL,
                color="white" if dark else INK,
            )  # fmt: skip
    ax.set_xlim(-0.6, len(years) - 0.4)
    ax.set_ylim(len(THEMES) - 0.5, -0.5)
    every = 1 if len(years) <= MOST_YEARS else 2
    ax.set_xticks(range(0, len(years), every), [str(year) for year in years[::every]])
    ax.set_yticks(range(len(THEMES)), [theme_words(theme) for theme in THEMES])
    ax.tick_params(length=0)


def _scale(figure: Any, ax: Axes, most: float) -> None:
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import Normalize
    from matplotlib.ticker import MaxNLocator

    # Said beforehand: ticks that are found while drawing take the style that then holds.
    ticks = [tick for tick in MaxNLocator(5).tick_values(0.0, most) if tick <= most]
    shades = ScalarMappable(Normalize(0.0, most), SHADES)
    bar = figure.colorbar(shades, ax=ax, fraction=0.04, pad=0.02, ticks=ticks)
    bar.set_label("Done of what texts ask for, %")
    bar.outline.set_visible(False)


def _caption(
    table: pd.DataFrame,
    medians: pd.Series[Any],
    year: int,
    n: int,
    called: str,
    spread: str | None,
) -> str:
    """How much is done of all that texts ask, on which theme most and least, and how to read a cell."""
    last = table[table["year"] == year].groupby("replicate")[["asked", "missing"]].sum()
    last = last[last["asked"] >= LEAST]
    all_done = Interval.of(100.0 * (1.0 - last["missing"] / last["asked"]))
    sentences = [f"{called}."] if called else []
    sentences.append(
        f"Of what the texts in force ask for beyond what states would do without the forum, "
        f"{interval_words(all_done, '%', of_difference=True)} is done by {year}."
    )
    ends = _ends(medians, year)
    sentences += [ends] if ends else []
    sentences.append(
        "A cell: the median world; texts ask of those who pledged them for at least so much. "
        "A dash: those who pledged do as much already; empty: no pledge."
    )
    sentences.append("n = 1: no interval." if n == 1 else f"n = {worlds_words(n)}{ranged_words(spread)}.")
    return " ".join([*sentences, CONDITION])


def _ends(medians: pd.Series[Any], year: int) -> str:
    """The themes on which most and least is done."""
    found = medians.reset_index()
    found = found[found["year"] == year]
    here: Mapping[str, float] = dict(
        zip(found["theme"].astype(str), found["done"].astype(float), strict=True)
    )
    if len(here) < 2:
        return ""
    ranked = sorted(here, key=lambda theme: here[theme])
    least, most = ranked[0], ranked[-1]
    return (
        f"Most on {theme_words(most).lower()} ({percent(max(here[most], 0.0) / 100.0)}), least on "
        f"{theme_words(least).lower()} ({percent(max(here[least], 0.0) / 100.0)})."
    )
