"""What one looks at: the map and a state, gains, positions and texts, opinion, the two worlds."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

import reacton.ipyvuetify as v
import solara
import solara.lab

from migsim.explore.dots import VARIABLES, map_of
from migsim.explore.drawing import Picture, Subject, draw
from migsim.explore.life import Look
from migsim.explore.stories import facts, publics, standpoints, story
from migsim.explore.widgets import PictureFrame, SheetTable, StateMap
from migsim.explore.words import Sheet, comparison, last_session, met_so_far
from migsim.plots.wording import theme_words
from migsim.themes import THEMES

__all__ = ["VIEWS", "Attention", "View"]

_LOG = logging.getLogger("migsim.explore")
UNDRAWN: Final = "This figure could not be drawn; the terminal says why."
NOTHING_ELSE: Final = Subject()
MOST_KEPT: Final = 40
"""Figures that a visit keeps, so that another tab and back again costs nothing."""


@dataclass(frozen=True)
class Attention:
    """What the visitor looks at: a tab, a state, a theme, a process, a variable on the map."""

    view: int = 0
    iso3: str = ""
    theme: str = THEMES[0]
    process: str = ""
    variable: str = "gain"
    is_difference: bool = False
    kept: dict[tuple[Any, ...], Picture] = field(default_factory=dict, compare=False)


type View = Callable[[Look, Attention, Callable[[Attention], None]], Any]


@solara.component
def Figure(name: str, look: Look, attention: Attention, subject: Subject = NOTHING_ELSE) -> None:
    """A figure, drawn beside the page's other work; the last one stays until the next is there."""
    key = (name, look.number, subject)
    wanted: Any = solara.use_ref(key)
    wanted.current = key
    last: Any = solara.use_ref(Picture("", ""))
    solara.use_effect(lambda: lambda: setattr(wanted, "current", None), [])

    def work() -> Picture | None:
        if key in attention.kept:
            return attention.kept[key]
        try:
            made = draw(name, look, subject, lambda: wanted.current == key)
        except Exception:
            _LOG.exception("the figure %s could not be drawn", name)
            return Picture("", UNDRAWN)
        if made is not None:
            while len(attention.kept) >= MOST_KEPT:
                attention.kept.pop(next(iter(attention.kept)))
            attention.kept[key] = made
        return made

    task = solara.lab.use_task(work, dependencies=[key])
    if task.finished and task.value is not None:
        last.current = task.value
    PictureFrame(name=name, source=last.current.source, says=last.current.says, drawing=not task.finished)


def _table(sheet: Sheet) -> None:
    SheetTable(columns=list(sheet.columns), rows=[list(row) for row in sheet.rows], caption=sheet.caption)


@solara.component
def ThemeField(attention: Attention, on_attention: Callable[[Attention], None]) -> None:
    """Which theme is looked at."""
    v.Select(
        label="Theme",
        items=[{"text": theme_words(theme), "value": theme} for theme in THEMES],
        v_model=attention.theme,
        on_v_model=lambda theme: on_attention(replace(attention, theme=theme)),
        dense=True,
        hide_details=True,
        class_="ms-theme",
        style_="max-width: 320px",
    )


@solara.component
def StateField(look: Look, attention: Attention, on_attention: Callable[[Attention], None]) -> None:
    """Which state is looked at, by name."""
    v.Autocomplete(
        label="State",
        items=[{"text": n, "value": c} for c, n in zip(look.members.iso3, look.members.name, strict=True)],
        v_model=attention.iso3,
        on_v_model=lambda iso3: on_attention(replace(attention, iso3=iso3)) if iso3 else None,
        dense=True,
        hide_details=True,
        class_="ms-state",
        style_="max-width: 320px",
    )


