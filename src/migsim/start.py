"""From a scenario to a world ready to run: figures, parameters, base year, cast, and the state of 2005."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np

from migsim.actors.cast import assemble_cast, first_policy, stances_of
from migsim.actors.interests import form_interests
from migsim.actors.payoffs import N_RUNS, CoefficientGains, perturb
from migsim.actors.states import StateParameters, assemble
from migsim.errors import InputError
from migsim.facts import distances, figures_with, load
from migsim.forum.instruments import earlier_parties
from migsim.triple_win import anchor_home, spread
from migsim.world.accounts import account, blank_ledger
from migsim.world.base import calibrate, first_people
from migsim.world.corridors import Array, Corridors, Index
from migsim.world.earlier import look_back, recall
from migsim.world.figures import Figures, active_corridors, gather, growth_path
from migsim.world.noise import QUIET, Noise
from migsim.world.parameters import Parameters, Spread
from migsim.world.policy import levers
from migsim.world.setting import Setting, Units
from migsim.world.shocks import AT_WAR, ShockParameters, declare
from migsim.world.state import (
    Commitments,
    Economies,
    Gains,
    Policies,
    Proceedings,
    Transfers,
    Treaties,
    Wellbeing,
    World,
    unmoved,
)
from migsim.world.vocabulary import ASPECTS, BASE_YEAR, CLASSES, THEMES
from migsim.world.wellbeing import feel
from migsim.world.worlds import Worlds
from migsim.year import live_world

if TYPE_CHECKING:
    from migsim.scenario.definition import Scenario

__all__ = ["Payoffs", "begin", "find_payoffs", "keep_payoffs", "without_processes"]

type Payoffs = tuple[CoefficientGains, Units]
"""What states would gain by a unit of each coefficient of the world, and the units of comparison."""

NOBODY_MEETS: Final[Mapping[str, object]] = {"design": None, "processes": {}}
CALM: Final[Mapping[str, object]] = {
    **NOBODY_MEETS,
    "shocks": {},
    "years.first": BASE_YEAR + 1,
    "years.last": 2015,
    **QUIET,
}
"""The world in which states weigh their levers: nothing happens, nobody meets, and no luck is in it.

