"""Where a run goes: its folder is made beside its place and takes it only when it is complete.

What a killed run has finished stays in ``<folder>.partial``, and the same command goes on from there. The
run that it replaces stands in ``<folder>.replaced`` for that moment, with a mark in it. A folder that migsim
did not write is never touched.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from migsim.ensemble.store import clear_half_written, write_text
from migsim.errors import EnvironmentProblem, InputError, shown

__all__ = [
    "BEGUN",
    "LOCK",
    "MANIFEST",
    "PARTIAL",
    "PATIENCE",
    "beside",
    "clear_leftovers",
    "entering",
    "is_cut_short",
    "on_disk",
    "read_as_known",
    "read_manifest",
    "take_place",
    "write_manifest",
]

MANIFEST: Final = "manifest.json"
LOCK: Final = ".lock"
BEGUN: Final = ".begun.json"
"""What a run in the making is of; it leaves the folder when the run takes its place."""
PARTIAL: Final = ".partial"
REPLACED: Final = ".replaced"
MARK: Final = ".replaced-by-migsim"
"""Stands in a run that is being replaced, and tells it from a folder of the same name that a user made."""
NO_ROOM: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""Errors of a disk, a quota or a limit that is full."""
MOST_LOST: Final = 100
"""So often a folder may be gone again before its lock is taken."""
PATIENCE: Final = 10.0
"""Seconds to wait for another process that enters files in the manifest of a finished result."""


@contextmanager
def on_disk(path: Path) -> Iterator[None]:
    """Turn what goes wrong with a disk, or with a name on it, into one line."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        where = error.filename if isinstance(error.filename, str) else path
        if error.errno == errno.ENAMETOOLONG:
            raise InputError(f"{shown(str(where))}: {reason}; choose a shorter name") from None
        remedy = "make room or choose another folder" if error.errno in NO_ROOM else "choose another folder"
        raise EnvironmentProblem(f"{where}: {reason}; {remedy} with --out") from None


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
    write_text(folder / MANIFEST, f"{text}\n")


@contextmanager
def beside(target: Path, patience: float = 0.0) -> Iterator[Path]:
    """The folder in which a run is made, kept for this process alone; it stays if the block fails.

    Parameters
    ----------
    target
        Where the run is to stand.
    patience
        Seconds to wait for another process that holds the folder.

    Raises
    ------
    InputError
        If another process is writing the same run, or a folder of the user's is in the way.
    EnvironmentProblem
        If it cannot be written or locked.
    """
    partial = target.with_name(target.name + PARTIAL)
    _refuse_strange(_replaced(target))
    handle = _locked(partial, target, patience)
    try:
        with on_disk(target):
            _mend(target)
        yield partial
    finally:
        with suppress(OSError):
            if os.path.samestat(os.fstat(handle), (partial / LOCK).stat()):
                _tidy(partial)
        os.close(handle)


@contextmanager
def entering(folder: Path, known: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The manifest of a finished result, kept from other processes while files are entered in it.

    Parameters
    ----------
    folder
    known
        As for `read_as_known`.

    Raises
    ------
    InputError
        If another process is writing this result.
    EnvironmentProblem
        If it is another result by now, or cannot be written.
    """
    with beside(Path(os.path.realpath(folder)), PATIENCE):
        held = read_as_known(folder, known)
        with on_disk(folder / MANIFEST):
            yield held


def read_as_known(folder: Path, known: Mapping[str, Any]) -> dict[str, Any]:
    """The manifest in a folder, if it is of the run that the caller has worked with.

    Parameters
    ----------
    folder
    known
        The manifest that the caller remembers; files may have been entered since.

    Raises
    ------
    EnvironmentProblem
        If another run stands there by now.
    """
    held = read_manifest(folder)
    if any(held.get(name) != known.get(name) for name in ("tables_sha256", "finished_at")):
        said = f"{folder}: another process has replaced this run meanwhile, so nothing was entered in it"
        raise EnvironmentProblem(f"{said}; run the same command again")
    return held


def clear_leftovers(folder: Path) -> None:
    """Remove what an interrupted process left in a folder of which `beside` holds the lock."""
    for path in folder.iterdir():
        if path.name != LOCK:
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()


def is_cut_short(target: Path) -> bool:
    """Whether a process was killed while its run took this place; `beside` mends it."""
    return (_replaced(target) / MARK).is_file()