@solara.component
def Overview(look: Look, attention: Attention, on_attention: Callable[[Attention], None]) -> None:
    """The map with one state's story, and below them the gains over the years."""
    with v.Html(tag="div", class_="ms-wide"):
        with solara.Column(gap="12px"):
            with solara.Card(margin=0):
                _MapFields(attention, on_attention)
                StateMap(
                    drawn=map_of(
                        look, attention.variable, attention.theme, is_difference=attention.is_difference
                    ),
                    chosen=attention.iso3,
                    event_choose=lambda iso3: _choose(look, attention, on_attention, iso3),
                )
            with solara.Card(margin=0):
                Figure("triple_win", look, attention)
        with solara.Card(margin=0):
            StateField(look, attention, on_attention)
            with v.Html(tag="div", class_="ms-story"):
                for sentence in story(look, attention.iso3):
                    v.Html(tag="p", children=[sentence])
            _table(facts(look, attention.iso3))


def _choose(
    look: Look, attention: Attention, on_attention: Callable[[Attention], None], iso3: object
) -> None:
    """What the browser says was clicked, if there is such a state."""
    if isinstance(iso3, str) and iso3 in look.members.iso3:
        on_attention(replace(attention, iso3=iso3))


@solara.component
def _MapFields(attention: Attention, on_attention: Callable[[Attention], None]) -> None:
    with solara.Row(classes=["ms-fields"]):
        v.Select(
            label="The map shows",
            items=[{"text": each.words, "value": name} for name, each in VARIABLES.items()],
            v_model=attention.variable,
            on_v_model=lambda name: on_attention(replace(attention, variable=name)),
            dense=True,
            hide_details=True,
            class_="ms-variable",
            style_="max-width: 280px",
        )
        if attention.variable in ("position", "policy"):
            ThemeField(attention, on_attention)
        if not VARIABLES[attention.variable].is_gain:
            solara.Switch(
                label="Difference from the world without a forum",
                value=attention.is_difference,
                on_value=lambda on: on_attention(replace(attention, is_difference=bool(on))),
            )


@solara.component
def Negotiation(look: Look, attention: Attention, on_attention: Callable[[Attention], None]) -> None:
    """Positions on a theme, agendas and texts over the years, and the last session's text."""
    known = met_so_far(look)
    process = attention.process if attention.process in known else ""
    with solara.Card(margin=0):
        with solara.Row(classes=["ms-fields"]):
            ThemeField(attention, on_attention)
            if len(known) > 1:
                v.Select(
                    label="Process",
                    items=[
                        {"text": "all that met", "value": ""},
                        *({"text": title, "value": name} for name, title in known.items()),
                    ],
                    v_model=process,
                    on_v_model=lambda name: on_attention(replace(attention, process=name)),
                    dense=True,
                    hide_details=True,
                    style_="max-width: 420px",
                )
        with v.Html(tag="div", class_="ms-pair"):
            Figure("positions", look, attention, Subject(theme=attention.theme, process=process))
            Figure("agenda", look, attention, Subject(process=process))
    with solara.Card("The text of the last session", margin=0):
        _table(last_session(look, process))


@solara.component
def Publics(look: Look, attention: Attention, on_attention: Callable[[Attention], None]) -> None:
    """Public opinion over the years."""
    with solara.Card(margin=0):
        Figure("opinion", look, attention)
    with solara.Card("Where views have changed most", margin=0):
        _table(publics(look))


@solara.component
def OneState(look: Look, attention: Attention, on_attention: Callable[[Attention], None]) -> None:
    """One state beside its region, and where it stands on each theme."""
    with solara.Card(margin=0):
        with solara.Row(classes=["ms-fields"]):
            StateField(look, attention, on_attention)
            ThemeField(attention, on_attention)
        with v.Html(tag="div", class_="ms-pair"):
            Figure("state_story", look, attention, Subject(theme=attention.theme, iso3=attention.iso3))
            with v.Html(tag="div"):
                _table(standpoints(look, attention.iso3))


@solara.component
def TwoWorlds(look: Look, attention: Attention, on_attention: Callable[[Attention], None]) -> None:
    """The world beside the same world in which nobody meets."""
    with solara.Card(margin=0):
        _table(comparison(look))


VIEWS: Final[Mapping[str, View]] = {
    "Map and gains": Overview,
    "Positions and text": Negotiation,
    "Opinion": Publics,
    "One state": OneState,
    "Without the forum": TwoWorlds,
}
"""The tabs, in their order."""
