"""What figures of sweeps say: settings, values and outcomes in words, bins, and the sentences below."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from migsim.plots.factor_rows import measured
from migsim.plots.factors import capital, owner, panel_title, short, unit_of
from migsim.plots.intervals import Interval
from migsim.plots.sweep_shares import apart_words
from migsim.plots.sweep_worlds import BINS, is_binned, is_share, paired, signs_by
from migsim.plots.wording import NOTHING, decimals, interval_words, number, percent
from migsim.provenance.parameters import registry
from migsim.results.rounding import plain_value

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "Labels",
    "boxes_caption",
    "course_caption",
    "map_caption",
    "outcome_axis",
    "outcome_words",
    "setting_axis",
    "setting_words",
    "title_words",
    "value_words",
]

LONGEST: Final = 400
"""Letters of a setting's name; titles and axes break it into lines."""
AXIS: Final = 76
"""Letters of a line along an axis."""

FEWEST: Final = 20
"""Worlds in a cell below which 19 in 20 are all."""
SHARES: Final[Mapping[str, str]] = {"triple_win": "All three gain"}

type Labels = Mapping[str, str] | None


def setting_words(path: str, labels: Labels) -> str:
    """A setting in words."""
    if labels and path in labels:
        return short(labels[path], LONGEST, 1)
    row = registry().match(path)
    words = row.title if row is not None else path.replace("_", " ").replace(".", ": ").capitalize()
    return short(words, LONGEST, 1)


def title_words(outcome: str, labels: Labels) -> str:
    """An outcome as at the beginning of a title."""
    words = outcome_words(outcome, labels)
    return f"How often {words[0].lower()}{words[1:]}" if outcome in SHARES else words


def setting_axis(path: str, labels: Labels, letters: int = AXIS) -> str:
    """A setting in words with its unit, as along an axis."""
    row = registry().match(path)
    words = short(setting_words(path, labels), letters, 3)
    if row is None or row.kind in ("choice", "flag"):
        return words
    return f"{words}\n({row.quantity.text})"


def outcome_words(outcome: str, labels: Labels) -> str:
    """An outcome as in a title."""
    if labels and outcome in labels:
        return labels[outcome]
    if outcome in SHARES:
        return SHARES[outcome]
    return capital(owner(outcome))


def outcome_axis(outcome: str, labels: Labels) -> str:
    """An outcome with its unit, as along an axis."""
    if labels and outcome in labels:
        return labels[outcome]
    if outcome in SHARES:
        return f"{SHARES[outcome]},\n% of worlds"
    return measured("Gain", outcome) if unit_of(outcome) else panel_title(outcome)


def value_words(value: Any) -> str:
    """A value of a setting."""
    if isinstance(value, str):
        return value.replace("_", " ")
    return plain_value(value, 3).replace("-", "−")


def course_caption(found: pd.DataFrame, rows: pd.DataFrame, x: str, outcome: str, labels: Labels) -> str:
    """How an outcome differs from one end of a setting to the other, and where its sign changes."""
    unit, name = unit_of(outcome), outcome_words(outcome, labels)
    ends = [
        Interval(float(row["median"]), float(row["low"]), float(row["high"]), int(row["n"]))
        for row in (found.iloc[0], found.iloc[-1])
    ]
    at = [value_words(float(found["place"].iloc[k])) for k in (0, -1)]
    counts = f"{_counts(found, rows, outcome, 'at each value')}{_bins_words(rows, (x,))}"
    if is_share(rows[outcome]):
        told = _share_words(found, rows, (x,), outcome, labels)
        return f"{told} Line: share; band: its 90 % sampling interval; {counts}"
    reading = f"Line: median; band: 5–95 % of worlds; {counts}"
    if len(found) == 1:
        return f"{name} at {at[0]}: {interval_words(ends[0], unit, of_difference=True)}. {reading}"
    words = [interval_words(end, unit) for end in ends]
    first, second = (end.median for end in ends)
    verb = "does not change" if abs(second - first) <= NOTHING else "rises" if second > first else "falls"
    if verb == "does not change":
        return f"{name} does not change from one end to the other: {words[0]}. {reading}"
    pairs = _paired_words(rows, outcome, (x,), *((found["place"].iloc[k],) for k in (0, -1)))
    return (
        f"{name} {verb} from {words[0]} at {at[0]} to {words[1]} at {at[1]}.{pairs}{_turn(found)} {reading}"
    )


def _paired_words(
    rows: pd.DataFrame, outcome: str, paths: Sequence[str], first: Sequence[Any], second: Sequence[Any]
) -> str:
    """How two points differ world by world, which tells more than whether their ranges overlap."""
    difference = paired(rows, outcome, paths, first, second)
    if difference is None:
        return ""
    words = interval_words(difference, unit_of(outcome), of_difference=True)
    return f" World by world, with all else alike, the difference is {words}."


def _turn(found: pd.DataFrame) -> str:
    """Where the median changes its sign."""
    signs = found["median"].to_numpy(float) > 0.0
    turns = [k for k in range(1, len(signs)) if signs[k] != signs[k - 1]]
    if len(turns) != 1:
        return "" if not turns else " The median changes its sign more than once."
    k = turns[0]
    ends = [value_words(float(found["place"].iloc[n])) for n in (k - 1, k)]
    return f" The median changes its sign between {ends[0]} and {ends[1]}."


