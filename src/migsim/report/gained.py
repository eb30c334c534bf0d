"""What a state gained, part by part, and which policies moved, beside the median of its region."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from migsim.plots.intervals import Interval
from migsim.plots.wording import NOTHING, interval_words, number, theme_words
from migsim.report.lived_again import LivedAgain
from migsim.report.outcomes import cell
from migsim.report.state_rows import interval_of, median_of_others
from migsim.results.rounding import places_shown
from migsim.themes import THEMES

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["COLUMNS", "Gain", "Theme", "gains_of", "reasons", "themes_of"]

PARTS: Final[Mapping[str, tuple[str, str]]] = {
    "output": ("output (host)", "host"),
    "fiscal": ("public purse (host)", "host"),
    "order": ("order (host)", "host"),
    "integration": ("integration (host)", "host"),
    "money": ("money sent home (departure)", "departure"),
    "skills": ("skills (departure)", "departure"),
    "development": ("development (departure)", "departure"),
}
"""Components of a gain, what they are called, and by which role they count."""
COLUMNS: Final = ("role_host", "role_departure", "role_transit", "gain", *(f"gain_{part}" for part in PARTS))
MOST_NAMED: Final = 2
SEEN: Final = 0.02
"""Part of the largest, or of the whole, below which a part is not told in full."""


@dataclass(frozen=True, slots=True)
class Gain:
    """One part of the gain: its name, the state's interval, the region's median, whether it is the sum."""

    name: str
    own: str
    region: str
    is_sum: bool


@dataclass(frozen=True, slots=True)
class Theme:
    """One theme: what the documents say that the state wants, what it would gain, and what its policy did."""

    name: str
    stance: str
    payoff: str
    policy: str
    added: str
    region: str


def gains_of(last: pd.DataFrame, iso3: str) -> tuple[list[Gain], dict[str, Interval]]:
    """The gain and its parts in the last year, percent of income; parts count by role and add up to the gain.

    Parameters
    ----------
    last
        Rows of the state and of its region in the last year, with `COLUMNS`.
    iso3
        The state.
    """
    counted = last.assign(
        **{f"part_{part}": last[f"gain_{part}"] * last[f"role_{role}"] for part, (_, role) in PARTS.items()}
    )
    own = counted[counted["state"] == iso3].set_index("replicate")
    names = {"gain": "all together"} | {f"part_{part}": words for part, (words, _) in PARTS.items()}
    found = {name: interval_of(own[column]) for column, name in names.items()}
    others = {name: _of_others(median_of_others(counted, iso3, column)) for column, name in names.items()}
    least = SEEN * max(_size(found["all together"]), _size(others["all together"]))
    small = [name for name in found if max(_size(found[name]), _size(others[name])) < least]
    told = [
        Gain(name, _shortly(found[name], least), _shortly(others[name], least), name == "all together")
        for name in found
        if name not in small or len(small) < 2
    ]
    if len(small) > 1:
        told.append(
            Gain(", ".join(small), _all_within(found, small), _all_within(others, small) or "–", is_sum=False)
        )
    return told, found


def themes_of(
    interests: pd.DataFrame, last: pd.DataFrame, iso3: str, again: LivedAgain | None
) -> tuple[list[Theme], dict[str, Interval]]:
    """Theme by theme: stance, payoff, policy in the last year, and what the forum added to it.

    Parameters
    ----------
    interests
        As `migsim.results.interests.Interests.to_frame` gives it, for this state.
    last
        Rows of the state in the last year, with its policies.
    iso3
        The state.
    again
        Worlds lived again, of which what was added is known; None if there are none.
    """
    own = last[last["state"] == iso3].set_index("replicate")
    wants = interests.set_index("theme").to_dict("index")
    told, added = [], {}
    for n, theme in enumerate(THEMES):
        row = wants[theme]
        if again is not None:
            place = again.states.index(iso3)
            added[theme_words(theme)] = Interval.of(again.added[:, place, n])
        told.append(
            Theme(
                name=theme_words(theme),
                stance=_stance(row),
                payoff=_signed(float(row["joint_gain"])),
                policy=cell(interval_of(own[f"policy_{theme}"])),
                added=cell(added[theme_words(theme)]) if again is not None else "–",
                region="–" if again is None else _of_region(again, iso3, n, last),
            )
        )
    return told, added


def reasons(gains: Mapping[str, Interval], added: Mapping[str, Interval]) -> list[str]:
    """Which parts of the gain and which policies moved most, in sentences with intervals."""
    parts = {name: gain for name, gain in gains.items() if name != "all together"}
    told = []
    if moved := _largest(parts):
        named = "; ".join(
            f"{name} {interval_words(parts[name], '% of income', of_difference=True)}" for name in moved
        )
        told.append(f"What moves it most: {named}.")
    else:
        told.append("No part of its gain moves.")
    if moved := _largest(added):
        named = "; ".join(f"{name} {interval_words(added[name], of_difference=True)}" for name in moved)
        told.append(f"Against the paired world its policy moves most on {named}, on a scale from 0 to 1.")
    elif added:
        told.append("None of its policies differs from the paired world’s.")
    return told


def _size(interval: Interval) -> float:
    """The end that is farthest from zero."""
    return max(abs(interval.low), abs(interval.high), abs(interval.median)) if interval.n else 0.0


def _of_others(medians: pd.Series[Any]) -> Interval:
    return interval_of(medians) if medians.notna().any() else Interval.of(())


def _shortly(interval: Interval, least: float) -> str:
    """A cell in which what is small beside the whole is said to be so, and no more."""
    if not interval.n:
        return "–"
    return _within(_size(interval)) if NOTHING < _size(interval) < least else cell(interval)


def _all_within(found: Mapping[str, Interval], names: list[str]) -> str:
    """Between which ends several small intervals lie; empty if there is none."""
    if not any(found[name].n for name in names):
        return ""
    size = max(_size(found[name]) for name in names)
    return _within(size) if size > NOTHING else "0"


def _within(size: float) -> str:
    unit = 10.0 ** math.floor(math.log10(size))
    return f"within ±{number(math.ceil(size / unit) * unit, 0)}"


def _largest(found: Mapping[str, Interval]) -> list[str]:
    """Up to two names by the size of their medians, without those that are small beside the first."""
    ordered = sorted(found, key=lambda name: -abs(found[name].median))
    first = abs(found[ordered[0]].median) if ordered else 0.0
    return [name for name in ordered[:MOST_NAMED] if abs(found[name].median) > max(SEEN * first, NOTHING)]


def _of_region(again: LivedAgain, iso3: str, theme: int, last: pd.DataFrame) -> str:
    others = [n for n, code in enumerate(again.states) if code != iso3 and code in set(last["state"])]
    if not others:
        return "–"
    return cell(Interval.of(np.median(again.added[:, others, theme], axis=1)))


def _stance(row: Mapping[Any, Any]) -> str:
    stance = float(row["stance"])
    return "silent" if np.isnan(stance) else f"{stance:.2f}"


def _signed(gain: float) -> str:
    if abs(gain) <= NOTHING:
        return "0"
    return f"{'+' if gain > 0 else ''}{number(gain, places_shown(gain, 2))}"
