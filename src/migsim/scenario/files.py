"""Finding and opening scenario files, without being led astray or kept waiting.

Only regular files of bounded size are read. A file's parent lies in the file's own folder tree or is one of
the shipped scenarios; links that lead outside are refused.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Final

from migsim.errors import ScenarioError, shown
from migsim.scenario.text import MOST_BYTES
from migsim.scenario.tree import Node, Place, fault_at

__all__ = [
    "KINDS_OF_PLACES",
    "file_beside",
    "file_in_folder",
    "found_by_name",
    "is_folder",
    "library_file",
    "library_files",
    "parent_of",
    "read_bytes",
    "shipped_files",
    "shown_path",
]

_SUFFIXES: Final = (".yaml", ".yml")
KINDS_OF_PLACES: Final = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)
"""What may stand at a path instead of a file, and its name."""


def shown_path(path: Path) -> str:
    """The path as it may safely be printed."""
    text = str(path)
    return text if text.isprintable() else ascii(text)[1:-1]


def _error(place: Place, path: str, found: str, allowed: str = "", suggestion: str = "") -> ScenarioError:
    return ScenarioError([fault_at(place, path, found, allowed, suggestion)])


def shipped_folder() -> Path:
    """Where the shipped scenarios lie: inside the installed package, or beside the sources."""
    packaged = Path(__file__).parents[1] / "scenarios"
    folder = packaged if packaged.is_dir() else Path(__file__).parents[3] / "scenarios"
    try:
        here = Path.cwd()
    except FileNotFoundError:
        return folder
    return folder.relative_to(here) if folder.is_relative_to(here) else folder


def shipped_files() -> dict[str, Path]:
    """The shipped scenario files by name."""
    folder = shipped_folder()
    found = sorted(folder.glob("*.yaml")) if folder.is_dir() else []
    return {path.stem: path for path in found}


def library_files() -> dict[str, Path]:
    """The processes of the library by name: scenario files of one process each."""
    folder = shipped_folder() / "processes"
    found = sorted(folder.glob("*.yaml")) if folder.is_dir() else []
    return {path.stem: path for path in found}


def library_file(extends: Node, path: str) -> Path:
    """The file of the process that an ``extends`` inside a process names.

    Raises
    ------
    ScenarioError
        If the library has no such process.
    """
    known = library_files()
    name = extends.value
    if isinstance(name, str) and name in known:
        return known[name]
    from difflib import get_close_matches

    near = get_close_matches(name, list(known), n=1, cutoff=0.6) if isinstance(name, str) else []
    suggestion = f"did you mean {near[0]}?" if near else "migsim processes lists them"
    found = f"no process {shown(extends.plain())}"
    raise _error(extends.place, path, found, "the name of a process of the library", suggestion)


def _meant(name: str, known: list[str]) -> str:
    from difflib import get_close_matches

    # Folder and suffix are left out: they would make strangers of the same folder look alike.
    by_stem = {_stem(each): each for each in reversed(known)}
    near = get_close_matches(_stem(name), list(by_stem), n=1, cutoff=0.6)
    return f"did you mean {by_stem[near[0]]}?" if near else "migsim scenarios lists the shipped ones"


def _stem(name: str) -> str:
    bare = name.rpartition("/")[2]
    return next((bare.removesuffix(suffix) for suffix in _SUFFIXES if bare.endswith(suffix)), bare)


def is_folder(word: str | os.PathLike[str]) -> bool:
    """Whether a word with which a user may mean a scenario or a run names a folder."""
    path = Path(word)
    return path.is_dir() and path.name not in ("", ".", "..")


def found_by_name(name_or_path: str | os.PathLike[str]) -> Path:
    """The file a user means: a path, or the name of a shipped scenario or of a process of the library.

    Raises
    ------
    ScenarioError
        If there is no such file and no such name.
    """
    text = os.fspath(name_or_path)
    path = Path(text)
    shipped = {**library_files(), **shipped_files()}
    is_name = isinstance(name_or_path, str) and "/" not in text and os.sep not in text
    if is_name and text in shipped:
        return shipped[text]
    try:
        os.lstat(path if text else "")
    except (OSError, ValueError):
        try:
            siblings = [item.name for item in path.parent.iterdir() if item.suffix in _SUFFIXES]
        except (OSError, ValueError):
            siblings = []
        known = [*shipped, *siblings] if is_name else [str(path.parent / name) for name in siblings]
        allowed = "a scenario file, or the name of a shipped scenario"
        place = Place(shown_path(path))
        raise _error(place, "", "no such file or scenario", allowed, _meant(text, known)) from None
    return path


def read_bytes(path: Path, asked_at: Place | None = None, asked_path: str = "") -> bytes:
    """The content of a scenario file.

    Parameters
    ----------
    path
        The file.
    asked_at, asked_path
        Where the file was asked for, when another file did; faults are then reported there.

    Raises
    ------
    ScenarioError
        If it is missing, unreadable, too large, not a regular file, or a link out of its folder.
    """
    name = shown_path(path)
    place = asked_at or Place(name)
    subject = f"{name} is " if asked_at else ""
    try:
        if _is_dangling(path):
            found = f"{name} cannot be read" if asked_at else "cannot be read"
            raise _error(
                place, asked_path, f"{found} (a link that leads nowhere)", "a readable file", "mend the link"
            )
        if _leads_out(path):
            found = f"{subject}a link that leads outside its folder"
            raise _error(place, asked_path, found, "a file in the folder", "name the file itself")
        # Without O_NONBLOCK, opening a named pipe would wait for a writer for ever.
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
        try:
            status = os.fstat(handle)
            kind = next((name for is_kind, name in KINDS_OF_PLACES if is_kind(status.st_mode)), None)
            content = None if kind or status.st_size > MOST_BYTES else _read(handle)
        finally:
            os.close(handle)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        found = f"cannot be read ({reason})" if not asked_at else f"{name} cannot be read ({reason})"
        raise _error(place, asked_path, found, "a readable file", "check the name and the rights") from None
    if kind:
        raise _error(place, asked_path, f"{subject}{kind}", "a regular file", "name a file")
    if content is None or len(content) > MOST_BYTES:
        found = f"{subject}larger than {MOST_BYTES >> 10} KiB"
        raise _error(place, asked_path, found, "a scenario file is smaller than this", "shorten it")
    return content


def _is_dangling(path: Path) -> bool:
    return path.is_symlink() and not os.path.exists(path)


def _leads_out(path: Path) -> bool:
    """Whether the path is a link to something outside its folder."""
    return path.is_symlink() and not Path(os.path.realpath(path)).is_relative_to(
        os.path.realpath(path.parent)
    )


def _read(handle: int) -> bytes:
    """At most one byte more than is allowed, whatever size the file pretends to have."""
    content = b""
    while len(content) <= MOST_BYTES and (piece := os.read(handle, MOST_BYTES + 1 - len(content))):
        content += piece
    return content


def file_beside(file: Path, named: Node, path: str) -> str:
    """What a design means by a name: a file beside the scenario's own, else what `found_by_name` finds.

    Raises
    ------
    ScenarioError
        If there is no such file and no such name.
    """
    name = str(named.value)
    if (file.parent / name).is_file():
        return str(file.parent / name)
    try:
        found_by_name(name)
    except ScenarioError:
        known = [item.name for item in file.parent.glob("*.y*ml")]
        allowed = "a file beside this one, or the name of a shipped scenario"
        suggestion = _meant(name, [*sorted(known), *library_files(), *shipped_files()])
        raise _error(named.place, path, f"no file or scenario {shown(name)}", allowed, suggestion) from None
    return name


def parent_of(file: Path, extends: Node) -> Path:
    """The file that an ``extends`` names.

    Raises
    ------
    ScenarioError
        If it is not a plain relative path, leads outside the file's folder, or is not there.
    """
    allowed = "a file beside this one, or the name of a shipped scenario"
    name = _plain_name(extends, "extends", allowed)
    folder = file.parent
    for candidate in (name, *(f"{name}{suffix}" for suffix in _SUFFIXES)):
        try:
            os.lstat(folder / candidate)
        except (OSError, ValueError):
            continue
        if (folder / candidate).is_dir() and candidate == name:
            continue
        return _inside(folder, candidate, extends, "extends", name)
    shipped = {**library_files(), **shipped_files()}
    if name in shipped:
        return shipped[name]
    known = [*sorted(item.stem for item in folder.glob("*.y*ml")), *shipped]
    raise _error(extends.place, "extends", f"no file or scenario {shown(name)}", allowed, _meant(name, known))


def file_in_folder(file: Path, named: Node, key: str) -> Path:
    """The file in the scenario's own folder tree that one of its keys names.

    Raises
    ------
    ScenarioError
        If it is not a plain relative path, leads outside the folder, or is not there.
    """
    allowed = "a file beside this one"
    name = _plain_name(named, key, allowed)
    if not os.path.lexists(file.parent / name):
        from difflib import get_close_matches

        known = sorted(item.name for item in file.parent.glob(f"*{Path(name).suffix}"))
        near = get_close_matches(name, known, n=1, cutoff=0.6)
        suggestion = f"did you mean {near[0]}?" if near else "check the name"
        raise _error(named.place, key, f"no file {shown(name)}", allowed, suggestion)
    return _inside(file.parent, name, named, key, name)


def _plain_name(named: Node, key: str, allowed: str) -> str:
    """The text of a node, if it is a relative path that stays in its folder."""
    name = named.value
    if not isinstance(name, str) or not name:
        raise _error(named.place, key, shown(named.plain()), allowed, "write one name as text")
    if "://" in name:
        raise _error(named.place, key, f"an address, {shown(name)}", allowed, "save the file beside this one")
    pieces = name.split("/")
    if name.startswith(("/", "~")) or "\\" in name or ":" in name or ".." in pieces or not name.isprintable():
        found = f"a path outside the folder, {shown(name)}"
        raise _error(named.place, key, found, allowed, "move the file beside this one")
    return name


def _inside(folder: Path, candidate: str, named: Node, key: str, name: str) -> Path:
    """A file in a folder, unless it is a link that leads out of it."""
    outside = not Path(os.path.realpath(folder / candidate)).is_relative_to(os.path.realpath(folder))
    if outside and not _is_dangling(folder / candidate):
        allowed = "a file beside this one"
        if key == "extends":
            allowed += ", or the name of a shipped scenario"
        found = f"{shown(name)} is a link that leads outside the folder"
        raise _error(named.place, key, found, allowed, "copy the file here")
    return folder / candidate
