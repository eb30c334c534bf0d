"""A brief: one state on one page."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from migsim.ensemble.progress import meter
from migsim.errors import InputError
from migsim.facts.codes import state_names
from migsim.plots.intervals import Interval
from migsim.plots.stories import state_story
from migsim.plots.wording import interval_words, ranged_words, worlds_words
from migsim.report.gained import COLUMNS, gains_of, reasons, themes_of
from migsim.report.identity import Company, company_of, facts_of, own_figures, state_named
from migsim.report.lived_again import LivedAgain, lived_again
from migsim.report.pages import BRIEF, refuse_taken, render, write_page
from migsim.report.pictures import Picture, picture_of
from migsim.report.said import said_in, told_by
from migsim.report.state_rows import interval_of, median_of_others, rows_of_states
from migsim.results.interests import interests
from migsim.results.projections import year_words
from migsim.results.run import Run
from migsim.scenario.wording import did_you_mean
from migsim.themes import THEMES

if TYPE_CHECKING:
    import pandas as pd

    from migsim.results.groups import By

__all__ = ["FORMATS", "brief"]

FORMATS: Final = ("html", "md")
STEPS: Final = 5
DRAWN: Final = ("population", "opinion_pro", "opinion_anti", "remittances_received")
SIZE: Final = (7.3, 1.85)
"""Inches of the figure."""


def brief(
    run: Run,
    state: str,
    path: str | os.PathLike[str],
    *,
    form: str = "html",
    groups: By = None,
    force: bool = False,
    progress: bool | None = None,
) -> Path:
    """Write one page on a state: its facts, interests, what it said, and what it gained and why.

    Parameters
    ----------
    run
        A run whose worlds are of one scenario.
    state
        An ISO 3166 code or an English name.
    path
        The file.
    form
        ``html``, which prints on one sheet of A4, or ``md`` (Markdown), which has no figure.
    groups
        Groups of states, as for `Run.groups`: the state is told beside the others of its own. By default
        those that the run was made with, if it is in one of them, and else its region.
    force
        Whether to replace a file that is no brief.
    progress
        Whether to show progress: always, never, or (None) on a terminal only.

    Raises
    ------
    InputError
        If there is no such state in the run, it is in none of the groups, no world was finished, the run is
        a sweep, or something else is at the path.
    EnvironmentProblem
        If the file cannot be written.
    """
    iso3, target = state_named(state), Path(path)
    _refuse(run, iso3, form)
    refuse_taken(target, BRIEF, force=force)
    company = company_of(run, iso3, groups)
    with meter(f"brief on {iso3}", STEPS, progress) as shown:
        rows = rows_of_states(run, "states", company.states, _columns())
        came = rows_of_states(run, "attendance", [iso3], ("process", "attended", "objections"))
        shown.advance(1)
        own = rows[rows["state"] == iso3]
        again = lived_again(run, iso3, own[own["year"] == own["year"].max()])
        shown.advance(2)
        values = _values(run, iso3, company, rows, came, again)
        shown.advance(1)
        values["picture"] = _picture(rows, iso3, company, values["themes_drawn"]) if form == "html" else None
        page = render(f"brief.{form}", values)
        shown.advance(1)
    return write_page(target, page)


def _refuse(run: Run, iso3: str, form: str) -> None:
    if form not in FORMATS:
        raise InputError(f"format: found {form}; allowed are {', '.join(FORMATS)}")
    where = run.folder or run.name
    if run.sample is not None:
        raise InputError(f"{where}: is a sweep; a brief is of a run of one scenario, as `migsim run` makes")
    if not run.n_replicates or "states" not in run.tables:
        raise InputError(
            f"{where}: no world was finished, so there is nothing to say of {iso3}; run it again"
        )
    listed = run.scenario.spec.states
    if listed != "all" and iso3 not in listed:
        meant = did_you_mean(iso3, tuple(listed))
        hint = meant or "add it to `states` in the scenario and run it again"
        raise InputError(f"STATE: {iso3} is not one of the {len(listed)} states of {where}; {hint}")


def _columns() -> tuple[str, ...]:
    return (*COLUMNS, *DRAWN, *(f"{kind}_{theme}" for kind in ("policy", "position") for theme in THEMES))


def _values(
    run: Run,
    iso3: str,
    company: Company,
    rows: pd.DataFrame,
    came: pd.DataFrame,
    again: LivedAgain | str,
) -> dict[str, Any]:
    """What the template shows."""
    year = int(rows["year"].max())
    last, own = rows[rows["year"] == year], rows[rows["state"] == iso3]
    lived = again if isinstance(again, LivedAgain) else None
    wants = interests(run.scenario, [iso3]).to_frame()
    gains, found = gains_of(last, iso3)
    themes, added = themes_of(wants, last, iso3, lived)
    facts = facts_of(iso3, own_figures(run.scenario, iso3))
    marks = {source: n for n, source in enumerate(dict.fromkeys(fact.source for fact in facts), start=1)}
    roles = {role: float(own[f"role_{role}"].iloc[0]) for role in ("host", "departure", "transit")}
    return {
        "name": state_names()[iso3],
        "iso3": iso3,
        "scenario": run.title,
        "first": run.scenario.spec.years.first,
        "year": year,
        "worlds": worlds_words(run.n_replicates),
        "ranged": ranged_words(run.parameters),
        "failed": len(run.failures),
        "behaviours": ", ".join(str(each["state"]) for each in run.manifest.get("behaviours", ())),
        "finding": _finding(last, iso3, company, year),
        "reasons": reasons(found, added),
        "region": f"{company_of(run, iso3, 'region').name}, {company_of(run, iso3, 'subregion').name}",
        "company": company,
        "n_others": rows.loc[rows["state"] != iso3, "state"].nunique(),
        "projection": year_words(year),
        "facts": [(fact.what, fact.figure, marks[fact.source]) for fact in facts],
        "sources": list(marks),
        "roles": _roles(roles),
        "gains": gains,
        "themes": themes,
        "agree": _agree(wants),
        "said": said_in(run, came, own, lived),
        "said_by": told_by(came),
        "n_processes": len(run.scenario.spec.processes),
        "n_again": len(lived.replicates) if lived else 0,
        "why_not": again if isinstance(again, str) else "",
        "themes_drawn": _most_moved(added),
        "seed": run.seed,
        "hash": str(run.manifest["scenario_hash"]),
        "date": str(run.manifest.get("finished_at", ""))[:10],
        "version": str(run.manifest.get("versions", {}).get("migsim", "")),
    }


def _finding(last: pd.DataFrame, iso3: str, company: Company, year: int) -> str:
    """What the state gains by the last year, beside the median state of its company."""
    own = last[last["state"] == iso3].set_index("replicate")["gain"]
    others = median_of_others(last, iso3, "gain")
    gain = interval_words(interval_of(own), "% of income", of_difference=True)
    told = f"{state_names()[iso3]}’s gain by {year} is {gain}"
    if others.notna().any():
        median = interval_words(interval_of(others), "% of income", of_difference=True)
        apart = interval_words(interval_of(own - others), "percentage points", of_difference=True)
        told += f"; that of the median other state of {company.words} is {median}, the difference {apart}"
    return f"{told}."


def _roles(roles: Mapping[str, float]) -> str:
    return ", ".join(
        f"{100 * share:.0f} % {role}" for role, share in sorted(roles.items(), key=lambda each: -each[1])
    )


def _agree(wants: pd.DataFrame) -> str:
    """On how many themes documents and payoffs point the same way."""
    counts = wants["agreement"].value_counts()
    said = [
        f"{word} on {counts[word]}" for word in ("same way", "apart", "documents silent") if word in counts
    ]
    return f"Documents and payoffs, seen from the policy of 2005: {', '.join(said)} of {len(wants)} themes."


def _most_moved(added: Mapping[str, Interval]) -> list[str]:
    """The two themes to draw: those on which the forum moves policy most."""
    by_words = dict(zip(added, THEMES, strict=True)) if added else {}
    ordered = sorted(added, key=lambda words: -abs(added[words].median))
    return [by_words[words] for words in ordered[:2]] or ["legal_mobility", "equal_treatment"]


def _picture(rows: pd.DataFrame, iso3: str, company: Company, themes: list[str]) -> Picture:
    """The state's story, small."""
    from textwrap import fill

    import matplotlib.pyplot as plt

    _, axes = plt.subplots(1, 4, figsize=SIZE, layout="constrained")
    panels = state_story(rows, iso3, themes=themes, beside=company.states, called=company.name, ax=axes)
    for panel in panels:
        panel.set_title(fill(panel.get_title(loc="left"), 19), loc="left", fontsize=8.0)
        panel.tick_params(labelsize=7.5)
        panel.set_ylabel(fill(panel.get_ylabel(), 20), fontsize=7.5)
        panel.set_xlabel("")
        panel.spines[["top", "right"]].set_visible(False)
    return picture_of(panels, "story", is_own=False)
