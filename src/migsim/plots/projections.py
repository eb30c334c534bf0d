"""Projections: the years after the last that figures drive are shaded in every figure over years.

`mark_projection` shades them on a panel, and `migsim.plots.sheet` says so in the caption of the figure.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from migsim.facts.last_years import LAST_YEAR_OF_DATA
from migsim.plots.style import GREY, SMALL

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["mark_projection", "projection_words"]

MARK: Final = "projection"
SHADE: Final = "#F1F1F1"
FAR: Final = 1e4
"""Width of the band in years: it ends where the panel does."""


def mark_projection(
    ax: Axes, years: Iterable[int], *, places: Iterable[float] | None = None, word: bool = False
) -> None:
    """Shade the years after the last that figures drive, if there are any.

    Parameters
    ----------
    ax : Axes
    years : iterable of int
        The years of the panel.
    places : iterable of float, optional
        Where each of them stands on the horizontal axis; by default at its number.
    word : bool
        Whether to write the word above the band: only on a panel without a title that is wide enough.
    """
    from matplotlib.patches import Rectangle

    known = [int(year) for year in years]
    at = dict(zip(known, known if places is None else places, strict=True))
    later = sorted(year for year in at if year > LAST_YEAR_OF_DATA)
    if not later:
        return
    start, transform = at[later[0]] - 0.5, ax.get_xaxis_transform()
    band = Rectangle((start, 0.0), FAR, 1.0, transform=transform, facecolor=SHADE, linewidth=0, zorder=0)
    band.set_gid(MARK)
    edge = Rectangle(
        (start, 0.0), 0.0, 1.0, transform=transform, fill=False, edgecolor="#999999", linewidth=0.7,
        linestyle=(0.0, (2.0, 2.0)), zorder=2.5,
    )  # fmt: skip
    for part in (band, edge):
        ax.add_artist(part)
    if word:
        ax.annotate(
            MARK, xy=(start, 1.0), xycoords=transform, xytext=(1.0, 1.5), textcoords="offset points",
            ha="left", va="bottom", size=SMALL, color=GREY, style="italic", annotation_clip=False,
        )  # fmt: skip


def projection_words(panels: Iterable[Axes]) -> str:
    """What a caption says of the shaded years, if a panel has any; begins with a space."""
    is_marked = any(artist.get_gid() == MARK for panel in panels for artist in panel.get_children())
    said = f" Shaded years are a projection: figures on growth end in {LAST_YEAR_OF_DATA}."
    return said if is_marked else ""
