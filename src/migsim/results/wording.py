"""The triple win in plain words, for a terminal."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from migsim.results.summary import gains_in_spreads, share_positive, spread

if TYPE_CHECKING:
    import pandas as pd

    from migsim.results.run import Run
    from migsim.results.study import Study

__all__ = ["difference_words", "interval", "triple_win_words"]

WHO: Final = {
    "migrants": ("Migrants", "gain_migrants", "points"),
    "hosts": ("Host countries", "gain_hosts", "%"),
    "departures": ("Departure countries", "gain_departures", "%"),
    "weakest": ("Least of the three", None, ""),
}
DRAWN: Final = {
    "ranged": "parameters drawn from their ranges",
    "central": "parameters at their central values",
}
CONDITION: Final = "Conditional on the model's assumptions, which `migsim evidence` shows."
HEADINGS: Final = f"{'':20} {'':4}  {'change':35}  {'change in SD':28}  better off in"
COMPARED: Final = f"{'':34} {'weakest win':>12}  {'all three gain in':>17}  difference from the first"


def triple_win_words(run: Run) -> str:
    """What the forum changes, in a middle year and the last, and in how many worlds there is a gain."""
    if not run.n_replicates:
        return f"{run.title}: no world was finished, so there is nothing to sum up."
    margin = float(run.scenario.value("triple_win.margin"))
    worlds = f"{run.n_replicates} worlds" if run.n_replicates != 1 else "One world"
    lines = [
        run.title,
        f"{worlds}, each against the same world without a forum; {DRAWN[run.parameters]}, seed {run.seed}",
        "",
        HEADINGS,
    ]
    for group in WHO:
        for year in _years(run):
            lines.append(_row(run.world[run.world["year"] == year], group, year, margin))
    return "\n".join([*lines, "", *_legend(margin)])


def difference_words(study: Study) -> str:
    """Every scenario of a study: its weakest win in its last year, and how that differs from the first's."""
    wins = _last(study.triple_win, "group")
    weakest = _last(study.difference(), "quantity")
    lines = [
        "The gain of whoever gains least, in the last year, in standard deviations of 2005",
        "",
        COMPARED,
    ]
    for label, run in study.runs.items():
        if not run.n_replicates:
            lines.append(f"{label:34} failed: no world was finished")
            continue
        win, difference = wins[label], "(the first)"
        if label != study.reference:
            row = weakest[label]
            difference = interval(row["difference_median"], row["difference_p05"], row["difference_p95"], 5)
            difference += "" if row["is_paired"] else " unpaired"
            difference = difference if row["n"] else "none: the first failed"
        middle, share = win["difference_median"], f"{win['share_positive']:.0%} of {run.n_replicates}"
        lines.append(f"{label:34} {round(middle, 5) + 0.0:+12.5f}  {share:>17}  {difference}")
    return "\n".join([*lines, "", "In brackets: the range that holds nine worlds in ten.", CONDITION])


def _last(table: pd.DataFrame, by: str) -> dict[Any, dict[Any, Any]]:
    """The weakest win of each scenario in its last year."""
    rows = table[table[by] == "weakest"]
    return rows.drop_duplicates("scenario", keep="last").set_index("scenario").to_dict("index")


def _row(part: pd.DataFrame, group: str, year: int, margin: float) -> str:
    title, column, unit = WHO[group]
    spreads = gains_in_spreads(part, group)
    natural = "" if column is None else f"{interval(*spread(part[column].to_numpy()))} {unit}"
    share = f"{share_positive(spreads, margin):.0%} of worlds"
    return f"{title:20} {year:4}  {natural:35}  {interval(*spread(spreads)):28}  {share}"


def _legend(margin: float) -> Iterator[str]:
    beyond = f"Better off: by more than {margin:g} SD." if margin else ""
    yield "Middle world, and in brackets the range that holds nine worlds in ten."
    yield "Migrants: points of well-being out of 100, per migrant of 2005. Countries: percent of income."
    yield f"SD: standard deviations of 2005, among migrants or among states. {beyond}".rstrip()
    yield CONDITION


def _years(run: Run) -> tuple[int, ...]:
    years = run.scenario.spec.years
    return tuple(dict.fromkeys(((years.first + years.last) // 2, years.last)))


def interval(middle: float, low: float, high: float, most: int = 4) -> str:
    """A median and the range around it, to two figures of the largest or ``most`` decimals."""
    digits = min(_decimals(max(abs(middle), abs(low), abs(high))), most)
    middle, low, high = (round(number, digits) + 0.0 for number in (middle, low, high))
    return f"{middle:+.{digits}f} ({low:+.{digits}f} to {high:+.{digits}f})"


def _decimals(number: float) -> int:
    """Decimals that show two figures of a number, at least two."""
    if not number or not math.isfinite(number):
        return 2
    return max(1 - math.floor(math.log10(abs(number))), 2)
