"""What a run says of itself, for whoever lives it again: its plan, its programs, its files, its rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from migsim.ensemble.batch import KEYS, Columns
from migsim.ensemble.designs import Design
from migsim.ensemble.folders import on_disk
from migsim.ensemble.ledger import ledger
from migsim.ensemble.store import file_sha256, table_path
from migsim.ensemble.versions import decisive_versions, versions
from migsim.errors import InputError
from migsim.results.points import SAMPLE
from migsim.results.run import SCENARIO, Run

if TYPE_CHECKING:
    from migsim.scenario.definition import Scenario

__all__ = [
    "CLOSE",
    "Distance",
    "changed_files",
    "distance",
    "is_same_program",
    "other_versions",
    "plan_of",
    "recorded_rows",
    "shard_columns",
]

CLOSE: Final = 1e-9
"""Values of two versions are the same up to this, relative to their size or absolute below one."""


def plan_of(run: Run, behaviours: Mapping[str, object] | None = None) -> Design:
    """What was run, ready to be run again.

    Parameters
    ----------
    run
    behaviours
        Behaviours that the run was made with, by state; its folder cannot hold them.

    Raises
    ------
    InputError
        If a behaviour is missing or another one than then, or the stored scenario or sample is not what was
        run.
    """
    definition = _with_behaviours(run, behaviours or {})
    recorded = run.manifest
    if definition.hash != recorded.get("scenario_hash") and is_same_program(recorded):
        where = run.folder / SCENARIO if run.folder else run.name
        raise InputError(f"{where}: is not the scenario that was run; it was changed since")
    _refuse_other_points(run)
    kept = recorded.get("kept_tables")
    tables = None if kept is None else tuple(kept)
    return Design(definition, run.replicates, run.seed, run.parameters, run.sample, tables)


def _refuse_other_points(run: Run) -> None:
    said = (run.manifest.get("sample") or {}).get("sha256")
    if said != (None if run.sample is None else run.sample.hash):
        where = run.folder / SAMPLE if run.folder else run.name
        raise InputError(f"{where}: does not hold the points that were run; run the sweep again")


def _with_behaviours(run: Run, given: Mapping[str, object]) -> Scenario:
    """The scenario with the behaviours that the run was made with."""
    definition = run.scenario
    for iso3, behaviour in given.items():
        definition = definition.with_behaviour(iso3, behaviour)
    held = {each["state"]: each for each in definition.behaviour_records}
    wanted = {each["state"]: each for each in run.manifest.get("behaviours", ())}
    for iso3, record in wanted.items():
        if iso3 not in held:
            names = ", ".join(f"{state} ({each['class']})" for state, each in wanted.items())
            remedy = f'do it from Python with behaviours={{"{iso3}": ...}}'
            raise InputError(
                f"{run.name}: was run with behaviours of its author's own, which its folder does not hold: "
                f"{names}; {remedy}"
            )
        if held[iso3]["source_sha256"] != record["source_sha256"]:
            raise InputError(f"{run.name}: the behaviour of {iso3} is not the one it was run with")
    if extra := set(held) - set(wanted):
        raise InputError(f"{run.name}: was run without a behaviour of {', '.join(sorted(extra))}")
    return definition


def other_versions(manifest: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Programs that were others when the run was made: name, then, now."""
    then, now = manifest.get("versions", {}), versions()
    names = dict.fromkeys([*then, *now])
    pairs = [(name, str(then.get(name, "none")), str(now.get(name, "none"))) for name in names]
    return [(name, before, after) for name, before, after in pairs if before != after]


def is_same_program(manifest: Mapping[str, Any]) -> bool:
    """Whether what decides the results was the same when the run was made."""
    then = manifest.get("versions", {})
    return all(then.get(name) == version for name, version in decisive_versions().items())


def changed_files(folder: Path, manifest: Mapping[str, Any]) -> dict[str, str]:
    """Files of a run that are no longer as it left them: ``changed`` or ``missing`` by name."""
    found: dict[str, str] = {}
    with on_disk(folder):
        for name, sha256 in manifest.get("outputs", {}).items():
            path = folder / name
            if not path.is_file():
                found[name] = "missing"
            elif file_sha256(path) != sha256:
                found[name] = "changed"
    return found