They weigh them from 2005 on, whenever a run starts.
"""

_known_payoffs: Final[dict[str, Payoffs]] = {}
"""By the hash of the calm scenario at which they were found."""


def begin(
    definition: Scenario, worlds: Worlds | tuple[int, ...], seed: int, parameters: Spread = "central"
) -> tuple[Setting, World]:
    """The setting of a batch of replicates and its world at the end of the year before the first.

    Parameters
    ----------
    definition : Scenario
    worlds : Worlds or tuple of int
        The worlds, or the numbers of plain ones; each is the same in any batch.
    seed : int
    parameters : {"central", "ranged"}
        Whether parameters keep their defaults or vary over their ranges.
    """
    _keep_memory()
    if isinstance(worlds, tuple):
        worlds = Worlds.plain(worlds)
    drawn = Noise(seed, worlds.draws, load().n_states)
    columns = Parameters(definition, drawn, parameters, worlds.values)
    noise = replace(drawn, replicates=worlds.lucks)
    setting, policy, practice = _lay_out(definition, worlds, noise, columns)
    per_unit, units = _payoffs(definition)
    cast = assemble_cast(setting, policy, practice, per_unit)
    setting = replace(setting, cast=cast, measured_in=units, outer=convened_by_uptake(definition))
    world = _back(_first_world(setting, policy, practice), setting, definition.spec.years.first - 1)
    world = form_interests(world, setting)
    return setting, replace(world, treaties=earlier_parties(world, setting))


@cache
def _keep_memory() -> None:
    """Let the C library keep the memory of freed arrays instead of giving it back to the system each time.

    The flows of a batch otherwise spend as long on fresh pages as on arithmetic. Where the C library is not
    glibc, nothing is done.
    """
    import ctypes

    trim, use_map, largest = -1, -3, 2**25
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):
        return
    mallopt(trim, 2**30)
    mallopt(use_map, largest)


def convened_by_uptake(definition: Scenario) -> tuple[str, ...]:
    """The processes that meet only if they take the subject up."""
    rule = "processes.{}.convening.rule"
    return tuple(
        name for name in definition.spec.processes if definition.value(rule.format(name)) == "uptake"
    )


def without_processes(setting: Setting) -> Setting:
    """The same setting in a world where nobody meets."""
    return replace(setting, definition=_silent(setting.definition))


@lru_cache(maxsize=32)
def _silent(definition: Scenario) -> Scenario:
    return definition.vary("no forum", NOBODY_MEETS)


@lru_cache(maxsize=32)
def _calm(definition: Scenario) -> Scenario:
    return replace(definition, behaviours=()).vary("payoffs", CALM)


def _lay_out(
    definition: Scenario, worlds: Worlds, noise: Noise, parameters: Parameters
) -> tuple[Setting, Array, Array]:
    """The setting without its cast, and the policy and practice of 2005."""
    spec, table, distance, order = definition.spec, levers(), _distances(), _order(definition)
    facts, completed = figures_with(definition.own_facts)
    states = assemble(facts, completed, distance, order, parameters.group(StateParameters, "actors.states"))
    p = parameters.group(ShockParameters, "world.shocks")
    shocks = declare(spec.shocks, states.iso3, order, facts, completed, spec.years.last, p)
    corridors, figures = _figures(
        definition,
        float(parameters["world.base.neighbour_distance"][0, 0]),
        float(parameters["world.base.later_growth_own_share"][0, 0]),
    )
    stance = stances_of(states, figures.population, figures.received_share, parameters)[0]
    policy, practice = first_policy(stance, figures.income, table, parameters)
    setting = Setting(
        definition=definition,
        worlds=worlds,
        states=states,
        corridors=corridors,
        parameters=parameters,
        noise=noise,
        shocks=shocks,
        levers=table,
        base=calibrate(figures, states, corridors, policy, practice, table, parameters),
        earlier=look_back(figures, states, corridors, parameters),
        distance=np.ascontiguousarray(distance[np.ix_(order, order)]),
    )
    return setting, policy, practice


@lru_cache(maxsize=8)
def _figures(definition: Scenario, within: float, own_growth: float) -> tuple[Corridors, Figures]:
    """Corridors, and the figures of the base year: no draw touches them, so that batches share them."""
    spec, distance, order = definition.spec, _distances(), _order(definition)
    facts, completed = figures_with(definition.own_facts)
    iso3, groups = ([names[n] for n in order] for names in (facts.iso3, facts.income_group))
    unused = ShockParameters(
        *np.zeros((2, 1, 1))
    )  # where people flee is declared, and none of its parameters
    shocks = declare(spec.shocks, tuple(iso3), order, facts, completed, spec.years.last, unused)
    at_war = {*shocks.refugees_abroad, *(iso3.index(state) for state in AT_WAR if state in iso3)}
    corridors, people, refugees = active_corridors(facts, distance, order, shocks, within)
    if not people[:, 1].any():
        msg = (
            "states: no migrants are recorded between these states in 2005; add some that people move between"
        )
        raise InputError(msg)
    for origin in shocks.refugees_abroad:
        if not np.any((corridors.origin == origin) & (corridors.closed == 0.0)):
            msg = (
                f"shocks: nobody who flees {iso3[origin]} can reach another of these states;"
                " add some to `states` that it has a passage to, or leave the displacement out"
            )
            raise InputError(msg)
    growth = growth_path(completed, order, tuple(groups), at_war, own_growth)
    return corridors, gather(facts, completed, order, people, refugees, growth)


@cache
def _distances() -> Array:
    return distances(load())


def _order(definition: Scenario) -> Index:
    """Positions of the scenario's states among all registered ones."""
    facts = load()
    chosen = definition.spec.states
    if chosen == "all":
        return np.arange(facts.n_states, dtype=np.intp)
    return np.array([facts.index(code) for code in chosen], dtype=np.intp)


