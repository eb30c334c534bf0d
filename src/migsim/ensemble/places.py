"""Where a result may go: what may stand there already, and how one that is made in one go takes its place."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from fnmatch import fnmatch
from pathlib import Path
from typing import Any, Final

from migsim.ensemble.folders import (
    BEGUN,
    LOCK,
    MANIFEST,
    REPLACED,
    beside,
    clear_leftovers,
    on_disk,
    read_manifest,
    take_place,
)
from migsim.ensemble.store import WRITING
from migsim.errors import InputError, shown

__all__ = ["made_at_once", "refuse_foreign"]

LONGEST: Final = 255
"""Bytes that a name in a path may have, on all usual disks."""


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
        what_it_is = "is the folder you are in" if target == Path.cwd() else "holds the folder you are in"
        raise InputError(f"{target}: {what_it_is}; name a new one with --out")
    _refuse_odd_name(target)
    if not os.path.lexists(target):
        above = next(folder for folder in target.parents if os.path.lexists(folder))
        if not above.is_dir():
            raise InputError(f"{target}: {above} is not a folder; choose another place with --out")
        return
    if not target.is_dir():
        raise InputError(f"{target}: is not a folder; choose another name with --out")
    with on_disk(target):
        # A process may have been killed while it wrote the first file.
        if all(fnmatch(path.name, f"{MANIFEST}.*{WRITING}") for path in target.iterdir()):
            return
    try:
        manifest = read_manifest(target)
    except InputError:
        if (target / MANIFEST).is_file():
            said = f"{target / MANIFEST}: is damaged, or not by migsim, so that nothing here is touched"
            raise InputError(f"{said}; choose another folder with --out") from None
        raise InputError(f"{target}: holds other files than {what}; {remedy}") from None
    for name, value in wanted.items():
        if manifest.get(name) != value:
            held = manifest.get(name)
            raise InputError(f"{target}: holds a result with {name} {held}, not {value}; {remedy}")


def _refuse_odd_name(target: Path) -> None:
    """Refuse a place that is not text or too long, also with what is added to its name while it is made."""
    try:
        sizes = [len(part.encode()) for part in target.absolute().parts]
    except UnicodeEncodeError:
        raise InputError(
            f"{shown(str(target))}: is not text in UTF-8; choose another name with --out"
        ) from None
    if max(sizes[-1] + len(REPLACED), *sizes) > LONGEST:
        said = f"{shown(str(target))}: the name is too long"
        raise InputError(f"{said}; choose one of at most {LONGEST - len(REPLACED)} bytes with --out")


@contextmanager
def made_at_once(target: Path, identity: Mapping[str, Any], what: str) -> Iterator[Path]:
    """The folder of a result that is made in one go; it takes its place when the block ends.

    A place that `refuse_foreign` refuses is refused, and so is one with the unfinished work of a run.
    """
    refuse_foreign(target, identity, what)
    with beside(target) as folder, on_disk(target):
        # What was about to be replaced may just have come back.
        refuse_foreign(target, identity, what)
        if BEGUN in (names := os.listdir(folder)) and not {LOCK, BEGUN}.issuperset(names):
            raise InputError(f"{folder}: holds an unfinished run; finish it, or choose another --out")
        clear_leftovers(folder)
        yield folder
        take_place(folder, target)
