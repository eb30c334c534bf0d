"""How every figure looks: sizes, and one colour and one dash pattern per scenario.

Colours are those of Okabe and Ito (2008), told apart by colour-blind readers; dash patterns tell lines apart
in grey.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, wraps
from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    from matplotlib.colors import Colormap

__all__ = [
    "COLOURS",
    "GREY",
    "INK",
    "MOST_BANDS",
    "MOST_LABELS",
    "SMALL",
    "TICKS",
    "WIDTH",
    "LineStyle",
    "dashed",
    "in_house_style",
    "line_styles",
    "loss_to_gain",
    "readable",
]

type Pattern = Literal["-"] | tuple[float, tuple[float, ...]]

COLOURS: Final = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
MARKERS: Final = ("o", "s", "^", "D", "v", "P")
"""One for each round of the colours."""
DASHES: Final[tuple[tuple[float, ...], ...]] = (
    (),
    (5.0, 2.0),
    (1.0, 1.2),
    (6.0, 1.5, 1.0, 1.5),
    (9.0, 2.5),
    (3.0, 1.0, 1.0, 1.0, 1.0, 1.0),
)
"""Six patterns against seven colours: 42 scenarios before a pair of the two comes again."""

INK: Final = "#222222"
GREY: Final = "#666666"
WIDTH: Final = 17.0 / 2.54
"""Width of a figure in inches: 17 cm, the text column of a report."""
SMALL: Final = 7.5
"""Smallest type, in points."""
PALEST: Final = 1.05 / 4.5 - 0.05
"""Luminance up to which letters on white have a contrast of 4.5 to 1."""
TICKS: Final = 8.0
"""Type of the numbers along an axis: stated to each axis too, which spaces its numbers by it when drawn."""
MOST_BANDS: Final = 3
"""With more scenarios than this bands would cover each other: the last year's intervals stand at the right
instead."""
MOST_LABELS: Final = 5
"""With more lines than this, names go into a legend."""

_HOUSE: Final[Mapping[str, object]] = {
    "font.size": 8.5,
    "axes.titlesize": 9.0,
    "axes.titlelocation": "left",
    "axes.labelsize": 8.5,
    "axes.labelcolor": INK,
    "axes.edgecolor": "#888888",
    "axes.linewidth": 0.7,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.formatter.useoffset": False,
    "axes.formatter.limits": (-7, 7),
    "xtick.labelsize": TICKS,
    "ytick.labelsize": TICKS,
    "xtick.color": "#888888",
    "ytick.color": "#888888",
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "legend.fontsize": 8.0,
    "legend.frameon": False,
    "lines.linewidth": 1.6,
    "text.color": INK,
    "text.parse_math": False,
}
_RESET: Final = (
    "axes.",
    "figure.",
    "font.",
    "grid.",
    "legend.",
    "lines.",
    "patch.",
    "text.",
    "xtick.",
    "ytick.",
)


@dataclass(frozen=True, slots=True)
class LineStyle:
    """How one scenario is drawn, and what it is called."""

    name: str
    label: str
    colour: str
    dashes: tuple[float, ...]
    marker: str = "o"

    @property
    def linestyle(self) -> Pattern:
        """The dash pattern as matplotlib takes it."""
        return dashed(self.dashes)


@cache
def loss_to_gain() -> Colormap:
    """Colours around zero, everywhere the same: orange below, blue above."""
    from matplotlib.colors import LinearSegmentedColormap

    return LinearSegmentedColormap.from_list("loss to gain", [COLOURS[1], "#f2f2f2", COLOURS[0]])


def readable(colour: str) -> str:
    """A colour as letters need it on white: darkened, if it is pale, to a contrast of 4.5 to 1.

    Examples
    --------
    >>> readable("#0072B2"), readable("#E69F00")
    ('#0072B2', '#9F6C00')
    """
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    light = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    luminance = sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), light, strict=True))
    if luminance <= PALEST:
        return colour
    dark = [part * PALEST / luminance for part in light]
    codes = [12.92 * part if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055 for part in dark]
    return "#" + "".join(f"{int(255 * code):02X}" for code in codes)


def dashed(dashes: tuple[float, ...]) -> Pattern:
    """A dash pattern as matplotlib takes it; no dashes are a solid line."""
    return (0.0, dashes) if dashes else "-"


def line_styles(names: Iterable[str], labels: Mapping[str, str] | None = None) -> dict[str, LineStyle]:
    """Colour, dashes and marker of each scenario, by its place in the caller's order alone.

    Examples
    --------
    >>> line_styles(["gfmd", "no-syria"])["no-syria"].colour
    '#D55E00'
    """
    called = labels or {}
    return {
        name: LineStyle(
            name,
            called.get(name, name) or "this run",
            COLOURS[n % len(COLOURS)],
            DASHES[n % len(DASHES)],
            MARKERS[n // len(COLOURS) % len(MARKERS)],
        )
        for n, name in enumerate(names)
    }


def in_house_style[**P, R](draw: Callable[P, R]) -> Callable[P, R]:
    """Draw in the house style whatever the reader's own settings are, and leave those as they were."""

    @wraps(draw)
    def drawn(*args: P.args, **kwargs: P.kwargs) -> R:
        import matplotlib as mpl
        import matplotlib.pyplot as plt

        # A notebook sets itself up when the backend is first loaded; inside the context that would be undone.
        plt.draw_if_interactive()  # type: ignore[no-untyped-call]
        defaults = mpl.rcParamsDefault.items()
        settings: dict[Any, Any] = {name: value for name, value in defaults if name.startswith(_RESET)}
        with mpl.rc_context(settings | dict(_HOUSE)):
            return draw(*args, **kwargs)

    return drawn
