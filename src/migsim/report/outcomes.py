"""What came out, in a table with intervals and in sentences made from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from migsim.plots.comparison import ranking_table
from migsim.plots.intervals import Interval, wilson
from migsim.plots.wording import (
    GAIN_UNITS,
    GROUPS,
    NOTHING,
    decimals,
    gain_sentence,
    interval_words,
    least_and_most,
    number,
    percent,
    several_words,
    worlds_words,
)
from migsim.results.study import Study

if TYPE_CHECKING:
    import pandas as pd

    from migsim.results.run import Run

__all__ = ["Outcomes", "Row", "cell", "failure_words"]

MOST_ERRORS: Final = 3
SHOWN: Final = (
    "replicate", "year", "weakest", *(f"{kind}_{group}" for kind in ("gain", "gain_sd") for group in GROUPS),
)  # fmt: skip
"""Columns of table ``world`` that the ranking needs."""
ABOUT_NOTHING: Final = 0.005
"""Part of its interval's farther end below which a median in a cell is about nothing."""


@dataclass(frozen=True, slots=True)
class Row:
    """What came of one scenario, as a table shows it."""

    rank: str
    title: str
    worlds: str
    all_gain: str
    weakest: str
    gains: tuple[str, ...]
    shares: tuple[str, ...]


@dataclass(frozen=True)
class Outcomes:
    """The outcomes of the scenarios of a report in the last year that all of them have."""

    study: Study

    @cached_property
    def labels(self) -> dict[str, str]:
        """What each run is called: its title, or its label where several have that title."""
        titles = [run.title for run in self.study.runs.values()]
        return {
            label: run.title if titles.count(run.title) == 1 else f"{run.title} {_apart(label, run.name)}"
            for label, run in self.study.runs.items()
        }

    @cached_property
    def margin(self) -> float:
        """What a gain must exceed to count as a win, standard deviations of 2005."""
        return float(self._first.scenario.value("triple_win.margin"))

    @cached_property
    def ranking(self) -> pd.DataFrame:
        """The scenarios by their weakest win, best first; see `migsim.plots.ranking_table`."""
        frames = {}
        for label, run in self.study.runs.items():
            world = run.columns_of_world(SHOWN)
            if len(world):
                world = run.over_lucks(world[world["year"] <= self.study.last_year])
            frames[label] = world
        return ranking_table(frames, labels=self.labels, margin=self.margin)

    @property
    def is_any(self) -> bool:
        """Whether there is anything to say: a finished world of a scenario in which somebody meets."""
        return bool((self.ranking["n"] > 0).any()) and self.has_process

    @property
    def has_process(self) -> bool:
        """Whether somebody meets in any of the scenarios."""
        return any(run.scenario.spec.processes for run in self.study.runs.values())

    def rows(self) -> list[Row]:
        """The table, best first; a scenario without a finished world is a row without numbers."""
        return [_row(record) for record in self.ranking.to_dict("records")]

    def sentences(self) -> list[str]:
        """The findings in words, each with its interval."""
        if not self.has_process:
            return ["Without a process no forum meets, and there is nothing to compare."]
        if not self.is_any:
            return ["No world was finished, so nothing can be said."]
        return list(self._of_one() if len(self.study) == 1 else self._of_many())

    @property
    def _first(self) -> Run:
        return next(iter(self.study.runs.values()))

    def _of_one(self) -> Iterator[str]:
        row, year = self.ranking.to_dict("records")[0], self.study.last_year
        share = wilson(round(float(row["all_three_gain"]) * int(row["n"])), int(row["n"]))
        yield f"{_often(share)} by {year}{_sampling(share)}."
        for group in GROUPS:
            yield gain_sentence(group, _interval(row, group), float(row[f"share_{group}"]), year)
        weakest = _interval(row, "weakest")
        yield (
            "The gain of whoever gains least of the three is "
            f"{interval_words(weakest, 'standard deviations of 2005', of_difference=True)}."
        )

    def _of_many(self) -> Iterator[str]:
        rows = [row for row in self.ranking.to_dict("records") if row["n"]]
        year, called = self.study.last_year, {row["scenario"]: row["label"] for row in rows}
        shares = {r["scenario"]: wilson(round(r["all_three_gain"] * r["n"]), int(r["n"])) for r in rows}
        most = max(shares, key=lambda name: shares[name].median)
        if shares[most].median == 0.0:
            each = worlds_words(int(rows[0]["n"]))
            yield f"All three groups gain by {year} in no world of any scenario ({each} each)."
        else:
            yield (
                f"All three groups gain by {year} most often under {called[most]}: in "
                f"{percent(shares[most].median)} of {worlds_words(shares[most].n)}{_sampling(shares[most])}."
            )
        yield f"{_ranked(rows)}"
        for group, who in GROUPS.items():
            found = {row["label"]: _interval(row, group) for row in rows}
            yield least_and_most(f"{who} by {year}", found, GAIN_UNITS[group], of_difference=True)
        if missing := [str(row["label"]) for row in self.ranking.to_dict("records") if not row["n"]]:
            yield f"No result, because no world was finished: {', '.join(missing)}."


