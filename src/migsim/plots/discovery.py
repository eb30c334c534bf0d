"""Where all three groups gain: the box of settings that scenario discovery (PRIM) finds."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from migsim.errors import InputError, shown
from migsim.plots.factors import MOST_ROWS, short
from migsim.plots.sheet import GivenAxes, open_sheet, say
from migsim.plots.style import COLOURS, GREY, INK, SMALL, in_house_style
from migsim.plots.wording import percent, several_words

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["discovery"]

EMPTY: Final = "too few worlds are won, or lost, to find a region"
ROW: Final = 0.48
TOLD: Final = 3
UNRESTRICTED: Final = "no setting tells these worlds from others"
OF_CHOICES: Final = "Of a choice it is the part of the options that are left."
TRIPLE_WINS: Final = ("triple win", "1")
READING: Final = (
    "Blue: the part of a setting's range in the region, its ends in bold (PRIM); all other settings are free."
    " The region is fitted to these worlds, and describes rather than explains."
)
WHOLE: Final = 1e-6
"""Part of a range by which a box may fall short of it and still leave the setting free."""


@in_house_style
def discovery(
    frame: pd.DataFrame,
    *,
    box: int | str | None = None,
    most: int = MOST_ROWS,
    year: int | None = None,
    ax: GivenAxes = None,
) -> np.ndarray[Any, Any]:
    """The region of settings in which a triple win is likely, each setting that it restricts a bar.

    Parameters
    ----------
    frame : DataFrame
        ``box`` (what is won in it), ``path``, ``title``, ``low``, ``high``, ``range_low``, ``range_high``,
        and of the whole box ``coverage`` (share of all wins that lie in it), ``density`` (share of its worlds
        that are wins), ``mass`` (share of all worlds in it), ``n`` (worlds in it). Optional are ``options``
        that a choice keeps (``high`` of ``range_high``), ``base`` (density of all worlds), and
        ``density_unseen``, ``unseen_low``, ``unseen_high``, ``n_unseen`` on worlds that the box was not found
        on.
    box : optional
        Which; by default all, a panel each.
    most : int
        Settings shown of a box: those that it restricts most.
    year : int, optional
        The year that is told, for the caption: whether it lies past the data.
    ax : Axes, one for each box, optional

    Returns
    -------
    array of Axes

    Raises
    ------
    InputError
        If there is no such box.
    """
    boxes = _boxes(frame, box)
    limits = {name: sorted(filter(_is_restricted, rows), key=_kept) for name, rows in boxes.items()}
    n_rows = [max(min(len(of_box), most), 1) for of_box in limits.values()] or [2]
    heights = [0.85 + ROW * n for n in n_rows]
    sheet = open_sheet(ax, len(heights), 1, height=sum(heights))
    if sheet.is_own:
        grid: Any = sheet.axes[0].get_gridspec()
        grid.set_height_ratios(heights)
    for panel in sheet.axes:
        panel.set_xlabel("Place in the setting's whole range")
        panel.set_ylabel("Setting")
    if not boxes:
        return sheet.finish_empty("Where all three groups gain", EMPTY)
    for panel, (name, of_box) in zip(sheet.axes, limits.items(), strict=True):
        if len(boxes) > 1 or name not in TRIPLE_WINS:
            panel.set_title(f"Where {_won(name)}")
        if of_box:
            _bars(panel, of_box[:most])
        else:
            say(panel, UNRESTRICTED)
    is_triple = any(name in TRIPLE_WINS for name in boxes)
    title = "Where all three groups gain" if is_triple else "Where each group gains"
    sentences = [] if is_triple else ["All three gain in too few worlds, or lose in too few, to find where."]
    sentences += [_caption(name, boxes[name], limits[name], most) for name in boxes]
    sentences.append(READING)
    if any(_options(row) for of_box in limits.values() for row in of_box):
        sentences.append(OF_CHOICES)
    sheet.finish(title, " ".join(sentences), year=year)
    return sheet.array()


def _boxes(frame: pd.DataFrame, box: int | str | None) -> dict[str, list[dict[str, Any]]]:
    """The rows of each box, or of the one asked for."""
    if frame.empty:
        return {}
    known = [str(name) for name in dict.fromkeys(frame["box"])]
    if box is not None and str(box) not in known:
        raise InputError(f"box {shown(box)}; this frame has {', '.join(known)}")
    chosen: dict[str, list[dict[str, Any]]] = {}
    for row in frame.to_dict("records"):
        if box is None or str(row["box"]) == str(box):
            chosen.setdefault(str(row["box"]), []).append({str(key): value for key, value in row.items()})
    return chosen


def _won(name: str) -> str:
    """What is won in a box."""
    return "all three gain" if name in TRIPLE_WINS else name


def _bars(ax: Axes, rows: Sequence[dict[str, Any]]) -> None:
    for n, row in enumerate(rows):
        _bar(ax, n, row)
    ax.set_ylim(len(rows) - 0.35, -0.65)
    ax.set_yticks(range(len(rows)), [short(str(row["title"])) for row in rows])
    ax.tick_params(axis="y", length=0)
    ax.set_xlim(-0.02, 1.02)
    ax.set_xticks([0.0, 0.5, 1.0], ["lower end", "middle", "upper end"])


def _places(row: dict[str, Any]) -> tuple[float, float]:
    """Ends of the box as parts of the setting's range; missing where they are no numbers."""
    try:
        low, high, first, last = (float(row[c]) for c in ("low", "high", "range_low", "range_high"))
    except (TypeError, ValueError):
        return math.nan, math.nan
    width = last - first
    if not (math.isfinite(width) and width > 0.0):
        return math.nan, math.nan
    return max(0.0, (low - first) / width), min(1.0, (high - first) / width)


