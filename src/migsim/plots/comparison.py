"""Scenarios against a reference, world by world, and the table that ranks them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from migsim.errors import InputError, shown
from migsim.plots.intervals import Frames, Interval, gather, last_year
from migsim.plots.rows import dot_rows, rows_height
from migsim.plots.sheet import GivenAxes, open_sheet
from migsim.plots.style import MOST_BANDS, LineStyle, in_house_style, line_styles
from migsim.plots.wins import CONDITION, EMPTY, all_gain, gains, rows_of, share_positive
from migsim.plots.wording import GAIN_UNITS, GROUPS, NOTHING, interval_words, ranged_words, worlds_words

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

__all__ = ["differences", "paired", "ranking_table", "unpaired"]

ONLY_ONE = "one scenario only"
MOST_UNPAIRED = 1000
"""Worlds of each scenario that are held against each other, all with all, where none is another's pair."""

_AXES = {
    "migrants": "Points of well-being\nper base migrant",
    "hosts": "% of income",
    "departures": "% of income",
}


def paired(world: pd.DataFrame, scenario: str, reference: str, column: str, year: int) -> Interval:
    """What a scenario adds to ``column`` over the reference, replicate by replicate."""
    of, against = (rows_of(world, name, year) for name in (scenario, reference))
    if of.empty or against.empty:
        return Interval.of(())
    difference = of.set_index("replicate")[column] - against.set_index("replicate")[column]
    return Interval.of(difference.dropna())


def unpaired(world: pd.DataFrame, scenario: str, reference: str, column: str, year: int) -> Interval:
    """How ``column`` differs from the reference's, every world of one against every world of the other."""
    import numpy as np

    of, against = (
        rows_of(world, name, year)[column].dropna().to_numpy(float)[:MOST_UNPAIRED]
        for name in (scenario, reference)
    )
    return replace(Interval.of(np.subtract.outer(of, against).ravel()), n=min(len(of), len(against)))


@in_house_style
def differences(
    world: Frames,
    *,
    reference: str | None = None,
    scenarios: Sequence[str] | None = None,
    labels: Mapping[str, str] | None = None,
    spread: str | None = None,
    apart: Collection[str] = (),
    ax: GivenAxes = None,
) -> np.ndarray[Any, Any]:
    """How each scenario's gains differ from the reference's in the last year, a panel for each group.

    Worlds are paired by replicate, so that chance and parameters, which they share, cancel; worlds of the
    scenarios ``apart`` are held against all of the reference's.

    Parameters
    ----------
    world : DataFrame or mapping of str to DataFrame or None
        Table ``world`` of several scenarios; one without rows is shown as "no result".
    reference : str, optional
        The scenario the others are held against; by default the first.
    scenarios, labels, spread
        As for `migsim.plots.triple_win`.
    apart : collection of str
        Scenarios that do not share their draws with the reference, by seed or spread of parameters.
    ax : three Axes, optional

    Returns
    -------
    array of Axes
        Migrants, host countries, departure countries.

    Raises
    ------
    InputError
        If the reference is none of the scenarios.
    """
    table, order = gather(world, scenarios)
    styles = list(line_styles(order, labels).values())
    against = _reference(order, reference)
    sheet = open_sheet(ax, 1, 3, height=rows_height(styles) + 0.2)
    for panel, (group, title) in zip(sheet.axes, GROUPS.items(), strict=True):
        panel.set_title(title)
        panel.set_xlabel(_AXES[group])
        panel.set_ylabel("Scenario" if group == "migrants" else "")
    if table.empty or against is None or len(styles) == 1:
        return sheet.finish_empty("Differences between scenarios", EMPTY if table.empty else ONLY_ONE)
    year = last_year(table)
    found: dict[str, dict[str, Interval]] = {}
    absent = {against: "reference"} if len(rows_of(table, against, year)) else {}
    for panel, group in zip(sheet.axes, GROUPS, strict=True):
        found[group] = {
            s.name: (unpaired if s.name in apart else paired)(table, s.name, against, f"gain_{group}", year)
            for s in styles
        }
        drawn = {name: interval for name, interval in found[group].items() if name != against}
        dot_rows(panel, styles, drawn, is_named=group == "migrants", absent=absent)
    named = next(s.label for s in styles if s.name == against)
    how = "unpaired" if set(apart) >= set(order) - {against} else "world by world"
    sheet.finish(
        f"Gains in {year}, each scenario minus {named}, {how}",
        _caption(styles, found, against, named, spread, apart),
        year=year,
    )
    return sheet.array()


def _reference(order: Sequence[str], reference: str | None) -> str | None:
    if reference is not None and reference not in order:
        raise InputError(f"reference {shown(reference)} is none of the scenarios: {', '.join(order)}")
    return reference if reference is not None else next(iter(order), None)


