"""One page: what would have to be true for the triple win, and an honest word if nothing makes it hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from migsim.plots.factor_rows import label_rows, plain_number
from migsim.plots.factors import short
from migsim.plots.fan import handles
from migsim.plots.one_page_words import (
    EVEN,
    Cells,
    Findings,
    Frames,
    caption,
    interval,
    is_number,
    limits,
    place,
    verdict,
)
from migsim.plots.sheet import GivenAxes, open_sheet, say
from migsim.plots.style import COLOURS, DASHES, GREY, INK, SMALL, in_house_style, line_styles

if TYPE_CHECKING:
    import numpy as np
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

__all__ = ["conditions"]

TOGETHER: Final = "all together"
LETTERS: Final = 50
ROW: Final = 0.26
QUESTION: Final = "What would have to be true for the triple win?"
TITLES: Final = (
    "If texts were stronger, policy faster and levers larger",
    "If the model were built otherwise",
    "If one assumption stood at an end of its range",
    "If several settings fell into one region",
)


@in_house_style
def conditions(frames: Frames, *, year: int | None = None, ax: GivenAxes = None) -> np.ndarray[Any, Any]:
    """What would have to be true for all three groups to gain in most worlds, by a sensitivity analysis.

    Parameters
    ----------
    frames : mapping of str to DataFrame or None
        Frames of the analysis by name: ``identifiability``, ``structures``, ``tornado`` and ``discovery``;
        of those that are missing or empty the panel says so.
    year : int, optional
        The year that is told, for the caption: whether it lies past the data.
    ax : four Axes, optional

    Returns
    -------
    array of Axes
        Strength times pace times lever size; structural settings; single assumptions; the region (PRIM).
    """
    found = Findings.of(frames)
    counts = (sum(map(len, found.settings.values())), len(found.swings), len(found.sides))
    heights = [1.5, *(0.7 + ROW * max(n, 1) for n in counts)]
    sheet = open_sheet(ax, 4, 1, height=sum(heights))
    if sheet.is_own:
        grid: Any = sheet.axes[0].get_gridspec()
        grid.set_height_ratios(heights)
    for panel, title in zip(sheet.axes, TITLES, strict=True):
        panel.set_title(title, pad=15.0 if panel in sheet.axes[1:3] else 6.0)
    lines = _product(sheet.axes[0], found.products)
    _structure(sheet.axes[1], found.settings)
    _assumptions(sheet.axes[2], found.swings)
    _region(sheet.axes[3], found)
    if found.is_empty:
        sheet.finish(QUESTION, "Nothing to show: no part of it was asked.")
    else:
        sheet.finish(f"{QUESTION} {verdict(found)}".strip(), caption(found), lines, year=year)
    return sheet.array()


def _product(ax: Axes, rows: Sequence[Cells]) -> list[Artist]:
    """The share of triple wins against strength, pace and lever size, alone and together."""
    ax.set_xlabel("Times what is assumed")
    ax.set_ylabel("All three gain,\n% of worlds")
    if not rows:
        say(ax, "identifiability was not asked")
        return []
    styles = line_styles(dict.fromkeys((TOGETHER, *(str(row["scaled"]) for row in rows))))
    products = sorted({float(row["product"]) for row in rows})
    for name, style in styles.items():
        width = 1.8 if name == TOGETHER else 1.2
        course = sorted((row for row in rows if row["scaled"] == name), key=lambda row: row["product"])
        x = [float(row["product"]) for row in course]
        if name == TOGETHER:
            low, high = ([100 * float(row[end]) for row in course] for end in ("low", "high"))
            ax.fill_between(x, low, high, color=style.colour, alpha=0.15, linewidth=0)
        y = [100 * float(row["share"]) for row in course]
        ax.plot(x, y, color=style.colour, linestyle=style.linestyle, linewidth=width, zorder=3)
    if products[0] > 0.0 and len(products) > 1:
        ax.set_xscale("log")
        ax.set_xlim(products[0], products[-1])
    ax.set_xticks(products, [f"{product:g}" for product in products])
    ax.minorticks_off()
    ax.set_ylim(-2.0, 102.0)
    ax.set_yticks([0.0, 50.0, 100.0])
    _even_line(ax, is_vertical=False)
    return handles(styles.values())


def _even_line(ax: Axes, *, is_vertical: bool) -> None:
    """Where all three gain in half of the worlds."""
    style: dict[str, Any] = {"color": GREY, "linewidth": 0.8, "linestyle": (0.0, DASHES[1]), "zorder": 2}
    if is_vertical:
        ax.axvline(100 * EVEN, **style)
        place, shift, side, of = (100 * EVEN, 1.0), (0.0, 3.0), "center", ax.get_xaxis_transform()
    else:
        ax.axhline(100 * EVEN, **style)
        place, shift, side, of = (0.0, 100 * EVEN), (4.0, 3.0), "left", ax.get_yaxis_transform()
    ax.annotate(
        "break-even: half of the worlds", xy=place, xycoords=of, xytext=shift, textcoords="offset points",
        size=SMALL, color=GREY, ha=side,
    )  # fmt: skip


def _structure(ax: Axes, settings: Mapping[str, Sequence[Cells]]) -> None:
    """The share of triple wins under each option of the structural settings that matter most."""
    ax.set_xlabel("All three gain, % of worlds")
    ax.set_ylabel("Structural setting")
    if not settings:
        say(ax, "neither discovery nor weights was asked")
        return
    names, n = [], 0
    for k, (title, options) in enumerate(settings.items()):
        for row in options:
            share = interval(row)
            colour = COLOURS[0] if k % 2 == 0 else COLOURS[1]
            ax.plot(
                [100 * share.low, 100 * share.high],
                [n, n],
                color=colour,
                linewidth=2.2,
                solid_capstyle="butt",
            )
            ax.plot(
                100 * share.median,
                n,
                color=colour,
                marker="os"[k % 2],
                markersize=5,
                linestyle="none",
                zorder=3,
            )
            names.append(_option_name(title, row, is_first=row is options[0]))
            n += 1
    label_rows(ax, names, is_named=True)
    ax.axvline(100 * float(next(iter(settings.values()))[0]["base"]), color=GREY, linewidth=0.8, zorder=1)
    ax.set_xlim(-2.0, 102.0)
    ax.set_xticks([0.0, 25.0, 50.0, 75.0, 100.0])
    _even_line(ax, is_vertical=True)


def _option_name(title: str, row: Cells, *, is_first: bool) -> str:
    """An option, and above the first one the setting's name."""
    option = str(row["option"]).replace("_", " ")
    return f"{short(title, LETTERS, 1)}\n{option}" if is_first else option


