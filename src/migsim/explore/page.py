"""The page: the run above, settings at the left, the year's gains, and below them what one looks at.

In the manner of Mesa's SolaraViz: a model, its parameters, reset, play and step, and components that show the
model. docs/architecture.md says why it is not SolaraViz itself. All state is the visitor's own.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import reacton.ipyvuetify as v
import solara
import solara.lab

from migsim.errors import EnvironmentProblem, InputError, shown
from migsim.explore.choices import Choice, offered
from migsim.explore.controls import ParameterFields, RunButtons, ScenarioField, WorldFields
from migsim.explore.drafts import Draft
from migsim.explore.life import Life, Look
from migsim.explore.views import VIEWS, Attention
from migsim.explore.widgets import Tiles
from migsim.explore.words import first_theme, gain_tiles

__all__ = ["Page", "close", "open_with"]

_LOG = logging.getLogger("migsim.explore")
_OPENED: dict[str, Choice] = {}
_TITLES: dict[str, str] = {}
"""What the page was opened with, and the scenarios to choose from; set once, before the first visitor."""
ONE_WORLD = (
    "One world is an example, not a finding: “migsim run” lives hundreds and gives intervals. "
    "Conditional on the model’s assumptions."
)
USUAL_PACE = 1.0
"""Seconds a year in play."""
STYLE = Path(__file__).with_name("page.css")
UNSHOWN = "This page could not be shown; the terminal says why. Load it again to begin anew."
BROKEN = "Something went wrong that should not have; the terminal says what. Press Reset to begin again."


_CLOSING = threading.Event()


def open_with(choice: Choice) -> None:
    """Say what every visitor's page begins with."""
    _OPENED["choice"] = choice
    _TITLES.update(offered(choice.scenario))


def close() -> None:
    """Let whatever is playing stop, for the server is about to."""
    _CLOSING.set()


def guarded[T](act: Callable[[], T], say: Callable[[str], None]) -> T | None:
    """Do something for a visitor; what goes wrong is said in words, and nothing else is shown of it."""
    try:
        return act()
    except (InputError, EnvironmentProblem) as error:
        say(_worded(error))
    except Exception:
        _LOG.exception("the page could not do that")
        say(BROKEN)
    return None


def _worded(error: BaseException) -> str:
    """A message as it reads on a page, where settings have fields and no option."""
    return "\n".join(line.removeprefix("--set: ") for line in str(error).splitlines())


class Visit:
    """What one visitor has on the page: a life, the fields, and what is looked at of it."""

    def __init__(self) -> None:
        opened = _OPENED["choice"]
        self._life = Life(opened)
        self.fault: solara.Reactive[str] = solara.reactive("")
        self.is_playing: solara.Reactive[bool] = solara.reactive(False)
        self.pace: solara.Reactive[float] = solara.reactive(USUAL_PACE)
        self.look: solara.Reactive[Look] = solara.reactive(self._life.look)
        self.draft: solara.Reactive[Draft] = solara.reactive(Draft.of(opened))
        self.attention: solara.Reactive[Attention] = solara.reactive(_first_attention(self._life.look))

    def choose(self, name: str) -> None:
        """Take another scenario and begin it at once."""
        self._guarded(lambda: self._begin(Draft.of(self._opened_as(name))))

    def reset(self) -> None:
        """Begin again with what the fields say; if that cannot be, say why and keep the world."""
        self._guarded(
            lambda: self._begin(replace(self.draft.value, scenario=self.draft.value.base.definition()))
        )

    def step(self) -> None:
        """Live one year."""
        life = self._life
        look = guarded(life.step, self._stop)
        if look is not None and life is self._life:
            self.look.set(look)
            if look.is_over:
                self.is_playing.set(False)

    def play(self) -> None:
        """Live year after year, until the last one or until the visitor stops it."""
        while self.is_playing.value and not _CLOSING.is_set():
            began = time.monotonic()
            self.step()
            while (
                self.is_playing.value and time.monotonic() - began < self.pace.value and not _CLOSING.is_set()
            ):
                time.sleep(0.05)

    def _opened_as(self, name: str) -> Choice:
        """A scenario as it stands; the one the page was opened with, with its settings."""
        opened = _OPENED["choice"]
        if name == opened.scenario:
            return opened
        if name not in _TITLES:
            raise InputError(f"there is no scenario {shown(name)} here")
        return Choice(name, seed=opened.seed, parameters=opened.parameters, replicate=opened.replicate)

    def _begin(self, draft: Draft) -> None:
        self._life = Life(draft.choice())
        self.look.set(self._life.look)
        if draft.base.scenario != self.draft.value.base.scenario:
            first, view = _first_attention(self._life.look), self.attention.value.view
            self.attention.set(replace(first, view=view))
        self.draft.set(draft)

    def _guarded(self, act: Callable[[], None]) -> None:
        self.is_playing.set(False)
        self.fault.set("")
        guarded(act, self.fault.set)

    def _stop(self, fault: str) -> None:
        self.is_playing.set(False)
        self.fault.set(fault)


