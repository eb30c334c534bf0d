"""Figures as part of a page: shapes without files, fonts, dates or names that another machine would change.

Letters are drawn as outlines, so that a page looks the same wherever it is opened. Title and caption leave
the drawing and become text of the page.
"""

from __future__ import annotations

import io
import re
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from migsim.plots import caption_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from matplotlib.text import Text

__all__ = ["Picture", "finding_of", "picture_of"]

SETTINGS: Final[dict[str, object]] = {
    "svg.hashsalt": "migsim",
    "svg.fonttype": "path",
    "svg.image_inline": True,
    "path.simplify": True,
    "path.simplify_threshold": 1.0 / 9.0,
    "savefig.bbox": None,
    "savefig.facecolor": "white",
    "savefig.transparent": False,
}
GAP: Final = 3.0
"""Points between the drawing and where its title and caption stood."""
_DROPPED: Final = re.compile(
    r"<!--.*?-->|<metadata>.*?</metadata>|<defs>\s*<style.*?</style>\s*</defs>", re.DOTALL
)
_NUMBER: Final = re.compile(r"-?\d+\.\d+(?:e-?\d+)?")
_LENGTHS: Final = re.compile(r' (d|points|x|y|x1|x2|y1|y2|width|height)="([^"]*)"')
_PLACES: Final = re.compile(r"translate\(([^)]*)\)")
_IDS: Final = re.compile(r' id="([^"]*)"')
_USES: Final = re.compile(r'(href="#|url\(#)([^")]*)')
_READINGS: Final = re.compile(
    r"(?:^|(?<=\. ))(?:Lines?:|Dots?:|Dots are|The dot is|Dot and bar|Marks?:|Colour:|A cell:|Followed are"
    r"|Bars?:|Left:|Right:|Cross:|Median and|Coloured|Grey|One mark|Figure in"
    r"|Numbers:|Means over|Shade|Scales differ|Upright|n = |Conditional on)"
)
"""How the sentences begin by which captions say how to read a figure, after those that say what is found."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A figure of a page.

    Attributes
    ----------
    name
        Short name, unlike that of any other picture of the page.
    title, caption
        What stood above and below it.
    svg
        The drawing, as HTML holds it.
    """

    name: str
    title: str
    caption: str
    svg: str

    @property
    def finding(self) -> str:
        """What the caption says was found, without how to read the figure."""
        return finding_of(self.caption)

    @property
    def alt(self) -> str:
        """What a reader is told who cannot see it."""
        told = self.finding or self.caption
        return f"Figure. {self.title}. {told}".strip()


def picture_of(axes: Any, name: str, *, is_own: bool = True) -> Picture:
    """A figure as a part of a page, and let go of it.

    Parameters
    ----------
    axes
        What a function of `migsim.plots` returned.
    name
        Letters and hyphens; marks everything in the drawing that must be unique on a page.
    is_own
        Whether the figure was laid out by `migsim.plots`, with room for title and caption that is cut off.
    """
    import matplotlib as mpl
    import matplotlib.pyplot as plt
    import numpy as np
    from matplotlib.figure import Figure

    found = axes if isinstance(axes, Figure) else None
    figure: Figure = found or np.atleast_1d(np.asarray(axes, dtype=object)).ravel()[0].get_figure(root=True)
    caption, drawn = caption_of(figure), io.StringIO()
    given: dict[Any, Any] = SETTINGS
    with mpl.rc_context(given), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        title, top, bottom = _without_words(figure)
        _as_shapes(figure)
        figure.patch.set_visible(False)  # it would cover what stands above and below on the page
        figure.savefig(drawn, format="svg", metadata={"Date": None, "Creator": None})
    width, height = (72.0 * float(inches) for inches in figure.get_size_inches())
    plt.close(figure)
    box = (top, bottom - top) if is_own and bottom > top else (0.0, height)
    return Picture(name, title, caption, _inline(drawn.getvalue(), name, width, *box))


def finding_of(caption: str) -> str:
    """The sentences of a caption before those that say how to read the figure.

    Examples
    --------
    >>> finding_of("Hosts lose 0.1 % of income. Line: median; band: 5–95 %. Scales differ.")
    'Hosts lose 0.1 % of income.'
    """
    read = _READINGS.search(caption)
    return (caption[: read.start()] if read else caption).strip()


def _without_words(figure: Figure) -> tuple[str, float, float]:
    """Take title and caption off a figure: its title, and where the drawing begins and ends, points."""
    figure.draw_without_rendering()
    scale, height = 72.0 / figure.dpi, 72.0 * float(figure.get_size_inches()[1])
    title, top, bottom = "", 0.0, height
    for text in list(figure.texts):
        ends = _ends(text, height, scale)
        if text.get_gid() == "caption":
            bottom = min(bottom, ends[0] - GAP)
        elif text.get_fontweight() == "bold":
            title, top = " ".join(text.get_text().split()), max(top, ends[1] + GAP)
        else:
            continue
        text.remove()
    return title, top, bottom


def _as_shapes(figure: Figure) -> None:
    """Draw shaded cells as cells and not as pixels, which other machines may pack otherwise."""
    import numpy as np

    for panel in figure.axes:
        limits = panel.get_xlim(), panel.get_ylim()
        for image in list(panel.images):
            cells = np.ma.asarray(image.get_array())
            left, right, lower, upper = image.get_extent()
            if cells.ndim != 2:
                continue
            norm: Any = image.norm
            rows = np.linspace(lower, upper, cells.shape[0] + 1)
            shapes = panel.pcolormesh(
                np.linspace(left, right, cells.shape[1] + 1),
                rows if image.origin == "lower" else rows[::-1],
                cells,
                cmap=image.get_cmap(),
                norm=norm,
                zorder=image.get_zorder(),
            )
            shapes.set_linewidth(0.0)
            image.remove()
        for artist in panel.collections:
            artist.set_rasterized(False)
        panel.set_xlim(limits[0])
        panel.set_ylim(limits[1])


def _ends(text: Text, height: float, scale: float) -> tuple[float, float]:
    """Upper and lower end of a text, points from the top of the figure."""
    box = text.get_window_extent()
    return height - box.y1 * scale, height - box.y0 * scale


def _inline(drawn: str, name: str, width: float, top: float, height: float) -> str:
    """The drawing as an element of a page, rounded to a hundredth of a point."""
    body = _DROPPED.sub("", drawn[drawn.index("<svg") : drawn.rindex("</svg>")])
    body = body[body.index(">") + 1 :].replace("xlink:href", "href")
    used = {use for _, use in _USES.findall(body)}
    body = _IDS.sub(lambda found: f' id="{name}-{found[1]}"' if found[1] in used else "", body)
    body = _USES.sub(lambda found: f"{found[1]}{name}-{found[2]}", body)
    body = _LENGTHS.sub(lambda found: f' {found[1]}="{_short(found[2])}"', body)
    body = _PLACES.sub(lambda found: f"translate({_short(found[1])})", body)
    body = re.sub(r">\s+<", "><", body).strip()
    view = " ".join(_rounded(each) for each in (0.0, top, width, height))
    return f'<svg viewBox="{view}" aria-hidden="true" focusable="false">{body}</svg>'


def _short(numbers: str) -> str:
    return " ".join(_NUMBER.sub(lambda found: _rounded(float(found[0])), numbers).split())


def _rounded(number: float) -> str:
    """A number to two decimals, without what says nothing.

    Examples
    --------
    >>> _rounded(2.5004), _rounded(-0.001)
    ('2.5', '0')
    """
    short = f"{number:.2f}".rstrip("0").rstrip(".")
    return "0" if short == "-0" else short
