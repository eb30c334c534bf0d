"""Votes: how states of each region and income group vote on a text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from migsim.errors import InputError, shown
from migsim.plots.intervals import Interval, one_scenario
from migsim.plots.rows import rows_height
from migsim.plots.sheet import GivenAxes, open_sheet, say
from migsim.plots.style import COLOURS, SMALL, in_house_style
from migsim.plots.wording import interval_words, ranged_words

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    import numpy as np
    import pandas as pd
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

__all__ = ["vote", "vote_shares"]

SHADES: Final = {"yes": COLOURS[0], "abstain": COLOURS[4], "no": COLOURS[1], "absent": "#DDDDDD"}
"""Votes from side to side, with their colours."""
HATCHES: Final = {"yes": "", "abstain": "...", "no": "///", "absent": ""}
"""Told apart in grey."""
WORDS: Final = {"yes": "Yes", "abstain": "Abstains", "no": "No", "absent": "Absent"}
INCOMES: Final = {"H": "High income", "UM": "Upper middle", "LM": "Lower middle", "L": "Low income"}
NO_VOTE: Final = "no vote was taken"
ROOM_FOR_NUMBER: Final = 0.08
"""Share of a bar beyond which it carries its number."""


def vote_shares(table: pd.DataFrame, groups: Mapping[str, Collection[str]]) -> pd.DataFrame:
    """Share of the states of each group that vote each way, as a mean over worlds.

    Parameters
    ----------
    table : DataFrame
        Table ``votes`` of one scenario and one vote: ``replicate``, ``state``, ``vote``.
    groups : mapping
        By group its states; a state may be in several.

    Returns
    -------
    pandas.DataFrame
        One row a group, in their order; a column for each vote, and ``n_states``.
    """
    import pandas as pd

    states = table["state"].astype(str)
    told = table.assign(vote=table["vote"].astype(str))
    rows = pd.concat([told[states.isin(list(held))].assign(group=name) for name, held in groups.items()])
    counts = rows.groupby(["replicate", "group", "vote"], observed=True).size().unstack(fill_value=0)
    counts = counts.reindex(columns=list(SHADES), fill_value=0)
    shares = counts.div(counts.sum(axis=1), axis=0).groupby(level="group").mean()
    order = [name for name in groups if name in shares.index]
    shares = pd.DataFrame(shares.loc[order])
    shares["n_states"] = rows.groupby("group", observed=True)["state"].nunique().loc[order]
    return shares


@in_house_style
def vote(
    table: pd.DataFrame,
    *,
    instrument: str | None = None,
    year: int | None = None,
    scenario: str | None = None,
    spread: str | None = None,
    titles: Mapping[str, str] | None = None,
    groups: Mapping[str, Mapping[str, float]] | None = None,
    by: str = "region",
    ax: GivenAxes = None,
) -> np.ndarray[Any, Any]:
    """How states vote on a text, by region or other groups and by income group.

    Parameters
    ----------
    table : DataFrame
        Table ``votes``: ``replicate``, ``year``, ``instrument``, ``state``, ``vote``.
    instrument, year : optional
        Which vote; by default the last in the table.
    scenario, spread
        As for `agenda` and `migsim.plots.triple_win`.
    titles : mapping, optional
        What to call each instrument.
    groups : mapping, optional
        Groups in the place of regions, by name their states, and what they are: groups ``by``.
    ax : two Axes, optional

    Returns
    -------
    array of Axes
        By region or other groups, by income group.
    """
    rows = one_scenario(table, scenario)
    divided = _groups(groups, by)
    n_rows = max(map(len, divided.values()))
    sheet = open_sheet(ax, 1, 2, height=rows_height(n_rows) + 0.3)
    rows, chosen, when = _one_vote(rows, instrument, year)
    for panel, (title, group) in zip(sheet.axes, divided.items(), strict=True):
        panel.set_title(title)
        panel.set_xlabel("% of states, mean over worlds")
        panel.set_ylabel("Group (states)" if panel is sheet.axes[0] else "")
        if rows.empty:
            say(panel, NO_VOTE)
        else:
            _bars(panel, vote_shares(rows, group))
    called = (titles or {}).get(chosen) or chosen
    heading = f"How states vote: {called}, {when}" if chosen else "How states vote"
    caption = _caption(rows, spread) if chosen else f"Nothing to show: {NO_VOTE}."
    sheet.finish(heading, caption, _marks() if chosen else (), year=when)
    return sheet.array()


def _groups(
    groups: Mapping[str, Mapping[str, float]] | None, by: str
) -> dict[str, Mapping[str, Collection[str]]]:
    """Groupings of the states by title: by group its states."""
    from migsim.facts import load

    facts = load()
    regions: dict[str, list[str]] = {name: [] for name in sorted(set(facts.region))}
    incomes: dict[str, list[str]] = {name: [] for name in INCOMES.values()}
    for iso3, region, income in zip(facts.iso3, facts.region, facts.income_group, strict=True):
        regions[region].append(iso3)
        incomes[INCOMES[income]].append(iso3)
    words = by.replace("_", " ")
    return {f"By {words}": regions if groups is None else groups, "By income group": incomes}


def _one_vote(rows: pd.DataFrame, instrument: str | None, year: int | None) -> tuple[pd.DataFrame, str, int]:
    """The rows of one vote, what was voted on, and when."""
    if rows.empty and instrument is None:
        return rows, "", 0
    known = list(dict.fromkeys(rows.sort_values("year")["instrument"].astype(str))) if len(rows) else []
    chosen = instrument or known[-1]
    if chosen not in known:
        raise InputError(f"no vote on {shown(chosen)}; votes were taken on: {', '.join(known) or 'nothing'}")
    of_it = rows[rows["instrument"].astype(str) == chosen]
    years = sorted(int(each) for each in of_it["year"].unique())
    when = years[-1] if year is None else year
    if when not in years:
        said = ", ".join(map(str, years))
        raise InputError(f"no vote on {chosen} in {when}; there was one in {said}")
    return of_it[of_it["year"] == when], chosen, when


def _bars(ax: Axes, shares: pd.DataFrame) -> None:
    names = [f"{name} ({n})" for name, n in shares["n_states"].items()]
    places = range(len(names))
    left = 0.0 * shares["n_states"].astype(float)
    for way, colour in SHADES.items():
        width = 100.0 * shares[way]
        ax.barh(
            places, width, left=left, height=0.72, color=colour, hatch=HATCHES[way], edgecolor="white",
            linewidth=0.6,
        )  # fmt: skip
        for place, share, start in zip(places, shares[way], left, strict=True):
            if share >= ROOM_FOR_NUMBER:
                ground = {"facecolor": colour, "edgecolor": "none", "pad": 0.8}
                ax.text(
                    start + 50.0 * share, place, f"{100.0 * share:.0f}", ha="center", va="center", size=SMALL,
                    color="white" if way in ("yes", "no") else "black", bbox=ground,
                )  # fmt: skip
        left = left + width
    ax.set_yticks(list(places), names)
    ax.set_ylim(len(names) - 0.4, -0.6)
    ax.set_xlim(0.0, 100.0)
    ax.tick_params(axis="y", length=0)


def _marks() -> Sequence[Artist]:
    from matplotlib.patches import Patch

    return [
        Patch(facecolor=colour, hatch=HATCHES[way], edgecolor="white", label=WORDS[way])
        for way, colour in SHADES.items()
    ]


def _caption(rows: pd.DataFrame, spread: str | None) -> str:
    counts = rows.groupby(["replicate", rows["vote"].astype(str)], observed=True).size().unstack(fill_value=0)
    counts = counts.reindex(columns=list(SHADES), fill_value=0)
    found = {way: Interval.of(counts[way]) for way in SHADES}
    n = len(counts)
    ways = (
        ("yes", "vote yes"), ("no", "vote no"), ("abstain", "abstain"), ("absent", "are absent"),
    )  # fmt: skip
    said = "; ".join(f"{interval_words(found[way], 'states', 0)} {words}" for way, words in ways)
    passed = int((counts["yes"] > counts["no"]).sum())
    worlds = f"{n:,} world{'s' if n > 1 else ''}{ranged_words(spread) if spread and n > 1 else ''}"
    return f"{said}. The text is adopted in {passed:,} of the worlds with a vote; n = {worlds}."
