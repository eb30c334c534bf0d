"""The sentences under the figures: numbers with the digits they deserve, and what an interval allows."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Final

from migsim.plots.intervals import Interval
from migsim.results.rounding import NOTHING, percent, places_shown

__all__ = [
    "GAIN_UNITS",
    "GROUPS",
    "NOTHING",
    "UNDER",
    "decimals",
    "gain_sentence",
    "gaining_words",
    "interval_words",
    "least_and_most",
    "number",
    "percent",
    "ranged_words",
    "several_words",
    "theme_words",
    "worlds_words",
]

MOST_NAMED: Final = 4
"""Names in a caption before the rest of them are counted."""
GROUPS: Final[Mapping[str, str]] = {
    "migrants": "Migrants",
    "hosts": "Host countries",
    "departures": "Departure countries",
}
"""The three groups of the triple win, as figures call them."""
GAIN_UNITS: Final[Mapping[str, str]] = {
    "migrants": "points of well-being",
    "hosts": "% of income",
    "departures": "% of income",
}
_THEMES: Final[Mapping[str, str]] = {
    "dev_coherence": "Development coherence",
    "brain_drain_safeguards": "Brain-drain safeguards",
    "services_portability": "Services and portability",
    "integration_participation": "Integration and participation",
    "protection_mixed_flows": "Protection in mixed flows",
}


def theme_words(theme: str) -> str:
    """A theme or paragraph in words.

    Examples
    --------
    >>> theme_words("legal_mobility"), theme_words("dev_coherence")
    ('Legal mobility', 'Development coherence')
    """
    return _THEMES.get(theme, theme.replace("_", " ").capitalize())


def decimals(*values: float) -> int:
    """How many decimals show the largest of some values with two digits, less zeros that end all of them.

    Examples
    --------
    >>> decimals(0.009, 0.055), decimals(0.01, 0.09), decimals(431.2)
    (3, 2, 0)
    """
    largest = max((abs(value) for value in values if math.isfinite(value)), default=0.0)
    if largest <= NOTHING:
        return 0
    places = max(0, 1 - math.floor(math.log10(largest)))
    known = [value for value in values if math.isfinite(value)]
    while places and all(round(value, places) == round(value, places - 1) for value in known):
        places -= 1
    return places


def number(value: float, places: int) -> str:
    """A number with a true minus sign and commas for thousands; it is never shown as zero unless it is zero.

    Examples
    --------
    >>> number(-0.0004, 3), number(-12345.6, 0), number(0.0, 3)
    ('−0.0004', '−12,346', '0')
    """
    if not math.isfinite(value):
        return "no figure"
    size = abs(value)
    if size <= NOTHING:
        return "0"
    return f"{'−' if value < 0 else ''}{size:,.{places_shown(size, places)}f}"


def interval_words(
    interval: Interval, unit: str = "", places: int | None = None, *, of_difference: bool = False
) -> str:
    """Median and interval; of a difference, also whether its sign is open.

    Examples
    --------
    >>> interval_words(Interval(0.04, -0.01, 0.09, 100), "% of income", of_difference=True)
    '0.04 % of income (5–95 %: −0.01 to 0.09, zero included)'
    """
    if interval.n == 0:
        return "no result"
    shown = decimals(interval.median, interval.low, interval.high) if places is None else places
    middle = f"{number(interval.median, shown)} {unit}".rstrip()
    if interval.n > 1 and max(abs(interval.low), abs(interval.high)) <= NOTHING:
        return f"{middle} in every world"
    if interval.n == 1:
        return f"{middle} (one world, no interval)"
    is_open = ", zero included" if of_difference and interval.spans_zero else ""
    return f"{middle} (5–95 %: {number(interval.low, shown)} to {number(interval.high, shown)}{is_open})"


UNDER: Final = {"scenario": "under", "group": "in"}
"""What stands before the name of a scenario, or of a group of states."""


def least_and_most(
    what: str,
    found: Mapping[str, Interval],
    unit: str = "",
    *,
    of_difference: bool = False,
    under: str = "under",
) -> str:
    """Where several scenarios' medians reach from and to; ``found`` is by the scenarios' labels.

    Of groups of states, ``under`` is "in".
    """
    known = {label: interval for label, interval in found.items() if interval.n}
    if not known:
        return f"{what}: no result."
    least, most = (
        min(known, key=lambda name: known[name].median),
        max(known, key=lambda name: known[name].median),
    )
    ends = [interval_words(known[name], unit, of_difference=of_difference) for name in (least, most)]
    if ends[0] == ends[1]:
        return f"{what}: {ends[0]} {under} every {'scenario' if under == 'under' else 'group'}."
    return f"{what}: from {ends[0]} {under} {least} to {ends[1]} {under} {most}."


def worlds_words(*counts: int, is_paired: bool = True) -> str:
    """How many paired worlds: of several scenarios with results, from how many to how many.

    Examples
    --------
    >>> worlds_words(1), worlds_words(100, 100), worlds_words(100, 97, 0)
    ('1 paired world', '100 paired worlds', '97 to 100 paired worlds')
    """
    known = [count for count in counts if count] or [0]
    least, most = min(known), max(known)
    range_ = f"{most:,}" if least == most else f"{least:,} to {most:,}"
    return f"{range_} {'paired ' if is_paired else ''}{'world' if most == 1 else 'worlds'}"


def gaining_words(share: float, n: int) -> str:
    """In how many worlds a group gains.

    Examples
    --------
    >>> gaining_words(0.83, 100), gaining_words(0.0, 100)
    ('83 % of 100 paired worlds gain', 'none of 100 paired worlds gains')
    """
    if share in (0.0, 1.0) and n > 1:
        return f"all {worlds_words(n)} gain" if share else f"none of {worlds_words(n)} gains"
    return f"{percent(share)} of {worlds_words(n)} gain"


def several_words(names: Sequence[str], most: int = MOST_NAMED) -> str:
    """Some names, and how many more there are.

    Examples
    --------
    >>> several_words(["a", "b", "c", "d", "e"], 3)
    'a, b, c and 2 more'
    >>> several_words(["a", "b"])
    'a and b'
    """
    told = list(names) if len(names) <= most + 1 else [*names[:most], f"{len(names) - most} more"]
    return " and ".join([", ".join(told[:-1]), told[-1]] if len(told) > 1 else told)


def ranged_words(spread: str | None) -> str:
    """What the worlds differ in, which an interval cannot be read without; begins with a space."""
    match spread:
        case "ranged":
            return " that differ in parameters and chance"
        case "central":
            return " that differ in chance alone (parameters at their central values)"
    return ""


def gain_sentence(group: str, gain: Interval, share: float, year: int) -> str:
    """What one group gains by ``year`` and how sure that is; an interval with zero in it is called open."""
    who, unit = GROUPS[group], GAIN_UNITS[group]
    if gain.n == 0:
        return f"{who}: no result."
    if max(abs(gain.low), abs(gain.high)) <= NOTHING:
        return f"{who} neither gain nor lose by {year} in any of {worlds_words(gain.n)}."
    places = decimals(gain.median, gain.low, gain.high)
    if gain.n == 1:
        verb = "gain" if gain.median > 0 else "lose"
        size = number(abs(gain.median), places)
        return f"{who} {verb} {size} {unit} by {year} in the one world run (n = 1: no interval)."
    ends = f"{number(gain.low, places)} to {number(gain.high, places)}"
    worlds = gaining_words(share, gain.n)
    if gain.spans_zero:
        middle = number(gain.median, places)
        return (
            f"{who}: sign open, median {middle} {unit} by {year} (5–95 %: {ends}, zero included); {worlds}."
        )
    verb = "gain" if gain.median > 0 else "lose"
    return f"{who} {verb} {number(abs(gain.median), places)} {unit} by {year} (5–95 %: {ends}); {worlds}."
