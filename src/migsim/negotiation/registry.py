"""The protocols by name. Adding one is a file beside this one and a line below."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from migsim.negotiation import compromise, no_objection
from migsim.negotiation.text import Rules, Table, Text

__all__ = ["PROTOCOLS", "Protocol", "protocol"]

type Protocol = Callable[[Table, Rules], Text]

PROTOCOLS: Final[dict[str, Protocol]] = {
    "no_objection": no_objection.negotiate,
    "compromise": compromise.negotiate,
}


def protocol(name: str) -> Protocol:
    """The protocol of that name; scenario files are checked against the same names."""
    return PROTOCOLS[name]
