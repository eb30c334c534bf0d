"""From a template to a file: a page that needs nothing beside it, and is never put over another's file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from migsim.ensemble.folders import on_disk
from migsim.ensemble.store import write_text
from migsim.errors import InputError

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["BRIEF", "REPORT", "refuse_taken", "render", "write_page"]

REPORT: Final = "migsim report"
BRIEF: Final = "migsim brief"
HEAD: Final = 400
"""Bytes at the beginning of a file in which it says what it is."""
MARKED: Final = r"[\\`*_{}\[\]<>#|]"
"""What means something in Markdown wherever it stands."""


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    made = Environment(
        loader=FunctionLoader(_template),
        autoescape=lambda name: name is not None and name.endswith(".html"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters |= {"md": _for_markdown, "nb": _unbroken, "path": _breakable}
    return made


def _template(name: str) -> str:
    return files("migsim.report").joinpath("templates", name).read_text(encoding="utf-8")


def _for_markdown(text: object) -> str:
    """A stranger's text on one line, in which Markdown and HTML read nothing but text."""
    line = " ".join(str(text).split()).replace("&", "&amp;")
    return re.sub(MARKED, lambda found: {"<": "&lt;", ">": "&gt;"}.get(found[0], f"\\{found[0]}"), line)


def _unbroken(text: str) -> str:
    """A text in which no line ends before a percent sign, or within the name of an interval."""
    return text.replace(" %", "\u00a0%").replace("5–95", "5–\u206095")


def _breakable(path: str) -> Any:
    """A path in which a line may end after each dot, as HTML."""
    from markupsafe import Markup, escape

    return Markup("<wbr>").join(escape(part) for part in re.split(r"(?<=\.)", path))


def render(template: str, values: Mapping[str, Any]) -> str:
    """A page from a template; in HTML every value is escaped unless it says that it is HTML already."""
    return _environment().get_template(template).render(values)


def refuse_taken(path: Path, kind: str, *, force: bool) -> None:
    """Refuse to write a page where something else is.

    Parameters
    ----------
    path
        Where the page is to go.
    kind
        What an earlier page there must say that it is, such as `REPORT`.
    force
        Whether to replace whatever file is there.

    Raises
    ------
    InputError
        If there is a folder, or a file that is no such page.
    """
    if path.is_dir():
        raise InputError(f"{path}: is a folder; name a file with --out")
    if force or not path.exists():
        return
    with on_disk(path), path.open("rb") as file:
        head = file.read(HEAD)
    if kind.encode() not in head:
        said = f"{path}: is there already and is no page that `{kind}` wrote"
        raise InputError(f"{said}; choose another file with --out, or replace it with --force")


def write_page(path: Path, text: str) -> Path:
    """Write a page, whole or not at all; folders that are missing are made.

    Raises
    ------
    EnvironmentProblem
        If it cannot be written.
    """
    with on_disk(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_text(path, text)
    return path
