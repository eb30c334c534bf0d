"""Figures written to disk: the same picture gives the same bytes."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from migsim.plots.sheet import GivenAxes

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["save"]

DPI: Final = 200
COMPRESSION: Final = 3
"""Of PNG, from 0 to 9: what is drawn here comes out no larger than at the usual 6, and sooner."""


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
        with _laid_out(sheet):
            compressed = {"compress_level": COMPRESSION}
            sheet.savefig(target, dpi=DPI, metadata={"Software": None}, pil_kwargs=compressed)
        if svg:
            written.append(target.with_suffix(".svg"))
            sheet.savefig(written[-1], metadata={"Date": None, "Creator": None})
    if close:
        plt.close(sheet)
    return written


@contextmanager
def _laid_out(sheet: Figure) -> Iterator[None]:
    """Lay out a figure as it will be saved, which by itself would draw it once more to do so."""
    import matplotlib as mpl

    engine, dpi = sheet.get_layout_engine(), sheet.dpi
    if engine is None:
        yield
        return
    sheet.dpi = DPI
    engine.execute(sheet)
    with mpl.rc_context({"figure.autolayout": False, "figure.constrained_layout.use": False}):
        sheet.set_layout_engine(None)  # so says matplotlib: that of the settings, which is none
    try:
        yield
    finally:
        sheet.set_layout_engine(engine)
        sheet.dpi = dpi
