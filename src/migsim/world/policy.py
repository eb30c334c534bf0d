"""Policy: the levers that paragraphs are about, what they act on, and the drift of policy in every world.

A lever moves one coefficient of the world. Its effect is ``l (E(p, k) - E(p0, k0))`` with ``E(p, k) = p (e0 +
(1 - e0) k)``: how well a state knows how to use a policy (practice ``k``) decides how much the policy ``p``
does, and the base year is reproduced exactly.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, replace
from functools import cache, cached_property
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np

from migsim.world.corridors import Array, Index
from migsim.world.parameters import Parameters
from migsim.world.state import Conditions, Policies, World
from migsim.world.vocabulary import COEFFICIENTS, COST_BASES, THEMES

if TYPE_CHECKING:
    from migsim.world.setting import Base, Setting

__all__ = ["Levers", "PolicyParameters", "conditions", "effect", "levers", "put_in_force", "theme_means"]

RIGHTS_THEMES = ("equal_treatment", "secure_status", "services_portability")


@dataclass(frozen=True)
class PolicyParameters:
    """Registry group ``world.policy``, each ``(..., 1)``."""

    pace: Array
    effect_without_practice: Array
    start: Array
    practice_at_base: Array
    practice_income: Array
    experience: Array
    rights_against_numbers: Array
    cost_scale: Array
    cost_income: Array


@dataclass(frozen=True, eq=False)
class Levers:
    """The lever table: one row a paragraph.

    ``paragraphs``, ``titles``: names; ``theme``, ``coefficient``: positions in `THEMES` and `COEFFICIENTS`;
    ``at_host``, ``at_origin``: 1 where the policy of the host, or of the state of departure, is what acts (½
    and ½ where both do); ``cost``: USD a year per person of ``cost_base`` at full policy.
    """

    paragraphs: tuple[str, ...]
    titles: tuple[str, ...]
    theme: Index
    coefficient: Index
    at_host: Array
    at_origin: Array
    cost: Array
    cost_base: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.paragraphs)

    def sizes(self, parameters: Parameters) -> Array:
        """Effect of each lever at full policy and full practice, ``(..., paragraph)``."""
        return np.concatenate([parameters[f"levers.{name}"] for name in self.paragraphs], axis=-1)

    def of_theme(self, theme: str) -> Index:
        """Positions of a theme's paragraphs."""
        return self._of_themes[theme]

    @cached_property
    def _of_themes(self) -> dict[str, Index]:
        return {theme: np.flatnonzero(self.theme == n) for n, theme in enumerate(THEMES)}


@cache
def levers() -> Levers:
    """Read the lever table of the registry."""
    rows = list(csv.DictReader((files("migsim.provenance") / "levers.csv").read_text("utf-8").splitlines()))
    sides = {"host": (1.0, 0.0), "departure": (0.0, 1.0), "both": (0.5, 0.5)}
    return Levers(
        paragraphs=tuple(row["paragraph"] for row in rows),
        titles=tuple(row["title"] for row in rows),
        theme=np.array([THEMES.index(row["theme"]) for row in rows], dtype=np.intp),
        coefficient=np.array([COEFFICIENTS.index(row["acts_on"]) for row in rows], dtype=np.intp),
        at_host=np.array([sides[row["side"]][0] for row in rows]),
        at_origin=np.array([sides[row["side"]][1] for row in rows]),
        cost=np.array([float(row["cost_usd"]) for row in rows]),
        cost_base=tuple(row["cost_base"] for row in rows),
    )


def effect(policy: Array, practice: Array, without_practice: Array) -> Array:
    """Share of a lever's size at work, ``(..., state, paragraph)``: ``p (e0 + (1 - e0) k)``, in [0, 1]."""
    floor = without_practice[..., None]
    return policy * (floor + (1.0 - floor) * practice)


def theme_means(by_paragraph: Array, table: Levers) -> Array:
    """Mean over the paragraphs of each theme: ``(..., paragraph)`` to ``(..., theme)``."""
    means = [by_paragraph[..., table.of_theme(theme)].mean(axis=-1) for theme in THEMES]
    return np.stack(means, axis=-1)


def conditions(policies: Policies, base: Base, table: Levers, p: PolicyParameters) -> Conditions:
    """Apply every lever by one rule.

    ``c_q = sum_a l_a (E(p_a, k) - E0_a)`` over the levers ``a`` that act on coefficient ``q``. Costs follow
    the policy, ``p_a - p_a0``, not its effect: who knows how gets more for the same money.

    Parameters
    ----------
    policies : Policies
        Policy and practice in force.
    base : Base
        Policy, effects and lever sizes of the base year.
    table : Levers
    p : PolicyParameters
    """
    moved = (
        effect(policies.policy, policies.practice[..., table.theme], p.effect_without_practice) - base.effect
    )
    by_lever = np.ascontiguousarray(np.moveaxis(moved, -1, 0))
    steps = np.ascontiguousarray(np.moveaxis(policies.policy - base.policy, -1, 0))
    host = np.zeros((len(COEFFICIENTS), *by_lever.shape[1:]))
    origin = np.zeros_like(host)
    costs = np.zeros((len(COST_BASES), *by_lever.shape[1:]))
    for a, q in enumerate(table.coefficient):
        acting = base.lever_sizes[..., a, None] * by_lever[a]
        if table.at_host[a]:
            host[q] += table.at_host[a] * acting
        if table.at_origin[a]:
            origin[q] += table.at_origin[a] * acting
        costs[COST_BASES.index(table.cost_base[a])] += table.cost[a] * steps[a]
    host[COEFFICIENTS.index("openness_regular")] -= p.rights_against_numbers * mean_rights(by_lever, table)
    host, origin, costs = (np.ascontiguousarray(np.moveaxis(part, 0, -2)) for part in (host, origin, costs))
    return Conditions(host, origin, costs * p.cost_scale[..., None])


def mean_rights(by_lever: Array, table: Levers) -> Array:
    """Mean movement of the rights that a host grants, ``(paragraph, ..., state)`` to ``(..., state)``."""
    themes = [THEMES.index(theme) for theme in RIGHTS_THEMES]
    chosen = np.flatnonzero(np.isin(table.theme, themes))
    moved: Array = by_lever[chosen[0]]
    for a in chosen[1:]:
        moved = moved + by_lever[a]
    return moved / float(len(chosen))


def put_in_force(world: World, setting: Setting) -> World:
    """Let the policies of last year's end act on this year's world, and what a scenario says of entry."""
    p = setting.parameters.group(PolicyParameters, "world.policy")
    moved = conditions(world.policies, setting.base, setting.levers, p)
    moved = replace(moved, host=moved.host + setting.shocks.entry(world.year))
    if setting.nudge is not None:
        moved = replace(
            moved, host=moved.host + setting.nudge.host, origin=moved.origin + setting.nudge.origin
        )
    return replace(world, conditions=moved)