def _fitting(look: Look, attention: Attention) -> Attention:
    """What is looked at, as far as this world has it: another scenario may have other states."""
    if attention.iso3 in look.members.iso3:
        return attention
    return replace(attention, iso3=_first_attention(look).iso3)


def _first_attention(look: Look) -> Attention:
    """What is looked at before anything is chosen: the first theme, and the largest departure country."""
    rows = look.states[look.states["year"] == look.year].sort_values(
        "emigrants", ascending=False, kind="stable"
    )
    return Attention(iso3=str(rows["state"].iloc[0]), theme=first_theme(look))


@solara.component
def Page() -> solara.Element:
    """The whole page of one visitor; a fault in any part of it is said in words."""
    broken, _ = solara.use_exception()
    # Each is returned as it is: a part between it and this one would keep the fault and show it for ever.
    return _Visited() if broken is None else _Broken(broken)


@solara.component
def _Broken(fault: BaseException) -> None:
    _head()
    is_said = isinstance(fault, InputError | EnvironmentProblem)
    solara.use_effect(lambda: _LOG.error("the page could not be shown", exc_info=fault), [fault])
    with solara.Error(classes=["ms-fault"]):
        _lines(_worded(fault) if is_said else UNSHOWN)


def _head() -> None:
    solara.Style(STYLE)
    with solara.AppBarTitle():
        solara.Text("migsim explore: one world, year by year")


@solara.component
def _Visited() -> None:
    _head()
    visit = solara.use_memo(Visit, [])
    solara.lab.use_task(visit.play, dependencies=[visit.is_playing.value])
    solara.Title(f"{visit.look.value.definition.title} – migsim explore")
    with v.Html(tag="div", class_="ms-page"):
        _Run(visit)
        _Side(visit)
        _Main(visit)


def _lines(text: str) -> None:
    """A message as it stands, line by line."""
    v.Html(tag="div", style_="white-space: pre-wrap", children=[text])


@solara.component
def _Run(visit: Visit) -> None:
    """Reset, play and step: above everything, so that what they do is seen at once, in narrow windows too."""
    with v.Html(tag="div", class_="ms-run"):
        RunButtons(
            visit.look.value,
            visit.is_playing.value,
            visit.pace.value,
            visit.step,
            visit.is_playing.set,
            visit.reset,
            visit.pace.set,
        )


@solara.component
def _Side(visit: Visit) -> None:
    look, draft = visit.look.value, visit.draft.value
    with v.Html(tag="div", class_="ms-side"):
        ScenarioField(_TITLES, draft.base.scenario, draft.scenario.description, visit.choose)
        ParameterFields(draft, look, visit.draft.set)
        WorldFields(draft, visit.draft.set)


@solara.component
def _Main(visit: Visit) -> None:
    look = visit.look.value
    attention = _fitting(look, visit.attention.value)
    with solara.Column(gap="12px", classes=["ms-main"]):
        with v.Html(tag="div", class_="ms-head"):
            v.Html(tag="h1", children=[look.definition.title])
            v.Html(tag="p", children=[_heading(look)])
        if visit.fault.value:
            with solara.Error(dense=True, classes=["ms-fault"]):
                _lines(visit.fault.value)
        Tiles(tiles=gain_tiles(look))
        names = list(VIEWS)
        with v.Tabs(
            v_model=attention.view,
            on_v_model=lambda view: visit.attention.set(replace(attention, view=view)),
            show_arrows=True,
        ):
            for name in names:
                v.Tab(children=[name])
        VIEWS[names[attention.view]](look, attention, visit.attention.set)
        solara.Text(ONE_WORLD, classes=["ms-hint"])


def _heading(look: Look) -> str:
    told = f"End of {look.year}"
    if not look.definition.spec.processes:
        said = f"{told}. Nobody meets in this scenario, so there is nothing to gain from it."
    elif look.year < look.first:
        said = f"{told}: nobody has met yet. Press Play, or Step for one year, and see what meeting changes."
    else:
        said = f"{told}: what meeting has changed, against the same world in which nobody meets."
    return f"{said} The scenario ends in {look.last}." if look.is_over else said