def map_caption(
    found: pd.DataFrame, rows: pd.DataFrame, paths: tuple[str, str], outcome: str, labels: Labels
) -> str:
    """From where to where the cells of a map reach, and in how many the sign is sure."""
    n = f"{_counts(found, rows, outcome, 'in each cell')}{_bins_words(rows, paths)}"
    if is_share(rows[outcome]):
        return f"{_share_words(found, rows, paths, outcome, labels)} {n}"
    unit = unit_of(outcome)
    best, worst = (found.iloc[int(pick(found["median"].to_numpy()))] for pick in (np.argmax, np.argmin))
    places = decimals(float(best["median"]), float(worst["median"]))

    def told(cell: pd.Series) -> str:
        where = f"({value_words(cell['_x'])}, {value_words(cell['_y'])})"
        return f"{number(float(cell['median']), places)} {unit}".rstrip() + f" at {where}"

    signs = signs_by(rows, outcome, ["_y", "_x"])
    most = "19 worlds in 20" if int(found["n"].max()) >= FEWEST else "all worlds"
    elsewhere = "; elsewhere (°) neither" if (signs == 0).any() else ""
    spread = (
        f"The median reaches from {told(worst)} to {told(best)}."
        if float(best["median"]) - float(worst["median"]) > NOTHING
        else f"The median is {number(float(best['median']), places)} {unit}".rstrip() + " in every cell."
    )
    ends = ([cell["_x"], cell["_y"]] for cell in (worst, best))
    spread += _paired_words(rows, outcome, paths, *ends)
    return (
        f"{outcome_words(outcome, labels)}: {spread[0].lower()}{spread[1:]} In {int((signs > 0).sum())} of"
        f" {len(found)} cells {most} gain, in {int((signs < 0).sum())} they lose{elsewhere}. {n}"
    )


def boxes_caption(rows: pd.DataFrame, found: pd.DataFrame, by: str, outcome: str, labels: Labels) -> str:
    """Under which option an outcome is least and most, and whether their worlds overlap."""
    if is_share(rows[outcome]):
        told = _share_words(found, rows, (by,), outcome, labels, "under")
        counts = _counts(found, rows, outcome, "under each option")
        return f"{told} Dot: share of worlds; bar: its 90 % sampling interval; {counts}"
    known = {
        row["option"]: Interval(row["median"], row["low"], row["high"], int(row["n"]))
        for row in found.to_dict("records")
    }
    best, worst = (pick(known, key=lambda name: known[name].median) for pick in (max, min))
    unit, name = unit_of(outcome), outcome_words(outcome, labels)
    words = [interval_words(known[key], unit, of_difference=True) for key in (worst, best)]
    if known[best].median - known[worst].median <= NOTHING:
        finding = f"{name} is the same under every option: {words[0]}."
    else:
        pairs = _paired_words(rows, outcome, (by,), (worst,), (best,))
        finding = (
            f"{name} reaches from {words[0]} under “{value_words(worst)}” to {words[1]} under"
            f" “{value_words(best)}”.{pairs}"
        )
    return (
        f"{finding} Line in the box: median; box: the middle half of worlds; whiskers: 5–95 %; white"
        " box: zero included."
    )


def _share_words(
    found: pd.DataFrame,
    rows: pd.DataFrame,
    paths: Sequence[str],
    outcome: str,
    labels: Labels,
    at: str = "at",
) -> str:
    """Where a share of worlds is least and most, and whether that is more than sampling error."""
    best, worst = (found.iloc[int(pick(found["median"].to_numpy()))] for pick in (np.argmax, np.argmin))
    by = [column for column in ("_x", "_y", "place", "option") if column in found.columns]
    name = outcome_words(outcome, labels)

    def told(cell: pd.Series) -> str:
        where = ", ".join(value_words(cell[key]) for key in by)
        where = f"({where})" if len(by) > 1 else where
        share = percent(float(cell["median"]) / 100.0)
        return f"{share} of worlds ({cell['low']:.0f} to {cell['high']:.0f}) {at} {where}"

    if float(best["median"]) - float(worst["median"]) <= NOTHING:
        return f"{name} in {percent(float(best['median']) / 100.0)} of worlds everywhere."
    ends = ([worst[key] for key in by], [best[key] for key in by])
    return (
        f"{name} in {told(worst)} and {told(best)}{apart_words(rows, outcome, paths, by, ends, len(found))}."
    )


def _bins_words(rows: pd.DataFrame, paths: tuple[str, ...]) -> str:
    binned = [path for path in paths if is_binned(rows[path])]
    return f" Numbers are put into {BINS} bins of equal width." if binned else ""


def _counts(found: pd.DataFrame, rows: pd.DataFrame, outcome: str, where: str) -> str:
    """How many worlds there are, of shares how many that count by themselves."""
    words = "independent worlds" if is_share(rows[outcome]) else "worlds"
    return f"n = {_range(found['n'])} {words} {where}, {len(rows):,} in all."


def _range(counts: pd.Series) -> str:
    least, most = int(counts.min()), int(counts.max())
    return f"{least}" if least == most else f"{least} to {most}"
