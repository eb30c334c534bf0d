"""What stands where a run is to go: the very same run, a part of it, another, or none."""

from __future__ import annotations

import warnings
from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from migsim.ensemble.folders import MANIFEST, read_manifest
from migsim.ensemble.versions import versions
from migsim.errors import InputError
from migsim.results.adaptive import Precision, is_enough, parts, precisions, stop_record
from migsim.results.crate import CRATE
from migsim.results.group_tables import BY_GROUP, GROUPS_FILE
from migsim.results.manifest import RUN_FORMAT, refuse_damaged, unaccounted
from migsim.results.recorded import changed_files
from migsim.results.run import Run
from migsim.results.tables import StoredTables

if TYPE_CHECKING:
    from migsim.ensemble.designs import Design
    from migsim.scenario.definition import Scenario

__all__ = ["as_it_is", "finished", "identity", "on_request"]

ON_REQUEST: Final = (CRATE, GROUPS_FILE, BY_GROUP)


def identity(plan: Design) -> dict[str, Any]:
    """What an earlier run in the same place must have in common with this one to be replaced by it."""
    return {
        "format": RUN_FORMAT,
        "name": plan.definition.name,
        "seed": plan.seed,
        "parameters": plan.spread,
    }


def finished(plan: Design, target: Path, until: Mapping[str, float]) -> dict[str, Any] | None:
    """The manifest of the same run if it is there already and whole.

    Raises
    ------
    InputError
        If a run of a changed scenario is there, or one of more worlds, which would be lost.
    """
    if not (target / MANIFEST).is_file():
        return None
    held = read_manifest(target)
    refuse_damaged(target, held)
    remedy = "choose another folder with --out, or delete this one if it is not needed"
    points = None if plan.sample is None else plan.sample.hash
    if (
        any(held.get(name) != value for name, value in identity(plan).items())
        or held.get("scenario_hash") != plan.definition.hash
        or (held.get("sample") or {}).get("sha256") != points
        or held.get("kept_tables") != (None if plan.tables is None else list(plan.tables))
    ):
        changed = _changed(Run.open(target), plan.definition)
        raise InputError(
            f"{target}: holds a run of {plan.definition.name} as it was set before{changed}; {remedy}"
        )
    numbers = set(Run(plan.definition, held, StoredTables(target)).replicates)
    if lost := numbers - set(plan.replicates):
        raise InputError(
            f"{target}: holds a run of {len(numbers)} worlds, {len(lost)} more than asked for; {remedy}"
        )
    if held.get("versions") != versions() or held["failures"] or unaccounted(held):
        return None
    first = next(iter(parts(plan, until)))
    if not set(first.replicates) <= numbers or changed_files(target, held):
        return None
    part, found = _walked(plan, StoredTables(target), numbers, until)
    if part is None:
        return None
    ended_by = {outcome: each["tolerance"] for outcome, each in held.get("until", {}).items()}
    if (more := len(numbers - set(part.replicates))) and ended_by != until:
        said = f"holds a run of {len(numbers)} worlds, {more} more than are enough"
        raise InputError(f"{target}: {said}; use it as it is, or choose another folder with --out")
    return held if more else held | stop_record(found)


def _changed(held: Run, now: Scenario) -> str:
    """What a scenario sets otherwise than that of a run, in brackets; empty if that is nothing."""
    from migsim.results.outcome_differences import diff

    brief = diff(held, now).settings.brief
    return f" ({brief})" if brief else ""


def _walked(
    plan: Design, held: StoredTables, numbers: Collection[int], until: Mapping[str, float]
) -> tuple[Design | None, tuple[Precision, ...]]:
    """Where a run would end whose worlds are all there; none if it would go on beyond them."""
    found: tuple[Precision, ...] = ()
    part = None
    for part in parts(plan, until):
        if not set(part.replicates) <= set(numbers):
            return None, ()
        found = precisions(held, until, part.replicates)
        if is_enough(found):
            break
    return part, found


def as_it_is(plan: Design, manifest: dict[str, Any], out: Path) -> Run:
    """The run that is there, which `finished` found to be the one that was asked for."""
    warnings.warn(f"{out}: holds this very run, finished before; it is used as it is", stacklevel=4)
    # Also with the title that it had: what a scenario is called makes no other run.
    definition = replace(Run.open(out).scenario, behaviours=plan.definition.behaviours)
    return Run(definition, manifest, StoredTables(out), out, plan.sample)


def on_request(target: Path) -> list[str]:
    """Files of the run that is there which were asked for: one that takes its place has none of them."""
    held = read_manifest(target).get("outputs", {}) if (target / MANIFEST).is_file() else {}
    return [name for name in ON_REQUEST if name in held]
