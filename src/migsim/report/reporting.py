"""A report: what was asked, what was found, what it rests on, and how to get it again, on one page."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Final

from migsim.ensemble.progress import meter
from migsim.errors import InputError, shown
from migsim.report.assumptions import assumed, known
from migsim.report.origins import by_hand, commands, needed_files, origin_of, shared_facts, sources
from migsim.report.outcomes import Outcomes, failure_words
from migsim.report.pages import REPORT, refuse_taken, render, write_page
from migsim.report.pictures import Picture, picture_of
from migsim.report.questions import question_of
from migsim.results.projections import year_words
from migsim.results.rounding import plain_value
from migsim.results.run import Run
from migsim.results.study import Study
from migsim.scenario.wording import did_you_mean

__all__ = ["report"]

OF_ONE: Final = ("triple_win", "plane", "winners", "agenda", "implementation", "opinion")
"""What is gained, at whose cost, by which states; what was agreed, what of it was done; what publics say."""
OF_MANY: Final = ("triple_win", "regimes", "differences", "plane", "weakest", "texts")
"""What each gains, how sure that is, at whose cost, how often all gain, and what was agreed."""
OF_THE_WORLD: Final = ("opinion", "remittances")
"""Figures of scenarios in which nobody meets."""
OF_ALL: Final = (
    "triple_win", "plane", "weakest", "differences", "regimes", "texts", "attendance", "marketplace",
    "wellbeing", "opinion", "remittances",
)  # fmt: skip
OF_THE_FIRST: Final = (
    "winners", "agenda", "positions", "breadth_depth", "implementation", "corridors", "migrations",
    "world_map", "history", "by_group", "vote",
)  # fmt: skip
"""Figures that a reader may ask for: those that show all runs, and those that show one, the first."""
OF_A_SWEEP: Final = ("triple_win", "gain_migrants", "gain_hosts", "gain_departures")
MOST_FIGURES: Final = 6
LIMITS: Final = (
    "No data set records what forums of this kind achieved. The world beneath is held against figures that "
    "it was not set up with; the size of a forum’s effects follows from assumptions.",
    "Gains are differences from the same world in which nobody meets, under the same random numbers. The "
    "levels behind them are no forecasts.",
    "An interval says how far outcomes differ over the worlds that were run. It is no error bar of "
    "measurement, and what the model leaves out is in no interval. One that includes zero means that the "
    "model cannot tell the sign.",
    "That the world part fits figures says nothing about the forum part: corridors, remittances and refugees "
    "cannot tell one forum from another.",
    "How strong texts are, how fast policy moves and how large the levers are act mostly through their "
    "product; the model cannot say to which of the three a weak effect is owed.",
    "Gains are means that count states, or migrants, alike. A mean gain is compatible with losses of many.",
)
"""What the model cannot say."""


def report(
    runs: Study | Run | Sequence[Run],
    path: str | os.PathLike[str],
    *,
    figures: Sequence[str] | None = None,
    force: bool = False,
    progress: bool | None = None,
) -> Path:
    """Write a report on some runs as one HTML file that needs nothing beside it.

    The same runs give the same bytes: nothing in it depends on when, where or how often it is written.

    Parameters
    ----------
    runs
        A study, a run, or several runs, compared with the first.
    path
        The file.
    figures
        Names of figures, as `run.plot` has them, in the order in which they are shown; by default the six
        that say most. None where the sequence is empty.
    force
        Whether to replace a file that is no report.
    progress
        Whether to show progress: always, never, or (None) on a terminal only.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    InputError
        If there is something else at the path, a table of a run cannot be read, or there is no such figure.
    EnvironmentProblem
        If the file cannot be written.
    """
    study = runs if isinstance(runs, Study) else Study([runs] if isinstance(runs, Run) else runs)
    target = Path(path)
    refuse_taken(target, REPORT, force=force)
    drawings = list(_drawings(study, figures))
    with meter("report", len(drawings) + 1, progress) as shown:
        pictures = []
        for name, draw in drawings:
            pictures.append(_titled(picture_of(draw(), name), study))
            shown.advance(1)
        page = render("report.html", _values(study, pictures, figures))
        shown.advance(1)
    return write_page(target, page)


def _values(study: Study, pictures: list[Picture], chosen: Sequence[str] | None) -> dict[str, Any]:
    """What the template shows."""
    found, runs = Outcomes(study), list(study.runs.values())
    titles, first = found.labels, runs[0]
    analysis, typed = known(runs), commands(runs, chosen)
    figures, read = sources()
    origins = [origin_of(run, titles[label]) for label, run in study.runs.items()]
    is_sweep = first.sample is not None
    return {
        "title": _title(list(titles.values())),
        "is_sweep": is_sweep,
        "n_runs": len(runs),
        "year": study.last_year,
        "projection": year_words(study.last_year),
        "why_year": study.why_last_year,
        "margin": found.margin,
        "spread": first.parameters if len({run.parameters for run in runs}) == 1 else "",
        "failures": failure_words(study, titles),
        "findings": found.sentences(),
        "rows": found.rows() if found.has_process else [],
        "points": _points(first) if is_sweep else [],
        "pictures": pictures,
        "questions": [question_of(run, titles[label], first) for label, run in study.runs.items()],
        "known": analysis,
        "assumed": assumed(runs) if analysis is None else None,
        "origins": origins,
        "shared": shared_facts(origins),
        "figures_from": figures,
        "documents": read,
        "commands": typed,
        "files": needed_files(runs) if typed else [],
        "by_hand": list(by_hand(runs)),
        "limits": LIMITS,
    }


def _title(titles: list[str]) -> str:
    if len(titles) == 1:
        return titles[0]
    others = titles[1] if len(titles) == 2 else f"{len(titles) - 1} other scenarios"
    return f"{titles[0]}, compared with {others}"


def _drawings(study: Study, chosen: Sequence[str] | None) -> Iterator[tuple[str, Callable[[], Any]]]:
    """The figures of a report, each by a name of its own and what draws it."""
    runs = list(study.runs.values())
    _refuse_unknown(chosen, is_sweep=runs[0].sample is not None)
    if not any(run.n_replicates for run in runs):
        return
    if runs[0].sample is not None:
        yield from _of_sweep(runs[0])
        return
    is_any_process = any(run.scenario.spec.processes for run in runs)
    usual = (OF_MANY if len(runs) > 1 else OF_ONE) if is_any_process else OF_THE_WORLD
    for name in usual if chosen is None else dict.fromkeys(chosen):
        yield name.replace("_", "-"), getattr(study.plot, name)


def _refuse_unknown(chosen: Sequence[str] | None, *, is_sweep: bool) -> None:
    """Refuse figures that no report has."""
    if chosen is None:
        return
    if is_sweep:
        raise InputError(
            "figures: a sweep is drawn over its settings, and none can be chosen; leave them out"
        )
    known = (*OF_ALL, *OF_THE_FIRST)
    for name in chosen:
        if name not in known:
            hint = did_you_mean(name, known) or "take some of these"
            raise InputError(f"figures: found {shown(name)}; allowed are {', '.join(known)}; {hint}")


def _titled(picture: Picture, study: Study) -> Picture:
    """A picture that says whose it is, where it shows the first of several runs only."""
    if len(study) == 1 or picture.name.replace("-", "_") not in OF_THE_FIRST:
        return picture
    first = next(iter(study.runs.values()))
    return replace(picture, title=f"{picture.title} ({first.title} only)")


def _of_sweep(run: Run) -> Iterator[tuple[str, Callable[[], Any]]]:
    """The triple win over each setting, and what room is left for gains over the first."""
    assert run.sample is not None, "it is a sweep"
    paths = run.sample.paths
    is_map = run.sample.kind == "grid" and len(paths) == 2
    over = [paths] if is_map else [(path,) for path in paths]
    wanted = [("triple_win", each) for each in over] + [(outcome, over[0]) for outcome in OF_A_SWEEP[1:]]
    for n, (outcome, each) in enumerate(wanted[:MOST_FIGURES], start=1):
        yield f"sweep-{n}", partial(run.plot.sweep, outcome, *each)


def _points(run: Run) -> list[tuple[str, str]]:
    """The settings that a sweep varies, and what they were set to."""
    assert run.sample is not None, "it is a sweep"
    frame, told = run.points, []
    for path in run.sample.paths:
        values = list(dict.fromkeys(frame[path]))
        if len(values) > MOST_FIGURES and frame[path].dtype.kind in "iuf":
            ends = f"{plain_value(min(values))} to {plain_value(max(values))}"
            told.append((path, f"{len(values)} values from {ends}"))
        else:
            told.append((path, ", ".join(map(plain_value, values))))
    return told
