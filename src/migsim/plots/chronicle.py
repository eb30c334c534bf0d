"""History: which processes met in which year, over how many worlds, and who had ratified what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from migsim.plots.intervals import Interval, one_scenario
from migsim.plots.projections import mark_projection
from migsim.plots.sheet import GivenAxes, open_sheet, say
from migsim.plots.style import COLOURS, DASHES, GREY, SMALL, dashed, in_house_style
from migsim.plots.wording import ranged_words
from migsim.provenance.claims import claim
from migsim.results import tallies

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

__all__ = ["ON_RECORD", "history", "meetings", "parties"]

ON_RECORD: Final = {
    "second-high-level-dialogue": "w-hld-2013",
    "high-level-meeting": "g-hlm-2016",
    "summits": "w-g7-ankara",
}
"""Claims that date what a scenario leaves to its worlds."""
COUNTED: Final = "migrant-workers-convention"
"""The instrument whose parties are known by year."""
ALWAYS: Final = ("gfmd",)
"""Processes with a row of their own even where their calendar is certain."""
NOTHING_MET: Final = "no process met"
NO_PARTY: Final = "nobody ratified anything"
ROW: Final = 0.29
PARTIES: Final = 2.1
DARK: Final = 0.55
"""Share of worlds from which on a number in a cell is white."""
LONGEST: Final = 40
"""Letters of a row's name; longer ones are broken."""


def meetings(attendance: pd.DataFrame, n_worlds: int) -> pd.DataFrame:
    """Share of worlds in which each process met, by year.

    Parameters
    ----------
    attendance : DataFrame
        Table ``attendance`` of one scenario: ``replicate``, ``year``, ``process``; or what
        `migsim.results.tallies.meetings` makes of it.
    n_worlds
        Worlds in all, for in some a process may not have met.

    Returns
    -------
    pandas.DataFrame
        Columns ``process``, ``year`` and ``share``, above 0; processes in the order of the table.
    """
    rows = attendance if "worlds" in attendance.columns else tallies.meetings(attendance)
    rows = rows.assign(process=rows["process"].astype(str))
    shares = rows.groupby(["process", "year"], sort=False)["worlds"].sum().div(n_worlds)
    found: pd.DataFrame = shares.rename("share").reset_index()
    return found


def parties(ratifications: pd.DataFrame, years: Sequence[int], replicates: Sequence[int]) -> pd.DataFrame:
    """Parties to each instrument at the end of each year, one row a world.

    Parameters
    ----------
    ratifications : DataFrame
        Table ``ratifications`` of one scenario, or what `migsim.results.tallies.parties` makes of it.
    years
        Years to count in.
    replicates
        Numbers of the worlds; those without a row count with nothing.

    Returns
    -------
    pandas.DataFrame
        Columns ``instrument``, ``replicate``, ``year`` and ``parties``.
    """
    import pandas as pd

    rows = ratifications if "joined" in ratifications.columns else tallies.parties(ratifications)
    rows = rows.assign(instrument=rows["instrument"].astype(str))
    parts = []
    for instrument, of_it in rows.groupby("instrument", sort=False):
        for year in years:
            joined = of_it[of_it["year"] <= year].groupby("replicate")["joined"].sum()
            counts = joined.reindex(list(replicates), fill_value=0)
            parts.append(
                pd.DataFrame(
                    {"instrument": instrument, "replicate": counts.index, "year": year, "parties": counts}
                )
            )
    columns = ["instrument", "replicate", "year", "parties"]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)


