"""One state's story, year by year."""

from __future__ import annotations

import csv
from collections.abc import Collection, Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["TOLD", "company_rows", "regions", "state_story"]

TOLD: Final = (
    "population",
    "income",
    "unemployment",
    "immigrants",
    "emigrants",
    "inflow",
    "outflow",
    "remittances_received",
    "remittances_paid",
    "opinion_pro",
    "opinion_anti",
    "trust",
    "practice",
    "wellbeing",
    "protection_of_nationals",
)
"""Columns of table ``states`` that the story tells by their median over worlds."""


@cache
def regions() -> Mapping[str, str]:
    """The region of each state.

    Examples
    --------
    >>> regions()["BEL"]
    'Europe'
    """
    text = files("migsim.facts").joinpath("states.csv").read_text(encoding="utf-8")
    return MappingProxyType({row["iso3"]: row["region"] for row in csv.DictReader(text.splitlines())})


def company_rows(states: pd.DataFrame, iso3: str, beside: Collection[str] | None = None) -> pd.DataFrame:
    """The rows of a state and some others, by default its region; of any states where it is not there."""
    region = regions().get(iso3)
    near = {code for code, each in regions().items() if each == region} if beside is None else {*beside}
    is_near = states["state"].isin(near | {iso3})
    return states[is_near] if (states["state"] == iso3).any() else states.head(1)


def state_story(rows: pd.DataFrame, attendance: pd.DataFrame | None = None) -> pd.DataFrame:
    """The story of one state: one row a year.

    Parameters
    ----------
    rows
        The state's rows of table ``states``.
    attendance
        The state's rows of table ``attendance``; empty or none if there were no sessions.

    Returns
    -------
    DataFrame
        By year: medians over worlds; ``attended``, the share of worlds in which it came to a session (empty
        in years without one); ``policy``, the mean over themes; ``gain`` with its 5th and 95th percentile, in
        percent of income.
    """
    policies = [name for name in rows.columns if name.startswith("policy_")]
    told = rows.assign(policy=rows[policies].mean(axis=1)).groupby("year")
    story = told[[*TOLD, "policy"]].median()
    if attendance is not None and len(attendance):
        came = attendance.groupby(["year", "replicate"])["attended"].any().groupby("year").mean()
        story["attended"] = came.reindex(story.index)
    else:
        story["attended"] = float("nan")
    story["gain"] = told["gain"].median()
    story["gain_p05"] = told["gain"].quantile(0.05)
    story["gain_p95"] = told["gain"].quantile(0.95)
    return story
