"""The agenda: which themes were discussed each year, and what was adopted of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from migsim.plots.intervals import Interval, one_scenario
from migsim.plots.projections import mark_projection
from migsim.plots.sheet import GivenAxes, open_sheet
from migsim.plots.style import COLOURS, INK, SMALL, in_house_style
from migsim.plots.wording import interval_words, number, percent, theme_words
from migsim.results.tallies import themes_by_world
from migsim.results.texts import of_process, written
from migsim.themes import THEMES

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["NO_SESSION", "agenda", "theme_years"]

MOST_YEARS: Final = 12
"""Beyond so many years cells are too narrow for figures."""

MOST_NAMED: Final = 4
"""The most processes that a caption names."""

VAGUEST: Final = 0.3
"""Ambiguity at which the mark fills its cell (the usual most that delegations adopt)."""
NO_SESSION = "no session was held"
SHADES: Final = "YlGnBu"
"""Light to dark, so that strength reads in grey."""


def theme_years(texts: pd.DataFrame) -> pd.DataFrame:
    """One row per theme and year on some world's agenda.

    Parameters
    ----------
    texts
        Rows of table ``texts``, or what `migsim.results.tallies.themes_by_world` makes of them.

    Returns
    -------
    pandas.DataFrame
        ``theme``, ``year``; ``on_agenda``: share of worlds; ``adopted``: share of the theme's paragraphs,
        over the worlds
        in which it was discussed; ``strength`` and ``ambiguity``: means; ``n``: worlds in which it was
        discussed.
    """
    import pandas as pd

    if texts.empty:
        return pd.DataFrame(columns=["theme", "year", "on_agenda", "adopted", "strength", "ambiguity"])
    found = texts if "paragraphs" in texts.columns else themes_by_world(texts)
    worlds = found.groupby("year", observed=True)["replicate"].nunique()
    seen = found[found["paragraphs"] > 0]
    means = seen[["adopted", "strength", "ambiguity"]].div(seen["paragraphs"], axis=0)
    grouped = means.groupby([seen["theme"], seen["year"]], observed=True)
    rows = grouped.mean()
    rows["n"] = grouped["adopted"].size()
    rows = rows.reset_index()
    rows["on_agenda"] = rows["n"] / rows["year"].map(worlds).astype(float)
    return rows


@in_house_style
def agenda(
    texts: pd.DataFrame,
    *,
    scenario: str | None = None,
    process: str | None = None,
    processes: Sequence[str] = (),
    ax: GivenAxes = None,
) -> Axes:
    """Themes by years: what was on the agenda, how much of it was adopted, how strongly and how vaguely.

    Parameters
    ----------
    texts : DataFrame
        Table ``texts`` of a run, or what `migsim.results.tallies.themes_by_world` makes of it.
    scenario : str, optional
        Which scenario, if the frame holds several.
    process : str, optional
        Which process of the table; by default all that adopt any text.
    processes : sequence of str
        Of what is made of the table, the processes, for the caption.
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    rows, held = _of_worlds(one_scenario(texts, scenario), process, processes)
    sheet = open_sheet(ax, height=3.5)
    panel = sheet.axes[0]
    panel.set_ylabel("Theme")
    panel.set_xlabel("Year of the session")
    cells = theme_years(rows)
    if cells.empty:
        sheet.finish_empty("The agenda and what was adopted", NO_SESSION)
        return panel
    years = sorted(rows["year"].unique())
    _cells(panel, cells, years)
    _shade_scale(sheet.figure, panel)
    span = f"{years[0]}–{years[-1]}" if len(years) > 1 else f"{years[0]}"
    sheet.finish(f"The agenda and what was adopted, {span}", _agenda_caption(cells, rows, held))
    return panel


def _of_worlds(
    texts: pd.DataFrame, process: str | None, processes: Sequence[str]
) -> tuple[pd.DataFrame, list[str]]:
    """What was on the agendas of each world, and which processes' agendas they are."""
    if texts.empty or "paragraphs" in texts.columns:
        return texts, list(processes)
    rows = of_process(texts, process)
    rows = written(rows) if process is None else rows
    return themes_by_world(rows), list(dict.fromkeys(rows["process"].astype(str)))


