"""The figures of the page, drawn one at a time: matplotlib is one for all visitors of a process."""

from __future__ import annotations

import base64
import io
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from migsim.errors import InputError

if TYPE_CHECKING:
    from migsim.explore.life import Look

__all__ = ["FIGURES", "Picture", "Subject", "draw"]

_ONE_AT_A_TIME: Final = threading.Lock()


@dataclass(frozen=True)
class Picture:
    """A figure as the page shows it: where its image is (the image itself, in fact) and what it says."""

    source: str
    says: str


@dataclass(frozen=True)
class Subject:
    """What a figure is of, as far as it is of one: a theme, a state, a process (empty: all)."""

    theme: str = ""
    iso3: str = ""
    process: str = ""


def _triple_win(look: Look, _: Subject) -> Any:
    from migsim.plots import triple_win

    return triple_win({look.definition.name: look.world}, labels=_labels(look), spread=look.choice.parameters)


def _opinion(look: Look, _: Subject) -> Any:
    from migsim.plots import opinion

    return opinion({look.definition.name: look.world}, labels=_labels(look), spread=look.choice.parameters)


def _positions(look: Look, subject: Subject) -> Any:
    from migsim.plots import positions

    return positions(look.states, look.texts, subject.theme, process=subject.process or None)


def _agenda(look: Look, subject: Subject) -> Any:
    from migsim.plots import agenda

    return agenda(look.texts, process=subject.process or None)


def _state_story(look: Look, subject: Subject) -> Any:
    from migsim.plots import state_story

    spread = look.choice.parameters
    return state_story(look.states, subject.iso3, themes=(subject.theme,), spread=spread)


def _labels(look: Look) -> dict[str, str]:
    return {look.definition.name: look.definition.title}


FIGURES: Final[dict[str, Callable[[Look, Subject], Any]]] = {
    "triple_win": _triple_win,
    "opinion": _opinion,
    "positions": _positions,
    "agenda": _agenda,
    "state_story": _state_story,
}
"""What the page draws with `migsim.plots`."""


def draw(
    name: str, look: Look, subject: Subject, is_wanted: Callable[[], bool] = lambda: True
) -> Picture | None:
    """A figure of the world so far, as an image of its own.

    Parameters
    ----------
    name
        A key of `FIGURES`.
    look, subject
        The years so far, and what of them is drawn.
    is_wanted
        Asked when the figure's turn comes: what nobody waits for any more is not drawn.

    Returns
    -------
    Picture or None
        None if it was not wanted any more; without an image if there is nothing to draw it from.
    """
    import matplotlib.pyplot as plt

    with _ONE_AT_A_TIME:
        if not is_wanted():
            return None
        try:
            return _taken(FIGURES[name](look, subject))
        except InputError as error:
            return Picture("", str(error))
        finally:
            plt.close("all")


def _taken(axes: Any) -> Picture:
    """The image of a figure, which is then let go of."""
    import matplotlib as mpl
    import numpy as np

    from migsim.plots import caption_of

    figure = np.atleast_1d(np.asarray(axes, dtype=object)).ravel()[0].get_figure(root=True)
    image = io.BytesIO()
    with mpl.rc_context({"svg.fonttype": "path", "svg.hashsalt": "migsim", "savefig.bbox": None}):
        figure.savefig(image, format="svg", metadata={"Date": None, "Creator": None})
    said = caption_of(axes)
    return Picture(f"data:image/svg+xml;base64,{base64.b64encode(image.getvalue()).decode('ascii')}", said)
