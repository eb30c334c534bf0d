"""From a scenario to a world ready to run: figures, parameters, base year, cast, and the state of 2005."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from migsim.actors.civil_society import civil_society
from migsim.actors.interests import InterestParameters, documents_say, form_interests
from migsim.actors.organisations import organisations
from migsim.actors.payoffs import N_RUNS, CoefficientGains, lever_gains, perturb
from migsim.actors.states import assemble
from migsim.facts import complete, distances, load
from migsim.triple_win import anchor_home
from migsim.world.accounts import account, blank_ledger
from migsim.world.base import BaseParameters, active_corridors, calibrate, growth_path
from migsim.world.corridors import Array, Index
from migsim.world.noise import Noise
from migsim.world.parameters import Parameters, Spread
from migsim.world.policy import PolicyParameters, levers
from migsim.world.setting import Cast, Setting, States
from migsim.world.shocks import ShockParameters, declare
from migsim.world.state import (
    Commitments,
    Conditions,
    Economies,
    Gains,
    People,
    Policies,
    Transfers,
    Wellbeing,
    World,
)
from migsim.world.vocabulary import ASPECTS, BASE_YEAR, CLASSES, COEFFICIENTS, COST_BASES, THEMES
from migsim.world.wellbeing import feel
from migsim.year import live_world

if TYPE_CHECKING:
    from migsim.scenario.definition import Scenario

__all__ = ["begin", "without_processes"]

REGIONS = 32
"""Rows of the block of regional draws: at least the number of sub-regions."""


def begin(
    definition: Scenario, replicates: tuple[int, ...], seed: int, spread: Spread = "central"
) -> tuple[Setting, World]:
    """The setting of a batch of replicates and its world at the end of the base year.

    Parameters
    ----------
    definition : Scenario
    replicates : tuple of int
        Numbers of the replicates; each replicate's world is the same in any batch.
    seed : int
    spread : {"central", "ranged"}
        Whether parameters keep their defaults or vary over their ranges.
    """
    noise = Noise(seed, replicates, len(load().iso3))
    parameters = Parameters(definition, noise, spread)
    setting, policy, practice = _lay_out(definition, noise, parameters)
    world = _first_world(setting, policy, practice)
    cast = _cast(setting, policy, _coefficient_gains(definition))
    setting = replace(setting, cast=cast)
    return setting, form_interests(world, setting)


def without_processes(setting: Setting) -> Setting:
    """The same setting in a world where nobody meets."""
    silent = setting.definition.vary("no forum", {"processes": {}})
    return replace(setting, definition=silent)


def _lay_out(definition: Scenario, noise: Noise, parameters: Parameters) -> tuple[Setting, Array, Array]:
    facts, spec = load(), definition.spec
    completed = complete(facts)
    order = _order(definition)
    actors = parameters.group(StateParameters, "actors.states")
    states = assemble(
        facts, completed, order, float(actors.most_transit[0, 0]), float(actors.size_counts[0, 0])
    )
    distance = distances(facts)
    shocks = declare(
        spec.shocks,
        states.iso3,
        order,
        facts,
        completed,
        spec.years.last,
        parameters.group(ShockParameters, "world.shocks"),
    )
    b = parameters.group(BaseParameters, "world.base")
    corridors, people, refugees = active_corridors(
        facts, distance, order, shocks, float(b.neighbour_distance[0, 0])
    )
    table = levers()
    policy, practice = _first_policy(states, completed.income_2005[order], parameters, len(noise.replicates))
    path = growth_path(
        completed,
        order,
        states.income_group,
        set(shocks.refugees_abroad),
        float(b.later_growth_own_share[0, 0]),
    )
    base = calibrate(
        facts,
        completed,
        order,
        states,
        corridors,
        people,
        refugees,
        policy,
        practice,
        table,
        parameters,
        path,
    )
    setting = Setting(
        definition=definition,
        states=states,
        corridors=corridors,
        parameters=parameters,
        noise=noise,
        shocks=shocks,
        levers=table,
        base=base,
        distance=np.ascontiguousarray(distance[np.ix_(order, order)]),
    )
    return setting, policy, practice


@dataclass(frozen=True)
class StateParameters:
    """Registry group ``actors.states``, each ``(..., 1)``."""

    most_transit: Array
    size_counts: Array


def _order(definition: Scenario) -> Index:
    facts = load()
    chosen = definition.spec.states
    if chosen == "all":
        return np.arange(facts.n_states, dtype=np.intp)
    return np.array([facts.index(code) for code in chosen], dtype=np.intp)


def _first_policy(
    states: States, income: Array, parameters: Parameters, n_replicates: int
) -> tuple[Array, Array]:
    """Policy ``(..., state, paragraph)`` and practice ``(..., state, theme)`` of 2005.

    Policy starts at a share of what the documents' stances ask for; practice grows with income (assumptions).
    """
    p = parameters.group(PolicyParameters, "world.policy")
    stance = documents_say(states, np.zeros(len(states)))[0]
    policy = p.start[..., None] * np.broadcast_to(stance, (n_replicates, *stance.shape))
    capacity = (income / (income + 15_000.0))[:, None]
    practice = p.practice_at_base[..., None] * np.broadcast_to(capacity, (n_replicates, *stance.shape))
    return np.ascontiguousarray(policy[..., levers().theme]), np.ascontiguousarray(practice)


def _first_world(setting: Setting, policy: Array, practice: Array) -> World:
    """The world at the end of 2005; flows are those of the base year."""
    base, corridors, parameters = setting.base, setting.corridors, setting.parameters
    lead = policy.shape[:2]
    n_replicates, n_paragraphs = policy.shape[0], policy.shape[2]

    def full(values: Array) -> Array:
        return np.broadcast_to(values, lead).copy()

    out = base.flow.sum(axis=-2)
    none = np.zeros(lead)
    world = World(
        year=BASE_YEAR,
        people=People(
            stock=base.stock,
            flow=base.flow,
            returns=np.zeros_like(base.flow),
            population=full(base.population),
            inflow=corridors.by_destination(out),
            outflow=corridors.by_origin(out),
        ),
        economies=Economies(
            path=full(base.income),
            income=full(base.income),
            unemployment=full(base.unemployment),
            migrant_unemployment=full(base.migrant_unemployment),
            host_effect=none,
            origin_effect=none,
            skill_loss=base.skill_loss,
        ),
        transfers=Transfers(base.sent, full(base.received), corridors.by_destination(base.sent), none),
        opinions=base.opinions,
        wellbeing=Wellbeing(
            np.zeros((n_replicates, len(CLASSES), len(ASPECTS), lead[1])), none, none, none[:, :1]
        ),
        policies=Policies(
            policy=policy,
            ideal=policy,
            practice=practice,
            knowledge=np.broadcast_to(
                parameters["actors.interests.knowledge_at_base"][..., None], practice.shape
            ).copy(),
        ),
        conditions=Conditions(
            np.zeros((n_replicates, len(COEFFICIENTS), lead[1])),
            np.zeros((n_replicates, len(COEFFICIENTS), lead[1])),
            np.zeros((n_replicates, len(COST_BASES), lead[1])),
        ),
        commitments=Commitments(
            position=np.full((n_replicates, n_paragraphs), 0.5),
            ambiguity=np.zeros((n_replicates, n_paragraphs)),
            strength=np.zeros((n_replicates, n_paragraphs)),
            pledged=np.zeros(policy.shape),
            promised=none,
            delivered=none,
            trust=full(parameters["trust.start"]),
            discussed=np.full((n_replicates, len(THEMES)), -np.inf),
        ),
        ledger=blank_ledger(lead),
        gains=Gains(*(none for _ in range(9))),
        uptake=np.zeros((n_replicates, 1)),
    )
    return account(anchor_home(feel(world, setting), setting), setting)


@cache
def _coefficient_gains(definition: Scenario) -> CoefficientGains:
    """Payoffs of the world's coefficients, once per scenario: central parameters, no shocks, nobody meets."""
    calm = definition.vary("payoffs", {"processes": {}, "shocks": {}})
    noise = Noise(0, (0,) * N_RUNS, len(load().iso3))
    parameters = Parameters(calm, noise, "central")
    setting, policy, practice = _lay_out(calm, noise, parameters)
    world = _first_world(setting, policy, practice)
    return perturb(
        world,
        setting,
        live_world,
        concern=float(calm.value("actors.interests.concern")),
        n_years=int(calm.value("actors.interests.horizon")),
        step=0.1,
    )