@in_house_style
def history(
    attendance: pd.DataFrame,
    ratifications: pd.DataFrame,
    *,
    years: Sequence[int] | None = None,
    n_worlds: int | None = None,
    worlds: Sequence[int] | None = None,
    open_processes: Sequence[str] = (),
    scenario: str | None = None,
    spread: str | None = None,
    titles: Mapping[str, str] | None = None,
    ax: GivenAxes = None,
) -> np.ndarray[Any, Any]:
    """When processes met, in how many worlds, and below it how many states had ratified each instrument.

    Only processes that are not certain to meet as their calendar says have a row of their own, and the Global
    Forum; the others are counted in the last row.

    Parameters
    ----------
    attendance, ratifications : DataFrame
        The tables of these names of one scenario; or what `migsim.results.tallies.meetings` and
        `migsim.results.tallies.parties` make of them, and then ``worlds`` says of which worlds.
    years : sequence of int, optional
        Years to show; by default those of the tables' sessions.
    n_worlds : int, optional
        Worlds run; by default as many as ``worlds``, or those that are in the table.
    worlds : sequence of int, optional
        Numbers of the worlds run; by default those that are in the tables.
    open_processes : sequence of str
        Processes that are left to trust, attention or support: they have a row even if they never met.
    scenario, spread
        As for `agenda` and `migsim.plots.triple_win`.
    titles : mapping, optional
        What to call each process and instrument.
    ax : two Axes, optional

    Returns
    -------
    array of Axes
        Meetings, parties.
    """
    rows, joined = one_scenario(attendance, scenario), one_scenario(ratifications, scenario)
    n = n_worlds or len(worlds or ()) or (int(rows["replicate"].nunique()) if len(rows) else 0)
    met = meetings(rows, n) if len(rows) else rows
    shown = list(years) if years is not None else sorted({int(year) for year in met["year"]}) if n else []
    names = _rows_of_their_own(met, open_processes) if len(rows) else list(open_processes)
    grid = ROW * (len(names) + 1) + 0.45
    sheet = open_sheet(ax, 2, 1, height=grid + PARTIES)
    if sheet.is_own:
        sheet.axes[0].get_gridspec().set_height_ratios([grid, PARTIES])  # type: ignore[union-attr]
    called = dict(titles or {})
    _draw_meetings(sheet.axes[0], met, names, shown, called)
    numbers = _worlds(rows, joined, n) if worlds is None else worlds
    handles = _draw_parties(sheet.axes[1], joined, shown, numbers, called)
    caption = _caption(met, names, n, spread, called)
    if len(joined) and COUNTED in set(joined["instrument"].astype(str)):
        caption += f" Open dots: parties on record to the {called.get(COUNTED, COUNTED)}."
    sheet.finish("What met, in how many worlds, and who had ratified what", caption, handles)
    return sheet.array()


def _worlds(rows: pd.DataFrame, joined: pd.DataFrame, n: int) -> list[int]:
    """The numbers of the worlds; those without any row in a table count with nothing."""
    known = sorted({int(r) for table in (rows, joined) if len(table) for r in table["replicate"].unique()})
    return known if len(known) >= n else list(range(n))


def _rows_of_their_own(met: pd.DataFrame, open_processes: Sequence[str]) -> list[str]:
    """The Global Forum, what is left open, and what does not meet in all worlds; by first meeting."""
    uncertain = met.loc[met["share"] < 1.0, "process"]
    own = {*uncertain, *open_processes, *(name for name in ALWAYS if name in set(met["process"]))}
    first = met.groupby("process")["year"].min()
    fixed = [name for name in ALWAYS if name in own]
    rest = sorted(own - set(fixed), key=lambda name: (int(first.get(name, 9999)), name))
    return [*fixed, *rest]


def _draw_meetings(
    panel: Axes, met: pd.DataFrame, names: Sequence[str], years: Sequence[int], titles: Mapping[str, str]
) -> None:
    """One row a process, one cell a year, the darker the more worlds."""
    from textwrap import fill

    if met.empty or not years:
        say(panel, NOTHING_MET)
        return
    shares = {
        (str(name), int(year)): float(share)
        for name, year, share in zip(met["process"], met["year"], met["share"], strict=True)
    }
    for place, name in enumerate(names):
        for year in years:
            _cell(panel, place, year, shares.get((name, year), 0.0))
        if name in ON_RECORD and int(claim(ON_RECORD[name]).year) in years:
            _mark(panel, place, int(claim(ON_RECORD[name]).year))
    others = [name for name in dict.fromkeys(met["process"]) if name not in names]
    for year in years:
        count = sum(shares.get((name, year), 0.0) > 0.0 for name in others)
        if count:
            panel.text(year, len(names), str(count), ha="center", va="center", size=SMALL, color=GREY)
    labels = [fill(titles.get(name) or name, LONGEST) for name in names]
    panel.set_yticks(range(len(names) + 1), [*labels, "Others, as their calendars say (number)"])
    panel.set_ylim(len(names) + 0.5, -0.5)
    _year_axis(panel, years)
    panel.tick_params(axis="y", length=0, labelsize=SMALL)
    panel.set_title("Meetings: % of worlds in which a process met")


