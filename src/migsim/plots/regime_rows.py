"""Regimes side by side: what each yields to the three groups, a row a regime, with the nulls set apart."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from migsim.plots.intervals import Frames, Interval, gather, last_year
from migsim.plots.rows import dot_rows, rows_height
from migsim.plots.sheet import GivenAxes, open_sheet
from migsim.plots.style import GREY, INK, SMALL, LineStyle, in_house_style, line_styles
from migsim.plots.wins import CONDITION, EMPTY, all_gain, gains, share_positive
from migsim.plots.wording import GROUPS, NOTHING, percent, ranged_words, several_words, worlds_words

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["regimes"]

_AXES: Final = {
    "migrants": "Points of well-being\nper base migrant",
    "hosts": "% of income",
    "departures": "% of income",
}
EDGE: Final = 1.03
"""Where the shares begin, as a part of a panel's width."""


@in_house_style
def regimes(
    world: Frames,
    *,
    nulls: Collection[str] = (),
    scenarios: Sequence[str] | None = None,
    labels: Mapping[str, str] | None = None,
    spread: str | None = None,
    margin: float = 0.0,
    ax: GivenAxes = None,
) -> np.ndarray[Any, Any]:
    """What each regime yields in the last year against the same world in which nobody meets.

    Parameters
    ----------
    world : DataFrame or mapping of str to DataFrame or None
        Table ``world`` of several scenarios: ``replicate``, ``year``, ``gain_<group>``, ``gain_sd_<group>``,
        ``weakest``.
    nulls : collection of str
        Scenarios that stand below a rule: comparisons that nobody would propose.
    scenarios, labels, spread, margin
        As for `migsim.plots.triple_win`.
    ax : three Axes, optional

    Returns
    -------
    array of Axes
        Migrants, host countries, departure countries.
    """
    table, order = gather(world, scenarios)
    styles = sorted(line_styles(order, labels).values(), key=lambda style: style.name in nulls)
    sheet = open_sheet(ax, 1, 3, height=rows_height(styles) + 0.35)
    for panel, (group, title) in zip(sheet.axes, GROUPS.items(), strict=True):
        panel.set_title(title, pad=16)
        panel.set_xlabel(_AXES[group])
        panel.set_ylabel("Regime" if group == "migrants" else "")
    if table.empty:
        return sheet.finish_empty("Regimes side by side", EMPTY)
    year = last_year(table)
    found = {g: {s.name: gains(table, s.name, g, year) for s in styles} for g in GROUPS}
    for panel, group in zip(sheet.axes, GROUPS, strict=True):
        dot_rows(panel, styles, found[group], is_named=group == "migrants")
        shares = {s.name: share_positive(table, s.name, group, year, margin) for s in styles}
        _shares(panel, styles, found[group], shares)
        _rule(panel, sum(style.name not in nulls for style in styles), len(styles))
    sheet.finish(
        f"What each regime yields by {year} against a world where nobody meets",
        _caption(table, styles, found, nulls, spread, margin),
        year=year,
    )
    return sheet.array()


def _shares(
    ax: Axes, styles: Sequence[LineStyle], found: Mapping[str, Interval], shares: Mapping[str, float]
) -> None:
    """In how many worlds the group gains, at the right of each row."""
    is_one = max((gain.n for gain in found.values()), default=0) == 1
    heading = "better off" if is_one else "better off in"
    ax.annotate(
        heading, xy=(1.0, 1.0), xycoords="axes fraction", xytext=(0, 4), textcoords="offset points",
        ha="center", size=SMALL, color=GREY,
    )  # fmt: skip
    for n, style in enumerate(styles):
        often = ("yes" if shares[style.name] else "no") if is_one else percent(shares[style.name])
        words = "" if _is_nothing(found[style.name]) else often
        ax.text(
            EDGE, n, words, transform=ax.get_yaxis_transform(), ha="left", va="center", size=SMALL, color=INK
        )


def _is_nothing(gain: Interval) -> bool:
    """Whether there is nothing to gain or lose in any world, or no world."""
    return gain.n == 0 or max(abs(gain.low), abs(gain.high)) <= NOTHING


def _rule(ax: Axes, n_regimes: int, n_rows: int) -> None:
    """The rule below which the nulls stand."""
    if 0 < n_regimes < n_rows:
        ax.axhline(n_regimes - 0.5, color=GREY, linewidth=0.8, linestyle=(0.0, (4.0, 2.0)), zorder=1)


def _caption(
    table: pd.DataFrame,
    styles: Sequence[LineStyle],
    found: Mapping[str, Mapping[str, Interval]],
    nulls: Collection[str],
    spread: str | None,
    margin: float,
) -> str:
    year = last_year(table)
    moved = [s for s in styles if any(not _is_nothing(found[g][s.name]) for g in GROUPS)]
    counts = [gain.n for of_group in found.values() for gain in of_group.values()]
    sentences = [_signs(group, [s for s in moved if s.name not in nulls], found[group]) for group in GROUPS]
    often = {s: all_gain(table, s.name, year, margin).median for s in moved}
    if often:
        best = max(often, key=lambda s: often[s])
        most = f"All three gain most often under {best.label}, in {percent(often[best])} of worlds."
        if max(counts, default=0) == 1:
            winners = [s.label for s in moved if often[s]]
            most = f"All three gain under {several_words(winners)}, in the one world run."
        sentences.append(most if often[best] else "All three gain in no world of any row.")
    if missing := [s.label for s in styles if not any(found[g][s.name].n for g in GROUPS)]:
        sentences.append(f"No result: {', '.join(missing)}.")
    worlds = f"{worlds_words(*counts)}{ranged_words(spread)}"
    reading = f"Dot: median; bar: 5–95 % of {worlds}; open dot: zero included."
    sentences.append("n = 1: no interval." if max(counts, default=0) == 1 else reading)
    if any(style.name in nulls for style in styles):
        sentences.append("Below the rule: comparisons that nobody would propose.")
    return " ".join([*(words for words in sentences if words), "Scales differ.", CONDITION])


def _signs(group: str, styles: Sequence[LineStyle], found: Mapping[str, Interval]) -> str:
    """Under which regimes a group gains or loses for sure, and under how many the sign is open."""
    up = [s.label for s in styles if found[s.name].low > 0.0]
    down = [s.label for s in styles if found[s.name].high < 0.0]
    n_open = len(styles) - len(up) - len(down)
    who = GROUPS[group]
    parts = [f"gain under {several_words(up)}"] if up else []
    parts += [f"lose under {several_words(down)}"] if down else []
    if not parts:
        return f"{who}: the interval includes zero under every regime." if styles else ""
    rest = f"; the interval includes zero under {n_open} of {len(styles)} regimes" if n_open else ""
    return f"{who} {' and '.join(parts)}{rest}."
