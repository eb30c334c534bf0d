"""The manifest of a run: what was run, with what, how it went, and the fingerprints of what came out."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from migsim.ensemble.designs import SHARD_SIZE, SPREADS, Design
from migsim.ensemble.fingerprints import Marks
from migsim.ensemble.folders import BEGUN, LOCK, MANIFEST, entering, write_manifest
from migsim.ensemble.store import WRITING, Outcome, file_sha256
from migsim.ensemble.versions import versions
from migsim.errors import InputError, shown
from migsim.scenario.own_facts import facts_record
from migsim.world.noise import SEED_RULE

if TYPE_CHECKING:
    from migsim.scenario.tree import Node

__all__ = [
    "RUN_FORMAT",
    "STUDY_FORMAT",
    "add_outputs",
    "manifest_of",
    "numbers_of",
    "output_sha256",
    "ranges",
    "refuse_damaged",
    "unaccounted",
    "with_outputs",
]

RUN_FORMAT: Final = "migsim run"
STUDY_FORMAT: Final = "migsim study"
FORMAT_VERSION: Final = 1
COMMAND_LINE: Final = "--set"
ENTRIES: Final[Mapping[str, type]] = {
    "scenario_hash": str,
    "seed": int,
    "parameters": str,
    "replicates": dict,
    "failures": list,
    "versions": dict,
    "tables_sha256": dict,
    "outputs": dict,
}
"""What the manifest of a run folder must hold for the run to be looked at again."""
DAMAGED_REMEDY: Final = "run the scenario again in another folder (--out), or remove this one"


def manifest_of(design: Design, outcomes: Iterable[Outcome], workers: int, seconds: float) -> dict[str, Any]:
    """What is known of a run once its last replicate is done, without the fingerprints of its files.

    Parameters
    ----------
    design, outcomes
        What was run, and what became of it, shard by shard; looked at once, and not kept.
    workers
        Processes that ran it.
    seconds
        From start to end.
    """
    done = array("q")
    marks: defaultdict[str, Marks] = defaultdict(Marks)
    failures: list[dict[str, Any]] = []
    seconds_of_shards = 0.0
    for outcome in outcomes:
        done.extend(outcome.replicates)
        for name, by_replicate in outcome.fingerprints.items():
            marks[name].add(by_replicate)
        failures += [
            {"replicate": failure.replicate, "error": failure.error, "traceback": failure.traceback}
            for failure in outcome.failures
        ]
        seconds_of_shards += outcome.seconds
    return {
        "format": RUN_FORMAT,
        "format_version": FORMAT_VERSION,
        "name": design.definition.name,
        "title": design.definition.title,
        "scenario_hash": design.definition.hash,
        "overrides": dict(_overrides(design.definition.tree)),
        **({"own_facts": said} if (said := facts_record(design.definition)) else {}),
        "behaviours": list(design.definition.behaviour_records),
        "seed": design.seed,
        "seed_rule": SEED_RULE,
        "parameters": design.spread,
        "replicates": {"asked": ranges(design.replicates), "finished": ranges(done), "n_finished": len(done)},
        "kept_tables": None if design.tables is None else list(design.tables),
        "sample": None
        if design.sample is None
        else {"kind": design.sample.kind, "points": len(design.sample), "sha256": design.sample.hash},
        "shard_size": SHARD_SIZE,
        "failures": failures,
        "finished_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "timings": {"seconds": round(seconds, 3), "seconds_of_shards": round(seconds_of_shards, 3)},
        "workers": workers,
        "versions": versions(),
        "tables_sha256": {name: each.sha256 for name, each in marks.items()},
    }


def output_sha256(folder: Path, without: str | tuple[str, ...] = ()) -> dict[str, str]:
    """SHA-256 of every file of a run folder but the manifest itself, and those whose names begin so.

    What another process is just writing, or was killed at, is left out.
    """
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    named = {path.relative_to(folder).as_posix(): path for path in files}
    own = (MANIFEST, LOCK, BEGUN)
    kept = [
        name
        for name in named
        if name not in own and not name.startswith(without) and not name.endswith(WRITING)
    ]
    return {name: file_sha256(named[name]) for name in kept}


def with_outputs(manifest: Mapping[str, Any], folder: Path, written: Iterable[Path]) -> dict[str, Any]:
    """A manifest with files entered, which were just written into its folder."""
    hashes = {path.relative_to(folder).as_posix(): file_sha256(path) for path in written}
    return {**manifest, "outputs": dict(sorted({**manifest.get("outputs", {}), **hashes}.items()))}


def add_outputs(folder: Path, manifest: Mapping[str, Any], written: Iterable[Path]) -> None:
    """Enter files that were made after the run, such as figures, into its manifest.

    Files that a user laid into the folder are not entered, so that they are kept when the run is replaced.

    Parameters
    ----------
    folder
    manifest
        Of the run that they were made of.
    written
        The files just made.

    Raises
    ------
    InputError
        If another process is writing this run.
    EnvironmentProblem
        If another run stands there by now; nothing is entered then.
    """
    with entering(folder, manifest) as held:
        write_manifest(folder, with_outputs(held, folder, written))


def refuse_damaged(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Refuse the manifest of a run folder in which something is missing or is not what it must be.

    Raises
    ------
    InputError
        With the name of what is missing or odd.
    """
    _refuse_newer(folder, manifest)
    odd = [name for name, kind in ENTRIES.items() if not isinstance(manifest.get(name), kind)]
    if odd or manifest["parameters"] not in SPREADS:
        what = odd[0] if odd else "parameters"
        raise InputError(f"{folder / MANIFEST}: is damaged ({what}); {DAMAGED_REMEDY}")
    try:
        unaccounted(manifest)
        int(manifest["replicates"]["n_finished"])
        for each in manifest["failures"]:
            str(each["error"])
    except (KeyError, TypeError, ValueError, AttributeError):
        raise InputError(
            f"{folder / MANIFEST}: is damaged (replicates or failures); {DAMAGED_REMEDY}"
        ) from None


