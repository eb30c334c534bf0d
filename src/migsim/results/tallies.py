"""What figures need of the large tables, counted world by world: a few rows a world instead of thousands.

Each function makes a small frame of the rows of some worlds, so that tables are read a shard at a time
(``reduce`` of `migsim.results.run.Run.table`). A figure takes the table or what is made of it here.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final

from migsim.errors import InputError, shown
from migsim.themes import THEMES

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    import pandas as pd

__all__ = [
    "ALL", "DEPARTURES", "HOSTS", "MEASURES", "ROLES", "attending", "in_years", "meetings", "parties",
    "processes", "refuse_unknown", "standpoints", "text_points", "theme_counts", "themes_by_world",
    "words_once",
]  # fmt: skip

ALL: Final = "all states"
HOSTS: Final = "host states"
DEPARTURES: Final = "departure states"
ROLES: Final = ("role_host", "role_departure")
"""Columns by which a state counts as a host or a departure state: by the larger of the two."""
LOW, HIGH = 0.05, 0.95
MEASURES: Final = ("position", "ambiguity", "adopted", "compromise")
"""Of a text, what is drawn of it."""


def refuse_unknown(theme: str) -> None:
    """Refuse what is no theme.

    Raises
    ------
    InputError
        With the themes that there are.
    """
    if theme not in THEMES:
        near = get_close_matches(theme, THEMES, n=1)
        meant = f"; did you mean {near[0]}?" if near else ""
        raise InputError(f"no theme {shown(theme)}{meant} Themes: {', '.join(THEMES)}")


def words_once(rows: pd.DataFrame) -> pd.DataFrame:
    """The same rows, with words that stand in many of them held once."""
    return rows.astype({name: "category" for name in rows.select_dtypes(exclude="number").columns})


def in_years(rows: pd.DataFrame, years: Collection[int]) -> pd.DataFrame:
    """The rows of some years, with words held once."""
    return words_once(rows[rows["year"].isin(list(years))])


def attending(attendance: pd.DataFrame) -> pd.DataFrame:
    """How many states came to each session.

    Returns
    -------
    DataFrame
        Columns ``replicate``, ``year``, ``process`` and ``attended``, a number of states; a row a session.
    """
    by = ["replicate", "year", "process"]
    return attendance.groupby(by, sort=False, observed=True)["attended"].sum().reset_index()


def meetings(attendance: pd.DataFrame) -> pd.DataFrame:
    """In how many worlds each process met, by year.

    Returns
    -------
    DataFrame
        Columns ``year``, ``process`` and ``worlds``; in the order of the table.
    """
    met = attendance[["replicate", "year", "process"]].drop_duplicates()
    return met.groupby(["year", "process"], sort=False, observed=True).size().rename("worlds").reset_index()


def parties(ratifications: pd.DataFrame) -> pd.DataFrame:
    """How many states ratified each instrument in each year.

    Returns
    -------
    DataFrame
        Columns ``replicate``, ``year``, ``instrument`` and ``joined``, a number of states; without rows where
        nobody did.
    """
    by = ["replicate", "year", "instrument"]
    return ratifications.groupby(by, sort=False, observed=True).size().rename("joined").reset_index()


def processes(texts: pd.DataFrame) -> pd.DataFrame:
    """The processes with texts, and whether anything was ``adopted`` of them; in the order of the table."""
    return texts.groupby("process", sort=False, observed=True)["adopted"].any().reset_index()


def theme_counts(texts: pd.DataFrame) -> pd.DataFrame:
    """How many ``paragraphs`` of each ``theme`` were on an agenda."""
    on = texts[texts["on_agenda"].astype(bool)]
    return on.groupby("theme", observed=True).size().rename("paragraphs").reset_index()


def themes_by_world(texts: pd.DataFrame) -> pd.DataFrame:
    """What was on the agendas of each world, and what became of it.

    Returns
    -------
    DataFrame
        A row a theme on an agenda, columns ``replicate``, ``year``, ``theme``, ``paragraphs`` on the agenda,
        and their sums of ``adopted``, ``strength`` and ``ambiguity``. A year with sessions but no theme has a
        row with 0 paragraphs.
    """
    by = ["replicate", "year", "theme"]
    on = texts["on_agenda"].astype(bool)
    sums: dict[str, Any] = {
        "paragraphs": on,
        "adopted": texts["adopted"].astype(float).where(on, 0.0),
        "strength": texts["strength"].where(on, 0.0),
        "ambiguity": texts["ambiguity"].where(on, 0.0),
    }
    found = texts[by].assign(**sums).groupby(by, sort=False, observed=True).sum().reset_index()
    is_empty = found["paragraphs"] == 0
    is_silent = is_empty.groupby([found["replicate"], found["year"]]).transform("all")
    is_first = ~found.duplicated(["replicate", "year"])
    return found[~is_empty | (is_silent & is_first)]


def text_points(texts: pd.DataFrame, theme: str) -> pd.DataFrame:
    """Where the texts on a theme come out in each world.

    Returns
    -------
    DataFrame
        A row a paragraph on an agenda and year, columns ``replicate``, ``year``, ``paragraph``, ``texts``
        (how many, for several processes may write it), and their sums of ``position``, ``ambiguity``,
        ``adopted`` and ``compromise``.
    """
    on = texts[(texts["theme"].astype(str) == theme) & texts["on_agenda"].astype(bool)]
    by = ["replicate", "year", "paragraph"]
    numbers = on[by].assign(texts=1, **{name: on[name].astype(float) for name in MEASURES})
    return numbers.groupby(by, sort=False, observed=True).sum().reset_index()


def standpoints(
    states: pd.DataFrame, theme: str, groups: Mapping[str, Collection[str]] | None = None
) -> pd.DataFrame:
    """Where the states of each world stand on a theme in each year.

    Parameters
    ----------
    states
        Rows of table ``states``; with the columns of `ROLES` also for host and departure states apart.
    theme
    groups
        By name the states of each group, in the place of host and departure states.

    Returns
    -------
    DataFrame
        Columns ``replicate``, ``year``, ``who`` (`ALL`, `HOSTS`, `DEPARTURES` or a group), ``median``,
        ``low`` and ``high`` (5th and 95th percentile) of the positions of these states, from 0 to 1.
    """
    import pandas as pd

    told = {ALL: states}
    if groups is not None:
        codes = states["state"].astype(str)
        told |= {name: states[codes.isin(list(held))] for name, held in groups.items()}
    elif set(ROLES) <= set(states.columns):
        is_host = states[ROLES[0]] >= states[ROLES[1]]
        told |= {HOSTS: states[is_host], DEPARTURES: states[~is_host]}
    parts = []
    for who, rows in told.items():
        known = rows.dropna(subset=[f"position_{theme}"])
        values = known.groupby(["replicate", "year"])[f"position_{theme}"]
        ends = {"median": values.median(), "low": values.quantile(LOW), "high": values.quantile(HIGH)}
        parts.append(pd.DataFrame(ends).reset_index().assign(who=who))
    return pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
