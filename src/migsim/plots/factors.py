"""What figures of sensitivity are about: outcomes and factors in words, and values with their intervals."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from migsim.errors import InputError, shown
from migsim.plots.intervals import Interval
from migsim.plots.wording import GAIN_UNITS, GROUPS, NOTHING, percent

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "MOST_ROWS",
    "Rows",
    "capital",
    "cells",
    "of_outcome",
    "outcomes_in",
    "owner",
    "panel_title",
    "ranked",
    "rivals",
    "share_words",
    "short",
    "source_words",
    "titles_of",
    "unit_of",
]

MOST_ROWS: Final = 20
"""Rows of a figure; the caption tells of the rest."""
LETTERS: Final = 40
LINES: Final = 2
"""Width and lines of a row's name; what goes beyond is cut off."""
CAPTION: Final = 70
"""Letters of a name within a sentence."""
GAINS: Final = tuple(f"gain_{group}" for group in GROUPS)
_OWNERS: Final[Mapping[str, str]] = {
    "gain_migrants": "migrants' gain",
    "gain_hosts": "host countries' gain",
    "gain_departures": "departure countries' gain",
    "weakest": "the gain of whoever gains least",
}
_TITLES: Final[Mapping[str, str]] = {
    **{f"gain_{group}": words for group, words in GROUPS.items()},
    "weakest": "Whoever gains least",
}
_UNITS: Final[Mapping[str, str]] = {
    **{f"gain_{group}": unit for group, unit in GAIN_UNITS.items()},
    "weakest": "standard deviations of 2005",
}

type Rows = Mapping[str, Interval]
"""Value and interval of each factor, by its key."""


def owner(outcome: str) -> str:
    """An outcome inside a sentence.

    Examples
    --------
    >>> owner("gain_hosts"), owner("migrant_stock")
    ("host countries' gain", 'migrant stock')
    """
    return _OWNERS.get(outcome, outcome.replace("_", " "))


def panel_title(outcome: str) -> str:
    """An outcome above a panel."""
    return _TITLES.get(outcome, outcome.replace("_", " ").capitalize())


def unit_of(outcome: str) -> str:
    """The unit of a gain; empty for an outcome of another kind."""
    return _UNITS.get(outcome, "")


def source_words(name: str) -> str:
    """A group of factors in words.

    Examples
    --------
    >>> source_words("world.flows"), source_words("people and flows")
    ('World: flows', 'People and flows')
    """
    return capital(name.replace("_", " ").replace(".", ": "))


def capital(words: str) -> str:
    """The words as at the beginning of a sentence."""
    return words[:1].upper() + words[1:]


def outcomes_in(frame: pd.DataFrame, outcome: str | None) -> list[str]:
    """The outcomes a figure draws, a panel each: the one asked for, or the three gains, or all there are.

    Raises
    ------
    InputError
        If the one asked for is not in the frame.
    """
    known = list(dict.fromkeys(frame["outcome"].astype(str))) if "outcome" in frame.columns else []
    if outcome is None:
        return [name for name in GAINS if name in known] or known or list(GAINS)
    if known and outcome not in known:
        raise InputError(f"outcome {shown(outcome)}; this frame has {', '.join(known)}")
    return [outcome]


def cells(
    frame: pd.DataFrame, key: str, value: str, ends: tuple[str, str] | None = None
) -> dict[str, Interval]:
    """Value and interval by key, from the columns of its ends, or from ``low`` and ``high`` where there are.

    What is missing or endless is no result.
    """
    found: dict[str, Interval] = {}
    for row in frame.to_dict("records"):
        middle = _finite(row.get(value))
        low, high = (_finite(row[end]) if ends else _finite(row.get(end)) for end in ends or ("low", "high"))
        if not (math.isfinite(low) and math.isfinite(high)):
            low = high = middle
        n = _finite(row.get("n"))
        count = int(n) if math.isfinite(n) else 2
        found[str(row[key])] = Interval(middle, low, high, count if math.isfinite(middle) else 0)
    return found


def _finite(value: Any) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError):
        return math.nan
    return number if math.isfinite(number) else math.nan


def short(words: str, letters: int = LETTERS, lines: int = LINES) -> str:
    r"""A name broken into a few lines, cut off if it is longer.

    Examples
    --------
    >>> short("one two three", 7)
    'one two\nthree'
    >>> short("one two three four", 7)
    'one two\nthree …'
    """
    from textwrap import wrap

    return "\n".join(wrap(words, letters, max_lines=lines, placeholder=" …", break_on_hyphens=False)) or words


def share_words(share: Interval) -> str:
    """A share of the variance with its interval, and whether it may be nothing: in truth none is negative.

    Examples
    --------
    >>> share_words(Interval(0.12, 0.09, 0.15, 9)), share_words(Interval(0.01, -0.02, 0.04, 9))
    ('12 % (9 to 15)', '1 % (−2 to 4, may be nothing)')
    >>> share_words(Interval(-0.09, -0.16, -0.02, 9)), share_words(Interval(-0.09, -0.13, 0.05, 9))
    ('nothing', 'at most 5 %')
    """
    if share.n == 0:
        return "no figure"
    if share.high <= 0.0:
        return "nothing"
    if share.median <= 0.0:
        most = percent(min(share.high, 1.0))
        return most if most.startswith("under") else f"at most {most}"
    if share.low == share.high:
        return percent(share.median)
    low, high = (f"{round(100 * end)}".replace("-", "−") for end in (share.low, share.high))
    unsure = ", may be nothing" if share.low < 0.0 else ""
    return f"{percent(share.median)} ({low} to {high}{unsure})"


def of_outcome(frame: pd.DataFrame, outcome: str) -> pd.DataFrame:
    """The rows of one outcome."""
    return frame[frame["outcome"].astype(str) == outcome] if "outcome" in frame.columns else frame


def ranked(found: Iterable[Rows]) -> list[str]:
    """Keys by their largest value in any outcome, each outcome's largest being one."""
    sizes: dict[str, float] = {}
    for rows in found:
        largest = max((abs(cell.median) for cell in rows.values() if cell.n), default=0.0)
        for key, cell in rows.items():
            size = abs(cell.median) / largest if cell.n and largest > NOTHING else 0.0
            sizes[key] = max(sizes.get(key, 0.0), size)
    return sorted(sizes, key=lambda key: -sizes[key])


def rivals(found: Rows, keys: Sequence[str]) -> list[str]:
    """Of keys from the largest down, those that may as well be as large as the first."""
    first = found[keys[0]]
    return [key for key in keys[1:] if found[key].high >= first.low]


def titles_of(frame: pd.DataFrame, paths: Iterable[str], letters: int = CAPTION) -> dict[str, str]:
    """Settings in words, cut to fit a sentence."""
    if frame.empty:
        return {}
    named = dict(zip(frame["path"].astype(str), frame["title"].astype(str), strict=True))
    return {path: short(named[path], letters, 1) for path in paths}
