"""What a year starts from: the base year, the rules, the levers and the shocks, a number at a time."""

from __future__ import annotations

from dataclasses import fields
from types import SimpleNamespace
from typing import Any, Final

import numpy as np

from benchmarks.per_agent.state_agent import Corridor, StateAgent
from migsim.provenance.parameters import registry
from migsim.world.setting import Setting
from migsim.world.state import World
from migsim.world.vocabulary import COEFFICIENTS, COST_BASES, THEMES

__all__ = ["read_corridors", "read_levers", "read_rules", "read_states", "shocks_of"]

RIGHTS: Final = ("equal_treatment", "secure_status", "services_portability")


def read_rules(setting: Setting, start: World) -> SimpleNamespace:
    """Registry parameters of the world by group and name (of a choice, the option), and two of the base."""
    rules = SimpleNamespace(
        small_stock=float(setting.base.small_stock[0, 0]), home_shift=float(start.wellbeing.home_shift[0, 0])
    )
    for path, row in registry().items():
        top, *between, name = path.split(".")
        if top == "world" and len(between) == 1:
            value = float(setting.parameters[path][0, 0])
            group = rules.__dict__.setdefault(between[0], SimpleNamespace())
            setattr(group, name, row.options[int(value)] if row.options else value)
    return rules


def read_levers(setting: Setting) -> list[SimpleNamespace]:
    """The lever table, a row a paragraph."""
    table, sizes = setting.levers, setting.base.lever_sizes
    return [
        SimpleNamespace(
            theme=THEMES[table.theme[a]],
            is_right=THEMES[table.theme[a]] in RIGHTS,
            coefficient=COEFFICIENTS[table.coefficient[a]],
            size=float(sizes[0, a]),
            at_host=float(table.at_host[a]),
            at_origin=float(table.at_origin[a]),
            cost=float(table.cost[a]),
            cost_base=COST_BASES.index(table.cost_base[a]),
        )
        for a in range(len(table))
    ]


def read_states(states: list[StateAgent], setting: Setting, start: World) -> None:
    """Give every state its figures of the base year, and what it is at its end."""
    base, policies, lives = setting.base, start.policies, start.wellbeing
    for n, state in enumerate(states):
        state.base = SimpleNamespace(
            **figures_of(base, n, len(states)), **figures_of(base.opinions, n, len(states))
        )
        state.base.policy, state.base.effect = base.policy[0, n].tolist(), base.effect[0, n].tolist()
        state.base.attention = by_theme(base.opinions.attention[0, n])
        state.base.wellbeing = lives.first[0, :, n].tolist()
        for record in (setting.states, start.people, start.economies, start.opinions, start.transfers):
            state.__dict__.update(figures_of(record, n, len(states)))
        state.attention = by_theme(start.opinions.attention[0, n])
        state.noticed = start.opinions.noticed[0, n].tolist()
        state.wellbeing = lives.index[0, :, n].tolist()
        state.policy, state.ideal = policies.policy[0, n].tolist(), policies.ideal[0, n].tolist()
        state.practice = by_theme(policies.practice[0, n])


def read_corridors(states: list[StateAgent], setting: Setting, start: World) -> list[Corridor]:
    """The corridors, each made known to the states at its ends."""
    among, base, corridors = setting.corridors, setting.base, []
    for c in range(len(among)):
        corridor = Corridor(
            origin=states[among.origin[c]],
            host=states[among.destination[c]],
            distance=float(among.distance[c]),
            border=float(among.border[c]),
            crossing=float(among.crossing[c]),
            is_closed=bool(among.closed[c]),
            free_since=int(base.free_since[c]),
            base_flow=base.flow[0, :, c].tolist(),
            base_diaspora=float(base.diaspora[0, c]),
            stock=start.people.stock[0, :, c].tolist(),
        )
        corridor.origin.corridors.append(corridor)
        corridor.host.arriving.append(corridor)
        corridors.append(corridor)
    return corridors


def figures_of(record: Any, index: int, n_states: int) -> dict[str, float]:
    """The numbers of one state among a record's arrays ``(state,)`` or ``(1, state)``."""
    arrays = {field.name: getattr(record, field.name) for field in fields(record)}
    return {
        name: float(values.ravel()[index])
        for name, values in arrays.items()
        if isinstance(values, np.ndarray) and values.shape in ((n_states,), (1, n_states))
    }


def by_theme(values: Any) -> dict[str, float]:
    """Numbers by the name of their theme."""
    return dict(zip(THEMES, values.tolist(), strict=True))


def shocks_of(setting: Setting, year: int) -> list[SimpleNamespace]:
    """For each state what the scenario declares of a year, and the growth of its own path."""
    shocks, n_states = setting.shocks, len(setting.states)
    own_growth = setting.parameters["world.economy.own_growth"] * setting.base.growth(year)
    growth, push, idle = (
        np.broadcast_to(values, (1, n_states))[0].tolist()
        for values in (own_growth + shocks.growth(year), shocks.push(year), shocks.unemployment(year))
    )
    entry, attention, refugees = shocks.entry(year), shocks.attention(year), dict(shocks.displaced(year))
    return [
        SimpleNamespace(
            growth=growth[n],
            push=push[n],
            unemployment=idle[n],
            entry={q: float(v) for q, v in zip(COEFFICIENTS, entry[:, n], strict=True) if v},
            attention=by_theme(attention[n]),
            refugees_abroad=refugees.get(n),
        )
        for n in range(n_states)
    ]
