"""The triple win: whether migrants, hosts and departure countries each gain by the forum.

Three indices, each compared with the paired world in which nobody meets, under the same random numbers:

* **Migrants**: ``sum_k,c S (W - W_home) / sum S0``, points of well-being per migrant of 2005, with ``W_home``
  held at the paired world's. The gain splits exactly into an *intensive* part, ``sum S_b (W_f - W_b)``, the
  lives of those who would migrate anyway, and an *extensive* part, ``sum (S_f - S_b) (W_f - W_home)``, more
  or fewer migrants: a plain mean would fall when poorer people gain access.
* **Hosts** and **departure countries**: role-weighted means over states of the indices of
  `migsim.world.accounts`, percent of income; all states count alike, or by population beside.

Gains are given in these units and in standard deviations of 2005: the spread of the index among migrants, or
among states, at central parameters, so that every world is measured by the same rod. The *weakest win* is the
least of the three in standard deviations.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from migsim.world.corridors import Array
from migsim.world.setting import Setting, Units
from migsim.world.state import World

__all__ = ["GROUPS", "TripleWin", "anchor_home", "measure", "spread"]

GROUPS: Final = ("migrants", "hosts", "departures")


@dataclass(frozen=True)
class TripleWin:
    """Levels with and without the forum and gains, each ``(...,)`` by replicate, for one year."""

    level: dict[str, Array]
    baseline: dict[str, Array]
    gain: dict[str, Array]
    in_spreads: dict[str, Array]
    weakest: Array
    intensive: Array
    extensive: Array
    gain_by_population: dict[str, Array]


def surplus(world: World, home: Array, setting: Setting) -> Array:
    """Well-being of migrants above what they would have at home, ``(..., class, corridor)``, points."""
    corridors = setting.corridors
    there = corridors.at_destination(world.wellbeing.index)
    return there - corridors.at_origin(home)[..., None, :]


def anchor_home(start: World, setting: Setting) -> World:
    """Place the scale of life at home so that the migrants of 2005 have gained what the literature says.

    Those who left were not the average of those who stayed, and the index cannot see what made them go.
    Their gain is ``world.wellbeing.gain_of_moving`` (literature: wb_gain).
    """
    stock = start.people.stock
    gained = _sum(stock * surplus(start, start.wellbeing.home, setting)) / _sum(stock)
    shift = gained[:, None] - setting.parameters["world.wellbeing.gain_of_moving"]
    return replace(
        start, wellbeing=replace(start.wellbeing, home_shift=shift, home=start.wellbeing.home + shift)
    )


def spread(start: World, setting: Setting) -> Units:
    """How far migrants, hosts and departure countries lie apart in the base year, in the first replicate."""
    stock, above = start.people.stock, surplus(start, start.wellbeing.home, setting)
    people = _sum(stock)
    mean = _sum(stock * above) / people
    migrants = np.sqrt(_sum(stock * (above - mean[:, None, None]) ** 2) / people)
    return Units(
        migrants=migrants[:1],
        hosts=_deviation(start.gains.hosts, setting.states.host)[:1],
        departures=_deviation(start.gains.departures, setting.states.departure)[:1],
    )


def measure(world: World, paired: World, setting: Setting) -> TripleWin:
    """Compare a year of the world with the same year of its pair."""
    first, home = setting.base.n_migrants, paired.wellbeing.home
    people, usual = world.people, paired.people
    lives, usual_lives = world.wellbeing.index, paired.wellbeing.index
    intensive = above(usual.hosted, lives - usual_lives) / first
    extensive = above(people.hosted - usual.hosted, lives, people.emigrants - usual.emigrants, home) / first
    host, departure = setting.states.host, setting.states.departure
    level = {
        "migrants": above(people.hosted, lives, people.emigrants, home) / first,
        "hosts": weighted_mean(world.gains.hosts, host),
        "departures": weighted_mean(world.gains.departures, departure),
    }
    baseline = {
        "migrants": above(usual.hosted, usual_lives, usual.emigrants, home) / first,
        "hosts": weighted_mean(paired.gains.hosts, host),
        "departures": weighted_mean(paired.gains.departures, departure),
    }
    host_gain, departure_gain = (
        world.gains.hosts - paired.gains.hosts,
        world.gains.departures - paired.gains.departures,
    )
    gain = {
        "migrants": intensive + extensive,
        "hosts": weighted_mean(host_gain, host),
        "departures": weighted_mean(departure_gain, departure),
    }
    in_spreads = {group: gain[group] / getattr(setting.units, group) for group in GROUPS}
    population = setting.base.population
    return TripleWin(
        level=level,
        baseline=baseline,
        gain=gain,
        in_spreads=in_spreads,
        weakest=np.minimum(np.minimum(in_spreads["migrants"], in_spreads["hosts"]), in_spreads["departures"]),
        intensive=intensive,
        extensive=extensive,
        gain_by_population={
            "hosts": weighted_mean(host_gain, host * population),
            "departures": weighted_mean(departure_gain, departure * population),
        },
    )


def above(hosted: Array, lives: Array, emigrants: Array | float = 0.0, home: Array | float = 0.0) -> Array:
    """Well-being of migrants above what they would have at home, summed over them, ``(...,)``.

    ``sum_k,c S_kc (W_kj - W_i)`` is ``sum_k,j H_kj W_kj - sum_i E_i W_i`` with ``H`` the hosted of each
    class, ``(..., class, state)``, and ``E`` the emigrants, ``(..., state)``: no corridor is looked at.
    """
    summed: Array = (np.ascontiguousarray((hosted * lives).sum(axis=-2)) - emigrants * home).sum(axis=-1)
    return summed


def weighted_mean(values: Array, weights: Array) -> Array:
    """Mean over states ``(..., state)`` to ``(...,)``."""
    mean: Array = np.ascontiguousarray(values * weights).sum(axis=-1) / weights.sum()
    return mean


def _deviation(values: Array, weights: Array) -> Array:
    mean = weighted_mean(values, weights)
    return np.sqrt(weighted_mean((values - mean[:, None]) ** 2, weights))


def _sum(people: Array) -> Array:
    """Sum over classes and corridors, ``(..., class, corridor)`` to ``(...,)``.

    In one order for any batch.
    """
    return np.ascontiguousarray(people).sum(axis=-1).sum(axis=-1)
