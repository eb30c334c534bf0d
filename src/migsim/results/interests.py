"""What states want by the documents, and what they would gain by the model's own payoffs, side by side.

Nothing is run beyond the payoffs, which are found once a scenario and kept (`migsim.start`): positions are
those of 2005, with public opinion as it was and no error of judgement.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np

from migsim.actors.interests import ideal_policy
from migsim.actors.stances import MIDDLE
from migsim.ensemble.defaults import DEFAULT_SEED
from migsim.errors import InputError, shown
from migsim.facts.codes import BASE_YEAR, state_names
from migsim.scenario.definition import Scenario
from migsim.scenario.wording import did_you_mean
from migsim.start import begin
from migsim.themes import THEMES
from migsim.world.accounts import lever_costs
from migsim.world.corridors import Array, Index
from migsim.world.noise import Noise
from migsim.world.parameters import Parameters
from migsim.world.policy import theme_means
from migsim.world.setting import Setting
from migsim.world.state import World

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["AGREEMENTS", "MOSTLY", "QUADRANTS", "Interests", "agreement", "interests", "quadrant"]

MOSTLY: Final = 0.5
"""The documents count as silent where they say nothing on roles that make more than this of a state."""

CLEARLY: Final = 0.95
"""They count as clear where they speak on roles that make at least this of it: a convention of reading."""

AGREEMENTS: Final = ("same way", "apart", "documents silent", "no pull")
"""What can be said of stance and payoff: where either is exactly at rest, there is no pull."""

QUADRANTS: Final = (
    "wanted and gaining",
    "wanted though losing",
    "not wanted though gaining",
    "not wanted and losing",
)
"""Where a stance above or below the middle meets a gain above or below zero; what is on a line is in none."""

N_DRAWS: Final = 500
"""Draws of lever sizes and costs, from which the share that keeps its sign is counted."""


def interests(scenario: Scenario | str | os.PathLike[str], states: Iterable[str] | None = None) -> Interests:
    """Stance against payoff of each state on each theme, in 2005.

    Parameters
    ----------
    scenario
        A scenario, the name of a shipped one, or a file. Its processes and shocks do not matter.
    states
        Codes, in the order in which they are to be shown; by default all states of the scenario.

    Raises
    ------
    InputError
        If a state is not one of the scenario's.

    Examples
    --------
    >>> frame = interests("gfmd-2007-2015", ["MEX", "PHL"]).to_frame()  # doctest: +SKIP
    """
    from migsim.scenario.load import load

    definition = scenario if isinstance(scenario, Scenario) else load(scenario)
    setting, world = begin(_from_base_year(definition), (0,), DEFAULT_SEED, "central")
    known = setting.states.iso3
    chosen = known if states is None else tuple([states] if isinstance(states, str) else states)
    for iso3 in chosen:
        if iso3 not in known:
            meant = did_you_mean(str(iso3).upper(), known)
            raise InputError(
                f"states: found {shown(iso3)}; allowed are the scenario's states, such as {known[0]}"
                f"{meant and f'; {meant}'}"
            )
    if not chosen:
        raise InputError("states: found none; name at least one, or leave it out for all.")
    return Interests(definition, setting, world, chosen)


def _from_base_year(definition: Scenario) -> Scenario:
    """The scenario without the years up to 2005, if it has any."""
    years = definition.spec.years
    if years.first > BASE_YEAR:
        return definition
    later = {"years.first": BASE_YEAR + 1, "years.last": max(years.last, BASE_YEAR + 1)}
    return definition.vary(definition.name, later)


@dataclass(frozen=True, eq=False, repr=False)
class Interests:
    """What states want, and what they would gain, at central parameters.

    Gains are in percent of a state's yearly income for full use of all levers of a theme, net of what they
    cost it, some years ahead (registry: ``actors.interests.horizon``): *own* if the state moves, *joint* if
    everybody does.
    """

    scenario: Scenario
    setting: Setting
    """The scenario's setting, a batch of one."""
    world: World
    """The world of 2005."""
    states: tuple[str, ...]
    """The states shown."""

    @cached_property
    def chosen(self) -> Index:
        """Positions of the states shown."""
        return np.array([self.setting.states.index(iso3) for iso3 in self.states], dtype=np.intp)

    @property
    def trust(self) -> float:
        """Trust among states in 2005: the share of the joint gain that counts in a state's reckoning."""
        return float(self.setting.parameters["trust.start"][0, 0])

    @cached_property
    def own_gain(self) -> Array:
        """Gain of each state from its own policy, ``(state, theme)``, percent of income."""
        gain: Array = self._by_theme(self.setting.actors.own_gain)[0]
        return gain

    @cached_property
    def joint_gain(self) -> Array:
        """Gain of each state from everybody's policy, ``(state, theme)``, percent of income."""
        gain: Array = self._by_theme(self.setting.actors.joint_gain)[0]
        return gain

    def priced_gain(self, trust: float | None = None) -> Array:
        """Own gain, and of what others' moving adds as much as trust lets count, ``(state, theme)``."""
        counted = self.trust if trust is None else trust
        return self.own_gain + counted * (self.joint_gain - self.own_gain)

    def ideal(self, payoff_share: float, trust: float | None = None) -> Array:
        """Ideal policy of a state that judges without error, ``(state, theme)`` in [0, 1].

        Parameters
        ----------
        payoff_share
            0: the documents' stance alone; 1: the payoffs alone (chi).
        trust
            Share of the joint gain that counts; by default that of 2005.
        """
        setting, world = self.setting, self.world
        trusted = world.commitments.trust
        trusted = trusted if trust is None else np.full_like(trusted, trust)
        no_error = np.zeros_like(setting.actors.misjudgement)
        ideal = ideal_policy(world, setting, np.full((1, 1), payoff_share), trusted, no_error)
        wanted: Array = theme_means(ideal, setting.levers)[0][self.chosen]
        return wanted

    def signs_kept(self, n_draws: int = N_DRAWS) -> dict[str, Array]:
        """Share of draws in which a gain has the sign it has at central values, ``(state, theme)`` each.

        Sizes of levers and their costs are drawn from the ranges of the registry, unless the scenario sets
        them; what a unit of a coefficient is worth stays central: ``gain = size * worth - cost``.
        """
        setting = self.setting
        table, cast = setting.levers, setting.actors
        noise = Noise(DEFAULT_SEED, tuple(range(n_draws)), setting.noise.n_registered)
        drawn = Parameters(setting.definition, noise, "ranged")
        sizes, central = table.sizes(drawn)[:, None, :], setting.base.lever_sizes
        cost = lever_costs(setting)
        dearness = _dearness(drawn) / _dearness(setting.parameters)
        kept = {}
        for name, gain in (("own", cast.own_gain), ("joint", cast.joint_gain)):
            worth = np.divide(
                gain + cost,
                central[..., None, :],
                where=central[..., None, :] != 0.0,
                out=np.zeros_like(gain),
            )
            by_draw = self._by_theme(sizes * worth - dearness[..., None] * cost)
            kept[name] = (np.sign(by_draw) == np.sign(self._by_theme(gain))).mean(axis=0)
        return kept

    def to_frame(self) -> pd.DataFrame:
        """One row a state and theme.

        ``role_host``, ``role_departure``, ``role_transit``: shares of the roles. ``stance``: the documents',
        0 to 1, blank where they are silent; ``documents_are``: clear, partly silent or silent. ``salience``
        and ``policy_2005``: 0 to 1. ``own_gain``, ``joint_gain`` and ``priced_gain``, this at the trust of
        2005: percent of income. ``ideal_documents``, ``ideal_half``, ``ideal_payoffs``: ideal policy with
        none, half and all of it from payoffs. ``agreement``: whether the stance, seen from the policy of
        2005, and the priced gain point the same way.
        """
        import pandas as pd

        setting, cast, rows = self.setting, self.setting.actors, self.chosen
        n_themes = len(THEMES)
        known = 1.0 - cast.ignorance[rows]
        stance = np.where(known >= MOSTLY, cast.stance[0][rows], np.nan)
        policy = theme_means(cast.first_policy, setting.levers)[0][rows]
        by_state = {
            f"role_{role}": getattr(setting.states, role)[rows] for role in ("host", "departure", "transit")
        }
        by_both = {
            "stance": stance,
            "documents_are": _heard(known),
            "salience": cast.salience[0][rows],
            "policy_2005": policy,
            "own_gain": self.own_gain,
            "joint_gain": self.joint_gain,
            "priced_gain": self.priced_gain(),
            "ideal_documents": self.ideal(0.0),
            "ideal_half": self.ideal(0.5),
            "ideal_payoffs": self.ideal(1.0),
            "agreement": agreement(stance, policy, self.priced_gain()),
        }
        columns = {"state": np.repeat(self.states, n_themes)}
        columns |= {name: values.repeat(n_themes) for name, values in by_state.items()}
        columns |= {"theme": np.tile(THEMES, len(rows))}
        return pd.DataFrame(columns | {name: np.ravel(values) for name, values in by_both.items()})

    def _by_theme(self, by_paragraph: Array) -> Array:
        """Sum over the paragraphs of each theme for the states shown, ``(..., state, theme)``."""
        shown_rows = by_paragraph[..., self.chosen, :]
        sums = [shown_rows[..., self.setting.levers.of_theme(theme)].sum(axis=-1) for theme in THEMES]
        return np.stack(sums, axis=-1)

    def __repr__(self) -> str:
        n = len(self.states)
        lines = [
            f"Interests of {n} {'state' if n == 1 else 'states'} on {len(THEMES)} themes in 2005"
            f" ({self.scenario.name}); joint gains in percent of income:"
        ]
        for iso3, gains in list(zip(self.states, self.joint_gain, strict=True))[:8]:
            most, least = int(np.argmax(gains)), int(np.argmin(gains))
            lines.append(
                f"  {iso3} {state_names()[iso3]}: most by {THEMES[most]} ({gains[most]:+.2f}),"
                f" least by {THEMES[least]} ({gains[least]:+.2f})"
            )
        if n > 8:
            lines.append(f"  ... and {n - 8} more")
        return "\n".join([*lines, "  .to_frame() for stances, gains and ideal policies side by side"])


