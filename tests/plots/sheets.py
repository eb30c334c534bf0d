"""What tests ask of a drawn figure."""

import numpy as np


def panels_of(drawn):
    """The panels of a figure, one or many."""
    return list(np.atleast_1d(np.asarray(drawn, dtype=object)).ravel())


def assert_on_the_sheet(drawn):
    """No text stands beyond the edge of the figure."""
    figure = panels_of(drawn)[0].get_figure(root=True)
    figure.canvas.draw()
    sheet = figure.bbox.padded(1.0)
    texts = [*figure.texts, *(text for ax in figure.axes for text in ax.texts)]
    texts += [
        label for ax in figure.axes for label in (ax.xaxis.label, ax.yaxis.label, ax.title, ax._left_title)
    ]
    for axis in (axis for ax in figure.axes for axis in (ax.xaxis, ax.yaxis)):
        low, high = sorted(axis.get_view_interval())
        texts += [tick.label1 for tick in axis.get_major_ticks() if low <= tick.get_loc() <= high]
    for text in texts:
        if text.get_visible() and text.get_text():
            box = text.get_window_extent()
            assert sheet.containsx(box.x0), text.get_text()
            assert sheet.containsx(box.x1), text.get_text()
            assert sheet.containsy(box.y0), text.get_text()
            assert sheet.containsy(box.y1), text.get_text()
            assert text.get_fontsize() >= 7.0
