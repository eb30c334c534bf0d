"""Running a run again from its own folder, and holding what comes out against what was recorded.

With the same programs every table and file has the same bytes; with other versions of them, values agree
within 1e-9. Files that carry dates and durations are left out of the comparison.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from migsim.ensemble.executors import executor
from migsim.ensemble.folders import MANIFEST, on_disk, read_manifest
from migsim.ensemble.store import file_sha256
from migsim.errors import InputError
from migsim.results.group_tables import keep_groups
from migsim.results.groups import Grouping, states_of
from migsim.results.manifest import RUN_FORMAT, STUDY_FORMAT, add_outputs
from migsim.results.recorded import (
    Distance,
    changed_files,
    distance,
    is_same_program,
    other_versions,
    plan_of,
    shard_columns,
)
from migsim.results.run import Run
from migsim.results.simulation import run_design
from migsim.results.sweep_results import save_sweep

__all__ = ["Compared", "Rerun", "rerun", "runs_of"]

NOT_AGAIN: Final = (MANIFEST, "ledger.jsonl", "ro-crate-metadata.json", "screening.csv", "indices.csv")
"""Files that hold dates, durations or hashes of such files, or follow from the outcomes of a sweep alone."""
FIGURES: Final = "figures/"
OF_SWEEP: Final = ("outcomes.csv", "points.csv")
"""Tables that the command writes beside a sweep; a sweep from Python has none."""
NOTHING: Final = "–"
SAME: Final = "same"
WITHIN: Final = "within 1e-9"
OTHER_MAKER: Final = "other bytes, of other versions"
DIFFERS: Final = "differs"


@dataclass(frozen=True, slots=True)
class Compared:
    """One table or file, then and now.

    Attributes
    ----------
    verdict
        Whether it is the same, within 1e-9 or of another make (where versions differ), or differs.
    """

    name: str
    recorded: str
    now: str
    verdict: str

    @property
    def is_fine(self) -> bool:
        """Whether nothing speaks against it."""
        return self.verdict in (SAME, WITHIN, OTHER_MAKER)


@dataclass(frozen=True, repr=False)
class Rerun:
    """What came of running a run again.

    Attributes
    ----------
    tables, files
        What was compared.
    changed
        Files of the run's folder that are no longer as the run left them.
    versions
        Programs that are other ones now: name, then, now.
    """

    run: Run
    tables: tuple[Compared, ...]
    files: tuple[Compared, ...]
    changed: Mapping[str, str] = field(default_factory=dict)
    versions: tuple[tuple[str, str, str], ...] = ()
    details: tuple[str, ...] = ()

    @property
    def is_same(self) -> bool:
        """Whether all is as recorded, up to 1e-9 where programs differ, and no file was touched."""
        return not self.changed and all(each.is_fine for each in (*self.tables, *self.files))

    def __repr__(self) -> str:
        rows = [("table", "recorded", "now", ""), *(_row(each) for each in self.tables)]
        widths = [max(len(row[column]) for row in rows) for column in range(3)]
        lines = [f"{self.run.name}: {self.run.n_replicates} worlds, seed {self.run.seed}"]
        lines += [f"{name}: {then} then, {now} now" for name, then, now in self.versions]
        lines += [
            "  ".join(
                [*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[3]]
            ).rstrip()
            for row in rows
        ]
        same = sum(each.verdict == SAME for each in self.files)
        lines.append(f"files: {same} of {len(self.files)} come out with the bytes recorded")
        lines += [f"  {each.name}: {each.verdict}" for each in self.files if each.verdict != SAME]
        lines += [f"{name}: {what} in the folder since the run" for name, what in self.changed.items()]
        lines += self.details
        verdict = "comes out as recorded" if self.is_same else "does not come out as it stands in its folder"
        return "\n".join([*lines, f"{self.run.name} {verdict}."])


def _row(each: Compared) -> tuple[str, str, str, str]:
    return each.name, each.recorded[:16], each.now[:16], each.verdict


def runs_of(folder: str | os.PathLike[str]) -> list[Path]:
    """The run folders that a folder stands for: itself, or those of a study.

    Raises
    ------
    InputError
        If it is neither, or the study keeps a run in no folder.
    """
    path = Path(folder)
    manifest = read_manifest(path)
    if manifest["format"] == RUN_FORMAT:
        return [path]
    if manifest["format"] != STUDY_FORMAT:
        raise InputError(f"{path}: holds a {manifest['format']}; name the folder of a run or of a study")
    runs = manifest.get("runs")
    if not runs:
        raise InputError(f"{path}: is a study that was not finished; finish it with the same command first")
    if lost := [label for label, each in runs.items() if not each.get("folder")]:
        raise InputError(f"{path}: runs without a folder cannot be run again: {', '.join(lost)}")
    return [Path(os.path.normpath(path / each["folder"])) for each in runs.values()]


def rerun(
    run: Run | str | os.PathLike[str],
    *,
    workers: int | None = None,
    out: str | os.PathLike[str] | None = None,
    behaviours: Mapping[str, object] | None = None,
    progress: bool | None = None,
) -> Rerun:
    """Run a run again from its folder and compare table by table and file by file.

    Parameters
    ----------
    run
        A run that is kept in a folder, or its folder.
    workers
        Processes; by default as many as there are cores.
    out
        New folder in which the second run is kept; by default it is thrown away.
    behaviours
        By state, the behaviours that the run was made with, if any.
    progress
        Whether to show progress: always, never, or (None) on a terminal only.

    Raises
    ------
    InputError
        If the folder cannot be run again, or ``out`` is not new.
    """
    recorded = run if isinstance(run, Run) else Run.open(run)
    if recorded.folder is None:
        raise InputError(f"{recorded.name}: is in memory only; make the run with out=, in a folder")
    plan = plan_of(recorded, behaviours)
    with _place(recorded.folder, out) as place:
        with executor(workers) as executing:
            again = run_design(plan, executing, place, progress)
        return _compared(recorded, again, recorded.folder, place)


@contextmanager
def _place(folder: Path, out: str | os.PathLike[str] | None) -> Iterator[Path]:
    """Where the second run goes."""
    if out is not None:
        path = Path(out)
        if os.path.lexists(path):
            raise InputError(f"{path}: is there already; name a new folder for the second run of {folder}")
        yield path
        return
    with on_disk(folder), tempfile.TemporaryDirectory(prefix="migsim-rerun-") as scratch:
        yield Path(scratch) / "run"


def _compared(recorded: Run, again: Run, folder: Path, place: Path) -> Rerun:
    changed = changed_files(folder, recorded.manifest)
    is_same_code = is_same_program(recorded.manifest)
    tables, details = [], []
    then, now = (dict(run.manifest["tables_sha256"]) for run in (recorded, again))
    for name in dict.fromkeys([*then, *now]):
        verdict = SAME
        if then.get(name) != now.get(name):
            apart = _apart(recorded, again, name)
            verdict = WITHIN if apart.is_close and not is_same_code else DIFFERS
            details.append(f"{name}: {apart.n_rows} rows differ; {apart.where}")
        tables.append(Compared(name, then.get(name, NOTHING), now.get(name, NOTHING), verdict))
    files = tuple(_files(recorded, again, place, is_same_code, {each.name: each for each in tables}))
    versions = tuple(other_versions(recorded.manifest))
    return Rerun(recorded, tuple(tables), files, changed, versions, tuple(details))


def _apart(recorded: Run, again: Run, table: str) -> Distance:
    """How far a table is from what is stored, shard by shard, so that few rows are held at a time."""
    if table not in recorded.tables or table not in again.tables:
        return Distance(float("inf"), "only one of the two has it", 0)
    assert recorded.folder is not None, "it was opened from one"
    assert again.folder is not None, "it was run into one"
    folders = [folder / table for folder in (recorded.folder, again.folder)]
    names, others = ({path.name for path in folder.glob("part-*.parquet")} for folder in folders)
    apart = Distance(0.0, "", 0)
    for name in sorted(names | others):
        if name not in names & others:
            lost = Distance(float("inf"), f"{table}/{name} is there only once", 0)
            apart = apart.beyond(lost)
            continue
        apart = apart.beyond(distance(table, *(shard_columns(folder / name) for folder in folders)))
    if apart.largest:
        return apart
    return Distance(float("inf"), "the stored rows agree, so the manifest's fingerprint is not theirs", 0)


def _files(
    recorded: Run, again: Run, place: Path, is_same_code: bool, tables: Mapping[str, Compared]
) -> Iterator[Compared]:
    """Every file that should come out the same, held against its recorded hash.

    With other versions, what counts is the values: a table's verdict is that of its files, and summaries and
    figures are only said to be of another make.
    """
    outputs = dict(recorded.manifest["outputs"])
    wanted = [name for name in outputs if name not in NOT_AGAIN]
    if again.n_replicates:
        kept = recorded.kept_groups
        _add_what_is_made_later(again, place, wanted, kept)
        if kept:
            keep_groups(place, kept, states_of(again.scenario), again.summary_by_group(kept), again.manifest)
    for name in wanted:
        path = place / name
        if not path.is_file():
            if _is_made_by_run(name):
                yield Compared(name, outputs[name], NOTHING, f"{DIFFERS}: it is not made any more")
            continue
        sha256 = file_sha256(path)
        verdict = SAME if sha256 == outputs[name] else DIFFERS
        if verdict == DIFFERS and not is_same_code:
            table = tables.get(name.partition("/")[0])
            verdict = OTHER_MAKER if table is None else table.verdict
        yield Compared(name, outputs[name], sha256, verdict)


def _add_what_is_made_later(again: Run, place: Path, wanted: Collection[str], kept: Grouping | None) -> None:
    """The figures and the tables of a sweep, if the recorded run has them."""
    if again.sample is not None and any(name in wanted for name in OF_SWEEP):
        save_sweep(again, place)
    elif any(name.startswith(FIGURES) for name in wanted):
        add_outputs(place, again.manifest, again.plot.save_all(place / FIGURES, by=kept))


def _is_made_by_run(name: str) -> bool:
    """Whether a file was made by the run, and is no note that a user laid beside it."""
    if "/" not in name:
        return name.endswith((".yaml", ".csv", ".json"))
    return name.endswith((".parquet", ".png"))
