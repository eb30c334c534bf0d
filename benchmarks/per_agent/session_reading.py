"""What a session starts from: its rules, those who take part, and what was before, a number at a time."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, Final

from benchmarks.per_agent.delegation import Delegation, Standing
from benchmarks.per_agent.reading import by_theme, figures_of
from migsim.actors.civil_society import MIGRANTS
from migsim.provenance.parameters import registry
from migsim.world.setting import Observers, Setting
from migsim.world.state import World
from migsim.world.vocabulary import THEMES

__all__ = [
    "not_known",
    "past_of",
    "read_civil_society",
    "read_delegations",
    "read_organisations",
    "read_rules",
]

UNMOVED: Final = (
    "follow_up.evenly",
    "processes.*.protocol.name",
    "processes.*.protocol.readings",
    "processes.*.convening.rule",
    "processes.*.consultations.persuasion",
    "processes.*.preparation.regional",
    "processes.*.vote.is_taken",
    "processes.*.between.secretariat",
    "processes.*.switches.permuted_texts",
    "processes.*.switches.aid_instead",
)
"""Where agents know the default alone: nulls, and what the forum does not have."""


def read_rules(setting: Setting, process: str) -> tuple[SimpleNamespace, SimpleNamespace]:
    """Registry parameters as a tree: everybody's, and those of the process; of a choice, the option."""
    rules, here = SimpleNamespace(), SimpleNamespace()
    for path in registry():
        is_of_process = path.startswith("processes.*.")
        *groups, name = path.removeprefix("processes.*.").split(".")
        place = here if is_of_process else rules
        for group in groups:
            place = place.__dict__.setdefault(group, SimpleNamespace())
        setattr(place, name, value_of(setting, path, process))
    return rules, here


def value_of(setting: Setting, path: str, process: str) -> float | str:
    """A registry parameter of the one replicate."""
    number, options = float(setting.parameters[path.replace("*", process)][0, 0]), registry()[path].options
    return options[int(number)] if options else number


def not_known(setting: Setting) -> list[str]:
    """What a scenario asks of a session that agents cannot do."""
    spec, refused = setting.definition.spec, []
    if len(spec.processes) != 1:
        return [f"{len(spec.processes)} processes"]
    name, process = next(iter(spec.processes.items()))
    for path in UNMOVED:
        found, known = value_of(setting, path, name), registry()[path].default
        if found != known:
            refused.append(f"{path} at {found}")
    if value_of(setting, "processes.*.agenda", name) == "random":
        refused.append("an agenda by lot")
    own_rules = {
        "participants": process.participants.who != "all",
        "a scope": process.scope,
        "a deadline": process.deadline is not None,
        "agreements of two": process.agreements,
        "an instrument": process.instrument.opened is not None,
        "behaviours": setting.definition.behaviours,
    }
    refused += [rule for rule, is_set in own_rules.items() if is_set]
    return refused


def read_delegations(states: list[Delegation], setting: Setting, world: World, process: str) -> None:
    """Give every state its part in the cast, what it stands by, and its luck."""
    cast, policies, past = setting.actors, world.policies, world.commitments
    draws = setting.noise.state_uniforms(
        "attendance", setting.states.registered, process=process, year=world.year
    )
    attended, members = world.proceedings.attended[0, 0], setting.members(world.year)
    for n, state in enumerate(states):
        state.stance, state.concern = by_theme(cast.stance[0, n]), by_theme(cast.salience[0, n])
        state.silence, state.luck = by_theme(cast.ignorance[n]), by_theme(cast.misjudgement[0, n])
        state.own_gain, state.joint_gain = cast.own_gain[0, n].tolist(), cast.joint_gain[0, n].tolist()
        state.first_policy = cast.first_policy[0, n].tolist()
        state.is_open = float(cast.hears_civil_society[0, n])
        state.knowledge = by_theme(policies.knowledge[0, n])
        state.standing = [
            Standing(
                position=float(past.position[0, n, a]),
                ambiguity=float(past.ambiguity[0, n, a]),
                strength=float(past.strength[0, n, a]),
                is_pledged=bool(past.pledged[0, n, a]),
            )
            for a in range(len(setting.levers))
        ]
        for record in (past, world.ledger):
            state.__dict__.update(figures_of(record, n, len(states)))
        state.came_before, state.may_come = bool(attended[n]), bool(members[n])
        state.draw, state.is_here = float(draws[0, n]), False


def read_organisations(setting: Setting, process: str) -> list[SimpleNamespace]:
    """The organisations, and whether they take part."""
    named = setting.definition.spec.processes[process].organisations_present
    bodies = read_observers(setting.actors.organisations)
    for body in bodies:
        body.is_present = not named or body.name in named
    return bodies


def read_civil_society(setting: Setting, growth: float) -> list[SimpleNamespace]:
    """Components of civil society, and migrants, whose weight has grown by so much of itself."""
    room = read_observers(setting.actors.civil_society)
    for component in room:
        if component.name in MIGRANTS:
            component.weight = min(component.weight * (1.0 + growth), 1.0)
    return room


def read_observers(room: Observers) -> list[SimpleNamespace]:
    """Those who are not states, one by one."""
    return [
        SimpleNamespace(
            name=name,
            weight=float(room.weight[n]),
            speaks={int(a) for a in room.speaks[n].nonzero()[0]},
            holds={theme: bool(holds) for theme, holds in by_theme(room.holds[n]).items()},
            **{
                kind: by_theme(getattr(room, kind)[n])
                for kind in ("position", "salience", "knowledge", "practice")
            },
        )
        for n, name in enumerate(room.names)
    ]


def past_of(world: World) -> dict[str, Any]:
    """What the process has done so far: how often and when it last met, on what, and when on each theme."""
    done = world.proceedings
    return {
        "n_before": int(done.times_met[0, 0]),
        "last_met": float(done.last_met[0, 0]),
        "last_themes": [theme for theme, on in zip(THEMES, done.treated[0, 0], strict=True) if on],
        "discussed": by_theme(done.discussed[0, 0]),
    }
