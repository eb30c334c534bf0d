"""What a notebook shows of a run, of a study, and of one world on its way.

Numbers stand as text, with the range that holds nine worlds in ten; beside them that range is drawn on one
scale for all rows, in the colour of the text around it. See `migsim.scenario.representations` for the parts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from migsim.results.projections import year_words
from migsim.results.rounding import percent
from migsim.results.wording import DRAWN, NO_PROCESS, difference_interval, interval
from migsim.scenario.representations import card, grid, note
from migsim.themes import THEMES
from migsim.triple_win import GROUPS

if TYPE_CHECKING:
    import pandas as pd

    from migsim.results.run import Run
    from migsim.results.study import Study
    from migsim.scenario.definition import Scenario
    from migsim.world.state import Minutes

__all__ = ["run_card", "study_card", "world_card"]

CALLED: Final = {
    "migrants": "migrants, points of well-being",
    "hosts": "host countries, % of income",
    "departures": "departure countries, % of income",
    "weakest": "whoever gains least",
}
WIDTH, HEIGHT, DOT = 120.0, 14.0, 3.2
"""Size of a drawn interval, in pixels."""
READING: Final = (
    "Median, and in brackets the range that holds nine worlds in ten. Drawn in standard deviations of 2005,"
    " from loss to gain; the rule is zero, and a dot is open where the range includes it."
)
ONE: Final = "One world shows no range. Drawn in standard deviations of 2005; the rule is zero."
CONDITION: Final = "Conditional on the model's assumptions."
MOST_RUNS: Final = 40


def run_card(run: Run) -> str:
    """A run in a notebook: how it was made, and what came of it in its last year."""
    facts = {
        "worlds": f"{run.n_replicates}, each beside the same world in which nobody meets",
        "parameters": f"{DRAWN[run.parameters]}; seed {run.seed}",
        "failed": _failed(len(run.failures)),
        "tables": ", ".join(run.tables),
        "folder": "" if run.folder is None else str(run.folder),
    }
    title = f"Run of {run.name}: {run.title}"
    if not run.n_replicates:
        return card(title, "No world was finished, so there is nothing to sum up.", facts)
    if run.sample is not None:
        facts["worlds"] += f"; {len(run.sample)} points of {', '.join(run.sample.paths)}"
        return card(title, "", facts, note("What came out at each point: outcomes(), plot.sweep()."))
    if not run.scenario.spec.processes:
        return card(title, "", facts, note(NO_PROCESS))
    year = run.scenario.spec.years.last
    wins, gains = _wins(run, year), _gains(run, year)
    scale = _scale(wins.values())
    rows = [
        (
            CALLED[group],
            _gain(gains[f"gain_{group}"]) if group in GROUPS else f"{difference_interval(wins[group])} SD",
            _bar(wins[group], scale),
            _share(wins[group]),
        )
        for group in (*GROUPS, "weakest")
    ]
    table = grid(("", f"gain in {year}", "drawn in SD", "better off in"), rows, drawn=(2,))
    return card(
        title,
        "",
        facts,
        table,
        note(" ".join(filter(None, (_reading(run.n_replicates), year_words(year), CONDITION)))),
    )


def study_card(study: Study) -> str:
    """A study in a notebook: a row a run, none of them left out."""
    year = study.last_year
    title = f"Study of {len(study)} {'run' if len(study) == 1 else 'runs'}, in {year}{study.why_last_year}"
    wins = {label: _wins(run, year) for label, run in study.runs.items()}
    scale = _scale(rows["weakest"] for rows in wins.values())
    rows = [_row(label, run, wins[label], year, scale) for label, run in study.runs.items()]
    head = (
        "",
        "worlds",
        *(CALLED[group] for group in GROUPS),
        "whoever gains least",
        "all three gain in",
    )
    more = f"... and {len(rows) - MOST_RUNS} more runs. " if len(rows) > MOST_RUNS else ""
    most = max(run.n_replicates for run in study.runs.values())
    told = more + " ".join(filter(None, (_reading(most), year_words(year), CONDITION)))
    hint = f"Against {study.reference}: difference(), plot.differences()." if len(study) > 1 else ""
    return card(title, hint, {}, grid(head, rows[:MOST_RUNS], drawn=(5,)), note(told))


def world_card(
    definition: Scenario,
    year: int,
    facts: Mapping[str, str],
    gains: pd.DataFrame,
    sessions: Sequence[Minutes],
) -> str:
    """One world in a notebook, at the end of a year.

    Parameters
    ----------
    definition, year
        What is simulated, and how far it has come.
    facts
        What else is known of it, by name.
    gains
        By group: ``gain``, its ``unit``, and ``gain_sd`` in standard deviations of 2005.
    sessions
        The sessions that were last held.
    """
    rows = [
        (str(group), f"{row['gain']:+.3g}" if row["gain"] else "0", str(row["unit"]))
        for group, row in gains.to_dict("index").items()
    ]
    years = definition.spec.years
    known = {"year": f"{year}, of {years.first} to {years.last}", **facts}
    met = [_met(minutes, definition) for minutes in sessions]
    parts = [grid(("", "gain this year", "unit"), rows)]
    parts += [grid(("last met", "states", "themes", "paragraphs adopted"), met)] if met else []
    told = "Against the same world in which nobody meets. One world proves nothing: run many."
    return card(f"One world of {definition.name}: {definition.title}", "", known, *parts, note(told))


def _met(minutes: Minutes, definition: Scenario) -> tuple[str, str, str, str]:
    """One session: which process, how many came, on what, and what was adopted."""
    title = definition.spec.processes[minutes.process].title or minutes.process
    themes = [theme.replace("_", " ") for n, theme in enumerate(THEMES) if minutes.on_agenda[0, n] > 0.0]
    adopted, discussed = (
        int(np.count_nonzero(part[0] > 0.0)) for part in (minutes.adopted, minutes.on_paragraphs)
    )
    came = int(np.count_nonzero(minutes.attended[0] > 0.0))
    return title, str(came), ", ".join(themes), f"{adopted} of {discussed}"


def _row(
    label: str, run: Run, wins: Mapping[str, Mapping[Any, Any]], year: int, scale: float
) -> tuple[str, ...]:
    """A run of a study; one without finished worlds says so."""
    called = label if run.title == label else f"{label}: {run.title}"
    if not run.n_replicates:
        return called, "0", "failed: no world was finished", "", "", "", ""
    gains = _gains(run, year)
    weakest = wins["weakest"]
    return (
        called,
        str(run.n_replicates),
        *(_gain(gains[f"gain_{group}"]) for group in GROUPS),
        _bar(weakest, scale),
        percent(weakest["share_positive"]),
    )


def _wins(run: Run, year: int) -> dict[str, Mapping[Any, Any]]:
    """The triple win of one year by group, in standard deviations."""
    table = run.triple_win
    return _by(table[table["year"] == year], "group")


def _gains(run: Run, year: int) -> dict[str, Mapping[Any, Any]]:
    """The gains of one year by quantity, in their own units."""
    table = run.gains
    return _by(table[table["year"] == year], "quantity")


def _by(table: pd.DataFrame, column: str) -> dict[str, Mapping[Any, Any]]:
    """The rows of a table by one of its columns."""
    return {str(row[column]): row for row in table.to_dict("records")}


def _gain(row: Mapping[Any, Any]) -> str:
    """A gain in its own unit."""
    return interval(row["median"], row["p05"], row["p95"], row["n"])


def _share(row: Mapping[Any, Any]) -> str:
    """In how many worlds there is a gain."""
    if row["n"] == 1:
        return "the only world" if row["share_positive"] else "no world"
    return f"{percent(row['share_positive'])} of {row['n']} worlds"


def _failed(n: int) -> str:
    return f"{n} {'replicate' if n == 1 else 'replicates'}, see failures" if n else ""


def _reading(n: int) -> str:
    return ONE if n == 1 else READING


def _scale(rows: Iterable[Mapping[Any, Any]]) -> float:
    """The largest number to be drawn, either way; one if there is none."""
    ends = [abs(float(row[f"difference_{end}"])) for row in rows for end in ("median", "p05", "p95")]
    return max((end for end in ends if np.isfinite(end)), default=0.0) or 1.0


def _bar(row: Mapping[Any, Any], scale: float) -> str:
    """A range of worlds around its median, drawn from minus to plus ``scale``, and told in words."""
    middle, low, high = (float(row[f"difference_{end}"]) for end in ("median", "p05", "p95"))
    if not np.isfinite(middle):
        return ""
    inner = 0.5 * WIDTH - DOT - 1.0

    def at(value: float) -> str:
        return f"{0.5 * WIDTH + inner * value / scale:.1f}"

    half = f"{0.5 * HEIGHT:.1f}"
    fill = "none" if low <= 0.0 <= high else "currentColor"
    told = escape(f"{difference_interval(row)} standard deviations", quote=True)
    rule = f"M{0.5 * WIDTH:.1f} 0V{HEIGHT:.0f}"
    # In two parts, so that no line runs through an open dot.
    left, right = max(float(at(middle)) - DOT, float(at(low))), min(float(at(middle)) + DOT, float(at(high)))
    span = f"M{at(low)} {half}H{left:.1f}M{right:.1f} {half}H{at(high)}"
    return (
        f'<svg width="{WIDTH:.0f}" height="{HEIGHT:.0f}" viewBox="0 0 {WIDTH:.0f} {HEIGHT:.0f}" role="img"'
        f' aria-label="{told}" style="vertical-align:middle;max-width:none"><title>{told}</title>'
        f'<path d="{rule}" stroke="currentColor" stroke-opacity=".45" stroke-width="1"/>'
        f'<path d="{span}" fill="none" stroke="currentColor" stroke-width="1.6"/>'
        f'<circle cx="{at(middle)}" cy="{half}" r="{DOT}" fill="{fill}" stroke="currentColor"'
        ' stroke-width="1.4"/></svg>'
    )