def _cast(setting: Setting, policy: Array, per_unit: CoefficientGains) -> Cast:
    """Interests of the states, organisations and civil society of a run."""
    states, table, parameters = setting.states, setting.levers, setting.parameters
    stance, care, ignorance = documents_say(states, setting.base.received_share)
    p = parameters.group(InterestParameters, "actors.interests")
    own, joint = lever_gains(per_unit, table, setting.base.lever_sizes)
    central = np.array([[float(setting.definition.value(f"levers.{name}")) for name in table.paragraphs]])
    usual = lever_gains(per_unit, table, central)[1]
    national = setting.noise.state_normals("misjudgement", states.registered, len(THEMES))
    regional = setting.noise.normals("regional misjudgement", (REGIONS, len(THEMES)))[
        :, states.subregion_index
    ]
    share = p.misjudgement_regional[..., None]
    voice = parameters["actors.civil_society.migrants_voice"]
    ignorant = float(parameters["actors.ignorance_salience"][0, 0])
    mandate, general = parameters["actors.organisations.mandate"], parameters["actors.organisations.general"]
    return Cast(
        stance=stance,
        salience=care,
        ignorance=ignorance,
        misjudgement=np.sqrt(share) * regional + np.sqrt(1.0 - share) * national,
        own_gain=own,
        joint_gain=joint,
        gain_scale=float(np.sqrt((usual**2).mean())),
        first_policy=policy,
        organisations=organisations(float(mandate[0, 0]), float(general[0, 0]), ignorant),
        civil_society=civil_society(float(voice[0, 0]), ignorant),
    )