def _first_world(setting: Setting, policy: Array, practice: Array) -> World:
    """The world at the end of 2005; flows are those of the base year."""
    base, corridors, parameters = setting.base, setting.corridors, setting.parameters
    lead = policy.shape[:2]
    n_replicates, n_processes = policy.shape[0], len(setting.definition.spec.processes)

    def full(values: Array) -> Array:
        return np.broadcast_to(values, lead).copy()

    none = np.zeros(lead)
    world = World(
        year=BASE_YEAR,
        people=first_people(base, corridors),
        economies=Economies(
            path=full(base.income),
            income=full(base.income),
            unemployment=full(base.unemployment),
            migrant_unemployment=full(base.migrant_unemployment),
            host_effect=none,
            origin_effect=none,
            skill_loss=base.skill_loss,
        ),
        transfers=Transfers(
            base.sent,
            full(base.received),
            corridors.by_destination(base.sent),
            full(parameters["world.remittances.cost"]),
        ),
        opinions=base.opinions,
        wellbeing=Wellbeing(
            aspects=np.zeros((n_replicates, len(CLASSES), len(ASPECTS), lead[1])),
            index=np.zeros((n_replicates, len(CLASSES), lead[1])),
            first=np.zeros((n_replicates, len(CLASSES), lead[1])),
            home=none,
            home_shift=none[:, :1],
        ),
        policies=Policies(
            policy=policy,
            ideal=policy,
            practice=practice,
            knowledge=np.broadcast_to(
                parameters["actors.interests.knowledge_at_base"][..., None], practice.shape
            ).copy(),
        ),
        conditions=unmoved((n_replicates, lead[1])),
        commitments=_nothing_agreed(policy, full(parameters["trust.start"])),
        proceedings=_nothing_done(n_replicates, n_processes, lead[1]),
        treaties=Treaties(joined=np.full((n_replicates, 0, lead[1]), np.inf)),
        ledger=blank_ledger(lead),
        gains=Gains(*(none for _ in range(9))),
        uptake=np.zeros((n_replicates, 1)),
    )
    world = feel(world, setting)
    world = replace(world, wellbeing=replace(world.wellbeing, first=world.wellbeing.index))
    return account(anchor_home(world, setting), setting)


def _back(world: World, setting: Setting, year: int) -> World:
    """The world at the end of an earlier year, as far as it is recalled; 2005 is left as it is."""
    if year == world.year:
        return world
    return account(feel(recall(replace(world, year=year), setting), setting), setting)


def _nothing_agreed(policy: Array, trust: Array) -> Commitments:
    """Commitments before anybody has met."""
    nothing, by_state = np.zeros(policy.shape), np.zeros(trust.shape)
    return Commitments(
        position=np.full(policy.shape, 0.5),
        ambiguity=nothing,
        strength=nothing,
        pledged=nothing,
        promised=by_state,
        delivered=by_state,
        kept=nothing,
        agreements=nothing,
        trust=trust,
    )


def _nothing_done(n_replicates: int, n_processes: int, n_states: int) -> Proceedings:
    """Proceedings before any process has met."""
    by_process = (n_replicates, n_processes)
    return Proceedings(
        first_met=np.full(by_process, np.inf),
        last_met=np.full(by_process, -np.inf),
        times_met=np.zeros(by_process),
        attended=np.zeros((*by_process, n_states)),
        treated=np.zeros((*by_process, len(THEMES))),
        discussed=np.full((*by_process, len(THEMES)), -np.inf),
    )


def find_payoffs(definition: Scenario) -> dict[str, Payoffs]:
    """The payoffs that a scenario begins with, for processes that are to run it too: see `keep_payoffs`."""
    return {_calm(definition).hash: _payoffs(definition)}


def keep_payoffs(found: Mapping[str, Payoffs]) -> None:
    """Take over payoffs that another process found, which saves finding them again."""
    _known_payoffs.update(found)


def _payoffs(definition: Scenario) -> Payoffs:
    """Found once and kept; scenarios that differ in processes and shocks alone share them."""
    calm = _calm(definition)
    if calm.hash not in _known_payoffs:
        _known_payoffs[calm.hash] = _central(calm)
    return _known_payoffs[calm.hash]


def _central(calm: Scenario) -> Payoffs:
    """Payoffs of the world's coefficients, and the unit of comparison, at central parameters.

    Nothing happens and nobody meets.
    """
    worlds = Worlds.plain((0,) * N_RUNS)
    noise = Noise(0, worlds.lucks, len(load().iso3))
    parameters = Parameters(calm, noise, "central")
    setting, policy, practice = _lay_out(calm, worlds, noise, parameters)
    world = _first_world(setting, policy, practice)
    per_unit = perturb(
        world,
        setting,
        live_world,
        concern=float(calm.value("actors.interests.concern")),
        n_years=int(calm.value("actors.interests.horizon")),
        step=0.1,
    )
    return per_unit, spread(world, setting)
