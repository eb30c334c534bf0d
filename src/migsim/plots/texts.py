"""The texts: what was on the agenda and adopted, and where a text stands among the states' positions."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final

from migsim.errors import InputError, shown
from migsim.plots.fan import EndLabel, label_ends, year_axis
from migsim.plots.intervals import Interval, one_scenario, over_worlds
from migsim.plots.sheet import GivenAxes, open_sheet, say
from migsim.plots.style import COLOURS, INK, SMALL, in_house_style
from migsim.plots.wording import interval_words, number, percent, theme_words
from migsim.themes import THEMES

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["agenda", "positions", "theme_years"]

NO_SESSION = "no session was held"
SHADES: Final = "YlGnBu"
"""Light to dark, so that strength reads in grey."""
HOSTS, DEPARTURES, EVERYONE = COLOURS[0], COLOURS[1], COLOURS[0]


def theme_years(texts: pd.DataFrame) -> pd.DataFrame:
    """One row per theme and year on some world's agenda.

    Returns
    -------
    pandas.DataFrame
        ``theme``, ``year``; ``on_agenda``: share of worlds; ``adopted``: share of the theme's paragraphs, over the worlds
        in which it was discussed, and its interval ``adopted_low``, ``adopted_high``; ``strength`` and ``ambiguity``: means.
    """
    import pandas as pd

    if texts.empty:
        return pd.DataFrame(columns=["theme", "year", "on_agenda", "adopted", "strength", "ambiguity"])
    worlds = texts.groupby("year", observed=True)["replicate"].nunique()
    seen = texts[texts["on_agenda"].astype(bool)]
    seen = seen.assign(adopted=seen["adopted"].astype(float))
    each = seen.groupby(["theme", "year", "replicate"], observed=True)[["adopted", "strength", "ambiguity"]].mean()
    grouped = each.groupby(["theme", "year"], observed=True)
    rows = grouped.mean()
    rows["n"] = grouped["adopted"].size()
    rows = rows.reset_index()
    rows["on_agenda"] = rows["n"] / rows["year"].map(worlds).astype(float)
    return rows


@in_house_style
def agenda(
    texts: pd.DataFrame, *, scenario: str | None = None, process: str | None = None, ax: GivenAxes = None
) -> Axes:
    """Themes by years: what was on the agenda, how much of it was adopted, how strongly and how vaguely.

    Parameters
    ----------
    texts : DataFrame
        Table ``texts`` of a run.
    scenario : str, optional
        Which scenario, if the frame holds several.
    process : str, optional
        Which process; by default all of them.
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    rows = _of_process(one_scenario(texts, scenario), process)
    sheet = open_sheet(ax, height=3.5)
    panel = sheet.axes[0]
    panel.set_ylabel("Theme")
    panel.set_xlabel("Year of the session")
    cells = theme_years(rows)
    if cells.empty:
        say(panel, NO_SESSION)
        sheet.finish("The agenda and what was adopted", f"Nothing to show: {NO_SESSION}.")
        return panel
    years = sorted(rows["year"].unique())
    _cells(panel, cells, years)
    _shade_scale(sheet.figure, panel)
    span = f"{years[0]}–{years[-1]}" if len(years) > 1 else f"{years[0]}"
    sheet.finish(f"The agenda and what was adopted, {span}", _agenda_caption(cells, rows))
    return panel


def _of_process(texts: pd.DataFrame, process: str | None) -> pd.DataFrame:
    if process is None or texts.empty:
        return texts
    known = sorted(texts["process"].astype(str).unique())
    if process not in known:
        raise InputError(f"process {shown(process)} held no session; these did: {', '.join(known)}")
    return texts[texts["process"].astype(str) == process]


def _cells(ax: Axes, cells: pd.DataFrame, years: list[int]) -> None:
    import matplotlib as mpl
    from matplotlib.patches import Rectangle

    shades = mpl.colormaps[SHADES]
    for row in cells.to_dict("records"):
        x, y = years.index(row["year"]), THEMES.index(row["theme"])
        strength, wide = float(row["strength"]), 0.92 * float(row["on_agenda"])
        red, green, blue = shades(strength)[:3]
        ax.add_patch(Rectangle((x - wide / 2, y - 0.44), wide, 0.88, facecolor=shades(strength), linewidth=0))
        dark = 0.299 * red + 0.587 * green + 0.114 * blue < 0.5
        ax.text(
            x, y - 0.1, percent(row["adopted"]), ha="center", va="center", size=SMALL, color="white" if dark else INK
        )
        long = 0.8 * min(float(row["ambiguity"]) / 0.5, 1.0)
        ax.plot(
            [x - long / 2, x + long / 2], [y + 0.3, y + 0.3], color=COLOURS[1], linewidth=2.2, solid_capstyle="butt"
        )
    ax.set_xlim(-0.6, len(years) - 0.4)
    ax.set_ylim(len(THEMES) - 0.5, -0.5)
    ax.set_xticks(range(len(years)), [str(year) for year in years])
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