def _cells(ax: Axes, cells: pd.DataFrame, years: list[int]) -> None:
    import matplotlib as mpl
    from matplotlib.patches import Rectangle

    shades = mpl.colormaps[SHADES]
    for row in cells.to_dict("records"):
        x, y = years.index(row["year"]), THEMES.index(row["theme"])
        strength, wide = float(row["strength"]), 0.92 * float(row["on_agenda"])
        red, green, blue = shades(strength)[:3]
        ax.add_patch(Rectangle((x - wide / 2, y - 0.44), wide, 0.88, facecolor=shades(strength), linewidth=0))
        if len(years) > MOST_YEARS:
            continue
        dark = 0.299 * red + 0.587 * green + 0.114 * blue < 0.5
        ax.text(
            x,
            y - 0.1,
            percent(row["adopted"]).replace("over ", ">").replace("under ", "<"),
            ha="center",
            va="center",
            size=SMALL,
            color="white" if dark else INK,
        )
        long = 0.8 * min(float(row["ambiguity"]) / VAGUEST, 1.0)
        ax.plot(
            [x - long / 2, x + long / 2],
            [y + 0.3, y + 0.3],
            color=COLOURS[1],
            linewidth=2.2,
            solid_capstyle="butt",
        )
    ax.set_xlim(-0.6, len(years) - 0.4)
    mark_projection(ax, years, places=range(len(years)), word=True)
    ax.set_ylim(len(THEMES) - 0.5, -0.5)
    every = 1 if len(years) <= MOST_YEARS else 2
    ax.set_xticks(range(0, len(years), every), [str(year) for year in years[::every]])
    ax.set_yticks(range(len(THEMES)), [theme_words(theme) for theme in THEMES])
    ax.tick_params(length=0)
    ax.set_yticks([n + 0.5 for n in range(len(THEMES) - 1)], minor=True)
    ax.grid(axis="y", which="minor", color="#EEEEEE", linewidth=0.8)
    ax.tick_params(which="minor", length=0)


def _shade_scale(figure: Any, ax: Axes) -> None:
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import Normalize

    bar = figure.colorbar(
        ScalarMappable(Normalize(0.0, 1.0), SHADES), ax=ax, fraction=0.04, pad=0.02, ticks=[0.0, 0.5, 1.0]
    )
    bar.set_label("Mean strength of the text (0–1)")
    bar.outline.set_visible(False)


def _agenda_caption(cells: pd.DataFrame, rows: pd.DataFrame, held: Sequence[str]) -> str:
    worlds = int(rows["replicate"].nunique())
    seen = rows[rows["paragraphs"] > 0]
    sums = seen.groupby("replicate")[["paragraphs", "adopted", "strength"]].sum()
    adopted = Interval.of(100 * (sums["adopted"] / sums["paragraphs"]))
    strength = Interval.of(sums["strength"] / sums["paragraphs"])
    vaguest = cells.sort_values("ambiguity", kind="stable").iloc[-1]
    words = f"Of the paragraphs discussed in a world, {interval_words(adopted, '%')} are adopted, "
    words += f"with a mean strength of {interval_words(strength)}; n = {worlds}. "
    if vaguest["ambiguity"] > 0:
        words += (
            f"The vaguest text is {theme_words(vaguest['theme']).lower()} in {vaguest['year']} "
            f"(ambiguity {number(vaguest['ambiguity'], 2)}). "
        )
    if rows["year"].nunique() > MOST_YEARS:
        told = "Shade: strength, a paragraph not adopted counting as 0"
    else:
        told = (
            "Figure in a cell: share of paragraphs adopted, mean over worlds; shade: strength, a paragraph "
            f"not adopted counting as 0; bar under it: ambiguity, full width at {VAGUEST}"
        )
    return f"{words}{told}; a narrow cell was on the agenda in few worlds.{_merged(held)}"


def _merged(held: Sequence[str]) -> str:
    """Which processes a figure shows as one, if there are several; begins with a space."""
    if len(held) < 2:
        return ""
    if len(held) > MOST_NAMED:
        return f" {len(held)} processes that adopt texts are taken together."
    return f" Processes taken together: {', '.join(held)}."
