"""From a stranger's bytes to printable text, before anything tries to understand it."""

from __future__ import annotations

import re
from typing import Final

from migsim.errors import Fault
from migsim.scenario.tree import Place, fault_at

__all__ = ["MOST_BYTES", "Unreadable", "sound_text"]

MOST_BYTES: Final = 512 << 10
_UNPRINTABLE: Final = "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
_UNPRINTABLE_ASCII: Final = "[^\t\n\r\x20-\x7e]"


class Unreadable(Exception):
    """The text cannot be read any further."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault = fault


def sound_text(source: bytes | str, file: str) -> str:
    """The text of a file (or of an option, which is text already).

    Raises
    ------
    Unreadable
        If it is not UTF-8, holds control characters, or gives orders to the YAML parser.
    """
    text = source if isinstance(source, str) else _decoded(source, file)
    _refuse_unprintable(text, file)
    _refuse_directives(text, file)
    return text


def _decoded(source: bytes, file: str) -> str:
    try:
        return source.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = source[: error.start]
        place = Place(file, before.count(b"\n") + 1, error.start - before.rfind(b"\n"))
        found = f"byte {source[error.start]:#04x} is not UTF-8"
        raise Unreadable(
            fault_at(place, "", found, "scenario files are UTF-8 text", "save it as UTF-8")
        ) from None


def _refuse_unprintable(text: str, file: str) -> None:
    # Compiling the wide class takes longer than the search; most files do not need it.
    pattern = _UNPRINTABLE_ASCII if text.isascii() else _UNPRINTABLE
    if match := re.search(pattern, text):
        before = text[: match.start()]
        place = Place(file, before.count("\n") + 1, match.start() - before.rfind("\n"))
        found = f"control character U+{ord(match.group()):04X}"
        raise Unreadable(fault_at(place, "", found, "scenario files hold printable text", "delete it"))


def _refuse_directives(text: str, file: str) -> None:
    for number, line in enumerate(text.splitlines(), start=1):
        if line.startswith("%"):
            place = Place(file, number, 1)
            raise Unreadable(fault_at(place, "", "a directive", "directives are refused", "delete the line"))
        if line.strip() and not line.lstrip().startswith("#"):
            return
