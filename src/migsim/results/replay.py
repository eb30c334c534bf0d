"""Replaying one world of a run: it must come out as recorded, and then tells its story.

The replay stands in a folder of its own beside the run, which stays as it was.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, SupportsIndex

import numpy as np

from migsim.ensemble.batch import Tables, run_batch
from migsim.ensemble.fingerprints import fingerprints
from migsim.ensemble.folders import write_manifest
from migsim.ensemble.ledger import LEDGER, ledger
from migsim.ensemble.places import made_at_once
from migsim.ensemble.progress import meter
from migsim.ensemble.store import write_csv, write_text
from migsim.ensemble.versions import versions
from migsim.errors import InputError, shown
from migsim.results.manifest import output_sha256, ranges
from migsim.results.recorded import (
    CLOSE,
    changed_files,
    distance,
    is_same_program,
    other_versions,
    plan_of,
    recorded_rows,
)
from migsim.results.run import Run
from migsim.results.trace import Trace, trace
from migsim.results.trace_tables import tables as trace_tables
from migsim.results.trace_words import story
from migsim.world.worlds import DRAWS

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["REPLAY_FORMAT", "Replay", "default_replay", "replay", "save_replay"]

REPLAY_FORMAT: Final = "migsim replay"
STORY: Final = "trace.md"


@dataclass(frozen=True, repr=False)
class Replay:
    """One world of a run, lived again and found as recorded.

    Attributes
    ----------
    run
        Where it is from.
    number
        Number of the world.
    is_same
        Whether every table has the recorded bytes; else the values agree within 1e-9.
    tables
        Names of the tables that were compared.
    trace
        What every phase left behind.
    """

    run: Run
    number: int
    is_same: bool
    tables: tuple[str, ...]
    trace: Trace

    @property
    def settings(self) -> Mapping[str, object]:
        """What the world's point of a sweep sets, by path; nothing in other runs."""
        sample = self.run.sample
        return {} if sample is None else sample.told(self.number % DRAWS)

    @cached_property
    def story(self) -> str:
        """What happened, year by year, as Markdown."""
        return story(self.trace, self.settings)

    @cached_property
    def frames(self) -> Mapping[str, pd.DataFrame]:
        """The tables of the trace: sessions, plenary, decisions, and readings where there are any."""
        import pandas as pd

        return {name: pd.DataFrame(columns) for name, columns in trace_tables(self.trace).items()}

    @property
    def verdict(self) -> str:
        """How it compares with what was recorded, in one sentence."""
        said = "the same bytes as recorded" if self.is_same else f"the values recorded, within {CLOSE:g}"
        return f"world {self.number} of {self.run.name} gives {said} ({', '.join(self.tables)})"

    def __repr__(self) -> str:
        lines = [f"Replay: {self.verdict}"]
        for year in self.trace.years[:9]:
            met = [sitting.process for sitting in year.sittings if sitting.is_held]
            lines.append(
                f"  {year.year}: {', '.join(met) or 'nobody meets'}; weakest {year.win.weakest[0]:+.2g} SD"
            )
        if len(self.trace.years) > 9:
            lines.append(f"  ... and {len(self.trace.years) - 9} more years")
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        return f"<pre>{escape(repr(self))}</pre>"


def replay(
    run: Run | str | os.PathLike[str],
    number: int,
    *,
    behaviours: Mapping[str, object] | None = None,
    out: str | os.PathLike[str] | None = None,
    progress: bool | None = None,
) -> Replay:
    """Live one world of a run again, compare it with what was recorded, and keep everything it went through.

    Parameters
    ----------
    run
        A run, or its folder.
    number
        Number of the world, as in column ``replicate`` of the tables.
    behaviours
        By state, the behaviours that the run was made with, if any: a folder cannot hold them.
    out
        Folder for the story and the tables; by default they stay in memory.
    progress
        Whether to show progress: always, never, or (None) on a terminal only.

    Raises
    ------
    InputError
        If the run has no such world, cannot be run again, or the world comes out otherwise than recorded.
    """
    recorded = run if isinstance(run, Run) else Run.open(run)
    number = _known(recorded, number)
    plan = plan_of(recorded, behaviours)
    definition, worlds = plan.batch((number,))
    with meter(f"{recorded.name}, world {number}", 2 * plan.n_years, progress) as shown_as:
        told = partial(_advance, shown_as.advance)
        kept = None if plan.tables is None else ("world", *plan.tables)
        tables = run_batch(definition, worlds, plan.seed, plan.spread, told, kept)
        is_same = _compared(recorded, number, tables)
        traced = trace(definition, worlds, plan.seed, plan.spread, told)
    _refuse_another_life(traced, tables)
    compared = tuple(name for name in tables if name in recorded.manifest["tables_sha256"])
    done = Replay(recorded, number, is_same, compared, traced)
    if out is not None:
        save_replay(done, Path(out))
    return done