def _is_restricted(row: dict[str, Any]) -> bool:
    low, high = _places(row)
    return low > WHOLE or high < 1.0 - WHOLE


def _kept(row: dict[str, Any]) -> float:
    low, high = _places(row)
    return high - low


def _bar(ax: Axes, n: int, row: dict[str, Any]) -> None:
    low, high = _places(row)
    ax.barh(n, 1.0, 0.34, color="#E6E6E6", zorder=1)
    ax.barh(n, max(high - low, 0.004), 0.34, left=low, color=COLOURS[0], zorder=2)
    if not _options(row):
        for place, end, side in ((0.0, "range_low", "left"), (1.0, "range_high", "right")):
            ax.annotate(
                _number(row[end]), (place, n), xytext=(0, -11), textcoords="offset points", ha=side,
                va="center", size=SMALL, color=GREY,
            )  # fmt: skip
    middle = (low + high) / 2
    side = "left" if middle < 0.25 else "right" if middle > 0.75 else "center"
    place = {"left": low, "right": high, "center": middle}[side]
    ax.annotate(
        _limit_words(row), (place, n), xytext=(0, 13), textcoords="offset points", ha=side, va="center",
        size=SMALL, color=INK, weight="bold",
    )  # fmt: skip


def _number(value: object) -> str:
    return f"{float(str(value)):.3g}".replace("-", "−")


def _options(row: dict[str, Any]) -> str:
    options = row.get("options")
    return options.replace("_", " ") if isinstance(options, str) else ""


def _limit_words(row: dict[str, Any]) -> str:
    """Between which values, or beyond which, a setting stays."""
    if options := _options(row):
        return options
    low, high = _places(row)
    if low <= WHOLE:
        return f"at most {_number(row['high'])}"
    if high >= 1.0 - WHOLE:
        return f"at least {_number(row['low'])}"
    return f"{_number(row['low'])} to {_number(row['high'])}"


def _caption(name: str, rows: Sequence[dict[str, Any]], limits: Sequence[dict[str, Any]], most: int) -> str:
    """How dense a box is, whether that holds on other worlds, and its limits."""
    sentences = [_whole(name, rows[0]), _unseen(rows[0])]
    if limits:
        told = [f"“{short(str(row['title']), 70, 1)}” is {_limit_words(row)}" for row in limits[:TOLD]]
        rest = [f"{len(limits) - TOLD} more hold"] if len(limits) > TOLD else []
        sentences.append(f"The region: {several_words([*told, *rest])}.")
    else:
        sentences.append(f"{_won(name).capitalize()}: {UNRESTRICTED}.")
    if len(limits) > most:
        sentences.append(f"Shown are {most} of {len(limits)} settings that it restricts.")
    return " ".join(words for words in sentences if words)


def _share(row: dict[str, Any], column: str) -> float:
    value = row.get(column)
    return float(value) if isinstance(value, int | float) else math.nan


def _whole(name: str, row: dict[str, Any]) -> str:
    """Density, coverage and mass of a box, against all worlds."""
    density, coverage, mass, n = (_share(row, c) for c in ("density", "coverage", "mass", "n"))
    if not math.isfinite(density):
        return ""
    base = _share(row, "base")
    if not math.isfinite(base) and coverage > 0.0:
        base = density * mass / coverage
    against = f", against {percent(base)} of all" if math.isfinite(base) else ""
    worlds = f" (n = {n:,.0f})" if math.isfinite(n) else ""
    return (
        f"In this region {_won(name)} in {percent(density)} of worlds{worlds}{against}; it holds"
        f" {percent(coverage)} of all worlds in which {_won(name)}, and {percent(mass)} of all worlds."
    )


def _unseen(row: dict[str, Any]) -> str:
    """Whether the box holds on worlds that it was not found on."""
    density, low, high, n = (
        _share(row, c) for c in ("density_unseen", "unseen_low", "unseen_high", "n_unseen")
    )
    if not math.isfinite(density):
        return ""
    said = f"On the {n:,.0f} worlds in it that it was not found on, {percent(density)}"
    base = _share(row, "base")
    verdict = "" if low > base else ": no more than anywhere, but for sampling error"
    return f"{said} ({100 * low:.0f} to {100 * high:.0f}){verdict}."