def _locked(partial: Path, target: Path, patience: float) -> int:
    """Make the folder if it is not there, and hold its lock."""
    deadline, n_lost = time.monotonic() + patience, 0
    while True:
        with on_disk(partial):
            # One look: another process may be tidying the folder away, its lock before the rest.
            names: set[str] = set()
            with suppress(FileNotFoundError, NotADirectoryError):
                names = set(os.listdir(partial))
            if LOCK not in names and not names <= {BEGUN}:
                raise InputError(
                    f"{partial}: is in the way and no unfinished run; move it, or choose another --out"
                )
            try:
                partial.mkdir(parents=True, exist_ok=True)
                handle = os.open(partial / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
            except (FileNotFoundError, FileExistsError):
                n_lost += 1  # gone or come in between, or never to be made
                if n_lost > MOST_LOST:
                    raise
                continue
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            if time.monotonic() < deadline:
                time.sleep(0.05)
                continue
            raise InputError(
                f"{target}: another process is writing this run; wait for it, or choose another --out"
            ) from None
        except OSError as error:
            os.close(handle)
            with suppress(OSError):
                _tidy(partial)
            raise EnvironmentProblem(
                f"{target}: this disk cannot lock files ({error.strerror or error}); choose another --out"
            ) from None
        with suppress(OSError):
            if os.path.samestat(os.fstat(handle), (partial / LOCK).stat()):
                return handle
        # Another process has just finished, and this was its lock.
        os.close(handle)


def _tidy(partial: Path) -> None:
    """Remove the folder of a run if nothing of the run is in it."""
    if set(os.listdir(partial)) <= {LOCK, BEGUN}:
        shutil.rmtree(partial)


def _mend(target: Path) -> None:
    """Finish what a process was killed at while its run took its place, or while it wrote into it."""
    replaced, is_there = _replaced(target), (target / MANIFEST).is_file()
    if is_there:
        clear_half_written(target)
        for name in (LOCK, BEGUN):
            (target / name).unlink(missing_ok=True)
    if not replaced.is_dir():
        return
    if not is_there and (replaced / MANIFEST).is_file():
        if target.is_dir():
            target.rmdir()
        replaced.rename(target)
        (target / MARK).unlink(missing_ok=True)
        return
    _leave(replaced, target)


def take_place(partial: Path, target: Path) -> None:
    """Put a complete run in its place; files that a user added to the run that was there are carried over."""
    replaced = _replaced(target)
    _refuse_strange(replaced)
    with on_disk(target):
        if target.exists() and any(target.iterdir()):
            (target / MARK).touch()
            target.rename(replaced)
        partial.rename(target)
        for name in (LOCK, BEGUN):
            (target / name).unlink(missing_ok=True)
        if replaced.exists():
            _leave(replaced, target)


def _replaced(target: Path) -> Path:
    return target.with_name(target.name + REPLACED)


def _refuse_strange(replaced: Path) -> None:
    """Refuse to go on beside a folder that has the name of a replaced run but was not made by migsim."""
    with on_disk(replaced):
        is_own = replaced.is_dir() and ((replaced / MARK).is_file() or not any(replaced.iterdir()))
        if os.path.lexists(replaced) and not is_own:
            raise InputError(
                f"{replaced}: is in the way and no run that was being replaced; "
                "move it, or choose another --out"
            )


def _leave(replaced: Path, target: Path) -> None:
    """Carry a user's files over from a replaced run and remove it; its manifest and its mark go last.

    Whenever this is cut short, it can be done again: without a manifest there is nothing to carry over.
    """
    if (replaced / MANIFEST).is_file():
        _carry_over(replaced, target)
    for path in replaced.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        elif path.name not in (MANIFEST, MARK):
            path.unlink()
    for name in (MANIFEST, MARK):
        (replaced / name).unlink(missing_ok=True)
    replaced.rmdir()


def _carry_over(old: Path, new: Path) -> None:
    written = {MANIFEST, MARK, LOCK, BEGUN, *read_manifest(old).get("outputs", {})}
    for path in sorted(old.rglob("*")):
        name = path.relative_to(old)
        is_folder = path.is_dir() and not path.is_symlink()
        if is_folder or name.as_posix() in written or (new / name).exists():
            continue
        (new / name).parent.mkdir(parents=True, exist_ok=True)
        path.rename(new / name)