def _apart(label: str, name: str) -> str:
    """What tells a run from others of its title: what its label says beyond its name, or else the label."""
    return label.removeprefix(name).strip() or f"({label})"


def _ranked(rows: list[dict[Any, Any]]) -> str:
    """Which scenarios have a weakest win that is above, below or on both sides of zero."""
    kinds: dict[str, list[str]] = {"above": [], "below": [], "open": []}
    for row in rows:
        win = _interval(row, "weakest")
        kind = "open" if win.spans_zero else "above" if win.low > 0.0 else "below"
        kinds[kind].append(str(row["label"]))
    first = rows[0]
    told = [
        f"Whoever gains least does best under {first['label']}: "
        f"{interval_words(_interval(first, 'weakest'), 'standard deviations of 2005', of_difference=True)}"
    ]
    if kinds["above"]:
        told.append(f"the whole interval is a gain under {several_words(kinds['above'])}")
    if kinds["below"]:
        told.append(f"the whole interval is a loss under {several_words(kinds['below'])}")
    if kinds["open"]:
        told.append(f"zero is included, so the model cannot tell, under {several_words(kinds['open'])}")
    return f"{'; '.join(told)}."


def _often(share: Interval) -> str:
    if share.n == 1:
        return (
            "All three groups gain in the one world run"
            if share.median
            else "Not all three groups gain in the one world run"
        )
    if share.median in (0.0, 1.0):
        return (
            f"All three groups gain in {'every one' if share.median else 'none'} of {worlds_words(share.n)}"
        )
    return f"All three groups gain in {percent(share.median)} of {worlds_words(share.n)}"


def _sampling(share: Interval) -> str:
    if share.n <= 1:
        return ""
    return f" (90 % sampling interval of the share: {percent(share.low)} to {percent(share.high)})"


def _row(record: dict[Any, Any]) -> Row:
    if not record["n"]:
        return Row("–", str(record["label"]), "0", "no result", "no result", ("no result",) * 3, ("",) * 3)
    return Row(
        rank=str(record["rank"]),
        title=str(record["label"]),
        worlds=f"{record['n']:,}",
        all_gain=percent(float(record["all_three_gain"])),
        weakest=cell(_interval(record, "weakest")),
        gains=tuple(cell(_interval(record, group)) for group in GROUPS),
        shares=tuple(percent(float(record[f"share_{group}"])) for group in GROUPS),
    )


def _interval(row: dict[Any, Any], name: str) -> Interval:
    low, high = (float(row[f"{name}_{end}"]) for end in ("p05", "p95"))
    return Interval(float(row[f"{name}_median"]), low, high, int(row["n"]))


def cell(interval: Interval) -> str:
    """A median with its interval, short enough for a cell.

    Examples
    --------
    >>> cell(Interval(0.04, -0.01, 0.09, 100)), cell(Interval(0.04, 0.04, 0.04, 1))
    ('0.04 (−0.01 to 0.09)', '0.04')
    >>> cell(Interval(0.00000001, -0.01, 0.09, 100))
    'about 0 (−0.01 to 0.09)'
    """
    if not interval.n:
        return "no figure"
    places = decimals(interval.median, interval.low, interval.high)
    middle, widest = number(interval.median, places), max(abs(interval.low), abs(interval.high))
    if interval.n == 1 or widest <= NOTHING:
        return middle
    if NOTHING < abs(interval.median) < ABOUT_NOTHING * widest:
        middle = "about 0"
    return f"{middle} ({number(interval.low, places)} to {number(interval.high, places)})"


def failure_words(study: Study, called: Mapping[str, str]) -> list[str]:
    """Which worlds failed, by scenario as it is called, with the first errors; nothing where none did."""
    told = []
    for label, run in study.runs.items():
        if not len(run.failures):
            continue
        errors = list(dict.fromkeys(str(error) for error in run.failures["error"]))
        more = f" and {len(errors) - MOST_ERRORS} other errors" if len(errors) > MOST_ERRORS else ""
        told.append(
            f"{called[label]}: {len(run.failures)} of {len(run.replicates)} worlds failed "
            f"({'; '.join(errors[:MOST_ERRORS])}{more}). "
            + (f"All figures are of the {run.n_replicates} that finished." if run.n_replicates else "")
        )
    return told
