"""How long a year of the world takes when states are agents in plain Mesa style, and when they are arrays.

Run with ``make bench``; figures of speed are never tests. All 193 states, noise off, policies held, the
phases of the world and its accounts. The tests see to it that both give the same numbers. Each
figure is the median of several lives. Aims: one world of arrays 45 times as fast, a batch 150 times.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import migsim
from benchmarks.bench_world import median_seconds
from benchmarks.per_agent.world import PerAgentWorld
from migsim.start import begin
from migsim.world.accounts import blank_ledger
from migsim.world.noise import QUIET
from migsim.world.setting import Setting
from migsim.world.state import World
from migsim.year import live_world

SCENARIO = "gfmd-2007-2015"
N_YEARS = 5
BATCH = 16


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


def main() -> None:
    """Print the table."""
    quiet = migsim.load(SCENARIO).vary("without noise", QUIET)
    setting, start = begin(quiet, (0,), 2026, "central")
    many, many_start = begin(quiet, tuple(range(BATCH)), 2026, "central")
    building = median_seconds(lambda: PerAgentWorld(setting, start), n_runs=3)
    agents = (median_seconds(lambda: step_years(start, setting), n_runs=3) - building) / N_YEARS
    alone = median_seconds(lambda: live_years(start, setting), n_runs=15) / N_YEARS
    batch = median_seconds(lambda: live_years(many_start, many), n_runs=5) / N_YEARS / BATCH
    rows = [
        (f"agents: {len(setting.states)} states, {len(setting.corridors)} corridors", agents, ""),
        ("arrays, one world", alone, f"{agents / alone:.0f} x as fast (aim 45)"),
        (f"arrays, in a batch of {BATCH}", batch, f"{agents / batch:.0f} x as fast (aim 150)"),
    ]
    print("seconds a world-year")
    for name, seconds, note in rows:
        print(f"{name:55s} {seconds:8.5f} s  {note}")


if __name__ == "__main__":
    main()
