"""What holds for every figure: labels, captions, bytes, and no trace left behind."""

import subprocess
import sys

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from migsim import plots
from migsim.plots.sheet import wrapped
from tests.plots.drawings import FIGURES, PANELS
from tests.plots.sheets import assert_on_the_sheet, panels_of


@pytest.fixture(params=FIGURES)
def name(request):
    return request.param


def test_returns_labelled_axes_and_a_caption(name):
    drawn = FIGURES[name]()
    panels = panels_of(drawn)
    assert len(panels) == PANELS[name]
    assert all(isinstance(panel, Axes) for panel in panels)
    assert all(panel.get_xlabel() for panel in panels)
    assert panels[0].get_ylabel()
    caption = plots.caption_of(drawn)
    assert ("95 % sampling" if name == "conditions" else "5–95 %") in caption
    assert "n = " in caption or "worlds" in caption
    assert "nan" not in caption
    assert "−0.00 " not in caption


def test_draws_on_the_axes_given(name):
    figure, given = plt.subplots(1, PANELS[name], figsize=(17, 5))
    drawn = FIGURES[name](ax=given)
    assert panels_of(drawn) == panels_of(given)
    assert plots.caption_of(drawn)
    assert plt.get_fignums() == [figure.number]


def test_refuses_the_wrong_number_of_axes(name):
    _, given = plt.subplots(1, PANELS[name] + 1)
    with pytest.raises(ValueError, match=r"panels and was given"):
        FIGURES[name](ax=given)


def test_leaves_settings_alone_and_ignores_the_readers_own(name, tmp_path):
    plots.save(FIGURES[name](), tmp_path / "plain.png")
    with mpl.rc_context({"font.size": 20.0, "axes.grid": True, "lines.linewidth": 9.0}):
        before = dict(mpl.rcParams)
        drawn = FIGURES[name]()
        assert dict(mpl.rcParams) == before
        plots.save(drawn, tmp_path / "loud.png")
        assert dict(mpl.rcParams) == before
    assert (tmp_path / "plain.png").read_bytes() == (tmp_path / "loud.png").read_bytes()


def test_the_same_picture_is_the_same_bytes_and_is_closed(name, tmp_path):
    written = [plots.save(FIGURES[name](), tmp_path / f"{n}" / "figure", svg=True) for n in (1, 2)]
    first, second = ([path.read_bytes() for path in paths] for paths in written)
    assert first == second
    assert [path.suffix for path in written[0]] == [".png", ".svg"]
    assert b"Software" not in first[0]
    assert b"matplotlib" not in first[0]
    assert b"<dc:date>" not in first[1]
    assert plt.get_fignums() == []


def test_nothing_is_drawn_beyond_the_sheet(name):
    assert_on_the_sheet(FIGURES[name]())


def test_a_tight_box_holds_the_caption(name):
    figure = panels_of(FIGURES[name]())[0].get_figure(root=True)
    figure.canvas.draw()
    box = figure.get_tightbbox().transformed(figure.dpi_scale_trans)
    for text in (*figure.texts, *figure.legends):
        inner = text.get_window_extent()
        assert box.x0 <= inner.x0 + 1
        assert box.y0 <= inner.y0 + 1
        assert box.y1 >= inner.y1 - 1


def test_percents_are_not_broken():
    assert wrapped("of 5–95 % of worlds, n = 20", 0.5, 8.0).split("\n")[1:2] == ["5–95\u00a0%"]


def test_a_figure_kept_open_can_be_drawn_on(world, tmp_path):
    drawn = plots.remittances(world)
    plots.save(drawn, tmp_path / "figure.png", close=False)
    assert plt.get_fignums() == [drawn.figure.number]


def test_a_figure_is_saved_in_one_drawing_and_laid_out_as_it_stands(world, tmp_path, monkeypatch):
    drawn = plots.remittances(world)
    figure = drawn.figure
    engine, dpi, draw = figure.get_layout_engine(), figure.dpi, Figure.draw
    drawings = []
    monkeypatch.setattr(Figure, "draw", lambda self, renderer: (drawings.append(self), draw(self, renderer)))
    plots.save(drawn, tmp_path / "figure.png", close=False)
    assert drawings == [figure]
    assert (figure.get_layout_engine(), figure.dpi) == (engine, dpi)
    left = drawn.get_position().x0
    drawn.set_ylabel("A label\nof three\nlines")
    plots.save(drawn, tmp_path / "changed.png", close=False)
    assert drawn.get_position().x0 > left


def test_stranger_titles_are_not_read_as_formulas(world, tmp_path):
    labels = {"a": "costs $5 {x}_y^", "b": r"\frac $"}
    drawn = plots.triple_win({"a": world, "b": world}, labels=labels)
    saved = tmp_path / "figure.png"
    plots.save(drawn, saved)
    assert saved.read_bytes().startswith(b"\x89PNG")
    words = [text.get_text() for text in np.ravel(drawn)[0].figure.findobj(plt.Text)]
    assert all(any(label.split()[0] in word for word in words) for label in labels.values())


def test_importing_the_package_is_light():
    code = "import sys, migsim.plots, migsim.plots.style, migsim.plots.gain_fans; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    assert not {"matplotlib", "pandas", "numpy", "mesa"} & set(loaded)


def test_every_name_is_there():
    assert all(callable(getattr(plots, name)) for name in plots.__all__)
    assert plots.triple_win is plots.triple_win
    with pytest.raises(AttributeError):
        _ = plots.pie
