"""One thing that was checked, and what it takes to pass."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite, nan
from typing import Final

from migsim.validation.runs import Reading

__all__ = ["COUNT_SLACK", "LAST_BITS", "SHARE_SLACK", "Check", "against_figure", "signed", "told", "wins"]

SHARE_SLACK: Final = 0.02
"""A share passes within two points of the figure, the rounding at which such shares are quoted."""
LAST_BITS: Final = 1e-9
"""Relative: as far as rounding may put equal numbers apart."""
TINY: Final = 5e-5
"""Smaller numbers are told as a power of ten."""
COUNT_SLACK: Final = 0.10
"""Every number passes within this part of the figure only."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was checked.

    Attributes
    ----------
    section, what, year, unit
        What is looked at; ``year`` as text, for it may be a span.
    model, low, high
        The central run, and 5 and 95 % of ranged worlds (``nan`` without them).
    figure
        What the figures or the literature say; for scores, what a perfect prediction has; else ``nan``.
    forecasts
        The same quantity under simple forecasts, by name.
    passed
        None where nothing is claimed and the numbers are shown only.
    source
        Where the figure comes from, in the registry's tokens.
    remark
        A sentence made from these numbers.
    """

    section: str
    what: str
    year: str
    unit: str
    model: float
    low: float = nan
    high: float = nan
    figure: float = nan
    forecasts: Mapping[str, float] = field(default_factory=dict)
    passed: bool | None = None
    source: str = ""
    remark: str = ""

    @property
    def verdict(self) -> str:
        """In a word."""
        return {True: "passes", False: "falls short", None: "shown"}[self.passed]


def against_figure(
    section: str,
    what: str,
    year: int | str,
    unit: str,
    reading: Reading,
    figure: float,
    *,
    no_change: float = nan,
    source: str = "",
    slack: float | None = None,
) -> Check:
    """A check that passes if the model is near a figure: within a tenth of it, and two points for a share.

    Parameters
    ----------
    no_change
        The figure of the base year, where that is the simple forecast.
    slack
        Another distance in the unit of the figure.
    """
    if slack is None:
        slack = COUNT_SLACK * abs(figure)
        slack = min(SHARE_SLACK, slack) if unit.startswith("share") else slack
    distance = abs(reading.model - figure)
    forecasts = {"no change": no_change} if isfinite(no_change) else {}
    remark = f"{told(distance)} from the figure, where {told(slack)} is allowed"
    if forecasts:
        other = abs(no_change - figure)
        nearer = "nearer than" if distance < other else "no nearer than"
        remark += f"; {nearer} no change, which is {told(other)} away"
    last_bits = LAST_BITS * max(abs(figure), 1.0)
    if reading.low - figure > last_bits or figure - reading.high > last_bits:
        remark += "; the figure is outside the interval of ranged worlds"
    return Check(
        section=section,
        what=what,
        year=str(year),
        unit=unit,
        model=reading.model,
        low=reading.low,
        high=reading.high,
        figure=figure,
        forecasts=forecasts,
        passed=distance <= slack,
        source=source,
        remark=f"{remark}.",
    )


def told(value: float) -> str:
    """A number with the digits it deserves: four decimals below one, none above a hundred.

    Examples
    --------
    >>> told(0.01234), told(1.25), told(12.345), told(1234.5), told(3.0), told(float("nan"))
    ('0.0123', '1.250', '12.3', '1,234', '3', '')
    """
    if not isfinite(value):
        return ""
    size = abs(value)
    if value == round(value) and size < 1e3:
        return f"{value:.0f}".replace("-", "−")
    if size < TINY:
        return f"{value:.0e}".replace("-", "−")
    places = 4 if size < 1 else 3 if size < 10 else 1 if size < 100 else 0
    text = f"{value:,.{places}f}"
    return text.replace("-", "−")


def signed(value: float, places: int) -> str:
    """A number with its sign.

    Examples
    --------
    >>> signed(0.0123, 3), signed(-0.5, 1)
    ('+0.012', '−0.5')
    """
    return f"{value:+.{places}f}".replace("-", "−")


def wins(model: float, rivals: Mapping[str, float], *, is_larger_better: bool) -> tuple[bool, str]:
    """Whether the model is better than every rival, and which rival is the best.

    Examples
    --------
    >>> wins(0.1, {"no change": 0.2, "trend": 0.15}, is_larger_better=False)
    (True, 'trend')
    """
    known = {name: value for name, value in rivals.items() if isfinite(value)}
    best = (max if is_larger_better else min)(known, key=lambda name: known[name])
    return (model > known[best] if is_larger_better else model < known[best]), best