def agreement(stance: Array, policy: Array, gain: Array) -> np.ndarray:
    """Whether stance and payoff point the same way from the policy of 2005: one of `AGREEMENTS`."""
    wants, pays = np.sign(stance - policy), np.sign(gain)
    silent = np.isnan(stance)
    at_rest = ~silent & ((wants == 0.0) | (pays == 0.0))
    same, apart, unheard, none = AGREEMENTS
    return np.select([silent, at_rest, wants == pays], [unheard, none, same], default=apart)


def quadrant(stance: Array, gain: Array) -> np.ndarray:
    """In which of the `QUADRANTS` a stance and a gain meet; empty where there is no stance, or on a line."""
    wanted, not_wanted = stance > MIDDLE, stance < MIDDLE
    met = [wanted & (gain > 0.0), wanted & (gain < 0.0), not_wanted & (gain > 0.0), not_wanted & (gain < 0.0)]
    return np.select(met, QUADRANTS, default="")


def _heard(known: Array) -> np.ndarray:
    """How much the documents say on the roles a state has, in words."""
    return np.select([known < MOSTLY, known < CLEARLY], ["silent", "partly silent"], default="clear")


def _dearness(parameters: Parameters) -> Array:
    """Factor of all lever costs, ``(..., 1)``."""
    return parameters["world.policy.cost_scale"] / parameters["world.policy.cost_income"]
