"""Draw the figures that the README and the documentation show, from a run made here and now."""

from __future__ import annotations

from pathlib import Path

import migsim as ms
from migsim.plots import save

FOLDER = Path(__file__).parent / "figures"
REPLICATES = 100
SEED = 2026


def main() -> None:
    """Run the first forum and the chair's summary, and save what the pages show."""
    FOLDER.mkdir(exist_ok=True)
    study = ms.compare(
        [ms.load("gfmd-2007-2015"), ms.load("chair-summary")], replicates=REPLICATES, seed=SEED
    )
    forum = study["gfmd-2007-2015"]
    for name, axes in (
        ("triple_win", forum.plot.triple_win()),
        ("agenda", forum.plot.agenda()),
        ("differences", study.plot.differences()),
    ):
        save(axes, FOLDER / f"{name}.png")


if __name__ == "__main__":
    main()
