"""The columns of the tables: what is written down of a year, by replicate, state, paragraph and corridor.

Each function returns columns of equal length. Units: persons, million USD of 2005 a year, shares in [0, 1];
gains in the units of `migsim.triple_win`. How a column is averaged over states is said here and nowhere else.
Rows stand replicate by replicate, and those of a replicate in the order of the table's keys, but for
`state_columns`, which has the states in their own order.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from migsim.forum.instruments import instruments_of
from migsim.triple_win import GROUPS, TripleWin
from migsim.world.earlier import unattributed
from migsim.world.policy import theme_means
from migsim.world.setting import Setting
from migsim.world.state import Minutes, World
from migsim.world.vocabulary import ASPECTS, CLASSES, THEMES, VOTES

if TYPE_CHECKING:
    from migsim.world.corridors import Array, Index
    from migsim.world.setting import States

__all__ = [
    "attendance_columns",
    "corridor_columns",
    "ratification_columns",
    "rows_by_state",
    "state_columns",
    "text_columns",
    "vote_columns",
    "world_columns",
]

type Columns = dict[str, NDArray[Any]]

IRREGULAR, DISPLACED = CLASSES.index("irregular"), CLASSES.index("displaced")
COMPONENTS = ("output", "fiscal", "order", "integration", "money", "skills", "development")
HOST_COMPONENTS = COMPONENTS[:4]


def _mean(values: Array) -> Array:
    """Mean over states, ``(..., state)`` to ``(...,)``; all states count alike."""
    mean: Array = np.ascontiguousarray(values).mean(axis=-1)
    return mean


def _sum(values: Array) -> Array:
    total: Array = np.ascontiguousarray(values).sum(axis=-1)
    return total


def world_columns(world: World, paired: World, win: TripleWin, setting: Setting) -> Columns:
    """One row a replicate: totals, means over states, what the sessions did, and the triple win."""
    columns: Columns = {
        "replicate": np.array(setting.worlds.numbers),
        "year": np.full(setting.n_replicates, world.year),
        **_totals(world),
        "population": _sum(world.people.population),
        "grants": _sum(world.ledger.grants_given),
        "forum_costs": _sum(world.ledger.forum_costs),
        "policy_costs": _sum(world.ledger.policy_costs),
        "opinion_ambivalent": _mean(world.opinions.ambivalent),
        "attention": _mean(world.opinions.attention.mean(axis=-1)),
        "practice": _mean(world.policies.practice.mean(axis=-1)),
        "knowledge": _mean(world.policies.knowledge.mean(axis=-1)),
        "uptake": world.uptake[:, 0].copy(),
        **_sessions(world.minutes, setting),
        **_lives(world),
    }
    columns |= {f"baseline_{name}": column for name, column in (_totals(paired) | _lives(paired)).items()}
    for group in GROUPS:
        unit = np.repeat(getattr(setting.units, group), setting.n_replicates)
        columns[f"level_{group}"] = win.level[group]
        columns[f"baseline_level_{group}"] = win.baseline[group]
        columns[f"gain_{group}"] = win.gain[group]
        columns[f"sd_{group}"] = unit
        columns[f"level_sd_{group}"] = win.level[group] / unit
        columns[f"baseline_sd_{group}"] = win.baseline[group] / unit
        columns[f"gain_sd_{group}"] = win.in_spreads[group]
    columns["weakest"] = win.weakest
    columns["gain_migrants_intensive"] = win.intensive
    columns["gain_migrants_extensive"] = win.extensive
    for group, gain in win.gain_by_population.items():
        columns[f"gain_{group}_population"] = gain
    for name in COMPONENTS:
        weights = setting.states.host if name in HOST_COMPONENTS else setting.states.departure
        change = getattr(world.gains, name) - getattr(paired.gains, name)
        columns[f"gain_{name}"] = _sum(change * weights) / weights.sum()
    return columns


def _totals(world: World) -> Columns:
    stock = world.people.hosted.sum(axis=-1)
    return {
        "migrants": stock.sum(axis=-1),
        "irregular": stock[:, IRREGULAR].copy(),
        "displaced": stock[:, DISPLACED].copy(),
        "remittances": _sum(world.transfers.received),
        "trust": _mean(world.commitments.trust),
        "policy": _mean(np.ascontiguousarray(world.policies.policy).mean(axis=-1)),
        "opinion_pro": _mean(world.opinions.pro),
        "opinion_anti": _mean(world.opinions.anti),
    }


def _lives(world: World) -> Columns:
    """Mean well-being of the migrants of each class, and of each of its aspects, points of 0-100.

    Who lives where counts as well as how well one lives there; ``nan`` for a class without people.
    """
    hosted, lives = np.ascontiguousarray(world.people.hosted), world.wellbeing
    people = hosted.sum(axis=-1)
    index = _mean_life((hosted * lives.index).sum(axis=-1), people)
    aspects = _mean_life((hosted[..., None, :] * lives.aspects).sum(axis=-1), people[..., None])
    columns: Columns = {}
    for k, name in enumerate(CLASSES):
        columns[f"wellbeing_{name}"] = index[:, k].copy()
        for a, aspect in enumerate(ASPECTS):
            columns[f"wellbeing_{name}_{aspect}"] = 100.0 * aspects[:, k, a]
    return columns


def _sessions(held: tuple[Minutes, ...], setting: Setting) -> Columns:
    """Sums over the sessions of the year.

    Strength is the mean of adopted paragraphs, ambiguity of those on the agenda.
    """
    none = np.zeros(setting.n_replicates)
    names = ("n_attending", "n_on_agenda", "n_adopted", "n_objections", "matches", "market_grants")
    columns: Columns = {name: none.copy() for name in (*names, "market_demands", "market_offers")}
    matched = np.zeros((setting.n_replicates, len(THEMES)))
    strength, ambiguity = none.copy(), none.copy()
    paragraphs = none.copy()
    for session in held:
        on = session.on_paragraphs
        columns["n_attending"] += _sum(session.attended)
        columns["n_on_agenda"] += _sum(session.on_agenda)
        columns["n_adopted"] += _sum(session.adopted)
        columns["n_objections"] += _sum(session.objections)
        columns["matches"] += session.matches[:, 0]
        columns["market_grants"] += session.grants[:, 0]
        columns["market_demands"] += session.demands[:, 0]
        columns["market_offers"] += session.offers[:, 0]
        matched += session.matched
        strength += _sum(session.strength * session.adopted)
        ambiguity += _sum(session.ambiguity * on)
        paragraphs += _sum(on)
    columns["strength"] = strength / np.maximum(columns["n_adopted"], 1.0)
    columns["ambiguity"] = ambiguity / np.maximum(paragraphs, 1.0)
    return columns | {f"matches_{theme}": matched[:, n].copy() for n, theme in enumerate(THEMES)}


def state_columns(world: World, paired: World, setting: Setting) -> Columns:
    """One row a replicate and state."""
    states, people = setting.states, world.people
    _, unknown_destination = unattributed(setting, world.year)
    policy = theme_means(world.policies.policy, setting.levers)
    ideal = theme_means(world.policies.ideal, setting.levers)
    hosts, departures = (
        world.gains.hosts - paired.gains.hosts,
        world.gains.departures - paired.gains.departures,
    )
    roles = {
        f"role_{role}": np.broadcast_to(getattr(states, role), people.population.shape)
        for role in ("host", "departure", "transit")
    }
    by_state: dict[str, Array] = {
        **roles,
        "population": people.population,
        "income": world.economies.income,
        "unemployment": world.economies.unemployment,
        "immigrants": people.immigrants,
        "emigrants": people.emigrants + unknown_destination,
        "inflow": people.inflow,
        "outflow": people.outflow,
        "remittances_received": world.transfers.received,
        "remittances_paid": world.transfers.paid,
        "opinion_pro": world.opinions.pro,
        "opinion_ambivalent": world.opinions.ambivalent,
        "opinion_anti": world.opinions.anti,
        "attention": world.opinions.attention.mean(axis=-1),
        "trust": world.commitments.trust,
        **{f"policy_{theme}": policy[..., n] for n, theme in enumerate(THEMES)},
        **{f"position_{theme}": ideal[..., n] for n, theme in enumerate(THEMES)},
        "practice": world.policies.practice.mean(axis=-1),
        "knowledge": world.policies.knowledge.mean(axis=-1),
        "wellbeing": _lives_of_hosted(world),
        "protection_of_nationals": _lives_of_nationals(world, setting),
        "gain_host": hosts,
        "gain_departure": departures,
        "gain": states.host * hosts + states.departure * departures,
        **{f"gain_{name}": getattr(world.gains, name) - getattr(paired.gains, name) for name in COMPONENTS},
    }
    n_replicates, n_states = setting.n_replicates, len(states)
    return {
        "replicate": np.repeat(np.array(setting.worlds.numbers), n_states),
        "year": np.full(n_replicates * n_states, world.year),
        "state": np.tile(_labels(states.iso3), n_replicates),
        **{name: np.ascontiguousarray(values).ravel() for name, values in by_state.items()},
    }


def rows_by_state(columns: Columns, states: States) -> Columns:
    """Rows of each replicate by the code of their state, where a scenario has the states in another order."""
    return _in_order(columns, _by_name(states.iso3))


def _lives_of_hosted(world: World) -> Array:
    """Mean well-being of the migrants a state hosts, points; ``nan`` where there are none."""
    people = world.people.hosted
    return _mean_life((people * world.wellbeing.index).sum(axis=-2), people.sum(axis=-2))


def _lives_of_nationals(world: World, setting: Setting) -> Array:
    """Mean well-being of a state's nationals abroad, points; ``nan`` where there are none."""
    corridors, people = setting.corridors, world.people
    lived = (people.stock * corridors.at_destination(world.wellbeing.index)).sum(axis=-2)
    return _mean_life(corridors.by_origin(lived), people.emigrants)


