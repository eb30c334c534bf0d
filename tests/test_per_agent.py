"""The engine against the executable specification: states as agents, one number at a time."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from benchmarks.per_agent.world import PerAgentWorld
from migsim.start import begin
from migsim.world.accounts import blank_ledger
from migsim.world.corridors import Array
from migsim.world.noise import QUIET
from migsim.world.parameters import Spread
from migsim.world.state import World
from migsim.world.vocabulary import COEFFICIENTS, THEMES
from migsim.year import live_world
from tests.lives import SEED, varied

CLOSE = 1e-9
ROUNDING = 1e-14
"""What is left of a small number when two large ones are taken from each other, relative to the largest."""
TROUBLED: dict[str, object] = {
    # Two join the area of free movement later; one flight is before a closed border, one over a narrow sea.
    "states": [*varied({}).spec.states, "ARM", "BGR", "ESP", "ROU"],
    "shocks.flight.refugees_abroad": {"2006": 900000, "2007": 1500000, "2008": 700000},
    "shocks.exodus": {
        "kind": "displacement",
        "origin": "ARM",
        "refugees_abroad": {"2007": 300000, "2008": 90000},
    },
    "shocks.crossing": {"kind": "displacement", "origin": "MAR", "refugees_abroad": {"2007": 50000}},
    "shocks.drought": {"kind": "push", "states": ["ETH"], "change": {"2007": 80}},
    "shocks.ban": {
        "kind": "entry",
        "states": ["DEU"],
        "classes": ["skilled", "regular", "irregular", "displaced"],
        "change": {"2007": -60},
    },
    "shocks.boom": {"kind": "growth", "states": ["IND"], "change": {"2006": 5}},
}
OF_PEOPLE = ("population", "immigrants", "emigrants", "inflow", "outflow")
OF_ECONOMIES = (
    "path",
    "income",
    "unemployment",
    "migrant_unemployment",
    "host_effect",
    "origin_effect",
    "skill_loss",
)
OF_OPINIONS = ("pro", "ambivalent", "anti", "control")
SIDES = ("at_host", "at_origin")
EXTREME: dict[str, object] = {
    "world.flows.return_regular": 0.6,
    "world.flows.temporary_trend": 0.5,
    "world.flows.deflection": 1.0,
    "world.flows.diversion": 1.0,
    "world.status.overstay": 0.6,
    "world.economy.migrant_job_gap": 20,
    "world.opinion.coherence_lost": 10,
    "world.opinion.habituation": 1,
    "world.wellbeing.poorest_income": 5000,
    "world.wellbeing.richest_income": 20000,
    "world.wellbeing.recruitment_months": 60,
    "world.wellbeing.temporary_share": 0.9,
    "levers.labour_admission": 4,
    "levers.language_courses": -1,
    "levers.portable_benefits": -1,
    "levers.regularisation": -1,
}
"""Far outside any range, to where the guards are."""
CASES: dict[str, tuple[dict[str, object], int, Spread]] = {
    "small": ({}, 0, "central"),
    "troubled": (TROUBLED, 0, "central"),
    "contrary": ({"world.flows.hump": "denial", "world.opinion.reading": "strong"}, 0, "central"),
    "extreme": (EXTREME, 0, "central"),
    "drawn": (TROUBLED, 1, "ranged"),
    "drawn again": ({"world.flows.hump": "none"}, 2, "ranged"),
}


def unsettled(world: World) -> World:
    """Policy, ideal and practice anywhere, so that every lever acts; people and incomes far from the base."""
    draws = np.random.Generator(np.random.PCG64(np.random.SeedSequence(SEED)))

    def scaled(values: Array, low: float, high: float) -> Array:
        return values * draws.uniform(low, high, values.shape)

    policies, economies, lives = world.policies, world.economies, world.wellbeing
    anywhere = {name: draws.uniform(size=policies.policy.shape) for name in ("policy", "ideal")}
    return replace(
        world,
        people=replace(world.people, population=scaled(world.people.population, 0.3, 1.2)),
        economies=replace(economies, income=scaled(economies.income, 0.4, 2.0)),
        wellbeing=replace(lives, index=scaled(lives.index, 0.9, 1.1)),
        policies=replace(policies, **anywhere, practice=draws.uniform(size=policies.practice.shape)),
    )


@cache
def lives(case: str) -> dict[int, tuple[dict[str, Array], dict[str, Array]]]:
    """What the engine and the agents make of each year."""
    changes, replicate, spread = CASES[case]
    definition = varied({**QUIET, "processes": {}, **changes})
    setting, world = begin(definition, (replicate,), SEED, spread)
    world = unsettled(world)
    agents, years = PerAgentWorld(setting, world), {}
    for year in range(world.year + 1, definition.spec.years.last + 1):
        world = live_world(replace(world, year=year, ledger=blank_ledger((1, len(setting.states)))), setting)
        agents.step()
        years[year] = by_engine(world), by_agents(agents)
    return years


def by_engine(world: World) -> dict[str, Array]:
    """Figures of a year: of corridors ``([class,] corridor)``, of states ``(..., state)``."""
    people, economies, opinions, moved = world.people, world.economies, world.opinions, world.conditions
    figures = {
        **{name: getattr(people, name) for name in ("stock", "flow", "returns", "hosted", *OF_PEOPLE)},
        **{name: getattr(economies, name) for name in OF_ECONOMIES},
        **{name: getattr(opinions, name) for name in OF_OPINIONS},
        "at_host": moved.host,
        "at_origin": moved.origin,
        "costs": moved.costs,
        "sent": world.transfers.sent,
        "received": world.transfers.received,
        "transfer_cost": world.transfers.cost,
        "noticed": np.moveaxis(opinions.noticed, -1, -2),
        "attention": np.moveaxis(opinions.attention, -1, -2),
        "wellbeing": world.wellbeing.index,
        "home": world.wellbeing.home,
        "gain_host": world.gains.hosts,
        "gain_departure": world.gains.departures,
    }
    return {name: values[0] for name, values in figures.items()}


def by_agents(agents: PerAgentWorld) -> dict[str, Array]:
    """The same from the agents."""
    states, corridors = agents.states, agents.corridors
    own = (*OF_PEOPLE, *OF_ECONOMIES, *OF_OPINIONS, "received", "transfer_cost", "home")
    figures = {
        **{name: [getattr(c, name) for c in corridors] for name in ("stock", "flow", "returns", "sent")},
        **{name: [getattr(s, name) for s in states] for name in (*own, "gain_host", "gain_departure")},
        **{name: [getattr(s, name) for s in states] for name in ("hosted", "costs", "wellbeing", "noticed")},
        **{side: [[getattr(s, side)[q] for q in COEFFICIENTS] for s in states] for side in SIDES},
        "attention": [[s.attention[theme] for theme in THEMES] for s in states],
    }
    return {name: np.array(values).T for name, values in figures.items()}


@pytest.mark.parametrize("case", CASES)
def test_the_engine_lives_the_years_that_agents_live(case):
    for year, (engine, agents) in lives(case).items():
        assert engine.keys() == agents.keys()
        for name, values in engine.items():
            least = ROUNDING * np.abs(values).max()
            np.testing.assert_allclose(
                agents[name], values, rtol=CLOSE, atol=least, err_msg=f"{case}, {year}: {name}"
            )


def test_every_lever_acts_and_every_shock_strikes():
    """What is compared is not the base year again."""
    engine = lives("small")[2008][0]
    moved = np.abs(engine["at_host"]) + np.abs(engine["at_origin"])
    idle = [q for q, moves in zip(COEFFICIENTS, moved, strict=True) if not moves.any()]
    assert not idle
    first, slump = (lives("small")[year][0]["unemployment"] for year in (2007, 2008))
    assert (slump > first).any()


def test_a_world_with_noise_is_refused():
    setting, world = begin(varied({"processes": {}}), (0,), SEED, "central")
    with pytest.raises(ValueError, match="knows no noise"):
        PerAgentWorld(setting, world)
