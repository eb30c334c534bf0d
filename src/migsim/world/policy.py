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

__all__ = [
    "Levers",
    "PolicyParameters",
    "conditions",
    "effect",
    "laid_by_paragraph",
    "levers",
    "paragraph_first",
    "put_in_force",
    "theme_means",
]

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
    """The lever table: one row a paragraph, theme by theme.

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

    def by_theme(self, values: Array) -> Array:
        """What holds for each paragraph's theme, ``(..., theme)`` to ``(..., paragraph)``, a new array.

        It lies paragraph first in memory: a theme's values are copied as one block.
        """
        return np.moveaxis(paragraph_first(values).take(self.theme, axis=0, mode="wrap"), 0, -1)

    @cached_property
    def runs(self) -> tuple[slice, ...]:
        """Each theme's paragraphs, in the order of `THEMES`: neighbours."""
        places = (self.of_theme(theme) for theme in THEMES)
        return tuple(slice(int(chosen[0]), int(chosen[-1]) + 1) for chosen in places)

    @cached_property
    def moves(self) -> tuple[tuple[int, float, float], ...]:
        """Of each paragraph: its coefficient, and the parts that act at the host and at the origin."""
        columns = (self.coefficient.tolist(), self.at_host.tolist(), self.at_origin.tolist())
        return tuple(zip(*columns, strict=True))

    @cached_property
    def priced(self) -> tuple[tuple[int, int, float], ...]:
        """Paragraphs that cost money: place, place of the cost base, and cost."""
        return tuple(
            (a, COST_BASES.index(base), float(cost))
            for a, (base, cost) in enumerate(zip(self.cost_base, self.cost, strict=True))
            if cost
        )

    @cached_property
    def of_rights(self) -> Index:
        """Positions of the paragraphs on rights that a host grants."""
        return np.concatenate([self.of_theme(theme) for theme in RIGHTS_THEMES])

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
    return policy * mastery(practice, without_practice)


def mastery(practice: Array, without_practice: Array) -> Array:
    """Share of a lever's size that a full policy sets to work, of the shape of ``practice``, in [0, 1]."""
    floor = without_practice[..., None]
    return floor + (1.0 - floor) * practice


def paragraph_first(values: Array) -> Array:
    """``(..., state, paragraph)`` as ``(paragraph, ..., state)``, each paragraph one block of memory.

    The same for themes. Nothing is copied where the values lie like that already.
    """
    return np.ascontiguousarray(np.moveaxis(values, -1, 0))


def laid_by_paragraph(values: Array) -> Array:
    """The same ``(..., state, paragraph)``, lying paragraph first in memory, as policies and ideals do.

    What is alike for all states or a theme is then joined to whole blocks, which is several times faster.
    """
    return np.moveaxis(paragraph_first(values), 0, -1)


def theme_means(by_paragraph: Array, table: Levers) -> Array:
    """Mean over the paragraphs of each theme: ``(..., paragraph)`` to ``(..., theme)``."""
    blocks = paragraph_first(by_paragraph)
    means = np.empty((len(THEMES), *blocks.shape[1:]))
    for mean, run in zip(means, table.runs, strict=True):
        np.add.reduce(blocks[run], axis=0, out=mean)
        mean /= float(run.stop - run.start)
    return np.ascontiguousarray(np.moveaxis(means, 0, -1))


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
    policy, policy_of_base = paragraph_first(policies.policy), paragraph_first(base.policy)
    moved = paragraph_first(table.by_theme(mastery(policies.practice, p.effect_without_practice)))
    moved *= policy
    moved -= paragraph_first(base.effect)
    lead, n_states = moved.shape[1:-1], moved.shape[-1]
    host = np.zeros((*lead, len(COEFFICIENTS), n_states))
    origin = np.zeros_like(host)
    rights = mean_rights(moved, table)
    moved *= np.moveaxis(base.lever_sizes, -1, 0)[..., None]
    for acting, (q, at_host, at_origin) in zip(moved, table.moves, strict=True):
        if at_host:
            host[..., q, :] += acting if at_host == 1.0 else at_host * acting
        if at_origin:
            origin[..., q, :] += acting if at_origin == 1.0 else at_origin * acting
    host[..., COEFFICIENTS.index("openness_regular"), :] -= p.rights_against_numbers * rights
    costs = np.zeros((*lead, len(COST_BASES), n_states))
    for a, base_of_cost, cost in table.priced:
        costs[..., base_of_cost, :] += cost * (policy[a] - policy_of_base[a])
    costs *= p.cost_scale[..., None]
    return Conditions(host, origin, costs)


def mean_rights(by_lever: Array, table: Levers) -> Array:
    """Mean movement of the rights that a host grants, ``(paragraph, ..., state)`` to ``(..., state)``."""
    first, *others = table.of_rights
    moved: Array = by_lever[first].copy()
    for a in others:
        moved += by_lever[a]
    moved /= float(len(table.of_rights))
    return moved


def put_in_force(world: World, setting: Setting) -> World:
    """Let the policies of last year's end act on this year's world, and what a scenario says of entry."""
    p = setting.parameters.group(PolicyParameters, "world.policy")
    moved = conditions(world.policies, setting.base, setting.levers, p)
    if world.year in setting.shocks.entry_by_year:
        moved = replace(moved, host=moved.host + setting.shocks.entry(world.year))
    if setting.nudge is not None:
        moved = replace(
            moved, host=moved.host + setting.nudge.host, origin=moved.origin + setting.nudge.origin
        )
    return replace(world, conditions=moved)
