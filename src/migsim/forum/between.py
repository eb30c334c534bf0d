"""What goes on between the sessions of a process, and what is left of the effort for other things.

* *Work groups*: those who attended the last session go on with its themes for the years of the work programme
  (n-work-programme-2-3): practice rises by ``k' = k + w (1 - k)`` a year. Only where the process exchanges
  practices, from the year after a session until the next one meets.
* *Secretariat*: keeps what was agreed from fading for those who attended the last session; its yearly cost is
  borne by contributions of developed states among them, by income (n-contributions).
* *Expectations*: the more themes were on the last agenda beyond those that could be treated in depth, the
  more a broken promise disappoints (n-limited-themes): by the factor ``1 + e (n / n0 - 1)``. The overload of
  a session itself costs trust whatever is kept, see `migsim.forum.trust`; this costs only where promises are
  broken.
* *Effort*: who sits in sessions has less left for agreements of two.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from migsim.forum.session import effects, place_of
from migsim.world.corridors import Array, total
from migsim.world.economy import product
from migsim.world.setting import Setting
from migsim.world.state import World

__all__ = [
    "BetweenParameters",
    "effort_left",
    "expected_too_much",
    "kept_from_fading",
    "paid_by",
    "work_between_sessions",
]


@dataclass(frozen=True)
class BetweenParameters:
    """Registry group ``processes.*.between``, each ``(..., 1)``."""

    work_groups: Array
    secretariat: Array
    secretariat_cost: Array
    expectations: Array
    displacement: Array


def processes(setting: Setting) -> Iterator[tuple[str, int, BetweenParameters]]:
    """Each process of the scenario: its name, its place, and what it does between sessions."""
    for name in setting.definition.spec.processes:
        p = setting.parameters.group(BetweenParameters, f"processes.{name}.between")
        yield name, place_of(setting, name), p


def work_between_sessions(world: World, setting: Setting) -> World:
    """Work groups meet and secretariats are paid."""
    past, practice, costs = world.proceedings, world.policies.practice, world.ledger.forum_costs
    for name, place, p in processes(setting):
        on, attended = effects(setting, name), past.attended[:, place]
        since = world.year - past.last_met[:, place, None]
        programme = setting.parameters[f"processes.{name}.agenda_rule.programme_years"]
        work = p.work_groups * on.practice * (since <= programme)
        if work.any():
            learned = work[..., None] * (attended[..., None] * past.treated[:, place, None, :])
            practice = practice + learned * (1.0 - practice)
        bill = p.secretariat * p.secretariat_cost * on.costs * np.isfinite(since)
        if bill.any():
            costs = costs + bill * paid_by(attended, world, setting)
    return replace(
        world,
        policies=replace(world.policies, practice=practice),
        ledger=replace(world.ledger, forum_costs=costs),
    )


def paid_by(present: Array, world: World, setting: Setting) -> Array:
    """Share of each state in a common bill, ``(..., state)``.

    By income among the developed states present; where there are none, among all present.
    """
    income = present * product(world, setting)
    developed = income * setting.states.is_developed
    payers = np.where(total(developed) > 0.0, developed, income)
    there_are_payers = total(payers) > 0.0
    return payers / np.where(there_are_payers, total(payers), 1.0)


def kept_from_fading(world: World, setting: Setting) -> Array:
    """Share of the year's fading that secretariats make good, ``(..., state)`` in [0, 1]."""
    kept = np.zeros_like(world.commitments.trust)
    for name, place, p in processes(setting):
        share = p.secretariat * (effects(setting, name).texts > 0.0)
        if share.any():
            kept = np.maximum(kept, share * world.proceedings.attended[:, place])
    return kept


def expected_too_much(world: World, setting: Setting) -> Array:
    """How much more a broken promise disappoints after a large agenda, ``(..., state)`` >= 0."""
    more = np.zeros_like(world.commitments.trust)
    for name, place, p in processes(setting):
        in_depth = setting.parameters[f"processes.{name}.round_tables.themes_in_depth"]
        n_themes = world.proceedings.treated[:, place].sum(axis=-1, keepdims=True)
        beyond = np.maximum(n_themes / in_depth - 1.0, 0.0)
        disappoints = effects(setting, name).trust * p.expectations * beyond
        if disappoints.any():
            more = np.maximum(more, disappoints * world.proceedings.attended[:, place])
    return more


def effort_left(world: World, setting: Setting) -> Array:
    """Effort for agreements of two that this year's sessions leave, ``(..., state)`` in [0, 1].

    Each session takes its share of what is left.
    """
    left = np.ones_like(world.commitments.trust)
    for held in world.minutes:
        p = setting.parameters.group(BetweenParameters, f"processes.{held.process}.between")
        left = left * (1.0 - p.displacement * held.attended)
    return left
