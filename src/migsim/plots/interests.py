"""Interests: what states want by the documents, beside what they would gain by the model's own payoffs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from migsim.plots.sheet import GivenAxes, open_sheet
from migsim.plots.style import COLOURS, GREY, INK, SMALL, in_house_style
from migsim.plots.wording import theme_words
from migsim.results.interests import QUADRANTS, quadrant
from migsim.themes import THEMES

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

__all__ = ["stance_and_gain", "stance_to_payoff"]

DOCUMENTS, PAYOFFS = COLOURS[0], COLOURS[1]
LINEAR: Final = 0.05
"""Percent of income up to which the axis of gains is even; beyond, each tenfold takes the same room."""
CORNERS: Final = ((0.98, 0.96), (0.98, 0.04), (0.02, 0.96), (0.02, 0.04))
"""Where the names of the `QUADRANTS` stand, in shares of the panel."""


@in_house_style
def stance_to_payoff(frame: pd.DataFrame, *, ax: GivenAxes = None) -> np.ndarray:
    """For each theme, the way from each state's ideal by the documents to its ideal by payoffs.

    Parameters
    ----------
    frame : DataFrame
        What `migsim.results.interests.Interests.to_frame` gives; a dozen states can be read.
    ax : twelve Axes, optional

    Returns
    -------
    array of Axes
    """
    names = list(dict.fromkeys(frame["state"]))
    sheet = open_sheet(ax, 4, 3, height=4 * (0.55 + 0.125 * max(len(names), 4)))
    for n, (panel, theme) in enumerate(zip(sheet.axes, THEMES, strict=True)):
        _ways(panel, frame[frame["theme"] == theme])
        panel.set_title(theme_words(theme), size=SMALL + 0.5)
        panel.set_ylim(len(names) - 0.4, -0.6)
        panel.set_yticks(range(len(names)), names if n % 3 == 0 else [])
        panel.tick_params(axis="y", length=0, labelsize=SMALL)
        panel.set_xlim(-0.03, 1.03)
        panel.set_xticks([0.0, 0.5, 1.0], ["0", "½", "1"])
        panel.set_xlabel("Ideal policy" if n >= 9 or not sheet.is_own else " ", labelpad=1)
    sheet.axes[0].set_ylabel("State")
    sheet.finish("From what the documents say to what pays", _ways_caption(frame), _ways_legend())
    return sheet.array()


def _ways(ax: Axes, rows: pd.DataFrame) -> None:
    """One theme: a line a state."""
    for n, row in enumerate(rows.to_dict("records")):
        start, end = row["ideal_documents"], row["ideal_payoffs"]
        is_silent = row["documents_are"] == "silent"
        ax.plot([start, end], [n, n], color=GREY, linewidth=0.9, zorder=1)
        ax.plot(
            start,
            n,
            "o",
            color=DOCUMENTS,
            markersize=4.2,
            zorder=2,
            markerfacecolor="white" if is_silent else DOCUMENTS,
        )
        ax.plot(row["policy_2005"], n, "|", color=INK, markersize=6.5, markeredgewidth=1.0, zorder=3)
        ax.plot(end, n, "s", color=PAYOFFS, markersize=3.6, zorder=4)
    ax.grid(axis="y", color="#EEEEEE", linewidth=0.8)


def _ways_legend() -> list[Artist]:
    from matplotlib.lines import Line2D

    marks = (
        ("o", DOCUMENTS, DOCUMENTS, "by the documents"),
        ("o", DOCUMENTS, "white", "the documents are silent"),
        ("|", INK, INK, "policy of 2005"),
        ("s", PAYOFFS, PAYOFFS, "by payoffs"),
    )
    return [
        Line2D([], [], marker=m, linestyle="none", color=c, markerfacecolor=f, markersize=5, label=words)
        for m, c, f, words in marks
    ]


def _ways_caption(frame: pd.DataFrame) -> str:
    gap = (frame["ideal_payoffs"] - frame["ideal_documents"]).groupby(frame["theme"], sort=False).mean()
    most = str(gap.abs().idxmax())
    way = "less" if gap[most] < 0 else "more"
    silent = int((frame["documents_are"] == "silent").sum())
    return (
        "0 no cooperation, 1 full cooperation; full knowledge, no error of judgement, the trust of 2005, "
        f"central parameters. n = {frame['state'].nunique()} states. Payoffs ask for {way} than the "
        f"documents most on {theme_words(most).lower()} ({abs(gap[most]):.2f} on average). Where the "
        f"documents are silent ({silent} of {len(frame)} rows) the model places a state near the middle."
    )


@in_house_style
def stance_and_gain(frame: pd.DataFrame, *, ax: GivenAxes = None) -> Axes:
    """Stance against joint gain over all states and themes, with the quadrants named and counted.

    Parameters
    ----------
    frame : DataFrame
        What `migsim.results.interests.Interests.to_frame` gives.
    ax : Axes, optional
    """
    sheet = open_sheet(ax, height=3.9)
    panel = sheet.axes[0]
    rows = frame[frame["stance"].notna()]
    is_host = rows["role_host"] >= rows["role_departure"]
    for part, colour, mark in ((rows[is_host], COLOURS[0], "o"), (rows[~is_host], COLOURS[1], "^")):
        panel.plot(
            part["stance"],
            part["joint_gain"],
            mark,
            color=colour,
            markersize=2.8,
            alpha=0.55,
            markeredgewidth=0,
        )
    panel.set_yscale("symlog", linthresh=LINEAR, linscale=0.8)
    reach = max(float(rows["joint_gain"].abs().max()) if len(rows) else 1.0, 1.0) * 5.0
    panel.set_ylim(-reach, reach)
    panel.set_xlim(-0.03, 1.03)
    panel.axhline(0.0, color=GREY, linewidth=0.8, zorder=0)
    panel.axvline(0.5, color=GREY, linewidth=0.8, zorder=0)
    ticks = [tick for tick in (0.05, 0.5, 5.0) if tick < reach]
    ticks = [*(-tick for tick in reversed(ticks)), 0.0, *ticks]
    panel.set_yticks(ticks, [f"{tick:g}".replace("-", "−") for tick in ticks])
    panel.minorticks_off()
    panel.set_xlabel("Stance by the documents, 0 (against) to 1 (for)")
    panel.set_ylabel("Joint gain, % of income")
    met = quadrant(rows["stance"].to_numpy(), rows["joint_gain"].to_numpy())
    for name, (x, y) in zip(QUADRANTS, CORNERS, strict=True):
        _name(panel, x, y, f"{name.capitalize()}: {int((met == name).sum()):,}")
    sheet.finish(
        "Do states want what they would gain by?", _quadrants_caption(frame, rows, met), _roles_legend()
    )
    return panel


def _name(ax: Axes, x: float, y: float, words: str) -> None:
    """A quadrant's name in its corner."""
    ground = {"facecolor": "white", "edgecolor": "none", "pad": 1.0, "alpha": 0.8}
    sides: dict[str, Any] = {"ha": "right" if x > 0.5 else "left", "va": "top" if y > 0.5 else "bottom"}
    ax.text(
        x, y, words, transform=ax.transAxes, size=SMALL + 0.5, weight="bold", bbox=ground, zorder=5, **sides
    )


def _roles_legend() -> list[Artist]:
    from matplotlib.lines import Line2D

    kinds = (("o", COLOURS[0], "host states"), ("^", COLOURS[1], "departure states"))
    return [
        Line2D([], [], marker=mark, linestyle="none", color=colour, markersize=4.5, label=words)
        for mark, colour, words in kinds
    ]


def _quadrants_caption(frame: pd.DataFrame, rows: pd.DataFrame, met: np.ndarray) -> str:
    told = []
    for name in QUADRANTS[1:3]:
        themes = rows.loc[met == name, "theme"].value_counts()
        if len(themes):
            words = theme_words(str(themes.index[0])).lower()
            told.append(f"{name} is most often {words} ({themes.iloc[0]} states)")
    sentence = "; ".join(told)
    return (
        f"One mark a state and theme: {len(rows):,} with a stance, n = {frame['state'].nunique()} states; "
        f"{len(frame) - len(rows):,} on which the documents are silent are left out. Gain if all states "
        "used the theme's levers in full, net of costs, at central values; the axis is even to "
        f"±{LINEAR:g} and logarithmic beyond. {sentence[:1].upper()}{sentence[1:]}{'.' if sentence else ''}"
    )
