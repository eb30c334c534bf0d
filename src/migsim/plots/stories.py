"""One state's story: its own gain, policies, opinion and remittances, against the median of its region."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final

from migsim.errors import InputError, shown
from migsim.facts.codes import state_names
from migsim.plots.fan import EndLabel, label_ends, year_axis, zero_line
from migsim.plots.intervals import Interval, last_year, one_scenario, over_worlds
from migsim.plots.sheet import GivenAxes, open_sheet
from migsim.plots.style import COLOURS, DASHES, GREY, dashed, in_house_style
from migsim.plots.wins import EMPTY
from migsim.plots.wording import interval_words, ranged_words, theme_words, worlds_words
from migsim.results.story import regions
from migsim.themes import THEMES

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["state_story"]

MOST_THEMES: Final = 3
"""Policies that a panel can hold apart."""


@in_house_style
def state_story(
    states: pd.DataFrame,
    iso3: str,
    *,
    themes: Sequence[str] = ("legal_mobility", "equal_treatment"),
    beside: Collection[str] | None = None,
    called: str = "",
    scenario: str | None = None,
    spread: str | None = None,
    ax: GivenAxes = None,
) -> np.ndarray[Any, Any]:
    """What happens in one state: four panels, its own lines against the median state of its region in grey.

    Parameters
    ----------
    states : DataFrame
        Table ``states`` of a run, or the rows of the state's region.
    iso3 : str
        The state.
    themes : sequence of str
        One to three themes whose policy is shown.
    beside : collection of str, optional
        The states it is told beside, by default those of its region, and what they are ``called``.
    scenario : str, optional
        Which scenario, if the frame holds several.
    spread : {"ranged", "central"}, optional
        What the worlds differ in, for the caption.
    ax : four Axes, optional

    Returns
    -------
    array of Axes
        Gain, policy, opinion, remittances.

    Raises
    ------
    InputError
        If the state or a theme is unknown, or the state is not in the table.
    """
    rows = one_scenario(states, scenario)
    _check(rows, iso3, themes)
    name = state_names()[iso3]
    sheet = open_sheet(ax, 2, 2, height=4.4)
    gain, policy, view, money = sheet.axes
    _headings(sheet.axes)
    title = f"{name}: gain, policy, opinion and remittances"
    if rows.empty:
        return sheet.finish_empty(title, EMPTY)
    region_of = regions()
    company = [code for code, region in region_of.items() if region == region_of[iso3]]
    near = set(company if beside is None else beside) - {iso3}
    measured = _per_head(rows)
    own = measured[measured["state"].astype(str) == iso3]
    region = measured[measured["state"].astype(str).isin(near)]
    zero_line(gain)
    _draw(gain, own, region, {"gain": name})
    _draw(policy, own, region, {f"policy_{theme}": theme_words(theme) for theme in themes})
    _draw(view, own, region, {"opinion_pro": "for", "opinion_anti": "against"})
    _draw(money, own, region, {"received_per_head": name})
    for panel in sheet.axes:
        year_axis(panel, rows["year"].unique(), most=3)
    whose = region_of[iso3] if beside is None else called
    sheet.finish(title, _caption(own, name, whose, region["state"].nunique(), spread))
    return sheet.array()


def _check(rows: pd.DataFrame, iso3: str, themes: Sequence[str]) -> None:
    if iso3 not in state_names():
        near = get_close_matches(iso3.upper(), state_names(), n=1)
        raise InputError(f"no state {shown(iso3)}" + (f"; did you mean {near[0]}?" if near else ""))
    if unknown := [theme for theme in themes if theme not in THEMES]:
        raise InputError(f"no theme {shown(unknown[0])}; themes: {', '.join(THEMES)}")
    if not 1 <= len(themes) <= MOST_THEMES:
        raise InputError(f"{len(themes)} themes; a story shows one to {MOST_THEMES}")
    if len(rows) and iso3 not in set(rows["state"].astype(str)):
        raise InputError(f"state {iso3} is not in this run")


def _headings(axes: Sequence[Axes]) -> None:
    gain, policy, view, money = axes
    gain.set_title("Gain against the same world without a forum")
    gain.set_ylabel("% of income")
    gain.ticklabel_format(axis="y", style="plain", useOffset=False)
    policy.set_title("Policy")
    policy.set_ylabel("0 (no cooperation) to 1")
    view.set_title("Public opinion on migration")
    view.set_ylabel("% of the public")
    money.set_title("Remittances received")
    money.set_ylabel("USD of 2005 per inhabitant")


def _per_head(rows: pd.DataFrame) -> pd.DataFrame:
    """Opinion in percent, and remittances per inhabitant so that states of any size compare."""
    return rows.assign(
        opinion_pro=100.0 * rows["opinion_pro"],
        opinion_anti=100.0 * rows["opinion_anti"],
        received_per_head=1e6 * rows["remittances_received"] / rows["population"],
    )


def _draw(ax: Axes, own: pd.DataFrame, region: pd.DataFrame, columns: Mapping[str, str]) -> None:
    ends = []
    for n, (column, words) in enumerate(columns.items()):
        colour, dashes = COLOURS[n], DASHES[n]
        summary = over_worlds(own, column, ("year",))
        if summary.empty:
            continue
        years = summary["year"].to_numpy(float)
        ax.plot(years, summary["median"], color=colour, linestyle=dashed(dashes), zorder=3)
        if len(years) == 1:
            ax.plot(years, summary["median"], marker="o", markersize=4, color=colour)
        if summary["n"].max() > 1:
            ax.fill_between(years, summary["low"], summary["high"], color=colour, alpha=0.16, linewidth=0)
        others = over_worlds(region, column, ("year",))
        ax.plot(others["year"], others["median"], color=GREY, linestyle=dashed(dashes), linewidth=1.0)
        if len(columns) > 1:
            ends.append(EndLabel(years[-1], float(summary["median"].iloc[-1]), words, colour))
    label_ends(ax, ends, height=1.5, wrap=13)


def _caption(own: pd.DataFrame, name: str, region: str, n_others: int, spread: str | None) -> str:
    year = last_year(own)
    last = own[own["year"] == year]
    gain = Interval.of(last["gain"])
    received = Interval.of(last["remittances_received"])
    reading = (
        "n = 1: no band" if gain.n == 1 else f"bands: 5–95 % of {worlds_words(gain.n)}{ranged_words(spread)}"
    )
    return (
        f"{name}'s gain from the forum by {year}: {interval_words(gain, '% of income', of_difference=True)}. "
        f"It receives {interval_words(received, 'million USD')} in remittances that year. "
        f"Coloured lines: {name}, median; {reading}. Grey, in the same dashes: median of the "
        f"{n_others} other states of {region}."
    )
