"""The world phases in plain Mesa style: one agent a state, one number at a time.

This is the specification of a year of the world, written to be read and to be run beside the engine: with
noise off it gives the same numbers. It reads the base year, the levers, the parameters and the shocks that
`migsim.start.begin` derives, and nothing of how the engine computes a year. Policies are held, nobody meets.

In a step every state looks at what the others were before it, so a phase in which states look at what others
have just done is divided into several.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import mesa

from benchmarks.per_agent import livelihoods, movement
from benchmarks.per_agent.reading import read_corridors, read_levers, read_rules, read_states, shocks_of
from benchmarks.per_agent.state_agent import StateAgent
from migsim.world.setting import Setting
from migsim.world.state import World

__all__ = ["PerAgentWorld"]

NOISE: Final = ("world.flows.noise", "world.economy.growth_noise", "world.opinion.events")
STEPS: Final[tuple[Callable[[StateAgent], None], ...]] = (
    movement.put_in_force,
    movement.open_doors,
    movement.leave,
    movement.flee,
    movement.end_the_year,
    movement.settle,
    livelihoods.grow,
    livelihoods.send_money,
    livelihoods.form_opinion,
    livelihoods.feel,
    livelihoods.give_aid,
    livelihoods.close_books,
)


class PerAgentWorld(mesa.Model):  # type: ignore[misc]
    """States as agents, with their corridors, at the end of a year.

    Parameters
    ----------
    setting, start : Setting, World
        Of one replicate, at the end of the base year; without noise.
    rng : int, optional
        Mesa's own; nothing is drawn.
    """

    def __init__(self, setting: Setting, start: World, rng: int | None = None) -> None:
        super().__init__(rng=rng)
        if any(float(setting.parameters[path][0, 0]) for path in NOISE):
            raise ValueError(f"This world knows no noise: set {', '.join(NOISE)} to 0.")
        self.setting, self.year = setting, start.year
        self.rules = read_rules(setting, start)
        self.levers = read_levers(setting)
        self.states = [StateAgent(self, iso3) for iso3 in setting.states.iso3]
        read_states(self.states, setting, start)
        self.corridors = read_corridors(self.states, setting, start)

    def step(self) -> None:
        """Live one year."""
        self.year += 1
        for state, struck in zip(self.states, shocks_of(self.setting, self.year), strict=True):
            state.happens = struck
        self.richer_hosts = sum(state.base.usual_inflow * state.richer for state in self.states)
        free = [c for c in self.corridors if c.free_since <= self.year]
        usual = max(sum(sum(c.base_flow) for c in free), 1e-9)
        self.richer_free_hosts = sum(sum(c.base_flow) * c.host.richer for c in free) / usual
        for step in STEPS:
            self.agents.do(step)
