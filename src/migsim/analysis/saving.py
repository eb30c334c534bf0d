"""The folder of an analysis: frames as CSV, findings, figures, and a manifest that says what is in it."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from migsim.ensemble.folders import MANIFEST, on_disk, read_manifest, write_manifest
from migsim.ensemble.places import refuse_foreign
from migsim.ensemble.store import clear_half_written, file_sha256, write_csv, write_text
from migsim.ensemble.versions import versions
from migsim.errors import InputError

if TYPE_CHECKING:
    from migsim.analysis.sensitivity import Sensitivity
    from migsim.scenario.definition import Scenario

__all__ = ["ANALYSIS_FORMAT", "FINDINGS", "claim", "refuse_taken", "write_analysis"]

ANALYSIS_FORMAT: Final = "migsim sensitivity"
FINDINGS: Final = "findings.txt"


def refuse_taken(folder: Path, definition: Scenario, size: str, seed: int) -> None:
    """Refuse a folder that holds something else than this analysis, or a part of it.

    Raises
    ------
    InputError
        If it holds something else, or an analysis of another scenario, size or seed.
    """
    wanted = _identity(definition, size, seed)
    del wanted["scenario_hash"]
    refuse_foreign(Path(os.path.realpath(folder)), wanted, "an analysis of migsim")
    if (folder / MANIFEST).exists() and read_manifest(folder).get("scenario_hash") != definition.hash:
        remedy = "choose another folder with --out, or remove this one"
        raise InputError(f"{folder}: holds an analysis of {definition.name} as it was set before; {remedy}")


def claim(folder: Path, definition: Scenario, size: str, seed: int) -> None:
    """Make a folder this analysis's own before its worlds are run, so that a killed one can go on.

    Raises
    ------
    InputError
        As `refuse_taken` does.
    """
    refuse_taken(folder, definition, size, seed)
    with on_disk(folder):
        folder.mkdir(parents=True, exist_ok=True)
        clear_half_written(folder)
        if not (folder / MANIFEST).exists():
            write_manifest(folder, _identity(definition, size, seed))


def _identity(definition: Scenario, size: str, seed: int) -> dict[str, Any]:
    return {
        "format": ANALYSIS_FORMAT,
        "name": definition.name,
        "size": size,
        "seed": seed,
        "scenario_hash": definition.hash,
    }


def write_analysis(done: Sensitivity, folder: Path) -> Path:
    """Write what an analysis found into a folder."""
    claim(folder, done.scenario, done.size, done.seed)
    written: list[Path] = []
    with on_disk(folder):
        for name, frame in done.frames.items():
            written.append(folder / f"{name}.csv")
            write_csv(written[-1], frame)
        written.append(folder / FINDINGS)
        write_text(written[-1], f"{done.findings}\n")
        written += done.plot.save_all(folder / "figures")
        write_manifest(folder, _manifest(done, folder, written))
    return folder


def _manifest(done: Sensitivity, folder: Path, written: list[Path]) -> dict[str, Any]:
    """What is known of an analysis; what earlier ones of other parts left in the folder stays in it."""
    held = read_manifest(folder)
    outputs = {name: sha256 for name, sha256 in held.get("outputs", {}).items() if (folder / name).is_file()}
    outputs |= {path.relative_to(folder).as_posix(): file_sha256(path) for path in written}
    return {
        **_identity(done.scenario, done.size, done.seed),
        "format_version": 1,
        "title": done.scenario.title,
        "year": done.scenario.spec.years.last,
        "parts": list(dict.fromkeys((*held.get("parts", ()), *done.parts))),
        "worlds": {**held.get("worlds", {}), **done.worlds},
        "failures": {**held.get("failures", {}), **done.failures},
        "finished_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "versions": versions(),
        "outputs": outputs,
    }
