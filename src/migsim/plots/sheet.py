"""A sheet: panels with a title above, and a legend and a caption below that never run into each other.

On a figure of its own a sheet grows by what its title, legend and caption need. On Axes that the caller gave,
the title goes above the first and the caption below it, and the figure's layout stays the caller's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, Any, Final

from migsim.plots.projections import projection_words
from migsim.plots.steady import steady_layout
from migsim.plots.style import GREY, INK, TICKS, WIDTH
from migsim.results.projections import year_words

if TYPE_CHECKING:
    import numpy as np
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.legend import Legend
    from matplotlib.text import Text

__all__ = ["GivenAxes", "Sheet", "caption_of", "open_sheet", "say", "text_width", "wrapped"]

type GivenAxes = Axes | Sequence[Axes] | np.ndarray[Any, Any] | None

TITLE, CAPTION, LEGEND = 10.0, 8.0, 8.0
LINE: Final = 1.3
SPACE: Final = 0.5
"""More than a word takes on a line beside its letters, in their size."""
MARGIN: Final = 0.08
"""Inches between the edge of the figure and what stands nearest to it."""
SLACK: Final = 0.97
"""Letters are a little wider on a coarse screen than as measured."""
LONG_LEGEND: Final = 7
"""With more entries than this, long names are broken."""
LEGEND_WRAP: Final = 22
"""Letters to which they are."""
HANDLE: Final = 0.5
"""Inches a legend entry takes beside its words."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """Panels, row by row, and the figure they stand on."""

    figure: Figure
    axes: tuple[Axes, ...]
    is_own: bool

    def array(self) -> np.ndarray[Any, Any]:
        """The panels as an array of Axes."""
        import numpy as np

        panels = np.empty(len(self.axes), dtype=object)
        panels[:] = self.axes
        return panels

    def finish(
        self, title: str, caption: str, handles: Sequence[Artist] = (), *, year: int | None = None
    ) -> None:
        """Write the title and the caption, and a legend if there are ``handles``.

        Where a panel has years past the data, or the ``year`` that it tells is one, the caption says so.
        """
        said = projection_words(self.axes) or f" {year_words(year)}"
        caption = f"{caption}{said}".rstrip()
        if self.is_own:
            self._finish_own(title, caption, handles)
            # Ticks are made when first drawn, in whatever style then holds: let that be the house style.
            self.figure.draw_without_rendering()
        else:
            self._finish_given(title, caption, handles)

    def finish_empty(self, title: str, why: str) -> np.ndarray[Any, Any]:
        """Say in every panel why there is nothing to show, write the title, and give the panels."""
        for panel in self.axes:
            say(panel, why)
        self.finish(title, f"Nothing to show: {why}.")
        return self.array()

    def _finish_own(self, title: str, caption: str, handles: Sequence[Artist]) -> None:
        width, panels = self.figure.get_size_inches()
        room = (width - 2 * MARGIN) * SLACK
        above = wrapped(title, room, TITLE, bold=True)
        below = wrapped(caption, room, CAPTION)
        _shorten(handles)
        columns, rows = _legend_shape(handles, room)
        title_height = _height(above, TITLE) + 2 * MARGIN
        legend = self._add_legend(handles, columns) if rows else None
        legend_height = 0.0
        if legend is not None:
            # As drawn: columns stand on the baseline of their first names, which may have several lines.
            drawn = legend.get_window_extent().height / self.figure.dpi
            legend_height = MARGIN + max(drawn, rows * LEGEND * 1.45 / 72)
        caption_height = _height(below, CAPTION) + 2 * MARGIN
        height = panels + title_height + legend_height + caption_height
        self.figure.set_size_inches(width, height)
        foot = (legend_height + caption_height) / height
        engine: Any = self.figure.get_layout_engine()
        engine.set(rect=(0.0, foot, 1.0, panels / height), w_pad=MARGIN, h_pad=0.04)
        left = MARGIN / width
        self.figure.text(left, 1 - MARGIN / height, above, size=TITLE, weight="bold", va="top", color=INK)
        note = self.figure.text(
            left,
            (caption_height - MARGIN) / height,
            below,
            size=CAPTION,
            va="top",
            color=INK,
            linespacing=LINE,
        )
        note.set_gid("caption")
        if legend is not None:
            corner = (left, foot - 0.5 * MARGIN / height)
            legend.set_bbox_to_anchor(corner, transform=self.figure.transFigure)

    def _add_legend(self, handles: Sequence[Artist], columns: int) -> Legend:
        return self.figure.legend(
            handles=list(handles),
            ncols=columns,
            loc="upper left",
            borderaxespad=0.0,
            borderpad=0.1,
            handlelength=1.0 if all(_is_mark(handle) for handle in handles) else 2.6,
            columnspacing=1.2,
            fontsize=LEGEND,
        )

    def _finish_given(self, title: str, caption: str, handles: Sequence[Artist]) -> None:
        first = self.axes[0]
        if len(self.axes) > 1 and set(self.figure.axes) == set(self.axes):
            note = self._around_panels(title, caption)
        else:
            note = self._around_one(title, caption)
        note.set_gid("caption")
        if handles:
            first.legend(handles=list(handles), fontsize=LEGEND)

    def _around_panels(self, title: str, caption: str) -> Text:
        """Title above and caption below a figure that holds nothing else."""
        room = self.figure.get_size_inches()[0] * SLACK - 2 * MARGIN
        edge = MARGIN / self.figure.get_size_inches()[0]
        self.figure.suptitle(
            wrapped(title, room, TITLE, bold=True), x=edge, ha="left", size=TITLE, weight="bold"
        )
        below = wrapped(caption, room, CAPTION)
        if self.figure.get_layout_engine() is None:
            # Nobody makes room for it: just under the figure, where a notebook shows it.
            return self.figure.text(edge, 0.0, below, va="top", size=CAPTION)
        return self.figure.supxlabel(below, x=edge, ha="left", size=CAPTION)

    def _around_one(self, title: str, caption: str) -> Text:
        """Title above and caption below the first panel, as wide as it is; the layout is the caller's."""
        first = self.axes[0]
        room = self.figure.get_size_inches()[0] * first.get_position().width
        heading, panel_title = wrapped(title, room, TITLE, bold=True), first.get_title(loc="left")
        first.set_title(f"{heading}\n{panel_title}" if panel_title else heading, loc="left")
        return first.annotate(
            wrapped(caption, room, CAPTION),
            xy=(0.0, 0.0),
            xycoords="axes fraction",
            xytext=(0.0, -36.0),
            textcoords="offset points",
            va="top",
            size=CAPTION,
            annotation_clip=False,
        )


