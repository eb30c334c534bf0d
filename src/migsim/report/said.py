"""What a state said in sessions: where it came, what it asked for, was against and stands by."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from migsim.plots.wording import percent, theme_words
from migsim.report.lived_again import LivedAgain
from migsim.report.state_rows import texts_on_agenda
from migsim.results.run import Run

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["MOST_SESSIONS", "Said", "said_in", "told_by"]

MOST_SESSIONS: Final = 8
"""Rows of a brief; with more sessions there is a row a process."""
ON_AGENDA: Final = 0.5
"""Share of worlds from which on a theme counts as that of a session."""
MOST_PROCESSES: Final = 7
MOST_THEMES: Final = 3
"""Themes of a session that are all told."""
FARTHEST: Final = 2
"""How many are told of more themes than that."""


@dataclass(frozen=True, slots=True)
class Said:
    """A session or process: when and what, share of worlds in which the state came, and what it said there.

    Attributes
    ----------
    themes
        Themes with what the state asked for and where the text came out, 0 to 1.
    against
        Paragraphs that it was against, and on the agenda: means over the worlds in which it came.
    stands_by
        Paragraphs adopted there that it stands by at the end of the year.
    """

    where: str
    came: str
    themes: str
    against: str
    stands_by: str


def said_in(run: Run, came: pd.DataFrame, states: pd.DataFrame, again: LivedAgain | None) -> list[Said]:
    """What a state said in each session; if there are many, in each process that it came to most often.

    Parameters
    ----------
    run
    came
        The state's rows of table ``attendance``.
    states
        Its rows of table ``states``, all years, with its positions.
    again
        Worlds lived again, for what it asked for and stands by.
    """
    if came.empty:
        return []
    texts = texts_on_agenda(run)
    sessions = list(came.groupby(["year", "process"], sort=True))
    if told_by(came) == "process":
        return list(_by_process(run, came, texts))
    return [_session(run, key, rows, texts, states, again) for key, rows in sessions]


def told_by(came: pd.DataFrame) -> str:
    """Whether there is a row a ``session`` or, because there are many, a row a ``process``."""
    return "process" if came.groupby(["year", "process"]).ngroups > MOST_SESSIONS else "session"


def _session(
    run: Run,
    key: Any,
    rows: pd.DataFrame,
    texts: pd.DataFrame,
    states: pd.DataFrame,
    again: LivedAgain | None,
) -> Said:
    year, process = int(key[0]), str(key[1])
    there = texts[(texts["year"] == year) & (texts["process"] == process)]
    n_worlds = max(rows["replicate"].nunique(), 1)
    shares = there.drop_duplicates(["replicate", "theme"]).groupby("theme").size() / n_worlds
    themes = [str(theme) for theme in shares[shares >= ON_AGENDA].index]
    sitting = None if again is None else again.sittings.get((process, year))
    own = states[states["year"] == year]
    found = []
    for theme in themes:
        asked = sitting.asked.get(theme, np.nan) if sitting else _mean(own, f"position_{theme}")
        text = float(there.loc[there["theme"] == theme, "position"].mean())
        wanted = "–" if np.isnan(asked) else f"{asked:.2f}"
        found.append((abs(asked - text), f"{theme_words(theme)} {wanted} → {text:.2f}"))
    attended = rows[rows["attended"]]
    stands = np.array([]) if sitting is None else sitting.stands_by[np.isfinite(sitting.stands_by)]
    title = run.scenario.spec.processes[process].title or process
    return Said(
        where=f"{year}" if len(run.scenario.spec.processes) == 1 else f"{year}, {title}",
        came=percent(float(rows["attended"].sum()) / run.n_replicates),
        themes=_farthest(found) or "no text",
        against=_against(attended, there),
        stands_by=f"{stands.mean():.1f}" if stands.size else "–",
    )


def _farthest(found: list[tuple[float, str]]) -> str:
    """The themes of a session; of many those on which state and text are farthest apart."""
    if len(found) <= MOST_THEMES:
        return "; ".join(told for _, told in found)
    first = sorted(found, key=lambda each: -np.nan_to_num(each[0]))[:FARTHEST]
    return f"{'; '.join(told for _, told in first)}; {len(found) - FARTHEST} nearer to the text"


def _against(attended: pd.DataFrame, there: pd.DataFrame) -> str:
    if attended.empty:
        return "–"
    per_world = there.groupby("replicate").size()
    on = per_world.reindex(attended["replicate"]).fillna(0.0).mean()
    return f"{attended['objections'].mean():.1f} of {on:.1f}" if on else "no text"


def _by_process(run: Run, came: pd.DataFrame, texts: pd.DataFrame) -> Iterator[Said]:
    """A row a process, those first to which the state came most often."""
    sums = came.groupby("process")["attended"].sum().sort_values(ascending=False, kind="stable")
    for process in list(sums.index)[:MOST_PROCESSES]:
        rows = came[came["process"] == process]
        there = texts[texts["process"] == process]
        attended = rows[rows["attended"]]
        n_sessions = rows.groupby("replicate").size().mean()
        agendas = there.groupby(["replicate", "year"]).size()
        keys = list(zip(attended["replicate"], attended["year"], strict=True))
        on = agendas.reindex(keys).fillna(0.0).sum() if len(agendas) else 0.0
        most = there.groupby("theme").size().sort_values(ascending=False, kind="stable").index[:3]
        n = run.n_replicates
        yield Said(
            where=str(run.scenario.spec.processes[str(process)].title or process),
            came=f"{len(attended) / n:.1f} of {n_sessions:.1f} sessions",
            themes=", ".join(theme_words(str(theme)) for theme in most) or "no text",
            against=f"{attended['objections'].sum() / n:.1f} of {on / n:.1f}" if on else "no text",
            stands_by="–",
        )


def _mean(rows: pd.DataFrame, column: str) -> float:
    return float(rows[column].mean()) if column in rows and len(rows) else float("nan")
