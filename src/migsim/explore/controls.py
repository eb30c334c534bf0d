"""The controls of the page: step, play and reset; the scenario; its parameters; which world of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import reacton.ipyvuetify as v
import solara

from migsim.errors import InputError
from migsim.explore.choices import Choice
from migsim.explore.drafts import SPREADS, Draft
from migsim.explore.levers import Lever, levers, processes
from migsim.explore.life import Look

__all__ = ["ParameterFields", "RunButtons", "ScenarioField", "WorldFields"]

PACES = (0.3, 5.0)
"""Seconds a year in play: the least and the most."""
PENDING = "Changed: press Reset to begin a world with it."


@solara.component
def RunButtons(
    look: Look,
    is_playing: bool,
    pace: float,
    on_step: Callable[[], None],
    on_play: Callable[[bool], None],
    on_reset: Callable[[], None],
    on_pace: Callable[[float], None],
) -> None:
    """Reset, play and step, and where in the years the world is."""
    n_years = max(1, look.last - look.first + 1)
    with solara.Card(margin=0), v.Html(tag="div", class_="ms-bar-of-run"):
        with v.Html(tag="div", class_="ms-years"):
            with v.Html(tag="div", class_="ms-year"):
                v.Html(tag="span", class_="ms-year-now", children=[f"End of {look.year}"])
                v.Html(tag="span", class_="ms-year-span", children=[f"{look.first}–{look.last}"])
            solara.ProgressLinear(value=100.0 * (look.year - look.first + 1) / n_years)
        with v.Html(tag="div", class_="ms-buttons"):
            solara.Button("Reset", on_click=on_reset, outlined=True, icon_name="mdi-restart")
            solara.Button(
                "Pause" if is_playing else "Play",
                on_click=lambda: on_play(not is_playing),
                disabled=look.is_over,
                color="primary",
                icon_name="mdi-pause" if is_playing else "mdi-play",
            )
            solara.Button(
                "Step",
                on_click=on_step,
                disabled=is_playing or look.is_over,
                color="primary",
                icon_name="mdi-skip-next",
            )
        with v.Html(tag="div", class_="ms-pace"), Labelled("Seconds a year in play", f"{pace:.1f}"):
            solara.SliderFloat("", value=pace, on_value=on_pace, min=PACES[0], max=PACES[1], step=0.1)


@solara.component
def ScenarioField(
    titles: Mapping[str, str], chosen: str, description: str, on_choose: Callable[[str], None]
) -> None:
    """Which scenario; another begins at once."""
    with solara.Card("Scenario", margin=0, classes=["ms-of-scenario"]):
        v.Autocomplete(
            label="Scenario",
            items=[{"text": title, "value": name} for name, title in titles.items()],
            v_model=chosen,
            on_v_model=lambda name: on_choose(name) if name and name != chosen else None,
            class_="ms-scenario",
            hide_details=True,
        )
        if description:
            solara.Text(" ".join(description.split()), classes=["ms-hint"])


@solara.component
def ParameterFields(draft: Draft, look: Look, on_draft: Callable[[Draft], None]) -> None:
    """The parameters of one process, and any other as text; they count from the next reset."""
    known = processes(draft.scenario)
    with solara.Card("Parameters", margin=0):
        if _is_pending(draft, look.choice):
            solara.Info(PENDING, dense=True, classes=["ms-pending"])
        if not known:
            solara.Text("Nobody meets in this scenario.", classes=["ms-hint"])
        if len(known) > 1:
            v.Select(
                label="Process",
                items=[{"text": title, "value": name} for name, title in known.items()],
                v_model=draft.process,
                on_v_model=lambda name: on_draft(replace(draft, process=name)),
                class_="ms-process",
            )
        if draft.process in known:
            for lever in levers(draft.scenario, draft.process):
                _LeverField(lever, draft, on_draft).key(lever.path)
        with v.Html(tag="div", class_="ms-extra"):
            solara.InputTextArea(
                "Any other: path = value, one a line",
                value=draft.extra,
                on_value=lambda text: on_draft(replace(draft, extra=text)),
                rows=2,
            )


@solara.component
def _LeverField(lever: Lever, draft: Draft, on_draft: Callable[[Draft], None]) -> None:
    """One parameter, as its kind asks for."""
    value: Any = draft.values.get(lever.path, lever.value)

    def move(new: Any) -> None:
        if new is not None:
            on_draft(draft.moved(lever.path, new))

    match lever.kind:
        case "choice":
            items = [{"text": option.replace("_", " "), "value": option} for option in lever.options]
            v.Select(label=lever.label, items=items, v_model=value, on_v_model=move, dense=True)
        case "flag":
            solara.Switch(label=lever.label, value=bool(value), on_value=move)
        case "integer":
            with Labelled(lever.label, str(int(value))):
                solara.SliderInt("", value=int(value), on_value=move, min=int(lever.low), max=int(lever.high))
        case "number":
            with Labelled(lever.label, f"{float(value):.3g}"):
                solara.SliderFloat(
                    "", value=float(value), on_value=move, min=lever.low, max=lever.high, step=lever.step
                )


@solara.component
def Labelled(label: str, value: str, children: Sequence[solara.Element] = ()) -> None:
    """A field under its label and value."""
    with v.Html(tag="div", class_="ms-slider", attributes={"role": "group", "aria-label": label}):
        with v.Html(tag="div", class_="ms-label"):
            v.Html(tag="span", children=[label])
            v.Html(tag="span", class_="ms-value", children=[value])
        v.Html(tag="div", children=list(children))


@solara.component
def WorldFields(draft: Draft, on_draft: Callable[[Draft], None]) -> None:
    """Which world: seed, number, and whether the other parameters keep their central values."""
    with solara.Card("Which world", margin=0):
        solara.InputText(
            "Seed",
            value=draft.seed,
            on_value=lambda text: on_draft(replace(draft, seed=text)),
            classes=["ms-seed"],
        )
        solara.InputText(
            "Number of the world",
            value=draft.replicate,
            on_value=lambda text: on_draft(replace(draft, replicate=text)),
        )
        v.Select(
            label="Other parameters",
            items=[{"text": words, "value": name} for name, words in SPREADS.items()],
            v_model=draft.parameters,
            on_v_model=lambda name: on_draft(replace(draft, parameters=name)),
        )


def _is_pending(draft: Draft, lived: Choice) -> bool:
    """Whether the fields say something else than the world that is looked at."""
    try:
        return draft.choice() != lived
    except InputError:
        return True
