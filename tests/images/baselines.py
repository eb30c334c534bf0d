"""The main figures as small pictures, drawn from made-up tables: ``python -m tests.images.baselines``.

``make images`` does this, which writes every picture anew; look at them before you commit them. No run of the
model is drawn here, so that no change of the model moves a picture.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import matplotlib as mpl
import numpy as np

from migsim import plots
from migsim.plots.sensitivity import screening
from tests.plots.conftest import make_world
from tests.plots.drawings import FIGURES
from tests.plots.sensitivity_frames import make_screening

FOLDER: Final = Path(__file__).parent
DPI: Final = 55
"""Coarse, so that pictures are small; the type is that of matplotlib itself, DejaVu."""
DRAWN_HERE: Final = {
    "triple_win of nine": lambda: plots.triple_win(
        {f"scenario {n}": make_world(n=6, tilt=0.003 * n, key=n) for n in range(8)} | {"failed": None}
    ),
    "screening": lambda: screening(make_screening()),
}
SHARED: Final = (
    "triple_win of two",
    "weakest",
    "differences",
    "regimes",
    "agenda",
    "positions",
    "texts",
    "opinion",
    "remittances",
    "attendance",
    "vote",
    "state_story",
)
MAIN: Final = {name: FIGURES[name] for name in SHARED} | DRAWN_HERE
"""What is drawn, by name."""


def figure_of(axes: Any) -> Any:
    """The figure that axes stand on."""
    return np.atleast_1d(np.asarray(axes, dtype=object)).ravel()[0].get_figure(root=True)


def write(axes: Any, path: Path) -> Path:
    """Write a figure as a small picture, whatever the reader's own settings are."""
    plain: dict[Any, Any] = {"savefig.bbox": None, "savefig.facecolor": "white"}
    with mpl.rc_context(plain):
        figure_of(axes).savefig(path, dpi=DPI, metadata={"Software": None})
    return path


def baseline(name: str) -> Path:
    """Where the picture of a figure is kept."""
    return FOLDER / f"{name.replace(' ', '_')}.png"


def main() -> None:
    """Draw every picture anew, and remove those that are drawn no more."""
    import matplotlib.pyplot as plt

    plt.switch_backend("agg")
    for old in FOLDER.glob("*.png"):
        old.unlink()
    for name, draw in MAIN.items():
        axes = draw()
        write(axes, baseline(name))
        plt.close(figure_of(axes))


if __name__ == "__main__":
    main()
