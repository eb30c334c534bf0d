"""Where a run goes: its folder is made beside its place and takes it only when it is complete.

What a killed run has finished stays in ``<folder>.partial``, and the same command goes on from there. A
folder that migsim did not write is never touched.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from migsim.ensemble.store import write_whole
from migsim.errors import EnvironmentProblem, InputError

__all__ = [
    "LOCK",
    "MANIFEST",
    "beside",
    "on_disk",
    "read_manifest",
    "refuse_foreign",
    "take_place",
    "write_manifest",
]

MANIFEST: Final = "manifest.json"
LOCK: Final = ".lock"
PARTIAL: Final = ".partial"
REPLACED: Final = ".replaced"


@contextmanager
def on_disk(path: Path) -> Iterator[None]:
    """Turn what goes wrong with a disk into one line."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        where = error.filename if isinstance(error.filename, str) else path
        raise EnvironmentProblem(
            f"{where}: {reason}; make room or choose another folder with --out"
        ) from None


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a folder that migsim wrote.

    Raises
    ------
    InputError
        If there is none, or it cannot be read.
    """
    path = folder / MANIFEST
    if not folder.is_dir():
        raise InputError(
            f"{folder}: no such folder; name a run folder, such as those that `migsim run` prints"
        )
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        hint = (
            "the run did not finish" if folder.name.endswith(PARTIAL) else "it is not a run folder of migsim"
        )
        raise InputError(f"{folder}: {hint}; there is no {MANIFEST} in it") from None
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(f"{path}: cannot be read ({error}); run the scenario again") from None
    if not isinstance(manifest, dict) or not str(manifest.get("format", "")).startswith("migsim "):
        raise InputError(
            f"{path}: not a manifest of migsim; name a run folder, such as those that `migsim run` prints"
        )
    return manifest


def write_manifest(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Write the manifest, whole or not at all."""
    text = json.dumps(manifest, indent=2, ensure_ascii=False, allow_nan=False)
    write_whole(folder / MANIFEST, lambda part: part.write_text(f"{text}\n", encoding="utf-8"))


def refuse_foreign(target: Path, wanted: Mapping[str, Any], what: str) -> None:
    """Refuse a place that holds something else than an earlier result of the same kind.

    Parameters
    ----------
    target
        Where results are to go.
    wanted
        What an earlier result there must say in its manifest to be replaced.
    what
        What it then is, in words.

    Raises
    ------
    InputError
        If the place is taken.
    """
    remedy = "choose another folder with --out, or remove this one"
    if target == Path.cwd() or target in Path.cwd().parents:
        raise InputError(f"{target}: is the folder you are in; name a new one with --out")
    if not os.path.lexists(target):
        return
    if not target.is_dir():
        raise InputError(f"{target}: is not a folder; choose another name with --out")
    with on_disk(target):
        if not any(target.iterdir()):
            return
    try:
        manifest = read_manifest(target)
    except InputError:
        raise InputError(f"{target}: holds other files than {what}; {remedy}") from None
    for name, value in wanted.items():
        if manifest.get(name) != value:
            held = manifest.get(name)
            raise InputError(f"{target}: holds a result with {name} {held}, not {value}; {remedy}")


@contextmanager
def beside(target: Path) -> Iterator[Path]:
    """The folder in which a run is made, kept for this process alone; it stays if the block fails.

    Raises
    ------
    InputError
        If another process is writing the same run.
    EnvironmentProblem
        If it cannot be written.
    """
    partial = target.with_name(target.name + PARTIAL)
    handle = _locked(partial, target)
    try:
        with on_disk(target):
            _mend(target)
        yield partial
    finally:
        os.close(handle)


def _locked(partial: Path, target: Path) -> int:
    """Make the folder if it is not there, and hold its lock."""
    while True:
        with on_disk(partial):
            if partial.is_dir() and any(partial.iterdir()) and not (partial / LOCK).is_file():
                raise InputError(
                    f"{partial}: is in the way and not of migsim's making; move it, or choose another --out"
                )
            partial.mkdir(parents=True, exist_ok=True)
            try:
                handle = os.open(partial / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
            except FileNotFoundError:
                continue
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(handle)
            raise InputError(
                f"{target}: another process is writing this run; wait for it, or choose another --out"
            ) from None
        with suppress(OSError):
            if os.path.samestat(os.fstat(handle), (partial / LOCK).stat()):
                return handle
        # Another process has just finished, and this was its lock.
        os.close(handle)


def _mend(target: Path) -> None:
    """Finish what a process was killed at while its run took its place."""
    replaced = target.with_name(target.name + REPLACED)
    if not (replaced / MANIFEST).is_file():
        return
    if target.exists():
        (target / LOCK).unlink(missing_ok=True)
        _carry_over(replaced, target)
        shutil.rmtree(replaced)
    else:
        replaced.rename(target)


def take_place(partial: Path, target: Path) -> None:
    """Put a complete run in its place; files that a user added to the run that was there are carried over."""
    replaced = target.with_name(target.name + REPLACED)
    with on_disk(target):
        if replaced.exists() and not target.exists():
            shutil.rmtree(replaced)
        if target.exists() and any(target.iterdir()):
            target.rename(replaced)
        partial.rename(target)
        (target / LOCK).unlink()
        if replaced.exists():
            _carry_over(replaced, target)
            shutil.rmtree(replaced)


def _carry_over(old: Path, new: Path) -> None:
    written = {MANIFEST, *read_manifest(old).get("outputs", {})}
    for path in sorted(old.rglob("*")):
        name = path.relative_to(old)
        if path.is_dir() or name.as_posix() in written or (new / name).exists():
            continue
        (new / name).parent.mkdir(parents=True, exist_ok=True)
        path.rename(new / name)