def _agenda_caption(cells: pd.DataFrame, texts: pd.DataFrame) -> str:
    seen = texts[texts["on_agenda"].astype(bool)]
    worlds = int(texts["replicate"].nunique())
    each = seen.groupby("replicate", observed=True)
    adopted = Interval.of(100 * each["adopted"].mean().astype(float))
    strength = Interval.of(each["strength"].mean())
    vaguest = cells.sort_values("ambiguity", kind="stable").iloc[-1]
    words = f"In a world, {interval_words(adopted)} % of the paragraphs discussed are adopted, with a mean strength of "
    words += f"{interval_words(strength)}; n = {worlds}. "
    if vaguest["ambiguity"] > 0:
        words += (
            f"The vaguest text is {theme_words(vaguest['theme']).lower()} in {vaguest['year']} "
            f"(ambiguity {number(vaguest['ambiguity'], 2)}). "
        )
    return words + (
        "Figure in a cell: share of paragraphs adopted, mean over worlds; shade: strength, none adopted counting as 0; "
        "bar under it: ambiguity, full width at 0.5; a narrow cell was on the agenda in few worlds."
    )


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
        Table ``states`` of a run. With columns ``host`` and ``departure`` (role weights), states are shown as host and
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
    rows, text = one_scenario(states, scenario), _of_process(one_scenario(texts, scenario), process)
    sheet = open_sheet(ax, height=3.0)
    panel = sheet.axes[0]
    panel.set_ylabel("Position, 0 (no cooperation)\nto 1 (full cooperation)")
    panel.set_xlabel("Year")
    title = f"{theme_words(theme)}: where states stand and where the text comes out"
    if rows.empty:
        say(panel, "no world was run")
        sheet.finish(title, "Nothing to show: no world was run.")
        return panel
    year_axis(panel, rows["year"].unique(), most=11)
    ends = _spread_of_states(panel, rows, f"position_{theme}")
    discussed = text[(text["theme"].astype(str) == theme) & text["on_agenda"].astype(bool)] if len(text) else text
    _texts_on(panel, discussed)
    panel.set_ylim(-0.02, 1.02)
    label_ends(panel, ends, height=2.4)
    sheet.finish(title, _positions_caption(rows, discussed, theme), _marks() if len(discussed) else ())
    return panel


def _spread_of_states(ax: Axes, states: pd.DataFrame, column: str) -> list[EndLabel]:
    """Median and 5-95 % of the states' positions within a world; the median world is drawn."""
    groups = [("all states", EVERYONE, (), states)]
    if {"host", "departure"} <= set(states.columns):
        is_host = states["host"] >= states["departure"]
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
        ax.plot(years, drawn["median"], color=colour, linestyle=(0.0, dashes or None))
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
            x - 0.04, row["position"], yerr=row["ambiguity"], fmt="o", color=INK, markersize=3.8, linewidth=1.2,
            markerfacecolor=filled, zorder=4,
        )  # fmt: skip
        ax.plot(x + 0.06, row["compromise"], marker="D", markersize=3, color=COLOURS[2], linestyle="none", zorder=4)


def _marks() -> list[Any]:
    from matplotlib.lines import Line2D

    plain = {"linestyle": "none", "color": INK, "markersize": 4.5}
    return [
        Line2D([], [], marker="o", label="text adopted, ± ambiguity", **plain),
        Line2D([], [], marker="o", markerfacecolor="white", label="not adopted in most worlds", **plain),
        Line2D([], [], marker="D", linestyle="none", color=COLOURS[2], markersize=3.5, label="compromise mean"),
    ]


def _positions_caption(states: pd.DataFrame, discussed: pd.DataFrame, theme: str) -> str:
    worlds = int(states["replicate"].nunique())
    last = states[states["year"] == states["year"].max()]
    middle = Interval.of(last.groupby("replicate")[f"position_{theme}"].median())
    sentences = [f"The median state stands at {interval_words(middle, 2)} in {last['year'].max()}; n = {worlds}."]
    if discussed.empty:
        sentences.append("The theme was on no agenda.")
    else:
        gap = discussed["position"].astype(float) - discussed["compromise"].astype(float)
        apart = Interval.of(gap.groupby(discussed["replicate"]).mean())
        open_ = ", zero included" if apart.n > 1 and apart.spans_zero else ""
        sentences.append(f"Texts stand {interval_words(apart)} from the compromise mean{open_}.")
        sentences.append("One mark per paragraph, mean over worlds.")
    sentences.append("Line and band: median and 5–95 % of states, in the median world.")
    return " ".join(sentences)