def _assumptions(ax: Axes, swings: Sequence[Cells]) -> None:
    """How far single assumptions move the gain of whoever gains least."""
    ax.set_xlabel("Gain of whoever gains least, standard deviations of 2005")
    ax.set_ylabel("Assumption")
    if not swings:
        say(ax, "the tornado was not asked")
        return
    central = float(swings[0]["central"])
    for n, row in enumerate(swings):
        for end, colour in (("at_low", COLOURS[5]), ("at_high", COLOURS[0])):
            width = float(row[end]) - central
            ax.barh(n, width, 0.5, left=central, color=colour, zorder=2)
    label_rows(ax, [_swing_name(row) for row in swings], is_named=True)
    ax.axvline(central, color=INK, linewidth=0.8, zorder=3)
    ax.axvline(0.0, color=GREY, linewidth=0.8, linestyle=(0.0, DASHES[1]), zorder=1)
    low, high = ax.get_xlim()
    ax.set_xlim(min(low, 0.0), max(high, 0.06 * (high - low)))
    ax.locator_params(axis="x", nbins=5)
    ax.annotate(
        "all three gain →", xy=(0.0, 1.0), xycoords=ax.get_xaxis_transform(), xytext=(0.0, 3.0),
        textcoords="offset points", ha="center", size=SMALL, color=GREY,
    )  # fmt: skip


def _swing_name(row: Cells) -> str:
    ends = [plain_number(float(f"{float(row[end]):.3g}")) for end in ("low", "high") if is_number(row[end])]
    return short(f"{short(str(row['title']), 2 * LETTERS - 16, 1)} ({' to '.join(ends)})", LETTERS, 2)


def _region(ax: Axes, found: Findings) -> None:
    """The settings that the region of the triple win restricts, as bars over their ranges."""
    ax.set_xlabel("Place in the setting's whole range")
    ax.set_ylabel("Setting")
    if not found.sides:
        why = "no region was found" if found.is_sought else "discovery was not asked"
        say(ax, "no setting tells these worlds from others" if found.region else why)
        return
    names = []
    for n, row in enumerate(found.sides):
        low, high = place(row)
        ax.barh(n, 1.0, 0.4, color="#E6E6E6", zorder=1)
        ax.barh(n, max(high - low, 0.004), 0.4, left=low, color=COLOURS[0], zorder=2)
        names.append(f"{short(str(row['title']), LETTERS, 1)}\n{limits(row)}")
    label_rows(ax, names, is_named=True)
    ax.set_xlim(-0.02, 1.02)
    ax.set_xticks([0.0, 0.5, 1.0], ["lower end", "middle", "upper end"])
