"""The model held against figures: corridors, scores beside simple forecasts, emigration by income."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from migsim.plots.sheet import GivenAxes, open_sheet
from migsim.plots.style import COLOURS, GREY, INK, SMALL, in_house_style

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["corridor_stocks", "emigration_by_income", "forecast_scores"]

MODEL, FIGURE = COLOURS[0], COLOURS[1]
LEAST: Final = 10.0
"""Persons: where the scales begin."""
OTHERS: Final = "#999999"


@in_house_style
def corridor_stocks(stocks: pd.DataFrame, *, year: int, note: str = "", ax: GivenAxes = None) -> Axes:
    """Predicted against counted stocks of corridors, both on a logarithmic scale.

    Parameters
    ----------
    stocks : DataFrame
        ``counted`` and ``predicted`` persons, one row a corridor.
    year
        Of the stocks.
    note
        A sentence for the caption: the scores.
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    sheet = open_sheet(ax, height=4.0)
    panel = sheet.axes[0]
    shown = stocks.clip(lower=LEAST)
    ends = (LEAST, 2.0 * float(shown[["counted", "predicted"]].to_numpy().max()))
    panel.plot(ends, ends, color=GREY, linewidth=0.8, zorder=1)
    panel.scatter(
        shown["counted"],
        shown["predicted"],
        s=5,
        color=MODEL,
        alpha=0.35,
        linewidths=0,
        rasterized=True,
        zorder=2,
    )
    panel.set_xscale("log")
    panel.set_yscale("log")
    panel.set_xlim(ends)
    panel.set_ylim(ends)
    for axis in (panel.xaxis, panel.yaxis):
        axis.set_major_formatter(lambda value, _: f"{value:,.0f}")
        axis.set_minor_formatter(lambda value, _: "")
    panel.set_xlabel(f"Counted in {year}, persons")
    panel.set_ylabel("Predicted from 2005, persons")
    sheet.finish(
        f"Migrants on {len(stocks):,} corridors, {year}",
        f"n = {len(stocks):,} corridors with at least 1,000 migrants in 2005; on the line, prediction and"
        f" count agree; stocks below {LEAST:g} are drawn there. {note}".strip(),
    )
    return panel


@in_house_style
def forecast_scores(scores: pd.DataFrame, *, year: int, ax: GivenAxes = None) -> np.ndarray:
    """Three scores of corridor stocks, a panel each: the model, its null, and the simple forecasts.

    Parameters
    ----------
    scores : DataFrame
        ``score``, ``forecast``, ``value``, ``low`` and ``high`` (the interval of the model, else missing) and
        ``is_larger_better``; the model comes first in each score.
    year
        Of the stocks.
    ax : array of Axes, optional

    Returns
    -------
    array of Axes
    """
    names = list(dict.fromkeys(scores["score"]))
    forecasts = list(dict.fromkeys(scores["forecast"]))
    sheet = open_sheet(ax, 1, len(names), height=0.9 + 0.24 * len(forecasts))
    for n, (panel, name) in enumerate(zip(sheet.axes, names, strict=True)):
        part = scores[scores["score"] == name].set_index("forecast").reindex(forecasts)
        for row, forecast in enumerate(forecasts):
            value = float(part.loc[forecast, "value"])
            is_model = row == 0
            if is_model and part.loc[forecast, ["low", "high"]].notna().all():
                panel.plot(
                    [part.loc[forecast, "low"], part.loc[forecast, "high"]], [row, row], color=MODEL,
                    linewidth=4, alpha=0.35, solid_capstyle="butt",
                )  # fmt: skip
            panel.plot(value, row, "o", color=MODEL if is_model else OTHERS, markersize=5, zorder=3)
            panel.annotate(
                f"{value:.4f}",
                (value, row),
                xytext=(0, 5),
                textcoords="offset points",
                ha="center",
                size=SMALL,
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.5},
                zorder=2,
            )
        panel.axvline(float(part["value"].iloc[0]), color=MODEL, linewidth=0.7, zorder=1)
        panel.set_yticks(range(len(forecasts)), forecasts if n == 0 else [])
        panel.set_ylim(len(forecasts) - 0.5, -0.7)
        panel.tick_params(axis="y", length=0)
        panel.grid(axis="y", color="#EEEEEE", linewidth=0.8)
        panel.margins(x=0.18)
        panel.locator_params(axis="x", nbins=3)
        is_larger_better = bool(part["is_larger_better"].iloc[0])
        panel.set_title(
            name.replace(" absolute log", "\nabsolute log").replace(" error over", "\nerror over")
        )
        panel.set_xlabel("larger is better" if is_larger_better else "smaller is better")
    sheet.finish(
        f"Corridor stocks in {year}: the model beside simple forecasts",
        "The line through each panel is the model at central parameters, the bar 5–95 % of worlds with"
        " parameters drawn from their ranges. Scaled to the total: every corridor grows as their sum did,"
        " which only hindsight knows.",
    )
    return sheet.array()


@in_house_style
def emigration_by_income(emigration: pd.DataFrame, *, year: int, ax: GivenAxes = None) -> Axes:
    """Emigrants per hundred inhabitants by income per head of where they left.

    Parameters
    ----------
    emigration : DataFrame
        ``bin``, ``figure``, ``model``, ``low`` and ``high``, shares of population; one row a bin, poorest
        first.
    year
        Of the stocks.
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    from matplotlib.lines import Line2D

    sheet = open_sheet(ax, height=2.6)
    panel = sheet.axes[0]
    at = list(range(len(emigration)))
    percent = emigration[["figure", "model", "low", "high"]] * 100.0
    for place, (_, row) in zip(at, percent.iterrows(), strict=True):
        panel.plot([place + 0.1] * 2, [row["low"], row["high"]], color=MODEL, linewidth=3, alpha=0.35)
    panel.plot([n - 0.1 for n in at], percent["figure"], "D", color=FIGURE, markersize=5)
    panel.plot([n + 0.1 for n in at], percent["model"], "o", color=MODEL, markersize=5)
    panel.set_xticks(at, list(emigration["bin"]))
    panel.set_ylim(bottom=0.0)
    panel.set_xlim(-0.5, len(at) - 0.5)
    panel.set_xlabel("Income per head in 2005, thousand international dollars")
    panel.set_ylabel("Emigrants per\n100 inhabitants")
    panel.grid(axis="y", color="#EEEEEE", linewidth=0.8)
    handles = [
        Line2D([], [], color=FIGURE, marker="D", linestyle="None", markersize=5, label="Figures"),
        Line2D([], [], color=MODEL, marker="o", linestyle="None", markersize=5, label="Model"),
    ]
    sheet.finish(
        f"Who leaves: emigration by income, {year}",
        f"All emigrants abroad in {year} over all inhabitants of the states in a bin. Bar: 5–95 % of worlds"
        " with parameters drawn from their ranges.",
        handles,
    )
    for text in panel.get_xticklabels():
        text.set_color(INK)
    return panel