def open_sheet(
    ax: GivenAxes,
    n_rows: int = 1,
    n_columns: int = 1,
    *,
    height: float,
    ratios: Sequence[float] | None = None,
) -> Sheet:
    """Take the Axes given, or lay out a figure 17 cm wide with panels of ``height`` inches in all.

    Raises
    ------
    ValueError
        If another number of Axes is given than the figure has panels.
    """
    import matplotlib.pyplot as plt
    import numpy as np

    if ax is None:
        figure, panels = plt.subplots(
            n_rows,
            n_columns,
            figsize=(WIDTH, height),
            layout=steady_layout(),
            squeeze=False,
            gridspec_kw={"width_ratios": ratios} if ratios else None,
        )
        for panel in panels.ravel():
            panel.tick_params(labelsize=TICKS)
        return Sheet(figure, tuple(panels.ravel()), is_own=True)
    given = tuple(np.atleast_1d(np.asarray(ax, dtype=object)).ravel())
    if len(given) != n_rows * n_columns:
        raise ValueError(f"this figure has {n_rows * n_columns} panels and was given {len(given)} Axes")
    return Sheet(given[0].get_figure(root=True), given, is_own=False)


def caption_of(axes: GivenAxes | Figure) -> str:
    """The caption under a figure of this package, in one line; empty if there is none."""
    import numpy as np
    from matplotlib.figure import Figure

    figures: list[Any] = [axes] if isinstance(axes, Figure) else []
    if not figures:
        panels = list(np.atleast_1d(np.asarray(axes, dtype=object)).ravel())
        figures = [*panels, panels[0].get_figure(root=True)]
    for place in figures:
        for text in place.texts:
            if text.get_gid() == "caption":
                return " ".join(str(text.get_text()).split())
    return ""


def wrapped(text: str, width: float, size: float, *, bold: bool = False) -> str:
    """Break a text into lines of at most ``width`` inches at ``size`` points, never between 5 and %."""
    lines: list[str] = []
    most = 0.0
    for word in text.replace(" %", "\u00a0%").replace("n = ", "n\u00a0=\u00a0").split(" "):
        added = text_width(word, size, bold=bold) + SPACE * size / 72
        longer = f"{lines[-1]} {word}" if lines else word
        # A whole line takes long to measure, so it is only where its words may be too many.
        if lines and (most + added <= width or text_width(longer, size, bold=bold) <= width):
            lines[-1], most = longer, most + added
        else:
            lines.append(word)
            most = added
    return "\n".join(lines)


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Width in inches of one line of text at ``size`` points."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    font = FontProperties(size=size, weight="bold" if bold else "normal")
    return float(text_to_path.get_text_width_height_descent(text, font, False)[0]) / 72


def _height(text: str, size: float) -> float:
    return (text.count("\n") + 1) * size * LINE / 72 if text else 0.0


def _legend_shape(handles: Sequence[Artist], room: float) -> tuple[int, int]:
    """Columns and lines of a legend that fits into ``room`` inches."""
    if not handles:
        return 1, 0
    lines = [str(handle.get_label()).split("\n") for handle in handles]
    widest = max(text_width(line, LEGEND) for label in lines for line in label)
    columns = max(1, min(len(handles), int(room // (widest + HANDLE))))
    rows = ceil(len(handles) / columns)
    # Columns are filled one after the other, the first ones by one entry more.
    counts, start, tallest = [rows] * columns, 0, 0
    for n in range(columns * rows - len(handles)):
        counts[columns - 1 - n] -= 1
    for count in counts:
        tallest = max(tallest, sum(len(label) for label in lines[start : start + count]))
        start += count
    return columns, tallest


def _shorten(handles: Sequence[Artist]) -> None:
    """Break long names of a long legend, so that it stands in several columns."""
    from textwrap import fill

    if len(handles) > LONG_LEGEND:
        for handle in handles:
            handle.set_label(fill(str(handle.get_label()), LEGEND_WRAP))


def _is_mark(handle: Artist) -> bool:
    from matplotlib.lines import Line2D

    return isinstance(handle, Line2D) and handle.get_linestyle() == "None"


def say(ax: Axes, message: str) -> None:
    """An empty panel that says why it is empty."""
    ax.text(0.5, 0.5, message, transform=ax.transAxes, ha="center", va="center", color=GREY, style="italic")
    ax.set_xticks([])
    ax.set_yticks([])