def _cell(panel: Axes, place: int, year: int, share: float) -> None:
    from matplotlib.colors import to_rgb
    from matplotlib.patches import Rectangle

    if share <= 0.0:
        return
    colour = tuple(1.0 - (0.12 + 0.88 * share) * (1.0 - part) for part in to_rgb(COLOURS[0]))
    panel.add_patch(Rectangle((year - 0.48, place - 0.45), 0.96, 0.9, facecolor=colour, linewidth=0))
    panel.text(
        year, place, f"{100.0 * share:.0f}", ha="center", va="center", size=SMALL,
        color="white" if share > DARK else "black",
    )  # fmt: skip


def _mark(panel: Axes, place: int, year: int) -> None:
    """A frame around the year on record."""
    from matplotlib.patches import Rectangle

    frame = Rectangle(
        (year - 0.48, place - 0.45), 0.96, 0.9, fill=False, edgecolor=COLOURS[1], linewidth=1.6, zorder=3
    )
    frame.set_gid("on record")
    panel.add_patch(frame)


def _draw_parties(
    panel: Axes, joined: pd.DataFrame, years: Sequence[int], worlds: Sequence[int], titles: Mapping[str, str]
) -> list[Artist]:
    """Parties over the years: the median of worlds and its band."""
    panel.set_title("Parties at the end of the year: median, and 5–95 % of worlds")
    panel.set_ylabel("States")
    if joined.empty or not years:
        say(panel, NO_PARTY)
        return []
    handles: list[Artist] = []
    for n, (instrument, of_it) in enumerate(joined.groupby("instrument", sort=False, observed=True)):
        rows = parties(of_it, years, worlds)
        found = [Interval.of(rows.loc[rows["year"] == year, "parties"]) for year in years]
        colour = COLOURS[n % len(COLOURS)]
        low, high = [each.low for each in found], [each.high for each in found]
        panel.fill_between(years, low, high, color=colour, alpha=0.15, linewidth=0)
        (line,) = panel.plot(
            years, [each.median for each in found], color=colour, linestyle=dashed(DASHES[n % len(DASHES)]),
            label=titles.get(str(instrument)) or str(instrument),
        )  # fmt: skip
        handles.append(line)
        _dots_on_record(panel, str(instrument), years, colour)
    panel.set_ylim(bottom=0.0)
    _year_axis(panel, years)
    return handles


def _dots_on_record(panel: Axes, instrument: str, years: Sequence[int], colour: str) -> None:
    """Parties that are on record, as open dots, where the project's figures have them."""
    from migsim.facts import recorded_parties

    joined = sorted(recorded_parties(instrument).values()) if instrument == COUNTED else []
    known = [year for year in years if joined and year <= joined[-1]]
    counts = [sum(each <= year for each in joined) for year in known]
    if counts:
        panel.plot(
            known, counts, linestyle="none", marker="o", markersize=3.5, color=colour, fillstyle="none"
        )


def _year_axis(panel: Axes, years: Sequence[int]) -> None:
    panel.set_xlim(min(years) - 0.6, max(years) + 0.6)
    mark_projection(panel, years)
    step = 1 if len(years) <= 12 else 2
    ticks = list(range(min(years), max(years) + 1, step))
    panel.set_xticks(ticks, [str(year) for year in ticks])


def _caption(
    met: pd.DataFrame, names: Sequence[str], n: int, spread: str | None, titles: Mapping[str, str]
) -> str:
    if not n:
        return f"Nothing to show: {NOTHING_MET}."
    worlds = f"{n:,} world{'s' if n > 1 else ''}{ranged_words(spread) if spread and n > 1 else ''}"
    never = [titles.get(name) or name for name in names if name not in set(met["process"])]
    said = f" Met in no world: {'; '.join(never)}." if never else ""
    marked = [name for name in names if name in ON_RECORD]
    record = " Orange frames: the year on record, which the worlds do not know." if marked else ""
    return (
        f"Numbers: % of worlds in which a process met in the year; empty: in none.{record}{said} Processes"
        f" that meet in every world as their calendars say are counted in the last row. n = {worlds}."
    )
