"""What is reported on: run folders, the folder of a study, or scenarios whose finished runs are in runs/."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from migsim.ensemble.folders import MANIFEST, read_manifest
from migsim.errors import InputError
from migsim.results.comparison import opened
from migsim.results.manifest import RUN_FORMAT, STUDY_FORMAT
from migsim.results.outcome_differences import found_run
from migsim.results.rerun import runs_of
from migsim.results.run import Run
from migsim.scenario.definition import Scenario
from migsim.scenario.files import is_folder

__all__ = ["default_page", "opened_run", "opened_runs"]

FOLDER: Final = Path("runs")
"""Where runs go, and are looked for, if the user does not say."""


def opened_runs(names: Iterable[str | os.PathLike[str]]) -> list[Run]:
    """The finished runs that some names stand for, in their order, each once.

    Parameters
    ----------
    names
        Run folders, folders of studies, or scenarios by name or file: of these the largest finished run in
        ``runs/``.

    Raises
    ------
    InputError
        If a name is none of these, a run is not finished or damaged, or a sweep is not alone.
    """
    found: dict[object, Run] = {}
    for name in names:
        for run in _runs(name):
            found.setdefault(run.folder.resolve() if run.folder else id(run), run)
    runs = list(found.values())
    if not runs:
        raise InputError("RUN: found none; name a run folder, the folder of a comparison, or a scenario")
    for run in runs:
        if run.sample is not None and len(runs) > 1:
            raise InputError(
                f"{run.folder or run.name}: is a sweep, which is reported alone; leave the others out"
            )
    return runs


def opened_run(name: str | os.PathLike[str]) -> Run:
    """The one finished run that a name stands for.

    Raises
    ------
    InputError
        As for `opened_runs`; or if it is a study of several runs, or a sweep.
    """
    runs = opened_runs([name])
    if len(runs) > 1:
        each = ", ".join(str(run.folder) for run in runs)
        raise InputError(f"{os.fspath(name)}: is a study of {len(runs)} runs; name one of them: {each}")
    return runs[0]


def default_page(runs: list[Run], names: list[str], what: str) -> Path:
    """Where a page goes if the user does not say: beside the folder that was named, or the first run."""
    if len(names) == 1 and is_folder(names[0]):
        folder = Path(os.path.normpath(names[0]))
    else:
        folder = runs[0].folder or FOLDER / runs[0].name
    more = f"-and-{len(runs) - 1}-more" if len(names) > 1 and len(runs) > 1 else ""
    return folder.with_name(f"{folder.name}{more}-{what}")


def _runs(name: str | os.PathLike[str]) -> list[Run]:
    if not is_folder(name):
        given = opened(name)
        return [given if isinstance(given, Run) else _finished(given)]
    kind = read_manifest(Path(name))["format"]
    if kind not in (RUN_FORMAT, STUDY_FORMAT):
        raise InputError(
            f"{os.fspath(name)}: holds a {kind}; name a run or a comparison, beside which it is found"
        )
    if kind == STUDY_FORMAT:
        runs = []
        for folder in runs_of(name):
            run = opened(folder)
            assert isinstance(run, Run), "it was opened from a folder"
            runs.append(run)
        return runs
    run = opened(name)
    assert isinstance(run, Run), "it was opened from a folder"
    return [run]


def _finished(definition: Scenario) -> Run:
    """The largest finished run of a scenario in ``runs/``; a sweep of it only if there is no other."""
    largest = found_run(definition)
    if largest.sample is None:
        return largest
    plain: list[Run] = []
    for path in sorted(FOLDER.glob(f"*/{MANIFEST}")):
        held = read_manifest(path.parent)
        if (
            held.get("scenario_hash") == definition.hash
            and held["format"] == RUN_FORMAT
            and not held.get("sample")
        ):
            plain.append(Run.open(path.parent))
    return max((run for run in plain if run.n_replicates), key=lambda run: run.n_replicates, default=largest)