def _mean_life(lived: Array, people: Array) -> Array:
    return np.where(people > 0.0, lived / np.where(people > 0.0, people, 1.0), np.nan)


def text_columns(world: World, setting: Setting) -> list[Columns]:
    """One row a replicate and paragraph, for each session held in the year."""
    table, n = setting.levers, setting.n_replicates
    themes = tuple(THEMES[index] for index in table.theme)
    order = _by_name(themes, table.paragraphs)
    parts: list[Columns] = []
    for session in _by_process(world.minutes):
        on = session.on_paragraphs
        columns: Columns = {
            "replicate": np.repeat(np.array(setting.worlds.numbers), len(table)),
            "year": np.full(n * len(table), world.year),
            "process": np.full(n * len(table), session.process, dtype=object),
            "theme": np.tile(_labels(themes), n),
            "paragraph": np.tile(_labels(table.paragraphs), n),
            "on_agenda": on.ravel() > 0.0,
            **{
                name: np.where(on > 0.0, getattr(session, name), np.nan).ravel()
                for name in ("draft", "position", "ambiguity")
            },
            "adopted": session.adopted.ravel() > 0.0,
            "strength": session.strength.ravel(),
            "objections": session.objections.ravel().astype(np.int64),
            "pledged": session.pledged.ravel().astype(np.int64),
            "compromise": np.where(on > 0.0, session.compromise, np.nan).ravel(),
        }
        parts.append(_of_rooms(_in_order(columns, order), session))
    return parts


