"""Attribution: how much of each gain comes from each of the six phases of a session, and from each theme.

Shapley values over worlds that are alike in everything but who is in the coalition. Phases are switched off
in all processes together; costs and backlash stay, and what remains without any phase is *meeting itself*.
Themes are struck from the agendas; a session with none of its themes left is not held, so that what a session
does whatever its themes is shared among them. Values are means over worlds, since means add up; beside them
stands the range of nine worlds in ten, and half the 95 % interval of the mean (Student 1908; where the
orders of themes are drawn too, with the degrees of freedom of Welch 1947).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from migsim.analysis.outcomes import LEVEL, OUTCOMES, UNITS
from migsim.analysis.shapley import coalitions_of, exact, joining_orders, over_orders
from migsim.ensemble.designs import Design, design, sampled
from migsim.ensemble.factors import LUCK
from migsim.ensemble.samples import listed
from migsim.plots.attribution import REST, TOTAL
from migsim.results.summary import spread
from migsim.themes import THEMES

if TYPE_CHECKING:
    import pandas as pd

    from migsim.scenario.definition import Scenario
    from migsim.world.corridors import Array

__all__ = [
    "MEETING", "MEETING_ALONE", "PHASES", "REST", "TOTAL", "phase_attribution", "phase_design", "phases_of",
    "restricted", "theme_attribution", "theme_coalitions", "theme_design", "themes_of",
]  # fmt: skip

PHASES: Final = {
    "texts": "Texts and their follow-up",
    "practice": "Practice and knowledge",
    "trust": "Trust",
    "attention": "Attention",
    "linkage": "Linkage of themes",
    "marketplace": "Marketplace",
}
MEETING: Final = "meeting"
MEETING_ALONE: Final = "Meeting itself"
WITH_TREATIES: Final = "Meeting, treaties and agreements"
"""What is left without any phase where treaties or agreements of two are among the processes."""
MOST_EXACT: Final = 6
"""Themes up to which all coalitions are run; beyond, those that some orders pass through."""

COLUMNS: Final = (
    "outcome", "of", "part", "title", "value", "low", "high", "unit", "n", "error", "value_conf", "orders",
)  # fmt: skip


def phases_of(definition: Scenario) -> tuple[str, ...]:
    """The phases that at least one process has switched on."""
    names = definition.content.get("processes", {})
    return tuple(
        phase
        for phase in PHASES
        if any(definition.value(f"processes.{name}.switches.{phase}") for name in names)
    )


def phase_design(definition: Scenario, worlds: int, seed: int) -> Design:
    """All coalitions of phases, each lived by the same ranged worlds."""
    phases, names = phases_of(definition), tuple(definition.content.get("processes", {}))
    paths = [f"processes.{name}.switches.{phase}" for name in names for phase in phases]
    as_it_is = [bool(definition.value(path)) for path in paths]
    points = []
    for coalition in range(2 ** len(phases)):
        within = [bool(coalition >> n & 1) for n in range(len(phases))] * len(names)
        switches = [is_on and is_in for is_on, is_in in zip(as_it_is, within, strict=True)]
        points += [(*switches, world) for world in range(worlds)]
    return sampled(definition, listed((*paths, LUCK), points), 1, seed, "ranged")


def phase_attribution(found: pd.DataFrame, definition: Scenario, worlds: int) -> pd.DataFrame:
    """What each phase adds to each outcome.

    Parameters
    ----------
    found
        Outcomes by point of `phase_design`; a world that failed anywhere is left out everywhere.
    definition, worlds
        As they were run.

    Returns
    -------
    DataFrame
        ``outcome``, ``of`` ("phases"), ``part`` (with ``meeting``: what is left without any; and ``total``:
        the whole gain, to which the values of the others add up), ``title``,
        ``value`` (mean over worlds), ``low``, ``high`` (5th and 95th percentile over worlds), ``unit``, ``n``
        (worlds), ``error`` (standard error of the mean), ``value_conf`` (half its 95 % interval), ``orders``
        (of joining, drawn for the value; 0 if all are in it).
    """
    phases = phases_of(definition)
    titles = {MEETING: _without_phases(definition), **PHASES}
    rows: list[tuple[Any, ...]] = []
    tables = _tables(found, worlds)
    for outcome, table in tables.items():
        worth = dict(enumerate(table))
        added = np.vstack([table[:1], exact(worth, len(phases))])
        rows += _rows(outcome, "phases", (MEETING, *phases), titles, added)
        rows.append(_whole(rows[-1], table[-1]))
    return _frame(rows)


def _without_phases(definition: Scenario) -> str:
    """What is left of the processes with all phases off."""
    has_treaties = any(each.has_treaties for each in definition.spec.processes.values())
    return WITH_TREATIES if has_treaties else MEETING_ALONE


def themes_of(definition: Scenario) -> tuple[str, ...]:
    """The themes that the scenario puts on agendas, in the order of the model.

    Themes that a survey or a lot chooses are not known before and left as they are.
    """
    named = {
        theme
        for name, process in definition.spec.processes.items()
        if definition.value(f"processes.{name}.agenda") == "given"
        for meeting in (*process.sessions, *((process.cadence,) if process.cadence else ()))
        for theme in meeting.themes
    }
    return tuple(theme for theme in THEMES if theme in named)


def restricted(definition: Scenario, themes: tuple[str, ...]) -> Scenario:
    """The scenario with only some themes on the agendas it gives; sessions that had no other are not held."""
    changes: dict[str, object] = {}
    for name, process in definition.spec.processes.items():
        if definition.value(f"processes.{name}.agenda") != "given":
            continue
        if process.sessions:
            changes[f"processes.{name}.sessions"] = [
                {**plain, "themes": kept}
                for plain in _plain_sessions(process)
                if (kept := [theme for theme in plain["themes"] if theme in themes])
            ]
        elif process.cadence is not None:
            kept = [theme for theme in process.cadence.themes if theme in themes]
            if kept:
                changes[f"processes.{name}.cadence.themes"] = kept
            else:
                changes[f"processes.{name}.cadence"] = None
                changes[f"processes.{name}.sessions"] = []
    return definition.vary(definition.title, changes)


def theme_coalitions(definition: Scenario, orders: int, seed: int) -> list[int]:
    """The coalitions of themes to be run: all of them, or of many themes those of some orders."""
    n_themes = len(themes_of(definition))
    if n_themes <= MOST_EXACT:
        return list(range(2**n_themes))
    return coalitions_of(joining_orders(n_themes, orders, seed))


def theme_design(definition: Scenario, coalition: int, worlds: int, seed: int) -> Design:
    """The worlds of one coalition of themes, the same ranged draws for each."""
    named = themes_of(definition)
    chosen = tuple(theme for n, theme in enumerate(named) if coalition >> n & 1)
    scenario = definition if len(chosen) == len(named) else restricted(definition, chosen)
    return replace(design(scenario, worlds, seed, "ranged"), tables=("world",))


def theme_attribution(
    found: Mapping[int, pd.DataFrame], definition: Scenario, orders: int, seed: int
) -> pd.DataFrame:
    """What each theme adds to each outcome.

    Parameters
    ----------
    found
        Outcomes by coalition and world, of every coalition of `theme_coalitions`.
    definition, orders, seed
        As they were given there.

    Returns
    -------
    DataFrame
        As `phase_attribution` gives, with ``of`` "themes" and ``rest`` for what there is without any theme.
        Over drawn orders, ``error`` and ``value_conf`` hold what the choice of orders leaves open too; one
        pair of orders cannot tell that, and they are missing.
    """
    themes = themes_of(definition)
    is_exact = len(themes) <= MOST_EXACT
    chosen = [] if is_exact else joining_orders(len(themes), orders, seed)
    titles = {REST: "Whatever the themes", **{theme: theme.replace("_", " ") for theme in themes}}
    together = np.stack([found[key][list(OUTCOMES)].to_numpy(dtype=float) for key in sorted(found)])
    kept = np.isfinite(together).all(axis=(0, 2))
    rows: list[tuple[Any, ...]] = []
    for n, outcome in enumerate(OUTCOMES):
        worth = {key: together[place, kept, n] for place, key in enumerate(sorted(found))}
        pairs = None
        if is_exact:
            added = exact(worth, len(themes))
        else:
            by_order = over_orders(worth, chosen)
            added = by_order.mean(axis=0)
            by_pair = by_order.mean(axis=2).reshape(-1, 2, len(themes)).mean(axis=1)
            pairs = np.column_stack([np.zeros(len(by_pair)), by_pair])
        rows += _rows(outcome, "themes", (REST, *themes), titles, np.vstack([worth[0][None], added]), pairs)
        rows.append(_whole(rows[-1], worth[max(worth)]))
    return _frame(rows)


def _plain_sessions(process: Any) -> Iterator[dict[str, Any]]:
    """Sessions as a scenario file would write them."""
    for meeting in process.sessions:
        yield meeting.model_dump(mode="json", exclude_defaults=True) | {"themes": list(meeting.themes)}


def _tables(found: pd.DataFrame, worlds: int) -> dict[str, Array]:
    """By outcome a table ``(coalition, world)`` of the worlds that failed nowhere."""
    cube = found[list(OUTCOMES)].to_numpy(dtype=float).reshape(-1, worlds, len(OUTCOMES))
    kept = np.isfinite(cube).all(axis=(0, 2))
    return {outcome: cube[:, kept, n] for n, outcome in enumerate(OUTCOMES)}


def _rows(
    outcome: str,
    of: str,
    parts: Sequence[str],
    titles: Mapping[str, str],
    added: Array,
    pairs: Array | None = None,
) -> Iterator[tuple[Any, ...]]:
    """A row a part, of what it adds ``(part, world)``; over drawn orders, also by pair ``(pair, part)``."""
    n = added.shape[1]
    orders = 0 if pairs is None else 2 * len(pairs)
    for place, part in enumerate(parts):
        values = added[place]
        samples = [values] if pairs is None else [values, pairs[:, place]]
        _, low, high = spread(values)
        mean = float(values.mean()) if n else float("nan")
        yield (
            outcome, of, part, titles[part], mean, low, high, UNITS[outcome], n, *_errors(samples), orders,
        )  # fmt: skip


def _whole(part: tuple[Any, ...], values: Array) -> tuple[Any, ...]:
    """The row of the whole gain, ``(world,)``, beside that of a part; no choice of orders touches it."""
    outcome, of, orders = part[0], part[1], part[-1]
    (row,) = _rows(outcome, of, (TOTAL,), {TOTAL: "Together"}, values[None])
    return (*row[:-1], orders)


def _errors(samples: Sequence[Array]) -> tuple[float, float]:
    """The standard error of a mean over one sample, or two at once, and half its interval.

    Variances of the means add up; degrees of freedom after Satterthwaite (1946) and Welch (1947).
    """
    from scipy.stats import t

    if min(len(sample) for sample in samples) < 2:
        return float("nan"), float("nan")
    degrees = np.array([len(sample) - 1.0 for sample in samples])
    variances = np.array([sample.var(ddof=1) / len(sample) for sample in samples])
    whole = float(variances.sum())
    if whole == 0.0:
        return 0.0, 0.0
    together = whole**2 / float((variances**2 / degrees).sum())
    error = float(np.sqrt(whole))
    return error, error * float(t.ppf((1.0 + LEVEL) / 2.0, together))


def _frame(rows: list[tuple[Any, ...]]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(rows, columns=list(COLUMNS))
