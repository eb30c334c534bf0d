"""Figures written to disk: the same picture gives the same bytes."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

from migsim.plots.sheet import GivenAxes

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["save"]

DPI = 200


def save(
    figure: GivenAxes | Figure, path: Path | str, *, svg: bool = False, close: bool = True
) -> list[Path]:
    """Write a figure as PNG, without dates or names of programs in it, and close it.

    Parameters
    ----------
    figure : Axes, array of Axes, or Figure
        What a function of this package returned.
    path : path
        Where to; the ending becomes ``.png``. Missing folders are made.
    svg : bool
        Write an SVG beside it.
    close : bool
        Whether to let go of the figure afterwards; pass False to go on drawing.

    Returns
    -------
    list of Path
        The files written.
    """
    import matplotlib as mpl
    import matplotlib.pyplot as plt
    import numpy as np
    from matplotlib.figure import Figure

    if isinstance(figure, Figure):
        sheet = figure
    else:
        sheet = np.atleast_1d(np.asarray(figure, dtype=object)).ravel()[0].get_figure(root=True)
    target = Path(path).with_suffix(".png")
    target.parent.mkdir(parents=True, exist_ok=True)
    written = [target]
    plain: dict[Any, Any] = {
        "svg.hashsalt": "migsim",
        "svg.fonttype": "path",
        "savefig.bbox": None,
        "savefig.facecolor": "white",
    }
    with mpl.rc_context(plain), warnings.catch_warnings():
        # A name in a script that the font lacks is drawn as boxes; the tables have it.
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        sheet.savefig(target, dpi=DPI, metadata={"Software": None})
        if svg:
            written.append(target.with_suffix(".svg"))
            sheet.savefig(written[-1], metadata={"Date": None, "Creator": None})
    if close:
        plt.close(sheet)
    return written