def attendance_columns(world: World, setting: Setting) -> list[Columns]:
    """One row a replicate and state, for each session held in the year."""
    states, n = setting.states, setting.n_replicates
    parts: list[Columns] = []
    for session in _by_process(world.minutes):
        columns: Columns = {
            "replicate": np.repeat(np.array(setting.worlds.numbers), len(states)),
            "year": np.full(n * len(states), world.year),
            "process": np.full(n * len(states), session.process, dtype=object),
            "state": np.tile(_labels(states.iso3), n),
            "attended": session.attended.ravel() > 0.0,
            "objections": session.against.ravel().astype(np.int64),
        }
        parts.append(_of_rooms(rows_by_state(columns, states), session))
    return parts


def vote_columns(world: World, setting: Setting) -> list[Columns]:
    """One row a replicate and state, for each session of the year at which a vote was taken.

    Only for the replicates in which it was, and for the states that might have voted.
    """
    replicates, by_state = np.array(setting.worlds.numbers), _by_name(setting.states.iso3)
    parts: list[Columns] = []
    for session in _by_process(world.minutes):
        votes = session.votes[:, by_state]
        row, state = np.nonzero(votes >= 0.0)
        if row.size:
            parts.append(
                {
                    "replicate": replicates[row],
                    "year": np.full(row.size, world.year),
                    "instrument": np.full(row.size, session.process, dtype=object),
                    "state": _labels(setting.states.iso3)[by_state][state],
                    "vote": _labels(VOTES)[votes[row, state].astype(np.intp)],
                }
            )
    return parts


