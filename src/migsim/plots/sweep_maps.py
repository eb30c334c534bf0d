"""A map of a sweep: an outcome over two settings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from migsim.errors import InputError
from migsim.plots.factors import short
from migsim.plots.sheet import GivenAxes, open_sheet
from migsim.plots.style import INK, SMALL, in_house_style, loss_to_gain
from migsim.plots.sweep_words import (
    Labels,
    map_caption,
    outcome_axis,
    setting_axis,
    setting_words,
    title_words,
    value_words,
)
from migsim.plots.sweep_worlds import in_bins, is_share, options_of, outcomes_by, signs_by, worlds
from migsim.plots.wording import decimals, number

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["heat_map"]

EMPTY: Final = "no world was run"
MOST_TOLD: Final = 12
"""Cells along either side of a map beyond which no numbers are written into them."""


@in_house_style
def heat_map(
    frame: pd.DataFrame,
    x: str,
    y: str,
    outcome: str = "weakest",
    *,
    labels: Labels = None,
    year: int | None = None,
    ax: GivenAxes = None,
) -> Axes:
    """An outcome over two settings: the median of the worlds in each cell.

    Parameters
    ----------
    frame, outcome, labels, year, ax
        As for `course`.
    x, y : str
        Paths of two settings.

    Returns
    -------
    Axes
    """
    rows = worlds(frame, (x, y), outcome)
    if x == y:
        raise InputError(f"{x} twice; a map takes two different settings")
    if rows.empty:
        sheet = open_sheet(ax, height=2.6)
        panel = sheet.axes[0]
        panel.set_xlabel(setting_axis(x, labels))
        panel.set_ylabel(setting_axis(y, labels))
        sheet.finish_empty(f"{title_words(outcome, labels)}, by two settings", EMPTY)
        return panel
    placed = rows.assign(_x=in_bins(rows[x]), _y=in_bins(rows[y]))
    found = outcomes_by(placed, outcome, ["_y", "_x"])
    middle = found.pivot(index="_y", columns="_x", values="median").reindex(
        index=options_of(placed["_y"]), columns=options_of(placed["_x"])
    )
    is_open = np.zeros(middle.shape, dtype=bool)
    if not is_share(rows[outcome]):
        signs = signs_by(placed, outcome, ["_y", "_x"]).unstack("_x").reindex_like(middle)
        is_open = (signs == 0).to_numpy()
    sheet = open_sheet(ax, height=1.2 + 0.3 * max(6, min(len(middle), 12)))
    panel = sheet.axes[0]
    _cells(panel, middle, is_open, outcome_axis(outcome, labels))
    panel.set_xlabel(setting_axis(x, labels))
    panel.set_ylabel(setting_axis(y, labels, 34))
    title = (
        f"{title_words(outcome, labels)}, by “{setting_words(x, labels)}” and “{setting_words(y, labels)}”"
    )
    sheet.finish(title, map_caption(found, placed, (x, y), outcome, labels), year=year)
    return panel


def _cells(ax: Axes, table: pd.DataFrame, is_open: np.ndarray[Any, Any], measure: str) -> None:
    middle = table.to_numpy(float)
    largest = float(np.nanmax(np.abs(middle))) or 1.0
    has_both = bool((middle < 0).any() and (middle > 0).any())
    limits = (-largest, largest) if has_both else (float(np.nanmin(middle)), float(np.nanmax(middle)))
    image = ax.imshow(
        middle, origin="lower", aspect="auto", cmap=loss_to_gain() if has_both else "cividis", vmin=limits[0],
        vmax=limits[1] if limits[1] > limits[0] else limits[0] + 1.0,
    )  # fmt: skip
    columns, index = list(table.columns), list(table.index)
    ax.set_xticks(range(len(columns)), [short(value_words(value), 14) for value in columns])
    ax.set_yticks(range(len(index)), [short(value_words(value), 22) for value in index])
    if len(columns) > MOST_TOLD:
        ax.tick_params(axis="x", rotation=90)
    ax.tick_params(length=0)
    places = decimals(*middle.ravel())
    is_told = max(middle.shape) <= MOST_TOLD
    for (j, i), value in np.ndenumerate(middle):
        if not np.isfinite(value):
            continue
        red, green, blue, _ = image.cmap(image.norm(value))
        ink = INK if 0.3 * red + 0.59 * green + 0.11 * blue > 0.5 else "white"
        sign = "°" if is_open[j, i] else ""
        words = f"{number(value, places)}{sign}" if is_told else sign
        ax.text(i, j, words, ha="center", va="center", size=SMALL, color=ink)
    bar = ax.figure.colorbar(image, ax=ax, pad=0.02)
    bar.set_label(measure.replace("\n", " "))
    bar.outline.set_linewidth(0.5)