def unaccounted(manifest: Mapping[str, Any]) -> set[int]:
    """Worlds that were asked for and neither finished nor failed, or did so without being asked for."""
    said = manifest["replicates"]
    failed = {int(each["replicate"]) for each in manifest["failures"]}
    return {*numbers_of(said["finished"]), *failed} ^ set(numbers_of(said["asked"]))


def _refuse_newer(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Refuse a run of a format that only later programs know.

    Raises
    ------
    InputError
        With the version that was found and the last that is known.
    """
    version = manifest.get("format_version", FORMAT_VERSION)
    if not isinstance(version, int) or version > FORMAT_VERSION:
        said = f"format_version is {shown(version)}, and this migsim knows versions up to {FORMAT_VERSION}"
        raise InputError(f"{folder / MANIFEST}: {said}; open the run with a newer migsim")


def ranges(numbers: Iterable[int]) -> str:
    """Whole numbers, short.

    Examples
    --------
    >>> ranges([0, 1, 2, 5, 7, 8])
    '0-2,5,7-8'
    """
    runs: list[str] = []
    for _, block in groupby(enumerate(sorted(numbers)), key=lambda pair: pair[1] - pair[0]):
        members = [number for _, number in block]
        runs.append(f"{members[0]}-{members[-1]}" if len(members) > 1 else str(members[0]))
    return ",".join(runs)


def numbers_of(text: str) -> tuple[int, ...]:
    """The numbers that `ranges` wrote.

    Examples
    --------
    >>> numbers_of("0-2,5")
    (0, 1, 2, 5)
    """
    pairs = [block.partition("-") for block in text.split(",") if block]
    return tuple(number for first, _, last in pairs for number in range(int(first), int(last or first) + 1))


def _overrides(tree: Node, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """What the command line set, by path."""
    for name, node in tree.members():
        if node.place.file == COMMAND_LINE and not any(True for _ in node.members()):
            yield f"{prefix}{name}", node.plain()
        yield from _overrides(node, f"{prefix}{name}.")