def _caption(
    styles: Sequence[LineStyle],
    found: Mapping[str, Mapping[str, Interval]],
    against: str,
    named: str,
    spread: str | None,
    apart: Collection[str],
) -> str:
    others = [s for s in styles if s.name != against]
    known = [s for s in others if any(found[group][s.name].n for group in GROUPS)]
    sentences = []
    for group in GROUPS:
        clear = [s for s in known if not found[group][s.name].spans_zero]
        told = sorted(clear, key=lambda s: -abs(found[group][s.name].median))[:MOST_BANDS]
        if told:
            parts = [f"{s.label} {interval_words(found[group][s.name])}" for s in told]
            more = f", and {len(clear) - len(told)} more" if len(clear) > len(told) else ""
            sentences.append(f"{GROUPS[group]}, {GAIN_UNITS[group]}: {'; '.join(parts)}{more}.")
        elif known:
            widest = max(known, key=lambda s: found[group][s.name].high - found[group][s.name].low)
            interval = found[group][widest.name]
            if max(abs(interval.low), abs(interval.high)) <= NOTHING:
                sentences.append(f"{GROUPS[group]}: no scenario differs from {named} at all.")
            else:
                sentences.append(
                    f"{GROUPS[group]}: no difference whose interval excludes zero (widest: {widest.label} "
                    f"{interval_words(interval, GAIN_UNITS[group])})."
                )
    if missing := [s.label for s in others if s not in known]:
        sentences.append(f"No result: {', '.join(missing)}.")
    sizes = {s.name: max(found[group][s.name].n for group in GROUPS) for s in known}
    return " ".join([*sentences, *_readings(sizes, [s for s in known if s.name in apart], spread), CONDITION])


def _readings(sizes: Mapping[str, int], loose: Sequence[LineStyle], spread: str | None) -> Iterator[str]:
    """How to read the dots, and which scenarios' worlds are no pairs of the reference's."""
    if not sizes:
        return
    worlds = worlds_words(*sizes.values(), is_paired=len(loose) < len(sizes)) + ranged_words(spread)
    if max(sizes.values()) == 1:
        yield "n = 1: no interval."
    else:
        yield f"Dot: median; bar: 5–95 % of {worlds}; open dot: zero included."
    if loose:
        yield (
            f"Unpaired, every world with every other, because seed or parameters differ, so that chance does "
            f"not cancel: {', '.join(s.label for s in loose)}."
        )


def ranking_table(
    world: Frames,
    *,
    scenarios: Sequence[str] | None = None,
    labels: Mapping[str, str] | None = None,
    margin: float = 0.0,
) -> pd.DataFrame:
    """Scenarios ranked by their weakest win in the last year.

    Parameters
    ----------
    world : DataFrame or mapping of str to DataFrame or None
        Table ``world`` of one or several scenarios.
    scenarios, labels, margin
        As for `migsim.plots.triple_win`.

    Returns
    -------
    pandas.DataFrame
        One row per scenario, best first, those without a result last: ``rank``, ``scenario``, ``label``,
        ``n``,
        ``result`` ("result" or "no result"), ``all_three_gain`` (share of worlds), then ``median``, ``p05``
        and ``p95`` of
        ``weakest`` (standard deviations of the base year) and of each group's gain (its own unit, see
        ``unit_<group>``)
        with ``share_<group>``, the share of worlds in which it gains.
    """
    import pandas as pd

    table, order = gather(world, scenarios)
    year = None if table.empty else last_year(table)
    rows = []
    for style in line_styles(order, labels).values():
        win = (
            Interval.of(())
            if year is None
            else Interval.of(rows_of(table, style.name, year).get("weakest", ()))
        )
        row: dict[str, object] = {"scenario": style.name, "label": style.label, "year": year, "n": win.n}
        row["result"] = "result" if win.n else "no result"
        row["all_three_gain"] = (
            float("nan") if year is None else all_gain(table, style.name, year, margin).median
        )
        row |= {"weakest_median": win.median, "weakest_p05": win.low, "weakest_p95": win.high}
        for group in GROUPS:
            gain = Interval.of(()) if year is None else gains(table, style.name, group, year)
            row |= {f"{group}_median": gain.median, f"{group}_p05": gain.low, f"{group}_p95": gain.high}
            row[f"share_{group}"] = (
                float("nan") if year is None else share_positive(table, style.name, group, year, margin)
            )
            row[f"unit_{group}"] = GAIN_UNITS[group]
        rows.append(row)
    if not rows:
        return pd.DataFrame(columns=["rank", "scenario", "label", "year", "n", "result"])
    ranking = pd.DataFrame(rows)
    ranking.insert(0, "rank", ranking["weakest_median"].rank(ascending=False, method="min").astype("Int64"))
    return ranking.sort_values("rank", kind="stable", na_position="last", ignore_index=True)