def recorded_rows(run: Run, table: str, number: int) -> Columns:
    """The rows of one world in a table of a run."""
    if run.folder is None:
        frame = run.table(table)
        frame = frame[frame["replicate"] == number]
        return {name: frame[name].to_numpy() for name in frame.columns}
    outcomes = (line.outcome for line in ledger(run.folder))
    own = [table_path(run.folder, table, each.number) for each in outcomes if number in each.replicates]
    shards = own or sorted((run.folder / table).glob("part-*.parquet"))
    parts = [shard_columns(shard, number) for shard in shards]
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def shard_columns(shard: Path, number: int | None = None) -> Columns:
    """The rows of a shard, or those of one world.

    Raises
    ------
    InputError
        If it cannot be read.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    rows = None if number is None else [("replicate", "==", number)]
    try:
        whole = pq.read_table(shard, filters=rows, partitioning=None)
    except (OSError, pa.ArrowException) as error:
        raise InputError(f"{shard}: cannot be read ({error}); run the scenario again") from None
    return {name: whole[name].to_pandas().to_numpy() for name in whole.column_names}


@dataclass(frozen=True, slots=True)
class Distance:
    """How far two versions of a table are apart.

    Attributes
    ----------
    largest
        Largest difference of two numbers, relative to their size or absolute below one; infinite where rows,
        columns or words differ.
    where
        The row and column of it in words; empty if there is none.
    n_rows
        Rows that differ.
    """

    largest: float
    where: str
    n_rows: int

    @property
    def is_close(self) -> bool:
        """Whether they are the same up to `CLOSE`."""
        return self.largest <= CLOSE

    def beyond(self, other: Distance) -> Distance:
        """The larger of two distances, with the rows of both."""
        larger = self if self.largest >= other.largest else other
        return replace(larger, n_rows=self.n_rows + other.n_rows)


def distance(table: str, recorded: Columns, now: Columns) -> Distance:
    """How far the rows of a table are from those recorded, both in the order of their keys."""
    n_recorded, n_now = (len(next(iter(columns.values()), ())) for columns in (recorded, now))
    if set(recorded) != set(now):
        other = ", ".join(sorted(set(recorded) ^ set(now)))
        return Distance(float("inf"), f"columns that only one has: {other}", n_now)
    if n_recorded != n_now:
        return Distance(float("inf"), f"{n_recorded} rows recorded, {n_now} now", abs(n_now - n_recorded))
    largest, at, differs = 0.0, ("", 0), np.zeros(n_now, dtype=np.bool_)
    for name in now:
        gaps = _gaps(recorded[name], now[name])
        differs |= gaps > 0.0
        if gaps.size and gaps.max() > largest:
            largest, at = float(gaps.max()), (name, int(gaps.argmax()))
    if not largest:
        return Distance(0.0, "", 0)
    column, row = at
    keys = ", ".join(f"{key} {now[key][row]}" for key in KEYS.get(table, ()) if key in now)
    said = f"{column} of {keys}: {recorded[column][row]} recorded, {now[column][row]} now"
    return Distance(largest, said, int(differs.sum()))


def _gaps(recorded: Any, now: Any) -> Any:
    """How far values are apart, row by row; infinite where words differ or only one is a number."""
    if now.dtype.kind in "fiu" and recorded.dtype.kind in "fiu":
        a, b = recorded.astype(np.float64), now.astype(np.float64)
        with np.errstate(invalid="ignore"):
            gaps = np.abs(a - b) / np.maximum(1.0, np.maximum(np.abs(a), np.abs(b)))
        both = (a == b) | (np.isnan(a) & np.isnan(b))
        return np.where(both, 0.0, np.where(np.isnan(gaps), np.inf, gaps))
    return np.where(np.asarray(recorded).astype(str) == np.asarray(now).astype(str), 0.0, np.inf)