def default_replay(run: Run, number: int) -> Path:
    """Where a replay goes if the user does not say: beside the run."""
    folder = Path(os.path.abspath(run.folder or Path("runs") / run.name))
    place = folder.with_name(f"{folder.name}-world-{number}")
    return place.relative_to(Path.cwd()) if place.is_relative_to(Path.cwd()) else place


def save_replay(done: Replay, folder: Path) -> None:
    """Write the story and the tables of a replay, all of it or nothing.

    Raises
    ------
    InputError
        If the place holds something else than an earlier replay of this world.
    """
    identity = {
        "format": REPLAY_FORMAT,
        "run": done.run.name,
        "replicate": done.number,
        "scenario_hash": done.run.manifest["scenario_hash"],
        "seed": done.run.seed,
    }
    with made_at_once(Path(os.path.realpath(folder)), identity, "a replay of this world") as made:
        write_text(made / STORY, done.story)
        for name, frame in done.frames.items():
            write_csv(made / f"{name}.csv", frame)
        found = {
            "title": done.run.title,
            "parameters": done.run.parameters,
            "is_same": done.is_same,
            "tables_compared": done.tables,
            "versions": versions(),
            "outputs": output_sha256(made),
        }
        write_manifest(made, identity | found)


def _advance(advance: Any, _: int) -> None:
    advance(1)


def _known(run: Run, number: int) -> int:
    """The number of a finished world, as Python's own."""
    if isinstance(number, bool) or not isinstance(number, SupportsIndex) or number not in run.replicates:
        raise InputError(f"no world {shown(number)} in {run.name}; it has {ranges(run.replicates)}")
    for failure in run.manifest["failures"]:
        if failure["replicate"] == number:
            raise InputError(f"world {number} of {run.name} was not finished: {failure['error']}")
    return int(number)


def _compared(run: Run, number: int, tables: Tables) -> bool:
    """Whether every recorded table has the same bytes of this world; if not, whether its values agree.

    The tables are those that the manifest names, and the ledger of a folder has a fingerprint of each.

    Raises
    ------
    InputError
        If they do not, or one is missing.
    """
    told: list[str] = []
    is_same = True
    entered = _entered(run, number)
    for name in run.manifest["tables_sha256"]:
        if name not in run.tables:
            told.append(f"  {name}: the table is missing")
            continue
        now = tables.get(name, {})
        mark = fingerprints({name: now}, (number,))[name][number] if now else ""
        if entered.get(name, mark) != mark and is_same_program(run.manifest):
            told.append(f"  {name}: {LEDGER} has another fingerprint of this world")
        recorded = recorded_rows(run, name, number)
        if mark and fingerprints({name: recorded}, (number,))[name][number] == mark:
            continue
        is_same = False
        apart = distance(name, recorded, now)
        if not apart.is_close:
            told.append(f"  {name}: {apart.n_rows} rows differ; {apart.where}")
    if not run.manifest["tables_sha256"]:
        told.append("  the manifest names no table")
    changed = {} if run.folder is None or is_same else changed_files(run.folder, run.manifest)
    told += [f"  {name}: {what} since the run" for name, what in changed.items() if name.endswith(".parquet")]
    if told:
        raise InputError(
            "\n".join([f"world {number} of {run.name} is not what was recorded:", *told, *_why(run)])
        )
    return is_same


def _entered(run: Run, number: int) -> dict[str, str]:
    """Fingerprints of a world by table, as the ledger of a run folder has them."""
    if run.folder is None:
        return {}
    lines = (note.outcome for note in ledger(run.folder) if number in note.outcome.replicates)
    found = next(lines, None)
    marks = {} if found is None else found.fingerprints
    return {name: by_world[number] for name, by_world in marks.items() if number in by_world}


def _why(run: Run) -> list[str]:
    """What may be behind a difference."""
    if is_same_program(run.manifest):
        return []
    others = [f"{name} {then} then, {now} now" for name, then, now in other_versions(run.manifest)]
    return [f"the run was made by other versions: {'; '.join(others)}"]


def _refuse_another_life(traced: Trace, tables: Tables) -> None:
    """The life that is told must be the one that was compared; a behaviour with a memory can undo that."""
    world = tables["world"]
    for year in traced.years:
        row = int(np.flatnonzero(world["year"] == year.year)[0])
        levels = {f"level_{group}": level for group, level in year.win.level.items()}
        if any(world[name][row] != level[0] for name, level in levels.items()):
            raise InputError(
                f"world {traced.number} came out twice in two ways in {year.year}; "
                "a behaviour must answer the same when it is asked the same again"
            )
