"""Texts of several scenarios side by side: how much is adopted, how clearly, against how many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from migsim.plots.intervals import Frames, Interval, gather
from migsim.plots.rows import dot_rows, rows_height
from migsim.plots.sheet import GivenAxes, open_sheet
from migsim.plots.style import LineStyle, in_house_style, line_styles
from migsim.plots.wording import interval_words, ranged_words, worlds_words

if TYPE_CHECKING:
    import numpy as np

__all__ = ["texts"]

PANELS: Final = {
    "adopted": ("Adopted", "% of paragraphs", 100.0),
    "ambiguity": ("Ambiguity", "share of the scale", 1.0),
    "against": ("Against", "% of those present", 100.0),
    "from_compromise": ("From the mean", "share of the scale", 1.0),
}
EDGE: Final = 0.06
"""Room beside the ends of an axis, so that no dot is cut."""
NO_TEXT: Final = "no text was made"


@in_house_style
def texts(
    frames: Frames,
    *,
    scenarios: Sequence[str] | None = None,
    labels: Mapping[str, str] | None = None,
    spread: str | None = None,
    objectors: Mapping[str, Sequence[str]] | None = None,
    year: int | None = None,
    ax: GivenAxes = None,
) -> np.ndarray[Any, Any]:
    """What the texts of each scenario are like, a panel for each quality.

    Parameters
    ----------
    frames : DataFrame or mapping of str to DataFrame or None
        Tables of `migsim.results.texts.by_world`: one row a world.
    scenarios, labels, spread
        As for `migsim.plots.triple_win`.
    objectors : mapping of str to sequence of str, optional
        By scenario the states that are most often against its texts, for the caption.
    year : int, optional
        The last year of the texts, for the caption: whether it lies past the data.
    ax : four Axes, optional

    Returns
    -------
    array of Axes
        Share adopted, ambiguity, share against, distance from the compromise mean.
    """
    table, order = gather(frames, scenarios)
    styles = list(line_styles(order, labels).values())
    sheet = open_sheet(ax, 1, 4, height=rows_height(styles) + 0.2)
    for n, (panel, (title, unit, _)) in enumerate(zip(sheet.axes, PANELS.values(), strict=True)):
        panel.set_title(title)
        panel.set_xlabel(unit)
        panel.set_ylabel("" if n else "Scenario")
    if table.empty:
        return sheet.finish_empty("The texts", NO_TEXT)
    found = {
        column: {s.name: Interval.of(scale * table.loc[table["scenario"] == s.name, column]) for s in styles}
        for column, (_, _, scale) in PANELS.items()
    }
    silent = dict.fromkeys((style.name for style in styles), "no text")
    for n, (panel, column) in enumerate(zip(sheet.axes, PANELS, strict=True)):
        dot_rows(panel, styles, found[column], is_named=n == 0, zero=False, absent=silent)
        most = panel.get_xlim()[1]
        panel.set_xlim(-EDGE * most, (1.0 + EDGE) * most)
    caption = _caption(styles, found, spread, objectors or {})
    sheet.finish("The texts of each scenario", caption, year=year)
    return sheet.array()


def _caption(
    styles: Sequence[LineStyle],
    found: Mapping[str, Mapping[str, Interval]],
    spread: str | None,
    objectors: Mapping[str, Sequence[str]],
) -> str:
    known = [s for s in styles if found["adopted"][s.name].n]
    sentences = []
    if len(known) > 1:
        clear = min(known, key=lambda s: found["ambiguity"][s.name].median)
        vague = max(known, key=lambda s: found["ambiguity"][s.name].median)
        sentences.append(
            f"Clearest: {clear.label}, ambiguity {interval_words(found['ambiguity'][clear.name])}; vaguest: "
            f"{vague.label}, {interval_words(found['ambiguity'][vague.name])}."
        )
        most = max(known, key=lambda s: found["against"][s.name].median)
        named = f", first among them {', '.join(objectors[most.name])}" if objectors.get(most.name) else ""
        sentences.append(
            f"Opposition is widest under {most.label}: {interval_words(found['against'][most.name], '%')} of "
            f"those present{named}."
        )
    if missing := [s.label for s in styles if s not in known]:
        sentences.append(f"No text: {', '.join(missing)}.")
    counts = [found["adopted"][s.name].n for s in known]
    how = (
        "n = 1: no interval."
        if max(counts, default=0) == 1
        else f"Dot: median; bar: 5–95 % of {worlds_words(*counts)}{ranged_words(spread)}."
    )
    return " ".join(
        [
            *sentences,
            "Means over the paragraphs on the agendas. Against: the text costs more than a delegation bears, "
            "whether or not it can block. From the mean: distance of the text from the compromise, the mean "
            "by capability and salience.",
            how,
        ]
    )
