"""The parts of the page that the browser draws: gains, tables, figures and the map.

Each has a template beside this file, in which all text stands as text: no name can become markup.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import solara

from migsim.explore.dots import WIDTH

__all__ = ["PictureFrame", "SheetTable", "StateMap", "Tiles"]


@solara.component_vue("tiles.vue")
def Tiles(tiles: list[dict[str, str]]) -> None:
    """The gains of the three groups, and of whoever gains least."""


@solara.component_vue("sheet.vue")
def SheetTable(columns: list[str], rows: list[list[str]], caption: str) -> None:
    """A table with its caption."""


@solara.component_vue("picture.vue")
def PictureFrame(name: str, source: str, says: str, drawing: bool) -> None:
    """A figure; while the next is drawn, the last one stays, paler."""


@solara.component_vue("map.vue")
def StateMap(
    drawn: dict[str, Any],
    chosen: str,
    event_choose: Callable[[str], None],
    width: float = WIDTH,
) -> None:
    """The states as dots; a click chooses the nearest."""
