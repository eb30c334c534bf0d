"""The main figures look as they did: each is held against a small picture kept in ``tests/images``.

After a change that is meant, ``make images`` draws the pictures anew. What may differ is `TOLERANCE`, the
root of the mean squared difference of all points, on the scale from 0 to 255 of a colour.
"""

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.collections import PolyCollection
from matplotlib.image import AxesImage
from matplotlib.patches import Rectangle
from matplotlib.testing.compare import compare_images
from matplotlib.testing.exceptions import ImageComparisonFailure

from tests.images.baselines import DPI, FOLDER, MAIN, baseline, figure_of, write

TOLERANCE = 0.3
"""Ten times what the same programs ever differ by, a third of what a short line makes in a tall figure."""
HARDEST = ("triple_win of two", "remittances", "attendance", "screening")
"""Figures in which a change is least seen, for they are mostly paper."""
MOST_BYTES = 1_000_000


@pytest.fixture(autouse=True)
def no_window():
    """No window, and no figure kept from test to test."""
    import matplotlib.pyplot as plt

    with mpl.rc_context({"backend": "agg"}):
        plt.switch_backend("agg")
        yield
    plt.close("all")


def difference(name, axes, folder) -> str:
    """What is wrong with a figure, beside its picture; empty if nothing is."""
    drawn = write(axes, folder / f"{baseline(name).name}")
    try:
        return str(compare_images(str(baseline(name)), str(drawn), tol=TOLERANCE) or "")
    except ImageComparisonFailure as error:  # of another size
        return str(error)


@pytest.mark.parametrize("name", MAIN)
def test_a_figure_looks_as_it_did(name, tmp_path):
    found = difference(name, MAIN[name](), tmp_path)
    assert not found, f"{found}\nIf it is meant, run `make images` and look at {baseline(name)}."


def panels_of(axes):
    return list(np.atleast_1d(np.asarray(axes, dtype=object)).ravel())


def artists_of(axes):
    """What carries a figure: lines, bands, bars and cells, the largest first; no text."""
    figure_of(axes).draw_without_rendering()
    found = []
    for panel in panels_of(axes):
        drawn = [*panel.lines, *panel.collections, *panel.patches, *panel.images]
        for artist in drawn:
            box = artist.get_window_extent()
            if artist.get_visible() and box.width > 1 and not isinstance(artist, AxesImage):
                found.append((box.width * max(box.height, 1.0), artist))
    return [artist for _, artist in sorted(found, key=lambda pair: -pair[0])]


def recolour(artist):
    """Another colour of the palette, in its place."""
    if isinstance(artist, PolyCollection | Rectangle):
        artist.set_facecolor("#CC79A7")
    else:
        artist.set_color("#CC79A7")


@pytest.mark.parametrize("name", HARDEST)
@pytest.mark.parametrize(
    "change", [recolour, lambda artist: artist.set_visible(False)], ids=["colour", "line"]
)
def test_a_wrong_colour_and_a_missing_line_are_found(name, change, tmp_path):
    axes = MAIN[name]()
    change(artists_of(axes)[0])
    assert "RMS" in difference(name, axes, tmp_path)


def test_another_size_is_found(tmp_path):
    name = next(iter(MAIN))
    axes = MAIN[name]()
    width, height = figure_of(axes).get_size_inches()
    figure_of(axes).set_size_inches(width, height + 10 / DPI)
    assert "size" in difference(name, axes, tmp_path)


def test_the_pictures_are_those_drawn_and_small():
    kept = {path for path in FOLDER.iterdir() if path.suffix == ".png"}
    assert kept == {baseline(name) for name in MAIN}
    assert sum(path.stat().st_size for path in kept) < MOST_BYTES
