"""Draw the figures that the README and the documentation show, from runs made here and now.

``python docs/figures.py [--only NAME]``, or ``--only gallery PICTURE...`` for some pictures of the gallery.
The page ``validation.md`` with its figures and the numbers of
``regimes.md``, ``history.md`` and ``sensitivity.md`` (``tables/``) are written here too, for they rest on
runs as well; ``docs/generate.py`` then puts the numbers into the page.
"""

from __future__ import annotations

import argparse
import tomllib
from collections.abc import Callable, Collection, Mapping
from io import BytesIO
from pathlib import Path
from shutil import move
from tempfile import TemporaryDirectory
from typing import Any, Final

import pandas as pd

import migsim as ms
from migsim import plots
from migsim.plots import breadth, break_even, save, stance_and_gain, stance_to_payoff
from migsim.plots.style import WIDTH
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
GALLERY_DPI = 100
GALLERY_COLOURS = 96
"""With a palette a picture is a third as large."""


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


class Shelf(dict[str, Any]):
    """What the code of the gallery stands on; each object is made when it is first asked for."""

    def __init__(self, objects: Mapping[str, str]) -> None:
        super().__init__(ms=ms, plots=plots, pd=pd, figures=figures)
        self.objects = objects

    def __missing__(self, name: str) -> Any:
        if name not in self.objects:
            raise KeyError(name)
        self[name] = eval(self.objects[name], {}, self)
        return self[name]


def draw_gallery(names: Collection[str] = ()) -> None:
    """Every figure of the package, small, by the code that the gallery shows; or some of them.

    Pictures of figures that the table does not name any more are removed.
    """
    table = tomllib.loads((FOLDER.parent / "gallery.toml").read_text(encoding="utf-8"))
    shelf = Shelf(table["objects"])
    folder = FOLDER / "gallery"
    folder.mkdir(exist_ok=True)
    entries = [figure for section in table["section"] for figure in section["figures"]]
    for old in folder.glob("*.png"):
        if old.stem not in {entry["name"] for entry in entries}:
            old.unlink()
    for entry in entries:
        if not names or entry["name"] in names:
            target = folder / f"{entry['name']}.png"
            if "picture" in entry:
                shrink(FOLDER / entry["picture"], target)
            else:
                save_small(eval(entry["code"], {}, shelf), target)


def save_small(axes: Any, path: Path) -> None:
    """A figure as a small picture of few colours, and let go of it."""
    import matplotlib as mpl
    import matplotlib.pyplot as plt
    import numpy as np

    figure = np.atleast_1d(np.asarray(axes, dtype=object)).ravel()[0].get_figure(root=True)
    drawn = BytesIO()
    with mpl.rc_context({"savefig.bbox": None, "savefig.facecolor": "white"}):
        figure.savefig(drawn, format="png", dpi=GALLERY_DPI, metadata={"Software": None})
    plt.close(figure)
    shrink(drawn, path)


def shrink(picture: BytesIO | Path, path: Path) -> None:
    """A picture as wide as those of the gallery at most, in few colours."""
    from PIL import Image

    width = round(WIDTH * GALLERY_DPI)
    whole = Image.open(picture).convert("RGB")
    if whole.width > width:
        whole = whole.resize((width, round(whole.height * width / whole.width)), Image.Resampling.BOX)
    # An octree keeps colours that few points have, such as those of thin lines.
    few = whole.quantize(GALLERY_COLOURS, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    few.save(path, optimize=True)


PARTS: Final[Mapping[str, Callable[[], None]]] = {
    "forum": draw_forum,
    "protocols": draw_protocols,
    "validation": write_validation,
    "interests": draw_interests,
    "ratifications": draw_ratifications,
    "regimes": write_regimes,
    "history": write_history,
    "sensitivity": write_sensitivity,
    "gallery": draw_gallery,
}


def main(arguments: list[str] | None = None) -> None:
    """Make all parts, or one."""
    parser = argparse.ArgumentParser(description="Draw the figures of the documentation.")
    parser.add_argument("--only", choices=PARTS, help="make this part alone")
    parser.add_argument("names", nargs="*", help="with --only gallery: these pictures alone")
    asked = parser.parse_args(arguments)
    if asked.names and asked.only != "gallery":
        parser.error("names of pictures need --only gallery")
    only = asked.only
    FOLDER.mkdir(exist_ok=True)
    if asked.names:
        draw_gallery(asked.names)
        return
    for name, make in PARTS.items():
        if only in (None, name):
            make()


if __name__ == "__main__":
    main()
