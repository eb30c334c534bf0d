"""Ctrl-C that is heard: not lost in a library, and not in the middle of what must not be left half done.

Libraries written in C may forget an interruption that strikes while they run, and a process that is only
half started cannot be ended.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import Final

__all__ = ["heed", "heeding", "held", "hush", "mortal"]


@dataclass
class _Heard:
    """What this process has heard, which has one keyboard: ``is_held`` while an interruption must wait."""

    is_asked: bool = False
    is_held: bool = False


_heard: Final = _Heard()
_ENDS: Final = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
"""By which a process is told to end."""


@contextmanager
def heeding() -> Iterator[None]:
    """Note an interruption within the block, so that `heed`, or the block's end, raises it if it got lost.

    Nothing changes in threads, and where somebody else listens to Ctrl-C.
    """
    if not _is_main() or signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield
        return
    _heard.is_asked = _heard.is_held = False
    try:
        signal.signal(signal.SIGINT, _note)
        yield
    except BaseException:
        _heard.is_asked = False
        raise
    finally:
        _heard.is_held = True  # nothing is raised between here and the other handler
        if signal.getsignal(signal.SIGINT) is _note:  # who has taken over within the block keeps it
            signal.signal(signal.SIGINT, signal.default_int_handler)
        _heard.is_held = False
    heed()


def heed() -> None:
    """Raise an interruption that was asked for and got lost, unless it must wait."""
    if _heard.is_asked and not _heard.is_held and _is_main():
        _heard.is_asked = False
        raise KeyboardInterrupt


@contextmanager
def held() -> Iterator[None]:
    """Let an interruption wait until the block ends; in threads, which hear none, nothing changes."""
    if not _is_main():
        yield
        return
    with heeding():
        before, _heard.is_held = _heard.is_held, True
        try:
            yield
        finally:
            _heard.is_held = before
        heed()


@contextmanager
def mortal() -> Iterator[None]:
    """Within the block to be told to end, by a batch system or a terminal that closes, is to be interrupted.

    For a process of our own: who uses migsim as a library ends as before.
    """
    ends = [each for each in _ENDS if _is_main() and signal.getsignal(each) is signal.SIG_DFL]
    try:
        for each in ends:
            signal.signal(each, _note)
        yield
    finally:
        for each in ends:
            signal.signal(each, signal.SIG_DFL)
        _heard.is_asked = _heard.is_held = False


def hush() -> None:
    """Hear no further interruption until the outermost block ends: this one is being told."""
    if _is_main():
        _heard.is_held = True


def _is_main() -> bool:
    return threading.current_thread() is threading.main_thread()


def _note(_number: int, _frame: FrameType | None) -> None:
    _heard.is_asked = True
    if not _heard.is_held:
        raise KeyboardInterrupt
