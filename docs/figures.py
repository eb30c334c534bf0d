"""Draw the figures that the README and the documentation show, from a run made here and now.

The page ``validation.md`` with its figures is written here too, for it rests on runs as well.
"""

from __future__ import annotations

from pathlib import Path

import migsim as ms
from migsim.plots import save, stance_and_gain, stance_to_payoff
from migsim.results.interest_findings import Findings
from migsim.validation import validate
from migsim.validation.report import figures, markdown_page

FOLDER = Path(__file__).parent / "figures"
REPLICATES = 100
REPLICATES_OF_EACH_PROTOCOL = 40
SEED = 2026


def main() -> None:
    """Run the first forum and the chair's summary, and validate the world; save what the pages show."""
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
    draw_protocols()
    write_validation()
    draw_interests()


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


def write_validation() -> None:
    """Validate the shipped world, and write the page about it."""
    done = validate()
    for name, axes in figures(done).items():
        save(axes, FOLDER / f"{name}.png")
    (FOLDER.parent / "validation.md").write_text(markdown_page(done), encoding="utf-8")


if __name__ == "__main__":
    main()