def ratification_columns(world: World, setting: Setting) -> Columns:
    """One row for each state that ratified an instrument in the year.

    At the start of a run, before its first year, there is one for every earlier party with the year in which
    it joined.
    """
    instruments, iso3 = instruments_of(setting), setting.states.iso3
    by_instrument, by_state = _by_name(instruments), _by_name(iso3)
    joined = world.treaties.joined[:, by_instrument][..., by_state]
    is_start = world.year < setting.definition.spec.years.first
    row, instrument, state = np.nonzero(joined <= world.year if is_start else joined == world.year)
    years = joined[row, instrument, state]
    order = np.lexsort((years, row))
    return {
        "replicate": np.array(setting.worlds.numbers)[row[order]],
        "year": years[order].astype(np.int64),
        "instrument": _labels(instruments)[by_instrument][instrument[order]],
        "state": _labels(iso3)[by_state][state[order]],
    }


def corridor_columns(world: World, setting: Setting) -> Columns:
    """One row a replicate, corridor and class."""
    corridors, iso3, n = setting.corridors, _labels(setting.states.iso3), setting.n_replicates
    n_rows = len(CLASSES) * len(corridors)
    place = np.argsort(_by_name(setting.states.iso3))
    ends = [np.tile(place[end], len(CLASSES)) for end in (corridors.destination, corridors.origin)]
    order = np.lexsort((np.repeat(np.argsort(_by_name(CLASSES)), len(corridors)), *ends))
    columns: Columns = {
        "replicate": np.repeat(np.array(setting.worlds.numbers), n_rows),
        "year": np.full(n * n_rows, world.year),
        "origin": np.tile(iso3[corridors.origin], n * len(CLASSES)),
        "destination": np.tile(iso3[corridors.destination], n * len(CLASSES)),
        "class": np.tile(np.repeat(_labels(CLASSES), len(corridors)), n),
        "stock": world.people.stock.ravel(),
        "flow": world.people.flow.ravel(),
    }
    return _in_order(columns, order)


def _labels(names: tuple[str, ...]) -> NDArray[np.object_]:
    """Names as an array that holds each text once, however often it stands in a column."""
    return np.array(names, dtype=object)


@lru_cache(maxsize=16)
def _by_name(*names: tuple[str, ...]) -> Index:
    """Positions in the order of names, the first ones before the others."""
    return np.lexsort([np.array(each, dtype=str) for each in reversed(names)])


def _by_process(minutes: tuple[Minutes, ...]) -> list[Minutes]:
    return sorted(minutes, key=lambda session: session.process)


def _in_order(columns: Columns, order: Index) -> Columns:
    """The rows of each replicate in another order."""
    if np.array_equal(order, np.arange(order.size)):
        return columns
    return {
        name: values.reshape(-1, order.size).take(order, axis=1).ravel() for name, values in columns.items()
    }


def _of_rooms(columns: Columns, session: Minutes) -> Columns:
    """The rows of the replicates in which a session was held."""
    is_held = session.held[:, 0] > 0.0
    if np.all(is_held):
        return columns
    return {name: values.reshape(is_held.size, -1)[is_held].ravel() for name, values in columns.items()}
