"""A year of the world when states are agents in plain Mesa style, and when they are arrays.

Noise off, policies held, the phases of the world and its accounts: ``tests/test_per_agent.py`` sees to it
that both give the same numbers.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from benchmarks.clock import medians
from benchmarks.figures import Figure
from benchmarks.per_agent.world import PerAgentWorld
from benchmarks.scene import BATCH, SEED, Scene
from migsim.start import begin
from migsim.world.accounts import blank_ledger
from migsim.world.noise import QUIET
from migsim.world.setting import Setting
from migsim.world.state import World
from migsim.year import live_world

__all__ = ["measure"]

N_YEARS = 5


def live_years(world: World, setting: Setting) -> None:
    """Some years of a batch of worlds, as arrays."""
    for year in range(world.year + 1, world.year + 1 + N_YEARS):
        blank = blank_ledger(world.ledger.forum_costs.shape)
        world = live_world(replace(world, year=year, ledger=blank), setting)


def step_years(world: World, setting: Setting) -> None:
    """The same years of one world, as agents, which are built first."""
    agents = PerAgentWorld(setting, world)
    for _ in range(N_YEARS):
        agents.step()


def measure(scene: Scene) -> list[Figure]:
    """The figures of this part."""
    quiet = scene.definition.vary("without noise", QUIET)
    setting, start = begin(quiet, (0,), SEED, "central")
    many, many_start = begin(quiet, tuple(range(BATCH)), SEED, "central")
    taken = medians(
        {
            "building": partial(PerAgentWorld, setting, start),
            "agents": partial(step_years, start, setting),
            "alone": partial(live_years, start, setting),
            "batch": partial(live_years, many_start, many),
        },
        scene.size(7, 1),
    )
    agents = (taken["agents"] - taken["building"]) / N_YEARS
    alone, batch = taken["alone"] / N_YEARS, taken["batch"] / N_YEARS / BATCH
    how = (
        f"{N_YEARS} years of {len(setting.states)} states and {len(setting.corridors)} corridors, noise off, "
        "the phases of the world and its accounts; building the agents is not counted"
    )
    raw = {"agents": agents, "arrays_alone": alone, "arrays_in_batch": batch}
    thousand = agents * scene.n_world_years * 1000.0
    return [
        Figure(
            "model_vs_per_agent",
            "one world of arrays, against one of agents",
            agents / alone,
            "times as fast",
            how,
            at_least=45.0,
            raw=raw,
        ),
        Figure(
            "ensemble_vs_per_agent",
            f"a world in a batch of {BATCH}, against one of agents",
            agents / batch,
            "times as fast",
            how,
            at_least=150.0,
            raw=raw,
        ),
        Figure(
            "yardstick_thousand",
            "1,000 replicates as agents in one process (extrapolated)",
            thousand,
            "s",
            "a world-year of agents, times 1,000 replicates, their years and two worlds each; no sessions",
            raw={"agents": agents},
        ),
    ]
