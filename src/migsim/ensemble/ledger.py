"""The ledger of a run: a line for each shard, what it holds and what its files are.

While a run is going on, each shard has a note of its own, so that no two workers write the same file. The
finished run has their lines in one file, from which a later run that adds worlds takes up what is there.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from migsim.ensemble.store import NOTES, WRITING, Note, note_path, noted, notes, write_text, write_whole

__all__ = ["LEDGER", "forget_notes", "ledger", "take_up", "write_ledger"]

LEDGER: Final = "ledger.jsonl"


def ledger(folder: Path) -> Iterator[Note]:
    """The lines of a ledger, in the order of the shards; none if there is no ledger."""
    if not (folder / LEDGER).is_file():
        return
    with (folder / LEDGER).open(encoding="utf-8", errors="replace") as lines:
        for line in lines:
            note = Note.of_json(line)
            if note is not None:
                yield note


def write_ledger(folder: Path) -> None:
    """Write the ledger from the notes."""

    def write(path: Path) -> None:
        with path.open("w", encoding="utf-8") as file:
            file.writelines(f"{note.as_json()}\n" for note in notes(folder))

    write_whole(folder / LEDGER, write)


def forget_notes(folder: Path) -> None:
    """Remove the notes, once the ledger holds what they say."""
    if (folder / NOTES).exists():
        shutil.rmtree(folder / NOTES)


def take_up(source: Path, folder: Path, key: str) -> None:
    """Let a run begin with the shards that are in the ledger of another folder, or of its own.

    The files are linked where the disk allows it, and copied elsewhere; the other folder stays as it is,
    because a shard to which worlds are added becomes a new file.

    Parameters
    ----------
    source
        A finished run, or the folder itself if it was interrupted when nearly finished.
    folder
        Where the run is made.
    key
        The design: shards of another are left.
    """
    for note in ledger(source):
        number = note.outcome.number
        here = noted(folder, number, key)
        is_better = here is None or set(here.outcome.replicates) < set(note.outcome.replicates)
        if note.key != key or not is_better or not all(_is_inside(name) for name in note.files):
            continue
        if source != folder:
            for name in note.files:
                _link(source / name, folder / name)
        said, path = note.as_json(), note_path(folder, number)
        path.parent.mkdir(exist_ok=True)
        write_text(path, said, is_lasting=False)


def _is_inside(name: str) -> bool:
    parts = Path(name).parts
    return len(parts) == 2 and ".." not in parts and not Path(name).is_absolute()


def _link(file: Path, target: Path) -> None:
    """One file under a second name; a file that is not there is left for the run to notice."""
    if not file.is_file():
        return
    target.parent.mkdir(exist_ok=True)
    part = target.with_name(f"{target.name}.{os.getpid()}{WRITING}")
    part.unlink(missing_ok=True)
    try:
        os.link(file, part)
    except OSError:
        shutil.copyfile(file, part)
    part.replace(target)
