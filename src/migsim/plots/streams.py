"""Migrations between parts of the world: a flow diagram, origins on the left, destinations on the right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, Literal

from migsim.errors import InputError, shown
from migsim.facts.world_groups import WORLD_PARTS
from migsim.plots.intervals import Interval, one_scenario
from migsim.plots.sheet import GivenAxes, open_sheet
from migsim.plots.style import GREY, INK, SMALL, in_house_style
from migsim.plots.wins import CONDITION, EMPTY
from migsim.plots.wording import decimals, interval_words, number, ranged_words, worlds_words

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["migrations"]

type Amount = Literal["flow", "stock"]

PART_COLOURS: Final[Mapping[str, str]] = dict(
    zip(
        WORLD_PARTS,
        (
            "#0072B2",
            "#56B4E9",
            "#E69F00",
            "#555555",
            "#009E73",
            "#D55E00",
            "#CC79A7",
            "#999933",
            "#882255",
            "#44AA99",
        ),
        strict=True,
    )
)
"""One colour a part of the world; where it stands tells it too."""
HIGHLIGHTED: Final = 10
"""Streams that are drawn strongly and numbered, the largest."""
BAR: Final = 0.028
LEFT, RIGHT = 0.315, 0.655
"""Width of the bars of origins and destinations, and where they stand, in parts of the panel."""
GAP: Final = 0.022
"""Space between the bars of one side, in parts of the panel's height."""
LEAST: Final = 0.036
"""Height that a name takes, likewise."""
WORDS: Final[Mapping[Amount, tuple[str, str]]] = {
    "flow": ("moves in", "moves"),
    "stock": ("people living abroad in", "people"),
}


@in_house_style
def migrations(
    rows: pd.DataFrame,
    *,
    amount: Amount = "flow",
    year: int | None = None,
    scenario: str | None = None,
    called: str = "",
    spread: str | None = None,
    ax: GivenAxes = None,
) -> Axes:
    """Who moves from which part of the world to which, as bands from origins to destinations.

    Parameters
    ----------
    rows : DataFrame
        Table ``migrations``, or other groups in its shape: ``replicate``, ``year``, ``origin``,
        ``destination``, ``stock``, ``flow``, ``baseline_stock``, ``baseline_flow``.
    amount : {"flow", "stock"}
        Moves of the year, or people living abroad at its end.
    year : int, optional
        By default the last.
    scenario : str, optional
        Which scenario, if the frame holds several.
    called : str
        What to call the scenario, for the caption.
    spread : {"ranged", "central"}, optional
        What the worlds differ in, for the caption.
    ax : Axes, optional

    Returns
    -------
    Axes

    Raises
    ------
    InputError
        If ``amount`` is something else.
    """
    if amount not in WORDS:
        raise InputError(f"amount: found {shown(amount)}; allowed are {', '.join(WORDS)}")
    table = one_scenario(rows, scenario)
    sheet = open_sheet(ax, height=4.5)
    panel = sheet.axes[0]
    panel.set_xlabel("From left to right")
    panel.set_ylabel("Persons")
    if table.empty:
        sheet.finish_empty("Migrations between parts of the world", EMPTY)
        return panel
    shown_year = int(table["year"].max()) if year is None else year
    now = table[table["year"] == shown_year]
    if now.empty:
        years = ", ".join(str(int(each)) for each in sorted(table["year"].unique()))
        raise InputError(f"no year {shown_year} in this table; it has {years}")
    medians = now.groupby(["origin", "destination"], observed=True)[amount].median().reset_index()
    ends = zip(medians["origin"], medians["destination"], medians[amount], strict=True)
    streams = {(str(a), str(b)): float(size) for a, b, size in ends if size > 0.0}
    if not streams:
        sheet.finish_empty("Migrations between parts of the world", "nobody moved")
        return panel
    _draw(panel, streams)
    sheet.finish(
        f"Between parts of the world: {WORDS[amount][0]} {shown_year}",
        _caption(now, streams, amount, shown_year, called, spread),
        year=shown_year,
    )
    return panel


def _draw(ax: Axes, streams: Mapping[tuple[str, str], float]) -> None:
    """Bars of origins and destinations, names and totals beside them, and a band for each stream."""
    ax.set_xlim(0.0, 1.0)
    ax.set_ylim(0.0, 1.0)
    ax.set_axis_off()
    for axis in (ax.xaxis, ax.yaxis):
        axis.label.set_visible(False)  # it is said, but not drawn
    order = _order(streams)
    total = sum(streams.values())
    scale = (1.0 - 0.06 - GAP * (len(order) - 1)) / total
    out = _bars(order, {part: sum(v for (a, _), v in streams.items() if a == part) for part in order}, scale)
    into = _bars(order, {part: sum(v for (_, b), v in streams.items() if b == part) for part in order}, scale)
    ranked = sorted(streams, key=lambda pair: -streams[pair])
    strong = set(ranked[:HIGHLIGHTED])
    left = {part: top for part, (top, _) in out.items()}
    right = {part: top for part, (top, _) in into.items()}
    places = decimals(*(v / 1e6 for v in streams.values() if v >= 0.02 * total))
    for origin in order:
        for destination in order:
            size = streams.get((origin, destination), 0.0) * scale
            if not size:
                continue
            is_strong = (origin, destination) in strong
            band = (left[origin], right[destination], size)
            _band(ax, *band, _colour(origin), is_strong=is_strong)
            if is_strong and size > 0.75 * LEAST:
                words = number(streams[origin, destination] / 1e6, places)
                ax.text(
                    LEFT + BAR + 0.008, left[origin] - size / 2, words, size=SMALL, va="center", color=INK,
                    zorder=5,
                )  # fmt: skip
            left[origin] -= size
            right[destination] -= size
    for bars, x, side, outer in ((out, LEFT, "right", -0.012), (into, RIGHT, "left", BAR + 0.012)):
        _name(ax, bars, x, side, outer, scale, places)
    for x, words, side in ((LEFT, "From", "right"), (RIGHT + BAR, "To", "left")):
        ax.text(x, 1.0, words, ha=side, va="top", size=9, weight="bold", color=INK)


