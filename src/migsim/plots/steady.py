"""A layout that comes out the same each time, to the last bit.

The solver behind matplotlib's constrained layout takes its equations in no fixed order, so that places differ
in the last digits of a number from one drawing to the next; rounded, they do not.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Final

__all__ = ["steady_layout"]

PLACES: Final = 6
"""Digits of a place, in parts of the figure: far less than is seen."""


def steady_layout() -> Any:
    """A constrained layout whose panels stand at rounded places."""
    return _engine()()


@cache
def _engine() -> Any:
    from matplotlib.layout_engine import ConstrainedLayoutEngine
    from matplotlib.transforms import Bbox

    class Steady(ConstrainedLayoutEngine):
        """Rounds what the solver found."""

        def execute(self, fig: Any) -> Any:
            """Lay out the figure."""
            made = super().execute(fig)
            for panel in fig.axes:
                if panel.get_in_layout():
                    ends = panel.get_position(original=True).extents.round(PLACES)
                    panel._set_position(Bbox.from_extents(*ends), which="original")
                    ends = panel.get_position().extents.round(PLACES)
                    panel._set_position(Bbox.from_extents(*ends), which="active")
            return made

    return Steady
