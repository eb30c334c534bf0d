"""Draw the figures that the README and the documentation show, from runs made here and now.

``python docs/figures.py [--only NAME]``. The page ``validation.md`` with its figures and the numbers of
``regimes.md``, ``history.md`` and ``sensitivity.md`` (``tables/``) are written here too, for they rest on
runs as well; ``docs/generate.py`` then puts the numbers into the page.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from pathlib import Path
from shutil import move
from tempfile import TemporaryDirectory
from typing import Final

import pandas as pd

import migsim as ms
from migsim.plots import breadth, break_even, save, stance_and_gain, stance_to_payoff
from migsim.results.interest_findings import Findings
from migsim.results.regime_findings import ECOSYSTEM, REGIMES
from migsim.validation import validate
from migsim.validation.governed import govern
from migsim.validation.history_findings import record, vary
from migsim.validation.report import figures, markdown_page

FOLDER = Path(__file__).parent / "figures"
REPLICATES = 100
REPLICATES_OF_EACH_PROTOCOL = 40
SEED = 2026
SIZE = "default"
WORKERS = 2


def draw_forum() -> None:
    """The first forum and the chair's summary, for the README."""
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


def draw_protocols() -> None:
    """The same forum under each protocol, for the page on how texts are made."""
    ways = ms.under_each_protocol(ms.load("gfmd-2007-2015"))
    study = ms.compare(ways, replicates=REPLICATES_OF_EACH_PROTOCOL, seed=SEED)
    save(study.plot.texts(), FOLDER / "texts.png")
    save(study.plot.differences(), FOLDER / "protocols.png")


def draw_interests() -> None:
    """Stance against payoff, for the page on interests."""
    found = Findings()
    save(stance_to_payoff(found.frame), FOLDER / "stance_to_payoff.png")
    save(stance_and_gain(found.world_frame), FOLDER / "stance_and_gain.png")


def draw_ratifications() -> None:
    """Breadth against depth, and the depth at which a binding text does as well as the forum."""
    save(breadth(ms.breadth()), FOLDER / "breadth.png")
    runs = ms.break_even(replicates=REPLICATES_OF_EACH_PROTOCOL, seed=SEED)
    save(break_even(runs), FOLDER / "break_even.png")


def write_validation() -> None:
    """Validate the shipped world, and write the page about it."""
    done = validate()
    for name, axes in figures(done).items():
        save(axes, FOLDER / f"{name}.png")
    (FOLDER.parent / "validation.md").write_text(markdown_page(done), encoding="utf-8")


def write_regimes() -> None:
    """Regimes and nulls on the same draws: the figure, and the numbers for the page on regimes."""
    study = ms.compare([ms.load(name) for name in REGIMES], replicates=REPLICATES, seed=SEED)
    save(study.plot.regimes(), FOLDER / "regimes.png")
    whole, without = ECOSYSTEM
    apart = study.regimes(reference=without)
    parts = [study.regimes(), apart[apart["scenario"] == whole]]
    folder = FOLDER.parent / "tables"
    folder.mkdir(exist_ok=True)
    pd.concat(parts).to_csv(folder / "regimes.csv", index=False, float_format="%.6g")


def write_history() -> None:
    """The history of governance: its figure, and the numbers of the page on it."""
    seen = govern(REPLICATES)
    folder = FOLDER.parent / "tables"
    folder.mkdir(exist_ok=True)
    record(seen).to_csv(folder / "history.csv", index=False, float_format="%.6g")
    varied = vary(seen, REPLICATES_OF_EACH_PROTOCOL)
    varied.to_csv(folder / "history_varied.csv", index=False, float_format="%.6g")
    run = ms.run("governance-2001-2018", replicates=REPLICATES, seed=SEED)
    save(run.plot.history(), FOLDER / "history.png")


def write_sensitivity() -> None:
    """What the gains of the forum depend on: the figures, and the findings for the page on sensitivity."""
    found = ms.sensitivity("gfmd-2007-2015", size=SIZE, seed=SEED, workers=WORKERS)
    with TemporaryDirectory() as drawn:
        for path in found.plot.save_all(drawn):
            move(path, FOLDER / f"sensitivity_{path.name}")
    folder = FOLDER.parent / "tables"
    folder.mkdir(exist_ok=True)
    (folder / "sensitivity.txt").write_text(f"{found.findings}\n", encoding="utf-8")


PARTS: Final[Mapping[str, Callable[[], None]]] = {
    "forum": draw_forum,
    "protocols": draw_protocols,
    "validation": write_validation,
    "interests": draw_interests,
    "ratifications": draw_ratifications,
    "regimes": write_regimes,
    "history": write_history,
    "sensitivity": write_sensitivity,
}


def main(arguments: list[str] | None = None) -> None:
    """Make all parts, or one."""
    parser = argparse.ArgumentParser(description="Draw the figures of the documentation.")
    parser.add_argument("--only", choices=PARTS, help="make this part alone")
    only = parser.parse_args(arguments).only
    FOLDER.mkdir(exist_ok=True)
    for name, make in PARTS.items():
        if only in (None, name):
            make()


if __name__ == "__main__":
    main()