def _order(streams: Mapping[tuple[str, str], float]) -> list[str]:
    """Parts around the world, or other groups in the order of their codes."""
    found = {part for pair in streams for part in pair}
    known = [part for part in WORLD_PARTS if part in found]
    return [*known, *sorted(found - set(known))]


def _colour(part: str) -> str:
    return PART_COLOURS.get(part, "#0072B2")


def _bars(order: Sequence[str], sizes: Mapping[str, float], scale: float) -> dict[str, tuple[float, float]]:
    """Upper and lower end of each bar, from the top down."""
    bars, top = {}, 0.94
    for part in order:
        bars[part] = (top, top - sizes[part] * scale)
        top = bars[part][1] - GAP
    return bars


def _band(ax: Axes, left: float, right: float, size: float, colour: str, *, is_strong: bool) -> None:
    """A band that leaves at one height and arrives at another."""
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    start, end = LEFT + BAR, RIGHT
    middle = (start + end) / 2
    points = [
        (start, left),
        (middle, left), (middle, right), (end, right),
        (end, right - size),
        (middle, right - size), (middle, left - size), (start, left - size),
        (start, left),
    ]  # fmt: skip
    curve, line = Path.CURVE4, Path.LINETO
    codes = [Path.MOVETO, curve, curve, curve, line, curve, curve, curve, Path.CLOSEPOLY]
    look: dict[str, Any] = {"facecolor": "#BBBBBB", "alpha": 0.35, "edgecolor": "none", "zorder": 1}
    if is_strong:
        look = {"facecolor": colour, "alpha": 0.6, "edgecolor": "white", "linewidth": 0.5, "zorder": 2}
    ax.add_patch(PathPatch(Path(points, codes), **look))


def _name(
    ax: Axes,
    bars: Mapping[str, tuple[float, float]],
    x: float,
    side: str,
    outer: float,
    scale: float,
    places: int,
) -> None:
    """Bars of one side with their names and totals, moved apart where bars are thin."""
    from textwrap import fill

    from matplotlib.patches import Rectangle

    wanted = [(top + bottom) / 2 for top, bottom in bars.values()]
    texts = []
    for part, (top, bottom) in bars.items():
        ax.add_patch(
            Rectangle((x, bottom), BAR, top - bottom, facecolor=_colour(part), linewidth=0, zorder=4)
        )
        texts.append(fill(f"{part} {number((top - bottom) / scale / 1e6, places)}", 40))
    heights = [LEAST * (text.count("\n") + 1) for text in texts]
    for text, at, place in zip(texts, wanted, _apart(wanted, heights), strict=True):
        ax.annotate(
            text,
            xy=(x if outer < 0 else x + BAR, at),
            xytext=(x + outer, place),
            ha=side,
            va="center",
            size=SMALL,
            color=INK,
            linespacing=1.0,
            arrowprops={"arrowstyle": "-", "linewidth": 0.4, "color": GREY, "shrinkA": 0, "shrinkB": 0},
        )


def _apart(wanted: Sequence[float], heights: Sequence[float]) -> list[float]:
    """Places near the wanted ones, from the top down, that do not overlap and stay within the panel."""
    places, roof = [], 0.95
    for at, height in zip(wanted, heights, strict=True):
        places.append(min(at, roof - height / 2))
        roof = places[-1] - height / 2
    floor = 0.0
    for n in range(len(places) - 1, -1, -1):
        places[n] = max(places[n], floor + heights[n] / 2)
        floor = places[n] + heights[n] / 2
    return places


def _caption(
    now: pd.DataFrame,
    streams: Mapping[tuple[str, str], float],
    amount: Amount,
    year: int,
    called: str,
    spread: str | None,
) -> str:
    """The whole, how much of it stays within parts, the largest streams, and what the forum adds."""
    by_world = now.groupby("replicate")[[c for c in now.columns if c.endswith(amount)]].sum()
    whole = Interval.of(by_world[amount] / 1e6)
    within = sum(size for (a, b), size in streams.items() if a == b) / sum(streams.values())
    across = sorted((pair for pair in streams if pair[0] != pair[1]), key=lambda pair: -streams[pair])
    places = decimals(*(streams[pair] / 1e6 for pair in across[:3])) if across else 0
    told = [f"{a} to {b} ({number(streams[a, b] / 1e6, places)})" for a, b in across[:3]]
    sentences = [f"{called}."] if called else []
    sentences.append(f"{interval_words(whole, f'million {WORDS[amount][1]}')} in {year},")
    sentences.append(f"{100 * within:.0f} % of them within their part of the world.")
    if told:
        sentences.append(f"Largest between parts, million: {'; '.join(told)}.")
    if f"baseline_{amount}" in by_world.columns:
        added = Interval.of((by_world[amount] - by_world[f"baseline_{amount}"]) / 1e3)
        sentences.append(f"The forum adds {interval_words(added, 'thousand', of_difference=True)}.")
    sentences.append(f"Numbers: million, medians; the {HIGHLIGHTED} largest bands in colour, by origin.")
    n = int(now["replicate"].nunique())
    sentences.append("n = 1: no interval." if n == 1 else f"n = {worlds_words(n)}{ranged_words(spread)}.")
    return " ".join([*sentences, CONDITION])
